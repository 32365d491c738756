"""Scheduled events of servers: made of a date or of a manager's words, kept in step with what they show, and taken down."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.calendar import SeasonEvent
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.member import Country, Member
from bot.domain.server_event_words import own_face, season_face
from bot.domain.server_events import EventState, EventWords, Face, ServerEvent, Trouble, needs_work
from bot.errors import UserFacingError
from bot.services.event_words import read_words
from bot.services.locks import Lock
from bot.services.season import SeasonService
from bot.storage.identifiers import new_id
from bot.storage.server_events import ServerEventRepository

FIRST = ("match-day", "carms-match-day")
DRAFTS_KEPT = timedelta(days=1)
MOST = 25
"""How many a server may have: so many stand in one list of Discord's."""

NO_SUCH_EVENT = UserFacingError("That event is not kept any more.", "Use /server events to see those that are.")
CHANGED = UserFacingError("Somebody changed that event meanwhile.", "Use /server events to see it as it is now.")
HAS_ONE = UserFacingError("This server has an event of that date already.", "Use /server events to see it.")
PASSED = UserFacingError("That date has passed, or is not known.", "Use /server events and choose one that is offered.")
NOT_OWN = UserFacingError(
    "What it says comes from the calendar, so it can't be written anew.", "/server calendar corrects its date for this server."
)


class ServerEventService:
    """Keep scheduled events; ``bot.domain.server_events`` says what states there are."""

    def __init__(
        self,
        events: ServerEventRepository,
        season: SeasonService,
        clock: Clock,
        deliver_now: Callable[[str], Awaitable[DeliveryState]],
        wake: Callable[[datetime], None],
    ) -> None:
        self._events = events
        self._season = season
        self._clock = clock
        self._deliver_now = deliver_now
        self._wake = wake
        self.line: Callable[[int], Lock] = lambda _: nullcontext()
        """Give what stands in line with other processes for a server; within this one the sender sees to it."""

    # --- what managers see

    async def of_server(self, guild_id: int) -> list[ServerEvent]:
        """Return the events of a server; those of dates first, in order of time."""
        found = await self._events.of_guild(guild_id)
        far = self._clock.now() + timedelta(days=36_500)
        return sorted(found, key=lambda each: (each.event_id is None, face.starts if (face := self.face(each)) else far, each.id))

    def offered(self, guild_id: int, there: Sequence[ServerEvent] = ()) -> list[SeasonEvent]:
        """Return the dates of which an event can be made, Match Day first, without those that have one."""
        everybody = Member(id=0, created_at=self._clock.now(), countries=frozenset(Country))
        dated = self._season.for_server(guild_id).ahead(everybody).dated
        taken = {each.event_id for each in there}
        return sorted((event for event in dated if event.id not in taken), key=lambda event: event.key not in FIRST)

    def date(self, guild_id: int, event_id: str) -> SeasonEvent:
        """Return a date of which an event can be made; raise UserFacingError where it has passed or is not known."""
        event = next((each for each in self.offered(guild_id) if each.id == event_id), None)
        if event is None:
            raise PASSED
        return event

    def face(self, event: ServerEvent) -> Face | None:
        """Return what Discord is to show of an event now; None where its date is not known."""
        if event.event_id is None:
            return own_face(event)
        date = self._season.for_server(event.guild_id).event(event.event_id)
        return season_face(date, event.id) if date is not None else None

    async def get(self, event_id: str, guild_id: int) -> ServerEvent:
        """Return an event of a server; raise UserFacingError where it is gone, a draft of yesterday, or another server's."""
        event = await self._events.get(event_id)
        if event is None or event.guild_id != guild_id:
            raise NO_SUCH_EVENT
        if event.state is EventState.DRAFT and event.made_at < self._clock.now() - DRAFTS_KEPT:
            raise NO_SUCH_EVENT
        return event

    # --- what managers do

    async def make(self, guild_id: int, event_id: str, author_id: int) -> ServerEvent:
        """Make an event of a date; return it as it stands once Discord was asked."""
        date, now = self.date(guild_id, event_id), self._clock.now()
        await self._check_room(guild_id)
        event = ServerEvent(new_id(), guild_id, author_id, now, EventState.PLANNED, event_id=date.id)
        return await self._carried_out(event, await self._events.plan(event, now), HAS_ONE)

    async def draft(self, guild_id: int, author_id: int, words: EventWords, instead_of: str | None = None) -> ServerEvent:
        """Keep what was written of an event of the server's own, to be read back; what can't be read has no time yet."""
        await self.discard_old_drafts()
        now, cleaned = self._clock.now(), read_words(words, self._clock.now())
        before = await self._events.get(instead_of) if instead_of else None
        channel_id = before.channel_id if before is not None and before.guild_id == guild_id else None
        event = ServerEvent(
            new_id(), guild_id, author_id, now, EventState.DRAFT, words=cleaned.words, starts_at=cleaned.starts_at, ends_at=cleaned.ends_at,
            channel_id=channel_id,
        )  # fmt: skip
        await self._events.add_draft(event, instead_of=instead_of)
        return event

    async def set_place(self, draft_id: str, guild_id: int, channel_id: int | None) -> ServerEvent:
        """Let a drafted event take place in a voice channel, or with None where its words say."""
        if not await self._events.place(draft_id, guild_id, channel_id):
            raise NO_SUCH_EVENT
        return await self.get(draft_id, guild_id)

    async def confirm(self, draft_id: str, guild_id: int) -> ServerEvent:
        """Make what was drafted, or change the event that it replaces; return it as it stands once Discord was asked.

        Raises:
            UserFacingError: It is no draft any more, or what was typed can't be read, or not any more.
        """
        draft, now = await self.get(draft_id, guild_id), self._clock.now()
        if draft.state is not EventState.DRAFT or draft.words is None:
            raise NO_SUCH_EVENT
        read_words(draft.words, now).require()
        if draft.starts_at is None or draft.starts_at <= now:
            raise UserFacingError("Its time has passed meanwhile.", "Press Change and type another one.")
        if draft.words.replaces:
            target = await self.get(draft.words.replaces, guild_id)
            words = replace(draft.words, replaces="")
            return await self._carried_out(target, await self._events.replace(target, replace(draft, words=words), now), CHANGED)
        await self._check_room(guild_id)
        change = await self._events.change(draft, now, {"state": EventState.PLANNED.value})
        return await self._carried_out(draft, change, CHANGED)

    async def discard(self, draft_id: str, guild_id: int) -> None:
        """Throw a draft away."""
        if (await self.get(draft_id, guild_id)).state is EventState.DRAFT:
            await self._events.remove(draft_id)

    async def take_down(self, event_id: str, guild_id: int) -> ServerEvent | None:
        """Take an event down; return it where Discord was not reached yet, None once it is down."""
        event = await self.get(event_id, guild_id)
        if event.state is EventState.GONE:
            await self._events.remove(event_id)
            return None
        change = await self._events.change(event, self._clock.now(), {"state": EventState.ENDING.value, "trouble": None})
        if change is None:
            raise CHANGED
        await self._deliver_now(change.id)
        return await self._events.get(event_id)

    async def try_again(self, event_id: str, guild_id: int) -> ServerEvent:
        """Ask Discord again: for one that it refused, or that somebody deleted there and that is wanted again."""
        event = await self.get(event_id, guild_id)
        values = {"state": EventState.PLANNED.value} if event.state is EventState.GONE else {}
        change = await self._events.change(event, self._clock.now(), {**values, "trouble": None})
        return await self._carried_out(event, change, CHANGED)

    async def discard_old_drafts(self) -> None:
        """Throw away the drafts that nobody confirmed within a day."""
        await self._events.discard_old_drafts(self._clock.now() - DRAFTS_KEPT)

    # --- keeping in step

    async def follow(self, guild_id: int) -> int:
        """Carry to Discord what the events of a server show otherwise now; return how many."""
        now, changed = self._clock.now(), 0
        for event in await self._events.of_guild(guild_id):
            face = self.face(event)
            if event.state is EventState.GONE and face is not None and face.ends <= now:
                await self._events.remove(event.id)  # nobody makes it again any more
            elif needs_work(event, face, now):
                changed += await self._events.follow(event, now)
        if changed:
            self._wake(now)
        return changed

    async def resume(self) -> None:
        """Look through every server's events: dates may have moved, or been announced, while the bot was down."""
        for guild_id in await self._events.guilds():
            await self.follow(guild_id)

    async def look_again(self) -> None:
        """Look, once a day, what Discord shows in every server that has events; what differs is then carried there."""
        now = self._clock.now()
        for guild_id in await self._events.guilds():
            if await self._events.look(guild_id, now, int(now.timestamp()) // 3_600):
                self._wake(now)

    # --- what came of it, for whoever carries it out

    async def find(self, event_id: str) -> ServerEvent | None:
        """Return an event, or None where it is gone."""
        return await self._events.get(event_id)

    async def stands(self, event: ServerEvent, discord_id: int, face: Face, shown_from: datetime) -> None:
        """Note that it stands in Discord, and what is shown there."""
        await self._events.stands(event.id, discord_id, face.fingerprint, shown_from)

    async def missing(self, event: ServerEvent) -> None:
        """Note that Discord shows a standing event no more: it is over, or somebody deleted it, and then it is not made again by itself."""
        face = self.face(event)
        now = self._clock.now()
        has_begun = event.shown_from is not None and event.shown_from <= now
        if has_begun and (face is None or face.starts <= now):
            await self._events.remove(event.id)
        else:
            await self._events.lost(event.id, EventState.GONE)

    async def taken_away(self, event: ServerEvent) -> None:
        """Note that it stands in Discord no more and waits until it can stand again."""
        await self._events.lost(event.id, EventState.PLANNED)

    async def over(self, event: ServerEvent) -> None:
        """Forget an event that is over or was taken down."""
        await self._events.remove(event.id)

    async def refused(self, event: ServerEvent, trouble: Trouble) -> None:
        """Note why Discord refused it; it is tried again once a day, and when a manager says so."""
        await self._events.troubled(event.id, trouble)

    # --- within

    async def _carried_out(self, event: ServerEvent, delivery: Delivery | None, otherwise: UserFacingError) -> ServerEvent:
        if delivery is None:
            raise otherwise
        await self._deliver_now(delivery.id)
        return await self._events.get(event.id) or event

    async def _check_room(self, guild_id: int) -> None:
        if len(await self._events.of_guild(guild_id)) >= MOST:
            raise UserFacingError(f"This server has {MOST} events already.", "Take one down with /server events, then make this one.")
