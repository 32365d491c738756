"""``/mydata``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.bundle import Services
from cogs._ui.cards import send_card
from cogs.mydata._cards import erase_card, send_export, stored_card
from cogs.mydata._summary import send_summary


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class MyData(commands.GroupCog, name="mydata", description="What is stored of you"):
    """Let a member see, take and erase what is stored of her."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="show", description="What is stored of you, where, and how long")
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """Show it in words and numbers."""
        await send_card(interaction, await stored_card(self._services, interaction.user.id))

    @app_commands.command(name="export", description="All that is stored of you, as a file")
    async def export(self, interaction: discord.Interaction[Any]) -> None:
        """Send the file."""
        await send_export(interaction)

    @app_commands.command(name="summary", description="Where you stand by what you told: one page, as a file for yourself; no score")
    async def summary(self, interaction: discord.Interaction[Any]) -> None:
        """Send the page."""
        await send_summary(interaction)

    @app_commands.command(name="erase", description="Erase all that is stored of you; asks first")
    async def erase(self, interaction: discord.Interaction[Any]) -> None:
        """Ask before anything goes."""
        await send_card(interaction, await erase_card(self._services, interaction.user.id))
