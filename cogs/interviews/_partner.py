"""A partner in a voice channel: an invitation that is seen first and posted only then; and the same as a text to copy."""

from collections import deque
from dataclasses import dataclass
from random import Random
from typing import Any

import discord
from discord import ui

from bot.domain.interview_texts import ApplicantKind, InterviewQuestion, InterviewTexts
from bot.domain.practice import MIXED, picked
from bot.errors import UserFacingError
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card, shortened
from cogs._ui.forms import Form
from cogs._ui.ways import number_in
from cogs.interviews import _words as words
from cogs.interviews._ways import STALE, go, put, service_of, shows

ASKED, STATIONS = 4, 3
"""How many questions a partner is given; stations are longer."""
VOICE = [discord.ChannelType.voice, discord.ChannelType.stage_voice]
SEEDS = 100_000
MOST_COPIED = 1_900
"""So that the text fits into one message."""
MOST_NAME = 32
LISTEN = "Questions and what to listen for"
KINDS = {kind.value[0]: kind for kind in ApplicantKind}
HOW = (
    "The button below has the questions and what to listen for; only you see them. Two minutes for each answer, then one thing that worked "
    "and one to mend. Nothing is recorded."
)
NO_SERVER = UserFacingError("There is no channel to post in here.", "Copy the text instead, or use the command in a channel of a server.")
POSTED_ALREADY = UserFacingError("That invitation is posted already.", "It stands in this channel.")
NOT_FOR_HER = UserFacingError("Those questions are for the one who was asked to listen.", "/interviews practice has questions for you too.")
_posted: deque[int] = deque(maxlen=1_000)
"""The previews that were posted since the start: two presses at once post once. A preview that was posted loses its button."""


@dataclass(frozen=True, slots=True)
class Questions:
    """Say which questions a partner is given: the same key always gives the same."""

    of: str
    kind: ApplicantKind
    seed: int

    @property
    def key(self) -> str:
        """Return it as a key."""
        return f"{self.of}.{self.kind.value[0]}.{self.seed}"


def questions_of(key: str, texts: InterviewTexts) -> Questions:
    """Return what a key says; raise UserFacingError where it says nothing that is held."""
    parts = key.split(".")
    if len(parts) != 3 or parts[1] not in KINDS or (parts[0] != MIXED and texts.group(parts[0]) is None):
        raise STALE
    return Questions(parts[0], KINDS[parts[1]], number_in(parts[2]))


def chosen(texts: InterviewTexts, questions: Questions) -> list[InterviewQuestion]:
    """Return the questions, those that all are asked unless she chose a group where not: they tell nothing of her status."""
    there = texts.asked_of(questions.kind, None if questions.of == MIXED else questions.of)
    everybodys = [each for each in there if each.asked_of == frozenset(ApplicantKind)]
    there = everybodys if len(everybodys) >= ASKED else list(there)
    count = STATIONS if questions.of == "mmi" else ASKED
    return [texts.questions[each] for each in picked(there, count, {}, f"partner {questions.seed}")]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 20 else 0


def parts_of(key: str) -> tuple[str, int, int]:
    """Return which questions a key names, and its two ids; 0 for none."""
    parts = key.rsplit("-", 2)
    if len(parts) != 3:
        raise STALE
    return parts[0], _number(parts[1]), _number(parts[2])


class OpenInvitation(Action, prefix="practice:invite"):
    """Open the form for channel and partner."""

    async def act(self, interaction: Interaction) -> None:
        """Open it, in a server."""
        if interaction.guild is None:
            raise NO_SERVER
        await interaction.response.send_modal(PartnerForm(service_of(interaction).texts))


class PartnerForm(Form):
    """Ask for the voice channel, whom to ask, and of what the questions are."""

    def __init__(self, texts: InterviewTexts) -> None:
        super().__init__("Practise with a partner")
        self.channel: ui.ChannelSelect[Any] = ui.ChannelSelect(channel_types=VOICE)
        self.partner: ui.UserSelect[Any] = ui.UserSelect(required=False, min_values=0)
        options = [discord.SelectOption(label="Mixed", value=MIXED, default=True)]
        options += [discord.SelectOption(label=group.title, value=group.id) for group in texts.groups if not group.is_hers]
        self.of: ui.Select[Any] = ui.Select(options=options)
        self.ask("Voice channel", self.channel, "Where you will sit; you and I must be able to see it.")
        self.ask("Partner or advisor", self.partner, "The one person whom the invitation mentions. Empty: anybody here.")
        self.ask("Questions", self.of, "A group that you choose is named in the invitation.")

    async def submitted(self, interaction: Interaction) -> None:
        """Check channel and partner, and show what would be posted."""
        service = service_of(interaction)
        channel = visible_voice(interaction, self.channel.values[0].id)
        partner = self.partner.values[0] if self.partner.values else None
        if partner is not None:
            require_partner(interaction, channel, partner)
        kind = (await service.known_kind(interaction.user.id)).kind
        questions = questions_of(f"{self.of.values[0]}.{kind.value[0]}.{interaction.id % SEEDS}", service.texts)
        await put(interaction, preview_card(interaction, questions, channel.id, partner.id if partner else 0))


def visible_voice(interaction: Interaction, channel_id: int) -> discord.VoiceChannel | discord.StageChannel:
    """Return a voice channel of this server; raise UserFacingError unless she and the bot can see it, and she can join it."""
    if interaction.guild is None:
        raise NO_SERVER
    channel = interaction.guild.get_channel(channel_id)
    if not isinstance(channel, discord.VoiceChannel | discord.StageChannel):
        raise UserFacingError("I can't find that voice channel.", "Choose another one, or copy the text and send it yourself.")
    if not channel.permissions_for(interaction.guild.me).view_channel:
        raise UserFacingError("I can't see that voice channel.", "Choose one that I can see, or copy the text and send it yourself.")
    hers = channel.permissions_for(interaction.user) if isinstance(interaction.user, discord.Member) else discord.Permissions.none()
    if not (hers.view_channel and hers.connect):
        raise UserFacingError("You can't join that voice channel.", "Choose one that is open to you.")
    return channel


def require_partner(interaction: Interaction, channel: discord.abc.GuildChannel, partner: discord.abc.User) -> None:
    """Raise UserFacingError unless a partner is another person of this server who can join the channel."""
    if partner.bot:
        raise UserFacingError("A bot can't listen to you.", "Pick a person, or leave it empty.")
    if partner.id == interaction.user.id:
        raise UserFacingError("That is you.", "Pick somebody else, or leave it empty; a round by yourself is under Set up a round.")
    if not isinstance(partner, discord.Member):
        raise UserFacingError("That person is not in this server.", "Pick somebody who is, or copy the text and send it.")
    allowed = channel.permissions_for(partner)
    if not (allowed.view_channel and allowed.connect):
        raise UserFacingError("That person can't join that voice channel.", "Choose a channel that is open to both of you.")


class PostInvitation(Action, prefix="practice:post"):
    """Post the invitation in the key: questions, channel, partner."""

    async def act(self, interaction: Interaction) -> None:
        """Post it once, in the channel of the click, mentioning the partner and nobody else."""
        texts = service_of(interaction).texts
        head, channel_id, partner_id = parts_of(self.key)
        questions = questions_of(head, texts)
        visible_voice(interaction, channel_id)
        preview = interaction.message.id if interaction.message else 0
        if preview in _posted:
            raise POSTED_ALREADY
        _posted.append(preview)
        try:
            await interaction.response.defer()
            await interaction.followup.send(
                view=invitation_card(interaction, questions, channel_id, partner_id),
                allowed_mentions=discord.AllowedMentions(
                    everyone=False, roles=False, replied_user=False, users=[discord.Object(partner_id)] if partner_id else False
                ),
            )
        except discord.HTTPException:
            _posted.remove(preview)
            raise
        done = card(
            "Posted",
            f"The invitation stands in this channel. Go to <#{channel_id}> and wait there; its button opens the questions.",
            meaning=Meaning.DONE,
            rows=[[go("Back", "home")]],
        )
        await send_card(interaction, done, edit=True)


class Listen(Action, prefix="practice:listen"):
    """Give the questions of an invitation to the one who listens: questions, partner, who asked."""

    async def act(self, interaction: Interaction) -> None:
        """Show them to the partner, or to anybody where none was picked; to nobody else."""
        texts = service_of(interaction).texts
        head, partner_id, asker_id = parts_of(self.key)
        questions = questions_of(head, texts)
        if partner_id and interaction.user.id not in (partner_id, asker_id):
            raise NOT_FOR_HER
        await send_card(interaction, listening_card(texts, questions))


def _invitation(interaction: Interaction, texts: InterviewTexts, questions: Questions, channel_id: int, partner_id: int) -> tuple[str, str]:
    name = plain(shortened(" ".join(interaction.user.display_name.split()), MOST_NAME)) or "Somebody"
    whom = f"<@{partner_id}>, will you listen?" if partner_id else "Who will listen?"
    of = "" if questions.of == MIXED else f" The questions: {words.of_words(texts, questions.of)}."
    return (
        f"{whom} **{name}** practises interview questions in <#{channel_id}>.{of}",
        HOW,
    )


def preview_card(interaction: Interaction, questions: Questions, channel_id: int, partner_id: int) -> Card:
    """Return what would be posted, before anything is."""
    texts = service_of(interaction).texts
    mentioned = "It mentions the person whom you picked, and nobody else." if partner_id else "It mentions nobody."
    return card(
        "Not posted yet: this is what would stand here",
        *(f"> {block}" for block in _invitation(interaction, texts, questions, channel_id, partner_id)),
        f"{mentioned} The questions themselves stand behind its button.",
        meaning=Meaning.ATTENTION,
        rows=[
            [
                PostInvitation(f"{questions.key}-{channel_id}-{partner_id}", label="Post it here", style=discord.ButtonStyle.primary),
                OpenInvitation(label="Change it"),
                go("Text to copy", "copy", questions.key),
                go("Don't post", "home"),
            ]
        ],
        quiet="Everybody who can read this channel sees it, with your name. Nothing of your rounds is in it.",
    )


def invitation_card(interaction: Interaction, questions: Questions, channel_id: int, partner_id: int) -> Card:
    """Return the invitation as it stands in the channel."""
    blocks = _invitation(interaction, service_of(interaction).texts, questions, channel_id, partner_id)
    return card(
        "Interview practice",
        *blocks,
        rows=[[Listen(f"{questions.key}-{partner_id}-{interaction.user.id}", label=LISTEN, style=discord.ButtonStyle.primary)]],
    )


def listening_card(texts: InterviewTexts, questions: Questions) -> Card:
    """Return the questions with what to listen for."""
    found = chosen(texts, questions)
    check = "\n".join(f"- {each.title}" for each in texts.criteria)
    return card(
        "For you who listen",
        "Ask, then be silent for two minutes. Ask the follow-up as if you were curious. Say one thing that worked and one to mend.",
        *(
            f"**{number}.** {words.asked_block(question)}\n**Listen for:** {question.asks}\n**Then ask:** {question.follow_ups[0]}"
            for number, question in enumerate(found, 1)
        ),
        f"**What she looks at herself**\n{check}",
        quiet="Only you see this.",
    )


@shows("partner")
async def draw_partner(interaction: Interaction, _rest: str) -> Card:
    """Return the ways to a partner; outside a server the text to copy alone."""
    service = service_of(interaction)
    if interaction.guild is None:
        return await draw_copy(interaction, "")
    kind = (await service.known_kind(interaction.user.id)).kind
    return card(
        "Practise with a partner",
        "A friend or an advisor asks you the questions in a voice channel, and tells you what worked. You choose channel and person, see "
        "the invitation, and post it here or not.",
        "Without a voice channel, copy a text and send it to whom you like.",
        meaning=Meaning.YOURS,
        rows=[
            [
                OpenInvitation(label="Choose channel and partner", style=discord.ButtonStyle.primary),
                go("Text to copy", "copy", Questions(MIXED, kind, interaction.id % SEEDS).key),
                go("Back", "home"),
            ]
        ],
    )


@shows("copy")
async def draw_copy(interaction: Interaction, rest: str) -> Card:
    """Return an invitation with its questions as a text to copy."""
    service = service_of(interaction)
    kind = (await service.known_kind(interaction.user.id)).kind
    questions = questions_of(rest, service.texts) if rest else Questions(MIXED, kind, interaction.id % SEEDS)
    other = Questions(questions.of, questions.kind, Random(questions.seed).randrange(SEEDS))  # noqa: S311 - nothing is kept secret by it
    return card(
        "Text to copy",
        f"```\n{copied_text(service.texts, questions)}\n```",
        "Send it to whom you like. It says nothing of you.",
        meaning=Meaning.YOURS,
        rows=[[go("Other questions", "copy", other.key), go("Back", "home")]],
    )


def copied_text(texts: InterviewTexts, questions: Questions) -> str:
    """Return the text, with as many of the questions as fit into one message."""
    lines = [
        "Will you listen to my interview answers? It takes a quarter of an hour, by voice.",
        "Ask me these, let me speak for two minutes each, and then tell me one thing that worked and one to mend.",
    ]
    for number, question in enumerate(chosen(texts, questions), 1):
        scenario = f"{question.scenario}\n" if question.scenario else ""
        more = f"\n{number}. {scenario}{question.text}\nListen for: {question.asks}\nThen ask: {question.follow_ups[0]}"
        if sum(map(len, lines)) + len(lines) + len(more) > MOST_COPIED:
            break
        lines.append(more)
    return "\n".join(lines)


ITEMS = (OpenInvitation, PostInvitation, Listen)
