"""``matchday export-server``: what is stored of one server, as a file for its managers."""

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import StartError
from bot.operations.verb import EXIT_OK, EXIT_PROBLEMS, Verbs, read_settings

if TYPE_CHECKING:
    from bot.settings import Settings

MOST_ID = 2**63 - 1
ABOUT = (
    "What Matchday stores of this server: what its staff set, wrote and did. Of members it holds numbers alone; what is a member's own she "
    "exports herself, with /mydata export."
)


def add(verbs: Verbs) -> None:
    """Add the verb."""
    about = "write what is stored of one server into a JSON file, for its managers; nothing of another server, and no member's own words"
    exporting = verbs.add_parser("export-server", help=about)
    exporting.add_argument("server", type=_server_id, metavar="ID", help="the server's id: in Discord, Developer Mode, Copy Server ID")
    exporting.add_argument("--to", type=Path, metavar="FILE", help="a new file; by default server-ID-DATE.json here")
    exporting.set_defaults(call=export)


def export(given: argparse.Namespace) -> int:
    """Write the file."""
    return asyncio.run(_export(read_settings(), given.server, given.to))


def _server_id(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) <= MOST_ID:
        raise argparse.ArgumentTypeError("a server's id is a number such as 1100000000000000001")
    return int(text)


async def _export(settings: "Settings", server_id: int, to: Path | None) -> int:
    from bot.operations.opened import stored
    from bot.storage.encryption import Cipher, check_key
    from bot.storage.server_export import COUNTED, LEFT_OUT, LEFT_OUT_COLUMNS, LEFT_OUT_WORDS, PARTS, ServerExportRepository

    now = datetime.now(UTC)
    path = to or Path(f"server-{server_id}-{now.date().isoformat()}.json")
    if path.exists():
        return _is_there(path)
    async with stored(settings) as database:
        cipher = Cipher.from_key_file(settings.keys)
        await check_key(database, cipher)
        found = await ServerExportRepository(database, cipher).export(server_id)
    if found is None:
        print(f"Nothing is stored of a server {server_id}.\n  Check the id: in Discord, Developer Mode, Copy Server ID.", file=sys.stderr)
        return EXIT_PROBLEMS
    reasons = {"tables": COUNTED | LEFT_OUT, "columns": LEFT_OUT_COLUMNS, "words": LEFT_OUT_WORDS}
    content = {"about": ABOUT, "exported_at": now.isoformat(timespec="seconds"), **found, "left_out": reasons}
    try:
        _write_once(path, content)
    except FileExistsError:
        return _is_there(path)
    except OSError as error:
        raise StartError(
            f"The file {path} can't be written: {error.strerror}.", "Name another one with --to. Nothing was left there."
        ) from error
    unreadable = sum(bool(row.get("unreadable")) for name in PARTS for row in found[name])
    print(f"Written for the managers of the server {server_id}: {path}")
    if unreadable:
        print(f"{unreadable} texts can't be read with the key file, and are marked.", file=sys.stderr)
    return EXIT_PROBLEMS if unreadable else EXIT_OK


def _is_there(path: Path) -> int:
    print(f"There is a file {path} already; it was left as it is.\n  Name another one with --to.", file=sys.stderr)
    return EXIT_PROBLEMS


def _write_once(path: Path, content: dict[str, Any]) -> None:
    """Write a file for its owner alone, whole or not at all.

    Raises:
        FileExistsError: There is one.
        OSError: It can't be written.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        _put(beside, path)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def _put(beside: Path, path: Path) -> None:
    try:
        os.link(beside, path)  # fails where there is one, however late it came
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError from None
        beside.replace(path)
