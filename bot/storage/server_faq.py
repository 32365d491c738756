"""What servers put first in ``/faq``, stored; the text of their own answers is encrypted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.server_faq import EntryState, ServerEntry
from bot.storage.changes import Topic, note
from bot.storage.database import Database, insert
from bot.storage.encryption import Cipher
from bot.storage.server_tables import server_answer as table

DRAFT, KEPT = EntryState.DRAFT.value, EntryState.KEPT.value


class ServerFaqRepository:
    """Keep the entries of every server; each method names the server whose it must be."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def entries(self, guild_id: int) -> list[ServerEntry]:
        """Return what a server keeps, in its order; an own answer that can't be read any more is left out."""
        query = sa.select(table).where(table.c.guild_id == guild_id, table.c.state == KEPT).order_by(table.c.position, table.c.id)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        found = [self._entry(row) for row in rows]
        return [each for each in found if each.pinned or each.title]

    async def draft(self, entry_id: str, guild_id: int) -> ServerEntry | None:
        """Return a draft of a server, or None."""
        query = sa.select(table).where(table.c.id == entry_id, table.c.guild_id == guild_id, table.c.state == DRAFT)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        return None if row is None else self._entry(row)

    async def add_draft(self, draft: ServerEntry, author_id: int) -> None:
        """Store a draft in the place of the one that its author has in that server."""
        hers = sa.and_(table.c.guild_id == draft.guild_id, table.c.author_id == author_id, table.c.state == DRAFT)
        async with self._database.write() as connection:
            await connection.execute(sa.delete(table).where(hers))
            await connection.execute(sa.insert(table).values(self._values(draft) | {"author_id": author_id}))

    async def discard_old_drafts(self, before: datetime) -> int:
        """Delete drafts that nobody kept; return how many."""
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(table).where(table.c.state == DRAFT, table.c.written_at < before))).rowcount

    async def discard(self, entry_id: str, guild_id: int) -> bool:
        """Delete an entry, draft or not; return False where it was gone."""
        async with self._database.write() as connection:
            gone = sa.delete(table).where(table.c.id == entry_id, table.c.guild_id == guild_id)
            await note(connection, Topic.FAQ, guild_id)
            return (await connection.execute(gone)).rowcount == 1

    async def keep(self, draft: ServerEntry, author_id: int, at_most: int) -> bool:
        """Keep a draft: in the place of the entry that it replaces while that is there, else at the end.

        Return False, and change nothing, where the server keeps ``at_most`` entries already.
        """
        kept = replace(draft, state=EntryState.KEPT, replaces="")
        there = sa.and_(table.c.guild_id == draft.guild_id, table.c.state == KEPT)
        async with self._database.write() as connection:
            values = {key: value for key, value in self._values(kept).items() if key in ("written_at", "blob")} | {"author_id": author_id}
            change = sa.update(table).where(there, table.c.id == draft.replaces, table.c.catalogue_id.is_(None)).values(values)
            if not draft.replaces or (await connection.execute(change)).rowcount == 0:
                count, last = (await connection.execute(sa.select(sa.func.count(), sa.func.max(table.c.position)).where(there))).one()
                if count >= at_most:
                    return False
                new = self._values(kept) | {"author_id": author_id, "position": (last or 0) + 1}
                await connection.execute(sa.delete(table).where(table.c.id == draft.id))
                await connection.execute(sa.insert(table).values(new))
            else:
                await connection.execute(sa.delete(table).where(table.c.id == draft.id))
            await note(connection, Topic.FAQ, draft.guild_id)
        return True

    async def pin(self, entry: ServerEntry, author_id: int, at_most: int) -> bool:
        """Pin an answer of the record at the end; pinned already, nothing changes. Return False where there are ``at_most`` entries."""
        there = sa.and_(table.c.guild_id == entry.guild_id, table.c.state == KEPT)
        async with self._database.write() as connection:
            count, last = (await connection.execute(sa.select(sa.func.count(), sa.func.max(table.c.position)).where(there))).one()
            if count >= at_most:
                return False
            row = insert(connection, table).values(self._values(entry) | {"author_id": author_id, "position": (last or 0) + 1})
            await connection.execute(row.on_conflict_do_nothing(index_elements=[table.c.guild_id, table.c.catalogue_id]))
            await note(connection, Topic.FAQ, entry.guild_id)
        return True

    async def order(self, guild_id: int, ids: Sequence[str]) -> None:
        """Put the entries of a server into this order."""
        async with self._database.write() as connection:
            for position, entry_id in enumerate(ids):
                mine = sa.and_(table.c.id == entry_id, table.c.guild_id == guild_id, table.c.state == KEPT)
                await connection.execute(sa.update(table).where(mine).values(position=position))
            await note(connection, Topic.FAQ, guild_id)

    def _values(self, entry: ServerEntry) -> dict[str, Any]:
        own = {"title": entry.title, "text": entry.text, "link": entry.link}
        return {
            "id": entry.id,
            "guild_id": entry.guild_id,
            "state": entry.state.value,
            "position": entry.position,
            "catalogue_id": entry.pinned or None,
            "replaces": entry.replaces or None,
            "written_at": entry.written_at,
            "blob": None if entry.pinned else self._cipher.encrypt(own),
        }

    def _entry(self, row: sa.RowMapping) -> ServerEntry:
        own = (self._cipher.readable(row["blob"]) or {}) if row["blob"] is not None else {}
        return ServerEntry(
            id=row["id"],
            guild_id=row["guild_id"],
            state=EntryState(row["state"]),
            position=row["position"],
            written_at=row["written_at"],
            pinned=row["catalogue_id"] or "",
            title=own.get("title", ""),
            text=own.get("text", ""),
            link=own.get("link", ""),
            replaces=row["replaces"] or "",
        )
