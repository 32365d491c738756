"""What a member wants of the messages to her: which kinds, when not, and how long before a date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Self
from zoneinfo import ZoneInfo

from bot.domain.delivery import DeliveryKind
from bot.domain.zones import resolve


class MessageKind(StrEnum):
    """What a member can want or not; what belongs together is switched together."""

    SEASON_DATES = "season_dates"
    """Reminders of dates, and news that one of them moved."""
    LETTERS = "letters"
    OWN = "own"
    """Reminders of her own, and of the plan of her eligibility."""
    RULES = "rules"
    """News that a rule changed what her saved answers give."""
    ANSWERS = "answers"
    """What advisors answer to her questions."""
    SLOTS = "slots"
    """Reminders and news of slots that she booked or offers."""
    SERVER_NOTICES = "server_notices"
    """What moderators write to those who want it; off until she switches it on."""


KIND_OF: Mapping[DeliveryKind, MessageKind] = {
    DeliveryKind.SEASON_DATE: MessageKind.SEASON_DATES,
    DeliveryKind.DATE_MOVED: MessageKind.SEASON_DATES,
    DeliveryKind.LETTER: MessageKind.LETTERS,
    DeliveryKind.OWN: MessageKind.OWN,
    DeliveryKind.RULE_CHANGE: MessageKind.RULES,
    DeliveryKind.ANSWER: MessageKind.ANSWERS,
    DeliveryKind.SLOT: MessageKind.SLOTS,
    DeliveryKind.NOTICE: MessageKind.SERVER_NOTICES,
}
"""The kind of each message to a member.

The greeting has none, nor has an alarm about a notice that she wrote, nor the notice that what is stored of her expires: that one waits in
her inbox where she takes no messages.
"""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hold the hours of each day, on her clock, in which nothing is sent; from the first time up to the second, over midnight too."""

    begins: time
    ends: time

    def until(self, now: datetime, zone: str) -> datetime | None:
        """Return when the quiet hours end that ``now`` lies in, aware, in UTC; None outside of them."""
        local = now.astimezone(ZoneInfo(zone))
        for day in (local.date() - timedelta(days=1), local.date()):
            begins, ends = self._of(day, zone)
            if begins <= now < ends:
                return ends
        return None

    def _of(self, day: date, zone: str) -> tuple[datetime, datetime]:
        last = day if self.ends > self.begins else day + timedelta(days=1)
        begins, ends = datetime.combine(day, self.begins), datetime.combine(last, self.ends)
        return resolve(begins, zone).instant, resolve(ends, zone).instant


@dataclass(frozen=True, slots=True)
class Preferences:
    """Hold what she chose; what she never touched is as it stands here."""

    unwanted: frozenset[MessageKind] = frozenset({MessageKind.SERVER_NOTICES})
    quiet: QuietHours | None = None
    leads: tuple[str, ...] = ()
    """Keys of the leads that she wants by default, longest first."""
    nudges: bool = False
    """Whether a channel of the server may say that something waits for her, without what."""
    paused: bool = False
    """Whether everything that falls due goes to her inbox instead."""

    def wants(self, kind: DeliveryKind) -> bool:
        """Tell whether she wants messages of a kind."""
        return KIND_OF.get(kind) not in self.unwanted

    def as_stored(self) -> dict[str, Any]:
        """Return them as they are kept: only what differs from the beginning."""
        stored = {
            "unwanted": sorted(self.unwanted),
            "quiet": [self.quiet.begins.isoformat("minutes"), self.quiet.ends.isoformat("minutes")] if self.quiet else None,
            "leads": list(self.leads),
            "nudges": self.nudges,
            "paused": self.paused,
        }
        return {} if self == Preferences() else stored

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """Return preferences as they were kept; a kind that is not known any more is left out."""
        if not stored:
            return cls()
        quiet = stored["quiet"]
        return cls(
            unwanted=frozenset(MessageKind(kind) for kind in stored["unwanted"] if kind in list(MessageKind)),
            quiet=QuietHours(time.fromisoformat(quiet[0]), time.fromisoformat(quiet[1])) if quiet else None,
            leads=tuple(stored["leads"]),
            nudges=stored["nudges"],
            paused=stored["paused"],
        )
