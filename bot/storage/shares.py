"""Which process holds which shards and which partitions: leases, taken, kept and divided in one transaction each."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.shards import ALL_PARTITIONS, Shards, divide
from bot.storage.changes import Topic, note
from bot.storage.database import Database, one_at_a_time, real_now
from bot.storage.tables import delivery
from bot.storage.tables import lease as table

SHARING = 0x53484152
ALONE, SHARD, PART = "all", "shard", "send"
"""The leases: of a process that serves a database alone; of one shard of so many, ``shard/4/0``; of one partition, ``send/07``."""


class OtherCountError(Exception):
    """Say that a process lives which counts the shards otherwise: one server would be connected twice. 0 for one that knows of none."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


@dataclass(frozen=True, slots=True)
class Holding:
    """Hold what a process holds now."""

    partitions: frozenset[int]
    leaving: frozenset[int]
    """Those of them that it is to give up for another process, once nothing of theirs is under way."""
    freed: int
    """How many deliveries wait again that a dead process had claimed."""


@dataclass(frozen=True, slots=True)
class _Lease:
    kind: str
    number: int
    count: int
    owner: str


class ShareRepository:
    """Keep the leases of shards and partitions, on real time as every process sees it."""

    def __init__(self, database: Database, is_dead: Callable[[str], bool]) -> None:
        self._database = database
        self._is_dead = is_dead

    async def begin(self, owner: str, shards: Shards, seconds: float) -> Holding | None:
        """Take the shards and a share of the partitions; None, and nothing is taken, while a process that lives holds one of the shards.

        Raises:
            OtherCountError: A process lives that counts the shards otherwise.
        """
        async with self._database.write() as connection:
            await one_at_a_time(connection, SHARING)
            now = await real_now(connection)
            living, _ = await self._living(connection, now)
            for each in living:
                if each.kind != PART and each.count != shards.count:
                    raise OtherCountError(each.count)
            if any(each.kind == SHARD and each.number in shards.numbers and each.owner != owner for each in living):
                return None
            freed = await _free(connection, {owner, *(each.owner for each in living)})
            await _take(connection, owner, (f"{SHARD}/{shards.count}/{number}" for number in shards.numbers), now, seconds)
            return await self._divided(connection, owner, living, now, seconds, busy=(), freed=freed, is_new=True)

    async def keep(self, owner: str, shards: Shards, seconds: float, busy: Collection[int]) -> Holding | None:
        """Hold all of it longer, take what others left, give up what is more than a share and not busy; None where it is lost.

        It is lost where another process found that its lease had ended, and took over.
        """
        async with self._database.write() as connection:
            await one_at_a_time(connection, SHARING)
            now = await real_now(connection)
            longer = sa.update(table).where(table.c.owner == owner).values(until=now + timedelta(seconds=seconds))
            await connection.execute(longer)
            living, buried = await self._living(connection, now)
            if {each.number for each in living if each.kind == SHARD and each.owner == owner} != set(shards.numbers):
                return None
            freed = await _free(connection, {each.owner for each in living}) if buried else 0
            return await self._divided(connection, owner, living, now, seconds, busy=busy, freed=freed)

    async def end(self, owner: str) -> None:
        """Give all of it back, so that others take over at once."""
        async with self._database.write() as connection:
            await connection.execute(sa.delete(table).where(table.c.owner == owner))
            await note(connection, Topic.SHARES)

    async def _divided(
        self,
        connection: AsyncConnection,
        owner: str,
        living: Collection[_Lease],
        now: datetime,
        seconds: float,
        *,
        busy: Collection[int],
        freed: int,
        is_new: bool = False,
    ) -> Holding:
        held = {each.number: each.owner for each in living if each.kind == PART}
        mine = frozenset(number for number, whose in held.items() if whose == owner)
        processes = {owner, *(each.owner for each in living if each.kind == SHARD)}
        taken, given = divide(mine, ALL_PARTITIONS - held.keys(), len(processes))
        await _take(connection, owner, (f"{PART}/{number:02}" for number in sorted(taken)), now, seconds)
        gone = given.difference(busy)
        if gone:
            await connection.execute(sa.delete(table).where(table.c.partition.in_([f"{PART}/{number:02}" for number in gone])))
        if taken or gone or is_new:
            await note(connection, Topic.SHARES)  # whoever has more than its share now, or less, need not wait for its next look
        return Holding((mine | taken) - gone, given - gone, freed)

    async def _living(self, connection: AsyncConnection, now: datetime) -> tuple[list[_Lease], bool]:
        """Return the leases that run, and whether any had ended: what dead processes held is theirs no longer."""
        kinds = sa.or_(table.c.partition == ALONE, table.c.partition.like(f"{SHARD}/%"), table.c.partition.like(f"{PART}/%"))
        rows = (await connection.execute(sa.select(table).where(kinds))).all()
        dead = {row.owner for row in rows if row.until < now or self._is_dead(row.owner)}
        if dead:
            await connection.execute(sa.delete(table).where(kinds, table.c.owner.in_(dead)))
        return [_lease(row.partition, row.owner) for row in rows if row.owner not in dead], bool(dead)


async def _take(connection: AsyncConnection, owner: str, names: Iterable[str], now: datetime, seconds: float) -> None:
    """Write leases that nobody holds; those that are the owner's own already are written anew."""
    rows = [{"partition": name, "owner": owner, "until": now + timedelta(seconds=seconds)} for name in names]
    if rows:
        await connection.execute(sa.delete(table).where(table.c.partition.in_([row["partition"] for row in rows])))
        await connection.execute(sa.insert(table), rows)


async def _free(connection: AsyncConnection, living: Collection[str]) -> int:
    """Let what a dead process had claimed wait again; return how many rows."""
    left = sa.and_(delivery.c.state == "claimed", delivery.c.lease_owner.not_in(sorted(living)))
    change = sa.update(delivery).where(left).values(state="pending", lease_owner=None, lease_until=None)
    return (await connection.execute(change)).rowcount


def _lease(name: str, owner: str) -> _Lease:
    kind, *numbers = name.split("/")
    count, number = (int(numbers[0]), int(numbers[1])) if kind == SHARD else (0, int(numbers[0]) if numbers else 0)
    return _Lease(kind, number, count, owner)
