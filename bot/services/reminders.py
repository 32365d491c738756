"""Reminders: set, listed, cancelled, answered; and what a due one is about."""

import asyncio
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import count
from zoneinfo import ZoneInfo

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.domain.calendar import SeasonEvent
from bot.domain.delivery import Answer, Delivery, recipient_member
from bot.domain.ids import derived_id
from bot.domain.leads import Lead, lead_by_key, leads_offered
from bot.domain.member import Member
from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from bot.domain.when import Ambiguous, NotUnderstood, Reason, Understood, parse_when
from bot.domain.zones import resolve, wall_time
from bot.errors import UserFacingError
from bot.storage.deliveries import DeliveryRepository
from bot.storage.identifiers import new_id
from bot.storage.members import MemberRepository
from bot.storage.reminders import ReminderRepository

MAX_ACTIVE = 200
MAX_TEXT = 1_000
MORNING = time(9)

NOT_UNDERSTOOD = {
    Reason.EMPTY: "No date and time was given.",
    Reason.TOO_LONG: "That is too long for a date and time.",
    Reason.NOT_UNDERSTOOD: "I can't read that date and time.",
    Reason.NO_SUCH_DATE: "The calendar has no such date or time.",
    Reason.PAST: "That time has passed.",
    Reason.TOO_FAR: "That is more than three years ahead.",
    Reason.NO_ZONE: "I don't know your time zone yet.",
}
"""What happened, for each reason; the hint of the reading says what to do."""

_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and a symbol by their class that show nothing."""

NO_SUCH_REMINDER = UserFacingError("That reminder is not there any more.", "Use /remind list to see what is set.")
ANSWERED = UserFacingError("You have already answered this reminder.", "Use /remind list to see what is set.")
NOT_YOURS = UserFacingError("That reminder is not yours.", "Set one of your own with /remind me or from /countdown.")


class Snooze(StrEnum):
    """How long a reminder can be put off from its buttons."""

    HOUR = "hour"
    TOMORROW = "tomorrow"


@dataclass(frozen=True, slots=True)
class Press:
    """A member pressed a button of a delivered message."""

    member_id: int
    delivery_id: str
    message_id: int
    channel_id: int


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A reminder that was set, or was set already."""

    reminder: Reminder
    is_new: bool


class ReminderService:
    """Keep every reminder of every member."""

    def __init__(
        self,
        reminders: ReminderRepository,
        deliveries: DeliveryRepository,
        members: MemberRepository,
        catalogue: Catalogue,
        clock: Clock,
        wake: Callable[[datetime], None],
    ) -> None:
        self._reminders = reminders
        self._deliveries = deliveries
        self._members = members
        self._catalogue = catalogue
        self._clock = clock
        self._wake = wake
        self._pressing = asyncio.Lock()  # of two presses at once the second sees what the first one did

    def leads(self, event: SeasonEvent) -> tuple[Lead, ...]:
        """Return the leads that still lie ahead of an event; none where its time is not known."""
        return leads_offered(event.at.instant(), self._clock.now()) if event.at else ()

    async def remind_before(self, member_id: int, event_id: str, lead_key: str, guild_id: int | None) -> Scheduled:
        """Set a reminder ahead of a date of the season; setting it twice changes nothing."""
        event = self._catalogue.event(event_id)
        lead = lead_by_key(lead_key)
        if event is None or lead is None:
            raise UserFacingError("That date is not in the calendar any more.", "Use /countdown to see the next dates.")
        if event.at is None:
            where = event.citation.confirm_at.title if event.citation.confirm_at else "its owner"
            raise UserFacingError(f"The time of {event.name} is not known.", f"Check with {where} today; I can't remind you of it.")
        due = lead.due(event.at.instant())
        if due <= self._clock.now():
            raise UserFacingError(
                f"The time for that reminder ({event.name}, {lead.label}) has passed.",
                "Choose a later one, or open /countdown for the next dates.",
            )
        # She may have cancelled this very one before: a cancelled row stays what it is, and the next in line takes its place.
        for turn in count():
            reminder_id = derived_id("season_date", member_id, event_id, lead.key, int(due.timestamp()), turn)
            existing = await self._reminders.get(reminder_id)
            if existing is None:
                reminder = self._ahead_of(event, lead, due, reminder_id, member_id, guild_id)
                if await self._add(reminder):
                    return Scheduled(reminder, is_new=True)
                existing = await self._reminders.get(reminder_id)
            if existing is not None and existing.state is ReminderState.ACTIVE:
                return Scheduled(existing, is_new=False)
        raise AssertionError  # count() never ends

    def _ahead_of(self, event: SeasonEvent, lead: Lead, due: datetime, reminder_id: str, member_id: int, guild_id: int | None) -> Reminder:
        return Reminder(
            id=reminder_id,
            member_id=member_id,
            kind=ReminderKind.SEASON_DATE,
            state=ReminderState.ACTIVE,
            due_at=due,
            created_at=self._clock.now(),
            guild_id=guild_id,
            event_id=event.id,
            lead=lead.before,
        )

    def understand(self, text: str, zone: str) -> Understood | Ambiguous | NotUnderstood:
        """Read a date and time as a member types it, on her clock."""
        return parse_when(text, now=self._clock.now(), zone=zone)

    async def remind_me(self, member: Member, when: str, what: str, guild_id: int | None) -> Reminder:
        """Set a reminder of her own; raise UserFacingError for a time or a text that can't be taken."""
        text = what.strip()
        if not _shows_something(text):
            raise UserFacingError("There is nothing to remind you of.", "Write what it is about under what:, for example: ask Dr. Osei.")
        if len(text) > MAX_TEXT:
            raise UserFacingError(
                f"That text has {len(text):,} characters; a reminder holds {MAX_TEXT:,}.", "Shorten it, and keep the rest in your notes."
            )
        if member.zone is None:
            raise UserFacingError("I don't know your time zone yet.", "Choose it with /start; then send this again.")
        understood = self.understand(when, member.zone)
        if isinstance(understood, NotUnderstood):
            raise UserFacingError(NOT_UNDERSTOOD[understood.reason], understood.hint)
        if isinstance(understood, Ambiguous):
            raise _more_than_one(understood, member.zone)
        reminder = Reminder(
            id=new_id(),
            member_id=member.id,
            kind=ReminderKind.OWN,
            state=ReminderState.ACTIVE,
            due_at=understood.instant,
            created_at=self._clock.now(),
            guild_id=guild_id,
            text=text,
            wall_time=understood.local.isoformat(),
            zone=understood.zone,
        )
        await self._add(reminder)
        return reminder

    async def remind_at(
        self, member_id: int, *, kind: ReminderKind, reminder_id: str, due_at: datetime, text: str, guild_id: int | None
    ) -> Scheduled:
        """Set a reminder that another feature asks for; setting it twice (the same id) changes nothing.

        Raises:
            UserFacingError: The time has passed, it was cancelled or came already, or she has as many as are kept.
        """
        if due_at <= self._clock.now():
            raise UserFacingError("The time for that reminder has passed.", "Choose a later date, then switch the reminder on.")
        reminder = Reminder(
            id=reminder_id,
            member_id=member_id,
            kind=kind,
            state=ReminderState.ACTIVE,
            due_at=due_at,
            created_at=self._clock.now(),
            guild_id=guild_id,
            text=shortened_text(text),
        )
        if await self._add(reminder):
            return Scheduled(reminder, is_new=True)
        existing = await self._reminders.get(reminder_id)
        if existing is None or existing.state is not ReminderState.ACTIVE or existing.member_id != member_id:
            raise NO_SUCH_REMINDER
        return Scheduled(existing, is_new=False)

    async def page(self, member_id: int, limit: int, offset: int) -> tuple[list[Reminder], int]:
        """Return one page of her active reminders, the next due first, and how many there are."""
        found, total = await self._reminders.page_of(member_id, limit, offset)
        if not found and offset:  # past the last page: something was cancelled since
            total = await self._reminders.count_active(member_id)
        return found, total

    async def cancel(self, member_id: int, reminder_id: str) -> Reminder:
        """Cancel one reminder of hers; raise UserFacingError where it is gone or another's."""
        reminder = await self._reminders.get(reminder_id)
        if reminder is None:
            raise NO_SUCH_REMINDER
        if reminder.member_id != member_id:
            raise NOT_YOURS
        if not await self._reminders.cancel(reminder_id, member_id):
            raise NO_SUCH_REMINDER
        return reminder

    async def done(self, press: Press) -> None:
        """Note that she is done with a delivered reminder; pressing twice changes nothing."""
        async with self._pressing:
            delivery = await self._delivered(press)
            if not await self._answer(press, Answer.DONE) and delivery.answer is not Answer.DONE:
                raise ANSWERED

    async def snooze(self, press: Press, how: Snooze) -> Reminder:
        """Put a delivered reminder off; a second press finds the first one's reminder."""
        async with self._pressing:
            delivery = await self._delivered(press)
            reminder = self._snoozed(delivery, press.member_id, await self._members.get(press.member_id), how)
            existing = await self._reminders.get(reminder.id)
            if existing is not None and existing.state is ReminderState.ACTIVE:
                await self._answer(press, Answer.SNOOZED)  # again, where a crash came between the two
                return existing
            if existing is not None or delivery.answer is not None:
                raise ANSWERED
            await self._add(reminder)  # before the answer: a crash in between must not lose it
            await self._answer(press, Answer.SNOOZED)
            return reminder

    async def _delivered(self, press: Press) -> Delivery:
        delivery = await self._deliveries.get(press.delivery_id)
        if delivery is None:
            raise NO_SUCH_REMINDER
        if recipient_member(delivery.recipient) != press.member_id:
            raise NOT_YOURS
        return delivery

    async def _answer(self, press: Press, answer: Answer) -> bool:
        return await self._deliveries.answer(
            press.delivery_id,
            press.member_id,
            answer,
            message_id=press.message_id,
            channel_id=press.channel_id,
            now=self._clock.now(),
        )

    def _snoozed(self, delivery: Delivery, member_id: int, member: Member | None, how: Snooze) -> Reminder:
        now = self._clock.now()
        zone = (member.zone if member else None) or "UTC"
        due = now + timedelta(hours=1) if how is Snooze.HOUR else _tomorrow_morning(now, zone)
        event_id = delivery.payload.get("event_id") or None
        return Reminder(
            id=derived_id("snooze", delivery.id, how),
            member_id=member_id,
            kind=ReminderKind(str(delivery.kind)),
            state=ReminderState.ACTIVE,
            due_at=due,
            created_at=now,
            guild_id=delivery.guild_id,
            event_id=event_id,
            lead=timedelta(0),
            text=delivery.payload.get("text", ""),
            wall_time=wall_time(due, zone).replace(tzinfo=None).isoformat(),
            zone=zone,
        )

    async def _add(self, reminder: Reminder) -> bool:
        """Store a reminder; return False where its id is stored, raise UserFacingError where she has as many as are kept."""
        # A reminder belongs to a stored member: this may be the first thing that she ever does here.
        if await self._members.get(reminder.member_id) is None:
            await self._members.save(Member(id=reminder.member_id, created_at=self._clock.now()))
        added = await self._reminders.add(reminder, most=MAX_ACTIVE)
        if added:
            self._wake(reminder.due_at)
        elif await self._reminders.get(reminder.id) is None:
            raise UserFacingError(f"You have {MAX_ACTIVE} reminders, the most I keep.", "Cancel some in /remind list, then set this one.")
        return added


def shortened_text(text: str) -> str:
    """Return a text as long as a reminder holds."""
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1].rstrip() + "…"


def _shows_something(text: str) -> bool:
    """Tell whether any character of a text leaves a mark; zero-width characters and blanks alone leave none."""
    return any(unicodedata.category(each)[0] not in "CZ" and each not in _BLANK_LETTERS for each in text)


def _more_than_one(understood: Ambiguous, zone: str) -> UserFacingError:
    locals_ = [wall_time(option.instant, zone) for option in understood.options]
    meanings = " or ".join(f"{local:%A} {local.day} {local:%B %Y, %H:%M}" for local in locals_)
    return UserFacingError(
        "That can mean more than one time.",
        f"On your clock it is {meanings}. Send it again as " + " or ".join(f"{local:%Y-%m-%d %H:%M}" for local in locals_) + ".",
    )


def _tomorrow_morning(now: datetime, zone: str) -> datetime:
    local = now.astimezone(ZoneInfo(zone))
    return resolve(datetime.combine(local.date() + timedelta(days=1), MORNING), zone).instant
