"""Dates that the managers of a server confirm or correct, for that server alone."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.clock import Clock
from bot.domain.addresses import public_address
from bot.domain.calendar import SeasonEvent, WallTime
from bot.domain.facts import Certainty
from bot.domain.member import Country, Member
from bot.domain.seasons import is_in_season
from bot.domain.server_dates import MovedBy, ServerDate, held_by_server
from bot.domain.when import Ambiguous, NotUnderstood, Reason, Understood, parse_when
from bot.domain.zones import WallKind, wall_time
from bot.errors import UserFacingError
from bot.services.held_dates import HeldDates
from bot.services.reminders import NOT_UNDERSTOOD
from bot.services.season import ORGANISER, SeasonService
from bot.storage.date_moves import Move
from bot.storage.server_dates import Held, ServerDateRepository

EXAMPLES = 'Type it like "March 5 2027 9:00 PM ET" or "2027-03-05 21:00".'
UNSENT_KEPT = timedelta(hours=1)
MOST_UNSENT = 500

NO_SUCH_DATE = UserFacingError("That date is not in the calendar any more.", "Use /server calendar and choose one that is suggested.")
NO_ADDRESS = UserFacingError(
    "That is no address that I can show.", "Paste the address of the public page where you read the date; it begins with https://."
)
NOT_CONFIRMED = UserFacingError("This server has confirmed nothing of that date.", "Use /server calendar to see it as it is now.")


@dataclass(frozen=True, slots=True)
class Typed:
    """Hold what stood in a form: the date where it is corrected, and the address."""

    when: str
    address: str


class ServerDateService:
    """Keep what servers confirm, and let the reminders set there follow."""

    def __init__(
        self,
        dates: ServerDateRepository,
        held: HeldDates,
        season: SeasonService,
        showing: Sequence[Callable[[int], Awaitable[object]]],
        clock: Clock,
        wake: Callable[[datetime], None],
    ) -> None:
        self._dates = dates
        self._held = held
        self._season = season
        self._showing = showing
        self._clock = clock
        self._wake = wake
        self._unsent: OrderedDict[tuple[int, str], tuple[datetime, Typed]] = OrderedDict()

    async def load(self) -> None:
        """Read what servers confirmed into memory; run once the process serves."""
        self._held.fill(await self._dates.all())

    def find(self, text: str) -> SeasonEvent:
        """Return the event that was meant, as the season holds it; raise UserFacingError where nothing fits."""
        return self._season.find(text, self._everybody())

    def suggest(self, text: str, limit: int = 25) -> list[SeasonEvent]:
        """Return the events that loosely typed text may mean, those that are not announced first."""
        found = self._season.suggest(text, self._everybody(), limit=100)
        return sorted(found, key=lambda event: event.citation.certainty is Certainty.ANNOUNCED)[:limit]

    def get(self, event_id: str) -> SeasonEvent:
        """Return an event by its id, as the season holds it; raise UserFacingError where it is gone."""
        event = self._season.event(event_id)
        if event is None:
            raise NO_SUCH_DATE
        return event

    def movable(self, event_id: str) -> SeasonEvent:
        """Return an event that a server may move; raise UserFacingError, naming the owner's page, where it is announced."""
        event = self.get(event_id)
        if event.citation.certainty is Certainty.ANNOUNCED:
            raise UserFacingError(
                f"{event.name} is announced, so a server can't move it.", f"It stands on its owner's page: {_owner(event)}"
            )
        return event

    def confirmed(self, guild_id: int, event_id: str) -> ServerDate | None:
        """Return what a server confirmed of a date, or None."""
        return self._held.get(guild_id, event_id)

    async def confirm(self, guild_id: int, event_id: str, address: str, member_id: int) -> SeasonEvent:
        """Confirm a date as the season holds it, with the page where that was read; return it as the server holds it now."""
        event = self.get(event_id)
        if event.at is None:
            raise UserFacingError(
                f"The date of {event.name} is not known, so there is nothing to confirm.", "Where you have read it, press Correct."
            )
        return await self._save(guild_id, event, event.at, event.day_only, address, member_id)

    async def correct(self, guild_id: int, event_id: str, typed: Typed, member_id: int) -> SeasonEvent:
        """Hold another date than the season does, in one server; return it as the server holds it now.

        Raises:
            UserFacingError: It is announced, the date can't be read, has passed or lies outside the season, or the address can't be shown.
        """
        event = self.get(event_id)
        if event.citation.certainty is Certainty.ANNOUNCED:
            raise UserFacingError(
                f"{event.name} is announced, so a server can't move it.", f"It stands on its owner's page: {_owner(event)}"
            )
        at, day_only = self._read(event, typed.when)
        return await self._save(guild_id, event, at, day_only, typed.address, member_id)

    async def take_back(self, guild_id: int, event_id: str) -> SeasonEvent:
        """Confirm nothing of a date any more; return it as the season holds it, which the reminders set there follow again."""
        event, now = self.get(event_id), self._clock.now()
        move = Move(event.id, event.at.instant() if event.at else None, MovedBy.SERVER_BACK, servers=[guild_id])
        changed = await self._dates.remove(guild_id, move, now)
        self._held.drop(guild_id, event_id)
        if changed is None:
            raise NOT_CONFIRMED
        await self._changed(guild_id, now)
        return event

    async def take_all_back(self, guild_id: int) -> None:
        """Confirm nothing of any date any more: the bot left the server, and the reminders set there follow the season again."""
        now = self._clock.now()
        for event_id in self._held.of(guild_id):
            event = self._season.event(event_id)
            move = Move(event_id, event.at.instant() if event and event.at else None, MovedBy.SERVER_BACK, servers=[guild_id])
            await self._dates.remove(guild_id, move, now)
            self._held.drop(guild_id, event_id)
        self._wake(now)

    # --- forms that were refused

    def keep_unsent(self, member_id: int, event_id: str, typed: Typed) -> None:
        """Hold for an hour what stood in a form that was refused."""
        self._unsent.pop((member_id, event_id), None)
        self._unsent[member_id, event_id] = self._clock.now(), typed
        while len(self._unsent) > MOST_UNSENT:
            self._unsent.popitem(last=False)

    def unsent(self, member_id: int, event_id: str) -> Typed | None:
        """Return what stood in a form that was refused within the last hour, or None."""
        at, typed = self._unsent.get((member_id, event_id), (None, None))
        return typed if at is not None and self._clock.now() - at <= UNSENT_KEPT else None

    def forget(self, member_id: int) -> None:
        """Forget what a member typed into forms that were refused."""
        for key in [key for key in self._unsent if key[0] == member_id]:
            del self._unsent[key]

    # --- within

    async def _save(self, guild_id: int, event: SeasonEvent, at: WallTime, day_only: bool, address: str, member_id: int) -> SeasonEvent:
        now, source_url = self._clock.now(), public_address(address)
        if source_url is None:
            raise NO_ADDRESS
        is_moved = (at, day_only) != (event.at, event.day_only)
        date = ServerDate(guild_id, event.id, at, day_only, is_moved, source_url, now)
        after, season = at.instant(), event.at.instant() if event.at else None
        earlier = season if season is not None and season < after else None
        move = Move(event.id, after, MovedBy.SERVER if is_moved else MovedBy.SERVER_BACK, servers=[guild_id], earlier=earlier)
        await self._dates.save(Held(date, member_id), move, now)
        self._held.put(date)
        self._unsent.pop((member_id, event.id), None)
        await self._changed(guild_id, now)
        return held_by_server(event, date)

    async def _changed(self, guild_id: int, now: datetime) -> None:
        self._wake(now)
        for renew in self._showing:  # what shows dates of the server by itself: its countdowns, its scheduled events
            await renew(guild_id)

    def _everybody(self) -> Member:
        return Member(id=0, created_at=self._clock.now(), countries=frozenset(Country))

    def _read(self, event: SeasonEvent, typed: str) -> tuple[WallTime, bool]:
        """Return the date that was typed, on the organiser's clock, and whether no hour was named."""
        now, zone = self._clock.now(), event.at.zone if event.at else ORGANISER.key
        read = parse_when(typed, now=now, zone=zone)
        if isinstance(read, Ambiguous):
            days = [f"{option.local:%Y-%m-%d %H:%M}" for option in read.options]
            raise UserFacingError("That can mean more than one date.", f"Type it as {' or '.join(days)}.")
        if isinstance(read, NotUnderstood):
            hint = read.hint if read.reason in (Reason.PAST, Reason.TOO_FAR, Reason.NO_SUCH_DATE) else EXAMPLES
            raise UserFacingError(NOT_UNDERSTOOD[read.reason], hint)
        if not isinstance(read, Understood) or read.recurrence is not None:
            raise UserFacingError("A day and an hour are needed here.", EXAMPLES)
        if read.kind is WallKind.GAP:
            raise UserFacingError("The clocks jump over that time.", "Check the hour on the owner's page.")
        local = datetime.combine(read.local.date(), time()) if read.hour_assumed else wall_time(read.instant, zone)
        at = WallTime(local.replace(second=0, microsecond=0, fold=0), zone)
        if at.instant() <= now:
            raise UserFacingError("That date has passed.", "A date that lies ahead can be corrected; check the year.")
        if not is_in_season(local.date(), event.year):
            raise UserFacingError(
                f"{local.day} {local:%B %Y} can't belong to the season of the {event.year} Match.",
                f"It runs from May {event.year - 1} to December {event.year}; check the year.",
            )
        return at, read.hour_assumed


def _owner(event: SeasonEvent) -> str:
    page = event.citation.confirm_at or next(iter(event.citation.sources), None)
    if page is None:
        return "check there. It can be confirmed as it is."
    return f"{page.title}{f' <{page.url}>' if page.url else ''}. It can be confirmed as it is."
