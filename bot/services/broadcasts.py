"""Broadcasts: drafted, seen as they will be, confirmed, sent through the delivery table."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.broadcast import NOT_YET, Broadcast, BroadcastState
from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState, Priority, channel_recipient, job_recipient, member_recipient
from bot.errors import UserFacingError
from bot.services.written_notices import LONGEST_AHEAD, Written, checked
from bot.storage.broadcasts import SOURCE, BroadcastRepository, Count
from bot.storage.deliveries import DeliveryRepository
from bot.storage.identifiers import new_id

DRAFTS_KEPT = timedelta(days=1)
ALL_AT_ONCE = 500
MOST_KEPT = 500
"""How many notices of one server are looked through."""
FAN, RECALL = "notice-fan", "recall"
STOPPED = "A moderator stopped it."

GONE = UserFacingError(
    "That draft is not there any more.", "Drafts are kept for a day, and a change takes the place of the one before. Use /broadcast new."
)
SENT_ALREADY = UserFacingError("That notice was sent already.", "/broadcast status says how it fares, and can recall it.")
NOT_THERE = UserFacingError("That can't be done with this notice now.", "Look at it again with /broadcast status.")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a broadcast is."""

    broadcast: Broadcast
    counts: tuple[Count, ...]
    is_being_addressed: bool = False
    """Whether it is still to be written out to the members who want it, who are counted from then on."""

    def number(self, *states: DeliveryState, is_to_members: bool | None = None) -> int:
        """Return how many of its messages stand in one of some states."""
        return sum(count.number for count in self.counts if count.state in states and is_to_members in (None, count.is_to_members))


class BroadcastService:
    """Keep what moderators write to their server."""

    def __init__(
        self,
        broadcasts: BroadcastRepository,
        deliveries: DeliveryRepository,
        clock: Clock,
        deliver_now: Callable[[str], Awaitable[DeliveryState]],
        wake: Callable[[datetime], None],
    ) -> None:
        self._broadcasts = broadcasts
        self._deliveries = deliveries
        self._clock = clock
        self._deliver_now = deliver_now
        self._wake = wake
        self._states: dict[str, BroadcastState] = {}
        self.is_shared = False
        """Whether other processes change broadcasts too: then nothing of them is remembered, for what was stopped must not go out."""

    async def draft(self, guild_id: int, author_id: int, written: Written, *, instead_of: str | None = None) -> Broadcast:
        """Keep a draft for a day, where one is named in its place.

        Raises:
            UserFacingError: It can't be sent as it is, or the draft that it is to replace was sent meanwhile.
        """
        now = self._clock.now()
        said = checked(written, now)
        await self.discard_old_drafts()
        broadcast = Broadcast(
            id=new_id(),
            guild_id=guild_id,
            author_id=author_id,
            title=said.title,
            text=said.text,
            state=BroadcastState.DRAFT,
            created_at=now,
            channels=said.channels,
            send_at=said.send_at,
            is_to_members=said.is_to_members,
            roles=said.roles,
            link=said.link,
            picture=said.picture,
            pack_key=said.pack_key,
            dates=said.dates,
        )
        if not await self._broadcasts.add(broadcast, instead_of=instead_of):
            raise SENT_ALREADY
        return broadcast

    async def redraft(self, draft: Broadcast, author_id: int, **changes: object) -> Broadcast:
        """Put a changed draft in the place of one; raise UserFacingError where that was sent meanwhile."""
        before = Written(
            draft.title,
            draft.text,
            draft.channels,
            draft.send_at,
            draft.is_to_members,
            draft.roles,
            draft.link,
            draft.picture,
            draft.pack_key,
            draft.dates,
        )
        changed = replace(before, **changes)  # type: ignore[arg-type]  # the callers name real fields
        return await self.draft(draft.guild_id, author_id, changed, instead_of=draft.id)

    async def kept(self, guild_id: int) -> list[Broadcast]:
        """Return the newest notices of a server, drafts among them."""
        return await self._broadcasts.of_server(guild_id, MOST_KEPT, with_drafts=True)

    async def discard_old_drafts(self) -> None:
        """Throw away the drafts that nobody confirmed within a day."""
        await self._broadcasts.discard_old_drafts(self._clock.now() - DRAFTS_KEPT)

    async def get(self, broadcast_id: str, guild_id: int) -> Broadcast:
        """Return a broadcast of a server; raise UserFacingError where it is gone, a draft of yesterday, or another server's."""
        broadcast = await self._broadcasts.get(broadcast_id)
        if broadcast is None or broadcast.guild_id != guild_id:
            raise GONE
        if broadcast.state in NOT_YET and broadcast.created_at < self._clock.now() - DRAFTS_KEPT:
            raise GONE
        return broadcast

    async def newest(self, guild_id: int, limit: int = 25) -> list[Broadcast]:
        """Return the newest broadcasts of a server that wait for approval or are more."""
        return await self._broadcasts.of_server(guild_id, limit)

    async def discard(self, broadcast_id: str, guild_id: int) -> None:
        """Throw a draft away; raise UserFacingError where it is gone or was sent."""
        await self.get(broadcast_id, guild_id)
        if not await self._broadcasts.discard(broadcast_id):
            raise SENT_ALREADY

    async def ask_approval(self, broadcast_id: str, guild_id: int) -> Broadcast:
        """Let a second moderator look at a draft."""
        broadcast = await self.get(broadcast_id, guild_id)
        if broadcast.state is BroadcastState.DRAFT and not await self._turn(broadcast, (BroadcastState.DRAFT,), BroadcastState.WAITING):
            raise NOT_THERE
        return replace(broadcast, state=BroadcastState.WAITING)

    async def confirm(self, broadcast_id: str, guild_id: int) -> Progress:
        """Send a draft, or plan it for its time; a second time finds what became of the first."""
        broadcast = await self.get(broadcast_id, guild_id)
        now = self._clock.now()
        if broadcast.state in NOT_YET and broadcast.send_at is not None and broadcast.send_at <= now:
            raise UserFacingError("The time that was chosen for it has passed.", "Press Change, and choose another time or none.")
        made = self._channel_deliveries(broadcast, 0)
        if broadcast.is_to_members:
            made.append(self._fan(broadcast))
        if await self._broadcasts.confirm(broadcast.id, now, made):
            self._states[broadcast.id] = BroadcastState.CONFIRMED
            self._wake(broadcast.send_at or now)
        if broadcast.send_at is None:
            for each in made:
                if each.kind is DeliveryKind.NOTICE:
                    await self._deliver_now(each.id)
        return await self.progress(broadcast_id, guild_id)

    async def try_again(self, broadcast_id: str, guild_id: int) -> Progress:
        """Send anew to the channels where Discord refused it; where it was sent or is under way, nothing is sent."""
        broadcast = await self.get(broadcast_id, guild_id)
        if broadcast.state is not BroadcastState.CONFIRMED:
            raise NOT_THERE
        for each in self._channel_deliveries(broadcast, 0):
            again = each
            while await self._was_refused(again):
                again = replace(again, occurrence=again.occurrence + 1)
            if again.occurrence:
                await self._deliveries.add(again)
                await self._deliver_now(again.id)
        return await self.progress(broadcast_id, guild_id)

    async def progress(self, broadcast_id: str, guild_id: int) -> Progress:
        """Return how far a broadcast of a server is."""
        broadcast = await self.get(broadcast_id, guild_id)
        fan = await self._deliveries.get(self._fan(broadcast).id) if broadcast.is_to_members else None
        # Asked before they are counted: what is written out in between is counted, and not missed.
        is_being_addressed = fan is not None and fan.state in (DeliveryState.PENDING, DeliveryState.CLAIMED)
        return Progress(broadcast, tuple(await self._broadcasts.counts(broadcast_id)), is_being_addressed)

    async def message_of(self, broadcast: Broadcast, channel_id: int) -> Delivery | None:
        """Return the latest delivery of a broadcast to one channel."""
        latest: Delivery | None = None
        for occurrence in range(100):
            found = await self._deliveries.get(self._channel_delivery(broadcast, channel_id, occurrence).id)
            if found is None:
                break
            latest = found
        return latest

    async def pause(self, broadcast_id: str, guild_id: int) -> None:
        """Let nothing more of it go out until it is resumed."""
        if not await self.pause_if_it_goes(await self.get(broadcast_id, guild_id)):
            raise NOT_THERE

    async def pause_if_it_goes(self, broadcast: Broadcast) -> bool:
        """Pause a broadcast; return False where it is paused, stopped or recalled already."""
        if turned := await self._turn(broadcast, (BroadcastState.CONFIRMED,), BroadcastState.PAUSED):
            await self._broadcasts.put_off(broadcast.id, self._clock.now() + LONGEST_AHEAD)
        return turned

    async def resume(self, broadcast_id: str, guild_id: int) -> None:
        """Let a paused one go on; nobody gets it twice."""
        broadcast = await self.get(broadcast_id, guild_id)
        if not await self._turn(broadcast, (BroadcastState.PAUSED,), BroadcastState.CONFIRMED):
            raise NOT_THERE
        now = self._clock.now()
        await self._broadcasts.go_on(broadcast.id, now)
        self._wake(now)

    async def accept_dates(self, broadcast: Broadcast) -> None:
        """Hold it no more to the dates that it was written from."""
        await self._broadcasts.accept_dates(broadcast)

    async def stop(self, broadcast_id: str, guild_id: int) -> None:
        """Let nothing more of it go out, for good; what was sent stands."""
        broadcast = await self.get(broadcast_id, guild_id)
        if not await self._turn(broadcast, (BroadcastState.CONFIRMED, BroadcastState.PAUSED), BroadcastState.STOPPED):
            raise NOT_THERE
        await self._broadcasts.cancel(broadcast.id, STOPPED)

    async def recall(self, broadcast_id: str, guild_id: int) -> int:
        """Stop it, and delete its messages one by one at the pace of sending; return how many are to be deleted."""
        broadcast = await self.get(broadcast_id, guild_id)
        before = (BroadcastState.CONFIRMED, BroadcastState.PAUSED, BroadcastState.STOPPED, BroadcastState.RECALLED)
        if not await self._turn(broadcast, before, BroadcastState.RECALLED):
            raise NOT_THERE
        await self._broadcasts.cancel(broadcast.id, STOPPED)
        now = self._clock.now()
        made = [
            Delivery(
                kind=DeliveryKind.NOTICE_RECALL,
                recipient=job_recipient(f"{RECALL}-{posted.delivery_id}"),
                source=RECALL,
                source_id=broadcast.id,
                occurrence=0,
                due_at=now,
                priority=Priority.NORMAL,
                guild_id=guild_id,
                channel_id=posted.channel_id,
                payload={"message_id": str(posted.message_id)},
            )
            for posted in await self._broadcasts.posted(broadcast.id)
        ]
        await self._broadcasts.add_deliveries(made)
        self._wake(now)
        return len(made)

    async def fan_out(self, delivery: Delivery) -> int:
        """Address a notice to everybody who wants this server's notices now; return to how many. Done twice it adds nobody."""
        broadcast = await self._broadcasts.get(delivery.source_id)
        if broadcast is None or await self.state_of(broadcast.id) not in (BroadcastState.CONFIRMED, BroadcastState.PAUSED):
            return 0
        wishing = await self._broadcasts.wishing(broadcast.guild_id)
        for start in range(0, len(wishing), ALL_AT_ONCE):
            part = wishing[start : start + ALL_AT_ONCE]
            await self._broadcasts.add_deliveries([self._member_delivery(broadcast, member_id, delivery.due_at) for member_id in part])
        self._wake(self._clock.now())
        return len(wishing)

    async def state_of(self, broadcast_id: str) -> BroadcastState | None:
        """Return where a broadcast stands, from memory where it was asked before and no other process changes it; None where it is gone."""
        if self.is_shared or broadcast_id not in self._states:
            found = await self._broadcasts.get(broadcast_id)
            if found is None:
                return None
            self._states[broadcast_id] = found.state
        return self._states[broadcast_id]

    async def about(self, delivery_id: str, guild_id: int | None) -> Broadcast | None:
        """Return the broadcast of a server that a posted message belongs to, or None."""
        delivery = await self._deliveries.get(delivery_id)
        if delivery is None or delivery.source != SOURCE or delivery.guild_id != guild_id:
            return None
        return await self._broadcasts.get(delivery.source_id)

    async def want(self, member_id: int, guild_id: int, *, wanted: bool) -> None:
        """Note whether a member wants the notices of a server by direct message."""
        if wanted:
            await self._broadcasts.wish(member_id, guild_id, self._clock.now())
        else:
            await self._broadcasts.unwish(member_id, guild_id)

    async def wants(self, member_id: int, guild_id: int) -> bool:
        """Tell whether she does."""
        return guild_id in await self._broadcasts.wishes_of(member_id)

    async def how_many_want(self, guild_id: int) -> int:
        """Return how many members want the notices of a server; who they are is shown to nobody."""
        return await self._broadcasts.how_many_wish(guild_id)

    async def _turn(self, broadcast: Broadcast, before: Sequence[BroadcastState], after: BroadcastState) -> bool:
        turned = await self._broadcasts.turn(broadcast.id, before, after)
        if turned:
            self._states[broadcast.id] = after
        return turned

    async def _was_refused(self, delivery: Delivery) -> bool:
        existing = await self._deliveries.get(delivery.id)
        return existing is not None and existing.state is DeliveryState.PARKED

    def _channel_deliveries(self, broadcast: Broadcast, occurrence: int) -> list[Delivery]:
        return [self._channel_delivery(broadcast, channel_id, occurrence) for channel_id in broadcast.channels]

    def _channel_delivery(self, broadcast: Broadcast, channel_id: int, occurrence: int) -> Delivery:
        return Delivery(
            kind=DeliveryKind.NOTICE,
            recipient=channel_recipient(channel_id),
            source=SOURCE,
            source_id=broadcast.id,
            occurrence=occurrence,
            due_at=broadcast.send_at or self._clock.now(),
            priority=Priority.INTERACTIVE,
            guild_id=broadcast.guild_id,
            channel_id=channel_id,
            payload=_said(broadcast) | {"roles": ",".join(map(str, broadcast.roles))},
        )

    def _fan(self, broadcast: Broadcast) -> Delivery:
        return Delivery(
            kind=DeliveryKind.NOTICE_FAN,
            recipient=job_recipient(FAN),
            source=SOURCE,
            source_id=broadcast.id,
            occurrence=0,
            due_at=broadcast.send_at or self._clock.now(),
            priority=Priority.URGENT,
            guild_id=broadcast.guild_id,
        )

    def _member_delivery(self, broadcast: Broadcast, member_id: int, due_at: datetime) -> Delivery:
        return Delivery(
            kind=DeliveryKind.NOTICE,
            recipient=member_recipient(member_id),
            source=SOURCE,
            source_id=broadcast.id,
            occurrence=0,
            due_at=due_at,
            priority=Priority.BULK,
            guild_id=broadcast.guild_id,
            payload=_said(broadcast),
        )


def _said(broadcast: Broadcast) -> dict[str, str]:
    said = {"title": broadcast.title, "text": broadcast.text, "link": broadcast.link, "picture": broadcast.picture}
    return said | ({"pack": broadcast.pack_key} if broadcast.pack_key else {})
