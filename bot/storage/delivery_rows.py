"""Deliveries as rows, and rows as deliveries."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from bot.domain.delivery import SUPERSEDED, Answer, Delivery, DeliveryKind, DeliveryState, Priority, member_recipient, recipient_member
from bot.domain.reminder import Reminder, ReminderKind
from bot.storage.encryption import Cipher

MAX_REASON = 200
UNREADABLE = "unreadable"
UNREADABLE_TEXT = "(what was written here can't be read any more)"
"""Stands in the place of a text whose blob is damaged or was written with a lost key."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Say what became of a claimed delivery."""

    id: str
    state: DeliveryState
    """SENT, PARKED, CANCELLED, or PENDING to be tried again."""
    reason: str = ""
    message_id: int | None = None
    channel_id: int | None = None
    not_before: datetime | None = None
    settled_at: datetime | None = None
    """When it was sent."""
    attempts: int | None = None
    """How often it has been tried so far, where that changed."""
    untried: bool = False
    """This attempt certainly sent nothing: what was known of earlier ones (``first_tried_at``) is put back."""
    first_tried_at: datetime | None = None
    tried_by: datetime | None = None
    """This attempt may have sent it, and ended then: where the clock was set back meanwhile, Discord's message is as early as that."""
    then: Delivery | None = None
    """What is to be sent because of it, stored in the same transaction."""


def values_of(delivery: Delivery, cipher: Cipher) -> dict[str, Any]:
    """Return the row of a new delivery."""
    return {
        "id": delivery.id,
        "kind": str(delivery.kind),
        "recipient": delivery.recipient,
        "member_id": recipient_member(delivery.recipient),
        "guild_id": delivery.guild_id,
        "channel_id": delivery.channel_id,
        "source": delivery.source,
        "source_id": delivery.source_id,
        "occurrence": delivery.occurrence,
        "due_at": delivery.due_at,
        "not_before": max(delivery.not_before or delivery.due_at, delivery.due_at),
        "expires_at": delivery.expires_at,
        "priority": int(delivery.priority),
        "state": str(delivery.state),
        "attempts": delivery.attempts,
        "reason": delivery.reason[:MAX_REASON],
        "payload": cipher.encrypt(delivery.payload),
    }


def delivery_from(row: RowMapping, cipher: Cipher) -> Delivery:
    """Return the delivery of a row; one that can't be read comes with a payload that says so (see ``is_readable``)."""
    payload = cipher.readable(row["payload"])
    return Delivery(
        kind=DeliveryKind(row["kind"]),
        recipient=row["recipient"],
        source=row["source"],
        source_id=row["source_id"],
        occurrence=row["occurrence"],
        due_at=row["due_at"],
        priority=Priority(row["priority"]),
        state=DeliveryState(row["state"]),
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        not_before=row["not_before"],
        expires_at=row["expires_at"],
        attempts=row["attempts"],
        message_id=row["message_id"],
        reason=row["reason"],
        payload={UNREADABLE: "yes", "text": UNREADABLE_TEXT} if payload is None else payload,
        first_tried_at=row["first_tried_at"],
        answer=Answer(row["answer"]) if row["answer"] else None,
        seen_at=row["seen_at"],
    )


def is_readable(delivery: Delivery) -> bool:
    """Tell whether what the delivery says could be read."""
    return UNREADABLE not in delivery.payload


@dataclass(frozen=True, slots=True)
class Fallen:
    """Hold what a due reminder makes: its deliveries, the last of them to be sent, and when it falls due next."""

    deliveries: list[Delivery]
    next_due: datetime | None


def fall(reminder: Reminder, now: datetime) -> Fallen:
    """Return what a reminder that is due makes: one delivery, and of one that recurs also those that were missed, as superseded."""
    recurrence = reminder.recurrence
    if recurrence is None:
        return Fallen([_delivery_of(reminder, reminder.due_at, 0)], None)
    times = [reminder.due_at, *recurrence.between(reminder.due_at, now)]
    deliveries = [_delivery_of(reminder, at, number) for number, at in enumerate(times)]
    missed = [replace(each, state=DeliveryState.PARKED, reason=SUPERSEDED) for each in deliveries[:-1]]
    return Fallen([*missed, deliveries[-1]], recurrence.next_after(max(now, times[-1])))


def _delivery_of(reminder: Reminder, due_at: datetime, number: int) -> Delivery:
    """Return the delivery of the next occurrence of a reminder but ``number``."""
    urgent = reminder.kind is ReminderKind.SEASON_DATE and reminder.lead.total_seconds() <= 86_400
    return Delivery(
        kind=DeliveryKind(str(reminder.kind)),
        recipient=member_recipient(reminder.member_id),
        source="reminder",
        source_id=reminder.id,
        occurrence=reminder.occurrence + number,
        due_at=due_at,
        priority=Priority.URGENT if urgent else Priority.NORMAL,
        guild_id=reminder.guild_id,
        payload={
            "text": reminder.text,
            "event_id": reminder.event_id or "",
            "lead_seconds": str(int(reminder.lead.total_seconds())),
            "wall_time": reminder.wall_time,
            "zone": reminder.zone,
            **({"rule": reminder.rule} if reminder.rule else {}),
            **({"earlier_at": reminder.earlier_at} if reminder.earlier_at else {}),
        },
    )
