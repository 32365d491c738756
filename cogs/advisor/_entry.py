"""The entry of a question in the advisors' channel: posted, changed, followed by what she says since."""

from datetime import timedelta

import discord

from bot.client import MatchdayClient
from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState
from bot.domain.questions import WAITING, Question, QuestionMessage, QuestionState
from bot.scheduling.outbox import Later, Outcome, Sent, Unwanted
from bot.services import question_posts as kinds
from bot.services.advising import waits_untaken
from cogs._ui.cards import Card, Meaning, card, plain, shortened
from cogs._ui.posts import posts
from cogs._ui.questions import ENTRY_TEXT, TOPICS, entry_blocks, state_line, who
from cogs.advisor._buttons import AnswerQuestion, ClaimQuestion, work_row
from cogs.advisor._queue import ReadQuestion

UNKNOWN_MESSAGE = 10008
SOON = timedelta(seconds=30)
NOT_NEEDED = "The question stands otherwise by now."
RELAYED = "The bot brings the answer to the member; nobody is mentioned."


def entry_card(question: Question, delivery_id: str) -> Card:
    """Return the entry of a question as it stands."""
    if question.state is QuestionState.WITHDRAWN:
        return card(f"Question: {TOPICS[question.topic]}", state_line(question), meaning=Meaning.DONE)
    waits = question.state in WAITING
    read = ReadQuestion(f"{question.id}:{delivery_id}", label="Read")
    return card(
        f"Question: {TOPICS[question.topic]}",
        *entry_blocks(question),
        f"**{state_line(question)}**",
        meaning=Meaning.ATTENTION if waits else Meaning.DONE,
        rows=[[*work_row(question, delivery_id), read]],
        quiet=RELAYED,
    )


def reply_card(question: Question, message: QuestionMessage, delivery_id: str) -> Card:
    """Return what she said since, as it stands under the entry."""
    return card(
        f"More to the question: {TOPICS[question.topic]}",
        f"**From:** {who(question)}",
        shortened(plain(message.text), ENTRY_TEXT),
        meaning=Meaning.ATTENTION,
        rows=[[AnswerQuestion(f"{question.id}:{delivery_id}", label="Answer")]],
        quiet=RELAYED,
    )


def waits_card(question: Question, delivery_id: str, link: str) -> Card:
    """Return the line that a question has waited for a day."""
    row = [ClaimQuestion(f"{question.id}:{delivery_id}", label="Claim")]
    return card(
        "A question waits", f"{TOPICS[question.topic]}: {state_line(question)} {link}".strip(), meaning=Meaning.ATTENTION, rows=[row]
    )


@posts(DeliveryKind.QUESTION)
async def post_question(client: MatchdayClient, delivery: Delivery) -> Outcome:
    """Carry out what a question does in the advisors' channel; what it says is read now, so what was withdrawn never goes out."""
    assert delivery.channel_id is not None  # noqa: S101 - it goes to a channel
    found = await client.services.advising.posted(delivery)
    if found is None:
        return Unwanted(NOT_NEEDED)
    question, message = found
    channel = client.get_partial_messageable(delivery.channel_id)
    if delivery.source == kinds.REPLY_GONE:
        return await _take_back(client, channel, question, message)
    if delivery.source == kinds.ENTRY:
        if question.state in (QuestionState.WITHDRAWN, QuestionState.DRAFT):
            return Unwanted(NOT_NEEDED)
        return await _post(channel, entry_card(question, delivery.id), delivery, None)
    entry = await client.services.advising.entry_of(question)
    if entry is not None and entry.state in (DeliveryState.PENDING, DeliveryState.CLAIMED):
        return Later(client.services.clock.now() + SOON, "its entry is not posted yet")
    entry_message = entry.message_id if entry is not None else None
    if delivery.source == kinds.ENTRY_STATE:
        return await _bring_up_to_date(channel, question, entry_message)
    if delivery.source == kinds.WAITS:
        # A day is counted from when this was planned: a reopened question has a line of its own.
        if not waits_untaken(question, delivery.due_at - kinds.A_DAY):
            return Unwanted(NOT_NEEDED)
        link = f"https://discord.com/channels/{question.guild_id}/{delivery.channel_id}/{entry_message}" if entry_message else ""
        return await _post(channel, waits_card(question, delivery.id, link), delivery, None)
    if message is None or question.state is QuestionState.WITHDRAWN or not message.text:
        return Unwanted(NOT_NEEDED)
    return await _post(channel, reply_card(question, message, delivery.id), delivery, entry_message)


async def _post(channel: discord.PartialMessageable, view: Card, delivery: Delivery, under: int | None) -> Sent:
    """Post under the delivery's id, as a reply where an entry is named; nobody is mentioned."""
    silent = discord.AllowedMentions.none()
    if under is None:
        message = await channel.send(view=view, nonce=delivery.id, allowed_mentions=silent)
    else:
        entry = discord.MessageReference(message_id=under, channel_id=channel.id, fail_if_not_exists=False)
        message = await channel.send(view=view, nonce=delivery.id, allowed_mentions=silent, reference=entry, mention_author=False)
    return Sent(message_id=message.id, channel_id=channel.id)


async def _bring_up_to_date(channel: discord.PartialMessageable, question: Question, entry_message: int | None) -> Outcome:
    if entry_message is None or question.entry_id is None:
        return Unwanted("It has no entry.")
    view = entry_card(question, question.entry_id)
    try:
        await channel.get_partial_message(entry_message).edit(view=view, allowed_mentions=discord.AllowedMentions.none())
    except discord.NotFound as error:
        if error.code != UNKNOWN_MESSAGE:
            raise
        return Unwanted("Its entry was deleted.")
    return Sent(message_id=entry_message, channel_id=channel.id)


async def _take_back(
    client: MatchdayClient, channel: discord.PartialMessageable, question: Question, message: QuestionMessage | None
) -> Outcome:
    post = await client.services.advising.reply_post(message, question) if message is not None else None
    if post is None or post.state in (DeliveryState.PARKED, DeliveryState.CANCELLED):
        return Unwanted(NOT_NEEDED)
    if post.message_id is None:
        return Later(client.services.clock.now() + SOON, "it may still be on its way")
    try:
        await channel.get_partial_message(post.message_id).delete()
    except discord.NotFound as error:
        if error.code != UNKNOWN_MESSAGE:
            raise
    return Sent(message_id=post.message_id, channel_id=channel.id)
