"""A plain picture of a person, made from her name."""

from html import escape

from aiohttp import web

from bot.sandbox.errors import refusal
from bot.sandbox.world import WORLD

_COLOURS = ("2e7d6b", "3b6ea8", "8a5a9e", "a8613b", "5a7a2e", "9e3b5a")


def routes() -> list[web.RouteDef]:
    """Return the pictures' route."""
    return [web.get("/cdn/avatars/{user}/avatar.svg", _avatar)]


async def _avatar(request: web.Request) -> web.Response:
    user = request.app[WORLD].person(request.match_info["user"])
    if user is None:
        raise refusal(10013)
    words = [each for each in user.display_name.split() if not each.endswith(".")]
    initials = escape("".join(each[0] for each in words[:2]).upper())
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80">'
        f'<rect width="80" height="80" fill="#{_COLOURS[user.id % len(_COLOURS)]}"/>'
        '<text x="40" y="51" text-anchor="middle" font-family="sans-serif" font-size="32" fill="#fff">'
        f"{initials}</text></svg>"
    )
    return web.Response(text=picture, content_type="image/svg+xml")
