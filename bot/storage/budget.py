"""The shared budget of requests in PostgreSQL: one moment that all processes move on, and which processes are there.

It may lie in another database than the rest. So it is no part of the versions, and the table is made when it is first needed: unlogged, for
what stands in it is of no use after some seconds, and 45 commits a second that wait for the disk would cost more than the messages.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.database import make_engine, one_at_a_time

if TYPE_CHECKING:
    from pyrate_limiter import Rate

MAKE = 0x42756467
"""The lock under which the table is made: CREATE TABLE IF NOT EXISTS fails where two do it at once."""
MOMENT = "moment"
PROCESS = "process:"
AGAIN_SECONDS = 0.001
"""When to ask again where another process was faster."""

_table = sa.Table(
    "matchday_budget",
    sa.MetaData(),
    sa.Column("name", sa.String(160), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
    prefixes=["UNLOGGED"],
)
_NOW = sa.cast(sa.func.extract("epoch", sa.func.clock_timestamp()) * 1_000, sa.BigInteger)


class PostgresStore:
    """Keep the budget in PostgreSQL; its clock is the server's."""

    def __init__(self, engine: AsyncEngine, rate_of: "Callable[[float, int], Rate]") -> None:
        from pyrate_limiter import GCRA

        self._engine = engine
        self._rate_of = rate_of
        self._algorithm = GCRA()
        self._is_made = False

    @classmethod
    def open(cls, url: str, rate_of: "Callable[[float, int], Rate]") -> Self:
        """Return the store at an address; it connects when first used. Raises ValueError for an address that is none."""
        try:
            parsed = sa.make_url(url)
        except ArgumentError as error:
            raise ValueError(str(error)) from None
        return cls(make_engine(parsed, pool_size=2, max_overflow=0, isolation_level="AUTOCOMMIT"), rate_of)

    async def beat(self, owner: str, seconds: float) -> int:
        """Say that a process is there for so many seconds; return how many are."""
        await self._make()
        async with self._engine.connect() as connection:
            now = await connection.scalar(sa.select(_NOW)) or 0
            await self._keep(connection, PROCESS + owner, now + int(seconds * 1000))
            is_process = _table.c.name.startswith(PROCESS)
            await connection.execute(sa.delete(_table).where(is_process, _table.c.value <= now))
            return await connection.scalar(sa.select(sa.func.count()).where(is_process)) or 0

    async def take(self, rate: float, burst: int) -> float:
        """Take one request; return 0, or after how many seconds there may be one.

        Read first and written where it still stands so: one trip for a no, two for a yes, and nobody waits behind another's lock.
        """
        await self._make()
        rates = [self._rate_of(rate, burst)]
        async with self._engine.connect() as connection:
            moment, now = (await connection.execute(sa.select(_table.c.value, _NOW).where(_table.c.name == MOMENT))).one()
            state, decision = self._algorithm.step(rates, (moment,), now, 1)
            if not decision.allowed:
                return (decision.retry_after_ms or 1) / 1000
            stands = sa.and_(_table.c.name == MOMENT, _table.c.value == moment)
            result = await connection.execute(sa.update(_table).where(stands).values(value=int(state[0])))
        return 0.0 if result.rowcount == 1 else AGAIN_SECONDS

    async def reset(self) -> None:
        """Forget the moment."""
        async with self._engine.connect() as connection:
            await self._keep(connection, MOMENT, 0)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._engine.dispose()

    async def _make(self) -> None:
        if self._is_made:
            return
        async with self._engine.connect() as connection:
            await connection.execution_options(isolation_level="READ COMMITTED")
            async with connection.begin():
                await one_at_a_time(connection, MAKE)
                await connection.run_sync(_table.create, checkfirst=True)
                row = insert(_table).values(name=MOMENT, value=0)
                await connection.execute(row.on_conflict_do_nothing())
        self._is_made = True

    async def _keep(self, connection: AsyncConnection, name: str, value: int) -> None:
        row: Any = insert(_table).values(name=name, value=value)
        await connection.execute(row.on_conflict_do_update(index_elements=[_table.c.name], set_={"value": value}))
