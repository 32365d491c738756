"""The queue of a server, one question of it in full, a hidden name lifted, and the server's figures."""

from collections.abc import Sequence
from statistics import median
from typing import Any

import discord
from discord import ui

from bot.domain.questions import Question, QuestionMessage, QuestionRole, QuestionState, QueueFigures
from bot.services.advising import MAX_REASON, NO_HIDDEN_NAME
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, Row, card, send_card
from cogs._ui.forms import Form
from cogs._ui.questions import STATES, TOPICS, entry_blocks, said_blocks, said_pages, state_line, who
from cogs._ui.staff import require_advisor, require_lifter, require_reader
from cogs._ui.times import stamp
from cogs.advisor._buttons import asked_in, work_row

PER_PAGE = 8
FIGURES_ABOUT = (
    "Of this server only. Waiting times and ratings are of the last 30 days. Nothing here, and nothing else, lists or ranks members."
)


class TurnQueue(Action, prefix="advisor:queue"):
    """Turn the queue to the page in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show the page, in place."""
        guild_id = await require_advisor(interaction)
        await send_card(interaction, await queue_card(interaction.client.services, guild_id, int(self.key)), edit=True)


class QueueChoice(Choice, prefix="advisor:choose"):
    """Open one question of the queue."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, in place."""
        await _show(interaction, values[0], None, edit=True)


class ReadQuestion(Action, prefix="advisor:read"):
    """Read the question in the key with all that was said; for advisors, and for moderators, who may have to lift a name."""

    async def act(self, interaction: Interaction) -> None:
        """Show it to the one who asks alone."""
        await _show(interaction, asked_in(self.key), None, edit=False)


class TurnQuestion(Action, prefix="advisor:page"):
    """Turn the question in the key to the page after the colon."""

    async def act(self, interaction: Interaction) -> None:
        """Show it, in place."""
        question_id, _, page = self.key.partition(":")
        await _show(interaction, question_id, int(page), edit=True)


class LiftName(Action, prefix="advisor:name"):
    """Lift the hidden name of the question in the key; for moderators, with a reason."""

    async def act(self, interaction: Interaction) -> None:
        """Ask for the reason; where it was lifted already, show the name again."""
        guild_id = await require_lifter(interaction)
        services: Services = interaction.client.services
        question = await services.advising.get(asked_in(self.key), guild_id)
        if not question.is_name_hidden:
            raise NO_HIDDEN_NAME
        if question.lifted_at is not None:
            await send_card(interaction, name_card(question))
            return
        await interaction.response.send_modal(LiftForm(question))


class LiftForm(Form):
    """Ask why a hidden name is lifted."""

    def __init__(self, question: Question) -> None:
        super().__init__("Lift a hidden name")
        self._question_id = question.id
        self.reason: ui.TextInput[Any] = ui.TextInput(style=discord.TextStyle.paragraph, max_length=MAX_REASON)
        self.ask(
            "The abuse that it is lifted for",
            self.reason,
            "The reason is recorded with the question, and told to the member; /server audit names you.",
        )

    async def submitted(self, interaction: Interaction) -> None:
        """Lift it, and show the name to the moderator alone."""
        guild_id = await require_lifter(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        services: Services = interaction.client.services
        question = await services.advising.lift(self._question_id, guild_id, interaction.user.id, self.reason.value)
        await send_card(interaction, name_card(question))


def name_card(question: Question) -> Card:
    """Return who asked, for the moderator who lifted it."""
    return card(
        "Who asked",
        f"{who(question)}: <@{question.member_id}>",
        meaning=Meaning.ATTENTION,
        quiet="Only you can see this. The member was told that the name was lifted, and the reason. Advisors still see the code.",
    )


async def _show(interaction: Interaction, question_id: str, page: int | None, *, edit: bool) -> None:
    guild_id = await require_reader(interaction)
    services: Services = interaction.client.services
    question = await services.advising.get(question_id, guild_id)
    messages = await services.advising.messages(question_id, guild_id)
    await send_card(interaction, question_card(question, messages, page), edit=edit)


async def queue_card(services: Services, guild_id: int, page: int) -> Card:
    """Return one page of a server's questions that are not closed, what waits longest first."""
    found, is_more = await services.advising.queue(guild_id, PER_PAGE, page * PER_PAGE)
    if not found and page > 0:
        return await queue_card(services, guild_id, page - 1)
    if not found:
        return card("The queue is empty", "No question of this server waits.", meaning=Meaning.DONE)
    first = page * PER_PAGE + 1
    lines = [f"{number}. **{TOPICS[each.topic]}** from {who(each)}. {state_line(each)}" for number, each in enumerate(found, first)]
    options = [
        discord.SelectOption(label=f"{number}. {TOPICS[each.topic]}, {STATES[each.state]}", value=each.id)
        for number, each in enumerate(found, first)
    ]
    turn = [
        TurnQueue(str(max(0, page - 1)), label="Earlier", disabled=page == 0),
        TurnQueue(str(page + 1), label="Later", disabled=not is_more),
    ]
    return card(
        "Questions of this server",
        "\n".join(lines),
        meaning=Meaning.ATTENTION,
        rows=[[QueueChoice(options=options, placeholder="Open one")], turn if page or is_more else []],
        quiet="Only you can see this. What waits longest comes first.",
    )


def question_card(question: Question, messages: Sequence[QuestionMessage], page: int | None = None) -> Card:
    """Return one question as advisors read it, with what was said, the last page first."""
    pages = said_pages(messages)
    page = pages - 1 if page is None else min(max(page, 0), pages - 1)

    def name(message: QuestionMessage) -> str:
        if message.role is QuestionRole.MEMBER:
            return who(question)
        by = f"<@{message.author_id}>" if message.author_id else "someone who erased their data"
        return f"Hidden name lifted by {by}" if message.role is QuestionRole.MODERATOR else f"Answer by {by}"

    lift = [LiftName(question.id, label="Lift the hidden name")] if question.is_name_hidden else []
    rows: list[Row] = [work_row(question), lift]
    if pages > 1:
        turn = [
            TurnQuestion(f"{question.id}:{page - 1}", label="Earlier", disabled=page == 0),
            TurnQuestion(f"{question.id}:{page + 1}", label="Later", disabled=page == pages - 1),
        ]
        rows.insert(0, turn)
    return card(
        f"Question: {TOPICS[question.topic]}",
        f"{entry_blocks(question)[0]}\n**{state_line(question)}**",
        *said_blocks(question, messages, page, name),
        meaning=Meaning.FACT if question.state is not QuestionState.WITHDRAWN else Meaning.DONE,
        rows=rows,
        quiet=f"Page {page + 1} of {pages}. Only you can see this." if pages > 1 else "Only you can see this.",
    )


def stats_card(figures: QueueFigures) -> Card:
    """Return a server's counts and waiting times."""
    counts = ", ".join(f"{count:,} {STATES[state]}" for state in QuestionState if (count := figures.counts.get(state, 0)))
    waits = "none was answered in the last 30 days"
    if figures.waits:
        waits = f"half within {_span(median(figures.waits))}, the longest {_span(figures.waits[-1])}, of {len(figures.waits):,}"
    ratings = f"{sum(figures.ratings) / len(figures.ratings):.1f} of 5, of {len(figures.ratings):,}" if figures.ratings else "none yet"
    oldest = f"since {stamp(figures.oldest, 'R')}" if figures.oldest else "none"
    return card(
        "Questions of this server, in figures",
        f"**Questions:** {counts or 'none yet'}\n**Waiting longest:** {oldest}\n**To the first answer:** {waits}\n**Ratings:** {ratings}",
        quiet=FIGURES_ABOUT,
    )


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    days, left = divmod(hours, 24)
    if days:
        return f"{days} d {left} h"
    return f"{hours} h {rest} min" if hours else f"{minutes} min"


ITEMS = (TurnQueue, QueueChoice, ReadQuestion, TurnQuestion, LiftName)
