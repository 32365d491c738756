"""A rank order list: arranged by hand alone, brought back, asked about by her own marks; what is made up around it; as a file."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.matching.deferred_acceptance import match
from bot.domain.matching.invention import HER, MOST_PLACES, MOST_PROGRAMS, Placement, her_rank, invent, safe_choice_tried
from bot.domain.matching.market import blocking_pairs
from bot.domain.programs import Track
from bot.domain.rank_exports import as_csv, as_text
from bot.domain.rank_list import (
    MAX_EARLIER,
    MAX_RANKS,
    MOST_QUESTIONS,
    PRIMARY,
    Criterion,
    RankList,
    Weight,
    added,
    brought_back,
    placed,
    questions,
    removed,
    without_gone,
)
from tests.support.clocks import NOON
from tests.support.databases import AMIRA
from tests.support.program_cards import bare

FAMILY, VISA = Criterion("fam", "near my family", Weight.MOST), Criterion("vis", "visa", Weight.MUCH)


def a_list(*ids: str, **changes: object) -> RankList:
    return replace(RankList(AMIRA, 2027, NOON, lists={PRIMARY: ids}), **changes)


def test_programs_go_to_the_end_each_once() -> None:
    assert added(a_list("a", "b"), ["c", "a", "c", "d"]).primary == ("a", "b", "c", "d")


def test_no_more_than_nrmp_takes() -> None:
    assert len(added(a_list(), [str(number) for number in range(MAX_RANKS + 5)]).primary) == MAX_RANKS


@pytest.mark.parametrize(
    ("program", "place", "expected"),
    [("a", 3, "bca"), ("c", 1, "cab"), ("b", 2, "abc"), ("a", 99, "bca"), ("c", -1, "cab"), ("b", 0, "bac"), ("x", 1, "abc")],
)
def test_a_program_goes_where_it_is_put(program: str, place: int, expected: str) -> None:
    assert placed(a_list("a", "b", "c"), program, place).primary == tuple(expected)


def test_with_an_advanced_place_goes_its_first_year_list() -> None:
    held = a_list("a", "b", lists={PRIMARY: ("a", "b"), "a": ("p", "q")})
    assert removed(held, "a").lists == {PRIMARY: ("b",)}
    assert removed(held, "q", "a").lists == {PRIMARY: ("a", "b"), "a": ("p",)}


def test_every_change_can_be_taken_back_and_some_are_kept() -> None:
    held = a_list("a", "b")
    for number in range(MAX_EARLIER + 3):
        held = placed(held, "a" if number % 2 else "b", 1)
    assert len(held.earlier) == MAX_EARLIER
    before = held.lists
    assert brought_back(removed(held, "a")).lists == before  # type: ignore[union-attr]
    assert brought_back(a_list("a")) is None
    assert placed(held, held.primary[0], 1) is held  # nothing changed, nothing to take back


def test_a_certified_list_that_changes_is_certified_no_longer() -> None:
    certified = a_list("a", "b", certified_on=date(2027, 2, 20))
    assert certified.is_certified()
    assert not placed(certified, "b", 1).is_certified()
    assert placed(certified, "a", 1).is_certified()
    assert not without_gone(certified, {"a"}.__contains__).is_certified()
    assert not a_list("a").is_certified()


def test_a_program_that_is_gone_is_not_shown() -> None:
    held = a_list(lists={PRIMARY: ("a", "b"), "a": ("p",), "b": ("p", "q")})
    assert without_gone(held, {"b", "q"}.__contains__).lists == {PRIMARY: ("b",), "b": ("q",)}


# --- what her marks ask


def test_only_what_she_weighs_most_asks_and_of_it_the_widest_gap() -> None:
    marks = {"a": {"fam": 2, "vis": 1}, "b": {"fam": 3, "vis": 5}, "c": {"fam": 5}, "d": {"fam": 1}}
    (asked,) = questions(a_list("a", "b", "c", "d", criteria=(FAMILY, VISA), marks=marks))
    assert (asked.criterion, asked.above, asked.below, asked.above_mark, asked.below_mark) == (FAMILY, "a", "c", 2, 5)


def test_what_she_wants_is_not_asked_again_until_a_mark_changes() -> None:
    held = a_list("a", "b", criteria=(FAMILY,), marks={"a": {"fam": 2}, "b": {"fam": 4}})
    (asked,) = questions(held)
    answered = replace(held, answered=(asked.key,))
    assert questions(answered) == ()
    assert len(questions(replace(answered, marks={"a": {"fam": 2}, "b": {"fam": 5}}))) == 1


def test_nothing_is_asked_without_marks_or_criteria_and_never_too_much() -> None:
    assert questions(a_list("a", "b")) == ()
    assert questions(a_list("a", "b", criteria=(FAMILY,))) == ()
    assert questions(a_list("a", "b", criteria=(FAMILY,), marks={"a": {"fam": 4}, "b": {"fam": 4}})) == ()
    many = tuple(Criterion(str(number), str(number), Weight.MOST) for number in range(8))
    marks = {"a": {each.key: 1 for each in many}, "b": {each.key: 5 for each in many}}
    assert len(questions(a_list("a", "b", criteria=many, marks=marks))) == MOST_QUESTIONS


@given(
    st.permutations(list("abcdef")), st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 5)), st.lists(st.integers(1, 3), max_size=3)
)
@settings(max_examples=40)
def test_marks_and_weights_never_change_the_order(order: list[str], marks: dict[str, int], weights: list[int]) -> None:
    criteria = tuple(Criterion(str(number), str(number), Weight(weight)) for number, weight in enumerate(weights))
    held = a_list(*order, criteria=criteria, marks={each: {"0": mark} for each, mark in marks.items()})
    for asked in questions(held):
        assert order.index(asked.above) < order.index(asked.below)
        assert asked.above_mark < asked.below_mark
    assert held.primary == tuple(order)


# --- what is made up


LISTED = [f"p{number}" for number in range(8)]


def test_a_seed_always_makes_the_same_up_and_another_one_another() -> None:
    assert invent(LISTED, 7, {}) == invent(LISTED, 7, {})
    assert invent(LISTED, 7, {}) != invent(LISTED, 8, {})


def test_where_she_is_placed_changes_nothing_else() -> None:
    made_up = invent(LISTED, 7, {}).market
    for placement in Placement:
        chosen = invent(LISTED, 7, {"p3": placement})
        assert chosen.placements["p3"] is placement
        assert {**chosen.market.applicants} == {**made_up.applicants}
        for name, program in chosen.market.programs.items():
            others = [each for each in program.ranked if each != HER]
            assert others == [each for each in made_up.programs[name].ranked if each != HER]
            assert program.places == made_up.programs[name].places


@given(st.integers(0, 10**6), st.integers(1, 12), st.sampled_from(Placement))
@settings(max_examples=40)
def test_a_placement_means_what_it_says(seed: int, length: int, placement: Placement) -> None:
    names = [f"p{number}" for number in range(length)]
    market = invent(names, seed, {"p0": placement}).market
    listed = market.programs["p0"]
    assert 1 <= listed.places <= MOST_PLACES
    assert market.applicants[HER] == tuple(names)
    match placement:
        case Placement.NOT_RANKED:
            assert HER not in listed.ranked
        case Placement.HIGH:
            assert listed.ranked.index(HER) < listed.places
            assert her_rank(market) == 1
        case Placement.MIDDLE:
            assert listed.ranked.index(HER) >= min(listed.places, len(listed.ranked) - 1)
        case Placement.LOW:
            assert listed.ranked[-1] == HER
    assert blocking_pairs(market, match(market)) == []


def test_a_long_list_is_walked_with_its_first_programs() -> None:
    assert len(invent([str(number) for number in range(300)], 1, {}).hers) == MOST_PROGRAMS


@pytest.mark.parametrize("length", [1, 2, 5, 20])
def test_the_safe_choice_first_helps_in_no_made_up_match(length: int) -> None:
    trial = safe_choice_tried([f"p{number}" for number in range(length)], 3, {}, 40)
    assert trial.better == 0
    assert trial.same + trial.worse == trial.tried <= 40
    assert (trial.worse > 0) is (length > 1)


# --- as a file


def test_the_file_has_every_list_and_no_formula() -> None:
    programs = {
        "a": bare("a", name='=HYPERLINK("https://example.org")', specialty="neurology", track=Track.ADVANCED, region="NY", code="-1+1"),
        "b": bare("b", name=" +Elm\nClinic"),
        "p": bare("p", name="@City Prelim", track=Track.PRELIMINARY),
    }
    evil = Criterion("x", "=1+1", Weight.MOST)
    held = a_list(lists={PRIMARY: ("a", "b"), "a": ("p",)}, criteria=(evil,), marks={"b": {"x": 4}})
    told = as_csv(held, programs, {"neurology": "Neurology"})
    assert told.startswith(b"\xef\xbb\xbf")
    head, *rows = list(csv.reader(io.StringIO(told.decode("utf-8-sig"))))
    assert head[-1] == "'=1+1"
    assert [row[1:3] for row in rows] == [["1", '\'=HYPERLINK("https://example.org")'], ["2", "'+Elm Clinic"], ["1", "'@City Prelim"]]
    assert rows[0][3:7] == ["Neurology", "advanced", "NY", "'-1+1"]
    assert rows[1][-1] == "4"
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_the_text_names_every_program_in_order() -> None:
    programs = {"a": bare("a", name="Oak", code="1234"), "p": bare("p", name="City\nPrelim")}
    text = as_text(a_list(lists={PRIMARY: ("a",), "a": ("p",)}), programs, "Not certified.").decode()
    assert text.splitlines()[:4] == ["Rank order list, 2027 Match", "Not certified.", "", "Primary"]
    assert "  1. Oak (1234)\n" in text
    assert "Supplemental, for Oak\n  1. City Prelim\n" in text
