"""Steps of letters' follow-ups, stored where they differ from their default: moved, done, skipped, or with a reminder. All in clear."""

from collections.abc import Iterable

import sqlalchemy as sa

from bot.domain.letters import FollowUp, FollowUpKind, FollowUpState
from bot.storage.database import Database, insert
from bot.storage.tables import letter as letters
from bot.storage.tables import letter_follow_up as table


class FollowUpRepository:
    """Keep the steps of letters."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_member(self, member_id: int) -> tuple[FollowUp, ...]:
        """Return every stored step of hers, by day."""
        query = sa.select(table).where(table.c.member_id == member_id).order_by(table.c.due_on, table.c.id)
        async with self._database.read() as connection:
            return tuple(map(_follow_up, (await connection.execute(query)).mappings().all()))

    async def of_letter(self, letter_id: str, member_id: int) -> tuple[FollowUp, ...]:
        """Return the stored steps of one letter of hers, by day."""
        return tuple(each for each in await self.of_member(member_id) if each.letter_id == letter_id)

    async def save(self, step: FollowUp) -> bool:
        """Store a step in the place of what was; return False where its letter is gone."""
        changing = {"state": step.state.value, "due_on": step.due_on, "reminder_id": step.reminder_id}
        values = changing | {"id": step.id, "letter_id": step.letter_id, "member_id": step.member_id, "kind": step.kind.value}
        is_there = sa.exists(sa.select(letters.c.id).where(letters.c.id == step.letter_id, letters.c.member_id == step.member_id))
        row = sa.select(*(sa.literal(values[column.name], column.type) for column in table.c)).where(is_there)
        async with self._database.write() as connection:
            statement = insert(connection, table).from_select(list(table.c), row, include_defaults=False)
            statement = statement.on_conflict_do_update(index_elements=[table.c.letter_id, table.c.kind], set_=changing)
            return (await connection.execute(statement)).rowcount == 1

    async def delete(self, member_id: int, ids: Iterable[str]) -> int:
        """Delete steps of hers: they stand on their default days again; return how many."""
        mine = sa.and_(table.c.member_id == member_id, table.c.id.in_(list(ids)))
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(table).where(mine))).rowcount


def _follow_up(row: sa.RowMapping) -> FollowUp:
    return FollowUp(
        id=row["id"],
        letter_id=row["letter_id"],
        member_id=row["member_id"],
        kind=FollowUpKind(row["kind"]),
        state=FollowUpState(row["state"]),
        due_on=row["due_on"],
        reminder_id=row["reminder_id"],
    )
