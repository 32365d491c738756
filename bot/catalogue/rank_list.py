"""What is stated about the rank order list, and the worked examples of the algorithm, as the data holds them."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.catalogue.loading import Loaded, read_toml, validated
from bot.catalogue.record import Record
from bot.domain.facts import Certainty, Citation
from bot.domain.matching.market import Market, ProgramList
from bot.domain.rank_facts import RankFact, RankFacts, RankFees, WorkedExample

FILE = "rank_list.toml"
Name = Annotated[str, Field(min_length=1, max_length=20)]
FACTS = (
    "algorithm",
    "true_order",
    "longer",
    "couples_left_out",
    "interviewed",
    "binding",
    "supplemental",
    "certify",
    "couples",
    "couples_lists",
    "couples_fee",
    "codes",
)
"""The facts that cards name."""


class _Cited(Record):
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    certainty: Certainty = Certainty.ANNOUNCED
    note: Annotated[str, Field(max_length=200)] = ""
    confirm_at: str | None = None


class FactRecord(_Cited):
    """Hold one text."""

    text: Annotated[str, Field(min_length=1, max_length=400)]


class ExampleRecord(_Cited):
    """Hold one worked example: the lists of both sides by name."""

    title: Annotated[str, Field(min_length=1, max_length=90)]
    text: Annotated[str, Field(min_length=1, max_length=300)]
    places: Annotated[int, Field(ge=1, le=9)]
    applicants: Annotated[dict[Name, tuple[Name, ...]], Field(min_length=1, max_length=9)]
    programs: Annotated[dict[Name, tuple[Name, ...]], Field(min_length=1, max_length=9)]


class FeesRecord(Record):
    """Hold the numbers that are reckoned with."""

    codes_included: Annotated[int, Field(ge=1)]
    extra_code: Annotated[int, Field(ge=0)]
    long_list: Annotated[int, Field(ge=1)]
    most_ranks: Annotated[int, Field(ge=1)]


class RankListRecord(Record):
    """Hold the whole file."""

    as_of: date
    fact: dict[str, FactRecord]
    fees: FeesRecord
    example: Annotated[dict[Annotated[str, Field(pattern=r"^[a-z]{1,12}$")], ExampleRecord], Field(min_length=1, max_length=9)]


def load_rank_list(folder: Path, loaded: Loaded) -> RankFacts:
    """Read ``rank_list.toml``; whatever is wrong is noted in ``loaded``."""
    content = read_toml(folder / FILE, loaded.problems)
    record = validated(RankListRecord, content, FILE, loaded.problems) if content else None
    if record is None:
        return RankFacts({}, RankFees(0, 0, 0, 0), {}, frozenset())
    loaded.problems.extend(f"{FILE}: fact.{each} is missing" for each in FACTS if each not in record.fact)
    reader = _Reader(record.as_of, loaded)
    facts = {name: RankFact(each.text, reader.cite(each, f"fact.{name}")) for name, each in record.fact.items()}
    examples = {name: example for name, each in record.example.items() if (example := reader.example(name, each)) is not None}
    fees = RankFees(record.fees.codes_included, record.fees.extra_code, record.fees.long_list, record.fees.most_ranks)
    return RankFacts(facts, fees, examples, frozenset(reader.cited))


@dataclass
class _Reader:
    as_of: date
    loaded: Loaded
    cited: set[str] = field(default_factory=set[str])

    def example(self, name: str, record: ExampleRecord) -> WorkedExample | None:
        """Return an example; lists that can't be are a problem."""
        programs = {each: ProgramList(record.places, ranked) for each, ranked in record.programs.items()}
        citation = self.cite(record, f"example.{name}")
        try:
            market = Market(record.applicants, programs)
        except ValueError as error:
            self.loaded.problems.append(f"{FILE}: example.{name}: {error}")
            return None
        return WorkedExample(name, record.title, record.text, market, citation)

    def cite(self, record: _Cited, where: str) -> Citation:
        """Return the citation of a record; a source that does not exist is a problem."""
        ids = [*record.sources, *([record.confirm_at] if record.confirm_at else [])]
        held = self.loaded.sources
        self.loaded.problems.extend(f"{FILE}: {where}: source {each} does not exist" for each in ids if each not in held)
        if record.certainty is not Certainty.ANNOUNCED and record.confirm_at is None:
            self.loaded.problems.append(f"{FILE}: {where}: is not announced and says not where to confirm it")
        self.cited.update(ids)
        return Citation(
            certainty=record.certainty,
            sources=tuple(held[each] for each in record.sources if each in held),
            as_of=self.as_of,
            note=record.note,
            confirm_at=held.get(record.confirm_at) if record.confirm_at else None,
        )


def rank_citations(held: RankFacts) -> list[Citation]:
    """Return the citation of every fact and example."""
    return [each.citation for each in (*held.facts.values(), *held.examples.values())]
