"""The words of the program cards: stages, facts with where and when they were read, sources."""

from datetime import datetime

from bot.domain.addresses import host_of, public_address
from bot.domain.facts import Certainty, Citation
from bot.domain.program_fields import SERVICES, SIGNALS, TRACKS, VISAS, write_share
from bot.domain.program_order import NOT_KNOWN, Facet, Sort
from bot.domain.programs import NO_LIMIT, NO_MINIMUM, Noted, Program, ProgramStage, Reading, Signal, VisaPolicy
from bot.services.programs import ProgramService
from cogs._ui.cards import plain, shortened
from cogs._ui.sources import day_text

PRIVATE = "Only you see this. What stands here you noted yourself; nothing of it was checked."
NAME_SHOWN = 50
FREIDA = "[FREIDA of the AMA](<https://freida.ama-assn.org>)"
EXPLORER = "[Residency Explorer of the AAMC](<https://www.residencyexplorer.org>)"

STAGES = {
    ProgramStage.CONSIDERING: "considering",
    ProgramStage.APPLIED: "applied",
    ProgramStage.INVITED: "invited to an interview",
    ProgramStage.INTERVIEWED: "interviewed",
    ProgramStage.RANKED: "ranked",
    ProgramStage.DECLINED: "declined by me",
    ProgramStage.REJECTED: "rejected by the program",
    ProgramStage.WITHDRAWN: "withdrawn",
}
SORTS = {
    Sort.NAME: "Name",
    Sort.STATE: "State or province",
    Sort.SPECIALTY: "Specialty",
    Sort.STAGE: "Stage",
    Sort.SIGNAL: "Signal spent, gold first",
    Sort.VISA: "Visa, H-1B first",
    Sort.CHANGED: "Last changed",
    Sort.IMGS: "Share of IMGs among residents",
    Sort.OPEN_HOUSE: "Open house, earliest first",
}
FACETS = {
    Facet.STAGE: "Stage",
    Facet.SPECIALTY: "Specialty",
    Facet.REGION: "State or province",
    Facet.VISA: "Visa",
    Facet.SIGNAL: "Signal",
    Facet.SERVICE: "Application service",
}
FACTS = {
    Noted.VISA: "Visa",
    Noted.GRADUATION: "Years since graduation",
    Noted.SCORE: "Step 2 CK",
    Noted.ATTEMPTS: "Attempts at a Step",
    Noted.EXPERIENCE: "Clinical experience",
    Noted.IMGS: "IMGs among residents",
    Noted.SCHOOL: "Graduates of your school",
    Noted.FELLOWSHIPS: "Fellowships",
    Noted.CURRICULUM: "Curriculum and faculty",
    Noted.OPEN_HOUSE: "Open house",
}


def on_day(instant: datetime) -> str:
    """Return the day of an instant, on the reader's own clock."""
    return f"<t:{int(instant.timestamp())}:d>"


def value_text(programs: ProgramService, facet: Facet, value: str) -> str:
    """Return what a filter's value is called."""
    if value == NOT_KNOWN:
        return "not known"
    words = {
        Facet.STAGE: lambda: STAGES[ProgramStage(value)],
        Facet.SPECIALTY: lambda: programs.names.specialty(value),
        Facet.REGION: lambda: programs.names.regions.get(value, value),
        Facet.VISA: lambda: VISAS[VisaPolicy(value)],
        Facet.SIGNAL: lambda: SIGNALS[Signal(value)],
        Facet.SERVICE: lambda: next(word for service, word in SERVICES.items() if service.value == value),
    }
    return words[facet]()


def name_of(program: Program, limit: int = NAME_SHOWN) -> str:
    """Return a program's name, harmless and short."""
    return plain(shortened(program.name, limit))


def what_line(programs: ProgramService, program: Program) -> str:
    """Return specialty, track and place in one line."""
    specialty = programs.names.specialty(program.specialty) if program.specialty else "specialty not known"
    track = "" if program.track.value == "unknown" else TRACKS[program.track]
    region = programs.names.regions.get(program.region, program.region)
    return " · ".join(part for part in (specialty, track, region or "place not known") if part)


def fact_text(program: Program, noted: Noted, most: int) -> str:
    """Return what is known of a fact, in words; empty where nothing is. Long text is cut to ``most`` characters."""
    words = {
        Noted.VISA: lambda: visa_text(program.visa),
        Noted.GRADUATION: lambda: _graduation(program),
        Noted.SCORE: lambda: _limit(program.score_minimum, NO_MINIMUM, "at least {}", "no minimum"),
        Noted.ATTEMPTS: lambda: _limit(program.attempts_most, NO_LIMIT, "at most {}", "no limit"),
        Noted.EXPERIENCE: lambda: experience_text(program, most),
        Noted.IMGS: lambda: write_share(program.imgs) if program.imgs else "",
        Noted.SCHOOL: lambda: "" if program.school_graduates is None else str(program.school_graduates),
        Noted.FELLOWSHIPS: lambda: plain(shortened(program.fellowships, most)),
        Noted.CURRICULUM: lambda: plain(shortened(program.curriculum, most)),
        Noted.OPEN_HOUSE: lambda: day_text(program.open_house_on) if program.open_house_on else "",
    }
    return words[noted]()


def visa_text(visa: frozenset[VisaPolicy]) -> str:
    """Return what a program says about visas, in words."""
    if visa == {VisaPolicy.NONE}:
        return "takes nobody who needs one"
    if visa == {VisaPolicy.UNSTATED}:
        return "nothing is stated"
    return ", ".join(word for policy, word in VISAS.items() if policy in visa)


def _limit(number: int | None, none: int, words: str, no_limit: str) -> str:
    return "" if number is None else no_limit if number == none else words.format(number)


def _graduation(program: Program) -> str:
    years = program.graduation_years
    if years is None or years == NO_LIMIT:
        return _limit(years, NO_LIMIT, "", "no limit")
    return f"at most {years} (graduated {program.season_year - years} or later, for the {program.season_year} Match)"


def experience_text(program: Program, most: int) -> str:
    """Return what clinical experience a program asks for; empty where nothing is noted."""
    months = program.experience_months
    counted = "" if months is None else "none asked for" if months == 0 else f"{months} month{'' if months == 1 else 's'}"
    return "; ".join(part for part in (counted, plain(shortened(program.experience, most))) if part)


def reading_text(reading: Reading | None, *, brief: bool) -> str:
    """Return where and when something was read; ``brief`` leaves out the address of a link."""
    if reading is None:
        return ""
    on = day_text(reading.on)
    if not reading.where:
        return f"noted {on}"
    link = public_address(reading.where)
    if link is None:
        return f"{plain(shortened(reading.where, 40 if brief else 90))}, {on}"
    host = host_of(link)
    return f"{shortened(host, 40)}, {on}" if brief else f"[{shortened(host, 60)}](<{link}>), {on}"


def source_line(citation: Citation) -> str:
    """Return where a published figure was read, when, and how sure it is."""
    named = ", ".join(f"[{source.title}](<{source.url}>)" if source.url else source.title for source in citation.sources)
    sure = citation.certainty is Certainty.ANNOUNCED
    confirm = "" if sure else "; confirm it with the application service"
    return f"{named}, as of {day_text(citation.as_of)}; {citation.certainty.value}{confirm}"
