"""Every rule of the United States by itself: what it gives, and that its reason is about her."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.eligibility.answers import (
    Answers,
    Application,
    Certificate,
    Eras,
    Listing,
    Nrmp,
    Oet,
    OetPart,
    Passed,
    Pathway,
    Place,
    School,
    Step,
    UsStatus,
    VisaPlan,
    YesNo,
)
from bot.domain.eligibility.united_states import FOR_GRADUATES_OF_THE_US, JUDGES, concerning
from bot.domain.eligibility.verdicts import Circumstances, Verdict

MET, NOT_MET, UNKNOWN, DEPENDS = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.DEPENDS
NOW = Circumstances(datetime(2026, 11, 24, 12, tzinfo=UTC), {})
ALL_PARTS = frozenset(OetPart)
P1, P2 = {"step1": Step.PASSED_1}, {"step2": Step.PASSED_1}
BOTH = {**P1, **P2, "step1_year": 2022, "step2_year": 2024}
SAT = {"oet": Oet.ONE_SITTING, "oet_year": 2026, "oet_parts": ALL_PARTS}
READY = {**BOTH, **SAT, "pathway": Pathway.ACCEPTED}
OPEN_CANADIAN = {"school": School.CANADA, "step1": Step.NOT_TAKEN, "nrmp": Nrmp.REGISTERED, "july_start": YesNo.YES}
ISSUED = {"certificate": Certificate.ISSUED}
FINISHED = {"graduation": 2024}
NEEDS = {"us_status": UsStatus.VISA_NEEDED}
H1B = {"us_status": UsStatus.VISA_NEEDED, "visa_plan": VisaPlan.H1B}

TABLE: list[tuple[str, dict[str, Any], Verdict, str]] = [
    ("us-school", {"listing": Listing.WITH_NOTE}, MET, "Sponsor Note for your graduation year"),
    ("us-school", {"listing": Listing.WITHOUT_NOTE}, NOT_MET, "listing alone is not enough"),
    ("us-school", {"listing": Listing.NOT_LISTED}, NOT_MET, "not in the World Directory"),
    ("us-school", {"listing": Listing.NOT_LISTED, **ISSUED}, MET, "Certificate shows it"),
    ("us-school", {}, UNKNOWN, "Look your school up"),
    ("us-ecfmg-application", {"ecfmg_application": Application.APPROVED}, MET, "approved"),
    ("us-ecfmg-application", {"ecfmg_application": Application.SUBMITTED}, NOT_MET, "it is submitted"),
    ("us-ecfmg-application", {"ecfmg_application": Application.NOT_STARTED}, NOT_MET, "Not started"),
    ("us-ecfmg-application", {"ecfmg_application": Application.NOT_STARTED, **ISSUED}, MET, "Certificate shows it"),
    ("us-ecfmg-application", {}, UNKNOWN, "MyIntealth"),
    ("us-credentials", ISSUED, MET, "verified for your certificate"),
    ("us-credentials", {"certificate": Certificate.ISSUED_EXPIRED}, MET, "verified for your certificate"),
    ("us-credentials", {"certificate": Certificate.PAPERS_VERIFIED}, MET, "are verified"),
    ("us-credentials", {"certificate": Certificate.PAPERS_IN_PROGRESS}, NOT_MET, "your school has to answer"),
    ("us-credentials", {"certificate": Certificate.PAPERS_NOT_SENT}, NOT_MET, "have not been sent"),
    ("us-credentials", {"certificate": Certificate.NOT_GRADUATED}, NOT_MET, "diploma comes first"),
    ("us-credentials", {"certificate": Certificate.NOT_GRADUATED, "graduation": 2027}, NOT_MET, "diploma comes first"),
    *(
        (rule, {"certificate": certificate, "graduation": 2028, "school": school, "july_start": YesNo.YES}, NOT_MET, "You finish in 2028")
        for rule in ("us-credentials", "us-certificate", "us-soap")
        for certificate in (Certificate.NOT_GRADUATED, Certificate.UNKNOWN)
        for school in (School.OTHER, School.US)
    ),
    ("us-certificate", {"certificate": Certificate.ISSUED, "graduation": 2028}, MET, "issued"),
    ("us-certificate", {**P1, "step2": Step.FAILED_1}, NOT_MET, "still missing: Step 2 CK."),
    ("us-certificate", {"ecfmg_application": Application.SUBMITTED}, NOT_MET, "still missing: the application."),
    ("us-certificate", {**BOTH, "oet": Oet.NOT_TAKEN, "pathway": Pathway.ACCEPTED_EXPIRED}, UNKNOWN, "Whether it is issued"),
    ("us-credentials", {}, UNKNOWN, "not known yet"),
    *(
        (f"us-{step}", {step: state}, verdict, said)
        for step in ("step1", "step2")
        for state, verdict, said in (
            (Step.PASSED_1, MET, "You passed"),
            (Step.PASSED_MORE, MET, "You passed"),
            (Step.FAILED_1, NOT_MET, "not passed yet"),
            (Step.FAILED_4, NOT_MET, "not passed yet"),
            (Step.BOOKED, NOT_MET, "is booked"),
            (Step.NOT_TAKEN, NOT_MET, "has not been taken"),
            (Step.UNKNOWN, UNKNOWN, "not known yet"),
        )
    ),
    *(
        (f"us-{step}-attempts", {step: state}, verdict, said)
        for step in ("step1", "step2")
        for state, verdict, said in (
            (Step.PASSED_1, MET, "attempt 1 of 4"),
            (Step.PASSED_4, MET, "attempt 4 of 4"),
            (Step.PASSED_MORE, UNKNOWN, "before July 2021"),
            (Step.FAILED_1, MET, "are left"),
            (Step.FAILED_2, MET, "2 of 4 attempts"),
            (Step.FAILED_3, MET, "is left"),
            (Step.FAILED_4, NOT_MET, "All 4 attempts"),
            (Step.BOOKED, MET, "used no attempt"),
            (Step.NOT_TAKEN, MET, "used no attempt"),
            (Step.UNKNOWN, UNKNOWN, "not known yet"),
        )
    ),
    ("us-step1", {"step1": Step.FAILED_2, **ISSUED}, MET, "Certificate shows it"),
    ("us-step2-attempts", {"step2": Step.FAILED_4, **ISSUED}, MET, "Certificate shows it"),
    ("us-seven-years", ISSUED, MET, "Certificate shows it"),
    ("us-seven-years", {**P1, **P2, "step1_year": 2018, "step2_year": 2024}, MET, "within 7 years"),
    ("us-seven-years", {**P1, **P2, "step1_year": 2024, "step2_year": 2018}, MET, "within 7 years"),
    ("us-seven-years", {**P1, **P2, "step1_year": 2018, "step2_year": 2025}, UNKNOWN, "7 calendar years apart"),
    ("us-seven-years", {**P1, **P2, "step1_year": 2018, "step2_year": 2026}, NOT_MET, "began in 2018"),
    ("us-seven-years", {**P1, **P2, "step1_year": 2017, "step2_year": 2023}, UNKNOWN, "2017 or earlier"),
    ("us-seven-years", {**P1, **P2, "step1_year": 2017, "step2_year": 2024}, UNKNOWN, "2017 or earlier"),
    ("us-seven-years", {**P1, **P2, "step1_year": 2017, "step2_year": 2025}, NOT_MET, "began in 2017"),
    ("us-seven-years", {**P1, **P2, "step1_year": 2017, "step2_year": 2017}, UNKNOWN, "the years decide"),
    ("us-seven-years", {**P1, **P2, "step1_year": 2008, "step2_year": 2017}, UNKNOWN, "the years decide"),
    ("us-seven-years", {**P1, "step1_year": 2017, "step2": Step.NOT_TAKEN}, NOT_MET, "ended in 2024"),
    ("us-seven-years", {**P1, **P2, "step1_year": 2018}, UNKNOWN, "one of them is not known"),
    ("us-seven-years", {**P1, **P2, "step1_year": 2024, "step2_year": 2027}, UNKNOWN, "has not come yet"),
    ("us-seven-years", {**P1, "step1_year": 2020, "step2": Step.BOOKED}, UNKNOWN, "ends in 2027"),
    ("us-seven-years", {**P1, "step1_year": 2019, "step2": Step.BOOKED}, UNKNOWN, "ends this year"),
    ("us-seven-years", {**P1, "step1_year": 2018, "step2": Step.FAILED_2}, NOT_MET, "ended in 2025"),
    ("us-seven-years", {**P2, "step2_year": 2018, "step1": Step.NOT_TAKEN}, NOT_MET, "ended in 2025"),
    ("us-seven-years", {**P1, "step1_year": 2018}, UNKNOWN, "which Steps you passed"),
    ("us-seven-years", {**P1, "step2": Step.BOOKED}, UNKNOWN, "its year is not known"),
    ("us-seven-years", {"step1": Step.FAILED_1, "step2": Step.NOT_TAKEN, "step1_year": 2010}, UNKNOWN, "begins with the first Step"),
    ("us-pathway", {"pathway": Pathway.ACCEPTED}, MET, "accepted and valid"),
    ("us-pathway", {"pathway": Pathway.NONE_OF_THESE, **ISSUED}, MET, "Certificate shows it"),
    ("us-pathway", {"pathway": Pathway.ACCEPTED_EXPIRED}, NOT_MET, "revalidated"),
    ("us-pathway", {"pathway": Pathway.APPLIED}, NOT_MET, "not accepted"),
    ("us-pathway", {"pathway": Pathway.LICENSED}, NOT_MET, "1 January 2019 or later"),
    ("us-pathway", {"pathway": Pathway.LICENSED}, NOT_MET, "about 2022 for this Match, estimated, not announced"),
    ("us-pathway", {"pathway": Pathway.LICENSED, "match_year": 2028}, NOT_MET, "about 2023 for this Match"),
    ("us-pathway", {"pathway": Pathway.LICENSED}, NOT_MET, "still take applications is not held"),
    ("us-pathway", {"pathway": Pathway.SCHOOL_RECOGNISED}, NOT_MET, "graduations of 1 January 2022, then 2023, or later"),
    ("us-pathway", {"pathway": Pathway.SCHOOL_RECOGNISED}, NOT_MET, "Your year of graduation decides"),
    ("us-pathway", {"pathway": Pathway.SCHOOL_RECOGNISED, "graduation": 2022}, NOT_MET, "By that pattern 2022 is too early"),
    ("us-pathway", {"pathway": Pathway.JOINT_DEGREE, "graduation": 2012}, NOT_MET, "too early: ask ECFMG. Pathway 6 remains"),
    ("us-pathway", {"pathway": Pathway.SCHOOL_RECOGNISED, "graduation": 2023}, NOT_MET, "Whether 2023 is late enough for this Match"),
    ("us-pathway", {"pathway": Pathway.SCHOOL_RECOGNISED, "graduation": 2023, "match_year": 2028}, NOT_MET, "2023 is too early"),
    ("us-pathway", {"pathway": Pathway.SCHOOL_RECOGNISED}, NOT_MET, "Pathways 3 and 4"),
    ("us-pathway", {"pathway": Pathway.JOINT_DEGREE}, NOT_MET, "Pathway 5"),
    ("us-pathway", {"pathway": Pathway.NONE_OF_THESE}, NOT_MET, "Pathway 6"),
    ("us-pathway", {}, UNKNOWN, "Which Pathway fits"),
    ("us-oet", {"oet": Oet.NOT_TAKEN, **ISSUED}, MET, "Certificate shows it"),
    ("us-oet", SAT, MET, "in one sitting in 2026"),
    ("us-oet", {**SAT, "oet_year": 2025}, MET, "in 2025, which counts by the pattern of earlier seasons."),
    ("us-oet", {**SAT, "oet_year": 2025}, MET, "over two years old by the rank list deadline"),
    ("us-oet", {**SAT, "oet_year": 2024}, UNKNOWN, "a test of 2024 is too old: ask"),
    ("us-oet", {**SAT, "oet_year": 2023}, NOT_MET, "too old by every pattern"),
    ("us-oet", {**SAT, "oet_year": 2023, "oet_parts": None}, NOT_MET, "too old by every pattern"),
    ("us-oet", {**SAT, "oet_year": 2027}, UNKNOWN, "lies ahead"),
    ("us-oet", {**SAT, "oet_year": None}, UNKNOWN, "depends on its year"),
    ("us-oet", {**SAT, "oet_parts": None}, UNKNOWN, "grades per part are not known"),
    ("us-oet", {**SAT, "oet_parts": ALL_PARTS - {OetPart.WRITING}}, NOT_MET, "Below the grade: Writing (needs 300)."),
    (
        "us-oet",
        {**SAT, "oet_parts": frozenset({OetPart.READING, OetPart.WRITING})},
        NOT_MET,
        "Listening (needs 350), Speaking (needs 350).",
    ),
    ("us-oet", {**SAT, "oet_parts": frozenset()}, NOT_MET, "Listening (needs 350), Reading (needs 350), Speaking (needs 350), Writing"),
    ("us-oet", {**SAT, "oet": Oet.SEVERAL_SITTINGS}, NOT_MET, "in one sitting"),
    ("us-oet", {"oet": Oet.BOOKED}, NOT_MET, "is booked"),
    ("us-oet", {"oet": Oet.NOT_TAKEN}, NOT_MET, "not exempt"),
    ("us-oet", {}, UNKNOWN, "not known yet"),
    ("us-verified", READY, MET, "Exams, Pathway and OET are done"),
    ("us-verified", ISSUED, MET, "are done"),
    ("us-verified", {**READY, "step1": Step.BOOKED}, NOT_MET, "Still missing: Step 1."),
    ("us-verified", {**READY, "step1": Step.NOT_TAKEN, "step2": Step.FAILED_1}, NOT_MET, "Step 1 and Step 2 CK"),
    ("us-verified", {**READY, "step2": Step.UNKNOWN, "step1": Step.BOOKED}, NOT_MET, "Step 1"),
    ("us-verified", {**READY, "step1_year": 2016}, NOT_MET, "both passes inside the seven-year window"),
    ("us-verified", {**READY, "step1_year": 2018, "step2_year": 2025}, UNKNOWN, "seven-year window"),
    ("us-verified", {**READY, "step2": Step.UNKNOWN}, UNKNOWN, "Not known yet: Step 2 CK"),
    ("us-verified", {**READY, "pathway": Pathway.APPLIED}, UNKNOWN, "treat them as needed"),
    ("us-verified", {**READY, "oet": Oet.BOOKED}, UNKNOWN, "treat them as needed"),
    ("us-certificate", ISSUED, MET, "is issued"),
    ("us-certificate", {"certificate": Certificate.ISSUED_EXPIRED}, NOT_MET, "revalidated"),
    ("us-certificate", {"certificate": Certificate.PAPERS_VERIFIED}, NOT_MET, "before the first day"),
    ("us-certificate", {"certificate": Certificate.NOT_GRADUATED}, NOT_MET, "before the first day"),
    ("us-certificate", {}, UNKNOWN, "not known yet"),
    ("us-eras", {"eras": Eras.APPLIED}, MET, "are sent"),
    ("us-eras", {"eras": Eras.TOKEN}, NOT_MET, "nothing is sent"),
    ("us-eras", {"eras": Eras.NONE}, NOT_MET, "IMGs get it from ECFMG"),
    ("us-eras", {"eras": Eras.NONE, "school": School.US}, NOT_MET, "your own school"),
    ("us-eras", {}, UNKNOWN, "not known yet"),
    ("us-nrmp", {"nrmp": Nrmp.REGISTERED}, MET, "registered"),
    ("us-nrmp", {"nrmp": Nrmp.NOT_REGISTERED}, NOT_MET, "50 USD more"),
    ("us-nrmp", {}, UNKNOWN, "no registration"),
    ("us-visa", {"us_status": UsStatus.CITIZEN}, MET, "no visa"),
    ("us-visa", {"us_status": UsStatus.GREEN_CARD}, MET, "no visa"),
    ("us-visa", {"us_status": UsStatus.OTHER_AUTHORISATION}, DEPENDS, "each program to say"),
    ("us-visa", {"us_status": UsStatus.VISA_NEEDED}, DEPENDS, "which visas it takes"),
    ("us-visa", {}, UNKNOWN, "not known yet"),
    ("us-j1", {**ISSUED, **NEEDS}, DEPENDS, "of your last legal permanent residence (or your nationality)"),
    ("us-j1", {"certificate": Certificate.PAPERS_VERIFIED, **NEEDS}, NOT_MET, "Certificate first"),
    ("us-j1", NEEDS, UNKNOWN, "Certificate, which is not known yet"),
    ("us-j1", {**ISSUED, "visa_plan": VisaPlan.J1}, UNKNOWN, "your status in the United States is not known"),
    ("us-h1b", {**ISSUED, "visa_plan": VisaPlan.H1B, "step3": Passed.NOT_PASSED}, UNKNOWN, "your status in the United States is not known"),
    ("us-h1b", {**NEEDS, **ISSUED, "step3": Passed.NOT_PASSED}, NOT_MET, "Step 3 comes before"),
    ("us-h1b", {**NEEDS, "certificate": Certificate.PAPERS_VERIFIED, "step3": Passed.PASSED}, NOT_MET, "Certificate comes before"),
    (
        "us-h1b",
        {**NEEDS, "certificate": Certificate.NOT_GRADUATED, "step3": Passed.NOT_PASSED},
        NOT_MET,
        "Step 3 and the ECFMG Certificate come",
    ),
    ("us-h1b", {**NEEDS, "step3": Passed.NOT_PASSED}, NOT_MET, "Step 3 comes"),
    ("us-h1b", {**NEEDS, **ISSUED}, UNKNOWN, "one of them is not known"),
    ("us-h1b", {**NEEDS, "step3": Passed.PASSED}, UNKNOWN, "one of them is not known"),
    (
        "us-h1b",
        {**NEEDS, **ISSUED, "step3": Passed.PASSED, "place": Place.INSIDE_US},
        DEPENDS,
        "change of status inside the country was exempt",
    ),
    ("us-h1b", {**NEEDS, **ISSUED, "step3": Passed.PASSED, "place": Place.OUTSIDE_US}, UNKNOWN, "after 21 September 2026 is not known"),
    ("us-h1b", {**NEEDS, **ISSUED, "step3": Passed.PASSED}, UNKNOWN, "Whether you are inside"),
    *(
        ("us-h1b", {**NEEDS, **ISSUED, "step3": Passed.PASSED, "place": place}, verdict, "after 21 September 2026 is not known")
        for place, verdict in ((Place.INSIDE_US, DEPENDS), (Place.OUTSIDE_US, UNKNOWN), (Place.UNKNOWN, UNKNOWN))
    ),
    ("us-soap", {**READY, **FINISHED, "nrmp": Nrmp.REGISTERED, "july_start": YesNo.YES}, MET, "You could take part"),
    ("us-soap", {**READY, "nrmp": Nrmp.REGISTERED, "july_start": YesNo.YES}, UNKNOWN, "Not known yet: a start on July 1"),
    ("us-soap", {**READY, "certificate": Certificate.PAPERS_NOT_SENT, "nrmp": Nrmp.REGISTERED, "july_start": YesNo.YES}, MET, "could take"),
    ("us-soap", {**READY, "nrmp": Nrmp.NOT_REGISTERED, "july_start": YesNo.NO}, NOT_MET, "the NRMP registration, a start on July 1"),
    (
        "us-soap",
        {"school": School.OTHER, **P1, "step2": Step.BOOKED, "nrmp": Nrmp.REGISTERED, "july_start": YesNo.YES},
        NOT_MET,
        "verification by ECFMG",
    ),
    ("us-soap", {**READY, "nrmp": Nrmp.REGISTERED, "july_start": YesNo.NO}, NOT_MET, "a start on July 1"),
    ("us-soap", {**READY, "nrmp": Nrmp.REGISTERED}, UNKNOWN, "Not known yet: a start on July 1"),
    ("us-soap", {"nrmp": Nrmp.REGISTERED, "july_start": YesNo.YES}, UNKNOWN, "the verification by ECFMG"),
    ("us-soap", {**OPEN_CANADIAN, "graduation": 2025}, UNKNOWN, "the verification by ECFMG"),
    ("us-soap", {**OPEN_CANADIAN, "graduation": None}, UNKNOWN, "the verification by ECFMG"),
    ("us-soap", {**OPEN_CANADIAN, "school": School.UNKNOWN}, UNKNOWN, "the verification by ECFMG"),
    ("us-soap", {**OPEN_CANADIAN, "graduation": 2026}, NOT_MET, "the verification by ECFMG"),
    ("us-soap", {**OPEN_CANADIAN, "graduation": 2025, "nrmp": Nrmp.NOT_REGISTERED}, NOT_MET, "the NRMP registration."),
    ("us-soap", {"school": School.US, **FINISHED, "nrmp": Nrmp.REGISTERED, "july_start": YesNo.YES}, MET, "You could take part"),
    ("us-soap", {"school": School.CANADA, "graduation": 2020, "nrmp": Nrmp.REGISTERED, "july_start": YesNo.YES}, MET, "could take part"),
    ("us-usce", {}, DEPENDS, "No rule of ECFMG"),
    ("us-program-limits", {}, DEPENDS, "its own limits"),
]


@pytest.mark.parametrize(("rule", "given", "verdict", "said"), TABLE)
def test_each_answer_gives_its_verdict_and_a_reason_of_its_own(rule: str, given: dict[str, Any], verdict: Verdict, said: str) -> None:
    judgement = JUDGES[rule](replace(Answers(2027), **given), NOW)
    assert judgement.verdict is verdict
    assert said in judgement.reason


def test_the_table_holds_every_rule_with_every_verdict_it_can_give() -> None:
    given = {rule: {verdict for each, _, verdict, _ in TABLE if each == rule} for rule in JUDGES}
    assert {rule for rule, verdicts in given.items() if len(verdicts) == 1} == {"us-usce", "us-program-limits"}


@pytest.mark.parametrize(
    ("given", "left_out"),
    [
        ({}, set()),
        ({"visa_plan": VisaPlan.J1}, {"us-h1b"}),
        ({"visa_plan": VisaPlan.EITHER}, set()),
        ({"us_status": UsStatus.OTHER_AUTHORISATION, "visa_plan": VisaPlan.H1B}, {"us-j1"}),
        ({"us_status": UsStatus.OTHER_AUTHORISATION, "visa_plan": VisaPlan.EITHER}, set()),
        ({"us_status": UsStatus.GREEN_CARD, "visa_plan": VisaPlan.EITHER}, {"us-j1", "us-h1b"}),
        ({"us_status": UsStatus.CITIZEN}, {"us-j1", "us-h1b"}),
        ({"us_status": UsStatus.OTHER_AUTHORISATION}, {"us-j1", "us-h1b"}),
        ({"us_status": UsStatus.VISA_NEEDED}, set()),
        ({"us_status": UsStatus.VISA_NEEDED, "visa_plan": VisaPlan.EITHER}, set()),
        ({"us_status": UsStatus.VISA_NEEDED, "visa_plan": VisaPlan.J1}, {"us-h1b"}),
        (H1B, {"us-j1"}),
        ({"school": School.US}, set(JUDGES) - set(FOR_GRADUATES_OF_THE_US)),
        ({"school": School.CANADA, "graduation": 2024}, set(JUDGES) - set(FOR_GRADUATES_OF_THE_US)),
        ({"school": School.CANADA, "graduation": 2025}, set()),
        ({"school": School.CANADA, "graduation": 2026}, set()),
    ],
)
def test_only_what_concerns_her_is_judged(given: dict[str, Any], left_out: set[str]) -> None:
    concerned = concerning(replace(Answers(2027), **given))
    assert set(JUDGES) - set(concerned) == left_out
    assert list(concerned) == [rule for rule in JUDGES if rule in concerned]


@pytest.mark.parametrize(
    ("given", "todo"),
    [
        ({**ISSUED, "step3": Passed.NOT_PASSED}, "Take Step 3, in the US or its territories only"),
        ({"certificate": Certificate.PAPERS_VERIFIED, "step3": Passed.NOT_PASSED}, "Step 3 comes after Steps 1 and 2 CK"),
        ({**ISSUED, "step3": Passed.PASSED}, "Ask each program"),
        ({"step3": Passed.UNKNOWN}, "Step 3 comes after Steps 1 and 2 CK"),
    ],
)
def test_step_3_is_asked_of_those_who_may_take_it(given: dict[str, Any], todo: str) -> None:
    found = JUDGES["us-h1b"](replace(Answers(2027), **H1B, **given), NOW)
    assert found.next.startswith(todo)
    assert "check the present state of the proclamation" in found.next
    assert "Few programs" not in found.reason


@pytest.mark.parametrize(
    ("given", "todo"),
    [
        ({}, "Answer “Visa and start”"),
        ({"july_start": YesNo.NO}, "See whether your first day can be moved"),
        ({"july_start": YesNo.YES}, "Answer under “You and your school”"),
        ({"july_start": YesNo.NO, "nrmp": Nrmp.NOT_REGISTERED}, ""),
    ],
)
def test_where_only_the_start_is_open_soap_asks_for_that(given: dict[str, Any], todo: str) -> None:
    found = JUDGES["us-soap"](replace(Answers(2027), **{**READY, "nrmp": Nrmp.REGISTERED, **given}), NOW)
    assert found.next.startswith(todo)
    assert bool(found.next) == bool(todo)
