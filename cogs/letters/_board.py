"""``/letters board``: every letter with how far it is, the target, and the ways to everything else."""

from typing import Any

import discord

from bot.domain.letters import Letter
from bot.services.bundle import Services
from bot.services.letter_follow_ups import day_text
from bot.services.letter_plans import Board, Offer
from cogs._ui.actions import Choice, Interaction
from cogs._ui.cards import Card, Meaning, card
from cogs._ui.ways import number_in
from cogs.letters import _words as words
from cogs.letters._forms import AddLetter
from cogs.letters._pictures import draw_ladder
from cogs.letters._target import TakeOffer, offer_label, target_text
from cogs.letters._ways import View, go, show, shows, turn

PER_PAGE = 8
BEGIN = (
    "No letter stands here yet. Think of who saw you work and can give examples; /letters plan says what guides advise. "
    "Add the first one: a name is enough, the rest can wait."
)


class OpenLetter(Choice, prefix="letters:open"):
    """Open one letter of the board."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show its card, in place."""
        await show(interaction, View.LETTER, values[0])


@shows(View.BOARD)
async def board_card(services: Services, member_id: int, rest: str = "") -> Card:
    """Return one page of the letters of a season."""
    year, _, page_text = rest.partition("-")
    board = await services.letters.board(member_id, number_in(year) or None)
    pages = max(1, -(-len(board.letters) // PER_PAGE))
    page = min(number_in(page_text), pages - 1)
    shown = board.letters[page * PER_PAGE : (page + 1) * PER_PAGE]
    counts = await services.letters.programs.counts(member_id)
    numbered = list(enumerate(shown, page * PER_PAGE + 1))
    lines = "\n".join(_letter_lines(services, board, number, letter, counts) for number, letter in numbered)
    is_carms = bool(board.letters) and all(letter.is_carms for letter in board.letters)
    private = words.PRIVATE_CARMS if is_carms else words.PRIVATE
    steps = services.catalogue.letters.facts["carms" if is_carms else "steps"]
    place = f", page {page + 1} of {pages}" if pages > 1 else ""
    return card(
        f"Your letters, {board.season_year} Match ({len(board.letters)}{place})",
        target_text(services, board),
        lines or BEGIN,
        _summary(board.letters),
        meaning=Meaning.YOURS,
        picture=await draw_ladder(services, board, shown),
        rows=_rows(board, numbered, page, pages),
        quiet=f"{private}\nThe steps are those of {'CaRMS' if is_carms else 'ERAS'}. {words.source_line([steps.citation])}",
    )


def _letter_lines(services: Services, board: Board, number: int, letter: Letter, counts: dict[str, tuple[int, int]]) -> str:
    who = [words.specialty_name(services, letter.specialty) if letter.specialty else "", words.COUNTRIES.get(letter.country, "")]
    if letter.is_imported:
        who.append(f"imported from {letter.imported_from}")
    if letter.service.value != "eras":
        who.append(words.SERVICES[letter.service])
    lines = [" · ".join([f"**{number}. {words.short_name(letter)}**", *(part for part in who if part)])]
    parts = [words.ladder_line(letter, board.member)]
    if letter.target_on is not None and not letter.is_in and not letter.is_declined:
        parts.append(f"by {day_text(letter.target_on)}")
    if letter.id in counts:
        assigned, total = counts[letter.id]
        parts.append(f"{assigned} of {total} programs")
    return "\n".join([*lines, " · ".join(parts)])


def _summary(letters: tuple[Letter, ...]) -> str:
    if not letters:
        return ""
    there = sum(letter.is_in for letter in letters)
    awaited = sum(letter.is_awaited for letter in letters)
    declined = sum(letter.is_declined for letter in letters)
    parts = [f"there: {there}", f"promised: {awaited}", f"planned or asked: {len(letters) - there - awaited - declined}"]
    if declined:
        parts.append(f"declined: {declined}")
    return " · ".join(parts)


def _rows(board: Board, numbered: list[tuple[int, Letter]], page: int, pages: int) -> list[list[discord.ui.Item[Any]]]:
    rows: list[list[discord.ui.Item[Any]]] = []
    if numbered:
        options = [
            discord.SelectOption(
                label=words.bare_name(letter, number), value=letter.id, description=words.state_name(letter.state, letter.service)
            )
            for number, letter in numbered
        ]
        rows.append([OpenLetter(options=options, placeholder="Open one letter")])
    if board.is_current and board.target.is_past and any(not letter.is_in for letter in board.letters):
        rows.append([_offer_button(offer) for offer in board.target.offers])
    rows.append(
        [
            AddLetter(label="Add a letter", style=discord.ButtonStyle.primary),
            go("Import an earlier one", View.IMPORT),
            *([go("Target date", View.TARGET)] if board.is_current else []),
            go("Plan", View.PLAN),
            go("Follow-ups", View.STEPS),
        ]
    )
    others = [go(f"{year} Match", View.BOARD, year) for year in board.other_seasons[:3]]
    rows.append([*turn(View.BOARD, page, pages, board.season_year), *others])
    return rows


def _offer_button(offer: Offer) -> TakeOffer:
    return TakeOffer(offer.kind.value, label=offer_label(offer))


ITEMS = (OpenLetter,)
