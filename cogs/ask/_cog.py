"""``/ask``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.bundle import Services
from cogs._ui.cards import send_card
from cogs.ask._form import open_form
from cogs.ask._mine import mine_card


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class Ask(commands.GroupCog, name="ask", description="Ask the advisors of your server"):
    """Ask, and see what became of it."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="new", description="Ask the advisors of this server; you see first what they will see")
    async def new(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form, with the draft that she has."""
        await open_form(interaction)

    @app_commands.command(name="mine", description="Your questions: answers, withdraw, reopen, rate")
    async def mine(self, interaction: discord.Interaction[Any]) -> None:
        """Show the questions of hers in this server; in her conversation with the bot, all."""
        await send_card(interaction, await mine_card(self._services, interaction.user.id, interaction.guild_id, 0))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Throw away the drafts that ended while the bot was down."""
        await self._services.questions.discard_old_drafts()
