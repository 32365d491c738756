"""The field's terms: what people write for one meaning, words that say nothing, and what is not held."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.catalogue.loading import Loaded, read_toml, validated
from bot.catalogue.record import Record
from bot.catalogue.search import normalise

LONGEST_TERM = 5
"""Words of the longest term."""
_LETTERS_APART = re.compile(r"\b[a-z](?: [a-z])+\b")
"""Y.O.G.: single letters in a row are one word."""
_DOUBLED = re.compile(r"([bdgklmnprt])\1$")


class TermsRecord(Record):
    """Hold the file of terms."""

    fillers: tuple[str, ...]
    not_held: tuple[str, ...]
    urgent: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]]
    terms: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]]


@dataclass(frozen=True)
class FaqTerms:
    """Hold the terms by their stems, ready to read questions with."""

    meanings: dict[tuple[str, ...], str] = field(default_factory=dict[tuple[str, ...], str])
    """From the stems of a wording to what it means."""
    words: frozenset[str] = frozenset()
    """Every word of them, as it is written."""
    fillers: frozenset[str] = frozenset()
    not_held: frozenset[tuple[str, ...]] = frozenset()
    urgent: dict[tuple[str, ...], str] = field(default_factory=dict[tuple[str, ...], str])
    """From the stems of a wording to the id of the answer that goes before all others."""


def load_terms(path: Path, loaded: Loaded) -> FaqTerms:
    """Read the terms; whatever is wrong is noted in ``loaded``."""
    content = read_toml(path, loaded.problems)
    record = validated(TermsRecord, content, f"{path.parent.name}/{path.name}", loaded.problems) if content else None
    if record is None:
        return FaqTerms()
    meanings: dict[tuple[str, ...], str] = {}
    for meaning, wordings in record.terms.items():
        for wording in wordings:
            stems = tuple(map(stem, words_of(wording)))
            if meanings.setdefault(stems, meaning) != meaning:
                loaded.problems.append(f"{path.parent.name}/{path.name}: {wording} stands with {meanings[stems]} and with {meaning}")
            if not 0 < len(stems) <= LONGEST_TERM:
                loaded.problems.append(f"{path.parent.name}/{path.name}: {wording} has more than {LONGEST_TERM} words, or none")
    every = [word for wordings in record.terms.values() for wording in wordings for word in words_of(wording)]
    return FaqTerms(
        meanings=meanings,
        words=frozenset(every) | {word for wording in record.not_held for word in words_of(wording)},
        fillers=frozenset(record.fillers),
        not_held=frozenset(tuple(map(stem, words_of(wording))) for wording in record.not_held),
        urgent={tuple(map(stem, words_of(wording))): answer for answer, wordings in record.urgent.items() for wording in wordings},
    )


def words_of(text: str) -> list[str]:
    """Return the words of a text, normalised; letters apart are one word, and so are a year and its ``s``."""
    return _LETTERS_APART.sub(lambda run: run[0].replace(" ", ""), normalise(text)).split()


def stem(word: str) -> str:
    """Return a word without its plural, -ing, -ed, -ly and a last e, so that its forms are one."""
    if len(word) <= 3 or not word.isalpha():
        return word
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x")):
        if word.endswith(ending):
            return word.removesuffix(ending) + instead
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = _DOUBLED.sub(r"\1", word.removesuffix(ending))
            break
    return word.removesuffix("e") if len(word) > 3 else word


def spans(stems: Sequence[str], terms: FaqTerms) -> list[tuple[str | None, tuple[str, ...]]]:
    """Return the stems cut into terms, longest first, with what each means; None for a stem that is no term."""
    found: list[tuple[str | None, tuple[str, ...]]] = []
    at = 0
    while at < len(stems):
        for length in range(min(LONGEST_TERM, len(stems) - at), 0, -1):
            part = tuple(stems[at : at + length])
            meaning = terms.meanings.get(part)
            if meaning is not None or length == 1:
                found.append((meaning, part))
                at += length
                break
    return found
