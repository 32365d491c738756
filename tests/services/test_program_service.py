"""Programs in use: added, filled in, moved, taken back; files, servers' lists and earlier seasons; letters found by name."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.letters import ApplicationService
from bot.domain.member import Country
from bot.domain.programs import MAX_PROGRAMS, Noted, Program, ProgramStage, Reading, Signal
from bot.errors import UserFacingError
from bot.services.held_forms import KEPT, MOST
from bot.services.program_lists import MAX_LISTED, STALE
from bot.services.program_undo import MOST_PROGRAMS, ProgramUndo
from bot.services.programs import GONE, NOT_HELD, UNREADABLE, ProgramService
from tests.services.conftest import Desk
from tests.support.databases import AMIRA, DIEGO
from tests.support.program_cards import a_program, bare

TODAY = date(2026, 11, 22)
ELM = {"name": "Elm Clinic", "specialty": "IM", "region": "NY", "track": "categorical"}
SERVER, OTHER_SERVER = 7, 8


@pytest.fixture
def programs(desk: Desk) -> ProgramService:
    return desk.services.programs


async def added(programs: ProgramService, **cells: str) -> Program:
    return (await programs.add(AMIRA, ELM | cells))[0]


async def refused(what: Awaitable[Any]) -> str:
    with pytest.raises(UserFacingError) as caught:
        await what
    return f"{caught.value.what_happened} {caught.value.what_to_do}"


async def hers(programs: ProgramService, year: int = 2026) -> list[str]:
    return sorted(each.name for each in await programs.of(AMIRA, year))


@pytest.fixture(autouse=True)
async def season(desk: Desk) -> None:
    await desk.services.members.set_target_year(AMIRA, 2027)


# --- by hand


async def test_a_program_is_added_for_the_match_that_she_aims_at(desk: Desk, programs: ProgramService) -> None:
    program, is_new = await programs.add(AMIRA, ELM)
    assert is_new
    assert (program.season_year, program.specialty, program.region) == (2027, "internal-med", "NY")
    assert (program.stage, program.stage_since) == (ProgramStage.CONSIDERING, desk.clock.now())
    assert program.readings == {Noted.BASICS: Reading("", TODAY)}
    assert await programs.get(AMIRA, program.id) == program


async def test_the_first_thing_that_someone_ever_does_may_be_this(desk: Desk, programs: ProgramService) -> None:
    program, _ = await programs.add(77, ELM)
    assert await programs.get(77, program.id) == program
    assert await refused(programs.get(AMIRA, program.id)) == f"{GONE.what_happened} {GONE.what_to_do}"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"specialty": "emergency medicine"}, ApplicationService.RESIDENCYCAS),
        ({"specialty": "IM"}, ApplicationService.ERAS),
        ({"specialty": ""}, ApplicationService.ERAS),
        ({"specialty": "IM", "region": "Ontario"}, ApplicationService.CARMS),
        ({"specialty": "emergency medicine", "service": "ERAS"}, ApplicationService.ERAS),
    ],
)
async def test_the_service_is_that_of_the_specialty_unless_she_says_otherwise(
    programs: ProgramService, cells: dict[str, str], expected: ApplicationService
) -> None:
    assert (await added(programs, **cells)).service is expected


async def test_one_who_applies_in_canada_alone_means_carms_unless_a_state_is_named(desk: Desk, programs: ProgramService) -> None:
    await desk.services.members.set_countries(AMIRA, frozenset({Country.CANADA}))
    assert (await added(programs, region="")).service is ApplicationService.CARMS
    assert (await added(programs, name="Oak")).service is ApplicationService.ERAS
    imported = await programs.import_file(AMIRA, b"program\nAsh\n", is_updating=True)
    assert imported.outcome.added[0].service is ApplicationService.CARMS


async def test_the_same_program_is_not_added_twice_not_even_at_once(programs: ProgramService) -> None:
    found = await asyncio.gather(*(programs.add(AMIRA, ELM) for _ in range(3)))
    assert sorted(is_new for _, is_new in found) == [False, False, True]
    assert len({program.id for program, _ in found}) == 1
    assert (await programs.add(AMIRA, ELM | {"track": "preliminary"}))[1]


async def test_what_can_not_be_read_is_refused_with_the_column(programs: ProgramService) -> None:
    assert (await refused(programs.add(AMIRA, {"name": "", "specialty": "IM"}))).startswith("Program: The program has no name.")
    assert (await refused(programs.add(AMIRA, ELM | {"region": "Narnia"}))).startswith("State: “Narnia” is no state")
    assert await programs.of(AMIRA, 2027) == ()


async def test_a_full_list_says_so(programs: ProgramService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.programs.MAX_PROGRAMS", 1)
    await added(programs)
    assert f"{MAX_PROGRAMS:,} programs are kept" in await refused(programs.add(AMIRA, {"name": "Oak"}))


async def test_a_part_is_filled_in_with_where_and_when_it_was_read(desk: Desk, programs: ProgramService) -> None:
    program = await added(programs)
    desk.clock.advance(timedelta(days=1))
    done = await programs.fill(AMIRA, program.id, {"graduation_years": "5", "score_minimum": ""}, "FREIDA, 2026-11-20")
    (after,) = done.programs
    assert (after.graduation_years, after.score_minimum, after.changed_at) == (5, None, desk.clock.now())
    assert after.readings == {Noted.BASICS: Reading("", TODAY), Noted.GRADUATION: Reading("FREIDA", date(2026, 11, 20))}
    again = await programs.fill(AMIRA, program.id, {"graduation_years": "5", "score_minimum": ""}, "FREIDA")
    assert again.token == ""


async def test_an_emptied_field_is_cleared_and_so_is_where_it_was_read(programs: ProgramService) -> None:
    program = await added(programs)
    await programs.fill(AMIRA, program.id, {"visa": "j1"}, "FREIDA")
    (after,) = (await programs.fill(AMIRA, program.id, {"visa": ""}, "")).programs
    assert (after.visa, Noted.VISA in after.readings) == (frozenset(), False)


async def test_a_form_that_is_refused_changes_nothing(programs: ProgramService) -> None:
    program = await added(programs)
    said = await refused(programs.fill(AMIRA, program.id, {"visa": "j1"}, "x, 2027-01-01"))
    assert said.startswith("Where you read it: 2027-01-01 is still to come.")
    assert "has no name" in await refused(programs.fill(AMIRA, program.id, {"name": ""}, ""))
    assert await programs.get(AMIRA, program.id) == program


async def test_a_stage_is_dated_and_taken_back_once(desk: Desk, programs: ProgramService) -> None:
    program = await added(programs)
    desk.clock.advance(timedelta(days=1))
    done = await programs.move(AMIRA, program.id, ProgramStage.APPLIED)
    assert done.programs[0].reached(ProgramStage.APPLIED) == desk.clock.now()
    assert (await programs.move(AMIRA, program.id, ProgramStage.APPLIED)).token == ""
    assert (await programs.undo(AMIRA, done.token)).programs == (program,)
    assert await programs.get(AMIRA, program.id) == program
    assert await refused(programs.undo(AMIRA, done.token)) == f"{NOT_HELD.what_happened} {NOT_HELD.what_to_do}"


async def test_removed_comes_back_whole_and_only_to_her(programs: ProgramService) -> None:
    program = await added(programs)
    done = await programs.remove(AMIRA, program.id)
    assert await programs.of(AMIRA, 2027) == ()
    assert "taken back any more" in await refused(programs.undo(DIEGO, done.token))
    await programs.undo(AMIRA, done.token)
    assert await programs.of(AMIRA, 2027) == (program,)
    await programs.remove(AMIRA, program.id)
    assert "not on your list" in await refused(programs.remove(AMIRA, program.id))


async def test_only_the_last_change_is_held_and_what_changed_since_stays(programs: ProgramService) -> None:
    imported = await programs.import_file(AMIRA, b"program\nA\nB\n", is_updating=True)
    (one,) = [each for each in imported.outcome.added if each.name == "A"]
    moved = await programs.move(AMIRA, one.id, ProgramStage.APPLIED)
    assert "taken back any more" in await refused(programs.undo(AMIRA, imported.token))
    assert moved.token != imported.token


async def test_what_another_process_changed_since_stays_when_a_change_is_taken_back(programs: ProgramService) -> None:
    imported = await programs.import_file(AMIRA, b"program\nA\nB\n", is_updating=True)
    (one,) = [each for each in imported.outcome.added if each.name == "A"]
    assert await programs._programs.change(replace(one, notes="elsewhere"))
    assert (await programs.undo(AMIRA, imported.token)).left == 1
    assert await hers(programs, 2027) == ["A"]


async def test_erasing_her_forgets_what_could_be_taken_back(desk: Desk, programs: ProgramService) -> None:
    done = await programs.remove(AMIRA, (await added(programs)).id)
    programs.forms.keep(AMIRA, "basics.new", {"name": "x"})
    await desk.services.mydata.erase(AMIRA)
    assert "taken back any more" in await refused(programs.undo(AMIRA, done.token))
    assert programs.forms.of(AMIRA, "basics.new") is None
    assert await programs.of(AMIRA, 2027) == ()


async def test_what_can_not_be_read_can_be_removed_but_not_changed(desk: Desk, programs: ProgramService) -> None:
    program = await added(programs)
    async with desk.house.database.write() as connection:
        await connection.exec_driver_sql("UPDATE program SET blob = x'00'")
    said = await refused(programs.move(AMIRA, program.id, ProgramStage.APPLIED))
    assert said == f"{UNREADABLE.what_happened} {UNREADABLE.what_to_do}"
    assert (await programs.remove(AMIRA, program.id)).token == ""


# --- letters


async def test_letters_are_found_by_name_and_service_and_nothing_is_asked_twice(desk: Desk, programs: ProgramService) -> None:
    program, other = await added(programs), await added(programs, name="Oak")
    letter = await desk.services.letters.add(AMIRA, "Dr. Osei")
    await desk.services.letters.programs.add(AMIRA, letter.id, ApplicationService.ERAS, "ELM clinic.\nBeech")
    await desk.services.letters.programs.add(AMIRA, letter.id, ApplicationService.CARMS, "Oak")
    found = await programs.letters_for([program, other])
    assert {key: [(held.writer, is_assigned) for held, is_assigned in letters] for key, letters in found.items()} == {
        program.id: [("Dr. Osei", False)]
    }
    assert b"Dr. Osei" in await programs.export(AMIRA, 2027)


# --- files


async def test_a_file_is_taken_over_and_taken_back(programs: ProgramService) -> None:
    before = await added(programs)
    content = b"program,track,visa\nElm Clinic,categorical,J-1\nOak,,\nAsh,,H-2B\n"
    imported = await programs.import_file(AMIRA, content, is_updating=True)
    assert (len(imported.outcome.added), len(imported.outcome.changed), len(imported.outcome.refused)) == (1, 1, 1)
    assert imported.to_mend is not None
    assert b"Ash" in imported.to_mend
    assert b"Oak" not in imported.to_mend
    assert await hers(programs, 2027) == ["Elm Clinic", "Oak"]
    assert (await programs.undo(AMIRA, imported.token)).left == 0
    assert await programs.of(AMIRA, 2027) == (before,)


async def test_the_same_file_twice_changes_nothing(programs: ProgramService) -> None:
    content = b"program,visa,stage\nElm,J-1,applied\nOak,,\n"
    await programs.import_file(AMIRA, content, is_updating=True)
    stored = await programs.of(AMIRA, 2027)
    again = await programs.import_file(AMIRA, content, is_updating=True)
    assert (len(again.outcome.unchanged), again.token) == (2, "")
    assert await programs.of(AMIRA, 2027) == stored


async def test_two_files_at_once_make_no_doubles(programs: ProgramService) -> None:
    await asyncio.gather(*(programs.import_file(AMIRA, b"program\nElm\nOak\n", is_updating=True) for _ in range(3)))
    assert await hers(programs, 2027) == ["Elm", "Oak"]


async def test_a_file_or_form_that_is_refused_stores_nothing_of_someone_new(desk: Desk, programs: ProgramService) -> None:
    assert "workbook" in await refused(programs.import_file(77, b"PK\x03\x04", is_updating=True))
    await refused(programs.add(77, {"name": ""}))
    assert not any((await desk.services.mydata.summary(77)).values())


async def test_what_is_exported_is_imported_without_a_change(programs: ProgramService) -> None:
    program = await added(programs)
    await programs.fill(AMIRA, program.id, {"imgs": "12 of 30", "school_graduates": "2"}, "https://jasmine.example.org/x")
    await programs.move(AMIRA, program.id, ProgramStage.INVITED)
    content = await programs.export(AMIRA, 2027)
    again = await programs.import_file(AMIRA, content, is_updating=True)
    assert (len(again.outcome.unchanged), again.outcome.refused) == (1, [])


# --- an earlier season


async def test_an_earlier_season_is_carried_over_considered_anew(desk: Desk, programs: ProgramService) -> None:
    await programs._programs.add(a_program(stage=ProgramStage.RANKED, season_year=2026, carried_from=None), most=10)
    await programs._programs.add(bare(season_year=2026), most=10)
    await programs.add(AMIRA, {"name": "Elm Clinic"})
    done = await programs.carry_over(AMIRA, 2026)
    (copy,) = done.programs
    assert done.left == 1
    assert (copy.stage, copy.carried_from, copy.season_year) == (ProgramStage.CONSIDERING, 2026, 2027)
    assert (copy.signal, copy.statement, copy.open_house_on) == (Signal.NONE, "", None)
    assert (copy.visa, copy.notes, copy.contact) == (a_program().visa, a_program().notes, a_program().contact)
    assert copy.readings == a_program().readings
    assert [each.stage for each in copy.history] == [ProgramStage.CONSIDERING]
    assert len(await programs.of(AMIRA, 2026)) == 2
    assert (await programs.carry_over(AMIRA, 2026)).programs == []
    assert "earlier season" in await refused(programs.carry_over(AMIRA, 2027))


# --- a server's list


async def test_a_servers_list_is_published_copied_from_and_stays_its_own(desk: Desk, programs: ProgramService) -> None:
    published = await programs.lists.publish(
        SERVER, b"program,specialty,state,notes,resident contacted\nElm,IM,NY,big,Dr. X\n", is_replacing=False
    )
    assert (published.total, published.sheet.unknown) == (1, ("resident contacted",))
    assert await programs.lists.of(OTHER_SERVER) is None
    assert await programs.lists.of(None) is None
    found = await programs.lists.of(SERVER)
    assert found is not None
    (entry,) = found.entries
    done = await programs.lists.copy(AMIRA, SERVER, [entry.id], "Residency Circle")
    (copy,) = done.programs
    assert (copy.name, copy.notes, copy.contact, copy.season_year, copy.member_id) == ("Elm", "big", "", 2027, AMIRA)
    assert copy.readings == {Noted.BASICS: Reading("list of the server Residency Circle, not checked by Matchday", TODAY)}
    assert (await programs.lists.copy(AMIRA, SERVER, [entry.id], "Residency Circle")).left == 1
    for guild_id, ids in ((OTHER_SERVER, [entry.id]), (SERVER, ["gone"])):
        assert STALE.what_happened in await refused(programs.lists.copy(AMIRA, guild_id, ids, "x"))
    await programs.undo(AMIRA, done.token)
    assert await programs.of(AMIRA, 2027) == ()


async def test_a_file_updates_a_servers_list_or_takes_its_place(programs: ProgramService) -> None:
    lists = programs.lists
    await lists.publish(SERVER, b"program,notes\nElm,one\nOak,\n", is_replacing=False)
    again = await lists.publish(SERVER, b"program,notes\nElm,two\nAsh,\nBad,x\n,nameless\n", is_replacing=False)
    assert (again.total, len(again.outcome.added), len(again.outcome.changed), len(again.outcome.refused)) == (4, 2, 1, 1)
    exported = await lists.export(SERVER)
    assert exported is not None
    assert exported.decode("utf-8-sig").splitlines()[0] == "program,specialty,track,state,service,code,link,notes"
    replaced = await lists.publish(SERVER, b"program\nBirch\n", is_replacing=True)
    assert replaced.total == 1
    await lists.publish(SERVER, exported, is_replacing=True)
    assert await lists.export(SERVER) == exported


async def test_a_file_without_a_good_row_leaves_a_servers_list_as_it_is(programs: ProgramService) -> None:
    await programs.lists.publish(SERVER, b"program\nElm\n", is_replacing=False)
    published = await programs.lists.publish(SERVER, b"program,state\nOak,Narnia\n", is_replacing=True)
    assert (published.total, published.to_mend is not None) == (1, True)
    assert "no column" in await refused(programs.lists.publish(SERVER, b"x,y\n1,2\n", is_replacing=True))
    assert await programs.lists.remove(SERVER)
    assert not await programs.lists.remove(SERVER)
    assert await programs.lists.export(SERVER) is None


async def test_a_servers_list_has_its_limit(programs: ProgramService) -> None:
    rows = "".join(f"Elm {number}\n" for number in range(MAX_LISTED + 1))
    published = await programs.lists.publish(SERVER, f"program\n{rows}".encode(), is_replacing=False)
    assert (published.total, len(published.outcome.refused)) == (MAX_LISTED, 1)


# --- what is held in memory


def test_what_can_be_taken_back_is_bounded() -> None:
    undo = ProgramUndo()
    many = [bare(f"{number:016d}") for number in range(MOST_PROGRAMS - 1)]
    first = undo.keep(1, added=many)
    second = undo.keep(2, removed=[bare(), bare()])
    assert undo.take(1, first) is None
    assert undo.take(2, second) is not None
    assert undo.take(2, second) is None
    third = undo.keep(3, added=[*many, *many])
    assert undo.take(3, third) is not None


async def test_refused_forms_are_held_for_an_hour_and_the_newest_only(desk: Desk, programs: ProgramService) -> None:
    forms = programs.forms
    forms.keep(AMIRA, "basics.new", {"name": "x"})
    assert forms.of(AMIRA, "visa.new") is None
    assert forms.of(AMIRA, "basics.new") == {"name": "x"}
    desk.clock.advance(KEPT + timedelta(seconds=1))
    assert forms.of(AMIRA, "basics.new") is None
    forms.keep(AMIRA, "basics.new", {"name": "x"})
    for member_id in range(MOST):
        forms.keep(member_id, "f", {})
    assert forms.of(AMIRA, "basics.new") is None


def test_every_name_of_the_catalogue_means_one_specialty(desk: Desk, programs: ProgramService) -> None:
    names = programs.names.of(2027)
    for specialty in desk.services.catalogue.figures.specialties:
        assert names.specialties(specialty.name) == ((specialty.id, specialty.name),)
    assert programs.names.specialty("gone") == "gone"
    assert replace(bare(), region="ON").region in names.regions
