"""What is stored of a member: shown, handed over, erased."""

import json
from collections.abc import Awaitable, Callable, Sequence

from bot.storage.erasure_log import Erased, ErasureLog
from bot.storage.privacy import PrivacyRepository


class MyDataService:
    """Show, export and erase what is stored of one member."""

    def __init__(
        self,
        privacy: PrivacyRepository,
        take_back: Sequence[Callable[[int], Awaitable[None]]],
        forget: Callable[[int], None],
        erasures: ErasureLog,
    ) -> None:
        self._privacy = privacy
        self._take_back = take_back
        self.forget = forget
        """Forget what is held in memory of a member who was erased."""
        self._erasures = erasures

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

    async def _erase(self, member_id: int) -> dict[str, int]:
        for take_back in self._take_back:
            await take_back(member_id)
        counts = await self._privacy.erase(member_id)
        self.forget(member_id)
        return counts
