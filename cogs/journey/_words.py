"""The words of her way."""

from bot.domain.exam_records import Outcome
from bot.domain.journey import GuideKey, Item, Origin, Standing, State
from bot.services.journey import JourneyBoard
from cogs._ui.cards import plain
from cogs._ui.sources import citation_text, day_text
from cogs._ui.times import days_left, not_known_line, provenance_short, two_clocks

STATES = {State.DONE: "done", State.UNDER_WAY: "under way", State.OPEN: "open", State.NOT_HERS: "not for you"}
ORIGINS = {
    Origin.NOWHERE: "",
    Origin.HERS: "as you marked it",
    Origin.ANSWERS: "from your saved answers",
    Origin.LETTERS: "from /letters board",
    Origin.ROTATIONS: "from /letters rotations",
    Origin.PROGRAMS: "from /programs list",
    Origin.INTERVIEWS: "from /interviews list",
    Origin.PRACTICE: "from /interviews practice",
    Origin.RANK_LIST: "from /ranklist board",
    Origin.MATCH_WEEK: "from /matchweek status",
    Origin.EXAMS: "from /journey exams",
    Origin.DOCUMENTS: "from /journey documents",
}
CHANGED_IN = {
    Origin.ANSWERS: "/eligibility check, then Save",
    Origin.LETTERS: "/letters board",
    Origin.ROTATIONS: "/letters rotations",
    Origin.PROGRAMS: "/programs list",
    Origin.INTERVIEWS: "/interviews list",
    Origin.PRACTICE: "/interviews practice",
    Origin.RANK_LIST: "/ranklist board",
    Origin.MATCH_WEEK: "/matchweek status",
    Origin.EXAMS: "/journey exams",
    Origin.DOCUMENTS: "/journey documents",
}
GUIDES = {
    GuideKey.STEPS: "Steps",
    GuideKey.EXAMS: "Exams",
    GuideKey.DOCUMENTS: "Documents",
    GuideKey.VISA: "Visa",
    GuideKey.ARRIVAL: "Arrival",
    GuideKey.REAPPLYING: "Reapplying",
}
OUTCOMES = {Outcome.PASSED: "passed", Outcome.FAILED: "failed", Outcome.INCOMPLETE: "incomplete", Outcome.WAITING: "waiting for the result"}
PRIVATE = "Only you see this. What you mark is kept encrypted."
LAWYER = "**Law moves here: ask a lawyer for immigration before you rely on it.**"
ADVICE = "Our own advice, no rule."


def standing_text(standing: Standing) -> str:
    """Return how far an item is, and where that is read from."""
    where = ORIGINS[standing.origin]
    return f"{STATES[standing.state]}{f', {where}' if where else ''}"


def by_text(board: JourneyBoard, item: Item, *, brief: bool) -> str:
    """Return by when an item is needed; empty where no date is named."""
    event = board.by(item)
    if event is None:
        return ""
    if event.at is None:
        return f"{event.name}: {not_known_line(event)}"
    zone = board.member.zone
    left = days_left(board.now, event.at.instant(), zone or event.at.zone)
    if brief:
        return f"{event.name}: {left}"
    when = two_clocks(event, zone).replace("\n", ", ")
    return f"{event.name}, {left}: {when}\n-# {provenance_short(event)}"


def mark_note(board: JourneyBoard, item: Item) -> str:
    """Return the day and the note of her own mark; empty without one."""
    mark = board.journey.marks.get(item.key)
    if mark is None:
        return ""
    note = f" Your note: {plain(mark.note)}" if mark.note else ""
    return f"Marked {day_text(mark.on)}.{note}"


def sources_text(item: Item) -> str:
    """Return what an item rests on, each source once."""
    if item.is_advice:
        return ADVICE
    return "\n".join(dict.fromkeys(citation_text(each) for each in item.citations))
