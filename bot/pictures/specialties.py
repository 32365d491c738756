"""Specialties beside each other: who fills their places, and who of the applicants matched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.specialties import Positions, Specialty, Split
from bot.pictures.drawing import Picture
from bot.pictures.lettering import fitted, wrapped
from bot.pictures.palette import BLUE, GREEN, GRID, ORANGE, QUIET
from bot.pictures.sheet import BODY, HATCH, HEAD, INNER, MARGIN, SMALL, Sheet, oldest_day, per_cent, source_line, titles

GAP = 52
"""Between the two columns."""
BAR, NAME, VALUE, LINE = 36, 44, 38, 34
ROW = NAME + BAR + VALUE + LINE + 22
FEW = "too few for a rate"
NO_CHANCE = "A share of places is no chance of matching. Bars run from 0 to 100 %."
NOT_DRAWN = "Match rates of single specialties are held for non-US IMGs only; none is drawn here."
PLACES = "Of the filled places, the share that IMGs fill"
MATCHED = "Of the non-US IMGs who ranked it first, the share that matched to it"
MATCHED_OF_ALL = "Of all applicants, not of IMGs alone, the share that matched"


@dataclass(frozen=True, slots=True)
class Column:
    """Hold the place of one measure, and its year where it is one for all."""

    x: float
    width: float
    year: int | None

    def counted(self, counts: str, year: int) -> str:
        """Return counts, with their year where it is not the column's."""
        return counts if year == self.year else f"{counts}, {year}"


def comparison_sheet(specialties: Sequence[Specialty]) -> Sheet:
    """Return the sheet of ``comparison``."""
    is_rated = any(each.outcomes or each.separate_match for each in specialties)
    is_hidden = not any(each.outcomes for each in specialties) and not all(each.separate_match for each in specialties)
    width = (INNER - GAP) / 2 if is_rated else INNER
    places = Column(MARGIN, width, _year(each.latest.year for each in specialties if each.latest))
    matched = Column(MARGIN + INNER - width, width, _year(each.year for one in specialties if (each := one.separate_match or one.outcomes)))
    measure = MATCHED if any(each.outcomes for each in specialties) else MATCHED_OF_ALL
    heads = max(len(wrapped(text, SMALL, width)) for text in (PLACES, measure if is_rated else ""))
    notes = wrapped(f"{NO_CHANCE} {NOT_DRAWN}" if is_hidden else NO_CHANCE, SMALL, INNER)
    top = 58 + heads * LINE
    rows = sum(ROW + LINE * len(_split_lines(each.splits)) + (8 if each.splits else 0) for each in specialties)
    is_one = len(specialties) == 1
    sheet = Sheet(
        specialties[0].name if is_one else "Specialties beside each other",
        "Two different measures, side by side" if is_rated else "",
        top + rows + 26 + len(notes) * LINE,
        _source(specialties),
    )
    _head(sheet, places, "Who fills the places", PLACES)
    if is_rated:
        _head(sheet, matched, "Who matched", measure)
    y = sheet.top + top
    for each in specialties:
        sheet.line([(MARGIN, y), (MARGIN + INNER, y)], GRID, width=2)
        if not is_one:
            sheet.text(MARGIN, y + 30, fitted(each.name, BODY, INNER, bold=True), bold=True)
        _places(sheet, places, y + NAME + 10, each.latest)
        if is_rated:
            _matched(sheet, matched, y + NAME + 10, each, is_hidden=is_hidden)
        y += ROW
        for line in _split_lines(each.splits):
            sheet.text(MARGIN, y + 4, line, size=SMALL, colour=QUIET)
            y += LINE
        y += 8 if each.splits else 0
    for place, line in enumerate(notes):
        sheet.text(MARGIN, y + 30 + place * LINE, line, size=SMALL, colour=QUIET)
    return sheet


def _year(years: Iterable[int]) -> int | None:
    different = set(years)
    return different.pop() if len(different) == 1 else None


def _source(specialties: Sequence[Specialty]) -> str:
    figures = [figure for each in specialties for figure in (each.latest, each.outcomes, each.separate_match) if figure]
    splits = [split.positions for each in specialties for split in each.splits]
    if not figures:
        return "Source: none. No figures are held."
    cited = [figure.citation for figure in [*figures, *splits]]
    years = sorted({figure.year for figure in [*figures, *splits]})
    return source_line(titles(cited), f"Match {', '.join(map(str, years))}", oldest_day(cited))


def _head(sheet: Sheet, column: Column, title: str, measure: str) -> None:
    said = f"{title}, {column.year}" if column.year else title
    sheet.text(column.x, sheet.top + 16, said, size=HEAD, bold=True)
    for place, line in enumerate(wrapped(measure, SMALL, column.width)):
        sheet.text(column.x, sheet.top + 56 + place * LINE, line, size=SMALL, colour=QUIET)


def _value(sheet: Sheet, column: Column, bar: float, first: str, second: str) -> None:
    """Write the first of two values bold, and the other after it, below their bar."""
    y = bar + BAR + VALUE / 2 + 4
    width = sheet.text(column.x, y, first, bold=True)
    sheet.text(column.x + width + 16, y, second, size=SMALL, colour=QUIET)


def _places(sheet: Sheet, column: Column, bar: float, positions: Positions | None) -> None:
    sheet.track(column.x, bar, column.width, BAR)
    if positions is None or positions.us_img is None or positions.non_us_img is None:
        sheet.text(column.x, bar + BAR + VALUE / 2 + 4, "not held", colour=QUIET)
        return
    counts = f"{positions.us_img + positions.non_us_img:,} of {positions.filled:,}"
    if positions.img_share is None:
        _value(sheet, column, bar, counts, column.counted(FEW, positions.year))
    else:
        unit = column.width / positions.filled
        sheet.box(column.x, bar, positions.non_us_img * unit, BAR, BLUE)
        sheet.box(column.x + positions.non_us_img * unit, bar, positions.us_img * unit, BAR, ORANGE, hatch=HATCH)
        _value(sheet, column, bar, per_cent(positions.img_share), column.counted(counts, positions.year))
    x, y = column.x, bar + BAR + VALUE + LINE / 2
    for count, group, colour, hatch in ((positions.non_us_img, "non-US", BLUE, ""), (positions.us_img, "US", ORANGE, HATCH)):
        sheet.box(x, y - 11, 22, 22, colour, hatch=hatch)
        x += 32 + sheet.text(x + 32, y, f"{count:,} {group}", size=SMALL, colour=QUIET) + 32


def _matched(sheet: Sheet, column: Column, bar: float, specialty: Specialty, *, is_hidden: bool) -> None:
    match, outcomes = specialty.separate_match, specialty.outcomes
    sheet.track(column.x, bar, column.width, BAR)
    if match:
        sheet.box(column.x, bar, column.width * match.matched_percent / 100, BAR, GREEN)
        _value(sheet, column, bar, f"{match.matched_percent:.0f} %", column.counted(f"of {match.applicants:,}", match.year))
        sheet.text(column.x, bar + BAR + VALUE + LINE / 2, "all applicants, not IMGs alone", size=SMALL, colour=QUIET)
    elif outcomes is None:
        said = "not drawn" if is_hidden else "not held"
        sheet.text(column.x, bar + BAR + VALUE / 2 + 4, said, colour=QUIET)
    else:
        counts = f"{outcomes.matched:,} of {outcomes.total:,}"
        if outcomes.match_rate is None:
            _value(sheet, column, bar, counts, column.counted(FEW, outcomes.year))
        else:
            sheet.box(column.x, bar, column.width * outcomes.match_rate, BAR, GREEN)
            _value(sheet, column, bar, per_cent(outcomes.match_rate), column.counted(counts, outcomes.year))


def _split_lines(splits: Sequence[Split]) -> list[str]:
    """Return what kinds of places have apart: one share of all hides them."""
    parts: list[str] = []
    for split in splits:
        kind = split.line.partition(" - ")[2].removesuffix(" only") or split.line
        share, imgs = split.positions.img_share, split.positions.imgs
        if imgs is not None:
            counts = f"{imgs:,} of {split.positions.filled:,}"
            parts.append(f"{kind} {per_cent(share)} ({counts})" if share is not None else f"{kind} {counts}")
    if not parts:
        return []
    others = "; other kinds not held" if len(splits) == 1 else ""
    return wrapped(f"Places by kind, {splits[0].positions.year}: {', '.join(parts)}{others}", SMALL, INNER)


def comparison(specialties: Sequence[Specialty]) -> Picture:
    """Draw up to four specialties: the share of places filled by IMGs, and the match rate of non-US IMGs, told apart in words.

    Raises:
        ValueError: There is none.
    """
    if not specialties:
        msg = "there is no specialty to draw"
        raise ValueError(msg)
    parts = [f"{each.name}: {'; '.join([_places_said(each.latest), *_matched_said(each)])}." for each in specialties]
    return comparison_sheet(specialties).picture(
        "specialties.png", " ".join(["Specialties in bars.", *parts, "A share of places is no chance of matching."])
    )


def _places_said(positions: Positions | None) -> str:
    if positions is None or positions.imgs is None:
        return "places filled by IMGs not held"
    share = f" ({per_cent(positions.img_share)})" if positions.img_share is not None else ""
    groups = f"{positions.non_us_img:,} non-US, {positions.us_img:,} US"
    return f"IMGs fill {positions.imgs:,} of {positions.filled:,} places in {positions.year}{share}, {groups}"


def _matched_said(specialty: Specialty) -> list[str]:
    match, outcomes = specialty.separate_match, specialty.outcomes
    if match:
        of_all = f"of {match.applicants:,} applicants of all kinds, {match.matched_percent:.0f} % matched"
        return [f"{of_all} ({specialty.match_service}, {match.year})"]
    if outcomes:
        rate = f" ({per_cent(outcomes.match_rate)})" if outcomes.match_rate is not None else ""
        return [f"of {outcomes.total:,} non-US IMGs who ranked it first in {outcomes.year}, {outcomes.matched:,} matched{rate}"]
    return []
