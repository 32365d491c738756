"""Saved eligibility answers, one row a member; the answers and what they gave are one encrypted blob."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import Delivery
from bot.domain.eligibility.answers import Answers, OetPart
from bot.domain.eligibility.saved import Outcome, Saved
from bot.domain.eligibility.verdicts import Verdict
from bot.storage.database import Database, insert
from bot.storage.delivery_rows import values_of
from bot.storage.encryption import Cipher
from bot.storage.tables import delivery as deliveries
from bot.storage.tables import eligibility as table
from bot.storage.tables import member as members

SOURCE = "eligibility"
"""What the deliveries about saved answers come from."""


@dataclasses.dataclass(frozen=True, slots=True)
class Rechecked:
    """Hold what a row held when it was read, what it is to hold, and what the member is told of it."""

    before: Saved
    after: Saved
    delivery: Delivery | None = None


class EligibilityRepository:
    """Keep the answers that members saved."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def get(self, member_id: int) -> Saved | None:
        """Return what a member saved, or None."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(table).where(table.c.member_id == member_id))).mappings().first()
        return None if row is None else self._saved(row)

    async def save(self, saved: Saved) -> bool:
        """Store the answers in the place of earlier ones, whose wish to be told stays; return False where the member is not stored."""
        values = self._values(saved) | {"member_id": saved.member_id, "is_to_be_told": saved.is_to_be_told}
        stored = sa.exists(sa.select(members.c.id).where(members.c.id == saved.member_id))
        row = sa.select(*(sa.literal(values[column.name], column.type) for column in table.c)).where(stored)
        async with self._database.write() as connection:
            statement = insert(connection, table).from_select(list(table.c), row, include_defaults=False)
            statement = statement.on_conflict_do_update(index_elements=[table.c.member_id], set_=self._values(saved))
            return (await connection.execute(statement)).rowcount == 1

    async def set_told(self, member_id: int, *, is_to_be_told: bool) -> bool:
        """Note whether she wants to be told; return False where nothing of hers is saved."""
        change = sa.update(table).where(table.c.member_id == member_id).values(is_to_be_told=is_to_be_told)
        async with self._database.write() as connection:
            return (await connection.execute(change)).rowcount == 1

    async def erase(self, member_id: int) -> bool:
        """Delete what she saved, and every message about it, sent or waiting; return False where there was nothing."""
        about = sa.delete(deliveries).where(deliveries.c.member_id == member_id, deliveries.c.source == SOURCE)
        async with self._database.write() as connection:
            await connection.execute(about)
            return (await connection.execute(sa.delete(table).where(table.c.member_id == member_id))).rowcount == 1

    async def checked_with_others(self, fingerprint: str, after_member: int, limit: int) -> list[Saved]:
        """Return answers that were last checked with other rules or dates, in order of their members, from after one on."""
        query = (
            sa.select(table)
            .where(table.c.checked_with != fingerprint, table.c.member_id > after_member)
            .order_by(table.c.member_id)
            .limit(limit)
        )
        async with self._database.read() as connection:
            return [self._saved(row) for row in (await connection.execute(query)).mappings().all()]

    async def settle(self, rechecked: Sequence[Rechecked]) -> int:
        """Store what a check gave, each with its message, in one transaction: a crash leaves both undone. Return how many.

        A row that was saved, switched or erased since it was read stays as it is, and nothing is said of it.
        """
        settled = 0
        async with self._database.write() as connection:
            for each in rechecked:
                settled += await self._settle(connection, each)
        return settled

    async def _settle(self, connection: AsyncConnection, each: Rechecked) -> int:
        before = each.before
        unchanged = sa.and_(
            table.c.member_id == before.member_id,
            table.c.saved_at == before.saved_at,
            table.c.checked_with == before.checked_with,
            table.c.is_to_be_told == before.is_to_be_told,
        )
        change = sa.update(table).where(unchanged).values(**self._values(each.after))
        if (await connection.execute(change)).rowcount != 1:
            return 0
        if each.delivery is not None:
            row = insert(connection, deliveries).values(**values_of(each.delivery, self._cipher))
            await connection.execute(row.on_conflict_do_nothing())
        return 1

    def _values(self, saved: Saved) -> dict[str, Any]:
        assert saved.answers is not None  # noqa: S101 - what can't be read is never written again
        outcomes = {rule_id: [outcome.verdict.value, outcome.by] for rule_id, outcome in saved.outcomes.items()}
        checked_at = None if saved.checked_at is None else saved.checked_at.isoformat()
        content = {"answers": _written(saved.answers), "outcomes": outcomes, "checks": saved.checks, "checked_at": checked_at}
        return {
            "match_year": saved.answers.match_year,
            "saved_at": saved.saved_at,
            "checked_with": saved.checked_with,
            "blob": self._cipher.encrypt(content),
        }

    def _saved(self, row: sa.RowMapping) -> Saved:
        content = self._cipher.readable(row["blob"])
        return Saved(
            member_id=row["member_id"],
            answers=None if content is None else _answers(content.get("answers", {}), row["match_year"]),
            outcomes={} if content is None else _outcomes(content.get("outcomes", {})),
            saved_at=row["saved_at"],
            is_to_be_told=row["is_to_be_told"],
            checked_with=row["checked_with"],
            checks=0 if content is None else int(content.get("checks", 0)),
            checked_at=None if content is None or not content.get("checked_at") else datetime.fromisoformat(content["checked_at"]),
        )


def _written(answers: Answers) -> dict[str, Any]:
    """Return the answers as JSON holds them; the year of the Match has a column of its own."""
    values: dict[str, Any] = {field.name: getattr(answers, field.name) for field in dataclasses.fields(answers)}
    del values["match_year"]
    return values | {"oet_parts": None if answers.oet_parts is None else sorted(answers.oet_parts)}


def _answers(written: Mapping[str, Any], match_year: int) -> Answers:
    """Return the answers; one that this version does not know is not known."""
    values: dict[str, Any] = {}
    for field in dataclasses.fields(Answers):
        if field.name == "match_year" or (value := written.get(field.name)) is None:
            continue
        if isinstance(field.default, StrEnum):
            values[field.name] = _one_of(type(field.default), value, field.default)
        elif field.name == "oet_parts":
            values[field.name] = frozenset(part for part in OetPart if part.value in value)
        else:
            values[field.name] = int(value)
    return Answers(match_year, **values)


def _one_of(kind: type[StrEnum], value: object, otherwise: StrEnum) -> StrEnum:
    try:
        return kind(str(value))
    except ValueError:
        return otherwise


def _outcomes(written: Mapping[str, Any]) -> dict[str, Outcome]:
    return {
        rule_id: Outcome(Verdict(verdict), by) for rule_id, (verdict, by) in written.items() if verdict in {each.value for each in Verdict}
    }
