"""The texts around a letter, as the data holds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from bot.catalogue.loading import Loaded, read_toml, validated
from bot.catalogue.record import Record
from bot.domain.facts import Certainty, Citation
from bot.domain.letter_drafts import (
    BRACKETS,
    Draft,
    DraftKind,
    Habit,
    LetterTexts,
    PacketForm,
    PacketItem,
    PacketText,
    Topic,
    TopicKey,
    fields_of,
)

FILE = "letter_texts.toml"
Key = Annotated[str, Field(pattern=r"^[a-z_]{2,20}$")]
Sources = Annotated[tuple[str, ...], Field(min_length=1)]
Line = Annotated[str, Field(min_length=1, max_length=340)]


class CitedRecord(Record):
    """Hold where a text was read; a guide's advice is ``expected``."""

    sources: Sources
    certainty: Certainty = Certainty.EXPECTED
    note: Annotated[str, Field(max_length=200)] = ""
    confirm_at: str | None = None


class HabitRecord(CitedRecord):
    """Hold one habit; its text is the label of an option."""

    key: Key
    text: Annotated[str, Field(min_length=1, max_length=100)]


class PacketTextRecord(CitedRecord):
    """Hold what is said of one thing to give; all of them stand on one card."""

    text: Annotated[str, Field(min_length=1, max_length=200)]
    fact: bool = False


class PacketFormRecord(PacketTextRecord):
    """Hold what is said of it for letters of another form, and what it is called there."""

    name: Annotated[str, Field(max_length=60)] = ""


class PacketRecord(PacketTextRecord):
    """Hold one thing to give the writer, and what is said instead for letters of another form."""

    key: Key
    name: Annotated[str, Field(min_length=1, max_length=60)]
    standardized: PacketFormRecord | None = None
    carms: PacketFormRecord | None = None


class DraftRecord(CitedRecord):
    """Hold one draft."""

    title: Annotated[str, Field(min_length=1, max_length=60)]
    when: Annotated[str, Field(min_length=1, max_length=200)]
    text: Annotated[str, Field(min_length=1, max_length=1_400)]


class TopicRecord(CitedRecord):
    """Hold what to ask, or what to watch for."""

    key: TopicKey
    title: Annotated[str, Field(min_length=1, max_length=60)]
    lines: Annotated[tuple[Line, ...], Field(min_length=2, max_length=8)]


class TextsRecord(Record):
    """Hold the whole file."""

    as_of: date
    refusal: Annotated[str, Field(min_length=1, max_length=500)]
    refusal_next: Annotated[str, Field(min_length=1, max_length=300)]
    refusal_sources: Sources
    habit: Annotated[tuple[HabitRecord, ...], Field(min_length=1, max_length=25)]
    packet: Annotated[tuple[PacketRecord, ...], Field(min_length=1, max_length=10)]
    draft: dict[DraftKind, DraftRecord]
    topic: tuple[TopicRecord, ...]


def load_letter_texts(folder: Path, loaded: Loaded) -> LetterTexts:
    """Read ``letter_texts.toml``; whatever is wrong is noted in ``loaded``."""
    content = read_toml(folder / FILE, loaded.problems)
    record = validated(TextsRecord, content, FILE, loaded.problems) if content else None
    reader = _Reader(record.as_of if record else date.min, loaded)
    if record is None:
        return LetterTexts(date.min, "", "", Citation(Certainty.UNKNOWN, (), date.min), (), (), {}, {})
    reader.complain_of_gaps(record)
    refusal = CitedRecord(sources=record.refusal_sources)
    return LetterTexts(
        as_of=record.as_of,
        refusal=record.refusal,
        refusal_next=record.refusal_next,
        refusal_citation=reader.cite(refusal, "refusal"),
        habits=tuple(Habit(each.key, each.text, reader.cite(each, f"habit {each.key}")) for each in record.habit),
        packet=tuple(reader.item(each) for each in record.packet),
        drafts={kind: reader.draft(kind, each) for kind, each in record.draft.items()},
        topics={each.key: Topic(each.key, each.title, each.lines, reader.cite(each, f"topic {each.key}")) for each in record.topic},
        cited=frozenset(reader.cited),
    )


@dataclass
class _Reader:
    as_of: date
    loaded: Loaded
    cited: set[str] = field(default_factory=set[str])

    def complain_of_gaps(self, record: TextsRecord) -> None:
        """Note what is missing, and what stands twice."""
        groups: Mapping[str, tuple[list[str], Any]] = {
            "habit": ([each.key for each in record.habit], ()),
            "packet": ([each.key for each in record.packet], ()),
            "draft": ([*record.draft], DraftKind),
            "topic": ([each.key for each in record.topic], TopicKey),
        }
        for name, (keys, wanted) in groups.items():
            self.loaded.problems.extend(
                f"{FILE}: {name} {each} stands twice" for each in sorted({key for key in keys if keys.count(key) > 1})
            )
            self.loaded.problems.extend(f"{FILE}: {name} {each} is missing" for each in wanted if each not in keys)

    def item(self, record: PacketRecord) -> PacketItem:
        """Return one thing to give the writer."""
        others = {PacketForm.STANDARDIZED: record.standardized, PacketForm.CARMS: record.carms}
        said = {form: self.said(other, f"packet {record.key} {form}") for form, other in others.items() if other is not None}
        return PacketItem(record.key, record.name, self.said(record, f"packet {record.key}"), said)

    def said(self, record: PacketTextRecord, where: str) -> PacketText:
        """Return what is said of one thing to give."""
        return PacketText(record.text, self.cite(record, where), record.fact, getattr(record, "name", ""))

    def draft(self, kind: DraftKind, record: DraftRecord) -> Draft:
        """Return a draft; a field that nothing fills is a problem."""
        unknown = sorted(fields_of(record.text) - BRACKETS.keys())
        self.loaded.problems.extend(f"{FILE}: draft {kind}: no field is called {each}" for each in unknown)
        return Draft(kind, record.title, record.when, record.text.strip(), self.cite(record, f"draft {kind}"))

    def cite(self, record: CitedRecord, where: str) -> Citation:
        """Return the citation of a record; a source that does not exist is a problem."""
        ids = [*record.sources, *([record.confirm_at] if record.confirm_at else [])]
        held = self.loaded.sources
        self.loaded.problems.extend(f"{FILE}: {where}: source {each} does not exist" for each in ids if each not in held)
        self.cited.update(ids)
        return Citation(
            certainty=record.certainty,
            sources=tuple(held[each] for each in record.sources if each in held),
            as_of=self.as_of,
            note=record.note,
            confirm_at=held.get(record.confirm_at) if record.confirm_at else None,
        )


def letter_text_citations(texts: LetterTexts) -> list[Citation]:
    """Return the citation of every text."""
    groups = (texts.habits, texts.drafts.values(), texts.topics.values())
    said = [said for item in texts.packet for said in (item.usual, *item.others.values())]
    return [each.citation for group in groups for each in group] + [each.citation for each in said]
