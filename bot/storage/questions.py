"""Questions to advisors, stored; what anybody wrote is encrypted, ids, states and dates are not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.questions import UNDER_WAY, WAITING, Question, QuestionMessage, QuestionRole, QuestionState, QuestionTopic, SharedFact
from bot.domain.servers import AuditEntry
from bot.storage.audit import audit_values
from bot.storage.database import Database, insert, locked
from bot.storage.delivery_rows import UNREADABLE_TEXT, values_of
from bot.storage.encryption import Cipher
from bot.storage.question_tables import question as table
from bot.storage.question_tables import question_claim as claims
from bot.storage.question_tables import question_message as said
from bot.storage.tables import audit
from bot.storage.tables import delivery as deliveries
from bot.storage.tables import member as members

_whole = sa.select(table, claims.c.advisor_id, claims.c.claimed_at).join_from(table, claims, isouter=True)
DRAFT, WITHDRAWN = QuestionState.DRAFT.value, QuestionState.WITHDRAWN.value
_waiting = table.c.state.in_(sorted(WAITING))
_under_way = table.c.state.in_(sorted(UNDER_WAY))


class QuestionRepository:
    """Keep questions of every server; a method that lists names whose it lists, or which server's."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def add_draft(self, question: Question) -> None:
        """Store a draft in the place of the one that she has in that server."""
        values = _values(question) | {
            "id": question.id,
            "guild_id": question.guild_id,
            "member_id": question.member_id,
            "topic": question.topic.value,
            "is_name_hidden": question.is_name_hidden,
            "blob": self._cipher.encrypt({"text": question.text, "facts": dict(question.facts)}),
        }
        hers = sa.and_(table.c.member_id == question.member_id, table.c.guild_id == question.guild_id, table.c.state == DRAFT)
        async with self._database.write() as connection:
            await connection.execute(sa.delete(table).where(hers))
            await connection.execute(sa.insert(table).values(values))

    async def get(self, question_id: str) -> Question | None:
        """Return the question, or None."""
        found = await self._found(_whole.where(table.c.id == question_id))
        return found[0] if found else None

    async def draft_of(self, member_id: int, guild_id: int) -> Question | None:
        """Return the draft that she has in a server, or None."""
        found = await self._found(_whole.where(table.c.member_id == member_id, table.c.guild_id == guild_id, table.c.state == DRAFT))
        return found[0] if found else None

    async def discard(self, question_id: str, member_id: int) -> bool:
        """Throw a draft of hers away with what it says; return False where it is none."""
        async with self._database.write() as connection:
            gone = sa.delete(table).where(table.c.id == question_id, table.c.member_id == member_id, table.c.state == DRAFT)
            return (await connection.execute(gone)).rowcount == 1

    async def discard_old_drafts(self, before: datetime) -> int:
        """Throw away drafts that nobody sent; return how many."""
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(table).where(table.c.state == DRAFT, table.c.waits_since < before))).rowcount

    async def save(
        self,
        question: Question,
        *,
        messages: Sequence[QuestionMessage] = (),
        sends: Sequence[Delivery] = (),
        deed: AuditEntry | None = None,
        at_most: int | None = None,
    ) -> bool:
        """Store a changed question with what was said, what is to be sent and what the audit records of it, in one transaction.

        Return False, and change nothing, where it was changed since it was read, or where she has ``at_most`` questions under way in that
        server already.
        """
        async with self._database.write() as connection:
            if at_most is not None and await self._under_way(connection, question) >= at_most:
                return False
            mine = sa.and_(table.c.id == question.id, table.c.revision == question.revision)
            change = sa.update(table).where(mine).values(_values(question) | {"revision": question.revision + 1})
            if (await connection.execute(change)).rowcount != 1:
                return False
            await self._claim(connection, question)
            if question.state is QuestionState.WITHDRAWN:
                hers = sa.and_(said.c.question_id == question.id, said.c.role == QuestionRole.MEMBER.value)
                await connection.execute(sa.update(said).where(hers).values(blob=None))
            for message in messages:
                await connection.execute(sa.insert(said).values(self._said(message) | {"revision": question.revision}))
            if deed is not None:
                await connection.execute(sa.insert(audit).values(audit_values(deed, self._cipher)))
            for delivery in sends:
                row = insert(connection, deliveries).values(**values_of(delivery, self._cipher))
                await connection.execute(row.on_conflict_do_nothing())
        return True

    async def messages(self, question_id: str) -> list[QuestionMessage]:
        """Return what was said about a question, in order."""
        query = sa.select(said).where(said.c.question_id == question_id).order_by(said.c.revision, said.c.id)
        async with self._database.read() as connection:
            return [self._message(row) for row in (await connection.execute(query)).mappings()]

    async def message(self, message_id: str) -> QuestionMessage | None:
        """Return one thing that was said, or None."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(said).where(said.c.id == message_id))).mappings().first()
        return None if row is None else self._message(row)

    async def asked_by(self, member_id: int, guild_id: int | None, limit: int, offset: int = 0) -> list[Question]:
        """Return what she asked in a server, or everywhere, the newest first."""
        query = _whole.where(table.c.member_id == member_id, table.c.state != DRAFT)
        if guild_id is not None:
            query = query.where(table.c.guild_id == guild_id)
        return await self._found(query.order_by(table.c.asked_at.desc(), table.c.id).limit(limit).offset(offset))

    async def not_withdrawn(self, member_id: int) -> list[str]:
        """Return the ids of what she asked and never withdrew."""
        query = sa.select(table.c.id).where(table.c.member_id == member_id, table.c.state.not_in([DRAFT, WITHDRAWN]))
        async with self._database.read() as connection:
            return list((await connection.execute(query)).scalars())

    async def under_way(self, guild_id: int, limit: int, offset: int = 0) -> list[Question]:
        """Return the questions of a server that are not closed, the one that waits longest first."""
        query = _whole.where(table.c.guild_id == guild_id, _under_way)
        return await self._found(query.order_by(table.c.waits_since, table.c.id).limit(limit).offset(offset))

    async def unposted(self, guild_id: int) -> list[str]:
        """Return for each question of a server that is not closed and whose entry was refused why it was."""
        refused = sa.and_(deliveries.c.id == table.c.entry_id, deliveries.c.state == DeliveryState.PARKED.value)
        query = sa.select(deliveries.c.reason).join_from(table, deliveries, refused).where(table.c.guild_id == guild_id, _under_way)
        async with self._database.read() as connection:
            return list((await connection.execute(query.order_by(table.c.waits_since))).scalars())

    async def counts(self, guild_id: int) -> dict[QuestionState, int]:
        """Return how many questions of a server stand where."""
        query = (
            sa.select(table.c.state, sa.func.count()).where(table.c.guild_id == guild_id, table.c.state != DRAFT).group_by(table.c.state)
        )
        async with self._database.read() as connection:
            return {QuestionState(state): count for state, count in (await connection.execute(query)).all()}

    async def waits(self, guild_id: int, since: datetime) -> list[tuple[datetime, datetime]]:
        """Return when the questions of a server that were first answered since then were asked and answered."""
        query = sa.select(table.c.asked_at, table.c.answered_at).where(table.c.guild_id == guild_id, table.c.answered_at >= since)
        async with self._database.read() as connection:
            return [(asked, answered) for asked, answered in (await connection.execute(query)).all()]

    async def ratings(self, guild_id: int, since: datetime) -> list[int]:
        """Return the ratings of questions of a server that were closed since then."""
        query = sa.select(table.c.rating).where(table.c.guild_id == guild_id, table.c.rating.is_not(None), table.c.closed_at >= since)
        async with self._database.read() as connection:
            return list((await connection.execute(query)).scalars())

    async def oldest_waiting(self, guild_id: int) -> datetime | None:
        """Return since when the question of a server waits that nobody has taken on for longest; None where none does."""
        query = sa.select(sa.func.min(table.c.waits_since)).where(table.c.guild_id == guild_id, _waiting)
        async with self._database.read() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def _under_way(self, connection: AsyncConnection, question: Question) -> int:
        # Her own row is locked first: of two questions that she sends at once the second one counts the first.
        await connection.execute(locked(connection, sa.select(members.c.id).where(members.c.id == question.member_id)))
        hers = sa.and_(table.c.member_id == question.member_id, table.c.guild_id == question.guild_id, _under_way)
        return (await connection.execute(sa.select(sa.func.count()).select_from(table).where(hers))).scalar_one()

    async def _claim(self, connection: AsyncConnection, question: Question) -> None:
        if question.claimed_by is None:
            await connection.execute(sa.delete(claims).where(claims.c.question_id == question.id))
            return
        values = {"advisor_id": question.claimed_by, "claimed_at": question.claimed_at}
        row = insert(connection, claims).values(question_id=question.id, **values)
        await connection.execute(row.on_conflict_do_update(index_elements=[claims.c.question_id], set_=values))

    async def _found(self, query: sa.Select[Any]) -> list[Question]:
        async with self._database.read() as connection:
            return [self._question(row) for row in (await connection.execute(query)).mappings()]

    def _said(self, message: QuestionMessage) -> dict[str, Any]:
        return {
            "id": message.id,
            "question_id": message.question_id,
            "author_id": message.author_id,
            "role": message.role.value,
            "said_at": message.said_at,
            "blob": self._cipher.encrypt({"text": message.text}),
        }

    def _message(self, row: sa.RowMapping) -> QuestionMessage:
        return QuestionMessage(
            id=row["id"],
            question_id=row["question_id"],
            author_id=row["author_id"],
            role=QuestionRole(row["role"]),
            said_at=row["said_at"],
            text=self._opened(row["blob"])["text"],
        )

    def _opened(self, blob: bytes | None) -> dict[str, Any]:
        if blob is None:
            return {"text": ""}
        return self._cipher.readable(blob) or {"text": UNREADABLE_TEXT}

    def _question(self, row: sa.RowMapping) -> Question:
        says = self._opened(row["blob"])
        return Question(
            id=row["id"],
            guild_id=row["guild_id"],
            member_id=row["member_id"],
            topic=QuestionTopic(row["topic"]),
            state=QuestionState(row["state"]),
            is_name_hidden=row["is_name_hidden"],
            waits_since=row["waits_since"],
            text=says["text"],
            facts={SharedFact(fact): words for fact, words in says.get("facts", {}).items()},
            asked_at=row["asked_at"],
            channel_id=row["channel_id"],
            entry_id=row["entry_id"],
            claimed_by=row["advisor_id"],
            claimed_at=row["claimed_at"],
            answered_at=row["answered_at"],
            closed_at=row["closed_at"],
            rating=row["rating"],
            lifted_at=row["lifted_at"],
            revision=row["revision"],
        )


def _values(question: Question) -> dict[str, Any]:
    """Return what may change of a question; her words can only go."""
    values = {
        "state": question.state.value,
        "waits_since": question.waits_since,
        "asked_at": question.asked_at,
        "channel_id": question.channel_id,
        "entry_id": question.entry_id,
        "answered_at": question.answered_at,
        "closed_at": question.closed_at,
        "rating": question.rating,
        "lifted_at": question.lifted_at,
        "revision": question.revision,
    }
    return values | {"blob": None} if question.state is QuestionState.WITHDRAWN else values
