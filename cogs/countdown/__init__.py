"""``/countdown``: the next dates, or one in full, with reminders."""

from bot.client import MatchdayClient
from cogs.countdown._cog import Countdown
from cogs.countdown._views import ITEMS


async def setup(client: MatchdayClient) -> None:
    """Add the command and the items of its cards."""
    client.add_dynamic_items(*ITEMS)
    await client.add_cog(Countdown(client.services))
