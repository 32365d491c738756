"""By when something is needed, and whether that can still be reached."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.domain.eligibility.answers import Answers, Certificate, Eras, Nrmp, Oet, Pathway, School, Step, Way, YesNo
from bot.domain.eligibility.evaluation import evaluate
from bot.domain.eligibility.verdicts import Finding, Reach
from bot.domain.facts import Certainty
from bot.domain.member import Country
from tests.domain.eligibility.conftest import NOVEMBER, Evaluate

OPEN, TIGHT, NO_LONGER, NOT_KNOWN = Reach.OPEN, Reach.TIGHT, Reach.NO_LONGER, Reach.NOT_KNOWN
NOTHING_DONE = Answers(
    2027,
    Way.BOTH,
    School.OTHER,
    step1=Step.NOT_TAKEN,
    step2=Step.NOT_TAKEN,
    oet=Oet.NOT_TAKEN,
    pathway=Pathway.NONE_OF_THESE,
    certificate=Certificate.PAPERS_NOT_SENT,
    eras=Eras.NONE,
    nrmp=Nrmp.NOT_REGISTERED,
)


def finding(judged: Evaluate, rule: str, now: datetime = NOVEMBER, **changes: Any) -> Finding:
    return next(each for each in judged(replace(NOTHING_DONE, **changes), now).findings if each.rule.id == rule)


@pytest.mark.parametrize(
    ("rule", "day", "due", "reach"),
    [
        # exams: the rank order list deadline of 3 March, 21:00 in New York
        ("us-step2", "2026-11-24", "rank-list-deadline", OPEN),
        ("us-step2", "2027-02-04 01:00", "rank-list-deadline", OPEN),
        ("us-step2", "2027-02-04 03:00", "rank-list-deadline", TIGHT),
        ("us-step2", "2027-03-04 01:59", "rank-list-deadline", TIGHT),
        ("us-step2", "2027-03-04 02:00", "rank-list-deadline", NO_LONGER),
        ("us-verified", "2027-03-05", "rank-list-deadline", NO_LONGER),
        ("us-soap", "2027-03-05", "rank-list-deadline", NO_LONGER),
        ("us-ecfmg-application", "2027-03-05", "rank-list-deadline", NO_LONGER),
        # applications: the review date; after it each program decides, until the Match is over
        ("us-eras", "2026-08-01", "eras-review-opens", OPEN),
        ("us-eras", "2026-09-10", "eras-review-opens", TIGHT),
        ("us-eras", "2026-11-24", "eras-review-opens", NOT_KNOWN),
        ("us-eras", "2027-03-04 01:59", "eras-review-opens", NOT_KNOWN),
        ("us-eras", "2027-03-05", "eras-review-opens", NO_LONGER),
        # registration: the standard deadline, then late with a fee
        ("us-nrmp", "2026-11-24", "registration-deadline", OPEN),
        ("us-nrmp", "2027-01-10", "registration-deadline", TIGHT),
        ("us-nrmp", "2027-01-30 12:00", "rank-list-deadline", TIGHT),
        ("us-nrmp", "2027-03-05", "rank-list-deadline", NO_LONGER),
        # the start
        ("us-certificate", "2027-03-03", "residency-starts", OPEN),
        ("us-certificate", "2027-07-02", "residency-starts", NO_LONGER),
        # once the Match is lost they serve the next season, and the start of this one is no date for them
        ("us-certificate", "2027-03-05", None, OPEN),
        ("us-credentials", "2027-06-10", None, OPEN),
        # our own planning days
        ("us-oet", "2026-11-24", date(2026, 12, 31), OPEN),
        ("us-oet", "2026-12-10", date(2026, 12, 31), TIGHT),
        ("us-oet", "2026-12-31 23:00", date(2026, 12, 31), TIGHT),
        ("us-oet", "2027-01-15", date(2026, 12, 31), TIGHT),
        ("us-oet", "2027-03-05", date(2026, 12, 31), NO_LONGER),
        ("us-pathway", "2026-11-24", date(2027, 1, 31), OPEN),
        ("us-pathway", "2027-02-10", date(2027, 1, 31), TIGHT),
        ("us-pathway", "2027-03-05", date(2027, 1, 31), NO_LONGER),
        # no date
        ("us-school", "2027-03-05", None, NOT_KNOWN),
        ("ca-status", "2026-11-24", None, NOT_KNOWN),
        ("ca-mccqe1", "2026-11-24", "carms-first-deadline", NOT_KNOWN),
    ],
)
def test_by_when_and_whether_it_can_still_be_reached(judged: Evaluate, rule: str, day: str, due: str | date | None, reach: Reach) -> None:
    found = finding(judged, rule, datetime.fromisoformat(day).replace(tzinfo=UTC))
    if due is None:
        assert found.due is None
    else:
        assert found.due is not None
        assert (found.due.on if isinstance(due, date) else found.due.event and found.due.event.key) == due
    assert found.reach is reach


def test_a_day_of_our_own_is_an_estimate_and_a_date_is_as_sure_as_the_calendar(judged: Evaluate) -> None:
    own, dated, unknown = (finding(judged, rule).due for rule in ("us-oet", "us-step2", "ca-nac"))
    assert own is not None
    assert own.certainty is Certainty.ESTIMATED
    assert dated is not None
    assert dated.event is not None
    assert dated.certainty is dated.event.citation.certainty
    assert unknown is not None
    assert unknown.certainty is Certainty.UNKNOWN


def test_a_planning_day_belongs_to_its_season(judged: Evaluate) -> None:
    days = {rule: finding(judged, rule, match_year=2028).due for rule in ("us-oet", "us-pathway")}
    assert {rule: due.on for rule, due in days.items() if due} == {"us-oet": date(2027, 12, 31), "us-pathway": date(2028, 1, 31)}


def test_without_a_calendar_nothing_is_said_of_dates(catalogue: Catalogue) -> None:
    found = {each.rule.id: each for each in evaluate(NOTHING_DONE, catalogue.rules, {}, NOVEMBER).findings}
    due = found["us-step2"].due
    assert due is not None
    assert (due.event, due.on, due.is_past) == (None, None, False)
    assert due.owner is not None
    assert found["us-step2"].reach is NOT_KNOWN
    assert found["us-oet"].due is not None
    later = {each.rule.id: each for each in evaluate(NOTHING_DONE, catalogue.rules, {}, datetime(2027, 1, 5, tzinfo=UTC)).findings}
    assert later["us-oet"].reach is TIGHT


def test_what_is_met_is_reached_on_any_day(judged: Evaluate) -> None:
    assert finding(judged, "us-nrmp", datetime(2027, 5, 1, tzinfo=UTC), nrmp=Nrmp.REGISTERED).reach is OPEN


@pytest.mark.parametrize("step", ["step1", "step2"])
def test_when_all_attempts_are_used_nothing_asks_for_another(judged: Evaluate, catalogue: Catalogue, step: str) -> None:
    limit = catalogue.rules[f"us-{step}-attempts"]
    for rule in (f"us-{step}", limit.id, "us-verified", "us-certificate", "us-soap"):
        found = finding(judged, rule, **{step: Step.FAILED_4})
        assert (found.reach, found.rule.next, found.rule.otherwise) == (NO_LONGER, limit.next, limit.otherwise)
        assert found.rule.id == rule
    other = "us-step2" if step == "step1" else "us-step1"
    assert finding(judged, other, **{step: Step.FAILED_4}).rule == catalogue.rules[other]
    assert finding(judged, f"us-{step}", **{step: Step.FAILED_3}).rule == catalogue.rules[f"us-{step}"]


def test_a_certificate_outweighs_the_attempts(judged: Evaluate, catalogue: Catalogue) -> None:
    found = finding(judged, "us-soap", step1=Step.FAILED_4, certificate=Certificate.ISSUED, july_start=YesNo.NO)
    assert found.rule == catalogue.rules["us-soap"]
    assert found.reach is OPEN


@pytest.mark.parametrize("rule", ["ca-mccqe1", "ca-nac", "ca-language", "ca-references", "ca-province"])
def test_who_trained_here_before_has_the_second_iteration(judged: Evaluate, rule: str) -> None:
    first, second = finding(judged, rule), finding(judged, rule, prior_training=YesNo.YES)
    assert first.due is not None
    assert first.due.event is not None
    assert first.due.event.key == "carms-first-deadline"
    assert second.due is not None
    assert second.due.event is not None
    assert (second.due.event.key, second.reach) == ("carms-second-opens", OPEN)
    assert finding(judged, rule, datetime(2027, 1, 1, tzinfo=UTC), prior_training=YesNo.YES).reach is TIGHT
    # An opening that has passed ends nothing.
    assert finding(judged, rule, datetime(2027, 1, 6, tzinfo=UTC), prior_training=YesNo.YES).reach is NOT_KNOWN


def test_the_classes_are_of_the_countries_where_she_applies(judged: Evaluate) -> None:
    for way, countries in ((Way.UNITED_STATES, {"us"}), (Way.CANADA, {"ca"}), (Way.BOTH, {"us", "ca"})):
        result = judged(replace(NOTHING_DONE, country=way))
        assert (result.us is not None, result.canada is not None) == ("us" in countries, "ca" in countries)
        assert {each.rule.id[:2] for each in result.findings} == countries
    assert {country.value for country in Country} == {"us", "ca"}


@pytest.mark.parametrize(
    ("by_day", "at_latest", "now", "due", "reach"),
    [
        ("12-31", "", "2026-12-03", date(2026, 12, 31), OPEN),
        ("12-31", "", "2026-12-04", date(2026, 12, 31), TIGHT),
        ("12-31", "", "2026-12-31 23:59", date(2026, 12, 31), TIGHT),
        ("12-31", "", "2027-01-01", date(2026, 12, 31), NO_LONGER),
        ("07-01", "", "2026-06-01", date(2026, 7, 1), OPEN),
        ("06-30", "", "2027-06-01", date(2027, 6, 30), OPEN),
        ("12-31", "rank-list-deadline", "2027-03-04 01:59", date(2026, 12, 31), TIGHT),
        ("12-31", "rank-list-deadline", "2027-03-04 02:00", date(2026, 12, 31), NO_LONGER),
    ],
)
def test_a_planning_day_to_the_day(catalogue: Catalogue, by_day: str, at_latest: str, now: str, due: date, reach: Reach) -> None:
    rule = replace(catalogue.rules["us-oet"], by_day=by_day, at_latest=at_latest)
    season = catalogue.season(Country.UNITED_STATES, 2027)
    assert season is not None
    events = {event.key: event for event in season.events}
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    found = next(
        each for each in evaluate(NOTHING_DONE, catalogue.rules | {"us-oet": rule}, events, at).findings if each.rule.id == "us-oet"
    )
    assert found.due is not None
    assert (found.due.on, found.reach) == (due, reach)


@pytest.mark.parametrize(
    ("now", "key", "reach"),
    [
        ("2027-01-02 04:58", "registration-deadline", OPEN),
        ("2027-01-02 04:59", "registration-deadline", OPEN),
        ("2027-01-02 05:00", "registration-deadline", TIGHT),
        ("2027-01-30 04:58", "registration-deadline", TIGHT),
        ("2027-01-30 04:59", "rank-list-deadline", TIGHT),
    ],
)
def test_a_date_to_the_minute(judged: Evaluate, now: str, key: str, reach: Reach) -> None:
    found = finding(judged, "us-nrmp", datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found.due is not None
    assert found.due.event is not None
    assert (found.due.event.key, found.reach) == (key, reach)


READY_TO_START = {"step1": Step.PASSED_1, "step2": Step.PASSED_1, "step1_year": 2024, "step2_year": 2025, "nrmp": Nrmp.REGISTERED}


def test_who_is_verified_and_registered_still_needs_the_certificate_by_the_start(judged: Evaluate) -> None:
    found = finding(judged, "us-credentials", datetime(2027, 6, 10, tzinfo=UTC), **READY_TO_START)
    assert found.due is not None
    assert found.due.event is not None
    assert (found.due.event.key, found.reach) == ("residency-starts", TIGHT)


@pytest.mark.parametrize(("now", "reach"), [("2027-03-19 15:59", NOT_KNOWN), ("2027-03-19 16:00", NO_LONGER)])
def test_applying_ends_with_match_day_for_who_is_still_in_it(judged: Evaluate, now: str, reach: Reach) -> None:
    found = finding(judged, "us-eras", datetime.fromisoformat(now).replace(tzinfo=UTC), **READY_TO_START)
    assert found.reach is reach


def test_a_lost_match_says_why_and_only_once_it_is_lost(judged: Evaluate) -> None:
    def lost(now: datetime, **changes: Any) -> set[str]:
        return {each.rule.id for each in judged(replace(NOTHING_DONE, **changes), now).lost}

    march = datetime(2027, 3, 10, tzinfo=UTC)
    assert lost(datetime(2027, 3, 3, tzinfo=UTC)) == set()
    assert lost(march) == {"us-verified", "us-nrmp"}
    assert lost(march, **READY_TO_START) == set()
    assert lost(march, nrmp=Nrmp.REGISTERED) == {"us-verified"}
    assert lost(march, nrmp=Nrmp.REGISTERED, step1=Step.FAILED_4) == set()
    assert lost(march, school=School.CANADA, graduation=2025, nrmp=Nrmp.REGISTERED) == set()
    assert lost(march, country=Way.CANADA) == set()


@pytest.mark.parametrize("rule", ["us-credentials", "us-certificate", "us-soap"])
@pytest.mark.parametrize(("graduation", "is_over"), [(2028, True), (2027, False), (None, False)])
def test_a_graduation_after_the_start_is_out_of_reach(judged: Evaluate, rule: str, graduation: int | None, is_over: bool) -> None:
    found = finding(judged, rule, certificate=Certificate.NOT_GRADUATED, graduation=graduation, july_start=YesNo.YES)
    assert (found.reach is NO_LONGER) == is_over
    assert ("The Match of 2028" in found.rule.otherwise) == is_over


@pytest.mark.parametrize("rule", ["ca-mccqe1", "ca-nac", "ca-language", "ca-references", "ca-province"])
def test_once_the_second_iteration_has_opened_the_first_is_too_late_for_everybody(judged: Evaluate, rule: str) -> None:
    before, after = (finding(judged, rule, datetime(2027, 1, 5, hour, tzinfo=UTC)) for hour in (16, 17))
    assert before.due is not None
    assert before.due.event is not None
    assert before.due.event.key == "carms-first-deadline"
    assert after.due is not None
    assert after.due.event is not None
    assert (after.due.event.key, after.due.is_past, after.reach) == ("carms-second-opens", True, NOT_KNOWN)
    assert after.due.note.startswith("For the first iteration it is too late by the pattern held")
    assert "not held: look at carms.ca today" in after.due.note
    assert after.named is not None
    assert after.named.event is not None
    assert after.named.event.key == "carms-first-deadline"


def test_a_match_whose_canadian_dates_are_not_held_says_so(judged: Evaluate) -> None:
    found = finding(judged, "ca-nac", match_year=2028)
    assert found.due is not None
    assert (found.due.event, found.due.on) == (None, None)
    assert found.due.owner is not None
    assert "mcc" in (found.due.owner.url or "")
    assert found.reach is NOT_KNOWN


@pytest.mark.parametrize("rule", ["us-nrmp", "us-eras", "us-oet", "us-step2", "ca-nac", "ca-iteration"])
def test_the_date_that_a_rule_names_is_not_moved_by_time(judged: Evaluate, rule: str) -> None:
    days = [datetime(2026, 8, 1, tzinfo=UTC), NOVEMBER, datetime(2027, 2, 5, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)]
    named = [finding(judged, rule, day).named for day in days]
    assert len({(due.event.id if due.event else None, due.on) for due in named if due}) == 1


def test_a_date_that_takes_the_place_of_one_that_passed_is_called_late(judged: Evaluate) -> None:
    early, late, over = (finding(judged, "us-nrmp", datetime(2027, *day, tzinfo=UTC)).due for day in ((1, 20), (2, 5), (3, 5)))
    assert early is not None
    assert late is not None
    assert over is not None
    assert [(due.is_late, due.is_past) for due in (early, late, over)] == [(False, False), (True, False), (False, True)]
