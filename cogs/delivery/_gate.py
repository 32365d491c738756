"""What stands between a delivery and a member before Discord is asked: her consent, what she wants, and her quiet hours."""

from datetime import datetime

from bot.domain.broadcast import BroadcastState
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.member import DirectMessages, Member
from bot.scheduling.outbox import Later, Refused, Unwanted
from bot.services.broadcasts import STOPPED
from bot.services.bundle import Services
from bot.services.question_posts import UNPOSTED
from cogs._ui.notices import PAUSED_FOR

MESSAGES_OFF = "Direct messages were off when it was due."
PAUSED = "Your reminders were paused when it was due."
LEFT = "She has left the server."
NOT_WANTED = "She switched this kind of message off."
SLOT_CHANGED = "The slot stands otherwise by now."
NO_CHEER = "A celebration goes to those who said that they matched."
QUIET = "quiet hours"
NOT_NEEDED = "The question stands otherwise by now."


def gate(services: Services, delivery: Delivery, member: Member, *, passes_quiet: bool = False) -> Refused | Unwanted | Later | None:
    """Return what keeps a delivery from being sent to a member now, or None; the message that she just agreed to passes always.

    ``passes_quiet``: she wants this one in her quiet hours too.
    """
    if delivery.kind is DeliveryKind.GREETING:
        return None
    preferences = member.preferences
    if not preferences.wants(delivery.kind):
        return Unwanted(NOT_WANTED)
    if member.direct_messages is DirectMessages.OFF:
        return Refused(MESSAGES_OFF)
    if preferences.paused:
        return Refused(PAUSED)
    if preferences.quiet is None or member.zone is None or passes_quiet:
        return None
    until = preferences.quiet.until(services.clock.now(), member.zone)
    deadline = _deadline(services, delivery)
    # What would come too late to be of use comes at once, whatever the hour.
    if until is None or (deadline is not None and deadline <= until):
        return None
    return Later(until, QUIET)


async def notice_gate(services: Services, delivery: Delivery) -> Unwanted | Later | None:
    """Return what moderators did with a notice meanwhile: paused it, or stopped it; None where it goes on, and for all else."""
    if delivery.kind is not DeliveryKind.NOTICE:
        return None
    state = await services.broadcasts.state_of(delivery.source_id)
    if state is BroadcastState.PAUSED:
        return Later(services.clock.now() + PAUSED_FOR, "A moderator paused it.")
    return None if state is BroadcastState.CONFIRMED else Unwanted(STOPPED)


async def cheer_gate(services: Services, delivery: Delivery, member: Member) -> Unwanted | None:
    """Return that a notice celebrates and is not for her, who did not say that she matched; None for all else."""
    pack = delivery.payload.get("pack", "") if delivery.kind is DeliveryKind.NOTICE else ""
    if not pack or await services.own_week.may_celebrate(member.id, pack):  # most notices are of no pack: nothing is looked up for them
        return None
    return Unwanted(NO_CHEER)


async def passes_quiet(services: Services, delivery: Delivery, member: Member) -> bool:
    """Tell whether a message comes in her quiet hours too, as she asked for."""
    event_id = delivery.payload.get("event_id", "")
    return member.preferences.quiet is not None and bool(event_id) and await services.own_week.passes_quiet(member.id, event_id)


async def question_gate(services: Services, delivery: Delivery) -> Unwanted | None:
    """Return that a question has its entry by now, or waits no more, where a message says that it has none; None for all else."""
    if delivery.source != UNPOSTED or await services.questions.is_unposted(delivery):
        return None
    return Unwanted(NOT_NEEDED)


async def slot_gate(services: Services, delivery: Delivery) -> Unwanted | None:
    """Return that a message about a slot holds no more: it was cancelled or moved, or the place given back; None for all else."""
    if delivery.kind is not DeliveryKind.SLOT or await services.slots.is_true(delivery):
        return None
    return Unwanted(SLOT_CHANGED)


def _deadline(services: Services, delivery: Delivery) -> datetime | None:
    if earlier := delivery.payload.get("earlier_at"):
        return datetime.fromisoformat(earlier)
    if begins := delivery.payload.get("begins_at"):  # a slot; of one that was moved the time at which she would come for nothing counts too
        return min(datetime.fromisoformat(at) for at in (begins, delivery.payload.get("was", begins)))
    event = services.season.for_server(delivery.guild_id).event(delivery.payload.get("event_id", ""))
    return event.at.instant() if event is not None and event.at is not None else None
