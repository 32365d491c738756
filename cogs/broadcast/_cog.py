"""``/broadcast``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.member import Country
from bot.services.bundle import Services
from cogs._ui.cards import send_card
from cogs._ui.staff import require_moderator
from cogs.broadcast._draft import NewNotice
from cogs.broadcast._pack import pack_card
from cogs.broadcast._status import newest_card


@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class Broadcasts(commands.GroupCog, name="broadcast", description="Notices of moderators to channels and members"):
    """Write notices."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="new", description="Write a notice, see it as it will be, and send it at once or at a time")
    async def new(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form."""
        services, guild = await require_moderator(interaction)
        await interaction.response.send_modal(NewNotice(services, interaction, await services.servers.get(guild.id)))

    @app_commands.command(name="matchweek", description="The notices of Match week with this season's times: read, edit, plan")
    async def matchweek(self, interaction: discord.Interaction[Any]) -> None:
        """Show the pack of the United States; Canada's is a tap away."""
        services, guild = await require_moderator(interaction)
        await send_card(interaction, await pack_card(services, await services.servers.get(guild.id), Country.UNITED_STATES))

    @app_commands.command(name="status", description="How the notices of this server fare: approve, pause, stop, recall")
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Show the newest ones."""
        services, guild = await require_moderator(interaction)
        await send_card(interaction, newest_card(await services.broadcasts.newest(guild.id)))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Throw away the drafts that ended while the bot was down."""
        await self._services.broadcasts.discard_old_drafts()
