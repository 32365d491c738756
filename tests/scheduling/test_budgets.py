"""What keeps the bot far from Discord's limits on opening conversations and on refused requests."""

import pytest

from bot.scheduling.invalid_requests import InvalidRequests
from bot.scheduling.openings import STOP_SECONDS, Openings


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def test_so_many_conversations_a_minute_are_opened_and_no_more() -> None:
    hand = Hand()
    openings = Openings(3, hand)
    waits = []
    for _ in range(4):
        waits.append(openings.wait())
        hand.at += 10
    assert waits == [0.0, 0.0, 0.0, 30.0]
    hand.at += 20
    assert openings.wait() == 0.0
    assert openings.wait() > 0


def test_a_stop_lasts_an_hour_for_all() -> None:
    hand = Hand()
    openings = Openings(30, hand)
    openings.stop()
    assert (openings.is_stopped, openings.wait()) == (True, STOP_SECONDS)
    hand.at += STOP_SECONDS - 1
    assert openings.wait() == 1.0
    hand.at += 1
    assert (openings.is_stopped, openings.wait()) == (False, 0.0)


@pytest.mark.parametrize(
    ("status", "scope", "counted"),
    [(401, None, 1), (403, None, 1), (429, "user", 1), (429, "shared", 0), (404, None, 0), (500, None, 0), (200, None, 0)],
)
def test_what_discord_counts_is_counted(status: int, scope: str | None, counted: int) -> None:
    invalid = InvalidRequests()
    invalid.note(status, scope)
    assert invalid.count() == counted


def test_near_a_ban_bulk_waits_until_enough_have_aged() -> None:
    hand = Hand()
    invalid = InvalidRequests(3, hand)
    for _ in range(2):
        invalid.note(403)
        hand.at += 60
    assert invalid.wait() == 0.0
    invalid.note(429)
    assert invalid.wait() == 600 - 120
    hand.at += 480
    assert invalid.count() == 2
    assert invalid.wait() == 0.0
