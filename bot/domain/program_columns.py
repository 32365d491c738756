"""The columns of a program: one list of them serves forms, files and cards, so that none is read one way and written another."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.domain import program_fields as fields
from bot.domain import programs as kept
from bot.domain.letters import ApplicationService
from bot.domain.program_fields import FieldError, Names
from bot.domain.programs import NO_LIMIT, NO_MINIMUM, Noted, Program, ProgramStage, Reading, Signal, Track, moved


@dataclass(frozen=True, slots=True)
class Column:
    """Hold one column: its name in a file, the field that it fills, how it is read and written, and which fact it is part of."""

    key: str
    title: str
    read: Callable[[str, Names], Any]
    write: Callable[[Program, Names], str]
    noted: Noted | None = None
    also: tuple[str, ...] = ()
    """Other names under which a file may have it."""
    empty: Any = ""
    """What the field holds where nothing is known."""


def _text(key: str, title: str, most: int, noted: Noted | None = None, *also: str) -> Column:
    return Column(key, title, lambda text, _: fields.read_text(text, most), lambda program, _: getattr(program, key), noted, also)


def _block(key: str, title: str, noted: Noted | None = None, *also: str) -> Column:
    return Column(key, title, lambda text, _: fields.read_block(text, kept.MAX_TEXT), lambda program, _: getattr(program, key), noted, also)


def _number(key: str, title: str, bounds: tuple[int, int], noted: Noted, *also: str, none: int | None = None) -> Column:
    def write(program: Program, _: Names) -> str:
        return fields.write_limit(getattr(program, key), -1 if none is None else none)

    return Column(key, title, lambda text, _: fields.read_number(text, *bounds, none), write, noted, also, None)


COLUMNS: tuple[Column, ...] = (
    Column("name", "program", lambda text, _: fields.read_name(text), lambda each, _: each.name, Noted.BASICS, ("name", "program name")),
    Column(
        "specialty", "specialty", fields.read_specialty, lambda each, names: names.specialty_name(each.specialty) if each.specialty else "",
        Noted.BASICS, (), None,
    ),
    Column(
        "track", "track", lambda text, _: fields.read_one(Track, text),
        lambda each, _: "" if each.track is Track.UNKNOWN else fields.TRACKS[each.track], Noted.BASICS, ("type", "position"), Track.UNKNOWN,
    ),
    Column("region", "state", fields.read_region, lambda each, _: each.region, Noted.BASICS, ("province", "state or province")),
    Column(
        "service", "service", lambda text, _: fields.read_one(ApplicationService, text),
        lambda each, _: fields.SERVICES[each.service], Noted.BASICS, ("application service", "applied through"), ApplicationService.ERAS,
    ),
    Column(
        "code", "code", lambda text, _: fields.read_code(text), lambda each, _: each.code, Noted.BASICS,
        ("nrmp code", "acgme code", "acgme id"),
    ),
    Column("link", "link", lambda text, _: fields.read_link(text), lambda each, _: each.link, Noted.BASICS, ("website", "url", "web site")),
    Column(
        "visa", "visa", lambda text, _: fields.read_visa(text), lambda each, _: fields.write_visa(each.visa), Noted.VISA,
        ("visas", "visa policy", "visa sponsorship"), frozenset(),
    ),
    Column(
        "graduation_years", "years since graduation", lambda text, names: fields.read_years(text, names.season_year),
        lambda each, _: fields.write_limit(each.graduation_years, NO_LIMIT), Noted.GRADUATION,
        ("yog", "yog limit", "year of graduation", "graduation limit"), None,
    ),
    _number(
        "score_minimum", "score minimum", (kept.LOWEST_SCORE, kept.HIGHEST_SCORE), Noted.SCORE, "score", "step 2 ck", "step 2 ck minimum",
        none=NO_MINIMUM,
    ),
    _number("attempts_most", "attempts", (1, kept.MOST_ATTEMPTS), Noted.ATTEMPTS, "attempts limit", "attempt limit", none=NO_LIMIT),
    _number("experience_months", "experience months", (0, kept.MOST_MONTHS), Noted.EXPERIENCE, "usce months", "months of experience"),
    _text("experience", "experience", kept.MAX_SHORT, Noted.EXPERIENCE, "usce", "clinical experience"),
    Column(
        "imgs", "imgs among residents", lambda text, _: fields.read_share(text),
        lambda each, _: fields.write_share(each.imgs) if each.imgs else "",
        Noted.IMGS, ("imgs", "img residents"), None,
    ),
    _number("school_graduates", "graduates of my school", (0, kept.MOST_PEOPLE), Noted.SCHOOL, "my school", "school graduates"),
    _text("fellowships", "fellowships", kept.MAX_SHORT, Noted.FELLOWSHIPS),
    _block("curriculum", "curriculum and faculty", Noted.CURRICULUM, "curriculum", "faculty"),
    _text("contact", "resident contacted", kept.MAX_SHORT, None, "contact", "resident"),
    Column(
        "open_house_on", "open house", lambda text, _: fields.read_date(text),
        lambda each, _: each.open_house_on.isoformat() if each.open_house_on else "", Noted.OPEN_HOUSE, ("open house date",), None,
    ),
    Column(
        "signal", "signal", lambda text, _: fields.read_one(Signal, text),
        lambda each, _: "" if each.signal is Signal.NONE else fields.SIGNALS[each.signal], None, ("signal spent",), Signal.NONE,
    ),
    _text("statement", "statement", kept.MAX_SHORT, None, "personal statement", "statement version"),
    _block("notes", "notes", None, "note", "my notes"),
)  # fmt: skip
"""In the order of a file. A stage is no field: it moves, and its column is read apart."""
BY_KEY = {column.key: column for column in COLUMNS}
FACTS: dict[Noted, tuple[Column, ...]] = {noted: tuple(each for each in COLUMNS if each.noted is noted) for noted in Noted}

Problem = tuple[str, FieldError]
"""The key of a column, and what is wrong in it."""


def read_cells(
    cells: Mapping[str, str], names: Names, seen: dict[tuple[str, str], Any] | None = None
) -> tuple[dict[str, Any], list[Problem]]:
    """Return the fields of the cells that hold something, and what is wrong in the others.

    ``seen`` remembers what a cell gave, so that what stands in many rows is read once.
    """
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    seen = {} if seen is None else seen
    for key, text in cells.items():
        if not text.strip() and key != "name":
            continue
        if (key, text) not in seen:
            seen[key, text] = _value_or_error(BY_KEY[key], text, names)
        value = seen[key, text]
        if isinstance(value, FieldError):
            problems.append((key, value))
        elif value != "":
            found[key] = value
    return found, problems


def _value_or_error(column: Column, text: str, names: Names) -> Any:  # noqa: ANN401 - what a column holds
    try:
        return column.read(text, names)
    except FieldError as error:
        return error


def emptied(cells: Mapping[str, str], found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the empty value of each cell in which nothing was found: in a form an emptied field is cleared."""
    return {key: BY_KEY[key].empty for key in cells if key not in found}


def changed(before: Program, found: Mapping[str, Any], now: datetime) -> Program:
    """Return the program with the fields found; unchanged where they are what it holds."""
    after = replace(before, **found)
    return after if after == before else replace(after, changed_at=now)


def is_known(program: Program, noted: Noted) -> bool:
    """Tell whether anything of a fact is known."""
    return any(getattr(program, column.key) != column.empty for column in FACTS[noted])


def read_there(before: Program | None, after: Program, touched: Collection[Noted], reading: Reading) -> Program:
    """Return the program with where and when the touched facts were read; what is not known was read nowhere.

    A fact that has not changed keeps its reading, unless another place is named.
    """
    readings = dict(after.readings)
    for noted, columns in FACTS.items():
        if not is_known(after, noted):
            readings.pop(noted, None)
        elif noted in touched:
            is_new = before is None or any(getattr(before, each.key) != getattr(after, each.key) for each in columns)
            held = readings.get(noted)
            if is_new or held is None or (reading.where and reading.where != held.where):
                readings[noted] = reading
    return after if readings == dict(after.readings) else replace(after, readings=readings)


def touched_by(found: Collection[str]) -> set[Noted]:
    """Return the facts that some fields belong to."""
    return {noted for key in found if (noted := BY_KEY[key].noted) is not None}


_WHERE = re.compile(r"(.*?)[\s,;(]*((?:19|20)\d\d-\d\d-\d\d)\)?", re.DOTALL)
_READING = re.compile(r"(\w+): (.*) \((\d{4}-\d\d-\d\d)\)", re.DOTALL)


def read_where(text: str, today: date) -> Reading:
    """Return where and when something was read: the words, and the day at their end where there is one, else today."""
    line = fields.read_text(text, kept.MAX_WHERE + 20)
    found = _WHERE.fullmatch(line)
    on = today
    if found is not None:
        try:
            on, line = date.fromisoformat(found[2]), found[1].strip()
        except ValueError:
            raise FieldError(f"{fields.quoted(found[2])} is no day.", "Write it like 2026-12-05.") from None
    if on > today:
        raise FieldError(f"{on.isoformat()} is still to come.", "Write the day on which you read it.")
    return Reading(fields.read_text(line.replace("|", "/"), kept.MAX_WHERE), on)


def write_readings(program: Program) -> str:
    """Return where and when each fact was read, in one cell."""
    return " | ".join(f"{noted.value}: {reading.where} ({reading.on.isoformat()})" for noted, reading in sorted(program.readings.items()))


def read_readings(text: str) -> dict[Noted, Reading]:
    """Return where and when each fact was read, as ``write_readings`` wrote it."""
    found: dict[Noted, Reading] = {}
    for part in text.split(" | "):
        match = _READING.fullmatch(part.strip())
        if match is None or match[1] not in set(Noted):
            raise FieldError("The sources are not as an export writes them.", "Leave the column empty, and use “where read” and “read on”.")
        try:
            found[Noted(match[1])] = Reading(fields.read_text(match[2], kept.MAX_WHERE), date.fromisoformat(match[3]))
        except ValueError:
            raise FieldError(f"{fields.quoted(match[3])} is no day.", "Write it like 2026-12-05.") from None
    return found


def in_stage(program: Program, stage: ProgramStage | None, now: datetime) -> Program:
    """Return the program in the stage that a file names, if it names one."""
    return program if stage is None else moved(program, stage, now)
