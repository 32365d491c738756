"""All rules over one member's answers: a finding for each that concerns her, with what is still missing and by when."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.calendar import SeasonEvent
from bot.domain.eligibility import canada, united_states
from bot.domain.eligibility.answers import Answers, Certificate, Step, Way, YesNo
from bot.domain.eligibility.classification import CanadaClassification, UsClassification, classify_canada, classify_us
from bot.domain.eligibility.verdicts import Circumstances, Due, EligibilityRule, Finding, Judge, Judgement, Reach, Verdict
from bot.domain.facts import Certainty

TIGHT = timedelta(days=28)
"""What is due within this time is called tight."""
FIRST_ITERATION, SECOND_ITERATION = "carms-first-deadline", "carms-second-opens"
DATES = frozenset((FIRST_ITERATION, SECOND_ITERATION, *canada.DATES))
"""The keys of the dates that the code reads, beside those that the rules name."""
_ATTEMPTS = {"us-step1-attempts": "step1", "us-step2-attempts": "step2"}
_REST_ON_BOTH_STEPS = ("us-verified", "us-certificate", "us-soap")


@dataclass(frozen=True, slots=True)
class Result:
    """Hold what the rules give for one member; a class is None where she does not apply in that country."""

    answers: Answers
    us: UsClassification | None
    canada: CanadaClassification | None
    findings: tuple[Finding, ...]

    def verdicts(self) -> dict[str, Verdict]:
        """Return the verdict of each rule that concerns her."""
        return {finding.rule.id: finding.verdict for finding in self.findings}


def evaluate(answers: Answers, rules: Mapping[str, EligibilityRule], events: Mapping[str, SeasonEvent], now: datetime) -> Result:
    """Return what every rule gives.

    Args:
        answers: What she answered.
        rules: The rules of the catalogue, by id.
        events: The dates of her Match, by key; those of both countries may stand together.
        now: The moment, aware.
    """
    around = Circumstances(now, events)
    in_us, in_canada = answers.country is not Way.CANADA, answers.country is not Way.UNITED_STATES
    judges: list[tuple[str, Judge]] = []
    if in_us:
        judges += [
            (rule_id, united_states.JUDGES[rule_id]) for rule_id in united_states.concerning(answers) if rule_id in united_states.JUDGES
        ]
    if in_canada:
        judges += [(rule_id, canada.JUDGES[rule_id]) for rule_id in canada.concerning(answers) if rule_id in canada.JUDGES]
    findings = [_finding(_for_her(rules[rule_id], rules, answers), judge(answers, around), answers, around) for rule_id, judge in judges]
    return Result(answers, classify_us(answers) if in_us else None, classify_canada(answers) if in_canada else None, tuple(findings))


def _for_her(rule: EligibilityRule, rules: Mapping[str, EligibilityRule], answers: Answers) -> EligibilityRule:
    """Return the rule, asking for no further attempt where none is left."""
    limit = _limit_reached(rule.id, answers)
    return rule if limit is None else replace(rule, next=rules[limit].next, otherwise=rules[limit].otherwise)


def _limit_reached(rule_id: str, answers: Answers) -> str | None:
    """Return the rule on attempts because of which this one can't be met any more, or None."""
    if answers.certificate is Certificate.ISSUED:
        return None
    used_up = [limit for limit, step in _ATTEMPTS.items() if getattr(answers, step) is Step.FAILED_4]
    if rule_id in _REST_ON_BOTH_STEPS and used_up:
        return used_up[0]
    own = f"{rule_id.removesuffix('-attempts')}-attempts"
    return own if own in used_up else None


def _finding(rule: EligibilityRule, judgement: Judgement, answers: Answers, around: Circumstances) -> Finding:
    due = _due(rule, answers, around)
    if judgement.verdict is Verdict.MET:
        reach = Reach.OPEN
    elif judgement.verdict is Verdict.NOT_MET and _limit_reached(rule.id, answers) is not None:
        reach = Reach.NO_LONGER
    else:
        reach = _reach(rule, due, around)
    return Finding(rule, judgement.verdict, judgement.reason, due, reach)


def _due(rule: EligibilityRule, answers: Answers, around: Circumstances) -> Due | None:
    # Who trained in Canada or the US before has the second iteration; of that only the opening is held.
    is_second = rule.by == FIRST_ITERATION and answers.prior_training is YesNo.YES
    event = around.events.get(SECOND_ITERATION if is_second else rule.by)
    if rule.at_latest and event is not None and event.at is not None and event.at.instant() <= around.now:
        event = around.events.get(rule.at_latest)
    if event is not None:
        return Due(event=event, certainty=event.citation.certainty)
    if rule.by_day:
        month, day = map(int, rule.by_day.split("-"))
        # A season runs from June to June: from July on the day lies in the year before its Match.
        year = answers.match_year - 1 if month > 6 else answers.match_year
        return Due(on=date(year, month, day), certainty=Certainty.ESTIMATED)
    return None


def _reach(rule: EligibilityRule, due: Due | None, around: Circumstances) -> Reach:
    if due is None:
        return Reach.NOT_KNOWN
    if due.event is not None:
        return _reach_of_event(rule, due.event, around.now)
    assert due.on is not None  # noqa: S101 - one of the two stands in every Due
    left = due.on - around.now.date()
    if left < timedelta(0):
        # Our own planning day has passed; only an event that has passed too makes it impossible.
        end = around.events.get(rule.at_latest)
        is_over = end is not None and end.at is not None and end.at.instant() <= around.now
        return Reach.NO_LONGER if is_over or not rule.at_latest else Reach.TIGHT
    return Reach.TIGHT if left < TIGHT else Reach.OPEN


def _reach_of_event(rule: EligibilityRule, event: SeasonEvent, now: datetime) -> Reach:
    if event.at is None:
        return Reach.NOT_KNOWN
    at = event.at.instant()
    if at <= now:
        # An opening that has passed ends nothing.
        return Reach.NOT_KNOWN if event.key == SECOND_ITERATION else Reach.NO_LONGER
    return Reach.TIGHT if event.key == rule.at_latest or at - now < TIGHT else Reach.OPEN
