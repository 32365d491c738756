"""Messages that could not be sent: they wait for the member, and nothing of them is lost."""

from bot.clock import Clock
from bot.domain.delivery import Delivery
from bot.storage.deliveries import DeliveryRepository


class InboxService:
    """Hold what waits; remembers in memory for whom, so that every reply can say so without a query."""

    def __init__(self, deliveries: DeliveryRepository, clock: Clock) -> None:
        self._deliveries = deliveries
        self._clock = clock
        self._waiting: set[int] = set()

    async def load(self) -> None:
        """Read for whom something waits; once, at start."""
        self._waiting = await self._deliveries.unseen_members()

    async def look_again(self, member_id: int) -> None:
        """Read whether something waits for a member: another process changed it."""
        if await self._deliveries.unseen_members(member_id):
            self._waiting.add(member_id)
        else:
            self._waiting.discard(member_id)

    def parked(self, member_id: int) -> None:
        """Remember that something now waits for a member."""
        self._waiting.add(member_id)

    def waits_for(self, member_id: int) -> bool:
        """Tell whether something that she has not seen waits for a member."""
        return member_id in self._waiting

    def forget(self, member_id: int) -> None:
        """Forget a member who erased her data: nothing waits for her any more."""
        self._waiting.discard(member_id)

    async def get(self, delivery_id: str) -> Delivery | None:
        """Return one message, or None where it was erased."""
        return await self._deliveries.get(delivery_id)

    async def page(self, member_id: int, limit: int, offset: int = 0) -> tuple[list[Delivery], bool]:
        """Return what waits, the newest first, and whether there is more; count what is returned as seen."""
        found = await self._deliveries.parked_for(member_id, limit + 1, offset)
        shown, is_more = found[:limit], len(found) > limit
        unseen = [delivery.id for delivery in shown if delivery.seen_at is None]
        if unseen:
            await self._deliveries.mark_seen(unseen, self._clock.now())
        if not is_more:
            self._waiting.discard(member_id)
        return shown, is_more
