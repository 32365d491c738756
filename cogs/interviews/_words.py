"""The words of practice: whom she answers as, what a round is of, times, and what a question rests on."""

from collections.abc import Iterable
from datetime import date, timedelta

from bot.domain.facts import Certainty, Citation
from bot.domain.interview_texts import ApplicantKind, InterviewQuestion, InterviewTexts
from bot.domain.practice import AGAIN, MIXED, Mark, Practised
from cogs._ui.sources import link

KINDS = {
    ApplicantKind.US_IMG: "US IMG",
    ApplicantKind.NON_US_IMG: "non-US IMG",
    ApplicantKind.CANADIAN: "Canadian (CaRMS)",
}
KINDS_TOLD = {
    ApplicantKind.US_IMG: "A citizen of the United States with a degree from abroad",
    ApplicantKind.NON_US_IMG: "Anybody else with a degree from abroad, green card or not",
    ApplicantKind.CANADIAN: "A citizen or permanent resident of Canada who applies through CaRMS",
}
MARKS = {Mark.WELL: "went well", Mark.MIDDLING: "middling", Mark.WEAK: "weak"}
MARK_LABELS = {Mark.WELL: "It went well", Mark.MIDDLING: "Middling", Mark.WEAK: "Weak"}
CERTAINTIES = {
    Certainty.ANNOUNCED: "Stated by its owner",
    Certainty.EXPECTED: "Expected: read in part elsewhere than at the owner, or in a copy",
    Certainty.ESTIMATED: "Inferred or commonly stated, at least in part",
    Certainty.UNKNOWN: "Not known in part; ask its owner",
}
INTRO = (
    "You answer aloud, to yourself or to a partner. Nothing is recorded, and nobody but you says how it went. "
    "After each question you see what is being asked, how an answer is built, and what goes wrong."
)
RULE = (
    "**When a question comes again:** what you marked weak after a day, middling after three, well after seven; each time that it goes "
    "well in a row it waits twice as long, up to 28 days. The rule is ours. A question without a mark does not come again by itself."
)
OWN_WORDS = "Questions and advice are in our own words; a fact in them names its source on its card."
INVENTED = "Invented for this bot: nobody gave this answer, and no person in it exists. Learn from how it is built; use your own life."
PRIVATE = "Seen by you alone, and kept encrypted. /mydata export hands it over, /mydata erase removes it."


def of_words(texts: InterviewTexts, of: str) -> str:
    """Return what a round is of."""
    if of == MIXED:
        return "Mixed"
    if of == AGAIN:
        return "Due again"
    group = texts.group(of)
    return group.title if group else "A group that is held no more"


def length_words(length: timedelta) -> str:
    """Return a length of time: ``1 min 42 s``, ``3 h 5 min``, ``2 days``."""
    seconds = int(length.total_seconds())
    if seconds >= 2 * 86_400:
        return f"{seconds // 86_400} days"
    if seconds >= 3_600:
        return f"{seconds // 3_600} h {seconds % 3_600 // 60} min"
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes and rest else f"{minutes} min" if minutes else f"{rest} s"


def limit_words(seconds: int) -> str:
    """Return how long one question may take."""
    return length_words(timedelta(seconds=seconds)) if seconds else "no limit"


def took_words(item: Practised) -> str:
    """Return how long an answer took, and by how much it was over its time; late is said, and that is all."""
    if item.took is None:
        return "passed over"
    words = length_words(item.took)
    if item.ends_at is None or item.asked_at is None:
        return words
    words += f" of {length_words(item.ends_at - item.asked_at)}"
    over = item.late_by
    return f"{words}, {length_words(over)} over" if over >= timedelta(seconds=1) else words


def build_blocks(question: InterviewQuestion, kinds: Iterable[ApplicantKind]) -> list[str]:
    """Return what is being asked, how to build an answer, mistakes, what differs for whom, and what is asked next."""
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(question.steps, 1))
    mistakes = "\n".join(f"- {mistake}" for mistake in question.mistakes)
    variants = [f"**As a {KINDS[kind]}:** {question.variants[kind]}" for kind in kinds if kind in question.variants]
    follow_ups = "\n".join(f"- {each}" for each in question.follow_ups)
    heads = (
        ("**What it tells you:**", "**How to ask:**")
        if question.group == "asking"
        else ("**What is being asked:**", "**How to build an answer**")
    )
    return [
        f"{heads[0]} {question.asks}",
        f"{heads[1]}\n{steps}",
        f"**What goes wrong**\n{mistakes}",
        "\n".join(variants),
        f"**What may come next**\n{follow_ups}",
    ]


def asked_block(question: InterviewQuestion) -> str:
    """Return the question as it is put, the scenario of a station before it."""
    return f"> {question.scenario}\n\n**{question.text}**" if question.scenario else f"**{question.text}**"


def citation_lines(citation: Citation) -> str:
    """Return where one fact was read, when, how sure it is, and where to confirm it."""
    line = f"{CERTAINTIES[citation.certainty]}. Source: {', '.join(map(link, citation.sources))}; as of {_day(citation.as_of)}."
    if citation.confirm_at is not None and citation.confirm_at not in citation.sources:
        line += f" Confirm at {link(citation.confirm_at)}."
    return f"{line}\n{citation.note}" if citation.note else line


def rests_on(question: InterviewQuestion) -> str:
    """Return what the facts in a question rest on; that it states none where it cites nothing."""
    if question.certainty is None:
        return "Advice in our own words; no fact of the Match is stated."
    sources = list(dict.fromkeys(source for citation in question.citations for source in citation.sources))
    owners = dict.fromkeys(each.confirm_at for each in question.citations if each.confirm_at and each.confirm_at not in sources)
    line = f"The facts in it: {CERTAINTIES[question.certainty][0].lower()}{CERTAINTIES[question.certainty][1:]}. Sources: "
    line += f"{', '.join(map(link, sources))}; as of {_day(question.as_of)}."
    return f"{line} Confirm at {', '.join(link(owner) for owner in owners if owner)}." if owners else line


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
