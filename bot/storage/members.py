"""Members' settings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, union, update

from bot.domain.member import Country, DirectMessages, Member
from bot.domain.preferences import Preferences
from bot.domain.reminder import ReminderState
from bot.storage.changes import Topic, note
from bot.storage.database import Database, insert
from bot.storage.encryption import Cipher
from bot.storage.question_tables import question
from bot.storage.tables import member as table
from bot.storage.tables import notice_wish, reminder


class MemberRepository:
    """Keep what members told of themselves."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def get(self, member_id: int) -> Member | None:
        """Return a member, or None."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(table).where(table.c.id == member_id))).one_or_none()
        return None if row is None else self._member(row)

    async def get_anew(self, member_id: int) -> Member | None:
        """Return a member as she is stored now, whatever is remembered of her; or None."""
        return await self.get(member_id)

    async def get_many(self, member_ids: Sequence[int]) -> dict[int, Member]:
        """Return those of the members who are stored, by id, in one statement; a few hundred at most."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(table).where(table.c.id.in_(member_ids)))).all()
        return {row.id: self._member(row) for row in rows}

    async def servers_of(self, member_id: int) -> frozenset[int]:
        """Return the servers that she is known to use: where she set a reminder, wants notices or asked a question."""
        active = reminder.c.state == ReminderState.ACTIVE.value
        query = union(
            select(reminder.c.guild_id).where(reminder.c.member_id == member_id, active, reminder.c.guild_id.is_not(None)),
            select(notice_wish.c.guild_id).where(notice_wish.c.member_id == member_id),
            select(question.c.guild_id).where(question.c.member_id == member_id),
        )
        async with self._database.read() as connection:
            return frozenset((await connection.execute(query)).scalars())

    async def save(self, member: Member) -> None:
        """Write a member's settings, whether she is new or known; ``created_at`` stays what it first was."""
        values = self._values(member)
        async with self._database.write() as connection:
            row = insert(connection, table).values(id=member.id, created_at=member.created_at, **values)
            await connection.execute(row.on_conflict_do_update(index_elements=[table.c.id], set_=values))
            await note(connection, Topic.MEMBER, member.id)

    async def ensure(self, member_id: int, now: datetime) -> None:
        """Store a member who is not stored: what is kept belongs to one, and this may be the first thing that she ever does here."""
        if await self.get(member_id) is None:
            await self.save(Member(id=member_id, created_at=now))

    async def update(self, member: Member) -> bool:
        """Write the settings of a member who is stored; return False, and write nothing, where she is not (any more)."""
        async with self._database.write() as connection:
            result = await connection.execute(update(table).where(table.c.id == member.id).values(**self._values(member)))
            await note(connection, Topic.MEMBER, member.id)
        return result.rowcount == 1

    async def erase(self, member_id: int) -> bool:
        """Delete a member with her reminders and deliveries; tell whether there was one."""
        async with self._database.write() as connection:
            result = await connection.execute(delete(table).where(table.c.id == member_id))
            await note(connection, Topic.ERASED, member_id)
        return result.rowcount > 0

    def _values(self, member: Member) -> dict[str, Any]:
        return {
            "target_year": member.target_year,
            "direct_messages": member.direct_messages.value,
            "consented_at": member.consented_at,
            "consent_version": member.consent_version,
            "dm_channel_id": member.dm_channel_id,
            "blob": self._cipher.encrypt(
                {"zone": member.zone, "countries": sorted(member.countries), "preferences": member.preferences.as_stored()}
            ),
        }

    def _member(self, row: Row[Any]) -> Member:
        blob = self._cipher.decrypt(row.blob)
        return Member(
            id=row.id,
            created_at=row.created_at,
            zone=blob["zone"],
            countries=frozenset(Country(country) for country in blob["countries"]),
            target_year=row.target_year,
            direct_messages=DirectMessages(row.direct_messages),
            consented_at=row.consented_at,
            consent_version=row.consent_version,
            dm_channel_id=row.dm_channel_id,
            preferences=Preferences.from_stored(blob.get("preferences") or {}),
        )
