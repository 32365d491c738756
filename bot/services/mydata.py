"""What is stored of a member: shown, handed over, erased."""

import json
from collections.abc import Awaitable, Callable, Sequence

from bot.clock import Clock
from bot.domain.delivery import Delivery, DeliveryKind, Priority, job_recipient
from bot.storage.deliveries import DeliveryRepository
from bot.storage.erasure_log import Erased, ErasureLog
from bot.storage.identifiers import new_id
from bot.storage.privacy import PrivacyRepository

ASKED = "erase-user"


class MyDataService:
    """Show, export and erase what is stored of one member."""

    def __init__(
        self,
        privacy: PrivacyRepository,
        take_back: Sequence[Callable[[int], Awaitable[None]]],
        forget: Callable[[int], None],
        erasures: ErasureLog,
        deliveries: DeliveryRepository,
        clock: Clock,
    ) -> None:
        self._privacy = privacy
        self._take_back = take_back
        self.forget = forget
        """Forget what is held in memory of a member who was erased."""
        self._erasures = erasures
        self._deliveries = deliveries
        self._clock = clock

    async def summary(self, member_id: int) -> dict[str, int]:
        """Return how many rows each kind of data has."""
        return await self._privacy.summary(member_id)

    async def export(self, member_id: int) -> bytes:
        """Return all that is stored of her, readable, as UTF-8 JSON."""
        data = await self._privacy.export(member_id)
        return json.dumps(data, ensure_ascii=False, indent=2, default=str).encode()

    async def erase(self, member_id: int) -> dict[str, int]:
        """Erase all that is stored of her, what waits to be sent included; return how many rows went.

        What others wait for is taken back first: her words in a channel, places that she booked, slots that she offers. That she is erased
        is noted before it begins: a backup that is put back later must not bring her back.
        """
        begun = await self._erasures.begin(Erased.MEMBER, member_id)
        try:
            counts = await self._erase(member_id)
        except Exception:
            if any((await self._privacy.summary(member_id)).values()):
                await self._erasures.end(begun, left=True)
            raise
        await self._erasures.end(begun)
        return counts

    async def ask(self, member_id: int) -> str:
        """Ask the process that serves this database to erase her, as it remembers some of her; return the id of what asks it.

        It is gone once she is erased; where that process ends before, the next one does it.
        """
        now, job = self._clock.now(), new_id()
        payload = {"member": str(member_id)}
        asked = Delivery(DeliveryKind.ERASURE, job_recipient(ASKED), ASKED, job, 0, now, Priority.URGENT, payload=payload)
        await self._deliveries.add(asked)
        return asked.id

    async def is_done(self, delivery_id: str) -> bool:
        """Tell whether what was asked for was done."""
        return await self._deliveries.get(delivery_id) is None

    async def do(self, asked: Delivery) -> None:
        """Erase whom a job names, and then the job, which names her."""
        await self.erase(int(asked.payload["member"]))
        await self._deliveries.remove(asked.id)

    async def _erase(self, member_id: int) -> dict[str, int]:
        for take_back in self._take_back:
            await take_back(member_id)
        counts = await self._privacy.erase(member_id)
        self.forget(member_id)
        return counts
