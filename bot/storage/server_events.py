"""Scheduled events of servers, stored; a change and the delivery that carries it to Discord are one transaction."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import Delivery, DeliveryKind, Priority, job_recipient
from bot.domain.server_events import EventState, EventWords, ServerEvent, Trouble
from bot.storage.database import Database, insert
from bot.storage.delivery_rows import UNREADABLE_TEXT, values_of
from bot.storage.encryption import Cipher
from bot.storage.server_event_tables import server_event as table
from bot.storage.tables import delivery as deliveries

SOURCE = "server_event"
LOOK = "server_event_look"
"""The source of a look at what Discord shows in one server."""


class ServerEventRepository:
    """Keep the scheduled events of every server."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def add_draft(self, event: ServerEvent, *, instead_of: str | None = None) -> None:
        """Store a draft, with ``instead_of`` in the place of that one."""
        async with self._database.write() as connection:
            if instead_of is not None:
                await connection.execute(sa.delete(table).where(_draft(instead_of), table.c.guild_id == event.guild_id))
            await connection.execute(sa.insert(table).values(self._values(event)))

    async def plan(self, event: ServerEvent, now: datetime) -> Delivery | None:
        """Store an event of a date that is to stand; None where the server has one of that date already."""
        async with self._database.write() as connection:
            row = insert(connection, table).values(**self._values(event)).on_conflict_do_nothing()
            if (await connection.execute(row)).rowcount != 1:
                return None
            return await self._deliver(connection, event.id, event.guild_id, event.revision, now, Priority.INTERACTIVE)

    async def change(
        self, event: ServerEvent, now: datetime, values: Mapping[str, Any], *, priority: Priority = Priority.INTERACTIVE
    ) -> Delivery | None:
        """Change an event and let Discord know; None where somebody changed it meanwhile."""
        async with self._database.write() as connection:
            return await self._change(connection, event, now, values, priority)

    async def replace(self, event: ServerEvent, draft: ServerEvent, now: datetime) -> Delivery | None:
        """Give an event the words of a draft, which goes; None where either changed meanwhile."""
        async with self._database.write() as connection:
            if (await connection.execute(sa.delete(table).where(_draft(draft.id)))).rowcount != 1:
                return None
            blob = self._values(draft)["blob"]
            values = {"starts_at": draft.starts_at, "ends_at": draft.ends_at, "channel_id": draft.channel_id, "blob": blob}
            return await self._change(connection, event, now, values, Priority.INTERACTIVE)

    async def place(self, draft_id: str, guild_id: int, channel_id: int | None) -> bool:
        """Set the voice channel of a draft; return False where it is none any more."""
        mine = sa.and_(_draft(draft_id), table.c.guild_id == guild_id)
        async with self._database.write() as connection:
            return (await connection.execute(sa.update(table).where(mine).values(channel_id=channel_id))).rowcount == 1

    async def follow(self, event: ServerEvent, due: datetime) -> bool:
        """Let Discord know that what an event shows has changed; return False where it was changed meanwhile: then that one does it."""
        return await self.change(event, due, {}, priority=Priority.NORMAL) is not None

    async def look(self, guild_id: int, now: datetime, occurrence: int) -> bool:
        """Store a look at what Discord shows in a server; return False where it is stored already."""
        delivery = Delivery(
            DeliveryKind.SERVER_EVENT, job_recipient(f"events:{guild_id}"), LOOK, str(guild_id), occurrence, now,
            priority=Priority.BULK, guild_id=guild_id,
        )  # fmt: skip
        async with self._database.write() as connection:
            row = insert(connection, deliveries).values(**values_of(delivery, self._cipher)).on_conflict_do_nothing()
            return (await connection.execute(row)).rowcount == 1

    # --- what came of it

    async def stands(self, event_id: str, discord_id: int, shown: str, shown_from: datetime) -> None:
        """Note that it stands in Discord, and what is shown there; one that is to be taken down meanwhile stays so."""
        state = sa.case((table.c.state == EventState.ENDING.value, EventState.ENDING.value), else_=EventState.STANDING.value)
        values = {"state": state, "discord_id": discord_id, "shown": shown, "shown_from": shown_from, "trouble": None}
        await self._note(event_id, values)

    async def lost(self, event_id: str, state: EventState) -> None:
        """Note that it stands in Discord no more, and how it goes on."""
        kept = sa.case((table.c.state == EventState.ENDING.value, EventState.ENDING.value), else_=state.value)
        await self._note(event_id, {"state": kept, "discord_id": None, "shown": None, "shown_from": None, "trouble": None})

    async def troubled(self, event_id: str, trouble: Trouble) -> None:
        """Note why Discord refused it."""
        await self._note(event_id, {"trouble": trouble.value})

    async def remove(self, event_id: str) -> None:
        """Forget an event: it is over, taken down, or a draft that nobody wants."""
        async with self._database.write() as connection:
            await connection.execute(sa.delete(table).where(table.c.id == event_id))

    async def discard_old_drafts(self, before: datetime) -> int:
        """Throw away drafts that nobody confirmed; return how many."""
        old = sa.and_(table.c.state == EventState.DRAFT.value, table.c.made_at < before)
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(table).where(old))).rowcount

    # --- reading

    async def get(self, event_id: str) -> ServerEvent | None:
        """Return an event, or None."""
        found = await self._found(table.c.id == event_id)
        return found[0] if found else None

    async def of_guild(self, guild_id: int) -> list[ServerEvent]:
        """Return the events of a server, drafts left out, the oldest first."""
        return await self._found(sa.and_(table.c.guild_id == guild_id, table.c.state != EventState.DRAFT.value))

    async def guilds(self) -> list[int]:
        """Return the servers that have events."""
        query = sa.select(table.c.guild_id).where(table.c.state != EventState.DRAFT.value).distinct().order_by(table.c.guild_id)
        async with self._database.read() as connection:
            return list((await connection.execute(query)).scalars())

    # --- within

    async def _change(
        self, connection: AsyncConnection, event: ServerEvent, now: datetime, values: Mapping[str, Any], priority: Priority
    ) -> Delivery | None:
        mine = sa.and_(table.c.id == event.id, table.c.revision == event.revision)
        revision = event.revision + 1
        if (await connection.execute(sa.update(table).where(mine).values({**values, "revision": revision}))).rowcount != 1:
            return None
        return await self._deliver(connection, event.id, event.guild_id, revision, now, priority)

    async def _deliver(
        self, connection: AsyncConnection, event_id: str, guild_id: int, revision: int, now: datetime, priority: Priority
    ) -> Delivery:
        delivery = Delivery(
            DeliveryKind.SERVER_EVENT, job_recipient(f"event:{event_id}"), SOURCE, event_id, revision, now,
            priority=priority, guild_id=guild_id,
        )  # fmt: skip
        await connection.execute(insert(connection, deliveries).values(**values_of(delivery, self._cipher)).on_conflict_do_nothing())
        return delivery

    async def _note(self, event_id: str, values: Mapping[str, Any]) -> None:
        async with self._database.write() as connection:
            await connection.execute(sa.update(table).where(table.c.id == event_id).values(values))

    async def _found(self, condition: sa.ColumnElement[bool]) -> list[ServerEvent]:
        query = sa.select(table).where(condition).order_by(table.c.made_at, table.c.id)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [self._event_from(row) for row in rows]

    def _values(self, event: ServerEvent) -> dict[str, Any]:
        return {
            "id": event.id,
            "guild_id": event.guild_id,
            "author_id": event.author_id,
            "event_id": event.event_id,
            "state": event.state.value,
            "made_at": event.made_at,
            "starts_at": event.starts_at,
            "ends_at": event.ends_at,
            "channel_id": event.channel_id,
            "revision": event.revision,
            "blob": self._cipher.encrypt(asdict(event.words)) if event.words is not None else None,
        }

    def _event_from(self, row: sa.RowMapping) -> ServerEvent:
        return ServerEvent(
            id=row["id"],
            guild_id=row["guild_id"],
            author_id=row["author_id"],
            made_at=row["made_at"],
            state=EventState(row["state"]),
            event_id=row["event_id"],
            words=self._words_from(row["blob"]),
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            channel_id=row["channel_id"],
            discord_id=row["discord_id"],
            shown=row["shown"],
            shown_from=row["shown_from"],
            trouble=Trouble(row["trouble"]) if row["trouble"] else None,
            revision=row["revision"],
        )

    def _words_from(self, blob: bytes | None) -> EventWords | None:
        if blob is None:
            return None
        stored = self._cipher.readable(blob)
        return EventWords(UNREADABLE_TEXT, "", "", "", "", "UTC") if stored is None else EventWords(**stored)


def _draft(event_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.id == event_id, table.c.state == EventState.DRAFT.value)
