"""``/countdown``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.bundle import Services
from cogs._ui.cards import send_card, shortened
from cogs.countdown._views import event_card, label_of, next_dates_card


class Countdown(commands.Cog):
    """Count down to the dates of the season."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="countdown", description="The next dates of your season, or one date in full")
    @app_commands.describe(event="A date, for example: rank list, Match Day, SOAP")
    async def countdown(self, interaction: discord.Interaction[Any], event: app_commands.Range[str, 1, 100] | None = None) -> None:
        """Show the next dates, or the one that was named."""
        member = await self._services.members.get(interaction.user.id)
        if event is None:
            await send_card(interaction, next_dates_card(self._services, member, interaction.guild_id))
        else:
            season = self._services.season.for_server(interaction.guild_id)
            await send_card(interaction, event_card(self._services, season.find(event, member), member))

    @countdown.autocomplete("event")
    async def suggest_events(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        """Suggest dates for loosely typed text."""
        member = await self._services.members.get(interaction.user.id)
        return [
            app_commands.Choice(name=shortened(label_of(event), 100), value=event.id)
            for event in self._services.season.for_server(interaction.guild_id).suggest(current, member)
        ]
