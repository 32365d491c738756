"""The questions as a member reads them: within Discord's limits, nothing asked twice, every answer on offer."""

from dataclasses import fields, replace
from enum import StrEnum

import pytest

from bot.domain.eligibility.answers import Answers, Oet, OetPart, Way
from bot.domain.eligibility.questions import DONT_KNOW, US_DETAILS, Field, page, pages, question, values_of
from tests.domain.eligibility.strategies import KINDS

YEARS = [2026, 2027, 2028]
BY_YEAR = {Field.GRADUATION, Field.STEP1_YEAR, Field.STEP2_YEAR, Field.OET}


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("field", Field)
def test_every_question_fits_a_form(field: Field, year: int) -> None:
    asked = question(field, year)
    assert asked.field is field
    assert 0 < len(asked.title) <= 45
    assert 0 < len(asked.help) <= 100
    assert 2 <= len(asked.options) <= 25
    assert all(0 < len(option.label) <= 80 for option in asked.options)
    assert len({option.value for option in asked.options}) == len(asked.options) == len({option.label for option in asked.options})
    assert asked.options[-1].value == "unknown"
    assert DONT_KNOW in asked.options[-1].label


def test_no_title_is_used_twice() -> None:
    assert len({question(field, 2027).title for field in Field}) == len(Field)


@pytest.mark.parametrize("field", [field for field in Field if field not in {*BY_YEAR, Field.OET_PARTS}])
def test_every_answer_is_on_offer(field: Field) -> None:
    assert {option.value for option in question(field, 2027).options} == {member.value for member in KINDS[field.value]}


def test_years_and_sittings_are_on_offer() -> None:
    offered = {field: [option.value for option in question(field, 2027).options] for field in BY_YEAR}
    assert offered[Field.GRADUATION][0] == "2028"
    assert offered[Field.GRADUATION][-2:] == ["2006", "unknown"]
    assert question(Field.GRADUATION, 2027).options[-2].label == "2006 or earlier"
    assert offered[Field.STEP1_YEAR] == offered[Field.STEP2_YEAR] == [*(str(year) for year in range(2027, 2016, -1)), "unknown"]
    assert offered[Field.OET][:5] == [f"one_sitting-{year}" for year in range(2027, 2022, -1)]
    assert {value.partition("-")[0] for value in offered[Field.OET]} == {member.value for member in Oet}
    assert {option.value for option in question(Field.OET_PARTS, 2027).options} == {*OetPart, "unknown"}


@pytest.mark.parametrize("way", Way)
def test_nothing_is_asked_twice_and_every_page_is_a_form(way: Way) -> None:
    found = pages(way)
    asked = [field for each in found for field in each.fields]
    assert len(asked) == len(set(asked))
    assert all(0 < len(each.fields) <= 5 for each in found)
    assert all(page(way, each.key) == each for each in found)
    assert page(way, "nonsense") is None
    assert (page(way, US_DETAILS.key) is None) == (way is Way.CANADA)


def test_every_answer_is_asked_for_somewhere() -> None:
    asked = {field.value for field in (*(field for each in pages(Way.BOTH) for field in each.fields), *US_DETAILS.fields)}
    assert asked == {each.name for each in fields(Answers)} - {"match_year", "country", "oet_year"}
    both = {field for each in pages(Way.BOTH) for field in each.fields}
    assert both == {field for way in (Way.UNITED_STATES, Way.CANADA) for each in pages(way) for field in each.fields}


@pytest.mark.parametrize("field", [field for field in Field if field not in {*BY_YEAR, Field.OET_PARTS}])
def test_what_she_answered_is_found_among_the_options(field: Field) -> None:
    for member in KINDS[field.value]:
        assert values_of(replace(Answers(2027), **{field.value: member}), field) == (member.value,)


def test_years_and_parts_are_found_among_the_options() -> None:
    given = Answers(2027, graduation=2020, oet=Oet.ONE_SITTING, oet_year=2026, oet_parts=frozenset({OetPart.WRITING, OetPart.READING}))
    assert values_of(given, Field.GRADUATION) == ("2020",)
    assert values_of(given, Field.STEP1_YEAR) == ("unknown",)
    assert values_of(given, Field.OET) == ("one_sitting-2026",)
    assert values_of(replace(given, oet_year=None), Field.OET) == ("one_sitting",)
    assert values_of(replace(given, oet=Oet.BOOKED), Field.OET) == ("booked",)
    assert values_of(given, Field.OET_PARTS) == ("reading", "writing")
    assert values_of(Answers(2027), Field.OET_PARTS) == ("unknown",)
    assert values_of(replace(given, oet_parts=frozenset()), Field.OET_PARTS) == ()


@pytest.mark.parametrize(
    "each", [each for each in fields(Answers) if each.name not in {"match_year", "country"}], ids=lambda each: each.name
)
def test_what_is_not_answered_is_not_known(each: object) -> None:
    value = getattr(Answers(2027), each.name)  # type: ignore[attr-defined]
    assert value is None or (isinstance(value, StrEnum) and value.value == "unknown")
