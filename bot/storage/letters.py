"""Letters of recommendation, stored: ids, states and dates in clear, everything else in one encrypted blob per row."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa

from bot.domain.letters import (
    ApplicationService,
    AskedWhen,
    Assignment,
    Circumstance,
    Concern,
    Letter,
    LetterKind,
    LetterPlan,
    LetterState,
    Setting,
    StateChange,
    Waiver,
    WriterCountry,
    WriterRole,
)
from bot.storage.database import Database, insert
from bot.storage.delivery_rows import UNREADABLE_TEXT
from bot.storage.encryption import Cipher
from bot.storage.tables import letter as table
from bot.storage.tables import letter_assignment as assignments
from bot.storage.tables import letter_plan as plans
from bot.storage.tables import member as members

E = TypeVar("E", bound=StrEnum)


class LetterRepository:
    """Keep letters, to which programs they are assigned, and what a member plans."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def add(self, letter: Letter, *, most: int) -> bool:
        """Store a new letter; return False where ``most`` of that season are stored, or the member is not.

        Counted in the same statement: two forms at once can't both take the last place.
        """
        values = self._values(letter) | {"id": letter.id, "member_id": letter.member_id, "created_at": letter.created_at}
        hers = sa.and_(table.c.member_id == letter.member_id, table.c.season_year == letter.season_year)
        count = sa.select(sa.func.count()).select_from(table).where(hers).scalar_subquery()
        is_stored = sa.exists(sa.select(members.c.id).where(members.c.id == letter.member_id))
        row = sa.select(*(sa.literal(values[column.name], column.type) for column in table.c)).where(count < most, is_stored)
        async with self._database.write() as connection:
            statement = insert(connection, table).from_select(list(table.c), row, include_defaults=False)
            return (await connection.execute(statement)).rowcount == 1

    async def get(self, letter_id: str) -> Letter | None:
        """Return a letter, or None."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(table).where(table.c.id == letter_id))).mappings().first()
        return None if row is None else self._letter(row)

    async def letters_of(self, member_id: int, season_year: int | None = None) -> tuple[Letter, ...]:
        """Return her letters of one season, or of all, in the order in which they were added."""
        query = sa.select(table).where(table.c.member_id == member_id).order_by(table.c.created_at, table.c.id)
        if season_year is not None:
            query = query.where(table.c.season_year == season_year)
        async with self._database.read() as connection:
            return tuple(map(self._letter, (await connection.execute(query)).mappings().all()))

    async def save(self, letters: Iterable[Letter]) -> int:
        """Store changed letters, all or none; return how many were there to change. What can't be read is not written over."""
        changed = 0
        async with self._database.write() as connection:
            for letter in letters:
                values = self._values(letter)
                if not letter.is_readable:
                    del values["blob"]
                mine = sa.and_(table.c.id == letter.id, table.c.member_id == letter.member_id)
                changed += (await connection.execute(sa.update(table).where(mine).values(**values))).rowcount
        return changed

    async def delete(self, letter_id: str, member_id: int) -> bool:
        """Delete a letter with its steps and assignments; return False where there is none."""
        mine = sa.and_(table.c.id == letter_id, table.c.member_id == member_id)
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(table).where(mine))).rowcount == 1

    async def plan_of(self, member_id: int) -> LetterPlan:
        """Return what she plans; nothing set where nothing is stored."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(plans).where(plans.c.member_id == member_id))).mappings().first()
        if row is None:
            return LetterPlan(member_id)
        says = self._cipher.readable(row["blob"]) or {}
        return LetterPlan(
            member_id,
            season_year=says.get("season_year"),
            target_on=row["target_on"],
            specialties=tuple(says.get("specialties", ())),
            circumstances=_members_of(Circumstance, says.get("circumstances", ())),
        )

    async def save_plan(self, plan: LetterPlan) -> bool:
        """Store what she plans in the place of what was; return False where the member is not stored."""
        says = {
            "season_year": plan.season_year,
            "specialties": list(plan.specialties),
            "circumstances": sorted(plan.circumstances),
        }
        values: dict[str, Any] = {"target_on": plan.target_on, "blob": self._cipher.encrypt(says)}
        is_stored = sa.exists(sa.select(members.c.id).where(members.c.id == plan.member_id))
        row = sa.select(
            sa.literal(plan.member_id, plans.c.member_id.type),
            sa.literal(plan.target_on, plans.c.target_on.type),
            sa.literal(values["blob"], plans.c.blob.type),
        ).where(is_stored)
        async with self._database.write() as connection:
            statement = insert(connection, plans).from_select(["member_id", "target_on", "blob"], row, include_defaults=False)
            statement = statement.on_conflict_do_update(index_elements=[plans.c.member_id], set_=values)
            return (await connection.execute(statement)).rowcount == 1

    async def assignments_of(self, member_id: int, letter_ids: Sequence[str] | None = None) -> tuple[Assignment, ...]:
        """Return to which programs her letters are, or are to be, assigned; by program."""
        query = sa.select(assignments).where(assignments.c.member_id == member_id)
        if letter_ids is not None:
            query = query.where(assignments.c.letter_id.in_(letter_ids))
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return tuple(sorted(map(self._assignment, rows), key=lambda each: (each.program.casefold(), each.service.value, each.id)))

    async def add_assignments(self, added: Sequence[Assignment]) -> int:
        """Store assignments, all or none; return how many were stored: 0 where the letter is gone."""
        stored = 0
        async with self._database.write() as connection:
            for each in added:
                values = self._assignment_values(each)
                is_there = sa.exists(sa.select(table.c.id).where(table.c.id == each.letter_id, table.c.member_id == each.member_id))
                row = sa.select(*(sa.literal(values[column.name], column.type) for column in assignments.c)).where(is_there)
                statement = insert(connection, assignments).from_select(list(assignments.c), row, include_defaults=False)
                stored += (await connection.execute(statement)).rowcount
        return stored

    async def mark_assigned(self, member_id: int, ids: Sequence[str], *, is_assigned: bool) -> int:
        """Note for assignments of hers whether they are made in the service; return how many were there."""
        mine = sa.and_(assignments.c.member_id == member_id, assignments.c.id.in_(ids))
        async with self._database.write() as connection:
            return (await connection.execute(sa.update(assignments).where(mine).values(is_assigned=is_assigned))).rowcount

    async def remove_assignments(self, member_id: int, ids: Sequence[str]) -> int:
        """Delete assignments of hers; return how many were there."""
        mine = sa.and_(assignments.c.member_id == member_id, assignments.c.id.in_(ids))
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(assignments).where(mine))).rowcount

    def _values(self, letter: Letter) -> dict[str, Any]:
        return {
            "season_year": letter.season_year,
            "state": letter.state.value,
            "changed_at": letter.changed_at,
            "target_on": letter.target_on,
            "blob": self._cipher.encrypt(_written(letter)),
        }

    def _letter(self, row: sa.RowMapping) -> Letter:
        says = self._cipher.readable(row["blob"])
        clear: dict[str, Any] = {
            "id": row["id"],
            "member_id": row["member_id"],
            "season_year": row["season_year"],
            "state": LetterState(row["state"]),
            "created_at": row["created_at"],
            "changed_at": row["changed_at"],
            "target_on": row["target_on"],
        }
        if says is None:
            return Letter(**clear, writer=UNREADABLE_TEXT, is_readable=False)
        return Letter(**clear, **_read(says))

    def _assignment_values(self, each: Assignment) -> dict[str, Any]:
        return {
            "id": each.id,
            "letter_id": each.letter_id,
            "member_id": each.member_id,
            "service": each.service.value,
            "is_assigned": each.is_assigned,
            "blob": self._cipher.encrypt({"program": each.program}),
        }

    def _assignment(self, row: sa.RowMapping) -> Assignment:
        says = self._cipher.readable(row["blob"]) or {"program": UNREADABLE_TEXT}
        service = ApplicationService(row["service"])
        return Assignment(row["id"], row["letter_id"], row["member_id"], service, says.get("program", ""), row["is_assigned"])


def _written(letter: Letter) -> dict[str, Any]:
    """Return what is personal in a letter, as JSON holds it."""
    return {
        "writer": letter.writer,
        "role": letter.role.value,
        "specialty": letter.specialty,
        "setting": letter.setting.value,
        "country": letter.country.value,
        "is_physician": letter.is_physician,
        "weeks": letter.weeks,
        "last_on": letter.last_on.isoformat() if letter.last_on else None,
        "asked_when": letter.asked_when.value,
        "service": letter.service.value,
        "kind": letter.kind.value,
        "waiver": letter.waiver.value,
        "concerns": sorted(letter.concerns),
        "notes": letter.notes,
        "imported_from": letter.imported_from,
        "rotation_id": letter.rotation_id,
        "packet": dict(letter.packet),
        "history": [[change.state.value, change.at.isoformat()] for change in letter.history],
    }


def _read(says: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same as the fields of a letter; a value that this version does not know is not known."""
    last_on = says.get("last_on")
    return {
        "writer": says.get("writer", ""),
        "role": _member_of(WriterRole, says.get("role"), WriterRole.UNKNOWN),
        "specialty": says.get("specialty", ""),
        "setting": _member_of(Setting, says.get("setting"), Setting.UNKNOWN),
        "country": _member_of(WriterCountry, says.get("country"), WriterCountry.UNKNOWN),
        "is_physician": says.get("is_physician"),
        "weeks": says.get("weeks"),
        "last_on": date.fromisoformat(last_on) if last_on else None,
        "asked_when": _member_of(AskedWhen, says.get("asked_when"), AskedWhen.UNKNOWN),
        "service": _member_of(ApplicationService, says.get("service"), ApplicationService.OTHER),
        "kind": _member_of(LetterKind, says.get("kind"), LetterKind.NARRATIVE),
        "waiver": _member_of(Waiver, says.get("waiver"), Waiver.UNDECIDED),
        "concerns": _members_of(Concern, says.get("concerns", ())),
        "notes": says.get("notes", ""),
        "imported_from": says.get("imported_from"),
        "rotation_id": says.get("rotation_id", ""),
        "packet": {str(key): bool(value) for key, value in says.get("packet", {}).items()},
        "history": _history(says.get("history", ())),
    }


def _history(written: Iterable[Sequence[str]]) -> tuple[StateChange, ...]:
    known = {state.value for state in LetterState}
    return tuple(StateChange(LetterState(state), datetime.fromisoformat(at).astimezone(UTC)) for state, at in written if state in known)


def _member_of(kind: type[E], value: object, otherwise: E) -> E:
    return kind(str(value)) if value in {each.value for each in kind} else otherwise


def _members_of(kind: type[E], values: Iterable[object]) -> frozenset[E]:
    known = {each.value: each for each in kind}
    return frozenset(known[str(value)] for value in values if str(value) in known)
