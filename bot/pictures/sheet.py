"""A sheet to draw on, in pixels from the upper left corner: title above, source below, wide enough for a phone to read."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from bot.domain.facts import Citation
from bot.pictures.drawing import MAX_ALT, Picture
from bot.pictures.lettering import DPI, POINTS, measured, properties, wrapped
from bot.pictures.palette import BORDER, CARD, GRID, INK, QUIET, TRACK

if TYPE_CHECKING:
    from matplotlib.text import Text

WIDTH = 1080
MARGIN = 56
INNER = WIDTH - 2 * MARGIN
TITLE, HEAD, BODY, SMALL = 44, 32, 29, 26
"""Sizes of letters in pixels; on a phone the picture is shown at about a third, and nothing is smaller than the last."""
LINE = 1.3
COLOURS = 128
"""Enough for smooth letters in these few colours, at a third of the bytes."""
Anchor = Literal["left", "center", "right"]
HATCH = "//"


class Sheet:
    """Hold one picture while it is drawn; ``top`` is where the body begins."""

    def __init__(self, title: str, subtitle: str, body: float, source: str) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.patches import FancyBboxPatch

        heads = wrapped(title, TITLE, INNER, bold=True)
        subs = wrapped(subtitle, BODY, INNER)
        feet = wrapped(source, SMALL, INNER)
        self.top = MARGIN + len(heads) * TITLE * LINE + len(subs) * BODY * LINE + 30
        self.height = round(self.top + body + 52 + len(feet) * SMALL * LINE + MARGIN * 0.6)
        figure: Any = Figure(figsize=(WIDTH / DPI, self.height / DPI), dpi=DPI)
        self.canvas: Any = FigureCanvasAgg(figure)
        self.axes: Any = figure.add_axes((0, 0, 1, 1))
        self.axes.set_xlim(0, WIDTH)
        self.axes.set_ylim(self.height, 0)
        self.axes.axis("off")
        figure.patch.set_alpha(0)
        card = FancyBboxPatch(
            (3, 3), WIDTH - 6, self.height - 6, boxstyle="round,pad=0,rounding_size=28", facecolor=CARD, edgecolor=BORDER, linewidth=1.5
        )
        self.axes.add_patch(card)
        y = self._lines(heads, MARGIN + TITLE / 2, TITLE, INK, bold=True)
        self._lines(subs, y + 2, BODY, QUIET)
        foot = self.top + body + 20
        self.line([(MARGIN, foot), (MARGIN + INNER, foot)], GRID, width=2)
        self._lines(feet, foot + 32 + SMALL / 2, SMALL, QUIET)

    def _lines(self, lines: Sequence[str], y: float, size: float, colour: str, *, bold: bool = False) -> float:
        for line in lines:
            self.text(MARGIN, y, line, size=size, colour=colour, bold=bold)
            y += size * LINE
        return y

    @property
    def texts(self) -> "list[Text]":
        """Return every text on the sheet."""
        return list(self.axes.texts)

    def text(
        self, x: float, y: float, text: str, *, size: float = BODY, colour: str = INK, anchor: Anchor = "left", bold: bool = False
    ) -> float:
        """Write one line, its middle at ``y``; return how wide it is."""
        font = properties(size, bold=bold)
        # What a member writes is never a formula.
        self.axes.text(x, y, text, fontproperties=font, color=colour, ha=anchor, va="center_baseline", zorder=4, parse_math=False)
        return measured(text, size, bold=bold)

    def box(self, x: float, y: float, width: float, height: float, colour: str, *, hatch: str = "") -> None:
        """Draw a filled box; a hatch tells it apart without its colour."""
        from matplotlib.patches import Rectangle

        edge = CARD if hatch else "none"
        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=colour, edgecolor=edge, hatch=hatch, linewidth=0, zorder=3))

    def track(self, x: float, y: float, width: float, height: float) -> None:
        """Draw the empty bar that stands for the whole."""
        from matplotlib.patches import Rectangle

        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=TRACK, edgecolor=BORDER, linewidth=1, zorder=2))

    def line(
        self,
        points: Sequence[tuple[float, float]],
        colour: str,
        *,
        width: float = 4,
        dash: str = "-",
        marker: str = "",
        hollow: bool = False,
    ) -> None:
        """Draw a line through points, with a marker at each."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        face, edge = (CARD, colour) if hollow else (colour, CARD)
        self.axes.plot(
            xs, ys, color=colour, linewidth=width * POINTS, linestyle=dash, marker=marker, markersize=17 * POINTS,
            markerfacecolor=face, markeredgecolor=edge, markeredgewidth=(3 if hollow else 1.5) * POINTS,
            solid_capstyle="round", zorder=2 if not marker else 3,
        )  # fmt: skip

    def dot(self, x: float, y: float, colour: str, *, size: float = 26, fill: str = "full", marker: str = "o") -> None:
        """Draw one marker; ``fill`` is full, bottom (its lower half) or none."""
        self.axes.plot(
            [x], [y], marker=marker, markersize=(size - 4) * POINTS, color=colour, fillstyle=fill if fill == "bottom" else "full",
            markerfacecolor=CARD if fill == "none" else colour, markerfacecoloralt=CARD, markeredgecolor=colour, markeredgewidth=4 * POINTS,
            linestyle="none", zorder=3,
        )  # fmt: skip

    def picture(self, name: str, alt: str) -> Picture:
        """Return the sheet as a PNG without anything that changes from one time to the next."""
        from PIL import Image

        self.canvas.draw()
        drawn = Image.frombuffer("RGBA", self.canvas.get_width_height(), bytes(self.canvas.buffer_rgba()))
        bytes_ = io.BytesIO()
        drawn.quantize(COLOURS, method=Image.Quantize.FASTOCTREE).save(bytes_, "PNG", optimize=True)
        return Picture(name, bytes_.getvalue(), alt if len(alt) <= MAX_ALT else alt[: MAX_ALT - 1].rstrip() + "…")


def titles(citations: Iterable[Citation]) -> list[str]:
    """Return the titles of the sources, each once, the most cited first."""
    named = [source.title for citation in citations for source in citation.sources]
    return sorted(dict.fromkeys(named), key=lambda title: -named.count(title))


def oldest_day(citations: Iterable[Citation]) -> str:
    """Return the day since which nothing was checked again."""
    day = min(citation.as_of for citation in citations)
    return day_text(day)


def day_text(day: date) -> str:
    """Return a day in words that stay on one line."""
    return f"{day.day} {day:%B %Y}".replace(" ", "\u00a0")


def source_line(named: Sequence[str], year: str, as_of: str) -> str:
    """Return the last line: where the figures come from, of which year, as of when."""
    return f"Source: {'; '.join(named)}. {year}. As of {as_of}."


def years_text(years: Iterable[int]) -> str:
    """Return years as a span: ``Match 2014 to 2026``."""
    each = sorted(set(years))
    return f"Match {each[0]}" if len(each) == 1 else f"Match {each[0]} to {each[-1]}"


def per_cent(share: float) -> str:
    """Return a share of 0 to 1 in per cent, with one digit."""
    return f"{share:.1%}".replace("%", " %")
