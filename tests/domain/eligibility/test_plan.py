"""What is still missing, as steps."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.eligibility.answers import (
    Answers,
    Application,
    CanadaStatus,
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
    Way,
    YesNo,
)
from bot.domain.eligibility.plan import PlanStep, plan
from bot.domain.eligibility.verdicts import Reach, Verdict
from tests.domain.eligibility.conftest import NOVEMBER, Evaluate

BEGINS = Answers(
    2027,
    school=School.OTHER,
    listing=Listing.WITHOUT_NOTE,
    us_status=UsStatus.VISA_NEEDED,
    ecfmg_application=Application.NOT_STARTED,
    step1=Step.NOT_TAKEN,
    step2=Step.NOT_TAKEN,
    oet=Oet.NOT_TAKEN,
    pathway=Pathway.NONE_OF_THESE,
    certificate=Certificate.PAPERS_NOT_SENT,
    eras=Eras.NONE,
    nrmp=Nrmp.NOT_REGISTERED,
    visa_plan=VisaPlan.J1,
    july_start=YesNo.YES,
)
IN_ORDER = [
    "us-school",
    "us-credentials",
    "us-ecfmg-application",
    "us-step1",
    "us-step2",
    "us-pathway",
    "us-oet",
    "us-verified",
    "us-certificate",
    "us-eras",
    "us-nrmp",
    "us-soap",
]


def steps(judged: Evaluate, given: Answers = BEGINS, now: datetime = NOVEMBER, **changes: Any) -> dict[str, PlanStep]:
    return {step.finding.rule.id: step for step in plan(judged(replace(given, **changes), now))}


def test_what_takes_longest_comes_first(judged: Evaluate) -> None:
    assert list(steps(judged)) == IN_ORDER


def test_a_step_that_is_done_is_gone(judged: Evaluate) -> None:
    done = steps(judged, listing=Listing.WITH_NOTE, nrmp=Nrmp.REGISTERED, certificate=Certificate.PAPERS_VERIFIED)
    assert list(done) == [rule for rule in IN_ORDER if rule not in {"us-school", "us-nrmp", "us-credentials"}]


def test_with_the_certificate_little_is_left(judged: Evaluate) -> None:
    assert list(steps(judged, certificate=Certificate.ISSUED, listing=Listing.WITH_NOTE)) == ["us-eras", "us-nrmp", "us-soap"]


def test_what_depends_on_programs_is_no_step(judged: Evaluate) -> None:
    assert not {"us-usce", "us-program-limits", "us-visa", "us-j1"} & steps(judged).keys()
    assert Verdict.DEPENDS not in {step.finding.verdict for step in steps(judged, canada_status=CanadaStatus.CITIZEN).values()}


def test_a_step_says_by_when_why_and_what_then(judged: Evaluate) -> None:
    step = steps(judged)["us-step2"]
    assert step.due is not None
    assert step.due.event is not None
    assert step.due.event.id == "us-2027-rank-list-deadline"
    assert step.finding.reason == "Step 2 CK has not been taken."
    assert step.todo.startswith("Book a date")
    assert (step.reach, step.otherwise) == (Reach.OPEN, "")
    late = steps(judged, now=datetime(2027, 3, 10, tzinfo=UTC))["us-step2"]
    assert late.reach is Reach.NO_LONGER
    assert "next season" in late.otherwise


def test_what_has_no_date_says_what_then(judged: Evaluate) -> None:
    assert steps(judged)["us-school"].otherwise
    assert steps(judged, country=Way.CANADA, mccqe1=Exam.BOOKED)["ca-mccqe1"].otherwise


@pytest.mark.parametrize("step", ["step1", "step2"])
def test_with_all_attempts_used_no_step_costs_time_and_money_for_nothing(judged: Evaluate, step: str) -> None:
    found = steps(judged, **{step: Step.FAILED_4})
    assert list(found) == [f"us-{step}-attempts"]
    assert found[f"us-{step}-attempts"].reach is Reach.NO_LONGER
    assert "closed" in found[f"us-{step}-attempts"].otherwise
    both = steps(judged, **{step: Step.FAILED_4}, country=Way.BOTH, mccqe1=Exam.NOT_TAKEN)
    assert next(iter(both)) == f"us-{step}-attempts"
    assert "ca-mccqe1" in both
    assert {rule[:3] for rule in list(both)[1:]} == {"ca-"}


def test_attempts_are_asked_for_where_the_exam_is_not(judged: Evaluate) -> None:
    assert "us-step1-attempts" not in steps(judged, step1=Step.UNKNOWN)
    assert "us-step1" in steps(judged, step1=Step.UNKNOWN)
    asked = steps(judged, step1=Step.PASSED_MORE)
    assert "us-step1-attempts" in asked
    assert "us-step1" not in asked


@pytest.mark.parametrize(
    ("wish", "step3", "is_step"),
    [
        (VisaPlan.H1B, Passed.NOT_PASSED, True),
        (VisaPlan.EITHER, Passed.NOT_PASSED, False),
        (VisaPlan.UNKNOWN, Passed.NOT_PASSED, False),
        (VisaPlan.J1, Passed.NOT_PASSED, False),
    ],
)
def test_step_3_is_a_step_for_who_wants_an_h1b(judged: Evaluate, wish: VisaPlan, step3: Passed, is_step: bool) -> None:
    assert ("us-h1b" in steps(judged, visa_plan=wish, step3=step3)) == is_step


def test_an_h1b_that_rests_on_what_nobody_knows_is_no_step(judged: Evaluate) -> None:
    assert "us-h1b" not in steps(judged, visa_plan=VisaPlan.H1B, step3=Passed.PASSED, certificate=Certificate.ISSUED)


def test_canada_comes_after_the_united_states_in_its_own_order(judged: Evaluate) -> None:
    both = list(steps(judged, country=Way.BOTH, listing=Listing.NOT_LISTED))
    assert both[: len(IN_ORDER)] == IN_ORDER
    assert both[len(IN_ORDER) :] == [
        "ca-iteration",
        "ca-status",
        "ca-school",
        "ca-mccqe1",
        "ca-nac",
        "ca-language",
        "ca-province",
        "ca-references",
    ]


def test_who_trained_before_is_told_when_the_second_iteration_opens(judged: Evaluate) -> None:
    step = steps(judged, country=Way.CANADA, prior_training=YesNo.YES)["ca-iteration"]
    assert step.due is not None
    assert step.due.event is not None
    assert step.due.event.id == "ca-2027-carms-second-opens"
    assert "ca-iteration" not in steps(judged, country=Way.CANADA, prior_training=YesNo.NO)


@pytest.mark.parametrize("passed", ["step1", "step2"])
def test_the_window_of_seven_years_is_a_step_once_it_has_begun(judged: Evaluate, passed: str) -> None:
    assert "us-seven-years" not in steps(judged)
    assert "us-seven-years" not in steps(judged, step1=Step.UNKNOWN, step2=Step.UNKNOWN)
    assert "us-seven-years" in steps(judged, **{passed: Step.PASSED_1, f"{passed}_year": 2022})


def test_what_can_not_be_reached_gives_no_order(judged: Evaluate) -> None:
    found = steps(judged, now=datetime(2027, 3, 10, tzinfo=UTC))
    assert {rule for rule, step in found.items() if not step.todo} >= {"us-nrmp", "us-oet", "us-pathway", "us-step2", "us-soap"}
    assert "neither the Match nor SOAP is open" in found["us-nrmp"].otherwise
    late = steps(judged, now=datetime(2028, 3, 1, tzinfo=UTC), graduation=2028, certificate=Certificate.NOT_GRADUATED)
    assert late["us-certificate"].todo == ""
    assert "The Match of 2028" in late["us-certificate"].otherwise


def test_nothing_missing_leaves_no_step(judged: Evaluate) -> None:
    given = Answers(2027, school=School.US, us_status=UsStatus.CITIZEN, eras=Eras.APPLIED, nrmp=Nrmp.REGISTERED, july_start=YesNo.YES)
    assert plan(judged(replace(given, graduation=2027))) == ()
