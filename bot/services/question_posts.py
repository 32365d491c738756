"""What a question sends: its entry in the advisors' channel and what changes there, and news of it to her."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.delivery import Delivery, DeliveryKind, Priority, channel_recipient, member_recipient
from bot.domain.questions import Question, QuestionMessage

ENTRY = "question"
"""The entry itself; the source id is the question's."""
ENTRY_STATE = "question-state"
"""The entry is brought to the state that the question has."""
REPLY = "question-reply"
"""What she said since, under the entry; the source id is that message's."""
REPLY_GONE = "question-reply-gone"
"""That is taken back."""
WAITS = "question-waits"
"""A line that the question has waited for a day."""
NEWS = "question-news"
"""What became of it, to her."""
UNPOSTED = "question-unposted"
"""That Discord refused its entry after she had been told that it was on its way, to her."""

A_DAY = timedelta(days=1)
A_MINUTE = timedelta(minutes=1)


def entry(question: Question, channel_id: int, now: datetime) -> Delivery:
    """Return the entry of a question that is sent now. It carries none of her words: they are read when it is posted."""
    return _to_channel(ENTRY, question.id, question.revision, channel_id, question.guild_id, now)


def entry_state(question: Question, now: datetime) -> Delivery:
    """Return the change of the entry that the next state of a question makes."""
    return _of(question, ENTRY_STATE, question.id, question.revision, now)


def reply(question: Question, message: QuestionMessage, now: datetime) -> Delivery:
    """Return the post of what she said since."""
    return _of(question, REPLY, message.id, 0, now)


def reply_gone(question: Question, message: QuestionMessage, now: datetime) -> Delivery:
    """Return the taking back of what she said since."""
    return _of(question, REPLY_GONE, message.id, 0, now)


def waits(question: Question, channel_id: int, now: datetime) -> Delivery:
    """Return the line that is due a day from now, should nobody have taken the question on by then."""
    return _to_channel(WAITS, question.id, question.revision, channel_id, question.guild_id, now + A_DAY, Priority.NORMAL)


def news(question: Question, what: str, text: str, now: datetime) -> list[Delivery]:
    """Return the message to her about what became of her question; none where she erased her data."""
    if question.member_id is None:
        return []
    return [
        Delivery(
            kind=DeliveryKind.ANSWER,
            recipient=member_recipient(question.member_id),
            source=NEWS,
            source_id=question.id,
            occurrence=question.revision,
            due_at=now,
            priority=Priority.ANSWER,
            guild_id=question.guild_id,
            payload={"what": what, "text": text, "question": question.id, "topic": question.topic.value},
        )
    ]


def unposted(question: Question, entry_id: str, reason: str, now: datetime) -> list[Delivery]:
    """Return the message to her that Discord refused the entry of her question; none where she erased her data.

    Due in a minute: whoever is refused while she waits is told at once, and her question is a draft again by then.
    """
    return [
        replace(each, source=UNPOSTED, due_at=now + A_MINUTE, payload={**each.payload, "entry": entry_id})
        for each in news(question, "unposted", reason, now)
    ]


def _of(question: Question, source: str, source_id: str, occurrence: int, now: datetime) -> Delivery:
    assert question.channel_id is not None  # noqa: S101 - only a question that was sent changes its entry
    return _to_channel(source, source_id, occurrence, question.channel_id, question.guild_id, now)


def _to_channel(
    source: str,
    source_id: str,
    occurrence: int,
    channel_id: int,
    guild_id: int,
    due_at: datetime,
    priority: Priority = Priority.INTERACTIVE,
) -> Delivery:
    return Delivery(
        kind=DeliveryKind.QUESTION,
        recipient=channel_recipient(channel_id),
        source=source,
        source_id=source_id,
        occurrence=occurrence,
        due_at=due_at,
        priority=priority,
        guild_id=guild_id,
        channel_id=channel_id,
    )
