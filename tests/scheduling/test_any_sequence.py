"""Whatever members, Discord and the host do, in whatever order: every occurrence is accounted for, and sent once at most."""

import asyncio
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.catalogue.catalogue import Catalogue, load_catalogue
from bot.domain.delivery import Delivery, DeliveryState, recipient_member
from bot.domain.preferences import MessageKind
from bot.domain.reminder import ReminderState
from bot.errors import UserFacingError
from bot.scheduling import marks
from bot.scheduling.outbox import Outcome, Refused, Unwanted
from bot.scheduling.pacing import Pacer
from bot.services.answers import Press, Snooze
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.storage.tables import delivery as deliveries
from bot.storage.tables import reminder as reminders
from bot.wiring import House, build
from tests.scheduling.outboxes import FakeDiscord, ScriptedOutbox, Step
from tests.support.clocks import ManualClock
from tests.support.databases import AMIRA, DIEGO
from tests.support.waiting import wait_for

ZONE = "America/New_York"
RANK_LIST = "us-2027-rank-list-deadline"
TYPED = [
    "in 5 minutes",
    "tomorrow 9:00",
    "every day 8:00",
    "every 2 days 2:30",
    "every Monday 9:00, 3 times",
    "3 days before rank list deadline",
]
STEPS = [Step.SENT, Step.SENT, Step.PASSING, Step.REFUSED, Step.LOST_BEFORE, Step.LOST_AFTER, Step.RAISE]
ROUNDS = 14

members = st.sampled_from([AMIRA, DIEGO])
things = st.one_of(
    st.tuples(st.just("add"), members, st.sampled_from(TYPED)),
    st.tuples(st.just("edit"), members, st.sampled_from(TYPED)),
    st.tuples(st.just("snooze"), members, st.sampled_from([Snooze.TEN_MINUTES, Snooze.HOUR, Snooze.TOMORROW])),
    st.tuples(st.sampled_from(["cancel", "pause", "resume", "unwanted", "wanted", "erase", "stop"]), members, st.none()),
    st.tuples(st.just("move"), st.sampled_from([1, 6, 60, 1_500, 1_500, 4_500, 12_000, -3, -90]), st.none()),
    st.tuples(st.sampled_from(["tick", "tick", "restart", "crash"]), st.none(), st.none()),
)


class Gated(ScriptedOutbox):
    """Send as a script says, to members who want it."""

    house: House

    async def send(self, delivery: Delivery, pacer: Pacer) -> Outcome:
        member_id = recipient_member(delivery.recipient)
        assert member_id is not None
        preferences = (await self.house.services.members.get(member_id)).preferences
        if not preferences.wants(delivery.kind):
            return Unwanted("not wanted")
        return Refused("paused") if preferences.paused else await super().send(delivery, pacer)


@dataclass
class Life:
    """One process after the other on the same rows."""

    path: Path
    catalogue: Catalogue
    steps: list[Step]
    clock: ManualClock = field(default_factory=ManualClock)
    cipher: Cipher = field(default_factory=lambda: Cipher([Fernet.generate_key().decode()]))
    erased: dict[int, int] = field(default_factory=dict)
    """How many messages there were when a member erased all."""

    def __post_init__(self) -> None:
        self.database = Database.open(f"sqlite+aiosqlite:///{self.path}")
        self.discord = FakeDiscord(self.clock)
        self.owners: dict[str, int] = {}

    async def begin(self) -> None:
        config = Settings(data_dir=self.path.parent, sends_per_second=100_000)
        self.house = build(config, self.database, self.cipher, self.clock, self.catalogue)
        self.outbox = Gated(self.discord)
        self.outbox.house, self.outbox.steps = self.house, self.steps
        self.house.due_loop.attach(self.outbox)
        self.house.due_loop.partition.is_held = True
        await self.house.due_loop._deliveries.release(self.house.due_loop.settings.owner, others=True)

    async def tick(self) -> None:
        loop = self.house.due_loop
        await loop.tick()
        await wait_for(lambda: len(loop._marks._waiting) == len(loop._in_hand))
        await loop._marks.flush()
        await loop.settle_all()

    async def crash(self) -> None:
        """Send what is due, and end before a mark is written."""
        loop = self.house.due_loop
        await loop.tick()
        await wait_for(lambda: len(loop._marks._waiting) == len(loop._in_hand))
        loop._stopping = True
        tasks = list(loop._in_hand.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if loop._marks._timer is not None:
            loop._marks._timer.cancel()
        await self.begin()

    async def do(self, what: str, who: int | None, how: object) -> None:
        if what in ("tick", "crash"):
            await getattr(self, what)()
        elif what == "restart":
            await self.house.due_loop.stop()
            await self.begin()
        elif what == "move":
            assert who is not None
            self.clock.advance(timedelta(minutes=who))
        else:
            assert who is not None
            try:
                await self._member_does(what, who, how)
            except UserFacingError:
                return

    async def _member_does(self, what: str, who: int, how: object) -> None:
        services = self.house.services
        if what == "erase":
            await services.mydata.erase(who)
            return
        member = await services.members.set_zone(who, ZONE)
        first = next(iter((await services.reminders.page(who, 1, 0))[0]), None)
        match what:
            case "add":
                await services.reminders.remind_me(member, str(how), "x", None)
            case "edit" if first:
                await services.reminders.change(member, first.id, str(how), "y")
            case "cancel" if first:
                await services.reminders.cancel(who, first.id)
            case "pause" | "resume":
                await services.members.prefer(who, paused=what == "pause")
            case "unwanted" | "wanted":
                await services.members.set_wanted(who, MessageKind.OWN, wanted=what == "wanted")
            case "snooze" | "stop":
                if row := await self._last_message(who):
                    press = Press(who, row, 1, 7)
                    await (services.answers.snooze(press, Snooze(str(how))) if what == "snooze" else services.answers.stop(press))
            case _:
                pass

    async def _last_message(self, who: int) -> str | None:
        query = sa.select(deliveries.c.id).where(deliveries.c.member_id == who, deliveries.c.state == "sent")
        async with self.database.read() as connection:
            return (await connection.execute(query.order_by(deliveries.c.due_at.desc()).limit(1))).scalar_one_or_none()

    async def rows(self, table: sa.Table) -> list[sa.RowMapping]:
        async with self.database.read() as connection:
            return list((await connection.execute(sa.select(table))).mappings())


async def live(path: Path, catalogue: Catalogue, happenings: list[tuple[str, int | None, object]], steps: list[Step]) -> None:
    life = Life(path, catalogue, list(steps))
    try:
        await life.begin()
        await life.do("add", AMIRA, "every day 8:00")
        for what, who, how in happenings:
            await life.do(what, who, how)
        life.clock.advance(timedelta(hours=2))  # what waits for a later try waits on a clock that may have been set back since
        for _ in range(ROUNDS + len(life.steps)):
            life.clock.advance(timedelta(minutes=4))  # longer than a nonce is remembered
            await life.tick()
        await assert_accounted_for(life)
    finally:
        await life.house.due_loop.stop()
        await life.database.close()


async def assert_accounted_for(life: Life) -> None:
    assert all(count == 1 for count in life.discord.counts().values()), life.discord.order()
    sent = await life.rows(deliveries)
    for row in sent:
        assert row["state"] != DeliveryState.CLAIMED.value, dict(row)
        if row["due_at"] <= life.clock.now():
            assert row["state"] != DeliveryState.PENDING.value, dict(row)
        assert row["reason"] or row["state"] not in ("parked", "cancelled"), dict(row)
        # A row that says sent stands in Discord; one that was given up may too, where its answer was lost.
        assert row["state"] != "sent" or row["message_id"] == life.discord.find(row["id"]), dict(row)
    for reminder in await life.rows(reminders):
        numbers = sorted(row["occurrence"] for row in sent if row["source_id"] == reminder["id"])
        assert numbers == list(range(reminder["occurrence"])), dict(reminder)
        times = [row["due_at"] for row in sent if row["source_id"] == reminder["id"]]
        assert len(times) == len(set(times)), times
        if reminder["state"] == ReminderState.ACTIVE.value:
            assert reminder["due_at"] > life.clock.now(), dict(reminder)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], derandomize=True
)
@given(happenings=st.lists(things, min_size=4, max_size=20), steps=st.lists(st.sampled_from(STEPS), max_size=10))
def test_every_occurrence_is_accounted_for(
    sqlite_template: Path, happenings: list[tuple[str, int | None, object]], steps: list[Step]
) -> None:
    before = marks.LONGEST_SECONDS
    marks.LONGEST_SECONDS = 3_600.0  # marks are written when the test says so
    try:
        with tempfile.TemporaryDirectory(dir=sqlite_template.parent) as folder:
            path = Path(folder) / "matchday.sqlite3"
            shutil.copyfile(sqlite_template, path)
            asyncio.run(live(path, CATALOGUE, happenings, steps))
    finally:
        marks.LONGEST_SECONDS = before


CATALOGUE = load_catalogue()
