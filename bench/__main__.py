"""``python -m bench``: measure everything, and write the page, its pictures and what the README quotes."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from bench.databases import POSTGRES, SQLITE, Kind, why_not
from bench.delivery import measure_delivery, measure_loaded
from bench.matching import measure_matching
from bench.measure import measure
from bench.page import PICTURES, Everything, draw_all, load, page, readme_block
from bench.processes import measure_processes
from bench.programs import measure_import
from bench.report import write_into
from bench.rig import ROOT
from bench.sizes import QUICK, WHOLE, Sizes


def say(line: str) -> None:
    """Tell how far it is."""
    print(line, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Measure once; asserts nothing, so it fails only where it can't measure."""
    given = _parser().parse_args(arguments)
    # In the repository's own data folder: a system's temporary folder is often memory, where a commit costs nothing.
    (ROOT / "var").mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "var", prefix="bench-") as folder:
        run = asyncio.run(_everything(Path(folder), QUICK if given.quick else WHOLE))
    given.to.mkdir(parents=True, exist_ok=True)
    draw_all(given.to / PICTURES, run)
    (given.to / "bench.md").write_text(page(run), encoding="utf-8")
    if given.to == ROOT / "docs":
        write_into(ROOT / "README.md", readme_block(run))
    print(page(run))
    return 0


async def _everything(folder: Path, sizes: Sizes) -> Everything:
    run = Everything(sizes, loads=[load()])
    for kind in (SQLITE, POSTGRES):
        if missing := await why_not(kind):
            run.missing[kind] = missing
            continue
        await _one(folder / kind, kind, run)
        run.loads.append(load())
    run.matched = measure_matching(say)
    run.processes, run.missing["processes"] = await measure_processes(folder, sizes, say)
    run.loads.append(load())
    return run


async def _one(folder: Path, kind: Kind, run: Everything) -> None:
    say(f"--- {kind}")
    for part in ("commands", "loaded", "delivery", "programs"):
        (folder / part).mkdir(parents=True)
    run.found[kind] = await measure(folder / "commands", kind, run.sizes, say)
    await measure_loaded(folder / "loaded", kind, run.sizes, run.found[kind].loaded, say)
    run.delivered[kind] = await measure_delivery(folder / "delivery", kind, run.sizes, say)
    run.imported[kind] = await measure_import(folder / "programs", kind)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Matchday beside a bare discord.py client.")
    parser.add_argument("--quick", action="store_true", help="few samples, to see that everything is measured")
    parser.add_argument("--to", type=Path, default=ROOT / "docs", help="the folder of the page (docs: then the README quotes it too)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
