"""Time zones: which exist, when their clocks change, and what a wall time means there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+)*")
_LONGEST_NAME = 64
# "right/" zones count leap seconds and the others are files of the host, not zones that people name.
_NOT_ZONES = ("posix/", "right/", "posixrules", "localtime", "Factory")
# No zone changed its clocks twice within a week; Morocco's pause for Ramadan, the shortest, lasts a month.
_STEP = timedelta(days=7)
_ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class OffsetChange:
    """Say when a zone's clocks change, and from which offset to which (east of UTC is positive)."""

    zone: str
    at: datetime
    """The instant, aware, in UTC."""
    before: timedelta
    after: timedelta


class WallKind(StrEnum):
    """How a wall time lies on the time line."""

    EXACT = "exact"
    GAP = "gap"
    """The clocks jump over it: it never happens."""
    FOLD = "fold"
    """The clocks are set back: it happens twice."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """Hold the instant that a wall time means, in UTC, and whether that needs saying."""

    instant: datetime
    kind: WallKind


@lru_cache(maxsize=1024)
def zone_or_none(name: str) -> ZoneInfo | None:
    """Return the zone of an IANA name, or None where there is none; any text is safe."""
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name) or name.startswith(_NOT_ZONES):
        return None
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # a folder ("America"), a file that is no zone, no such name
        return None


def wall_time(instant: datetime, zone: str) -> datetime:
    """Return what a clock on the wall shows in ``zone`` at ``instant``, naive."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def offset_changes(zone: str, start: datetime, end: datetime) -> OffsetChange | None:
    """Return the next change of the zone's offset after ``start`` and not after ``end``, or None."""
    hour = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    found = _next_change(zone, hour, end.astimezone(UTC))
    if found is not None and found.at <= start:  # it lies between the full hour and ``start``
        return _next_change(zone, start.astimezone(UTC), end.astimezone(UTC))
    return found


@lru_cache(maxsize=4096)  # asked again and again for the same few zones and deadlines
def _next_change(zone: str, start: datetime, end: datetime) -> OffsetChange | None:
    info = ZoneInfo(zone)
    left = start
    before = _offset(left, info)
    while left < end:
        right = min(left + _STEP, end)
        if _offset(right, info) != before:
            at = _first_with_other_offset(left, right, before, info)
            return OffsetChange(zone, at, before, _offset(at, info))
        left = right
    return None


def warning_between(zones: Iterable[str], start: datetime, end: datetime) -> tuple[OffsetChange, ...]:
    """Return the next change of each zone between two instants, soonest first; each zone once."""
    changes = (offset_changes(zone, start, end) for zone in dict.fromkeys(zones))
    return tuple(sorted((change for change in changes if change is not None), key=lambda change: change.at))


def resolve(local: datetime, zone: str) -> Resolved:
    """Return the instant of a naive wall time: in a gap the first valid one after it, in a fold the earlier one."""
    info = ZoneInfo(zone)
    first = local.replace(tzinfo=info, fold=0)
    second = local.replace(tzinfo=info, fold=1)
    if first.utcoffset() == second.utcoffset():
        return Resolved(first.astimezone(UTC), WallKind.EXACT)
    instant = first.astimezone(UTC)
    if instant.astimezone(info).replace(tzinfo=None, fold=0) == local.replace(fold=0):
        return Resolved(instant, WallKind.FOLD)
    # In a gap the earlier reading (fold=1) lies before the change and the later one (fold=0) after it.
    earlier = second.astimezone(UTC)
    change = _first_with_other_offset(earlier, instant, _offset(earlier, info), info)
    return Resolved(change, WallKind.GAP)


def _offset(instant: datetime, info: ZoneInfo) -> timedelta:
    return instant.astimezone(info).utcoffset() or timedelta(0)


def _first_with_other_offset(left: datetime, right: datetime, before: timedelta, info: ZoneInfo) -> datetime:
    """Bisect to the second: at ``left`` the offset is ``before``, at ``right`` it is not."""
    while right - left > _ONE_SECOND:
        middle = (left + (right - left) / 2).replace(microsecond=0)
        if middle <= left:
            break
        if _offset(middle, info) == before:
            left = middle
        else:
            right = middle
    return right.replace(microsecond=0)
