"""Word of what changed, from the process that changed it to those that hold it in memory: where several processes serve one database.

PostgreSQL passes it on with the commit of the change itself, so that neither comes without the other. One process alone says nothing.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import NullPool

from bot.errors import StartError
from bot.storage.database import IS_SHARED, Database, make_engine

log = logging.getLogger(__name__)

CHANNEL = "matchday"
PING_SECONDS = 3.0
"""A connection that broke without a word is noticed so soon."""
RETRY_SECONDS = 1.0
HELLO_SECONDS = 10.0


class Topic(StrEnum):
    """Name what changed; the number beside it says whose."""

    MEMBER = "member"
    """A member's settings."""
    ERASED = "erased"
    """A member was erased: nothing of hers is held any longer."""
    INBOX = "inbox"
    """What waits for a member."""
    DATES = "dates"
    """What a server confirmed."""
    FAQ = "faq"
    """What a server put first in ``/faq``."""
    HEARD = "heard"
    """The programs that a server shows."""
    DUE = "due"
    """Something falls due: the number is when, in microseconds."""
    SHARES = "shares"
    """Who holds which partition."""
    HELLO = "hello"
    """Nothing changed: a process hears whether it hears."""
    DAY = "day"
    """A new day began: the status line is another."""


async def note(connection: AsyncConnection, topic: Topic, number: int = 0) -> None:
    """Let the other processes know of a change once the transaction commits; does nothing where this process is the only one."""
    if is_shared(connection):
        await connection.execute(text(f"SELECT pg_notify('{CHANNEL}', :said)"), {"said": f"{topic} {number}"})


def is_shared(connection: AsyncConnection) -> bool:
    """Tell whether other processes serve this database too."""
    return bool(connection.sync_connection and connection.sync_connection.get_execution_options().get(IS_SHARED))


class Missed(Protocol):
    """Be called where word of changes may have been missed: again and again until it is heard again, and then once more."""

    async def __call__(self, *, hears_again: bool) -> None:
        """Trust nothing that is in memory."""
        ...


class Feed:
    """Listen, on a connection of its own; whatever breaks it, all that could have been missed is read anew."""

    def __init__(self, database: Database, url: str, hear: Callable[[Topic, int], Awaitable[None]], missed: Missed) -> None:
        self._database = database
        self._engine = make_engine(make_url(url), poolclass=NullPool)
        self._hear = hear
        self._missed = missed
        self._task: asyncio.Task[None] | None = None
        self._telling: set[asyncio.Task[None]] = set()
        self._listens, self._hears = asyncio.Event(), asyncio.Event()

    async def start(self) -> None:
        """Begin; return once every later change will be heard.

        Raises:
            StartError: Nothing is heard, not even what this process says itself.
        """
        self._task = asyncio.create_task(self._listen(), name="changes")
        await self._listens.wait()
        self.tell(Topic.HELLO)
        try:
            await asyncio.wait_for(self._hears.wait(), HELLO_SECONDS)
        except TimeoutError:
            await self.stop()
            raise StartError(
                "PostgreSQL does not pass on what one process tells the others (LISTEN and NOTIFY).",
                "Let MATCHDAY_DATABASE_URL lead to the server itself; a pooler in between has to keep sessions (pool_mode=session).",
            ) from None

    async def stop(self) -> None:
        """Listen no more."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        await asyncio.gather(*self._telling, return_exceptions=True)
        await self._engine.dispose()

    def tell(self, topic: Topic, number: int = 0) -> None:
        """Let every process know, this one too, of what is no change of a row; soon, and whether or not it can be said now."""
        task = asyncio.get_running_loop().create_task(self._tell(topic, number), name=f"tell-{topic}")
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell(self, topic: Topic, number: int) -> None:
        try:
            async with self._database.write() as connection:
                await note(connection, topic, number)
        except Exception:  # each process looks again by itself, only later
            log.exception("the other processes could not be told of %s", topic)

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_once()
            except Exception as error:  # noqa: BLE001 - a server that starts anew, a network that breaks: it passes, and until then nothing is trusted
                log.warning("word of changes can't be heard (%s); what is in memory is read anew until it can", type(error).__name__)
            await self._read_anew()
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen_once(self) -> None:
        said: asyncio.Queue[str | None] = asyncio.Queue()
        async with self._engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection

            def told(*what: Any) -> None:  # noqa: ANN401 - the driver's: connection, process, channel, payload; of an end the first alone
                said.put_nowait(str(what[-1]) if len(what) > 1 else None)

            driver.add_termination_listener(told)
            await driver.add_listener(CHANNEL, told)
            if self._listens.is_set():
                log.info("word of changes is heard again")
                await self._missed(hears_again=True)
            self._listens.set()
            while True:
                try:
                    payload = await asyncio.wait_for(said.get(), PING_SECONDS)
                except TimeoutError:
                    await driver.fetchval("SELECT 1", timeout=PING_SECONDS)
                    continue
                if payload is None:
                    raise ConnectionError
                await self._heard(payload)

    async def _heard(self, payload: str) -> None:
        name, _, number = payload.partition(" ")
        try:
            topic, whose = Topic(name), int(number)
        except ValueError:  # another version's word: what it means is not known here
            log.warning("something changed of which this version knows nothing")
            await self._missed(hears_again=False)
            return
        if topic is Topic.HELLO:
            self._hears.set()
            return
        await self._hear(topic, whose)

    async def _read_anew(self) -> None:
        try:
            await self._missed(hears_again=False)
        except Exception as error:  # noqa: BLE001 - the database is away: nothing can change meanwhile, and it is read when it is back
            log.debug("what is in memory could not be read anew (%s)", type(error).__name__)
