"""Dates on the cards of ``/eligibility``: what has passed is said, nothing of it is an order, and every clock is named."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.domain.eligibility.answers import (
    Answers,
    CanadaStatus,
    Certificate,
    Eras,
    Exam,
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
from bot.domain.eligibility.questions import CANADA_PAGES, US_PAGES, Page
from bot.domain.eligibility.verdicts import Due
from bot.domain.facts import Certainty
from bot.domain.member import Member
from cogs.eligibility._explain import rule_card
from cogs.eligibility._form import AnswersForm
from cogs.eligibility._shown import WAYS, Shown, View
from cogs.eligibility._words import LATE, LITTLE_TIME, PLANNED_DAY_PASSED, TOO_LATE, by_line
from tests.cogs.conftest import NOW, World, _nested

BEGUN = Answers(
    2027,
    school=School.OTHER,
    us_status=UsStatus.CITIZEN,
    step1=Step.PASSED_1,
    step1_year=2024,
    step2=Step.NOT_TAKEN,
    oet=Oet.NOT_TAKEN,
    pathway=Pathway.NONE_OF_THESE,
    certificate=Certificate.PAPERS_NOT_SENT,
    eras=Eras.NONE,
    nrmp=Nrmp.NOT_REGISTERED,
    july_start=YesNo.YES,
)
NOVEMBER, FEBRUARY, MARCH = (datetime(*day, 12, tzinfo=UTC) for day in ((2026, 11, 24), (2027, 2, 10), (2027, 3, 10)))


async def said(world: World, view: View, answers: Answers, now: datetime, zone: str | None = "Africa/Cairo") -> str:
    """Return the text of all pages of a card."""
    world.clock.move_to(now)
    pages: list[str] = []
    for number in range(9):
        card = await WAYS[view](Shown(world.services, Member(1, NOW, zone=zone), answers, number))
        text = "\n".join(each["content"] for each in _nested(card.to_components()) if each["type"] == 10)
        if text in pages:
            break
        pages.append(text)
    return "\n".join(pages)


def part(text: str, title: str) -> str:
    """Return what is said of one rule."""
    return text.partition(f"{title}**")[2].partition("\n-# ")[0]


@pytest.mark.parametrize("view", [View.RESULT, View.PLAN])
async def test_the_review_date_is_said_as_passed_and_no_other_is_invented(world: World, view: View) -> None:
    for answers in (BEGUN, replace(BEGUN, school=School.US)):
        eras = part(await said(world, view, answers, NOVEMBER), "ERAS token and applications")
        assert "**Passed:**" in eras
        assert "23 Sep 2026" in eras
        assert "How long a program takes applications after it is for the program to say" in eras
        assert "**By:**" not in eras
        assert "Rank order list deadline" not in eras
    world.clock.move_to(NOVEMBER)
    explained = rule_card(world.services, world.services.catalogue.rules["us-eras"], Member(1, NOW), 2027)
    text = "\n".join(each["content"] for each in _nested(explained.to_components()) if each["type"] == 10)
    assert "**Passed:**" in text
    assert "3 Mar 2027" not in text


async def test_a_planning_day_that_passed_is_called_passed(world: World) -> None:
    plan = await said(world, View.PLAN, BEGUN, FEBRUARY)
    oet = part(plan, "OET Medicine")
    assert "**Passed:** 31 Dec 2026, a day of our own planning; no rule names one." in oet
    assert PLANNED_DAY_PASSED in oet
    assert "end of December" not in oet
    nrmp = part(plan, "NRMP registration")
    assert LATE in nrmp
    assert "Wed 3 Mar 2027" in nrmp
    assert LITTLE_TIME in part(plan, "USMLE Step 2 CK")


@pytest.mark.parametrize("view", [View.RESULT, View.PLAN])
async def test_what_is_too_late_gives_no_order(world: World, view: View) -> None:
    text = await said(world, view, BEGUN, MARCH)
    nrmp = part(text, "NRMP registration")
    assert TOO_LATE in nrmp
    assert "Register at nrmp.org" not in nrmp
    assert "**Instead:** After the rank order list deadline neither the Match nor SOAP is open this season." in nrmp
    assert text.count("By these answers the 2027 Match is over for you in the United States") == 1
    assert "now serve the next season" in text
    for title in ("ECFMG Certificate by the start", "Diploma and transcript verified"):
        assert "1 Jul 2027" not in part(text, title)
    assert "is over for you" not in await said(world, view, BEGUN, FEBRUARY)


async def test_a_step_without_a_date_says_what_if_not(world: World) -> None:
    answers = replace(BEGUN, us_status=UsStatus.VISA_NEEDED, visa_plan=VisaPlan.H1B, step3=Passed.NOT_PASSED)
    h1b = part(await said(world, View.PLAN, answers, NOVEMBER), "H-1B visa")
    assert "If it can't be reached" not in h1b
    assert "**If not:** Look at programs that take the J-1" in h1b


async def test_the_second_iteration_is_what_is_left_in_february(world: World) -> None:
    answers = Answers(2027, Way.CANADA, School.OTHER, canada_status=CanadaStatus.CITIZEN, prior_training=YesNo.NO, nac=Exam.BOOKED)
    text = await said(world, View.RESULT, answers, FEBRUARY)
    assert "is open to you" not in text
    nac = part(text, "NAC Examination")
    assert "For the first iteration it is too late by the pattern held" in nac
    assert "look at carms.ca today" in nac
    later = part(await said(world, View.RESULT, replace(answers, match_year=2028), FEBRUARY), "NAC Examination")
    assert "**By:** a date that is not held for this Match; ask at [Medical Council of Canada" in later


# --- clocks


async def test_who_has_told_no_zone_sees_the_hour_of_her_device(world: World) -> None:
    text = part(await said(world, View.RESULT, BEGUN, NOVEMBER, zone=None), "USMLE Step 2 CK")
    assert "Wed 3 Mar 2027, 21:00 EST (<t:1804125600:f> on your device)" in text


async def test_a_clock_that_changes_before_the_date_is_said_once_a_page(world: World) -> None:
    august = datetime(2026, 8, 3, 12, tzinfo=UTC)
    world.clock.move_to(august)
    card = await WAYS[View.PLAN](Shown(world.services, Member(1, NOW, zone="Africa/Cairo"), BEGUN))
    text = "\n".join(each["content"] for each in _nested(card.to_components()) if each["type"] == 10)
    assert text.count("Clocks in New York go back 1 h on 1 November") == 1
    assert text.count("Clocks in Cairo go back 1 h") == 1
    assert "Clocks in" not in await said(world, View.PLAN, BEGUN, NOVEMBER)


def test_a_day_of_our_own_is_by_or_passed() -> None:
    due = Due(on=date(2026, 12, 31), certainty=Certainty.ESTIMATED)
    assert by_line(due, None) == "**By:** 31 Dec 2026, a day of our own planning; no rule names one."
    assert by_line(replace(due, is_past=True), None).startswith("**Passed:** 31 Dec 2026")
    assert by_line(Due(), None) == "**By:** a date that is not held for this Match."


# --- the form


@pytest.mark.parametrize(
    ("way", "page", "says"), [(Way.CANADA, CANADA_PAGES[0], "CaRMS asks for the listing"), (Way.BOTH, US_PAGES[0], "Look for")]
)
def test_the_listing_is_explained_for_the_country(way: Way, page: Page, says: str) -> None:
    form: dict[str, Any] = AnswersForm(page, Answers(2027, way), View.RESULT).to_dict()
    (listing,) = [each for each in form["components"] if each["label"] == "Your school in the World Directory"]
    assert listing["description"].startswith(says)
