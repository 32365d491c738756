"""Which dates matter to a member now."""

from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.domain.calendar import Season, SeasonEvent
from bot.domain.member import Country, Member
from bot.domain.seasons import not_known, season_begins, season_containing, upcoming
from bot.errors import UserFacingError
from bot.services.held_dates import HeldDates

ORGANISER = ZoneInfo("America/New_York")
"""On whose clock a day begins: the NRMP's."""

DEFAULT_COUNTRIES = (Country.UNITED_STATES,)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What lies ahead: the year shown, why that year, and its dates in order of time, those not known apart."""

    year: int
    is_her_choice: bool
    dated: tuple[SeasonEvent, ...]
    unknown: tuple[SeasonEvent, ...]


class SeasonService:
    """Choose the season and the dates that a member is shown; those of the season, or of one server."""

    def __init__(self, catalogue: Catalogue, clock: Clock, held: HeldDates | None = None, guild_id: int | None = None) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._held = held or HeldDates()
        self._guild_id = guild_id

    def for_server(self, guild_id: int | None) -> "SeasonService":
        """Return the same with every date as a server holds it; in direct messages (None) as the season does."""
        return SeasonService(self._catalogue, self._clock, self._held, guild_id)

    def event(self, event_id: str) -> SeasonEvent | None:
        """Return an event by its id, or None."""
        event = self._catalogue.event(event_id)
        return None if event is None else self.as_held(event)

    def as_held(self, event: SeasonEvent) -> SeasonEvent:
        """Return an event of the season as it is held here."""
        return self._held.held(event, self._guild_id)

    def current_year(self) -> int:
        """Return the year of the Match whose season contains today."""
        return season_containing(self._catalogue.seasons(Country.UNITED_STATES), self._clock.now().astimezone(ORGANISER).date()).year

    def begins(self, year: int) -> date:
        """Return the first day of the season of a year in the United States."""
        season = self._catalogue.season(Country.UNITED_STATES, year)
        return season_begins(season) if season is not None else date(year - 1, 6, 1)

    def year_for(self, member: Member) -> int:
        """Return the year to show a member: her target, else the season that contains today."""
        return member.target_year or self.current_year()

    def countries_for(self, member: Member) -> tuple[Country, ...]:
        """Return the countries to show a member, the United States first; those she chose, else the United States."""
        return tuple(country for country in Country if country in member.countries) or DEFAULT_COUNTRIES

    def ahead(self, member: Member) -> Ahead:
        """Return what lies ahead of a member."""
        now = self._clock.now()
        year = self.year_for(member)
        events = [event for season in self.seasons_of(member, year) for event in season.events]
        unknown = not_known(events)
        return Ahead(year, member.target_year is not None, upcoming(events, now), unknown)

    def seasons_of(self, member: Member, year: int) -> tuple[Season, ...]:
        """Return the seasons of one year in the countries that a member is shown; raise UserFacingError where none is held."""
        found = tuple(
            season for country in self.countries_for(member) for season in self._catalogue.seasons(country) if season.year == year
        )
        if not found:
            years = ", ".join(map(str, self._catalogue.years))
            raise UserFacingError(f"I hold no calendar for {year}.", f"The seasons held are {years}.")
        return tuple(map(self._of_server, found))

    def find(self, text: str, member: Member) -> SeasonEvent:
        """Return the event that was meant; raise UserFacingError where nothing fits."""
        exact = self.event(text.strip()[:100])
        if exact is not None:
            return exact
        found = self.suggest(text, member)
        if not found:
            raise UserFacingError(
                "I know no date of that name.",
                "Try /countdown without a name for the next dates, or /calendar show for the whole season.",
            )
        return found[0]

    def suggest(self, text: str, member: Member, limit: int = 25) -> list[SeasonEvent]:
        """Return the events that loosely typed text may mean, the best first; what lies ahead where nothing is typed."""
        if not text.strip():
            ahead = self.ahead(member)
            return [*ahead.dated, *ahead.unknown][:limit]
        year = self.year_for(member)
        found = self._catalogue.find_events(text[:100], year=year, countries=tuple(Country))[:limit]
        return [self.as_held(event) for event in found]

    def _of_server(self, season: Season) -> Season:
        if not self._held.has_any(self._guild_id):
            return season
        events = [self.as_held(event) for event in season.events]
        dated = sorted((event for event in events if event.at), key=lambda event: event.at.instant() if event.at else self._clock.now())
        return replace(season, events=(*dated, *(event for event in events if event.at is None)))
