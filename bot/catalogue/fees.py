"""What the way costs, as the data holds it; where an amount was read stands with the facts of ``/faq``."""

from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.catalogue.faq import Faq
from bot.catalogue.loading import Loaded, read_toml, validated
from bot.catalogue.record import Record
from bot.domain.fees import Fee, FeePart, Fees, FeeScale, Tier
from bot.domain.letters import ApplicationService

FILE = "fees.toml"
ITEMS = (
    "token", "transcript", "residencycas-support", "carms", "registration", "codes", "late", "couple", "ecfmg-application", "step1",
    "step2", "step3", "pathway", "oet", "mccqe1", "nac", "j1-sponsor", "sevis", "j1-visa", "h1b",
)  # fmt: skip
"""The fees that a reckoning names."""
Amount = Annotated[int, Field(ge=1, le=9_999)]


class TierRecord(Record):
    """Hold one tier."""

    up_to: Annotated[int, Field(ge=1)] | None = None
    each: Amount | None = None
    at_once: Amount | None = None

    @model_validator(mode="after")
    def _costs_one_way(self) -> Self:
        if (self.each is None) == (self.at_once is None):
            msg = "a tier costs either each or at_once"
            raise ValueError(msg)
        return self


class ScaleRecord(Record):
    """Hold what a service asks by number of programs."""

    service: ApplicationService
    fact: str
    season: Annotated[int, Field(ge=2020, le=2100)]
    tiers: Annotated[tuple[TierRecord, ...], Field(min_length=1)]
    specialties: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _goes_on_without_end(self) -> Self:
        *bounded, last = self.tiers
        ends = [each.up_to or 0 for each in bounded]
        if last.up_to is not None or not all(ends) or any(later <= earlier for earlier, later in pairwise(ends)):
            msg = "tiers stand in order, and the last one alone has no end"
            raise ValueError(msg)
        return self


class ItemRecord(Record):
    """Hold one fee: an amount with its fact, or where to ask."""

    part: FeePart
    name: Annotated[str, Field(min_length=1, max_length=70)]
    amount: Amount | None = None
    about: bool = False
    fact: str | None = None
    ask: str | None = None

    @model_validator(mode="after")
    def _is_held_or_asked(self) -> Self:
        if (self.amount is None) != (self.fact is None) or (self.amount is None) == (self.ask is None):
            msg = "an amount stands with its fact; without one, ask says where"
            raise ValueError(msg)
        return self


class FeesRecord(Record):
    """Hold the whole file."""

    scale: Annotated[dict[str, ScaleRecord], Field(min_length=1)]
    item: dict[str, ItemRecord]


def load_fees(folder: Path, loaded: Loaded, faq: Faq, specialties: set[str]) -> Fees:
    """Read ``fees.toml``; whatever is wrong is noted in ``loaded``."""
    content = read_toml(folder / FILE, loaded.problems)
    record = validated(FeesRecord, content, FILE, loaded.problems) if content else None
    if record is None:
        return Fees((), {}, frozenset())
    loaded.problems.extend(_wrong(record, loaded, faq, specialties))
    scales = tuple(
        FeeScale(
            each.service,
            each.season,
            tuple(Tier(tier.up_to, tier.each or 0, tier.at_once or 0) for tier in each.tiers),
            faq.facts[each.fact],
            frozenset(each.specialties),
        )
        for each in record.scale.values()
        if each.fact in faq.facts
    )
    items = {
        name: Fee(
            name,
            each.part,
            each.name,
            each.amount,
            each.about,
            faq.facts.get(each.fact) if each.fact else None,
            loaded.sources.get(each.ask) if each.ask else None,
        )
        for name, each in record.item.items()
    }
    return Fees(scales, items, frozenset(each.ask for each in record.item.values() if each.ask))


def _wrong(record: FeesRecord, loaded: Loaded, faq: Faq, specialties: set[str]) -> list[str]:
    facts = {each.fact for each in (*record.scale.values(), *record.item.values()) if each.fact}
    asked = {each.ask for each in record.item.values() if each.ask}
    named = {each for scale in record.scale.values() for each in scale.specialties}
    return [
        *(f"{FILE}: item.{each} is missing" for each in ITEMS if each not in record.item),
        *(f"{FILE}: nothing reckons with item.{each}" for each in record.item if each not in ITEMS),
        *(f"{FILE}: no fact {each} in faq/facts.toml" for each in sorted(facts - faq.facts.keys())),
        *(f"{FILE}: source {each} does not exist" for each in sorted(asked - loaded.sources.keys())),
        *(f"{FILE}: no specialty {each}" for each in sorted(named - specialties)),
    ]
