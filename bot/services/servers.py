"""Servers: what their managers set, and how the sending fares."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.clock import Clock
from bot.storage.deliveries import DeliveryRepository
from bot.storage.servers import ServerRepository, ServerSettings


@dataclass(frozen=True, slots=True)
class Sending:
    """How the sending fares, counted over all servers: nothing in it is anybody's."""

    oldest_overdue: datetime | None
    """When what has waited longest was due; None where nothing is overdue."""
    next_due: datetime | None


class ServerService:
    """Keep what managers set."""

    def __init__(self, servers: ServerRepository, deliveries: DeliveryRepository, clock: Clock) -> None:
        self._servers = servers
        self._deliveries = deliveries
        self._clock = clock

    async def get(self, guild_id: int) -> ServerSettings:
        """Return the settings of a server."""
        return await self._servers.get(guild_id)

    async def set_nudge_channel(self, guild_id: int, channel_id: int | None) -> ServerSettings:
        """Choose the channel of nudges, or none."""
        changed = replace(await self._servers.get(guild_id), nudge_channel_id=channel_id)
        await self._servers.save(changed)
        return changed

    async def sending(self) -> Sending:
        """Return how the sending fares."""
        return Sending(await self._deliveries.oldest_overdue(self._clock.now()), await self._deliveries.next_due(after=self._clock.now()))
