"""``/eligibility check``: the way to the result, the result, what is still missing."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.eligibility.answers import Answers, Certificate, School, Step, VisaPlan, Way
from bot.domain.eligibility.questions import Field, page, pages
from bot.domain.member import Country, Member
from cogs.eligibility._explain import rule_card
from cogs.eligibility._saved import saved_card
from cogs.eligibility._saving import told_card
from cogs.eligibility._shown import WAYS, Shown, View
from cogs.eligibility._words import HEADINGS
from tests.cogs.conftest import NOW, World, _nested, components, labels, options, text, title
from tests.domain.eligibility.strategies import answers as any_answers
from tests.support.eligibility_cards import ANSWERS, WAITING_LINE, aims, checked, controls, fill, packed_in, press, ticked
from tests.support.reply_limits import assert_within_limits

THOROUGH = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


# --- the way to the result


async def test_the_whole_way_ends_in_a_result_and_stores_nothing(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    before = await world.services.mydata.summary(world.amira.id)
    result = await checked(world)

    assert result.response.ephemeral
    assert title(result).startswith("Eligibility, 2027 Match, page 1 of ")
    assert title(result).endswith(": United States")
    assert "**United States: non-US IMG.**" in text(result)
    assert packed_in(result) == ANSWERS
    assert await world.services.mydata.summary(world.amira.id) == before


async def test_she_is_asked_where_she_applies_when_that_is_not_known(world: World) -> None:
    card = await world.amira.slash(world.general, "eligibility check")
    assert labels(card) == ["United States", "Canada", "United States and Canada"]
    form = await press(world, card, "Canada")
    assert "Your status in Canada" in controls(form)
    after = await fill(world, form, replace(ANSWERS, school=School.CANADA), Field.SCHOOL)
    assert packed_in(after).country is Way.CANADA
    assert "Canadian graduate" in text(after)


@pytest.mark.parametrize(
    ("countries", "way", "count"),
    [
        ([Country.UNITED_STATES], Way.UNITED_STATES, 3),
        ([Country.CANADA], Way.CANADA, 3),
        ([Country.UNITED_STATES, Country.CANADA], Way.BOTH, 6),
    ],
)
async def test_her_settings_choose_the_pages(world: World, countries: list[Country], way: Way, count: int) -> None:
    await aims(world, *countries)
    result = await checked(world, replace(ANSWERS, country=way))
    assert packed_in(result).country is way
    assert len(pages(way)) == count


async def test_another_country_can_be_chosen_for_this_check(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    card = await press(world, await world.amira.slash(world.general, "eligibility check"), "Another country")
    form = await press(world, card, "United States and Canada")
    assert packed_in(await fill(world, form, ANSWERS)).country is Way.BOTH
    assert (await world.services.members.get(world.amira.id)).countries == {Country.UNITED_STATES}


async def test_what_is_left_open_is_not_known(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    step = await world.amira.slash(world.general, "eligibility check")
    for number, each in enumerate(pages(Way.UNITED_STATES), 1):
        step = await fill(world, await press(world, step, f"Page {number}: {each.title}"), ANSWERS)
    assert packed_in(step) == Answers(2027)
    assert "### Unknown" in text(step)
    assert "### Met" not in text(step)


async def test_the_result_can_be_seen_before_the_last_page_and_pages_can_be_gone_back(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    begin = await world.amira.slash(world.general, "eligibility check")
    assert "Show the result" not in labels(begin)
    second = await fill(world, await press(world, begin, "Page 1: You and your school"), ANSWERS, Field.SCHOOL, Field.US_STATUS)
    assert "1. You and your school (done)" in text(second)
    assert "non-US IMG" in text(second)
    form = await press(world, second, "Back")
    assert ticked(form)["Where is your medical school?"] == ["other"]
    assert ticked(form)["Your school in the World Directory"] == []
    again = await fill(world, form, replace(ANSWERS, school=School.US), Field.SCHOOL)
    assert "no IMG" in text(again)
    assert title(await press(world, again, "Show the result")).startswith("Eligibility, 2027 Match")


async def test_the_cards_work_after_a_restart(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    result = await checked(world)
    await world.restart()
    assert title(await press(world, result, "What is still missing")).startswith("What is still missing")


async def test_a_page_is_filled_with_what_was_answered_and_changes_one_answer_alone(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    all_answers = await press(world, await checked(world), "Change answers")
    assert "USMLE Step 2 CK: Booked, not taken yet" in text(all_answers)
    form = await press(world, all_answers, "Exams")
    assert ticked(form)["USMLE Step 1"] == ["passed_1"]
    assert ticked(form)["Year in which you passed Step 1"] == ["2024"]
    given_ = replace(ANSWERS, step2=Step.PASSED_1, step2_year=2026)
    changed = await fill(world, form, given_, *page(Way.UNITED_STATES, "us2").fields)
    assert packed_in(changed) == given_
    assert "USMLE Step 2 CK: Passed, at the first attempt" in text(changed)
    assert "Step 2 CK is booked" not in text(await press(world, changed, "Show the result"))


async def test_visa_and_start_are_asked_from_the_result(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    form = await press(world, await checked(world), "Visa and start")
    result = await fill(world, form, replace(ANSWERS, visa_plan=VisaPlan.J1), Field.VISA_PLAN)
    assert title(result).startswith("Eligibility, 2027 Match")
    assert packed_in(result).visa_plan is VisaPlan.J1


# --- the result


async def test_what_is_not_met_comes_first_with_reason_next_date_and_source(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    first = await checked(world)
    said = text(first) + text(await press(world, first, "Later"))
    assert said.index("### Not met, or not yet") < said.index("### Unknown")
    assert "**USMLE Step 2 CK**\nNot yet: Step 2 CK is booked.\n**Next:** Book a date" in said
    assert "**By:** Rank order list deadline, Wed 3 Mar 2027, 21:00 EST; your clock: Thu 4 Mar 2027, 04:00 EET (<t:1804125600:R>)." in said
    assert "That date is estimated by a rule, not announced." in said
    assert "as of 22 Nov 2026" in said
    assert "no legal advice, no prediction" in said


async def test_every_rule_that_concerns_her_stands_on_one_page_and_none_twice(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    result = await checked(world)
    found = [option["value"] for option in options(result)]
    while "Later" in labels(result) and not is_off(result, "Later"):
        result = await press(world, result, "Later")
        found += [option["value"] for option in options(result)]
    findings = world.services.eligibility.check(ANSWERS).findings
    order = list(HEADINGS)
    assert found == ["us-class", *(finding.rule.id for finding in sorted(findings, key=lambda each: order.index(each.verdict)))]
    assert is_off(result, "Later")


def is_off(result: Any, label: str) -> bool:
    return next(each for each in components(result) if each.get("label") == label).get("disabled", False)


async def test_a_school_in_the_us_is_no_img_and_most_rules_fall_away(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    result = await checked(world, Answers(2027, school=School.US))
    assert "**United States: no IMG.**" in text(result)
    findings = world.services.eligibility.check(Answers(2027, school=School.US)).findings
    assert len(findings) < 8
    assert {option["value"] for option in options(result)} == {"us-class", *(finding.rule.id for finding in findings)}


def replies(world: World, answers: Answers, page_: int = 0) -> list[tuple[View, Shown]]:
    member = Member(1, NOW, zone="Asia/Kathmandu")
    return [(view, Shown(world.services, member, answers, page_)) for view in View]


@THOROUGH
@given(answers=any_answers, now=st.datetimes(datetime(2026, 6, 1), datetime(2028, 7, 1), timezones=st.just(UTC)))  # noqa: DTZ001
async def test_every_card_is_within_the_limits_whatever_she_answers(world: World, answers: Answers, now: datetime) -> None:
    world.clock.move_to(now)
    for view, shown in replies(world, answers):
        last, number = None, 0
        while True:
            card = await WAYS[view](replace(shown, page=number))
            found = _nested(card.to_components())
            assert_within_limits(found)
            assert sum(len(each["content"]) for each in found if each["type"] == 10) + WAITING_LINE <= 4_000
            said = "\n".join(each["content"] for each in found if each["type"] == 10)
            assert "%" not in said.replace("%2", "")
            later = [each for each in found if each.get("label") == "Later" and not each.get("disabled")]
            if not later or said == last:
                break
            last, number = said, number + 1


@THOROUGH
@given(answers=any_answers)
async def test_every_rule_explained_for_her_is_within_the_limits(world: World, answers: Answers) -> None:
    result = world.services.eligibility.check(answers)
    member = Member(1, NOW, zone="Asia/Kathmandu")
    for finding in result.findings:
        card = rule_card(world.services, finding.rule, member, 2027, result=result, in_server=True)
        found = _nested(card.to_components())
        assert_within_limits(found)
        assert finding.reason in "\n".join(each["content"] for each in found if each["type"] == 10)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=any_answers, is_told=st.booleans())
async def test_every_saved_card_is_within_the_limits(world: World, answers: Answers, is_told: bool) -> None:
    await world.services.eligibility.save(world.amira.id, answers)
    saved = await world.services.eligibility.tell(world.amira.id, is_to_be_told=is_told)
    member = await world.services.members.get(world.amira.id)
    for card in (await saved_card(world.services, world.amira.id), told_card("Saved", saved, member)):
        found = _nested(card.to_components())
        assert_within_limits(found)
        assert sum(len(each["content"]) for each in found if each["type"] == 10) + WAITING_LINE <= 4_000


# --- what is still missing


async def test_the_plan_is_dated_and_in_order(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    plan = await press(world, await checked(world), "What is still missing")
    steps = world.services.eligibility.plan(ANSWERS)
    places = [text(plan).find(f"{number}. {step.finding.rule.title}") for number, step in enumerate(steps, 1)]
    shown = [place for place in places if place >= 0]
    assert shown == sorted(shown)
    assert "in our judgement" in text(plan)
    assert "31 Dec 2026, a day of our own planning; no rule names one." in text(plan)
    assert title(await press(world, plan, "Back to the result")).startswith("Eligibility")


async def test_what_can_not_be_reached_any_more_says_what_then(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    world.clock.move_to(datetime(2027, 3, 10, 12, tzinfo=UTC))
    answers = replace(ANSWERS, certificate=Certificate.PAPERS_VERIFIED)
    step = next(step for step in world.services.eligibility.plan(answers) if step.finding.rule.id == "us-step2")
    plan = await press(world, await checked(world, answers), "What is still missing")
    assert "It can't be reached for this Match any more." in text(plan)
    assert f"**Instead:** {step.otherwise}" in text(plan)


async def test_a_reminder_of_a_step_is_set_and_offers_messages(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    plan = await press(world, await checked(world), "What is still missing")
    told = await remind_me_of(world, plan, "us-oet")
    assert title(told) == "Reminder set"
    assert "Allow direct messages" in labels(told)
    assert "Thu 3 Dec 2026, 09:00 EET" in text(told)
    again = await remind_me_of(world, plan, "us-oet")
    assert title(again) == "That reminder is set already"
    event = await remind_me_of(world, plan, "us-step2")
    assert "USMLE Step 2 CK, for the 2027 Match." in text(event)
    assert "Thu 10 Dec 2026, 09:00 EET" in text(event)
    found, _ = await world.services.reminders.page(world.amira.id, 5, 0)
    assert {reminder.text.partition(",")[0] for reminder in found} == {"USMLE Step 2 CK", "Communication skills: OET Medicine"}


async def test_a_step_can_have_a_time_of_her_own(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    plan = await press(world, await checked(world), "What is still missing")
    form = await remind_me_of(world, plan, "us-step2", "remindon")
    assert list(controls(form)) == ["When"]
    told = await world.amira.submit_modal(form, {controls(form)["When"]["custom_id"]: "15 January 2027 18:00"})
    assert title(told) == "Reminder set"
    assert "USMLE Step 2 CK, for the 2027 Match." in text(told)
    assert "Fri 15 Jan 2027, 18:00 EET" in text(told)
    again = await remind_me_of(world, plan, "us-step2", "remindon")
    refused = await world.amira.submit_modal(again, {controls(again)["When"]["custom_id"]: "someday"})
    assert title(refused) == "I can't read that date and time."


async def remind_me_of(world: World, plan: Any, rule_id: str, how: str = "remind") -> Any:
    (custom_id,) = {each["custom_id"] for each in components(plan) if each.get("custom_id", "").startswith(f"eligibility:{how}:")}
    return await world.amira.select(plan.response, [rule_id], custom_id=custom_id)


async def test_a_reminder_of_a_step_that_came_to_pass_meanwhile_is_refused(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    plan = await press(world, await checked(world), "What is still missing")
    world.clock.move_to(datetime(2027, 4, 10, tzinfo=UTC))
    refused = await remind_me_of(world, plan, "us-oet")
    assert "No date lies ahead" in title(refused)


async def test_a_plan_without_steps_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cogs.eligibility._plan.plan", lambda _result: ())
    await aims(world, Country.UNITED_STATES)
    plan = await press(world, await checked(world), "What is still missing")
    assert "no step is left" in text(plan)
    assert labels(plan) == ["Back to the result"]
