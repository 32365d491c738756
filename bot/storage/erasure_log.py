"""The erasure log: who was erased and when, outside the database and its backups, so that who was erased stays erased after a restore.

It holds no id: of each only an HMAC under a key that is made from the key file. Each line is on the disk before anything else happens. A
member is noted before she is erased and once more afterwards: a crash between the two is found at the next start, which finishes it; and
a backup whose moment lies between them is older than the second line, so that its restore erases her again.
"""

import asyncio
import contextlib
import errno
import hmac
import json
import logging
import os
import secrets
from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any, BinaryIO

from bot.clock import Clock, SystemClock
from bot.errors import StartError
from bot.storage.durable import create, sync_folder, write_through
from bot.storage.encryption import Cipher

log = logging.getLogger(__name__)

BACKUPS_LAST = timedelta(days=365)
"""The longest time for which a backup may be kept; what is noted here is dropped after it."""
HEADER = "matchday erasure log 1 "
LONGEST_LINE = 1_000


class RetiredKeyError(Exception):
    """Say that a line was written with a key that the key file does not hold any more."""

    def __init__(self, line: "Sealed") -> None:
        super().__init__(line.number)
        self.line = line


class Erased(StrEnum):
    """What was erased."""

    MEMBER = "member"
    SERVER = "server"


class Step(StrEnum):
    """How far it is."""

    BEGUN = "begun"
    DONE = "done"
    LEFT = "left"
    """It failed, and all of it is still stored."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one line; ``begun`` is the number of the line with which it began."""

    number: int
    at: datetime
    step: Step
    what: Erased
    who: str
    begun: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """Hold of a line that was written with a retired key what can be read of it; whom it is of can't be told."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Anchor:
    """Hold which log it is and the number of its last line, as a backup remembers it."""

    log_id: str
    last: int


@dataclass(frozen=True, slots=True)
class Erasures:
    """Hold what a log says."""

    anchor: Anchor
    entries: tuple[Entry, ...]
    problems: tuple[str, ...] = ()
    sealed: tuple[Sealed, ...] = ()
    """Lines from before the keys were rotated: of no matter for a backup that is younger than they are."""

    def unfinished(self) -> list[Entry]:
        """Return what was begun, and of which it is not known that it ended."""
        ended = {entry.begun for entry in self.entries if entry.step is not Step.BEGUN}
        return [entry for entry in self.entries if entry.step is Step.BEGUN and entry.number not in ended]

    def since(self, when: datetime, anchor: Anchor | None) -> list[Entry]:
        """Return what was erased after a moment, which a backup remembers with the log as it stood then."""
        done = [each for each in self.entries if each.step is Step.DONE and self._is_since(each, when, anchor)]
        return done + self.unfinished()

    def _is_since(self, line: Entry | Sealed, when: datetime, anchor: Anchor | None) -> bool:
        # By number too: a clock that was set back must not hide anything.
        known = anchor.last if anchor is not None and anchor.log_id == self.anchor.log_id else None
        return line.at >= when or (known is not None and line.number > known)

    def faults(self, when: datetime, anchor: Anchor | None, now: datetime) -> list[str]:
        """Return, as sentences, why this log can't vouch for what was erased after a backup; empty where it can."""
        found = list(self.problems)
        if anchor is not None and anchor.log_id != self.anchor.log_id:
            found.append("The erasure log is another one than that which was kept when the backup was made.")
        elif anchor is not None and anchor.last > self.anchor.last:
            found.append("The erasure log is older than the backup: its last lines are missing.")
        if sealed := [each for each in self.sealed if self._is_since(each, when, anchor)]:
            found.append(
                f"{len(sealed)} lines of the erasure log since the backup were written with a key that the key file does not hold any "
                "more: append the line of the retired key file to it."
            )
        if now - when > BACKUPS_LAST:
            found.append(f"The backup is older than {BACKUPS_LAST.days} days; the erasure log does not reach back so far.")
        return found


class ErasureLog:
    """Keep the log in a file."""

    def __init__(self, path: Path, cipher: Cipher, clock: Clock | None = None) -> None:
        self.path = path
        self._cipher = cipher
        self._take_keys()
        self._clock = clock or SystemClock()  # real time: a backup's moment is real time too

    def prepare(self) -> None:
        """Make the log where there is none, and drop what no backup can be older than; raise StartError where it can't be written."""
        try:
            with self._opened():
                pass
        except OSError as error:
            raise StartError(
                f"The erasure log {self.path} can't be written ({error.strerror}).",
                "Give the bot's user write permission to it, or put it back; MATCHDAY_ERASURE_LOG names another place.",
            ) from error

    async def begin(self, what: Erased, identity: int) -> Entry:
        """Note that somebody is about to be erased; raises OSError where that can't be written, and then nothing may be erased."""
        return await asyncio.to_thread(self._append, Step.BEGUN, what, self.code(what, identity))

    async def end(self, begun: Entry, *, left: bool = False) -> None:
        """Note that it was done, or that all was left as it was; where that can't be written it counts as not ended."""
        try:
            await asyncio.to_thread(self._append, Step.LEFT if left else Step.DONE, begun.what, begun.who, begun.number)
        except OSError:  # what is not ended is erased again after a restore, and looked for at the next start
            log.exception("the end of an erasure could not be noted")

    def code(self, what: Erased, identity: int, key_id: str | None = None) -> str:
        """Return what stands for a member or a server in the log: the key's id and an HMAC."""
        if key_id is None:
            self._take_keys()
            key_id = next(iter(self._keys))
        return f"{key_id}:{hmac.digest(self._keys[key_id], f'{what}:{identity}'.encode(), 'sha256')[:16].hex()}"

    def codes(self, what: Erased, identity: int) -> set[str]:
        """Return what may stand for them: one for each key of the key file."""
        self._take_keys()
        return {self.code(what, identity, key_id) for key_id in self._keys}

    def read(self) -> Erasures | None:
        """Return what the log says; None where there is none. Raises OSError."""
        try:
            return self._parse(self.path.read_bytes())
        except FileNotFoundError:
            return None

    # --- within

    def _take_keys(self) -> None:
        """Take the keys as the key file holds them now: they may have been rotated while the bot runs."""
        self._keys = {hmac.digest(key, b"id", "sha256")[:4].hex(): key for key in self._cipher.derive("erasure log")}

    def _append(self, step: Step, what: Erased, who: str, begun: int | None = None) -> Entry:
        with self._opened() as (file, known):
            number = known.anchor.last + 1
            entry = Entry(number, self._clock.now(), step, what, who, number if begun is None else begun)
            write_through(file, self._line(entry))
        return entry

    @contextlib.contextmanager
    def _opened(self) -> Generator[tuple[BinaryIO, Erasures]]:
        """Open it at its end, for this process alone: made where there is none, without half a line of a crash and without what is old."""
        while True:
            # Not for appending alone: half a line is cut off.
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "r+b") as file:
                _lock(file)
                if not _is_still(file, self.path):  # another process put a shorter one in its place meanwhile
                    continue
                content = file.read()
                if not content.startswith(HEADER.encode("ascii")[: len(content)]):
                    raise OSError(errno.EINVAL, "it is damaged or another file")
                content = content[: content.rfind(b"\n") + 1]
                file.truncate(len(content))
                file.seek(len(content))
                if not content:
                    content = f"{HEADER}{secrets.token_hex(8)}\n".encode("ascii")
                    write_through(file, content)
                    sync_folder(self.path.parent)
                known = self._parse(content)
                if self._drop_old(content, known):
                    continue
                yield file, known
                return

    def _drop_old(self, content: bytes, known: Erasures) -> bool:
        """Put a shorter log in its place where it begins with what is older than any backup may be; tell whether it did."""
        oldest = self._clock.now() - BACKUPS_LAST
        # The last line stays, however old: by its number a log that was cut off is told. What can't be read is kept as it is.
        held = sorted((*known.entries, *known.sealed), key=lambda line: line.number)
        old = 0 if known.problems else len(list(takewhile(lambda line: line.at < oldest, held[:-1])))
        if not old:
            return False
        header, *lines = content.splitlines(keepends=True)
        beside = self.path.with_name(f"{self.path.name}.new")
        beside.unlink(missing_ok=True)
        with create(beside) as shorter:
            write_through(shorter, b"".join([header, *lines[old:]]))
        beside.replace(self.path)
        sync_folder(self.path.parent)
        return True

    def _line(self, entry: Entry) -> bytes:
        key_id, _, who = entry.who.partition(":")
        said: dict[str, Any] = {"n": entry.number, "at": entry.at.isoformat(), "step": entry.step, "of": entry.what, "who": who}
        said |= {"begun": entry.begun, "key": key_id}
        text = json.dumps(said, separators=(",", ":"))
        return f"{text} {self._seal(key_id, text)}\n".encode("ascii")

    def _seal(self, key_id: str, text: str) -> str:
        # Under the key that is used now, or under that of the line: an entry that ends another one bears the other one's code.
        return hmac.digest(self._keys[key_id], b"line:" + text.encode("ascii"), "sha256")[:8].hex()

    def _parse(self, content: bytes) -> Erasures:
        lines = content.splitlines(keepends=True)
        if lines and not lines[-1].endswith(b"\n"):  # a crash came before it was on the disk, so before anything was erased
            lines.pop()
        head = lines[0].decode("ascii", "replace").strip() if lines else ""
        if not head.startswith(HEADER):
            return Erasures(Anchor("", 0), (), ("The erasure log does not begin as one: it is damaged, or another file.",))
        entries, sealed, damaged = list[Entry](), list[Sealed](), 0
        for line in lines[1:]:
            try:
                entries.append(self._entry(line))
            except RetiredKeyError as retired:
                sealed.append(retired.line)
            except (ValueError, TypeError, LookupError, AttributeError):  # whatever half a line happens to spell
                damaged += 1
        problems = [f"{damaged} lines of the erasure log are damaged."] if damaged else []
        numbers = sorted(line.number for line in (*entries, *sealed))
        if not damaged and any(later != earlier + 1 for earlier, later in pairwise(numbers)):
            problems.append("Lines of the erasure log are missing.")
        last = max(numbers, default=0)
        return Erasures(Anchor(head.removeprefix(HEADER), last), tuple(entries), tuple(problems), tuple(sealed))

    def _entry(self, line: bytes) -> Entry:
        """Read a line; RetiredKeyError for one of a key that is gone, something else where it is damaged."""
        if len(line) > LONGEST_LINE:
            raise ValueError(len(line))
        text, _, seal = line.decode("ascii").strip().rpartition(" ")
        said: dict[str, Any] = json.loads(text)
        key_id, at = str(said["key"]), datetime.fromisoformat(said["at"]).astimezone(UTC)
        if key_id not in self._keys:
            raise RetiredKeyError(Sealed(int(said["n"]), at))
        if not hmac.compare_digest(seal, self._seal(key_id, text)):
            raise ValueError(seal)
        return Entry(int(said["n"]), at, Step(said["step"]), Erased(said["of"]), f"{key_id}:{said['who']}", int(said["begun"]))


def _lock(file: BinaryIO) -> None:
    """Wait until no other process writes; where the system has no such locks there is one process only."""
    with contextlib.suppress(ImportError):
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)


def _is_still(file: BinaryIO, path: Path) -> bool:
    try:
        return os.fstat(file.fileno()).st_ino == path.stat().st_ino
    except FileNotFoundError:
        return False
