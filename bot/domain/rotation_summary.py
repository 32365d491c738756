"""The one-page summary of a rotation for a letter's writer, as plain text; what is not known is left to fill in."""

import textwrap
from dataclasses import dataclass
from datetime import date

from bot.domain.letter_drafts import day_in_words, days_in_words
from bot.domain.letter_texts import one_line, shows_something
from bot.domain.rotations import Rotation, length_in_words

MAX_LINES = 54
"""A page holds so many lines of WIDTH characters at 11 points, in letter size and in A4."""
WIDTH = 88
_BULLET, _UNDER_BULLET = "- ", "  "
_INDENT = 13
TO_FILL_IN = {
    "duties": "[fill in: patients a day, presentations, notes, calls, procedures, under whose supervision]",
    "cases": "[fill in: one or two cases or projects, without anything that identifies a patient]",
    "feedback": "[fill in: what you were told, and what you changed because of it]",
    "strengths": "[fill in, or delete: two or three]",
}


@dataclass(frozen=True, slots=True)
class SummaryFor:
    """Hold for whom a summary is: the writer, what she applies in, and by when she needs the letter."""

    writer: str = ""
    applies_in: str = ""
    year: int | None = None
    deadline: date | None = None


def rotation_summary(rotation: Rotation, kind: str, specialty: str, country: str, whom: SummaryFor) -> str:
    """Return the summary, at most MAX_LINES lines of WIDTH characters; kind, specialty and country in words."""
    about, details = rotation.about, rotation.details
    place = ", ".join(part for part in (one_line(about.place), country) if part)
    year = f"{whom.year} Match" if whom.year else "[year] Match"
    head = [
        ("For", one_line(whom.writer) or "[writer's name]"),
        ("From", "[your name], [AAMC ID], [mail], [telephone]"),
        ("Applying in", f"{one_line(whom.applies_in) or '[your specialty]'}, {year}"),
        ("Rotation", f"{kind} in {one_line(specialty) or '[specialty]'}"),
        ("Place", place or "[hospital]"),
        ("Dates", f"{days_in_words(about.starts_on, about.ends_on)} ({length_in_words(about)})"),
        ("Letter by", day_in_words(whom.deadline) if whom.deadline else "[your date]"),
    ]
    top = ["ROTATION SUMMARY", ""]
    for name, value in head:
        first, *more = textwrap.wrap(value, WIDTH - _INDENT)
        top += [f"{name + ':':<{_INDENT}}{first}", *(f"{'':<{_INDENT}}{line}" for line in more)]
    parts = (
        ("What I did", details.duties or TO_FILL_IN["duties"]),
        ("Cases and projects you may remember", details.cases or TO_FILL_IN["cases"]),
        ("Feedback I was given", details.feedback or TO_FILL_IN["feedback"]),
        ("Worth mentioning, if you find it accurate", details.strengths or TO_FILL_IN["strengths"]),
    )
    end = ["", "What the letter says is for you to decide. Thank you for your time."]
    for written in (_bullets, _paragraph, _packed):
        lines = [*top, *(line for title, text in parts for line in ("", title, *written(text))), *end]
        if len(lines) <= MAX_LINES:
            break
    return "\n".join(lines) + "\n"


def _said(text: str) -> list[str]:
    lines = [one_line(line).lstrip("-*•· ") for line in text.splitlines()]
    return [line for line in lines if shows_something(line)]


def _bullets(text: str) -> list[str]:
    """Return each line of a text as a bullet."""
    return [
        wrapped for line in _said(text) for wrapped in textwrap.wrap(line, WIDTH, initial_indent=_BULLET, subsequent_indent=_UNDER_BULLET)
    ]


def _paragraph(text: str) -> list[str]:
    """Return the lines of a text as one bullet, where many short ones would fill the page."""
    return textwrap.wrap("; ".join(_said(text)), WIDTH, initial_indent=_BULLET, subsequent_indent=_UNDER_BULLET)


def _packed(text: str) -> list[str]:
    """Return a text broken wherever a line is full: so long words, or so many lines, leave no other way to keep to one page."""
    said, width = " ".join(_said(text)), WIDTH - len(_BULLET)
    pieces = [said[start : start + width] for start in range(0, len(said), width)]
    return [f"{_UNDER_BULLET if number else _BULLET}{piece}" for number, piece in enumerate(pieces)]
