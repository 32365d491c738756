"""The one page of all figures, its pictures, and what the README quotes."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from bench.curves import Curve, Sheet, draw
from bench.databases import POSTGRES, SQLITE
from bench.delivery import Delivered, rate
from bench.matching import APPLICANTS, PLACES_EACH, PROGRAMS, RANKS
from bench.measure import BARE, CONCURRENCY, OURS, REMINDERS, TOGETHER, TYPING, Bursts, Found
from bench.numbers import Point, per_second
from bench.processes import SERVERS, SHARDS, Processes
from bench.report import NOT_MEASURED, Figure, machine, quoted, table
from bench.sizes import Sizes
from bench.stored import CLAIMED, FALLEN
from bot.domain.program_csv import MAX_ROWS

PICTURES = "pictures"
A_SECOND = "a second"
QUICK_RUN = "**A quick run, to see that everything is measured: too few samples to quote.**"
QUOTED = [
    "process start to first answer", "memory, idle", "`/countdown`, p50", "`/countdown`, p50, while messages go out",
    f"`/countdown`, {CONCURRENCY} at once", "typing into an option, p50", "typing into an option, p50, while messages go out",
    f"stored read: `/remind list` of {REMINDERS}, p50", f"stored read: `/remind list` of {REMINDERS}, p50, while messages go out",
    "stored write: `/remind me`, p50", "stored write: `/remind me`, p50, while messages go out",
]  # fmt: skip
EVERYWHERE = "`/countdown` in every server at once"
FOUR_TO_ONE = f"{EVERYWHERE}, four processes beside one"
SEVERAL = "One and four processes"
BURST = "due at once, the rate raised"


@dataclass(slots=True)
class Everything:
    """Hold what a run found, by kind of database where it depends on it."""

    sizes: Sizes
    found: dict[str, Found] = field(default_factory=dict[str, Found])
    delivered: dict[str, Delivered] = field(default_factory=dict[str, Delivered])
    imported: dict[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])
    matched: float = 0.0
    processes: dict[int, Processes] = field(default_factory=dict[int, Processes])
    """By their number; 0 is the bare client."""
    missing: dict[str, str] = field(default_factory=dict[str, str])
    """Why something was not measured, by what it is."""
    loads: list[float] = field(default_factory=list[float])


def figures_of(run: Everything, kind: str) -> list[Figure]:
    """Return every figure of one kind of database, each beside the bare client of the same run or what else it is compared with."""
    found, delivered = run.found[kind], run.delivered[kind]
    return [
        Figure("process start to first answer", found.start[OURS], found.start[BARE], aim=3.5, digits=0),
        Figure("the same on an empty database, commands not yet known", found.first_start[OURS], found.first_start[BARE], digits=0),
        Figure("memory, idle", found.memory[OURS], found.memory[BARE], "MiB", 2, digits=0),
        *_commands(found.idle, "", aims=True),
        *_commands(found.loaded, ", while messages go out"),
        *_deliveries(delivered, run.sizes),
        *_looks(delivered),
        Figure(f"a file of {MAX_ROWS:,} programs, new", run.imported[kind][0], unit="s"),
        Figure("the same file again", run.imported[kind][1], run.imported[kind][0], "s", against="new"),
    ]


def _commands(bursts: Bursts, when: str, *, aims: bool = False) -> list[Figure]:
    read, write = f"stored read: `/remind list` of {REMINDERS}", "stored write: `/remind me`"
    rows: list[Figure] = []
    for label, command, aim in (
        ("`/countdown`", "countdown", 1.6),
        ("typing into an option", TYPING, None),
        (read, "remind list", 4.0),
        (write, "remind me", 6.0),
    ):
        mine, theirs = bursts[OURS, command], bursts[BARE, command]
        rows += [
            Figure(f"{label}, p50{when}", mine.percentile(50), theirs.percentile(50), aim=aim if aims else None),
            Figure(f"{label}, p99{when}", mine.percentile(99), theirs.percentile(99)),
        ]
    mine, theirs = bursts[OURS, TOGETHER], bursts[BARE, TOGETHER]
    rows.append(Figure(f"`/countdown`, {CONCURRENCY} at once{when}", mine.per_second(), theirs.per_second(), A_SECOND, digits=0))
    return rows


def _deliveries(found: Delivered, sizes: Sizes) -> list[Figure]:
    raised, paced = f"{sizes.burst} {BURST}", f"{sizes.paced} due at once, paced"
    bare = "a bare loop of sends"
    return [
        Figure(raised, rate(found.raised), rate(found.bare), A_SECOND, 0.6, digits=0, is_at_least=True, against=bare),
        Figure(paced, rate(found.paced), unit=A_SECOND, digits=1, aim_text="45"),
        Figure("answers of 429 meanwhile", float(found.limited), unit="", digits=0, aim_text="0"),
        Figure(f"an urgent reminder while {sizes.behind:,} others go out: late by", found.urgent_seconds, unit="s", aim_text="< 2 s"),
    ]


def _looks(found: Delivered) -> list[Figure]:
    looks, rows = found.looks, list[Figure]()
    rows.append(Figure(f"{FALLEN} reminders fall due", looks.fall))
    rows.append(Figure(f"a claim of {CLAIMED} deliveries", looks.claim))
    first, *more = looks.ticks
    rows.append(Figure(f"one tick, {first:,} stored reminders", looks.ticks[first]))
    for count in more:
        held, base = looks.memory[count], looks.memory[first]
        against = f"{first:,}"
        rows += [
            Figure(f"one tick, {count:,} stored reminders", looks.ticks[count], looks.ticks[first], aim=1.2, digits=1, against=against),
            Figure(f"start, {count:,} stored reminders", looks.starts[count], looks.starts[first], digits=0, against=against),
            Figure(f"memory, {count:,} stored reminders", held, base, "MiB", digits=1, against=against, aim_text="+10 MiB"),
        ]
    return rows


def page(run: Everything) -> str:
    """Return the whole page."""
    lines = ["# Measured", "", machine(), ""]
    if run.sizes.is_quick:
        lines += [QUICK_RUN, ""]
    lines += [*_how(run), ""]
    for kind in (SQLITE, POSTGRES):
        lines += [f"## {kind}", ""]
        if kind in run.missing:
            lines += [f"{NOT_MEASURED}: {run.missing[kind]}.", ""]
            continue
        lines += [*table(figures_of(run, kind)), "", _floor(run.found[kind]), ""]
    lines += [f"## {SEVERAL}", "", *_processes(run), ""]
    what = f"{APPLICANTS:,} applicants, {PROGRAMS * PLACES_EACH:,} places, lists of {RANKS}"
    lines += ["## The matching algorithm", "", *table([Figure(what, run.matched, unit="s", aim_text="about 1 s")]), ""]
    pictures = (("latency", "How long answers take"), ("burst", "Messages a second"), ("memory", "Memory over time"))
    for name, what in pictures:
        lines += [f"![{what}]({PICTURES}/bench-{name}.png)", ""]
    return "\n".join(lines)


def _how(run: Everything) -> list[str]:
    loads = ", ".join(f"{each:.1f}" for each in run.loads)
    return [
        "A bare discord.py client that sends the same payloads over the same sandbox, in the same run and in turn with the bot, is",
        "the measure: the ratios say more than the times. The sandbox checks no bodies. A latency runs from the dispatch of an",
        "interaction to the arrival of its callback, both in the sandbox; “while messages go out” means 45 a second by direct message,",
        "which the bare client sends itself. The bot runs as a process of its own, with the settings that are the default. Stored",
        "reminders lie ahead; what is compared with fewer of them says so. A commit on the disk is SQLite's, WAL, `synchronous=FULL`.",
        f"Load of the machine (processes that wanted to run, averaged over a minute) from part to part: {loads}.",
    ]  # fmt: skip


def _floor(found: Found) -> str:
    bursts = [*found.idle.values(), *found.loaded.values()]
    answered, failed = sum(len(each.milliseconds) for each in bursts), sum(each.failed for each in bursts)
    return (
        f"Beside it in the same run: the disk's own commit of one row takes {found.commits.percentile(50):.2f} ms (p50) and "
        f"{found.commits.percentile(99):.2f} ms (p99); the bare client answers a command that does nothing in "
        f"{found.idle[BARE, 'ping'].percentile(50):.2f} ms (p50). {answered:,} commands were answered, {failed} were not."
    )


def _processes(run: Everything) -> list[str]:
    if not run.processes:
        return [f"{NOT_MEASURED}: {run.missing.get('processes', 'it was left out')}."]
    shared = (
        f"{SHARDS} shards, {SERVERS} servers, one PostgreSQL database; four processes share one budget of requests, kept there too. "
        "Sandbox, database and all processes share this machine's processors: whether four answer more than one shows only where "
        "there are more of them."
    )
    return [shared, "", *table(processes_figures(run))]


def processes_figures(run: Everything) -> list[Figure]:
    """Return what one process and four reach, each beside the bare client, then four beside one; nothing where it was not measured."""
    if not run.processes:
        return []
    rows: list[Figure] = []
    for number, name in ((1, "one process"), (4, "four processes")):
        mine, bare = run.processes[number], run.processes[0]
        rows += [
            Figure(f"{EVERYWHERE}, {name}", mine.together.per_second(), bare.together.per_second(), A_SECOND, digits=0),
            Figure(f"{EVERYWHERE}, p50, {name}", mine.together.percentile(50), bare.together.percentile(50)),
            Figure(f"{EVERYWHERE}, p99, {name}", mine.together.percentile(99), bare.together.percentile(99)),
            Figure(f"memory, {name}", mine.memory, bare.memory, "MiB", digits=0),
        ]
    one, four = run.processes[1], run.processes[4]
    against = "one process"
    return [
        *rows,
        Figure(FOUR_TO_ONE, four.together.per_second(), one.together.per_second(), A_SECOND, digits=0, against=against),
        Figure("reminders due at once, at the default pace, four processes", four.sent, one.sent, A_SECOND, digits=1, against=against),
        Figure("answers of 429 meanwhile, four processes", float(four.limited), unit="", digits=0, aim_text="0"),
    ]


def readme_block(run: Everything) -> str:
    """Return what the README quotes: the day, the machine, ratios."""
    figures = {kind: figures_of(run, kind) for kind in run.found}
    stored = [each.what for kind in figures.values() for each in kind if each.what.startswith("one tick")]
    wanted = [*QUOTED, f"{run.sizes.burst} {BURST}", *dict.fromkeys(stored)]
    quick = [QUICK_RUN, ""] if run.sizes.is_quick else []
    link = "Every figure, how it was measured, and pictures: [docs/bench.md](docs/bench.md)."
    several = processes_figures(run)
    more = ["", *quoted({SEVERAL: several}, [each.what for each in several])] if several else []
    return "\n".join([machine(), link, "", *quick, *quoted(figures, wanted), *more])


def draw_all(folder: Path, run: Everything) -> None:
    """Write the pictures."""
    curves = [Curve(f"{kind}, {state}", _share(bursts[OURS, "countdown"].milliseconds)) for kind, state, bursts in _states(run)]
    bare = next(iter(run.found.values()))
    for state, bursts in (("idle", bare.idle), ("loaded", bare.loaded)):
        curves.append(Curve(f"bare client, {state}", _share(bursts[BARE, "countdown"].milliseconds)))
    draw(
        Sheet("/countdown: how many of a hundred answers within", "ms", "% of answers", curves, is_x_logarithmic=True),
        folder / "bench-latency.png",
    )
    rates = [Curve(kind, per_second(each.raised, 0.05)) for kind, each in run.delivered.items()]
    rates.append(Curve("a bare loop of sends", per_second(next(iter(run.delivered.values())).bare, 0.05)))
    draw(
        Sheet(f"{run.sizes.burst} messages due at once, the rate raised", "seconds after the first", A_SECOND, rates),
        folder / "bench-burst.png",
    )
    held = [
        Curve(f"{kind}, {name}", each.held[client])
        for kind, each in run.found.items()
        for client, name in ((OURS, "Matchday"), (BARE, "bare"))
    ]
    draw(Sheet("Memory: idle first, then the rounds of commands", "seconds", "MiB", held), folder / "bench-memory.png")


def _states(run: Everything) -> list[tuple[str, str, Bursts]]:
    return [(kind, state, bursts) for kind, each in run.found.items() for state, bursts in (("idle", each.idle), ("loaded", each.loaded))]


def _share(values: list[float]) -> list[Point]:
    ordered = sorted(values)
    return [(value, (number + 1) / len(ordered) * 100) for number, value in enumerate(ordered)]


def load() -> float:
    """Return how many processes wanted to run on the machine, averaged over a minute."""
    return os.getloadavg()[0]
