"""What happens to the database: locked by another, a full disk, a backup put back."""

import asyncio
import shutil
import sqlite3
import threading
import time
from contextlib import closing
from functools import partial
from pathlib import Path

from tests.faults.disk import FileLimit, SmallDisk, disk_at
from tests.faults.rig import FORGOTTEN, Rig, number_of
from tests.faults.scenario import scenario

FULL_SECONDS = 3.0
SLOW_SECONDS = 20
"""How long the sending takes where the middle of it matters."""


async def locked(rig: Rig, *, seconds: float) -> None:
    """Hold the database's one lock when everything is due, and once more in the middle of the sending."""
    await rig.bot()
    for taken in (0, rig.size.count // 3):
        await rig.until_taken(taken)
        held = threading.Event()
        holding = asyncio.create_task(asyncio.to_thread(_hold, rig.database, seconds, held))
        await asyncio.to_thread(held.wait)
        if not taken:
            await rig.fall_due()
        await holding


def _hold(database: Path, seconds: float, held: threading.Event) -> None:
    with closing(sqlite3.connect(database, isolation_level=None, timeout=30)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        held.set()
        time.sleep(seconds)
        connection.execute("ROLLBACK")


scenario("database-locked")(partial(locked, seconds=3))
scenario("database-locked-long", quick=False)(partial(locked, seconds=12))  # past the 10 s that a statement waits


def _on_a_disk(rig: Rig) -> SmallDisk | FileLimit:
    """Move the data to a disk that can be filled."""
    disk = rig.stack.enter_context(disk_at(rig.folder / "disk", lambda: number_of(rig.bots[0])))
    rig.data = Path(shutil.move(rig.data, disk.folder / "data"))
    return disk


def _fill(rig: Rig, disk: SmallDisk | FileLimit) -> None:
    """Leave no room, and no space inside the files that could be used again."""
    with closing(sqlite3.connect(rig.database, timeout=1)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    disk.fill()


@scenario("disk-full-at-claim")
async def full_at_claim(rig: Rig) -> None:
    """Let the disk be full when everything is due."""
    disk = _on_a_disk(rig)
    await rig.bot()
    _fill(rig, disk)
    await rig.fall_due()
    await asyncio.sleep(FULL_SECONDS)
    rig.require(rig.taken == 0 and not rig.rows(), "the disk was not full: something fell due")
    disk.empty()


@scenario("disk-full-at-mark")
async def full_at_mark(rig: Rig) -> None:
    """Let the disk be full from the first message on."""
    disk = _on_a_disk(rig)
    await rig.bot()
    rig.when_taken(1, partial(_fill, rig, disk))
    await rig.fall_due()
    await rig.until_taken(rig.size.count)
    await asyncio.sleep(FULL_SECONDS)
    rig.require(not any(row.state == "sent" for row in rig.rows()), "the disk was not full: something was marked")
    disk.empty()


async def restored(rig: Rig, *, forgotten: bool) -> None:
    """Copy the database in the middle of the sending, send more, and put the copy back."""
    third = rig.size.count // 3
    bot = await rig.bot(sends_per_second=str(rig.size.count / SLOW_SECONDS))
    copy = rig.folder / "backup.sqlite3"
    await rig.fall_due()
    await rig.until_taken(third)
    await asyncio.to_thread(_back_up, rig.database, copy)
    await rig.until_taken(rig.size.count - third // 2)
    await _put_back(rig, copy, forgotten=forgotten)
    await bot.start()


async def restored_before_due(rig: Rig) -> None:
    """Copy the database before anything is due, send everything, and put the copy back."""
    bot = await rig.bot()
    copy = rig.folder / "backup.sqlite3"
    await asyncio.to_thread(_back_up, rig.database, copy)
    await rig.fall_due()
    await rig.until_settled()
    await _put_back(rig, copy, forgotten=True)
    await bot.start()


def _back_up(database: Path, copy: Path) -> None:
    with closing(sqlite3.connect(database, timeout=30)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


async def _put_back(rig: Rig, copy: Path, *, forgotten: bool) -> None:
    code = await rig.bots[0].stop()
    rig.require(code == 0, f"the bot ended with {code}")
    for each in rig.data.glob("matchday.sqlite3*"):
        each.unlink()
    shutil.copyfile(copy, rig.database)
    if forgotten:
        await rig.sandbox.advance(FORGOTTEN)


scenario("restored", quick=False)(partial(restored, forgotten=False))
scenario("restored-forgotten", quick=False)(partial(restored, forgotten=True))
scenario("restored-before-due")(restored_before_due)
