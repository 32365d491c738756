"""What is stored of a member: shown, handed over, erased."""

import json
from collections.abc import Awaitable, Callable, Sequence

from bot.storage.privacy import PrivacyRepository


class MyDataService:
    """Show, export and erase what is stored of one member."""

    def __init__(
        self, privacy: PrivacyRepository, take_back: Sequence[Callable[[int], Awaitable[None]]], forget: Callable[[int], None]
    ) -> None:
        self._privacy = privacy
        self._take_back = take_back
        self.forget = forget
        """Forget what is held in memory of a member who was erased."""

    async def summary(self, member_id: int) -> dict[str, int]:
        """Return how many rows each kind of data has."""
        return await self._privacy.summary(member_id)

    async def export(self, member_id: int) -> bytes:
        """Return all that is stored of her, readable, as UTF-8 JSON."""
        data = await self._privacy.export(member_id)
        return json.dumps(data, ensure_ascii=False, indent=2, default=str).encode()

    async def erase(self, member_id: int) -> dict[str, int]:
        """Erase all that is stored of her, what waits to be sent included; return how many rows went.

        What others wait for is taken back first: her words in a channel, places that she booked, slots that she offers.
        """
        for take_back in self._take_back:
            await take_back(member_id)
        counts = await self._privacy.erase(member_id)
        self.forget(member_id)
        return counts
