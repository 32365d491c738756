"""What is stated and advised about letters of recommendation, as the data holds it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.catalogue.loading import Loaded, read_toml, validated
from bot.catalogue.record import Record
from bot.domain.facts import Certainty, Citation
from bot.domain.letter_mix import Advice, Dispute, LetterAdvice, LetterWarning, Measure, Wish
from bot.domain.letters import Circumstance

FILE = "letters.toml"
Text = Annotated[str, Field(min_length=1, max_length=240)]


class AdviceRecord(Record):
    """Hold one text with where it was read; a guide's advice is ``expected``, and nothing needs confirming about an opinion."""

    text: Text
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    certainty: Certainty = Certainty.EXPECTED
    note: Annotated[str, Field(max_length=200)] = ""
    confirm_at: str | None = None


class WishRecord(AdviceRecord):
    """Hold what a guide wants of the mix."""

    id: Annotated[str, Field(min_length=1)]
    measure: Measure
    at_least: Annotated[int, Field(ge=1, le=10)] | None = None
    at_most: Annotated[int, Field(ge=1, le=10)] | None = None
    helps: bool = False
    specialties: tuple[str, ...] = ()
    others: bool = False
    counts: tuple[str, ...] = ()


class DisputeRecord(Record):
    """Hold a question on which guides disagree."""

    question: Annotated[str, Field(min_length=1, max_length=100)]
    side: Annotated[tuple[AdviceRecord, ...], Field(min_length=2, max_length=3)]


class LettersRecord(Record):
    """Hold the whole file."""

    as_of: date
    fact: dict[str, AdviceRecord]
    wish: tuple[WishRecord, ...]
    dispute: tuple[DisputeRecord, ...]
    warning: dict[LetterWarning, AdviceRecord]
    circumstance: dict[Circumstance, AdviceRecord]


FACTS = ("steps", "per_program", "import", "waiver", "residencycas", "standardized", "carms", "target", "follow_ups")
"""The facts that cards name."""


def load_letters(folder: Path, specialties: Collection[str], loaded: Loaded) -> LetterAdvice:
    """Read ``letters.toml``; whatever is wrong is noted in ``loaded``. ``specialties`` are the ids that are held."""
    content = read_toml(folder / FILE, loaded.problems)
    record = validated(LettersRecord, content, FILE, loaded.problems) if content else None
    if record is None:
        return LetterAdvice({}, (), (), {}, {})
    reader = _Reader(record.as_of, loaded)
    for name, required, held in (
        ("fact", FACTS, record.fact),
        ("warning", tuple(LetterWarning), record.warning),
        ("circumstance", tuple(Circumstance), record.circumstance),
    ):
        loaded.problems.extend(f"{FILE}: {name}.{each} is missing" for each in required if each not in held)
    for wish in record.wish:
        unknown = sorted({*wish.specialties, *wish.counts} - set(specialties))
        loaded.problems.extend(f"{FILE}: wish {wish.id}: {each} is no specialty held" for each in unknown)
    return LetterAdvice(
        facts={name: reader.advice(each, f"fact.{name}") for name, each in record.fact.items()},
        wishes=tuple(map(reader.wish, record.wish)),
        disputes=tuple(Dispute(each.question, tuple(reader.advice(side, each.question) for side in each.side)) for each in record.dispute),
        warnings={warning: reader.advice(each, f"warning.{warning}") for warning, each in record.warning.items()},
        circumstances={which: reader.advice(each, f"circumstance.{which}") for which, each in record.circumstance.items()},
        cited=frozenset(reader.cited),
    )


@dataclass
class _Reader:
    as_of: date
    loaded: Loaded
    cited: set[str] = field(default_factory=set[str])

    def advice(self, record: AdviceRecord, where: str) -> Advice:
        """Return a text with its citation."""
        return Advice(record.text, self.cite(record, where))

    def wish(self, record: WishRecord) -> Wish:
        """Return a wish with its citation."""
        return Wish(
            id=record.id,
            measure=record.measure,
            text=record.text,
            citation=self.cite(record, f"wish {record.id}"),
            at_least=record.at_least,
            at_most=record.at_most,
            is_help=record.helps,
            specialties=frozenset(record.specialties),
            is_for_others=record.others,
            counts=frozenset(record.counts),
        )

    def cite(self, record: AdviceRecord, where: str) -> Citation:
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


def letter_citations(advice: LetterAdvice) -> list[Citation]:
    """Return the citation of every fact and every piece of advice."""
    single = (*advice.facts.values(), *advice.warnings.values(), *advice.circumstances.values())
    sides = [side for dispute in advice.disputes for side in dispute.sides]
    return [each.citation for each in (*single, *sides, *advice.wishes)]
