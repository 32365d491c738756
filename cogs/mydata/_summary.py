"""``/mydata summary``: where she stands by what she told, on one page, as a file for herself; no score, no promise."""

import io
from collections import Counter
from collections.abc import Iterable

import discord
from discord import ui

from bot.domain.eligibility.verdicts import Due, Verdict
from bot.domain.facts import Citation, Source
from bot.domain.letter_texts import one_line
from bot.domain.letters import LetterState
from bot.domain.program_fit import Fits
from bot.domain.rotations import length_in_words, weeks_of
from bot.domain.specialties import GROUP_NAMES, Outcomes, RankListLength, Specialty
from bot.services.bundle import Services
from bot.services.profile import Profile
from cogs._ui.actions import Interaction
from cogs._ui.cards import Meaning, card, send_card
from cogs._ui.sources import CERTAINTY_WORDS
from cogs._ui.times import two_clocks
from cogs._ui.words import countries_in_words
from cogs.eligibility._words import CANADA_CLASSES, HEADINGS, US_CLASSES, reach_line
from cogs.interviews._mine_words import STATES as INTERVIEWS
from cogs.letters._words import COUNTRIES, STATES
from cogs.programs._words import STAGES

FITS = {Fits.YES: "every noted one fits", Fits.NO: "one does not fit", Fits.UNKNOWN: "not enough is known"}

MOST_STEPS, MOST_DATES, MOST_ROTATIONS = 8, 6, 12
NO_PROMISE = (
    "Made from what you told Matchday and from published figures. It is no score, no prediction and no advice; programs, ECFMG, NRMP and "
    "CaRMS decide. It is for you: you may hand it on, Matchday does not."
)
NOT_TOLD = "Not told: {}."


async def send_summary(interaction: Interaction) -> None:
    """Send the page of the one who asks, as a text file that only she sees."""
    services: Services = interaction.client.services
    await interaction.response.defer(ephemeral=True, thinking=True)
    profile = await services.profile.of(interaction.user.id, interaction.guild_id)
    page = page_of(profile)
    name = f"matchday-summary-{profile.at:%Y-%m-%d}.md"
    missing = _not_told(profile)
    view = card(
        "Where you stand, on one page",
        "What you told me, beside published figures and rules, with what is next. No score, no promise.",
        f"**It would say more with:** {', '.join(missing)}." if missing else "",
        meaning=Meaning.YOURS,
        quiet="A text file that every device opens. Only you can see it; nothing of it is stored or sent to anyone.",
    )
    view.container.add_item(ui.File(f"attachment://{name}"))
    await send_card(interaction, view, file=discord.File(io.BytesIO(page.encode()), filename=name))


def _not_told(profile: Profile) -> list[str]:
    """Return the commands that would fill what stands empty."""
    parts = {
        "your answers (/eligibility check, then Save)": profile.result,
        "letters (/letters board)": profile.letters.letters,
        "rotations (/letters rotations)": profile.rotations,
        "programs (/programs add)": profile.programs,
        "a specialty (/letters plan)": profile.specialties,
    }
    return [name for name, told in parts.items() if not told]


def page_of(profile: Profile) -> str:
    """Return the page as Markdown that reads well as plain text."""
    sources = dict[str, Source]()
    parts = [
        (f"The {profile.ahead.year} Match, as of {_day(profile)}", [NO_PROMISE]),
        ("Who you are to the Match", _who(profile)),
        ("Rules", _rules(profile, sources)),
        ("What is next", _next(profile)),
        ("Dates ahead", _dates(profile, sources)),
        ("Letters", _letters(profile)),
        ("Clinical experience", _rotations(profile)),
        ("Programs and rank order list", _programs(profile, sources)),
        ("Published figures of your specialty", _figures(profile, sources)),
    ]
    parts.append(("Sources", [f"- {each.title}{f': {each.url}' if each.url else ''}" for each in sources.values()]))
    (title, first), *rest = parts
    head = f"# {title}\n\n" + "\n".join(first)
    return "\n\n".join([head, *(f"## {name}\n\n" + "\n".join(lines) for name, lines in rest if lines)]) + "\n"


def _day(profile: Profile) -> str:
    return f"{profile.at.day} {profile.at:%B %Y}"


def _cite(citation: Citation, sources: dict[str, Source]) -> str:
    """Return how sure a fact is, since when and by which source, and note the source for the end of the page."""
    sources.update({each.id: each for each in citation.sources})
    names = ", ".join(each.title for each in citation.sources[:1])
    asked = citation.confirm_at
    if asked is not None:
        sources[asked.id] = asked
    line = f"{CERTAINTY_WORDS[citation.certainty]}; {names}; as of {citation.as_of.day} {citation.as_of:%b %Y}"
    return f"{line}; confirm at {asked.title}" if asked is not None else line


def _who(profile: Profile) -> list[str]:
    lines = [f"- You apply in: {countries_in_words(profile.member)}"]
    result = profile.result
    if result is None:
        return [*lines, NOT_TOLD.format("school, status and exams; /eligibility check asks, and Save keeps them")]
    if result.us is not None:
        lines.append(f"- United States: {US_CLASSES[result.us.value]}. {result.us.reason}")
    if result.canada is not None:
        lines.append(f"- Canada: {CANADA_CLASSES[result.canada.value]}. {result.canada.reason}")
    return lines


def _rules(profile: Profile, sources: dict[str, Source]) -> list[str]:
    if profile.result is None:
        return []
    lines = list[str]()
    for verdict, heading in HEADINGS.items():
        found = [each for each in profile.result.findings if each.verdict is verdict]
        if not found:
            continue
        lines.append(f"{heading} ({len(found)}):")
        if verdict is Verdict.MET:
            lines.append("- " + "; ".join(each.rule.title for each in found))
            continue
        lines += [f"- {each.rule.title}: {each.reason} ({_cite(each.rule.citation, sources)})" for each in found]
    return lines


def _next(profile: Profile) -> list[str]:
    lines = list[str]()
    for number, step in enumerate(profile.steps[:MOST_STEPS], 1):
        said = " ".join(part for part in (step.todo or step.otherwise, _by(step.due, profile), reach_line(step.due, step.reach)) if part)
        lines.append(f"{number}. {step.finding.rule.title}: {said}")
    left = len(profile.steps) - MOST_STEPS
    return [*lines, f"And {left} more: /eligibility saved, then Plan."] if left > 0 else lines


def _by(due: Due | None, profile: Profile) -> str:
    """Return by when a step is needed; a file knows no timestamps of Discord's, so both clocks are written out."""
    if due is None:
        return ""
    if due.on is not None:
        return f"By {due.on.day} {due.on:%b %Y}, a day of our own planning; no rule names one."
    if due.event is None or due.event.at is None:
        return f"By a date that is not held for this Match{f'; ask at {due.owner.title}' if due.owner else ''}."
    when = two_clocks(due.event, profile.member.zone).replace("\n", "; ")
    return f"{'Passed' if due.is_past else 'By'}: {due.event.name}, {when}; that date is {CERTAINTY_WORDS[due.certainty]}."


def _dates(profile: Profile, sources: dict[str, Source]) -> list[str]:
    return [
        f"- {each.name}: {two_clocks(each, profile.member.zone).replace(chr(10), '; ')} ({_cite(each.citation, sources)})"
        for each in profile.ahead.dated[:MOST_DATES]
    ]


def _letters(profile: Profile) -> list[str]:
    counts = Counter(each.state for each in profile.letters.letters)
    if not counts:
        return [NOT_TOLD.format("letters; /letters board keeps them")]
    target = profile.letters.target.day
    lines = [f"- {STATES[state]}: {counts[state]}" for state in LetterState if counts[state]]
    passed = ", which has passed" if profile.letters.target.is_past else ""
    return [*lines, f"- To be there by: {target.day} {target:%b %Y}{passed}"] if target is not None else lines


def _rotations(profile: Profile) -> list[str]:
    if not profile.rotations:
        return [NOT_TOLD.format("rotations; /letters rotations keeps them")]
    weeks = Counter[str]()
    for each in profile.rotations:
        weeks[COUNTRIES[each.about.country]] += weeks_of(each.about)
    lines = [f"- Weeks in {place}: {count}" for place, count in weeks.items()]
    shown = profile.rotations[:MOST_ROTATIONS]
    return [*lines, *(f"- {one_line(each.about.place)}: {length_in_words(each.about)}" for each in shown)]


def _programs(profile: Profile, sources: dict[str, Source]) -> list[str]:
    lines = list[str]()
    counts = Counter(each.stage for each in profile.programs)
    lines += [f"- {words}: {counts[stage]}" for stage, words in STAGES.items() if counts[stage]]
    ranked = len(profile.ranking.held.primary)
    if ranked:
        on = profile.ranking.held.certified_on
        lines.append(f"- On your rank order list: {ranked}; " + (f"certified {on.day} {on:%b %Y}" if on else "not noted as certified"))
    if not lines:
        return [NOT_TOLD.format("programs; /programs add keeps them")]
    fits = Counter(profile.fitting)
    if fits:
        told = "; ".join(f"{words} {fits[each]}" for each, words in FITS.items() if fits[each])
        lines.append(f"- Beside the stated cut-offs of those that are not over: {told}; /programs fit has them rule by rule")
    held = Counter(each.state for each in profile.interviews if each.is_readable)
    if held:
        lines.append("- Interviews: " + "; ".join(f"{words} {held[state]}" for state, words in INTERVIEWS.items() if held[state]))
    return [*lines, *_lengths(profile.lengths, sources)]


def _lengths(lengths: Iterable[RankListLength], sources: dict[str, Source]) -> list[str]:
    return [
        f"- Published, {each.year}, {GROUP_NAMES[each.group]}: lists of those who matched had {each.mean_matched:g} programs in the mean, "
        f"of those who did not {each.mean_unmatched:g}; a longer list goes with matching, it does not cause it "
        f"({_cite(each.citation, sources)})"
        for each in lengths
    ]


def _figures(profile: Profile, sources: dict[str, Source]) -> list[str]:
    lines = list[str]()
    for each in profile.specialties:
        lines += _figures_of(each, sources)
    return lines


def _figures_of(specialty: Specialty, sources: dict[str, Source]) -> list[str]:
    lines, latest, outcomes = list[str](), specialty.latest, specialty.outcomes
    if latest is not None and latest.us_img is not None and latest.non_us_img is not None:
        lines.append(
            f"- {specialty.name}, {latest.year}: {latest.filled:,} of {latest.offered:,} places filled, {latest.us_img:,} by US IMGs and "
            f"{latest.non_us_img:,} by non-US IMGs ({_cite(latest.citation, sources)})"
        )
    if outcomes is not None:
        lines.append(f"- {_outcomes(specialty, outcomes)} ({_cite(outcomes.citation, sources)})")
    return lines or [f"- {specialty.name}: no figures are held"]


def _outcomes(specialty: Specialty, outcomes: Outcomes) -> str:
    return (
        f"{specialty.name}, {outcomes.year}: of {outcomes.total:,} non-US IMGs who ranked it first, {outcomes.matched:,} matched to it; "
        "a figure of them all, not a chance of yours"
    )
