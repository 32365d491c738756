"""Who changed or sent what in a server."""

from typing import Any

import sqlalchemy as sa

from bot.domain.servers import AuditEntry, Deed
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.storage.tables import audit as table


class AuditRepository:
    """Keep the deeds of managers and moderators."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def add(self, entry: AuditEntry) -> None:
        """Record a deed."""
        async with self._database.write() as connection:
            await connection.execute(sa.insert(table).values(audit_values(entry, self._cipher)))

    async def page(self, guild_id: int, limit: int, offset: int = 0) -> tuple[list[AuditEntry], int]:
        """Return deeds of one server, the newest first, and how many there are."""
        whose = table.c.guild_id == guild_id
        query = sa.select(table).where(whose).order_by(table.c.at.desc(), table.c.id).limit(limit).offset(offset)
        async with self._database.snapshot() as connection:
            rows = (await connection.execute(query)).mappings().all()
            total = (await connection.execute(sa.select(sa.func.count()).select_from(table).where(whose))).scalar_one()
        return [self._entry(row) for row in rows], total

    def _entry(self, row: sa.RowMapping) -> AuditEntry:
        detail = self._cipher.readable(row["blob"]) or {}
        return AuditEntry(row["id"], row["guild_id"], row["actor_id"], row["at"], Deed(row["what"]), detail)


def audit_values(entry: AuditEntry, cipher: Cipher) -> dict[str, Any]:
    """Return the row of a deed."""
    return {
        "id": entry.id,
        "guild_id": entry.guild_id,
        "actor_id": entry.actor_id,
        "at": entry.at,
        "what": entry.what.value,
        "blob": cipher.encrypt(dict(entry.detail)),
    }
