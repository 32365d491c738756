"""What is different where several processes serve one database, each some of the shards; one that serves it alone loads none of it."""

import itertools
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bot.domain.shards import Shards
from bot.scheduling.due_loop import DueLoop
from bot.scheduling.partition import this_process
from bot.scheduling.served import Served
from bot.scheduling.share import Share
from bot.services.bundle import Services
from bot.storage.changes import Feed, Topic
from bot.storage.database import Database
from bot.storage.leases import LeaseRepository
from bot.storage.remembered import RememberedMembers
from bot.storage.shared_locks import SharedLocks
from bot.storage.types import from_microseconds, to_microseconds

IDENTIFY = "identify"
IDENTIFY_SECONDS = 5.0
START, START_SECONDS = "start", 3_600


class AlwaysDoubtful(Served):
    """Stand for the token of the last batch: of several processes none knows what the others sent, should an older copy be put back."""

    doubt = "several processes serve this database: what was due until now is looked for in its channel before it is sent"

    async def is_other(self) -> bool:
        """Tell that it is not known whether this is the database that was served last."""
        return True

    async def turn(self) -> None:
        """Change nothing."""


class Several:
    """Keep this process in step with the others: hear what they change, tell what is changed here, change one at a time."""

    def __init__(self, database: Database, url: str, shards: Shards, seconds: float) -> None:
        self.owner = this_process()
        self.share = Share(database, self.owner, seconds, shards)
        self.served = AlwaysDoubtful(LeaseRepository(database), Path())
        self.on_new_day: Callable[[], None] = lambda: None
        """Called when the status line is another one."""
        self._leases = LeaseRepository(database)
        self._turns = itertools.count()
        self._locks = SharedLocks(url)
        self._feed = Feed(database, url, self._hear, self._missed)
        self._services: Services | None = None
        self._remembered: RememberedMembers | None = None
        self._loop: DueLoop | None = None

    def join(self, services: Services, remembered: RememberedMembers, loop: DueLoop) -> None:
        """Take what remembers something, and let what changes one at a time do so over all processes."""
        self._services, self._remembered, self._loop = services, remembered, loop
        for name, changing in {
            "members": services.members,
            "answers": services.answers,
            "rotations": services.rotations,
            "letters": services.letters,
            "letter-plans": services.letters.plans,
            "letter-programs": services.letters.programs,
            "programs": services.programs,
            "program-lists": services.programs.lists,
            "retention": services.retention,
        }.items():
            changing.changing = self._locks.named(name)
        services.server_events.line = lambda guild_id: self._locks.named(f"events-{guild_id}")
        services.broadcasts.is_shared = True
        loop.wake_others = self._tell_due
        services.live_cards.on_new_day = lambda: self._feed.tell(Topic.DAY)

    def wake(self, wake: Callable[[datetime], None]) -> Callable[[datetime], None]:
        """Return what wakes this process's loop and those of the others: what falls due may be theirs to send."""

        def everywhere(due: datetime) -> None:
            wake(due)
            self._tell_due(due)

        return everywhere

    def _tell_due(self, due: datetime) -> None:
        self._feed.tell(Topic.DUE, to_microseconds(due))

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[None]:
        """Hear what others change."""
        await self._feed.start()
        try:
            yield
        finally:
            await self._feed.stop()

    @asynccontextmanager
    async def starting(self) -> AsyncGenerator[None]:
        """Do alone what each process does when it begins: the second one then finds it done."""
        async with self._locks.named(START, START_SECONDS):
            yield

    async def takes_turn(self, shard: int) -> bool:
        """Tell whether the session of a shard may begin now: over all processes they begin one after the other."""
        # A name of its own for each: a shard that begins again waits like any other.
        return await self._leases.acquire(IDENTIFY, f"{self.owner}/{shard}/{next(self._turns)}", IDENTIFY_SECONDS)

    async def close(self) -> None:
        """Close every connection."""
        await self._locks.close()

    async def _hear(self, topic: Topic, number: int) -> None:
        assert self._services and self._remembered and self._loop  # noqa: S101 - joined before anything is heard
        match topic:
            case Topic.MEMBER:
                self._remembered.forget(number)
            case Topic.ERASED:
                self._services.mydata.forget(number)
            case Topic.INBOX:
                await self._services.inbox.look_again(number)
            case Topic.DATES:
                await self._services.server_dates.load()
            case Topic.FAQ:
                self._services.server_faq.forget_server(number)
            case Topic.HEARD:
                self._services.interviews_heard.forget_names()
            case Topic.DUE:
                self._loop.wake(from_microseconds(number))
            case Topic.SHARES:
                self.share.look()
            case Topic.DAY:
                self.on_new_day()
            case Topic.HELLO:
                pass

    async def _missed(self, *, hears_again: bool) -> None:
        """Trust nothing that is in memory: word of a change may have been missed."""
        assert self._services and self._remembered and self._loop  # noqa: S101 - joined before anything can be missed
        self._remembered.forget_all()
        self._services.server_faq.forget_all()
        self._services.interviews_heard.forget_names()
        self.share.look()
        self._loop.wake()
        await self._services.inbox.load()
        await self._services.server_dates.load()
        if hears_again:
            self.on_new_day()
