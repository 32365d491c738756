"""``/faq``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.bundle import Services
from cogs._ui.cards import send_card
from cogs.faq._views import answer_card, nothing_card, topics_card


class FaqCog(commands.Cog):
    """Answer what is asked again and again, from cited facts."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="faq", description="Ask in your own words; answers with sources, dates and certainty")
    @app_commands.describe(question="Your question, as you would say it; leave it out for all topics")
    async def faq(self, interaction: discord.Interaction[Any], question: app_commands.Range[str, 1, 300] | None = None) -> None:
        """Show the answer that fits best, say that none fits, or offer the topics."""
        if question is None:
            await send_card(interaction, topics_card(self._services))
            return
        found = self._services.catalogue.faq.index.find(question)
        if not found.fits:
            await send_card(interaction, nothing_card(self._services, question, found.answers))
            return
        best, *others = found.answers
        # An id is what Discord sends for a suggestion that was chosen: she has seen the question and means no other one.
        meant = [] if question == best.id else others
        member = await self._services.members.get(interaction.user.id)
        await send_card(interaction, answer_card(self._services, best, member, instead=meant, guild_id=interaction.guild_id))

    @faq.autocomplete("question")
    async def suggest(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        """Suggest questions for loosely typed text; one of each topic before anything is typed."""
        return [app_commands.Choice(name=each.question, value=each.id) for each in self._services.catalogue.faq.index.suggest(current)]
