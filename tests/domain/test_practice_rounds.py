"""Rounds of practice as pure values: time, late, moving on, when a question comes again, which ones are picked, whom she answers as."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.catalogue.catalogue import load_catalogue
from bot.domain.eligibility.answers import Answers, CanadaStatus, School, UsStatus, Way
from bot.domain.interview_texts import ApplicantKind, InterviewTexts
from bot.domain.member import Country
from bot.domain.practice import (
    Mark,
    Practised,
    Round,
    RoundState,
    begun,
    comes_again,
    done,
    due,
    ended,
    kind_of,
    moved_on,
    picked,
    standings,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def a_round(*questions: str, seconds: int = 120, start: datetime = NOW) -> Round:
    items = tuple(Practised(each) for each in questions or ("gap", "mistake"))
    return begun(Round("r" * 16, 1, RoundState.UNDER_WAY, start, start, "mixed", ApplicantKind.US_IMG, seconds, items), start)


def answered(question: str, mark: Mark | None, at: datetime) -> Round:
    round_ = ended(done(a_round(question, start=at), at))
    return round_.with_item(0, replace(round_.item, mark=mark))


@pytest.fixture(scope="module")
def texts() -> InterviewTexts:
    return load_catalogue().interviews


def test_a_question_has_its_time_from_when_it_is_put() -> None:
    round_ = a_round()
    assert round_.item.ends_at == NOW + timedelta(seconds=120)
    assert round_.items[1].asked_at is None
    assert a_round(seconds=0).item.ends_at is None


@pytest.mark.parametrize(("after", "late"), [(90, 0), (120, 0), (121, 1), (4_000, 3_880)])
def test_late_is_counted_from_the_end_of_the_time(after: int, late: int) -> None:
    item = done(a_round(), NOW + timedelta(seconds=after)).item
    assert item.late_by == timedelta(seconds=late)
    assert item.took == timedelta(seconds=after)


def test_nothing_is_late_without_a_limit_or_an_answer() -> None:
    assert done(a_round(seconds=0), NOW + DAY).item.late_by == timedelta(0)
    assert a_round().item.late_by == timedelta(0)
    assert a_round().item.took is None


def test_the_first_press_of_done_counts() -> None:
    once = done(a_round(), NOW + timedelta(seconds=60))
    assert done(once, NOW + DAY) == once


def test_a_round_moves_on_and_ends() -> None:
    second = moved_on(done(a_round(), NOW), NOW + DAY)
    assert (second.position, second.item.question_id, second.item.asked_at) == (1, "mistake", NOW + DAY)
    last = moved_on(second, NOW + DAY)
    assert (last.is_under_way, last.position) == (False, 1)
    assert [item.question_id for item in last.answered] == ["gap"]  # the second was passed over


@pytest.mark.parametrize(
    ("mark", "in_a_row", "days"),
    [(Mark.WEAK, 0, 1), (Mark.MIDDLING, 0, 3), (Mark.WELL, 1, 7), (Mark.WELL, 2, 14), (Mark.WELL, 3, 28), (Mark.WELL, 500, 28)],
)
def test_the_rule_of_when_it_comes_again(mark: Mark, in_a_row: int, days: int) -> None:
    assert comes_again(mark, NOW, in_a_row) == NOW + timedelta(days=days)


def test_a_standing_follows_every_answer_in_order_of_time() -> None:
    rounds = [
        answered("gap", Mark.WELL, NOW + 9 * DAY),
        answered("gap", Mark.WEAK, NOW),
        answered("gap", Mark.WELL, NOW + DAY),
        answered("gap", None, NOW + 10 * DAY),
    ]
    standing = standings(rounds)["gap"]
    assert (standing.times, standing.mark, standing.in_a_row) == (4, Mark.WELL, 2)
    assert standing.last_at == NOW + 10 * DAY
    assert standing.again_at == NOW + 9 * DAY + 14 * DAY


def test_a_weak_one_breaks_the_row() -> None:
    rounds = [answered("gap", mark, NOW + number * DAY) for number, mark in enumerate((Mark.WELL, Mark.WELL, Mark.WEAK, Mark.WELL))]
    assert standings(rounds)["gap"].in_a_row == 1


def test_what_was_not_answered_or_not_marked_comes_not_again() -> None:
    assert standings([a_round("gap")]) == {}
    assert standings([answered("gap", None, NOW)])["gap"].again_at is None
    assert due(standings([answered("gap", None, NOW)]), NOW + 99 * DAY) == []


def test_the_weakest_are_due_first_and_not_before_their_day() -> None:
    found = standings([answered("a", Mark.WELL, NOW), answered("b", Mark.MIDDLING, NOW), answered("c", Mark.WEAK, NOW)])
    assert [each.question_id for each in due(found, NOW + 7 * DAY)] == ["c", "b", "a"]
    assert [each.question_id for each in due(found, NOW + DAY)] == ["c"]
    assert due(found, NOW + DAY - timedelta(seconds=1)) == []


def test_what_was_never_practised_is_picked_first(texts: InterviewTexts) -> None:
    questions = texts.asked_of(ApplicantKind.US_IMG, "gaps")
    known = [question.id for question in questions[:-2]]
    found = standings([answered(each, Mark.WELL, NOW + number * DAY) for number, each in enumerate(known)])
    chosen = picked(questions, 4, found, "seed")
    assert set(chosen[:2]) == {question.id for question in questions[-2:]}
    assert chosen[2:] == known[:2]


def test_a_mixed_round_takes_groups_in_turn(texts: InterviewTexts) -> None:
    chosen = picked(texts.asked_of(ApplicantKind.NON_US_IMG), 7, {}, "seed")
    assert len({texts.questions[each].group for each in chosen}) == 7


def test_the_seed_decides_and_no_question_comes_twice(texts: InterviewTexts) -> None:
    questions = texts.asked_of(ApplicantKind.CANADIAN)
    assert picked(questions, 8, {}, "one") == picked(tuple(reversed(questions)), 8, {}, "one")
    assert picked(questions, 8, {}, "one") != picked(questions, 8, {}, "two")
    everything = picked(questions, 500, {}, "one")
    assert sorted(everything) == sorted(question.id for question in questions)


@pytest.mark.parametrize(
    ("answers", "countries", "kind", "told"),
    [
        (None, frozenset(), ApplicantKind.NON_US_IMG, False),
        (None, frozenset(Country), ApplicantKind.NON_US_IMG, False),
        (None, frozenset((Country.CANADA,)), ApplicantKind.CANADIAN, True),
        (Answers(2027, us_status=UsStatus.CITIZEN), frozenset(), ApplicantKind.US_IMG, True),
        (Answers(2027, us_status=UsStatus.GREEN_CARD), frozenset(), ApplicantKind.NON_US_IMG, True),
        (Answers(2027, us_status=UsStatus.VISA_NEEDED), frozenset((Country.CANADA,)), ApplicantKind.NON_US_IMG, True),
        (Answers(2027, country=Way.CANADA, us_status=UsStatus.CITIZEN), frozenset(), ApplicantKind.CANADIAN, True),
        (Answers(2027, canada_status=CanadaStatus.CITIZEN), frozenset(), ApplicantKind.CANADIAN, True),
        (Answers(2027), frozenset(), ApplicantKind.NON_US_IMG, False),
        (Answers(2027, school=School.US, us_status=UsStatus.CITIZEN), frozenset(), ApplicantKind.US_IMG, True),
    ],
)
def test_whom_she_answers_as(answers: Answers | None, countries: frozenset[Country], kind: ApplicantKind, told: bool) -> None:
    known = kind_of(answers, countries)
    assert (known.kind, bool(known.why)) == (kind, told)
