"""Eligibility: checked, saved, planned with reminders, and checked again when a rule or a date has changed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.catalogue import Catalogue
from bot.domain.calendar import SeasonEvent
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.eligibility.answers import Answers, Eras, Listing, Nrmp, Oet, School, Step, UsStatus, Way
from bot.domain.eligibility.saved import Change, Outcome, changes_between, for_match
from bot.domain.eligibility.verdicts import Verdict
from bot.domain.member import Country
from bot.domain.reminder import ReminderKind
from bot.errors import UserFacingError
from bot.services.eligibility import MAX_CHANGES, EligibilityService, change_text
from bot.storage.eligibility import EligibilityRepository
from tests.services.conftest import Desk
from tests.support.databases import AMIRA, DIEGO
from tests.support.facts import REGISTRATION, other_facts

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


async def told(desk: Desk) -> list[Delivery]:
    return [delivery for delivery in await desk.send_due() if delivery.kind is DeliveryKind.RULE_CHANGE]


def verdict(service: EligibilityService, answers: Answers, rule_id: str) -> Verdict:
    return service.check(answers).verdicts()[rule_id]


# --- rules by name


@pytest.mark.parametrize(
    ("typed", "rule_id"),
    [
        ("us-oet", "us-oet"),
        ("OET", "us-oet"),
        ("seven years", "us-seven-years"),
        ("7 years", "us-seven-years"),
        ("h1b", "us-h1b"),
        ("J-1", "us-j1"),
        ("soap", "us-soap"),
        ("pathway", "us-pathway"),
        ("sponsor note", "us-school"),
        ("usce", "us-usce"),
        ("NAC", "ca-nac"),
        ("ontario", "ca-province"),
    ],
)
def test_rules_are_found_as_members_call_them(service: EligibilityService, typed: str, rule_id: str) -> None:
    assert service.rule(typed).id == rule_id


def test_a_name_that_fits_nothing_is_said(service: EligibilityService) -> None:
    with pytest.raises(UserFacingError, match="no rule of that name"):
        service.rule("barbecue with friends")


def test_nothing_typed_suggests_the_rules_in_order(service: EligibilityService, catalogue: Catalogue) -> None:
    assert [rule.id for rule in service.suggest("")] == list(catalogue.rules)[:25]
    assert [rule.id for rule in service.suggest("\u200b ")] == list(catalogue.rules)[:25]


def test_every_rule_has_its_country_and_its_date(service: EligibilityService, catalogue: Catalogue) -> None:
    both = [rule.id for country in Country for rule in service.rules_of(country)]
    assert sorted(both) == sorted(catalogue.rules)
    for rule in catalogue.rules.values():
        due = service.due(rule, 2027)
        assert (due is not None) == bool(rule.by or rule.by_day), rule.id


# --- saving


async def test_saved_once_however_often_it_is_pressed(desk: Desk, service: EligibilityService) -> None:
    first = await service.save(AMIRA, ANSWERS)
    assert await service.save(AMIRA, ANSWERS) == first == await service.saved(AMIRA)
    assert (await desk.services.mydata.summary(AMIRA))["eligibility"] == 1
    assert await service.saved(DIEGO) is None


async def test_saving_may_be_the_first_thing_that_she_does(desk: Desk, service: EligibilityService) -> None:
    assert (await service.save(77, ANSWERS)).answers == ANSWERS
    assert (await desk.services.mydata.summary(77)) | {"settings": 1, "eligibility": 1} == await desk.services.mydata.summary(77)


async def test_saving_after_erasing_everything_begins_anew(desk: Desk, service: EligibilityService) -> None:
    await service.save(AMIRA, ANSWERS)
    await service.tell(AMIRA, is_to_be_told=True)
    await desk.services.mydata.erase(AMIRA)
    assert await service.saved(AMIRA) is None
    assert not (await service.save(AMIRA, ANSWERS)).is_to_be_told


async def test_she_is_told_only_of_what_is_saved(service: EligibilityService) -> None:
    with pytest.raises(UserFacingError, match="is saved"):
        await service.tell(AMIRA, is_to_be_told=True)
    await service.save(AMIRA, ANSWERS)
    assert (await service.tell(AMIRA, is_to_be_told=True)).is_to_be_told
    assert (await service.save(AMIRA, replace(ANSWERS, graduation=2020))).is_to_be_told
    assert not (await service.tell(AMIRA, is_to_be_told=False)).is_to_be_told


async def test_erased_twice_finds_nothing(service: EligibilityService) -> None:
    await service.save(AMIRA, ANSWERS)
    assert await service.erase(AMIRA)
    assert not await service.erase(AMIRA)
    assert await service.saved(AMIRA) is None


# --- checked again


async def test_nothing_is_checked_while_nothing_has_changed(desk: Desk, service: EligibilityService) -> None:
    await service.save(AMIRA, ANSWERS)
    await service.tell(AMIRA, is_to_be_told=True)
    assert await service.recheck() == 0
    assert await told(desk) == []


async def test_a_moved_date_is_told_once_from_what_to_what(desk: Desk, service: EligibilityService, catalogue: Catalogue) -> None:
    await service.save(AMIRA, ANSWERS)
    await service.tell(AMIRA, is_to_be_told=True)
    with other_facts(catalogue):
        assert await service.recheck() == 1
        assert await service.recheck() == 0
        (delivery,) = await told(desk)
        assert delivery.payload["text"].splitlines() == [
            "A rule or a date behind your saved eligibility answers has changed (2027 Match).",
            "- NRMP registration: by Sun 31 Jan 2027, 23:59 UTC-05:00, was Fri 29 Jan 2027, 23:59 UTC-05:00",
            "/eligibility saved shows your answers and checks them again. General information, no prediction.",
        ]
        assert await told(desk) == []


async def test_the_same_change_back_and_forth_is_told_each_time(desk: Desk, service: EligibilityService, catalogue: Catalogue) -> None:
    await service.save(AMIRA, ANSWERS)
    await service.tell(AMIRA, is_to_be_told=True)
    for _ in range(2):
        with other_facts(catalogue):
            await service.recheck()
            assert len(await told(desk)) == 1
        await service.recheck()
        assert len(await told(desk)) == 1


async def test_who_did_not_ask_is_not_told_and_is_checked_all_the_same(
    desk: Desk, service: EligibilityService, catalogue: Catalogue
) -> None:
    await service.save(AMIRA, ANSWERS)
    with other_facts(catalogue):
        assert await service.recheck() == 1
        saved = await service.saved(AMIRA)
        assert saved is not None
        assert saved.outcomes["us-nrmp"].by == "2027-01-31T23:59:00-05:00"
        assert await told(desk) == []


async def test_the_date_of_what_she_has_met_is_no_news(desk: Desk, service: EligibilityService, catalogue: Catalogue) -> None:
    await service.save(AMIRA, replace(ANSWERS, nrmp=Nrmp.REGISTERED))
    await service.tell(AMIRA, is_to_be_told=True)
    with other_facts(catalogue):
        assert await service.recheck() == 1
        assert await told(desk) == []


async def test_nobody_is_told_of_a_match_that_is_over(desk: Desk, service: EligibilityService, catalogue: Catalogue) -> None:
    await service.save(AMIRA, ANSWERS)
    await service.tell(AMIRA, is_to_be_told=True)
    desk.clock.move_to(datetime(2027, 11, 1, tzinfo=UTC))
    with other_facts(catalogue):
        assert await service.recheck() == 1
        assert await told(desk) == []


async def test_many_are_checked_in_portions_each_told_once(
    desk: Desk, service: EligibilityService, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.eligibility.AT_ONCE", 2)
    people = range(1, 6)
    for person in people:
        await service.save(person, ANSWERS)
        await service.tell(person, is_to_be_told=True)
    with other_facts(catalogue):
        assert await service.recheck() == len(people)
        assert sorted(delivery.recipient for delivery in await told(desk)) == [f"member:{person}" for person in people]


async def test_a_failure_in_the_middle_is_made_good_at_the_next_start(
    desk: Desk, service: EligibilityService, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.services.eligibility.AT_ONCE", 1)
    for person in (AMIRA, DIEGO):
        await service.save(person, ANSWERS)
        await service.tell(person, is_to_be_told=True)
    settle, calls = EligibilityRepository.settle, []

    async def breaks_once(self: EligibilityRepository, rechecked: Any) -> int:
        calls.append(rechecked)
        if len(calls) == 2:
            raise OSError("the disk is full")
        return await settle(self, rechecked)

    monkeypatch.setattr(EligibilityRepository, "settle", breaks_once)
    with other_facts(catalogue):
        assert await service.recheck() == 1
        assert "could not all be checked again" in caplog.text
        assert await service.recheck() == 1
        assert sorted(delivery.recipient for delivery in await told(desk)) == [f"member:{AMIRA}", f"member:{DIEGO}"]


async def test_what_waits_to_be_told_goes_with_what_was_saved(desk: Desk, service: EligibilityService, catalogue: Catalogue) -> None:
    await service.save(AMIRA, ANSWERS)
    await service.tell(AMIRA, is_to_be_told=True)
    with other_facts(catalogue):
        await service.recheck()
        await service.erase(AMIRA)
        assert await told(desk) == []


# --- what changed, in words

OUTCOMES = st.builds(Outcome, st.sampled_from(list(Verdict)), st.sampled_from(["", "2026-12-31", "2027-03-03T21:00:00-05:00"]))


@given(data=st.data())
def test_any_change_is_told_within_the_limit(catalogue: Catalogue, data: st.DataObject) -> None:
    of_some = st.dictionaries(st.sampled_from([*catalogue.rules, "us-gone"]), OUTCOMES)
    changes = changes_between(data.draw(of_some), data.draw(of_some))
    text = change_text(changes, catalogue.rules, 2027)
    assert len(text) <= MAX_CHANGES
    assert not any(line.endswith(": ") for line in text.splitlines())
    shown = [line for line in text.splitlines() if line.startswith("- ") and not line.startswith("- and ")]
    left = next((int(line.split()[2]) for line in text.splitlines() if line.startswith("- and ")), 0)
    assert len(shown) + left == len(changes)


def test_each_kind_of_change_has_its_words(catalogue: Catalogue) -> None:
    met, unknown = Outcome(Verdict.MET), Outcome(Verdict.UNKNOWN, "2026-12-31")
    changes = (
        Change("us-oet", met, unknown),
        Change("us-soap", None, unknown),
        Change("us-gone", met, None),
        Change("us-pathway", unknown, Outcome(Verdict.UNKNOWN, "")),
    )
    assert change_text(changes, catalogue.rules, 2027).splitlines()[1:-1] == [
        "- Communication skills: OET Medicine: unknown, was met; by Thu 31 Dec 2026, was a date that is not known",
        "- SOAP: new for you, unknown",
        "- A rule that is not held any more: does not concern you any more",
        "- Clinical skills: a Pathway: by a date that is not known, was Thu 31 Dec 2026",
    ]


def test_what_belongs_to_one_season_is_asked_anew_for_another() -> None:
    assert for_match(ANSWERS, 2027) is ANSWERS
    assert for_match(ANSWERS, 2028) == replace(ANSWERS, match_year=2028, eras=Eras.UNKNOWN, nrmp=Nrmp.UNKNOWN)


# --- reminders of steps


async def test_a_step_with_a_date_of_the_season_has_its_reminder_ahead_of_it(desk: Desk, service: EligibilityService) -> None:
    set_one = await service.remind(await desk.amira(), ANSWERS, "us-nrmp", 7)
    assert (set_one.reminder.kind, set_one.reminder.event_id) == (ReminderKind.SEASON_DATE, REGISTRATION)
    assert set_one.reminder.lead == timedelta(weeks=1)
    assert not (await service.remind(await desk.amira(), ANSWERS, "us-nrmp", 7)).is_new


async def test_a_day_of_our_own_has_its_reminder_a_week_before_on_her_morning(desk: Desk, service: EligibilityService) -> None:
    set_one = await service.remind(await desk.amira(), ANSWERS, "us-oet", None)
    assert set_one.reminder.kind is ReminderKind.OWN
    assert set_one.reminder.due_at == datetime(2026, 12, 24, 7, tzinfo=UTC)
    assert "planned by Thu 31 Dec 2026" in set_one.reminder.text
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
    ],
)
async def test_a_step_without_a_date_ahead_says_so(desk: Desk, service: EligibilityService, rule_id: str, now: date, said: str) -> None:
    desk.clock.move_to(datetime(now.year, now.month, now.day, 12, tzinfo=UTC))
    answers = replace(ANSWERS, listing=Listing.UNKNOWN)
    with pytest.raises(UserFacingError, match=said):
        await service.remind(await desk.amira(), answers, rule_id, None)
    assert (await desk.services.reminders.page(AMIRA, 5, 0))[1] == 0


async def test_a_refusal_of_the_reminders_is_hers_to_read(desk: Desk, service: EligibilityService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.reminders.MAX_ACTIVE", 0)
    with pytest.raises(UserFacingError, match="the most I keep"):
        await service.remind(await desk.amira(), ANSWERS, "us-oet", None)


def test_dates_of_both_countries_are_known_to_the_rules(service: EligibilityService) -> None:
    findings = service.check(replace(ANSWERS, country=Way.BOTH)).findings
    events = {finding.due.event.country for finding in findings if finding.due and isinstance(finding.due.event, SeasonEvent)}
    assert events == set(Country)
