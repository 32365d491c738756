"""The command line as a process of its own, beside a bot that may run."""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Said:
    """Hold how a verb ended and what it printed."""

    code: int | None
    out: str
    error: str

    @property
    def all(self) -> str:
        return self.out + self.error


async def matchday(environment: Mapping[str, str], *arguments: str) -> Said:
    """Run one verb to its end in an environment such as that of a ``BotProcess``."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", *arguments,
        cwd=ROOT, env=dict(environment), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        out, error = await asyncio.wait_for(process.communicate(), LONGEST_SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Said(process.returncode, out.decode(), error.decode())
