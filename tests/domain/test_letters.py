"""The life of a letter: states forward and back, history, programs, and texts that must not be kept."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.letter_texts import looks_like_letter_id, one_line, read_day, shows_something
from bot.domain.letters import (
    MAX_HISTORY,
    ApplicationService,
    Assignment,
    Letter,
    LetterState,
    StateChange,
    default_target,
    is_full,
    ladder,
    moved,
    program_key,
    state_after,
    state_before,
    undone,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ERAS, CARMS = ApplicationService.ERAS, ApplicationService.CARMS
STATES = st.sampled_from(LetterState)


def a_letter(state: LetterState = LetterState.PLANNED, **details: Any) -> Letter:
    return Letter("a", 1, 2027, state, NOON, NOON, "Dr. Osei", history=(StateChange(state, NOON),), **details)


@pytest.mark.parametrize(
    ("service", "states"),
    [
        (ERAS, "planned asked agreed entry_created request_sent uploaded assigned"),
        (ApplicationService.RESIDENCYCAS, "planned asked agreed entry_created request_sent uploaded assigned"),
        (CARMS, "planned asked agreed request_sent uploaded assigned"),
    ],
)
def test_the_ladder_of_each_service(service: ApplicationService, states: str) -> None:
    assert [state.value for state in ladder(service)] == states.split()


@pytest.mark.parametrize("service", list(ApplicationService))
def test_every_step_forward_is_a_step_back(service: ApplicationService) -> None:
    letter = a_letter(service=service)
    seen = [letter.state]
    while (after := state_after(letter)) is not None:
        before = letter.state
        letter = moved(letter, after, NOON)
        assert state_before(letter) is before
        seen.append(letter.state)
    assert tuple(seen) == ladder(service)
    assert state_before(a_letter(service=service)) is None


def test_after_a_no_nothing_follows_and_back_is_asked() -> None:
    declined = a_letter(LetterState.DECLINED)
    assert (state_after(declined), state_before(declined)) == (None, LetterState.ASKED)


def test_a_carms_reference_has_no_entry_of_its_own() -> None:
    assert moved(a_letter(service=CARMS), LetterState.ENTRY_CREATED, NOON).state is LetterState.AGREED


@given(st.lists(STATES, max_size=60))
def test_every_change_can_be_taken_back_to_the_beginning(states: list[LetterState]) -> None:
    letter = a_letter()
    for number, state in enumerate(states):
        letter = moved(letter, state, NOON + timedelta(days=number))
    assert len(letter.history) <= MAX_HISTORY
    assert (letter.history[-1].state, letter.history[-1].at) == (letter.state, letter.changed_at)
    while (before := undone(letter)) is not None:
        assert before.history == letter.history[:-1]
        letter = before
    assert undone(letter) is None


@given(STATES)
def test_the_same_state_again_changes_nothing(state: LetterState) -> None:
    letter = a_letter(state)
    assert moved(letter, state, NOON + timedelta(days=1)) is letter


@pytest.mark.parametrize(
    ("state", "promised", "there", "awaited"),
    [
        (LetterState.PLANNED, False, False, False),
        (LetterState.ASKED, False, False, False),
        (LetterState.AGREED, True, False, True),
        (LetterState.ENTRY_CREATED, True, False, True),
        (LetterState.REQUEST_SENT, True, False, True),
        (LetterState.UPLOADED, True, True, False),
        (LetterState.ASSIGNED, True, True, False),
        (LetterState.DECLINED, False, False, False),
    ],
)
def test_what_a_state_means(state: LetterState, promised: bool, there: bool, awaited: bool) -> None:
    letter = a_letter(state)
    assert (letter.is_promised, letter.is_in, letter.is_awaited) == (promised, there, awaited)


def test_the_usual_target_is_early_september_before_the_match() -> None:
    assert default_target(2027) == date(2026, 9, 10)


# --- programs


def for_program(name: str, letter: str, service: ApplicationService = ERAS) -> Assignment:
    return Assignment(f"{letter}{name}", letter, 1, service, name)


def test_a_fifth_letter_for_a_program_is_one_too_many_in_eras_only() -> None:
    held = [for_program(name, letter) for letter, name in zip("abcd", ["Mercy, IM", "mercy im", "MERCY  IM", "Mercy-IM"], strict=True)]
    assert is_full("Mercy IM", ERAS, held, "e")
    assert not is_full("Mercy IM", ERAS, held, "a")
    assert not is_full("Mercy IM", ERAS, held[:3], "e")
    assert not is_full("Mercy FM", ERAS, held, "e")
    assert not is_full("Mercy IM", CARMS, [replace(each, service=CARMS) for each in held], "e")
    assert not is_full("Mercy IM", ERAS, [replace(each, service=CARMS) for each in held], "e")


@given(st.text(max_size=40))
def test_a_programs_key_is_that_of_its_key(name: str) -> None:
    assert program_key(program_key(name)) == program_key(name)
    assert program_key(f"  {name} ") == program_key(name)


# --- texts


@pytest.mark.parametrize(
    "text",
    [
        "A1B2C3D4E5",
        "key 7XK2-91QF-33AB here",
        "Letter ID: 48213",
        "letter id is ab12",
        "LOR-ID 90210X",
        "the LetterID=77F0",
        "ABCD1234EF",
        "a1b2c3d4e5",
        "\uff14F7K2Q9X1B",
        "A1B2\u200bC3D4E5",
        "(9TQ3R7W1)",
        "AB1-CD2-EF3",
        "AB12-2026",
        "10XQZ2026",
    ],
)
def test_what_looks_like_a_letter_id_is_recognized(text: str) -> None:
    assert looks_like_letter_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Dr. Osei",
        "internal medicine",
        "COVID2020 ward",
        "12 Nov 2026",
        "2026-11-24",
        "call +20 100 123 4567",
        "osei2024@hospital.example.org",
        "https://example.org/a1b2c3d4e5",
        "ward 3B, weeks 3-4",
        "the letter id stays with me",
        "Never write the Letter ID here",
        "PGY-2 at Mercy",
        "3rd-year clerkship 2024-2025",
        "ICU-2024",
        "10SEP2026",
        "from 1Sept2026",
        "SEP102026",
        "10-SEP-2026",
        "2026SEP10",
        "PGY2-2026",
        "2026-PGY1",
        "St. Mary's 1200-bed hospital",
    ],
)
def test_what_people_write_is_not_taken_for_one(text: str) -> None:
    assert not looks_like_letter_id(text)


@given(st.text(max_size=300))
def test_any_text_is_read_without_harm(text: str) -> None:
    looks_like_letter_id(text)
    assert one_line(one_line(text)) == one_line(text)
    assert "\n" not in one_line(text)
    read_day(text)


@pytest.mark.parametrize(("text", "shows"), [("", False), (" \n\t", False), ("\u200b\u2800\u3164", False), ("a", True), ("世", True)])
def test_a_text_shows_something_or_nothing(text: str, shows: bool) -> None:
    assert shows_something(text) is shows


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-10-31", date(2026, 10, 31)),
        ("2026-2", date(2026, 2, 28)),
        ("31 Oct 2026", date(2026, 10, 31)),
        ("31. October 2026", date(2026, 10, 31)),
        ("Oct 31, 2026", date(2026, 10, 31)),
        ("sept 2028", date(2028, 9, 30)),
        ("Feb 2028", date(2028, 2, 29)),
        ("31 Feb 2026", None),
        ("2026-13", None),
        ("10/11/2026", None),
        ("Octopus 2026", None),
        ("soon", None),
        ("", None),
        ("9" * 500, None),
    ],
)
def test_a_day_is_read_or_not(text: str, day: date | None) -> None:
    assert read_day(text) == day


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)))
def test_every_day_is_read_back(day: date) -> None:
    for text in (day.isoformat(), f"{day.day} {day:%b %Y}", f"{day:%B} {day.day}, {day.year}"):
        assert read_day(text) == day
