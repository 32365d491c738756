"""Whether a program fits, as a table: each rule with what is noted and what is told, and unknown wherever one of both is missing."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.eligibility.answers import Answers, CanadaStatus, Passed, Step, UsStatus, VisaPlan
from bot.domain.letters import ApplicationService
from bot.domain.program_fit import NOTED, STRICT, Experience, FitCase, FitFinding, FitRule, Fits, Hers, fit, standing
from bot.domain.programs import NO_LIMIT, NO_MINIMUM, Share, Track, VisaPolicy
from tests.support.program_cards import a_program, bare

J1 = Answers(2027, us_status=UsStatus.VISA_NEEDED, visa_plan=VisaPlan.J1, graduation=2023, step1=Step.PASSED_1, step2=Step.PASSED_1)
HERS = Hers(J1, 241, Experience(12, 4), Experience())
FITTING = a_program()


def found(rule: FitRule, hers: Hers = HERS, **changes: Any) -> FitFinding | None:
    return next((each for each in fit(replace(FITTING, **changes), hers) if each.rule is rule), None)


def told(**changes: Any) -> Hers:
    return replace(HERS, answers=replace(J1, **changes))


Row = tuple[FitRule, Hers, dict[str, Any], Fits, FitCase]
ROWS: list[Row] = [
    (FitRule.VISA, HERS, {}, Fits.YES, FitCase.VISA_TAKEN),
    (FitRule.VISA, HERS, {"visa": frozenset({VisaPolicy.H1B})}, Fits.NO, FitCase.VISA_NOT_TAKEN),
    (FitRule.VISA, HERS, {"visa": frozenset({VisaPolicy.NONE})}, Fits.NO, FitCase.VISA_NOT_TAKEN),
    (FitRule.VISA, HERS, {"visa": frozenset({VisaPolicy.OTHER})}, Fits.UNKNOWN, FitCase.VISA_CONDITIONS),
    (FitRule.VISA, HERS, {"visa": frozenset()}, Fits.UNKNOWN, FitCase.NOT_NOTED),
    (FitRule.VISA, told(us_status=UsStatus.GREEN_CARD), {"visa": frozenset({VisaPolicy.NONE})}, Fits.YES, FitCase.NO_VISA_NEEDED),
    (FitRule.VISA, told(us_status=UsStatus.OTHER_AUTHORISATION), {}, Fits.UNKNOWN, FitCase.OWN_STATUS),
    (FitRule.VISA, told(us_status=UsStatus.UNKNOWN), {}, Fits.UNKNOWN, FitCase.NOT_TOLD),
    (FitRule.GRADUATION, HERS, {"graduation_years": 4}, Fits.YES, FitCase.GRADUATED_WITHIN),
    (FitRule.GRADUATION, HERS, {"graduation_years": 3}, Fits.NO, FitCase.GRADUATED_BEFORE),
    (FitRule.GRADUATION, HERS, {"graduation_years": NO_LIMIT}, Fits.YES, FitCase.NO_LIMIT),
    (FitRule.GRADUATION, HERS, {"graduation_years": None}, Fits.UNKNOWN, FitCase.NOT_NOTED),
    (FitRule.GRADUATION, told(graduation=None), {}, Fits.UNKNOWN, FitCase.NOT_TOLD),
    (FitRule.SCORE, HERS, {"score_minimum": 241}, Fits.YES, FitCase.SCORE_REACHED),
    (FitRule.SCORE, HERS, {"score_minimum": 242}, Fits.NO, FitCase.SCORE_BELOW),
    (FitRule.SCORE, replace(HERS, score=None), {}, Fits.UNKNOWN, FitCase.NOT_TOLD),
    (FitRule.SCORE, replace(HERS, score=None), {"score_minimum": NO_MINIMUM}, Fits.YES, FitCase.NO_LIMIT),
    (FitRule.SCORE, HERS, {"score_minimum": None}, Fits.UNKNOWN, FitCase.NOT_NOTED),
    (FitRule.ATTEMPTS, HERS, {"attempts_most": 1}, Fits.YES, FitCase.ATTEMPTS_WITHIN),
    (FitRule.ATTEMPTS, told(step1=Step.PASSED_2), {"attempts_most": 1}, Fits.NO, FitCase.ATTEMPTS_BEYOND),
    (FitRule.ATTEMPTS, told(step2=Step.FAILED_1), {"attempts_most": 1}, Fits.NO, FitCase.ATTEMPTS_BEYOND),
    (FitRule.ATTEMPTS, told(step2=Step.FAILED_1), {"attempts_most": 2}, Fits.UNKNOWN, FitCase.ATTEMPTS_OPEN),
    (FitRule.ATTEMPTS, told(step2=Step.BOOKED), {"attempts_most": 1}, Fits.UNKNOWN, FitCase.ATTEMPTS_OPEN),
    (FitRule.ATTEMPTS, told(step1=Step.UNKNOWN), {"attempts_most": 1}, Fits.UNKNOWN, FitCase.ATTEMPTS_OPEN),
    (FitRule.ATTEMPTS, replace(HERS, answers=None), {"attempts_most": 1}, Fits.UNKNOWN, FitCase.NOT_TOLD),
    (FitRule.ATTEMPTS, told(step2=Step.FAILED_1), {"attempts_most": NO_LIMIT}, Fits.YES, FitCase.NO_LIMIT),
    (FitRule.EXPERIENCE, HERS, {"experience_months": 3}, Fits.YES, FitCase.MONTHS_REACHED),
    (FitRule.EXPERIENCE, HERS, {"experience_months": 4}, Fits.UNKNOWN, FitCase.MONTHS_MIXED),
    (FitRule.EXPERIENCE, HERS, {"experience_months": 5}, Fits.NO, FitCase.MONTHS_BELOW),
    (FitRule.EXPERIENCE, HERS, {"experience_months": 0}, Fits.YES, FitCase.NONE_ASKED),
    (FitRule.EXPERIENCE, HERS, {"experience_months": None}, Fits.UNKNOWN, FitCase.IN_WORDS),
    (FitRule.EXPERIENCE, HERS, {"experience_months": None, "experience": ""}, Fits.UNKNOWN, FitCase.NOT_NOTED),
    (FitRule.EXPERIENCE, replace(HERS, in_us=None), {}, Fits.UNKNOWN, FitCase.NOT_TOLD),
    (FitRule.EXPERIENCE, HERS, {"service": ApplicationService.CARMS}, Fits.NO, FitCase.MONTHS_BELOW),
    (FitRule.FIRST_YEAR, HERS, {"track": Track.ADVANCED}, Fits.KNOW, FitCase.ADVANCED),
    (FitRule.FIRST_YEAR, HERS, {"track": Track.PRELIMINARY}, Fits.KNOW, FitCase.PRELIMINARY),
    (FitRule.FIRST_YEAR, HERS, {"track": Track.UNKNOWN}, Fits.UNKNOWN, FitCase.NOT_NOTED),
    (FitRule.IMGS, HERS, {}, Fits.KNOW, FitCase.SOME_THERE),
    (FitRule.IMGS, HERS, {"imgs": Share(0, 30)}, Fits.KNOW, FitCase.NONE_THERE),
    (FitRule.IMGS, HERS, {"imgs": None}, Fits.UNKNOWN, FitCase.NOT_NOTED),
    (FitRule.SCHOOL, HERS, {"school_graduates": 0}, Fits.KNOW, FitCase.NONE_THERE),
]


@pytest.mark.parametrize(("rule", "hers", "changes", "fits", "case"), ROWS)
def test_each_rule_finds_what_is_noted_beside_what_is_told(
    rule: FitRule, hers: Hers, changes: dict[str, Any], fits: Fits, case: FitCase
) -> None:
    finding = found(rule, hers, **changes)
    assert finding is not None
    assert (finding.fits, finding.case) == (fits, case)


@pytest.mark.parametrize(
    ("status", "fits", "case"),
    [
        (CanadaStatus.CITIZEN, Fits.YES, FitCase.CANADIAN),
        (CanadaStatus.PERMANENT_RESIDENT, Fits.YES, FitCase.CANADIAN),
        (CanadaStatus.NEITHER, Fits.NO, FitCase.NOT_CANADIAN),
        (CanadaStatus.UNKNOWN, Fits.UNKNOWN, FitCase.NOT_TOLD),
    ],
)
def test_in_canada_citizenship_stands_where_the_visa_stands_in_the_us(status: CanadaStatus, fits: Fits, case: FitCase) -> None:
    finding = found(FitRule.CITIZENSHIP, told(canada_status=status), service=ApplicationService.CARMS)
    assert finding is not None
    assert (finding.fits, finding.case) == (fits, case)
    assert found(FitRule.VISA, service=ApplicationService.CARMS) is None
    assert found(FitRule.CITIZENSHIP) is None


def test_step_3_is_named_only_where_h1b_is_the_only_visa_left() -> None:
    h1b, both = frozenset({VisaPolicy.H1B}), frozenset({VisaPolicy.H1B, VisaPolicy.J1})
    wants = {"visa_plan": VisaPlan.H1B}
    finding = found(FitRule.STEP3, told(**wants), visa=h1b)
    assert finding is not None
    assert finding.case is FitCase.STEP3_FIRST
    assert found(FitRule.STEP3, told(**wants), visa=both) is None
    assert found(FitRule.STEP3, told(**wants, step3=Passed.PASSED), visa=h1b) is None
    assert found(FitRule.STEP3, HERS, visa=h1b) is None


def test_what_is_not_noted_and_not_told_is_unknown_and_never_a_guess() -> None:
    for hers in (HERS, Hers()):
        findings = fit(bare(), hers)
        assert {each.fits for each in findings if each.rule is not FitRule.VISA} == {Fits.UNKNOWN}
        assert standing(findings) is Fits.UNKNOWN


def test_the_cut_offs_alone_say_how_it_stands_and_one_that_does_not_fit_outweighs_the_unknown() -> None:
    assert standing(fit(FITTING, HERS)) is Fits.YES
    assert standing(fit(replace(FITTING, experience_months=9), HERS)) is Fits.YES
    assert standing(fit(replace(FITTING, score_minimum=None), HERS)) is Fits.UNKNOWN
    assert standing(fit(replace(FITTING, score_minimum=None, attempts_most=1), told(step1=Step.PASSED_3))) is Fits.NO


def test_every_rule_but_citizenship_reads_a_fact_of_the_program_and_cut_offs_come_first() -> None:
    assert set(FitRule) - set(NOTED) == {FitRule.CITIZENSHIP}
    assert list(FitRule)[: len(STRICT)] == list(STRICT)
    order = [each.is_strict for each in fit(FITTING, HERS)]
    assert order == sorted(order, reverse=True)
