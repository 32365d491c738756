"""``python -m tests.faults``: run every scenario whole, print a table, and fail where anything is lost or doubled."""

import argparse
import asyncio
import secrets
import sys
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from tests.faults import discord_faults, process_faults, storage_faults  # noqa: F401 - they enter their scenarios
from tests.faults.counting import Found
from tests.faults.rig import KILLS, OUTAGE_SECONDS, Size
from tests.faults.scenario import SCENARIOS, Scenario, run
from tests.faults.table import line, table
from tests.support.sandbox import ROOT

COUNTS = (500, 2_000)


def main(arguments: list[str] | None = None) -> int:
    """Run; return 1 where anything was lost or doubled or otherwise wrong."""
    given = _parser().parse_args(arguments)
    seed = secrets.randbelow(1_000_000) if given.seed is None else given.seed
    sizes = [Size(count, seed, given.kills, given.outage) for count in given.count]
    say(f"seed {seed}")
    with ExitStack() as stack:
        # In the repository's own data folder: a system's temporary folder is often memory, where a commit costs nothing.
        (ROOT / "var").mkdir(mode=0o700, exist_ok=True)
        folder = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(dir=ROOT / "var", prefix="faults-")))
        found = asyncio.run(run_all(given.only or SCENARIOS, sizes, folder))
    sys.stdout.write(f"Seed {seed}.\n\n{table(found)}\n")
    return 0 if all(each.is_clean for each in found) else 1


async def run_all(names: Iterable[str], sizes: list[Size], folder: Path) -> list[Found]:
    """Run the named scenarios in every size."""
    found: list[Found] = []
    for size in sizes:
        for name in names:
            each = await _attempted(SCENARIOS[name], size, folder)
            say(line(each))
            for problem in each.problems:
                say(f"  {problem}")
            found.append(each)
    return found


async def _attempted(chosen: Scenario, size: Size, folder: Path) -> Found:
    try:
        return await run(chosen, size, folder / f"{chosen.name}-{size.count}", folder / "templates")
    except Exception as error:  # noqa: BLE001 - whatever it was, the other scenarios are still to be run
        last = str(error).strip().splitlines()[-1:] or [""]
        return Found(chosen.name, size.count, problems=[f"it could not be carried through: {type(error).__name__}: {last[0]}"])


def say(text: str) -> None:
    """Tell how far it is, beside the table."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Lose nothing and double nothing, whatever goes wrong.")
    parser.add_argument("--count", type=int, nargs="+", default=COUNTS, help="how many reminders; several numbers make several runs")
    parser.add_argument("--seed", type=int, help="of every random choice; a fresh one is printed where none is given")
    parser.add_argument("--only", nargs="+", choices=sorted(SCENARIOS), metavar="NAME", help=", ".join(SCENARIOS))
    parser.add_argument("--kills", type=int, default=KILLS, help="at how many points a process is killed")
    parser.add_argument("--outage", type=float, default=OUTAGE_SECONDS, help="how many seconds nothing but 500s come")
    parser.add_argument("--folder", type=Path, help="an empty folder that is kept, with every bot's log and database")
    return parser


if __name__ == "__main__":
    sys.exit(main())
