"""Time zones by region, and by loosely typed zone, city and country names."""

import csv
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from bot.catalogue.loading import read_toml, validated
from bot.catalogue.records import PlaceNames
from bot.catalogue.search import SearchIndex
from bot.domain.zones import zone_or_none

_NORTH = frozenset({"US", "CA"})
_SOUTH = frozenset({"AR", "BO", "BR", "CL", "CO", "EC", "FK", "GF", "GY", "PE", "PY", "SR", "UY", "VE"})
_REGIONS = {"Indian": "Indian Ocean", "Pacific": "Pacific Ocean", "Atlantic": "Atlantic Ocean"}
NORTH_AMERICA, CENTRAL_AMERICA, SOUTH_AMERICA = "United States and Canada", "Central America and Caribbean", "South America"
UTC_REGION = "UTC"
_LAST_REGIONS = ("Atlantic Ocean", "Indian Ocean", "Pacific Ocean", "Antarctica", "Arctic", UTC_REGION)


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """Hold one zone as it is offered: its IANA name and the place that it is offered by."""

    zone: str
    label: str
    """``Mumbai, India``: at most 100 characters."""
    region: str


@dataclass(frozen=True, slots=True)
class City:
    """Hold one row of ``cities.csv``."""

    name: str
    country_code: str
    country: str
    zone: str
    population: int


class ZoneIndex:
    """Hold every zone that a country uses, and the places they are known by."""

    def __init__(self, zones: dict[str, str], links: dict[str, str], cities: list[City], names: PlaceNames) -> None:
        cities = sorted(cities, key=lambda city: -city.population)
        countries = {city.country_code: city.country for city in cities}
        weight: dict[str, int] = {}
        for city in cities:
            weight.setdefault(city.zone, city.population)
        order = sorted(zones, key=lambda zone: (-weight.get(zone, 0), zone))
        self._choices = {zone: _choice(zone, zones[zone], countries.get(zones[zone], "")) for zone in order}
        self._choices["UTC"] = ZoneChoice("UTC", "UTC (no clock changes)", UTC_REGION)
        self._index = SearchIndex(
            [*self._zone_entries(links), *self._city_entries(cities, names), *self._country_entries(zones, countries, names)]
        )

    @classmethod
    def load(cls, folder: Path) -> "ZoneIndex":
        """Read the cities of ``folder`` and the zone table of the tzdata package."""
        problems: list[str] = []
        names = validated(PlaceNames, read_toml(folder / "place_names.toml", problems), "place_names.toml", problems)
        return cls(read_zone_table(), _read_links(), read_cities(folder), names or PlaceNames(cities={}, countries={}))

    def regions(self) -> list[str]:
        """Return the regions, those where many people live first in the alphabet and the oceans last."""
        found = {choice.region for choice in self._choices.values()}
        return sorted(found, key=lambda region: (_LAST_REGIONS.index(region) + 1 if region in _LAST_REGIONS else 0, region))

    def in_region(self, region: str) -> list[ZoneChoice]:
        """Return the zones of a region, the one with the biggest city first; none for an unknown region."""
        return [choice for choice in self._choices.values() if choice.region == region]

    def find(self, text: str, limit: int = 25) -> list[ZoneChoice]:
        """Return the zones that a typed zone, city or country means, best first, each once; for no text those of the biggest cities."""
        if not text.strip():
            return list(self._choices.values())[:limit]
        found: dict[str, ZoneChoice] = {}
        exact = text.strip()
        if exact in self._choices:
            found[exact] = self._choices[exact]
        for choice in self._index.search(text, limit=200):
            found.setdefault(choice.zone, choice)
        if not found and zone_or_none(exact) is not None:
            found[exact] = ZoneChoice(exact, exact, "")
        return list(found.values())[:limit]

    def choice(self, zone: str) -> ZoneChoice | None:
        """Return the choice of a zone by its IANA name, or None."""
        return self._choices.get(zone)

    def _zone_entries(self, links: dict[str, str]) -> list[tuple[ZoneChoice, tuple[str, ...]]]:
        older: dict[str, list[str]] = {}
        for alias, target in links.items():
            if alias not in self._choices and target in self._choices:
                older.setdefault(target, []).extend((alias, alias.rpartition("/")[2]))
        return [(choice, (zone, zone.rpartition("/")[2], *older.get(zone, ()))) for zone, choice in self._choices.items()]

    def _city_entries(self, cities: list[City], names: PlaceNames) -> list[tuple[ZoneChoice, tuple[str, ...]]]:
        others: dict[str, list[str]] = {}
        for typed, name in names.cities.items():
            others.setdefault(name, []).append(typed)
        entries: list[tuple[ZoneChoice, tuple[str, ...]]] = []
        for city in cities:
            known = self._choices.get(city.zone)
            choice = ZoneChoice(city.zone, f"{city.name}, {city.country}", known.region if known else "")
            entries.append((choice, (city.name, f"{city.name} {city.country}", *others.pop(city.name, ()))))
        return entries

    def _country_entries(
        self, zones: dict[str, str], countries: dict[str, str], names: PlaceNames
    ) -> list[tuple[ZoneChoice, tuple[str, ...]]]:
        others: dict[str, list[str]] = {}
        for typed, name in names.countries.items():
            others.setdefault(name, []).append(typed)
        entries: list[tuple[ZoneChoice, tuple[str, ...]]] = []
        for zone, choice in self._choices.items():
            country = countries.get(zones.get(zone, ""), "")
            if country:
                entries.append((choice, (country, *others.get(country, ()))))
        return entries


def read_cities(folder: Path) -> list[City]:
    """Return the rows of ``cities.csv``.

    Raises:
        OSError, KeyError, ValueError: The file is missing or damaged.
    """
    with (folder / "cities.csv").open(encoding="utf-8", newline="") as file:
        return [City(row["name"], row["country_code"], row["country"], row["zone"], int(row["population"])) for row in csv.DictReader(file)]


def read_zone_table() -> dict[str, str]:
    """Return zone → ISO code of the country that uses it, from the tzdata package."""
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows}


def _read_links() -> dict[str, str]:
    """Return older zone name → zone, from the tzdata package ("L target alias" lines)."""
    text = (resources.files("tzdata") / "zoneinfo" / "tzdata.zi").read_text(encoding="utf-8")
    rows = (line.split() for line in text.splitlines() if line.startswith("L "))
    return {row[2]: row[1] for row in rows}


def _choice(zone: str, country_code: str, country: str) -> ZoneChoice:
    area, *middle, place = zone.replace("_", " ").split("/")
    region = _REGIONS.get(area, area)
    if area == "America":
        region = NORTH_AMERICA if country_code in _NORTH else SOUTH_AMERICA if country_code in _SOUTH else CENTRAL_AMERICA
    parts = dict.fromkeys(part for part in (place, *middle, country) if part)
    return ZoneChoice(zone, ", ".join(parts), region)
