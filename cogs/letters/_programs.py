"""The programs of a letter: assigned by hand in each service and noted here, at most four letters per program in ERAS."""

from typing import Any

import discord
from discord import ui

from bot.domain.letters import ApplicationService, Assignment, Letter, LetterKind
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, shortened
from cogs._ui.ways import number_in
from cogs.letters import _words as words
from cogs.letters._forms import select_of, value_of
from cogs.letters._kept import KeptForm, open_kept, opens
from cogs.letters._ways import View, go, show, shows, split_key, turn

PER_PAGE = 15
NAME_SHOWN = 60
MOST_TYPED = 4_000
NONE_YET = "No program yet. Add them one a line; then mark here what you assigned in the service itself."


class MarkAssigned(Choice, prefix="letters:assigned"):
    """Note that the letter in the key is assigned to the programs chosen."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Note it, and show the page."""
        letter_id, page = split_key(self.key)
        await interaction.client.services.letters.programs.mark(interaction.user.id, letter_id, values, is_assigned=True)
        await show(interaction, View.PROGRAMS, letter_id, page)


class MarkNotAssigned(Choice, prefix="letters:unassigned"):
    """Note that the letter in the key is not assigned to the programs chosen."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Note it, and show the page."""
        letter_id, page = split_key(self.key)
        await interaction.client.services.letters.programs.mark(interaction.user.id, letter_id, values, is_assigned=False)
        await show(interaction, View.PROGRAMS, letter_id, page)


class RemovePrograms(Choice, prefix="letters:off"):
    """Remove the programs chosen from the letter in the key."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Remove them, and show the page."""
        letter_id, page = split_key(self.key)
        await interaction.client.services.letters.programs.remove(interaction.user.id, letter_id, values)
        await show(interaction, View.PROGRAMS, letter_id, page)


class AllAssigned(Action, prefix="letters:all"):
    """Note that the letter in the key is assigned to all its programs."""

    async def act(self, interaction: Interaction) -> None:
        """Note it, and show the first page."""
        services: Services = interaction.client.services
        letter = await services.letters.get(interaction.user.id, self.key)
        ids = [each.id for each in await services.letters.programs.of(letter)]
        await services.letters.programs.mark(interaction.user.id, letter.id, ids, is_assigned=True)
        await show(interaction, View.PROGRAMS, letter.id, 0)


class AddPrograms(Action, prefix="letters:programs"):
    """Ask for programs of the letter in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        await open_kept(interaction, f"programs-{self.key}")


@opens("programs")
async def programs_form(services: Services, member_id: int, letter_id: str) -> KeptForm:
    """Return the form for programs of a letter."""
    return ProgramsForm(services, await services.letters.get(member_id, letter_id))


class ProgramsForm(KeptForm):
    """Ask for programs, one a line."""

    def __init__(self, services: Services, letter: Letter) -> None:
        super().__init__("Programs of this letter")
        self.services = services
        self.letter = letter
        self.service = select_of(words.SERVICES, letter.service)
        self.names: ui.TextInput[Any] = ui.TextInput(style=discord.TextStyle.paragraph, max_length=MOST_TYPED)
        self.ask("Through which service", self.service)
        self.ask("Programs, one a line", self.names, f"As you call them. Names only{'' if letter.is_carms else ', no Letter ID'}.")

    async def submitted(self, interaction: Interaction) -> None:
        """Add them, all or none, and show the first page."""
        service = value_of(ApplicationService, self.service, self.letter.service)
        await self.services.letters.programs.add(interaction.user.id, self.letter.id, service, self.names.value)
        await show(interaction, View.PROGRAMS, self.letter.id, 0)


@shows(View.PROGRAMS)
async def programs_card(services: Services, member_id: int, rest: str) -> Card:
    """Return one page of a letter's programs."""
    letter_id, page_text = split_key(rest)
    letter = await services.letters.get(member_id, letter_id)
    programs = await services.letters.programs.of(letter)
    pages = max(1, -(-len(programs) // PER_PAGE))
    page = min(number_in(page_text), pages - 1)
    shown = programs[page * PER_PAGE : (page + 1) * PER_PAGE]
    lines = "\n".join(f"- {plain(shortened(each.program, NAME_SHOWN))} · {_stands(each)}" for each in shown)
    assigned = sum(each.is_assigned for each in programs)
    place = f", page {page + 1} of {pages}" if pages > 1 else ""
    return card(
        f"Programs: letter of {words.short_name(letter)}{place}",
        f"{assigned} of {len(programs)} assigned." if programs else "",
        lines or NONE_YET,
        "\n".join(words.fact_line(services.catalogue.letters.facts[name]) for name in _facts(letter, programs)),
        meaning=Meaning.YOURS,
        rows=_rows(letter, programs, shown, page, pages),
        quiet="This notes what you did elsewhere; nothing is sent to any service.",
    )


def _stands(each: Assignment) -> str:
    service = "" if each.service is ApplicationService.ERAS else f", {words.SERVICES[each.service]}"
    return f"**assigned**{service}" if each.is_assigned else f"not assigned yet{service}"


def _facts(letter: Letter, programs: tuple[Assignment, ...]) -> list[str]:
    """Return which facts matter to this letter."""
    services = {letter.service, *(each.service for each in programs)}
    names: list[str] = []
    if ApplicationService.ERAS in services:
        names.append("per_program")
    if ApplicationService.RESIDENCYCAS in services:
        names.append("residencycas")
    if ApplicationService.CARMS in services:
        names.append("carms")
    if letter.kind is LetterKind.STANDARDIZED or letter.specialty == "emergency-med":
        names.append("standardized")
    return names


def _rows(letter: Letter, programs: tuple[Assignment, ...], shown: tuple[Assignment, ...], page: int, pages: int) -> list[Any]:
    key = f"{letter.id}-{page}"
    rows: list[list[discord.ui.Item[Any]]] = []
    for kind, offered, placeholder in (
        (MarkAssigned, [each for each in shown if not each.is_assigned], "Assigned in the service"),
        (MarkNotAssigned, [each for each in shown if each.is_assigned], "Not assigned after all"),
        (RemovePrograms, list(shown), "Take off this letter"),
    ):
        options = [discord.SelectOption(label=shortened(each.program, 100), value=each.id, description=_service(each)) for each in offered]
        if options:
            rows.append([kind(key, options=options, placeholder=placeholder, most=len(options))])
    buttons: list[discord.ui.Item[Any]] = [AddPrograms(letter.id, label="Add programs", style=discord.ButtonStyle.primary)]
    if any(not each.is_assigned for each in programs):
        buttons.append(AllAssigned(letter.id, label="All are assigned"))
    return [*rows, [*buttons, go("Back to the letter", View.LETTER, letter.id)], turn(View.PROGRAMS, page, pages, letter.id)]


def _service(each: Assignment) -> str:
    return words.SERVICES[each.service]


ITEMS = (MarkAssigned, MarkNotAssigned, RemovePrograms, AllAssigned, AddPrograms)
