"""One interview: two clocks, what lies too close, how far it is prepared; its states, reminders, marks and what comes after."""

from typing import Any

import discord

from bot.domain.interviews import Interview, InterviewState, Phase, prepared
from bot.domain.rank_list import MOST_MARK
from bot.services.bundle import Services
from bot.services.interviews import GONE, Interviews
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card, shortened
from cogs._ui.reminders import several_card
from cogs._ui.times import clock_change_line
from cogs.interviews import _mine_words as words
from cogs.interviews._mine_forms import FillInterview, Part
from cogs.interviews._mine_list import GetCalendar
from cogs.interviews._mine_ways import STALE, View, go, show, shows
from cogs.interviews._ways import go as go_practice

NO_CRITERIA = "You have no criteria yet: /ranklist board keeps what you look at. What you mark there shows here, and the other way round."
SCORED = "Your own marks from 1 to 5, by what you look at; they stand in /ranklist board too and reorder nothing."


class MoveInterview(Choice, prefix="interviews:state"):
    """Move the interview in the key to the state chosen."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Move it, and show it."""
        if values[0] not in set(InterviewState):
            raise STALE
        services: Services = interaction.client.services
        member = await services.members.get(interaction.user.id)
        state = InterviewState(values[0])
        await services.interviews.move(member, self.key, state)
        await show(interaction, View.ONE, self.key, f"**Now: {words.STATES[state]}.**")


class RemindOfInterview(Action, prefix="interviews:remind"):
    """Remind of the interview in the key, a day and an hour before."""

    async def act(self, interaction: Interaction) -> None:
        """Set the reminders, and show when they come."""
        services: Services = interaction.client.services
        member = await services.members.get(interaction.user.id)
        found = await services.interviews.remind(member, self.key, interaction.guild_id)
        await send_card(interaction, several_card(services, found, member))


class RemoveInterview(Action, prefix="interviews:remove"):
    """Remove the interview in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Remove it, and show the list."""
        await interaction.client.services.interviews.remove(interaction.user.id, self.key)
        await show(interaction, View.LIST, "", "**Removed**, with its reminders. The program stays on your list.")


class TickPrepared(Choice, prefix="interviews:tick"):
    """Tick what is prepared; the key holds the time and the interview."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Store it, and show the checklist."""
        phase, _, interview_id = self.key.partition(".")
        if phase not in set(Phase):
            raise STALE
        await interaction.client.services.interviews.tick(interaction.user.id, interview_id, Phase(phase), values)
        await show(interaction, View.PREPARE, interview_id)


class MarkInterview(Choice, prefix="interviews:mark"):
    """Mark the program of an interview by one of her criteria; the key holds the criterion and the interview."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Store the mark in her rank list's criteria, and show all of them."""
        services: Services = interaction.client.services
        criterion, _, interview_id = self.key.partition(".")
        interview = await services.interviews.get(interaction.user.id, interview_id)
        mark = int(values[0]) if values[0].isascii() and values[0].isdecimal() else 0
        await services.rank_lists.mark(interaction.user.id, interview.program_id, criterion, mark or None)
        await show(interaction, View.SCORES, interview_id)


def one_of(found: Interviews, interview_id: str) -> Interview:
    """Return one of her interviews; raise UserFacingError where it is gone."""
    interview = next((each for each in found.held if each.id == interview_id), None)
    if interview is None:
        raise GONE
    return interview


@shows(View.ONE)
async def one_card(interaction: Interaction, found: Interviews, rest: str, done: str) -> Card:
    """Return the card of one interview."""
    services: Services = interaction.client.services
    interview = one_of(found, rest)
    name = words.name_of(found, interview)
    if not interview.is_readable:
        buttons: list[discord.ui.Item[Any]] = [go("Back to the list", View.LIST), RemoveInterview(rest, label="Remove")]
        text = "What you noted can't be read any more. Remove it, and add it anew."
        return card("An interview", done, text, meaning=Meaning.ATTENTION, rows=[buttons], quiet=words.PRIVATE)
    ticked, all_steps = prepared(interview, services.catalogue.preparation.steps)
    return card(
        f"{name}: interview",
        done,
        _when(interaction, found, interview),
        _about(interview),
        f"**Prepared:** {ticked} of {all_steps}",
        meaning=Meaning.YOURS,
        rows=_rows(interview),
        quiet=words.PRIVATE,
    )


def _when(interaction: Interaction, found: Interviews, interview: Interview) -> str:
    services: Services = interaction.client.services
    zone = found.member.zone
    left = words.left_text(interview, found.now, zone)
    lines = [f"**{words.STATES[interview.state].capitalize()}**{f' · {left}' if left else ''}"]
    if interview.begins_at is not None:
        lines.append(f"{words.when_text(interview, zone)}, {interview.minutes} minutes")
        zones = [interview.zone, *([zone] if zone else [])]
        change = clock_change_line(zones, found.now, interview.begins_at)
        lines += [change] if change else []
    for each in found.conflicts(interview)[:3]:
        lines.append(f"**Too close:** {words.name_of(found, each, 50)}, {words.when_text(each, zone)}")
    for event in services.interviews.deadlines_on(interview, found.member, interaction.guild_id)[:2]:
        lines.append(f"On that day too: {event.name}")
    return "\n".join(lines)


def _about(interview: Interview) -> str:
    days = [
        f"invited {words.day_text(interview.invited_on)}" if interview.invited_on else "",
        f"answer by {words.day_text(interview.answer_by)}" if interview.answer_by else "",
    ]
    lines = [
        f"**How:** {words.FORMATS[interview.format]}" + (f", {plain(interview.place)}" if interview.place else ""),
        f"**With:** {plain(interview.who)}" if interview.who else "",
        " · ".join(each for each in days if each).capitalize(),
        f"**Your notes:** {plain(shortened(interview.notes, 700))}" if interview.notes else "",
    ]
    return "\n".join(line for line in lines if line)


def _rows(interview: Interview) -> list[list[discord.ui.Item[Any]]]:
    states = [
        discord.SelectOption(label=name.capitalize(), value=each.value, default=each is interview.state)
        for each, name in words.STATES.items()
        if each is not InterviewState.BOOKED or interview.begins_at is not None
    ]
    forms: list[discord.ui.Item[Any]] = [
        FillInterview(f"{Part.TIME}.{interview.id}", label="Time and place"),
        FillInterview(f"{Part.NOTES}.{interview.id}", label="People and notes"),
    ]
    if interview.begins_at is not None and not interview.is_over:
        forms += [RemindOfInterview(interview.id, label="Remind me"), GetCalendar(interview.id, label="Calendar file")]
    more: list[discord.ui.Item[Any]] = [
        go("Prepare", View.PREPARE, interview.id, primary=not interview.is_over),
        go("Marks", View.SCORES, interview.id),
        go("After it", View.AFTER, interview.id, primary=interview.is_over),
    ]
    back: list[discord.ui.Item[Any]] = [go("Back to the list", View.LIST), go("Remove", View.REMOVE, interview.id)]
    return [[MoveInterview(interview.id, options=states, placeholder="How it stands")], forms, more, back]


@shows(View.REMOVE)
async def remove_card(interaction: Interaction, found: Interviews, rest: str, done: str) -> Card:
    """Ask before an interview is removed."""
    del interaction
    interview = one_of(found, rest)
    buttons: list[discord.ui.Item[Any]] = [
        go("Keep it", View.ONE, interview.id, primary=True),
        RemoveInterview(interview.id, label="Remove it", style=discord.ButtonStyle.danger),
    ]
    text = "Its time, notes and reminders go for good. If it was cancelled or declined, you can also note that and keep the rest."
    return card(f"Remove the interview at {words.name_of(found, interview, 50)}?", done, text, meaning=Meaning.ATTENTION, rows=[buttons])


@shows(View.PREPARE)
async def prepare_card(interaction: Interaction, found: Interviews, rest: str, done: str) -> Card:
    """Return the checklist; without an interview it is there to be read."""
    preparation = interaction.client.services.catalogue.preparation
    interview = one_of(found, rest) if rest else None
    ticks = interview.ticks if interview is not None else frozenset[str]()
    blocks: list[str] = []
    rows: list[list[discord.ui.Item[Any]]] = []
    for phase, name in words.PHASES.items():
        steps = preparation.of(phase)
        lines = [f"- {'~~' if each.key in ticks else ''}{each.text}{'~~' if each.key in ticks else ''}" for each in steps]
        blocks.append("\n".join([f"**{name}**", *lines]))
        if interview is not None:
            options = [discord.SelectOption(label=shortened(each.text, 100), value=each.key, default=each.key in ticks) for each in steps]
            rows.append([TickPrepared(f"{phase}.{interview.id}", options=options, placeholder=f"{name}: done", least=0, most=len(options))])
    back = go("Back to it", View.ONE, interview.id) if interview is not None else go("Your interviews", View.LIST)
    title = f"Prepare for {words.name_of(found, interview, 50)}" if interview is not None else "Prepare for interviews"
    rows.append([back, go_practice("Practise questions", "home")])
    return card(title, done, *blocks, meaning=Meaning.YOURS, rows=rows, quiet=f"{words.ADVICE} {words.PRIVATE}")


@shows(View.SCORES)
async def scores_card(interaction: Interaction, found: Interviews, rest: str, done: str) -> Card:
    """Return her marks of the program by her own criteria."""
    services: Services = interaction.client.services
    interview = one_of(found, rest)
    board = await services.rank_lists.board(found.member.id, interaction.guild_id)
    marks = board.held.marks.get(interview.program_id, {})
    rows: list[list[discord.ui.Item[Any]]] = []
    lines: list[str] = []
    for criterion in board.held.criteria:
        mark = marks.get(criterion.key)
        lines.append(f"- {plain(criterion.name)}: {mark or 'not marked'}")
        options = [discord.SelectOption(label=f"{each}", value=str(each), default=each == mark) for each in range(1, MOST_MARK + 1)]
        options.append(discord.SelectOption(label="Not marked", value="0", default=mark is None))
        rows.append([MarkInterview(f"{criterion.key}.{interview.id}", options=options, placeholder=shortened(criterion.name, 100))])
    rows.append([go("Back to it", View.ONE, interview.id)])
    text = "\n".join(lines) or NO_CRITERIA
    return card(
        f"{words.name_of(found, interview)}: your marks", done, text, meaning=Meaning.YOURS, rows=rows, quiet=f"{SCORED}\n{words.PRIVATE}"
    )


ITEMS = (MoveInterview, RemindOfInterview, RemoveInterview, TickPrepared, MarkInterview)
