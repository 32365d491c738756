"""What members typed into forms of letters that were refused: held in memory for an hour, for the one who typed it alone."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock

KEPT = timedelta(hours=1)
MOST_KEPT = 500

Filled = Mapping[str, Sequence[str]]
"""By the label of each question what was typed, or chosen."""


@dataclass(frozen=True, slots=True)
class _Unsent:
    form: str
    filled: Filled
    at: datetime


class UnsentForms:
    """Hold the last form of each member that was refused."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: OrderedDict[int, _Unsent] = OrderedDict()

    def keep(self, member_id: int, form: str, filled: Filled) -> None:
        """Hold what stood in a form, in the place of the one before."""
        self._held.pop(member_id, None)
        self._held[member_id] = _Unsent(form, filled, self._clock.now())
        while len(self._held) > MOST_KEPT:
            self._held.popitem(last=False)

    def of(self, member_id: int, form: str) -> Filled:
        """Return what stood in that form within the last hour; empty where nothing is held."""
        held = self._held.get(member_id)
        if held is None or self._clock.now() - held.at > KEPT:
            self._held.pop(member_id, None)
            return {}
        return held.filled if held.form == form else {}

    def forget(self, member_id: int) -> None:
        """Forget it."""
        self._held.pop(member_id, None)
