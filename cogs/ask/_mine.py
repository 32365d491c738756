"""``/ask mine``: her questions, what was answered, and what she can do about each."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.domain.delivery import Delivery
from bot.domain.questions import UNDER_WAY, Question, QuestionMessage, QuestionRole, QuestionState
from bot.services.bundle import Services
from bot.services.question_changes import GONE
from bot.services.questions import MAX_QUESTION, RATINGS
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, Row, card, plain, send_card, shortened
from cogs._ui.forms import Form
from cogs._ui.questions import STATES, TOPICS, entry_blocks, said_blocks, said_pages
from cogs._ui.times import stamp

PER_PAGE = 5
LINE = 90
RATING_WORDS = {1: "did not help", 2: "helped a little", 3: "helped", 4: "helped a lot", 5: "answered it fully"}
SAID_BY = {QuestionRole.MEMBER: "You", QuestionRole.ADVISOR: "An advisor", QuestionRole.MODERATOR: "A moderator lifted your hidden name"}


class TurnMine(Action, prefix="ask:mine"):
    """Turn the list of her questions to the page in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show the page, in place."""
        view = await mine_card(interaction.client.services, interaction.user.id, interaction.guild_id, int(self.key))
        await send_card(interaction, view, edit=True)


class QuestionChoice(Choice, prefix="ask:choose"):
    """Open one of her questions."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, in place."""
        await _show(interaction, await _mine(interaction, values[0]))


class OpenQuestion(Action, prefix="ask:open"):
    """Open the question in the key, after a colon the page."""

    async def act(self, interaction: Interaction) -> None:
        """Show it, in place."""
        question_id, _, page = self.key.partition(":")
        await _show(interaction, await _mine(interaction, question_id), int(page) if page else None)


class ReplyToAnswer(Action, prefix="ask:reply"):
    """Say more to the question in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        question = await _mine(interaction, self.key)
        await interaction.response.send_modal(ReplyForm(question))


class ReplyForm(Form):
    """Ask what she says."""

    def __init__(self, question: Question) -> None:
        super().__init__("To the advisors")
        self._question_id = question.id
        self.words: ui.TextInput[Any] = ui.TextInput(style=discord.TextStyle.paragraph, max_length=MAX_QUESTION)
        hidden = "Your name stays hidden." if question.is_name_hidden else "Your name is shown, as with the question."
        self.ask("Your message", self.words, f"It is added to your question for the advisors. {hidden}")

    async def submitted(self, interaction: Interaction) -> None:
        """Add it, and say so."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        services: Services = interaction.client.services
        question = await services.questions.reply(self._question_id, interaction.user.id, self.words.value)
        view = card(
            "Added to your question",
            "The advisors see it under your question; what they answer comes to you.",
            meaning=Meaning.DONE,
            rows=[[OpenQuestion(question.id, label="Show it")]],
        )
        await send_card(interaction, view)


class ReopenQuestion(Action, prefix="ask:reopen"):
    """Let the question in the key wait again."""

    async def act(self, interaction: Interaction) -> None:
        """Reopen it, and show it."""
        question = await _mine(interaction, self.key)
        await interaction.response.defer()
        await _show(interaction, await _services(interaction).questions.reopen(question.id, interaction.user.id))


class CloseQuestion(Action, prefix="ask:close"):
    """Close the question in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Close it, and ask how it was answered."""
        question = await _mine(interaction, self.key)
        await interaction.response.defer()
        await _show(interaction, await _services(interaction).questions.close(question.id, interaction.user.id))


class WithdrawQuestion(Action, prefix="ask:withdraw"):
    """Take the question in the key back, at once."""

    async def act(self, interaction: Interaction) -> None:
        """Withdraw it, and say what became of its words."""
        question = await _mine(interaction, self.key)
        await interaction.response.defer()
        await _services(interaction).questions.withdraw(question.id, interaction.user.id)
        view = card(
            "Withdrawn",
            "Your words are erased here, and taken out of the advisors' channel. Who has read them has read them.",
            meaning=Meaning.DONE,
            quiet="/ask mine shows your other questions.",
        )
        await send_card(interaction, view, edit=True)


class RateAnswer(Choice, prefix="ask:rate"):
    """Rate how the question in the key was answered."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Note it, and show the question."""
        question = await _mine(interaction, self.key)
        await interaction.response.defer()
        await _show(interaction, await _services(interaction).questions.rate(question.id, interaction.user.id, int(values[0])))


def _services(interaction: Interaction) -> Services:
    return interaction.client.services


async def _mine(interaction: Interaction, question_id: str) -> Question:
    """Return a question of hers; in a server only what she asked there."""
    question = await _services(interaction).questions.get(question_id, interaction.user.id)
    if question.state is QuestionState.DRAFT or interaction.guild_id not in (None, question.guild_id):
        raise GONE
    return question


async def _show(interaction: Interaction, question: Question, page: int | None = None) -> None:
    messages = await _services(interaction).questions.messages(question.id, interaction.user.id)
    await send_card(interaction, question_card(question, messages, page), edit=True)


async def mine_card(services: Services, member_id: int, guild_id: int | None, page: int) -> Card:
    """Return one page of her questions in a server, or of all, the newest first."""
    found, is_more = await services.questions.page(member_id, guild_id, PER_PAGE, page * PER_PAGE)
    if not found and page > 0:
        return await mine_card(services, member_id, guild_id, page - 1)
    if not found:
        return card(
            "Your questions",
            "You have asked nothing yet." if guild_id is None else "You have asked nothing in this server yet.",
            "/ask new in a server asks its advisors; you see first what they will see.",
            meaning=Meaning.YOURS,
        )
    options = [
        discord.SelectOption(
            label=f"{TOPICS[question.topic]}, {STATES[question.state]}",
            value=question.id,
            description=shortened(question.text, LINE) or None,
        )
        for question in found
    ]
    turn = [
        TurnMine(str(max(0, page - 1)), label="Newer", disabled=page == 0),
        TurnMine(str(page + 1), label="Older", disabled=not is_more),
    ]
    return card(
        "Your questions",
        "\n".join(map(_line, found)),
        meaning=Meaning.YOURS,
        rows=[[QuestionChoice(options=options, placeholder="Open one")], turn if page or is_more else []],
        quiet="Only you can see this. Facts and your name went only where you chose it.",
    )


def _line(question: Question) -> str:
    words = shortened(plain(question.text), LINE).replace("\n", " ")
    asked = stamp(question.asked_at or question.waits_since, "R")
    return f"- **{TOPICS[question.topic]}**, {STATES[question.state]}, asked {asked}" + (f": {words}" if words else "")


def question_card(question: Question, messages: Sequence[QuestionMessage], page: int | None = None) -> Card:
    """Return one question of hers with what was said, the last page first, and what she can do."""
    pages = said_pages(messages)
    page = pages - 1 if page is None else min(max(page, 0), pages - 1)
    rating = f"You rated it {question.rating} of 5." if question.rating else ""
    shared = entry_blocks(question)[0]
    return card(
        f"Your question: {TOPICS[question.topic]}, {STATES[question.state]}",
        f"{shared}\n{rating}".strip(),
        *said_blocks(question, messages, page, lambda message: SAID_BY[message.role]),
        meaning=Meaning.YOURS,
        rows=[*_turns(question, page, pages), *_rows(question)],
        quiet=f"Page {page + 1} of {pages}." if pages > 1 else "Only you can see this.",
    )


def _turns(question: Question, page: int, pages: int) -> list[Row]:
    turn = [
        OpenQuestion(f"{question.id}:{page - 1}", label="Earlier", disabled=page == 0),
        OpenQuestion(f"{question.id}:{page + 1}", label="Later", disabled=page == pages - 1),
    ]
    return [turn] if pages > 1 else []


def _rows(question: Question) -> list[Row]:
    if question.state is QuestionState.WITHDRAWN:
        return []
    items: list[ui.Item[Any]] = []
    if question.state in UNDER_WAY:
        items.append(ReplyToAnswer(question.id, label="Reply"))
    if question.state in (QuestionState.ANSWERED, QuestionState.CLOSED):
        items.append(ReopenQuestion(question.id, label="Reopen"))
    if question.state in UNDER_WAY:
        items.append(CloseQuestion(question.id, label="Close"))
    items.append(WithdrawQuestion(question.id, label="Withdraw", style=discord.ButtonStyle.danger))
    rows: list[Row] = [items]
    if question.state is QuestionState.CLOSED:
        options = [
            discord.SelectOption(label=f"{number}: {RATING_WORDS[number]}", value=str(number), default=number == question.rating)
            for number in RATINGS
        ]
        rows.append([RateAnswer(question.id, options=options, placeholder="How well was it answered?")])
    return rows


def answer_items(delivery: Delivery) -> list[ui.Item[Any]]:
    """Return what a message about her question offers."""
    if delivery.payload.get("what") != "answer":
        return []
    return [ReplyToAnswer(delivery.payload["question"], label="Reply", style=discord.ButtonStyle.primary)]


ITEMS = (
    TurnMine,
    QuestionChoice,
    OpenQuestion,
    ReplyToAnswer,
    ReopenQuestion,
    CloseQuestion,
    WithdrawQuestion,
    RateAnswer,
)
