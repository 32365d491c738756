"""The fields of a program as people type them: read from a cell or a form, and written so that they are read again the same."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from bot.domain import programs as kept
from bot.domain.addresses import public_address
from bot.domain.letter_texts import looks_like_letter_id, one_line, read_day, shows_something
from bot.domain.letters import ApplicationService
from bot.domain.programs import NO_LIMIT, ProgramStage, Share, Signal, Track, VisaPolicy

E = TypeVar("E", bound=StrEnum)


class FieldError(Exception):
    """Say what is wrong with what was typed, and what to write instead."""

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(f"{what} {todo}")
        self.what = what
        self.todo = todo


@dataclass(frozen=True, slots=True)
class Names:
    """Know the names that a field may hold, and the Match that a program is for."""

    season_year: int
    specialties: Callable[[str], tuple[tuple[str, str], ...]]
    """From a typed name to the specialties that it may mean: id and name, best first."""
    specialty_name: Callable[[str], str]
    regions: Mapping[str, str]
    """From a code to the name of the state or province."""


TRACKS = {
    Track.UNKNOWN: "not known",
    Track.CATEGORICAL: "categorical",
    Track.PRIMARY: "primary care",
    Track.PRELIMINARY: "preliminary",
    Track.TRANSITIONAL: "transitional year",
    Track.ADVANCED: "advanced",
    Track.PHYSICIAN: "physician (R)",
}
SERVICES = {
    ApplicationService.ERAS: "ERAS",
    ApplicationService.RESIDENCYCAS: "ResidencyCAS",
    ApplicationService.CENTRAL_APP: "Central App",
    ApplicationService.SF_MATCH: "SF Match",
    ApplicationService.CARMS: "CaRMS",
    ApplicationService.OTHER: "another service",
}
VISAS = {
    VisaPolicy.J1: "J-1",
    VisaPolicy.H1B: "H-1B",
    VisaPolicy.OTHER: "other",
    VisaPolicy.NONE: "none",
    VisaPolicy.UNSTATED: "not stated",
}
SIGNALS = {Signal.NONE: "none", Signal.ONE: "one", Signal.GOLD: "gold", Signal.SILVER: "silver"}
STAGES = {stage: stage.value for stage in ProgramStage}

_WORDS: Mapping[type[StrEnum], Mapping[Any, str]] = {
    Track: TRACKS,
    ApplicationService: SERVICES,
    Signal: SIGNALS,
    ProgramStage: STAGES,
}
_ALSO: Mapping[type[StrEnum], Mapping[str, StrEnum]] = {
    Track: {
        "cat": Track.CATEGORICAL, "c": Track.CATEGORICAL, "prelim": Track.PRELIMINARY, "p": Track.PRELIMINARY, "adv": Track.ADVANCED,
        "a": Track.ADVANCED, "ty": Track.TRANSITIONAL, "transitional": Track.TRANSITIONAL, "primary": Track.PRIMARY, "m": Track.PRIMARY,
        "physician": Track.PHYSICIAN, "r": Track.PHYSICIAN, "reserved": Track.PHYSICIAN, "unknown": Track.UNKNOWN,
    },
    ApplicationService: {
        "myeras": ApplicationService.ERAS, "cas": ApplicationService.RESIDENCYCAS, "psca": ApplicationService.CENTRAL_APP,
        "sfmatch": ApplicationService.SF_MATCH, "other": ApplicationService.OTHER,
    },
    Signal: {"no": Signal.NONE, "yes": Signal.ONE, "1": Signal.ONE, "0": Signal.NONE, "signal": Signal.ONE},
    ProgramStage: {
        "interested": ProgramStage.CONSIDERING, "planned": ProgramStage.CONSIDERING, "to apply": ProgramStage.CONSIDERING,
        "submitted": ProgramStage.APPLIED, "invitation": ProgramStage.INVITED, "interview": ProgramStage.INTERVIEWED,
        "withdrew": ProgramStage.WITHDRAWN, "refused": ProgramStage.REJECTED,
    },
}  # fmt: skip
_VISA_WORDS = {
    "j1": VisaPolicy.J1, "ecfmgj1": VisaPolicy.J1, "h1b": VisaPolicy.H1B, "h1": VisaPolicy.H1B, "other": VisaPolicy.OTHER,
    "ead": VisaPolicy.OTHER, "f1": VisaPolicy.OTHER, "opt": VisaPolicy.OTHER, "none": VisaPolicy.NONE, "no": VisaPolicy.NONE,
    "novisa": VisaPolicy.NONE, "nosponsorship": VisaPolicy.NONE, "doesnotsponsor": VisaPolicy.NONE, "notstated": VisaPolicy.UNSTATED,
    "unstated": VisaPolicy.UNSTATED, "nonestated": VisaPolicy.UNSTATED,
}  # fmt: skip
_ALONE = {VisaPolicy.NONE, VisaPolicy.UNSTATED}
_NO_LIMIT = re.compile(r"(?:no|none|any|unlimited|no (?:limit|cut-?off|minimum|maximum)(?: stated)?)")
_NUMBER = re.compile(
    r"(?:at most|at least|within|max(?:imum)?|min(?:imum)?|[<>]=?|≤|≥|up to)?\s*([0-9]{1,4})\s*(?:\+|years?|yrs?|months?|attempts?|tries)?"
)
_SHARE = re.compile(r"([0-9]{1,3})(?:\s*(?:of|/|out of)\s*([0-9]{1,3}))?")
_PERCENT = re.compile(r"([0-9]{1,3})(?:[.,][0-9]+)?\s*%")
_SLASHED = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.](20[0-9]{2})")
_CODE = re.compile(r"[A-Z0-9]+")


def bare(text: str) -> str:
    """Return a name as it is compared: small letters and digits, words apart."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(each if each.isalnum() else " " for each in folded).split())


def listed(words: Mapping[Any, str]) -> str:
    """Return the words that a field takes: ``a, b or c``."""
    *first, last = words.values()
    return f"{', '.join(first)} or {last}"


def quoted(text: str, limit: int = 40) -> str:
    """Return what was typed, short, for a sentence about it; nothing in it can format, link or mention."""
    harmless = "".join(each if each.isalnum() or each in " .,'&()-/%+" else " " for each in text)
    line = " ".join(harmless.split())
    return f"“{line if len(line) <= limit else line[: limit - 1] + '…'}”"


def read_text(text: str, most: int) -> str:
    """Return one line of text; refuse what is too long or looks like a Letter ID."""
    return _checked(one_line(text), most)


def read_block(text: str, most: int) -> str:
    """Return text of several lines, empty ones left out; refuse as ``read_text`` does."""
    lines = [one_line(line) for line in text.splitlines()]
    return _checked("\n".join(line for line in lines if shows_something(line)), most)


def _checked(text: str, most: int) -> str:
    if not shows_something(text):
        return ""
    if len(text) > most:
        raise FieldError(f"It holds {most} characters; this has {len(text):,}.", "Shorten it.")
    if looks_like_letter_id(text):
        raise FieldError("That looks like a Letter ID, and I never store one.", "Leave it out.")
    return text


def read_name(text: str) -> str:
    """Return a program's name; refuse none."""
    name = read_text(text, kept.MAX_NAME)
    if not name:
        raise FieldError("The program has no name.", "Write its name as you call it.")
    return name


def read_one(kind: type[E], text: str) -> E:
    """Return the value of an enumeration that a word means."""
    value = _words_of(kind).get(bare(text))
    if value is None:
        raise FieldError(f"{quoted(text)} is not one of its words.", f"Write {listed(_WORDS[kind])}.")
    return kind(value)


@cache
def _words_of(kind: type[StrEnum]) -> Mapping[str, StrEnum]:
    words = {bare(word): value for value, word in _WORDS[kind].items()} | {bare(value.value): value for value in kind}
    return {**_ALSO.get(kind, {}), **words}


def read_specialty(text: str, names: Names) -> str:
    """Return the id of the specialty that a loosely typed name means."""
    found = names.specialties(one_line(text)[:100])
    if len(found) == 1:
        return found[0][0]
    if not found:
        raise FieldError(f"{quoted(text)} is no specialty that I know.", "Write it as /specialty list has it, or leave it empty.")
    raise FieldError(f"{quoted(text)} may mean several specialties.", f"Write {' or '.join(name for _, name in found[:4])}.")


def read_region(text: str, names: Names) -> str:
    """Return the code of the state or province that a code or a name means."""
    code = one_line(text).upper()
    if code in names.regions:
        return code
    wanted = bare(text)
    found = next((code for code, name in names.regions.items() if bare(name) == wanted), None)
    if found is None:
        raise FieldError(
            f"{quoted(text)} is no state or province that I know.", "Write its two letters, such as NY or ON, or its whole name."
        )
    return found


def read_visa(text: str) -> frozenset[VisaPolicy]:
    """Return the visas that a program takes, as it says."""
    found: set[VisaPolicy] = set()
    for part in re.split(r"[,;/|+&]|\band\b|\bor\b", unicodedata.normalize("NFKC", text).casefold()):
        word = bare(part).replace(" ", "").removesuffix("visa")
        if not bare(part):
            continue
        value = _VISA_WORDS.get(word) or _VISA_WORDS.get(bare(part).replace(" ", ""))
        if value is None:
            raise FieldError(f"{quoted(part)} is no visa that I know.", "Write J-1, H-1B, other, none or not stated; several with a comma.")
        found.add(value)
    if len(found) > 1 and found & _ALONE:
        raise FieldError("“none” and “not stated” stand alone.", "Write the visas that it takes, or one of the two words.")
    return frozenset(found)


def read_number(text: str, least: int, most: int, none: int | None = None) -> int:
    """Return a whole number from ``least`` to ``most``; ``none`` is what "no limit" means, where that can be said."""
    plain = one_line(unicodedata.normalize("NFKC", text)).casefold()
    if none is not None and _NO_LIMIT.fullmatch(plain):
        return none
    found = _NUMBER.fullmatch(plain)
    number = int(found[1]) if found else -1
    if not least <= number <= most:
        also = ", or “no limit” where it says so" if none is not None else ""
        raise FieldError(f"{quoted(text)} is no number from {least} to {most}.", f"Write the number alone{also}.")
    return number


def read_years(text: str, season_year: int) -> int:
    """Return the most years since graduation; a year such as 2020 is the earliest that is taken, counted back from the Match."""
    plain = one_line(unicodedata.normalize("NFKC", text)).casefold()
    year = re.fullmatch(r"(?:since |after |from )?((?:19|20)[0-9]{2})(?: or later|\+| on)?", plain)
    if year is not None:
        number = season_year - int(year[1])
        if 0 <= number <= kept.MOST_YEARS:
            return number
        raise FieldError(f"{quoted(text)} is no year of graduation before the {season_year} Match.", "Write the year, or how many years.")
    return read_number(text, 0, kept.MOST_YEARS, NO_LIMIT)


def read_share(text: str) -> Share:
    """Return how many of how many: ``12 of 30``, ``12`` or ``40%``."""
    plain = one_line(unicodedata.normalize("NFKC", text)).casefold()
    percent, share = _PERCENT.fullmatch(plain), _SHARE.fullmatch(plain)
    if percent is not None and int(percent[1]) <= 100:
        return Share(int(percent[1]), 100, is_percent=True)
    if share is not None and (share[2] is None or 0 < int(share[2]) >= int(share[1])):
        return Share(int(share[1]), int(share[2]) if share[2] else None)
    raise FieldError(f"{quoted(text)} is no count.", "Write 12 of 30, or 12, or 40%.")


def read_date(text: str) -> date:
    """Return a day; refuse one whose day and month can't be told apart."""
    slashed = _SLASHED.fullmatch(one_line(text))
    if slashed is not None:
        first, second, year = map(int, slashed.groups())
        if first <= 12 and second <= 12 and first != second:
            todo = f"Write {year}-{first:02}-{second:02} or {year}-{second:02}-{first:02}."
            raise FieldError(f"{quoted(text)} can be read in two ways.", todo)
        day_of, month = (first, second) if first > 12 else (second, first)
        text = f"{year}-{month:02}-{day_of:02}"
    day = read_day(text)
    if day is None:
        raise FieldError(f"{quoted(text)} is no day that I can read.", "Write it like 2026-12-05 or 5 Dec 2026.")
    return day


def read_code(text: str) -> str:
    """Return a code of NRMP or ACGME in capital letters and digits."""
    code = one_line(text).upper().replace(" ", "").replace("-", "")
    if not _CODE.fullmatch(code) or not code.isascii() or len(code) > kept.MAX_CODE or not any(each.isdigit() for each in code):
        raise FieldError(
            f"{quoted(text)} is no code.", f"An NRMP code looks like 1234140C0, an ACGME code like 1403521234: at most {kept.MAX_CODE}."
        )
    return code


def read_link(text: str) -> str:
    """Return the address of a public page."""
    link = public_address(text)
    if link is None:
        raise FieldError(f"{quoted(text)} is no public address.", "It begins with https:// and has at most 200 characters.")
    return link


def write_share(share: Share) -> str:
    """Return a share as it is read."""
    if share.is_percent:
        return f"{share.number}%"
    return f"{share.number} of {share.of}" if share.of is not None else str(share.number)


def write_limit(number: int | None, none: int) -> str:
    """Return a number as it is read; ``none`` is what "no limit" means."""
    return "" if number is None else "no limit" if number == none else str(number)


def write_visa(visa: frozenset[VisaPolicy]) -> str:
    """Return the visas as they are read."""
    return ", ".join(word for value, word in VISAS.items() if value in visa)
