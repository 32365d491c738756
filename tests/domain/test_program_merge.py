"""What becomes of rows: new, the same, changed, twice in one file, too many; and how a list is ordered, filtered and counted."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.letters import ApplicationService
from bot.domain.program_columns import read_there
from bot.domain.program_csv import read_sheet
from bot.domain.program_merge import Into, Outcome, merge
from bot.domain.program_order import Facet, Filters, Sort, Spent, counted, filtered, ordered, published, signals_spent, too_many
from bot.domain.programs import Noted, Program, ProgramStage, Reading, Share, Signal, Track, VisaPolicy, is_same, moved
from tests.support.clocks import NOON
from tests.support.program_cards import a_program, bare
from tests.support.program_names import NAMES

TODAY = date(2026, 11, 22)
LATER = NOON + timedelta(days=1)


def merged(text: str, *stored: Program, **changes: Any) -> Outcome:
    ids = (f"n{number:015d}" for number in range(100))
    into = Into(bare().member_id, 2027, LATER, TODAY, 1000, lambda: next(ids), lambda *_: ApplicationService.RESIDENCYCAS)
    return merge(read_sheet(text.encode(), NAMES, TODAY), stored, replace(into, **changes))


def test_a_new_row_is_considered_and_takes_the_service_of_its_specialty() -> None:
    (program,) = merged("program,specialty\nElm Clinic,IM\n").added
    assert (program.stage, program.service, program.created_at) == (ProgramStage.CONSIDERING, ApplicationService.RESIDENCYCAS, LATER)
    assert program.reached(ProgramStage.CONSIDERING) == LATER


def test_a_row_may_name_the_stage_and_the_change_is_dated() -> None:
    (program,) = merged("program,stage\nElm Clinic,applied\n").added
    assert [each.stage for each in program.history] == [ProgramStage.CONSIDERING, ProgramStage.APPLIED]
    assert program.stage_since == LATER


def test_a_row_of_a_known_program_changes_what_it_fills_and_leaves_the_rest() -> None:
    outcome = merged("program,notes,visa\njasmine HOSPITAL,new,\n", a_program())
    assert outcome.added == []
    assert outcome.changed == [replace(a_program(notes="new"), changed_at=LATER)]
    assert outcome.before == [a_program()]


def test_a_row_that_says_nothing_new_changes_nothing() -> None:
    outcome = merged("program,track\nJasmine Hospital,categorical\n", a_program())
    assert (outcome.changed, [row.number for row in outcome.unchanged]) == ([], [2])


def test_known_programs_are_skipped_where_that_is_wanted() -> None:
    outcome = merged("program,notes\nJasmine Hospital,new\nElm,\n", a_program(), is_updating=False)
    assert (outcome.changed, [row.number for row in outcome.skipped], len(outcome.added)) == ([], [2], 1)


def test_two_rows_of_one_program_become_one_and_it_is_said() -> None:
    outcome = merged("program,notes,statement\nElm,one,\nELM.,two,\nElm,,v2\n")
    (program,) = outcome.added
    assert (program.notes, program.statement) == ("two", "v2")
    assert [row.number for row in outcome.repeated] == [3, 4]


def test_tracks_of_one_hospital_are_programs_of_their_own() -> None:
    outcome = merged("program,track\nElm,categorical\nElm,preliminary\nElm,categorical\n")
    assert sorted(each.track for each in outcome.added) == [Track.CATEGORICAL, Track.PRELIMINARY]
    assert len(outcome.unchanged) == 1


def test_a_full_list_takes_changes_and_gives_new_rows_back() -> None:
    outcome = merged("program,notes\nElm Clinic,x\nNew,\n", bare(), most=1)
    assert [each.notes for each in outcome.changed] == ["x"]
    assert [(row.number, "full" in problem) for row, problem in outcome.refused] == [(3, True)]


def test_a_row_with_a_problem_changes_nothing() -> None:
    outcome = merged("program,notes,visa\nElm Clinic,x,H-2B\n", bare())
    assert (outcome.added, outcome.changed, len(outcome.refused)) == ([], [], 1)


def test_what_can_not_be_read_is_no_twin() -> None:
    gone = bare(is_readable=False)
    assert len(merged("program\nElm Clinic\n", gone).added) == 1


def test_a_place_named_anew_dates_a_fact_that_has_not_changed() -> None:
    outcome = merged('program,visa,where read\nJasmine Hospital,"J-1, H-1B",FREIDA\n', a_program())
    (program,) = outcome.changed
    assert program.readings[Noted.VISA] == Reading("FREIDA", TODAY)


def test_a_fact_that_is_emptied_was_read_nowhere() -> None:
    before = a_program()
    after = read_there(before, replace(before, visa=frozenset()), {Noted.VISA}, Reading("x", TODAY))
    assert Noted.VISA not in after.readings
    assert after.readings[Noted.BASICS] == before.readings[Noted.BASICS]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"name": "JASMINE, hospital"}, True),
        ({"name": "Elm"}, True),  # the code says so
        ({"code": "", "name": "Elm"}, False),
        ({"code": "9"}, False),
        ({"code": "", "region": "ON"}, False),
        ({"code": "", "region": ""}, True),
        ({"code": "", "track": Track.UNKNOWN}, True),
        ({"code": "", "track": Track.ADVANCED}, False),
        ({"code": "", "specialty": "family-med"}, False),
        ({"code": "", "specialty": None}, True),
    ],
)
def test_what_counts_as_the_same_program(changes: dict[str, Any], expected: bool) -> None:
    assert is_same(a_program(), a_program(**changes)) is expected


def test_a_stage_is_dated_once_and_only_so_many_are_kept() -> None:
    program = moved(bare(), ProgramStage.CONSIDERING, LATER)
    assert program == bare()
    for number in range(50):
        program = moved(program, list(ProgramStage)[number % 2], LATER)
    assert len(program.history) == 20
    assert not bare().has_applied
    assert moved(moved(bare(), ProgramStage.APPLIED, NOON), ProgramStage.DECLINED, LATER).has_applied
    assert moved(bare(), ProgramStage.REJECTED, NOON).is_closed


# --- order, filters, counts

ONE = a_program("1" * 16, code="", name="b", region="NY", signal=Signal.SILVER, imgs=Share(3, 10), changed_at=NOON)
TWO = a_program("2" * 16, code="", name="a", region="", specialty=None, signal=Signal.NONE, visa=frozenset(), imgs=None, open_house_on=None)
THREE = a_program(
    "3" * 16, code="", name="c", region="ON", specialty="family-med", stage=ProgramStage.APPLIED, signal=Signal.GOLD, imgs=Share(50, 100),
    visa=frozenset({VisaPolicy.J1}), changed_at=LATER, open_house_on=date(2026, 10, 1), service=ApplicationService.CARMS,
)  # fmt: skip


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.NAME, "abc"),
        (Sort.STATE, "bca"),
        (Sort.SPECIALTY, "cba"),
        (Sort.STAGE, "abc"),
        (Sort.SIGNAL, "cba"),
        (Sort.VISA, "bca"),
        (Sort.CHANGED, "cab"),
        (Sort.IMGS, "cba"),
        (Sort.OPEN_HOUSE, "cba"),
    ],
)
def test_every_order_and_what_is_not_known_comes_last(sort: Sort, expected: str) -> None:
    assert "".join(each.name for each in ordered([ONE, TWO, THREE], sort, NAMES.specialty_name)) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), "bac"),
        (Filters(stage="applied"), "c"),
        (Filters(specialty="internal-med"), "b"),
        (Filters(specialty="0"), "a"),
        (Filters(region="ON"), "c"),
        (Filters(visa="h1b"), "b"),
        (Filters(visa="j1"), "bc"),
        (Filters(visa="0"), "a"),
        (Filters(signal="none"), "a"),
        (Filters(service="eras"), "ba"),
        (Filters(visa="j1", region="NY"), "b"),
        (Filters(visa="j1", region="PR"), ""),
    ],
)
def test_every_filter(filters: Filters, expected: str) -> None:
    assert "".join(each.name for each in filtered([ONE, TWO, THREE], filters)) == expected


def test_values_are_counted_the_most_frequent_first() -> None:
    assert counted([ONE, TWO, THREE], Facet.VISA) == {"j1": 2, "0": 1, "h1b": 1}
    assert list(counted([ONE, TWO, THREE], Facet.SERVICE)) == ["eras", "carms"]


def test_signals_are_counted_by_specialty() -> None:
    spent = signals_spent([ONE, replace(ONE, id="4"), TWO, THREE])
    assert [(each.specialty, dict(each.signals)) for each in spent] == [
        ("family-med", {Signal.GOLD: 1}),
        ("internal-med", {Signal.SILVER: 2}),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3 gold, 12 silver", {Signal.GOLD: 3, Signal.SILVER: 12}), ("5", {Signal.ONE: 5}), ("about five", None)],
)
def test_published_numbers_are_read(text: str, expected: Any) -> None:
    assert published(text) == expected


def test_more_than_there_are_is_seen() -> None:
    given = {Signal.GOLD: 3, Signal.SILVER: 12}
    assert too_many(Spent("x", {Signal.GOLD: 3, Signal.SILVER: 12}), given) == []
    assert too_many(Spent("x", {Signal.GOLD: 4, Signal.ONE: 1}), given) == [Signal.GOLD, Signal.ONE]
