"""What members say of their Match Week, stored: whose and which week in clear, everything else in one encrypted blob."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from bot.domain.member import Country
from bot.domain.own_week import OwnWeek, Result
from bot.storage.database import Database, insert
from bot.storage.encryption import Cipher
from bot.storage.match_week_tables import match_week as table
from bot.storage.tables import member as members


class MatchWeekRepository:
    """Keep what every member says of each of her Match Weeks."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def get(self, member_id: int, country: Country, season_year: int) -> OwnWeek | None:
        """Return what she said of a week, or None."""
        query = sa.select(table).where(_mine(member_id, country, season_year))
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        return None if row is None else self._week(row)

    async def save(self, held: OwnWeek) -> OwnWeek | None:
        """Store what was read with its revision; return it with the next one.

        None, with nothing written, where it was changed meanwhile, or where the member is not stored.
        """
        blob = self._cipher.encrypt(_written(held))
        values: dict[str, Any] = {"changed_at": held.changed_at, "revision": held.revision + 1, "blob": blob}
        async with self._database.write() as connection:
            if held.revision:
                of_then = sa.and_(_mine(held.member_id, held.country, held.season_year), table.c.revision == held.revision)
                statement: Any = sa.update(table).where(of_then).values(**values)
            else:
                values |= {"member_id": held.member_id, "country": held.country.value, "season_year": held.season_year}
                is_stored = sa.exists(sa.select(members.c.id).where(members.c.id == held.member_id))
                row = sa.select(*(sa.literal(values[column.name], column.type) for column in table.c)).where(is_stored)
                statement = insert(connection, table).from_select(list(table.c), row, include_defaults=False).on_conflict_do_nothing()
            stored = (await connection.execute(statement)).rowcount == 1
        return replace(held, revision=held.revision + 1) if stored else None

    async def erase(self, member_id: int, country: Country, season_year: int) -> bool:
        """Delete what she said of a week; return False where there is nothing."""
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(table).where(_mine(member_id, country, season_year)))).rowcount == 1

    def _week(self, row: sa.RowMapping) -> OwnWeek:
        clear: dict[str, Any] = {name: row[name] for name in ("member_id", "season_year", "changed_at", "revision")}
        clear["country"] = Country(row["country"])
        says = self._cipher.readable(row["blob"])
        if says is None:
            return OwnWeek(**clear, is_readable=False)
        result = says.get("result")
        return OwnWeek(
            **clear,
            result=Result(result) if result else None,
            applications=int(says.get("applications", 0)),
            accepted=str(says.get("accepted", "")),
            passes_quiet=bool(says.get("passes_quiet")),
        )


def _mine(member_id: int, country: Country, season_year: int) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.member_id == member_id, table.c.country == country.value, table.c.season_year == season_year)


def _written(held: OwnWeek) -> dict[str, Any]:
    return {
        "result": held.result.value if held.result is not None else "",
        "applications": held.applications,
        "accepted": held.accepted,
        "passes_quiet": held.passes_quiet,
    }
