"""``/ranklist board``: her order, what her own criteria ask about it, and the ways to everything else."""

from typing import Any

import discord

from bot.domain.programs import Program
from bot.domain.rank_list import PRIMARY, Question, questions
from bot.domain.specialties import GROUP_NAMES, Group, RankListLength
from bot.services.bundle import Services
from bot.services.rank_lists import RankBoard
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain
from cogs._ui.ways import number_in
from cogs.ranklist import _words as words
from cogs.ranklist._export import ExportList
from cogs.ranklist._ways import View, go, page_of, show, shows, turn

PER_PAGE = 10
BEGIN = (
    "Nothing stands here yet. Add programs where you were interviewed, then put them into the order in which you would like to train. "
    "Your programs come from /programs list."
)
NO_PROGRAMS = "You keep no programs of this season yet. Note those that interviewed you with /programs add, then come back."
IMGS = (Group.US_IMG, Group.NON_US_IMG)


class OpenProgram(Choice, prefix="ranklist:open"):
    """Open a program of the list."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, in place."""
        await show(interaction, View.PROGRAM, values[0])


class TakeBack(Action, prefix="ranklist:undo"):
    """Bring back the order before the last change; the key holds the revision that the card showed, and the page."""

    async def act(self, interaction: Interaction) -> None:
        """Bring it back, and show the list."""
        revision, _, page = self.key.partition("-")
        await interaction.client.services.rank_lists.take_back(interaction.user.id, number_in(revision))
        await show(interaction, View.BOARD, page)


class Wanted(Action, prefix="ranklist:wanted"):
    """Say that an order is what she wants; the key is that of the question."""

    async def act(self, interaction: Interaction) -> None:
        """Note it, so that it is not asked again."""
        await interaction.client.services.rank_lists.answer(interaction.user.id, self.key)
        await show(interaction, View.BOARD)


class BeginAnew(Action, prefix="ranklist:anew"):
    """Delete a list that can't be read any more."""

    async def act(self, interaction: Interaction) -> None:
        """Delete it, and show an empty one."""
        await interaction.client.services.rank_lists.begin_anew(interaction.user.id)
        await show(interaction, View.BOARD)


@shows(View.BOARD)
async def board_card(services: Services, interaction: Interaction, rest: str = "") -> Card:
    """Return one page of her list."""
    board = await services.rank_lists.board(interaction.user.id, interaction.guild_id)
    if not board.held.is_readable:
        return _unreadable(board)
    ranked = board.named()
    pages = max(1, -(-len(ranked) // PER_PAGE))
    page = page_of(rest, pages)
    shown = list(enumerate(ranked, 1))[page * PER_PAGE : (page + 1) * PER_PAGE]
    asked = questions(board.held) if page == 0 else ()
    place = f", page {page + 1} of {pages}" if pages > 1 else ""
    empty = (BEGIN if board.programs else NO_PROGRAMS) if not ranked else ""
    lengths = newest_lengths(services)
    return card(
        f"Your rank order list, {board.year} Match ({len(ranked)}{place})",
        "\n".join(_line(services, board, number, each) for number, each in shown) or empty,
        "\n".join(_question_text(board, number, each) for number, each in enumerate(asked, 1)),
        words.certified_line(board) if ranked else "",
        lengths_text(lengths) if page == pages - 1 else "",
        meaning=Meaning.YOURS,
        rows=_rows(board, shown, asked, page, pages),
        quiet=f"{words.PRIVATE}\n{words.source_line([*(each.citation for each in lengths), *words.citations(services, 'longer')])}",
    )


def _unreadable(board: RankBoard) -> Card:
    return card(
        f"Your rank order list, {board.year} Match",
        "What you stored of this list can't be read any more: the key of this bot has changed. Your programs are not touched.",
        meaning=Meaning.ATTENTION,
        rows=[[BeginAnew(label="Begin a new list", style=discord.ButtonStyle.danger)]],
        quiet="R3 holds the list that counts.",
    )


def _line(services: Services, board: RankBoard, number: int, program: Program) -> str:
    about = words.about_program(services, program)
    parts = [f"**{number}. {words.program_name(program)}**", *([about] if about else []), words.STAGES[program.stage]]
    supplemental = board.held.of(program.id)
    if supplemental:
        parts.append(f"first year: {len(supplemental)} on its list")
    return " · ".join(parts)


def _question_text(board: RankBoard, number: int, asked: Question) -> str:
    above, below = (words.program_name(board.programs[each]) for each in (asked.above, asked.below))
    name = plain(asked.criterion.name)
    return (
        f"**A question{f' ({number})' if number > 1 else ''}:** you weigh **{name}** most, yet {above} ({asked.above_mark} of 5) stands "
        f"above {below} ({asked.below_mark} of 5). Is that what you want?"
    )


def newest_lengths(services: Services) -> list[RankListLength]:
    """Return the newest published lengths of IMGs' lists."""
    held = [each for each in services.catalogue.figures.rank_list_lengths if each.group in IMGS]
    newest = max((each.year for each in held), default=0)
    return [each for each in held if each.year == newest]


def lengths_text(lengths: list[RankListLength]) -> str:
    """Return published lengths with their year; no number to aim at."""
    lines = [
        f"{GROUP_NAMES[each.group]}: {each.mean_matched:g} ranks in the mean of {each.matched:,} who matched, "
        f"{each.mean_unmatched:g} of {each.unmatched:,} who did not"
        for each in lengths
    ]
    if not lines:
        return ""
    return (
        f"**Published lengths, {lengths[0].year} Match** (couples left out). {'; '.join(lines)}. "
        "A longer list goes with matching, it does not cause it; no number is recommended."
    )


Rows = list[list[discord.ui.Item[Any]]]


def _rows(board: RankBoard, shown: list[tuple[int, Program]], asked: tuple[Question, ...], page: int, pages: int) -> Rows:
    rows: Rows = []
    if shown:
        options = [
            discord.SelectOption(label=f"{number}. {words.bare_name(each)}", value=each.id, description=words.STAGES[each.stage])
            for number, each in shown
        ]
        rows.append([OpenProgram(options=options, placeholder="Move, remove or mark one")])
    labels = ["That is what I want" if len(asked) == 1 else f"{number}: that is what I want" for number in range(1, len(asked) + 1)]
    rows.append([Wanted(each.key, label=label) for each, label in zip(asked, labels, strict=True)])
    undo = [TakeBack(f"{board.held.revision}-{page}", label="Take the last change back")] if board.held.earlier else []
    rows.append(
        [
            *([go("Add programs", View.ADD, PRIMARY, 0, primary=not shown)] if board.programs else []),
            *undo,
            go("What I look at", View.CRITERIA),
            *([go("Certified", View.CERTIFY)] if shown else []),
        ]
    )
    rows.append([*([go("Check", View.CHECK, primary=True)] if shown else []), go("Explain", View.EXPLAIN)])
    if shown:
        rows[-1] += [ExportList("csv", label="As CSV"), ExportList("text", label="As text")]
    rows.append([*turn(View.BOARD, page, pages)])
    return rows


ITEMS = (OpenProgram, TakeBack, Wanted, BeginAnew)
"""The items of this module."""
