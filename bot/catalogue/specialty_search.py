"""Finds the specialty that a loosely typed name means; where several could be meant it says so instead of choosing."""

import re
from collections.abc import Iterable

from bot.catalogue.search import normalise
from bot.domain.specialties import Specialty

_LIKENESS_NEEDED = 78
_CLEAR_LEAD = 5
"""Points of likeness by which the best has to lead, so that nobody has to be asked."""
_SHORTEST_LIKENESS = 4
"""Of fewer letters nearly everything is alike."""
_LIKENESS_JOINED = 85
"""Needed of names of different word counts, compared without spaces."""
_FILLERS = frozenset(("a", "an", "and", "in", "of", "program", "programs", "residency", "specialty", "the"))
_LETTERS_APART = re.compile(r"\b\w(?: \w)+\b")
"""I.M., O.B., A&E: single letters in a row are one word."""

_PEOPLE = (
    ("ologist", "ology"),
    ("ologists", "ology"),
    ("surgeon", "surgery"),
    ("surgeons", "surgery"),
    ("atrist", "atry"),
    ("atrician", "atrics"),
)
"""neurologist: neurology."""


class SpecialtyIndex:
    """Hold the specialties under their names, ids and aliases; ``without_figures`` are names that must not pass for one of them."""

    def __init__(self, specialties: Iterable[Specialty], without_figures: Iterable[str] = ()) -> None:
        self._without_figures = frozenset(map(_key, without_figures))
        self._specialties = {specialty.id: specialty for specialty in specialties}
        self._named: dict[str, list[str]] = {}
        for specialty in self._specialties.values():
            for name in dict.fromkeys(map(_key, (specialty.name, specialty.id, *specialty.aliases))):
                self._named.setdefault(name, []).append(specialty.id)
        self._most_imgs = tuple(sorted(self._specialties, key=self._places))

    def find(self, text: str, limit: int = 25) -> tuple[Specialty, ...]:
        """Return the one that is meant, several where it is not clear (best first), or none."""
        wanted = _key(text)
        if wanted in self._without_figures:
            return ()
        return self._held(self._named.get(wanted) or self._by_words(wanted) or self._by_likeness(wanted), limit)

    def suggest(self, text: str, limit: int = 25) -> tuple[Specialty, ...]:
        """Return suggestions while somebody types: what is meant, then what is alike; without text those that take the most IMGs."""
        wanted = _key(text)
        if not wanted:
            return self._held(self._most_imgs, limit)
        found = dict.fromkeys((*self._named.get(wanted, ()), *self._by_words(wanted)))
        if wanted in self._without_figures:
            return self._held(found, limit)
        return self._held(found or self._by_likeness(wanted), limit)

    def _held(self, ids: Iterable[str], limit: int) -> tuple[Specialty, ...]:
        return tuple(self._specialties[each] for each in ids)[:limit]

    def _places(self, specialty_id: str) -> tuple[int, str]:
        latest = self._specialties[specialty_id].latest
        return (-(latest.imgs or 0) if latest else 0, specialty_id)

    def _by_words(self, wanted: str) -> list[str]:
        words = wanted.split()
        if not words:
            return []
        ranked: dict[str, int] = {}
        for name, ids in self._named.items():
            parts = name.split()
            if name.startswith(wanted):
                rank = 2
            elif all(any(part.startswith(word) for part in parts) for word in words):
                rank = 1
            else:
                continue
            for each in ids:
                ranked[each] = max(rank, ranked.get(each, 0))
        return sorted(ranked, key=lambda each: (-ranked[each], self._places(each)))

    def _by_likeness(self, wanted: str) -> list[str]:
        if len(wanted) < _SHORTEST_LIKENESS or any(word in self._without_figures for word in wanted.split()):
            return []
        from rapidfuzz import fuzz, process

        scores: dict[str, float] = {}
        for scorer in (fuzz.ratio, fuzz.token_sort_ratio):
            for name, score, _ in process.extract(wanted, list(self._named), scorer=scorer, score_cutoff=_LIKENESS_NEEDED, limit=50):
                if not _is_alike_in_words(wanted, name):
                    continue
                for each in self._named[name]:
                    scores[each] = max(score, scores.get(each, 0))
        ranked = sorted(scores, key=lambda each: (-scores[each], each))
        if len(ranked) > 1 and scores[ranked[0]] - scores[ranked[1]] >= _CLEAR_LEAD:
            return ranked[:1]
        return ranked


def _is_alike_in_words(wanted: str, name: str) -> bool:
    """Tell whether every typed word stands for one of the name's: a shared "surgery" alone makes no two specialties alike."""
    from rapidfuzz import fuzz

    words, parts = wanted.split(), name.split()
    if len(words) != len(parts):
        joined = fuzz.ratio(wanted.replace(" ", ""), name.replace(" ", ""))
        if joined < _LIKENESS_JOINED or 1 in (len(words), len(parts)):
            return joined >= _LIKENESS_JOINED
    return all(any(part.startswith(word) or fuzz.ratio(word, part) >= _LIKENESS_NEEDED for part in parts) for word in words)


def _key(text: str) -> str:
    """Return a name as it is compared: without signs, accents and words that say nothing; a physician's name as her specialty's."""
    spelled = _LETTERS_APART.sub(lambda run: run[0].replace(" ", ""), normalise(text))
    return " ".join(_field(word) for word in spelled.split() if word not in _FILLERS)


def _field(word: str) -> str:
    for person, field in _PEOPLE:
        if word.endswith(person):
            return word.removesuffix(person) + field
    return word
