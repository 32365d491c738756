"""Drafts filled with what is known, and with brackets where it is not; nothing that she typed gets out of its place."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.catalogue import load_catalogue
from bot.domain.letter_drafts import BRACKETS, DraftKind, Filling, PacketForm, days_in_words, fields_of, filled, missing, packet_form
from bot.domain.letters import ApplicationService, Letter, LetterKind, LetterState
from tests.support.clocks import NOON

TEXTS = load_catalogue().letter_texts
WHOLE = Filling(
    writer="Dr. Osei",
    specialty="Internal Medicine",
    year=2027,
    rotation="elective in Cardiology",
    place="County Hospital",
    dates="3 to 28 August 2026",
    deadline=date(2026, 12, 10),
    today=date(2026, 11, 22),
)


@pytest.mark.parametrize("kind", DraftKind)
def test_without_anything_known_every_field_stands_in_brackets(kind: DraftKind) -> None:
    text = filled(TEXTS.drafts[kind].text, Filling())
    assert "{" not in text
    assert "}" not in text
    for field in fields_of(TEXTS.drafts[kind].text):
        assert BRACKETS[field] in text


@pytest.mark.parametrize("kind", DraftKind)
def test_with_everything_known_only_what_is_never_stored_is_left(kind: DraftKind) -> None:
    draft = TEXTS.drafts[kind].text
    text = filled(draft, WHOLE)
    for field, value in (("writer", "Dr. Osei"), ("specialty", "Internal Medicine"), ("dates", "3 to 28 August 2026"), ("year", "2027")):
        assert (value in text) == (f"{{{field}}}" in draft)
    known = {bracket for field, bracket in BRACKETS.items() if field != "name"}
    assert not known & set(missing(draft, WHOLE))


@pytest.mark.parametrize("kind", [kind for kind in DraftKind if kind not in (DraftKind.IN_PERSON, DraftKind.HESITATES)])
def test_what_is_sent_is_signed_by_her(kind: DraftKind) -> None:
    assert "{name}" in TEXTS.drafts[kind].text
    assert BRACKETS["name"] in filled(TEXTS.drafts[kind].text, WHOLE)


def test_no_draft_is_the_letter() -> None:
    """Nothing speaks of her as a writer would."""
    for draft in TEXTS.drafts.values():
        for phrase in ("I recommend", "To whom it may concern", "the applicant", "this candidate", "she is", "he is"):
            assert phrase.casefold() not in draft.text.casefold()


def test_a_deadline_that_has_passed_is_said_and_not_asked_for() -> None:
    past = Filling(deadline=date(2026, 9, 10), today=date(2026, 11, 22))
    assert filled("by {deadline}", past) == "by [a new date: 10 September 2026 has passed]"
    assert filled("by {deadline}", Filling(deadline=date(2026, 11, 22), today=date(2026, 11, 22))) == "by 22 November 2026"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Dr. Osei", "Dr. Osei"),
        ("```\n@everyone", "''' @everyone"),
        ("  ", "[writer's name]"),
        ("\u200b", "[writer's name]"),
        ("{name}", "{name}"),  # what she typed is not read as a field
        ("a\nb\u2028c", "a b c"),
    ],
)
def test_what_she_typed_stays_in_its_place(typed: str, shown: str) -> None:
    assert filled("Dear {writer},", Filling(writer=typed)) == f"Dear {shown},"


@given(st.text(max_size=120), st.text(max_size=120))
def test_no_text_ends_the_code_block_or_adds_a_line(writer: str, place: str) -> None:
    draft = TEXTS.drafts[DraftKind.MAIL].text
    text = filled(draft, Filling(writer=writer, place=place, rotation=writer, specialty=place))
    assert "`" not in text
    assert len(text.splitlines()) == len(draft.splitlines())


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "words"),
    [
        (date(2026, 8, 3), date(2026, 8, 28), "3 to 28 August 2026"),
        (date(2026, 8, 3), date(2026, 9, 4), "3 August to 4 September 2026"),
        (date(2026, 12, 1), date(2027, 2, 12), "1 December 2026 to 12 February 2027"),
        (date(2026, 8, 3), date(2026, 8, 3), "3 August 2026"),
    ],
)
def test_days_in_words(starts_on: date, ends_on: date, words: str) -> None:
    assert days_in_words(starts_on, ends_on) == words


def letter(service: ApplicationService = ApplicationService.ERAS, kind: LetterKind = LetterKind.NARRATIVE) -> Letter:
    return Letter("l", 1, 2027, LetterState.AGREED, NOON, NOON, "Dr. Osei", service=service, kind=kind)


@pytest.mark.parametrize(
    ("which", "form"),
    [
        (None, PacketForm.NARRATIVE),
        (letter(), PacketForm.NARRATIVE),
        (letter(kind=LetterKind.CHAIR), PacketForm.NARRATIVE),
        (letter(kind=LetterKind.STANDARDIZED), PacketForm.STANDARDIZED),
        (letter(ApplicationService.RESIDENCYCAS), PacketForm.STANDARDIZED),
        (letter(ApplicationService.CARMS), PacketForm.CARMS),
        (letter(ApplicationService.CARMS, LetterKind.STANDARDIZED), PacketForm.CARMS),
    ],
)
def test_a_packet_fits_its_letter(which: Letter | None, form: PacketForm) -> None:
    assert packet_form(which) is form


def test_a_packet_says_something_else_only_where_it_works_in_another_way() -> None:
    portal = next(item for item in TEXTS.packet if item.key == "portal")
    assert "LoR Portal" in portal.said_for(PacketForm.NARRATIVE).text
    assert "ResidencyCAS" in portal.said_for(PacketForm.STANDARDIZED).text
    assert "CaRMS" in portal.said_for(PacketForm.CARMS).text
    cv = next(item for item in TEXTS.packet if item.key == "cv")
    assert all(cv.said_for(form) is cv.usual for form in PacketForm)


def test_texts_speak_calmly() -> None:
    every = [*(habit.text for habit in TEXTS.habits), *(line for topic in TEXTS.topics.values() for line in topic.lines)]
    every += [said.text for item in TEXTS.packet for said in (item.usual, *item.others.values())]
    every += [draft.text for draft in TEXTS.drafts.values()] + [TEXTS.refusal, TEXTS.refusal_next]
    assert [text for text in every if "!" in text] == []
