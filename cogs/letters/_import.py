"""Letters of earlier seasons, imported: those that stand on an earlier board of hers, and others by name."""

from typing import Any

import discord
from discord import ui

from bot.domain.letters import SEASONS_IMPORTED
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card
from cogs._ui.ways import number_in
from cogs.letters import _words as words
from cogs.letters._forms import WriterForm
from cogs.letters._kept import KeptForm, open_kept, opens
from cogs.letters._ways import STALE, View, go, show, shows

MOST_OFFERED = 25


class ImportStored(Choice, prefix="letters:import"):
    """Import a letter of an earlier board."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Import it, and show its card."""
        letter = await interaction.client.services.letters.import_stored(interaction.user.id, values[0])
        await show(interaction, View.LETTER, letter.id)


class ImportOther(Action, prefix="letters:import_other"):
    """Ask for a letter that stands on no board."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        await open_kept(interaction, "import")


@opens("import")
async def import_form(services: Services, member_id: int, _rest: str) -> KeptForm:
    """Return the form for an earlier letter."""
    return ImportForm(services, await services.letters.season_of(await services.members.get(member_id)))


class ImportForm(WriterForm):
    """Ask for an earlier letter, and from which season it is."""

    def __init__(self, services: Services, season_year: int) -> None:
        super().__init__(services, "A letter of an earlier season")
        years = [str(year) for year in range(season_year - 1, season_year - SEASONS_IMPORTED - 1, -1)]
        self.year: ui.Select[Any] = ui.Select(options=[discord.SelectOption(label=f"{year} Match", value=year) for year in years])
        self.ask("Of which season", self.year, f"ERAS imports from up to {SEASONS_IMPORTED} earlier seasons.")

    async def submitted(self, interaction: Interaction) -> None:
        """Import it, and show its card."""
        if not self.year.values:
            raise STALE
        year = number_in(self.year.values[0])
        letter = await self.services.letters.import_letter(interaction.user.id, year, self.writer.value, **self.details())
        await show(interaction, View.LETTER, letter.id)


@shows(View.IMPORT)
async def import_card(services: Services, member_id: int, rest: str = "") -> Card:  # noqa: ARG001 - as every view
    """Return what can be imported."""
    board = await services.letters.board(member_id)
    found = (await services.letters.importable(board))[:MOST_OFFERED]
    options = [
        discord.SelectOption(label=words.bare_name(letter), value=letter.id, description=f"{letter.season_year} Match") for letter in found
    ]
    first, last = board.season_year - SEASONS_IMPORTED, board.season_year - 1
    return card(
        f"Import into the {board.season_year} Match",
        words.fact_line(services.catalogue.letters.facts["import"]),
        f"For you these are the {first} to {last} seasons. An imported letter is there already; it still has to be assigned. "
        "Import it in MyERAS first; here it is only noted.",
        "" if options else "No uploaded letter stands on an earlier board of yours.",
        meaning=Meaning.YOURS,
        rows=[
            [ImportStored(options=options, placeholder="From your earlier boards")] if options else [],
            [ImportOther(label="One that is not listed"), go("Back to the board", View.BOARD)],
        ],
        quiet="A letter keeps the date that it was written on; ask an earlier writer for a new one where much has changed since.",
    )


ITEMS = (ImportStored, ImportOther)
