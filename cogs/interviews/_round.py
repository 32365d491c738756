"""A round: a question against the clock, how an answer is built, her own check, the next one, the end."""

from typing import Any

import discord
from discord import ui

from bot.domain.interview_texts import InterviewQuestion
from bot.domain.practice import COUNTS, MAX_NOTE, MIXED, Mark, Practised, Round
from bot.errors import UserFacingError
from bot.services.practice import PracticeService, Started
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, Row, card, plain, shortened
from cogs._ui.forms import Form
from cogs._ui.times import stamp
from cogs._ui.ways import number_in
from cogs.interviews import _words as words
from cogs.interviews._ways import STALE, go, put, service_of, shows

TICK = "What was there? Tick it; nothing is counted"
LOOK = "Look at one question again"
NOTE_IN_LIST = 30
NOTE_LENGTH = 400
GOES_ON = "A round was under way already, so this is that one. End it to begin another."


def place_of(key: str) -> tuple[str, int]:
    """Return the round and the place of a key."""
    round_id, _, position = key.partition(".")
    if not round_id or not position:
        raise STALE
    return round_id, number_in(position)


class Done(Action, prefix="practice:done"):
    """Say that the answer is given."""

    async def act(self, interaction: Interaction) -> None:
        """Note it once, and show how an answer is built."""
        round_id, position = place_of(self.key)
        service = service_of(interaction)
        await put(interaction, round_card(service, await service.done(interaction.user.id, round_id, position)))


class MoveOn(Action, prefix="practice:next"):
    """Put the next question, or end after the last one."""

    async def act(self, interaction: Interaction) -> None:
        """Move on once."""
        round_id, position = place_of(self.key)
        service = service_of(interaction)
        await put(interaction, round_card(service, await service.move_on(interaction.user.id, round_id, position)))


class EndRound(Action, prefix="practice:end"):
    """End the round in the key."""

    async def act(self, interaction: Interaction) -> None:
        """End it, and show what it was."""
        service = service_of(interaction)
        await put(interaction, round_card(service, await service.end(interaction.user.id, self.key)))


class Tick(Choice, prefix="practice:tick"):
    """Tick what was there in an answer."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Keep it, and show the card with it."""
        round_id, position = place_of(self.key)
        service = service_of(interaction)
        round_ = await service.tick(interaction.user.id, round_id, position, frozenset(values))
        await put(interaction, answer_card(service, round_, position))


class MarkAnswer(Action, prefix="practice:mark"):
    """Say how an answer went: round, place, mark."""

    async def act(self, interaction: Interaction) -> None:
        """Keep it, and show the card with it."""
        rest, _, mark = self.key.rpartition(".")
        round_id, position = place_of(rest)
        if mark not in {each.value for each in Mark}:
            raise STALE
        service = service_of(interaction)
        round_ = await service.mark(interaction.user.id, round_id, position, Mark(mark))
        await put(interaction, answer_card(service, round_, position))


class OpenNote(Action, prefix="practice:note"):
    """Open the form for a note on an answer."""

    async def act(self, interaction: Interaction) -> None:
        """Open it, with the note that is there."""
        round_id, position = place_of(self.key)
        round_ = await service_of(interaction).get(interaction.user.id, round_id)
        if position >= len(round_.items):
            raise STALE
        await interaction.response.send_modal(NoteForm(round_, position))


class NoteForm(Form):
    """Ask for a note; empty removes it."""

    def __init__(self, round_: Round, position: int) -> None:
        super().__init__("A note on this answer")
        self._round_id, self._position = round_.id, position
        self.text: ui.TextInput[Any] = ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=MAX_NOTE, required=False, default=round_.items[position].note or None
        )
        self.ask("What to keep, or to do otherwise", self.text, "For your eyes only, kept encrypted. Empty removes it.")

    async def submitted(self, interaction: Interaction) -> None:
        """Keep it, and show the card with it."""
        service = service_of(interaction)
        round_ = await service.note(interaction.user.id, self._round_id, self._position, self.text.value)
        await put(interaction, answer_card(service, round_, self._position))


class LookAt(Choice, prefix="practice:item"):
    """Look at one answer of a round again."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it."""
        service = service_of(interaction)
        round_ = await service.get(interaction.user.id, self.key)
        await put(interaction, answer_card(service, round_, number_in(values[0])))


@shows("round")
async def draw_round(interaction: Interaction, rest: str) -> Card:
    """Return a round of hers, where it stands."""
    service = service_of(interaction)
    return round_card(service, await service.get(interaction.user.id, rest))


def started_card(service: PracticeService, started: Started) -> Card:
    """Return the round that goes on now, saying so where it was not begun just now."""
    return round_card(service, started.round_, "" if started.is_new else GOES_ON)


def round_card(service: PracticeService, round_: Round, remark: str = "") -> Card:
    """Return where a round stands: a question, an answer to look at, or its end."""
    if not round_.is_under_way:
        return summary_card(service, round_)
    if round_.item.done_at is not None:
        return answer_card(service, round_, round_.position, remark)
    return question_card(service, round_, remark)


def _held(service: PracticeService, item: Practised) -> InterviewQuestion | None:
    return service.texts.questions.get(item.question_id)


def _where(service: PracticeService, round_: Round, position: int, question: InterviewQuestion | None) -> str:
    group = service.texts.group(question.group) if question else None
    place = f"Question {position + 1} of {len(round_.items)}" if len(round_.items) > 1 else "One question"
    return f"{place} · {group.title}" if group else place


def question_card(service: PracticeService, round_: Round, remark: str = "") -> Card:
    """Return the question against the clock."""
    item, question = round_.item, _held(service, round_.item)
    key = f"{round_.id}.{round_.position}"
    onward = MoveOn(key, label="Finish" if round_.is_last else "Pass over")
    end = EndRound(round_.id, label="End the round")
    if question is None:
        return card(
            "A question that is held no more", "It was taken out of the record since.", meaning=Meaning.ATTENTION, rows=[[onward, end]]
        )
    ends = f"Your time ends {stamp(item.ends_at, 'R')}, at {stamp(item.ends_at, 'T')}." if item.ends_at else "Take the time that you need."
    return card(
        _where(service, round_, round_.position, question),
        remark,
        words.asked_block(question),
        f"{ends} Answer aloud, then press Done.",
        meaning=Meaning.YOURS,
        rows=[[Done(key, label="Done", style=discord.ButtonStyle.primary), onward, end]],
    )


def answer_card(service: PracticeService, round_: Round, position: int, remark: str = "") -> Card:
    """Return how an answer is built, and her own check of it."""
    if not 0 <= position < len(round_.items):
        raise STALE
    item, question = round_.items[position], _held(service, round_.items[position])
    if question is None:
        raise UserFacingError("That question does not stand in the record any more.", "Your mark and your note on it stay in the history.")
    return card(
        _where(service, round_, position, question),
        remark,
        f"**{question.title}**\n{_time_line(item)}",
        *words.build_blocks(question, [round_.kind]),
        f"**Your note:** {plain(shortened(' / '.join(item.note.splitlines()), NOTE_LENGTH))}" if item.note else "",
        meaning=Meaning.YOURS,
        rows=_check_rows(service, round_, position),
        quiet=words.rests_on(question),
    )


def _time_line(item: Practised) -> str:
    if item.took is None:
        return "You passed this one over."
    return f"You took {words.took_words(item)}." + (f" You said: {words.MARKS[item.mark]}." if item.mark else "")


def _check_rows(service: PracticeService, round_: Round, position: int) -> list[Row]:
    item, key = round_.items[position], f"{round_.id}.{position}"
    stands_here = round_.is_under_way and position == round_.position
    onward: Row = (
        [
            MoveOn(key, label="Finish" if round_.is_last else "Next question", style=discord.ButtonStyle.primary),
            EndRound(round_.id, label="End the round"),
        ]
        if stands_here
        else [go("Back to the round", "round", round_.id)]
    )
    if item.done_at is None:
        return [onward]
    criteria = service.texts.criteria
    options = [
        discord.SelectOption(label=each.title, value=each.id, description=each.there, default=each.id in item.ticked) for each in criteria
    ]
    chosen, other = discord.ButtonStyle.success, discord.ButtonStyle.secondary
    marks = [
        MarkAnswer(f"{key}.{mark.value}", label=words.MARK_LABELS[mark], style=chosen if item.mark is mark else other)
        for mark in (Mark.WELL, Mark.MIDDLING, Mark.WEAK)
    ]
    return [
        [Tick(key, options=options, placeholder=TICK, least=0, most=len(options))],
        [*marks, OpenNote(key, label="Change the note" if item.note else "Add a note")],
        onward,
    ]


def summary_card(service: PracticeService, round_: Round) -> Card:
    """Return a round that has ended: each question, how long, how it went, what comes again when."""
    if not round_.is_readable:
        return card(
            "A round that has ended", "What it held can't be read any more.", meaning=Meaning.ATTENTION, rows=[[go("Back", "home")]]
        )
    lines = [_item_line(service, number, item) for number, item in enumerate(round_.items, 1)]
    options = [
        discord.SelectOption(label=shortened(question.title, 100), value=str(position))
        for position, item in enumerate(round_.items)
        if (question := _held(service, item)) is not None and item.asked_at is not None
    ]
    of = words.of_words(service.texts, round_.of)
    can_repeat = round_.of == MIXED or service.texts.group(round_.of) is not None
    another = go("Another round", "setup", _same_plan(round_), primary=True) if can_repeat else go("Back", "home", primary=True)
    return card(
        f"{of}, {len(round_.answered)} of {len(round_.items)} answered",
        f"Begun {stamp(round_.started_at, 'f')}, as a {words.KINDS[round_.kind]}, {words.limit_words(round_.seconds)} each.",
        "\n".join(lines),
        _next_step(round_),
        meaning=Meaning.YOURS,
        rows=[
            [LookAt(round_.id, options=options, placeholder=LOOK)] if options else [],
            [another, go("History", "history", 0), go("Remove this round", "remove", round_.id)],
        ],
        quiet=words.PRIVATE,
    )


def _next_step(round_: Round) -> str:
    if not round_.answered:
        return "Nothing was answered; begin again whenever you like."
    weak = sum(item.mark is Mark.WEAK for item in round_.items)
    if weak:
        return f"{weak} marked weak: due again a day after the answer."
    if any(item.mark is None for item in round_.answered):
        return "Some have no mark yet: look at them again and say how they went, so that they can come again."
    return "Nothing was weak this time. What was middling comes again after three days, what went well later."


def _same_plan(round_: Round) -> str:
    count = min(COUNTS, key=lambda each: abs(each - len(round_.items)))
    return f"{round_.of}.{round_.kind.value}.{count}.{round_.seconds}"


def _item_line(service: PracticeService, number: int, item: Practised) -> str:
    question = _held(service, item)
    text = shortened(question.title, 90) if question else "A question that is held no more"
    if item.asked_at is None:
        return f"{number}. {text}\n-# not put"
    told = [words.took_words(item)]
    if item.mark is not None:
        told.append(words.MARKS[item.mark])
    missing = [each.id for each in service.texts.criteria if each.id not in item.ticked]
    if item.ticked and missing:
        told.append(f"not ticked: {', '.join(missing)}")
    note = f"\n-# Note: {plain(shortened(' / '.join(item.note.splitlines()), NOTE_IN_LIST))}" if item.note else ""
    return f"{number}. {text}\n-# {' · '.join(told)}{note}"


ITEMS = (Done, MoveOn, EndRound, Tick, MarkAnswer, OpenNote, LookAt)
