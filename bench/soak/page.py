"""The report that a run writes of itself: one page of Markdown, and a picture of each curve."""

from pathlib import Path

from bench.curves import Curve, Sheet, draw
from bench.numbers import Point, percentile, slope, worst_of_each
from bench.report import machine
from bench.soak.judge import ACKNOWLEDGED_MILLISECONDS, USUAL_MILLISECONDS, Arrival, Promise, kinds, lateness, warm
from bench.soak.plan import WAVES, Size
from bench.soak.watch import Asked, Seen

PICTURES = "pictures"
MINUTE = 60.0
LINES_SHOWN = 20
TYPES = {2: "commands", 3: "clicks and choices", 4: "typing into an option", 5: "forms"}


def page(size: Size, database: str, promises: list[Promise], came: list[Arrival], seen: Seen) -> str:
    """Return the whole page."""
    broken = [each.what for each in promises if not each.is_kept]
    verdict = f"All {len(promises)} promises were kept." if not broken else f"Not kept: {'; '.join(broken)}."
    minutes = seen.seconds / MINUTE
    return "\n".join(
        [
            "# A day of the season in minutes",
            "",
            f"Written by the run itself. {machine('make soak')} {_busy(seen)}",
            "",
            f"{size.members:,} members in one server, {size.servers} servers in all, {database}; {minutes:.1f} minutes. **{verdict}**",
            "",
            *_promises(promises),
            "",
            *_how(),
            "",
            *_answers(seen),
            "",
            *_deliveries(came),
            "",
            *_memory(seen),
            "",
            *_faults(seen),
            "",
            *_log(seen),
            "",
        ]
    )


def _busy(seen: Seen) -> str:
    share = seen.processor_seconds / seen.seconds if seen.seconds else 0.0
    loads = ", ".join(f"{each:.1f}" for each in seen.loads)
    return (
        f"The machine's load (processes that wanted to run, averaged over a minute) was {loads} at the start and after each phase; "
        f"sandbox, bot and the people's own program share its processors, the bot took {share:.0%} of one."
    )


def _promises(promises: list[Promise]) -> list[str]:
    rows = [f"| {each.what} | {each.allowed} | {each.found} | {'kept' if each.is_kept else '**not kept**'} |" for each in promises]
    return ["| promise | allowed | measured | |", "|---|---|---|---|", *rows]


def _how() -> list[str]:
    return [
        "## How it was measured",
        "",
        "- The bot is the real process (`matchday run`), the sandbox a process of its own over real sockets; checking of bodies is off.",
        "- Acknowledgement: from the dispatch of an interaction to the arrival of its callback, both in the sandbox. The acts begin at a",
        "  steady rate whatever the answers take, and a wave of them at once as each wave of messages begins; before a leap of the clock",
        "  those under way are waited for, because it would end their tokens.",
        "- Memory: what the system says that the process holds (VmRSS), twice a second. Flat: the straight line nearest to all samples",
        "  (least squares) after the warm-up. That ends with the first wave: by then every member was served once (the settings of up to",
        "  10,000 are kept in memory) and every kind of picture was drawn (the library that draws is loaded with the first one).",
        "- Lateness: from the moment at which the clock first said that it was due to the message's own time in the sandbox. Real seconds",
        "  leave out the leaps of the clock, product seconds have them.",
        "- Lost and twice: from the messages that the sandbox kept, by channel and text; what closed messages refuse is in the inbox of",
        "  the bot's database.",
        "- The waves go out at the default pace, 45 a second: Discord allows 50 requests a second.",
    ]


def _answers(seen: Seen) -> list[str]:
    rows = [_row(name, [each for each in seen.asked if begins <= each.at < ends]) for name, begins, ends in seen.phases]
    kinds_ = [_row(name, [each for each in seen.asked if each.kind == number]) for number, name in TYPES.items()]
    return [
        "## Answers",
        "",
        f"![Time to acknowledgement of every interaction]({PICTURES}/soak-answers.png)",
        "",
        f"| | interactions | p50 | p95 | p99 | max | over {USUAL_MILLISECONDS} ms | over {ACKNOWLEDGED_MILLISECONDS / 1000:g} s or never |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
        *rows,
        *kinds_,
        _row("all", seen.asked),
    ]


def _row(name: str, asked: list[Asked]) -> str:
    took = [each.milliseconds for each in asked if each.milliseconds is not None]
    if not took:
        return f"| {name} | {len(asked)} | | | | | | {len(asked)} |"
    marks = " | ".join(f"{percentile(took, percent):,.1f}" for percent in (50, 95, 99))
    never = len(asked) - len(took)
    slow, late = (sum(each > limit for each in took) + never for limit in (USUAL_MILLISECONDS, ACKNOWLEDGED_MILLISECONDS))
    return f"| {name} | {len(asked):,} | {marks} | {max(took):,.0f} | {slow} | {late} |"


def _deliveries(came: list[Arrival]) -> list[str]:
    rows: list[str] = []
    for wave, name in WAVES.items():
        real, expected = lateness(came, wave), sum(each.expected.wave == wave for each in came)
        product = [each.product for each in came if each.expected.wave == wave and each.product is not None]
        if real:
            shown = " | ".join(f"{percentile(real, percent):.2f}" for percent in (50, 99, 100))
            rows.append(f"| {name} | {expected:,} | {len(real):,} | {shown} | {percentile(product, 50):.2f} | {max(product):,.2f} |")
    return [
        "## Deliveries",
        "",
        f"![How late each message came]({PICTURES}/soak-lateness.png)",
        "",
        "| | to come | came | p50, real s | p99 | latest | p50, product s | latest |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
        *rows,
    ]


def _memory(seen: Seen) -> list[str]:
    rows = []
    for name, begins, ends in seen.phases:
        held = [value for at, value in seen.memory if begins <= at <= ends]
        if held:
            rows.append(f"| {name} | {held[0]:.1f} | {held[-1]:.1f} |")
    return [
        "## Memory",
        "",
        f"![Memory over time]({PICTURES}/soak-memory.png)",
        "",
        f"After the warm-up the line rises by {slope(warm(seen)) * MINUTE:+.2f} MiB a minute.",
        "",
        "| | at its start, MiB | at its end |",
        "|---|--:|--:|",
        *rows,
    ]


def _faults(seen: Seen) -> list[str]:
    told = ", ".join(f"{name}: {number:,}" for name, number in sorted(seen.totals.items()) if name.isdigit() or name.startswith("fault"))
    resumed, identified = seen.totals.get("op6", 0), seen.totals.get("op2", 0)
    return [
        "## Faults",
        "",
        "| second | |",
        "|--:|---|",
        *(f"| {at:.0f} | {name} |" for name, at in seen.faults),
        "",
        f"The gateway was resumed {resumed} times and identified to {identified} times. The answers by status, and faults: {told}.",
    ]


def _log(seen: Seen) -> list[str]:
    found = kinds(seen.lines).most_common(LINES_SHOWN)
    if not found:
        return ["## Log", "", "The bot logged nothing at WARNING or above."]
    rows = [f"| {number} | {level} | {words.replace('|', '/')} |" for (level, words), number in found]
    return ["## Log", "", "What the bot logged at WARNING and above, numbers left out:", "", "| times | level | |", "|--:|---|---|", *rows]


def draw_all(folder: Path, came: list[Arrival], seen: Seen) -> None:
    """Write the pictures."""
    parts, marks = seen.phases, [at for _, at in seen.faults]
    x = "seconds; dotted: a fault begins"
    draw(
        Sheet("Memory of the bot", x, "MiB", [Curve("resident", seen.memory)], parts, marks),
        folder / "soak-memory.png",
    )
    took = [(each.at, each.milliseconds if each.milliseconds is not None else ACKNOWLEDGED_MILLISECONDS * 1.1) for each in seen.asked]
    limits = [("500 ms", USUAL_MILLISECONDS), ("3 s", ACKNOWLEDGED_MILLISECONDS)]
    curves = [Curve("each interaction", took, is_dots=True), Curve("slowest in 5 s", worst_of_each(took, 5.0))]
    draw(Sheet("Time to acknowledgement", x, "ms", curves, parts, marks, limits, is_logarithmic=True), folder / "soak-answers.png")
    late = [Curve(name, _late(came, wave, seen), is_dots=True) for wave, name in WAVES.items()]
    draw(Sheet("How late each message came, in real seconds", x, "seconds", late, parts, marks), folder / "soak-lateness.png")


def _late(came: list[Arrival], wave: str, seen: Seen) -> list[Point]:
    """Return when each message of a wave came, and how late that was."""
    due = [(seen.timeline.real_at(each.expected.due), each.real) for each in came if each.expected.wave == wave and each.real is not None]
    return [(at + late, late) for at, late in due]
