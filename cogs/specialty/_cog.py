"""``/specialty``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.specialties import Specialty
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.cards import Card, card, plain, send_card, shortened
from cogs.specialty import _compare, _figures, _show
from cogs.specialty._figures import TITLES, Topic, state_card, which_state_card
from cogs.specialty._list import ORDERS, Sort, list_card
from cogs.specialty._words import find

Name = app_commands.Range[str, 1, 100]


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class SpecialtyCog(commands.GroupCog, name="specialty", description="Published figures of specialties"):
    """Show published figures, each with its year, source and certainty."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="show", description="One specialty: places, who fills them, signals, letters")
    @app_commands.describe(name="As you call it, for example: IM, peds, ob/gyn, prelim")
    async def show(self, interaction: discord.Interaction[Any], name: Name) -> None:
        """Show the specialty that was named; ask where several could be meant."""
        specialty, *others = find(self._services, name)
        if others:
            await send_card(interaction, _which_card(name, [specialty, *others]))
        else:
            await _show.reply_with(interaction, self._services, specialty)

    @app_commands.command(name="compare", description="Up to four specialties beside each other")
    @app_commands.describe(first="As you call it", second="The second", third="The third", fourth="The fourth")
    async def compare(
        self,
        interaction: discord.Interaction[Any],
        first: Name,
        second: Name | None = None,
        third: Name | None = None,
        fourth: Name | None = None,
    ) -> None:
        """Compare those that were named; ask for what is not clear."""
        await _compare.answer(interaction, self._services, [text for text in (first, second, third, fourth) if text])

    @app_commands.command(name="list", description="All specialties, sorted as you choose")
    @app_commands.describe(sort="What to sort by; names, if left out")
    @app_commands.choices(sort=[app_commands.Choice(name=order.label, value=sort.value) for sort, order in ORDERS.items()])
    async def list_all(self, interaction: discord.Interaction[Any], sort: str | None = None) -> None:
        """Show the first page."""
        await send_card(interaction, list_card(self._services, Sort(sort) if sort else Sort.NAME, 0))

    @app_commands.command(name="figures", description="Match rates, rank lists, states, surveys, applications")
    @app_commands.describe(topic="Which figures; match rates, if left out", state="A state, for example Ohio")
    @app_commands.choices(topic=[app_commands.Choice(name=title, value=topic.value) for topic, title in TITLES.items()])
    async def figures(self, interaction: discord.Interaction[Any], topic: str | None = None, state: Name | None = None) -> None:
        """Show a topic, or one state."""
        if state is None:
            await _figures.reply_with(interaction, self._services, Topic(topic) if topic else Topic.RATES)
            return
        names = self._services.catalogue.figures.meant_states(state)
        if not names:
            what = f"I know no state called {plain(shortened(state, 40))}."
            raise UserFacingError(what, "Choose one of the names that appear while you type.")
        if len(names) > 1:
            await send_card(interaction, which_state_card(self._services, state, names))
            return
        await send_card(interaction, state_card(self._services, names[0], in_server=interaction.guild_id is not None))

    @figures.autocomplete("state")
    async def suggest_states(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        """Suggest states, those that are held first."""
        figures = self._services.catalogue.figures
        every = [*(each.state for each in figures.states), *figures.state_names.values()]
        names = figures.find_states(current) if current.strip() else every
        return [
            app_commands.Choice(name=name if figures.state(name) else f"{name} (not held)", value=name) for name in dict.fromkeys(names)
        ][:25]

    @show.autocomplete("name")
    @compare.autocomplete("first")
    @compare.autocomplete("second")
    @compare.autocomplete("third")
    @compare.autocomplete("fourth")
    async def suggest(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        """Suggest specialties for loosely typed text."""
        return [app_commands.Choice(name=each.name, value=each.id) for each in self._services.catalogue.figures.index.suggest(current)]


def _which_card(name: str, found: list[Specialty]) -> Card:
    options = [discord.SelectOption(label=each.name, value=each.id) for each in found]
    row = [_show.Open(options=options, placeholder="I meant")]
    return card(f"“{plain(shortened(name.strip(), 40))}” can mean several specialties.", "Choose the one that you meant.", rows=[row])
