"""Finds concepts in sentences, and the patterns that they make: an act, what it is done to, and when; "do not" takes an act back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.notice_guard.findings import Concept, Pattern
from bot.domain.notice_guard.spelling import Sentence, Word, word_set

_REACH = 10
"""So many words after "not" are denied by it, within a clause."""
_SMALL_REACH = 3
_NEAR = 14
"""So many words may lie between an act and what stands beside it."""
_STEM = 3
_DENIALS = word_set(
    "not never no nobody none neither without cannot cant dont don't can't won't isn't doesn't didn't shouldn't mustn't mustnt shouldnt "
    "aren't wasn't weren't couldn't wouldn't avoid stop refrain nothing refuse"
)
_NOT_DENIED = word_set("hesitate forget miss wait worry afraid shy only just matter longer later stopping doubt problem")
"""After these "not" urges: "don't hesitate to call"."""
_CONDITIONS = word_set("if when who whoever that those since because as while until unless which where says")
_CONTRASTS = word_set("but however instead though although so yet rather")
_POINTS_BACK = word_set("it them that those these this one same")
_OTHER_SUBJECTS = frozenset(("you", "we", "i", "who", "please", "applicants", "let", "need", "want"))
_SUBJECT_REACH = 4
FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Use:
    """Say where a concept stands among the words of a sentence."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Read:
    """Hold a sentence, the concepts in it, and which of its words are denied or forbidden."""

    sentence: Sentence
    uses: Mapping[str, tuple[Use, ...]]
    denied: tuple[bool, ...]


class ConceptIndex:
    """Find concepts by the beginning of their first word."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self._concepts = concepts
        self._by_word: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        self._by_stem: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for name, concept in concepts.items():
            for phrase in concept.phrases:
                stems = phrase[0].endswith("*")
                key = phrase[0].rstrip("*")
                (self._by_stem if stems else self._by_word).setdefault(key[:_STEM] if stems else key, []).append((name, phrase))

    def read(self, sentence: Sentence) -> Read:
        """Return what concepts a sentence holds, and what in it is denied."""
        words = sentence.words
        uses: dict[str, list[Use]] = {}
        for position in range(len(words)):
            for name, phrase in self._candidates(words[position]):
                use = Use(position, position + len(phrase) - 1)
                if _stands(phrase, words, position) and self._is_meant(name, words, use):
                    uses.setdefault(name, []).append(use)
        held = {name: tuple(found) for name, found in uses.items()}
        return Read(sentence, held, _denied(words, held.get(FORBIDDEN, ())))

    def _candidates(self, word: Word) -> Iterator[tuple[str, tuple[str, ...]]]:
        for form in word.forms:
            yield from self._by_word.get(form, ())
            for length in range(1, _STEM + 1):
                yield from self._by_stem.get(form[:length], ()) if len(form) >= length else ()

    def _is_meant(self, name: str, words: Sequence[Word], use: Use) -> bool:
        concept = self._concepts[name]
        after = words[use.last + 1] if use.last + 1 < len(words) else None
        before = words[use.first - 1] if use.first else None
        if after is not None and not (after.after_comma or after.opens_clause) and concept.not_before & set(after.forms):
            return False
        return before is None or not concept.not_after & set(before.forms)


def _stands(phrase: tuple[str, ...], words: Sequence[Word], position: int) -> bool:
    if position + len(phrase) > len(words):
        return False
    return all(_fits(part, words[position + offset]) for offset, part in enumerate(phrase))


def _fits(part: str, word: Word) -> bool:
    if part.endswith("*"):
        return any(form.startswith(part[:-1]) for form in word.forms)
    return part in word.forms


def _denied(words: Sequence[Word], forbidden: Iterable[Use]) -> tuple[bool, ...]:
    denied = [False] * len(words)
    for position, word in enumerate(words):
        if word.text in _DENIALS and not _urges(words, position):
            for each in _reach(words, position):
                denied[each] = True
    clauses, wider = _clauses(words), _clauses(words, signs=False)
    bans = [use.first for use in forbidden if not any(denied[max(0, use.first - 1) : use.first + 1])]
    # "Warning: do it" is no ban, but "doing it: that is forbidden" is one.
    in_clause = {clauses[ban]: ban for ban in bans}
    before = {wider[ban]: ban for ban in bans}
    return tuple(
        denied[position] or clauses[position] in in_clause or position < before.get(wider[position], -1) for position in range(len(words))
    )


def _urges(words: Sequence[Word], position: int) -> bool:
    return any(word.text in _NOT_DENIED for word in words[position + 1 : position + 3])


def _reach(words: Sequence[Word], position: int) -> Iterator[int]:
    conditional = any(word.text in _CONDITIONS for word in words[max(0, position - 3) : position])
    for each in range(position + 1, min(len(words), position + 1 + (_SMALL_REACH if conditional else _REACH))):
        word = words[each]
        if word.opens_clause or word.text in _CONTRASTS or (conditional and word.after_comma):
            return
        yield each


def _clauses(words: Sequence[Word], *, signs: bool = True) -> list[int]:
    number = 0
    numbers: list[int] = []
    for word in words:
        number += (signs and word.opens_clause) or word.text in _CONTRASTS
        numbers.append(number)
    return numbers


def context_of(reads: Iterable[Read]) -> frozenset[str]:
    """Return the concepts that stand anywhere in a draft."""
    return frozenset(name for read in reads for name in read.uses)


def found_in(pattern: Pattern, reads: Sequence[Read], position: int) -> Use | None:
    """Return the first act of a sentence that makes the pattern, or None; the pattern's context is the caller's part."""
    read = reads[position]
    clauses = _clauses(read.sentence.words)
    excused = {clauses[use.first] for name in pattern.unless for use in read.uses.get(name, ())}
    acts = sorted((use for name in pattern.act for use in read.uses.get(name, ())), key=lambda use: use.first)
    for act in acts:
        is_meant = clauses[act.first] not in excused and (pattern.even_denied or not read.denied[act.first])
        is_meant = is_meant and not _acts_itself(pattern, read, act, clauses)
        if is_meant and _has_beside(pattern, reads, position, act):
            return act
    return None


def _acts_itself(pattern: Pattern, read: Read, act: Use, clauses: Sequence[int]) -> bool:
    """Tell whether one of ``not_by`` stands just before the act, nobody else between them, and none after it as what it is done to."""
    words = read.sentence.words
    uses = [use for name in pattern.not_by for use in read.uses.get(name, ())]
    if any(act.last < use.first <= act.last + _NEAR for use in uses):
        return False
    before = [use for use in uses if use.last < act.first <= use.last + _SUBJECT_REACH and clauses[use.first] == clauses[act.first]]
    between = words[before[-1].last + 1 : act.first + 1] if before else ()
    return bool(before) and not any(word.after_comma or word.text in _OTHER_SUBJECTS for word in between)


def _has_beside(pattern: Pattern, reads: Sequence[Read], position: int, act: Use) -> bool:
    return all(_stands_near(group, reads[position], act) or _is_pointed_at(group, reads, position, act) for group in pattern.beside)


def _stands_near(group: tuple[str, ...], read: Read, act: Use) -> bool:
    return any(
        use != act and -_NEAR <= use.first - act.last <= _NEAR + 1 and (use.last < act.first or use.first > act.last)
        for name in group
        for use in read.uses.get(name, ())
    )


def _is_pointed_at(group: tuple[str, ...], reads: Sequence[Read], position: int, act: Use) -> bool:
    if not position or not any(name in reads[position - 1].uses for name in group):
        return False
    return any(word.text in _POINTS_BACK for word in reads[position].sentence.words[act.last + 1 : act.last + 4])
