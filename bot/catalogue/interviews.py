"""What is practised for interviews, as the data holds it, each fact in it resolved to what it rests on.

A citation is ``scheme:name``: ``rule:us-j1``, ``faq:two-year-rule``, or ``limit:other-programs`` (``interviews/limits.toml``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.catalogue.faq import Faq
from bot.catalogue.loading import Loaded, read_toml, validated
from bot.catalogue.record import Record
from bot.domain.eligibility.verdicts import EligibilityRule
from bot.domain.facts import Certainty, Citation
from bot.domain.interview_texts import (
    ApplicantKind,
    Criterion,
    InterviewQuestion,
    InterviewTexts,
    Limit,
    QuestionGroup,
    SampleAnswer,
    SamplePart,
)

FOLDER = "interviews"
SAMPLES_FILE, CRITERIA_FILE, LIMITS_FILE = "samples.toml", "criteria.toml", "limits.toml"
_OTHERS = (SAMPLES_FILE, CRITERIA_FILE, LIMITS_FILE, "preparation.toml")
_SURE = (Certainty.ANNOUNCED, Certainty.EXPECTED, Certainty.ESTIMATED, Certainty.UNKNOWN)
Id = Annotated[str, Field(pattern=r"^[a-z0-9-]{2,24}$")]
Line = Annotated[str, Field(min_length=4, max_length=160)]
Said = Annotated[str, Field(min_length=20, max_length=300)]


class QuestionRecord(Record):
    """Hold one question as its file states it."""

    text: Annotated[str, Field(min_length=10, max_length=200)]
    scenario: Annotated[str, Field(max_length=520)] = ""
    name: Annotated[str, Field(max_length=40)] = ""
    asks: Annotated[str, Field(min_length=30, max_length=240)]
    steps: Annotated[tuple[Line, ...], Field(min_length=3, max_length=5)]
    mistakes: Annotated[tuple[Line, ...], Field(min_length=2, max_length=3)]
    us_img: Said | None = None
    non_us_img: Said | None = None
    canadian: Said | None = None
    follow_ups: Annotated[tuple[Line, ...], Field(min_length=1, max_length=2)]
    asked_of: Annotated[tuple[ApplicantKind, ...], Field(min_length=1)] = tuple(ApplicantKind)
    cites: Annotated[tuple[str, ...], Field(max_length=4)] = ()

    @property
    def variants(self) -> dict[ApplicantKind, str]:
        """Return what differs, by kind."""
        found = {ApplicantKind.US_IMG: self.us_img, ApplicantKind.NON_US_IMG: self.non_us_img, ApplicantKind.CANADIAN: self.canadian}
        return {kind: said for kind, said in found.items() if said}

    @model_validator(mode="after")
    def _speaks_to_whom_it_asks(self) -> Self:
        if not self.variants.keys() <= set(self.asked_of):
            msg = "a variant is for somebody who is not asked"
            raise ValueError(msg)
        if bool(self.scenario) != bool(self.name):
            msg = "a scenario has a name, and nothing else has"
            raise ValueError(msg)
        return self


class GroupRecord(Record):
    """Hold one file of questions."""

    title: Annotated[str, Field(min_length=1, max_length=40)]
    about: Annotated[str, Field(min_length=20, max_length=300)]
    order: Annotated[int, Field(ge=0)]
    as_of: date
    is_hers: bool = False
    question: Annotated[dict[Id, QuestionRecord], Field(min_length=1, max_length=25)]


class PartRecord(Record):
    """Hold some sentences, and what works in them or what to mend; one of the two."""

    says: Annotated[str, Field(min_length=10, max_length=400)]
    works: Annotated[str, Field(max_length=220)] = ""
    mend: Annotated[str, Field(max_length=220)] = ""

    @model_validator(mode="after")
    def _notes_one_thing(self) -> Self:
        if bool(self.works) == bool(self.mend):
            msg = "a part has one note: works, or mend"
            raise ValueError(msg)
        return self


class SampleRecord(Record):
    """Hold one invented answer."""

    title: Annotated[str, Field(min_length=1, max_length=80)]
    question: Id
    kind: ApplicantKind
    who: Annotated[str, Field(min_length=1, max_length=160)]
    part: Annotated[tuple[PartRecord, ...], Field(min_length=3, max_length=7)]


class SamplesRecord(Record):
    """Hold every invented answer."""

    sample: Annotated[dict[Id, SampleRecord], Field(min_length=1, max_length=25)]


class CriterionRecord(Record):
    """Hold one thing to look at; its title and first text are an option's label and description."""

    title: Annotated[str, Field(min_length=1, max_length=60)]
    there: Annotated[str, Field(min_length=1, max_length=100)]
    missing: Annotated[str, Field(min_length=1, max_length=160)]


class CriteriaRecord(Record):
    """Hold all that one looks at."""

    criterion: Annotated[dict[Id, CriterionRecord], Field(min_length=1, max_length=10)]


class LimitRecord(Record):
    """Hold one thing that programs may not ask or do."""

    title: Annotated[str, Field(min_length=1, max_length=80)]
    text: Annotated[str, Field(min_length=40, max_length=700)]
    says: Annotated[str, Field(min_length=20, max_length=500)]
    then: Annotated[str, Field(min_length=20, max_length=400)]
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    certainty: Certainty
    note: Annotated[str, Field(max_length=240)] = ""
    confirm_at: str | None = None


class LimitsRecord(Record):
    """Hold all of them."""

    as_of: date
    limit: Annotated[dict[Id, LimitRecord], Field(min_length=1, max_length=12)]


def load_interviews(folder: Path, loaded: Loaded, rules: Mapping[str, EligibilityRule], faq: Faq) -> InterviewTexts:
    """Read ``interviews/*.toml``; whatever is wrong is noted in ``loaded``."""
    here = folder / FOLDER
    reader = _Reader(loaded)
    limits = reader.limits(here / LIMITS_FILE)
    reader.known |= {f"rule:{name}": ((rule.citation,), rule.citation.certainty) for name, rule in rules.items()}
    reader.known |= {
        f"faq:{name}": (answer.citations, answer.certainty) for name, answer in faq.answers.items() if answer.certainty is not None
    }
    groups = [group for path in sorted(here.glob("*.toml")) if path.name not in _OTHERS for group in reader.group(path)]
    ordered = tuple(group for _, group in sorted(groups, key=lambda pair: (pair[0], pair[1].id)))
    ids = [question.id for group in ordered for question in group.questions]
    loaded.problems.extend(f"{FOLDER}: {each} stands twice" for each in sorted({each for each in ids if ids.count(each) > 1}))
    samples = reader.samples(here / SAMPLES_FILE)
    loaded.problems.extend(
        f"{FOLDER}/{SAMPLES_FILE}: {each.id}: no question {each.question}" for each in samples if each.question not in ids
    )
    return InterviewTexts(ordered, samples, reader.criteria(here / CRITERIA_FILE), limits, frozenset(reader.cited))


@dataclass
class _Reader:
    loaded: Loaded
    known: dict[str, tuple[tuple[Citation, ...], Certainty]] = field(default_factory=dict[str, tuple[tuple[Citation, ...], Certainty]])
    cited: set[str] = field(default_factory=set[str])

    def group(self, path: Path) -> Iterable[tuple[int, QuestionGroup]]:
        """Yield the group of a file with its place; nothing where it can't be read."""
        content = read_toml(path, self.loaded.problems)
        record = validated(GroupRecord, content, f"{FOLDER}/{path.name}", self.loaded.problems) if content else None
        if record is not None:
            questions = tuple(self._question(path.stem, each, entry, record.as_of) for each, entry in record.question.items())
            yield record.order, QuestionGroup(path.stem, record.title, record.about, record.is_hers, questions)

    def _question(self, group: str, question_id: str, record: QuestionRecord, as_of: date) -> InterviewQuestion:
        missing = [each for each in record.cites if each not in self.known]
        self.loaded.problems.extend(f"{FOLDER}/{group}.toml: {question_id}: {each} does not exist" for each in missing)
        found = [self.known[each] for each in record.cites if each in self.known]
        citations = tuple(dict.fromkeys(citation for group_of, _ in found for citation in group_of))
        return InterviewQuestion(
            id=question_id,
            group=group,
            text=record.text,
            scenario=record.scenario,
            name=record.name,
            asks=record.asks,
            steps=record.steps,
            mistakes=record.mistakes,
            variants=record.variants,
            follow_ups=record.follow_ups,
            asked_of=frozenset(record.asked_of),
            cites=record.cites,
            citations=citations,
            certainty=_SURE[max(_SURE.index(certainty) for _, certainty in found)] if found else None,
            as_of=min((as_of, *(each.as_of for each in citations))),
        )

    def samples(self, path: Path) -> tuple[SampleAnswer, ...]:
        """Return the invented answers."""
        record = validated(SamplesRecord, read_toml(path, self.loaded.problems), f"{FOLDER}/{path.name}", self.loaded.problems)
        return tuple(
            SampleAnswer(
                each,
                entry.title,
                entry.question,
                entry.kind,
                entry.who,
                tuple(SamplePart(part.says, part.works or part.mend, bool(part.works)) for part in entry.part),
            )
            for each, entry in (record.sample if record else {}).items()
        )

    def criteria(self, path: Path) -> tuple[Criterion, ...]:
        """Return what one looks at."""
        record = validated(CriteriaRecord, read_toml(path, self.loaded.problems), f"{FOLDER}/{path.name}", self.loaded.problems)
        found = record.criterion if record else {}
        return tuple(Criterion(each, entry.title, entry.there, entry.missing) for each, entry in found.items())

    def limits(self, path: Path) -> tuple[Limit, ...]:
        """Return what programs may not do; each may be cited by a question."""
        where = f"{FOLDER}/{path.name}"
        record = validated(LimitsRecord, read_toml(path, self.loaded.problems), where, self.loaded.problems)
        limits: list[Limit] = []
        for limit_id, entry in (record.limit if record else {}).items():
            citation = self._cite(entry, record.as_of if record else date.min, f"{where}: {limit_id}")
            self.known[f"limit:{limit_id}"] = ((citation,), citation.certainty)
            limits.append(Limit(limit_id, entry.title, entry.text, entry.says, entry.then, citation))
        return tuple(limits)

    def _cite(self, record: LimitRecord, as_of: date, where: str) -> Citation:
        held = self.loaded.sources
        ids = [*record.sources, *([record.confirm_at] if record.confirm_at else [])]
        self.loaded.problems.extend(f"{where}: source {each} does not exist" for each in ids if each not in held)
        self.cited.update(ids)
        return Citation(
            certainty=record.certainty,
            sources=tuple(held[each] for each in record.sources if each in held),
            as_of=as_of,
            note=record.note,
            confirm_at=held.get(record.confirm_at) if record.confirm_at else None,
        )


def interview_citations(texts: InterviewTexts) -> list[Citation]:
    """Return the citations that stand in these files alone."""
    return [limit.citation for limit in texts.limits]
