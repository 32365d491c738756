"""Tells the database that was served last from an older copy of it, such as a backup that was put back.

Whoever sends changes a token when it begins and with every batch, before the first message of it goes out: in the database, then in a file
beside it. An older copy holds an older token. What it says is still to be sent may have been sent since.
"""

import asyncio
import secrets
from datetime import datetime
from pathlib import Path

from bot.storage.leases import LeaseRepository


class Served:
    """Keep the token."""

    doubt = (
        "this is not the database that was served last from here (a backup that was put back, or another host): "
        "what was due until now is looked for in its channel before it is sent"
    )
    """What is said where it is another one."""

    def __init__(self, leases: LeaseRepository, path: Path) -> None:
        self._leases = leases
        self._path = path

    async def is_other(self) -> bool:
        """Tell whether this is not the database that was served last from here."""
        return await self._leases.token() != await asyncio.to_thread(self._kept)

    async def doubted_until(self, now: datetime) -> datetime | None:
        """Return until when what was due may have been sent already, or None; ``now`` where this is not the database served last."""
        if await self.is_other():
            await self._leases.set_doubted_until(now)  # before the token is turned: from then on nothing tells of it
        return await self._leases.doubted_until()

    async def turn(self) -> None:
        """Change the token: what is sent from now on is sent after any copy made so far."""
        token = secrets.token_hex(8)
        await self._leases.set_token(token)
        await asyncio.to_thread(self._keep, token)

    def _kept(self) -> str | None:
        try:
            return self._path.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):  # it is gone, or on another host: then nothing is known, and looking twice is safe
            return None

    def _keep(self, token: str) -> None:
        beside = self._path.with_name(f"{self._path.name}.new")
        beside.write_text(token, "ascii")
        beside.replace(self._path)
