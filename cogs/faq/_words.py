"""The words around an answer: what it rests on, how sure that is, and whom to ask where nothing fits."""

from collections.abc import Iterable
from datetime import date

from bot.catalogue.catalogue import Catalogue
from bot.domain.addresses import host_of
from bot.domain.calendar import SeasonEvent
from bot.domain.facts import Certainty, Source
from bot.domain.faq import AnswerKind, FaqAnswer
from bot.domain.member import Member
from bot.services.bundle import Services
from cogs._ui.cards import plain, shortened
from cogs._ui.times import days_left, not_known_line, provenance_short, two_clocks
from cogs.specialty._words import link

CERTAINTIES = {
    Certainty.ANNOUNCED: "Announced",
    Certainty.EXPECTED: "Expected: read in part elsewhere than at the owner, or in a copy",
    Certainty.ESTIMATED: "Estimated, inferred or commonly stated, at least in part",
    Certainty.UNKNOWN: "Not known in part; what is known has its source",
}
NO_FACT = {
    AnswerKind.USE: "How this bot works; no fact of the Match is stated.",
    AnswerKind.CARE: "Advice in our own words; no fact of the Match is stated.",
}
LONGEST_OWN = 64
OWN_ANSWER = "An answer of this server, not of Matchday; by its moderators, as of {}."
NOT_CHECKED = "Matchday has not checked it and states nothing by it. Confirm what counts with its owner."
FIRST = "First in this server"
OWNERS = (
    ("ECFMG Certification", "ecfmg-certification"),
    ("ERAS", "aamc-eras-timeline"),
    ("the Match", "nrmp-calendars"),
    ("Canada", "carms-r1"),
)
"""What each organization answers for, with the source that is its page."""
TOPICS = "Choose a topic, or type /faq with your question in your own words."
INSTEAD = "-# Not what you meant? The first row has what came next to your words."
ASK = (
    "I would rather say so than guess. Put it in other words, choose a topic below, or ask an advisor of this server (/ask new). "
    "What only its owner can answer:"
)
GONE = ("That answer does not stand in the record any more.", "Use /faq to see those that do.")


def day_in_words(day: date) -> str:
    """Return a day as answers name it."""
    return f"{day.day} {day:%B %Y}"


def label_of(answer: FaqAnswer) -> str:
    """Return a question as it stands on a button; an answer of a server is told apart."""
    return f"{shortened(answer.question, LONGEST_OWN)} (this server)" if answer.kind is AnswerKind.SERVER else answer.question


def own_blocks(title: str, text: str, link: str, as_of: date) -> list[str]:
    """Return an own answer of a server: whose it is, its words as they were written, its link; nothing in them pings or formats."""
    address = f"[{host_of(link)}](<{link}>)" if link else ""
    return [f"**{OWN_ANSWER.format(day_in_words(as_of))}**", f"**{plain(title)}**\n{plain(text)}", address]


def sources_lines(answer: FaqAnswer) -> str:
    """Return the quiet lines of an answer: certainty, sources, as of when, where to confirm, and what a reader of a fact should know."""
    day = day_in_words(answer.as_of)
    if answer.certainty is None:
        return f"{NO_FACT[answer.kind]} As of {day}."
    sources = list(dict.fromkeys(source for citation in answer.citations for source in citation.sources))
    line = CERTAINTIES[answer.certainty]
    if sources:
        line += f". Sources: {_links(sources)}"
    elif answer.dates:
        line += "; the sources stand beside the dates"
    line += f"; as of {day}."
    read = {source.url for source in sources}
    owners = dict.fromkeys(each.confirm_at for each in answer.citations if each.confirm_at and each.confirm_at.url not in read)
    notes = list(dict.fromkeys(citation.note for citation in answer.citations if citation.note))
    return "\n".join([f"{line} Confirm at {_links(owners)}." if owners else line, *notes])


def _links(sources: Iterable[Source]) -> str:
    return ", ".join(map(link, sources))


def dates_block(services: Services, answer: FaqAnswer, member: Member, guild_id: int | None) -> str:
    """Return the dates that an answer rests on as a server holds them, of her season or today's, on two clocks; empty without."""
    season = services.season.for_server(guild_id)
    year = season.year_for(member)
    found = (season.event(f"{country}-{year}-{key}") for country, key in answer.dates)
    return "\n".join(_date_lines(services, event, member) for event in found if event)


def _date_lines(services: Services, event: SeasonEvent, member: Member) -> str:
    name = f"**{event.name}, {event.year} Match**"
    if event.at is None:
        return f"{name} · {not_known_line(event)}\n-# {provenance_short(event)}"
    left = days_left(services.clock.now(), event.at.instant(), member.zone or event.at.zone)
    return f"{name} · {left}\n{two_clocks(event, member.zone)}\n-# {provenance_short(event)}"


def owners_lines(catalogue: Catalogue) -> str:
    """Return whom to ask for what, where nothing fits."""
    held = ((what, catalogue.source(source_id)) for what, source_id in OWNERS)
    return "\n".join(f"- {what}: {link(source)}" for what, source in held if source is not None)
