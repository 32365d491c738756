"""Which dates matter to a member now."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.domain.calendar import Season, SeasonEvent
from bot.domain.member import Country, Member
from bot.domain.seasons import not_known, season_containing, upcoming
from bot.errors import UserFacingError

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
    """Choose the season and the dates that a member is shown."""

    def __init__(self, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock

    def current_year(self) -> int:
        """Return the year of the Match whose season contains today."""
        return season_containing(self._catalogue.seasons(Country.UNITED_STATES), self._clock.now().astimezone(ORGANISER).date()).year

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
        return found

    def find(self, text: str, member: Member) -> SeasonEvent:
        """Return the event that was meant; raise UserFacingError where nothing fits."""
        exact = self._catalogue.event(text.strip()[:100])
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
        return self._catalogue.find_events(text[:100], year=year, countries=tuple(Country))[:limit]
