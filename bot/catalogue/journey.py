"""The checklists of her way, as ``journey/*.toml`` holds them; every item cites what it rests on, or says that it is advice.

A citation is ``scheme:name``: ``rule:us-j1``, ``fact:lock`` (``faq/facts.toml``), ``faq:mspe`` or ``letters:steps``; or an item names its
sources itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from bot.catalogue.faq import Faq
from bot.catalogue.loading import Loaded, read_toml, validated
from bot.catalogue.record import Record
from bot.domain.eligibility.verdicts import EligibilityRule
from bot.domain.facts import Certainty, Citation
from bot.domain.journey import Guide, GuideKey, Item, JourneyTexts, Section, Who
from bot.domain.letter_mix import LetterAdvice
from bot.domain.member import Country

FOLDER = "journey"
DERIVED = frozenset(
    (
        "school", "ecfmg-application", "credentials", "certificate", "step1", "step2", "step3", "oet", "pathway", "mccqe1", "nac",
        "ca-language", "rotations", "letters", "token", "application", "documents", "nrmp", "programs", "signals", "applied", "practice",
        "interviews", "ranked", "verified", "certified", "result", "visa-plan", "letters-asked", "letters-requested", "letters-carms",
        "rotations-ca", "ca-status",
    )
)  # fmt: skip
"""What an item can be read from."""
Key = Annotated[str, Field(pattern=r"^[a-z0-9-]{2,32}$")]
_SURE = (Certainty.ANNOUNCED, Certainty.EXPECTED, Certainty.ESTIMATED, Certainty.UNKNOWN)


class _Record(Record):
    model_config = ConfigDict(str_strip_whitespace=True)


class ItemRecord(_Record):
    """Hold one item."""

    key: Key
    title: Annotated[str, Field(min_length=4, max_length=70)]
    what: Annotated[str, Field(min_length=10, max_length=480)]
    why: Annotated[str, Field(max_length=220)] = ""
    by: Annotated[tuple[str, ...], Field(max_length=3)] = ()
    countries: tuple[Country, ...] = tuple(Country)
    who: tuple[Who, ...] = ()
    derived: str = ""
    mark: bool = True
    lawyer: bool = False
    advice: bool = False
    cites: Annotated[tuple[str, ...], Field(max_length=4)] = ()
    sources: tuple[str, ...] = ()
    certainty: Certainty | None = None
    note: Annotated[str, Field(max_length=240)] = ""
    confirm_at: str | None = None

    @model_validator(mode="after")
    def _rests_on_one_thing(self) -> Self:
        if [self.advice, bool(self.cites), bool(self.sources)].count(True) != 1:
            msg = "an item cites, names its sources, or is advice; one of the three"
            raise ValueError(msg)
        if bool(self.sources) != (self.certainty is not None):
            msg = "certainty stands beside sources, and is read from what is cited"
            raise ValueError(msg)
        if self.certainty not in (None, Certainty.ANNOUNCED) and self.confirm_at is None:
            msg = "is not announced and says not where to confirm it"
            raise ValueError(msg)
        return self


class SectionRecord(_Record):
    """Hold one section."""

    key: Key
    title: Annotated[str, Field(min_length=2, max_length=60)]
    text: Annotated[str, Field(max_length=600)] = ""
    item: Annotated[tuple[ItemRecord, ...], Field(min_length=1, max_length=9)]


class GuideRecord(_Record):
    """Hold one file."""

    title: Annotated[str, Field(min_length=2, max_length=40)]
    about: Annotated[str, Field(min_length=10, max_length=300)]
    as_of: date
    section: Annotated[tuple[SectionRecord, ...], Field(min_length=1, max_length=16)]


def load_journey(folder: Path, loaded: Loaded, rules: Mapping[str, EligibilityRule], faq: Faq, letters: LetterAdvice) -> JourneyTexts:
    """Read ``journey/*.toml``; whatever is wrong is noted in ``loaded``."""
    known: dict[str, tuple[Citation, ...]] = {f"rule:{name}": (rule.citation,) for name, rule in rules.items()}
    known |= {f"fact:{name}": (citation,) for name, citation in faq.facts.items()}
    known |= {f"faq:{name}": answer.citations for name, answer in faq.answers.items() if answer.citations}
    known |= {f"letters:{name}": (fact.citation,) for name, fact in letters.facts.items()}
    reader = _Reader(loaded, known)
    guides: dict[GuideKey, Guide] = {}
    for key in GuideKey:
        where = f"{FOLDER}/{key.value}.toml"
        content = read_toml(folder / where, loaded.problems)
        record = validated(GuideRecord, content, where, loaded.problems) if content else None
        if record is not None:
            guides[key] = reader.guide(key, record, where)
    keys = [item.key for guide in guides.values() for item in guide.items]
    loaded.problems.extend(f"{FOLDER}: {each} stands twice" for each in sorted({key for key in keys if keys.count(key) > 1}))
    return JourneyTexts(guides, tuple(reader.own), frozenset(reader.cited))


@dataclass
class _Reader:
    loaded: Loaded
    known: Mapping[str, tuple[Citation, ...]]
    own: list[Citation] = field(default_factory=list[Citation])
    cited: set[str] = field(default_factory=set[str])

    def guide(self, key: GuideKey, record: GuideRecord, where: str) -> Guide:
        """Return one checklist."""
        sections = tuple(
            Section(each.key, each.title, each.text, tuple(self.item(entry, record.as_of, where) for entry in each.item))
            for each in record.section
        )
        return Guide(key, record.title, record.about, record.as_of, sections)

    def item(self, record: ItemRecord, as_of: date, where: str) -> Item:
        """Return one item; an event, a citation or a source that does not exist is a problem."""
        if record.derived and record.derived not in DERIVED:
            self._complain(where, record.key, [f"nothing is read from {record.derived}"])
        citations = self._citations(record, as_of, where)
        least = max((_SURE.index(each.certainty) for each in citations), default=None)
        return Item(
            key=record.key,
            title=record.title,
            what=record.what,
            why=record.why,
            by=tuple(self._events(record, where)),
            countries=frozenset(record.countries),
            who=frozenset(record.who),
            derived=record.derived,
            is_markable=record.mark,
            is_for_lawyers=record.lawyer,
            is_advice=record.advice,
            citations=citations,
            certainty=None if least is None else _SURE[least],
        )

    def _citations(self, record: ItemRecord, as_of: date, where: str) -> tuple[Citation, ...]:
        if record.sources:
            held = self.loaded.sources
            ids = [*record.sources, *([record.confirm_at] if record.confirm_at else [])]
            self._complain(where, record.key, [f"source {each} does not exist" for each in ids if each not in held])
            self.cited.update(ids)
            citation = Citation(
                certainty=record.certainty or Certainty.UNKNOWN,
                sources=tuple(held[each] for each in record.sources if each in held),
                as_of=as_of,
                note=record.note,
                confirm_at=held.get(record.confirm_at) if record.confirm_at else None,
            )
            self.own.append(citation)
            return (citation,)
        self._complain(where, record.key, [f"{each} does not exist" for each in record.cites if each not in self.known])
        return tuple(dict.fromkeys(citation for each in record.cites for citation in self.known.get(each, ())))

    def _events(self, record: ItemRecord, where: str) -> Iterable[tuple[Country, str]]:
        for each in record.by:
            code, _, key = each.partition("-")
            if code in set(Country) and (Country(code), key) in self.loaded.kinds:
                yield Country(code), key
            else:
                self._complain(where, record.key, [f"no event is called {each}"])

    def _complain(self, where: str, key: str, problems: Iterable[str]) -> None:
        self.loaded.problems.extend(f"{where}: {key}: {each}" for each in problems)
