"""What the scenarios found, as Markdown."""

from collections.abc import Iterable

from tests.faults.counting import Found

HEAD = ("| scenario | N | sent | parked | lost | doubled | 429s | seconds |", "|---|--:|--:|--:|--:|--:|--:|--:|")


def table(found: Iterable[Found]) -> str:
    """Return one line for each scenario, and below what was wrong and what could not be done here."""
    each_found = list(found)
    remarks = [f"- {each.name}, {each.count:,}: {problem}" for each in each_found for problem in each.problems]
    return "\n".join([*HEAD, *map(line, each_found), *([""] if remarks else []), *remarks])


def line(found: Found) -> str:
    """Return the line of one scenario."""
    if found.skipped:
        return f"| {found.name} (not done here: {found.skipped}) | {found.count:,} | | | | | | |"
    numbers = (found.count, found.sent, found.parked, found.lost, found.doubled, found.refusals)
    return f"| {found.name} | {' | '.join(f'{number:,}' for number in numbers)} | {found.seconds:.0f} |"
