"""The form, the preview and the receipt of a question."""

from typing import Any, TypeVar

import discord
from discord import ui

from bot.domain.delivery import DeliveryState
from bot.domain.member import Member
from bot.domain.questions import Question, QuestionState, QuestionTopic, SharedFact
from bot.domain.servers import Feature
from bot.errors import UserFacingError
from bot.services.bundle import Services
from bot.services.questions import MAX_QUESTION, STALE, Asked, facts_of
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.channels import can_post
from cogs._ui.consent import delivery_line
from cogs._ui.features import require_feature
from cogs._ui.forms import Form
from cogs._ui.questions import TOPICS, entry_blocks
from cogs.ask._mine import OpenQuestion, WithdrawQuestion

Kind = TypeVar("Kind", QuestionTopic, SharedFact)
HIDDEN, SHOWN = "hidden", "shown"
OFFERED = {
    SharedFact.COUNTRIES: "I apply in: {}",
    SharedFact.TARGET_YEAR: "I aim at the Match of {}",
    SharedFact.ZONE: "My time zone: {}",
}

IN_A_SERVER = UserFacingError(
    "Questions go to the advisors of a server.", "Use /ask new in a channel of your server; only you will see it."
)
NO_CHANNEL = UserFacingError(
    "This server has chosen no channel for questions yet.",
    "Ask a manager to choose it in /server setup. Your text is kept as a draft for a week: /ask new shows it again.",
)
SWITCHED_OFF = UserFacingError(
    "This server takes no questions to advisors now.",
    "Ask in one of its channels, or look in /faq. Your text is kept as a draft for a week, in case it is switched on again.",
)
NO_ROOM = UserFacingError(
    "I can't write in the channel of this server's advisors.",
    "Tell a manager: /server check says what to mend. Your text is kept as a draft for a week: /ask new shows it again.",
)


def require_server(interaction: Interaction) -> discord.Guild:
    """Return the server that the bot is in and where the member acts; raise UserFacingError where there is none."""
    guild = interaction.client.get_guild(interaction.guild_id) if interaction.guild_id else None
    if guild is None:
        raise IN_A_SERVER
    return guild


async def open_form(interaction: Interaction) -> None:
    """Open the form of a question, with the draft that she has in this server."""
    guild = require_server(interaction)
    await require_feature(interaction, Feature.QUESTIONS)
    services: Services = interaction.client.services
    member = await services.members.get(interaction.user.id)
    draft = await services.questions.draft_of(interaction.user.id, guild.id)
    await interaction.response.send_modal(AskForm(services, member, draft))


class AskForm(Form):
    """Ask for topic, question, facts to share, and whether her name is shown; with a draft, what that holds stands there."""

    def __init__(self, services: Services, member: Member, draft: Question | None = None, *, is_change: bool = False) -> None:
        super().__init__("A question to advisors")
        self._services = services
        self._is_change = is_change
        topics = [
            discord.SelectOption(label=label, value=topic, default=draft is not None and draft.topic is topic)
            for topic, label in TOPICS.items()
        ]
        self.topic: ui.Select[Any] = ui.Select(options=topics, required=True)
        self.words: ui.TextInput[Any] = ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=MAX_QUESTION, default=draft.text if draft else None
        )
        self.facts = _facts(member, draft)
        hidden = draft is None or draft.is_name_hidden
        self.name: ui.RadioGroup[Any] = ui.RadioGroup(
            options=[
                discord.RadioGroupOption(label="Hidden: I relay both ways", value=HIDDEN, default=hidden),
                discord.RadioGroupOption(label="Shown to the advisors", value=SHOWN, default=not hidden),
            ]
        )
        self.ask("Topic", self.topic)
        self.ask("Your question", self.words, "You see it first as advisors will; nothing is sent yet. No scores or names, please.")
        if self.facts is not None:
            self.ask("Facts to share", self.facts, "Only what you tick. Nothing else that is stored of you is ever shown.")
        self.ask("Your name", self.name, "Moderators can lift a hidden name for abuse, with a reason that you are told.")

    async def submitted(self, interaction: Interaction) -> None:
        """Keep a draft, and show it as advisors will see it."""
        guild = require_server(interaction)
        await interaction.response.defer(ephemeral=True, thinking=not self._is_change)
        draft = await self._services.questions.draft(
            guild.id,
            interaction.user.id,
            _one_of(QuestionTopic, self.topic.values),
            self.words.value,
            [_one_of(SharedFact, [fact]) for fact in (self.facts.values if self.facts is not None else [])],
            is_name_hidden=self.name.value != SHOWN,
        )
        await send_card(interaction, preview_card(draft), edit=self._is_change)


def _one_of(kind: type[Kind], values: list[str]) -> Kind:
    try:
        return kind(values[0])
    except (ValueError, IndexError):
        raise STALE from None


def _facts(member: Member, draft: Question | None) -> ui.CheckboxGroup[Any] | None:
    boxes = [
        discord.CheckboxGroupOption(
            label=OFFERED[fact].format(words)[:100], value=fact.value, default=draft is not None and fact in draft.facts
        )
        for fact, words in facts_of(member).items()
    ]
    return ui.CheckboxGroup(options=boxes, required=False, min_values=0, max_values=len(boxes)) if boxes else None


class SendQuestion(Action, prefix="ask:send"):
    """Send the draft in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Send it, and say what became of it, in place of the preview."""
        services: Services = interaction.client.services
        guild = require_server(interaction)
        await interaction.response.defer()
        draft = await services.questions.draft_to_send(self.key, interaction.user.id)
        if draft.guild_id != guild.id:
            raise IN_A_SERVER
        settings = await services.servers.get(guild.id)
        if Feature.QUESTIONS not in settings.features:
            raise SWITCHED_OFF
        channel_id = settings.advisor_channel_id
        if channel_id is None:
            raise NO_CHANNEL
        if not can_post(guild, channel_id):
            raise NO_ROOM
        asked = await services.questions.send(draft.id, interaction.user.id, channel_id)
        await send_card(interaction, receipt_card(asked, await services.members.get(interaction.user.id)), edit=True)


class ChangeQuestion(Action, prefix="ask:change"):
    """Open the form again with the draft in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Open it; the draft stays until the form is sent."""
        services: Services = interaction.client.services
        draft = await services.questions.draft_to_send(self.key, interaction.user.id)
        member = await services.members.get(interaction.user.id)
        await interaction.response.send_modal(AskForm(services, member, draft, is_change=True))


class DiscardQuestion(Action, prefix="ask:discard"):
    """Throw the draft in the key away."""

    async def act(self, interaction: Interaction) -> None:
        """Throw it away, unless it was sent."""
        services: Services = interaction.client.services
        await services.questions.discard(self.key, interaction.user.id)
        await send_card(interaction, card("Discarded", "Nothing was sent, and the draft is gone.", meaning=Meaning.DONE), edit=True)


def preview_card(draft: Question) -> Card:
    """Return a draft exactly as advisors will see it, with what happens when it is sent."""
    return card(
        "Your question, as advisors will see it",
        *entry_blocks(draft),
        meaning=Meaning.ATTENTION,
        rows=[
            [
                SendQuestion(draft.id, label="Send", style=discord.ButtonStyle.primary),
                ChangeQuestion(draft.id, label="Change"),
                DiscardQuestion(draft.id, label="Discard"),
            ]
        ],
        quiet="It goes to the advisors of this server when you press Send; you can withdraw it at any time. The draft is kept encrypted "
        "for a week. Only you can see this.",
    )


def receipt_card(asked: Asked, member: Member) -> Card:
    """Return what became of a question that was sent."""
    question, state = asked.question, asked.delivery.state
    if question.state is QuestionState.DRAFT:
        return card(
            "Not sent",
            f"The question could not be posted to the advisors. {asked.delivery.reason}",
            "Tell a manager: /server check says what to mend. Your text is kept as a draft; try again then.",
            meaning=Meaning.ATTENTION,
            rows=[[SendQuestion(question.id, label="Try again"), DiscardQuestion(question.id, label="Discard")]],
        )
    line, buttons = delivery_line(member)
    sure = "" if state is DeliveryState.SENT else " Discord has not answered yet; it is tried again until it stands there, and never twice."
    return card(
        "Sent to the advisors",
        f"Your question waits for the advisors of this server.{sure}",
        f"**The answer:** {line}",
        meaning=Meaning.DONE,
        rows=[[OpenQuestion(question.id, label="Show it"), WithdrawQuestion(question.id, label="Withdraw"), *buttons]],
        quiet="/ask mine shows your questions and what was answered.",
    )


ITEMS = (SendQuestion, ChangeQuestion, DiscardQuestion)
