"""The letters of the pictures: the two fonts that matplotlib ships, how wide a text is in them, and what they can't write."""

import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.font_manager import FontProperties
    from matplotlib.ft2font import FT2Font

DPI = 100
POINTS = 72 / DPI
"""Points of one pixel."""
FILES = {False: "DejaVuSans.ttf", True: "DejaVuSans-Bold.ttf"}
ELSEWHERE = "(name in another script)"


@cache
def font_path(*, bold: bool = False) -> Path:
    """Return the file of a font; named by its file, so that no font of the host takes its place."""
    import matplotlib as mpl

    return Path(mpl.get_data_path(), "fonts", "ttf", FILES[bold])


@cache
def _font(*, bold: bool) -> "FT2Font":
    from matplotlib.ft2font import FT2Font

    return FT2Font(str(font_path(bold=bold)))


@cache
def _renderer() -> "RendererAgg":
    from matplotlib.backends.backend_agg import RendererAgg

    return RendererAgg(1, 1, DPI)


@cache
def properties(size: float, *, bold: bool = False) -> "FontProperties":
    """Return a font in a size, in pixels."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=font_path(bold=bold), size=size * POINTS)


def measured(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text is, in pixels, as it is drawn."""
    width, _, _ = _renderer().get_text_width_height_descent(text, properties(size, bold=bold), ismath=False)
    return float(width)


def wrapped(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """Return a text in lines that are no wider than ``width``; a word that is wider alone is cut."""
    lines: list[str] = []
    line = ""
    # The sign stays with its number.
    for word in text.replace(" %", "\u00a0%").split(" "):
        longer = f"{line} {word}" if line else word
        if measured(longer, size, bold=bold) <= width:
            line = longer
            continue
        lines += [line] if line else []
        line = fitted(word, size, width, bold=bold)
    return [*lines, line] if line else lines


def fitted(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """Return a text, cut with an ellipsis where it is wider than ``width``."""
    if measured(text, size, bold=bold) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measured(f"{text[:middle].rstrip()}…", size, bold=bold) <= width:
            low = middle
        else:
            high = middle - 1
    return f"{text[:low].rstrip()}…"


def writable(text: str) -> str:
    """Return a text on one line, without what the fonts lack; where letters are lost, it says so."""
    fonts = [_font(bold=False), _font(bold=True)]
    once = unicodedata.normalize("NFC", " ".join(text.split()))
    kept = "".join(letter for letter in once if letter.isprintable() and all(font.get_char_index(ord(letter)) for font in fonts))
    short = " ".join(kept.split())
    is_whole = sum(letter.isalpha() for letter in short) == sum(letter.isalpha() for letter in once)
    return short if is_whole and short else f"{short} {ELSEWHERE}".strip(" .,")
