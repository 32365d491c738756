"""``/interviews``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.bundle import Services
from cogs.interviews import _heard
from cogs.interviews._ways import show


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class Interviews(commands.GroupCog, name="interviews", description="Your interviews, and practice for them"):
    """Prepare for interviews, and say what was heard of invitations."""

    def __init__(self, services: Services) -> None:
        self._services = services

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
