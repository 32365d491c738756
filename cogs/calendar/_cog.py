"""``/calendar``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.bundle import Services
from cogs._ui.cards import send_card
from cogs.calendar._feed import feed_card, send_export
from cogs.calendar._views import season_card


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class Calendar(commands.GroupCog, name="calendar", description="The calendar of a season"):
    """Show a season whole."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="show", description="A whole season: what has passed, what is next, what is not known")
    @app_commands.describe(season="The year of the Match; yours, or the current one, if left out")
    async def show(self, interaction: discord.Interaction[Any], season: app_commands.Range[int, 2000, 2100] | None = None) -> None:
        """Show the member's season or the one that was named."""
        member = await self._services.members.get(interaction.user.id)
        year = season or self._services.season.year_for(member)
        await send_card(interaction, season_card(self._services, member, year, None, interaction.guild_id))

    @app_commands.command(name="export", description="Your season as a file for your own calendar, with alarms")
    @app_commands.describe(season="The year of the Match; yours, or the current one, if left out")
    async def export(self, interaction: discord.Interaction[Any], season: app_commands.Range[int, 2000, 2100] | None = None) -> None:
        """Send the file."""
        await send_export(interaction, season)

    @app_commands.command(name="feed", description="A private address that your calendar reads by itself")
    async def feed(self, interaction: discord.Interaction[Any]) -> None:
        """Show the feed, or offer one."""
        await send_card(interaction, await feed_card(self._services, interaction.user.id))

    @export.autocomplete("season")
    @show.autocomplete("season")
    async def suggest_seasons(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[int]]:
        """Suggest the seasons held."""
        years = [year for year in self._services.catalogue.years if current.strip() in str(year)]
        return [app_commands.Choice(name=f"{year} Match", value=year) for year in sorted(years, reverse=True)][:25]
