"""The season in other calendars: a file to import, or a private feed that calendars read by themselves."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace

from bot.clock import Clock
from bot.domain.calendar import Season, SeasonEvent
from bot.domain.member import Member
from bot.domain.reminder import Reminder, ReminderKind
from bot.errors import UserFacingError
from bot.services.ics import Entry, written
from bot.services.reminders import MAX_ACTIVE
from bot.services.season import SeasonService
from bot.storage.calendars import CalendarRepository, Feed
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

    async def export(self, member: Member, year: int | None = None) -> bytes:
        """Return the season of a member as an iCalendar file; raise UserFacingError where none is held."""
        seasons = self._season.seasons_of(member, year or self._season.year_for(member))
        return await self._calendar(seasons, ())

    async def make_feed(self, member_id: int) -> str:
        """Make a feed or renew its secret: the address before, if any, is dead at once. Return the new address, shown this once."""
        if self._public_url is None:
            raise NO_ADDRESS
        now = self._clock.now()
        if await self._members.get(member_id) is None:  # this may be the first thing that she ever does here
            await self._members.save(Member(id=member_id, created_at=now))
        secret = secrets.token_urlsafe(SECRET_BYTES)
        feed = await self._calendars.feed_of(member_id) or Feed(member_id, now)
        await self._calendars.save_feed(replace(feed, made_at=now), _hash(secret))
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
        return await self._calendar(self._seasons_of(member), [each for each in found if kinds.get(each.kind)])

    def _seasons_of(self, member: Member) -> tuple[Season, ...]:
        try:
            return self._season.seasons_of(member, self._season.year_for(member))
        except UserFacingError:  # a calendar that reads by itself can't be told: it gets the season that contains today
            return self._season.seasons_of(member, self._season.current_year())

    async def _calendar(self, seasons: Sequence[Season], reminders: Sequence[Reminder]) -> bytes:
        events = [event for season in seasons for event in season.events]
        dated = [event for event in events if event.at is not None]
        revisions = await self._calendars.revisions({event.id: _fingerprint(event) for event in dated}, self._clock.now())
        entries = [Entry.of_event(event, revisions[event.id].sequence, revisions[event.id].changed_at) for event in dated]
        entries += [Entry.of_reminder(reminder) for reminder in reminders]
        return written(entries, f"Matchday: the {seasons[0].year} Match", [event for event in events if event.at is None])


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _fingerprint(event: SeasonEvent) -> str:
    told = (event.at, event.until, event.day_only, event.name, event.meaning, event.citation.certainty, event.citation.note)
    return hashlib.sha256(repr(told).encode()).hexdigest()
