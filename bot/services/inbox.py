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

    def parked(self, member_id: int) -> None:
        """Remember that something now waits for a member."""
        self._waiting.add(member_id)

    def waits_for(self, member_id: int) -> bool:
        """Tell whether something that she has not seen waits for a member."""
        return member_id in self._waiting

    def forget(self, member_id: int) -> None:
        """Forget a member who erased her data: nothing waits for her any more."""
        self._waiting.discard(member_id)

    async def page(self, member_id: int, limit: int, offset: int = 0) -> list[Delivery]:
        """Return what waits, the newest first, and count it as seen."""
        found = await self._deliveries.parked_for(member_id, limit, offset)
        unseen = [delivery.id for delivery in found if delivery.seen_at is None]
        if unseen:
            await self._deliveries.mark_seen(unseen, self._clock.now())
        if len(found) < limit:
            self._waiting.discard(member_id)
        return found
