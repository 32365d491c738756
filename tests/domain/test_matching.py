"""The matching algorithm against NRMP's worked examples, what must always hold, brute force, and a package of others."""

import random
import warnings
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.games import HospitalResident

from bot.domain.matching.deferred_acceptance import match
from bot.domain.matching.market import (
    Market,
    Matching,
    ProgramList,
    blocking_pairs,
    is_possible,
    moved_first,
    sure_program,
)
from bot.domain.matching.trace import Event, EventKind, result_of, trace
from tests.support.markets import PRINTED, VIDEO

RESULTS = [
    (VIDEO, {"City": ("Darrius", "Arthur"), "General": ("Joseph", "Latha"), "Mercy": ()}, ("Sunny",)),
    (PRINTED, {"City": ("Eastman", "Anderson"), "General": ("Ford", "Davis"), "Mercy": ("Chen",)}, ()),
]


def got(market: Market, matching: Matching) -> dict[str, tuple[str, ...]]:
    return {name: matching.applicants_of(name, market) for name in market.programs}


@pytest.mark.parametrize(("market", "filled", "unmatched"), RESULTS, ids=["video", "printed"])
def test_the_worked_examples_in_every_order(market: Market, filled: dict[str, tuple[str, ...]], unmatched: tuple[str, ...]) -> None:
    for order in permutations(market.applicants):
        for matching in (match(market, order), result_of(trace(market, order))):
            assert got(market, matching) == filled
            assert matching.unmatched(market) == unmatched


@pytest.mark.parametrize("market", [VIDEO, PRINTED], ids=["video", "printed"])
def test_the_worked_examples_have_one_stable_matching(market: Market) -> None:
    assert [each.program_of for each in stable_matchings(market)] == [match(market).program_of]


def test_reasons_read_differently() -> None:
    """Sunny is bumped from City by somebody whom it prefers; Mercy does not rank Sunny at all, with both places free."""
    events = list(trace(VIDEO, ("Arthur", "Sunny", "Darrius", "Joseph", "Latha")))
    assert [event for event in events if event.concerns("Sunny")] == [
        Event(EventKind.PROPOSES, "Sunny", "City", 1),
        Event(EventKind.HELD, "Sunny", "City", 1),
        Event(EventKind.BUMPED, "Sunny", "City", 1, ("Darrius",)),
        Event(EventKind.PROPOSES, "Sunny", "Mercy", 2),
        Event(EventKind.NOT_RANKED, "Sunny", "Mercy", 2),
        Event(EventKind.EXHAUSTED, "Sunny"),
    ]
    assert Event(EventKind.FULL, "Joseph", "City", 1, ("Darrius", "Arthur")) in events


def test_a_program_without_places_takes_nobody() -> None:
    market = Market({"a": ("p",)}, {"p": ProgramList(0, ("a",))})
    assert match(market).program_of == result_of(trace(market)).program_of == {}
    assert blocking_pairs(market, match(market)) == []


def test_an_empty_match() -> None:
    market = Market({}, {})
    assert match(market).program_of == {}
    assert list(trace(market)) == []


@pytest.mark.parametrize(
    ("applicants", "programs"),
    [
        ({"a": ("p", "p")}, {"p": ProgramList(1, ("a",))}),
        ({"a": ("q",)}, {"p": ProgramList(1, ("a",))}),
        ({"a": ("p",)}, {"p": ProgramList(1, ("a", "a"))}),
        ({"a": ("p",)}, {"p": ProgramList(1, ("b",))}),
        ({"a": ("p",)}, {"p": ProgramList(-1, ("a",))}),
    ],
)
def test_lists_that_can_not_be(applicants: dict[str, tuple[str, ...]], programs: dict[str, ProgramList]) -> None:
    with pytest.raises(ValueError, match=r"twice|take part|places"):
        Market(applicants, programs)


# --- what must always hold


@st.composite
def markets(draw: st.DrawFn, applicants: int = 7, programs: int = 5) -> Market:
    people = [f"a{number}" for number in range(draw(st.integers(1, applicants)))]
    names = [f"p{number}" for number in range(draw(st.integers(1, programs)))]
    lists = {who: _part(draw, names) for who in people}
    return Market(lists, {name: ProgramList(draw(st.integers(0, 3)), _part(draw, people)) for name in names})


def _part(draw: st.DrawFn, of: list[str]) -> tuple[str, ...]:
    return tuple(draw(st.permutations(of))[: draw(st.integers(0, len(of)))])


def stable_matchings(market: Market) -> list[Matching]:
    """Return every stable matching, by trying all: for small markets."""
    found: list[dict[str, str]] = [{}]
    for who, wanted in market.applicants.items():
        acceptable = [name for name in wanted if who in market.programs[name].ranked]
        found = [each | extra for each in found for extra in ({}, *({who: name} for name in acceptable))]
        found = [each for each in found if all(list(each.values()).count(name) <= market.programs[name].places for name in each.values())]
    return [each for each in map(Matching, found) if not blocking_pairs(market, each)]


def worth(market: Market, matching: Matching, who: str) -> int:
    """Return how good a result is for an applicant by her true list, 0 best."""
    rank = matching.rank_of(who, market)
    return len(market.applicants[who]) if rank is None else rank - 1


@given(markets())
@settings(max_examples=50)
def test_no_pair_is_left_who_would_rather_have_each_other(market: Market) -> None:
    matching = match(market)
    assert is_possible(market, matching)
    assert blocking_pairs(market, matching) == []


@given(markets(), st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_the_order_of_work_changes_nothing(market: Market, chance: random.Random) -> None:
    order = list(market.applicants)
    chance.shuffle(order)
    assert match(market, order) == match(market) == result_of(trace(market, order))


@given(markets(applicants=5, programs=4))
@settings(max_examples=40)
def test_nobody_has_a_better_result_in_any_stable_matching(market: Market) -> None:
    """The result is stable, and of all stable ones the best for every applicant: a brute-force oracle."""
    ours, all_of_them = match(market), stable_matchings(market)
    assert ours.program_of in [each.program_of for each in all_of_them]
    for who in market.applicants:
        assert worth(market, ours, who) == min(worth(market, each, who) for each in all_of_them)


@given(markets(), st.data())
@settings(max_examples=50)
def test_one_more_program_at_the_end_never_makes_a_result_worse(market: Market, data: st.DataObject) -> None:
    who = data.draw(st.sampled_from(sorted(market.applicants)))
    others = [name for name in market.programs if name not in market.applicants[who]]
    if others:
        longer = market.with_list(who, (*market.applicants[who], data.draw(st.sampled_from(others))))
        before, after = match(market).rank_of(who, market), match(longer).rank_of(who, longer)
        assert before is None or after == before


@given(markets(applicants=5, programs=4))
@settings(max_examples=15)
def test_nobody_gains_by_any_other_list(market: Market) -> None:
    for who in market.applicants:
        honest = worth(market, match(market), who)
        for length in range(len(market.programs) + 1):
            for told in permutations(market.programs, length):
                result = match(market.with_list(who, told)).program_of.get(who)
                wanted = market.applicants[who]
                assert honest <= (wanted.index(result) if result in wanted else len(wanted))


@given(markets())
@settings(max_examples=50)
def test_the_safe_choice_first_never_helps_and_is_indeed_safe(market: Market) -> None:
    for who, wanted in market.applicants.items():
        sure = sure_program(market, who)
        if sure is None:
            continue
        safe = match(market.with_list(who, moved_first(wanted, sure)))
        assert safe.program_of[who] == sure
        assert worth(market, match(market), who) <= wanted.index(sure)


@given(markets())
@settings(max_examples=50)
def test_a_trace_tells_the_whole_story(market: Market) -> None:
    """Each proposal is followed by its answer; those who end without a place are those whose lists are exhausted."""
    events = list(trace(market))
    matching = result_of(events)
    ended = {event.applicant for event in events if event.kind is EventKind.EXHAUSTED}
    assert ended == set(matching.unmatched(market))
    for event, after in zip(events, [*events[1:], None], strict=True):
        if event.kind is EventKind.PROPOSES:
            assert after is not None
            assert (after.applicant, after.program) == (event.applicant, event.program)
            assert after.kind in (EventKind.HELD, EventKind.NOT_RANKED, EventKind.FULL)
        if event.kind is EventKind.FULL:
            listed = market.programs[event.program]
            places = [listed.ranked.index(each) for each in event.others]
            assert len(places) == listed.places
            assert all(place < listed.ranked.index(event.applicant) for place in places)


@given(markets(applicants=12, programs=6))
def test_a_package_of_others_agrees(market: Market) -> None:
    assert match(market).program_of == by_others(market)


def by_others(market: Market) -> dict[str, str]:
    """Return the result of the package ``matching``, which takes only pairs who rank each other, and places from 1 on."""
    open_programs = {name for name, program in market.programs.items() if program.places}
    wanted = {
        who: [name for name in names if name in open_programs and who in market.programs[name].ranked]
        for who, names in market.applicants.items()
    }
    wanted = {who: names for who, names in wanted.items() if names}
    ranked = {name: [who for who in market.programs[name].ranked if name in wanted.get(who, ())] for name in open_programs}
    ranked = {name: people for name, people in ranked.items() if people}
    if not wanted:
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        game = HospitalResident.create_from_dictionaries(wanted, ranked, {name: market.programs[name].places for name in ranked})
        solved = game.solve(optimal="resident")
    return {resident.name: hospital.name for hospital, residents in solved.items() for resident in residents}
