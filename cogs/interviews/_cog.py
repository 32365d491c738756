"""``/interviews``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.programs import MAX_NAME
from bot.services.bundle import Services
from cogs.interviews import _heard
from cogs.interviews._mine_forms import ADDED, NEW, Part, open_form
from cogs.interviews._mine_ways import View
from cogs.interviews._mine_ways import show as show_mine
from cogs.interviews._ways import show


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class Interviews(commands.GroupCog, name="interviews", description="Your interviews, and practice for them"):
    """Prepare for interviews, and say what was heard of invitations."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="list", description="Your interviews: two clocks, what is too close, what to prepare, what comes after")
    async def list_(self, interaction: discord.Interaction[Any]) -> None:
        """Show them."""
        await show_mine(interaction, View.LIST, edit=False)

    @app_commands.command(name="add", description="Add an interview: a short form, or the program and the time at once")
    @app_commands.describe(program="One of your list, or a new one", when="On the program's clock: 12 Jan 2027 9:00 CT")
    async def add(
        self,
        interaction: discord.Interaction[Any],
        program: app_commands.Range[str, 1, MAX_NAME] | None = None,
        when: app_commands.Range[str, 1, 60] = "",
    ) -> None:
        """Add it, or open the form."""
        if program is None:
            await open_form(interaction, Part.NEW, NEW, {"when": when})
            return
        member = await self._services.members.get(interaction.user.id)
        interview = await self._services.interviews.add(member, program, when, "")
        await show_mine(interaction, View.ONE, interview.id, ADDED, edit=False)

    @add.autocomplete("program")
    async def suggest_program(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        """Suggest programs of her list that are not over."""
        programs = self._services.programs
        hers = await programs.of(interaction.user.id, await programs.season_of(interaction.user.id))
        typed = current.casefold().strip()
        fitting = [each for each in hers if each.is_readable and not each.is_closed and typed in each.name.casefold()]
        return [app_commands.Choice(name=each.name[:100], value=each.id) for each in fitting[:25]]

    @app_commands.command(name="heard", description="Which programs have invited members of this server; report that you heard")
    @app_commands.describe(program="To report: the program that invited you", date="To report: the day on which you heard, like 20 Nov")
    async def heard(
        self,
        interaction: discord.Interaction[Any],
        program: app_commands.Range[str, 1, 100] | None = None,
        date: app_commands.Range[str, 1, 40] | None = None,
    ) -> None:
        """Show the board; with a program and a day report it, with one of them open the form."""
        await _heard.answer(interaction, program, date)

    @heard.autocomplete("program")
    async def suggest(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        """Suggest programs that everybody in the server may see already, and no other."""
        return [app_commands.Choice(name=name, value=name) for name in await _heard.suggested(interaction, current)]

    @app_commands.command(name="practice", description="Questions against the clock, your own check, answers to read, a partner")
    async def practice(self, interaction: discord.Interaction[Any]) -> None:
        """Show where she stands, and what can be practised."""
        await show(interaction, "home")
