"""``/letters``: letters of recommendation, from the first thought to the program they are assigned to."""

from bot.client import MatchdayClient
from cogs.letters import _board, _draft, _followups, _forms, _import, _kept, _letter, _packet, _plan, _programs, _rotations, _target, _ways
from cogs.letters._cog import Letters

ITEMS = (
    *_ways.ITEMS,
    *_kept.ITEMS,
    *_board.ITEMS,
    *_forms.ITEMS,
    *_letter.ITEMS,
    *_programs.ITEMS,
    *_target.ITEMS,
    *_import.ITEMS,
    *_plan.ITEMS,
    *_followups.ITEMS,
    *_packet.ITEMS,
    *_draft.ITEMS,
    *_rotations.ITEMS,
)


async def setup(client: MatchdayClient) -> None:
    """Add the commands and the items of their cards."""
    client.add_dynamic_items(*ITEMS)
    await client.add_cog(Letters(client.services))
