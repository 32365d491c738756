"""Where a fact was read, in words: a link to its source, how sure it is, as of which day, where to confirm it."""

from datetime import date

from bot.domain.facts import Certainty, Citation, Source

CERTAINTY_WORDS = {
    Certainty.ANNOUNCED: "announced",
    Certainty.EXPECTED: "expected, not announced",
    Certainty.ESTIMATED: "estimated by a rule, not announced",
    Certainty.UNKNOWN: "not known",
}


def link(source: Source) -> str:
    """Return a source's title, as a link where it has an address."""
    return f"[{source.title}](<{source.url}>)" if source.url else source.title


def day_text(day: date) -> str:
    """Return a day: ``20 Nov 2026``."""
    return f"{day.day} {day:%b %Y}"


def citation_text(citation: Citation) -> str:
    """Return where a fact was read, how sure it is, and where to confirm it, in one line."""
    named = ", ".join(map(link, citation.sources))
    owner = citation.confirm_at
    confirm = f"; confirm at {link(owner)}" if owner is not None and owner not in citation.sources else ""
    note = f" {citation.note}" if citation.note else ""
    return f"{CERTAINTY_WORDS[citation.certainty].capitalize()}: {named}; as of {day_text(citation.as_of)}{confirm}.{note}"
