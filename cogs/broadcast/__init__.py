"""``/broadcast``: notices of moderators to a channel of their server."""

from bot.client import MatchdayClient
from cogs.broadcast._cog import Broadcasts
from cogs.broadcast._views import ITEMS


async def setup(client: MatchdayClient) -> None:
    """Add the command and the items of its cards."""
    client.add_dynamic_items(*ITEMS)
    await client.add_cog(Broadcasts(client.services))
