"""The words of the letter cards: states, roles, settings, what comes next, and where a text was read."""

from collections.abc import Iterable
from datetime import date, datetime

from bot.domain.facts import Certainty, Citation
from bot.domain.letter_mix import Advice
from bot.domain.letters import (
    ApplicationService,
    AskedWhen,
    Circumstance,
    Concern,
    FollowUpKind,
    Letter,
    LetterKind,
    LetterState,
    Setting,
    Waiver,
    WriterCountry,
    WriterRole,
    ladder,
)
from bot.domain.member import Member
from bot.services.bundle import Services
from bot.services.letter_follow_ups import day_text, local_day
from cogs._ui.cards import plain, shortened
from cogs._ui.sources import link

NAME_LENGTH = 40
"""So much of a writer's name stands in lists."""

STATES = {
    LetterState.PLANNED: "planned",
    LetterState.ASKED: "asked",
    LetterState.AGREED: "agreed",
    LetterState.ENTRY_CREATED: "entry created",
    LetterState.REQUEST_SENT: "request form sent",
    LetterState.UPLOADED: "uploaded",
    LetterState.ASSIGNED: "assigned",
    LetterState.DECLINED: "declined",
}
CARMS_STATES = {LetterState.REQUEST_SENT: "request sent", LetterState.UPLOADED: "submitted"}
OTHER_STATES = {LetterState.REQUEST_SENT: "request sent"}

SERVICES = {
    ApplicationService.ERAS: "ERAS",
    ApplicationService.RESIDENCYCAS: "ResidencyCAS",
    ApplicationService.CENTRAL_APP: "Central App",
    ApplicationService.SF_MATCH: "SF Match",
    ApplicationService.CARMS: "CaRMS",
    ApplicationService.OTHER: "another service",
}
FACTS = {ApplicationService.ERAS: "steps", ApplicationService.RESIDENCYCAS: "residencycas", ApplicationService.CARMS: "carms"}
"""Where the steps of a service are stated; of the others nothing is held."""
ROLES = {
    WriterRole.FACULTY: "Attending or teaching physician",
    WriterRole.PROGRAM_DIRECTOR: "Program director",
    WriterRole.CHAIR: "Department chair",
    WriterRole.MENTOR: "Supervisor over a long time",
    WriterRole.RESEARCH: "Research supervisor",
    WriterRole.RESIDENT: "Resident or fellow",
    WriterRole.FAMILY_FRIEND: "Friend of the family",
    WriterRole.PUBLIC_FIGURE: "Public figure",
    WriterRole.NOT_PHYSICIAN: "Not a physician (nurse, administrator, other)",
}
COUNTRIES = {
    WriterCountry.UNITED_STATES: "United States",
    WriterCountry.CANADA: "Canada",
    WriterCountry.UNITED_KINGDOM: "United Kingdom",
    WriterCountry.ELSEWHERE: "Elsewhere",
}
SETTINGS = {
    Setting.HANDS_ON: "Hands-on clinical work",
    Setting.OBSERVERSHIP: "Observership",
    Setting.SHADOWING: "A few days of shadowing",
    Setting.RESEARCH: "Research",
    Setting.RESEARCH_AND_CLINIC: "Research and clinic",
}
ASKED = {
    AskedWhen.WEEKS_3_TO_4: "In weeks 3 to 4, or at the end",
    AskedWhen.EARLY: "Earlier",
    AskedWhen.LATER: "After it was over",
}
KINDS = {
    LetterKind.NARRATIVE: "A letter in the writer's words",
    LetterKind.STANDARDIZED: "A standardized letter (SLOE)",
    LetterKind.CHAIR: "A department or chair letter",
}
WAIVERS = {
    Waiver.UNDECIDED: "not decided",
    Waiver.WAIVED: "you waive the right to see it",
    Waiver.KEPT: "you keep the right to see it",
}
CONCERNS = {
    Concern.TEMPLATE: "Letters from there read alike",
    Concern.HESITANT: "The writer hesitates",
    Concern.FAMILY_FRIEND: "Knows me through my family",
    Concern.PUBLIC_FIGURE: "Is known, but did not supervise me",
}
CIRCUMSTANCES = {
    Circumstance.OLDER_GRADUATION: "Older year of graduation",
    Circumstance.ATTEMPTS: "Failed attempts or low scores",
    Circumstance.GAPS: "Gaps in clinical work",
    Circumstance.CHANGE_OF_SPECIALTY: "Change of specialty",
}
STEPS = {
    FollowUpKind.SIX_WEEKS: "First follow-up, 4 to 6 weeks before",
    FollowUpKind.TWO_WEEKS: "Second follow-up, 2 weeks before",
    FollowUpKind.ONE_WEEK: "Last reminder, 1 week before",
    FollowUpKind.THANKS: "Thanks, once it has arrived",
}
STEP_WORDS = {
    FollowUpKind.SIX_WEEKS: "Ask kindly how it goes, and whether anything is missing.",
    FollowUpKind.TWO_WEEKS: "If it has not arrived: ask again, in two lines.",
    FollowUpKind.ONE_WEEK: "If it has not arrived: one very polite reminder, with thanks for the effort.",
    FollowUpKind.THANKS: "Thank the writer, and tell them in March how it went.",
}
_NEXT = {
    LetterState.PLANNED: "Ask whether they can write a strong letter, best in person, around weeks 3 to 4. /letters draft has words.",
    LetterState.ASKED: "If the answer is yes, press Agreed. If it is no, or half-hearted, press Declined: it spares you a weak letter.",
    LetterState.AGREED: (
        "Create its entry in MyERAS with the author's data, decide on the waiver, and confirm it. /letters packet lists what to give."
    ),
    LetterState.ENTRY_CREATED: "Give the writer the Letter Request Form. Its Letter ID stays between you, ERAS and the writer.",
    LetterState.REQUEST_SENT: "The writer uploads it in the LoR Portal, and nowhere else. /letters followups keeps the dates.",
    LetterState.UPLOADED: "Assign it in MyERAS, at most 4 letters per program, and note it under Programs. Thank the writer.",
    LetterState.ASSIGNED: "It is where it belongs. Programs that you add later need it assigned too.",
}
_NEXT_CARMS = {
    LetterState.AGREED: "Request the reference in CaRMS, then press Request sent. /letters packet lists what to give.",
    LetterState.REQUEST_SENT: "The referee submits it in CaRMS. /letters followups keeps the dates.",
    LetterState.UPLOADED: "Assign it to each program in CaRMS; each says how many it wants. Thank the referee.",
}
_NEXT_OTHER = {
    LetterState.AGREED: "Create its entry in {service}; the steps there are not held: see its help center. /letters packet helps.",
    LetterState.ENTRY_CREATED: "Send the request from {service}, as its help center says.",
    LetterState.REQUEST_SENT: "The writer sends it through {service}. /letters followups keeps the dates.",
    LetterState.UPLOADED: "Assign it in {service} by hand, and note it under Programs. Thank the writer.",
}
DECLINED = (
    "A no is no judgement of you: often it means no time, or that another saw more of your work. It spares you a lukewarm letter. "
    "Thank them, and ask one who knows your work better; Add another letter keeps the place."
)
PRIVATE_CARMS = "Only you see this. Names and notes are stored encrypted; references never."
PRIVATE = "Only you see this. Names and notes are stored encrypted; Letter IDs and letters never."
DOTS = ("●", "○")

CERTAINTIES = {
    Certainty.ANNOUNCED: "announced",
    Certainty.EXPECTED: "expected, not announced",
    Certainty.ESTIMATED: "commonly stated; confirm with the owner",
    Certainty.UNKNOWN: "not known",
}


def state_name(state: LetterState, service: ApplicationService) -> str:
    """Return what a service calls a state."""
    if service is ApplicationService.CARMS:
        return CARMS_STATES.get(state, STATES[state])
    return STATES[state] if service is ApplicationService.ERAS else OTHER_STATES.get(state, STATES[state])


def ladder_line(letter: Letter, member: Member) -> str:
    """Return how far a letter is: dots, the step in words, and since when."""
    since = f"since {day_text(local_day(letter.changed_at, member))}"
    if letter.is_declined:
        return f"declined {since}"
    states = ladder(letter.service)
    place = states.index(letter.state) + 1
    dots = DOTS[0] * place + DOTS[1] * (len(states) - place)
    return f"{dots} {place} of {len(states)}: **{state_name(letter.state, letter.service)}** {since}"


def next_line(letter: Letter) -> str:
    """Return what to do next."""
    if letter.is_declined:
        return DECLINED
    own = _NEXT_CARMS if letter.is_carms else {} if letter.service is ApplicationService.ERAS else _NEXT_OTHER
    text = own.get(letter.state, _NEXT[letter.state])
    return text.format(service=SERVICES[letter.service])


def specialty_name(services: Services, specialty: str) -> str:
    """Return the name of a specialty's id; what she typed where it is none."""
    found = services.catalogue.figures.specialty(specialty)
    return found.name if found else plain(shortened(specialty, NAME_LENGTH))


def bare_name(letter: Letter, number: int | None = None) -> str:
    """Return a writer's name for places that show text as it is, such as a select."""
    return shortened(f"{f'{number}. ' if number else ''}{letter.writer}", 80)


def short_name(letter: Letter) -> str:
    """Return a writer's name for a list."""
    return plain(shortened(letter.writer, NAME_LENGTH))


def who_line(services: Services, letter: Letter) -> str:
    """Return who the writer is, as far as it is filled in."""
    parts = [
        ROLES.get(letter.role, ""),
        specialty_name(services, letter.specialty) if letter.specialty else "",
        COUNTRIES.get(letter.country, ""),
    ]
    return " · ".join(part for part in parts if part) or "who they are: not filled in yet"


def source_line(citations: Iterable[Citation]) -> str:
    """Return the sources of several texts in one quiet line, each once."""
    held = list(citations)
    sources = dict.fromkeys(source for citation in held for source in citation.sources)
    as_of = min((citation.as_of for citation in held), default=None)
    named = ", ".join(link(source) for source in sources)
    return f"Source: {named}; as of {as_of.day} {as_of:%b %Y}." if as_of else ""


def fact_line(advice: Advice) -> str:
    """Return what an owner states, with how sure it is and where it was read."""
    citation = advice.citation
    owner = citation.confirm_at
    confirm = f" Confirm at {link(owner)}." if owner and owner not in citation.sources else ""
    return f"{advice.text}\n-# {CERTAINTIES[citation.certainty].capitalize()}. {source_line([citation])}{confirm}"


def days_from(today: date, day: date) -> str:
    """Return how far a day is from today, in words."""
    days = (day - today).days
    if days in (-1, 0, 1):
        return {-1: "yesterday", 0: "today", 1: "tomorrow"}[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def history_line(letter: Letter, member: Member, most: int = 8) -> str:
    """Return the states that a letter came through, each with its day, the newest last."""
    shown = letter.history[-most:]
    return " · ".join(f"{state_name(change.state, letter.service)} {_short_day(change.at, member)}" for change in shown)


def _short_day(at: datetime, member: Member) -> str:
    day = local_day(at, member)
    return f"{day.day} {day:%b %Y}"
