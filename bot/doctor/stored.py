"""The database: reachable, whole, of this version; its clock; what is overdue or could not be sent."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from bot.doctor.finding import Finding, problem, warning, well
from bot.errors import StartError
from bot.health import Verdict
from bot.scheduling.settling import GAVE_UP
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.failures import opening
from bot.storage.inspection import file_of, look_at_deliveries, look_at_file, look_at_server, missing_file, version_of
from bot.storage.migrate import newest_version, parse_url

DATABASE, CLOCK, SENDING = "database", "clock", "sending"
OLDEST_SERVER = 14
APART, FAR_APART = 5.0, 60.0
"""Seconds that two clocks may differ: a warning above the first, a problem above the second."""
PATIENCE = timedelta(minutes=5)


async def check_file(settings: Settings) -> AsyncIterator[Finding]:
    """Yield what is found of a SQLite file before anything asks it."""
    url = parse_url(settings.database)
    if (missing := missing_file(url)) is not None:
        yield warning(DATABASE, f"There is no database at {missing} yet.", "The first start makes it; or correct MATCHDAY_DATA_DIR.")
        return
    path = file_of(url)
    if path is None:
        return
    look = await asyncio.to_thread(look_at_file, path)
    if look.damage is not None:
        mend = "Stop the bot, keep a copy of the file and of those beside it, and put the last backup in its place."
        yield problem(DATABASE, f"The database file {path} is damaged or can't be read: {look.damage}.", mend)
    elif look.journal != "wal":
        said = f"The database file keeps another journal ({look.journal}) than the bot's (wal)."
        yield warning(DATABASE, said, "The next start of the bot changes it back; no other program should write to this file.")
    else:
        yield well(DATABASE, f"{path} is whole.")


async def check_form(database: Database) -> AsyncIterator[Finding]:
    """Yield whether the database is of this program's version; a problem where it can't be asked."""
    try:
        with opening():
            found, newest = await version_of(database), newest_version()
    except StartError as error:
        yield problem(DATABASE, error.what_happened, error.what_to_do)
        return
    if found == newest:
        yield well(DATABASE, f"It is of this program's version ({newest}).")
    elif found is None or (found.isdecimal() and found < newest):
        said = f"The database is of an older version ({found or 'none'}) than this program ({newest})."
        yield warning(DATABASE, said, "Back it up; then matchday migrate or the next start brings it to this version's form.")
    else:
        said = f"The database was written by a newer version ({found}) than this program ({newest})."
        yield problem(DATABASE, said, "Install that version or a newer one; or put a backup from before the upgrade in its place.")


async def check_server(database: Database) -> AsyncIterator[Finding]:
    """Yield what is found of a database server; nothing for a file."""
    look = await look_at_server(database)
    if look is None:
        return
    if look.major < OLDEST_SERVER:
        yield warning(DATABASE, f"PostgreSQL {look.version} is no longer maintained.", f"Upgrade the server to {OLDEST_SERVER} or newer.")
    else:
        yield well(DATABASE, f"PostgreSQL {look.version} answers.")
    yield judge_clock("the database server", look.ahead_seconds)


def judge_clock(whose: str, ahead_seconds: float) -> Finding:
    """Return what it means that another clock is ahead of this host's by so much."""
    apart = abs(ahead_seconds)
    if apart <= APART:
        return well(CLOCK, f"This host's clock agrees with that of {whose}.")
    way = "behind" if ahead_seconds > 0 else "ahead of"
    said = f"This host's clock is {apart:.0f} seconds {way} that of {whose}."
    mend = "Let the host set its clock by itself (timedatectl set-ntp true): reminders go out by it."
    return (problem if apart > FAR_APART else warning)(CLOCK, said, mend)


async def check_sending(database: Database, now: datetime, bot: Verdict | None) -> AsyncIterator[Finding]:
    """Yield what is overdue or could not be sent, by product time; ``bot`` is how the one that runs here fares, None where none does."""
    look = await look_at_deliveries(database, now, PATIENCE, GAVE_UP)
    if look.overdue:
        oldest = f", the oldest since {look.oldest_due:%Y-%m-%d %H:%M} UTC" if look.oldest_due else ""
        said = f"{look.overdue} messages are overdue{oldest}."
        if bot is None:
            yield warning(SENDING, f"{said} No bot runs here that could send them.", "Start the bot: it sends them, late, and says so.")
        else:
            yield problem(SENDING, said, "Look into the bot's log for what Discord refuses; /server check says more for each server.")
    else:
        yield well(SENDING, "Nothing is overdue.")
    if look.stopped:
        said = f"{look.stopped} messages to channels could not be sent."
        yield warning(SENDING, said, "Channels or permissions are missing: /server check names them in each server.")
    if look.gave_up:
        said = f"{look.gave_up} messages were given up after many tries; members find theirs in /remind inbox."
        yield warning(SENDING, said, "See in the bot's log what failed at that time.")
    if look.waiting:
        yield well(SENDING, f"{look.waiting} messages wait in members' inboxes, because they can't be written to.")
