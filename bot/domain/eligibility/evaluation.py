"""All rules over one member's answers: a finding for each that concerns her, with what is still missing and by when."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.calendar import SeasonEvent
from bot.domain.eligibility import canada, dates, united_states
from bot.domain.eligibility.answers import Answers, Certificate, Step, Way
from bot.domain.eligibility.classification import CanadaClassification, UsClassification, classify_canada, classify_us, may_be_no_img
from bot.domain.eligibility.verdicts import Circumstances, EligibilityRule, Finding, Judge, Judgement, Reach, Verdict

DATES = frozenset((dates.FIRST_ITERATION, dates.SECOND_ITERATION, *canada.DATES))
"""The keys of the dates that the code reads, beside those that the rules name."""
_ATTEMPTS = {"us-step1-attempts": "step1", "us-step2-attempts": "step2"}
_DECIDE_THE_MATCH = ("us-verified", "us-nrmp")
_SERVE_LATER = frozenset(("us-credentials", "us-certificate"))
_SERVE_THIS_ONE = frozenset(("us-eras",))
_REST_ON_BOTH_STEPS = ("us-verified", "us-certificate", "us-soap")


@dataclass(frozen=True, slots=True)
class Result:
    """Hold what the rules give for one member; a class is None where she does not apply in that country."""

    answers: Answers
    us: UsClassification | None
    canada: CanadaClassification | None
    findings: tuple[Finding, ...]
    lost: tuple[Finding, ...] = ()
    """Why this Match is lost in the United States: what its rank order list deadline asked for and is not met; empty while it is not."""

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
    lost = tuple(each for each in findings if _is_lost(each, answers))
    if lost:
        findings = _for_a_later_season(findings)
    return Result(answers, classify_us(answers) if in_us else None, classify_canada(answers) if in_canada else None, tuple(findings), lost)


def _is_lost(finding: Finding, answers: Answers) -> bool:
    is_past = finding.due is not None and finding.due.is_past
    if finding.rule.id not in _DECIDE_THE_MATCH or finding.verdict is not Verdict.NOT_MET or not is_past:
        return False
    # Where all attempts are used it is more than this Match, and is said so. Who may be no IMG may need no verification.
    return _limit_reached(finding.rule.id, answers) is None and not (finding.rule.id == "us-verified" and may_be_no_img(answers))


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
    is_used_up = judgement.verdict is Verdict.NOT_MET and _limit_reached(rule.id, answers) is not None
    if not is_used_up:
        rule = replace(rule, next=judgement.next or rule.next, otherwise=judgement.otherwise or rule.otherwise)
    due = dates.shown(rule, answers, around)
    if judgement.verdict is Verdict.MET:
        reach = Reach.OPEN
    elif judgement.is_over or is_used_up:
        reach = Reach.NO_LONGER
    else:
        reach = dates.reach(rule, due, around)
    return Finding(rule, judgement.verdict, judgement.reason, due, reach, dates.named(rule, answers, around))


def _for_a_later_season(findings: list[Finding]) -> list[Finding]:
    """Return the findings of a Match that is lost: what is needed by its start serves the next one, and applying to it serves nothing."""
    open_ones = {each.rule.id for each in findings if each.verdict is not Verdict.MET and each.reach is not Reach.NO_LONGER}
    later = [replace(each, due=None, reach=Reach.OPEN) if each.rule.id in _SERVE_LATER & open_ones else each for each in findings]
    return [replace(each, reach=Reach.NO_LONGER) if each.rule.id in _SERVE_THIS_ONE & open_ones else each for each in later]
