"""``/faq``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.bundle import Services
from cogs._ui.cards import send_card
from cogs.faq._views import card_of, nothing_card, topics_card
from cogs.faq._words import label_of


class FaqCog(commands.Cog):
    """Answer what is asked again and again, from cited facts."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="faq", description="Ask in your own words; answers with sources, dates and certainty")
    @app_commands.describe(question="Your question, as you would say it; leave it out for all topics")
    async def faq(self, interaction: discord.Interaction[Any], question: app_commands.Range[str, 1, 300] | None = None) -> None:
        """Show the answer that fits best, say that none fits, or offer the topics."""
        shelf = await self._services.server_faq.shelf(interaction.guild_id)
        if question is None:
            await send_card(interaction, topics_card(shelf))
            return
        found = shelf.find(question)
        if not found.fits:
            await send_card(interaction, nothing_card(self._services, question, found.answers))
            return
        best, *others = found.answers
        # An id is what Discord sends for a suggestion that was chosen: she has seen the question and means no other one.
        meant = [] if question == best.id else others
        member = await self._services.members.get(interaction.user.id)
        await send_card(interaction, card_of(self._services, shelf, best, member, instead=meant, guild_id=interaction.guild_id))

    @faq.autocomplete("question")
    async def suggest(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        """Suggest questions for loosely typed text; before anything is typed what the server put first, then one of each topic."""
        shelf = await self._services.server_faq.shelf(interaction.guild_id)
        return [app_commands.Choice(name=label_of(each), value=each.id) for each in shelf.suggest(current)]
