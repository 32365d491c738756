"""A game drawn from a seed: the same each time, fewer places than applicants, and nobody better off with a safe choice first."""

import random
from datetime import timedelta

import pytest

from bot.domain.matching.deferred_acceptance import match
from bot.domain.matching.invention import HER
from bot.domain.matching.market import blocking_pairs, is_possible
from bot.domain.matching.trace import EventKind
from bot.domain.mock_match import (
    FEWEST_PROGRAMS,
    KEPT_FOR,
    MOST_PROGRAMS,
    OPEN_FOR,
    PROGRAMS,
    MockMatch,
    MockState,
    Order,
    drawn,
    play,
    programs_of,
    with_program,
)
from tests.support.clocks import NOON


def orders_of(seed: int, count: int) -> dict[int, Order]:
    """Return lists of so many members, of any length."""
    chance, programs = random.Random(seed), programs_of(seed)  # noqa: S311 - lists of a test
    return {1_000 + number: tuple(chance.sample(programs, chance.randint(1, len(programs)))) for number in range(count)}


def test_programs_follow_from_the_seed_and_are_six_to_eight() -> None:
    sizes = {len(programs_of(seed)) for seed in range(100)}
    assert sizes == set(range(FEWEST_PROGRAMS, MOST_PROGRAMS + 1))
    for seed in range(100):
        assert programs_of(seed) == programs_of(seed)
        assert set(programs_of(seed)) <= set(PROGRAMS)
    assert programs_of(7) == PROGRAMS
    assert programs_of(8) == ("Amber", "Cobalt", "Indigo", "Jade", "Ochre", "Russet", "Umber")


@pytest.mark.parametrize("count", [0, 1, 3, 6, 8, 9, 12, 15, 17, 60])
def test_places_are_one_or_two_and_fewer_than_applicants_once_enough_have_joined(count: int) -> None:
    for seed in range(20):
        market, names = drawn(seed, orders_of(seed, count))
        places = [program.places for program in market.programs.values()]
        assert set(places) <= {1, 2}
        assert len(names) == count
        if count > len(places):
            assert sum(places) < count
            assert sum(places) == min(2 * len(places), count - 1)


def test_the_same_seed_and_lists_give_the_same_whatever_the_order_in_which_they_are_read() -> None:
    orders = orders_of(5, 40)
    backwards = dict(reversed(orders.items()))
    assert play(5, orders) == play(5, backwards)
    assert play(5, orders).numbers != play(6, orders_of(6, 40)).numbers
    assert drawn(5, orders)[0] != drawn(11, {who: order for who, order in orders.items() if set(order) <= set(programs_of(11))})[0]


@pytest.mark.parametrize("count", [3, 9, 40])
def test_what_each_is_told_is_what_the_algorithm_gives(count: int) -> None:
    for seed in range(25):
        orders = orders_of(seed, count)
        (market, names), played = drawn(seed, orders), play(seed, orders)
        matching = match(market)
        assert is_possible(market, matching)
        assert blocking_pairs(market, matching) == []
        numbers = played.numbers
        assert numbers.applicants == count == sum(numbers.by_choice) + numbers.unplaced
        assert numbers.left == numbers.places_in_all - len(matching.program_of) >= 0
        for member, result in played.results.items():
            assert result.order == orders[member]
            assert result.rank == matching.rank_of(names[member], market)
            assert {event.applicant for event in result.events} == {HER}
            last = result.events[-1]
            assert last.kind is (EventKind.EXHAUSTED if result.rank is None else EventKind.HELD)
            assert result.rank is None or last.program == result.order[result.rank - 1]


def test_a_safe_choice_put_first_gives_nobody_anything_better() -> None:
    tried = 0
    for seed in range(60):
        for result in play(seed, orders_of(seed, 20)).results.values():
            if result.sure is None:
                assert result.with_sure_first == result.rank
                continue
            assert result.rank is not None, "who is sure of a place has one"
            assert result.with_sure_first == result.order.index(result.sure) + 1
            assert result.with_sure_first >= result.rank
            tried += result.sure != result.order[0]
    assert tried > 50


def test_no_member_is_named_in_what_another_is_told() -> None:
    for result in play(3, orders_of(3, 30)).results.values():
        assert all(each.startswith("Applicant ") for event in result.events for each in event.others)
        assert not any(str(1_000 + number) in f"{result.events}" for number in range(30))


def test_four_thousand_are_matched_and_each_has_a_reason() -> None:
    played = play(9, orders_of(9, 4_000))
    assert len(played.results) == played.numbers.applicants == 4_000
    assert played.numbers.left == 0
    assert played.numbers.unplaced == 4_000 - played.numbers.places_in_all
    assert max(len(result.events) for result in played.results.values()) <= 3 * MOST_PROGRAMS + 1
    assert all(result.events for result in played.results.values())


def test_only_programs_of_the_game_go_on_a_list_each_once() -> None:
    assert with_program(("Amber",), "Teal", ("Amber", "Teal")) == ("Amber", "Teal")
    assert with_program(("Amber",), "Amber", ("Amber", "Teal")) == ("Amber",)
    assert with_program(("Amber",), "Umber", ("Amber", "Teal")) == ("Amber",)


def test_a_game_ends_by_itself_and_keeps_lists_as_long_as_they_are_of_use() -> None:
    game = MockMatch("a" * 16, 1, 2, None, 3, MockState.OPEN, 4, NOON, NOON + OPEN_FOR)
    moment = timedelta(microseconds=1)
    assert game.is_open(game.ends_at - moment)
    assert not game.is_open(game.ends_at)
    assert game.has_ended(game.ends_at)
    assert not game.keeps_lists(game.ends_at)
    revealed = MockMatch("a" * 16, 1, 2, None, 3, MockState.REVEALED, 4, NOON, NOON + OPEN_FOR, closed_at=NOON)
    assert not revealed.is_open(NOON)
    assert revealed.keeps_lists(NOON + KEPT_FOR - moment)
    assert not revealed.keeps_lists(NOON + KEPT_FOR)
