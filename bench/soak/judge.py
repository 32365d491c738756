"""What was promised, and whether it was kept: pure functions over what the day showed."""

import re
from collections import Counter
from dataclasses import dataclass

from bench.numbers import Point, percentile, rise
from bench.soak.plan import DEADLINE, FIRST_WAVE, MATCH, NOTICE, OWN, PACE, Expected
from bench.soak.watch import Asked, Seen

ACKNOWLEDGED_MILLISECONDS = 3_000
USUAL_MILLISECONDS = 500
FLAT_SHARE = 0.05
"""By how much of what was held after the warm-up the memory may rise until the end, along the line nearest to all samples."""
OWN_USUAL_SECONDS, OWN_MOST_SECONDS = 5.0, 30.0
WAVE_SLACK, WAVE_GRACE_SECONDS = 1.25, 10.0
"""How much longer than the pace allows a wave may take: faults strike while it goes out."""
_NUMBER = re.compile(r"\d+")
_LINE = re.compile(r"^\S+ \S+ (DEBUG|INFO|WARNING|ERROR|CRITICAL)\s+(\S+)  (.*)$")


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise."""

    what: str
    allowed: str
    found: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message that was to come, and when it came, in seconds after it was due."""

    expected: Expected
    real: float | None
    """None where it did not come."""
    product: float | None = None
    """The same on the clock that is moved."""
    times: int = 0


def arrivals(expected: list[Expected], seen: Seen) -> list[Arrival]:
    """Return what became of each message that was to come."""
    found: list[Arrival] = []
    for each in expected:
        came = sorted(seen.arrived.get((each.channel_id, each.mark), ()))
        if not came:
            found.append(Arrival(each, None))
            continue
        product = (seen.timeline.product_at(came[0]) - each.due).total_seconds()
        found.append(Arrival(each, came[0] - seen.timeline.real_at(each.due), product, len(came)))
    return found


def warm(seen: Seen) -> list[Point]:
    """Return the samples of memory after the warm-up, which ends with the first wave: by then each member was served once."""
    ends = next((ends for name, _, ends in seen.phases if name == FIRST_WAVE), 0.0)
    return [each for each in seen.memory if each[0] >= ends]


def judge(came: list[Arrival], closed_channels: dict[int, int], seen: Seen) -> list[Promise]:
    """Return every promise; ``closed_channels`` is the member behind each channel that takes no messages."""
    return [_memory(seen), *_acknowledged(seen.asked), *_complete(came, closed_channels, seen), *_in_time(came), *_well(seen)]


def _memory(seen: Seen) -> Promise:
    points = warm(seen)
    grown, held = rise(points), points[0][1] if points else 0.0
    found = f"{grown:+.1f} MiB along the line, from {held:.0f} MiB to {points[-1][1]:.0f} MiB" if points else "not measured"
    allowed = f"rises by at most {FLAT_SHARE:.0%} after the warm-up"
    return Promise("memory is flat", allowed, found, bool(points) and grown <= FLAT_SHARE * held)


def _acknowledged(asked: list[Asked]) -> list[Promise]:
    in_time = [each.milliseconds for each in asked if each.milliseconds is not None]
    late = len(asked) - sum(each <= ACKNOWLEDGED_MILLISECONDS for each in in_time)
    usual = percentile(in_time, 99) if in_time else 0.0
    return [
        Promise("every interaction is acknowledged within 3 s", "none later", f"{late} of {len(asked):,}", bool(asked) and late == 0),
        Promise("99 of 100 interactions are acknowledged within 500 ms", "p99 < 500 ms", f"{usual:.0f} ms", 0 < usual < USUAL_MILLISECONDS),
    ]


def _complete(came: list[Arrival], closed_channels: dict[int, int], seen: Seen) -> list[Promise]:
    missing = [each.expected for each in came if each.real is None]
    inboxes = [each for each in missing if closed_channels.get(each.channel_id) in seen.parked_of]
    lost = len(missing) - len(inboxes)
    doubled = sum(max(0, each.times - 1) for each in came)
    return [
        Promise("nothing is lost", "0", f"{lost} of {len(came):,}; {len(inboxes)} wait in the inboxes of closed messages", lost == 0),
        Promise("nothing comes twice", "0", f"{doubled}", doubled == 0),
        Promise("nothing is left open", "0", f"{sum(seen.unsettled.values())}", not seen.unsettled),
    ]


def _in_time(came: list[Arrival]) -> list[Promise]:
    found: list[Promise] = []
    own = lateness(came, OWN)
    if own:
        usual, most = percentile(own, 99), max(own)
        found.append(
            Promise(
                "reminders through the day are in time",
                f"99 of 100 within {OWN_USUAL_SECONDS:g} s, all within {OWN_MOST_SECONDS:g} s",
                f"p99 {usual:.1f} s, latest {most:.1f} s",
                usual <= OWN_USUAL_SECONDS and most <= OWN_MOST_SECONDS,
            )
        )
    waves = ((DEADLINE, "the hour before the deadline"), (MATCH, "noon of Match Day"), (NOTICE, "the notices of Match Day"))
    for wave, name in waves:
        late = lateness(came, wave)
        if not late:
            continue
        allowed = allowed_seconds(len(late))
        text = f"the last of {len(late):,} within {allowed:.0f} s ({len(late) / PACE:.0f} s at {PACE:g} a second)"
        found.append(Promise(f"{name}: in time", text, f"{max(late):.1f} s", max(late) <= allowed))
    return found


def lateness(came: list[Arrival], wave: str) -> list[float]:
    """Return the real seconds after which the messages of a wave came."""
    return [each.real for each in came if each.expected.wave == wave and each.real is not None]


def allowed_seconds(number: int) -> float:
    """Return how long a wave of so many messages may take: what the pace allows, some more for faults, and a grace."""
    return number / PACE * WAVE_SLACK + WAVE_GRACE_SECONDS


def _well(seen: Seen) -> list[Promise]:
    errors = sum(number for (level, _), number in kinds(seen.lines).items() if level in ("ERROR", "CRITICAL"))
    return [
        Promise("no error in the log", "0", f"{errors}", errors == 0),
        Promise("it ends in order", "code 0", f"code {seen.exit_code}", seen.exit_code == 0),
    ]


def kinds(lines: list[str]) -> Counter[tuple[str, str]]:
    """Return how often which kind of line was logged: its level, and where it came from with its words, numbers left out."""
    found: Counter[tuple[str, str]] = Counter()
    for line in lines:
        match = _LINE.match(line)
        if match:
            level, origin, words = match.groups()
            found[level, _NUMBER.sub("…", f"{origin}: {words}")[:140]] += 1
    return found
