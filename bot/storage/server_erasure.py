"""What is stored of a server from which the bot was removed: marked, and erased once the grace is over."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import DeliveryKind, DeliveryState
from bot.domain.questions import UNDER_WAY, QuestionState
from bot.domain.slots import SlotState
from bot.storage.changes import Topic, note
from bot.storage.database import Database, insert, one_at_a_time
from bot.storage.mock_match_tables import mock_match
from bot.storage.program_tables import program_list
from bot.storage.question_tables import question, question_claim
from bot.storage.server_event_tables import server_event
from bot.storage.server_tables import hidden_program, interview_report, server_answer, server_feature, server_removal
from bot.storage.slot_tables import slot, slot_booking, slot_draft
from bot.storage.slots import CHANGING, LEAD, STOPPED
from bot.storage.tables import audit, broadcast, delivery, live_card, notice_wish, reminder, server, server_date, server_role

GOES = (
    server,
    server_role,
    server_feature,
    hidden_program,
    program_list,
    server_date,
    server_event,
    server_answer,
    audit,
    live_card,
    broadcast,
    slot_draft,
    notice_wish,
    interview_report,
    mock_match,
)
"""Tables whose rows of a server go with it; the channels of a notice go with the notice."""

LOSES = (question, slot, delivery)
"""Tables whose rows lose their server's side: who asked, booked or got a message keeps that."""

STAYS = (reminder,)
"""Tables whose rows are a member's alone and only name a server: nothing of them changes."""


class ServerErasureRepository:
    """Mark servers that the bot was removed from, and erase what is stored of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self) -> set[int]:
        """Return the servers of which anything is stored that goes with them."""
        async with self._database.snapshot() as connection:
            return {
                guild_id
                for table in (*GOES, question, slot)
                for guild_id in (await connection.execute(sa.select(table.c.guild_id).distinct())).scalars()
            }

    async def removed(self) -> dict[int, datetime]:
        """Return the servers that are marked, and since when."""
        async with self._database.read() as connection:
            rows = (await connection.execute(sa.select(server_removal.c.guild_id, server_removal.c.removed_at))).all()
        return {row.guild_id: row.removed_at for row in rows}

    async def mark(self, guild_ids: Collection[int], now: datetime) -> None:
        """Note that the bot is no longer in some servers; one that is marked keeps its day."""
        if not guild_ids:
            return
        async with self._database.write() as connection:
            rows = [{"guild_id": each, "removed_at": now} for each in sorted(guild_ids)]
            await connection.execute(insert(connection, server_removal).on_conflict_do_nothing(), rows)

    async def unmark(self, guild_ids: Collection[int]) -> None:
        """Note that the bot is in some servers again: everything of theirs stays."""
        if not guild_ids:
            return
        async with self._database.write() as connection:
            await connection.execute(sa.delete(server_removal).where(server_removal.c.guild_id.in_(guild_ids)))

    async def erase(self, guild_id: int, before: datetime, now: datetime) -> bool:
        """Erase what is stored of a server, in one transaction; return False where it is not marked since ``before``."""
        marked = sa.and_(server_removal.c.guild_id == guild_id, server_removal.c.removed_at <= before)
        async with self._database.write() as connection:
            await one_at_a_time(connection, CHANGING)
            if (await connection.execute(sa.delete(server_removal).where(marked))).rowcount != 1:
                return False
            await self._close_questions(connection, guild_id, now)
            await self._cancel_slots(connection, guild_id, now)
            await self._drop_messages(connection, guild_id)
            for table in GOES:
                await connection.execute(sa.delete(table).where(table.c.guild_id == guild_id))
            for topic in (Topic.DATES, Topic.FAQ, Topic.HEARD):
                await note(connection, topic, guild_id)
        return True

    async def _close_questions(self, connection: AsyncConnection, guild_id: int, now: datetime) -> None:
        """Let nobody wait any more, and forget who took a question on; what was asked and answered stays with those who wrote it."""
        here = question.c.guild_id == guild_id
        claims = question_claim.c.question_id.in_(sa.select(question.c.id).where(here))
        await connection.execute(sa.delete(question_claim).where(claims))
        await connection.execute(sa.delete(question).where(here, question.c.state == QuestionState.DRAFT.value))
        open_still = sa.and_(here, question.c.state.in_([state.value for state in UNDER_WAY]))
        closed = {"state": QuestionState.CLOSED.value, "closed_at": now, "revision": question.c.revision + 1}
        await connection.execute(sa.update(question).where(open_still).values(closed))

    async def _cancel_slots(self, connection: AsyncConnection, guild_id: int, now: datetime) -> None:
        """Cancel what lies ahead with its reminders, and forget where to meet; who offered and who booked keep that they did."""
        here = slot.c.guild_id == guild_id
        offered = sa.select(slot.c.id).where(here)
        booked = sa.select(slot_booking.c.id).where(slot_booking.c.slot_id.in_(offered))
        leads = sa.and_(delivery.c.source == LEAD, delivery.c.state == DeliveryState.PENDING.value)
        planned = sa.and_(leads, sa.or_(delivery.c.source_id.in_(offered), delivery.c.source_id.in_(booked)))
        await connection.execute(sa.update(delivery).where(planned).values(state=DeliveryState.CANCELLED.value, reason=STOPPED))
        ahead = sa.and_(here, slot.c.state == SlotState.OPEN.value, slot.c.ends_at > now)
        cancelled = {"state": SlotState.CANCELLED.value, "changed_at": now, "revision": slot.c.revision + 1}
        await connection.execute(sa.update(slot).where(ahead).values(cancelled))
        await connection.execute(sa.update(slot).where(here).values(blob=None))

    async def _drop_messages(self, connection: AsyncConnection, guild_id: int) -> None:
        """Drop what went to its channels, its jobs, and notices that never reached anybody."""
        here = delivery.c.guild_id == guild_id
        unread = sa.and_(
            delivery.c.kind == DeliveryKind.NOTICE.value,
            delivery.c.state.not_in([DeliveryState.SENT.value, DeliveryState.PARKED.value]),
        )
        await connection.execute(sa.delete(delivery).where(here, sa.or_(delivery.c.member_id.is_(None), unread)))
