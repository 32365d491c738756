"""The place where the bot runs: its folder, disk, programs, zones and ports."""

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.doctor.finding import Finding, problem, warning, well
from bot.health import Gateway
from bot.settings import Settings

FOLDER, DISK, PROGRAMS, ZONES, PORTS = "data folder", "disk", "programs", "time zones", "ports"
LIBRARIES = ("discord.py", "SQLAlchemy", "alembic", "cryptography", "aiohttp", "APScheduler", "pydantic", "tzdata")
OLDEST_PYTHON = (3, 11)
LITTLE_BYTES, TOO_LITTLE_BYTES = 500 * 2**20, 50 * 2**20
ASKED_ZONES = ("America/New_York", "Africa/Cairo", "Asia/Kolkata")


def check_place(settings: Settings, bot: Gateway | None) -> Iterator[Finding]:
    """Yield what is found of the place; ``bot`` is how the one that runs on this data folder stands, None where none does."""
    yield from _folder(settings.data_dir)
    yield from _disk(settings.data_dir)
    yield from _programs()
    yield from _zones()
    yield from _ports(settings, bot)


def _folder(folder: Path) -> Iterator[Finding]:
    shown = folder.resolve()
    if not folder.exists():
        yield warning(FOLDER, f"The data folder {shown} is not there yet.", "The first start makes it; or correct MATCHDAY_DATA_DIR.")
        return
    probe = folder / f".writable-{os.getpid()}"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        yield problem(
            FOLDER,
            f"The data folder {shown} can't be written ({error.strerror}).",
            "Give the bot's user write permission there, or name another folder in MATCHDAY_DATA_DIR.",
        )
        return
    status = folder.stat()
    wrong = False
    if os.name == "posix" and status.st_mode & 0o077:
        wrong = True
        mode = f"{status.st_mode & 0o777:03o}"
        yield warning(FOLDER, f"Other users of this host can look into the data folder {shown} (mode {mode}).", f"chmod 700 {shown}")
    if os.name == "posix" and status.st_uid != os.geteuid():
        wrong = True
        said = f"The data folder {shown} belongs to another user (number {status.st_uid}) than the one who asks (number {os.geteuid()})."
        yield warning(FOLDER, said, "Ask as the bot's user, such as with sudo -u matchday; what root writes there the bot may not read.")
    if not wrong:
        yield well(FOLDER, f"{shown} is there, can be written, and is closed to others.")


def _disk(folder: Path) -> Iterator[Finding]:
    there = next(each for each in (folder.resolve(), *folder.resolve().parents) if each.exists())
    free = shutil.disk_usage(there).free
    said = f"{free // 2**20:,} MiB are free where the data folder lies."
    if free < TOO_LITTLE_BYTES:
        yield problem(DISK, said, "Free some space now: a full disk stops every reminder. Nothing that was stored is lost.")
    elif free < LITTLE_BYTES:
        yield warning(DISK, said, "Free some space, or move the data folder to a larger disk.")
    else:
        yield well(DISK, said)


def _programs() -> Iterator[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield problem(PROGRAMS, f"Python {python} is too old.", f"Install Python {'.'.join(map(str, OLDEST_PYTHON))} or newer.")
        return
    found, missing = list[str](), list[str]()
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        yield problem(PROGRAMS, f"Not installed: {', '.join(missing)}.", "Install Matchday again as docs/install.md says.")
    yield well(PROGRAMS, f"Python {python}, {', '.join(found)}.")


def _zones() -> Iterator[Finding]:
    try:
        for name in ASKED_ZONES:
            ZoneInfo(name)
    except ZoneInfoNotFoundError:
        yield problem(ZONES, "There is no database of time zones.", "Install the package tzdata, with pip or from the system.")
    else:
        yield well(ZONES, "The database of time zones is there.")


def _ports(settings: Settings, bot: Gateway | None) -> Iterator[Finding]:
    if settings.public_url is None:
        yield well(PORTS, "No calendar feeds are offered (MATCHDAY_PUBLIC_URL is not set), so no port is needed.")
    else:
        yield _port(settings.web_host, settings.web_port, "MATCHDAY_WEB_PORT", bot)
    if settings.metrics_port is not None:
        yield _port(settings.metrics_host, settings.metrics_port, "MATCHDAY_METRICS_PORT", bot)
    if settings.token is None and not settings.sandbox_url:
        yield _port("127.0.0.1", settings.sandbox_port, "MATCHDAY_SANDBOX_PORT", bot)


def _port(host: str, port: int, setting: str, bot: Gateway | None) -> Finding:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if bot is not None:
            return well(PORTS, f"Port {port} is in use, as it should be while the bot runs.")
        said = f"Port {port} of {host} can't be used ({error.strerror}), and no bot runs on this data folder."
        return problem(PORTS, said, f"End the program that uses it, or name a free port in {setting}.")
    if bot in (Gateway.CONNECTED, Gateway.AWAY) and port != 0:
        return warning(PORTS, f"The bot runs, and nothing listens on port {port}.", f"Restart the bot, so that it reads {setting} anew.")
    return well(PORTS, f"Port {port} is free.")
