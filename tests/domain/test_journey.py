"""Her way: read from what she told elsewhere before anything is asked, marked by herself where nothing says it, and only what is hers."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.catalogue.catalogue import load_catalogue
from bot.catalogue.journey import DERIVED
from bot.domain.eligibility.answers import (
    Answers,
    Application,
    Certificate,
    Eras,
    Exam,
    Listing,
    Nrmp,
    Oet,
    Passed,
    Pathway,
    School,
    Step,
    UsStatus,
    VisaPlan,
)
from bot.domain.eligibility.verdicts import Verdict
from bot.domain.exam_records import Attempt, ExamKey, ExamRecord, Outcome
from bot.domain.interviews import Interview, InterviewState
from bot.domain.journey import GuideKey, Item, Journey, Mark, Origin, Standing, State, Who, is_hers, progress, standing
from bot.domain.journey_told import Told, derived
from bot.domain.journey_who import among
from bot.domain.letters import ApplicationService, Letter, LetterState
from bot.domain.member import Country
from bot.domain.own_week import Result
from bot.domain.programs import ProgramStage, StageChange
from bot.domain.rank_list import PRIMARY, RankList
from tests.support.clocks import NOON
from tests.support.databases import AMIRA
from tests.support.program_cards import a_program, bare

TEXTS = load_catalogue().journey
ITEMS = {item.key: item for guide in TEXTS.guides.values() for item in guide.items}
NOTHING = Journey(AMIRA, NOON)
DAY = date(2026, 11, 20)
US, CANADA = Country.UNITED_STATES, Country.CANADA


def marked(key: str, state: State) -> Journey:
    return replace(NOTHING, marks={key: Mark(state, DAY)})


def test_every_checklist_is_there_in_the_order_of_the_way() -> None:
    assert set(TEXTS.guides) == set(GuideKey)
    assert [each.key for each in TEXTS.guides[GuideKey.STEPS].sections] == [
        "school", "exams", "certification", "experience", "letters", "application", "programs", "interviews", "rank-list", "match", "soap",
        "visa", "licence", "arriving", "start",
    ]  # fmt: skip
    assert [each.key for each in TEXTS.guides[GuideKey.EXAMS].sections] == [each.value for each in ExamKey]


def test_every_item_rests_on_a_citation_or_says_that_it_is_advice() -> None:
    for item in ITEMS.values():
        assert bool(item.citations) is not item.is_advice, item.key
        assert (item.certainty is None) is item.is_advice, item.key


ANSWERS: list[tuple[str, dict[str, Any], State]] = [
    ("school", {"listing": Listing.WITH_NOTE}, State.DONE),
    ("school", {"listing": Listing.NOT_LISTED}, State.OPEN),
    ("ecfmg-application", {"ecfmg_application": Application.SUBMITTED}, State.UNDER_WAY),
    ("credentials", {"certificate": Certificate.PAPERS_VERIFIED}, State.DONE),
    ("certificate", {"certificate": Certificate.PAPERS_VERIFIED}, State.UNDER_WAY),
    ("certificate", {"certificate": Certificate.ISSUED_EXPIRED}, State.OPEN),
    ("step1", {"step1": Step.PASSED_2}, State.DONE),
    ("step2", {"step2": Step.FAILED_1}, State.UNDER_WAY),
    ("step2", {"step2": Step.NOT_TAKEN}, State.OPEN),
    ("step3", {"step3": Passed.PASSED}, State.DONE),
    ("oet", {"oet": Oet.SEVERAL_SITTINGS}, State.UNDER_WAY),
    ("pathway", {"pathway": Pathway.ACCEPTED_EXPIRED}, State.OPEN),
    ("token", {"eras": Eras.TOKEN}, State.DONE),
    ("application", {"eras": Eras.TOKEN}, State.UNDER_WAY),
    ("application", {"eras": Eras.APPLIED}, State.DONE),
    ("nrmp", {"nrmp": Nrmp.REGISTERED}, State.DONE),
    ("visa-plan", {"visa_plan": VisaPlan.EITHER}, State.UNDER_WAY),
    ("nac", {"nac": Exam.PASSED}, State.DONE),
]


@pytest.mark.parametrize(("name", "changes", "state"), ANSWERS)
def test_saved_answers_say_how_far_a_step_is(name: str, changes: dict[str, Any], state: State) -> None:
    assert derived(Told(Answers(2027, **changes)))[name] == Standing(state, Origin.ANSWERS)


def test_an_answer_that_she_does_not_know_says_nothing() -> None:
    assert derived(Told(Answers(2027))) == {}


def test_a_record_of_an_exam_is_newer_than_a_saved_answer() -> None:
    told = Told(Answers(2027, step2=Step.NOT_TAKEN), {ExamKey.STEP2: ExamRecord(None, (Attempt(DAY, Outcome.PASSED),))})
    assert derived(told)["step2"] == Standing(State.DONE, Origin.EXAMS)
    planned = Told(exams={ExamKey.STEP3: ExamRecord(DAY), ExamKey.OET: ExamRecord()})
    assert derived(planned) == {"step3": Standing(State.UNDER_WAY, Origin.EXAMS)}


def test_trackers_say_how_far_their_steps_are() -> None:
    letter = Letter("l" * 16, AMIRA, 2027, LetterState.ASKED, NOON, NOON, "Dr. Osei")
    applied = a_program(history=(StageChange(ProgramStage.APPLIED, NOON),))
    interview = Interview("i" * 16, AMIRA, 2027, "p" * 16, NOON, NOON, state=InterviewState.DONE)
    ranking = RankList(AMIRA, 2027, NOON, certified_on=DAY, lists={PRIMARY: ("p" * 16,)})
    found = derived(
        Told(
            letters=[replace(letter, state=LetterState.ASSIGNED)],
            programs=[applied],
            interviews=[interview],
            has_practised=True,
            ranking=ranking,
            result=Result.UNSAID,
            verified=Verdict.MET,
        )
    )
    done = {name for name, each in found.items() if each.state is State.DONE}
    assert done == {
        "letters-asked",
        "letters-requested",
        "letters",
        "programs",
        "applied",
        "interviews",
        "ranked",
        "certified",
        "result",
        "verified",
    }
    assert derived(Told(letters=[letter], programs=[bare()]))["letters"].state is State.UNDER_WAY
    assert "applied" not in derived(Told(programs=[bare()]))


def test_every_name_that_something_is_read_under_is_used_by_an_item() -> None:
    assert {item.derived for item in ITEMS.values()} - {""} == DERIVED


def test_her_mark_counts_where_nothing_else_says_it_and_that_it_is_not_hers_always_counts() -> None:
    item = ITEMS["step-oet"]
    told = {"oet": Standing(State.DONE, Origin.ANSWERS)}
    still_open = {"oet": Standing(State.OPEN, Origin.ANSWERS)}
    assert standing(item, NOTHING, {}) == Standing(State.OPEN, Origin.NOWHERE)
    assert standing(item, marked("step-oet", State.UNDER_WAY), {}) == Standing(State.UNDER_WAY, Origin.HERS)
    assert standing(item, marked("step-oet", State.OPEN), told) == told["oet"]
    assert standing(item, marked("step-oet", State.DONE), still_open) == Standing(State.DONE, Origin.HERS)
    assert standing(item, marked("step-oet", State.NOT_HERS), told) == Standing(State.NOT_HERS, Origin.HERS)


@pytest.mark.parametrize(
    ("key", "told", "countries", "shown"),
    [
        ("step-step3", Told(), (US,), True),
        ("step-step3", Told(Answers(2027, us_status=UsStatus.VISA_NEEDED, visa_plan=VisaPlan.J1)), (US,), False),
        ("step-step3", Told(Answers(2027, us_status=UsStatus.VISA_NEEDED, visa_plan=VisaPlan.EITHER)), (US,), True),
        ("step-visa-none", Told(Answers(2027, us_status=UsStatus.VISA_NEEDED)), (US,), False),
        ("step-visa-none", Told(Answers(2027, us_status=UsStatus.GREEN_CARD)), (US,), True),
        ("step-visa-j1", Told(Answers(2027, us_status=UsStatus.CITIZEN)), (US,), False),
        ("j1-passport", Told(Answers(2027, us_status=UsStatus.VISA_NEEDED, visa_plan=VisaPlan.H1B)), (US,), False),
        ("step-nac", Told(Answers(2027, school=School.CANADA)), (CANADA,), False),
        ("step-nac", Told(), (US,), False),
        ("step-nac", Told(), (US, CANADA), True),
        ("step-nrmp", Told(), (CANADA,), False),
        ("step-rank-couple", Told(ranking=RankList(AMIRA, 2027, NOON, is_couple=False)), (US,), False),
        ("step-rank-couple", Told(ranking=RankList(AMIRA, 2027, NOON)), (US,), True),
        ("exam-step1-failed", Told(Answers(2027, step1=Step.PASSED_1, step2=Step.NOT_TAKEN)), (US,), False),
        ("exam-step1-failed", Told(Answers(2027, step1=Step.PASSED_2, step2=Step.NOT_TAKEN)), (US,), True),
        ("exam-step1-failed", Told(Answers(2027, step1=Step.PASSED_1)), (US,), True),
        ("exam-step1-failed", Told(exams={ExamKey.STEP1: ExamRecord(None, (Attempt(DAY, Outcome.INCOMPLETE),))}), (US,), True),
        ("again-rest", Told(), (US,), True),
        ("prompt-practised", Told(Answers(2027, pathway=Pathway.ACCEPTED)), (US,), True),
    ],
)
def test_what_is_not_hers_is_left_out_and_what_she_did_not_tell_leaves_nothing_out(
    key: str, told: Told, countries: tuple[Country, ...], shown: bool
) -> None:
    assert is_hers(ITEMS[key], among(told), countries) is shown


def test_whom_she_is_among_is_told_or_left_open() -> None:
    assert among(Told()) == {}
    citizen = Answers(2027, us_status=UsStatus.CITIZEN, school=School.OTHER, pathway=Pathway.LICENSED)
    assert among(Told(citizen, has_earlier_season=True)) == {
        Who.REAPPLYING: True, Who.VISA_NEEDED: False, Who.NO_VISA: True, Who.J1: False, Who.H1B: False, Who.IMG: True, Who.US_IMG: True,
        Who.PHYSICIAN_ABROAD: True,
    }  # fmt: skip


def test_letters_and_rotations_say_it_step_by_step_and_by_country() -> None:
    letter = Letter("l" * 16, AMIRA, 2027, LetterState.AGREED, NOON, NOON, "Dr. Osei")
    carms = replace(letter, service=ApplicationService.CARMS, state=LetterState.ASSIGNED)
    found = derived(Told(letters=[letter, replace(letter, state=LetterState.DECLINED), carms]))
    assert {name: each.state for name, each in found.items()} == {
        "letters-asked": State.DONE,
        "letters-requested": State.UNDER_WAY,
        "letters": State.UNDER_WAY,
        "letters-carms": State.DONE,
    }


def test_progress_counts_neither_what_is_not_hers_nor_what_cant_be_marked() -> None:
    items: list[Item] = [ITEMS["step-oet"], ITEMS["step-pathway"], ITEMS["step-step3"], ITEMS["certify-locked"]]
    journey = replace(NOTHING, marks={"step-step3": Mark(State.NOT_HERS, DAY), "step-oet": Mark(State.DONE, DAY)})
    found = progress(items, journey, {"pathway": Standing(State.UNDER_WAY, Origin.ANSWERS)})
    assert (found.done, found.under_way, found.whole, found.is_done) == (1, 1, 2, False)
