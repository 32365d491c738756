"""Files handed over: the template, her list; and the programs of an earlier season carried over."""

import io

import discord
from discord import ui

from bot.domain.program_csv import template
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.ways import number_in
from cogs.programs._ways import Said, Screen, View, services_of, show

TEMPLATE_FILE = "matchday-programs-template.csv"
SPREADSHEET = "The file is CSV in UTF-8, which spreadsheets open. A cell that begins like a formula has a ' before it; I read it without."


def with_file(view: Card, content: bytes, name: str) -> tuple[Card, discord.File]:
    """Return the card with a file shown in it, and the file to send along."""
    view.container.add_item(ui.File(f"attachment://{name}"))
    return view, discord.File(io.BytesIO(content), filename=name)


class GetTemplate(Action, prefix="programs:template"):
    """Hand over the file to fill in."""

    async def act(self, interaction: Interaction) -> None:
        """Send it."""
        body = (
            "One program a row; only “program” must be filled. Empty cells leave what is known. The invented row is left out when you send "
            "the file. “where read” and “read on” count for all facts of their row."
        )
        view, file = with_file(card("A file to fill in", body, quiet=SPREADSHEET), template(), TEMPLATE_FILE)
        await send_card(interaction, view, file=file)


class ExportPrograms(Action, prefix="programs:export"):
    """Hand over the programs of the season in the key (0: that of her target year)."""

    async def act(self, interaction: Interaction) -> None:
        """Send them."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        programs, member_id = services_of(interaction).programs, interaction.user.id
        year = number_in(self.key) or await programs.season_of(member_id)
        content = await programs.export(member_id, year)
        body = "All that you noted, with where and when each fact was read, and who wrote the letters. It can be imported again."
        view, file = with_file(
            card(f"Your programs, {year} Match", body, meaning=Meaning.YOURS, quiet=SPREADSHEET), content, f"matchday-programs-{year}.csv"
        )
        await send_card(interaction, view, file=file)


class CarryOver(Action, prefix="programs:carry"):
    """Carry the programs of the season in the key over to that of her target year."""

    async def act(self, interaction: Interaction) -> None:
        """Copy them, and say what came along and what did not."""
        await interaction.response.defer()
        done = await services_of(interaction).programs.carry_over(interaction.user.id, number_in(self.key))
        left = f" {done.left:,} stood there already, or found no room." if done.left else ""
        text = (
            f"**Carried over from {self.key}: {len(done.programs):,}**, each considered anew.{left} What you noted came along "
            "with the day on which it was read: read it again. Stages, signals, statement versions and open houses did not."
        )
        await show(interaction, Screen.LIST, View(), "", Said(text, done.token), edit=True)


ITEMS = (GetTemplate, ExportPrograms, CarryOver)
