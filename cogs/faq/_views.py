"""The cards of ``/faq``: an answer, the topics, and that nothing fits."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.catalogue.search import normalise
from bot.domain.faq import FaqAnswer, FaqTopic
from bot.domain.member import Member
from bot.domain.server_faq import ServerEntry
from bot.errors import UserFacingError
from bot.services.bundle import Services
from bot.services.server_faq import Shelf
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card, shortened
from cogs._ui.sharing import post
from cogs.faq import _words as words

MOST_RELATED = 3
MOST_TOPICS = 3
MOST_FIRST = 5
Row = list[discord.ui.Item[Any]]


class Show(Action, prefix="faq:show"):
    """Show the answer in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show it in place on her own card, and to her alone below a shared one."""
        await _show(interaction, self.key)


class Share(Action, prefix="faq:share"):
    """Post the answer in the key for everybody in the channel."""

    async def act(self, interaction: Interaction) -> None:
        """Post it without anything of the member who shares it: no words of hers, no clock of hers."""
        services: Services = interaction.client.services
        nobody = Member(id=0, created_at=services.clock.now())
        shelf = await services.server_faq.shelf(interaction.guild_id)
        asked = _answer_of(shelf, self.key)
        await post(interaction, card_of(services, shelf, asked, nobody, guild_id=interaction.guild_id, shared=True))


class OpenTopic(Action, prefix="faq:topic"):
    """Open the topic in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show its questions, in place."""
        await send_card(interaction, topic_card(interaction.client.services, self.key), edit=True)


class TopicChoice(Choice, prefix="faq:topics"):
    """Turn to another topic."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show its questions, in place."""
        await send_card(interaction, topic_card(interaction.client.services, values[0]), edit=True)


class AnswerChoice(Choice, prefix="faq:open"):
    """Open an answer from its topic."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, in place."""
        await _show(interaction, values[0])


async def _show(interaction: Interaction, answer_id: str) -> None:
    services: Services = interaction.client.services
    shelf = await services.server_faq.shelf(interaction.guild_id)
    answer = _answer_of(shelf, answer_id)
    member = await services.members.get(interaction.user.id)
    message = interaction.message
    is_her_own = message is not None and message.flags.ephemeral
    await send_card(interaction, card_of(services, shelf, answer, member, guild_id=interaction.guild_id), edit=is_her_own)


def _answer_of(shelf: Shelf, answer_id: str) -> FaqAnswer:
    answer = shelf.get(answer_id)
    if answer is None:
        raise UserFacingError(*words.GONE)
    return answer


def card_of(
    services: Services,
    shelf: Shelf,
    answer: FaqAnswer,
    member: Member,
    *,
    instead: Sequence[FaqAnswer] = (),
    guild_id: int | None,
    shared: bool = False,
) -> Card:
    """Return an answer: one of the record with what it rests on, one of the server as the server's."""
    own = shelf.own.get(answer.id)
    if own is not None:
        return own_card(services, own, instead=instead, shared=shared)
    return _answer_card(services, answer, member, instead=instead, guild_id=guild_id, shared=shared)


def own_card(services: Services, own: ServerEntry, *, instead: Sequence[FaqAnswer] = (), shared: bool = False) -> Card:
    """Return an answer of a server, marked as that; it has no certainty."""
    share: Row = [] if shared else [Share(own.answer_id, label="Share here")]
    topics: list[Row] = [] if shared else [[_topics(services.catalogue.faq.topics)]]
    return card(
        "From this server",
        *words.own_blocks(own.title, own.text, own.link, own.written_at.date()),
        words.INSTEAD if instead else "",
        meaning=Meaning.ATTENTION,
        rows=[_shows(instead), share, *topics],
        quiet=words.NOT_CHECKED,
    )


def _answer_card(
    services: Services,
    answer: FaqAnswer,
    member: Member,
    *,
    instead: Sequence[FaqAnswer] = (),
    guild_id: int | None,
    shared: bool = False,
) -> Card:
    """Return an answer, its dates as a server holds them.

    ``instead`` are others that may have been meant, ``shared`` leaves out all that is the member's.
    """
    related = [each for each in services.catalogue.faq.related_to(answer) if each not in instead][:MOST_RELATED]
    share: Row = [Share(answer.id, label="Share here")] if guild_id is not None and not shared else []
    topics: Row = [] if shared else [OpenTopic(answer.topic, label="More of this topic")]
    return card(
        answer.question,
        answer.text,
        words.dates_block(services, answer, member, guild_id),
        words.INSTEAD if instead else "",
        rows=[_shows(instead), _shows(related), [*topics, *share]],
        quiet=words.sources_lines(answer),
    )


def _shows(answers: Sequence[FaqAnswer]) -> Row:
    return [Show(each.id, label=words.label_of(each)) for each in answers]


def topics_card(shelf: Shelf) -> Card:
    """Return what the server put first, then every topic."""
    topics = shelf.catalogue.faq.topics
    count = sum(len(topic.answers) for topic in topics)
    lines = "\n".join(f"- **{topic.title}:** {len(topic.answers)} answers" for topic in topics)
    options = [discord.SelectOption(label=words.label_of(each), value=each.id) for each in shelf.first]
    first = [AnswerChoice("first", options=options, placeholder=words.FIRST)] if options else []
    named = "\n".join(f"- {plain(words.label_of(each))}" for each in shelf.first[:MOST_FIRST])
    more = f"\n- and {len(options) - MOST_FIRST} more" if len(options) > MOST_FIRST else ""
    named = f"**{words.FIRST}**\n{named}{more}" if named else ""
    return card(f"{count} answers", named, words.TOPICS, lines, rows=[first, [_topics(topics)]])


def topic_card(services: Services, topic_id: str) -> Card:
    """Return the questions of one topic."""
    faq = services.catalogue.faq
    topic = faq.topic(topic_id)
    if topic is None:
        raise UserFacingError(*words.GONE)
    options = [discord.SelectOption(label=each.question, value=each.id) for each in topic.answers]
    lines = "\n".join(f"- {each.question}" for each in topic.answers)
    rows = [[AnswerChoice(options=options, placeholder="Choose a question")], [_topics(faq.topics, topic)]]
    return card(topic.title, lines, rows=rows)


def _topics(topics: Sequence[FaqTopic], shown: FaqTopic | None = None) -> TopicChoice:
    options = [discord.SelectOption(label=topic.title, value=topic.id, default=topic is shown) for topic in topics]
    return TopicChoice(options=options, placeholder="Choose a topic")


def nothing_card(services: Services, question: str, nearest: Sequence[FaqAnswer]) -> Card:
    """Return that nothing fits, whom to ask, and the topics that come nearest."""
    faq = services.catalogue.faq
    near = [faq.topic(each) for each in dict.fromkeys(answer.topic for answer in nearest)]
    buttons: Row = [OpenTopic(topic.id, label=topic.title) for topic in near[:MOST_TOPICS] if topic]
    asked = plain(shortened(question.strip(), 60)) if normalise(question) else ""
    return card(
        f"None of my answers fits “{asked}”." if asked else "I could read no question there.",
        words.ASK,
        words.owners_lines(services.catalogue),
        meaning=Meaning.ATTENTION,
        rows=[buttons, [_topics(faq.topics)]],
    )


ITEMS = (Show, Share, OpenTopic, TopicChoice, AnswerChoice)
