"""The sending lease: one process at a time sends for a partition."""

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database, insert, is_sqlite, real_now
from bot.storage.tables import lease as table

SERVED = "served"
"""A row that is no lease: its owner is the token of the last batch."""
DOUBT = "doubt"
"""A row that is no lease: until when, in product time, what was due may have been sent from another copy of this database."""


class LeaseRepository:
    """Keep leases, on real time as every process on the database sees it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def acquire(self, partition: str, owner: str, seconds: float) -> bool:
        """Take the lease, or keep it longer; return False while another holds it."""
        async with self._database.write() as connection:
            now = await real_now(connection)
            values = {"owner": owner, "until": now + timedelta(seconds=seconds)}
            statement = insert(connection, table).values(partition=partition, **values)
            free = sa.or_(table.c.owner == owner, table.c.until < now)
            result = await connection.execute(statement.on_conflict_do_update(index_elements=[table.c.partition], set_=values, where=free))
        return result.rowcount == 1

    async def holder(self, partition: str) -> str | None:
        """Return who holds the lease, or None."""
        async with self._database.read() as connection:
            return await connection.scalar(sa.select(table.c.owner).where(table.c.partition == partition))

    async def shards_held(self) -> list[str]:
        """Return who holds shards of this database now: processes that serve it together, each a part."""
        async with self._database.read() as connection:
            runs = sa.and_(table.c.partition.like("shard/%"), table.c.until >= await real_now(connection))
            return list((await connection.execute(sa.select(table.c.owner).where(runs).distinct())).scalars())

    @staticmethod
    async def senders(connection: AsyncConnection) -> list[str]:
        """Return who holds a lease that has not ended."""
        running = sa.and_(table.c.partition.not_in((SERVED, DOUBT)), table.c.until > await real_now(connection))
        return list((await connection.execute(sa.select(table.c.owner).where(running).distinct().order_by(table.c.owner))).scalars())

    @staticmethod
    async def forget(connection: AsyncConnection) -> None:
        """Forget every lease, and change the token to one that nobody knows: this is a copy, and some of it may have been sent since."""
        await connection.execute(sa.delete(table))
        row = {"partition": SERVED, "owner": f"restored-{secrets.token_hex(8)}", "until": await real_now(connection)}
        await connection.execute(sa.insert(table).values(row))

    async def other_hosts(self, host: str) -> list[str]:
        """Return the hosts beside one whose processes hold a lease now; none for a file, which lies in one folder with its key."""
        async with self._database.read() as connection:
            if is_sqlite(connection):
                return []
            living = sa.and_(table.c.partition != SERVED, table.c.until > await real_now(connection))
            owners = (await connection.execute(sa.select(table.c.owner).where(living))).scalars().all()
        return sorted({owner.partition(":")[0] for owner in owners} - {host})

    async def release(self, partition: str, owner: str) -> None:
        """Give the lease back, so that a process that stands by takes over at once."""
        async with self._database.write() as connection:
            await connection.execute(sa.delete(table).where(table.c.partition == partition, table.c.owner == owner))

    async def token(self) -> str | None:
        """Return the token of the last batch that was sent from this database, or None."""
        return await self.holder(SERVED)

    async def set_token(self, token: str) -> None:
        """Write the token of a batch that is about to be sent."""
        async with self._database.write() as connection:
            values = {"owner": token, "until": await real_now(connection)}
            statement = insert(connection, table).values(partition=SERVED, **values)
            await connection.execute(statement.on_conflict_do_update(index_elements=[table.c.partition], set_=values))

    async def doubted_until(self) -> datetime | None:
        """Return until when what was due is in doubt, or None."""
        async with self._database.read() as connection:
            return await connection.scalar(sa.select(table.c.until).where(table.c.partition == DOUBT))

    async def set_doubted_until(self, until: datetime) -> None:
        """Write until when what was due is in doubt: a process that ends before it has looked for all of it must not forget that."""
        async with self._database.write() as connection:
            statement = insert(connection, table).values(partition=DOUBT, owner=DOUBT, until=until)
            await connection.execute(statement.on_conflict_do_update(index_elements=[table.c.partition], set_={"until": until}))
