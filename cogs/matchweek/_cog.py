"""``/matchweek``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.member import Country
from cogs.matchweek._ways import View, show


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class MatchWeek(commands.GroupCog, name="matchweek", description="Match Week as it is for you, privately"):
    """Show the week, ask once how it went, and keep count in SOAP."""

    @app_commands.command(name="now", description="Match Week hour by hour on two clocks, and what to do now")
    async def now(self, interaction: discord.Interaction[Any]) -> None:
        """Show the week."""
        await show(interaction, View.NOW, edit=False)

    @app_commands.command(name="status", description="Your result, for you alone: which steps follow; asked only once results are out")
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Show what she said, or ask."""
        await show(interaction, View.STATUS, edit=False)

    @app_commands.command(name="soap", description="SOAP: may you take part, what is allowed, 45 applications counted, rounds of offers")
    async def soap(self, interaction: discord.Interaction[Any]) -> None:
        """Show SOAP."""
        await show(interaction, View.SOAP, Country.UNITED_STATES, edit=False)
