"""The answers of ``/faq``, as the data holds them, each resolved to the facts that it cites.

A citation is ``scheme:name``: ``rule:us-verified``, ``date:us-match-day``, ``fact:eras-fees`` (``faq/facts.toml``), ``letters:waiver``,
``letter-warning:…``, ``letter-circumstance:…``, ``letter-topic:…``, ``letter-draft:…``, ``specialty:urology``, ``signals:psychiatry``,
``rates:2026`` and ``ranks:2025``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.catalogue.faq_search import FaqIndex
from bot.catalogue.faq_terms import FaqTerms, load_terms
from bot.catalogue.figures import Figures
from bot.catalogue.loading import Loaded, read_toml, validated
from bot.catalogue.record import Record
from bot.domain.eligibility.verdicts import EligibilityRule
from bot.domain.facts import Certainty, Citation
from bot.domain.faq import AnswerKind, FaqAnswer, FaqTopic
from bot.domain.letter_drafts import LetterTexts
from bot.domain.letter_mix import LetterAdvice
from bot.domain.member import Country
from bot.domain.specialties import Group

FOLDER = "faq"
FACTS_FILE = "facts.toml"
TERMS_FILE = "terms.toml"
MOST_TEXT = 900
"""What an answer may say, in characters: with four dates and its sources a card stays below Discord's limit."""
_SURE = (Certainty.ANNOUNCED, Certainty.EXPECTED, Certainty.ESTIMATED, Certainty.UNKNOWN)
_IMGS = (Group.US_IMG, Group.NON_US_IMG)
Id = Annotated[str, Field(pattern=r"^[a-z0-9-]{2,30}$")]
Wording = Annotated[str, Field(min_length=2, max_length=80)]


class FactRecord(Record):
    """Hold a fact that stands nowhere else in the data."""

    text: Annotated[str, Field(min_length=1, max_length=400)]
    certainty: Certainty
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    note: Annotated[str, Field(max_length=200)] = ""
    confirm_at: str | None = None
    as_of: date | None = None


class AnswerRecord(Record):
    """Hold one answer as its file states it; ``also`` are the same question in other words."""

    question: Annotated[str, Field(min_length=8, max_length=80)]
    text: Annotated[str, Field(min_length=40, max_length=MOST_TEXT)]
    also: Annotated[tuple[Wording, ...], Field(min_length=1, max_length=8)]
    related: Annotated[tuple[Id, ...], Field(min_length=1, max_length=4)]
    kind: AnswerKind = AnswerKind.FACT
    cites: Annotated[tuple[str, ...], Field(max_length=6)] = ()
    certainty: Certainty | None = None

    @model_validator(mode="after")
    def _states_what_it_rests_on(self) -> Self:
        if self.kind is AnswerKind.SERVER:
            msg = "an answer of a server does not stand in the record"
            raise ValueError(msg)
        if self.kind is AnswerKind.FACT and not self.cites:
            msg = "an answer that cites nothing says so by its kind"
            raise ValueError(msg)
        if bool(self.cites) != (self.certainty is not None):
            msg = "certainty and cites go together"
            raise ValueError(msg)
        return self


class TopicRecord(Record):
    """Hold one file of answers."""

    topic: Annotated[str, Field(min_length=1, max_length=60)]
    order: Annotated[int, Field(ge=0)]
    as_of: date
    answer: Annotated[dict[Id, AnswerRecord], Field(min_length=1, max_length=25)]


@dataclass(frozen=True)
class Faq:
    """Hold every answer."""

    topics: tuple[FaqTopic, ...]
    """In the order in which they are offered; at most 25, as Discord's select takes."""
    terms: FaqTerms
    facts: Mapping[str, Citation]
    """Where each fact of ``facts.toml`` was read, by its id."""
    cited: frozenset[str]
    """The ids of all sources of those facts."""

    @cached_property
    def answers(self) -> Mapping[str, FaqAnswer]:
        """Return every answer by its id."""
        return {answer.id: answer for topic in self.topics for answer in topic.answers}

    @cached_property
    def index(self) -> FaqIndex:
        """Return what finds answers by loosely put questions."""
        return FaqIndex(self.topics, self.terms)

    def topic(self, topic_id: str) -> FaqTopic | None:
        """Return a topic by its id, or None."""
        return next((topic for topic in self.topics if topic.id == topic_id), None)

    def related_to(self, answer: FaqAnswer) -> list[FaqAnswer]:
        """Return the answers that are read next."""
        return [self.answers[each] for each in answer.related if each in self.answers]


@dataclass(frozen=True, slots=True)
class Facts:
    """Hold the facts of the rest of the catalogue, which answers may cite."""

    figures: Figures
    rules: Mapping[str, EligibilityRule]
    letters: LetterAdvice
    letter_texts: LetterTexts


def load_faq(folder: Path, loaded: Loaded, facts: Facts) -> Faq:
    """Read every answer; whatever is wrong is noted in ``loaded``."""
    own, cited = _load_facts(folder / FOLDER / FACTS_FILE, loaded)
    known = _citations(facts, own)
    topics: list[tuple[int, FaqTopic]] = []
    files = sorted(path for path in (folder / FOLDER).glob("*.toml") if path.name not in (FACTS_FILE, TERMS_FILE))
    for path in files:
        content = read_toml(path, loaded.problems)
        record = validated(TopicRecord, content, f"{FOLDER}/{path.name}", loaded.problems) if content else None
        if record is not None:
            answers = tuple(_answer(path.stem, each, entry, record.as_of, known, loaded) for each, entry in record.answer.items())
            topics.append((record.order, FaqTopic(path.stem, record.topic, answers)))
    ordered = tuple(topic for _, topic in sorted(topics, key=lambda pair: (pair[0], pair[1].id)))
    loaded.problems.extend(_wrong_together(ordered, own))
    terms = load_terms(folder / FOLDER / TERMS_FILE, loaded)
    ids = {answer.id for topic in ordered for answer in topic.answers}
    loaded.problems.extend(f"{FOLDER}/{TERMS_FILE}: no answer {each}" for each in sorted({*terms.urgent.values()} - ids))
    return Faq(ordered, terms, own, frozenset(cited))


def _load_facts(path: Path, loaded: Loaded) -> tuple[dict[str, Citation], set[str]]:
    where = f"{FOLDER}/{path.name}"
    content = dict(read_toml(path, loaded.problems))
    as_of = content.pop("as_of", None)
    if not isinstance(as_of, date):
        loaded.problems.append(f"{where}: as_of is missing")
        return {}, set()
    facts: dict[str, Citation] = {}
    cited: set[str] = set()
    for fact_id, entry in content.items():
        record = validated(FactRecord, entry, f"{where}: {fact_id}", loaded.problems)
        if record is None:
            continue
        ids = [*record.sources, *([record.confirm_at] if record.confirm_at else [])]
        loaded.problems.extend(f"{where}: {fact_id}: source {each} does not exist" for each in ids if each not in loaded.sources)
        cited.update(ids)
        facts[fact_id] = Citation(
            certainty=record.certainty,
            sources=tuple(loaded.sources[each] for each in record.sources if each in loaded.sources),
            as_of=record.as_of or as_of,
            note=record.note,
            confirm_at=loaded.sources.get(record.confirm_at) if record.confirm_at else None,
        )
    return facts, cited


def _citations(facts: Facts, own: Mapping[str, Citation]) -> dict[str, Citation]:
    """Return every citation that an answer may name, dates apart."""
    known = {f"fact:{name}": citation for name, citation in own.items()}
    known |= {f"rule:{name}": rule.citation for name, rule in facts.rules.items()}
    known |= {f"letters:{name}": advice.citation for name, advice in facts.letters.facts.items()}
    known |= {f"letter-warning:{name}": advice.citation for name, advice in facts.letters.warnings.items()}
    known |= {f"letter-circumstance:{name}": advice.citation for name, advice in facts.letters.circumstances.items()}
    known |= {f"letter-topic:{name}": topic.citation for name, topic in facts.letter_texts.topics.items()}
    known |= {f"letter-draft:{name}": draft.citation for name, draft in facts.letter_texts.drafts.items()}
    for specialty in facts.figures.specialties:
        citation = specialty.latest.citation if specialty.latest else specialty.citation_service
        if citation is not None:
            known[f"specialty:{specialty.id}"] = citation
        if specialty.signals:
            known[f"signals:{specialty.id}"] = specialty.signals[0].citation
    known |= {f"rates:{rate.year}": rate.citation for rate in facts.figures.match_rates if rate.group in _IMGS}
    known |= {f"ranks:{length.year}": length.citation for length in facts.figures.rank_list_lengths}
    return known


def _answer(topic: str, answer_id: str, record: AnswerRecord, as_of: date, known: Mapping[str, Citation], loaded: Loaded) -> FaqAnswer:
    where = f"{FOLDER}/{topic}.toml: {answer_id}"
    dates: list[tuple[Country, str]] = []
    citations: list[Citation] = []
    for cite in record.cites:
        scheme, _, name = cite.partition(":")
        country, _, key = name.partition("-")
        if scheme == "date" and country in set(Country) and (Country(country), key) in loaded.kinds:
            dates.append((Country(country), key))
        elif cite in known:
            citations.append(known[cite])
        else:
            loaded.problems.append(f"{where}: {cite} does not exist")
    least = max((_SURE.index(each.certainty) for each in citations), default=0)
    if record.certainty is not None and _SURE.index(record.certainty) < least:
        loaded.problems.append(f"{where}: is called {record.certainty} and rests on what is {_SURE[least]}")
    return FaqAnswer(
        id=answer_id,
        topic=topic,
        question=record.question,
        text=record.text,
        wordings=record.also,
        related=record.related,
        kind=record.kind,
        cites=record.cites,
        citations=tuple(citations),
        dates=tuple(dates),
        certainty=record.certainty,
        as_of=min((as_of, *(each.as_of for each in citations))),
    )


def _wrong_together(topics: Iterable[FaqTopic], own: Mapping[str, Citation]) -> list[str]:
    """Return what is wrong between answers: ids that stand twice, related ones that don't exist, facts that nothing cites."""
    answers = [answer for topic in topics for answer in topic.answers]
    ids = [answer.id for answer in answers]
    cited = {cite for answer in answers for cite in answer.cites}
    return [
        *(f"{FOLDER}: {each} stands twice" for each in sorted({each for each in ids if ids.count(each) > 1})),
        *(f"{FOLDER}: {answer.id}: no answer {each}" for answer in answers for each in answer.related if each not in ids),
        *(f"{FOLDER}: {answer.id}: is related to itself" for answer in answers if answer.id in answer.related),
        *(f"{FOLDER}/{FACTS_FILE}: {each}: no answer cites it" for each in own if f"fact:{each}" not in cited),
    ]
