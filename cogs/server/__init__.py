"""``/server``: what managers set up; now the countdown of a channel."""

from bot.client import MatchdayClient
from cogs.server._cog import Server
from cogs.server._live import ITEMS


async def setup(client: MatchdayClient) -> None:
    """Add the command and the items of its cards."""
    client.add_dynamic_items(*ITEMS)
    await client.add_cog(Server(client, client.services))
