"""What a server is called where it is spoken of elsewhere."""

import discord

from cogs._ui.cards import plain, shortened

MAX_NAME = 60
SOME_SERVER = "the server where you set it"


def server_name(client: discord.Client, guild_id: int | None) -> str:
    """Return the name of a server, harmless; a description where the bot is in it no more, or there is none."""
    guild = client.get_guild(guild_id) if guild_id is not None else None
    return plain(shortened(" ".join(guild.name.split()), MAX_NAME)) if guild is not None else SOME_SERVER
