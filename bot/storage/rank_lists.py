"""Rank order lists, stored: whose, which season and when in clear, everything else in one encrypted blob."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from bot.domain.rank_list import Arrangement, Criterion, RankList, Weight
from bot.storage.database import Database, insert
from bot.storage.encryption import Cipher
from bot.storage.rank_tables import rank_list as table
from bot.storage.tables import member as members


class RankListRepository:
    """Keep the rank order list of every member, one for each season."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def get(self, member_id: int, season_year: int) -> RankList | None:
        """Return her list of a season, or None."""
        query = sa.select(table).where(_mine(member_id, season_year))
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        return None if row is None else self._rank_list(row)

    async def save(self, held: RankList) -> RankList | None:
        """Store a list that was read with its revision; return it with the next one.

        None, with nothing written, where it was changed meanwhile, where the member is not stored, or where what is stored can't be read.
        """
        if not held.is_readable:
            return None
        values: dict[str, Any] = {
            "certified_on": held.certified_on,
            "changed_at": held.changed_at,
            "revision": held.revision + 1,
            "blob": self._cipher.encrypt(_written(held)),
        }
        async with self._database.write() as connection:
            if held.revision:
                of_then = sa.and_(_mine(held.member_id, held.season_year), table.c.revision == held.revision)
                statement: Any = sa.update(table).where(of_then).values(**values)
            else:
                values |= {"member_id": held.member_id, "season_year": held.season_year}
                is_stored = sa.exists(sa.select(members.c.id).where(members.c.id == held.member_id))
                row = sa.select(*(sa.literal(values[column.name], column.type) for column in table.c)).where(is_stored)
                statement = insert(connection, table).from_select(list(table.c), row, include_defaults=False).on_conflict_do_nothing()
            stored = (await connection.execute(statement)).rowcount == 1
        return replace(held, revision=held.revision + 1) if stored else None

    async def erase(self, member_id: int, season_year: int) -> bool:
        """Delete her list of a season; return False where there is none."""
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(table).where(_mine(member_id, season_year)))).rowcount == 1

    def _rank_list(self, row: sa.RowMapping) -> RankList:
        clear = {name: row[name] for name in ("member_id", "season_year", "certified_on", "changed_at", "revision")}
        says = self._cipher.readable(row["blob"])
        return RankList(**clear, is_readable=False) if says is None else RankList(**clear, **_read(says))


def _mine(member_id: int, season_year: int) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.member_id == member_id, table.c.season_year == season_year)


def _written(held: RankList) -> dict[str, Any]:
    """Return what is personal in a list, as JSON holds it."""
    return {
        "lists": _listed(held.lists),
        "earlier": [_listed(each) for each in held.earlier],
        "criteria": [[each.key, each.name, each.weight.value] for each in held.criteria],
        "marks": {program: dict(marks) for program, marks in held.marks.items()},
        "answered": list(held.answered),
        "ticks": sorted(held.ticks),
        "is_couple": held.is_couple,
        "is_changed_since": held.is_changed_since,
    }


def _read(says: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same as the fields of a list."""
    return {
        "lists": _arrangement(says.get("lists", {})),
        "earlier": tuple(_arrangement(each) for each in says.get("earlier", ())),
        "criteria": tuple(Criterion(str(key), str(name), Weight(weight)) for key, name, weight in says.get("criteria", ())),
        "marks": {program: {key: int(mark) for key, mark in marks.items()} for program, marks in says.get("marks", {}).items()},
        "answered": tuple(says.get("answered", ())),
        "ticks": frozenset(says.get("ticks", ())),
        "is_couple": says.get("is_couple"),
        "is_changed_since": bool(says.get("is_changed_since")),
    }


def _listed(lists: Arrangement) -> dict[str, list[str]]:
    return {key: list(ids) for key, ids in lists.items()}


def _arrangement(lists: Mapping[str, Any]) -> Arrangement:
    return {key: tuple(ids) for key, ids in lists.items()}
