"""Finds the answer that a loosely put question looks for, by its words, by what they mean in the field, and through typing errors.

Every word or term of the question weighs as much as it is rare among the answers. An answer is worth the share of that weight which it
holds, and how alike its question, or one of its other wordings, is to the whole. Where even the best is worth little, nothing fits, and
that is said.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from math import log, sqrt

from bot.catalogue.faq_terms import LONGEST_TERM, FaqTerms, spans, stem, words_of
from bot.domain.faq import FaqAnswer, FaqTopic

MOST_QUESTION = 300
"""Characters of a question that are read."""
FITS = 0.26
"""What the best answer has to be worth, from 0 to 1; tuned on the half of the queries that is there for it."""
_ENOUGH = 0.12
"""What a suggestion has to be worth."""
_IN_QUESTION, _IN_WORDING, _IN_TEXT, _IN_TOPIC = 3.0, 2.0, 0.6, 0.4
_MOST_IN_WORDINGS, _MOST_IN_TEXT = 4.0, 1.8
_SATURATION = 1.2
"""At this much of a word an answer holds half of its weight."""
_COVERED, _ALIKE = 0.55, 0.45
_WORDS_FOR_TERM = 0.6
"""What the words of a term are worth where an answer has them and means something else by them."""
_MISTYPED = 0.85
_LIKENESS_NEEDED = 82
_SHORTEST_LIKENESS = 4
"""Of fewer letters nearly everything is alike."""
_UNKNOWN = 0.8
"""How much a word that no answer holds weighs, of the rarest one."""


@dataclass(frozen=True, slots=True)
class FaqFound:
    """Hold the answers that come nearest, best first, and whether the best one is likely to be what is looked for."""

    answers: tuple[FaqAnswer, ...]
    fits: bool


@dataclass(frozen=True, slots=True)
class _Unit:
    """One word or term of a text: its features, any of which is enough, and what they are worth."""

    features: tuple[str, ...]
    words: tuple[str, ...] = ()
    worth: float = 1.0


class FaqIndex:
    """Hold every answer by its words; built once, when it is first asked."""

    def __init__(self, topics: Iterable[FaqTopic], terms: FaqTerms) -> None:
        self._terms = terms
        self._fillers = frozenset(map(stem, terms.fillers))
        entries = [(topic, answer) for topic in topics for answer in topic.answers]
        self._answers = [answer for _, answer in entries]
        self._named = {" ".join(words_of(name)): answer for answer in self._answers for name in (answer.question, answer.id)}
        self._weights = [self._weights_of(topic, answer) for topic, answer in entries]
        held = Counter(feature for weights in self._weights for feature in weights)
        self._rarity = {feature: log(1 + (len(entries) - count + 0.5) / (count + 0.5)) for feature, count in held.items()}
        self._rarest = max(self._rarity.values(), default=1.0)
        self._phrases = [[self._vector(phrase) for phrase in (answer.question, *answer.wordings)] for answer in self._answers]
        named = [phrase for answer in self._answers for phrase in (answer.question, *answer.wordings)]
        # What is mistyped is looked for among the words of questions and terms: those of the answers are mostly no word of the field.
        self._spelled = sorted(terms.words | {word for phrase in named for word in words_of(phrase)})
        self._known = frozenset(self._spelled) | terms.fillers
        self._added: frozenset[str] = frozenset()

    def beside(self, topic: FaqTopic) -> "FaqIndex":
        """Return an index that holds one topic more; its words are weighed by how rare they are here, new ones as the rarest.

        Where a name is the same, what stands here goes first. That something is not held here speaks against none of those added.
        """
        other = copy(self)
        other.take_in(topic)
        return other

    def take_in(self, topic: FaqTopic) -> None:
        """Hold the answers of one topic more; nothing that another index holds is changed."""
        weights = [self._weights_of(topic, answer) for answer in topic.answers]
        self._rarity = {feature: self._rarest for each in weights for feature in each} | self._rarity
        self._answers = [*self._answers, *topic.answers]
        self._named = {" ".join(words_of(name)): answer for answer in topic.answers for name in (answer.question, answer.id)} | self._named
        self._weights = [*self._weights, *weights]
        self._phrases = [*self._phrases, *([self._vector(answer.question)] for answer in topic.answers)]
        words = {word for answer in topic.answers for word in words_of(answer.question)}
        self._spelled = sorted({*self._spelled, *words})
        self._known = self._known | words
        self._added = self._added | {answer.id for answer in topic.answers}

    def find(self, text: str, limit: int = 3) -> FaqFound:
        """Return what comes nearest to a question, and whether it fits."""
        words = words_of(text[:MOST_QUESTION])
        urgent = self._urgent(words)
        if urgent is not None:
            return FaqFound((urgent,), fits=True)
        exact = self._named.get(" ".join(words))
        if exact is not None:
            others = [answer for answer, _ in self._ranked(self._read(words)) if answer is not exact]
            return FaqFound((exact, *others)[:limit], fits=True)
        ranked = self._ranked(self._read(words))[:limit]
        is_added = bool(ranked) and ranked[0][0].id in self._added
        fits = bool(ranked) and ranked[0][1] >= FITS and (is_added or not self._names_what_is_not_held(words))
        return FaqFound(tuple(answer for answer, worth in ranked if worth > 0), fits)

    def suggest(self, text: str, limit: int = 25) -> list[FaqAnswer]:
        """Return suggestions while somebody types, the last word maybe unfinished; without text the first of each topic."""
        words = words_of(text[:MOST_QUESTION])
        if not words:
            return self._first_of_each()[:limit]
        urgent = self._urgent(words)
        if urgent is not None:
            return [urgent]
        ranked = self._ranked(self._read(words, is_unfinished=not text.endswith(" ")))
        return [answer for answer, worth in ranked if worth >= _ENOUGH][:limit]

    def _first_of_each(self) -> list[FaqAnswer]:
        place: Counter[str] = Counter()
        places: list[tuple[int, FaqAnswer]] = []
        for answer in self._answers:
            places.append((place[answer.topic], answer))
            place[answer.topic] += 1
        return [answer for _, answer in sorted(places, key=lambda pair: pair[0])]

    def _names_what_is_not_held(self, words: Sequence[str]) -> bool:
        return any(run in self._terms.not_held for run in _runs(words))

    def _urgent(self, words: Sequence[str]) -> FaqAnswer | None:
        """Return the answer that goes before all others, where the words ask for one."""
        named = next((self._terms.urgent[run] for run in _runs(words) if run in self._terms.urgent), None)
        return next((answer for answer in self._answers if answer.id == named), None)

    def _weights_of(self, topic: FaqTopic, answer: FaqAnswer) -> dict[str, float]:
        """Return how much of each word and term an answer holds, 0 to 1."""
        question, wordings = self._count(answer.question), self._count(*answer.wordings)
        text, title = self._count(answer.text), self._count(topic.title)
        weights: dict[str, float] = {}
        for feature in question | wordings | text | title:
            amount = _IN_QUESTION * min(question[feature], 1) + min(_IN_WORDING * wordings[feature], _MOST_IN_WORDINGS)
            amount += min(_IN_TEXT * text[feature], _MOST_IN_TEXT) + _IN_TOPIC * min(title[feature], 1)
            weights[feature] = amount / (amount + _SATURATION)
        return weights

    def _count(self, *texts: str) -> Counter[str]:
        units = [unit for text in texts for sentence in text.split(". ") for unit in self._units(words_of(sentence))]
        return Counter(feature for unit in units for feature in dict.fromkeys((*unit.features, *unit.words)))

    def _units(self, words: Sequence[str]) -> list[_Unit]:
        """Return the terms and words of a text, without those that say nothing."""
        units: list[_Unit] = []
        for meaning, part in spans([stem(word) for word in words], self._terms):
            telling = tuple(each for each in part if each not in self._fillers)
            if meaning is not None:
                units.append(_Unit((f"={meaning}",), telling))
            elif telling:
                units.append(_Unit(telling))
        return units

    def _read(self, words: Sequence[str], *, is_unfinished: bool = False) -> list[_Unit]:
        """Return the units of a question, typing errors put right and an unfinished last word completed."""
        completed: _Unit | None = None
        if is_unfinished and words and words[-1] not in self._known:
            completed = self._completed(words[-1])
            words = words[:-1] if completed else words
        corrected = [self._corrected(word) for word in words]
        mistyped = {stem(right) for word, right in zip(words, corrected, strict=True) if word != right}
        units = self._units(corrected)
        units = [_Unit(unit.features, unit.words, _MISTYPED) if mistyped & {*unit.features, *unit.words} else unit for unit in units]
        return list(dict.fromkeys([*units, *([completed] if completed else [])]))

    def _completed(self, beginning: str) -> _Unit | None:
        if len(beginning) < 2:
            return None
        whole = [word for word in self._spelled if word.startswith(beginning)]
        units = [unit for word in whole for unit in self._units([word])]
        return _Unit(tuple(dict.fromkeys(feature for unit in units for feature in (*unit.features, *unit.words)))) if units else None

    def _corrected(self, word: str) -> str:
        if word in self._known or len(word) < _SHORTEST_LIKENESS or not word.isalpha() or stem(word) in self._rarity:
            return word
        from rapidfuzz import fuzz, process

        found = process.extractOne(word, self._spelled, scorer=fuzz.ratio, score_cutoff=_LIKENESS_NEEDED)
        return found[0] if found else word

    def _rarity_of(self, unit: _Unit) -> float:
        known = [self._rarity[feature] for feature in (*unit.features, *unit.words) if feature in self._rarity]
        held = [self._rarity[feature] for feature in unit.features if feature in self._rarity]
        return max(held) if held else max(known, default=_UNKNOWN * self._rarest)

    def _held(self, unit: _Unit, weights: dict[str, float]) -> float:
        """Return how much of a unit an answer holds, 0 to 1."""
        by_term = max((weights.get(feature, 0.0) for feature in unit.features), default=0.0)
        by_words = sum(weights.get(word, 0.0) for word in unit.words) / len(unit.words) if unit.words else 0.0
        return unit.worth * max(by_term, _WORDS_FOR_TERM * by_words)

    def _vector(self, phrase: str) -> dict[str, float]:
        """Return a phrase as a vector of length 1."""
        vector = {feature: self._rarity.get(feature, 0.0) for unit in self._units(words_of(phrase)) for feature in unit.features}
        length = sqrt(sum(weight**2 for weight in vector.values())) or 1.0
        return {feature: weight / length for feature, weight in vector.items()}

    def _ranked(self, units: list[_Unit]) -> list[tuple[FaqAnswer, float]]:
        """Return every answer with what it is worth, best first; those given first win among equals."""
        rarities = [self._rarity_of(unit) for unit in units]
        mass = sum(rarities)
        if not mass:
            return []
        asked: dict[str, float] = {}
        for unit, rarity in zip(units, rarities, strict=True):
            asked |= dict.fromkeys(unit.features, rarity * unit.worth)
        length = sqrt(sum(rarity**2 for rarity in rarities))
        ranked: list[tuple[FaqAnswer, float]] = []
        for answer, weights, phrases in zip(self._answers, self._weights, self._phrases, strict=True):
            covered = sum(rarity * self._held(unit, weights) for unit, rarity in zip(units, rarities, strict=True)) / mass
            alike = max(sum(asked.get(feature, 0.0) * weight for feature, weight in phrase.items()) for phrase in phrases) / length
            ranked.append((answer, _COVERED * covered + (_ALIKE * alike if covered else 0.0)))
        return sorted(ranked, key=lambda pair: -pair[1])


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield every run of words that is short enough for a term, as stems."""
    stems = tuple(map(stem, words))
    return (stems[at : at + length] for at in range(len(stems)) for length in range(1, LONGEST_TERM + 1))
