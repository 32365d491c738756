"""All checks of an installation, in an order in which what one finds spares the next a false alarm."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.doctor.facts import check_facts
from bot.doctor.finding import Finding, Level, problem, warning, well
from bot.doctor.keeping import BACKUPS, ERASURES, check_backups, check_erasures
from bot.doctor.key import KEY, check_key_file
from bot.doctor.place import check_place
from bot.doctor.running import check_bot
from bot.doctor.stored import check_file, check_form, check_sending, check_server
from bot.errors import StartError
from bot.health import Beat, Verdict, judge, read
from bot.health import file_of as file_of_beat
from bot.settings import BUDGET_MENDS, NO_BUDGET, Settings
from bot.storage.database import Database
from bot.storage.inspection import canary_of, file_of, holders_of_leases
from bot.storage.migrate import parse_url

SETTINGS = "settings"
STALE = 24 * 3600.0
"""A heartbeat that is older than a day is of a bot that was killed long ago, and says nothing of a bot that hangs."""


@dataclass(slots=True)
class Known:
    """Hold what the database told, for the checks after it; empty where it could not be asked."""

    canary: bytes | None = None
    holders: list[str] = field(default_factory=list[str])


async def examine(settings: Settings, *, online: bool) -> list[Finding]:
    """Return everything that is found of an installation; nothing is changed."""
    return [each async for each in _all(settings, online=online)]


async def _all(settings: Settings, *, online: bool) -> AsyncIterator[Finding]:
    try:
        settings.refuse_two_worlds()
        settings.refuse_a_shared_file()
        url = parse_url(settings.database)
    except StartError as error:
        yield problem(SETTINGS, error.what_happened, error.what_to_do)
        return
    yield well(SETTINGS, "They can be read.")
    if settings.exceeds_together:
        yield warning(SETTINGS, NO_BUDGET, BUDGET_MENDS)
    beat, verdict = _heartbeat(settings.data_dir / file_of_beat(settings.share))
    for each in _guarded("place", lambda: check_place(settings, beat.state.gateway if beat is not None else None)):
        yield each
    known = Known()
    async for each in _database(settings, known, verdict if beat is not None else None):
        yield each
    for each in _guarded(KEY, lambda: check_key_file(settings.keys, file_of(url), known.canary)):
        yield each
    for each in _guarded(ERASURES, lambda: check_erasures(settings)):
        yield each
    for each in _guarded(BACKUPS, lambda: check_backups(settings, datetime.now(UTC))):
        yield each
    for each in _guarded("bot", lambda: check_bot(beat, verdict, known.holders)):
        yield each
    for each in _guarded("facts", lambda: check_facts(datetime.now(UTC).date())):
        yield each
    async for each in _discord(settings, online=online):
        yield each


def _heartbeat(path: Path) -> tuple[Beat | None, Verdict]:
    """Return the last beat of a bot that is taken for running, and the verdict on it."""
    beat, monotonic, wall = read(path), time.monotonic(), time.time()
    age = beat.age(monotonic, wall) if beat is not None else None
    if age is None or age > STALE:
        beat = None
    return beat, judge(beat, monotonic, wall)


async def _database(settings: Settings, known: Known, bot: Verdict | None) -> AsyncIterator[Finding]:
    is_usable = True
    async for each in check_file(settings):
        is_usable = is_usable and (each.level is Level.WELL or "journal" in each.what)
        yield each
    if not is_usable:
        return
    database = Database.look_into(settings.database)
    try:
        async for each in check_form(database):
            is_usable = is_usable and each.level is Level.WELL
            yield each
        if not is_usable:
            return
        known.canary, known.holders = await canary_of(database), await holders_of_leases(database)
        async for each in check_server(database):
            yield each
        async for each in check_sending(database, await _product_now(settings), bot):
            yield each
    except Exception as error:  # noqa: BLE001 - what a check did not foresee must not hide what the others find
        yield _failed("database", error)
    finally:
        await database.close()


async def _product_now(settings: Settings) -> datetime:
    if not settings.clock_url:
        return datetime.now(UTC)
    from bot.sandbox_clock import SandboxClock

    clock = SandboxClock(settings.clock_url)
    try:
        await clock.start()
        return clock.now()
    finally:
        await clock.close()


async def _discord(settings: Settings, *, online: bool) -> AsyncIterator[Finding]:
    from bot.doctor.online import check_online, check_token

    for each in _guarded("token", lambda: check_token(settings)):
        yield each
    if not online:
        return
    try:
        async for each in check_online(settings):
            yield each
    except Exception as error:  # noqa: BLE001 - as above
        yield _failed("Discord", error)


def _guarded(name: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from check()
    except Exception as error:  # noqa: BLE001 - as above
        yield _failed(name, error)


def _failed(name: str, error: Exception) -> Finding:
    if isinstance(error, StartError):
        return problem(name, error.what_happened, error.what_to_do)
    return problem(name, f"The check of it ended with {type(error).__name__}.", "This is an error of Matchday's own: report it, please.")
