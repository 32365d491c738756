"""A new key in the place of an old one, while the bot runs: added for reading, made the first, all written anew, the old one retired.

Each step leaves a state in which every process that follows the key file reads everything, and from which the rotation goes on when it is
called again. What the bot does meanwhile: it reads the file anew when a blob is not readable, and before it encrypts.
"""

import asyncio
import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bot.errors import StartError
from bot.storage.database import Database
from bot.storage.encryption import Cipher, check_key
from bot.storage.key_file import alone, fingerprint, new_key, read_keys, replace_keys, retire, retired_files
from bot.storage.leases import LeaseRepository
from bot.storage.rewriting import Sweep, count_by_key, rewrite

NOTE = ".rotation"
SETTLE_SECONDS = 15.0
"""So long after the new key was made the first, who encrypted with the old one has stored it: a look at the file, a wait for the lock."""
MOST_LATE_WALKS = 4
"""So often texts of the old key may be found after that: then somebody goes on writing them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold where the keys of a key file stand; keys by their fingerprints, the one that encrypts first."""

    keys: tuple[str, ...]
    new: str | None
    """The key that is on its way to be the only one; None while no rotation is under way."""
    is_first: bool
    """Whether that one encrypts already."""
    retired: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Rotated:
    """Hold how a rotation ended."""

    new: str
    is_complete: bool
    """False where only the new key was added, or where something still writes with the old one."""
    blobs: int = 0
    rewritten: int = 0
    unreadable: dict[str, int] = field(default_factory=dict[str, int])
    """What no key reads, by ``table.column``; it was so before."""
    retired: Path | None = None


class KeyRotation:
    """Rotate the keys of one key file and the database that belongs to it."""

    def __init__(self, database: Database, path: Path, tell: Callable[[str], None], settle_seconds: float = SETTLE_SECONDS) -> None:
        self._database = database
        self._leases = LeaseRepository(database)
        self._path = path.resolve()
        self._tell = tell
        self._settle_seconds = settle_seconds

    def standing(self) -> Standing:
        """Return where the keys stand; raise StartError where the key file can't be used."""
        keys = tuple(fingerprint(key) for key in read_keys(self._path))
        new = self._new_of(keys)
        return Standing(keys, new, new == keys[0], tuple(retired_files(self._path)))

    async def look(self) -> Sweep:
        """Return how many blobs another key than the first one wrote, and how many no key reads; change nothing."""
        return await count_by_key(self._database, self._cipher())

    async def add(self) -> str:
        """Add a new key for reading, unless one is on its way already; return its fingerprint.

        Raises:
            StartError: The key file can't be used or changed, or is not the one of this database.
        """
        with alone(self._path):
            return await self._add()

    async def rotate(self, today: date) -> Rotated:
        """Do what is left to be done until one new key reads everything and is the only one in the file.

        Raises:
            StartError: The key file can't be used or changed, or is not the one of this database.
        """
        with alone(self._path):
            if self._is_finished():
                return self._end(await rewrite(self._database, self._cipher()), None)
            await self._add()
            self._promote()
            promoted_at = time.monotonic()
            found, walked = await self._walk(promoted_at)
            if walked.old:
                return Rotated(self._first(), False, walked.blobs, found, walked.unreadable)
            return await self._retire(found, today)

    def _is_finished(self) -> bool:
        """Tell whether only the note of a rotation is left: it was ended after the last step."""
        standing = self.standing()
        return standing.is_first and len(standing.keys) == 1

    async def others(self) -> list[str]:
        """Return other hosts from which a bot serves this database now: each has a key file of its own."""
        return await self._leases.other_hosts(socket.gethostname()[:40])

    async def _add(self) -> str:
        await check_key(self._database, self._cipher())
        keys = read_keys(self._path)
        standing = self.standing()
        if standing.new is not None:
            self._tell(f"The key {standing.new} was added before: going on with it.")
            return standing.new
        if len(keys) > 1:  # put there by hand, the first to encrypt
            self._note(fingerprint(keys[0]))
            return fingerprint(keys[0])
        new = new_key()
        self._note(fingerprint(new))  # before the key itself: one that is noted and not in the file never wrote anything
        replace_keys(self._path, [*keys, new])
        self._tell(f"The new key {fingerprint(new)} is in the key file, for reading.")
        return fingerprint(new)

    def _promote(self) -> None:
        keys, new = read_keys(self._path), self.standing().new
        if fingerprint(keys[0]) != new:
            replace_keys(self._path, sorted(keys, key=lambda key: fingerprint(key) != new))
        self._tell(f"The key {new} encrypts now; what is stored is written anew with it.")

    async def _walk(self, promoted_at: float) -> tuple[int, Sweep]:
        """Walk through all blobs until a walk that began late enough finds none of an old key; return the number written, and the last."""
        found, late_walks = 0, 0
        while True:
            is_late = time.monotonic() - promoted_at >= self._settle_seconds
            walk = await rewrite(self._database, self._cipher())
            found += walk.old
            late_walks += is_late
            if walk.old:
                self._tell(f"{walk.old} of {walk.blobs} texts were written anew.")
            if is_late and (not walk.old or late_walks == MOST_LATE_WALKS):
                return found, walk
            if not walk.old:
                await asyncio.sleep(max(0.0, promoted_at + self._settle_seconds - time.monotonic()))

    async def _retire(self, found: int, today: date) -> Rotated:
        first, *old = read_keys(self._path)
        kept = retire(self._path, old, today) if old else None
        replace_keys(self._path, [first])
        # Once more with all keys: something that was frozen all the while may have stored a text of the old key just now.
        last = await rewrite(self._database, self._cipher())
        return self._end(last, kept, found)

    def _end(self, last: Sweep, kept: Path | None, found: int = 0) -> Rotated:
        self._note_file.unlink(missing_ok=True)
        return Rotated(self._first(), True, last.blobs, found + last.old, last.unreadable, kept)

    def _cipher(self) -> Cipher:
        """Return a cipher of the keys in the file, which also reads what retired ones wrote."""
        keys = read_keys(self._path)
        for path in retired_files(self._path):
            keys += [key for key in read_keys(path) if key not in keys]
        return Cipher(keys)

    def _first(self) -> str:
        return fingerprint(read_keys(self._path)[0])

    def _new_of(self, keys: tuple[str, ...]) -> str | None:
        try:
            noted = json.loads(self._note_file.read_text("utf-8"))["new"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return noted if noted in keys else None

    @property
    def _note_file(self) -> Path:
        return self._path.with_name(f"{self._path.name}{NOTE}")

    def _note(self, new: str) -> None:
        """Note which key is the new one; its fingerprint alone, so that the note is no secret."""
        beside = self._note_file.with_name(f"{self._note_file.name}.new")
        try:
            beside.write_text(json.dumps({"new": new}) + "\n", "utf-8")
            beside.replace(self._note_file)
        except OSError as error:
            said = f"Beside the key file {self._path} nothing can be written: {error.strerror}."
            raise StartError(said, "Run this as the user who owns that folder. Nothing was changed.") from error
