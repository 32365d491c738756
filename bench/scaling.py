"""``python -m bench.scaling``: the plan for 2,500, 25,000 and 250,000 servers, and what binds first; reckoned, not measured.

What the benchmarks measured is read from docs/bench.md where it stands there; all else is an assumption with a name. ``--write`` puts
the tables into docs/scaling.md, ``--picture FILE`` draws how late reminders come.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

from bench.sending import DAY, HOUR, Arrivals, Group, as_they_are_due, begin_early, by_priority, hours_for, send, shortest_lead_first

ROOT = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- plan -->", "<!-- /plan -->"
SIZES = (2_500, 25_000, 250_000)
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """Hold what the benchmarks found; the values here are used where a document holds none."""

    answers_per_second: float = 900.0
    """Commands that one process answers, several at once."""
    memory_mib: float = 105.0
    """One process, some seconds after its start."""
    sends_per_second: float = 1_900.0
    """Messages that one process gets ready and sends, the rate raised."""
    defaults: tuple[str, ...] = ()
    """Which of these were not found."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """Hold what nobody has measured here: change it to your own, and reckon again."""

    members_per_server: float = 4.0
    """Who use the bot; with 250,000 servers a million."""
    servers_per_shard: int = 1_000
    shards_per_process: int = 16
    kib_per_server: float = 40.0
    """What discord.py keeps of a server: channels and roles."""
    memory_limit_mib: float = 2_048.0
    use: float = 0.5
    """How much of what was measured is planned with: the rest is for the slower host and the worse minute."""
    paced_per_second: float = 45.0
    other_per_second: float = 5.0
    """Paced requests that are no reminders: opened conversations, notices, cards."""
    deadline_hour_share: float = 0.3
    deadline_hour_commands: float = 3.0
    match_minute_share: float = 0.2
    """Who press one button in the minute in which results are out."""
    write_share: float = 0.25
    """Of commands that write."""
    writes_per_message: float = 3.0
    """Rows: it falls due, is claimed, is marked."""
    rows_per_member: float = 60.0
    """In a season, deliveries most of all."""
    bytes_per_row: float = 900.0
    """With indexes."""
    database_writes_per_second: float = 5_000.0
    dollars_per_process: float = 12.0
    """A month: one small virtual machine for one process."""
    dollars_per_database: float = 15.0
    """A month: the smallest that is kept by somebody else."""
    dollars_per_database_gib: float = 2.0
    longest_lateness: float = HOUR
    """What is still told to a member as on time; for the largest group of reminders of one deadline."""
    largest_group: float = 0.4
    """The part of members whose reminder for a deadline has the same lead."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold the plan for one size."""

    servers: int
    members: int
    shards_required: int
    shards: int
    processes: int
    memory_mib: float
    concurrency: int
    start_seconds: float
    starts_a_day: int
    deadline_hour: float
    """Commands a second."""
    match_minute: float
    writes_per_second: float
    database_gib: float
    dollars: float
    reminders_hours: float
    """For one reminder to every member."""
    used: dict[str, float]
    """How much of each limit is used at the worst time; 1 is all of it."""

    @property
    def binds_first(self) -> str:
        """Return the limit of which most is used."""
        return max(self.used, key=lambda each: self.used[each])


def shards_required(servers: int) -> int:
    """Return the least number of shards: Discord refuses more than 2,500 servers on one."""
    return ceil(servers / 2_500)


def starts_a_day(servers: int) -> int:
    """Return how often a shard may identify within 24 hours; more for bots in more than 150,000 servers."""
    return 1_000 if servers <= 150_000 else max(2_000, servers // 1_000 * 5)


def start_seconds(shards: int, concurrency: int) -> float:
    """Return how long it takes until every shard has identified: ``concurrency`` of them every 5 seconds."""
    return (ceil(shards / concurrency) - 1) * 5.0


def plan(servers: int, found: Measured | None = None, assumed: Assumed | None = None) -> Plan:
    """Reckon the plan for so many servers."""
    found, assumed = found or Measured(), assumed or Assumed()
    members = round(servers * assumed.members_per_server)
    shards = max(1, ceil(servers / assumed.servers_per_shard))
    concurrency = 1 if servers <= 150_000 else 16
    deadline_hour = members * assumed.deadline_hour_share * assumed.deadline_hour_commands / HOUR
    match_minute = members * assumed.match_minute_share / 60
    per_process = found.answers_per_second * assumed.use
    processes = max(1, ceil(shards / assumed.shards_per_process), ceil(match_minute / per_process))
    memory = found.memory_mib + servers / processes * assumed.kib_per_server / 1024
    reminders = assumed.paced_per_second - assumed.other_per_second
    writes = match_minute * assumed.write_share + reminders * assumed.writes_per_message
    gib = members * assumed.rows_per_member * assumed.bytes_per_row / 1024**3
    start = start_seconds(shards, concurrency)
    return Plan(
        servers=servers,
        members=members,
        shards_required=shards_required(servers),
        shards=shards,
        processes=processes,
        memory_mib=memory,
        concurrency=concurrency,
        start_seconds=start,
        starts_a_day=starts_a_day(servers),
        deadline_hour=deadline_hour,
        match_minute=match_minute,
        writes_per_second=writes,
        database_gib=gib,
        dollars=processes * assumed.dollars_per_process + assumed.dollars_per_database + gib * assumed.dollars_per_database_gib,
        reminders_hours=hours_for(members, reminders),
        used={
            "Discord's 50 requests a second": members * assumed.largest_group / reminders / assumed.longest_lateness,
            "answers in the minute of results": match_minute / processes / found.answers_per_second,
            "starts of shards in a day": shards / starts_a_day(servers),
            "memory of a process": memory / assumed.memory_limit_mib,
            "writes of the database": writes / assumed.database_writes_per_second,
        },
    )


# --- what was measured

_FIGURES = {
    "answers_per_second": r"`/countdown`, \d+ at once \| ([\d,.]+) a second",
    "memory_mib": r"memory, idle \| ([\d,.]+) MiB",
    "sends_per_second": r"[\d,]+ due at once, the rate raised \| ([\d,.]+) a second",
}


def read_measured(text: str) -> Measured:
    """Return what a page of the benchmarks says; the defaults for what it does not say, named in ``defaults``."""
    found = {name: float(match[1].replace(",", "")) for name, pattern in _FIGURES.items() if (match := re.search(pattern, text))}
    return replace(Measured(), **found, defaults=tuple(name for name in _FIGURES if name not in found))


# --- a million reminders of one deadline

LEADS = (
    ("1 week before", 7 * DAY, 0.4),
    ("3 days before", 3 * DAY, 0.25),
    ("1 day before", DAY, 0.2),
    ("3 hours before", 3 * HOUR, 0.1),
    ("at the moment", 0, 0.05),
)
"""The leads that members choose from (bot/domain/leads.py), and an assumption of how many choose which."""


def groups(count: int) -> list[Group]:
    """Return the reminders of one deadline by their leads."""
    return [Group(name, round(count * share), lead) for name, lead, share in LEADS]


def crowded(count: int) -> list[Group]:
    """Return the same where nothing could be sent for three days, until two hours before the deadline: what came due meanwhile waits."""
    return [replace(group, begins=max(group.due, -2 * HOUR)) for group in groups(count) if group.lead <= 3 * DAY]


def strategies(rate: float, count: int = MILLION) -> dict[str, dict[str, Arrivals]]:
    """Return how they arrive, by strategy."""
    return {
        "all a day before": send([Group("1 day before", count, DAY)], rate, as_they_are_due),
        "each when due": send(groups(count), rate, by_priority),
        "each begun early": send(begin_early(groups(count), rate), rate, shortest_lead_first),
        "after a failure, as they are due": send(crowded(count), rate, as_they_are_due),
        "after a failure, by priority": send(crowded(count), rate, by_priority),
        "after a failure, shortest lead first": send(crowded(count), rate, shortest_lead_first),
    }


# --- the page


def words(seconds: float) -> str:
    """Return a length of time."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 2 * HOUR else f"{seconds / HOUR:.1f} h"


def plan_table(plans: Sequence[Plan]) -> str:
    """Return the plan as Markdown, a column for each size."""
    rows = [
        ("members who use it", [f"{each.members:,}" for each in plans]),
        ("shards: required, planned", [f"{each.shards_required}, {each.shards}" for each in plans]),
        ("processes", [str(each.processes) for each in plans]),
        ("memory of each", [f"{each.memory_mib:,.0f} MiB" for each in plans]),
        ("until all shards have identified", [words(each.start_seconds) for each in plans]),
        ("whole starts that a day allows", [f"{each.starts_a_day // each.shards:,}" for each in plans]),
        ("commands a second: hour of a deadline", [f"{each.deadline_hour:,.1f}" for each in plans]),
        ("commands a second: minute of results", [f"{each.match_minute:,.0f}" for each in plans]),
        ("database: rows written a second, then", [f"{each.writes_per_second:,.0f}" for each in plans]),
        ("database: size after a season", [f"{each.database_gib:,.1f} GiB" for each in plans]),
        ("one reminder to everybody takes", [words(each.reminders_hours * HOUR) for each in plans]),
        ("dollars a month", [f"{each.dollars:,.0f}" for each in plans]),
        ("**binds first**", [f"{each.binds_first} ({each.used[each.binds_first]:.0%})" for each in plans]),
    ]
    head = ["| servers | " + " | ".join(f"{each.servers:,}" for each in plans) + " |", "|---" * (len(plans) + 1) + "|"]
    return "\n".join([*head, *(f"| {what} | {' | '.join(cells)} |" for what, cells in rows)])


def sending_table(rate: float) -> str:
    """Return how late a million reminders come, by strategy and lead."""
    lines = ["| strategy | lead | reminders | begins | half are late by | the last by | too late |", "|---|---|---|---|---|---|---|"]
    for strategy, arrivals in strategies(rate).items():
        for name, each in arrivals.items():
            early = each.group.due - each.group.start
            begins = f"{words(early)} early" if early > 0 else "when due" if early == 0 else f"{words(-early)} after"
            cells = (words(each.lateness(50)), words(each.lateness(100)), f"{each.after_deadline():.0%}")
            lines.append(f"| {strategy} | {name} | {each.group.count:,} | {begins} | {' | '.join(cells)} |")
    return "\n".join(lines)


def page(found: Measured, assumed: Assumed) -> str:
    """Return both tables, and what they were reckoned from."""
    rate = assumed.paced_per_second - assumed.other_per_second
    given = f" (not measured, taken for granted: {', '.join(found.defaults)})" if found.defaults else ""
    source = (
        f"Reckoned by `python -m bench.scaling` from {found.answers_per_second:,.0f} answers a second, {found.memory_mib:,.0f} MiB and "
        f"{found.sends_per_second:,.0f} messages a second for one process{given}, and from what `Assumed` in `bench/scaling.py` names."
    )
    times = ", ".join(f"{hours_for(MILLION, each):.1f} h at {each:g} a second" for each in (50.0, 45.0, rate, 500.0))
    plans = plan_table([plan(size, found, assumed) for size in SIZES])
    return f"{source}\n\n{plans}\n\nA million messages take {times}.\n\n{sending_table(rate)}"


def draw(rate: float, path: Path) -> None:
    """Draw for each strategy how many of the reminders have gone, hour by hour, and save it as PNG."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(3, 2, figsize=(11, 9), sharey=True, layout="constrained")
    for place, (strategy, arrivals) in zip(axes.flat, strategies(rate).items(), strict=True):
        is_crowd = strategy.startswith("after")
        for name, each in arrivals.items():
            # Apart from a crowd each group is shown beside its own time: they lie days apart.
            zero = 0 if is_crowd else each.group.due
            gone, times, shares = 0.0, [(each.group.start - zero) / HOUR], [0.0]
            for end, count in each.minutes:
                gone += count
                times.append((end - zero) / HOUR)
                shares.append(gone / each.group.count)
            place.plot(times, shares, label=name)
        place.axvline(0, color="black", linewidth=1)
        place.set(
            title=strategy, xlabel="hours from the deadline" if is_crowd else "hours from when each is due", ylabel="part that has gone"
        )
        place.legend(fontsize=7, loc="best")
    figure.suptitle(f"A million reminders of one deadline at {rate:g} a second")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def write_into(document: Path, text: str) -> None:
    """Put the text between the markers of a document; raise ValueError where there are none."""
    before, begin, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{document.name} has no {BEGIN} and {END}")
    document.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Print the plan; with ``--write`` put it into docs/scaling.md, with ``--picture`` draw."""
    parser = argparse.ArgumentParser(prog="python -m bench.scaling", description="Reckon the plan for many servers.")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/scaling.md")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw how late reminders come, as PNG")
    given = parser.parse_args(arguments)
    assumed = Assumed()
    text = page(read_measured((ROOT / "docs/bench.md").read_text(encoding="utf-8")), assumed)
    print(text)
    if given.write:
        write_into(ROOT / "docs" / "scaling.md", text)
    if given.picture is not None:
        draw(assumed.paced_per_second - assumed.other_per_second, given.picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
