"""Texts around a letter, never the letter: what to give its writer, what to say and send, habits, questions, warning signs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.domain.facts import Citation
from bot.domain.letter_texts import one_line, shows_something
from bot.domain.letters import ApplicationService, Letter, LetterKind

_FIELD = re.compile(r"\{([a-z]+)\}")


class DraftKind(StrEnum):
    """What is said or sent, by her, in her name."""

    IN_PERSON = "in_person"
    MAIL = "mail"
    FOLLOW_UP = "follow_up"
    THANKS = "thanks"
    DRAFT_YOURSELF = "draft_yourself"
    """What to answer where a writer asks her to draft the letter."""
    HESITATES = "hesitates"
    PLACEMENT = "placement"
    """Asking a hospital for a place."""


class PacketForm(StrEnum):
    """The kind of letter that a packet is for."""

    NARRATIVE = "narrative"
    STANDARDIZED = "standardized"
    CARMS = "carms"


class TopicKey(StrEnum):
    """What is to be known about placements."""

    HOSPITAL = "hospital"
    COST = "cost"
    VISA = "visa"
    INSURANCE = "insurance"
    PAID = "paid"
    SOLD = "sold"


@dataclass(frozen=True, slots=True)
class Habit:
    """Hold one habit that earns letters."""

    key: str
    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class PacketText:
    """Hold what is said of one thing to give: stated by an owner, or advised."""

    text: str
    citation: Citation
    is_fact: bool = False
    name: str = ""
    """What the thing is called there, where that is another name."""


@dataclass(frozen=True, slots=True)
class PacketItem:
    """Hold one thing to give the writer."""

    key: str
    name: str
    usual: PacketText
    others: Mapping[PacketForm, PacketText] = field(default_factory=dict[PacketForm, PacketText])
    """What is said instead for a letter of another form, where it works in another way."""

    def said_for(self, form: PacketForm) -> PacketText:
        """Return what is said of it for one form of letter."""
        return self.others.get(form, self.usual)

    def name_for(self, form: PacketForm) -> str:
        """Return what it is called for one form of letter."""
        return self.said_for(form).name or self.name


@dataclass(frozen=True, slots=True)
class Draft:
    """Hold one draft with its fields still open."""

    kind: DraftKind
    title: str
    when: str
    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Topic:
    """Hold what to ask or to watch for."""

    key: TopicKey
    title: str
    lines: tuple[str, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class LetterTexts:
    """Hold all of them; the refusal says why no letter is written here, and what helps instead."""

    as_of: date
    refusal: str
    refusal_next: str
    refusal_citation: Citation
    habits: tuple[Habit, ...]
    packet: tuple[PacketItem, ...]
    drafts: Mapping[DraftKind, Draft]
    topics: Mapping[TopicKey, Topic]
    cited: frozenset[str] = field(default_factory=frozenset[str])


@dataclass(frozen=True, slots=True)
class Filling:
    """Hold what is known for a draft; whatever is empty stays in brackets."""

    writer: str = ""
    specialty: str = ""
    """The one she applies to."""
    year: int | None = None
    rotation: str = ""
    """What it was: ``elective in internal medicine``."""
    place: str = ""
    dates: str = ""
    deadline: date | None = None
    today: date | None = None
    """A deadline before it is not asked for any more."""


BRACKETS = {
    "writer": "[writer's name]",
    "specialty": "[your specialty]",
    "year": "[year]",
    "rotation": "[rotation]",
    "place": "[hospital]",
    "dates": "[dates]",
    "deadline": "[your date]",
    "name": "[your name]",
}
"""What stands where something is not known, by field. Her name is never known: it is not stored."""


def fields_of(template: str) -> frozenset[str]:
    """Return the fields that a draft has open."""
    return frozenset(_FIELD.findall(template))


def filled(template: str, filling: Filling) -> str:
    """Return a draft with what is known put in, and brackets where something is not; what she typed can't end a code block or ping."""
    values = {
        "writer": filling.writer,
        "specialty": filling.specialty,
        "year": str(filling.year or ""),
        "rotation": filling.rotation,
        "place": filling.place,
        "dates": filling.dates,
        "deadline": _deadline(filling),
    }
    return _FIELD.sub(lambda match: harmless(values.get(match[1], "")) or BRACKETS[match[1]], template)


def missing(template: str, filling: Filling) -> tuple[str, ...]:
    """Return the brackets that are left to fill in, each once, in the order in which they stand."""
    return tuple(dict.fromkeys(re.findall(r"\[[^\]]+\]", filled(template, filling))))


def _deadline(filling: Filling) -> str:
    if filling.deadline is None:
        return ""
    if filling.today is not None and filling.deadline < filling.today:
        return f"[a new date: {day_in_words(filling.deadline)} has passed]"
    return day_in_words(filling.deadline)


def harmless(text: str) -> str:
    """Return what a member typed for a code block: one line that does not end the block; nothing inside one pings or links."""
    line = one_line(text).replace("`", "'")
    return line if shows_something(line) else ""


def day_in_words(day: date) -> str:
    """Return a day as people write it: ``10 September 2026``."""
    return f"{day.day} {day:%B %Y}"


def days_in_words(starts_on: date, ends_on: date) -> str:
    """Return the first and the last day: ``3 to 28 August 2026``, ``1 December 2026 to 12 February 2027``."""
    if starts_on == ends_on:
        return day_in_words(ends_on)
    if (starts_on.year, starts_on.month) == (ends_on.year, ends_on.month):
        return f"{starts_on.day} to {day_in_words(ends_on)}"
    first = f"{starts_on.day} {starts_on:%B}" if starts_on.year == ends_on.year else day_in_words(starts_on)
    return f"{first} to {day_in_words(ends_on)}"


def packet_form(letter: Letter | None) -> PacketForm:
    """Return which kind of packet a letter wants."""
    if letter is None:
        return PacketForm.NARRATIVE
    if letter.service is ApplicationService.CARMS:
        return PacketForm.CARMS
    is_standardized = letter.kind is LetterKind.STANDARDIZED or letter.service is ApplicationService.RESIDENCYCAS
    return PacketForm.STANDARDIZED if is_standardized else PacketForm.NARRATIVE
