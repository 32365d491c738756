"""``/eligibility``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.eligibility.saved import for_match
from bot.services.bundle import Services
from cogs._ui.cards import send_card, shortened
from cogs.eligibility._ask import first_card
from cogs.eligibility._explain import list_card, reply_with
from cogs.eligibility._saved import saved_card


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class Eligibility(commands.GroupCog, name="eligibility", description="The rules of the Match, with your answers"):
    """Go through the rules with a member's answers, explain them, and keep the answers if she wishes."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(
        name="check", description="A short form, then rule by rule: met, not met, unknown; nothing stored unless you save"
    )
    async def check(self, interaction: discord.Interaction[Any]) -> None:
        """Show where the form begins, filled with what she saved."""
        member = await self._services.members.get(interaction.user.id)
        saved = await self._services.eligibility.saved(interaction.user.id)
        answers = for_match(saved.answers, self._services.season.year_for(member)) if saved and saved.answers else None
        await send_card(interaction, await first_card(self._services, member, answers))

    @app_commands.command(name="explain", description="One rule in full: what it says, what guides get wrong, source and date")
    @app_commands.describe(rule="A rule, for example: Pathway, OET, seven years, SOAP")
    async def explain(self, interaction: discord.Interaction[Any], rule: app_commands.Range[str, 1, 100] | None = None) -> None:
        """Show the rule that was named, or all of them to choose from."""
        if rule is None:
            await send_card(interaction, list_card(self._services))
        else:
            await reply_with(interaction, self._services, self._services.eligibility.rule(rule))

    @explain.autocomplete("rule")
    async def suggest_rules(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        """Suggest rules for loosely typed text."""
        return [app_commands.Choice(name=shortened(rule.title, 100), value=rule.id) for rule in self._services.eligibility.suggest(current)]

    @app_commands.command(name="saved", description="Your saved answers: look, change, check again, erase")
    async def saved(self, interaction: discord.Interaction[Any]) -> None:
        """Show what she saved."""
        await send_card(interaction, await saved_card(self._services, interaction.user.id))
