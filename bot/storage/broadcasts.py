"""Broadcasts, stored; what they say is encrypted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.broadcast import NOT_YET, Broadcast, BroadcastState
from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState
from bot.storage.database import Database, insert
from bot.storage.delivery_rows import UNREADABLE_TEXT, values_of
from bot.storage.encryption import Cipher
from bot.storage.tables import broadcast as table
from bot.storage.tables import broadcast_channel as channels
from bot.storage.tables import delivery as deliveries
from bot.storage.tables import notice_wish as wishes

SOURCE = "broadcast"
NOTICES = (DeliveryKind.NOTICE.value,)


@dataclass(frozen=True, slots=True)
class Count:
    """How many messages of a broadcast stand alike."""

    is_to_members: bool
    state: DeliveryState
    reason: str
    number: int


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that stands."""

    delivery_id: str
    channel_id: int
    message_id: int
    is_to_member: bool


class BroadcastRepository:
    """Keep broadcasts of every server."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def add(self, broadcast: Broadcast, *, instead_of: str | None = None) -> bool:
        """Store a new draft, with ``instead_of`` in the place of that one; return False where that one was confirmed."""
        async with self._database.write() as connection:
            if instead_of is not None:
                before = sa.select(table.c.id).where(table.c.id == instead_of, table.c.guild_id == broadcast.guild_id)
                await connection.execute(sa.delete(table).where(_not_yet(instead_of), table.c.guild_id == broadcast.guild_id))
                if (await connection.execute(before)).first() is not None:
                    return False
            await connection.execute(sa.insert(table).values(self._values(broadcast)))
            rows = [{"broadcast_id": broadcast.id, "channel_id": channel_id} for channel_id in broadcast.channels]
            if rows:
                await connection.execute(sa.insert(channels), rows)
        return True

    async def get(self, broadcast_id: str) -> Broadcast | None:
        """Return the broadcast, or None."""
        found = await self._found(table.c.id == broadcast_id, limit=1)
        return found[0] if found else None

    async def of_server(self, guild_id: int, limit: int, *, with_drafts: bool = False) -> list[Broadcast]:
        """Return the newest broadcasts of a server, those that are more than drafts unless these are wanted too."""
        whose = table.c.guild_id == guild_id
        return await self._found(whose if with_drafts else sa.and_(whose, table.c.state != BroadcastState.DRAFT.value), limit)

    async def confirm(self, broadcast_id: str, now: datetime, made: Sequence[Delivery]) -> bool:
        """Turn a draft into what is sent, in one transaction with its deliveries; return False where it is none any more."""
        async with self._database.write() as connection:
            values = {"state": BroadcastState.CONFIRMED.value, "confirmed_at": now}
            if (await connection.execute(sa.update(table).where(_not_yet(broadcast_id)).values(values))).rowcount != 1:
                return False
            await self._insert(connection, made)
        return True

    async def turn(self, broadcast_id: str, before: Collection[BroadcastState], after: BroadcastState) -> bool:
        """Bring a broadcast from one of some states into another; return False where it stands in none of them."""
        change = sa.update(table).where(table.c.id == broadcast_id, table.c.state.in_([state.value for state in before]))
        async with self._database.write() as connection:
            return (await connection.execute(change.values(state=after.value))).rowcount == 1

    async def accept_dates(self, broadcast: Broadcast) -> None:
        """Hold a broadcast no more to the dates that it was written from."""
        blob = self._values(replace(broadcast, dates=""))["blob"]
        async with self._database.write() as connection:
            await connection.execute(sa.update(table).where(table.c.id == broadcast.id).values(blob=blob))

    async def add_deliveries(self, made: Sequence[Delivery]) -> None:
        """Store deliveries; those that are stored already stay as they are."""
        async with self._database.write() as connection:
            await self._insert(connection, made)

    async def put_off(self, broadcast_id: str, until: datetime) -> None:
        """Let nothing more of a broadcast be claimed before then."""
        await self._change_pending(broadcast_id, not_before=until)

    async def go_on(self, broadcast_id: str, now: datetime) -> None:
        """Let what was put off be claimed again, at its time."""
        at = sa.literal(now, deliveries.c.due_at.type)
        await self._change_pending(broadcast_id, not_before=sa.case((deliveries.c.due_at > at, deliveries.c.due_at), else_=at))

    async def cancel(self, broadcast_id: str, reason: str) -> None:
        """Cancel what waits of a broadcast; what is under way is asked about before it goes out."""
        await self._change_pending(broadcast_id, state=DeliveryState.CANCELLED.value, reason=reason)

    async def counts(self, broadcast_id: str) -> list[Count]:
        """Return how many messages of a broadcast stand where, and why."""
        to_members = deliveries.c.member_id.is_not(None)
        query = (
            sa.select(to_members, deliveries.c.state, deliveries.c.reason, sa.func.count())
            .where(deliveries.c.source == SOURCE, deliveries.c.source_id == broadcast_id, deliveries.c.kind.in_(NOTICES))
            .group_by(to_members, deliveries.c.state, deliveries.c.reason)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [Count(bool(members), DeliveryState(state), reason, number) for members, state, reason, number in rows]

    async def posted(self, broadcast_id: str) -> list[Posted]:
        """Return every message of a broadcast that stands."""
        query = sa.select(deliveries.c.id, deliveries.c.channel_id, deliveries.c.message_id, deliveries.c.member_id).where(
            deliveries.c.source == SOURCE,
            deliveries.c.source_id == broadcast_id,
            deliveries.c.kind.in_(NOTICES),
            deliveries.c.state == DeliveryState.SENT.value,
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [Posted(row.id, row.channel_id, row.message_id, row.member_id is not None) for row in rows]

    async def discard(self, broadcast_id: str) -> bool:
        """Throw a draft away with what it says; return False where it is no draft any more."""
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(table).where(_not_yet(broadcast_id)))).rowcount == 1

    async def discard_old_drafts(self, before: datetime) -> int:
        """Throw away drafts that nobody confirmed; return how many."""
        old = sa.and_(table.c.state.in_([state.value for state in NOT_YET]), table.c.created_at < before)
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(table).where(old))).rowcount

    async def wish(self, member_id: int, guild_id: int, now: datetime) -> None:
        """Note that a member wants the notices of a server."""
        async with self._database.write() as connection:
            row = insert(connection, wishes).values(member_id=member_id, guild_id=guild_id, since=now)
            await connection.execute(row.on_conflict_do_nothing())

    async def unwish(self, member_id: int, guild_id: int) -> None:
        """Note that she wants them no more."""
        async with self._database.write() as connection:
            await connection.execute(sa.delete(wishes).where(wishes.c.member_id == member_id, wishes.c.guild_id == guild_id))

    async def wishing(self, guild_id: int) -> list[int]:
        """Return who wants the notices of a server; for the sending alone, never to be shown."""
        async with self._database.read() as connection:
            query = sa.select(wishes.c.member_id).where(wishes.c.guild_id == guild_id).order_by(wishes.c.since, wishes.c.member_id)
            return list((await connection.execute(query)).scalars())

    async def wishes_of(self, member_id: int) -> set[int]:
        """Return the servers whose notices a member wants."""
        async with self._database.read() as connection:
            return set((await connection.execute(sa.select(wishes.c.guild_id).where(wishes.c.member_id == member_id))).scalars())

    async def how_many_wish(self, guild_id: int) -> int:
        """Return how many want the notices of a server."""
        query = sa.select(sa.func.count()).select_from(wishes).where(wishes.c.guild_id == guild_id)
        async with self._database.read() as connection:
            return (await connection.execute(query)).scalar_one()

    async def _insert(self, connection: AsyncConnection, made: Sequence[Delivery]) -> None:
        if made:
            rows = [values_of(each, self._cipher) for each in made]
            await connection.execute(insert(connection, deliveries).on_conflict_do_nothing(), rows)

    async def _change_pending(self, broadcast_id: str, **values: object) -> None:
        change = sa.update(deliveries).where(
            deliveries.c.source == SOURCE, deliveries.c.source_id == broadcast_id, deliveries.c.state == DeliveryState.PENDING.value
        )
        async with self._database.write() as connection:
            await connection.execute(change.values(values))

    async def _found(self, which: sa.ColumnElement[bool], limit: int) -> list[Broadcast]:
        query = sa.select(table).where(which).order_by(table.c.created_at.desc(), table.c.id).limit(limit)
        async with self._database.snapshot() as connection:
            rows = (await connection.execute(query)).mappings().all()
            where = sa.select(channels).where(channels.c.broadcast_id.in_([row["id"] for row in rows]))
            targets = (await connection.execute(where)).all()
        return [self._broadcast(row, tuple(each.channel_id for each in targets if each.broadcast_id == row["id"])) for row in rows]

    def _values(self, broadcast: Broadcast) -> dict[str, object]:
        says = {
            "title": broadcast.title,
            "text": broadcast.text,
            "link": broadcast.link,
            "picture": broadcast.picture,
            "pack_key": broadcast.pack_key,
            "dates": broadcast.dates,
            "roles": [str(role) for role in broadcast.roles],
        }
        return {
            "id": broadcast.id,
            "guild_id": broadcast.guild_id,
            "author_id": broadcast.author_id,
            "state": broadcast.state.value,
            "created_at": broadcast.created_at,
            "confirmed_at": broadcast.confirmed_at,
            "send_at": broadcast.send_at,
            "is_to_members": broadcast.is_to_members,
            "blob": self._cipher.encrypt(says),
        }

    def _broadcast(self, row: sa.RowMapping, targets: tuple[int, ...]) -> Broadcast:
        says = self._cipher.readable(row["blob"]) or {"title": UNREADABLE_TEXT, "text": ""}
        return Broadcast(
            id=row["id"],
            guild_id=row["guild_id"],
            author_id=row["author_id"],
            title=says["title"],
            text=says["text"],
            state=BroadcastState(row["state"]),
            created_at=row["created_at"],
            channels=targets,
            confirmed_at=row["confirmed_at"],
            send_at=row["send_at"],
            is_to_members=row["is_to_members"],
            roles=tuple(int(role) for role in says.get("roles", ())),
            link=says.get("link", ""),
            picture=says.get("picture", ""),
            pack_key=says.get("pack_key", ""),
            dates=says.get("dates", ""),
        )


def _not_yet(broadcast_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.id == broadcast_id, table.c.state.in_([state.value for state in NOT_YET]))
