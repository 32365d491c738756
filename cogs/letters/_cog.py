"""``/letters``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.bundle import Services
from cogs.letters._draft import open_draft
from cogs.letters._packet import open_packet
from cogs.letters._rotations import open_rotations
from cogs.letters._ways import View, show


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class Letters(commands.GroupCog, name="letters", description="Your letters of recommendation"):
    """Plan letters, keep track of each, follow up, and write to those who write them."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="board", description="Your letters: who, how far, by when, assigned to which programs")
    async def board(self, interaction: discord.Interaction[Any]) -> None:
        """Show the board."""
        await show(interaction, View.BOARD, edit=False)

    @app_commands.command(name="plan", description="The mix that guides advise for your specialty, beside yours")
    async def plan(self, interaction: discord.Interaction[Any]) -> None:
        """Show the mix."""
        await show(interaction, View.PLAN, edit=False)

    @app_commands.command(name="followups", description="When to follow up with each writer; move, skip, done, reminders")
    async def followups(self, interaction: discord.Interaction[Any]) -> None:
        """Show the steps of every letter."""
        await show(interaction, View.STEPS, edit=False)

    @app_commands.command(name="packet", description="What to give a writer, ticked off, with a one-page rotation summary")
    async def packet(self, interaction: discord.Interaction[Any]) -> None:
        """Show what to give."""
        await open_packet(interaction, self._services)

    @app_commands.command(name="draft", description="Words to ask, to follow up and to thank, filled with your data, to copy")
    async def draft(self, interaction: discord.Interaction[Any]) -> None:
        """Show the drafts."""
        await open_draft(interaction, self._services)

    @app_commands.command(name="rotations", description="Your rotations: weeks, who could write, a weekly self-check")
    async def rotations(self, interaction: discord.Interaction[Any]) -> None:
        """Show the rotations."""
        await open_rotations(interaction, self._services)
