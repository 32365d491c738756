"""Pictures over the years: match rates, and lengths of rank order lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.specialties import GROUP_NAMES, Group, MatchRate, RankListLength
from bot.pictures.drawing import Picture
from bot.pictures.lettering import measured
from bot.pictures.palette import BLUE, GREEN, GRID, ORANGE, PURPLE, QUIET, SHADE
from bot.pictures.sheet import INNER, MARGIN, SMALL, Sheet, oldest_day, source_line, titles, years_text

STYLES: dict[Group, tuple[str, str]] = {
    Group.NON_US_IMG: (BLUE, "o"),
    Group.US_IMG: (ORANGE, "s"),
    Group.US_DO_SENIORS: (GREEN, "^"),
    Group.US_MD_SENIORS: (PURPLE, "D"),
    Group.ALL: (QUIET, "v"),
}
CHART = 760
AXIS = 104
"""Room left of the first year, for the values."""
LEAD = 50
"""Room between the last point of a line and its name."""
APART = 74
"""From one name to the next: two lines of letters."""
MOST_YEARS = 7
NOT_HELD = "A gap is a year that is not held."
NO_CAUSE = "Longer lists go with matching. That does not make them its cause."


@dataclass(frozen=True, slots=True)
class Series:
    """Hold one line: how it is drawn, its values by year, and what stands at its end."""

    name: str
    colour: str
    marker: str
    values: Mapping[int, float]
    counts: str
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Hold the place of years and values on a sheet; ``names`` is the room right of the lines, where each is named."""

    sheet: Sheet
    first: int
    last: int
    low: int
    high: int
    step: int
    unit: str
    names: float

    @property
    def left(self) -> float:
        """Return where the first year stands."""
        return MARGIN + AXIS + (0 if self.last > self.first else self.width / 2)

    @property
    def width(self) -> float:
        """Return how far the last year stands from the first."""
        return INNER - AXIS - self.names

    @property
    def bottom(self) -> float:
        """Return where the lowest value stands."""
        return self.sheet.top + CHART - 70

    def across(self, year: int) -> float:
        """Return where a year stands."""
        return self.left + self.width * (year - self.first) / max(1, self.last - self.first)

    def up(self, value: float) -> float:
        """Return where a value stands."""
        return self.bottom - (CHART - 110) * (value - self.low) / (self.high - self.low)

    def frame(self, held: Iterable[int]) -> None:
        """Draw the lines of the values and the years below; years of which nothing is held are shaded."""
        left, right = MARGIN + AXIS - 14, MARGIN + AXIS + self.width + 14
        for value in range(self.low, self.high + 1, self.step):
            self.sheet.line([(left, self.up(value)), (right, self.up(value))], GRID, width=2)
            self.sheet.text(left - 12, self.up(value), f"{value}{self.unit}", size=SMALL, colour=QUIET, anchor="right")
        every = 1 if self.last - self.first < MOST_YEARS and self.width > 560 else 3
        for year in range(self.last, self.first - 1, -every):
            self.sheet.text(self.across(year), self.bottom + 40, str(year), size=SMALL, colour=QUIET, anchor="center")
        for run in _runs(set(range(self.first, self.last + 1)) - set(held)):
            start, end = self.across(run[0] - 1) + 16, self.across(run[-1] + 1) - 16
            self.sheet.box(start, self.up(self.high) + 2, end - start, self.bottom - self.up(self.high) - 4, SHADE)
            self.sheet.text((start + end) / 2, self.bottom - 44, "not", size=SMALL, colour=QUIET, anchor="center")
            self.sheet.text((start + end) / 2, self.bottom - 14, "held", size=SMALL, colour=QUIET, anchor="center")

    def lines(self, series: Sequence[Series]) -> None:
        """Draw each line, with its last value and its name at its end; names that would touch are moved apart."""
        for each in series:
            for run in _runs(each.values):
                points = [(self.across(year), self.up(each.values[year])) for year in run]
                dash = "--" if each.is_broken else "-"
                self.sheet.line(points, each.colour, dash=dash, marker=each.marker, hollow=each.is_broken)
        ends = sorted(series, key=lambda each: self.up(each.values[max(each.values)]))
        places = _spread([self.up(each.values[max(each.values)]) for each in ends], self.up(self.high), self.bottom)
        start = MARGIN + INNER - self.names + LEAD
        for each, place in zip(ends, places, strict=True):
            last = max(each.values)
            self.sheet.line([(self.across(last) + 14, self.up(each.values[last])), (start - 8, place)], each.colour, width=1.5)
            self.sheet.text(start, place - 16, _end_label(each, self.last, self.unit), size=SMALL, colour=each.colour, bold=True)
            self.sheet.text(start, place + 17, each.counts, size=SMALL, colour=QUIET)


def _end_label(series: Series, newest: int, unit: str) -> str:
    last = max(series.values)
    when = "" if last == newest else f" ({last})"
    return f"{series.values[last]:.1f}{unit} {series.name}{when}"


def _room(series: Sequence[Series], newest: int, unit: str) -> float:
    """Return how much room the names need."""
    widths = [(measured(_end_label(each, newest, unit), SMALL, bold=True), measured(each.counts, SMALL)) for each in series]
    return LEAD + max(max(pair) for pair in widths)


def _runs(years: Iterable[int]) -> Iterable[list[int]]:
    """Yield years in runs without a gap: what is not held is not drawn over."""
    run: list[int] = []
    for year in sorted(years):
        if run and year != run[-1] + 1:
            yield run
            run = []
        run.append(year)
    if run:
        yield run


def _spread(places: Sequence[float], top: float, bottom: float) -> list[float]:
    """Return places, in order, moved apart so that none touches the next, and kept between top and bottom."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, top, moved[-1] + APART if moved else top))
    limit = bottom
    for index in range(len(moved) - 1, -1, -1):
        moved[index] = min(moved[index], limit)
        limit = moved[index] - APART
    return moved


def _years(rows: Iterable[MatchRate] | Iterable[RankListLength]) -> list[int]:
    years = sorted({row.year for row in rows})
    if not years:
        msg = "there are no years to draw"
        raise ValueError(msg)
    return years


def match_rates_sheet(rates: Sequence[MatchRate]) -> Sheet:
    """Return the sheet of ``match_rates``."""
    years = _years(rates)
    series: list[Series] = []
    for group, (colour, marker) in STYLES.items():
        if of_group := {rate.year: rate for rate in rates if rate.group is group}:
            newest = of_group[max(of_group)]
            counts = f"{newest.matched:,} of {newest.active:,}" if newest.matched and newest.active else "counts not held"
            values = {year: rate.percent for year, rate in of_group.items()}
            series.append(Series(GROUP_NAMES[group], colour, marker, values, counts))
    low = int(min(min(each.values.values()) for each in series) // 10 * 10)
    sheet = Sheet(
        "Match rates over the years",
        "Share of each group's active applicants who matched to a first-year place, all specialties together",
        CHART + 40,
        source_line(
            ["NRMP, and pages that quote it; /specialty figures names each"], years_text(years), oldest_day(rate.citation for rate in rates)
        ),
    )
    chart = Chart(sheet, years[0], years[-1], low, 100, 10, " %", _room(series, years[-1], " %"))
    chart.frame(years)
    chart.lines(series)
    cut = f"The scale begins at {low} %. " if low else ""
    sheet.text(MARGIN, sheet.top + CHART + 20, f"{cut}{NOT_HELD}", size=SMALL, colour=QUIET)
    return sheet


def match_rates(rates: Sequence[MatchRate]) -> Picture:
    """Draw the match rate of each group over the years; years that are not held stay empty.

    Raises:
        ValueError: There is none.
    """
    years = _years(rates)
    parts: list[str] = []
    for group in STYLES:
        if of_group := {rate.year: rate.percent for rate in rates if rate.group is group}:
            said = ", ".join(f"{year} {of_group[year]:.1f} %" for year in sorted(of_group, reverse=True))
            parts.append(f"{GROUP_NAMES[group]}: {said}.")
    alt = f"Line chart: match rates over all specialties, {years_text(years)}. {' '.join(parts)} Years left out are not held."
    return match_rates_sheet(rates).picture("match-rates.png", alt)


def rank_list_lengths_sheet(lengths: Sequence[RankListLength]) -> Sheet:
    """Return the sheet of ``rank_list_lengths``."""
    years = _years(lengths)
    series: list[Series] = []
    for group in _groups(lengths):
        of_group = {each.year: each for each in lengths if each.group is group}
        newest = of_group[max(of_group)]
        matched = {year: each.mean_matched for year, each in of_group.items()}
        unmatched = {year: each.mean_unmatched for year, each in of_group.items()}
        series += [
            Series(GROUP_NAMES[group], *STYLES[group], matched, f"{newest.matched:,} matched"),
            Series(GROUP_NAMES[group], *STYLES[group], unmatched, f"{newest.unmatched:,} not matched", is_broken=True),
        ]
    high = int(-(max(max(each.values.values()) for each in series) // -2) * 2)
    sheet = Sheet(
        "Length of rank order lists",
        "Mean number of programs ranked. Full lines: those who matched. Broken lines: those who did not. Couples are left out.",
        CHART + 40,
        source_line(titles(each.citation for each in lengths), years_text(years), oldest_day(each.citation for each in lengths)),
    )
    chart = Chart(sheet, years[0], years[-1], 0, max(high, 8), 2, "", _room(series, years[-1], ""))
    chart.frame(years)
    chart.lines(series)
    sheet.text(MARGIN, sheet.top + CHART + 20, NO_CAUSE, size=SMALL, colour=QUIET)
    return sheet


def _groups(lengths: Sequence[RankListLength]) -> list[Group]:
    """Return the groups that are drawn: IMGs where there are any, or else the first; more than two are a tangle."""
    held = {each.group for each in lengths}
    return [group for group in (Group.NON_US_IMG, Group.US_IMG) if group in held] or [lengths[0].group]


def rank_list_lengths(lengths: Sequence[RankListLength]) -> Picture:
    """Draw the mean length of rank order lists of matched and unmatched IMGs over the years.

    Raises:
        ValueError: There is none.
    """
    years = _years(lengths)
    parts: list[str] = []
    for group in _groups(lengths):
        of_group = {each.year: each for each in lengths if each.group is group}
        for year in dict.fromkeys((max(of_group), min(of_group))):
            each = of_group[year]
            parts.append(f"{GROUP_NAMES[group]}, {year}: matched {each.mean_matched:.1f}, not matched {each.mean_unmatched:.1f}.")
    alt = f"Line chart: mean number of programs on rank order lists, {years_text(years)}. {' '.join(parts)} {NO_CAUSE}"
    return rank_list_lengths_sheet(lengths).picture("rank-lists.png", alt)
