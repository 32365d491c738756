"""What a server is called where it is spoken of elsewhere."""

from bot.client import MatchdayClient
from cogs._ui.cards import plain, shortened

MAX_NAME = 60
SOME_SERVER = "the server where you set it"


def server_name(client: MatchdayClient, guild_id: int | None) -> str:
    """Return the name of a server, harmless; a description where the bot is in it no more, or there is none."""
    name = client.name_of(guild_id) if guild_id is not None else None
    return plain(shortened(" ".join(name.split()), MAX_NAME)) if name is not None else SOME_SERVER
