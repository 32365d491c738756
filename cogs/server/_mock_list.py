"""A member in a mock match: her order, built by taps, and after the reveal her own result; only she sees either."""

from typing import Any

import discord
from discord import ui

from bot.domain.mock_match import OwnResult
from bot.errors import UserFacingError
from bot.services.bundle import Services
from bot.services.mock_matches import OVER, OwnList
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.failures import reply_to_failure
from cogs._ui.ways import number_in
from cogs.ranklist._words import citations, fact_line, source_line
from cogs.server import _mock_words as words
from cogs.server._mock import redraw

SEPARATOR = "-"
STALE = "**Your list had changed meanwhile, so nothing was done.** This is how it stands."


class Join(Action, prefix="mock:join"):
    """Open her list in the game in the key; nothing is stored before she chooses a program."""

    async def act(self, interaction: Interaction) -> None:
        """Show it to the one who pressed."""
        services: Services = interaction.client.services
        try:
            held = await services.mock_matches.list_of(self.key, interaction.guild_id, interaction.user.id)
        except UserFacingError as refused:
            await reply_to_failure(interaction, refused)
            if refused is OVER:  # its time ended, and the card in the channel may not say so yet
                await redraw(interaction.client, await services.mock_matches.get(self.key, interaction.guild_id))
            return
        await send_card(interaction, list_card(held))


class AddProgram(Choice, prefix="mock:add"):
    """Put the chosen program at the end of her list; the key holds the game, and how many stood on the card."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Add it, in place."""
        game_id, shown = _parts(self.key)
        games, program = interaction.client.services.mock_matches, values[0] if values else ""
        await _changed(interaction, await games.add(game_id, interaction.guild_id, interaction.user.id, program, shown))


class Undo(Action, prefix="mock:undo"):
    """Take the last program off her list; the key as above."""

    async def act(self, interaction: Interaction) -> None:
        """Take it off, in place."""
        game_id, shown = _parts(self.key)
        games = interaction.client.services.mock_matches
        await _changed(interaction, await games.undo(game_id, interaction.guild_id, interaction.user.id, shown))


class Clear(Action, prefix="mock:clear"):
    """Delete her list in the game in the key, and begin anew."""

    async def act(self, interaction: Interaction) -> None:
        """Clear it, in place."""
        games = interaction.client.services.mock_matches
        await _changed(interaction, await games.clear(self.key, interaction.guild_id, interaction.user.id))


class Leave(Action, prefix="mock:leave"):
    """Leave the game in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Delete her list, and say so."""
        games = interaction.client.services.mock_matches
        left = await games.clear(self.key, interaction.guild_id, interaction.user.id)
        view = card(
            "You have left the mock match", "Nothing of your list is kept. Join on its card takes you in again.", meaning=Meaning.DONE
        )
        await send_card(interaction, view, edit=True)
        if left.is_last:
            await redraw(interaction.client, left.game)


class MyResult(Action, prefix="mock:result"):
    """Show her own result in the game in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show it to the one who pressed."""
        services: Services = interaction.client.services
        result = await services.mock_matches.result_of(self.key, interaction.guild_id, interaction.user.id)
        await send_card(interaction, result_card(services, result))


def list_card(held: OwnList) -> Card:
    """Return her list, with what changes it."""
    game, count = held.game, len(held.order)
    key = f"{game.id}{SEPARATOR}{count}"
    rows: list[list[ui.Item[Any]]] = []
    if held.to_choose:
        options = [discord.SelectOption(label=words.program_name(each), value=each) for each in held.to_choose]
        rows.append([AddProgram(key, options=options, placeholder=f"Choose your {words.ordinal(count + 1)} program")])
    is_empty = not held.order
    rows.append(
        [Undo(key, label="Undo", disabled=is_empty), Clear(game.id, label="Clear", disabled=is_empty), Leave(game.id, label="Leave")]
    )
    return card(
        "Mock match: your list",
        STALE if held.is_stale else "",
        "Put the programs in the order in which you would like them, as many as you wish. All of them are invented.",
        words.order_text(held.order),
        words.ends_line(game) if held.order else "You take part as soon as one program is on it.",
        meaning=Meaning.YOURS,
        rows=rows,
        quiet="Only you see this; it is kept encrypted, and deleted seven days after the reveal. What you chose counts at once.",
    )


def result_card(services: Services, result: OwnResult) -> Card:
    """Return what became of her, and why."""
    facts = ("algorithm", "true_order", "couples_left_out")
    return card(
        "Your result in the mock match",
        f"{words.place_line(result)} {words.NOT_YOURS}",
        words.lines_text(result),
        words.safe_text(result),
        fact_line(services, "true_order"),
        meaning=Meaning.YOURS,
        quiet=(
            f"Only you see this. Programs are invented, their lists drawn by lot; numbers of applicants are by lot too. {words.COUPLES}\n"
            f"{source_line(citations(services, *facts))}"
        ),
    )


async def _changed(interaction: Interaction, held: OwnList) -> None:
    """Show her list as it is now; renew the card in the channel where the number of those who joined changed."""
    await send_card(interaction, list_card(held), edit=True)
    if held.is_first or held.is_last:
        await redraw(interaction.client, held.game)


def _parts(key: str) -> tuple[str, int]:
    game_id, _, shown = key.partition(SEPARATOR)
    return game_id, number_in(shown)


ITEMS = (Join, AddProgram, Undo, Clear, Leave, MyResult)
