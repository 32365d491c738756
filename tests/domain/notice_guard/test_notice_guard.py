"""The guard's parts: spelling, denial, the calendar, links, persons; and that hostile text costs no time."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue.catalogue import load_catalogue
from bot.domain.calendar import WallTime
from bot.domain.facts import Certainty
from bot.domain.notice_guard.findings import Finding, FindingKind
from bot.domain.notice_guard.links import imitates
from bot.domain.notice_guard.moments import days_in, hours_in
from bot.domain.notice_guard.reading import NoticeReader, in_soap
from bot.domain.notice_guard.spelling import plain_text, sentences

CATALOGUE = load_catalogue()
WORDS = CATALOGUE.notice_guard.words
EVENTS = tuple(event for season in CATALOGUE.observed for event in season.events)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def found(draft: str, now: datetime = NOW) -> list[FindingKind]:
    return [finding.kind for finding in CATALOGUE.read_notice(draft, now)]


def dates(draft: str, now: datetime = NOW) -> list[Finding]:
    return [finding for finding in CATALOGUE.read_notice(draft, now) if finding.kind is FindingKind.DATE]


# --- spelling


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("\uff33\uff28\uff21\uff32\uff25", "share"),
        ("sh\u0430re", "share"),
        ("s\u200bh\u00adare", "share"),
        ("**sh**a~~r~~e", "share"),
        ("Sh\u00e0re", "share"),
        ("s h a r e", "share"),
        ("s.h.a.r.e", "share"),
        ("sh4re", "share"),
        ("shaaaare", "share"),
    ],
)
def test_tricks_of_spelling_are_undone(typed: str, plain: str) -> None:
    (sentence,) = sentences(plain_text(f"we {typed} it"))
    assert plain in sentence.words[1].forms


def test_an_excerpt_is_what_was_typed() -> None:
    (finding,) = CATALOGUE.read_notice("Hello. P\u043est the **unfilled** list here!", NOW)
    assert finding.excerpt == "P\u043est the **unfilled** list here"
    assert finding.start == 7


def test_sentences_end_where_they_do() -> None:
    texts = [
        " ".join(word.text for word in each.words) for each in sentences(plain_text("See Dr. Lee at 9 p.m. today. Then go!\nNow; or not"))
    ]
    assert texts == ["see dr lee at 9 p m today", "then go", "now", "or not"]


# --- denial


@pytest.mark.parametrize(
    "draft",
    [
        "Do not share the unfilled list.",
        "Never share, post or forward the unfilled list.",
        "The unfilled list must not be shared.",
        "Sharing the unfilled list is forbidden.",
        "Share the unfilled list: that is forbidden.",
        "Nobody may call a program in SOAP.",
    ],
)
def test_what_is_denied_is_no_finding(draft: str) -> None:
    assert found(draft) == []


@pytest.mark.parametrize(
    "draft",
    [
        "Don't hesitate to share the unfilled list.",
        "Don't forget: share the unfilled list.",
        "If you did not match, share the unfilled list.",
        "It is forbidden, but share the unfilled list.",
        "Warning: share the unfilled list before it is gone.",
        "The unfilled list is out. Share it.",
        "It is not forbidden to phone, so share the unfilled list.",
    ],
)
def test_what_only_looks_denied_is_found(draft: str) -> None:
    assert FindingKind.UNFILLED_LIST in found(draft)


def test_in_the_days_of_soap_a_call_needs_no_mention_of_it() -> None:
    draft = "Phone the program coordinators this afternoon."
    assert found(draft) == []
    assert found(draft, datetime(2027, 3, 16, 15, tzinfo=UTC)) == [FindingKind.SOAP_CONTACT]
    assert not in_soap(EVENTS, datetime(2027, 3, 19, 2, tzinfo=UTC))


# --- the calendar


@pytest.mark.parametrize(
    "draft",
    [
        "Match Day is March 20",
        "Match Day is on the 20th of March 2027",
        "Match Day: 2027-03-20",
        "Match Day, 3/20/2027",
        "Match Day is on Thursday",
        "Match Day is 31 February",
        "Thursday is Match Day",
        "Match Day: Saturday, March 19",
        "Match Day is the last Friday of March",
        "Match Day is March 19 at 1 pm ET",
        "Match Day, 19 March, 12:00 PT",
        "Tomorrow is Match Day",
        "The rank list deadline is March 3 at 9 pm Central",
        "Certify your rank list by March 4",
        "SOAP ends Thursday, March 18, at 17:00 ET",
        "Match Week: March 16 to 20",
        "ERAS opened on June 10, 2026: the ERAS opens date was June 10, 2026",
    ],
)
def test_what_contradicts_the_calendar_is_found(draft: str) -> None:
    assert len(dates(draft)) == 1


@pytest.mark.parametrize(
    "draft",
    [
        "Match Day is March 19",
        "Match Day is Friday, 19 March 2027, 12 noon Eastern",
        "Match Day is 3/19",
        "Match Day is 19/3/2027",
        "Match Day, 19 March, 16:00 UTC",
        "Match Day is the third Friday of March",
        "Match Day 2026 was March 20",
        "Match Day is at 9:30 pm IST",
        "The rank list deadline is March 3, 8 pm CT",
        "Certify your rank list by March 1",
        "Two days before Match Day, on March 17, we meet",
        "CaRMS match day is March 4",
        "Match Week: March 15-19",
        "Residency starts July 1 at 7 am",
        "We talk on Thursday about Match Day",
    ],
)
def test_what_agrees_or_is_not_known_is_left_alone(draft: str) -> None:
    assert dates(draft) == []


def test_a_finding_names_the_event_of_the_calendar() -> None:
    (finding,) = dates("Hi all.\nMatch Day is March 20, be there.")
    assert finding.event is not None
    assert finding.event.id == "us-2027-match-day"
    assert finding.event.citation.certainty is Certainty.ESTIMATED
    assert finding.excerpt == "Match Day is March 20"


def test_the_season_that_is_meant_turns_with_the_year() -> None:
    assert dates("Match Day is March 17", datetime(2027, 11, 1, tzinfo=UTC)) == []
    (finding,) = dates("Match Day is March 19", datetime(2027, 11, 1, tzinfo=UTC))
    assert finding.event is not None
    assert finding.event.year == 2028


def test_the_calendar_is_asked_and_not_remembered() -> None:
    later = WallTime(datetime(2027, 3, 20, 12), "America/New_York")  # noqa: DTZ001 - a wall time
    moved = [replace(event, at=later) if event.id == "us-2027-match-day" else event for event in EVENTS]
    assert NoticeReader(WORDS, moved).findings("Match Day is March 20", NOW) == ()


@pytest.mark.parametrize(
    ("text", "readings", "year"),
    [
        ("march 20", ((3, 20),), None),
        ("20th of march, 2027", ((3, 20),), 2027),
        ("4/5", ((4, 5), (5, 4)), None),
        ("20.3.", (), None),
        ("2027-03-20", ((3, 20),), 2027),
        ("may 5 pm", (), None),
    ],
)
def test_days_are_read(text: str, readings: tuple[tuple[int, int], ...], year: int | None) -> None:
    days = days_in(text, 0, len(text))
    assert [(day.readings, day.year) for day in days] == ([(readings, year)] if readings else [])


@pytest.mark.parametrize(
    ("text", "hour", "zone"),
    [
        ("9 pm et", 21, "America/New_York"),
        ("12 am", 0, None),
        ("noon central", 12, "America/Chicago"),
        ("21:00 utc", 21, "UTC"),
        ("9:30 pm ist", 21, ""),
        ("6 p.m. pst", 18, "America/Los_Angeles"),
    ],
)
def test_hours_are_read(text: str, hour: int, zone: str | None) -> None:
    (read,) = hours_in(text, 0, len(text))
    assert (read.time.hour, read.zone) == (hour, zone)


# --- links and persons


@pytest.mark.parametrize(
    "host",
    [
        "nrrnp.org",
        "nrmp.com",
        "nrmp-login.net",
        "nrmp.org.evil.co",
        "ecfrng.org",
        "ecfmg-portal.org",
        "www.\u0430amc.org",
        "xn--amc-7cd.org",
        "inteaith.org",
    ],
)
def test_look_alikes_are_seen(host: str) -> None:
    assert imitates(host, WORDS)


@pytest.mark.parametrize(
    "host",
    [
        "nrmp.org",
        "r3.nrmp.org",
        "www.ecfmg.org",
        "students-residents.aamc.org",
        "example.org",
        "amc.com",
        "map.org",
        "carmax.com",
        "discord.com",
        "usa.gov",
    ],
)
def test_others_are_left_alone(host: str) -> None:
    assert not imitates(host, WORDS)


@pytest.mark.parametrize(
    ("draft", "kind"),
    [
        ("[nrmp.org](https://example.com)", FindingKind.MASKED_LINK),
        ("[NRMP login](https://example.com)", FindingKind.MASKED_LINK),
        ("https://nrmp.org@example.com/", FindingKind.MASKED_LINK),
        ("https://tinyurl.com/abc", FindingKind.LINK),
        ("http://example.com", FindingKind.LINK),
        ("https://[2001:db8::1]/x", FindingKind.LINK),
        ("https://3405803785/x", FindingKind.LINK),
        ("discord.com/invite/abc", FindingKind.INVITE),
        ("a@b.co", FindingKind.PERSONAL_DATA),
        ("+44 20 7946 0958", FindingKind.PERSONAL_DATA),
        ("ECFMG number 0-123-456-7", FindingKind.PERSONAL_DATA),
        ("<@123> did not match", FindingKind.PERSONAL_DATA),
        ("@\u200beveryone", FindingKind.MASS_MENTION),
    ],
)
def test_addresses_and_persons_are_found(draft: str, kind: FindingKind) -> None:
    assert kind in found(f"Look: {draft} now")


@pytest.mark.parametrize(
    "draft",
    [
        "[the calendar](https://www.nrmp.org/match-calendars/)",
        "[nrmp.org](https://www.nrmp.org/soap)",
        "https://www.ecfmg.org/",
        "write to support@nrmp.org",
        "call 988, open 24/7",
        "2026-11-22 and 22 11 2026",
        "ask <@123456789012345678>",
        "Step 2, Step 3, 218 points, 2,948 of 4,210",
    ],
)
def test_harmless_addresses_and_numbers_are_left_alone(draft: str) -> None:
    assert found(draft) == []


# --- hostile text

PIECES = [
    "call ",
    "program ",
    "soap ",
    "a.",
    "a ",
    "[a](",
    "@",
    "<@",
    "1 2-3 ",
    "march 1 ",
    "match day ",
    "http://",
    "x",
    "not ",
    "1:1",
    ".",
    "\u200b",
    "\ufdfa",
]


@pytest.mark.parametrize("piece", PIECES)
def test_a_text_of_one_piece_costs_no_time(piece: str) -> None:
    draft = (piece * 2_000)[:2_000]
    began = time.process_time()
    CATALOGUE.read_notice(draft, NOW)
    assert time.process_time() - began < 1.0


@settings(max_examples=60, deadline=2_000)
@given(st.lists(st.sampled_from(PIECES), max_size=400).map(lambda pieces: "".join(pieces)[:2_000]) | st.text(max_size=2_000))
def test_any_text_is_read(draft: str) -> None:
    for finding in CATALOGUE.read_notice(draft, NOW):
        assert finding.excerpt
        assert 0 <= finding.start < len(draft)
