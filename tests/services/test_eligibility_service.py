"""Eligibility: checked, saved, planned with reminders, and checked again when a rule or a date has changed."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.domain.calendar import SeasonEvent
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.eligibility.answers import (
    Answers,
    Certificate,
    Eras,
    Listing,
    Nrmp,
    Oet,
    OetPart,
    Pathway,
    References,
    School,
    Step,
    UsStatus,
    Way,
    YesNo,
)
from bot.domain.eligibility.saved import for_match
from bot.domain.eligibility.verdicts import Verdict
from bot.domain.member import Country
from bot.errors import UserFacingError
from bot.services.eligibility import EligibilityService
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
    event = catalogue.event(REGISTRATION)
    assert event is not None
    how_sure = f"estimated, not announced; {event.citation.sources[0].title[:60]}, as of 22 Nov 2026"
    with other_facts(catalogue):
        assert await service.recheck() == 1
        assert await service.recheck() == 0
        (delivery,) = await told(desk)
        assert delivery.payload["text"].splitlines() == [
            "A rule or a date behind your saved eligibility answers has changed (2027 Match).",
            f"- NRMP registration: by Sun 31 Jan 2027, 23:59 EST ({how_sure}), was Fri 29 Jan 2027, 23:59 EST",
            "/eligibility saved shows your answers and checks them again. General information, no prediction.",
        ]
        assert await told(desk) == []


CODE_ALONE = replace(ANSWERS, step1_year=2020, step2=Step.NOT_TAKEN, country=Way.BOTH, prior_training=YesNo.NO)


@pytest.mark.parametrize(
    ("saved_on", "checked_on", "year"),
    [
        (datetime(2026, 11, 24, tzinfo=UTC), datetime(2027, 2, 5, tzinfo=UTC), 2027),
        (datetime(2027, 12, 1, tzinfo=UTC), datetime(2028, 1, 5, tzinfo=UTC), 2028),
    ],
)
async def test_what_time_alone_changes_is_no_change_of_a_rule(
    desk: Desk,
    service: EligibilityService,
    catalogue: Catalogue,
    monkeypatch: pytest.MonkeyPatch,
    saved_on: datetime,
    checked_on: datetime,
    year: int,
) -> None:
    """Let code change that gives the same as before: deadlines that passed and windows that ended meanwhile are no news of a rule."""
    desk.clock.move_to(saved_on)
    answers = replace(CODE_ALONE, match_year=year)
    before = service.check(answers).verdicts()
    await service.save(AMIRA, answers)
    await service.tell(AMIRA, is_to_be_told=True)
    desk.clock.move_to(checked_on)
    assert service.check(answers).verdicts() != before
    monkeypatch.setitem(catalogue.__dict__, "rules_fingerprint", "another code, the same rules")
    assert await service.recheck() == 1
    assert await told(desk) == []
    saved = await service.saved(AMIRA)
    assert saved is not None
    assert saved.last_check == checked_on
    assert {rule_id: outcome.verdict for rule_id, outcome in saved.outcomes.items()} == service.check(answers).verdicts()


async def test_a_rule_that_changed_is_told_without_what_time_changed(desk: Desk, service: EligibilityService, catalogue: Catalogue) -> None:
    await service.save(AMIRA, CODE_ALONE)
    await service.tell(AMIRA, is_to_be_told=True)
    desk.clock.move_to(datetime(2027, 1, 15, tzinfo=UTC))
    with other_facts(catalogue):
        assert await service.recheck() == 1
        (delivery,) = await told(desk)
    assert [line[:19] for line in delivery.payload["text"].splitlines() if line.startswith("- ")] == ["- NRMP registration"]


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


# --- for another Match


def test_what_belongs_to_one_season_is_asked_anew_for_another() -> None:
    assert for_match(ANSWERS, 2027) is ANSWERS
    assert for_match(ANSWERS, 2028) == replace(ANSWERS, match_year=2028, eras=Eras.UNKNOWN, nrmp=Nrmp.UNKNOWN)


def test_an_acceptance_and_a_start_do_not_carry_over(service: EligibilityService) -> None:
    ready = replace(
        ANSWERS,
        country=Way.BOTH,
        step2=Step.PASSED_1,
        step2_year=2025,
        oet=Oet.ONE_SITTING,
        oet_year=2026,
        oet_parts=frozenset(OetPart),
        pathway=Pathway.ACCEPTED,
        certificate=Certificate.ISSUED,
        july_start=YesNo.YES,
        references=References.READY,
    )
    later = for_match(ready, 2028)
    assert (later.pathway, later.certificate) == (Pathway.UNKNOWN, Certificate.UNKNOWN)
    assert (later.july_start, later.references) == (YesNo.UNKNOWN, References.UNKNOWN)
    for rule_id in ("us-pathway", "us-verified", "us-certificate", "us-soap", "ca-references"):
        assert verdict(service, later, rule_id) is not Verdict.MET
    assert for_match(replace(ready, pathway=Pathway.APPLIED), 2028).pathway is Pathway.APPLIED
    assert for_match(replace(ready, certificate=Certificate.PAPERS_VERIFIED), 2028).certificate is Certificate.PAPERS_VERIFIED


def test_dates_of_both_countries_are_known_to_the_rules(service: EligibilityService) -> None:
    findings = service.check(replace(ANSWERS, country=Way.BOTH)).findings
    events = {finding.due.event.country for finding in findings if finding.due and isinstance(finding.due.event, SeasonEvent)}
    assert events == set(Country)
