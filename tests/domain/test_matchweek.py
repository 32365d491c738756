"""Notices get their times from a season, say how sure these are, and are asked about again when a date changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.calendar import Season, SeasonEvent, WallTime
from bot.domain.facts import Certainty, Citation, Source
from bot.domain.matchweek import (
    Audience,
    DraftNotice,
    Moment,
    NoticeKind,
    PackNotice,
    changed,
    pack_for,
    to_ask_again,
)
from bot.domain.matchweek_words import filled, mentioned, unknown_placeholders, when_words
from bot.domain.member import Country

OWNER = Source("owner", "NRMP: Match calendars", "https://www.nrmp.org/match-calendars/")
RULE = Source("rule", "The rule")
NEW_YORK = "America/New_York"
LONG_BEFORE = datetime(2026, 11, 26, tzinfo=UTC)


def march(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2027, 3, day, hour, minute)  # noqa: DTZ001 - a time on the wall


def event(key: str, local: datetime | None, certainty: Certainty = Certainty.ESTIMATED, **changes: object) -> SeasonEvent:
    confirm = None if certainty is Certainty.ANNOUNCED else OWNER
    made = SeasonEvent(
        id=f"us-2027-{key}",
        key=key,
        country=Country.UNITED_STATES,
        year=2027,
        name=key.replace("-", " ").capitalize(),
        meaning="What it means.",
        at=WallTime(local, NEW_YORK) if local else None,
        citation=Citation(certainty, (RULE,), date(2026, 11, 22), confirm_at=confirm),
    )
    return replace(made, **changes)


STATUS = event("match-status", march(15, 10))
ROUND = event("soap-round-1", march(18, 9), until=WallTime(march(18, 11), NEW_YORK))
DAY = event("match-day", march(19, 12), Certainty.ANNOUNCED)
SEASON = Season(Country.UNITED_STATES, 2027, (STATUS, ROUND, DAY))


def notice(key: str = "us-status", **changes: object) -> PackNotice:
    made = PackNotice(
        key=key,
        country=Country.UNITED_STATES,
        kind=NoticeKind.GUIDANCE,
        audiences=tuple(Audience),
        event_key="match-status",
        days=0,
        minutes=0,
        title="Match Week {year}",
        text="{when:match-status}",
        parts={},
        citation=Citation(Certainty.EXPECTED, (Source("soap", "NRMP: SOAP"),), date(2026, 11, 26), confirm_at=OWNER),
        event_names={"match-status": "Match status", "match-day": "Match day", "soap-round-1": "Round 1", "soap-ends": "SOAP ends"},
    )
    return replace(made, **changes)


def draft(season: Season = SEASON, now: datetime = LONG_BEFORE, **changes: object) -> DraftNotice:
    return pack_for(season, [notice(**changes)], now)[0]


def with_event(changed_event: SeasonEvent) -> Season:
    return replace(SEASON, events=tuple(changed_event if each.key == changed_event.key else each for each in SEASON.events))


# --- times in words


def test_a_time_is_told_on_two_clocks_with_its_certainty() -> None:
    seconds = int(datetime(2027, 3, 15, 14, tzinfo=UTC).timestamp())
    assert when_words(STATUS) == f"Monday, March 15, 2027, 10:00 AM ET (on your clock <t:{seconds}:F>; estimated)"


def test_what_is_announced_needs_no_word_and_noon_has_its_own() -> None:
    seconds = int(datetime(2027, 3, 19, 16, tzinfo=UTC).timestamp())
    assert when_words(DAY) == f"Friday, March 19, 2027, 12:00 noon ET (on your clock <t:{seconds}:F>)"


def test_what_lasts_tells_its_end_on_both_clocks() -> None:
    start, end = (int(datetime(2027, 3, 18, hour, tzinfo=UTC).timestamp()) for hour in (13, 15))
    assert when_words(ROUND) == f"Thursday, March 18, 2027, 9:00 AM to 11:00 AM ET (on your clock <t:{start}:F> to <t:{end}:t>; estimated)"


@pytest.mark.parametrize(
    ("local", "told"),
    [
        (march(18, 0, 5), "12:05 AM ET"),
        (march(18, 12, 30), "12:30 PM ET"),
        (march(18, 21), "9:00 PM ET"),
    ],
)
def test_hours_are_told_as_the_organiser_tells_them(local: datetime, told: str) -> None:
    assert told in when_words(event("soap-ends", local))


def test_a_day_without_an_hour_has_none_on_any_clock() -> None:
    told = when_words(event("match-status", march(15), day_only=True))
    assert told == "Monday, March 15, 2027 (the source gives no hour; estimated)"


@pytest.mark.parametrize("unknown", [None, event("match-status", None, Certainty.UNKNOWN)])
def test_what_is_not_known_says_so(unknown: SeasonEvent | None) -> None:
    assert when_words(unknown) == "date not known"


def test_placeholders_are_found_and_filled() -> None:
    template = "{year} {when:match-day} {celebration} {when:match-day} {name} {}"
    assert mentioned(template) == ("match-day",)
    assert unknown_placeholders(template) == ("name", "")
    assert filled("{year}: {celebration}", 2027, {}, "<#123>") == "2027: <#123>"
    assert filled("{celebration}", 2027, {}) == "the channel that this server keeps for good news"


# --- drafts


def test_a_draft_has_the_time_of_its_event() -> None:
    made = draft()
    assert (made.title, made.at, made.moment) == ("Match Week 2027", datetime(2027, 3, 15, 14, tzinfo=UTC), Moment.AHEAD)
    assert (made.event_id, made.certainty, made.can_be_scheduled) == ("us-2027-match-status", Certainty.ESTIMATED, True)


def test_parts_stand_below_the_text_in_one_order() -> None:
    made = draft(parts={Audience.UNMATCHED: "No.", Audience.MATCHED: "Yes.", Audience.PARTLY_MATCHED: "Half."})
    assert "**If you matched:** Yes.\n\n**If you matched in part:** Half.\n\n**If you did not match:** No." in made.text


def test_what_is_not_announced_names_its_basis_and_where_to_confirm() -> None:
    text = draft().text
    assert "The date above: not announced yet; estimated from “The rule”. Confirm at NRMP: Match calendars <https://www.nrmp.org" in text
    assert text.count("Confirm at") == 1
    assert text.endswith("-# Sources: NRMP: SOAP. As of November 26, 2026.")


def test_each_date_is_named_where_their_certainties_differ() -> None:
    text = draft(text="{when:match-status} {when:soap-ends} {when:match-day}").text
    assert "Match status: not announced yet; estimated from “The rule”. SOAP ends: not known. Confirm at" in text
    assert "Match day: " not in text


def test_what_is_announced_has_no_warning_but_a_place_to_confirm() -> None:
    text = draft(text="{when:match-day}").text
    assert "announced" not in text
    assert text.endswith("Confirm at NRMP: Match calendars <https://www.nrmp.org/match-calendars/>.")


def test_days_are_counted_on_the_wall_clock_across_the_clock_change() -> None:
    week_before = draft(days=-7)
    assert week_before.at == datetime(2027, 3, 8, 15, tzinfo=UTC)
    assert "Clocks in New York go forward 1 h on March 14; the times above count it in." in week_before.text


def test_after_the_clock_change_nothing_is_said_of_it() -> None:
    day_before = draft(days=-1)
    assert day_before.at == datetime(2027, 3, 14, 14, tzinfo=UTC)
    assert "Clocks" not in day_before.text


@pytest.mark.parametrize(("minutes", "at"), [(-60, datetime(2027, 3, 15, 13, tzinfo=UTC)), (15, datetime(2027, 3, 15, 14, 15, tzinfo=UTC))])
def test_minutes_count_from_the_event(minutes: int, at: datetime) -> None:
    assert draft(minutes=minutes).at == at


def test_an_event_with_only_a_day_is_announced_in_the_morning_and_says_so() -> None:
    made = draft(with_event(event("match-status", march(15), day_only=True)), minutes=-60)
    assert made.at == datetime(2027, 3, 15, 13, tzinfo=UTC)
    assert made.day_only
    assert "9:00 AM on the organiser's clock" in made.remark


@pytest.mark.parametrize("season", [with_event(event("match-status", None, Certainty.UNKNOWN)), replace(SEASON, events=(DAY,))])
def test_without_a_known_date_nothing_can_be_scheduled(season: Season) -> None:
    made = draft(season)
    assert (made.at, made.moment, made.can_be_scheduled, made.certainty) == (None, Moment.NOT_KNOWN, False, Certainty.UNKNOWN)
    assert "date not known" in made.text
    assert "The date above: not known. Confirm at NRMP: Match calendars" in made.text


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        (datetime(2027, 3, 18, 12, 29, tzinfo=UTC), Moment.AHEAD),
        (datetime(2027, 3, 18, 12, 30, tzinfo=UTC), Moment.MISSED),
        (datetime(2027, 3, 18, 14, 59, tzinfo=UTC), Moment.MISSED),
        (datetime(2027, 3, 18, 15, tzinfo=UTC), Moment.PASSED),
    ],
)
def test_what_has_passed_is_marked(now: datetime, moment: Moment) -> None:
    made = draft(now=now, event_key="soap-round-1", minutes=-30)
    assert (made.moment, made.can_be_scheduled) == (moment, moment is Moment.AHEAD)


def test_a_notice_after_its_event_lies_ahead_until_its_own_time() -> None:
    assert draft(now=datetime(2027, 3, 16, tzinfo=UTC), days=3).moment is Moment.AHEAD


def test_drafts_stand_in_order_of_time_and_those_without_one_last() -> None:
    notices = [
        notice("unknown", event_key="soap-ends"),
        notice("last", event_key="match-day"),
        notice("second", event_key="match-status"),
        notice("third", event_key="match-status"),
        notice("first", days=-1),
        notice("other", country=Country.CANADA),
    ]
    assert [made.key for made in pack_for(SEASON, notices, LONG_BEFORE)] == ["first", "second", "third", "last", "unknown"]


# --- dates that change

BOTH = "{when:match-status} {when:match-day}"


def test_an_unchanged_season_asks_nothing() -> None:
    fingerprint = draft(text=BOTH).fingerprint
    assert changed(fingerprint, SEASON) == ()
    assert to_ask_again({"a": fingerprint}, SEASON) == {}


def test_a_moved_date_is_told_with_before_and_after() -> None:
    fingerprint = draft(text=BOTH).fingerprint
    (change,) = changed(fingerprint, with_event(event("match-status", march(16, 10))))
    assert (change.name, change.has_moved) == ("Match status", True)
    assert (change.before.at, change.after.at) == (datetime(2027, 3, 15, 14, tzinfo=UTC), datetime(2027, 3, 16, 14, tzinfo=UTC))


def test_a_date_that_only_the_text_states_counts_as_well() -> None:
    moved = with_event(event("match-day", march(19, 13), Certainty.ANNOUNCED))
    assert [change.name for change in changed(draft(text=BOTH).fingerprint, moved)] == ["Match day"]
    assert changed(draft().fingerprint, moved) == ()


def test_the_tied_date_counts_where_the_text_does_not_state_it() -> None:
    moved = with_event(event("match-status", march(16, 10)))
    assert [change.name for change in changed(draft(text="Be ready.").fingerprint, moved)] == ["Match status"]


def test_a_date_that_is_announced_meanwhile_is_asked_about_though_it_stays() -> None:
    (change,) = changed(draft().fingerprint, with_event(event("match-status", march(15, 10), Certainty.ANNOUNCED)))
    assert not change.has_moved
    assert (change.before.certainty, change.after.certainty) == (Certainty.ESTIMATED, Certainty.ANNOUNCED)


@pytest.mark.parametrize(
    "new",
    [
        replace(ROUND, until=WallTime(march(18, 10), NEW_YORK)),
        replace(ROUND, until=None),
        event("soap-round-1", None, Certainty.UNKNOWN),
        event("soap-round-1", march(18), day_only=True),
    ],
)
def test_an_end_an_hour_or_a_date_lost_counts(new: SeasonEvent) -> None:
    fingerprint = draft(event_key="soap-round-1").fingerprint
    assert [change.has_moved for change in changed(fingerprint, with_event(new))] == [True]


def test_a_date_that_becomes_known_or_is_dropped_is_told() -> None:
    fingerprint = draft(text="{when:match-status} {when:soap-ends}").fingerprint
    known = replace(SEASON, events=(*SEASON.events, event("soap-ends", march(18, 21))))
    assert [change.after.at for change in changed(fingerprint, known)] == [datetime(2027, 3, 19, 1, tzinfo=UTC)]
    dropped = replace(SEASON, events=(DAY,))
    assert [change.name for change in changed(draft().fingerprint, dropped, {"match-status": "Whether you matched"})] == [
        "Whether you matched"
    ]


def test_only_the_notices_concerned_are_asked_about() -> None:
    scheduled = {"status": draft().fingerprint, "day": draft(event_key="match-day", text="Be ready.").fingerprint}
    moved = with_event(event("match-day", march(19, 12) + timedelta(days=7)))
    assert set(to_ask_again(scheduled, moved)) == {"day"}
    assert to_ask_again(scheduled, replace(moved, country=Country.CANADA)) == {}


def test_a_fingerprint_of_another_season_is_refused() -> None:
    with pytest.raises(ValueError, match="is not of the season us-2028"):
        changed(draft().fingerprint, replace(SEASON, year=2028))


@pytest.mark.parametrize("text", ["", "us-2027-match-status", "us-2027-match-status,soon,,,estimated", "us-2027-match-status,,,,sure"])
def test_a_fingerprint_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        changed(text, SEASON)
