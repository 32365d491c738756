"""Supplemental lists: first-year programs for one advanced place."""

from typing import Any

import discord

from bot.domain.programs import Program
from bot.services.bundle import Services
from bot.services.rank_lists import NO_ADVANCED, RankBoard
from cogs._ui.actions import Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, shortened
from cogs.ranklist import _words as words
from cogs.ranklist._ways import View, go, parts_of, show, shows

MOST_OPENED = 25
MOST_COPIED = 24


class OpenFirstYear(Choice, prefix="ranklist:firstyear"):
    """Open a program of the supplemental list of the key."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it."""
        await show(interaction, View.PROGRAM, values[0], self.key)


class CopyFrom(Choice, prefix="ranklist:copy"):
    """Give the advanced program of the key the first-year list of another."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Copy it, and show it."""
        await interaction.client.services.rank_lists.copy_supplemental(interaction.user.id, self.key, values[0])
        await show(interaction, View.SUPPLEMENTAL, self.key)


@shows(View.SUPPLEMENTAL)
async def supplemental_card(services: Services, interaction: Interaction, rest: str) -> Card:
    """Return the first-year programs of one advanced place."""
    advanced_id, _ = parts_of(rest, 2)
    board = await services.rank_lists.board(interaction.user.id)
    advanced = {each.id: each for each in board.advanced()}
    if advanced_id not in advanced:
        raise NO_ADVANCED
    ranked = board.named(advanced_id)
    shown = list(enumerate(ranked, 1))[:MOST_OPENED]
    more = f"\nand {len(ranked) - MOST_OPENED} more" if len(ranked) > MOST_OPENED else ""
    lines = "\n".join(f"**{number}. {words.program_name(each)}** · {words.STAGES[each.stage]}" for number, each in shown)
    return card(
        f"First year for {words.program_name(advanced[advanced_id])} ({len(ranked)})",
        f"{lines}{more}" if lines else "No first-year program yet: add preliminary or transitional ones that you keep.",
        words.fact_line(services, "supplemental"),
        meaning=Meaning.YOURS,
        rows=_rows(board, advanced_id, shown),
        quiet=words.source_line(words.citations(services, "supplemental")),
    )


def _rows(board: RankBoard, advanced_id: str, shown: list[tuple[int, Program]]) -> list[list[discord.ui.Item[Any]]]:
    rows: list[list[discord.ui.Item[Any]]] = []
    if shown:
        options = [discord.SelectOption(label=f"{number}. {words.bare_name(each)}", value=each.id) for number, each in shown]
        rows.append([OpenFirstYear(advanced_id, options=options, placeholder="Move or remove one")])
    others = [each for each in board.advanced() if each.id != advanced_id and board.held.of(each.id)][:MOST_COPIED]
    if others:
        options = [
            discord.SelectOption(label=shortened(f"As for {words.bare_name(each)}", 100), value=each.id, description=_count(board, each))
            for each in others
        ]
        rows.append([CopyFrom(advanced_id, options=options, placeholder="Take the list of another advanced place")])
    rows.append([go("Add programs", View.ADD, advanced_id, 0, primary=not shown), go("Back", View.PROGRAM, advanced_id)])
    return rows


def _count(board: RankBoard, program: Program) -> str:
    return f"{len(board.held.of(program.id))} on it; what stands here now is replaced"


ITEMS = (OpenFirstYear, CopyFrom)
