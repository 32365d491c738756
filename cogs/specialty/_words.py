"""The words for figures: measures told apart, counts beside rates, source and certainty; and whose figures a member wants."""

from enum import StrEnum

from bot.domain.facts import Certainty, Citation
from bot.domain.specialties import GROUP_NAMES, SMALLEST_CELL, Group, MatchRate, Outcomes, Positions, SeparateMatch, Specialty, StateFigures
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.cards import plain, shortened
from cogs._ui.sources import link

COUNTS_ONLY = "fewer than ten people: counts only"
CUT_OFF = "Means are never cut-offs: no program's requirement, and no forecast for one applicant."
NO_CROSS = "No table of visa, score and specialty together is published; these figures can't be combined into one."
OTHER_PARTS = "The other parts are not held."
SHARE_IS_NO_RATE = "A share of places is no match rate: it does not say how many applied."
NRMP_NOTE = "Single figures, cited. NRMP reserves the reproduction of its reports; they are at [nrmp.org](<https://www.nrmp.org/>)."
US_ONLY = "United States only: nothing is held of CaRMS."
CERTAINTIES = {
    Certainty.ANNOUNCED: "announced",
    Certainty.EXPECTED: "expected (from a copy or a third party)",
    Certainty.ESTIMATED: "estimated",
    Certainty.UNKNOWN: "not known",
}


class Audience(StrEnum):
    """Whose figures a card shows; it stands in custom ids and is stored nowhere."""

    US = "us"
    NON_US = "non"
    BOTH = "both"


AUDIENCES = {
    Audience.US: ("I am a US IMG", "A US citizen who graduates from a medical school abroad"),
    Audience.NON_US: ("I am a non-US IMG", "Everybody else from a school abroad; green-card holders too"),
    Audience.BOTH: ("Show both, without outcomes", "Places of both groups; no match rate and no means"),
}


def percent(share: float) -> str:
    """Return a share of 0 to 1 in per cent: ``38.5 %``."""
    return f"{100 * share:.1f} %"


def capital(text: str) -> str:
    """Return text with a capital first letter."""
    return text[:1].upper() + text[1:]


def group_name(group: Group) -> str:
    """Return a group's name as a line begins with it."""
    return capital(GROUP_NAMES[group])


def provenance(citation: Citation, prefix: str = "") -> str:
    """Return a quiet line: certainty, sources, where to confirm."""
    line = f"-# {prefix}{CERTAINTIES[citation.certainty]} · " + ", ".join(link(source) for source in citation.sources)
    owner = citation.confirm_at
    if owner is not None and owner.url not in {source.url for source in citation.sources}:
        line += f" · confirm at {link(owner)}"
    return line


def as_of(services: Services) -> str:
    """Return how old the record is."""
    day = services.catalogue.figures.as_of
    return f"Figures as of {day.day} {day:%B %Y}."


def share_line(positions: Positions) -> str:
    """Return the share of filled places that IMGs fill, its counts beside it; counts only where they are few."""
    imgs = positions.imgs
    if imgs is None:
        return "who fills them is not held"
    counts = f"{imgs:,} of {positions.filled:,} filled places"
    if positions.img_share is None:
        return f"IMGs fill {counts} ({COUNTS_ONLY})"
    return f"IMGs fill **{percent(positions.img_share)}** of the filled places ({imgs:,} of {positions.filled:,})"


def group_line(positions: Positions, audience: Audience) -> str:
    """Return how many of the filled places her own group fills; empty where no group was chosen."""
    group, count = (Group.US_IMG, positions.us_img) if audience is Audience.US else (Group.NON_US_IMG, positions.non_us_img)
    if audience is Audience.BOTH or count is None:
        return ""
    if count < SMALLEST_CELL:
        return f"Your group, {GROUP_NAMES[group]}: {count:,} of them."
    return f"Your group, {GROUP_NAMES[group]}: **{percent(count / positions.filled)}** of the filled places ({count:,})."


def state_line(figures: StateFigures) -> str:
    """Return the same for a state."""
    counts = f"{figures.imgs:,} of {figures.filled:,}"
    return f"IMGs fill {percent(figures.img_share)} ({counts})" if figures.img_share is not None else f"IMGs fill {counts}; {COUNTS_ONLY}"


def outcome_line(outcomes: Outcomes) -> str:
    """Return the match rate of non-US IMGs in the specialty, its counts beside it; counts only where they are few."""
    whose = "non-US IMGs who ranked it first"
    return f"{whose if outcomes.match_rate is None else f'match rate of {whose}'}: {short_outcome(outcomes)}"


def short_outcome(outcomes: Outcomes) -> str:
    """Return the same without saying what it is, for a list that has said it."""
    if outcomes.match_rate is None:
        small = "fewer than ten people in a group: counts only"
        return f"{outcomes.matched:,} matched to it, {outcomes.unmatched:,} did not ({small})"
    return f"**{percent(outcomes.match_rate)}** ({outcomes.matched:,} of {outcomes.total:,})"


def separate_line(match: SeparateMatch) -> str:
    """Return the match rate of a match outside NRMP, and whose it is."""
    line = f"{match.matched_percent:g} % of {match.applicants:,} applicants, all groups together."
    if match.img_percent is None:
        return f"{line} For IMGs apart: not held."
    return f"{line} International graduates: {match.img_percent:g} %. {match.citation.note}".rstrip()


def means_lines(outcomes: Outcomes) -> list[str]:
    """Return what is held of the means, matched and not matched."""
    lines = [
        _pair("Step 2 CK", outcomes, outcomes.step2_matched, outcomes.step2_unmatched),
        _pair("Programs ranked in the specialty", outcomes, outcomes.ranks_matched, outcomes.ranks_unmatched),
        f"- Publications, as NRMP counts them: matched {outcomes.publications_matched:g}" if outcomes.publications_matched else "",
        f"- Research experiences: matched {outcomes.research_matched:g}" if outcomes.research_matched else "",
    ]
    return [line for line in lines if line]


def _pair(name: str, outcomes: Outcomes, matched: float | None, unmatched: float | None) -> str:
    if matched is None and unmatched is None:
        return ""
    return f"- {name}: {pair(outcomes, matched, unmatched)}"


def pair(outcomes: Outcomes, matched: float | None, unmatched: float | None) -> str:
    """Return the mean of those who matched and of those who did not, or why there is none."""
    return f"matched {_mean(matched, outcomes.matched)}, not matched {_mean(unmatched, outcomes.unmatched)}"


def _mean(value: float | None, people: int) -> str:
    if value is not None:
        return f"{value:g}"
    return "not held" if people >= SMALLEST_CELL else "not shown: fewer than 10 people"


def rate_line(rate: MatchRate) -> str:
    """Return one group's match rate over all specialties, with the counts that are held."""
    if rate.matched is not None and rate.active is not None:
        counts = f"{rate.matched:,} of {rate.active:,} active applicants"
    elif rate.matched is not None:
        counts = f"{rate.matched:,} matched; how many applied is not held"
    elif rate.active is not None:
        counts = f"of {rate.active:,} active applicants; how many matched is not held"
    else:
        counts = "counts not held"
    shown = f"{rate.percent:.1f} %" if rate.matched is None or rate.matched >= SMALLEST_CELL else COUNTS_ONLY
    return f"{group_name(rate.group)}: **{shown}** ({counts})"


def specialty_of(services: Services, specialty_id: str) -> Specialty:
    """Return a specialty by the id that a button carries.

    Raises:
        UserFacingError: It is not held any more.
    """
    specialty = services.catalogue.figures.specialty(specialty_id)
    if specialty is None:
        raise UserFacingError("That specialty does not stand in the record any more.", "Use /specialty list to see those that do.")
    return specialty


def find(services: Services, text: str) -> tuple[Specialty, ...]:
    """Return the specialty that a loosely typed name means, or several where it is not clear.

    Raises:
        UserFacingError: It means none.
    """
    found = services.catalogue.figures.index.find(text)
    if not found:
        named = plain(shortened(text.strip(), 40))
        what = f"I hold no specialty called {named}." if named else "No specialty was named."
        do = "Type it as you call it, for example IM or peds, or see /specialty list. Fellowships that follow a residency are not held."
        raise UserFacingError(what, do)
    return found


def audience_of(text: str) -> Audience:
    """Return whose figures a custom id asks for; both, without outcomes, where it does not say."""
    return Audience(text) if text in set(Audience) else Audience.BOTH
