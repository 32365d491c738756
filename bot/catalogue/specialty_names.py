"""The one specialty that a typed name says to the letter: what is only alike is never taken for it where nobody is asked."""

from collections.abc import Iterable

from bot.catalogue.search import normalise
from bot.domain.specialties import Specialty


def id_or_text(specialties: Iterable[Specialty], text: str) -> str:
    """Return the id of the one specialty whose id, name or alias a text is, case, accents and signs apart; else the text as it is."""
    wanted = normalise(text)
    found = [each.id for each in specialties if wanted and wanted in {normalise(name) for name in (each.id, each.name, *each.aliases)}]
    return found[0] if len(found) == 1 else text
