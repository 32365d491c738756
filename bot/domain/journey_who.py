"""Whom a member is among, by what she told elsewhere; what she did not tell is left open, and leaves nothing out."""

from bot.domain.eligibility.answers import Answers, Pathway, School, Step, UsStatus, VisaPlan
from bot.domain.exam_records import ExamKey
from bot.domain.journey import Who
from bot.domain.journey_told import Told

NO_VISA_NEEDED = frozenset((UsStatus.CITIZEN, UsStatus.GREEN_CARD, UsStatus.OTHER_AUTHORISATION))


def among(told: Told) -> dict[Who, bool]:
    """Return whom she is among, and whom not; what is not known is left out."""
    known: dict[Who, bool | None] = {
        Who.COUPLE: told.ranking.is_couple if told.ranking is not None else None,
        # Nothing kept of an earlier Match does not say that there was none.
        Who.REAPPLYING: True if told.has_earlier_season else None,
        Who.FAILED_ATTEMPT: _has_failed(told),
    }
    if told.answers is not None:
        known |= _by_answers(told.answers)
    return {who: is_one for who, is_one in known.items() if is_one is not None}


def _by_answers(answers: Answers) -> dict[Who, bool | None]:
    needs = None if answers.us_status is UsStatus.UNKNOWN else answers.us_status not in NO_VISA_NEEDED
    plan = answers.visa_plan
    is_undecided = plan in (VisaPlan.EITHER, VisaPlan.UNKNOWN)
    return {
        Who.VISA_NEEDED: needs,
        Who.NO_VISA: None if needs is None else not needs,
        Who.J1: False if needs is False else None if is_undecided else plan is VisaPlan.J1,
        Who.H1B: False if needs is False else None if is_undecided else plan is VisaPlan.H1B,
        Who.IMG: {School.OTHER: True, School.US: False, School.CANADA: False}.get(answers.school),
        Who.US_IMG: _is_us_img(answers),
        Who.PHYSICIAN_ABROAD: True if answers.pathway is Pathway.LICENSED else None,
    }


def _is_us_img(answers: Answers) -> bool | None:
    if answers.us_status is UsStatus.UNKNOWN:
        return None
    if answers.us_status is not UsStatus.CITIZEN or answers.school is School.US:
        return False
    return True if answers.school is School.OTHER else None


def _has_failed(told: Told) -> bool | None:
    records = [(told.exams or {}).get(key) for key in (ExamKey.STEP1, ExamKey.STEP2)]
    steps = [told.answers.step1, told.answers.step2] if told.answers is not None else [Step.UNKNOWN, Step.UNKNOWN]
    if any(record.failures for record in records if record is not None):
        return True
    if any(step.is_failed or (step.is_passed and step is not Step.PASSED_1) for step in steps):
        return True
    is_told = all(step is not Step.UNKNOWN or (record is not None and record.attempts) for step, record in zip(steps, records, strict=True))
    return False if is_told else None
