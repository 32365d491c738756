"""What expires: whose term is over, what became of the notice, and what servers left behind."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import Answer, DeliveryKind, DeliveryState
from bot.domain.retention import SEASON_ENDS, Notice, Term
from bot.storage.database import Database
from bot.storage.interview_tables import interview
from bot.storage.journey_tables import journey
from bot.storage.match_week_tables import match_week
from bot.storage.mock_match_tables import mock_match, mock_match_list
from bot.storage.practice_tables import practice
from bot.storage.privacy import HERS, SHARED
from bot.storage.program_tables import program
from bot.storage.question_tables import question, question_claim, question_message
from bot.storage.rank_tables import rank_list
from bot.storage.server_event_tables import server_event
from bot.storage.server_tables import interview_report, server_answer
from bot.storage.slot_tables import slot, slot_booking, slot_draft
from bot.storage.tables import audit, broadcast, calendar_feed, delivery, eligibility, letter, member, notice_wish, reminder, rotation
from bot.storage.tables import server_date as server_date_table

ACTS: tuple[sa.Column[Any], ...] = (
    member.c.created_at,
    member.c.consented_at,
    reminder.c.created_at,
    delivery.c.sent_at,
    eligibility.c.saved_at,
    letter.c.changed_at,
    rotation.c.created_at,
    practice.c.changed_at,
    program.c.changed_at,
    rank_list.c.changed_at,
    interview.c.changed_at,
    journey.c.changed_at,
    match_week.c.changed_at,
    calendar_feed.c.made_at,
    notice_wish.c.since,
    slot_draft.c.made_at,
    interview_report.c.reported_at,
    broadcast.c.created_at,
    question.c.asked_at,
    question_claim.c.claimed_at,
    question_message.c.said_at,
    slot.c.changed_at,
    slot_booking.c.booked_at,
    audit.c.at,
    server_date_table.c.confirmed_at,
    server_event.c.made_at,
    server_answer.c.written_at,
    mock_match.c.begun_at,
    mock_match_list.c.changed_at,
)
"""When a member did something, as far as it is stored. Of messages only those that she answered count: that they came is no act of hers."""

WITHOUT_TIME = frozenset({"letter_plan", "letter_steps", "letter_assignments"})
"""What is hers and holds no time at which she did it; it comes beside a letter, which does."""

WHOSE: dict[str, sa.Column[Any]] = {table.name: whose for table, whose in (HERS | SHARED).values()}
KEPT = "She chose to keep it, or went on."
_UNSETTLED = (DeliveryState.PENDING.value, DeliveryState.PARKED.value)


class RetentionRepository:
    """Tell whose term is over; note what she keeps."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def over(self, now: datetime, *, after: int, limit: int) -> list[tuple[Term, dict[str, Notice]]]:
        """Return members whose term may be over, by id from ``after`` on, each with her notices by their ids."""
        today = now.date()
        last_year = today.year - 1 if date(today.year, *SEASON_ENDS) < today else today.year - 2
        by_year = sa.and_(member.c.target_year.is_not(None), member.c.target_year <= last_year)
        by_act = sa.and_(member.c.target_year.is_(None), member.c.created_at < _year_before(now))
        unkept = sa.or_(member.c.kept_until.is_(None), member.c.kept_until < today)
        over = sa.or_(member.c.removed_at.is_not(None), sa.and_(unkept, sa.or_(by_year, by_act)))
        return await self._terms(sa.and_(member.c.id > after, over), limit)

    async def term(self, member_id: int) -> tuple[Term, dict[str, Notice]] | None:
        """Return the term of one member with her notices; None where nothing is stored of her."""
        found = await self._terms(member.c.id == member_id, 1)
        return found[0] if found else None

    async def told(self) -> list[tuple[Term, dict[str, Notice]]]:
        """Return the members for whom a notice waits, to be sent or in the inbox, each with her notices."""
        waits = sa.exists().where(_hers, delivery.c.state.in_(_UNSETTLED))
        return await self._terms(waits, None)

    async def strangers(self, now: datetime) -> dict[int, datetime]:
        """Return who is named in what others share and has no settings of her own, and did nothing for a year: with her last act."""
        last: dict[int, datetime] = {}
        async with self._database.snapshot() as connection:
            for column in ACTS:
                whose = WHOSE[column.table.name]
                if any(key.column is member.c.id for key in whose.foreign_keys) or column.table is member:
                    continue
                nobody = sa.and_(whose.is_not(None), column.is_not(None), ~sa.exists().where(member.c.id == whose))
                query = sa.select(whose, sa.func.max(column)).where(nobody).group_by(whose)
                for person, at in (await connection.execute(query)).all():
                    last[person] = max(at, last.get(person, at))
        return {person: at for person, at in last.items() if at < _year_before(now)}

    async def keep(self, member_id: int, until: date) -> bool:
        """Let what is stored of her last to a day, and take back the notice that it expires; return False where nothing is stored."""
        later = sa.case((member.c.kept_until > until, member.c.kept_until), else_=sa.literal(until, sa.Date()))
        async with self._database.write() as connection:
            change = sa.update(member).where(member.c.id == member_id).values(kept_until=later, notice_waits_since=None, removed_at=None)
            if (await connection.execute(change)).rowcount != 1:
                return False
            await self._take_back(connection, sa.and_(delivery.c.member_id == member_id, delivery.c.state.in_(_UNSETTLED)))
            answered = sa.and_(delivery.c.member_id == member_id, _EXPIRY, delivery.c.state == "sent", delivery.c.answer.is_(None))
            await connection.execute(sa.update(delivery).where(answered).values(answer=Answer.DONE.value))
        return True

    async def removed(self, member_id: int, at: datetime) -> None:
        """Note when she took the app off her account; the first time of several counts."""
        change = sa.update(member).where(member.c.id == member_id, member.c.removed_at.is_(None))
        async with self._database.write() as connection:
            await connection.execute(change.values(removed_at=at))

    async def take_back(self, ids: Collection[str]) -> None:
        """Cancel notices that hold no more, whether they wait to be sent or lie in an inbox."""
        async with self._database.write() as connection:
            await self._take_back(connection, sa.and_(delivery.c.id.in_(ids), delivery.c.state.in_(_UNSETTLED)))

    async def waits(self, member_id: int, since: datetime | None) -> None:
        """Note from when on the notice lies in her inbox; None where a new one is made."""
        async with self._database.write() as connection:
            await connection.execute(sa.update(member).where(member.c.id == member_id).values(notice_waits_since=since))

    async def _take_back(self, connection: AsyncConnection, which: sa.ColumnElement[bool]) -> None:
        values = {"state": DeliveryState.CANCELLED.value, "reason": KEPT}
        await connection.execute(sa.update(delivery).where(_EXPIRY, which).values(values))

    async def _terms(self, which: sa.ColumnElement[bool], limit: int | None) -> list[tuple[Term, dict[str, Notice]]]:
        columns = (member.c.id, member.c.target_year, member.c.kept_until, member.c.notice_waits_since, member.c.removed_at)
        async with self._database.snapshot() as connection:
            rows = (await connection.execute(sa.select(*columns).where(which).order_by(member.c.id).limit(limit))).all()
            ids = [row.id for row in rows]
            acts, notices = await self._acts(connection, ids), await self._notices(connection, ids)
        return [(Term(row.id, acts[row.id], *row[1:]), notices.get(row.id, {})) for row in rows]

    async def _acts(self, connection: AsyncConnection, ids: Sequence[int]) -> dict[int, datetime]:
        last: dict[int, datetime] = {}
        for column in ACTS if ids else ():
            whose = WHOSE[column.table.name]
            query = sa.select(whose, sa.func.max(column)).where(whose.in_(ids), column.is_not(None)).group_by(whose)
            if column.table is delivery:
                query = query.where(delivery.c.answer.is_not(None), ~_EXPIRY)
            for person, at in (await connection.execute(query)).all():
                last[person] = max(at, last.get(person, at))
        return last

    async def _notices(self, connection: AsyncConnection, ids: Sequence[int]) -> dict[int, dict[str, Notice]]:
        columns = (delivery.c.id, delivery.c.member_id, delivery.c.state, delivery.c.due_at, delivery.c.sent_at, delivery.c.seen_at)
        query = sa.select(*columns).where(delivery.c.member_id.in_(ids), _EXPIRY)
        found: dict[int, dict[str, Notice]] = {}
        for row in (await connection.execute(query)).all() if ids else ():
            notice = Notice(row.id, DeliveryState(row.state), row.due_at, row.sent_at, row.seen_at)
            found.setdefault(row.member_id, {})[row.id] = notice
        return found


_EXPIRY = delivery.c.kind == DeliveryKind.EXPIRY.value
_hers = sa.and_(delivery.c.member_id == member.c.id, _EXPIRY)


def _year_before(now: datetime) -> datetime:
    """Return the instant of a year ago: who did something since then has a term that goes on."""
    return now.replace(year=now.year - 1, day=28 if (now.month, now.day) == (2, 29) else now.day)
