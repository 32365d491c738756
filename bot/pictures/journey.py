"""How far her way has come, part by part, as bars."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.pictures.drawing import Picture, personal
from bot.pictures.lettering import fitted
from bot.pictures.palette import BLUE, ORANGE, QUIET
from bot.pictures.sheet import BODY, HATCH, INNER, MARGIN, SMALL, Sheet

BAR, ROW, KEY = 26, 82, 58
LEGEND = (("done", BLUE, ""), ("under way", ORANGE, HATCH))


@dataclass(frozen=True, slots=True)
class WayBar:
    """Hold one part of the way, in steps."""

    name: str
    done: int
    under_way: int
    whole: int


def way_sheet(year: int, bars: Sequence[WayBar]) -> Sheet:
    """Return the sheet of ``way``."""
    done, whole = sum(each.done for each in bars), sum(each.whole for each in bars)
    said = f"{done} of {whole} steps done, {sum(each.under_way for each in bars)} under way"
    source = "Source: what you told and marked yourself; what is not for you is left out. How far, not how well."
    sheet = Sheet(f"Your way to the {year} Match", said, KEY + len(bars) * ROW, source)
    x: float = MARGIN
    for name, colour, hatch in LEGEND:
        sheet.box(x, sheet.top, 34, 24, colour, hatch=hatch)
        x += 48 + sheet.text(x + 46, sheet.top + 12, name, size=SMALL, colour=QUIET) + 30
    for place, each in enumerate(bars):
        y = sheet.top + KEY + place * ROW
        width = sheet.text(MARGIN + INNER, y + 14, _said(each), bold=True, anchor="right")
        sheet.text(MARGIN, y + 14, fitted(each.name, BODY, INNER - width - 24))
        sheet.track(MARGIN, y + 34, INNER, BAR)
        left: float = MARGIN
        for count, (_, colour, hatch) in zip((each.done, each.under_way), LEGEND, strict=True):
            if count:
                sheet.box(left, y + 34, INNER * count / each.whole, BAR, colour, hatch=hatch)
            left += INNER * count / each.whole if each.whole else 0
    return sheet


def _said(bar: WayBar) -> str:
    return f"{bar.done} of {bar.whole}"


@personal
def way(year: int, bars: Sequence[WayBar]) -> Picture:
    """Draw how far each part is.

    Raises:
        ValueError: There is no part.
    """
    if not bars:
        msg = "there is nothing to draw"
        raise ValueError(msg)
    said = "; ".join(f"{each.name}: {_said(each)} done, {each.under_way} under way" for each in bars)
    return way_sheet(year, bars).picture("way.png", f"Bars: how far the way to the {year} Match is. {said}.")
