"""Start a sandbox: ``python -m bot.sandbox``."""

import argparse
import asyncio
import gc
import os
import signal
import sys
from pathlib import Path

from bot.sandbox.server import SandboxServer, is_loopback
from bot.sandbox.session_starts import SessionStarts

NEVER = 2**31 - 1


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; return 2 for what can't be started."""
    given = _parser().parse_args(arguments)
    if not is_loopback(given.host):
        return _refuse(f"The sandbox listens on loopback only, and {given.host} is not loopback.")
    if os.environ.get("DISCORD_TOKEN"):
        return _refuse("DISCORD_TOKEN is set. The sandbox never runs beside a real token: unset it, or run the bot without the sandbox.")
    if given.description is not None and not given.description.is_file():
        return _refuse(f"There is no description at {given.description}.")
    try:
        asyncio.run(_serve(given))
    except OSError as error:
        return _refuse(f"Port {given.port} can't be used: {error.strerror}.")
    return 0


async def _serve(given: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    if given.no_full_collection:
        # A pass over all that is kept stops everything for some hundred milliseconds, which would be put down to the bot.
        gc.set_threshold(*gc.get_threshold()[:2], NEVER)
    starts = SessionStarts(given.shards, given.identify_seconds)
    server = SandboxServer(
        host=given.host, port=given.port, token=given.token, description=given.description, checks=given.checks, starts=starts
    )
    async with server:
        _say(f"sandbox ready {server.url}")
        await stopped.wait()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description="A Discord on loopback, and a page to play its people.")
    description = os.environ.get("MATCHDAY_DISCORD_DESCRIPTION")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default="sandbox-token", help="what the bot must identify with")
    parser.add_argument("--description", type=Path, default=Path(description) if description else None, help="Discord's openapi.json")
    parser.add_argument("--no-checks", dest="checks", action="store_false", help="do not check bodies against the description")
    parser.add_argument(
        "--no-full-collection", action="store_true", help="never look through everything that is kept for garbage: for measurements"
    )
    parser.add_argument("--shards", type=int, default=1, help="how many shards are recommended to the bot")
    parser.add_argument("--identify-seconds", type=float, default=0.0, help="how far apart sessions begin; Discord asks for 5")
    return parser


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
