"""``/advisor``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.bundle import Services
from cogs._ui.cards import send_card
from cogs._ui.staff import NOT_OFFERING, require_advisor
from cogs.advisor._queue import queue_card, stats_card
from cogs.advisor._slots import own_card


@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class Advisor(commands.GroupCog, name="advisor", description="Questions of this server's members, and slots for them"):
    """See what waits, and how long."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="queue", description="Questions of this server that are not closed; what waits longest comes first")
    async def queue(self, interaction: discord.Interaction[Any]) -> None:
        """Show the first page."""
        guild_id = await require_advisor(interaction)
        await send_card(interaction, await queue_card(self._services, guild_id, 0))

    @app_commands.command(name="slots", description="Office hours and mock interviews that you offer: who booked, move, cancel")
    async def slots(self, interaction: discord.Interaction[Any]) -> None:
        """Show the advisor's own slots, and offer more."""
        guild_id = await require_advisor(interaction, NOT_OFFERING)
        await send_card(interaction, await own_card(self._services, interaction.user.id, guild_id, 0))

    @app_commands.command(name="stats", description="How many questions this server has, and how long they wait")
    async def stats(self, interaction: discord.Interaction[Any]) -> None:
        """Show counts and waiting times."""
        guild_id = await require_advisor(interaction)
        await send_card(interaction, stats_card(await self._services.advising.figures(guild_id)))
