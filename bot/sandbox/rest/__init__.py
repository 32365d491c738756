"""The part of Discord's REST API v10 that a bot of this kind uses."""

from aiohttp import web

from bot.sandbox.rest import channels, commands, events, guilds, messages, responses, users


def rest_routes() -> list[web.RouteDef]:
    """Return every REST route."""
    return [
        *users.routes(),
        *channels.routes(),
        *messages.routes(),
        *guilds.routes(),
        *events.routes(),
        *commands.routes(),
        *responses.routes(),
    ]
