"""Whom the Match counts her among: by the place of the school first, then by citizenship."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.eligibility.answers import Answers, School, UsStatus

CANADIAN_CUT_OFF = 2025
"""Graduates of Canadian schools count as IMGs for training in the US from 1 July of this year on."""


class UsClass(StrEnum):
    """Whom NRMP counts her among."""

    US_IMG = "us_img"
    NON_US_IMG = "non_us_img"
    CANADIAN_GRADUATE = "canadian_graduate"
    NOT_IMG = "not_img"
    UNKNOWN = "unknown"


class CanadaClass(StrEnum):
    """Which stream of CaRMS she belongs to."""

    IMG = "img"
    CMG = "cmg"
    US_SCHOOL = "us_school"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class UsClassification:
    """Hold the class for the United States, with the reason."""

    value: UsClass
    reason: str


@dataclass(frozen=True, slots=True)
class CanadaClassification:
    """Hold the class for Canada, with the reason."""

    value: CanadaClass
    reason: str


def classify_us(answers: Answers) -> UsClassification:
    """Return whom NRMP counts her among."""
    if answers.school is School.US:
        return UsClassification(
            UsClass.NOT_IMG,
            "Your degree is from a school in the United States. That is no IMG, whatever your citizenship; ECFMG's rules don't apply.",
        )
    if answers.school is School.UNKNOWN:
        return UsClassification(UsClass.UNKNOWN, "It begins with where your school is, and that is not known yet.")
    if answers.school is School.CANADA:
        if answers.graduation is not None and answers.graduation < CANADIAN_CUT_OFF:
            return UsClassification(
                UsClass.CANADIAN_GRADUATE,
                "You graduated from a Canadian school before July 2025, so you do not count as an IMG for training in the United States.",
            )
        if may_be_no_img(answers):
            return UsClassification(
                UsClass.UNKNOWN,
                "Graduates of Canadian schools count as IMGs since 1 July 2025. Your exact date decides, and so does ECFMG's own wording: "
                "ask ECFMG.",
            )
    return _by_citizenship(answers.us_status)


def may_be_no_img(answers: Answers) -> bool:
    """Tell whether it is open that she counts as an IMG at all; citizenship has no part in that."""
    if answers.school is School.CANADA:
        return answers.graduation in (None, CANADIAN_CUT_OFF)
    return answers.school is School.UNKNOWN


def _by_citizenship(status: UsStatus) -> UsClassification:
    if status is UsStatus.CITIZEN:
        return UsClassification(UsClass.US_IMG, "A US citizen with a degree from a school outside the United States is a US IMG.")
    if status is UsStatus.UNKNOWN:
        return UsClassification(UsClass.UNKNOWN, "You are an IMG. Citizenship decides between US IMG and non-US IMG.")
    held = "A green card does not change that: NRMP counts citizens only as US IMGs." if status is UsStatus.GREEN_CARD else ""
    return UsClassification(
        UsClass.NON_US_IMG, f"An IMG who is not a US citizen is a non-US IMG. {held or 'It does not mean that you need a visa.'}"
    )


def classify_canada(answers: Answers) -> CanadaClassification:
    """Return which stream of CaRMS she belongs to."""
    match answers.school:
        case School.CANADA:
            return CanadaClassification(CanadaClass.CMG, "A graduate of a Canadian school applies in the stream of Canadian graduates.")
        case School.US:
            return CanadaClassification(
                CanadaClass.US_SCHOOL,
                "Graduates of accredited US schools are commonly said to apply beside Canadian graduates, not as IMGs. Confirm with CaRMS.",
            )
        case School.OTHER:
            return CanadaClassification(CanadaClass.IMG, "A degree from outside Canada and the United States makes you an IMG for CaRMS.")
        case School.UNKNOWN:
            return CanadaClassification(CanadaClass.UNKNOWN, "It depends on where your school is, and that is not known yet.")
