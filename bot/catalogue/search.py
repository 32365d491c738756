"""Finds what a member loosely typed: first by what the names begin with or hold, then by likeness."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")

_LONGEST_QUERY = 80
_LIKENESS_NEEDED = 78
_NOT_WORDS = re.compile(r"[^\w+]+")
_EXACT, _BEGINS, _WORDS, _HOLDS = 4, 3, 2, 1


def normalise(text: str) -> str:
    """Return ``text`` in lower case without accents, signs and invisible characters, words apart by one space."""
    decomposed = unicodedata.normalize("NFKD", text[: 4 * _LONGEST_QUERY])
    kept = "".join(
        character for character in decomposed if not unicodedata.combining(character) and unicodedata.category(character) != "Cf"
    )
    return _NOT_WORDS.sub(" ", kept.casefold().replace("_", " ")).strip()


class SearchIndex(Generic[T]):
    """Hold items under one or more names each; items given first win among equals."""

    def __init__(self, entries: Iterable[tuple[T, Iterable[str]]]) -> None:
        self._items: list[T] = []
        self._names: list[tuple[str, int]] = []
        for item, names in entries:
            position = len(self._items)
            self._items.append(item)
            self._names.extend((name, position) for name in dict.fromkeys(map(normalise, names)) if name)

    def search(self, query: str, limit: int = 25) -> list[T]:
        """Return the best matches, best first; none for an empty query."""
        wanted = normalise(query)[:_LONGEST_QUERY]
        if not wanted:
            return []
        ranked = self._by_name(wanted) or self._by_likeness(wanted)
        ordered = sorted(ranked.items(), key=lambda pair: (-pair[1], pair[0]))
        return [self._items[position] for position, _ in ordered[:limit]]

    def _by_name(self, wanted: str) -> dict[int, float]:
        words = wanted.split()
        ranked: dict[int, float] = {}
        for name, position in self._names:
            rank = _rank(wanted, words, name)
            if rank > ranked.get(position, 0):
                ranked[position] = rank
        return ranked

    def _by_likeness(self, wanted: str) -> dict[int, float]:
        if len(wanted) < 3:
            return {}
        from rapidfuzz import fuzz, process

        names = [name for name, _ in self._names]
        found = process.extract(wanted, names, scorer=fuzz.ratio, score_cutoff=_LIKENESS_NEEDED, limit=50)
        if not found:
            found = process.extract(wanted, names, scorer=fuzz.token_sort_ratio, score_cutoff=_LIKENESS_NEEDED, limit=50)
        ranked: dict[int, float] = {}
        for _, score, index in found:
            position = self._names[index][1]
            ranked[position] = max(score, ranked.get(position, 0))
        return ranked


def _rank(wanted: str, words: list[str], name: str) -> int:
    if name == wanted:
        return _EXACT
    if name.startswith(wanted):
        return _BEGINS
    if words[0] not in name:
        return 0
    parts = name.split()
    if all(any(part.startswith(word) for part in parts) for word in words):
        return _WORDS
    return _HOLDS if len(wanted) > 2 and wanted in name else 0
