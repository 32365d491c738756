"""What came of a scenario: counted from what the sandbox kept, beside what the bot's database says."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MARK = re.compile(r"Reminder: for (\d+)")
"""What each reminder says: whom it is for."""
SHOWN = 5
OPEN = ("pending", "claimed")
Json = dict[str, Any]


@dataclass(slots=True)
class Found:
    """Hold one scenario's outcome."""

    name: str
    count: int
    sent: int = 0
    """How many members got theirs."""
    parked: int = 0
    """For how many it waits in the inbox."""
    lost: int = 0
    doubled: int = 0
    refusals: int = 0
    """How often Discord answered 429."""
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list[str])
    skipped: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost or doubled, and nothing else was wrong."""
        return not (self.lost or self.doubled or self.problems)


@dataclass(frozen=True, slots=True)
class Row:
    """Hold what the database says of one reminder's delivery."""

    member_id: int
    state: str
    message_id: int | None
    reason: str


def rows_of(path: Path) -> list[Row]:
    """Return every delivery of a reminder."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as connection:
        found = connection.execute("SELECT member_id, state, message_id, reason FROM delivery WHERE source = 'reminder'").fetchall()
    return [Row(*each) for each in found]


def received(messages: Iterable[Json]) -> dict[int, list[Json]]:
    """Return the messages by the member whom their text is for."""
    found: dict[int, list[Json]] = {}
    for message in messages:
        match = MARK.search(message["content"])
        if match:
            found.setdefault(int(match[1]), []).append(message)
    return found


def count(found: Found, people: list[int], closed: set[int], messages: list[Json], rows: list[Row]) -> None:
    """Count, and note where the database and the sandbox's record do not say the same."""
    arrived = received(messages)
    parked = {row.member_id for row in rows if row.state == "parked"}
    found.sent, found.parked = len(arrived), len(parked)
    found.lost = len(set(people) - arrived.keys() - parked)
    # What arrived and waits in the inbox too reaches her twice.
    found.doubled = sum(len(each) - 1 for each in arrived.values()) + len(arrived.keys() & parked)
    _note(found, "got theirs more than once", [_times(who, each) for who, each in arrived.items() if len(each) > 1])
    states = Counter(row.state for row in rows)
    _note(found, "rows are neither sent nor parked", [f"{state}: {number}" for state, number in states.items() if state in OPEN])
    _note(found, "have more or fewer than one row", [who for who, rows_ in _by_member(rows, people).items() if rows_ != 1])
    _note(found, "are parked though their messages are open", sorted(parked - closed))
    _note(found, "got theirs in another's channel", [each["id"] for each in messages if _is_astray(each)])
    marked = {row.member_id: row.message_id for row in rows if row.state == "sent"}
    theirs = {who: {int(message["id"]) for message in each} for who, each in arrived.items()}
    _note(
        found, "are marked sent with a message that is not theirs", [who for who, id_ in marked.items() if id_ not in theirs.get(who, ())]
    )


def _times(who: int, messages: list[Json]) -> str:
    return f"{who} at {' and '.join(message['created_at'][11:23] for message in messages)}"


def _by_member(rows: list[Row], people: list[int]) -> Counter[int]:
    numbers = Counter(dict.fromkeys(people, 0))
    numbers.update(row.member_id for row in rows)
    return numbers


def _is_astray(message: Json) -> bool:
    match = MARK.search(message["content"])
    return match is not None and message["recipient_id"] != match[1]


def _note(found: Found, what: str, which: list[Any]) -> None:
    if which:
        shown = ", ".join(str(each) for each in which[:SHOWN])
        found.problems.append(f"{len(which)} {what}: {shown}{' …' if len(which) > SHOWN else ''}")
