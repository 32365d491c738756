"""The rows of a database in a form that both engines write and read, one value a line, and what proves that none is missing or changed.

First what it is a copy of, then each table: its name and columns, its rows; last a fingerprint of each. Tables stand in the order in which
they can be filled. What a table has is asked of the database itself, so that one of an older version is copied as it is.
"""

import base64
import hashlib
import json
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.erasure_log import Anchor
from bot.storage.sealed import DamagedError, SealedWriter

FORM = 1
AT_ONCE = 500
WRAP = 1 << 256
VERSION_TABLE = "alembic_version"


@dataclass(frozen=True, slots=True)
class About:
    """Hold what a backup is a copy of: the version and kind of its database, its moment in real time, rows, how the erasure log stood."""

    version: str
    engine: str
    when: datetime
    rows: Mapping[str, int]
    erasures: Anchor | None

    def as_line(self) -> dict[str, Any]:
        """Return it as the first line."""
        log = [self.erasures.log_id, self.erasures.last] if self.erasures else None
        said: dict[str, Any] = {"matchday": FORM, "version": self.version, "engine": self.engine, "when": self.when.isoformat()}
        return said | {"rows": dict(self.rows), "erasures": log}

    @classmethod
    def from_line(cls, line: Mapping[str, Any]) -> "About":
        """Read the first line; raise DamagedError where it is none."""
        try:
            log = Anchor(*line["erasures"]) if line["erasures"] else None
            return cls(line["version"], line["engine"], datetime.fromisoformat(line["when"]), line["rows"], log)
        except (LookupError, TypeError, ValueError):
            raise DamagedError from None


class Fingerprint:
    """Count rows and add up what each of them hashes to: the same in whatever order they come."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, row: Sequence[object]) -> None:
        """Take a row, as it is written."""
        self.rows += 1
        text = json.dumps(row, separators=(",", ":")).encode("ascii")
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(text).digest(), "big")) % WRAP

    def __str__(self) -> str:
        """Return it as it is written."""
        return f"{self.rows}:{self._sum:064x}"


async def tables_of(connection: AsyncConnection, only: Sequence[str] | None = None) -> list[sa.Table]:
    """Return the tables of a database in the order in which they can be filled, the version's own not among them."""

    def reflected(inside: sa.Connection) -> list[sa.Table]:
        metadata = sa.MetaData()
        metadata.reflect(inside, only=only)
        return [table for table in metadata.sorted_tables if table.name != VERSION_TABLE]

    return await connection.run_sync(reflected)


async def count(connection: AsyncConnection, tables: Sequence[sa.Table]) -> dict[str, int]:
    """Return how many rows each table has."""
    return {table.name: await connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables}


async def write_rows(connection: AsyncConnection, tables: Sequence[sa.Table], about: About, out: SealedWriter) -> None:
    """Write all rows, of one moment where the connection sees only that."""
    out.write(about.as_line())
    fingerprints: dict[str, str] = {}
    for table in tables:
        out.write({"table": table.name, "columns": {column.name: _kind(column) for column in table.columns}})
        fingerprint = Fingerprint()
        async for row in _rows(connection, table):
            fingerprint.add(row)
            out.write({"row": row})
        fingerprints[table.name] = str(fingerprint)
    out.write({"end": fingerprints})


async def read_rows(
    connection: AsyncConnection, lines: Iterator[Mapping[str, Any]], tables: Sequence[sa.Table], rows: Mapping[str, int]
) -> None:
    """Fill the tables of a new database with what follows the first line, then read it back.

    Raises:
        DamagedError: What stands there afterwards is not what was written.
    """
    for table in reversed(tables):
        await connection.execute(sa.delete(table))  # what a version itself put there is in the rows
    filling: _Filling | None = None
    written: Mapping[str, str] | None = None
    by_name = {table.name: table for table in tables}
    for line in lines:
        if "row" in line and filling is not None:
            await filling.take(line["row"])
            continue
        if filling is not None:
            await filling.flush()
        if line.get("table") in by_name:
            filling = _Filling(connection, by_name[line["table"]], line["columns"])
        elif "end" in line:
            written = line["end"]
    if written is None or written != await fingerprints_of(connection, tables) or _counts(written) != rows:
        raise DamagedError


class _Filling:
    """Fill one table, some hundred rows at once."""

    def __init__(self, connection: AsyncConnection, table: sa.Table, columns: Mapping[str, str]) -> None:
        self._connection = connection
        self._statement = sa.insert(table)
        self._columns = columns
        self._waiting: list[dict[str, object]] = []

    async def take(self, row: Sequence[Any]) -> None:
        columns = zip(self._columns.items(), row, strict=True)
        self._waiting.append({name: _from_line(value, kind) for (name, kind), value in columns})
        if len(self._waiting) >= AT_ONCE:
            await self.flush()

    async def flush(self) -> None:
        if self._waiting:
            await self._connection.execute(self._statement, self._waiting)
            self._waiting = []


async def fingerprints_of(connection: AsyncConnection, tables: Sequence[sa.Table]) -> dict[str, str]:
    """Return a fingerprint of each table as it stands."""
    found: dict[str, str] = {}
    for table in tables:
        fingerprint = Fingerprint()
        async for row in _rows(connection, table):
            fingerprint.add(row)
        found[table.name] = str(fingerprint)
    return found


async def _rows(connection: AsyncConnection, table: sa.Table) -> AsyncGenerator[list[Any]]:
    async with connection.stream(sa.select(table).execution_options(yield_per=AT_ONCE)) as result:
        async for row in result:
            yield [_as_line(value) for value in row]


def _counts(fingerprints: Mapping[str, str]) -> dict[str, int]:
    return {name: int(each.partition(":")[0]) for name, each in fingerprints.items()}


def _kind(column: sa.Column[Any]) -> str:
    match column.type:
        case sa.LargeBinary():
            return "bytes"
        case sa.Date():
            return "date"
        case sa.Integer() | sa.Boolean() | sa.String():  # instants are numbers in every table
            return "plain"
        case _:
            raise TypeError(repr(column.type))  # a kind of column that came since: it wants a form here


def _as_line(value: Any) -> object:  # noqa: ANN401 - whatever a row holds
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, date) else value


def _from_line(value: Any, kind: str) -> object:  # noqa: ANN401 - whatever was written
    if value is None or kind == "plain":
        return value
    return base64.b64decode(value) if kind == "bytes" else date.fromisoformat(value)
