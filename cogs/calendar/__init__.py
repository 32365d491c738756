"""``/calendar``: a season at a glance, as a file, and as a feed."""

from bot.client import MatchdayClient
from cogs.calendar._cog import Calendar
from cogs.calendar._feed import ITEMS as FEED_ITEMS
from cogs.calendar._views import ITEMS


async def setup(client: MatchdayClient) -> None:
    """Add the commands and the items of their cards."""
    client.add_dynamic_items(*ITEMS, *FEED_ITEMS)
    await client.add_cog(Calendar(client.services))
