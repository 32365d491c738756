"""All that is stored of one server, for its managers: what they set and sent; of members nothing but numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import DeliveryKind
from bot.domain.server_events import EventState
from bot.domain.server_faq import EntryState
from bot.storage.broadcasts import NOT_YET
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.storage.mock_match_tables import mock_match
from bot.storage.program_tables import program_list
from bot.storage.question_tables import question
from bot.storage.server_event_tables import server_event
from bot.storage.server_tables import hidden_program, server_answer, server_feature, server_removal
from bot.storage.slot_tables import slot, slot_booking
from bot.storage.tables import audit, broadcast, broadcast_channel, delivery, live_card, notice_wish, server, server_date, server_role


@dataclass(frozen=True, slots=True)
class Part:
    """Hold which columns of a table are exported, under which names; the words of a row (``blob``) only with ``words``."""

    table: sa.Table
    columns: Mapping[str, str]
    words: bool = False
    rows: sa.ColumnElement[bool] | None = None
    """Which rows, where not all of the server."""


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


PARTS: dict[str, Part] = {
    "settings": Part(
        server,
        {
            "nudge_channel_id": "channel_for_nudges",
            "notice_channel_id": "channel_for_notices",
            "advisor_channel_id": "channel_for_advisors",
            "celebration_channel_id": "channel_for_celebration",
            "zone": "time_zone",
            "is_approved_by_two": "notices_are_approved_by_a_second_moderator",
        },
    ),
    "roles": Part(server_role, _same("role_id", "duty")),
    "features": Part(server_feature, _same("feature", "is_on")),
    "removal": Part(server_removal, {"removed_at": "bot_was_removed_at"}),
    "dates": Part(server_date, _same("event_id", "local", "zone", "day_only", "is_moved", "source_url", "confirmed_at")),
    "scheduled_events": Part(
        server_event,
        _same("id", "event_id", "state", "made_at", "starts_at", "ends_at", "channel_id", "shown_from", "trouble")
        | {"discord_id": "discord_event_id"},
        words=True,
        rows=server_event.c.state != EventState.DRAFT.value,
    ),
    "answers": Part(
        server_answer,
        _same("id", "position", "written_at") | {"catalogue_id": "pinned_answer"},
        words=True,
        rows=server_answer.c.state != EntryState.DRAFT.value,
    ),
    "programs": Part(program_list, _same("published_at"), words=True),
    "hidden_programs": Part(hidden_program, _same("season_year", "hidden_at"), words=True),
    "notices": Part(
        broadcast,
        _same("id", "state", "created_at", "confirmed_at", "send_at") | {"is_to_members": "goes_to_members_too"},
        words=True,
        rows=broadcast.c.state.not_in([state.value for state in NOT_YET]),
    ),
    "countdowns": Part(live_card, _same("channel_id", "made_at")),
    "slots": Part(slot, _same("id", "kind", "state", "local", "zone", "begins_at", "ends_at", "capacity", "changed_at")),
    "mock_matches": Part(mock_match, _same("id", "channel_id", "message_id", "state", "begun_at", "ends_at", "closed_at"), words=True),
    "deeds": Part(audit, _same("id", "at", "what") | {"actor_id": "who"}, words=True),
}
"""What is exported. Who did what stands in the deeds alone, as ``/server audit`` shows it to managers."""

LEFT_OUT_COLUMNS = {
    "guild_id": "it stands at the head of the export",
    "author_id": "who did what stands in the deeds",
    "confirmed_by": "who did what stands in the deeds",
    "advisor_id": "an advisor's own; the slots say that there were some",
    "seed": "with it whoever began a mock match could trace its numbers to those who joined",
    "program_id": "a code made of the name, which stands there",
    "shown": "a fingerprint, for the bot",
    "revision": "a count, for the bot",
    "replaces": "of drafts alone",
}
"""Columns of those tables that are not exported, and why not."""

LEFT_OUT_WORDS = {"slot": "where to meet is told to those who booked"}
"""Tables whose words are not exported, and why not."""

COUNTED = {
    "broadcast_channel": "the channels of a notice stand with it",
    "question": "questions are members' own words; how many there are is what advisors see in /advisor stats",
    "slot_booking": "who booked is between member and advisor; how many did is counted",
    "notice_wish": "who wants notices is a member's own choice; how many do is counted",
    "delivery": "what was sent to whom is not a server's; how the messages of its notices fared is counted, as in /broadcast status",
}
"""Tables of which numbers are exported, and why no more."""

MEMBERS_OWN = (
    "member",
    "eligibility",
    "letter_plan",
    "letter",
    "letter_follow_up",
    "letter_assignment",
    "rotation",
    "practice",
    "program",
    "rank_list",
    "interview",
    "journey",
    "match_week",
    "calendar_feed",
)
LEFT_OUT = {
    "question_claim": "who took on a question is the advisor's",
    "question_message": "answers are the words of those who wrote them",
    "slot_draft": "an advisor's own until it is offered",
    "interview_report": "a member's own; the board shows a program once three reported it, and never who",
    "mock_match_list": "a member's own order and result",
    "reminder": "a member's own, wherever she set it",
    **dict.fromkeys(MEMBERS_OWN, "a member's own, of no server"),
    **dict.fromkeys(("published_event", "lease", "key_check"), "the bot's own, of no server"),
}
"""Tables of which nothing is exported, and why not."""

BOOKKEEPING = frozenset({"dates"})
"""What the words of a notice hold for the bot alone: a fingerprint of the dates that it was written from."""


class ServerExportRepository:
    """Read what is stored of one server, and nothing of another."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def export(self, guild_id: int) -> dict[str, Any] | None:
        """Return all of it as JSON holds it, ids as text and instants as ISO 8601 in UTC; None where nothing is stored of that server."""
        async with self._database.snapshot() as connection:
            parts = {name: await self._rows(connection, part, guild_id) for name, part in PARTS.items()}
            for notice in parts["notices"]:
                query = sa.select(broadcast_channel.c.channel_id).where(broadcast_channel.c.broadcast_id == notice["id"])
                notice["channels"] = sorted(str(each) for each in (await connection.execute(query)).scalars())
            numbers = await _numbers(connection, guild_id)
        if not any(parts.values()) and not any(numbers.values()):
            return None
        return {"server_id": str(guild_id), **parts, "numbers": numbers}

    async def _rows(self, connection: AsyncConnection, part: Part, guild_id: int) -> list[dict[str, Any]]:
        wanted = [part.table.c[name] for name in part.columns] + ([part.table.c.blob] if part.words else [])
        query = sa.select(*wanted).where(part.table.c.guild_id == guild_id).order_by(*part.table.primary_key)
        if part.rows is not None:
            query = query.where(part.rows)
        return [self._readable(part, row) for row in (await connection.execute(query)).mappings()]

    def _readable(self, part: Part, row: sa.RowMapping) -> dict[str, Any]:
        plain = {name: _json(column, row[column]) for column, name in part.columns.items()}
        if not part.words or row["blob"] is None:
            return plain
        words = self._cipher.readable(row["blob"])
        if words is None:
            return plain | {"unreadable": True}
        return plain | {"words": {name: value for name, value in words.items() if name not in BOOKKEEPING}}


def _json(column: str, value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and (column.endswith("_id") or column == "id"):
        return str(value)  # a reader that knows numbers only as floats would round it
    return value


async def _numbers(connection: AsyncConnection, guild_id: int) -> dict[str, Any]:
    """Return what is counted of members' rows in a server: how many, by state."""
    offered = sa.select(slot.c.id).where(slot.c.guild_id == guild_id)
    notices = sa.and_(delivery.c.guild_id == guild_id, delivery.c.kind == DeliveryKind.NOTICE.value)
    wishes = sa.select(sa.func.count()).select_from(notice_wish).where(notice_wish.c.guild_id == guild_id)
    return {
        "questions": await _by_state(connection, question, sa.and_(question.c.guild_id == guild_id, question.c.asked_at.is_not(None))),
        "bookings_of_slots": await _by_state(connection, slot_booking, slot_booking.c.slot_id.in_(offered)),
        "messages_of_notices_to_channels": await _by_state(connection, delivery, sa.and_(notices, delivery.c.member_id.is_(None))),
        "messages_of_notices_to_members": await _by_state(connection, delivery, sa.and_(notices, delivery.c.member_id.is_not(None))),
        "members_who_want_notices": (await connection.execute(wishes)).scalar_one(),
    }


async def _by_state(connection: AsyncConnection, table: sa.Table, where: sa.ColumnElement[bool]) -> dict[str, int]:
    query = sa.select(table.c.state, sa.func.count()).where(where).group_by(table.c.state).order_by(table.c.state)
    return {row[0]: row[1] for row in (await connection.execute(query)).all()}
