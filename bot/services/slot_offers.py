"""Slots from the advisor's side: typed, read back, offered, moved, cancelled; and who booked one's own."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.calendar import WallTime
from bot.domain.delivery import Delivery
from bot.domain.slots import (
    MINUTES,
    PLACES,
    Booking,
    Planned,
    Series,
    Slot,
    SlotDraft,
    SlotState,
    leads_ahead,
    minutes_of,
    places_of,
    planned,
    series_of,
)
from bot.domain.when import Ambiguous, BeforeEvent, NotUnderstood, Reason, Understood, parse_when
from bot.domain.zones import wall_time
from bot.errors import UserFacingError
from bot.services import slot_messages as messages
from bot.services.members import MemberService
from bot.services.reminders import NOT_UNDERSTOOD
from bot.services.slot_messages import SlotNews
from bot.storage.identifiers import new_id
from bot.storage.servers import ServerRepository
from bot.storage.slot_lists import SlotLists
from bot.storage.slots import Refusal, SlotRepository

MOST_OFFERED = 40
"""Coming slots of one advisor in one server."""
MOST_HERE = 200
"""Coming slots of one server."""
FARTHEST = timedelta(days=366)
DRAFTS_KEPT = timedelta(days=1)
MAX_WHEN = 100
MAX_PLACE = 100

TYPE_LIKE = 'Type it like "tomorrow 9am" or "5 January 21:00".'
NO_ZONE = UserFacingError(
    "I know no time zone to read that in.", "Choose yours with /start, or ask a manager to choose the server's in /server setup."
)
DRAFT_GONE = UserFacingError(
    "That offer is not there any more.", "It was offered or changed already, or is older than a day; /advisor slots shows your slots."
)
GONE = UserFacingError("That slot is not there any more, or is not yours.", "/advisor slots shows yours in this server.")
CHANGED = UserFacingError("That slot has changed since, or is not there any more.", "Open it again with /advisor slots.")
BEGUN = UserFacingError("That slot has begun or is over.", "/advisor slots shows what is still ahead.")
CLASH = UserFacingError(
    "You have another slot at that time.", "Slots of one person can't overlap: change the time, the length or how many."
)
PASSED = UserFacingError("That time has passed.", "Change it to a later one.")
REFUSED = {
    Refusal.CLASH: CLASH,
    Refusal.TOO_MANY: UserFacingError(
        f"That would be more than {MOST_OFFERED} coming slots of yours in this server.", "Offer fewer, or cancel some in /advisor slots."
    ),
    Refusal.TOO_MANY_HERE: UserFacingError(
        f"That would be more than {MOST_HERE} coming slots in this server.", "Offer fewer, or wait until some are over."
    ),
}


@dataclass(frozen=True, slots=True)
class Read:
    """Hold a draft whose form could be read whole, with the slots that it makes."""

    draft: SlotDraft
    series: Series
    capacity: int
    planned: tuple[Planned, ...]
    hour_assumed: bool = False


@dataclass(frozen=True, slots=True)
class Several:
    """Hold a draft whose time can mean more than one."""

    draft: SlotDraft
    options: tuple[Understood, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """Hold a draft whose form can't be taken, and why; nothing of it is lost."""

    draft: SlotDraft
    problem: UserFacingError


Reading = Read | Several | Unread


class SlotOfferService:
    """Keep what advisors offer: each method takes the advisor whose it must be, and the server."""

    def __init__(
        self,
        slots: SlotRepository,
        lists: SlotLists,
        members: MemberService,
        servers: ServerRepository,
        clock: Clock,
        wake: Callable[[datetime], None],
    ) -> None:
        self._slots = slots
        self._lists = lists
        self._members = members
        self._servers = servers
        self._clock = clock
        self._wake = wake

    async def discard_old_drafts(self) -> None:
        """Throw away the drafts that nobody offered within a day."""
        await self._lists.discard_old_drafts(self._clock.now() - DRAFTS_KEPT)

    async def zones(self, advisor_id: int, guild_id: int) -> tuple[str | None, str | None]:
        """Return the server's zone and the advisor's own, None where not set."""
        return (await self._servers.get(guild_id)).zone, (await self._members.get(advisor_id)).zone

    async def read(self, draft: SlotDraft) -> Reading:
        """Keep a form as it was filled in, for a day, in the place of the one before; return how it is read, before anything is offered."""
        await self.discard_old_drafts()
        draft = replace(draft, id=new_id(), made_at=self._clock.now(), local="", zone="")
        reading = await self._reading(draft)
        await self._lists.save_draft(reading.draft)
        return reading

    async def draft(self, draft_id: str, advisor_id: int, guild_id: int) -> SlotDraft:
        """Return a draft; raise UserFacingError where it is gone, or another's."""
        draft = await self._lists.draft(draft_id)
        if draft is None or (draft.advisor_id, draft.guild_id) != (advisor_id, guild_id):
            raise DRAFT_GONE
        if draft.made_at < self._clock.now() - DRAFTS_KEPT:
            raise DRAFT_GONE
        return draft

    async def discard(self, draft_id: str, advisor_id: int) -> None:
        """Throw a draft away; twice changes nothing."""
        await self._lists.discard(draft_id, advisor_id)

    async def offer(self, draft_id: str, advisor_id: int, guild_id: int) -> list[Slot]:
        """Offer what a draft was read as: all its slots, or none; pressing twice offers once.

        Raises:
            UserFacingError: It is gone, its time has passed, it overlaps with another slot, or there are as many as are kept.
        """
        draft = await self.draft(draft_id, advisor_id, guild_id)
        capacity, minutes, series = places_of(draft.places), minutes_of(draft.minutes), series_of(draft.series)
        if capacity is None or minutes is None or series is None or not draft.local:
            raise DRAFT_GONE
        await self._members.remember(advisor_id)
        now = self._clock.now()
        times = planned(WallTime(datetime.fromisoformat(draft.local), draft.zone), minutes, series)
        if times[0].begins_at <= now:
            raise PASSED
        slots = [
            Slot(
                id=new_id(),
                guild_id=guild_id,
                advisor_id=advisor_id,
                kind=draft.kind,
                state=SlotState.OPEN,
                at=each.at,
                begins_at=each.begins_at,
                ends_at=each.ends_at,
                capacity=capacity,
                changed_at=now,
                place=draft.place,
            )
            for each in times
        ]
        sends = [send for slot in slots for send in messages.leads_of_advisor(slot, now)]
        refusal = await self._slots.offer(draft_id, slots, sends, now=now, at_most=MOST_OFFERED, at_most_here=MOST_HERE)
        if refusal is not None:
            raise REFUSED.get(refusal, DRAFT_GONE)
        self._wake_for(slots[0], now)
        return slots

    async def page(self, advisor_id: int, guild_id: int, limit: int, offset: int = 0) -> tuple[list[Slot], bool]:
        """Return the advisor's slots in a server that are not over, the next one first, and whether there is more."""
        found = await self._lists.offered(advisor_id, guild_id, self._clock.now(), limit + 1, offset)
        return found[:limit], len(found) > limit

    async def hers(self, slot_id: str, advisor_id: int, guild_id: int) -> Slot:
        """Return a slot of the advisor's in a server; raise UserFacingError where it is gone, another's, or another server's."""
        slot = await self._lists.get(slot_id)
        if slot is None or (slot.advisor_id, slot.guild_id) != (advisor_id, guild_id) or slot.state is not SlotState.OPEN:
            raise GONE
        return slot

    async def places(self, slot_id: str, advisor_id: int, guild_id: int) -> list[Booking]:
        """Return who has a place in a slot of the advisor's own, who booked first first; nobody else can ask that."""
        await self.hers(slot_id, advisor_id, guild_id)
        return await self._lists.places(slot_id)

    async def cancel(self, slot_id: str, advisor_id: int, guild_id: int) -> tuple[Slot, int]:
        """Cancel a slot: its reminders stop, and everybody who has a place is told; return how many."""
        slot = await self.hers(slot_id, advisor_id, guild_id)
        now, told = self._clock.now(), list[Delivery]()

        def tell(slot: Slot, places: Sequence[Booking]) -> list[Delivery]:
            told.extend(messages.news_of_members(slot, SlotNews.CANCELLED, places, now))
            return told

        refusal = await self._slots.cancel(slot_id, advisor_id, tell, now)
        if refusal is not None:
            raise BEGUN if refusal is Refusal.BEGUN else GONE
        self._wake(now)
        return slot, len(told)

    async def cancel_all(self, advisor_id: int) -> None:
        """Cancel every slot that is not over, before the advisor is erased."""
        for slot_id in await self._lists.open_of(advisor_id, self._clock.now()):
            slot = await self._lists.get(slot_id)
            with suppress(UserFacingError):  # it ended, or was cancelled, just now
                await self.cancel(slot_id, advisor_id, slot.guild_id if slot else 0)

    async def read_move(self, slot: Slot, when: str) -> Understood | tuple[Understood, ...]:
        """Read to when a slot is to be moved, on its own clock; several where it can mean more than one; UserFacingError where none."""
        read = self._understand(when, slot.at.zone)
        return read.options if isinstance(read, Ambiguous) else read

    async def move(self, slot_id: str, advisor_id: int, guild_id: int, begins_at: datetime, revision: int) -> tuple[Slot, int, int]:
        """Move a slot that is as it was read: who has a place is told; return it, how many stay, and how many had another slot then.

        Raises:
            UserFacingError: It is gone or changed, it or the time has passed, or the advisor has another slot then.
        """
        slot = await self.hers(slot_id, advisor_id, guild_id)
        if begins_at <= self._clock.now():
            raise PASSED
        at = WallTime(wall_time(begins_at, slot.at.zone), slot.at.zone)
        moved = replace(slot, at=at, begins_at=begins_at, ends_at=begins_at + timedelta(minutes=slot.minutes), revision=revision)
        return await self._change(moved, SlotNews.MOVED, was=slot.begins_at.isoformat())

    async def meet_at(self, slot_id: str, advisor_id: int, guild_id: int, place: str) -> tuple[Slot, int, int]:
        """Say where to meet; who has a place is told; return it, how many they are, and 0."""
        slot = await self.hers(slot_id, advisor_id, guild_id)
        place = place_words(place)
        if place == slot.place:
            return slot, 0, 0
        return await self._change(replace(slot, place=place), SlotNews.PLACE)

    async def _change(self, changed: Slot, what: SlotNews, **more: str) -> tuple[Slot, int, int]:
        now, counts = self._clock.now(), [0, 0]
        after = replace(changed, revision=changed.revision + 1, changed_at=now)

        def tell(stays: Sequence[Booking], released: Sequence[Booking]) -> list[Delivery]:
            counts[:] = [len(stays), len(released)]
            leads = [send for each in stays for send in messages.leads_of_member(after, each, now)]
            news = messages.news_of_members(after, what, stays, now, **more)
            gone = messages.news_of_members(after, SlotNews.RELEASED, released, now, **more)
            return [*messages.leads_of_advisor(after, now), *leads, *news, *gone]

        refusal = await self._slots.change(changed, tell, now)
        if refusal is not None:
            raise {Refusal.CLASH: CLASH, Refusal.BEGUN: BEGUN}.get(refusal, CHANGED)
        self._wake_for(after, now)
        return await self._lists.get(after.id) or after, counts[0], counts[1]

    def _wake_for(self, slot: Slot, now: datetime) -> None:
        self._wake(now)
        for lead in leads_ahead(slot.begins_at, now):
            self._wake(slot.begins_at - lead)

    async def _reading(self, draft: SlotDraft) -> Reading:
        try:
            draft = replace(draft, place=place_words(draft.place))
            minutes, capacity, series = _terms(draft)
            server_zone, own_zone = await self.zones(draft.advisor_id, draft.guild_id)
            zone = own_zone or server_zone if draft.on_own_clock else server_zone or own_zone
            if zone is None:
                raise NO_ZONE
            read = self._understand(draft.when, zone)
        except UserFacingError as problem:
            return Unread(draft, problem)
        if isinstance(read, Ambiguous):
            return Several(draft, read.options)
        first = WallTime(read.local, read.zone)
        draft = replace(draft, local=first.local.isoformat(), zone=first.zone)
        times = planned(first, minutes, series)
        if times[0].begins_at != read.instant:  # the second of two: no wall time names it
            return Unread(
                draft, UserFacingError("That time comes twice on that day.", "Choose one outside of the hour of the clock change.")
            )
        times = (replace(times[0], kind=read.kind), *times[1:])
        return Read(draft, series, capacity, times, hour_assumed=read.hour_assumed)

    def _understand(self, when: str, zone: str) -> Understood | Ambiguous:
        now = self._clock.now()
        read = parse_when(when, now=now, zone=zone)
        if isinstance(read, NotUnderstood):
            hint = TYPE_LIKE if read.reason in (Reason.EMPTY, Reason.TOO_LONG, Reason.NOT_UNDERSTOOD) else read.hint
            raise UserFacingError(NOT_UNDERSTOOD[read.reason], hint)
        first = read.options[0] if isinstance(read, Ambiguous) else read
        if isinstance(first, BeforeEvent):
            raise UserFacingError("A time is needed here, not a date of the calendar.", TYPE_LIKE)
        if first.recurrence is not None:
            raise UserFacingError("That comes again and again.", "Type when the first one begins, and choose under How many how often.")
        if first.instant > now + FARTHEST:
            raise UserFacingError("That is more than a year ahead.", "Offer it when it is nearer.")
        assert not isinstance(read, BeforeEvent)  # noqa: S101 - said above
        return Ambiguous(tuple(map(_to_the_minute, read.options))) if isinstance(read, Ambiguous) else _to_the_minute(read)


def _to_the_minute(read: Understood) -> Understood:
    """Return a reading without seconds: "in 3 hours" names none."""
    return replace(read, instant=read.instant.replace(second=0, microsecond=0), local=read.local.replace(second=0, microsecond=0))


def place_words(text: str) -> str:
    """Return where to meet in one line; raise UserFacingError where it is too long."""
    words = " ".join(text.split())
    if len(words) > MAX_PLACE:
        raise UserFacingError(f"Where to meet has {len(words):,} characters; {MAX_PLACE} fit.", "Name the channel, or a few words.")
    return words


def _terms(draft: SlotDraft) -> tuple[int, int, Series]:
    minutes, capacity, series = minutes_of(draft.minutes), places_of(draft.places), series_of(draft.series)
    if minutes is None:
        raise UserFacingError("I can't take that length.", f"Write how many minutes, from {MINUTES[0]} to {MINUTES[-1]}.")
    if capacity is None:
        raise UserFacingError("I can't take that number of places.", f"Write a number from {PLACES[0]} to {PLACES[-1]}.")
    if series is None:
        raise UserFacingError("I don't know that choice under How many.", "Choose one from the list.")
    return minutes, capacity, series
