"""``/ask``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import MatchdayClient
from cogs._ui.cards import send_card
from cogs.ask._form import open_form
from cogs.ask._mine import mine_card
from cogs.ask._slots import slots_card


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class Ask(commands.GroupCog, name="ask", description="Ask the advisors of your server"):
    """Ask, and see what became of it."""

    def __init__(self, client: MatchdayClient) -> None:
        self._client = client
        self._services = client.services

    @app_commands.command(name="new", description="Ask the advisors of this server; you see first what they will see")
    async def new(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form, with the draft that she has."""
        await open_form(interaction)

    @app_commands.command(name="mine", description="Your questions: answers, withdraw, reopen, rate")
    async def mine(self, interaction: discord.Interaction[Any]) -> None:
        """Show the questions of hers in this server; in her conversation with the bot, all."""
        await send_card(interaction, await mine_card(self._services, interaction.user.id, interaction.guild_id, 0))

    @app_commands.command(name="slots", description="Office hours and mock interviews of this server's advisors: see, book, give back")
    async def slots(self, interaction: discord.Interaction[Any]) -> None:
        """Show the coming slots of this server; in her conversation with the bot, what she has booked."""
        await send_card(interaction, await slots_card(self._client, interaction.user.id, interaction.guild_id, 0))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Throw away the drafts that ended while the bot was down."""
        await self._services.slot_offers.discard_old_drafts()
        await self._services.questions.discard_old_drafts()
