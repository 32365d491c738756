"""``/journey``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.journey import GuideKey
from cogs.journey._ways import View, show


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class JourneyCog(commands.GroupCog, name="journey", description="Your whole way, step by step"):
    """Show how far she is, what this week asks, and what each part takes."""

    @app_commands.command(name="week", description="What to do this week: what is due first, then the next steps")
    async def week(self, interaction: discord.Interaction[Any]) -> None:
        """Show what this week asks."""
        await show(interaction, View.WEEK, edit=False)

    @app_commands.command(name="steps", description="Your way in order: what, why, by when, source, how far; arrival; reapplying")
    async def steps(self, interaction: discord.Interaction[Any]) -> None:
        """Show the steps."""
        await show(interaction, View.GUIDE, GuideKey.STEPS.value, edit=False)

    @app_commands.command(name="exams", description="Steps, OET, MCCQE, NAC: planned, taken, results, how long they count, a plan of study")
    async def exams(self, interaction: discord.Interaction[Any]) -> None:
        """Show the exams."""
        await show(interaction, View.GUIDE, GuideKey.EXAMS.value, edit=False)

    @app_commands.command(name="documents", description="Statement, experiences, papers, and what to look at before you certify")
    async def documents(self, interaction: discord.Interaction[Any]) -> None:
        """Show the documents."""
        await show(interaction, View.GUIDE, GuideKey.DOCUMENTS.value, edit=False)

    @app_commands.command(name="visa", description="Who needs which visa, papers in order, the two-year rule, honest answers")
    async def visa(self, interaction: discord.Interaction[Any]) -> None:
        """Show the visa."""
        await show(interaction, View.GUIDE, GuideKey.VISA.value, edit=False)
