"""The fields of a program: what people type, what it means, and what is said where it means nothing."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import program_fields as fields
from bot.domain.letters import ApplicationService
from bot.domain.program_columns import BY_KEY, COLUMNS, read_cells, read_readings, read_where
from bot.domain.program_fields import FieldError
from bot.domain.programs import NO_LIMIT, NO_MINIMUM, Noted, ProgramStage, Reading, Share, Signal, Track, VisaPolicy
from tests.support.program_cards import a_program
from tests.support.program_names import NAMES

TODAY = date(2026, 11, 22)
J1, H1B, OTHER, NONE, UNSTATED = VisaPolicy.J1, VisaPolicy.H1B, VisaPolicy.OTHER, VisaPolicy.NONE, VisaPolicy.UNSTATED


@pytest.mark.parametrize(
    ("key", "typed", "expected"),
    [
        ("name", "  Jasmine\n Hospital ", "Jasmine Hospital"),
        ("specialty", "IM", "internal-med"),
        ("specialty", "Family Medicine", "family-med"),
        ("track", "Categorical", Track.CATEGORICAL),
        ("track", "prelim", Track.PRELIMINARY),
        ("track", "transitional year", Track.TRANSITIONAL),
        ("track", "R", Track.PHYSICIAN),
        ("track", "primary care", Track.PRIMARY),
        ("region", "ny", "NY"),
        ("region", "new york", "NY"),
        ("region", "Ontario", "ON"),
        ("service", "ERAS", ApplicationService.ERAS),
        ("service", "ResidencyCAS", ApplicationService.RESIDENCYCAS),
        ("service", "SF match", ApplicationService.SF_MATCH),
        ("code", "1234140c0", "1234140C0"),
        ("code", "140-35-21234", "1403521234"),
        ("link", " https://jasmine.example.org/im ", "https://jasmine.example.org/im"),
        ("visa", "J-1, H-1B", frozenset({J1, H1B})),
        ("visa", "j1 and h1b visa", frozenset({J1, H1B})),
        ("visa", "H1B; EAD", frozenset({H1B, OTHER})),
        ("visa", "no visa", frozenset({NONE})),
        ("visa", "not stated", frozenset({UNSTATED})),
        ("graduation_years", "5", 5),
        ("graduation_years", "within 5 years", 5),
        ("graduation_years", "2020", 7),
        ("graduation_years", "2020 or later", 7),
        ("graduation_years", "No limit", NO_LIMIT),
        ("score_minimum", "230+", 230),
        ("score_minimum", "≥ 230", 230),
        ("score_minimum", "no minimum", NO_MINIMUM),
        ("attempts_most", "1 attempt", 1),
        ("attempts_most", "none", NO_LIMIT),
        ("experience_months", "3 months", 3),
        ("imgs", "12 of 30", Share(12, 30)),
        ("imgs", "12/30", Share(12, 30)),
        ("imgs", "12", Share(12)),
        ("imgs", "40 %", Share(40, 100, is_percent=True)),
        ("imgs", "12.5%", Share(12, 100, is_percent=True)),
        ("school_graduates", "0", 0),
        ("open_house_on", "2026-12-05", date(2026, 12, 5)),
        ("open_house_on", "5 Dec 2026", date(2026, 12, 5)),
        ("open_house_on", "12/25/2026", date(2026, 12, 25)),
        ("open_house_on", "25/12/2026", date(2026, 12, 25)),
        ("open_house_on", "5/5/2026", date(2026, 5, 5)),
        ("signal", "Gold", Signal.GOLD),
        ("signal", "yes", Signal.ONE),
        ("curriculum", "a\n\n b ", "a\nb"),
    ],
)
def test_what_is_typed_is_understood(key: str, typed: str, expected: Any) -> None:
    assert BY_KEY[key].read(typed, NAMES) == expected


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("name", "", "has no name"),
        ("name", "\u200b", "has no name"),
        ("name", "x" * 81, "holds 80 characters; this has 81"),
        ("name", "Letter ID AB12CD34EF", "never store one"),
        ("specialty", "medicine", "Internal Medicine or Family Medicine"),
        ("specialty", "astrology", "no specialty that I know"),
        ("track", "fast", "Write not known, categorical, primary care, preliminary"),
        ("region", "Narnia", "no state or province"),
        ("service", "post", "Write ERAS, ResidencyCAS"),
        ("code", "no code", "no code"),
        ("code", "1" * 13, "no code"),
        ("link", "http://jasmine.example.org", "begins with https"),
        ("link", "javascript:alert(1)", "begins with https"),
        ("visa", "H-2B", "no visa that I know"),
        ("visa", "yes", "no visa that I know"),
        ("visa", "none, J-1", "stand alone"),
        ("graduation_years", "many", "no number from 0 to 60"),
        ("graduation_years", "2031", "no year of graduation before the 2027 Match"),
        ("score_minimum", "23", "no number from 180 to 300"),
        ("score_minimum", "-230", "no number"),
        ("attempts_most", "0", "no number from 1 to 10"),
        ("experience_months", "999", "no number from 0 to 120"),
        ("imgs", "31 of 30", "no count"),
        ("imgs", "3 of 0", "no count"),
        ("imgs", "140%", "no count"),
        ("open_house_on", "5/12/2026", "Write 2026-05-12 or 2026-12-05"),
        ("open_house_on", "soon", "no day that I can read"),
        ("open_house_on", "31/31/2026", "no day that I can read"),
        ("signal", "platinum", "Write none, one, gold or silver"),
        ("notes", "x" * 601, "holds 600 characters"),
    ],
)
def test_what_can_not_be_meant_is_refused_with_what_to_write(key: str, typed: str, said: str) -> None:
    with pytest.raises(FieldError) as refused:
        BY_KEY[key].read(typed, NAMES)
    assert said in str(refused.value)
    assert refused.value.todo


@pytest.mark.parametrize("column", COLUMNS, ids=lambda each: each.key)
def test_what_is_written_is_read_again_the_same(column: Any) -> None:
    whole = a_program(code="1234140C0", name="Jasmine Hospital")
    assert column.read(column.write(whole, NAMES), NAMES) == getattr(whole, column.key)


@pytest.mark.parametrize(("key", "value"), [("graduation_years", NO_LIMIT), ("score_minimum", NO_MINIMUM), ("attempts_most", NO_LIMIT)])
def test_no_limit_is_not_the_same_as_not_known(key: str, value: int) -> None:
    column = BY_KEY[key]
    assert column.write(a_program(**{key: value}), NAMES) == "no limit"
    assert column.read("no limit", NAMES) == value
    assert column.write(a_program(**{key: None}), NAMES) == ""


@given(st.sampled_from(COLUMNS), st.text(max_size=200))
def test_anything_typed_is_read_or_refused_in_words(column: Any, typed: str) -> None:
    found, problems = read_cells({column.key: typed}, NAMES)
    assert len(found) + len(problems) <= 1
    for _, error in problems:
        assert not set("<@#*_`|[]\n") & set(error.what)
        assert len(error.what) <= 120


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", Reading("", TODAY)),
        ("FREIDA", Reading("FREIDA", TODAY)),
        ("FREIDA, 2026-11-01", Reading("FREIDA", date(2026, 11, 1))),
        ("https://x.org/a (2026-11-01)", Reading("https://x.org/a", date(2026, 11, 1))),
        ("2026-11-01", Reading("", date(2026, 11, 1))),
        ("a | b", Reading("a / b", TODAY)),
    ],
)
def test_where_it_was_read_may_end_with_the_day(typed: str, expected: Reading) -> None:
    assert read_where(typed, TODAY) == expected


@pytest.mark.parametrize("typed", ["FREIDA, 2026-11-23", "FREIDA, 2026-13-01", "x" * 221])
def test_a_day_to_come_and_a_day_that_is_none_are_refused(typed: str) -> None:
    with pytest.raises(FieldError):
        read_where(typed, TODAY)


@pytest.mark.parametrize("typed", ["visa FREIDA", "moon: x (2026-01-01)", "visa: x (2026-13-01)"])
def test_sources_that_no_export_wrote_are_refused(typed: str) -> None:
    with pytest.raises(FieldError):
        read_readings(typed)


def test_every_fact_has_a_column_and_every_enumeration_its_words() -> None:
    assert {column.noted for column in COLUMNS} - {None} == set(Noted)
    for kind, words in (
        (Track, fields.TRACKS),
        (ApplicationService, fields.SERVICES),
        (VisaPolicy, fields.VISAS),
        (Signal, fields.SIGNALS),
        (ProgramStage, fields.STAGES),
    ):
        assert set(words) == set(kind)
