"""What stood in forms that were refused: held in memory for an hour, so that nothing has to be typed twice."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock

KEPT = timedelta(hours=1)
MOST = 200
"""Forms that are held, the newest."""


@dataclass(frozen=True, slots=True)
class _Held:
    form: str
    values: Mapping[str, str]
    at: datetime


class HeldForms:
    """Hold the last refused form of each member."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: OrderedDict[int, _Held] = OrderedDict()

    def keep(self, member_id: int, form: str, values: Mapping[str, str]) -> None:
        """Hold what she typed into a form."""
        self._held.pop(member_id, None)
        self._held[member_id] = _Held(form, values, self._clock.now())
        while len(self._held) > MOST:
            self._held.popitem(last=False)

    def of(self, member_id: int, form: str) -> Mapping[str, str] | None:
        """Return what she typed into that form within the last hour, or None."""
        held = self._held.get(member_id)
        if held is None or self._clock.now() - held.at > KEPT:
            self._held.pop(member_id, None)
            return None
        return held.values if held.form == form else None

    def forget(self, member_id: int) -> None:
        """Forget what she typed."""
        self._held.pop(member_id, None)
