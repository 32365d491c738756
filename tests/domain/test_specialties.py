from dataclasses import replace
from datetime import date

import pytest

from bot.domain.facts import Certainty, Citation, Source
from bot.domain.specialties import Outcomes, Positions, Specialty, StateFigures, without_outcomes

CITED = Citation(Certainty.EXPECTED, (Source("a", "A", None),), date(2026, 11, 22))


def positions(us_img: int | None, non_us_img: int | None, filled: int = 100) -> Positions:
    return Positions(2026, 120, filled, None, None, us_img, non_us_img, CITED)


def outcomes(matched: int, unmatched: int) -> Outcomes:
    return Outcomes(2026, matched, unmatched, 240, 230, 5, 2, 3, 4, CITED)


@pytest.mark.parametrize(
    ("us_img", "non_us_img", "filled", "share"),
    [
        (10, 15, 100, 0.25),
        (0, 10, 100, 0.1),
        (4, 5, 100, None),  # nine people: counts only
        (1, 0, 27, None),
        (5, 4, 9, None),
        (None, 15, 100, None),
        (10, None, 100, None),
        (0, 0, 0, None),
    ],
)
def test_the_share_of_places_is_of_filled_places_and_never_of_fewer_than_ten(
    us_img: int | None, non_us_img: int | None, filled: int, share: float | None
) -> None:
    assert positions(us_img, non_us_img, filled).img_share == share


def test_both_groups_of_imgs_are_counted_together_or_not_at_all() -> None:
    assert positions(3, 4).imgs == 7
    assert positions(3, None).imgs is None
    assert positions(None, 4).imgs is None


@pytest.mark.parametrize(
    ("matched", "unmatched", "rate"),
    [(30, 70, 0.3), (10, 10, 0.5), (9, 91, None), (91, 9, None), (0, 50, None), (50, 0, None), (0, 0, None)],
)
def test_a_match_rate_needs_ten_people_in_each_cell(matched: int, unmatched: int, rate: float | None) -> None:
    held = outcomes(matched, unmatched)

    assert held.match_rate == rate
    assert held.total == matched + unmatched


def test_a_state_has_a_share_of_its_own_filled_places() -> None:
    assert StateFigures("Ohio", 2026, 200, 20, 30, CITED).img_share == 0.25
    assert StateFigures("Ohio", 2026, 200, 4, 5, CITED).img_share is None


def test_outcomes_are_left_out_for_whoever_they_are_not_of() -> None:
    specialty = Specialty("x", "X", (), "ERAS", "NRMP", (positions(10, 20), positions(1, 2)), outcomes=outcomes(30, 70))

    assert without_outcomes(specialty) == replace(specialty, outcomes=None)
    assert specialty.latest is specialty.positions[0]
    assert replace(specialty, positions=()).latest is None
