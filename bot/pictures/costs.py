"""What applying costs one member, as bars: what comes, what a "what if" adds, and what may come."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.pictures.drawing import Picture, personal
from bot.pictures.lettering import fitted
from bot.pictures.palette import BLUE, ORANGE, QUIET
from bot.pictures.sheet import BODY, HATCH, INNER, MARGIN, SMALL, Sheet

BAR, ROW, KEY = 34, 104, 58
LEGEND = (("comes", BLUE, ""), ("with the programs of the “what if”", ORANGE, HATCH), ("may come", QUIET, ".."))


@dataclass(frozen=True, slots=True)
class CostBar:
    """Hold one bar, in US dollars."""

    name: str
    due: int
    added: int = 0
    maybe: int = 0

    @property
    def whole(self) -> int:
        """Return all of it."""
        return self.due + self.added + self.maybe


def program_costs_sheet(year: int, bars: Sequence[CostBar], source: str) -> Sheet:
    """Return the sheet of ``program_costs``."""
    shown = _legend(bars)
    total = sum(each.due for each in bars)
    sheet = Sheet(f"What applying costs, {year} Match", f"{total:,} USD, as far as fees are held", KEY + len(bars) * ROW, source)
    x: float = MARGIN
    for name, colour, hatch in shown:
        sheet.box(x, sheet.top, 34, 24, colour, hatch=hatch)
        x += 48 + sheet.text(x + 46, sheet.top + 12, name, size=SMALL, colour=QUIET) + 30
    longest = max((each.whole for each in bars), default=0) or 1
    for place, each in enumerate(bars):
        y = sheet.top + KEY + place * ROW
        said = _said(each)
        width = sheet.text(MARGIN + INNER, y + 16, said, bold=True, anchor="right")
        sheet.text(MARGIN, y + 16, fitted(each.name, BODY, INNER - width - 24))
        sheet.track(MARGIN, y + 40, INNER, BAR)
        left: float = MARGIN
        for amount, (_, colour, hatch) in zip((each.due, each.added, each.maybe), LEGEND, strict=True):
            long = INNER * amount / longest
            if amount:
                sheet.box(left, y + 40, long, BAR, colour, hatch=hatch)
            left += long
    return sheet


def _legend(bars: Sequence[CostBar]) -> list[tuple[str, str, str]]:
    is_there = (True, any(each.added for each in bars), any(each.maybe for each in bars))
    return [entry for entry, there in zip(LEGEND, is_there, strict=True) if there]


def _said(bar: CostBar) -> str:
    parts = [f"{bar.due:,} USD" if bar.due or not (bar.added or bar.maybe) else ""]
    parts += [f"+ {bar.added:,}" if bar.added else "", f"perhaps {bar.maybe:,}" if bar.maybe else ""]
    return "  ".join(part for part in parts if part)


@personal
def program_costs(year: int, bars: Sequence[CostBar], source: str) -> Picture:
    """Draw what applying costs, part by part.

    Raises:
        ValueError: There is no bar.
    """
    if not bars:
        msg = "there is nothing to draw"
        raise ValueError(msg)
    said = "; ".join(f"{each.name}: {_said(each)}" for each in bars)
    return program_costs_sheet(year, bars, source).picture("costs.png", f"Bars: what applying costs for the {year} Match. {said}.")
