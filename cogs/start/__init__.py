"""``/start``: the few settings that everything else uses."""

from bot.client import MatchdayClient
from cogs.start._cog import Start
from cogs.start._views import ITEMS


async def setup(client: MatchdayClient) -> None:
    """Add the command and the items of its cards."""
    client.add_dynamic_items(*ITEMS)
    await client.add_cog(Start(client.services))
