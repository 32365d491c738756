"""Curves as small pictures; the library that draws is loaded with the first one."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.numbers import Point
from bot.pictures.palette import BLUE, CARD, GREEN, GRID, INK, ORANGE, PURPLE, QUIET, SHADE

COLOURS = (BLUE, ORANGE, GREEN, PURPLE, INK, QUIET)
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 3)))
"""Beside the colour, for whoever does not see colours."""
COLOURS_KEPT = 64
INCHES, DOTS = (9.0, 3.4), 90


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a picture, or dots."""

    name: str
    points: Sequence[Point]
    is_dots: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a picture shows."""

    title: str
    x: str
    y: str
    curves: Sequence[Curve]
    parts: Sequence[tuple[str, float, float]] = ()
    """Named stretches of x, every second one shaded."""
    marks: Sequence[float] = ()
    """Points of x at which something was done."""
    limits: Sequence[tuple[str, float]] = field(default=())
    """Named values of y that are not to be passed."""
    is_logarithmic: bool = False
    is_x_logarithmic: bool = False


def draw(sheet: Sheet, path: Path) -> None:
    """Write a picture as PNG, in few colours."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from PIL import Image

    figure = Figure(figsize=INCHES, dpi=DOTS, facecolor=CARD, layout="constrained")
    canvas, axes = FigureCanvasAgg(figure), figure.add_subplot(facecolor=CARD)
    for number, (name, begins, ends) in enumerate(sheet.parts):
        if number % 2:
            axes.axvspan(begins, ends, color=SHADE, zorder=0)
        at = (begins + ends) / 2
        axes.text(at, 1.01, name, transform=axes.get_xaxis_transform(), ha="center", va="bottom", fontsize=7, color=QUIET)
    for mark in sheet.marks:
        axes.axvline(mark, color=QUIET, linewidth=0.6, linestyle=":", zorder=1)
    for number, curve in enumerate(sheet.curves):
        colour = COLOURS[number % len(COLOURS)]
        xs, ys = [x for x, _ in curve.points], [y for _, y in curve.points]
        if curve.is_dots:
            axes.scatter(xs, ys, s=3, color=colour, label=curve.name, zorder=2, linewidths=0)
        else:
            axes.plot(xs, ys, linestyle=DASHES[number % len(DASHES)], color=colour, linewidth=1.4, label=curve.name, zorder=3)
    for name, value in sheet.limits:
        axes.axhline(value, color=ORANGE, linewidth=0.9, zorder=2)
        axes.text(0.995, value, name, transform=axes.get_yaxis_transform(), ha="right", va="bottom", fontsize=7, color=ORANGE)
    _dress(axes, sheet)
    content, drawn = io.BytesIO(), io.BytesIO()
    canvas.print_png(drawn)
    picture = Image.open(drawn).convert("RGB").quantize(COLOURS_KEPT, dither=Image.Dither.NONE)
    picture.save(content, "PNG", optimize=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.getvalue())


def _dress(axes: "object", sheet: Sheet) -> None:
    from matplotlib.axes import Axes

    assert isinstance(axes, Axes)
    axes.set_title(sheet.title, loc="left", fontsize=9, color=INK, pad=16 if sheet.parts else 6)
    axes.set_xlabel(sheet.x, fontsize=8, color=QUIET)
    axes.set_ylabel(sheet.y, fontsize=8, color=QUIET)
    if sheet.is_logarithmic:
        axes.set_yscale("log")
    if sheet.is_x_logarithmic:
        axes.set_xscale("log")
    axes.grid(visible=True, color=GRID, linewidth=0.6)
    axes.tick_params(labelsize=7, colors=QUIET)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if len(sheet.curves) > 1:
        axes.legend(fontsize=7, loc="best", framealpha=0.9, edgecolor="none", markerscale=3)
