"""The same client over several shards, those of this process."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord

from bot.client import MatchdayClient
from bot.domain.shards import Shards

log = logging.getLogger(__name__)

IDENTIFY_SECONDS = 5.0
"""How far apart Discord lets sessions begin, over all processes of a bot."""

NAMES_SECONDS, MISSING_SECONDS = 21_600.0, 60.0
"""How old the names of servers may be; and how long is waited where one is missing, for the server may be new."""

TakesTurn = Callable[[int], Awaitable[bool]]


class ShardedClient(MatchdayClient, discord.AutoShardedClient):
    """Connect some shards, or all of them; what is built on ``MatchdayClient`` notices nothing of it."""

    def __init__(self, *given: Any, shards: Shards, takes_turn: TakesTurn | None = None, **named: Any) -> None:  # noqa: ANN401 - as there
        super().__init__(*given, shard_ids=list(shards.numbers), shard_count=shards.count, **named)
        self._held = shards
        self._takes_turn = takes_turn
        self._away: set[int] = set(shards.numbers)
        self._names: dict[int, str] = {}
        """What servers are called that other processes connect."""
        self._names_read = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    @property
    def knows_all_servers(self) -> bool:
        """Tell whether this process connects every shard."""
        return self._held.is_all

    async def server_ids(self) -> set[int]:
        """Return the servers that the bot is in, whichever process connects them: where others do, Discord is asked."""
        if self.knows_all_servers:
            return await super().server_ids()
        self._names = {guild.id: guild.name async for guild in self.fetch_guilds(limit=None, with_counts=False)}
        self._names_read = time.monotonic()
        return set(self._names)

    def name_of(self, guild_id: int) -> str | None:
        """Return what a server is called, as it was when the names were read last; they are read anew from time to time."""
        name = super().name_of(guild_id)
        if name is not None or self.knows_all_servers:
            return name
        if time.monotonic() - self._names_read > (NAMES_SECONDS if guild_id in self._names else MISSING_SECONDS):
            self._names_read = time.monotonic()
            self._reading = asyncio.create_task(self._read_names(), name="names-of-servers")
        return self._names.get(guild_id)

    async def _read_names(self) -> None:
        try:
            await self.server_ids()
        except (discord.HTTPException, aiohttp.ClientError, OSError):  # a server without a name is described, and they are read later
            log.warning("the names of servers that other processes connect could not be read")

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until a session may begin: where several processes begin at once, they take turns."""
        if self._takes_turn is None:
            await super().before_identify_hook(shard_id, initial=initial)
            return
        try:
            while not await self._takes_turn(shard_id or 0):  # noqa: ASYNC110 - a row in a database rings no bell
                await asyncio.sleep(IDENTIFY_SECONDS / 10)
        except Exception:  # what begins too early Discord calls invalid, and the library tries again
            log.exception("shard %s could not wait for its turn", shard_id)
            await super().before_identify_hook(shard_id, initial=initial)

    async def on_ready(self) -> None:
        """Say that every shard of this process is connected, and which."""
        self._away.clear()
        await super().on_ready()
        if not self.knows_all_servers:
            await self._read_names()
        log.info("shards %s of %d", self._held.name, self._held.count)

    async def on_resumed(self) -> None:
        """Leave it to ``on_shard_resumed``, which knows the shard."""

    async def on_disconnect(self) -> None:
        """Leave it to ``on_shard_disconnect``."""

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Note that a shard's connection broke off."""
        self._away.add(shard_id)
        await super().on_disconnect()

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Note that a shard's session goes on."""
        await self._is_back(shard_id)

    async def on_shard_ready(self, shard_id: int) -> None:
        """Note that a shard's session began."""
        await self._is_back(shard_id)

    async def _is_back(self, shard_id: int) -> None:
        self._away.discard(shard_id)
        if not self._away and self.connection_changed is not None:
            await super().on_resumed()
