"""A notice of moderators, in the words that channels, members and the inbox show."""

from collections.abc import Mapping
from datetime import timedelta

import discord

PAUSED_FOR = timedelta(seconds=30)
"""After how long a paused notice that was under way is asked about again."""


def notice_text(said: Mapping[str, str], signed: str) -> str:
    """Return a notice as it is posted: title, text, link, and a line that says whose it is."""
    link = f"\n<{said['link']}>" if said.get("link") else ""
    return f"**{said['title']}**\n{said['text']}{link}\n{signed}"


def notice_embed(said: Mapping[str, str]) -> discord.Embed | None:
    """Return the picture of a notice, or None."""
    return discord.Embed().set_image(url=said["picture"]) if said.get("picture") else None
