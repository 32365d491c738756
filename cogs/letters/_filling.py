"""What is known of her for a draft or a summary: the writer, the rotation, what she applies in, by when."""

import io
from dataclasses import dataclass
from datetime import date

import discord
from discord import ui

from bot.domain.letter_drafts import Filling, days_in_words
from bot.domain.letters import Letter, WriterCountry
from bot.domain.rotation_summary import SummaryFor, rotation_summary
from bot.domain.rotations import Rotation
from bot.errors import UserFacingError
from bot.services.bundle import Services
from bot.services.rotations import UNREADABLE
from cogs._ui.cards import Card, Meaning, card
from cogs.letters._guidance import KINDS
from cogs.letters._words import COUNTRIES

SUMMARY_FILE = "rotation-summary.txt"


@dataclass(frozen=True, slots=True)
class Known:
    """Hold what is known for texts to one writer."""

    writer: str
    applies_in: str
    year: int
    target: date | None
    today: date
    rotation: Rotation | None


async def known_for(services: Services, member_id: int, letter: Letter | None, rotation: Rotation | None, writer: str = "") -> Known:
    """Return what is known: of the letter and its rotation where there is one, else of the rotation alone."""
    board = await services.letters.board(member_id, letter.season_year if letter else None)
    names = [held.name for each in board.plan.specialties if (held := services.catalogue.figures.specialty(each)) is not None]
    return Known(
        writer=letter.writer if letter else writer,
        applies_in=" or ".join(names),
        year=board.season_year,
        target=services.letters.plans.target_of(letter, board) if letter else board.target.day,
        today=services.letters.plans.today(board.member),
        rotation=rotation,
    )


async def rotation_of(services: Services, letter: Letter) -> Rotation | None:
    """Return the rotation that a letter comes from; None where none is named, or where it is gone or can't be read."""
    if not letter.rotation_id:
        return None
    try:
        rotation = await services.rotations.get(letter.member_id, letter.rotation_id)
    except UserFacingError:  # deleted since: the letter stays, without it
        return None
    return rotation if rotation.is_readable else None


def filling(services: Services, known: Known) -> Filling:
    """Return the same for a draft."""
    rotation = known.rotation
    if rotation is None:
        return Filling(known.writer, known.applies_in, known.year, deadline=known.target, today=known.today)
    specialty = services.rotations.specialty_name(rotation)
    what = KINDS[rotation.about.kind].lower()
    return Filling(
        writer=known.writer,
        specialty=known.applies_in,
        year=known.year,
        rotation=f"{what} in {specialty}" if specialty else what,
        place=rotation.about.place,
        dates=days_in_words(rotation.starts_on, rotation.ends_on),
        deadline=known.target,
        today=known.today,
    )


def summary_card(services: Services, known: Known) -> tuple[Card, discord.File]:
    """Return the one-page summary of a rotation as a file, and the card that brings it."""
    rotation = known.rotation
    if rotation is None or not rotation.is_readable:
        raise UNREADABLE
    deadline = known.target if known.target is not None and known.target >= known.today else None
    whom = SummaryFor(known.writer, known.applies_in, known.year, deadline)
    country = COUNTRIES.get(rotation.about.country, "") if rotation.about.country is not WriterCountry.ELSEWHERE else ""
    text = rotation_summary(rotation, KINDS[rotation.about.kind], services.rotations.specialty_name(rotation), country, whom)
    view = card(
        "Your rotation summary",
        "One page of plain text, made from your rotation. What is not known stands in [brackets]: fill that in, then send or print it.",
        "Read it once more for anything that identifies a patient: names, dates of birth, rare details. None of that belongs in it.",
        meaning=Meaning.YOURS,
        quiet="The file is made anew each time and kept nowhere here. Your name and AAMC ID are not stored: write them in.",
    )
    view.container.add_item(ui.File(f"attachment://{SUMMARY_FILE}"))
    return view, discord.File(io.BytesIO(text.encode("utf-8")), filename=SUMMARY_FILE)
