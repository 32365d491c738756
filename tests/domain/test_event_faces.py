"""What Discord shows of an event: how sure its date is, its mark, its length, and when something is to be done."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.catalogue.catalogue import load_catalogue
from bot.domain.calendar import SeasonEvent, ServerConfirmation, WallTime
from bot.domain.facts import Certainty
from bot.domain.member import Country
from bot.domain.server_event_words import own_face, season_face
from bot.domain.server_events import (
    MAX_DESCRIPTION,
    MAX_NAME,
    MAX_PLACE,
    EventState,
    EventWords,
    Face,
    ServerEvent,
    carries,
    clean_line,
    clean_text,
    marked,
    needs_work,
    read_length,
)
from tests.support.clocks import NOON

CATALOGUE = load_catalogue()
MARK = "abcdefghijklmnop"
SOON = Face("Match Day", "x", NOON + timedelta(days=1), NOON + timedelta(days=1, hours=1), "Online")
STANDING = ServerEvent(MARK, 7, 1, NOON, EventState.STANDING, "us-2027-match-day", discord_id=5, shown=SOON.fingerprint, shown_from=NOON)


def event_of(event_id: str) -> SeasonEvent:
    event = CATALOGUE.event(event_id)
    assert event is not None
    return event


def face_of(event: SeasonEvent) -> Face:
    face = season_face(event, MARK)
    assert face is not None
    return face


DATED = [event for country in Country for season in CATALOGUE.seasons(country) for event in season.events if event.at is not None]


@pytest.mark.parametrize("event", DATED, ids=lambda event: event.id)
def test_every_face_fits_and_says_how_sure_it_is(event: SeasonEvent) -> None:
    face = face_of(event)
    assert 1 <= len(face.name) <= MAX_NAME
    assert len(face.description) <= MAX_DESCRIPTION
    assert 1 <= len(face.place) <= MAX_PLACE
    assert face.starts < face.ends
    assert carries(face.description, MARK)
    assert f"as of {event.citation.as_of.day} " in face.description
    if event.citation.certainty is not Certainty.ANNOUNCED:
        assert face.name.endswith(f"({event.citation.certainty.value})")
        assert "not announced" in face.description


def test_a_long_name_keeps_its_certainty() -> None:
    event = event_of("us-2027-match-day")
    face = face_of(replace(event, name="Long " * 40, meaning="Word " * 400))
    assert len(face.name) <= MAX_NAME
    assert face.name.endswith(" (estimated)")
    assert len(face.description) <= MAX_DESCRIPTION
    assert carries(face.description, MARK)


def test_what_is_announced_has_no_suffix_and_what_a_server_confirmed_says_so() -> None:
    event = event_of("us-2027-match-day")
    announced = replace(event, citation=replace(event.citation, certainty=Certainty.ANNOUNCED))
    assert face_of(announced).name == "Match Day, 2027 Match"
    said = replace(event, confirmed=ServerConfirmation(NOON, "https://example.org/x", instead_of=event))
    assert face_of(said).name.endswith("(confirmed by this server)")
    assert "https://example.org/x" in face_of(said).description
    assert "The season holds Fri 19 Mar 2027, 12:00 EDT. Estimated by a rule" in face_of(said).description


def test_a_day_without_an_hour_lasts_that_day_across_a_clock_change() -> None:
    day = replace(event_of("us-2027-match-day"), at=WallTime(datetime.fromisoformat("2027-03-14T00:00"), "America/New_York"), day_only=True)
    face = face_of(day)
    assert face.ends - face.starts == timedelta(hours=23)
    assert "the source gives no hour" in face.description


def test_a_date_that_is_not_known_has_no_face() -> None:
    event = event_of("us-2027-match-day")
    assert season_face(replace(event, at=None), MARK) is None


def test_one_of_their_own_shows_its_words() -> None:
    words = EventWords("Title", "when", "1 hour", "", "y" * 900, "UTC")
    event = ServerEvent(MARK, 7, 1, NOON, EventState.DRAFT, words=words, starts_at=NOON, ends_at=NOON + timedelta(hours=1))
    face = own_face(event)
    assert face is not None
    assert (face.place, len(face.description) <= MAX_DESCRIPTION, carries(face.description, MARK)) == ("See the description", True, True)
    assert own_face(replace(event, starts_at=None)) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1 hour", 60),
        ("90", None),
        ("90 min", 90),
        ("1h30", 90),
        ("1.5 hours", 90),
        ("1,5 h", 90),
        ("2 hours and 15 minutes", 135),
        ("half an hour", 30),
        ("an hour", 60),
        ("2 days", 2_880),
        ("7 days", 10_080),
        ("8 days", None),
        ("4 min", None),
        ("", None),
        ("for ever", None),
        ("1 hour or so", None),
        ("-1 hour", None),
    ],
)
def test_a_length_is_read(text: str, minutes: int | None) -> None:
    assert read_length(text) == (None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("event", "face", "wanted"),
    [
        (STANDING, SOON, False),
        (STANDING, replace(SOON, name="Match Day (expected)"), True),
        (STANDING, replace(SOON, channel_id=3), True),
        (STANDING, None, True),
        (STANDING, replace(SOON, ends=NOON), True),
        (replace(STANDING, state=EventState.GONE, discord_id=None), SOON, False),
        (replace(STANDING, state=EventState.ENDING), SOON, True),
        (replace(STANDING, state=EventState.PLANNED, discord_id=None, shown=None), SOON, True),
        (replace(STANDING, state=EventState.PLANNED, discord_id=None, shown=None), None, False),
        (replace(STANDING, state=EventState.DRAFT, discord_id=None), SOON, False),
    ],
)
def test_when_something_is_to_be_done(event: ServerEvent, face: Face | None, wanted: Any) -> None:
    assert needs_work(event, face, NOON) is wanted


def test_the_mark_is_found_at_the_end_alone() -> None:
    assert carries(marked("Text", MARK), MARK)
    assert carries(marked("", MARK) + "\n", MARK)
    assert not carries(marked("Text", MARK) + " more", MARK)
    assert not carries(None, MARK)
    assert not carries(marked(marked("", MARK), "other"), MARK)


def test_control_characters_go() -> None:
    assert clean_line("a\x07\nb\u202e  c", 100) == "a b c"
    assert clean_text("a\r\nb\x00\u2028", 100) == "a\nb"
