"""The words of the rank list's cards: what happened in a walk, where a program places her, where a fact was read."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from bot.domain.facts import Certainty, Citation
from bot.domain.matching.invention import HER, Placement
from bot.domain.matching.trace import Event, EventKind
from bot.domain.programs import Program, ProgramStage, Track
from bot.domain.rank_list import Weight
from bot.services.bundle import Services
from bot.services.rank_lists import RankBoard
from cogs._ui.cards import plain, shortened
from cogs._ui.sources import CERTAINTY_WORDS, link

NAME_LENGTH = 40
PRIVATE = "Only you see this. The order is yours: nothing here reorders it."
INVENTED = (
    "**The program lists, their places and the other applicants are made up**, to show how the algorithm works; nothing here is a forecast."
)
PLACEMENTS = {
    Placement.HIGH: "high: within its places",
    Placement.MIDDLE: "middle: around the end of its places",
    Placement.LOW: "low: last",
    Placement.NOT_RANKED: "not ranked",
}
TRACKS = {
    Track.UNKNOWN: "track not noted",
    Track.CATEGORICAL: "categorical",
    Track.PRIMARY: "primary care",
    Track.PRELIMINARY: "preliminary",
    Track.TRANSITIONAL: "transitional year",
    Track.ADVANCED: "advanced",
    Track.PHYSICIAN: "physician (R)",
}
STAGES = {
    ProgramStage.CONSIDERING: "considering",
    ProgramStage.APPLIED: "applied",
    ProgramStage.INVITED: "invited",
    ProgramStage.INTERVIEWED: "interviewed",
    ProgramStage.RANKED: "ranked",
    ProgramStage.DECLINED: "declined",
    ProgramStage.REJECTED: "it said no",
    ProgramStage.WITHDRAWN: "withdrawn",
}
WEIGHTS = {Weight.LITTLE: "a little", Weight.MUCH: "much", Weight.MOST: "most"}


def program_name(program: Program) -> str:
    """Return a program's name in a text."""
    return plain(bare_name(program))


def bare_name(program: Program) -> str:
    """Return the same for places that show text as it is, such as a select."""
    return shortened(" ".join(program.name.split()) or "(no name)", NAME_LENGTH)


def about_program(services: Services, program: Program) -> str:
    """Return what tells two programs of one name apart: specialty, track, state."""
    held = {each.id: each.name for each in services.catalogue.figures.specialties}
    parts = [held.get(program.specialty or "", ""), TRACKS[program.track] if program.track is not Track.UNKNOWN else "", program.region]
    return ", ".join(part for part in parts if part)


def walked_name(program: str, names: Mapping[str, str]) -> str:
    """Return a program's name in a walk; of a worked example it is its own."""
    return names.get(program, program)


def event_line(event: Event, names: Mapping[str, str]) -> str:
    """Return one line of a walk, in words; ``names`` are those of programs, as they are shown."""
    program, is_her = walked_name(event.program, names), event.applicant == HER
    who = _who(event.applicant)
    match event.kind:
        case EventKind.PROPOSES:
            return f"{who} {'propose' if is_her else 'proposes'} to {program} ({'your' if is_her else 'their'} no. {event.rank})."
        case EventKind.HELD:
            return f"{program} **holds** {_whom(event.applicant)} for now: tentatively matched."
        case EventKind.BUMPED:
            return f"{who} {'are' if is_her else 'is'} **bumped** from {program} by {_whom(event.others[0])}, whom it prefers."
        case EventKind.NOT_RANKED:
            return f"{program} does **not rank** {_whom(event.applicant)}."
        case EventKind.FULL:
            held = f"holds {listed(map(_whom, event.others))}, whom it prefers to" if event.others else "has no place for"
            return f"{program} is **full**: it {held} {_whom(event.applicant)}."
        case EventKind.EXHAUSTED:
            return f"{who} {'have' if is_her else 'has'} nobody left on {'your' if is_her else 'the'} list: **list exhausted**, no place."


def _who(applicant: str) -> str:
    return "**You**" if applicant == HER else applicant


def _whom(applicant: str) -> str:
    return "**you**" if applicant == HER else applicant


def listed(names: Iterable[str]) -> str:
    """Return names with commas and an ``and``."""
    found = list(names)
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def rank_words(rank: int | None, of: int, name: Callable[[int], str]) -> str:
    """Return which place of a list was got: its name and number, or none; ``name`` gives the name of a number from 1."""
    return "no place" if rank is None or rank > of else f"{name(rank)} (no. {rank})"


def certified_line(board: RankBoard) -> str:
    """Return what she noted of certifying the list."""
    held = board.held
    if held.certified_on is None:
        return "You have not noted that this list is certified in R3."
    day = f"{held.certified_on.day} {held.certified_on:%b %Y}"
    if held.is_changed_since:
        return f"You noted that it was certified on {day}; **it has changed since**, so R3 needs the new order, certified again."
    return f"You noted that it is certified in R3 since {day}."


def source_line(citations: Iterable[Citation]) -> str:
    """Return where facts were read, how sure they are and as of when, in one or two quiet lines."""
    held = list(citations)
    sources = dict.fromkeys(source for citation in held for source in citation.sources)
    line = f"Source: {', '.join(map(link, sources))}; as of {_day(min(citation.as_of for citation in held))}."
    unsure = [citation for citation in held if citation.certainty is not Certainty.ANNOUNCED]
    confirm = dict.fromkeys(each.confirm_at for each in unsure if each.confirm_at is not None)
    if confirm:
        line += f" Confirm at {', '.join(map(link, confirm))}."
    return line


def fact_line(services: Services, name: str) -> str:
    """Return a fact in full: text, note, and how sure it is where it is not announced."""
    fact = services.catalogue.rank_list.facts[name]
    note = f" {fact.citation.note}" if fact.citation.note else ""
    sure = "" if fact.citation.certainty is Certainty.ANNOUNCED else f" ({CERTAINTY_WORDS[fact.citation.certainty]})"
    return f"{fact.text}{note}{sure}"


def citations(services: Services, *names: str) -> list[Citation]:
    """Return the citations of facts by their names."""
    return [services.catalogue.rank_list.facts[name].citation for name in names]


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
