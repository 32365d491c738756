"""Every rule of Canada by itself: what it gives, and that its reason is about her."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.domain.calendar import SeasonEvent, WallTime
from bot.domain.eligibility.answers import (
    Answers,
    CanadaStatus,
    Exam,
    Language,
    Listing,
    Province,
    ProvinceStep,
    References,
    Return,
    School,
    Way,
    YesNo,
)
from bot.domain.eligibility.canada import JUDGES, concerning
from bot.domain.eligibility.verdicts import Circumstances, Verdict
from bot.domain.facts import Certainty

MET, NOT_MET, UNKNOWN, DEPENDS = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.DEPENDS
NOW = Circumstances(datetime(2026, 11, 24, 12, tzinfo=UTC), {})
PROVEN = {"language": Language.PROVEN}
NAMED = {Province.QUEBEC: "Collège des médecins", Province.ALBERTA: "AIMG", Province.BRITISH_COLUMBIA: "Clinical Assessment Program"}

TABLE: list[tuple[str, dict[str, Any], Verdict, str]] = [
    ("ca-status", {"canada_status": CanadaStatus.CITIZEN}, MET, "may take part"),
    ("ca-status", {"canada_status": CanadaStatus.PERMANENT_RESIDENT}, MET, "may take part"),
    ("ca-status", {"canada_status": CanadaStatus.NEITHER}, NOT_MET, "citizens and permanent residents only"),
    ("ca-status", {}, UNKNOWN, "not known yet"),
    ("ca-school", {"listing": Listing.WITH_NOTE}, MET, "is listed"),
    ("ca-school", {"listing": Listing.WITHOUT_NOTE}, MET, "A Canadian Sponsor Note is commonly asked for too"),
    ("ca-school", {"listing": Listing.NOT_LISTED}, NOT_MET, "not accepted"),
    ("ca-school", {}, UNKNOWN, "Look your school up"),
    *(
        (rule, {field: state}, verdict, said)
        for rule, field in (("ca-mccqe1", "mccqe1"), ("ca-nac", "nac"))
        for state, verdict, said in (
            (Exam.PASSED, MET, "You passed"),
            (Exam.FAILED, NOT_MET, "not passed yet"),
            (Exam.BOOKED, NOT_MET, "is booked"),
            (Exam.NOT_TAKEN, NOT_MET, "not been taken"),
            (Exam.UNKNOWN, UNKNOWN, "not known yet"),
        )
    ),
    *(("ca-language", {**PROVEN, "province": province}, MET, "accepts") for province in (*NAMED, Province.ONTARIO, Province.OTHER)),
    ("ca-language", {**PROVEN, "province": Province.UNDECIDED}, DEPENDS, "yours is open"),
    ("ca-language", PROVEN, DEPENDS, "yours is open"),
    ("ca-language", {"language": Language.SOME_RESULT, "province": Province.ONTARIO}, DEPENDS, "compare it"),
    ("ca-language", {"language": Language.NONE}, NOT_MET, "No proof"),
    ("ca-language", {"language": Language.NONE, "province": Province.QUEBEC}, NOT_MET, "Québec asks for French"),
    ("ca-language", {}, UNKNOWN, "not known yet"),
    ("ca-iteration", {"prior_training": YesNo.NO}, MET, "first iteration"),
    ("ca-iteration", {"prior_training": YesNo.YES}, NOT_MET, "the second one is yours"),
    ("ca-iteration", {}, UNKNOWN, "not known yet"),
    *(
        ("ca-province", {"province": province, "province_step": step}, verdict, named)
        for province, named in NAMED.items()
        for step, verdict in ((ProvinceStep.DONE, MET), (ProvinceStep.NOT_DONE, NOT_MET), (ProvinceStep.UNKNOWN, UNKNOWN))
    ),
    ("ca-province", {"province": Province.ONTARIO, "province_step": ProvinceStep.DONE}, UNKNOWN, "what it asks for 2027 is not held"),
    ("ca-province", {"province": Province.OTHER, "province_step": ProvinceStep.DONE}, UNKNOWN, "not held here"),
    ("ca-province", {"province": Province.UNDECIDED}, DEPENDS, "every province that you consider"),
    ("ca-province", {}, UNKNOWN, "depends on the province"),
    ("ca-return-of-service", {"return_of_service": Return.ACCEPTS}, MET, "five years in Ontario"),
    ("ca-return-of-service", {"return_of_service": Return.DECLINES}, DEPENDS, "only seats without it"),
    ("ca-return-of-service", {}, UNKNOWN, "not known yet"),
    ("ca-references", {"references": References.READY}, DEPENDS, "each program"),
    ("ca-references", {"references": References.ASKED}, NOT_MET, "asked for and not in"),
    ("ca-references", {"references": References.NONE}, NOT_MET, "No references"),
    ("ca-references", {}, UNKNOWN, "not known yet"),
    ("ca-references", {"school": School.US, "references": References.READY}, UNKNOWN, "Ask CaRMS"),
    ("ca-order", {}, UNKNOWN, "not both held"),
]


@pytest.mark.parametrize(("rule", "given", "verdict", "said"), TABLE)
def test_each_answer_gives_its_verdict_and_a_reason_of_its_own(rule: str, given: dict[str, Any], verdict: Verdict, said: str) -> None:
    judgement = JUDGES[rule](replace(Answers(2027), **given), NOW)
    assert judgement.verdict is verdict
    assert said in judgement.reason


def test_french_belongs_to_the_language_and_not_to_the_equivalence() -> None:
    given = replace(Answers(2027), province=Province.QUEBEC, province_step=ProvinceStep.DONE, language=Language.NONE)
    assert "French" not in JUDGES["ca-province"](given, NOW).reason


@pytest.mark.parametrize("key", ["carms-second-opens", "carms-first-deadline"])
@pytest.mark.parametrize(
    ("trained", "before", "after"), [(YesNo.NO, MET, UNKNOWN), (YesNo.UNKNOWN, UNKNOWN, UNKNOWN), (YesNo.YES, NOT_MET, NOT_MET)]
)
def test_the_first_iteration_is_not_open_once_it_is_over(
    catalogue: Catalogue, key: str, trained: YesNo, before: Verdict, after: Verdict
) -> None:
    event = catalogue.event("ca-2027-carms-second-opens")
    assert event is not None
    given = Answers(2027, Way.CANADA, prior_training=trained)
    opened = on(event, datetime(2027, 1, 5, 12), Certainty.ANNOUNCED)  # noqa: DTZ001 - a wall time
    for now, verdict in ((datetime(2027, 1, 5, 16, 59, tzinfo=UTC), before), (datetime(2027, 1, 5, 17, tzinfo=UTC), after)):
        judgement = JUDGES["ca-iteration"](given, Circumstances(now, {key: replace(opened, key=key)}))
        assert judgement.verdict is verdict
        assert ("is over" in judgement.reason) == (verdict is not before or (trained is YesNo.UNKNOWN and now.minute == 0))


@pytest.mark.parametrize(
    ("country", "school", "rules"),
    [
        (Way.CANADA, School.OTHER, set(JUDGES) - {"ca-order"}),
        (Way.CANADA, School.UNKNOWN, set(JUDGES) - {"ca-order"}),
        (Way.BOTH, School.OTHER, set(JUDGES)),
        (Way.CANADA, School.CANADA, {"ca-status"}),
        (Way.CANADA, School.US, {"ca-status", "ca-references"}),
        (Way.BOTH, School.US, {"ca-status", "ca-references", "ca-order"}),
        (Way.BOTH, School.CANADA, {"ca-status", "ca-order"}),
    ],
)
def test_only_what_concerns_her_is_judged(country: Way, school: School, rules: set[str]) -> None:
    assert set(concerning(Answers(2027, country, school))) == rules


def on(event: SeasonEvent, day: datetime, certainty: Certainty) -> SeasonEvent:
    return replace(event, at=WallTime(day, "America/Toronto"), citation=replace(event.citation, certainty=certainty))


@pytest.mark.parametrize(("days", "first", "other"), [(-17, "CaRMS", "NRMP"), (5, "NRMP", "CaRMS")])
@pytest.mark.parametrize("certainty", [Certainty.ANNOUNCED, Certainty.EXPECTED])
def test_the_order_is_said_once_both_days_are_held(catalogue: Catalogue, days: int, first: str, other: str, certainty: Certainty) -> None:
    carms, match = catalogue.event("ca-2027-carms-match-day"), catalogue.event("us-2027-match-day")
    assert carms is not None
    assert match is not None
    assert match.at is not None
    events = {
        "carms-match-day": on(carms, match.at.local + timedelta(days=days), certainty),
        "match-day": on(match, match.at.local, Certainty.ANNOUNCED),
    }
    judgement = JUDGES["ca-order"](Answers(2027, Way.BOTH), Circumstances(NOW.now, events))
    assert judgement.verdict is DEPENDS
    assert judgement.reason.startswith(
        f"{first} comes first (CaRMS on {(match.at.local + timedelta(days=days)).day} March 2027, NRMP on 19"
    )
    assert f"withdraws you from {other}." in judgement.reason
    assert ("confirm them" in judgement.reason) == (certainty is not Certainty.ANNOUNCED)
