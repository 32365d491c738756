"""Figures as rows of Markdown, the machine in a sentence, and what the README quotes of them."""

import os
import platform
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
NOT_MEASURED = "not measured"
HEAD = ("| | Matchday | beside it | ratio | aim |", "|---|--:|--:|--:|---|")
MEASURED = re.compile(r"^Measured on \d{4}-\d\d-\d\d with `make bench`.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, and what it is measured against."""

    what: str
    ours: float | None
    beside: float | None = None
    unit: str = "ms"
    aim: float | None = None
    """The ratio that it is to keep to."""
    digits: int = 2
    is_at_least: bool = False
    """Whether more is better."""
    against: str = ""
    """What it stands beside, where that is not the bare client."""
    aim_text: str = ""
    """An aim that is no ratio."""

    @property
    def ratio(self) -> str:
        """Return the ratio in words, or nothing where there is none."""
        return "" if self.ours is None or not self.beside else f"{self.ours / self.beside:.2f}"

    @property
    def aim_shown(self) -> str:
        """Return the aim in words."""
        if self.aim is None:
            return self.aim_text
        return f"{'≥' if self.is_at_least else '≤'} {self.aim:g}"

    def row(self) -> str:
        """Return it as a row: absolute figures, ratio, aim."""
        beside = self._shown(self.beside) + (f" ({self.against})" if self.against and self.beside is not None else "")
        return f"| {self.what} | {self._shown(self.ours, NOT_MEASURED)} | {beside} | {self.ratio} | {self.aim_shown} |"

    def _shown(self, value: float | None, otherwise: str = "") -> str:
        return otherwise if value is None else f"{value:,.{self.digits}f} {self.unit}"


def table(figures: list[Figure]) -> list[str]:
    """Return the lines of a table."""
    return [*HEAD, *(each.row() for each in figures)]


def quoted(figures: dict[str, list[Figure]], wanted: list[str]) -> list[str]:
    """Return the table of the README: nothing but ratios, one column for each kind of database; what has none is left out."""
    kinds = list(figures)
    lines = [f"| | {' | '.join(kinds)} | aim |", f"|---|{'--:|' * len(kinds)}---|"]
    for what in wanted:
        found = [next((each for each in figures[kind] if each.what == what), None) for kind in kinds]
        ratios = [each.ratio if each else "" for each in found]
        if any(ratios):
            aim = next((each.aim_shown for each in found if each and each.aim_shown), "")
            lines.append(f"| {what} | {' | '.join(ratios)} | {aim} |")
    return lines


def machine(verb: str = "make bench") -> str:
    """Return the day and what it was measured on; neither the machine's name nor where anything lies on it."""
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


def ratios_in(table_lines: list[str], column: int) -> dict[str, str]:
    """Return the ratios of a table's rows by what they are of, from one column (the first is 0)."""
    found: dict[str, str] = {}
    for line in table_lines:
        cells = [each.strip() for each in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) > column and cells[0] and not set(cells[0]) <= {"-", ":"}:
            found[cells[0]] = cells[column]
    return found
