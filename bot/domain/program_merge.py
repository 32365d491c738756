"""What becomes of the rows of a file: added, updated, as they were, skipped, or given back to be mended."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from bot.domain.letters import ApplicationService, program_key
from bot.domain.program_columns import changed, in_stage, is_known, read_there, touched_by
from bot.domain.program_csv import Row, Sheet
from bot.domain.programs import Program, ProgramStage, Reading, StageChange, is_same


@dataclass(frozen=True, slots=True)
class Into:
    """Say into which list rows go."""

    member_id: int
    season_year: int
    now: datetime
    today: date
    most: int
    """Programs that the list may hold."""
    new_id: Callable[[], str]
    service_of: Callable[[str | None, str], ApplicationService]
    """Through which service one applies to a specialty in a state or province: taken where a row names none."""
    is_updating: bool = True
    """Whether a row of a program that stands in the list updates it; otherwise it is skipped."""


@dataclass(slots=True)
class Outcome:
    """Hold what became of each row."""

    added: list[Program] = field(default_factory=list[Program])
    changed: list[Program] = field(default_factory=list[Program])
    before: list[Program] = field(default_factory=list[Program])
    """The changed ones as they were, in the same order."""
    unchanged: list[Row] = field(default_factory=list[Row])
    skipped: list[Row] = field(default_factory=list[Row])
    """Rows of programs that stand in the list already, where they were to be skipped."""
    repeated: list[Row] = field(default_factory=list[Row])
    """Rows of a program that an earlier row of the same file names; they update it as well, or are skipped."""
    refused: list[tuple[Row, str]] = field(default_factory=list[tuple[Row, str]])
    """Rows with a problem or without room, and what to do."""


class _List:
    """Hold a list while rows go in; a program is found by its code or its name, without looking at all others."""

    def __init__(self, stored: Iterable[Program]) -> None:
        self.programs: dict[str, Program] = {}
        self._named: dict[str, list[str]] = {}
        self._coded: dict[str, list[str]] = {}
        for each in stored:
            self.put(each)

    def put(self, program: Program) -> None:
        self.programs[program.id] = program
        for places, key in ((self._named, program.key), (self._coded, program.code)):
            if key and program.is_readable and program.id not in places.setdefault(key, []):
                places[key].append(program.id)

    def like(self, program: Program) -> Program | None:
        ids = (*self._coded.get(program.code, ()), *self._named.get(program.key, ()))
        return next((held for each in ids if is_same(held := self.programs[each], program)), None)


def merge(sheet: Sheet, stored: Sequence[Program], into: Into) -> Outcome:
    """Return what becomes of each row of a file; nothing is stored here."""
    outcome, held = Outcome(), _List(stored)
    as_stored = {each.id: each for each in stored}
    touched: set[str] = set()
    for row in sheet.rows:
        if row.problems:
            outcome.refused.append((row, in_words(row)))
            continue
        program = _new(row, into)
        twin = held.like(program)
        if twin is None and len(held.programs) >= into.most:
            outcome.refused.append((row, f"The list is full: it holds {into.most:,} programs. Remove some, then send this row again."))
            continue
        if twin is not None and twin.id in touched:
            outcome.repeated.append(row)
        if twin is None:
            held.put(program)
        elif not into.is_updating:
            outcome.skipped.append(row)
        else:
            updated = _updated(twin, row, into)
            if updated == twin:
                outcome.unchanged.append(row)
            held.put(updated)
        touched.add(program.id if twin is None else twin.id)
    for each in held.programs.values():
        before = as_stored.get(each.id)
        if before is None:
            outcome.added.append(each)
        elif before != each:
            outcome.changed.append(each)
            outcome.before.append(before)
    return outcome


def begun(member_id: int, season_year: int, now: datetime, program_id: str, found: dict[str, Any]) -> Program:
    """Return a new program with the fields found, considered since now."""
    history = (StageChange(ProgramStage.CONSIDERING, now),)
    return Program(program_id, member_id, season_year, ProgramStage.CONSIDERING, now, now, history=history, **found)


def _new(row: Row, into: Into) -> Program:
    found = {"service": into.service_of(row.found.get("specialty"), row.found.get("region", "")), **row.found}
    program = begun(into.member_id, into.season_year, into.now, into.new_id(), found)
    program = read_there(None, program, touched_by(found), row.reading or Reading("", into.today))
    return in_stage(_with_readings(program, row), row.stage, into.now)


def _updated(before: Program, row: Row, into: Into) -> Program:
    found = dict(row.found)
    if program_key(row.name) == before.key:
        del found["name"]  # another spelling of the same name is no news
    after = changed(before, found, into.now)
    if after != before or row.reading is not None:
        after = read_there(before, after, touched_by(row.found), row.reading or Reading("", into.today))
    after = in_stage(_with_readings(after, row), row.stage, into.now)
    return after if after == before else replace(after, changed_at=into.now)


def _with_readings(program: Program, row: Row) -> Program:
    """Return the program with the readings that an export wrote; they come with facts only."""
    kept = {noted: reading for noted, reading in row.readings.items() if is_known(program, noted)}
    return replace(program, readings=dict(program.readings) | kept) if kept else program


def in_words(row: Row) -> str:
    """Return what is wrong in a row, column by column, and what to do."""
    return " ".join(f"{problem.column}: {problem.error.what} {problem.error.todo}" for problem in row.problems)
