"""Broadcasts, stored; what they say is encrypted."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.broadcast import Broadcast, BroadcastState
from bot.domain.delivery import Delivery
from bot.storage.database import Database, insert
from bot.storage.delivery_rows import UNREADABLE_TEXT, values_of
from bot.storage.encryption import Cipher
from bot.storage.tables import broadcast as table
from bot.storage.tables import delivery as deliveries


class BroadcastRepository:
    """Keep broadcasts of every server."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def add(self, broadcast: Broadcast, *, instead_of: str | None = None) -> bool:
        """Store a new draft, with ``instead_of`` in the place of that one; return False where that one was confirmed."""
        values = {
            "id": broadcast.id,
            "guild_id": broadcast.guild_id,
            "channel_id": broadcast.channel_id,
            "author_id": broadcast.author_id,
            "state": broadcast.state.value,
            "created_at": broadcast.created_at,
            "confirmed_at": broadcast.confirmed_at,
            "blob": self._cipher.encrypt({"title": broadcast.title, "text": broadcast.text}),
        }
        async with self._database.write() as connection:
            if instead_of is not None:
                await connection.execute(sa.delete(table).where(_draft(instead_of), table.c.guild_id == broadcast.guild_id))
                confirmed = sa.select(table.c.id).where(table.c.id == instead_of, table.c.guild_id == broadcast.guild_id)
                if (await connection.execute(confirmed)).first() is not None:
                    return False
            await connection.execute(sa.insert(table).values(values))
        return True

    async def get(self, broadcast_id: str) -> Broadcast | None:
        """Return the broadcast, or None."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(table).where(table.c.id == broadcast_id))).mappings().first()
        return None if row is None else self._broadcast(row)

    async def confirm(self, broadcast_id: str, now: datetime, delivery: Delivery) -> bool:
        """Turn a draft into what is sent, in one transaction with its delivery; return False where it is no draft any more."""
        async with self._database.write() as connection:
            change = sa.update(table).where(_draft(broadcast_id)).values(state=BroadcastState.CONFIRMED.value, confirmed_at=now)
            if (await connection.execute(change)).rowcount != 1:
                return False
            await connection.execute(insert(connection, deliveries).values(**values_of(delivery, self._cipher)).on_conflict_do_nothing())
        return True

    async def discard(self, broadcast_id: str) -> bool:
        """Throw a draft away with what it says; return False where it is no draft any more."""
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(table).where(_draft(broadcast_id)))).rowcount == 1

    async def discard_old_drafts(self, before: datetime) -> int:
        """Throw away drafts that nobody confirmed; return how many."""
        old = sa.and_(table.c.state == BroadcastState.DRAFT.value, table.c.created_at < before)
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(table).where(old))).rowcount

    def _broadcast(self, row: sa.RowMapping) -> Broadcast:
        says = self._cipher.readable(row["blob"]) or {"title": UNREADABLE_TEXT, "text": ""}
        return Broadcast(
            id=row["id"],
            guild_id=row["guild_id"],
            channel_id=row["channel_id"],
            author_id=row["author_id"],
            title=says["title"],
            text=says["text"],
            state=BroadcastState(row["state"]),
            created_at=row["created_at"],
            confirmed_at=row["confirmed_at"],
        )


def _draft(broadcast_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.id == broadcast_id, table.c.state == BroadcastState.DRAFT.value)
