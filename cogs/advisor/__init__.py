"""``/advisor``: the questions of a server's members, and the entries in its advisors' channel."""

from bot.client import MatchdayClient
from cogs.advisor import _buttons, _queue, _slots, _slots_offer
from cogs.advisor._cog import Advisor
from cogs.advisor._entry import post_question as post_question


async def setup(client: MatchdayClient) -> None:
    """Add the commands and the items of cards and entries."""
    client.add_dynamic_items(*_buttons.ITEMS, *_queue.ITEMS, *_slots.ITEMS, *_slots_offer.ITEMS)
    await client.add_cog(Advisor(client.services))
