"""What an advisor does with a question: claim, answer, close.

A button's key is the question's id and, after a colon, in the advisors' channel the delivery's id, by which the message is found again.
"""

from typing import Any

import discord
from discord import ui

from bot.domain.questions import WAITING, Question, QuestionState
from bot.services.advising import MAX_ANSWER
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Meaning, Row, card, send_card
from cogs._ui.forms import Form
from cogs._ui.questions import TOPICS, who
from cogs._ui.staff import require_advisor


class ClaimQuestion(Action, prefix="advisor:claim"):
    """Take the question in the key on."""

    async def act(self, interaction: Interaction) -> None:
        """Claim it, and say so to the advisor alone."""
        guild_id = await require_advisor(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        services: Services = interaction.client.services
        question = await services.advising.claim(asked_in(self.key), guild_id, interaction.user.id)
        view = card(
            "It is yours",
            f"You claimed the question of {who(question)} about **{TOPICS[question.topic]}**. Answer it when you are ready.",
            meaning=Meaning.DONE,
            rows=[[AnswerQuestion(question.id, label="Answer", style=discord.ButtonStyle.primary)]],
            quiet="A day after it was claimed another advisor can take it over.",
        )
        await send_card(interaction, view)


class AnswerQuestion(Action, prefix="advisor:answer"):
    """Answer the question in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        guild_id = await require_advisor(interaction)
        services: Services = interaction.client.services
        await interaction.response.send_modal(AnswerForm(await services.advising.get(asked_in(self.key), guild_id)))


class AnswerForm(Form):
    """Ask for the answer."""

    def __init__(self, question: Question) -> None:
        super().__init__("An answer")
        self._question_id = question.id
        self.words: ui.TextInput[Any] = ui.TextInput(style=discord.TextStyle.paragraph, max_length=MAX_ANSWER)
        self.ask("Your answer", self.words, "I bring it to the member, without your name. What you state as fact, give a source for.")

    async def submitted(self, interaction: Interaction) -> None:
        """Send it, and say so."""
        guild_id = await require_advisor(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        services: Services = interaction.client.services
        await services.advising.answer(self._question_id, guild_id, interaction.user.id, self.words.value)
        text = "The member gets it by direct message, or finds it in the inbox and in /ask mine."
        await send_card(interaction, card("Answered", text, meaning=Meaning.DONE))


class CloseQuestion(Action, prefix="advisor:close"):
    """Close the question in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Close it, and say so to the advisor alone."""
        guild_id = await require_advisor(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        services: Services = interaction.client.services
        await services.advising.close(asked_in(self.key), guild_id, interaction.user.id)
        await send_card(interaction, card("Closed", "The member is told, and can reopen it.", meaning=Meaning.DONE))


def asked_in(key: str) -> str:
    """Return the question's id in the key of a button."""
    return key.partition(":")[0]


def work_row(question: Question, delivery_id: str = "") -> Row:
    """Return the buttons that fit the state of a question: those that change it."""
    key = f"{question.id}:{delivery_id}"
    if question.state in (QuestionState.CLOSED, QuestionState.WITHDRAWN, QuestionState.DRAFT):
        return []
    claim = ClaimQuestion(key, label="Claim", style=discord.ButtonStyle.primary, disabled=question.state not in WAITING)
    return [claim, AnswerQuestion(key, label="Answer"), CloseQuestion(key, label="Close")]


ITEMS = (ClaimQuestion, AnswerQuestion, CloseQuestion)
