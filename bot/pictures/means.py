"""What those who matched and those who did not had on average: Step 2 CK, and programs ranked."""

from dataclasses import dataclass

from bot.domain.specialties import SMALLEST_CELL, Outcomes, Specialty
from bot.pictures.drawing import Picture
from bot.pictures.lettering import measured
from bot.pictures.palette import BLUE, CARD, GRID, INK, ORANGE, QUIET
from bot.pictures.sheet import BODY, HEAD, INNER, MARGIN, SMALL, Sheet, oldest_day, source_line, titles

LEFT = MARGIN + 250
WIDTH = INNER - 250 - 100
ROW = 88
SECTION = 60 + 2 * ROW + 86
NO_CUT_OFF = "Means are not cut-offs, and they predict nobody's result."


@dataclass(frozen=True, slots=True)
class Scale:
    """Hold one measure: its name, the values of both groups, and the span of its axis."""

    title: str
    matched: float | None
    unmatched: float | None
    low: int
    high: int
    step: int
    digits: int

    def across(self, value: float) -> float:
        """Return where a value stands."""
        return LEFT + WIDTH * (value - self.low) / (self.high - self.low)

    def said(self, value: float | None, people: int) -> str:
        """Return a mean in words, or why there is none."""
        if value is not None:
            return f"{value:.{self.digits}f}"
        return "not held" if people >= SMALLEST_CELL else "not shown: fewer than 10 people"


def _scales(outcomes: Outcomes) -> tuple[Scale, Scale]:
    scores = [score for score in (outcomes.step2_matched, outcomes.step2_unmatched) if score is not None]
    ranks = [rank for rank in (outcomes.ranks_matched, outcomes.ranks_unmatched) if rank is not None]
    # The axes are the same for every specialty; they grow for a value beyond them.
    low, high = int(min([210, *scores]) // 10 * 10), int(-(max([270, *scores]) // -10) * 10)
    most = int(-(max([12, *ranks]) // -4) * 4)
    return (
        Scale("Step 2 CK, mean score", outcomes.step2_matched, outcomes.step2_unmatched, low, high, 10, 0),
        Scale("Programs ranked in the specialty, mean number", outcomes.ranks_matched, outcomes.ranks_unmatched, 0, most, most // 4, 1),
    )


def outcomes_sheet(specialty: Specialty) -> Sheet:
    """Return the sheet of ``outcomes``.

    Raises:
        ValueError: NRMP publishes no outcomes for it.
    """
    outcomes = specialty.outcomes
    if outcomes is None:
        msg = f"no outcomes are held for {specialty.name}"
        raise ValueError(msg)
    sheet = Sheet(
        specialty.name,
        f"Non-US IMGs who ranked it first, {outcomes.year}: those who matched to it, and those who did not",
        2 * SECTION + 44,
        source_line(titles([outcomes.citation]), f"Match {outcomes.year}", oldest_day([outcomes.citation])),
    )
    for place, scale in enumerate(_scales(outcomes)):
        _section(sheet, sheet.top + place * SECTION, scale, outcomes)
    sheet.text(MARGIN, sheet.top + 2 * SECTION + 16, NO_CUT_OFF, size=SMALL, colour=QUIET)
    return sheet


def _section(sheet: Sheet, y: float, scale: Scale, outcomes: Outcomes) -> None:
    sheet.text(MARGIN, y + 20, scale.title, size=HEAD, bold=True)
    top, bottom = y + 60, y + 60 + 2 * ROW
    for tick in range(scale.low, scale.high + 1, scale.step):
        sheet.line([(scale.across(tick), top), (scale.across(tick), bottom)], GRID, width=2)
        sheet.text(scale.across(tick), bottom + 26, str(tick), size=SMALL, colour=QUIET, anchor="center")
    rows = (
        ("matched", outcomes.matched, scale.matched, BLUE, "o"),
        ("not matched", outcomes.unmatched, scale.unmatched, ORANGE, "s"),
    )
    for place, (name, people, value, colour, marker) in enumerate(rows):
        line = top + (place + 0.5) * ROW
        sheet.text(MARGIN, line - 17, name, bold=True)
        sheet.text(MARGIN, line + 19, f"{people:,} people" if people != 1 else "1 person", size=SMALL, colour=QUIET)
        sheet.line([(LEFT, line), (LEFT + WIDTH, line)], GRID, width=2)
        if value is None:
            _over_lines(sheet, LEFT + 20, line, scale.said(value, people), SMALL, QUIET)
            continue
        at = scale.across(value)
        sheet.dot(at, line, colour, marker=marker, size=30)
        _over_lines(sheet, at + 26, line, scale.said(value, people), BODY + 3, INK, bold=True)


def _over_lines(sheet: Sheet, x: float, y: float, text: str, size: float, colour: str, *, bold: bool = False) -> None:
    """Write on a patch of the card, so that no line of the scale runs through the text."""
    sheet.box(x - 4, y - size * 0.6, measured(text, size, bold=bold) + 8, size * 1.2, CARD)
    sheet.text(x, y, text, size=size, colour=colour, bold=bold)


def outcomes(specialty: Specialty) -> Picture:
    """Draw the mean Step 2 CK score and the mean number of programs ranked of matched and unmatched non-US IMGs."""
    sheet = outcomes_sheet(specialty)
    found = specialty.outcomes
    assert found is not None  # noqa: S101 - the sheet was drawn of it
    parts = [
        f"{scale.title}: matched {scale.said(scale.matched, found.matched)}, not matched {scale.said(scale.unmatched, found.unmatched)}."
        for scale in _scales(found)
    ]
    counts = f"{found.matched:,} matched to it, {found.unmatched:,} did not."
    alt = " ".join([f"{specialty.name}, non-US IMGs who ranked it first, {found.year}: {counts}", *parts, NO_CUT_OFF])
    return sheet.picture("outcomes.png", alt)
