"""How far each letter of recommendation has come, as a ladder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.letters import LetterState
from bot.pictures.drawing import Picture, personal
from bot.pictures.lettering import fitted, measured, writable
from bot.pictures.palette import BLUE, BORDER, GREEN, GRID, INK, ORANGE, QUIET, TRACK
from bot.pictures.sheet import BODY, INNER, MARGIN, SMALL, Sheet, day_text

STEPS: tuple[tuple[LetterState, str, str], ...] = (
    (LetterState.PLANNED, "planned", "planned"),
    (LetterState.ASKED, "asked", "asked"),
    (LetterState.AGREED, "agreed", "agreed"),
    (LetterState.ENTRY_CREATED, "entry", "entry created"),
    (LetterState.REQUEST_SENT, "request", "request sent"),
    (LetterState.UPLOADED, "uploaded", "uploaded"),
    (LetterState.ASSIGNED, "assigned", "assigned"),
)
"""Each step, what its column is called, and what a letter on it is said to be."""
STATES = {state: said for state, _, said in STEPS} | {LetterState.DECLINED: "declined"}
MOST = 12
ROW, HEADS = 106, 56
MAX_LABEL = 40


@dataclass(frozen=True, slots=True)
class LadderRow:
    """Hold one letter: what she calls it, how far it is, and whether its target has passed."""

    label: str
    state: LetterState
    is_late: bool = False

    @property
    def is_in(self) -> bool:
        """Tell whether the letter has arrived."""
        return self.state in (LetterState.UPLOADED, LetterState.ASSIGNED)

    @property
    def is_behind(self) -> bool:
        """Tell whether the target has passed without it."""
        return self.is_late and not self.is_in and self.state is not LetterState.DECLINED


def _target_said(target: date | None, today: date) -> str:
    if target is None:
        return "No target date is set."
    days = (target - today).days
    away = f"in {days} days" if days > 1 else "tomorrow" if days == 1 else "today" if days == 0 else "which has passed"
    return f"Target: {target.day} {target:%B %Y}, {away}."


def letter_ladder_sheet(rows: Sequence[LadderRow], target: date | None, today: date) -> Sheet:
    """Return the sheet of ``letter_ladder``."""
    drawn = rows[:MOST]
    arrived = sum(row.is_in for row in rows)
    said = f"{_target_said(target, today)} {arrived} of {len(rows)} uploaded."
    more = len(rows) - len(drawn)
    sheet = Sheet(
        "Your letters",
        said,
        HEADS + len(drawn) * ROW + (40 if more else 0),
        f"Source: what you noted, as of {day_text(today)}. The steps are those of ERAS.",
    )
    for x, (_, name, _) in zip(_columns(), STEPS, strict=True):
        sheet.text(x, sheet.top + 18, name, size=SMALL, colour=QUIET, anchor="center")
    y = sheet.top + HEADS
    for row in drawn:
        _row(sheet, y, row)
        y += ROW
    if more:
        sheet.text(MARGIN, y + 10, f"{more} more {'is' if more == 1 else 'are'} not drawn.", size=SMALL, colour=QUIET)
    return sheet


def _columns() -> list[float]:
    width = INNER / len(STEPS)
    return [MARGIN + width * (index + 0.5) for index in range(len(STEPS))]


def _row(sheet: Sheet, y: float, row: LadderRow) -> None:
    is_declined = row.state is LetterState.DECLINED
    sheet.line([(MARGIN, y), (MARGIN + INNER, y)], GRID, width=2)
    said = _state_said(row)
    colour = QUIET if is_declined else GREEN if row.is_in else ORANGE if row.is_behind else BLUE
    sheet.text(MARGIN + INNER, y + 32, said, size=SMALL, colour=colour, anchor="right", bold=True)
    room = INNER - measured(said, SMALL, bold=True) - 28
    sheet.text(MARGIN, y + 32, fitted(_cut(writable(row.label)), BODY, room), colour=QUIET if is_declined else INK)
    columns, line = _columns(), y + 75
    if is_declined:
        sheet.line([(columns[0], line), (columns[-1], line)], BORDER, width=5, dash=":")
        return
    sheet.line([(columns[0], line), (columns[-1], line)], TRACK, width=8)
    reached = [state for state, _, _ in STEPS].index(row.state)
    sheet.line([(columns[0], line), (columns[reached], line)], colour, width=8)
    for index, x in enumerate(columns):
        if index < reached:
            sheet.dot(x, line, colour, size=18)
        elif index > reached:
            sheet.dot(x, line, QUIET, size=18, fill="none")
    # Where it stands: larger than the rest, and of a form of its own where it is late.
    sheet.dot(columns[reached], line, colour, size=32, marker="D" if row.is_behind else "o")


def _state_said(row: LadderRow) -> str:
    return f"{STATES[row.state]}, late" if row.is_behind else STATES[row.state]


def _cut(label: str) -> str:
    return label if len(label) <= MAX_LABEL else f"{label[: MAX_LABEL - 1].rstrip()}…"


@personal
def letter_ladder(rows: Sequence[LadderRow], target: date | None, today: date) -> Picture:
    """Draw how far each letter has come.

    Raises:
        ValueError: There is no letter.
    """
    if not rows:
        msg = "there is no letter to draw"
        raise ValueError(msg)
    names = [" ".join(row.label.split()) for row in rows[:MOST]]
    said = "; ".join(f"{_cut(name)}: {_state_said(row)}" for name, row in zip(names, rows, strict=False))
    more = f" {len(rows) - MOST} more are not drawn." if len(rows) > MOST else ""
    alt = f"Ladder of your letters. {_target_said(target, today)} {said}.{more}"
    return letter_ladder_sheet(rows, target, today).picture("letters.png", alt)
