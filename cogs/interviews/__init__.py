"""``/interviews``: her own, practising for them, and what members of a server heard of invitations."""

from bot.client import MatchdayClient
from cogs.interviews import (
    _heard,
    _history,
    _home,
    _mine_after,
    _mine_forms,
    _mine_list,
    _mine_one,
    _mine_ways,
    _partner,
    _reading,
    _round,
    _ways,
)
from cogs.interviews._cog import Interviews

PARTS = (_ways, _home, _round, _history, _reading, _partner, _heard, _mine_ways, _mine_forms, _mine_list, _mine_one, _mine_after)


async def setup(client: MatchdayClient) -> None:
    """Add the commands and the items of their cards."""
    client.add_dynamic_items(*(item for part in PARTS for item in part.ITEMS))
    await client.add_cog(Interviews(client.services))
