"""Interview invitations that members of a server heard of: names made comparable, days read, and what is shown of them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.ids import derived_id
from bot.domain.letter_texts import one_line, read_day

NEEDED = 3
"""Different members who have to report a program before it is shown to anybody."""
MAX_PROGRAM = 80
_SHORTEST = 3
_ORDINAL = re.compile(r"(\d)(?:st|nd|rd|th)\b")
_ADDRESS = re.compile(r"://|\bwww\.|\w\.[a-z]{2,}/|discord\.gg", re.IGNORECASE)
_SIGNS = " .,'\u2019&()/-\u2013:+#"


@dataclass(frozen=True, slots=True)
class Report:
    """Hold what one member reported: a program by its name as she typed it, and the day on which she heard."""

    guild_id: int
    program_id: str
    season_year: int
    name: str
    heard_on: date


@dataclass(frozen=True, slots=True)
class ShownProgram:
    """Hold what everybody in the server may see of a program: no member, no single report."""

    program_id: str
    name: str
    reports: int
    first_on: date
    last_on: date


def program_key(name: str) -> str:
    """Return a name without case, blanks, signs and accents: what differs in these alone is one program."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return "".join(each for each in decomposed if each.isalnum())


def program_id_of(guild_id: int, season_year: int, name: str) -> str:
    """Return the id of a program in one season of one server; another server's is another one."""
    return derived_id("heard", guild_id, season_year, program_key(name))


def clean_name(typed: str) -> str | None:
    """Return a typed name on one line; None where it is too short or too long, or holds what no name of a program holds."""
    name = one_line("".join(each for each in unicodedata.normalize("NFKC", typed) if unicodedata.category(each) != "Cf"))
    if len(name) > MAX_PROGRAM or len(program_key(name)) < _SHORTEST or _ADDRESS.search(name):
        return None
    fits = all(each.isalnum() or unicodedata.combining(each) or each in _SIGNS for each in name)
    return name if fits and any(each.isalpha() for each in name) else None


def name_of(names: Iterable[str]) -> str:
    """Return how a program is called: as most have typed it; of as many the shortest, then the first by its letters."""
    counted = Counter(names)
    return min(counted, key=lambda name: (-counted[name], len(name), name))


def read_heard(typed: str, today: date) -> date | None:
    """Return the day of a text such as ``today``, ``20 Nov``, ``Nov 20, 2026`` or ``2026-11-20``; None for anything else.

    A year that was not typed is the one that lies nearest to today.
    """
    plain = _ORDINAL.sub(r"\1", one_line(unicodedata.normalize("NFKC", typed[:60])).casefold().strip(" .,"))
    if plain in ("today", "yesterday"):
        return today - timedelta(days=plain == "yesterday")
    numbers, has_name = re.findall(r"\d+", plain), any(each.isalpha() for each in plain)
    if has_name and len(numbers) == 1 and len(numbers[0]) <= 2:
        found = [day for year in (today.year, today.year - 1) if (day := read_day(f"{plain} {year}")) is not None]
        return min(found, key=lambda day: abs(day - today), default=None)
    return read_day(plain) if len(numbers) == (2 if has_name else 3) else None
