"""``python -m bench.soak``: play the day, and write its report; ends with 0 also where a promise was not kept."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from bench.databases import POSTGRES, SQLITE, why_not
from bench.rig import ROOT
from bench.soak.day import Day
from bench.soak.judge import arrivals, judge
from bench.soak.page import PICTURES, draw_all, page
from bench.soak.plan import Size


def main(arguments: list[str] | None = None) -> int:
    """Play and write; return 2 where it can't be played."""
    given = _parser().parse_args(arguments)
    database = POSTGRES if given.postgres else SQLITE
    if missing := asyncio.run(why_not(database)):
        say(f"It can't be played on {database}: {missing}.")
        return 2
    size = Size(given.minutes, given.members, given.servers)
    # In the repository's own data folder: a system's temporary folder is often memory, where a commit costs nothing.
    (ROOT / "var").mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "var", prefix="soak-") as folder:
        day = Day(Path(folder), database, size, say)
        asyncio.run(day.play())
    came = arrivals(day.expected, day.seen)
    closed = {day.people.messages[person]: person for person in day.people.closed}
    promises = judge(came, closed, day.seen)
    given.to.mkdir(parents=True, exist_ok=True)
    draw_all(given.to / PICTURES, came, day.seen)
    (given.to / "soak.md").write_text(page(size, database, promises, came, day.seen), encoding="utf-8")
    for each in promises:
        say(f"{'kept    ' if each.is_kept else 'NOT KEPT'}  {each.what}: {each.found}")
    say(f"The report is {given.to.name}/soak.md.")
    return 0


def say(line: str) -> None:
    """Tell how far it is."""
    print(line, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description="Play a day of the season in minutes, with faults.")
    parser.add_argument("--minutes", type=_some, default=Size().minutes, help="how long the day takes (%(default)g)")
    parser.add_argument("--members", type=_many, default=Size().members, help="of the large server (%(default)s)")
    parser.add_argument("--servers", type=_many, default=Size().servers, help="in all (%(default)s)")
    parser.add_argument("--postgres", action="store_true", help="on the PostgreSQL server of MATCHDAY_TEST_POSTGRES instead of SQLite")
    parser.add_argument("--to", type=Path, default=ROOT / "docs", help="the folder of the report (docs)")
    return parser


def _some(text: str) -> float:
    number = float(text)
    if not 0.2 <= number <= 24 * 60:
        raise argparse.ArgumentTypeError("0.2 to 1440 minutes")
    return number


def _many(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 100_000:
        raise argparse.ArgumentTypeError("1 to 100000")
    return number


if __name__ == "__main__":
    sys.exit(main())
