"""What she looks at in a program, and how much each counts: it asks questions about the order, and never changes it."""

from typing import Any

import discord
from discord import ui

from bot.domain.rank_list import MAX_CRITERIA, MAX_CRITERION, Weight
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain
from cogs._ui.forms import Form
from cogs._ui.ways import number_in
from cogs.ranklist import _words as words
from cogs.ranklist._ways import STALE, View, go, parts_of, show, shows

SUGGESTED = (
    "Teaching and supervision",
    "Fellowships afterwards",
    "The residents I met",
    "Near my family or partner",
    "Visa support",
    "Hours and days off",
    "Breadth of cases",
    "Board pass rate",
    "Research",
    "Cost of living",
    "The place to live in",
    "Graduates of my school",
)
"""Words to begin with; she writes her own beside them."""


class AddSuggested(Choice, prefix="ranklist:criterion"):
    """Add the criteria chosen."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Add them, and show all."""
        for value in values:
            if value in SUGGESTED:
                await interaction.client.services.rank_lists.add_criterion(interaction.user.id, value)
        await show(interaction, View.CRITERIA)


class AddOwn(Action, prefix="ranklist:own"):
    """Ask for a criterion of her own."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        await interaction.response.send_modal(CriterionForm())


class CriterionForm(Form):
    """Ask for a criterion."""

    def __init__(self) -> None:
        super().__init__("What else do you look at")
        self.name: ui.TextInput[Any] = ui.TextInput(max_length=MAX_CRITERION, placeholder="a word or two")
        self.ask("What you look at in a program", self.name)

    async def submitted(self, interaction: Interaction) -> None:
        """Add it."""
        await interaction.client.services.rank_lists.add_criterion(interaction.user.id, self.name.value)
        await show(interaction, View.CRITERIA)


class OpenCriterion(Choice, prefix="ranklist:weighing"):
    """Open a criterion, to weigh or remove it."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it."""
        await show(interaction, View.CRITERIA, values[0])


class Weigh(Action, prefix="ranklist:weigh"):
    """Say how much the criterion of the key counts."""

    async def act(self, interaction: Interaction) -> None:
        """Store it, and show all."""
        key, weight = parts_of(self.key, 2)
        if number_in(weight) not in {each.value for each in Weight}:
            raise STALE
        await interaction.client.services.rank_lists.weigh(interaction.user.id, key, Weight(number_in(weight)))
        await show(interaction, View.CRITERIA)


class RemoveCriterion(Action, prefix="ranklist:uncriterion"):
    """Remove the criterion of the key with its marks."""

    async def act(self, interaction: Interaction) -> None:
        """Remove it, and show the rest."""
        await interaction.client.services.rank_lists.remove_criterion(interaction.user.id, self.key)
        await show(interaction, View.CRITERIA)


@shows(View.CRITERIA)
async def criteria_card(services: Services, interaction: Interaction, rest: str = "") -> Card:
    """Return all criteria; with the key of one, that one to be weighed."""
    board = await services.rank_lists.board(interaction.user.id)
    criteria = board.held.criteria
    opened = next((each for each in criteria if each.key == rest), None)
    if opened is not None:
        marked = sum(opened.key in given for given in board.held.marks.values())
        return card(
            plain(opened.name),
            f"You weigh it **{words.WEIGHTS[opened.weight]}**. Programs marked by it: {marked}.",
            meaning=Meaning.YOURS,
            rows=[
                [Weigh(f"{opened.key}-{each.value}", label=f"It counts {text}") for each, text in words.WEIGHTS.items()],
                [RemoveCriterion(opened.key, label="Remove it", style=discord.ButtonStyle.danger), go("Back", View.CRITERIA)],
            ],
            quiet="Removing it removes its marks; the order stays.",
        )
    lines = "\n".join(f"- **{plain(each.name)}**: it counts {words.WEIGHTS[each.weight]}" for each in criteria)
    offered = [each for each in SUGGESTED if each.casefold() not in {held.name.casefold() for held in criteria}]
    room = MAX_CRITERIA - len(criteria)
    rows: list[list[discord.ui.Item[Any]]] = []
    if criteria:
        options = [discord.SelectOption(label=each.name, value=each.key, description=words.WEIGHTS[each.weight]) for each in criteria]
        rows.append([OpenCriterion(options=options, placeholder="Weigh or remove one")])
    if room and offered:
        options = [discord.SelectOption(label=each, value=each) for each in offered]
        rows.append([AddSuggested(options=options, placeholder="Add some", most=min(room, len(options)))])
    rows.append([*([AddOwn(label="Write my own")] if room else []), go("Back to the list", View.BOARD)])
    return card(
        "What you look at",
        lines or "Nothing yet. Choose what matters to you, say how much it counts, then mark programs by it on their cards.",
        "Where a program that you marked lower stands above one that you marked higher by what you weigh most, the list asks whether that "
        "is what you want. It makes no sum, and it never reorders.",
        meaning=Meaning.YOURS,
        rows=rows,
        quiet="Only you see this.",
    )


ITEMS = (AddSuggested, AddOwn, OpenCriterion, Weigh, RemoveCriterion)
