"""Reminders of the steps of a plan: about the step, early enough, at a time of her own, and moving with their date."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.domain.eligibility.answers import (
    Answers,
    Eras,
    Listing,
    Nrmp,
    Oet,
    School,
    Step,
    UsStatus,
)
from bot.domain.reminder import ReminderKind
from bot.errors import UserFacingError
from bot.services.eligibility import EligibilityService
from tests.services.conftest import Desk
from tests.support.databases import AMIRA
from tests.support.facts import other_facts

ANSWERS = Answers(
    2027,
    school=School.OTHER,
    us_status=UsStatus.CITIZEN,
    listing=Listing.WITH_NOTE,
    step1=Step.PASSED_1,
    step1_year=2024,
    step2=Step.BOOKED,
    oet=Oet.NOT_TAKEN,
    nrmp=Nrmp.NOT_REGISTERED,
    eras=Eras.APPLIED,
)


@pytest.fixture
def service(desk: Desk) -> EligibilityService:
    return desk.services.eligibility


async def test_a_step_has_a_reminder_about_itself_early_enough_to_do_it(desk: Desk, service: EligibilityService) -> None:
    set_one = await service.remind(await desk.amira(), replace(ANSWERS, step2=Step.NOT_TAKEN), "us-step2", 7)
    assert set_one.reminder.kind is ReminderKind.OWN
    # Twelve weeks before Thursday 4 March, 4:00 in Cairo, which is 3 March, 21:00 in New York; at 9:00 on her clock.
    assert set_one.reminder.due_at == datetime(2026, 12, 10, 7, tzinfo=UTC)
    assert set_one.reminder.text.startswith("USMLE Step 2 CK, for the 2027 Match. Book a date")
    assert "By: Rank order list deadline, Wed 3 Mar 2027, 21:00 EST (estimated, not announced; " in set_one.reminder.text
    assert "as of 22 Nov 2026)." in set_one.reminder.text
    assert not (await service.remind(await desk.amira(), replace(ANSWERS, step2=Step.NOT_TAKEN), "us-step2", 7)).is_new


async def test_two_steps_of_one_deadline_are_two_reminders(desk: Desk, service: EligibilityService) -> None:
    answers = replace(ANSWERS, step1=Step.NOT_TAKEN, step2=Step.NOT_TAKEN)
    for rule_id in ("us-step1", "us-step2"):
        assert (await service.remind(await desk.amira(), answers, rule_id, None)).is_new
    found, total = await desk.services.reminders.page(AMIRA, 5, 0)
    assert total == 2
    assert {reminder.text.partition(",")[0] for reminder in found} == {"USMLE Step 1", "USMLE Step 2 CK"}


@pytest.mark.parametrize("rule_id", ["us-step2", "us-school", "us-eras"])
async def test_any_step_can_have_a_day_of_her_own(desk: Desk, service: EligibilityService, rule_id: str) -> None:
    answers = replace(ANSWERS, listing=Listing.UNKNOWN, eras=Eras.NONE)
    set_one = await service.remind_on(await desk.amira(), answers, rule_id, "5 January 2027 18:00", None)
    assert set_one.reminder.due_at == datetime(2027, 1, 5, 16, tzinfo=UTC)
    assert set_one.reminder.text.startswith(service.rule(rule_id).title)
    assert ("By: " in set_one.reminder.text) == (rule_id == "us-step2")
    assert not (await service.remind_on(await desk.amira(), answers, rule_id, "5 January 2027 18:00", None)).is_new
    with pytest.raises(UserFacingError, match="can't read"):
        await service.remind_on(await desk.amira(), answers, rule_id, "someday", None)


async def test_the_reminder_of_a_step_follows_its_date_once(desk: Desk, service: EligibilityService, catalogue: Catalogue) -> None:
    await service.save(AMIRA, ANSWERS)
    first = await service.remind(await desk.amira(), ANSWERS, "us-nrmp", 7)
    assert first.reminder.due_at == datetime(2027, 1, 16, 7, tzinfo=UTC)
    with other_facts(catalogue):
        for _ in range(2):
            await service.recheck()
            (found,), total = await desk.services.reminders.page(AMIRA, 5, 0)
            assert total == 1
            assert found.due_at == datetime(2027, 1, 18, 7, tzinfo=UTC)
            assert "Its date has moved, was Fri 29 Jan 2027." in found.text
            assert "Sun 31 Jan 2027" in found.text
            assert found.guild_id == 7


async def test_a_reminder_that_can_not_be_set_anew_stays(
    desk: Desk, service: EligibilityService, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.save(AMIRA, ANSWERS)
    first = await service.remind(await desk.amira(), ANSWERS, "us-nrmp", 7)
    monkeypatch.setattr("bot.services.reminders.MAX_ACTIVE", 1)
    with other_facts(catalogue):
        assert await service.recheck() == 1
    assert (await desk.services.reminders.page(AMIRA, 5, 0))[0] == [first.reminder]


async def test_a_day_of_our_own_has_its_reminder_four_weeks_before_on_her_morning(desk: Desk, service: EligibilityService) -> None:
    set_one = await service.remind(await desk.amira(), ANSWERS, "us-oet", None)
    assert set_one.reminder.kind is ReminderKind.OWN
    assert set_one.reminder.due_at == datetime(2026, 12, 3, 7, tzinfo=UTC)
    assert "By: Thu 31 Dec 2026 (a day of our own planning; no rule names one)." in set_one.reminder.text
    assert not (await service.remind(await desk.amira(), ANSWERS, "us-oet", None)).is_new


async def test_less_than_a_week_before_it_comes_on_the_day(desk: Desk, service: EligibilityService) -> None:
    desk.clock.move_to(datetime(2026, 12, 28, tzinfo=UTC))
    set_one = await service.remind(await desk.amira(), ANSWERS, "us-oet", None)
    assert set_one.reminder.due_at == datetime(2026, 12, 31, 7, tzinfo=UTC)


@pytest.mark.parametrize("rule_id", ["us-oet", "us-nrmp"])
async def test_one_that_was_cancelled_can_be_switched_on_again(desk: Desk, service: EligibilityService, rule_id: str) -> None:
    for _ in range(3):
        set_one = await service.remind(await desk.amira(), ANSWERS, rule_id, None)
        assert set_one.is_new
        await desk.services.reminders.cancel(AMIRA, set_one.reminder.id)


@pytest.mark.parametrize(
    ("rule_id", "now", "said"),
    [
        ("us-step1", date(2026, 11, 22), "not in your plan"),
        ("nonsense", date(2026, 11, 22), "not in your plan"),
        ("us-school", date(2026, 11, 22), "No date lies ahead"),
        ("us-oet", date(2027, 1, 2), "No date lies ahead"),
        ("us-nrmp", date(2027, 4, 1), "No date lies ahead"),
        ("us-eras", date(2026, 11, 22), "No date lies ahead"),
    ],
)
async def test_a_step_without_a_date_ahead_says_so(desk: Desk, service: EligibilityService, rule_id: str, now: date, said: str) -> None:
    desk.clock.move_to(datetime(now.year, now.month, now.day, 12, tzinfo=UTC))
    answers = replace(ANSWERS, listing=Listing.UNKNOWN, eras=Eras.NONE)
    with pytest.raises(UserFacingError, match=said):
        await service.remind(await desk.amira(), answers, rule_id, None)
    assert (await desk.services.reminders.page(AMIRA, 5, 0))[1] == 0


async def test_a_refusal_of_the_reminders_is_hers_to_read(desk: Desk, service: EligibilityService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.reminders.MAX_ACTIVE", 0)
    with pytest.raises(UserFacingError, match="the most I keep"):
        await service.remind(await desk.amira(), ANSWERS, "us-oet", None)
