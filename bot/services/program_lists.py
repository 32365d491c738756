"""The list of programs that a server's managers publish: read from a file like a member's own, and copied from by members."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from bot.clock import Clock
from bot.domain.program_columns import BY_KEY
from bot.domain.program_csv import FileError, Sheet, read_sheet, template, write_refused, write_rows
from bot.domain.program_merge import Into, Outcome, merge
from bot.domain.programs import Program, Reading
from bot.errors import UserFacingError
from bot.services.locks import Lock
from bot.services.program_names import ProgramNames
from bot.services.program_undo import Done
from bot.storage.identifiers import new_id
from bot.storage.programs import ProgramListRepository

MAX_LISTED = 500
"""Programs of one server's list: it is read whole, and a member pages through it."""
COLUMNS = tuple(BY_KEY[key] for key in ("name", "specialty", "track", "region", "service", "code", "link", "notes"))
"""What stands in a server's list: what programs publish, and nothing of any member."""
STALE = UserFacingError("This server's list has changed.", "Open it again from /programs list.")

TakeOver = Callable[[int, Sequence[Program], Callable[[Program], Reading]], Awaitable[Done]]
"""Copies entries into a member's own list, with where each was read."""


@dataclass(frozen=True, slots=True)
class ServerList:
    """Hold a server's list as it was published."""

    guild_id: int
    published_at: datetime
    entries: tuple[Program, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """Say what became of a file."""

    sheet: Sheet
    outcome: Outcome
    to_mend: bytes | None
    total: int


class ProgramLists:
    """Keep the list of each server."""

    def __init__(self, lists: ProgramListRepository, take_over: TakeOver, names: ProgramNames, clock: Clock) -> None:
        self._lists = lists
        self._take_over = take_over
        self._names = names
        self._clock = clock
        self.changing: Lock = asyncio.Lock()  # of two files at once the second goes into what the first one made

    async def of(self, guild_id: int | None) -> ServerList | None:
        """Return a server's list, by name; None where it publishes none, and in direct messages."""
        found = None if guild_id is None else await self._lists.get(guild_id)
        if guild_id is None or found is None:
            return None
        published_at, entries = found
        return ServerList(guild_id, published_at, tuple(sorted(entries, key=lambda each: (each.key, each.region, each.id))))

    async def publish(self, guild_id: int, content: bytes, *, is_replacing: bool) -> Published:
        """Take the rows of a file into a server's list, or with ``is_replacing`` in the place of it; rows that can't be read come back."""
        now = self._clock.now()
        names, today = self._names.of(now.year), now.astimezone(UTC).date()
        try:
            sheet = await asyncio.to_thread(read_sheet, content, names, today, columns=COLUMNS)
        except FileError as error:
            raise UserFacingError(error.what, error.todo) from None
        async with self.changing:
            held = await self._lists.get(guild_id)
            before = () if held is None or is_replacing else held[1]
            into = Into(0, 0, now, today, MAX_LISTED, new_id, self._names.service)
            outcome = await asyncio.to_thread(merge, sheet, before, into)
            changed = {each.id: each for each in outcome.changed}
            entries = [*(changed.get(each.id, each) for each in before), *outcome.added]
            if outcome.added or outcome.changed or outcome.unchanged:
                await self._lists.save(guild_id, [replace(each, readings={}, history=()) for each in entries], now)
            else:
                entries = list(held[1]) if held else []
        to_mend = await asyncio.to_thread(write_refused, sheet, outcome.refused) if outcome.refused else None
        return Published(sheet, outcome, to_mend, len(entries))

    async def remove(self, guild_id: int) -> bool:
        """Take a server's list down; return False where there is none."""
        return await self._lists.remove(guild_id)

    async def export(self, guild_id: int) -> bytes | None:
        """Return a server's list as a CSV file that can be published again; None where there is none."""
        found = await self.of(guild_id)
        if found is None:
            return None
        names = self._names.of(found.published_at.year)
        return write_rows(
            [column.title for column in COLUMNS], [[column.write(each, names) for column in COLUMNS] for each in found.entries]
        )

    def template(self) -> bytes:
        """Return a file to fill in."""
        return template(COLUMNS)

    async def copy(self, member_id: int, guild_id: int, entry_ids: Sequence[str], called: str) -> Done:
        """Copy entries of a server's list into the member's own; each says where it comes from and as of when."""
        found = await self.of(guild_id)
        wanted = [] if found is None else [each for each in found.entries if each.id in set(entry_ids)]
        if found is None or not wanted:
            raise STALE
        reading = Reading(f"list of the server {called.replace('|', '/')}, not checked by Matchday", _day(found.published_at))
        return await self._take_over(member_id, wanted, lambda _: reading)


def _day(instant: datetime) -> date:
    return instant.astimezone(UTC).date()
