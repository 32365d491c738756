"""The due loop: turns what is due into deliveries, claims them, has them sent, and settles each one.

Nothing here holds the truth: it lies in the rows, and whatever ends this process at any instruction leaves rows that the next one goes on
with. A delivery that was sent but not yet marked is sent again under the same nonce, which Discord answers with the first message.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from bot.clock import Clock
from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState, Priority, recipient_member
from bot.domain.shards import partition_of
from bot.scheduling.alarm import Alarm
from bot.scheduling.marks import MarkBuffer
from bot.scheduling.outbox import Outbox, Outcome, Passing, Refused, Unknown
from bot.scheduling.pacing import ForgottenError, NotServingError, Pacer, while_remembered
from bot.scheduling.partition import Partition, this_process
from bot.scheduling.served import Served
from bot.scheduling.settling import NonceWatch, Patience, mark_for, must_read_back
from bot.storage.deliveries import DeliveryRepository
from bot.storage.delivery_rows import Mark, is_readable
from bot.storage.leases import LeaseRepository

log = logging.getLogger(__name__)

FALL_DUE_AT_ONCE = 100
"""Thousands fall due in one instant on the days that matter; 500 at once held each answer to a member up for 50 ms, again and again."""
URGENT_AT_ONCE = 50
MOST_IN_HAND = 500
"""Ten seconds of work at the usual pace; to read and decrypt more than that at once would hold up the answers to members."""
EXPIRED = "It was of no more use when it could have been sent."
CANNOT_BE_READ = "What was stored of it can't be read any more."


@dataclass(frozen=True, slots=True)
class LoopSettings:
    """Hold the lengths, in real seconds unless they say otherwise."""

    owner: str = field(default_factory=this_process)
    claim_seconds: float = 10.0
    """How much work a claim may take at the pace of sending."""
    lease_seconds: float = 120.0
    openings_a_minute: int = 30
    """How many conversations may be opened in a minute."""
    deliver_seconds: float = 60.0
    """How long ``deliver`` waits at most; the sending goes on."""
    partition_lease_seconds: float = 30.0
    stop_seconds: float = 10.0
    restart_seconds: float = 1.0
    """How long the supervised task waits before it begins again after an error."""
    patience: Patience = field(default_factory=Patience)


class DueLoop:
    """Send what is due, each once."""

    def __init__(
        self,
        deliveries: DeliveryRepository,
        leases: LeaseRepository,
        clock: Clock,
        pacer: Pacer,
        *,
        settings: LoopSettings | None = None,
        served: Served | None = None,
        partition: Partition | None = None,
    ) -> None:
        self.settings = settings or LoopSettings()
        self.partition = partition or Partition(leases, self.settings.owner, self.settings.partition_lease_seconds)
        self.on_parked: Callable[[int], None] = lambda _member_id: None
        self.after_refusal: Callable[[Delivery, str], Awaitable[Delivery | None]] = _nothing_after
        """Awaited with what is parked and why: what it returns is stored in the same transaction."""
        self.on_settled: Callable[[Delivery, Mark], None] = lambda _delivery, _mark: None
        """Called with what was tried and what became of it, once that is stored."""
        self.before_batch: Callable[[Sequence[int]], Awaitable[None]] = _nothing_before
        """Awaited with the members of a batch before it is sent: what it needs of them can be read at once."""
        self.wake_others: Callable[[datetime], None] = lambda _due: None
        """Called with when something falls due that was made here: it may be another process's to send."""
        self.on_next_due: Callable[[datetime | None], None] | None = None
        self._deliveries = deliveries
        self._clock = clock
        self._pacer = pacer
        self._served = served
        self._in_doubt_until: datetime | None = None
        pacer.may_begin = lambda: not self.partition.has_run_out
        self._alarm = Alarm(clock)
        self._marks = MarkBuffer(deliveries, self.settings.owner)
        self._outbox: Outbox | None = None
        self._task: asyncio.Task[None] | None = None
        self._in_hand: dict[str, asyncio.Task[None]] = {}
        self._parts_in_hand: dict[str, int] = {}
        self.partition.busy, self.partition.changed = lambda: set(self._parts_in_hand.values()), self.wake
        self._taking = asyncio.Lock()
        """Held from a claim until what was claimed is in hand: whoever waits for one of these finds it there."""
        self._last_tick = time.monotonic()
        self._next_due: datetime | None = None
        self._stopping = False

    def attach(self, outbox: Outbox) -> None:
        """Say who sends."""
        self._outbox = outbox

    async def start(self) -> None:
        """Begin; the task is supervised and starts itself again after an error."""
        if self._task is None:
            self._stopping = False
            self._pacer.start()
            self._alarm.start()
            self._task = asyncio.create_task(self._supervise(), name="due-loop")

    async def stop(self) -> None:
        """Claim nothing more, finish what is under way for some seconds, give the rest back."""
        self._stopping = True
        self._alarm.stop()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        await self._finish_in_hand()
        try:
            async with asyncio.timeout(self.settings.stop_seconds):
                await self._marks.flush()
                await self._deliveries.release(self.settings.owner)
                await self.partition.release()
        except Exception:  # the rows stay claimed until their lease ends; their nonces keep them from being sent twice
            log.exception("the due loop could not give back what it held")
            await self.partition.let_go()

    async def hold_partition(self) -> None:
        """Wait for the right to send; then take over what an earlier holder left."""
        await self.partition.hold()
        try:
            left = await self.partition.take_over(self._deliveries)
        except Exception:  # they come back when their lease ends
            log.exception("what an earlier process had claimed could not be taken over at once")
        else:
            if left:
                log.info("took over %d deliveries that another process had claimed", left)
        await self._doubt()
        self.wake()

    async def _doubt(self) -> None:
        """Note where this database is not the one that was served last: what it holds as due may have been sent since."""
        if self._served is None:
            return
        now = self._clock.now()
        try:
            self._in_doubt_until = await self._served.doubted_until(now)
            await self._served.turn()  # what is sent from now on is sent after every copy made so far, and before those made later
        except Exception:  # looking twice is safe
            log.exception("it is not known whether this database is the one that was served last")
            self._in_doubt_until = now
        if self._in_doubt_until == now:
            log.warning("%s", self._served.doubt)

    def wake(self, due: datetime | None = None) -> None:
        """Look at once, where ``due`` is earlier than what is awaited; without it in any case."""
        if due is None or self._next_due is None or due < self._next_due:
            self._alarm.ring()

    @property
    def rate(self) -> float:
        """Return how many requests a second are begun at most."""
        return self._pacer.rate

    def age(self) -> float:
        """Return how many real seconds ago the loop last looked at what is due, to the end and without an error."""
        return time.monotonic() - self._last_tick

    async def deliver(self, delivery_id: str) -> DeliveryState:
        """Send this one now, ahead of all others, because a person waits; return where it stands afterwards."""
        if self._outbox is not None and not self._stopping and not self.partition.lost.is_set():
            async with self._taking:
                claimed = await self._deliveries.claim_due(
                    self._clock.now(), 1, self.settings.owner, self.settings.lease_seconds, only_id=delivery_id
                )
                await self._take_in_hand(claimed)
            task = self._in_hand.get(delivery_id)
            if task is not None:
                await asyncio.wait({task}, timeout=self.settings.deliver_seconds)
        found = await self._deliveries.get(delivery_id)
        return found.state if found else DeliveryState.CANCELLED

    async def tick(self) -> None:
        """Do all that is due now: once, without waiting for what is being sent."""
        if not self.partition.is_held or self._outbox is None:
            self._last_tick = time.monotonic()
            return
        now = self._clock.now()
        while await self._deliveries.fall_due(now, FALL_DUE_AT_ONCE, parts=self.partition.parts) == FALL_DUE_AT_ONCE:
            pass
        await self._claim(now)
        # Not what waits already: that is claimed when the hands are free, and must not hide what is urgent and falls due meanwhile.
        next_due = await self._deliveries.next_due(after=now, parts=self.partition.parts)
        if next_due is not None:
            self._alarm.ring_at(next_due)
        self._tell(next_due)
        self._last_tick = time.monotonic()  # only now: a loop that fails at every look is not well

    async def settle_all(self) -> None:
        """Wait until everything in hand is settled; for an orderly end and for tests."""
        while self._in_hand:
            await asyncio.wait(set(self._in_hand.values()))

    async def _finish_in_hand(self) -> None:
        if not self._in_hand:
            return
        # Without the lease another process sends already: what waits for its turn here must not begin.
        seconds = 0.0 if self.partition.lost.is_set() else self.settings.stop_seconds
        _, late = await asyncio.wait(set(self._in_hand.values()), timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _supervise(self) -> None:
        while True:
            try:
                while True:
                    await self._alarm.wait()
                    await self.tick()
            except Exception:  # whatever it was, members still wait for what is due
                log.exception("the due loop failed; it begins again in %g s", self.settings.restart_seconds)
                await asyncio.sleep(self.settings.restart_seconds)
                self._alarm.ring()

    async def _claim(self, now: datetime) -> None:
        capacity = min(MOST_IN_HAND, max(1, int(self._pacer.rate * self.settings.claim_seconds)))
        room = capacity - len(self._in_hand)
        # Bulk fills the hands up to their capacity; what is urgent is taken all the same and overtakes it in the pacer.
        limit, at_least = (room, None) if room > 0 else (URGENT_AT_ONCE, int(Priority.URGENT))
        async with self._taking:
            claimed = await self._deliveries.claim_due(
                now, limit, self.settings.owner, self.settings.lease_seconds, at_least=at_least, parts=self.partition.parts
            )
            await self._take_in_hand(claimed)
        if claimed and len(claimed) == limit:
            self.wake()

    async def _take_in_hand(self, claimed: Sequence[Delivery]) -> None:
        if claimed:
            await self._before_sending(claimed)
        for delivery in claimed:
            if delivery.id in self._in_hand:  # its lease ended while it was under way, and this process claimed it again
                continue
            task = asyncio.create_task(self._settle(delivery), name=f"deliver-{delivery.id}")
            self._in_hand[delivery.id] = task
            self._parts_in_hand[delivery.id] = partition_of(recipient_member(delivery.recipient) or delivery.channel_id)
            task.add_done_callback(partial(self._let_go, delivery.id))

    async def _before_sending(self, claimed: Sequence[Delivery]) -> None:
        try:
            if self._served is not None:
                await self._served.turn()
            if len(claimed) > 1:
                await self.before_batch([each for one in claimed if (each := recipient_member(one.recipient)) is not None])
        except Exception:  # what is claimed goes out all the same: later is worse
            log.exception("a batch goes out without what is done before")

    def _let_go(self, delivery_id: str, _task: "asyncio.Task[None]") -> None:
        self._in_hand.pop(delivery_id, None)
        self._parts_in_hand.pop(delivery_id, None)
        if not self._in_hand and not self._stopping:
            self.wake()

    async def _settle(self, delivery: Delivery) -> None:
        watch = NonceWatch(self._clock, self.settings.patience)
        outcome = await self._attempt(delivery, watch)
        mark = mark_for(delivery, outcome, self._clock.now(), self.settings.patience, watch.earliest)
        if mark.state is DeliveryState.PARKED and mark.then is None:
            mark = replace(mark, then=await self._then(delivery, mark.reason))
        if mark.state is DeliveryState.PENDING:
            log.info("delivery %s waits until %s: %s", delivery.id, mark.not_before, mark.reason)
        held = await self._marks.add(mark)
        if held:
            self.on_settled(delivery, mark)
        if held and mark.then is not None:
            self.wake()
            self.wake_others(mark.then.due_at)
        member_id = recipient_member(delivery.recipient)
        # A greeting that was refused is told at once, and is not in the inbox.
        waits = mark.state is DeliveryState.PARKED and delivery.kind is not DeliveryKind.GREETING
        if held and waits and member_id is not None:
            self.on_parked(member_id)

    async def _then(self, delivery: Delivery, reason: str) -> Delivery | None:
        try:
            return await self.after_refusal(delivery, reason)
        except Exception:  # that it was refused is kept all the same
            log.exception("nobody is told that delivery %s was refused", delivery.id)
            return None

    async def _attempt(self, delivery: Delivery, watch: NonceWatch) -> Outcome:
        assert self._outbox is not None  # noqa: S101 - nothing is claimed without one
        now = self._clock.now()
        if not is_readable(delivery):
            log.error("delivery %s can't be read with the key file; it is parked", delivery.id)
            return Refused(CANNOT_BE_READ)
        expired = delivery.expires_at is not None and delivery.expires_at <= now
        try:
            in_doubt = self._in_doubt_until is not None and delivery.due_at <= self._in_doubt_until
            tried = must_read_back(delivery, now, self.settings.patience) or (expired and delivery.first_tried_at is not None)
            if tried or in_doubt:
                found = await self._outbox.find_sent(delivery, self._pacer)
                if found is not None:
                    return found
            watch.first = None if tried or in_doubt else delivery.first_tried_at
            while_remembered(watch.is_known)
            return Refused(EXPIRED) if expired else await self._outbox.send(delivery, self._pacer)
        except NotServingError:
            return Passing("another process sends now")
        except ForgottenError:
            return Unknown("the earlier attempt lies too far back")
        except TimeoutError:
            return Unknown("no answer within the time allowed")
        except Exception:  # a fault of ours: the message is kept and tried again
            log.exception("delivery %s failed", delivery.id)
            return Unknown("an error on this side")

    def _tell(self, next_due: datetime | None) -> None:
        changed, self._next_due = next_due != self._next_due, next_due
        if changed and self.on_next_due is not None:
            self.on_next_due(next_due)


async def _nothing_after(_delivery: Delivery, _reason: str) -> None:
    """Tell nobody."""


async def _nothing_before(_member_ids: Sequence[int]) -> None:
    """Stand for nothing that must be read before a batch."""
