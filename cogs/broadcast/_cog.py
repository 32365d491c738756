"""``/broadcast``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.bundle import Services
from cogs.broadcast._views import NewNotice, require_moderator


@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class Broadcasts(commands.GroupCog, name="broadcast", description="Notices of moderators to a channel"):
    """Write notices."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="new", description="Write a notice, see it as it will be, and send it to a channel")
    async def new(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form."""
        require_moderator(interaction)
        await interaction.response.send_modal(NewNotice(self._services, interaction))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Throw away the drafts that ended while the bot was down."""
        await self._services.broadcasts.discard_old_drafts()
