"""``python -m bench``: measure, print, and with ``--write`` put it into the README."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from bench.delivery import delivery_table, measure_delivery
from bench.matching import matching_row, measure_matching
from bench.measure import measure
from bench.programs import import_table, measure_import
from bench.report import machine, table, write_into
from bench.rig import ROOT


def say(line: str) -> None:
    """Tell how far it is, beside the table."""
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Measure once; asserts nothing, so it fails only where it can't measure."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Matchday beside a bare discord.py client.")
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    given = parser.parse_args()
    # In the repository's own data folder: a system's temporary folder is often memory, where a commit costs nothing.
    (ROOT / "var").mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "var", prefix="bench-") as folder:
        commands, delivery = Path(folder) / "commands", Path(folder) / "delivery"
        commands.mkdir()
        delivery.mkdir()
        programs = Path(folder) / "programs"
        programs.mkdir()
        found = asyncio.run(measure(commands, say))
        delivered = asyncio.run(measure_delivery(delivery, say))
        imported = asyncio.run(measure_import(programs))
    matched = measure_matching(say)
    text = f"{machine()}\n\n{table(found, matching_row(matched))}\n\n{delivery_table(delivered)}\n\n{import_table(*imported)}"
    print(text)
    if given.write:
        write_into(ROOT / "README.md", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
