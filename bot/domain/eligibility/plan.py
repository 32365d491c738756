"""What is still missing, as steps in the order of what takes longest."""

from dataclasses import dataclass

from bot.domain.eligibility.answers import VisaPlan
from bot.domain.eligibility.evaluation import Result
from bot.domain.eligibility.verdicts import Due, Finding, Reach, Verdict

ATTEMPTS = {"us-step1-attempts": "us-step1", "us-step2-attempts": "us-step2"}
"""Each limit on attempts, with the rule that asks for the exam itself."""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """Hold one step: the finding that asks for it, what to do, by when, and what then where that can't be reached."""

    finding: Finding
    todo: str
    """Empty where it can't be reached any more: only what then is left."""
    due: Due | None
    reach: Reach
    otherwise: str
    """What then; empty only while there is time."""


def plan(result: Result) -> tuple[PlanStep, ...]:
    """Return the steps that are left, the longest first: what is not met, and what is not known where it can be found out.

    The order is our judgement and stands in the rules; nothing is said about how long a step takes, because no source held says it.
    """
    found = {finding.rule.id: finding for finding in result.findings}
    steps = [finding for finding in result.findings if _is_step(finding, found, result)]
    used_up = {rule_id for rule_id in ATTEMPTS if rule_id in found and found[rule_id].verdict is Verdict.NOT_MET}
    if used_up:
        # Without an attempt left nothing else leads to certification: no step may cost time and money for nothing.
        steps = [finding for finding in steps if finding.rule.id in used_up or finding.rule.id.startswith("ca-")]
    steps.sort(key=lambda finding: (finding.rule.id.startswith("ca-"), finding.rule.order, finding.rule.id))
    return tuple(
        PlanStep(
            finding,
            "" if finding.reach is Reach.NO_LONGER else finding.rule.next,
            finding.due,
            finding.reach,
            "" if finding.reach is Reach.OPEN else finding.rule.otherwise,
        )
        for finding in steps
    )


def _is_step(finding: Finding, found: dict[str, Finding], result: Result) -> bool:
    rule = finding.rule
    if not rule.order or finding.verdict not in (Verdict.NOT_MET, Verdict.UNKNOWN):
        return False
    if rule.id == "us-h1b":
        # Step 3 is a step for who chose this visa, not for everybody who might.
        return finding.verdict is Verdict.NOT_MET and result.answers.visa_plan is VisaPlan.H1B
    if rule.id == "us-seven-years" and not (result.answers.step1.is_passed or result.answers.step2.is_passed):
        # No window has begun while nothing is passed.
        return False
    exam = found.get(ATTEMPTS.get(rule.id, ""))
    # Where the exam itself is not known, its own step asks already.
    return exam is None or finding.verdict is Verdict.NOT_MET or exam.verdict is Verdict.MET
