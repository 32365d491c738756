"""One program on a list: moved, removed, marked; and programs added to a list."""

from typing import Any

import discord
from discord import ui

from bot.domain.programs import Program, Track
from bot.domain.rank_list import MOST_MARK, PRIMARY
from bot.errors import UserFacingError
from bot.services.bundle import Services
from bot.services.rank_lists import GONE, RankBoard
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, shortened
from cogs._ui.forms import Form
from cogs._ui.ways import number_in
from cogs.ranklist import _words as words
from cogs.ranklist._ways import STALE, View, go, page_of, parts_of, show, shows, turn

ADDED_PER_PAGE = 25
PLACES_SHOWN = 25
"""As many places as a select takes; a longer list asks for the number."""


class Place(Action, prefix="ranklist:place"):
    """Move a program; the key holds its id, its list, and the place."""

    async def act(self, interaction: Interaction) -> None:
        """Move it, and show it where it stands."""
        program, listed, place = parts_of(self.key.partition(".")[0], 3)
        await interaction.client.services.rank_lists.place(interaction.user.id, program, number_in(place), listed)
        await show(interaction, View.PROGRAM, program, listed)


class PlaceChoice(Choice, prefix="ranklist:placeto"):
    """Move the program of the key to the place that was chosen."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Move it, and show it where it stands."""
        program, listed = parts_of(self.key, 2)
        await interaction.client.services.rank_lists.place(interaction.user.id, program, number_in(values[0]), listed)
        await show(interaction, View.PROGRAM, program, listed)


class AskPlace(Action, prefix="ranklist:askplace"):
    """Ask for the place of a program on a long list."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        await interaction.response.send_modal(PlaceForm(self.key))


class PlaceForm(Form):
    """Ask for a place."""

    def __init__(self, key: str) -> None:
        super().__init__("Move it to another place")
        self.key = key
        self.place: ui.TextInput[Any] = ui.TextInput(max_length=3, placeholder="1 is the first")
        self.ask("Which place", self.place)

    async def submitted(self, interaction: Interaction) -> None:
        """Move it."""
        place = number_in(self.place.value.strip())
        if not place:
            raise UserFacingError("That is no place on a list.", "Type a number, such as 1 for the first.")
        program, listed = parts_of(self.key, 2)
        await interaction.client.services.rank_lists.place(interaction.user.id, program, place, listed)
        await show(interaction, View.PROGRAM, program, listed)


class Remove(Action, prefix="ranklist:remove"):
    """Take the program of the key off its list."""

    async def act(self, interaction: Interaction) -> None:
        """Take it off, and show the list."""
        program, listed = parts_of(self.key, 2)
        await interaction.client.services.rank_lists.remove(interaction.user.id, program, listed)
        await (show(interaction, View.SUPPLEMENTAL, listed) if listed != PRIMARY else show(interaction, View.BOARD))


class OpenMark(Choice, prefix="ranklist:openmark"):
    """Open a criterion, to mark the program of the key by it."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it."""
        await show(interaction, View.MARKS, self.key, values[0])


class GiveMark(Action, prefix="ranklist:mark"):
    """Mark a program; the key holds its id, the criterion, and the mark, 0 for none."""

    async def act(self, interaction: Interaction) -> None:
        """Store the mark, and show the program."""
        program, criterion, mark = parts_of(self.key, 3)
        await interaction.client.services.rank_lists.mark(interaction.user.id, program, criterion, number_in(mark) or None)
        await show(interaction, View.PROGRAM, program)


class AddChosen(Choice, prefix="ranklist:add"):
    """Add the programs chosen to the list of the key."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Add them at the end, in the order in which they are offered, and show the list."""
        listed, _ = parts_of(self.key, 2)
        await interaction.client.services.rank_lists.add(interaction.user.id, values, listed)
        await (show(interaction, View.SUPPLEMENTAL, listed) if listed != PRIMARY else show(interaction, View.BOARD, 999))


@shows(View.PROGRAM)
async def program_card(services: Services, interaction: Interaction, rest: str) -> Card:
    """Return one program of a list: where it stands, how she marked it, what can be done."""
    program_id, listed = parts_of(rest, 2)
    board = await services.rank_lists.board(interaction.user.id)
    ids = board.held.of(listed)
    if program_id not in ids:
        raise GONE
    program, place = board.programs[program_id], ids.index(program_id) + 1
    about = " · ".join(part for part in (words.about_program(services, program), words.STAGES[program.stage]) if part)
    on = "your list" if listed == PRIMARY else f"the first-year list of {words.program_name(board.programs[listed])}"
    return card(
        f"No. {place} of {len(ids)}: {words.program_name(program)}",
        about,
        f"It stands on {on}.",
        _marks_text(board, program),
        _first_year_text(board, program) if listed == PRIMARY else "",
        meaning=Meaning.YOURS,
        rows=_program_rows(board, program, listed, place, len(ids)),
        quiet=words.PRIVATE,
    )


def _marks_text(board: RankBoard, program: Program) -> str:
    lines = [
        f"- {plain(each.name)} (you weigh it {words.WEIGHTS[each.weight]}): {board.held.mark(program.id, each.key) or 'not marked'}"
        for each in board.held.criteria
    ]
    return "\n".join(["**Your marks**, 1 to 5", *lines]) if lines else ""


def _first_year_text(board: RankBoard, program: Program) -> str:
    if program.track is not Track.ADVANCED:
        return ""
    count = len(board.held.of(program.id))
    said = f"{count} on its supplemental list" if count else "no supplemental list yet"
    return f"An advanced place begins in the second year: {said}."


def _program_rows(board: RankBoard, program: Program, listed: str, place: int, of: int) -> list[list[discord.ui.Item[Any]]]:
    key = f"{program.id}-{listed}"
    rows: list[list[discord.ui.Item[Any]]] = [
        [
            Place(f"{key}-{place - 1}.up", label="Up", disabled=place == 1),
            Place(f"{key}-{place + 1}.down", label="Down", disabled=place == of),
            Place(f"{key}-1.top", label="To the top", disabled=place == 1),
            Place(f"{key}-{of}.end", label="To the end", disabled=place == of),
            *([AskPlace(key, label="To a place")] if of > PLACES_SHOWN else []),
        ]
    ]
    if 2 < of <= PLACES_SHOWN:
        ids = board.held.of(listed)
        options = [
            discord.SelectOption(
                label=f"No. {number}",
                value=str(number),
                description=shortened(f"now {words.bare_name(board.programs[each])}", 100),
                default=number == place,
            )
            for number, each in enumerate(ids, 1)
        ]
        rows.append([PlaceChoice(key, options=options, placeholder="Move it to a place")])
    if board.held.criteria and listed == PRIMARY:
        options = [discord.SelectOption(label=each.name, value=each.key) for each in board.held.criteria]
        rows.append([OpenMark(program.id, options=options, placeholder="Mark it by what you look at")])
    back = go("Back to the list", View.BOARD, (place - 1) // 10) if listed == PRIMARY else go("Back to the list", View.SUPPLEMENTAL, listed)
    advanced = [go("First-year list", View.SUPPLEMENTAL, program.id)] if listed == PRIMARY and program.track is Track.ADVANCED else []
    rows.append([*advanced, Remove(key, label="Remove", style=discord.ButtonStyle.danger), back])
    return rows


@shows(View.MARKS)
async def marks_card(services: Services, interaction: Interaction, rest: str) -> Card:
    """Return the five marks of one criterion for one program."""
    program_id, criterion_key = parts_of(rest, 2)
    board = await services.rank_lists.board(interaction.user.id)
    criterion = next((each for each in board.held.criteria if each.key == criterion_key), None)
    if criterion is None or program_id not in board.programs:
        raise STALE
    now = board.held.mark(program_id, criterion_key)
    key = f"{program_id}-{criterion_key}"
    return card(
        shortened(plain(criterion.name), 80),
        f"How good is **{words.program_name(board.programs[program_id])}** here? 1 is poor, 5 is as good as you could wish.",
        f"Your mark now: {now}." if now else "Not marked yet.",
        meaning=Meaning.YOURS,
        rows=[
            [GiveMark(f"{key}-{mark}", label=str(mark)) for mark in range(1, MOST_MARK + 1)],
            [*([GiveMark(f"{key}-0", label="No mark")] if now else []), go("Back", View.PROGRAM, program_id)],
        ],
        quiet="Marks only ask questions; they never change the order.",
    )


@shows(View.ADD)
async def add_card(services: Services, interaction: Interaction, rest: str) -> Card:
    """Return the programs that can be added to a list, those interviewed first."""
    listed, page_text = parts_of(rest, 2)
    board = await services.rank_lists.board(interaction.user.id)
    offered = board.to_add(listed)
    pages = max(1, -(-len(offered) // ADDED_PER_PAGE))
    page = page_of(page_text, pages)
    shown = offered[page * ADDED_PER_PAGE : (page + 1) * ADDED_PER_PAGE]
    place = f", page {page + 1} of {pages}" if pages > 1 else ""
    options = [
        discord.SelectOption(label=words.bare_name(each), value=each.id, description=shortened(_offer(services, each), 100))
        for each in shown
    ]
    back = go("Back", View.BOARD) if listed == PRIMARY else go("Back", View.SUPPLEMENTAL, listed)
    rows: list[list[discord.ui.Item[Any]]] = [
        [AddChosen(f"{listed}-{page}", options=options, placeholder="Choose one or several", most=len(options))] if options else [],
        [*turn(View.ADD, page, pages, listed), back],
    ]
    return card(
        f"Add programs ({len(offered)}{place})",
        "Those where you were interviewed come first. What you choose goes to the end of the list."
        if offered
        else "Every program that you keep and that fits is on this list. /programs add notes another.",
        words.fact_line(services, "supplemental" if listed != PRIMARY else "interviewed"),
        meaning=Meaning.YOURS,
        rows=rows,
        quiet=words.source_line(words.citations(services, "supplemental" if listed != PRIMARY else "interviewed")),
    )


def _offer(services: Services, program: Program) -> str:
    return ", ".join(part for part in (words.STAGES[program.stage], words.about_program(services, program)) if part)


ITEMS = (Place, PlaceChoice, AskPlace, Remove, OpenMark, GiveMark, AddChosen)
