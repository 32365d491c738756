"""What a run found, as Markdown."""

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

from bench.measure import BARE, CONCURRENCY, IDLE_SECONDS, OURS, REMINDERS, Found

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
NOT_MEASURED = "not measured"


def table(found: Found, *more: str) -> str:
    """Return the table, each ratio beside its aim; ``more`` are rows of what has nothing to be compared with."""
    alone = found.alone
    countdown, bare = alone[OURS, "countdown"], alone[BARE, "countdown"]
    rows = [
        _row("process start to first answer", found.start[OURS], found.start[BARE], "ms", 3.5, digits=0),
        _row("the same on an empty data folder, commands not yet known", found.first_start[OURS], found.first_start[BARE], "ms", digits=0),
        _row(f"memory after {IDLE_SECONDS:g} s idle", found.memory[OURS], found.memory[BARE], "MiB", 2, digits=0),
        _row("`/countdown` p50", countdown.percentile(50), bare.percentile(50), "ms", 1.6),
        _row("`/countdown` p99", countdown.percentile(99), bare.percentile(99), "ms"),
        _row(
            f"`/countdown`, {CONCURRENCY} at once",
            found.together[OURS].per_second(),
            found.together[BARE].per_second(),
            "a second",
            digits=0,
        ),
    ]
    for label, command, aim in (
        (f"stored read: `/remind list` of {REMINDERS}", "remind list", 4),
        ("stored write: `/remind me`", "remind me", 6),
    ):
        mine, theirs = alone[OURS, command], alone[BARE, command]
        rows.append(_row(f"{label}, p50", mine.percentile(50), theirs.percentile(50), "ms", aim))
        rows.append(_row(f"{label}, p99", mine.percentile(99), theirs.percentile(99), "ms"))
    head = ["| | Matchday | bare client | ratio | aim |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows, *more, "", _floor(found)])


def _row(what: str, ours: float | None, bare: float | None, unit: str, aim: float | None = None, *, digits: int = 2) -> str:
    wanted = f"≤ {aim:g}" if aim is not None else ""
    if ours is None or bare is None:
        return f"| {what} | {NOT_MEASURED} | {NOT_MEASURED} | | {wanted} |"
    return f"| {what} | {ours:,.{digits}f} {unit} | {bare:,.{digits}f} {unit} | {ours / bare:.2f} | {wanted} |"


def _floor(found: Found) -> str:
    ping = found.alone[BARE, "ping"]
    bursts = [*found.alone.values(), *found.together.values()]
    answered, failed = sum(len(each.milliseconds) for each in bursts), sum(each.failed for each in bursts)
    return (
        f"Beside it in the same run: the disk's own commit of one row (SQLite, WAL, `synchronous=FULL`) takes "
        f"{found.commits.percentile(50):.2f} ms (p50) and {found.commits.percentile(99):.2f} ms (p99); the bare client answers a command "
        f"that does nothing in {ping.percentile(50):.2f} ms (p50). {answered:,} commands were answered, {failed} were not."
    )


def machine(verb: str = "make bench") -> str:
    """Return the day and what it was measured on."""
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} with `{verb}`: {_processor()}, {os.cpu_count()} cores, "
        f"{platform.system()}, Python {platform.python_version()}."
    )


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        found = re.search(r"^model name\s*: (.+)$", information.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
        if found:
            return found[1].strip()
    return platform.processor() or platform.machine()


def write_into(document: Path, text: str) -> None:
    """Put the text between the markers of a document; raise ValueError where there are none."""
    whole = document.read_text(encoding="utf-8")
    before, begin, rest = whole.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{document.name} has no {BEGIN} and {END}")
    document.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
