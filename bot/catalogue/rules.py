"""The rules of eligibility, as the data states them."""

import hashlib
import inspect
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.catalogue.loading import Loaded, read_toml, validated
from bot.catalogue.record import Record
from bot.domain.calendar import SeasonEvent
from bot.domain.eligibility import canada, certification, classification, dates, evaluation, pathways, united_states
from bot.domain.eligibility.verdicts import EligibilityRule
from bot.domain.facts import Certainty, Citation

FOLDER = "rules"
FILES = ("united_states.toml", "canada.toml")
_PREFIXES = {"united_states.toml": "us-", "canada.toml": "ca-"}
MOST_TEXT = 2_600
"""What a rule may say in all, in characters: with its sources, its date and a member's own lines a card stays below 3,600."""
EXPLAINED = ("us-class", "ca-class")
"""What is explained beside the rules: whom she is counted among is a class and no verdict."""
_CODE = (classification, certification, pathways, united_states, canada, dates, evaluation)
Sentence = Annotated[str, Field(min_length=1, max_length=400)]


class RuleRecord(Record):
    """Hold one rule of ``bot/data/rules``; all its texts together fit one card."""

    title: Annotated[str, Field(min_length=1, max_length=70)]
    text: Annotated[str, Field(min_length=1, max_length=1_100)]
    changes: Sentence
    guides: Annotated[tuple[Sentence, ...], Field(max_length=4)]
    next: Sentence
    otherwise: Annotated[str, Field(max_length=400)]
    certainty: Certainty
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    note: Annotated[str, Field(max_length=300)] = ""
    confirm_at: str
    as_of: date | None = None
    by: str = ""
    at_latest: str = ""
    passed: Annotated[str, Field(max_length=200)] = ""
    over: str = ""
    by_day: Annotated[str, Field(pattern=r"^(\d\d-\d\d)?$")] = ""
    ahead: Annotated[tuple[Annotated[int, Field(ge=0, le=300)], ...], Field(min_length=1)] = (28, 14, 7, 1)
    order: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _fits(self) -> Self:
        texts = (self.title, self.text, self.changes, *self.guides, self.next, self.otherwise, self.passed, self.note)
        if sum(map(len, texts)) > MOST_TEXT:
            msg = f"the texts have {sum(map(len, texts))} characters together; {MOST_TEXT} fit a card"
            raise ValueError(msg)
        if self.by and self.by_day:
            msg = "by and by_day exclude each other"
            raise ValueError(msg)
        if self.at_latest and not (self.by or self.by_day):
            msg = "at_latest follows by or by_day"
            raise ValueError(msg)
        if bool(self.passed) != bool(self.over) or (self.passed and (self.at_latest or not self.by)):
            msg = "passed and over go together, follow by, and exclude at_latest"
            raise ValueError(msg)
        if list(self.ahead) != sorted(set(self.ahead), reverse=True):
            msg = "ahead goes from the earliest reminder to the last"
            raise ValueError(msg)
        if self.by_day:
            date.fromisoformat(f"2027-{self.by_day}")
        if (self.by or self.by_day) and self.order and not self.otherwise:
            msg = "a step with a date says what then"
            raise ValueError(msg)
        return self


def load_rules(folder: Path, loaded: Loaded) -> dict[str, EligibilityRule]:
    """Read every rule; problems are noted in ``loaded``."""
    rules: dict[str, EligibilityRule] = {}
    event_keys = {key for _, key in loaded.kinds}
    for name in FILES:
        content = dict(read_toml(folder / FOLDER / name, loaded.problems))
        as_of = content.pop("as_of", None)
        if not isinstance(as_of, date):
            loaded.problems.append(f"{name}: as_of is missing")
            continue
        for rule_id, entry in content.items():
            record = validated(RuleRecord, entry, f"{name}: {rule_id}", loaded.problems)
            if record is None:
                continue
            missing = [source for source in (*record.sources, record.confirm_at) if source not in loaded.sources]
            loaded.problems.extend(f"{name}: {rule_id}: source {source} does not exist" for source in missing)
            keys = [key for key in (record.by, record.at_latest, record.over) if key and key not in event_keys]
            loaded.problems.extend(f"{name}: {rule_id}: no date has the key {key}" for key in keys)
            if not missing and not keys:
                rules[rule_id] = _rule(rule_id, record, as_of, loaded)
        loaded.problems.extend(_wrong_ids(name, content))
    return rules


def _wrong_ids(name: str, content: Mapping[str, object]) -> list[str]:
    """Return a problem for every rule that the code judges and the data lacks, and the other way round."""
    judged = {rule_id for rule_id in (*united_states.JUDGES, *canada.JUDGES, *EXPLAINED) if rule_id.startswith(_PREFIXES[name])}
    return [f"{name}: {rule_id}: the rule is missing" for rule_id in sorted(judged - content.keys())] + [
        f"{name}: {rule_id}: nothing judges it" for rule_id in sorted(content.keys() - judged)
    ]


def _rule(rule_id: str, record: RuleRecord, as_of: date, loaded: Loaded) -> EligibilityRule:
    owner = loaded.sources[record.confirm_at]
    citation = Citation(
        certainty=record.certainty,
        sources=tuple(loaded.sources[source] for source in record.sources),
        as_of=record.as_of or as_of,
        note=record.note,
        confirm_at=None if record.certainty is Certainty.ANNOUNCED else owner,
    )
    return EligibilityRule(
        id=rule_id,
        title=record.title,
        text=record.text,
        changes=record.changes,
        guides=record.guides,
        next=record.next,
        otherwise=record.otherwise,
        citation=citation,
        by=record.by,
        at_latest=record.at_latest,
        passed=record.passed,
        over=record.over,
        by_day=record.by_day,
        ahead=record.ahead,
        order=record.order,
    )


def fingerprint(rules: Mapping[str, EligibilityRule], events: Iterable[SeasonEvent]) -> str:
    """Return a hash of the rules, their code, and the dates that either names: it differs when one of them has changed."""
    used = {key for rule in rules.values() for key in (rule.by, rule.at_latest, rule.over) if key} | evaluation.DATES
    digest = hashlib.sha256()
    for module in _CODE:
        digest.update(inspect.getsource(module).encode())
    for rule_id in sorted(rules):
        digest.update(repr(rules[rule_id]).encode())
    for event in sorted((event for event in events if event.key in used), key=lambda event: event.id):
        digest.update(f"{event.id}|{event.at}|{event.citation.certainty}".encode())
    return digest.hexdigest()
