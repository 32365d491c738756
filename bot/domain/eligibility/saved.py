"""Answers that a member saved, what they gave then, and what has changed since."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.eligibility.answers import Answers, Certificate, Eras, Nrmp, Pathway, References, YesNo
from bot.domain.eligibility.evaluation import Result
from bot.domain.eligibility.verdicts import Due, Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what one rule gave, and by when it asks for something."""

    verdict: Verdict
    by: str = ""
    """The date that the rule itself names, never the later one that takes its place once it has passed: an organiser's wall time with its
    offset, or a day, in ISO 8601; empty where there is none or it is not known."""
    due: Due | None = field(default=None, compare=False)
    """That date with its source, while it is at hand; not stored."""


@dataclass(frozen=True, slots=True)
class Saved:
    """Hold what is stored of one member's eligibility."""

    member_id: int
    answers: Answers | None
    """None where what is stored can't be read any more."""
    outcomes: Mapping[str, Outcome]
    """What each rule gave when it was last checked, by the rule's id."""
    saved_at: datetime
    is_to_be_told: bool
    checked_with: str
    """The fingerprint of the rules and dates of the last check."""
    checks: int = 0
    """How often it was checked again since it was saved."""
    checked_at: datetime | None = None
    """When it was last checked again; None where that was when it was saved."""

    @property
    def last_check(self) -> datetime:
        """Return the moment that ``outcomes`` are of."""
        return self.checked_at or self.saved_at


@dataclass(frozen=True, slots=True)
class Change:
    """Hold what a rule gave before and gives now; None on either side where it did not concern her, or does no longer."""

    rule_id: str
    before: Outcome | None
    after: Outcome | None


def by_when(due: Due | None) -> str:
    """Return by when something is needed, as ``Outcome.by`` keeps it."""
    if due is None:
        return ""
    if due.on is not None:
        return due.on.isoformat()
    if due.event is None or due.event.at is None:
        return ""
    at = due.event.at
    return at.local.date().isoformat() if due.event.day_only else at.local.replace(tzinfo=ZoneInfo(at.zone)).isoformat()


def outcomes_of(result: Result) -> dict[str, Outcome]:
    """Return what is kept of a result to compare the next one with."""
    return {finding.rule.id: Outcome(finding.verdict, by_when(finding.named), finding.named) for finding in result.findings}


def changes_between(before: Mapping[str, Outcome], after: Mapping[str, Outcome]) -> tuple[Change, ...]:
    """Return the rules that give something else than before, in the order of ``after``; the date of one that stays met does not count."""
    ids = [*after, *(rule_id for rule_id in before if rule_id not in after)]
    changes = (Change(rule_id, before.get(rule_id), after.get(rule_id)) for rule_id in ids)
    return tuple(change for change in changes if _matters(change))


def told_of(before: Mapping[str, Outcome], then: Mapping[str, Outcome], now: Mapping[str, Outcome]) -> tuple[Change, ...]:
    """Return what a changed rule or date changed, with what holds now; what time alone changed is left out.

    Args:
        before: What the rules and dates of the last check gave at that moment.
        then: What those of today give for that same moment.
        now: What those of today give now.
    """
    by_rule = {change.rule_id for change in changes_between(before, then)}
    return tuple(change for change in changes_between(before, now) if change.rule_id in by_rule)


def _matters(change: Change) -> bool:
    if change.before is None or change.after is None:
        return True
    if change.before.verdict is Verdict.MET is change.after.verdict:
        return False
    return change.before != change.after


def for_match(answers: Answers, year: int) -> Answers:
    """Return the answers for the Match of another year: what holds for one season, or for a limited time, is asked anew."""
    if answers.match_year == year:
        return answers
    return replace(
        answers,
        match_year=year,
        eras=Eras.UNKNOWN,
        nrmp=Nrmp.UNKNOWN,
        july_start=YesNo.UNKNOWN,
        references=References.UNKNOWN,
        # An acceptance that is not used runs out and has to be revalidated, and so does the certificate that rests on it.
        pathway=Pathway.UNKNOWN if answers.pathway is Pathway.ACCEPTED else answers.pathway,
        certificate=Certificate.UNKNOWN if answers.certificate is Certificate.ISSUED else answers.certificate,
    )
