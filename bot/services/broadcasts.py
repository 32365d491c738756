"""Broadcasts: drafted, seen as they will be, confirmed, sent through the delivery table."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.domain.broadcast import Broadcast, BroadcastState
from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState, Priority, channel_recipient
from bot.errors import UserFacingError
from bot.storage.broadcasts import BroadcastRepository
from bot.storage.deliveries import DeliveryRepository
from bot.storage.identifiers import new_id

MAX_TITLE = 150
MAX_TEXT = 1_700
"""Title, text and the line below them are one message, which holds 2,000 characters."""
DRAFTS_KEPT = timedelta(days=1)
SOURCE = "broadcast"

GONE = UserFacingError(
    "That draft is not there any more.", "Drafts are kept for a day, and a change takes the place of the one before. Use /broadcast new."
)
SENT_ALREADY = UserFacingError("That notice was sent already.", "Delete the message in its channel, if it should not stand there.")


@dataclass(frozen=True, slots=True)
class Sending:
    """What became of a broadcast: itself, and its latest delivery."""

    broadcast: Broadcast
    delivery: Delivery


class BroadcastService:
    """Keep what moderators write to their channels."""

    def __init__(
        self,
        broadcasts: BroadcastRepository,
        deliveries: DeliveryRepository,
        clock: Clock,
        deliver_now: Callable[[str], Awaitable[DeliveryState]],
    ) -> None:
        self._broadcasts = broadcasts
        self._deliveries = deliveries
        self._clock = clock
        self._deliver_now = deliver_now

    async def draft(
        self, guild_id: int, channel_id: int, author_id: int, title: str, text: str, *, instead_of: str | None = None
    ) -> Broadcast:
        """Keep a draft for a day, where one is named in its place.

        Raises:
            UserFacingError: The title or text can't be sent, or the draft that it is to replace was sent meanwhile.
        """
        title, text = title.strip(), text.strip()
        if not title or not text:
            raise UserFacingError("A notice has a title and a text.", "Write both with /broadcast new.")
        if len(title) > MAX_TITLE or len(text) > MAX_TEXT:
            raise UserFacingError(
                f"That notice is too long: a title holds {MAX_TITLE} characters, a text {MAX_TEXT:,}.",
                f"Yours have {len(title)} and {len(text):,}. Shorten it, or send it as two.",
            )
        await self.discard_old_drafts()
        now = self._clock.now()
        broadcast = Broadcast(new_id(), guild_id, channel_id, author_id, title, text, BroadcastState.DRAFT, now)
        if not await self._broadcasts.add(broadcast, instead_of=instead_of):
            raise SENT_ALREADY
        return broadcast

    async def discard_old_drafts(self) -> None:
        """Throw away the drafts that nobody confirmed within a day."""
        await self._broadcasts.discard_old_drafts(self._clock.now() - DRAFTS_KEPT)

    async def get(self, broadcast_id: str, guild_id: int) -> Broadcast:
        """Return a broadcast of a server; raise UserFacingError where it is gone, a draft of yesterday, or another server's."""
        broadcast = await self._broadcasts.get(broadcast_id)
        if broadcast is None or broadcast.guild_id != guild_id:
            raise GONE
        if broadcast.state is BroadcastState.DRAFT and broadcast.created_at < self._clock.now() - DRAFTS_KEPT:
            raise GONE
        return broadcast

    async def discard(self, broadcast_id: str, guild_id: int) -> None:
        """Throw a draft away; raise UserFacingError where it is gone or was sent."""
        await self.get(broadcast_id, guild_id)
        if not await self._broadcasts.discard(broadcast_id):
            raise SENT_ALREADY

    async def confirm(self, broadcast_id: str, guild_id: int) -> Sending:
        """Send a draft; a second time finds what became of the first."""
        broadcast = await self.get(broadcast_id, guild_id)
        delivery = self._delivery(broadcast, 0)
        await self._broadcasts.confirm(broadcast.id, self._clock.now(), delivery)
        return await self._sent(await self.get(broadcast_id, guild_id), delivery)

    async def try_again(self, broadcast_id: str, guild_id: int) -> Sending:
        """Send anew what Discord refused; where it was sent or is under way, nothing is sent."""
        broadcast = await self.get(broadcast_id, guild_id)
        if broadcast.state is not BroadcastState.CONFIRMED:
            raise UserFacingError("That notice was never confirmed.", "Look at it again with /broadcast new.")
        occurrence = 0
        while await self._was_refused(self._delivery(broadcast, occurrence)):
            occurrence += 1
        delivery = self._delivery(broadcast, occurrence)
        await self._deliveries.add(delivery)
        return await self._sent(broadcast, delivery)

    async def about(self, delivery_id: str) -> Broadcast | None:
        """Return the broadcast that a posted message belongs to, or None."""
        delivery = await self._deliveries.get(delivery_id)
        if delivery is None or delivery.source != SOURCE:
            return None
        return await self._broadcasts.get(delivery.source_id)

    async def _was_refused(self, delivery: Delivery) -> bool:
        existing = await self._deliveries.get(delivery.id)
        return existing is not None and existing.state is DeliveryState.PARKED

    async def _sent(self, broadcast: Broadcast, delivery: Delivery) -> Sending:
        await self._deliver_now(delivery.id)
        return Sending(broadcast, await self._deliveries.get(delivery.id) or delivery)

    def _delivery(self, broadcast: Broadcast, occurrence: int) -> Delivery:
        return Delivery(
            kind=DeliveryKind.NOTICE,
            recipient=channel_recipient(broadcast.channel_id),
            source=SOURCE,
            source_id=broadcast.id,
            occurrence=occurrence,
            due_at=self._clock.now(),
            priority=Priority.INTERACTIVE,
            guild_id=broadcast.guild_id,
            channel_id=broadcast.channel_id,
            payload={"title": broadcast.title, "text": broadcast.text},
        )
