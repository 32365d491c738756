"""``/faq``: answers to what is asked again and again."""

from bot.client import MatchdayClient
from cogs.faq._cog import FaqCog
from cogs.faq._views import ITEMS


async def setup(client: MatchdayClient) -> None:
    """Add the command and the items of its cards."""
    client.add_dynamic_items(*ITEMS)
    await client.add_cog(FaqCog(client.services))
