"""What is looked at before a list is certified, as a table: each case with what it needs, and unknown where nothing is known."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.catalogue.catalogue import load_catalogue
from bot.domain.eligibility.answers import Answers, UsStatus, VisaPlan
from bot.domain.eligibility.verdicts import Finding, Reach, Verdict
from bot.domain.letters import ApplicationService
from bot.domain.programs import Program, ProgramStage, StageChange, Track, VisaPolicy
from bot.domain.rank_checks import COUPLE_ITEMS, Case, Check, CheckedList, CheckFinding, Standing, check_list, visa_possible
from bot.domain.rank_list import PRIMARY, RankList
from tests.support.clocks import NOON
from tests.support.databases import AMIRA
from tests.support.program_cards import bare

CATALOGUE = load_catalogue()
DEADLINE = CATALOGUE.event("us-2027-rank-list-deadline")
OUTSIDE = frozenset(each.id for each in CATALOGUE.figures.specialties if each.match_service != "NRMP")
BEFORE, AFTER = datetime(2027, 3, 4, 1, 59, tzinfo=UTC), datetime(2027, 3, 4, 2, 0, tzinfo=UTC)
SEEN = (StageChange(ProgramStage.INTERVIEWED, NOON), StageChange(ProgramStage.RANKED, NOON))


def program(program_id: str, **changes: Any) -> Program:
    whole = bare(program_id, stage=ProgramStage.RANKED, history=SEEN, track=Track.CATEGORICAL, visa=frozenset({VisaPolicy.J1}))
    return replace(whole, **changes)


def checked(
    *programs: Program, answers: Answers | None = None, now: datetime = BEFORE, verdict: Verdict | None = None, **changes: Any
) -> Any:
    canada = changes.pop("canada", False)
    lists = changes.pop("lists", {PRIMARY: tuple(each.id for each in programs)})
    held = RankList(AMIRA, 2027, NOON, lists=lists, **changes)
    rule = CATALOGUE.rules["us-verified"]
    verified = None if verdict is None else Finding(rule, verdict, "reason", None, Reach.OPEN)
    by_id = {each.id: each for each in programs}
    given = CheckedList(held, by_id, answers, verified, DEADLINE, now, CATALOGUE.rank_list.fees, OUTSIDE, is_canada_too=canada)
    found = check_list(given)
    assert [each.check for each in found] == sorted((each.check for each in found), key=list(Check).index)
    assert {each.check for each in found} >= set(Check) - {Check.INTERVIEWED, Check.VISA, Check.ELSEWHERE, Check.CANADA}
    return found


def of(found: tuple[CheckFinding, ...], check: Check) -> list[tuple[Standing, Case, tuple[str, ...]]]:
    return [(each.standing, each.case, each.programs) for each in found if each.check is check]


NEEDS = Answers(2027, us_status=UsStatus.VISA_NEEDED, visa_plan=VisaPlan.J1)


@pytest.mark.parametrize(
    ("changes", "now", "expected"),
    [
        ({"lists": {}}, BEFORE, (Standing.LOOK, Case.EMPTY)),
        ({}, BEFORE, (Standing.LOOK, Case.NOT_CERTIFIED)),
        ({"certified_on": date(2027, 2, 1)}, BEFORE, (Standing.FINE, Case.CERTIFIED)),
        ({"certified_on": date(2027, 2, 1)}, AFTER, (Standing.FINE, Case.CERTIFIED)),
        ({"certified_on": date(2027, 2, 1), "is_changed_since": True}, BEFORE, (Standing.LOOK, Case.CHANGED_SINCE)),
        ({"certified_on": date(2027, 2, 1), "is_changed_since": True}, AFTER, (Standing.LOOK, Case.TOO_LATE)),
        ({}, AFTER, (Standing.LOOK, Case.TOO_LATE)),
    ],
)
def test_certified(changes: dict[str, Any], now: datetime, expected: tuple[Standing, Case]) -> None:
    assert of(checked(program("a"), now=now, **changes), Check.CERTIFIED) == [(*expected, ())]


@pytest.mark.parametrize(
    ("answers", "verdict", "expected"),
    [
        (None, None, (Standing.UNKNOWN, Case.NO_ANSWERS)),
        (Answers(2026), Verdict.MET, (Standing.UNKNOWN, Case.OTHER_MATCH)),
        (Answers(2027), Verdict.MET, (Standing.FINE, Case.VERIFIED)),
        (Answers(2027), Verdict.NOT_MET, (Standing.LOOK, Case.NOT_VERIFIED)),
        (Answers(2027), Verdict.UNKNOWN, (Standing.UNKNOWN, Case.VERIFIED_UNKNOWN)),
        (Answers(2027), Verdict.DEPENDS, (Standing.UNKNOWN, Case.VERIFIED_UNKNOWN)),
        (Answers(2027), None, (Standing.UNKNOWN, Case.VERIFIED_UNKNOWN)),
    ],
)
def test_verified(answers: Answers | None, verdict: Verdict | None, expected: tuple[Standing, Case]) -> None:
    assert of(checked(program("a"), answers=answers, verdict=verdict), Check.VERIFIED) == [(*expected, ())]


def test_interviewed_goes_by_what_was_noted_whatever_the_stage_now() -> None:
    seen, now = program("a"), program("b", stage=ProgramStage.INTERVIEWED, history=())
    invited, typed = program("c", stage=ProgramStage.INVITED, history=()), program("d", history=())
    declined = program("e", stage=ProgramStage.DECLINED)
    assert of(checked(seen, now), Check.INTERVIEWED) == [(Standing.FINE, Case.ALL_INTERVIEWED, ())]
    assert of(checked(seen, invited, typed, declined), Check.INTERVIEWED) == [
        (Standing.LOOK, Case.NOT_INTERVIEWED, ("c", "d")),
        (Standing.LOOK, Case.CLOSED, ("e",)),
    ]
    assert of(checked(), Check.INTERVIEWED) == []


@pytest.mark.parametrize(
    ("policy", "plan", "possible"),
    [
        ({VisaPolicy.J1}, VisaPlan.J1, True),
        ({VisaPolicy.J1}, VisaPlan.H1B, False),
        ({VisaPolicy.H1B}, VisaPlan.J1, False),
        ({VisaPolicy.H1B}, VisaPlan.EITHER, True),
        ({VisaPolicy.J1, VisaPolicy.H1B}, VisaPlan.UNKNOWN, True),
        ({VisaPolicy.NONE}, VisaPlan.J1, False),
        ({VisaPolicy.NONE}, VisaPlan.UNKNOWN, False),
        ({VisaPolicy.OTHER}, VisaPlan.J1, None),
        ({VisaPolicy.J1, VisaPolicy.OTHER}, VisaPlan.H1B, None),
        ({VisaPolicy.UNSTATED}, VisaPlan.EITHER, None),
        (set(), VisaPlan.J1, None),
    ],
)
def test_a_visa_is_possible_impossible_or_not_known(policy: set[VisaPolicy], plan: VisaPlan, possible: bool | None) -> None:
    assert visa_possible(frozenset(policy), plan) is possible


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (None, [(Standing.UNKNOWN, Case.NO_ANSWERS, ())]),
        (Answers(2027, us_status=UsStatus.CITIZEN), [(Standing.FINE, Case.NO_VISA, ())]),
        (Answers(2027, us_status=UsStatus.GREEN_CARD), [(Standing.FINE, Case.NO_VISA, ())]),
        (Answers(2027, us_status=UsStatus.OTHER_AUTHORISATION), [(Standing.UNKNOWN, Case.VISA_STATUS_UNKNOWN, ())]),
        (Answers(2027), [(Standing.UNKNOWN, Case.VISA_STATUS_UNKNOWN, ())]),
        (NEEDS, [(Standing.LOOK, Case.VISA_IMPOSSIBLE, ("b",)), (Standing.UNKNOWN, Case.VISA_UNKNOWN, ("c",))]),
    ],
)
def test_visas(answers: Answers | None, expected: list[Any]) -> None:
    programs = (program("a"), program("b", visa=frozenset({VisaPolicy.NONE})), program("c", visa=frozenset()))
    assert of(checked(*programs, answers=answers), Check.VISA) == expected


def test_every_visa_possible() -> None:
    assert of(checked(program("a"), answers=NEEDS), Check.VISA) == [(Standing.FINE, Case.VISA_POSSIBLE, ())]


def test_first_years() -> None:
    advanced, other = program("a", track=Track.ADVANCED), program("b", track=Track.ADVANCED)
    plain, typed, first = program("c"), program("d", track=Track.UNKNOWN), program("p", track=Track.PRELIMINARY)
    both = {PRIMARY: ("a", "b"), "a": ("p",)}
    assert of(checked(plain), Check.FIRST_YEAR) == [(Standing.FINE, Case.NO_ADVANCED, ())]
    assert of(checked(plain, typed), Check.FIRST_YEAR) == [(Standing.UNKNOWN, Case.TRACK_UNKNOWN, ("d",))]
    assert of(checked(advanced, other, first, lists=both), Check.FIRST_YEAR) == [(Standing.LOOK, Case.NO_FIRST_YEAR, ("b",))]
    both |= {"b": ("p",)}
    assert of(checked(advanced, other, first, lists=both), Check.FIRST_YEAR) == [(Standing.FINE, Case.FIRST_YEAR_LISTED, ())]


def test_what_is_ranked_in_another_match() -> None:
    carms, urology = program("a", service=ApplicationService.CARMS), program("b", specialty="urology")
    eyes, plain = program("c", specialty="ophthalmology"), program("d", specialty="internal-med")
    assert of(checked(plain), Check.ELSEWHERE) == of(checked(plain), Check.CANADA) == []
    assert of(checked(carms, urology, eyes, plain), Check.ELSEWHERE) == [(Standing.LOOK, Case.RANKED_ELSEWHERE, ("a", "b", "c"))]
    assert of(checked(carms), Check.CANADA) == [(Standing.KNOW, Case.CANADA_TOO, ())]
    assert of(checked(plain, canada=True), Check.CANADA) == [(Standing.KNOW, Case.CANADA_TOO, ())]


@pytest.mark.parametrize(
    ("is_couple", "ticks", "expected"),
    [
        (None, (), (Standing.UNKNOWN, Case.COUPLE_NOT_ASKED)),
        (False, (), (Standing.FINE, Case.NO_COUPLE)),
        (True, COUPLE_ITEMS[1:], (Standing.LOOK, Case.COUPLE_OPEN)),
        (True, COUPLE_ITEMS, (Standing.FINE, Case.COUPLE_DONE)),
    ],
)
def test_couples(is_couple: bool | None, ticks: tuple[str, ...], expected: tuple[Standing, Case]) -> None:
    assert of(checked(program("a"), is_couple=is_couple, ticks=frozenset(ticks)), Check.COUPLE) == [(*expected, ())]


@pytest.mark.parametrize(
    ("primary", "first", "case", "codes"),
    [
        (20, 20, Case.CODES_INCLUDED, (20, 20, 0)),
        (21, 0, Case.CODES_EXTRA, (21, 0, 30)),
        (25, 22, Case.CODES_EXTRA, (25, 22, 210)),
        (99, 0, Case.CODES_EXTRA, (99, 0, 2370)),
        (100, 0, Case.LONG_LIST, (100, 0, 2400)),
    ],
)
def test_codes_beyond_twenty_cost_thirty_each(primary: int, first: int, case: Case, codes: tuple[int, int, int]) -> None:
    ranked = [program(f"a{number}", track=Track.ADVANCED) for number in range(primary)]
    years = [program(f"p{number}", track=Track.PRELIMINARY) for number in range(first)]
    ids = tuple(each.id for each in years)
    # The same first-year programs on two lists are codes once.
    lists = {PRIMARY: tuple(each.id for each in ranked), "a0": ids, "a1": ids}
    (found,) = [each for each in checked(*ranked, *years, lists=lists) if each.check is Check.CODES]
    assert (found.case, found.codes) == (case, codes)
