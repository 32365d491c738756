"""Rotations, stored: ids and dates in clear, everything else in one encrypted blob per row."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from bot.domain.letters import WriterCountry
from bot.domain.rotations import Details, Place, Rotation, RotationKind
from bot.storage.database import Database, insert
from bot.storage.delivery_rows import UNREADABLE_TEXT
from bot.storage.encryption import Cipher
from bot.storage.tables import member as members
from bot.storage.tables import rotation as table


class RotationRepository:
    """Keep the rotations of every member."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def add(self, rotation: Rotation, *, most: int) -> bool:
        """Store a new rotation; return False where ``most`` of hers are stored, or the member is not.

        Counted in the same statement: two forms at once can't both take the last place.
        """
        clear = {"id": rotation.id, "member_id": rotation.member_id, "created_at": rotation.created_at}
        values = self._values(rotation) | clear
        count = sa.select(sa.func.count()).select_from(table).where(table.c.member_id == rotation.member_id).scalar_subquery()
        is_stored = sa.exists(sa.select(members.c.id).where(members.c.id == rotation.member_id))
        row = sa.select(*(sa.literal(values[column.name], column.type) for column in table.c)).where(count < most, is_stored)
        async with self._database.write() as connection:
            statement = insert(connection, table).from_select(list(table.c), row, include_defaults=False)
            return (await connection.execute(statement)).rowcount == 1

    async def get(self, rotation_id: str) -> Rotation | None:
        """Return a rotation, or None."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(table).where(table.c.id == rotation_id))).mappings().first()
        return None if row is None else self._rotation(row)

    async def rotations_of(self, member_id: int) -> tuple[Rotation, ...]:
        """Return her rotations, the one that begins last first."""
        query = (
            sa.select(table).where(table.c.member_id == member_id).order_by(table.c.starts_on.desc(), table.c.created_at.desc(), table.c.id)
        )
        async with self._database.read() as connection:
            return tuple(map(self._rotation, (await connection.execute(query)).mappings().all()))

    async def save(self, rotation: Rotation) -> bool:
        """Store a changed rotation; return False where it is gone. What can't be read is not written over."""
        values = self._values(rotation)
        if not rotation.is_readable:
            del values["blob"]
        mine = sa.and_(table.c.id == rotation.id, table.c.member_id == rotation.member_id)
        async with self._database.write() as connection:
            return (await connection.execute(sa.update(table).where(mine).values(**values))).rowcount == 1

    async def delete(self, rotation_id: str, member_id: int) -> bool:
        """Delete a rotation of hers; return False where there is none."""
        mine = sa.and_(table.c.id == rotation_id, table.c.member_id == member_id)
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(table).where(mine))).rowcount == 1

    def _values(self, rotation: Rotation) -> dict[str, Any]:
        return {"starts_on": rotation.starts_on, "ends_on": rotation.ends_on, "blob": self._cipher.encrypt(_written(rotation))}

    def _rotation(self, row: sa.RowMapping) -> Rotation:
        says = self._cipher.readable(row["blob"])
        known = says or {"place": UNREADABLE_TEXT}
        about = Place(
            kind=RotationKind(known["kind"]) if known.get("kind") in {each.value for each in RotationKind} else RotationKind.ELECTIVE,
            place=str(known.get("place", "")),
            country=WriterCountry(known["country"])
            if known.get("country") in {each.value for each in WriterCountry}
            else WriterCountry.UNKNOWN,
            specialty=str(known.get("specialty", "")),
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
        )
        return Rotation(
            id=row["id"],
            member_id=row["member_id"],
            created_at=row["created_at"],
            about=about,
            details=_details(known),
            checks={date.fromisoformat(week): frozenset(map(str, ticked)) for week, ticked in known.get("checks", {}).items()},
            reminder_id=str(known.get("reminder_id", "")),
            is_readable=says is not None,
        )


def _written(rotation: Rotation) -> dict[str, Any]:
    """Return what is personal in a rotation, as JSON holds it."""
    about, details = rotation.about, rotation.details
    return {
        "kind": about.kind.value,
        "place": about.place,
        "country": about.country.value,
        "specialty": about.specialty,
        "writers": list(details.writers),
        "duties": details.duties,
        "cases": details.cases,
        "feedback": details.feedback,
        "strengths": details.strengths,
        "checks": {week.isoformat(): sorted(ticked) for week, ticked in rotation.checks.items()},
        "reminder_id": rotation.reminder_id,
    }


def _details(says: Mapping[str, Any]) -> Details:
    return Details(
        writers=tuple(map(str, says.get("writers", ()))),
        duties=str(says.get("duties", "")),
        cases=str(says.get("cases", "")),
        feedback=str(says.get("feedback", "")),
        strengths=str(says.get("strengths", "")),
    )
