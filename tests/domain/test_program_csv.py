"""A file of programs: encodings, separators, headers, hostile cells; what is written comes back, and no cell is a formula."""

import csv
import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import programs as kept
from bot.domain.letter_texts import looks_like_letter_id, one_line, shows_something
from bot.domain.letters import ApplicationService
from bot.domain.program_csv import (
    EXAMPLE,
    MAX_BYTES,
    MAX_ROWS,
    FileError,
    Sheet,
    decode,
    plain_cell,
    read_sheet,
    safe_cell,
    template,
    write_refused,
    write_sheet,
)
from bot.domain.program_fields import read_text
from bot.domain.program_merge import Into, merge
from bot.domain.programs import Noted, Program, ProgramStage, Reading, Share, Signal, Track, VisaPolicy
from tests.support.clocks import NOON
from tests.support.program_cards import a_program, bare
from tests.support.program_names import NAMES, REGIONS, SPECIALTIES

TODAY = date(2026, 11, 22)
PLAIN = "program,specialty,notes\nJasmine Hospital,IM,Ärzte\n"


def sheet_of(text: str | bytes) -> Sheet:
    return read_sheet(text.encode() if isinstance(text, str) else text, NAMES, TODAY)


def into(**changes: Any) -> Into:
    ids = (f"{number:016d}" for number in range(10_000))
    whole = Into(1, 2027, NOON, TODAY, kept.MAX_PROGRAMS, lambda: next(ids), lambda *_: ApplicationService.ERAS)
    return replace(whole, **changes)


def taken(text: str | bytes) -> list[Program]:
    outcome = merge(sheet_of(text), (), into())
    assert not outcome.refused
    return outcome.added


# --- encodings, separators, headers


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings_of_spreadsheets_are_read(encoding: str) -> None:
    (program,) = taken(PLAIN.encode(encoding))
    assert (program.name, program.specialty, program.notes) == ("Jasmine Hospital", "internal-med", "Ärzte")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_ends_of_lines_are_found(separator: str, end: str) -> None:
    text = PLAIN.replace(",", separator).replace("\n", end)
    assert [each.name for each in taken(text)] == ["Jasmine Hospital"]


def test_a_line_that_names_the_separator_is_understood() -> None:
    (row,) = sheet_of("sep=;\nprogram;notes\nA, B;x\n").rows
    assert (row.number, row.name) == (3, "A, B")


def test_headers_are_found_by_other_names_and_signs() -> None:
    (program,) = taken("NRMP Code,Program_Name,  Visa Sponsorship ,YOG\n1234140C0,A,j1,5\n")
    assert (program.code, program.name, program.visa, program.graduation_years) == ("1234140C0", "A", frozenset({VisaPolicy.J1}), 5)


def test_unknown_columns_are_named_and_those_of_an_export_are_not() -> None:
    sheet = sheet_of("program,mood,letters assigned,,season\nA,x,y,,2027\n")
    assert sheet.unknown == ("mood",)


def test_quoted_cells_hold_separators_and_lines() -> None:
    (program,) = taken('program,notes\n"A, ""B""","one\ntwo"\n')
    assert (program.name, program.notes) == ('A, "B"', "one\ntwo")


def test_empty_rows_are_passed_over_and_numbers_stay_those_of_the_spreadsheet() -> None:
    sheet = sheet_of("\n\nprogram,notes\n,\nA,x\n\nB,y\n")
    assert [(row.number, row.name) for row in sheet.rows] == [(5, "A"), (7, "B")]


def test_the_invented_row_of_the_template_is_left_out() -> None:
    with pytest.raises(FileError, match="no program in it"):
        sheet_of(template())
    sheet = sheet_of(template() + b"Jasmine,IM\r\n")
    assert ([row.name for row in sheet.rows], sheet.examples) == (["Jasmine"], 1)
    assert EXAMPLE in template().decode("utf-8-sig")


def test_the_templates_row_can_be_read() -> None:
    (program,) = taken(template().replace(EXAMPLE.encode(), b"Jasmine"))
    assert program.readings[Noted.VISA] == Reading("the program's page", date(2026, 10, 1))


# --- files that can't be read


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \n ,, \n".replace(b",", b" "), "empty"),
        (b"PK\x03\x04....", "workbook"),
        (b"\xd0\xcf\x11\xe0....", "workbook"),
        (bytes(range(256)) * 4, "no text"),
        (b"\x81\x8d\x8f", "no text"),
        (b"a,b\nc,d\n", "no column"),
        (b"program\n", "no program in it"),
        (b"x" * (MAX_BYTES + 1), "2 MB"),
        (b"program\n" + b"a\n" * (MAX_ROWS + 1), "1,001 rows"),
        (b'program\n"' + b"x" * 140_000, "split"),
    ],
)
def test_a_file_that_is_none_is_refused_whole(content: bytes, said: str) -> None:
    with pytest.raises(FileError) as refused:
        read_sheet(content, NAMES, TODAY)
    assert said in refused.value.what
    assert refused.value.todo


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        read_sheet(b"program,visa\n" + content, NAMES, TODAY)
    except FileError as refused:
        assert refused.todo


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    content = ("program,visa,notes,stage,where read,read on,sources\n" + text).encode("utf-8", "replace")
    try:
        sheet = read_sheet(content, NAMES, TODAY)
    except FileError:
        return
    merge(sheet, (), into())


# --- rows


def test_a_row_says_which_columns_to_mend() -> None:
    (row,) = sheet_of("program,visa,stage,read on,state\n,H-2B,dreamt,soon,Narnia\n").rows
    assert [problem.column for problem in row.problems] == ["program", "visa", "state", "stage", "read on"]


def test_a_row_with_more_cells_than_the_header_is_not_cut() -> None:
    (row,) = sheet_of("program,notes\nA,x,rest\n").rows
    assert [problem.column for problem in row.problems] == ["program"]
    refused = write_refused(sheet_of("program,notes\nA,x,rest\n"), [(row, "too many")])
    assert list(csv.reader(io.StringIO(refused.decode("utf-8-sig")))) == [
        ["program", "notes", "what to mend"],
        ["A", "x", "too many", "rest"],
    ]


def test_rows_to_mend_come_back_as_they_were_sent_and_can_be_sent_again() -> None:
    sheet = sheet_of("program,=mood(),visa\nA,=1+1,H-2B\nB,,J-1\n")
    refused = merge(sheet, (), into()).refused
    content = write_refused(sheet, refused)
    header, row = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert (header, row[:3]) == (["program", "'=mood()", "visa", "what to mend"], ["A", "'=1+1", "H-2B"])
    assert "no visa that I know" in row[3]
    (mended,) = sheet_of(content.replace(b"H-2B", b"H-1B")).rows
    assert not mended.problems
    again = merge(sheet_of(content), (), into()).refused
    assert write_refused(sheet_of(content), again) == content


def test_where_and_when_stand_with_every_fact_of_the_row() -> None:
    (program,) = taken("program,visa,where read,read on\nA,J-1,FREIDA,2026-11-01\n")
    assert program.readings == dict.fromkeys((Noted.BASICS, Noted.VISA), Reading("FREIDA", date(2026, 11, 1)))


def test_a_fact_of_which_nothing_is_said_counts_as_noted_today() -> None:
    (program,) = taken("program,visa\nA,J-1\n")
    assert program.readings[Noted.VISA] == Reading("", TODAY)


# --- formulas


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''=1", "\uff1d1"])
def test_what_begins_like_a_formula_is_neutralised_and_comes_back(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert plain_cell(safe_cell(text)) == text


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r a1"), max_size=6))
def test_a_safe_cell_always_comes_back(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text
    assert safe_cell(text)[:1] not in set("=+-@\t\r")


# --- there and back


def typed(most: int) -> st.SearchStrategy[str]:
    alphabet = st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Cn", "Co"))
    lines = st.text(alphabet, max_size=most).map(one_line)
    return lines.filter(lambda text: not text or (shows_something(text) and not looks_like_letter_id(text) and "|" not in text))


def days() -> st.SearchStrategy[date]:
    return st.dates(date(2020, 1, 1), TODAY)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    imgs = draw(st.none() | st.builds(Share, st.integers(0, 30), st.none() | st.integers(30, 90)))
    alone = draw(st.sampled_from([frozenset({VisaPolicy.NONE}), frozenset({VisaPolicy.UNSTATED})]))
    some = draw(st.sets(st.sampled_from([VisaPolicy.J1, VisaPolicy.H1B, VisaPolicy.OTHER])).map(frozenset))
    whole = bare(
        name=draw(typed(60).filter(bool)),
        specialty=draw(st.sampled_from([None, *SPECIALTIES])),
        track=draw(st.sampled_from(list(Track))),
        region=draw(st.sampled_from(["", *REGIONS])),
        service=draw(st.sampled_from(list(ApplicationService))),
        code=draw(st.sampled_from(["", "1234140C0"])),
        link=draw(st.sampled_from(["", "https://jasmine.example.org/a?b=c"])),
        visa=draw(st.sampled_from([alone, some])),
        graduation_years=draw(st.none() | st.integers(0, 60) | st.just(kept.NO_LIMIT)),
        score_minimum=draw(st.none() | st.integers(180, 300) | st.just(kept.NO_MINIMUM)),
        attempts_most=draw(st.none() | st.integers(1, 10) | st.just(kept.NO_LIMIT)),
        experience_months=draw(st.none() | st.integers(0, 120)),
        experience=draw(typed(40)),
        imgs=imgs,
        school_graduates=draw(st.none() | st.integers(0, 999)),
        fellowships=draw(typed(40)),
        curriculum=draw(typed(40)),
        contact=draw(typed(40)),
        open_house_on=draw(st.none() | days()),
        signal=draw(st.sampled_from(list(Signal))),
        statement=draw(typed(40)),
        notes=draw(typed(40)),
    )
    readings = {Noted.BASICS: Reading(draw(typed(40)), draw(days()))}
    return replace(whole, readings=readings | ({Noted.VISA: Reading("FREIDA", TODAY)} if whole.visa else {}))


@settings(max_examples=25, deadline=None)
@given(st.lists(programs(), min_size=1, max_size=4, unique_by=lambda each: each.key))
def test_what_is_exported_is_imported_the_same(whole: list[Program]) -> None:
    whole = [replace(each, code="" if number else each.code) for number, each in enumerate(whole)]
    added = {each.key: each for each in taken(write_sheet(whole, NAMES, {}))}
    fields = [name for name in Program.__dataclass_fields__ if name not in ("id", "member_id", "history", "readings")]
    for each in whole:
        assert [getattr(added[each.key], name) for name in fields] == [getattr(each, name) for name in fields]
        for noted, reading in each.readings.items():
            assert added[each.key].readings[noted] == reading


def test_an_export_has_the_letters_and_no_formula_and_is_read_again() -> None:
    hostile = a_program(name="=HYPERLINK(A1)", notes="@everyone")
    content = write_sheet([hostile], NAMES, {hostile.id: "Dr. Osei"})
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[1][0] == "'=HYPERLINK(A1)"
    assert "Dr. Osei" in rows[1]
    assert not [cell for row in rows for cell in row if cell[:1] in set("=+-@\t\r")]
    (program,) = taken(content)
    assert (program.name, program.notes, program.stage) == (hostile.name, "@everyone", ProgramStage.CONSIDERING)
    assert read_text(program.notes, 20) == "@everyone"


def test_a_mark_is_no_part_of_the_text() -> None:
    assert decode("\ufeffprogram".encode()) == "program"
