"""Reads a draft and tells what the guard found in it."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.calendar import SeasonEvent
from bot.domain.notice_guard.calendar_check import CalendarCheck, CalendarNames
from bot.domain.notice_guard.concepts import ConceptIndex, Read, context_of, found_in
from bot.domain.notice_guard.findings import Finding, FindingKind, GuardWords, Pattern
from bot.domain.notice_guard.links import link_findings
from bot.domain.notice_guard.persons import mention_findings, personal_findings
from bot.domain.notice_guard.spelling import PlainText, plain_text, sentences
from bot.domain.seasons import is_past


class NoticeReader:
    """Read drafts; build it once, for it holds an index of all words; ``events`` are those of every season held."""

    def __init__(self, words: GuardWords, events: Sequence[SeasonEvent]) -> None:
        self._words = words
        self._events = events
        self._index = ConceptIndex(words.concepts)
        self._names = CalendarNames(words, events)

    def findings(self, draft: str, now: datetime, held: Sequence[SeasonEvent] | None = None) -> tuple[Finding, ...]:
        """Return what a draft holds, in the order of the kinds; ``held`` are the events as one server holds them.

        The time that this takes grows with the length of the draft, whatever stands in it. No finding is no clearance.
        """
        plain, events = plain_text(draft), self._events if held is None else held
        reads = [self._index.read(sentence) for sentence in sentences(plain)]
        found = [*self._by_pattern(plain, reads, is_soap=in_soap(events, now))]
        check = CalendarCheck(self._names, events, now)
        for read in reads:
            found += check.findings(plain, read.sentence)
        found += mention_findings(plain)
        found += personal_findings(plain, reads, self._words)
        found += link_findings(draft, self._words)
        return _once(found)

    def _by_pattern(self, plain: PlainText, reads: Sequence[Read], *, is_soap: bool) -> list[Finding]:
        context = context_of(reads)
        found: list[Finding] = []
        for pattern in self._words.patterns:
            if pattern.context and not is_soap and not context & set(pattern.context):
                continue
            made = (_found(pattern, plain, reads, position) for position in range(len(reads)))
            found.extend(finding for finding in made if finding is not None)
        return found


def _found(pattern: Pattern, plain: PlainText, reads: Sequence[Read], position: int) -> Finding | None:
    act = found_in(pattern, reads, position)
    if act is None:
        return None
    sentence = reads[position].sentence
    excerpt = plain.original(sentence.words[0].start, sentence.words[-1].end)
    return Finding(pattern.kind, excerpt, plain.origin(sentence.words[act.first].start))


def in_soap(events: Sequence[SeasonEvent], now: datetime) -> bool:
    """Tell whether ``now`` lies between the news of who matched and the end of SOAP, in any season."""
    begun = {event.year for event in events if event.key == "match-status" and event.at is not None and event.at.instant() <= now}
    return any(event.key == "soap-ends" and event.at is not None and event.year in begun and not is_past(event, now) for event in events)


def _once(found: list[Finding]) -> tuple[Finding, ...]:
    """Keep one finding of each kind and excerpt, the kinds in their order."""
    order = list(FindingKind)
    kept: dict[tuple[FindingKind, str], Finding] = {}
    for finding in sorted(found, key=lambda each: (order.index(each.kind), each.start)):
        kept.setdefault((finding.kind, finding.excerpt), finding)
    return tuple(kept.values())
