"""``/ranklist``: her order of programs, what to look at before it is certified, and the matching algorithm at work."""

from bot.client import MatchdayClient
from cogs.ranklist import _board, _certify, _check, _criteria, _explain, _export, _program, _supplemental, _walk, _ways
from cogs.ranklist._cog import RankLists

ITEMS = (
    *_ways.ITEMS,
    *_explain.ITEMS,
    *_walk.ITEMS,
    *_board.ITEMS,
    *_export.ITEMS,
    *_program.ITEMS,
    *_supplemental.ITEMS,
    *_criteria.ITEMS,
    *_certify.ITEMS,
    *_check.ITEMS,
)


async def setup(client: MatchdayClient) -> None:
    """Add the commands and the items of their cards."""
    client.add_dynamic_items(*ITEMS)
    await client.add_cog(RankLists())
