"""Programs as a file of rows: decoded, split, read cell by cell, and written so that no spreadsheet takes a cell for a formula."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.domain import program_fields as fields
from bot.domain.letter_texts import shows_something
from bot.domain.program_columns import COLUMNS, Column, Problem, read_cells, read_readings, read_where, write_readings
from bot.domain.program_fields import FieldError, Names, bare
from bot.domain.programs import Noted, Program, ProgramStage, Reading

MAX_BYTES = 2_000_000
"""A file of 1,000 rows with every cell full is smaller."""
MAX_ROWS = 1_000
EXAMPLE = "Example Hospital (delete this row)"
STAGE, WHERE, READ_ON, SOURCES = "stage", "where read", "read on", "sources"
PROBLEM = "what to mend"
DERIVED = ("letters assigned", "stage since", "changed", "season", "row", PROBLEM)
"""Columns of an export that are worked out; a file that brings them back may."""
_APART = {STAGE: ("status",), WHERE: ("source", "where"), READ_ON: ("read", "date read"), SOURCES: ()}
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""What a spreadsheet takes for the beginning of a formula; the last four are the wide forms of the first four."""
_SEPARATORS = ",;\t"
_LATIN = "cp1252"
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class FileError(Exception):
    """Say why a file can't be read as a whole, and what to do."""

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Say what is wrong in one cell: the column as the file names it, what, and what to do."""

    column: str
    error: FieldError


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one row as it came, and what was read of it; ``number`` is the line of a spreadsheet, the header being 1."""

    number: int
    cells: tuple[str, ...]
    found: Mapping[str, Any] = field(default_factory=dict[str, Any])
    stage: ProgramStage | None = None
    reading: Reading | None = None
    """Where and when its facts were read; None where the row says nothing of it."""
    readings: Mapping[Noted, Reading] = field(default_factory=dict[Noted, Reading])
    problems: tuple[RowProblem, ...] = ()

    @property
    def name(self) -> str:
        """Return the program's name, as far as it could be read."""
        return str(self.found.get("name", ""))


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold a file: its header, its rows, and the columns that nothing is known of."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    unknown: tuple[str, ...] = ()
    examples: int = 0
    """Rows of the template's example, which are left out."""


# --- reading


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8 (with or without its mark), UTF-16 or Windows-1252; raise FileError for anything else."""
    if len(content) > MAX_BYTES:
        raise FileError(f"The file has more than {MAX_BYTES // 1_000_000} MB.", "Send it in parts.")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FileError(
            "That is a workbook, not a CSV file.", "In your spreadsheet choose Save as or Download, and CSV; then send that file."
        )
    text = _decoded(content)
    if text is None or "\x00" in text:
        raise FileError("That file holds no text that I can read.", "Save it as CSV in UTF-8, and send it again.")
    if not shows_something(text):
        raise FileError("The file is empty.", "Use the template, and write one program a row.")
    return text


def _decoded(content: bytes) -> str | None:
    marked = next((encoding for bom, encoding in _BOMS if content.startswith(bom)), None)
    zeros = content[:400].count(0)
    if marked is None and zeros * 3 > len(content[:400]):  # UTF-16 without its mark: every other byte of plain letters is zero
        marked = "utf-16-le" if content[1:2] == b"\x00" else "utf-16-be"
    for encoding in (marked,) if marked else ("utf-8", _LATIN):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def read_sheet(content: bytes, names: Names, today: date, *, columns: Sequence[Column] = COLUMNS) -> Sheet:
    """Read a file of programs row by row; a row with a problem keeps its cells. Raises FileError where it can't be read as a whole."""
    lines = _split(decode(content))
    header, *body = lines
    places, unknown = _places(header[1], columns)
    if "name" not in places.values():
        raise FileError("The first row names no column “program”.", "Begin with the template: its first row names the columns.")
    filled = [(number, cells) for number, cells in body if any(map(shows_something, cells))]
    rows = [(number, cells) for number, cells in filled if not _is_example(cells, places)]
    if len(rows) > MAX_ROWS:
        raise FileError(f"The file has {len(rows):,} rows; {MAX_ROWS:,} are read at once.", "Send it in parts. Nothing was changed.")
    if not rows:
        raise FileError("The file has no program in it.", "Write one program a row, below the first row of the template.")
    reader = _Reader(places, names, today, len(header[1]))
    return Sheet(tuple(header[1]), tuple(reader.row(*each) for each in rows), unknown, len(filled) - len(rows))


def _split(text: str) -> list[tuple[int, list[str]]]:
    """Return the rows with their numbers, apart by the separator that the first one uses; empty ones keep their number."""
    number, named = 1, re.match(r"\s*sep=(.)\r?\n", text)
    if named is not None:
        text, number = text[named.end() :], 2
    first = next((line for line in text.splitlines() if shows_something(line)), "")
    separator = named[1] if named is not None and named[1] in _SEPARATORS else max(_SEPARATORS, key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise FileError("The file can't be split into rows and cells.", "Look for a quotation mark that is never closed.") from error
    numbered = list(enumerate(rows, number))
    begin = next(index for index, (_, cells) in enumerate(numbered) if any(map(shows_something, cells)))
    return numbered[begin:]


def _places(header: Sequence[str], columns: Sequence[Column]) -> tuple[dict[int, str], tuple[str, ...]]:
    """Return by place which column stands there, and the names of those that are not known; of two alike the first counts."""
    known = {bare(name): column.key for column in columns for name in (column.title, column.key, *column.also)}
    known |= {bare(name): key for key, also in _APART.items() for name in (key, *also)}
    places: dict[int, str] = {}
    unknown: list[str] = []
    for place, title in enumerate(header):
        key = known.get(bare(plain_cell(title)))
        if key is not None and key not in places.values():
            places[place] = key
        elif bare(title) and bare(title) not in map(bare, DERIVED):
            unknown.append(fields.quoted(title).strip("“”"))
    return places, tuple(unknown)


def _is_example(cells: Sequence[str], places: Mapping[int, str]) -> bool:
    return any(key == "name" and place < len(cells) and cells[place].strip() == EXAMPLE for place, key in places.items())


class _Reader:
    """Read rows; names that stand in many rows are looked up once."""

    def __init__(self, places: Mapping[int, str], names: Names, today: date, width: int) -> None:
        self._places = places
        self._today = today
        self._width = width
        self._names = names
        self._seen: dict[tuple[str, str], Any] = {}

    def row(self, number: int, cells: Sequence[str]) -> Row:
        """Return what a row says."""
        said = {key: plain_cell(cells[place]) if place < len(cells) else "" for place, key in self._places.items()}
        apart = {key: said.pop(key, "").strip() for key in _APART}
        found, problems = read_cells(said, self._names, self._seen)
        stage = reading = None
        readings: dict[Noted, Reading] = {}
        try:
            stage = fields.read_one(ProgramStage, apart[STAGE]) if apart[STAGE] else None
        except FieldError as error:
            problems.append((STAGE, error))
        try:
            reading = self._reading(apart[WHERE], apart[READ_ON])
        except FieldError as error:
            problems.append((READ_ON if apart[READ_ON] else WHERE, error))
        try:
            readings = read_readings(apart[SOURCES]) if apart[SOURCES] else {}
        except FieldError as error:
            problems.append((SOURCES, error))
        if len(cells) > self._width and any(map(shows_something, cells[self._width :])):
            extra = FieldError(
                "The row has more cells than the first row has names.", "Put text that holds a separator in quotation marks."
            )
            problems.append(("name", extra))
        return Row(number, tuple(cells), found, stage, reading, readings, tuple(map(self._named, problems)))

    def _reading(self, where: str, on: str) -> Reading | None:
        if not where and not on:
            return None
        reading = read_where(where, self._today)
        if on:
            reading = Reading(reading.where, fields.read_date(on))
            if reading.on > self._today:
                raise FieldError(f"{reading.on.isoformat()} is still to come.", "Write the day on which you read it.")
        return reading

    @staticmethod
    def _named(problem: Problem) -> RowProblem:
        key, error = problem
        title = next((column.title for column in COLUMNS if column.key == key), key)
        return RowProblem(title, error)


def plain_cell(text: str) -> str:
    """Return a cell without the quotation mark that keeps a spreadsheet from taking it for a formula."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


# --- writing


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; ``plain_cell`` gives it back as it was."""
    return f"'{text}" if _FORMULA.match(text) else text


def write_rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV file in UTF-8 with its mark, which spreadsheets need to read accents; formulas are neutralised."""
    told = io.StringIO(newline="")
    writer = csv.writer(told)
    writer.writerow(map(safe_cell, header))
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return told.getvalue().encode("utf-8-sig", "replace")


def write_sheet(programs: Iterable[Program], names: Names, letters: Mapping[str, str], *, columns: Sequence[Column] = COLUMNS) -> bytes:
    """Return programs as a file that can be read again; ``letters`` are the writers of the letters assigned, by program id."""
    header = [*(column.title for column in columns), STAGE, SOURCES, "letters assigned", "stage since", "changed", "season"]
    return write_rows(
        header,
        (
            [
                *(column.write(each, names) for column in columns),
                each.stage.value,
                write_readings(each),
                letters.get(each.id, ""),
                each.stage_since.date().isoformat(),
                each.changed_at.date().isoformat(),
                str(each.season_year),
            ]
            for each in programs
        ),
    )


def write_refused(sheet: Sheet, refused: Sequence[tuple[Row, str]]) -> bytes:
    """Return the rows that could not be taken, as they came, with what to mend in a last column."""
    at = next((place for place, title in enumerate(sheet.header) if bare(title) == bare(PROBLEM)), None)
    header = [plain_cell(title) for place, title in enumerate(sheet.header) if place != at]
    width = len(sheet.header)
    rows: list[list[str]] = []
    for row, problem in refused:
        cells = [plain_cell(cell) for cell in (*row.cells, *[""] * (width - len(row.cells)))]
        rows.append([*(cell for place, cell in enumerate(cells[:width]) if place != at), problem, *cells[width:]])
    return write_rows([*header, PROBLEM], rows)


TEMPLATE_ROW = {
    "name": EXAMPLE, "specialty": "Internal Medicine", "track": "categorical", "region": "NY", "service": "ERAS", "visa": "J-1, H-1B",
    "graduation_years": "5", "score_minimum": "no limit", "attempts_most": "1", "experience_months": "3",
    "experience": "hands-on, in the US", "imgs": "12 of 30", "school_graduates": "0", "open_house_on": "2026-10-05", "signal": "gold",
    "statement": "IM, version 2",
}  # fmt: skip


def template(columns: Sequence[Column] = COLUMNS) -> bytes:
    """Return a file to fill in: the columns' names, and one invented row that is left out when it is read."""
    apart = [STAGE, WHERE, READ_ON] if len(columns) == len(COLUMNS) else []
    example = [TEMPLATE_ROW.get(column.key, "") for column in columns]
    return write_rows(
        [*(column.title for column in columns), *apart], [[*example, *("considering", "the program's page", "2026-10-01")[: len(apart)]]]
    )
