"""Erasing again: what a crash left half-done, and what a backup brought back that was erased after it was made."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.storage.erasure_log import Entry, Erased, ErasureLog, Step
from bot.storage.privacy import PrivacyRepository
from bot.storage.server_erasure import ServerErasureRepository

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """Hold who is stored here and stands in the log."""

    members: tuple[int, ...]
    servers: tuple[int, ...]


class ErasingService:
    """Find by the log who was erased, and erase them."""

    def __init__(
        self,
        log: ErasureLog,
        privacy: PrivacyRepository,
        servers: ServerErasureRepository,
        erase_member: Callable[[int], Awaitable[object]],
        erase_server: Callable[[int], Awaitable[object]],
    ) -> None:
        self.log = log
        self._privacy = privacy
        self._servers = servers
        self._erase_member = erase_member
        self._erase_server = erase_server

    async def finish(self) -> int:
        """Erase who was being erased when the process ended; return how many. For who serves the database, before it serves anybody."""
        erasures = self.log.read()
        begun = erasures.unfinished() if erasures is not None else []
        if not begun:
            return 0
        found = await self.find(begun)
        since = {entry.who: entry.at for entry in begun}
        finished = 0
        for member_id in found.members:
            first_met = await self._privacy.here_since(member_id)
            at = max(since[code] for code in self.log.codes(Erased.MEMBER, member_id) & since.keys())
            if first_met is None or first_met <= at:  # else only the note that it was done is missing, and she came back since
                await self._erase_member(member_id)
                finished += 1
        for guild_id in found.servers:
            await self._erase_server(guild_id)
            finished += 1
        await self._end(begun)
        log.info("finished erasing %d members or servers, which an earlier process had begun", finished)
        return finished

    async def again(self, entries: Sequence[Entry]) -> Found:
        """Erase all that entries of the log name, whatever became of them since; return who was found."""
        found = await self.find(entries)
        for member_id in found.members:
            await self._erase_member(member_id)
        for guild_id in found.servers:
            await self._erase_server(guild_id)
        await self._end(entry for entry in entries if entry.step is Step.BEGUN)
        return found

    async def find(self, entries: Iterable[Entry]) -> Found:
        """Return who is stored here and stands in entries of the log."""
        named = {entry.who for entry in entries}
        if not named:
            return Found((), ())
        members = [each for each in await self._privacy.everyone() if named & self.log.codes(Erased.MEMBER, each)]
        servers = [each for each in await self._servers.known() if named & self.log.codes(Erased.SERVER, each)]
        return Found(tuple(sorted(members)), tuple(sorted(servers)))

    async def _end(self, begun: Iterable[Entry]) -> None:
        for entry in begun:
            await self.log.end(entry)
