"""What should be done this week: what is due by a date first, then the open steps whose date comes next; honest where nothing is."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from bot.domain.exam_records import EXAM_NAMES, ExamKey
from bot.domain.interviews import InterviewState
from bot.domain.journey import GuideKey, Item
from bot.domain.letters import LetterState
from bot.services.interviews import InterviewService
from bot.services.journey import JourneyBoard
from bot.services.letters import LetterService
from bot.services.reminders import ReminderService

WEEK = timedelta(days=7)
SOON = timedelta(days=21)
"""How far ahead a date of the season or an exam is named."""
MOST = 7
MOST_STEPS = 3
_LATE = timedelta(days=400)


class Urgency(IntEnum):
    """In which order lines are shown."""

    NOW = 0
    """Its time has passed, and something waits to be said."""
    DATED = 1
    NEXT = 2


@dataclass(frozen=True, slots=True)
class WeekLine:
    """Hold one thing of the week; ``at`` is None where it has no time of its own."""

    urgency: Urgency
    title: str
    """The member's own words in it are not escaped."""
    at: datetime | None
    command: str
    is_her_text: bool = False
    is_day: bool = False
    """The day counts, and no hour is known."""


class JourneyWeek:
    """Gather what this week asks of a member."""

    def __init__(self, letters: LetterService, interviews: InterviewService, reminders: ReminderService) -> None:
        self._letters = letters
        self._interviews = interviews
        self._reminders = reminders

    async def lines(self, board: JourneyBoard) -> list[WeekLine]:
        """Return at most ``MOST`` lines, the most pressing first."""
        dated = [*await self._of_interviews(board), *await self._of_letters(board), *self._of_exams(board), *self._of_season(board)]
        dated += await self._of_reminders(board)
        far = board.now + _LATE
        dated.sort(key=lambda each: (each.urgency, each.at or far, each.title))
        steps = self._next_steps(board, {each.title for each in dated})
        return [*dated[: MOST - min(len(steps), MOST_STEPS)], *steps[:MOST_STEPS]]

    async def _of_interviews(self, board: JourneyBoard) -> list[WeekLine]:
        found = await self._interviews.of(board.member)
        lines: list[WeekLine] = []
        for each in found.held:
            name = found.name(each)
            if each.has_passed(board.now):
                lines.append(
                    WeekLine(Urgency.NOW, f"Interview at {name}: say how it went", each.begins_at, "/interviews list", is_her_text=True)
                )
            elif each.begins_at is not None and not each.is_over and board.now < each.begins_at <= board.now + WEEK:
                lines.append(WeekLine(Urgency.DATED, f"Interview at {name}", each.begins_at, "/interviews list", is_her_text=True))
            elif each.answer_by is not None and each.state is InterviewState.INVITED and each.answer_by <= (board.today + WEEK):
                at = datetime.combine(each.answer_by, time(23, 59), ZoneInfo(board.member.zone or "UTC"))
                title = f"Answer the invitation of {name}"
                lines.append(WeekLine(Urgency.DATED, title, at, "/interviews list", is_her_text=True, is_day=True))
        return lines

    async def _of_letters(self, board: JourneyBoard) -> list[WeekLine]:
        letters = await self._letters.board(board.member.id)
        missing = [each for each in letters.letters if each.state not in (LetterState.UPLOADED, LetterState.ASSIGNED, LetterState.DECLINED)]
        waiting = [each for each in letters.letters if each.state is LetterState.UPLOADED]
        lines = [WeekLine(Urgency.DATED, f"Letters uploaded and not assigned: {len(waiting)}", None, "/letters board")] if waiting else []
        target = letters.target.day
        if missing and target is not None and target <= board.today + SOON:
            at = datetime.combine(target, time(23, 59), ZoneInfo(board.member.zone or "UTC"))
            urgency = Urgency.NOW if target < board.today else Urgency.DATED
            lines.append(WeekLine(urgency, f"Letters not there yet: {len(missing)}", at, "/letters followups", is_day=True))
        return lines

    def _of_exams(self, board: JourneyBoard) -> list[WeekLine]:
        lines: list[WeekLine] = []
        for key, record in board.journey.exams.items():
            name = EXAM_NAMES[key]
            if record.planned_on is None or record.passed is not None:
                continue
            at = datetime.combine(record.planned_on, time(12), ZoneInfo(board.member.zone or "UTC"))
            if record.planned_on < board.today:
                lines.append(WeekLine(Urgency.NOW, f"{name}: its day has passed; note how it went", at, "/journey exams", is_day=True))
            elif record.planned_on <= board.today + SOON:
                lines.append(WeekLine(Urgency.DATED, name, at, "/journey exams", is_day=True))
        return lines

    def _of_season(self, board: JourneyBoard) -> list[WeekLine]:
        """Return dates of the season that come soon: those that an open step needs, with the step."""
        lines: dict[str, WeekLine] = {}
        for item in board.open_items(GuideKey.STEPS):
            event = board.by(item)
            if event is None or event.at is None or not board.now < event.at.instant() <= board.now + SOON:
                continue
            title = f"{event.name}: {item.title}"
            lines.setdefault(title, WeekLine(Urgency.DATED, title, event.at.instant(), command_of(item), is_day=event.day_only))
        return list(lines.values())

    async def _of_reminders(self, board: JourneyBoard) -> list[WeekLine]:
        reminders, _ = await self._reminders.page(board.member.id, 20, 0)
        due = [each for each in reminders if each.due_at <= board.now + WEEK and each.text and each.event_id is None]
        return [WeekLine(Urgency.DATED, each.text.split("\n")[0][:80], each.due_at, "/remind list", is_her_text=True) for each in due]

    def _next_steps(self, board: JourneyBoard, named: set[str]) -> list[WeekLine]:
        """Return open steps whose date comes next, then those without a date, in the order of the way."""
        dated: list[tuple[datetime, Item]] = []
        undated: list[Item] = []
        for item in board.open_items(GuideKey.STEPS):
            event = board.by(item)
            at = event.at.instant() if event is not None and event.at is not None else None
            if at is None:
                undated.append(item)
            elif at > board.now:
                dated.append((at, item))
        dated.sort(key=lambda pair: pair[0])
        items = [*(item for _, item in dated), *undated]
        lines: list[WeekLine] = []
        for item in items:
            event = board.by(item)
            at = event.at.instant() if event is not None and event.at is not None and event.at.instant() > board.now else None
            if not any(item.title in each for each in named):
                lines.append(WeekLine(Urgency.NEXT, item.title, at, command_of(item), is_day=event is not None and event.day_only))
        return lines


COMMANDS = {
    "letters": "/letters board",
    "letters-asked": "/letters board",
    "letters-requested": "/letters board",
    "letters-carms": "/letters board",
    "rotations-ca": "/letters rotations",
    "rotations": "/letters rotations",
    "programs": "/programs list",
    "signals": "/programs list",
    "applied": "/programs list",
    "practice": "/interviews practice",
    "interviews": "/interviews add",
    "ranked": "/ranklist board",
    "certified": "/ranklist check",
    "verified": "/eligibility check",
    "result": "/matchweek now",
    "documents": "/journey documents",
    "visa-plan": "/journey visa",
    **{each.value: "/journey exams" for each in ExamKey},
}


def command_of(item: Item) -> str:
    """Return the command that does a step: where it is kept, else where it is marked."""
    return COMMANDS.get(item.derived, "/journey steps")
