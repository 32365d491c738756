"""Whatever happens, in whatever order: each delivery is settled once, and Discord holds at most one message of it."""

import asyncio
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.delivery import DeliveryState
from bot.scheduling import marks
from bot.scheduling.due_loop import DueLoop
from tests.scheduling.outboxes import FakeDiscord, ScriptedOutbox, Step, a_loop
from tests.support.clocks import NOON, ManualClock
from tests.support.databases import Store, a_delivery, open_store
from tests.support.waiting import wait_for

DELIVERIES = 3
MOST_ROUNDS = 12

moves = st.sampled_from(["tick", "tick", "crash", "crash before the marks"]) | st.sampled_from([2, 60, 170, 200, 900, -100]).map(
    lambda seconds: timedelta(seconds=seconds)
)
steps = st.sampled_from(list(Step))


@dataclass
class Life:
    """One process after the other on the same rows."""

    store: Store
    clock: ManualClock
    discord: FakeDiscord
    steps: list[Step]
    lives: int = 0
    loop: DueLoop = field(init=False)
    outbox: ScriptedOutbox = field(init=False)

    async def begin(self) -> None:
        self.lives += 1
        self.outbox = ScriptedOutbox(self.discord)
        self.outbox.steps = self.steps  # what is still to come, whoever sends
        self.loop = a_loop(self.store, self.clock, self.outbox, f"life {self.lives}")
        self.loop.partition.is_held = True
        await self.store.deliveries.release(self.loop.settings.owner, others=True)

    async def tick(self, *, write: bool = True) -> None:
        """Send what is due; write the marks, or leave them unwritten."""
        await self.loop.tick()
        await wait_for(lambda: self.outbox.under_way + len(self.loop._marks._waiting) == len(self.loop._in_hand))
        if write:
            await self.loop._marks.flush()
            await wait_for(lambda: self.outbox.under_way == len(self.loop._in_hand))

    async def crash(self) -> None:
        """End at once, as ``kill -9`` does: nothing is finished and nothing is given back."""
        self.loop._stopping = True
        tasks = list(self.loop._in_hand.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self.loop._marks._timer is not None:
            self.loop._marks._timer.cancel()
        await self.begin()


async def live(path: Path, happenings: list[str | timedelta], outcomes: list[Step]) -> None:
    clock = ManualClock()
    store = open_store(f"sqlite+aiosqlite:///{path}")
    discord = FakeDiscord(clock)
    life = Life(store, clock, discord, list(outcomes))
    made = [a_delivery(str(number), NOON - timedelta(minutes=number), member_id=None) for number in range(DELIVERIES)]
    try:
        for each in made:
            await store.deliveries.add(each)
        await life.begin()
        for happening in happenings:
            if isinstance(happening, timedelta):
                clock.advance(happening)
            elif happening == "tick":
                await life.tick()
            elif happening == "crash":
                await life.crash()
            else:
                await life.tick(write=False)
                await life.crash()
        for _ in range(MOST_ROUNDS + len(life.steps)):
            await life.crash()
            clock.advance(timedelta(minutes=2))
            await life.tick()
        await assert_settled_once(store, discord, [each.id for each in made])
    finally:
        await store.database.close()


async def assert_settled_once(store: Store, discord: FakeDiscord, ids: list[str]) -> None:
    assert all(count == 1 for count in discord.counts().values()), discord.order()
    for delivery_id in ids:
        found = await store.deliveries.get(delivery_id)
        assert found is not None
        assert found.state in (DeliveryState.SENT, DeliveryState.PARKED), found
        if found.state is DeliveryState.SENT:
            assert found.message_id == discord.find(delivery_id)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], derandomize=True
)
@given(happenings=st.lists(moves, max_size=8), outcomes=st.lists(steps, max_size=8))
def test_every_delivery_is_settled_once(sqlite_template: Path, happenings: list[str | timedelta], outcomes: list[Step]) -> None:
    before = marks.LONGEST_SECONDS
    marks.LONGEST_SECONDS = 3_600.0  # marks are written when the test says so
    try:
        with tempfile.TemporaryDirectory(dir=sqlite_template.parent) as folder:
            path = Path(folder) / "matchday.sqlite3"
            shutil.copyfile(sqlite_template, path)
            asyncio.run(live(path, happenings, outcomes))
    finally:
        marks.LONGEST_SECONDS = before
