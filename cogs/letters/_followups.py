"""``/letters followups``: the steps of every letter as a small timeline; each can be done, skipped, moved, and brought to mind."""

from datetime import date
from typing import Any

import discord
from discord import ui

from bot.domain.follow_ups import Standing, Step
from bot.domain.letter_drafts import DraftKind
from bot.domain.letters import FollowUpKind, FollowUpState, Letter
from bot.services.bundle import Services
from bot.services.letter_follow_ups import day_text
from bot.services.letter_plans import Board
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.consent import delivery_line
from cogs._ui.reminders import scheduled_card
from cogs._ui.ways import number_in
from cogs.letters import _words as words
from cogs.letters._buttons import draft_button, whom_letter
from cogs.letters._kept import KeptForm, open_kept, opens
from cogs.letters._target import MAX_DAY, read_future_day
from cogs.letters._ways import STALE, View, go, show, shows, split_key, turn

PER_PAGE = 5
STANDINGS = {
    Standing.TODAY: "today",
    Standing.OPEN: "its time has begun",
    Standing.PASSED: "passed, nothing is scheduled",
    Standing.DONE: "done",
    Standing.SKIPPED: "skipped",
}
NONE_YET = (
    "Steps begin once a writer has agreed: a first follow-up 4 to 6 weeks before your target, a second 2 weeks before, a last one "
    "1 week before, and thanks once it has arrived."
)
NO_TARGET = "No target date is known for this letter, so no step has a day. Choose a date under Kind, date, notes on its card."


async def step_of(services: Services, member_id: int, key: str) -> tuple[Board, Letter, date | None, FollowUpKind]:
    """Return what the key of a step holds; raise UserFacingError where it is gone or of no use."""
    letter_id, kind = split_key(key)
    if kind not in {each.value for each in FollowUpKind}:
        raise STALE
    letter = await services.letters.get(member_id, letter_id)
    board = await services.letters.board(member_id, letter.season_year)
    return board, letter, services.letters.plans.target_of(letter, board), FollowUpKind(kind)


class OpenSteps(Choice, prefix="letters:steps"):
    """Open the steps of one letter."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show them, in place."""
        await show(interaction, View.LETTER_STEPS, values[0])


class OpenStep(Choice, prefix="letters:step"):
    """Open one step of the letter in the key."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, in place."""
        await show(interaction, View.STEP, self.key, values[0])


class SettleStep(Action, prefix="letters:settle"):
    """Note that a step is done, skipped, or to be done after all; the key holds letter, kind and state."""

    async def act(self, interaction: Interaction) -> None:
        """Note it, and show the letter's steps."""
        services: Services = interaction.client.services
        key, _, state = self.key.rpartition("-")
        if state not in {each.value for each in FollowUpState}:
            raise STALE
        board, letter, target, kind = await step_of(services, interaction.user.id, key)
        await services.letters.follow_ups.settle(board.member, letter, target, kind, FollowUpState(state))
        await show(interaction, View.LETTER_STEPS, letter.id)


class RemindStep(Action, prefix="letters:remind"):
    """Switch on the reminder of the step in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Set it, and say when and how it comes."""
        services: Services = interaction.client.services
        board, letter, target, kind = await step_of(services, interaction.user.id, self.key)
        scheduled = await services.letters.follow_ups.remind(board.member, letter, target, kind, interaction.guild_id)
        member = await services.members.get(interaction.user.id)
        await send_card(interaction, scheduled_card(services, scheduled, member))


class RemindAll(Action, prefix="letters:remind_all"):
    """Switch on the reminders of all steps of the letter in the key that lie ahead."""

    async def act(self, interaction: Interaction) -> None:
        """Set them, and show the letter's steps with how they come."""
        services: Services = interaction.client.services
        letter = await services.letters.get(interaction.user.id, self.key)
        board = await services.letters.board(interaction.user.id, letter.season_year)
        target = services.letters.plans.target_of(letter, board)
        await services.letters.follow_ups.remind_all(board.member, letter, target, interaction.guild_id)
        await show(interaction, View.LETTER_STEPS, letter.id)


class SilenceStep(Action, prefix="letters:silence"):
    """Switch off the reminder of the step in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Switch it off, and show the step."""
        services: Services = interaction.client.services
        board, letter, target, kind = await step_of(services, interaction.user.id, self.key)
        await services.letters.follow_ups.silence(board.member, letter, target, kind)
        await show(interaction, View.STEP, self.key)


class MoveStep(Action, prefix="letters:move"):
    """Ask to which day the step in the key is to be moved."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        await open_kept(interaction, f"move-{self.key}")


@opens("move")
async def move_form(services: Services, member_id: int, key: str) -> KeptForm:
    """Return the form for another day of a step."""
    await step_of(services, member_id, key)
    return MoveForm(services, key)


class MoveForm(KeptForm):
    """Ask for the new day of a step."""

    def __init__(self, services: Services, key: str) -> None:
        super().__init__("Move this step")
        self.services = services
        self.step_key = key
        self.day: ui.TextInput[Any] = ui.TextInput(max_length=MAX_DAY, placeholder="2027-08-20, 20 Aug 2027, in 3 weeks")
        self.ask("To which day", self.day, "From today on. A reminder of it moves along, to 09:00 on your clock.")

    async def submitted(self, interaction: Interaction) -> None:
        """Move it, and show the step."""
        board, letter, target, kind = await step_of(self.services, interaction.user.id, self.step_key)
        day = read_future_day(self.services, board.member, self.day.value)
        await self.services.letters.follow_ups.move(board.member, letter, target, kind, day)
        await show(interaction, View.STEP, self.step_key)


@shows(View.STEPS)
async def steps_card(services: Services, member_id: int, rest: str = "") -> Card:
    """Return one page of the letters that have steps, each with its timeline."""
    board = await services.letters.board(member_id)
    plans = services.letters.plans
    timelines = await services.letters.follow_ups.timelines(board.member, board.letters, lambda letter: plans.target_of(letter, board))
    with_steps = [letter for letter in board.letters if timelines[letter.id] or letter.is_awaited]
    pages = max(1, -(-len(with_steps) // PER_PAGE))
    page = min(number_in(rest), pages - 1)
    shown = with_steps[page * PER_PAGE : (page + 1) * PER_PAGE]
    today = plans.today(board.member)
    blocks = [
        f"**{words.short_name(letter)}** · {words.state_name(letter.state, letter.service)}\n"
        f"{_lines(timelines[letter.id], plans.target_of(letter, board), today) or NO_TARGET}"
        for letter in shown
    ]
    waiting = sum(not letter.is_promised and not letter.is_declined for letter in board.letters)
    options = [discord.SelectOption(label=words.bare_name(letter), value=letter.id) for letter in shown]
    place = f", page {page + 1} of {pages}" if pages > 1 else ""
    is_late = board.target.is_past and any(letter.is_awaited for letter in board.letters)
    buttons = [go("Choose a new target", View.TARGET, primary=True)] if is_late else []
    return card(
        f"Follow-ups, {board.season_year} Match{place}",
        "\n\n".join(blocks) or NONE_YET,
        f"Letters without a yes so far, which have no steps yet: {waiting}." if waiting else "",
        meaning=Meaning.YOURS,
        rows=[
            [OpenSteps(options=options, placeholder="The steps of one letter")] if options else [],
            [*buttons, go("Back to the board", View.BOARD), *turn(View.STEPS, page, pages)],
        ],
        quiet=_advice_line(services),
    )


def _advice_line(services: Services) -> str:
    citation = services.catalogue.letters.facts["follow_ups"].citation
    return f"When to follow up is a guide's advice, not a rule. {words.source_line([citation])}"


def _lines(steps: tuple[Step, ...], target: date | None, today: date) -> str:
    """Return steps and target in order of their days."""
    found = [(step.follow_up.due_on, index, f"- {_line(step, today)}") for index, step in enumerate(steps)]
    if target is not None and any(step.follow_up.kind is not FollowUpKind.THANKS for step in steps):
        passed = ", which has passed" if target < today else ""
        found.append((target, len(steps), f"- {day_text(target)}: **the target**{passed}"))
    return "\n".join(line for _, _, line in sorted(found))


def _line(step: Step, today: date) -> str:
    row, standing = step.follow_up, step.standing(today)
    parts = [STANDINGS.get(standing, words.days_from(today, row.due_on))]
    if step.is_moved and row.state is FollowUpState.PLANNED:
        parts.append("moved")
    if row.reminder_id is not None:
        parts.append("you will be reminded")
    return f"{day_text(row.due_on)}: {words.STEPS[row.kind]} · {', '.join(parts)}"


@shows(View.LETTER_STEPS)
async def letter_steps_card(services: Services, member_id: int, rest: str) -> Card:
    """Return the timeline of one letter."""
    letter = await services.letters.get(member_id, rest)
    board = await services.letters.board(member_id, letter.season_year)
    target = services.letters.plans.target_of(letter, board)
    steps = (await services.letters.follow_ups.timelines(board.member, [letter], lambda _: target))[letter.id]
    today = services.letters.plans.today(board.member)
    how, consent = ("", []) if not any(step.follow_up.reminder_id for step in steps) else delivery_line(board.member)
    options = [
        discord.SelectOption(label=words.STEPS[step.follow_up.kind], value=step.follow_up.kind.value, description=_bare(step, today))
        for step in steps
    ]
    buttons: list[discord.ui.Item[Any]] = []
    if any(services.letters.follow_ups.can_remind(board.member, step) and step.follow_up.reminder_id is None for step in steps):
        buttons.append(RemindAll(letter.id, label="Remind me of all", style=discord.ButtonStyle.primary))
    if letter.is_awaited and target is not None and target < today:
        buttons.append(go("Choose a new target", View.TARGET, primary=True))
    empty = NO_TARGET if letter.is_awaited else NONE_YET
    return card(
        f"Follow-ups: letter of {words.short_name(letter)}",
        _lines(steps, target, today) or empty,
        how,
        meaning=Meaning.YOURS,
        rows=[
            [OpenStep(letter.id, options=options, placeholder="One step: done, skip, move, remind")] if options else [],
            [*buttons, *consent, go("All follow-ups", View.STEPS), go("Back to the letter", View.LETTER, letter.id)],
        ],
        quiet=_advice_line(services),
    )


def _bare(step: Step, today: date) -> str:
    return f"{day_text(step.follow_up.due_on)}, {STANDINGS.get(step.standing(today), words.days_from(today, step.follow_up.due_on))}"


@shows(View.STEP)
async def step_card(services: Services, member_id: int, rest: str) -> Card:
    """Return one step with what can be done."""
    board, letter, target, kind = await step_of(services, member_id, rest)
    step = await services.letters.follow_ups.step(board.member, letter, target, kind)
    today = services.letters.plans.today(board.member)
    key = f"{letter.id}-{kind.value}"
    buttons: list[discord.ui.Item[Any]] = []
    how, consent = "", []
    if step.follow_up.state is FollowUpState.PLANNED:
        buttons += [
            SettleStep(f"{key}-{FollowUpState.DONE}", label="Done", style=discord.ButtonStyle.primary),
            SettleStep(f"{key}-{FollowUpState.SKIPPED}", label="Skip"),
            MoveStep(key, label="Move"),
        ]
        if step.follow_up.reminder_id is not None:
            buttons.append(SilenceStep(key, label="Reminder off"))
            how, consent = delivery_line(board.member)
        elif services.letters.follow_ups.can_remind(board.member, step):
            buttons.append(RemindStep(key, label="Remind me"))
    else:
        buttons.append(SettleStep(f"{key}-{FollowUpState.PLANNED}", label="Take back"))
    draft = DraftKind.THANKS if kind is FollowUpKind.THANKS else DraftKind.FOLLOW_UP
    copy = draft_button(draft, whom_letter(letter.id), "Words to copy")
    return card(
        words.STEPS[kind],
        f"**Letter of {words.short_name(letter)}**\n{_line(step, today)}",
        words.STEP_WORDS[kind],
        how,
        meaning=Meaning.YOURS,
        rows=[buttons, [*consent, copy, go("Back to its steps", View.LETTER_STEPS, letter.id)]],
        quiet=_advice_line(services),
    )


ITEMS = (OpenSteps, OpenStep, SettleStep, RemindStep, RemindAll, SilenceStep, MoveStep)
