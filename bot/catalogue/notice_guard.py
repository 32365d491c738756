"""What the guard of notices knows, as the data holds it."""

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.catalogue.loading import Loaded, read_toml, validated
from bot.catalogue.record import Record
from bot.domain.facts import Certainty, Citation
from bot.domain.notice_guard.findings import Concept, FindingKind, GuardWords, NoticeGuard, NoticeRule, Pattern, Span

FILE = "notice_guard.toml"
Phrase = Annotated[str, Field(pattern=r"^[a-z0-9$%'*]+( [a-z0-9$%'*]+){0,5}$", max_length=60)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+( [a-z0-9]+){0,7}$", max_length=60)]
Domain = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]


class RuleRecord(Record):
    """Hold one rule; several of them stand on one card."""

    title: Annotated[str, Field(min_length=1, max_length=80)]
    text: Annotated[str, Field(min_length=1, max_length=200)]
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    certainty: Certainty
    confirm_at: str | None = None


class ConceptRecord(Record):
    """Hold the ways to say one thing."""

    phrases: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    not_before: tuple[Phrase, ...] = ()
    not_after: tuple[Phrase, ...] = ()


class PatternRecord(Record):
    """Hold which concepts together are a finding."""

    kind: FindingKind
    act: Annotated[tuple[str, ...], Field(min_length=1)]
    beside: tuple[tuple[str, ...], ...] = ()
    context: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    not_by: tuple[str, ...] = ()
    even_denied: bool = False

    @property
    def named(self) -> set[str]:
        """Return every concept that it names."""
        return {*self.act, *self.context, *self.unless, *self.not_by, *(name for group in self.beside for name in group)}


class SpanRecord(Record):
    """Hold the names of a time that reaches from one event to another."""

    names: Annotated[tuple[Name, ...], Field(min_length=1)]
    first: str
    last: str


class DatesRecord(Record):
    """Hold the names of dates."""

    vague: tuple[Name, ...]
    names: dict[str, tuple[Name, ...]]
    span: tuple[SpanRecord, ...]


class LinksRecord(Record):
    """Hold the domains that are known."""

    owners: tuple[Domain, ...]
    imitated: tuple[Domain, ...]
    shorteners: tuple[Domain, ...]


class GuardFile(Record):
    """Hold the whole file."""

    as_of: date
    no_clearance: Annotated[str, Field(min_length=1, max_length=200)]
    rule: dict[FindingKind, RuleRecord]
    concept: dict[str, ConceptRecord]
    pattern: Annotated[tuple[PatternRecord, ...], Field(min_length=1)]
    dates: DatesRecord
    links: LinksRecord


def load_notice_guard(folder: Path, loaded: Loaded) -> NoticeGuard:
    """Read ``notice_guard.toml``; whatever is wrong is noted in ``loaded``."""
    content = read_toml(folder / FILE, loaded.problems)
    record = validated(GuardFile, content, FILE, loaded.problems) if content else None
    if record is None:
        return NoticeGuard(GuardWords({}, (), {}, frozenset(), (), frozenset(), frozenset(), frozenset()), {}, "")
    loaded.problems.extend(f"{FILE}: {problem}" for problem in _problems(record, loaded))
    rules = {kind: _rule(kind, rule, record.as_of, loaded) for kind, rule in record.rule.items()}
    cited = {source for rule in record.rule.values() for source in (*rule.sources, rule.confirm_at) if source}
    return NoticeGuard(_words(record), rules, record.no_clearance, frozenset(cited))


def _problems(record: GuardFile, loaded: Loaded) -> list[str]:
    problems = [f"rule {kind} is missing" for kind in FindingKind if kind not in record.rule]
    for kind, rule in record.rule.items():
        ids = [*rule.sources, *([rule.confirm_at] if rule.confirm_at else [])]
        problems += [f"rule {kind}: source {each} does not exist" for each in ids if each not in loaded.sources]
    for pattern in record.pattern:
        problems += [f"pattern {pattern.kind}: no concept is called {name}" for name in sorted(pattern.named - record.concept.keys())]
    keys = {key for _, key in loaded.kinds}
    named = {*record.dates.names, *(key for span in record.dates.span for key in (span.first, span.last))}
    problems += [f"dates: no event is called {key}" for key in sorted(named - keys)]
    problems += [f"links: {domain} is imitated and no owner's" for domain in record.links.imitated if domain not in record.links.owners]
    return problems


def _rule(kind: FindingKind, rule: RuleRecord, as_of: date, loaded: Loaded) -> NoticeRule:
    held = loaded.sources
    citation = Citation(
        certainty=rule.certainty,
        sources=tuple(held[each] for each in rule.sources if each in held),
        as_of=as_of,
        confirm_at=held.get(rule.confirm_at) if rule.confirm_at else None,
    )
    return NoticeRule(kind, rule.title, rule.text, citation)


def _words(record: GuardFile) -> GuardWords:
    return GuardWords(
        concepts={
            name: Concept(tuple(tuple(phrase.split()) for phrase in each.phrases), frozenset(each.not_before), frozenset(each.not_after))
            for name, each in record.concept.items()
        },
        patterns=tuple(
            Pattern(each.kind, each.act, each.beside, each.context, each.unless, each.not_by, even_denied=each.even_denied)
            for each in record.pattern
        ),
        event_names=record.dates.names,
        vague_names=frozenset(record.dates.vague),
        spans=tuple(Span(each.names, each.first, each.last) for each in record.dates.span),
        owners=frozenset(record.links.owners),
        imitated=frozenset(record.links.imitated),
        shorteners=frozenset(record.links.shorteners),
    )


def notice_guard_citations(guard: NoticeGuard) -> list[Citation]:
    """Return the citation of every rule."""
    return [rule.citation for rule in guard.rules.values()]
