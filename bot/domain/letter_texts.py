"""Texts that a member enters about letters: made one line, seen to be empty, and recognized where they hold a Letter ID."""

import calendar
import re
import unicodedata
from datetime import date

_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and a symbol by their class that show nothing."""
_NAMED = re.compile(r"\b(letter|lor)\s*-?\s*id\b\W{0,12}(is\W+|number\W+|no\W+)?([a-z0-9][a-z0-9-]*)", re.IGNORECASE)
_TOKEN = re.compile(r"(?<![\w@./-])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?![\w@/-]|\.\w)")
_WORD_AND_YEAR = re.compile(r"([A-Z]+(19|20)\d\d|(19|20)\d\d[A-Z]+)")
_DAY_RUN = re.compile(r"(\d{1,2}[A-Z]{3,9}|[A-Z]{3,9}\d{1,2}|[A-Z]{3,9})(19|20)?\d\d|(19|20)\d\d[A-Z]{3,9}\d{0,2}", re.IGNORECASE)
"""A day written as one word, such as ``10SEP2026``; the letters have to be a month."""
_NUMBERED_WORD = re.compile(r"[A-Z]{2,4}\d")
"""A word with a number of its own, such as ``PGY2``."""
_YEAR = re.compile(r"(19|20)\d\d")
_RUN = re.compile(r"[A-Za-z]+|\d+")
_SHORTEST_ID, _LONGEST_ID = 8, 24
_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
_DAYS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})(-(?P<day>\d{1,2}))?"),
    re.compile(r"((?P<day>\d{1,2})\.? )?(?P<name>[a-z]{3,9})\.? (?P<year>\d{4})", re.IGNORECASE),
    re.compile(r"(?P<name>[a-z]{3,9})\.? (?P<day>\d{1,2}),? (?P<year>\d{4})", re.IGNORECASE),
)


def shows_something(text: str) -> bool:
    """Tell whether any character of a text leaves a mark; zero-width characters and blanks alone leave none."""
    return any(unicodedata.category(each)[0] not in "CZ" and each not in _BLANK_LETTERS for each in text)


def one_line(text: str) -> str:
    """Return a text without line breaks, control characters and blanks at its ends."""
    return " ".join("".join(" " if unicodedata.category(each) in ("Cc", "Zl", "Zp") else each for each in text).split())


def looks_like_letter_id(text: str) -> bool:
    """Tell whether a text holds what may be a Letter ID: the words with a key after them, or letters and digits mixed as in a key.

    Nothing published says how one is built, so this leans towards caution; a year after a word (``COVID2020``) is none.
    """
    plain = "".join(each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf")
    for found in _NAMED.finditer(plain):
        key = found.group(3)
        if len(key) >= 4 and any(each.isdigit() for each in key):
            return True
    return any(_is_key(found.group()) for found in _TOKEN.finditer(plain))


def _is_key(token: str) -> bool:
    bare = token.replace("-", "")
    runs = _RUN.findall(bare)
    digits, letters = sum(each.isdigit() for each in bare), sum(each.isalpha() for each in bare)
    if not _SHORTEST_ID <= len(bare) <= _LONGEST_ID or digits < 2 or letters < 2:
        return False
    if _is_day(bare) or _is_words_and_year(token.split("-")):
        return False
    if bare.isupper():
        return _WORD_AND_YEAR.fullmatch(bare) is None
    return "-" not in token and len(runs) >= 4


def _is_day(bare: str) -> bool:
    return _DAY_RUN.fullmatch(bare) is not None and any(_month(run.casefold()) is not None for run in _RUN.findall(bare) if run.isalpha())


def _is_words_and_year(parts: list[str]) -> bool:
    """Tell whether words and years alone stand there, one word with a number of its own among them at most: ``PGY2-2026``."""
    years = sum(_YEAR.fullmatch(part) is not None for part in parts)
    numbered = sum(_NUMBERED_WORD.fullmatch(part) is not None for part in parts)
    plain = sum(part.isalpha() for part in parts)
    return years + plain + numbered == len(parts) and (numbered == 0 or (numbered == 1 and years == 1))


def read_day(text: str) -> date | None:
    """Return the day of a text such as ``2026-10-31``, ``31 Oct 2026`` or ``Oct 2026`` (the month's last day); None for anything else."""
    plain = one_line(unicodedata.normalize("NFKC", text[:60]))
    found = next((found for pattern in _DAYS if (found := pattern.fullmatch(plain)) is not None), None)
    if found is None:
        return None
    parts = found.groupdict()
    name = (parts.get("name") or "").casefold()
    month = _month(name) if name else int(parts["month"])
    year = int(parts["year"])
    if month is None or not 1 <= month <= 12 or not 1900 <= year <= 2200:
        return None
    last = calendar.monthrange(year, month)[1]
    day = int(parts["day"]) if parts.get("day") else last
    return date(year, month, day) if 1 <= day <= last else None


def _month(name: str) -> int | None:
    number = _MONTHS.get(name[:3])
    is_name = number is not None and (calendar.month_name[number].casefold().startswith(name) or name == "sept")
    return number if is_name else None
