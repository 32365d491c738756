"""All that is stored of one member: counted, exported, erased."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.broadcast import NOT_YET
from bot.domain.questions import QuestionState
from bot.domain.server_events import EventState
from bot.domain.server_faq import EntryState
from bot.domain.slots import BookingState, SlotState
from bot.storage.changes import Topic, note
from bot.storage.database import Database, one_at_a_time
from bot.storage.delivery_rows import UNREADABLE
from bot.storage.encryption import Cipher
from bot.storage.interview_tables import interview
from bot.storage.journey_tables import journey
from bot.storage.match_week_tables import match_week
from bot.storage.mock_match_tables import mock_match, mock_match_list
from bot.storage.practice_tables import practice
from bot.storage.program_tables import program
from bot.storage.question_tables import question, question_claim, question_message
from bot.storage.rank_tables import rank_list
from bot.storage.server_event_tables import server_event
from bot.storage.server_tables import interview_report, server_answer
from bot.storage.slot_tables import slot, slot_booking, slot_draft
from bot.storage.slots import CHANGING
from bot.storage.tables import (
    audit,
    broadcast,
    calendar_feed,
    delivery,
    eligibility,
    letter,
    letter_assignment,
    letter_follow_up,
    letter_plan,
    member,
    notice_wish,
    reminder,
    rotation,
    server_date,
)

HERS: dict[str, tuple[sa.Table, sa.Column[Any]]] = {
    "settings": (member, member.c.id),
    "reminders": (reminder, reminder.c.member_id),
    "messages": (delivery, delivery.c.member_id),
    "eligibility": (eligibility, eligibility.c.member_id),
    "letter_plan": (letter_plan, letter_plan.c.member_id),
    "letters": (letter, letter.c.member_id),
    "letter_steps": (letter_follow_up, letter_follow_up.c.member_id),
    "letter_assignments": (letter_assignment, letter_assignment.c.member_id),
    "rotations": (rotation, rotation.c.member_id),
    "practice": (practice, practice.c.member_id),
    "programs": (program, program.c.member_id),
    "rank_lists": (rank_list, rank_list.c.member_id),
    "interviews": (interview, interview.c.member_id),
    "journey": (journey, journey.c.member_id),
    "match_weeks": (match_week, match_week.c.member_id),
    "calendar_feed": (calendar_feed, calendar_feed.c.member_id),
    "notice_wishes": (notice_wish, notice_wish.c.member_id),
    "slot_drafts": (slot_draft, slot_draft.c.advisor_id),
    "interview_reports": (interview_report, interview_report.c.member_id),
    "mock_match_lists": (mock_match_list, mock_match_list.c.member_id),
}
"""Every table that holds rows of a member, and the column that says whose; a test holds it complete."""

SHARED: dict[str, tuple[sa.Table, sa.Column[Any]]] = {
    "broadcasts": (broadcast, broadcast.c.author_id),
    "questions": (question, question.c.member_id),
    "question_claims": (question_claim, question_claim.c.advisor_id),
    "question_messages": (question_message, question_message.c.author_id),
    "slots": (slot, slot.c.advisor_id),
    "slot_bookings": (slot_booking, slot_booking.c.member_id),
    "deeds": (audit, audit.c.actor_id),
    "server_dates": (server_date, server_date.c.confirmed_by),
    "server_events": (server_event, server_event.c.author_id),
    "server_answers": (server_answer, server_answer.c.author_id),
    "mock_matches": (mock_match, mock_match.c.author_id),
}
"""Tables whose rows belong to others too: hers are exported; when she is erased, they stay without her."""

HERS_UNTIL_SENT: dict[str, sa.ColumnElement[bool]] = {
    "broadcasts": broadcast.c.state.in_([state.value for state in NOT_YET]),
    "questions": question.c.state == QuestionState.DRAFT.value,
    "question_claims": sa.false(),
    "question_messages": sa.false(),
    "slots": sa.false(),
    "slot_bookings": sa.false(),
    "deeds": sa.false(),
    "server_dates": sa.false(),
    "server_events": server_event.c.state == EventState.DRAFT.value,
    "server_answers": server_answer.c.state == EntryState.DRAFT.value,
    "mock_matches": sa.false(),
}
"""The rows of those tables that nobody else has seen: they go with her."""

GOES_WITH_HER: dict[str, dict[str, Any]] = {
    "questions": {"state": QuestionState.WITHDRAWN.value, "blob": None},
    "question_messages": {"blob": None},
    "slots": {"state": SlotState.CANCELLED.value, "blob": None},
    "slot_bookings": {"state": BookingState.CANCELLED.value},
}
"""What else those rows lose when she is erased: her words, her places."""

NOBODYS = (
    "lease",
    "key_check",
    "published_event",
    "live_card",
    "server",
    "server_role",
    "server_feature",
    "server_removal",
    "hidden_program",
    "broadcast_channel",
    "program_list",
)
"""Tables without rows of members."""

# With a seed whoever began a mock match could trace the numbers of applicants to those who joined.
INTERNAL = {"blob", "payload", "lease_owner", "lease_until", "secret_hash", "seed"}

NUMBERS = (
    "id",
    "member_id",
    "guild_id",
    "channel_id",
    "message_id",
    "dm_channel_id",
    "author_id",
    "actor_id",
    "confirmed_by",
    "advisor_id",
    "discord_id",
)
"""Columns that may hold a snowflake."""


class PrivacyRepository:
    """Reach all rows of one member, and none of another."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def summary(self, member_id: int) -> dict[str, int]:
        """Return how many rows of each kind are stored of her."""
        counts: dict[str, int] = {}
        async with self._database.snapshot() as connection:
            for name, (table, whose) in (HERS | SHARED).items():
                query = sa.select(sa.func.count()).select_from(table).where(whose == member_id)
                counts[name] = (await connection.execute(query)).scalar_one()
        return counts

    async def everyone(self) -> set[int]:
        """Return every member of whom anything is stored."""
        found = sa.union(*(sa.select(whose).where(whose.is_not(None)) for _, whose in (HERS | SHARED).values()))
        async with self._database.read() as connection:
            return set((await connection.execute(found)).scalars())

    async def here_since(self, member_id: int) -> datetime | None:
        """Return when the bot first met her; None where she has no settings."""
        async with self._database.read() as connection:
            return await connection.scalar(sa.select(member.c.created_at).where(member.c.id == member_id))

    async def export(self, member_id: int) -> dict[str, Any]:
        """Return every row of hers, decrypted; instants as ISO 8601 in UTC."""
        data: dict[str, Any] = {"member_id": str(member_id)}
        async with self._database.snapshot() as connection:
            for name, (table, whose) in (HERS | SHARED).items():
                rows = (await connection.execute(sa.select(table).where(whose == member_id).order_by(*table.primary_key))).mappings()
                data[name] = [self._readable(row) for row in rows.all()]
        return data

    async def erase(self, member_id: int) -> dict[str, int]:
        """Erase every row of hers in one transaction, and her name from those of others; return how many of each kind changed."""
        counts: dict[str, int] = {}
        async with self._database.write() as connection:
            await one_at_a_time(connection, CHANGING)  # a place that she books just now is either seen here, or refused
            for name, (table, whose) in SHARED.items():
                unseen = sa.and_(whose == member_id, HERS_UNTIL_SENT[name])
                counts[name] = (await connection.execute(sa.delete(table).where(unseen))).rowcount
                lost = {whose.name: None} | GOES_WITH_HER.get(name, {})
                counts[name] += (await connection.execute(sa.update(table).where(whose == member_id).values(lost))).rowcount
            for name, (table, whose) in reversed(HERS.items()):  # what points at her first, herself last
                counts[name] = (await connection.execute(sa.delete(table).where(whose == member_id))).rowcount
            await note(connection, Topic.ERASED, member_id)
        return counts

    def _readable(self, row: sa.RowMapping) -> dict[str, Any]:
        plain = {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items() if key not in INTERNAL}
        for key in NUMBERS:
            if isinstance(plain.get(key), int):
                plain[key] = str(plain[key])  # a reader that knows numbers only as floats would round a snowflake
        sealed = row.get("blob", row.get("payload"))
        if sealed is None:  # a row of ids, states and dates alone
            return plain
        personal = self._cipher.readable(sealed)
        return plain | ({UNREADABLE: "yes"} if personal is None else personal)
