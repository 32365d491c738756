"""``/ask``: a member's questions to the advisors of her server, and places in their slots."""

from bot.client import MatchdayClient
from bot.domain.delivery import DeliveryKind
from cogs._ui.pushed import OFFERS
from cogs.ask import _form, _mine, _slots
from cogs.ask._cog import Ask


async def setup(client: MatchdayClient) -> None:
    """Add the commands, the items of their cards, and what an answer offers."""
    client.add_dynamic_items(*_form.ITEMS, *_mine.ITEMS, *_slots.ITEMS)
    OFFERS[DeliveryKind.ANSWER] = _mine.answer_items
    OFFERS[DeliveryKind.SLOT] = _slots.news_items
    await client.add_cog(Ask(client))
