"""Whom the Match counts her among."""

import pytest

from bot.domain.eligibility.answers import Answers, School, UsStatus
from bot.domain.eligibility.classification import CanadaClass, UsClass, classify_canada, classify_us, may_be_no_img


@pytest.mark.parametrize(
    ("school", "graduation", "status", "value", "said"),
    [
        (School.US, 2024, UsStatus.VISA_NEEDED, UsClass.NOT_IMG, "whatever your citizenship"),
        (School.US, None, UsStatus.UNKNOWN, UsClass.NOT_IMG, "no IMG"),
        (School.OTHER, 2024, UsStatus.CITIZEN, UsClass.US_IMG, "US citizen"),
        (School.OTHER, 2024, UsStatus.GREEN_CARD, UsClass.NON_US_IMG, "green card does not change that"),
        (School.OTHER, 2024, UsStatus.OTHER_AUTHORISATION, UsClass.NON_US_IMG, "does not mean that you need a visa"),
        (School.OTHER, 2024, UsStatus.VISA_NEEDED, UsClass.NON_US_IMG, "not a US citizen"),
        (School.OTHER, 2024, UsStatus.UNKNOWN, UsClass.UNKNOWN, "You are an IMG"),
        (School.CANADA, 2024, UsStatus.CITIZEN, UsClass.CANADIAN_GRADUATE, "before July 2025"),
        (School.CANADA, 2024, UsStatus.UNKNOWN, UsClass.CANADIAN_GRADUATE, "do not count as an IMG"),
        (School.CANADA, 2025, UsStatus.CITIZEN, UsClass.UNKNOWN, "exact date decides"),
        (School.CANADA, None, UsStatus.CITIZEN, UsClass.UNKNOWN, "exact date decides"),
        (School.CANADA, 2026, UsStatus.CITIZEN, UsClass.US_IMG, "US citizen"),
        (School.CANADA, 2026, UsStatus.VISA_NEEDED, UsClass.NON_US_IMG, "not a US citizen"),
        (School.UNKNOWN, 2024, UsStatus.CITIZEN, UsClass.UNKNOWN, "where your school is"),
    ],
)
def test_the_school_decides_first_and_citizenship_then(
    school: School, graduation: int | None, status: UsStatus, value: UsClass, said: str
) -> None:
    found = classify_us(Answers(2027, school=school, graduation=graduation, us_status=status))
    assert found.value is value
    assert said in found.reason


@pytest.mark.parametrize(
    ("school", "value", "said"),
    [
        (School.OTHER, CanadaClass.IMG, "IMG for CaRMS"),
        (School.CANADA, CanadaClass.CMG, "Canadian graduates"),
        (School.US, CanadaClass.US_SCHOOL, "Confirm with CaRMS"),
        (School.UNKNOWN, CanadaClass.UNKNOWN, "not known yet"),
    ],
)
def test_the_stream_of_carms_follows_the_school(school: School, value: CanadaClass, said: str) -> None:
    found = classify_canada(Answers(2027, school=school))
    assert found.value is value
    assert said in found.reason


@pytest.mark.parametrize(
    ("school", "graduation", "is_open"),
    [
        (School.UNKNOWN, 2020, True),
        (School.CANADA, None, True),
        (School.CANADA, 2025, True),
        (School.CANADA, 2024, False),
        (School.CANADA, 2026, False),
        (School.OTHER, None, False),
        (School.US, None, False),
    ],
)
def test_whether_she_counts_as_an_img_at_all_may_be_open(school: School, graduation: int | None, is_open: bool) -> None:
    assert may_be_no_img(Answers(2027, school=school, graduation=graduation)) is is_open
