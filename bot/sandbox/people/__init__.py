"""The people's side: what the page, and tests in its place, let somebody see and do."""

from aiohttp import web

from bot.sandbox.people import acts, avatar, stream, view


def people_routes() -> list[web.RouteDef]:
    """Return every route of the people, and their pictures."""
    return [*view.routes(), *acts.routes(), *stream.routes(), *avatar.routes()]
