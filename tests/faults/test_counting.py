"""The counting itself: what is lost, what came twice, and where the database says something else than the sandbox's record."""

from typing import Any

import pytest

from tests.faults.__main__ import _parser
from tests.faults.counting import Found, Row, count
from tests.faults.table import table

AMIRA, PRIYA, CHEN = 1, 2, 3


def message(number: int, member_id: int, to: int | None = None) -> dict[str, Any]:
    recipient = str(member_id if to is None else to)
    return {
        "id": str(number),
        "recipient_id": recipient,
        "content": f"Reminder: for {member_id}",
        "created_at": "2026-11-22T13:00:00.123456",
    }


def counted(messages: list[dict[str, Any]], rows: list[Row], closed: frozenset[int] = frozenset()) -> Found:
    found = Found("a-fault", 3)
    count(found, [AMIRA, PRIYA, CHEN], set(closed), messages, rows)
    return found


def sent(member_id: int, number: int) -> Row:
    return Row(member_id, "sent", number, "")


ALL_MESSAGES = [message(10, AMIRA), message(11, PRIYA), message(12, CHEN)]
ALL_SENT = [sent(AMIRA, 10), sent(PRIYA, 11), sent(CHEN, 12)]


def test_all_there() -> None:
    found = counted(ALL_MESSAGES, ALL_SENT)
    assert (found.sent, found.parked, found.lost, found.doubled, found.problems) == (3, 0, 0, 0, [])
    assert found.is_clean


def test_what_waits_in_the_inbox_is_not_lost() -> None:
    found = counted(ALL_MESSAGES[:2], [*ALL_SENT[:2], Row(CHEN, "parked", None, "closed")], frozenset({CHEN}))
    assert (found.sent, found.parked, found.lost) == (2, 1, 0)
    assert found.is_clean


@pytest.mark.parametrize(
    ("messages", "rows", "lost", "doubled", "problem"),
    [
        (ALL_MESSAGES[:2], ALL_SENT, 1, 0, "a message that is not theirs: 3"),
        (ALL_MESSAGES[:2], ALL_SENT[:2], 1, 0, "more or fewer than one row: 3"),
        (ALL_MESSAGES[:2], [*ALL_SENT[:2], Row(CHEN, "claimed", None, "")], 1, 0, "neither sent nor parked: claimed: 1"),
        ([*ALL_MESSAGES, message(13, CHEN)], ALL_SENT, 0, 1, "more than once: 3 at 13:00:00.123 and 13:00:00.123"),
        (ALL_MESSAGES, [*ALL_SENT[:2], Row(CHEN, "parked", None, "many tries")], 0, 1, "though their messages are open: 3"),
        ([*ALL_MESSAGES[:2], message(12, CHEN, to=AMIRA)], ALL_SENT, 0, 0, "in another's channel: 12"),
    ],
)
def test_what_is_wrong_is_seen(messages: list[dict[str, Any]], rows: list[Row], lost: int, doubled: int, problem: str) -> None:
    found = counted(messages, rows)
    assert (found.lost, found.doubled) == (lost, doubled)
    assert any(problem in each for each in found.problems), found.problems
    assert not found.is_clean
    assert problem in table([found])


def test_a_skipped_scenario_says_why() -> None:
    assert "| a-fault (not done here: no disk) | 3 |" in table([Found("a-fault", 3, skipped="no disk")])


def test_a_whole_run_has_its_numbers() -> None:
    given = _parser().parse_args([])
    assert (given.count, given.kills, given.outage, given.seed) == ((500, 2_000), 50, 40.0, None)
