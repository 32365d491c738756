"""The command ``/start``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.bundle import Services
from cogs._ui.cards import send_card, shortened
from cogs._ui.times import clock_now
from cogs.start._views import first_card

LONGEST_ZONE = 100


class Start(commands.Cog):
    """Ask a member for what the rest of the bot needs."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="start", description="Begin here: your time zone, where you apply, your year, messages")
    @app_commands.describe(zone="Your time zone or a large city near you; leave it out to choose by taps")
    async def start(self, interaction: discord.Interaction[Any], zone: str | None = None) -> None:
        """Show the first question without an answer, or all the answers; store the zone that was typed."""
        if zone is not None:
            await self._services.members.set_zone(interaction.user.id, zone)
        await send_card(interaction, await first_card(self._services, interaction.user.id))

    @start.autocomplete("zone")
    async def suggest_zones(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        """Suggest zones for a loosely typed zone or city, each with its time now."""
        now = self._services.clock.now()
        return [
            app_commands.Choice(name=shortened(f"{clock_now(now, choice.zone)} · {choice.label}", 100), value=choice.zone)
            for choice in self._services.catalogue.zones.find(current[:LONGEST_ZONE])
        ]
