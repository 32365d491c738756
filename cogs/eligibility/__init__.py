"""``/eligibility``: the rules of the Match, checked with a member's answers, explained, saved if she wishes."""

from bot.client import MatchdayClient
from cogs.eligibility import _ask, _explain, _plan, _result, _saved, _saving
from cogs.eligibility._cog import Eligibility

ITEMS = (*_result.ITEMS, *_ask.ITEMS, *_saving.ITEMS, *_plan.ITEMS, *_explain.ITEMS, *_saved.ITEMS)


async def setup(client: MatchdayClient) -> None:
    """Add the commands and the items of their cards."""
    client.add_dynamic_items(*ITEMS)
    await client.add_cog(Eligibility(client.services))
