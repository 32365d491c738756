"""``/interviews list``: what lies ahead first, on two clocks, with what is too close; and all of it as a calendar file."""

import io
from collections.abc import Sequence
from typing import Any

import discord

from bot.domain.interviews import Interview, InterviewState
from bot.services.interviews import Interviews
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.ways import number_in
from cogs.interviews import _mine_words as words
from cogs.interviews._mine_forms import AddInterview
from cogs.interviews._mine_ways import View, go, show, shows
from cogs.interviews._ways import go as go_practice

PER_PAGE = 8


class OpenInterview(Choice, prefix="interviews:open"):
    """Open an interview of the page."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, in place."""
        await show(interaction, View.ONE, values[0])


class ShowInterviews(Choice, prefix="interviews:which"):
    """Show those of some states only."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show their first page."""
        await show(interaction, View.LIST, f"{values[0].replace('all', '')}~0")


class GetCalendar(Action, prefix="interviews:calendar"):
    """Send the interview in the key as a calendar file, or all that lie ahead."""

    async def act(self, interaction: Interaction) -> None:
        """Send it as a reply of its own."""
        services = interaction.client.services
        member = await services.members.get(interaction.user.id)
        content = await services.interviews.calendar(member, self.key)
        file = discord.File(io.BytesIO(content), "interviews.ics")
        text = "It opens in the calendar of your phone or computer, with an alarm a day and an hour before. If a time moves, take it anew."
        await send_card(interaction, card("Your calendar file", text, meaning=Meaning.DONE), file=file)


@shows(View.LIST)
async def list_card(interaction: Interaction, found: Interviews, rest: str, done: str) -> Card:
    """Return one page of her interviews."""
    del interaction
    group, _, page_text = rest.partition("~")
    group = group if group in words.GROUPS else ""
    wanted = [each for each in found.held if group in ("", _group_of(each))]
    pages = max(1, -(-len(wanted) // PER_PAGE))
    page = min(number_in(page_text), pages - 1)
    shown = wanted[page * PER_PAGE : (page + 1) * PER_PAGE]
    numbers = range(page * PER_PAGE + 1, len(wanted) + 1)
    lines = [words.line(found, each, number) for number, each in zip(numbers, shown, strict=False)]
    title = f"Your interviews, {found.year} Match"
    if not found.held:
        first: list[discord.ui.Item[Any]] = [AddInterview(label="Add an interview", style=discord.ButtonStyle.primary)]
        rows = [[*first, go("What to prepare", View.PREPARE, "")]]
        return card(title, done, words.EMPTY, meaning=Meaning.YOURS, rows=rows, quiet=words.PRIVATE)
    count = f"{len(wanted)}" if not group else f"{len(wanted)} of {len(found.held)}"
    return card(
        f"{title} ({count}{f', page {page + 1} of {pages}' if pages > 1 else ''})",
        done,
        "\n".join(lines) or "None of your interviews stands so.",
        meaning=Meaning.YOURS,
        rows=_rows(found, shown, numbers, group, page, pages),
        quiet=words.PRIVATE,
    )


def _group_of(interview: Interview) -> str:
    if interview.state is InterviewState.DONE:
        return "done"
    return "off" if interview.is_over else "ahead"


def _rows(found: Interviews, shown: Sequence[Interview], numbers: range, group: str, page: int, pages: int) -> list[list[Any]]:
    rows: list[list[discord.ui.Item[Any]]] = []
    if shown:
        options = [
            discord.SelectOption(label=f"{number}. {found.name(each)}"[:100], value=each.id, description=words.STATES[each.state])
            for number, each in zip(numbers, shown, strict=False)
        ]
        rows.append([OpenInterview(options=options, placeholder="Open an interview")])
    groups = [discord.SelectOption(label=name, value=key or "all", default=key == group) for key, name in words.GROUPS.items()]
    rows.append([ShowInterviews(options=groups, placeholder="Show only")])
    turn: list[discord.ui.Item[Any]] = []
    if pages > 1:
        turn = [
            go("Back", View.LIST, f"{group}~{max(page - 1, 0)}", disabled=page == 0, mark="b"),
            go("Next", View.LIST, f"{group}~{page + 1}", disabled=page >= pages - 1, mark="n"),
        ]
    add: list[discord.ui.Item[Any]] = [AddInterview(label="Add", style=discord.ButtonStyle.primary)]
    timed = any(each.begins_at is not None and not each.is_over for each in found.held)
    calendar = [GetCalendar(label="Calendar file")] if timed else []
    rows.append([*turn, *add, *calendar, go_practice("Practise", "home")])
    return rows


ITEMS = (OpenInterview, ShowInterviews, GetCalendar)
