"""Reminders: set, listed, cancelled, answered; and what a due one is about."""

import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.domain.calendar import SeasonEvent
from bot.domain.ids import derived_id
from bot.domain.leads import Lead, lead_by_key, lead_words, leads_offered
from bot.domain.member import Member
from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from bot.domain.when import Ambiguous, BeforeEvent, NotUnderstood, Reason, Understood, parse_when
from bot.domain.zones import wall_time
from bot.errors import UserFacingError
from bot.services.season import SeasonService
from bot.storage.identifiers import new_id
from bot.storage.members import MemberRepository
from bot.storage.reminders import ReminderRepository

MAX_ACTIVE = 200
MAX_TEXT = 1_000

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
NOT_YOURS = UserFacingError("That reminder is not yours.", "Set one of your own with /remind me or from /countdown.")


@dataclass(frozen=True, slots=True)
class Ahead:
    """A time told by an event: so long before it."""

    event: SeasonEvent
    before: timedelta


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
        members: MemberRepository,
        season: SeasonService,
        catalogue: Catalogue,
        clock: Clock,
        wake: Callable[[datetime], None],
    ) -> None:
        self._reminders = reminders
        self._members = members
        self._season = season
        self._catalogue = catalogue
        self._clock = clock
        self._wake = wake

    def leads(self, event: SeasonEvent) -> tuple[Lead, ...]:
        """Return the leads that still lie ahead of an event; none where its time is not known."""
        return leads_offered(event.at.instant(), self._clock.now()) if event.at else ()

    async def remind_before(self, member_id: int, event_id: str, lead_key: str, guild_id: int | None) -> Scheduled:
        """Set a reminder ahead of a date of the season; setting it twice changes nothing."""
        event = self._season.for_server(guild_id).event(event_id)
        lead = lead_by_key(lead_key)
        if event is None or lead is None:
            raise UserFacingError("That date is not in the calendar any more.", "Use /countdown to see the next dates.")
        return await self.remind_ahead(member_id, event, lead.before, guild_id)

    async def remind_as_usual(self, member: Member, event_id: str, guild_id: int | None) -> list[Scheduled]:
        """Set the reminders that she usually wants ahead of a date; raise UserFacingError where the time of all has passed."""
        event = self._season.for_server(guild_id).event(event_id)
        if event is None:
            raise UserFacingError("That date is not in the calendar any more.", "Use /countdown to see the next dates.")
        leads = [lead for lead in self.leads(event) if lead.key in member.preferences.leads]
        if not leads:
            raise UserFacingError("No time that you usually want is left before this date.", "Choose another one under Remind me.")
        return [await self.remind_ahead(member.id, event, lead.before, guild_id) for lead in leads]

    async def remind_ahead(self, member_id: int, event: SeasonEvent, before: timedelta, guild_id: int | None, text: str = "") -> Scheduled:
        """Set a reminder so long before a date of the season; raise UserFacingError where that is not known or has passed."""
        if event.at is None:
            where = event.citation.confirm_at.title if event.citation.confirm_at else "its owner"
            raise UserFacingError(f"The time of {event.name} is not known.", f"Check with {where} today; I can't remind you of it.")
        at = event.at.instant()
        due = at - before
        if due <= self._clock.now():
            raise UserFacingError(
                f"The time for that reminder ({event.name}, {lead_words(before)}) has passed.",
                "Choose a later one, or open /countdown for the next dates.",
            )
        # She may have cancelled this very one before: a cancelled row stays what it is, and the next in line takes its place.
        for turn in count():
            reminder_id = derived_id("season_date", member_id, event.id, int(before.total_seconds()), int(due.timestamp()), text, turn)
            existing = await self._reminders.get(reminder_id)
            if existing is None:
                reminder = Reminder(
                    id=reminder_id,
                    member_id=member_id,
                    kind=ReminderKind.SEASON_DATE,
                    state=ReminderState.ACTIVE,
                    due_at=due,
                    created_at=self._clock.now(),
                    guild_id=guild_id,
                    event_id=event.id,
                    event_at=at,
                    lead=before,
                    text=text,
                )
                if await self.add(reminder):
                    return Scheduled(reminder, is_new=True)
                existing = await self._reminders.get(reminder_id)
            # Nor is one that its server moved since the one that is asked for, nor one that follows another server.
            is_same = existing is not None and existing.guild_id == guild_id and existing.event_at in (None, at)
            if existing is not None and is_same and existing.state is ReminderState.ACTIVE:
                return Scheduled(existing, is_new=False)
        raise AssertionError  # count() never ends

    def understand(self, text: str, member: Member, guild_id: int | None = None) -> Understood | Ambiguous | NotUnderstood | Ahead:
        """Read a date and time as a member types it, on her clock; where it is told by an event, as that event and how long before."""
        read = parse_when(text, now=self._clock.now(), zone=member.zone or "")
        if not isinstance(read, BeforeEvent):
            return read
        found = next(iter(self._season.for_server(guild_id).suggest(read.named, member, limit=1)), None)
        if found is None:
            return NotUnderstood(Reason.NOT_UNDERSTOOD, f'I know no date called "{read.named[:40]}"; /countdown shows them.')
        return Ahead(found, read.before)

    def read_once(self, member: Member, when: str) -> Understood:
        """Return the one time that was typed; raise UserFacingError for what can't be taken, may mean two, or comes again and again."""
        understood = self._read(member, when)
        if isinstance(understood, Ahead):
            raise UserFacingError("A time is needed here, not a date of the calendar.", 'Type it like "tomorrow 9am" or "5 January 21:00".')
        if understood.recurrence is not None:
            raise UserFacingError("That comes again and again; here it comes once.", 'Type it like "tomorrow 9am" or "5 January 21:00".')
        return understood

    def _read(self, member: Member, when: str, guild_id: int | None = None) -> Understood | Ahead:
        if member.zone is None:
            raise UserFacingError("I don't know your time zone yet.", "Choose it with /start; then send this again.")
        understood = self.understand(when, member, guild_id)
        if isinstance(understood, NotUnderstood):
            raise UserFacingError(NOT_UNDERSTOOD[understood.reason], understood.hint)
        if isinstance(understood, Ambiguous):
            raise _more_than_one(understood, member.zone)
        return understood

    async def remind_me(self, member: Member, when: str, what: str, guild_id: int | None) -> Scheduled:
        """Set a reminder of her own; raise UserFacingError for a time or a text that can't be taken."""
        text = _text_of(what)
        understood = self._read(member, when, guild_id)
        if isinstance(understood, Ahead):
            return await self.remind_ahead(member.id, understood.event, understood.before, guild_id, text)
        reminder = Reminder(
            id=new_id(),
            member_id=member.id,
            kind=ReminderKind.OWN,
            state=ReminderState.ACTIVE,
            due_at=understood.instant,
            created_at=self._clock.now(),
            guild_id=guild_id,
            **_personal(understood, text),
        )
        await self.add(reminder)
        return Scheduled(reminder, is_new=True)

    async def change(self, member: Member, reminder_id: str, when: str, what: str) -> Reminder:
        """Give an active reminder of her own another time or text; raise UserFacingError where that can't be, and change nothing then.

        An empty ``when`` leaves the time, and what recurs, as it is.
        """
        reminder = await self.hers(member.id, reminder_id)
        if reminder.kind is not ReminderKind.OWN:
            raise UserFacingError("That reminder follows a date.", "Cancel it, and set another one from /countdown or /letters followups.")
        text = _text_of(what)
        changed = replace(reminder, text=text)
        if when.strip():
            understood = self._read(member, when)
            if isinstance(understood, Ahead):
                raise UserFacingError("A reminder of your own can't be tied to a date afterwards.", "Set it anew with /remind me.")
            changed = replace(reminder, due_at=understood.instant, **_personal(understood, text))
        if not await self._reminders.change(changed):
            raise NO_SUCH_REMINDER
        self._wake(changed.due_at)
        return changed

    async def find(self, member_id: int, reminder_id: str) -> Reminder | None:
        """Return a reminder of hers in whatever state, or None."""
        reminder = await self._reminders.get(reminder_id)
        return reminder if reminder is not None and reminder.member_id == member_id else None

    async def hers(self, member_id: int, reminder_id: str) -> Reminder:
        """Return an active reminder of hers; raise UserFacingError where it is gone or another's."""
        reminder = await self._reminders.get(reminder_id)
        if reminder is None:
            raise NO_SUCH_REMINDER
        if reminder.member_id != member_id:
            raise NOT_YOURS
        if reminder.state is not ReminderState.ACTIVE:
            raise NO_SUCH_REMINDER
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
        if await self.add(reminder):
            return Scheduled(reminder, is_new=True)
        existing = await self._reminders.get(reminder_id)
        if existing is None or existing.state is not ReminderState.ACTIVE or existing.member_id != member_id:
            raise NO_SUCH_REMINDER
        return Scheduled(existing, is_new=False)

    async def put_off(self, reminder: Reminder, due_at: datetime) -> None:
        """Give a reminder that another feature asked for another time; one that is gone or has come stays as it is."""
        if await self._reminders.change(replace(reminder, due_at=due_at)):
            self._wake(due_at)

    async def cancel_ahead_of(self, member_id: int, event_ids: Collection[str]) -> int:
        """Cancel her active reminders of some dates; return how many there were."""
        active = await self._reminders.active_of(member_id, MAX_ACTIVE)
        wanted = [each.id for each in active if each.event_id in event_ids]
        return sum([await self._reminders.cancel(each, member_id) for each in wanted])

    async def page(self, member_id: int, limit: int, offset: int) -> tuple[list[Reminder], int]:
        """Return one page of her active reminders, the next due first, and how many there are."""
        found, total = await self._reminders.page_of(member_id, limit, offset)
        if not found and offset:  # past the last page: something was cancelled since
            total = await self._reminders.count_active(member_id)
        return found, total

    async def cancel(self, member_id: int, reminder_id: str) -> Reminder:
        """Cancel one reminder of hers; raise UserFacingError where it is gone or another's."""
        reminder = await self.hers(member_id, reminder_id)
        if not await self._reminders.cancel(reminder_id, member_id):
            raise NO_SUCH_REMINDER
        return reminder

    async def add(self, reminder: Reminder) -> bool:
        """Store a reminder; return False where its id is stored, raise UserFacingError where she has as many as are kept."""
        # A reminder belongs to a stored member: this may be the first thing that she ever does here.
        await self._members.ensure(reminder.member_id, self._clock.now())
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


def _text_of(what: str) -> str:
    text = what.strip()
    if not _shows_something(text):
        raise UserFacingError("There is nothing to remind you of.", "Write what it is about under what:, for example: ask Dr. Osei.")
    if len(text) > MAX_TEXT:
        raise UserFacingError(
            f"That text has {len(text):,} characters; a reminder holds {MAX_TEXT:,}.", "Shorten it, and keep the rest in your notes."
        )
    return text


def _personal(understood: Understood, text: str) -> dict[str, Any]:
    """Return the fields of a reminder of her own: text, wall time and zone, and how it recurs."""
    recurrence = understood.recurrence
    if recurrence is None:
        return {"text": text, "wall_time": understood.local.isoformat(), "zone": understood.zone, "rule": ""}
    return {"text": text, "wall_time": recurrence.start.isoformat(), "zone": recurrence.zone, "rule": recurrence.rule}


def _more_than_one(understood: Ambiguous, zone: str) -> UserFacingError:
    what = "That can mean more than one time."
    if any(option.recurrence for option in understood.options):
        meanings = [option.recurrence.words() for option in understood.options if option.recurrence]
        return UserFacingError(what, f"It is {' or '.join(meanings)}. Send it again as one of these.")
    locals_ = [wall_time(option.instant, zone) for option in understood.options]
    meanings = [f"{local:%A} {local.day} {local:%B %Y, %H:%M}" for local in locals_]
    return UserFacingError(
        what,
        f"On your clock it is {' or '.join(meanings)}. Send it again as "
        + " or ".join(f"{local:%Y-%m-%d %H:%M}" for local in locals_)
        + ".",
    )
