"""``matchday erase-user``: erase all that is stored of a member, as she could herself."""

import argparse
import asyncio
import re
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from bot.errors import StartError
from bot.operations.verb import EXIT_OK, EXIT_PROBLEMS, Verbs, read_settings

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.wiring import House

SNOWFLAKE = re.compile(r"[1-9]\d{16,18}")
"""Every id that Discord has given since 2015 and will give for decades has so many digits."""
LARGEST = (1 << 63) - 1
WAIT_SECONDS, LOOK_SECONDS = 90.0, 0.5
"""The bot looks at what is due four times a minute; a busy host gets some more time."""


def add(verbs: Verbs) -> None:
    """Add the verb."""
    told = "erase all that is stored of a member, as /mydata erase does; beside a running bot too, which then does it"
    erase = verbs.add_parser("erase-user", help=told)
    erase.add_argument("id", metavar="ID", help="the member's Discord id")
    erase.add_argument("--dry-run", action="store_true", help="say how much is stored, and erase nothing")
    erase.set_defaults(call=erase_user)


def erase_user(given: argparse.Namespace) -> int:
    """Erase a member, or say how much that would be."""
    if not SNOWFLAKE.fullmatch(given.id) or not given.id.isascii() or int(given.id) > LARGEST:
        raise StartError(
            "That is no Discord id.", "It is a number of 17 to 19 digits: Copy User ID in Discord, with Developer Mode switched on."
        )
    settings = read_settings()
    settings.refuse_two_worlds()
    try:
        return asyncio.run(_erase(settings, int(given.id), is_dry=given.dry_run))
    except KeyboardInterrupt:
        print("Stopped; a bot that was asked already erases her all the same.", file=sys.stderr)
        return EXIT_PROBLEMS


async def _erase(settings: "Settings", member_id: int, *, is_dry: bool) -> int:
    from bot.scheduling.partition import Partition, this_process
    from bot.storage.leases import LeaseRepository

    async with house_beside(settings) as house:
        mydata = house.services.mydata
        print(told_counts(await mydata.summary(member_id)))
        if is_dry:
            print("Nothing was changed.")
            return EXIT_OK
        house.erasing.log.prepare()
        leases = LeaseRepository(house.database)
        partition = Partition(leases, this_process(), settings.partition_lease_seconds)
        if not await leases.shards_held() and await partition.take_now():  # no bot remembers her, and none begins to before this is done
            try:
                await mydata.erase(member_id)
            finally:
                await partition.release()
        elif not await _asked(house, member_id):
            print(
                f"The bot that serves this database has not done it within {WAIT_SECONDS:g} seconds. It does it as soon as it looks again;"
                "\nmatchday health says whether it is well.",
                file=sys.stderr,
            )
            return EXIT_PROBLEMS
        print("Erased. A backup that is put back from now on does not bring it back.")
    return EXIT_OK


async def _asked(house: "House", member_id: int) -> bool:
    """Ask the bot that runs; return whether it has done it."""
    job = await house.services.mydata.ask(member_id)
    end = asyncio.get_running_loop().time() + WAIT_SECONDS
    while asyncio.get_running_loop().time() < end:
        if await house.services.mydata.is_done(job):
            return True
        await asyncio.sleep(LOOK_SECONDS)
    return False


def told_counts(counts: Mapping[str, int]) -> str:
    """Return how many rows of each kind there are, in words; never what stands in them."""
    found = [f"{name.replace('_', ' ')} {rows}" for name, rows in counts.items() if rows]
    return f"Stored of this member: {', '.join(found)}." if found else "Nothing is stored of this member."


@asynccontextmanager
async def house_beside(settings: "Settings") -> "AsyncGenerator[House]":
    """Open the house beside a bot that may run: nothing is made, migrated or sent.

    Raises:
        StartError: There is no database of this version, or the key file is not there or another's.
    """
    from bot.catalogue.catalogue import load_catalogue
    from bot.operations.opened import stored
    from bot.storage.encryption import Cipher, check_key
    from bot.wiring import build, open_clock

    async with AsyncExitStack() as stack:
        clock, _ = await open_clock(settings, stack)
        cipher = Cipher.from_key_file(settings.keys)
        database = await stack.enter_async_context(stored(settings))
        await check_key(database, cipher)
        yield build(settings.alone(), database, cipher, clock, load_catalogue())
