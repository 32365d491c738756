"""The season in other calendars: a file to import, or a private feed that calendars read by themselves."""

import asyncio
import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.clock import Clock
from bot.domain.calendar import Season, SeasonEvent
from bot.domain.member import Member
from bot.domain.reminder import Reminder, ReminderKind
from bot.errors import UserFacingError
from bot.services.ics import Entry, begins_text, kept, server_uid, written
from bot.services.reminders import MAX_ACTIVE
from bot.services.season import SeasonService
from bot.storage.calendars import CalendarRepository, Feed, Telling
from bot.storage.members import MemberRepository
from bot.storage.reminders import ReminderRepository

SECRET_BYTES = 32
SECRET_LENGTH = 43
"""What 32 bytes take as letters that need no quoting in an address."""

NO_ADDRESS = UserFacingError(
    "This bot has no public address, so it can't offer a feed.",
    "Use /calendar export for a file. Whoever runs the bot can name an address in MATCHDAY_PUBLIC_URL.",
)
NO_FEED = UserFacingError("You have no feed.", "Make one with /calendar feed.")


class CalendarService:
    """Write calendars, and keep the feeds."""

    def __init__(
        self,
        calendars: CalendarRepository,
        reminders: ReminderRepository,
        members: MemberRepository,
        season: SeasonService,
        clock: Clock,
        public_url: str | None,
    ) -> None:
        self._calendars = calendars
        self._reminders = reminders
        self._members = members
        self._season = season
        self._clock = clock
        self._public_url = public_url

    @property
    def has_address(self) -> bool:
        """Tell whether feeds can be offered."""
        return self._public_url is not None

    async def export(self, member: Member, year: int | None = None, guild_id: int | None = None) -> bytes:
        """Return the season of a member as an iCalendar file, with a server's own dates; raise UserFacingError where none is held."""
        seasons = self._season.seasons_of(member, year or self._season.year_for(member))
        return await self._calendar(seasons, (), () if guild_id is None else (guild_id,))

    def own_dates(self, seasons: Sequence[Season], servers: Collection[int]) -> dict[str, SeasonEvent]:
        """Return the dates that servers hold otherwise than the season, by the key under which calendars are told of them."""
        held = {guild_id: self._season.for_server(guild_id) for guild_id in servers}
        found = {_key(event.id, guild_id): here.as_held(event) for event in _events(seasons) for guild_id, here in held.items()}
        return {key: event for key, event in found.items() if event.confirmed and event.confirmed.instead_of}

    async def make_feed(self, member_id: int, guild_id: int | None = None) -> str:
        """Make a feed or renew its secret: the address before, if any, is dead at once. Return the new address, shown this once.

        Where that is in a server, that server's own dates stand in it from then on.
        """
        if self._public_url is None:
            raise NO_ADDRESS
        now = self._clock.now()
        await self._members.ensure(member_id, now)
        secret = secrets.token_urlsafe(SECRET_BYTES)
        feed = await self._calendars.feed_of(member_id) or Feed(member_id, now)
        servers = feed.servers | ({guild_id} if guild_id is not None else frozenset[int]())
        await self._calendars.save_feed(replace(feed, made_at=now, servers=servers), _hash(secret))
        return f"{self._public_url}/calendar/{secret}.ics"

    async def feed_of(self, member_id: int) -> Feed | None:
        """Return what a member's feed holds, or None."""
        return await self._calendars.feed_of(member_id)

    async def change_feed(self, member_id: int, *, with_reminders: bool, with_letters: bool) -> Feed:
        """Say what a feed holds beside the season; raise UserFacingError where she has none."""
        feed = await self._calendars.feed_of(member_id)
        if feed is None:
            raise NO_FEED
        feed = replace(feed, with_reminders=with_reminders, with_letters=with_letters)
        if not await self._calendars.change_feed(feed):
            raise NO_FEED
        return feed

    async def remove_feed(self, member_id: int) -> None:
        """Switch the feed off; off is off, also the second time."""
        await self._calendars.remove_feed(member_id)

    async def read_feed(self, secret: str) -> bytes | None:
        """Return the feed that a secret opens, or None; a wrong secret costs what a right one costs to look up."""
        feed = await self._calendars.feed_by(_hash(secret))
        member = await self._members.get(feed.member_id) if feed else None
        if feed is None or member is None:
            return None
        kinds = {ReminderKind.OWN: feed.with_reminders, ReminderKind.LETTER: feed.with_letters}
        found: list[Reminder] = []
        if any(kinds.values()):
            found, _ = await self._reminders.page_of(member.id, MAX_ACTIVE)
        servers = feed.servers | await self._members.servers_of(member.id)
        return await self._calendar(self._seasons_of(member), [each for each in found if kinds.get(each.kind)], servers)

    def _seasons_of(self, member: Member) -> tuple[Season, ...]:
        try:
            return self._season.seasons_of(member, self._season.year_for(member))
        except UserFacingError:  # a calendar that reads by itself can't be told: it gets the season that contains today
            return self._season.seasons_of(member, self._season.current_year())

    async def _calendar(self, seasons: Sequence[Season], reminders: Sequence[Reminder], servers: Collection[int]) -> bytes:
        events, now = _events(seasons), self._clock.now()
        told, begins = await self._told_of_season(events, now)
        own = await self._told_of_servers(seasons, servers, now)
        told, begins = told | own[0], begins | own[1]
        tellings = {event_id: Telling(entry.fingerprint, begins[event_id]) for event_id, entry in told.items()}
        revisions = await self._calendars.revisions(tellings, now)
        entries = tuple(
            replace(entry, sequence=revisions[event_id].sequence, changed_at=revisions[event_id].changed_at)
            for event_id, entry in told.items()
        )
        held = {event.id for event in self.own_dates(seasons, servers).values()}
        name = f"Matchday: the {seasons[0].year} Match"
        unknown = tuple(event.name for event in events if event.id not in told and event.id not in held)
        # In a thread: what takes long must not hold up those who wait for an answer.
        if not reminders:
            return await asyncio.to_thread(kept, entries, name, unknown)
        return await asyncio.to_thread(_with_reminders, entries, reminders, name, unknown)

    async def _told_of_season(self, events: Sequence[SeasonEvent], now: datetime) -> tuple[dict[str, Entry], dict[str, str]]:
        """Return what is told of the season's dates, and when each begins; one told before and not known any more is taken back."""
        undated = [event for event in events if event.at is None]
        withdrawn = await self._calendars.told_at([event.id for event in undated])
        told = {event.id: Entry.of_event(event, 0, now) for event in events if event.at is not None}
        told |= {event.id: Entry.of_withdrawn(event, withdrawn[event.id], 0, now) for event in undated if event.id in withdrawn}
        return told, withdrawn | {event.id: text for event in events if (text := begins_text(event)) is not None}

    async def _told_of_servers(
        self, seasons: Sequence[Season], servers: Collection[int], now: datetime
    ) -> tuple[dict[str, Entry], dict[str, str]]:
        """Return the same of the dates that servers hold of their own; one that a server took back since is taken back."""
        own = self.own_dates(seasons, servers)
        every = {_key(event.id, guild_id): (event, guild_id) for guild_id in sorted(servers) for event in _events(seasons)}
        gone = await self._calendars.told_at([key for key in every if key not in own]) if every else {}
        told = {key: Entry.of_server_date(event, every[key][1], 0, now) for key, event in own.items()}
        for key, at in gone.items():
            event, guild_id = every[key]
            told[key] = Entry.of_withdrawn(event, at, 0, now, server_uid(event.id, guild_id))
        return told, gone | {key: text for key, event in own.items() if (text := begins_text(event)) is not None}


def _events(seasons: Sequence[Season]) -> list[SeasonEvent]:
    return [event for season in seasons for event in season.events]


def _key(event_id: str, guild_id: int) -> str:
    return f"{event_id}@{guild_id}"


def _with_reminders(entries: Sequence[Entry], reminders: Sequence[Reminder], name: str, unknown: Sequence[str]) -> bytes:
    return written([*entries, *map(Entry.of_reminder, reminders)], name, unknown)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
