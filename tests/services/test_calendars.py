"""The season in other calendars, read back by readers that others wrote."""

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar as OtherReader

from bot.catalogue.catalogue import Catalogue, load_catalogue
from bot.domain.calendar import SeasonEvent, WallTime
from bot.domain.facts import Certainty
from bot.domain.member import Country, Member
from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from bot.errors import UserFacingError
from bot.services import ics
from bot.services.calendars import CalendarService
from bot.services.ics import Entry, written
from bot.services.season import SeasonService
from bot.storage.calendars import CalendarRepository, Telling
from tests.support.clocks import NOON, ManualClock
from tests.support.databases import (
    AMIRA,
    DIEGO,
    Store,
    a_member,
    a_reminder,
    database_url,
    postgres_server,
    postgres_template,
    postgres_url,
    sqlite_store,
    store,
)

__all__ = ["database_url", "postgres_server", "postgres_template", "postgres_url", "sqlite_store", "store"]

CATALOGUE = load_catalogue()
SEASON = CATALOGUE.season(Country.UNITED_STATES, 2027)
assert SEASON is not None
DEADLINE = next(event for event in SEASON.events if event.key == "rank-list-deadline")
URL = "https://matchday.example.org"


def service(store: Store, catalogue: Catalogue = CATALOGUE, url: str | None = URL) -> tuple[CalendarService, ManualClock]:
    clock = ManualClock(NOON)
    repository = CalendarRepository(store.database, store.cipher)
    season = SeasonService(catalogue, clock)
    return CalendarService(repository, store.reminders, store.members, season, clock, url), clock


def entries(data: bytes) -> dict[str, Any]:
    """Return the entries by their ids, as the independent reader finds them."""
    calendar = IcsCalendarStream.calendar_from_ics(data.decode())
    return {event.uid: event for event in calendar.events}


def one(event: SeasonEvent, sequence: int = 0) -> Any:
    return entries(written([Entry.of_event(event, sequence, NOON)], "Test", []))[f"{event.id}@matchday"]


async def test_a_deadline_says_when_how_sure_and_where_to_confirm(store: Store) -> None:
    calendars, _ = service(store)
    found = entries(await calendars.export(a_member()))
    deadline = found["us-2027-rank-list-deadline@matchday"]
    assert deadline.dtstart == DEADLINE.at.local.replace(tzinfo=deadline.dtstart.tzinfo)  # type: ignore[union-attr]
    assert deadline.dtstart.astimezone(UTC) == datetime(2027, 3, 4, 2, tzinfo=UTC)
    assert str(deadline.dtstart.tzinfo) == "America/New_York"
    assert deadline.summary.endswith("estimated")
    assert "Estimated by a rule, not announced" in deadline.description
    assert "Confirm at https://www.nrmp.org/match-calendars/" in deadline.description
    assert "As of 22 November 2026" in deadline.description
    assert [alarm.trigger for alarm in deadline.alarm] == [-timedelta(weeks=1), -timedelta(days=1), -timedelta(hours=3)]


async def test_clock_changes_are_counted_in(store: Store) -> None:
    calendars, _ = service(store)
    found = entries(await calendars.export(a_member()))
    assert found["us-2027-match-day@matchday"].dtstart.astimezone(UTC) == datetime(2027, 3, 19, 16, tzinfo=UTC)
    assert found["us-2027-registration-deadline@matchday"].dtstart.astimezone(UTC) == datetime(2027, 1, 30, 4, 59, tzinfo=UTC)
    data = await calendars.export(a_member())
    assert data.count(b"BEGIN:VTIMEZONE") >= 1
    assert b"TZID:America/New_York" in data


async def test_what_is_not_known_is_left_out_and_named(store: Store) -> None:
    calendars, _ = service(store)
    member = a_member(countries=frozenset({Country.CANADA}))
    data = await calendars.export(member, 2027)
    assert "ca-2027-carms-match-day@matchday" not in entries(data)
    assert "CaRMS first-iteration match day" in str(OtherReader.from_ical(data)["description"])


async def test_two_exports_are_the_same_bytes(store: Store) -> None:
    calendars, clock = service(store)
    first = await calendars.export(a_member())
    clock.advance(timedelta(days=3))
    assert await calendars.export(a_member()) == first


def with_changed(event: SeasonEvent) -> Catalogue:
    """Return a catalogue that holds another version of one event of the season."""
    catalogue = load_catalogue()
    assert SEASON is not None
    changed = replace(SEASON, events=tuple(event if each.id == event.id else each for each in SEASON.events))
    catalogue._shown = tuple(changed if (each.year, each.country) == (2027, SEASON.country) else each for each in catalogue._shown)
    return catalogue


@pytest.mark.parametrize("day_only", [False, True])
async def test_a_date_that_is_withdrawn_is_cancelled_where_it_was_imported(store: Store, day_only: bool) -> None:
    uid, told = f"{DEADLINE.id}@matchday", replace(DEADLINE, day_only=day_only)
    first, _ = service(store, with_changed(told))
    before = entries(await first.export(a_member()))[uid]

    unknown = replace(told, at=None, citation=replace(told.citation, certainty=Certainty.UNKNOWN, sources=(), confirm_at=None))
    later, clock = service(store, with_changed(unknown))
    clock.advance(timedelta(days=1))
    data = await later.export(a_member())
    (entry,) = [event for event in OtherReader.from_ical(data).walk("VEVENT") if event["uid"] == uid]
    assert (str(entry["status"]), entry.decoded("sequence")) == ("CANCELLED", before.sequence + 1)
    assert entry.decoded("last-modified") == NOON + timedelta(days=1)
    assert not entry.walk("VALARM")
    cancelled = entries(data)[uid]
    assert cancelled.dtstart == before.dtstart
    assert "not known any more" in cancelled.summary
    assert DEADLINE.name not in str(OtherReader.from_ical(data)["description"])
    assert await later.export(a_member()) == data

    known_again, _ = service(store, with_changed(told))
    again = entries(await known_again.export(a_member()))[uid]
    assert (again.sequence, str(again.status.value)) == (before.sequence + 2, "TENTATIVE")


async def test_a_date_that_moves_moves_the_entry_that_is_there(store: Store) -> None:
    calendars, _ = service(store)
    before = entries(await calendars.export(a_member()))
    moved = replace(DEADLINE, at=WallTime(datetime(2027, 3, 10, 21), "America/New_York"))  # noqa: DTZ001 - wall time
    later, clock = service(store, with_changed(moved))
    clock.advance(timedelta(days=1))
    after = entries(await later.export(a_member()))
    uid = f"{DEADLINE.id}@matchday"
    assert before.keys() == after.keys()
    assert (before[uid].sequence, after[uid].sequence) == (0, 1)
    assert after[uid].dtstart.date() == date(2027, 3, 10)
    assert after[uid].last_modified == NOON + timedelta(days=1)
    assert {key for key in before if before[key].sequence != after[key].sequence} == {uid}
    kept = {**before, **after}  # what a calendar does: by id, the higher sequence wins
    assert len(kept) == len(before)
    assert entries(await later.export(a_member()))[uid].sequence == 1


async def test_two_processes_that_notice_a_move_at_once_count_it_once(store: Store) -> None:
    one, two = CalendarRepository(store.database, store.cipher), CalendarRepository(store.database, store.cipher)
    await one.revisions({"a": Telling("one", "2027-03-03")}, NOON)
    moved = {"a": Telling("two", "2027-03-04")}
    found = await asyncio.gather(one.revisions(moved, NOON), two.revisions(moved, NOON))
    assert [each["a"].sequence for each in found] == [1, 1]


def cited(**change: Any) -> dict[str, Any]:
    return {"citation": replace(DEADLINE.citation, **change)}


@pytest.mark.parametrize(
    "change",
    [
        {"name": "x"},
        {"meaning": "x"},
        {"day_only": True},
        {"is_deadline": False},
        {"until": DEADLINE.at},
        cited(as_of=date(2027, 1, 1)),
        cited(sources=(replace(DEADLINE.citation.sources[0], title="x"),)),
        cited(confirm_at=None),
        cited(certainty=Certainty.ANNOUNCED),
        cited(note="x"),
    ],
)
def test_whatever_is_told_counts_as_a_change(change: dict[str, Any]) -> None:
    assert Entry.of_event(replace(DEADLINE, **change), 0, NOON).fingerprint != Entry.of_event(DEADLINE, 0, NOON).fingerprint


def test_when_and_how_often_it_changed_is_no_change_itself() -> None:
    assert Entry.of_event(DEADLINE, 7, NOON + timedelta(days=1)).fingerprint == Entry.of_event(DEADLINE, 0, NOON).fingerprint


def test_a_date_without_an_hour_is_a_whole_day() -> None:
    event = replace(DEADLINE, day_only=True)
    found = one(event)
    assert found.dtstart == date(2027, 3, 3)
    assert "gives the day and no hour" in found.description


@given(text=st.text(min_size=1, max_size=300).filter(lambda text: text.isprintable() and text.strip() == text))
@example(text="\\N")
@example(text="C:\\new\\Notes")
def test_any_text_survives(text: str) -> None:
    event = replace(
        DEADLINE,
        name=f"n{text}",
        meaning=f"{text}; {text}, {text}\nnext line ✓",
        citation=replace(DEADLINE.citation, certainty=Certainty.ANNOUNCED),
    )
    data = written([Entry.of_event(event, 0, NOON)], "Test", [])
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    (found,) = OtherReader.from_ical(data).walk("VEVENT")
    assert unbroken(found["summary"]) == f"n{text} (2027 Match)"
    assert f"{text}; {text}, {text}\nnext line ✓" in unbroken(found["description"])


def unbroken(text: object) -> str:
    """Return a text as its reader sees it: what keeps a backslash and an N apart has no width."""
    return str(text).replace("\\\u200bN", "\\N")


CONTROLS = [*map(chr, range(32)), *map(chr, range(127, 160)), "\u2028", "\u2029"]


@given(text=st.text(st.one_of(st.characters(codec=None), st.sampled_from([*CONTROLS, "\ud800", "\udfff", "\\", "N", "n"])), max_size=60))
@example(text="ask \ud83d about it\nsurrogate \udc00")
@example(text="a\x00b\x08c\x0bd\x0ce\x1cf\x7fg")
@example(text="\\\x00N\r\\\ud800N")
def test_no_character_breaks_the_whole_feed(text: str) -> None:
    reminder = a_reminder(text=f"first {text}\nrest {text}")
    data = written([Entry.of_reminder(reminder), Entry.of_event(DEADLINE, 0, NOON)], "Test", [])
    lines = data.decode()
    assert not [each for each in lines if each in CONTROLS and each not in "\t\r\n"]
    found = entries(data)
    assert found.keys() == {f"{reminder.id}@matchday", f"{DEADLINE.id}@matchday"}
    assert len(OtherReader.from_ical(data).walk("VEVENT")) == 2


def test_what_can_be_kept_of_a_text_is_kept() -> None:
    data = written([Entry.of_reminder(a_reminder(text="a\x00b \ud83d\r\nC:\\new\tdir \U0001f600"))], "Test", [])
    (found,) = OtherReader.from_ical(data).walk("VEVENT")
    assert (str(found["summary"]), str(found["description"])) == ("ab \ufffd", "C:\\new\tdir \U0001f600")


def a_weekly(occurrence: int, due_at: datetime) -> Reminder:
    rule: dict[str, Any] = {"rule": "FREQ=WEEKLY;BYDAY=TU", "wall_time": "2026-11-24T09:00:00", "zone": "America/New_York"}
    return replace(a_reminder(due=due_at, text="check the list", **rule), id="weekly", occurrence=occurrence)


def test_what_recurs_moves_on_under_one_id_with_a_higher_sequence() -> None:
    first, second = datetime(2026, 11, 24, 14, tzinfo=UTC), datetime(2026, 12, 1, 14, tzinfo=UTC)
    before = entries(written([Entry.of_reminder(a_weekly(0, first))], "Test", []))
    after = entries(written([Entry.of_reminder(a_weekly(1, second))], "Test", []))
    assert before.keys() == after.keys()
    (was,), (now,) = before.values(), after.values()
    assert (was.sequence, now.sequence) == (0, 1)
    assert (was.last_modified, now.last_modified) == (a_reminder().created_at, first)


async def test_calendars_are_written_in_a_thread_and_once_for_everybody(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []

    def noted(*given: Any) -> bytes:
        threads.append(threading.current_thread().name)
        return written(*given)

    ics.kept.cache_clear()
    monkeypatch.setattr("bot.services.ics.written", noted)
    monkeypatch.setattr("bot.services.calendars.written", noted)
    for person in (AMIRA, DIEGO):
        await store.members.save(a_member(person))
    await store.reminders.add(a_reminder(text="buy stamps"))
    calendars, _ = service(store)
    assert await calendars.export(a_member(AMIRA)) == await calendars.export(a_member(DIEGO))
    assert len(threads) == 1
    secret = (await calendars.make_feed(AMIRA)).rpartition("/")[2].removesuffix(".ics")
    await calendars.change_feed(AMIRA, with_reminders=True, with_letters=False)
    for _ in range(2):
        assert b"buy stamps" in (await calendars.read_feed(secret) or b"")
    assert len(threads) == 3  # what holds anything of hers is not kept
    assert threading.current_thread().name not in threads


async def test_a_feed_opens_with_its_secret_only_and_ends_when_it_is_renewed_or_switched_off(store: Store) -> None:
    await store.members.save(a_member())
    calendars, _ = service(store)
    address = await calendars.make_feed(AMIRA)
    assert address.startswith(f"{URL}/calendar/")
    secret = address.removeprefix(f"{URL}/calendar/").removesuffix(".ics")
    assert len(secret) == 43
    feed = await calendars.read_feed(secret)
    assert feed is not None
    assert "us-2027-match-day@matchday" in entries(feed)
    assert await calendars.read_feed("x" * 43) is None

    renewed = await calendars.make_feed(AMIRA)
    assert renewed != address
    assert await calendars.read_feed(secret) is None
    await calendars.remove_feed(AMIRA)
    await calendars.remove_feed(AMIRA)
    assert await calendars.read_feed(renewed.rpartition("/")[2].removesuffix(".ics")) is None


async def test_the_secret_itself_is_not_stored(sqlite_store: Store) -> None:
    await sqlite_store.members.save(a_member())
    calendars, _ = service(sqlite_store)
    secret = (await calendars.make_feed(AMIRA)).rpartition("/")[2].removesuffix(".ics")
    assert secret not in str(await sqlite_store.privacy.export(AMIRA))
    from sqlalchemy import text

    async with sqlite_store.database.read() as connection:
        assert secret not in str((await connection.execute(text("SELECT * FROM calendar_feed"))).all())


async def test_private_entries_stand_in_it_only_if_she_says_so(store: Store) -> None:
    await store.members.save(a_member())
    letter = Reminder(
        "letterstep", AMIRA, ReminderKind.LETTER, ReminderState.ACTIVE, NOON + timedelta(days=5), NOON, text="ask Dr. Osei; please"
    )
    await store.reminders.add(a_reminder(text="buy stamps"))
    await store.reminders.add(letter)
    calendars, _ = service(store)
    secret = (await calendars.make_feed(AMIRA)).rpartition("/")[2].removesuffix(".ics")

    async def summaries() -> set[str]:
        return {event.summary for event in entries(await calendars.read_feed(secret) or b"").values()}

    assert not {"buy stamps", "ask Dr. Osei; please"} & await summaries()
    await calendars.change_feed(AMIRA, with_reminders=False, with_letters=True)
    assert {"buy stamps", "ask Dr. Osei; please"} & await summaries() == {"ask Dr. Osei; please"}
    await calendars.change_feed(AMIRA, with_reminders=True, with_letters=False)
    assert {"buy stamps", "ask Dr. Osei; please"} & await summaries() == {"buy stamps"}


async def test_a_feed_is_hers_alone_and_goes_with_her(store: Store) -> None:
    for person in (AMIRA, DIEGO):
        await store.members.save(a_member(person))
    await store.reminders.add(a_reminder(DIEGO, text="tamarind"))
    calendars, _ = service(store)
    secret = (await calendars.make_feed(AMIRA)).rpartition("/")[2].removesuffix(".ics")
    await calendars.change_feed(AMIRA, with_reminders=True, with_letters=True)
    feed = await calendars.read_feed(secret)
    assert feed is not None
    assert b"tamarind" not in feed
    await store.privacy.erase(AMIRA)
    assert await calendars.read_feed(secret) is None


async def test_without_an_address_or_a_feed_it_says_what_to_do(store: Store) -> None:
    calendars, _ = service(store, url=None)
    with pytest.raises(UserFacingError, match="no public address"):
        await calendars.make_feed(AMIRA)
    with pytest.raises(UserFacingError, match="no feed"):
        await calendars.change_feed(AMIRA, with_reminders=True, with_letters=True)
    with pytest.raises(UserFacingError, match="no calendar for 2099"):
        await calendars.export(a_member(), 2099)


async def test_a_feed_of_a_year_that_is_not_held_shows_the_current_season(store: Store) -> None:
    await store.members.save(a_member(target_year=2040))
    calendars, _ = service(store)
    secret = (await calendars.make_feed(AMIRA)).rpartition("/")[2].removesuffix(".ics")
    assert "us-2027-match-day@matchday" in entries(await calendars.read_feed(secret) or b"")


async def test_a_feed_may_be_the_first_thing_that_she_does(store: Store) -> None:
    calendars, _ = service(store)
    await calendars.make_feed(AMIRA)
    assert isinstance(await store.members.get(AMIRA), Member)
