"""Programs: kept whole, encrypted, hers alone; merged in one transaction; a server's list holds nobody's."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from sqlalchemy.exc import IntegrityError

from bot.domain.letters import ApplicationService
from bot.domain.programs import MAX_PROGRAMS, Program, ProgramStage, Track, VisaPolicy, moved
from bot.storage.delivery_rows import UNREADABLE_TEXT
from bot.storage.encryption import Cipher
from bot.storage.program_tables import program as table
from bot.storage.program_tables import program_list as lists
from bot.storage.programs import Changes, ProgramListRepository, ProgramRepository
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_member
from tests.support.program_cards import a_program, bare


@pytest.fixture
async def repository(store: Store) -> ProgramRepository:
    for person in (AMIRA, DIEGO):
        await store.members.save(a_member(person))
    return ProgramRepository(store.database, store.cipher)


async def test_a_program_comes_back_whole(repository: ProgramRepository) -> None:
    assert await repository.add(a_program(), most=MAX_PROGRAMS)
    assert await repository.add(bare(), most=MAX_PROGRAMS)
    assert await repository.get(AMIRA, "p" * 16) == a_program()
    assert sorted(each.name for each in await repository.of_member(AMIRA)) == ["Elm Clinic", "Jasmine Hospital"]
    assert await repository.get(AMIRA, "b" * 16) == bare()


async def test_nobody_elses_program_is_seen_changed_or_removed(repository: ProgramRepository) -> None:
    await repository.add(a_program(), most=MAX_PROGRAMS)
    assert await repository.get(DIEGO, "p" * 16) is None
    assert await repository.of_member(DIEGO) == ()
    assert not await repository.change(a_program(member_id=DIEGO, name="taken"))
    assert not await repository.remove(DIEGO, "p" * 16)
    assert await repository.remove_many(DIEGO, ["p" * 16]) == 0
    assert await repository.get(AMIRA, "p" * 16) == a_program()
    assert await repository.remove(AMIRA, "p" * 16)
    assert not await repository.remove(AMIRA, "p" * 16)
    assert not await repository.change(a_program())


async def test_seasons_are_kept_apart(repository: ProgramRepository) -> None:
    await repository.add(bare("1" * 16), most=MAX_PROGRAMS)
    await repository.add(bare("2" * 16, season_year=2026), most=MAX_PROGRAMS)
    await repository.add(bare("3" * 16, season_year=2026), most=MAX_PROGRAMS)
    assert [each.id for each in await repository.of_member(AMIRA, 2026)] == ["2" * 16, "3" * 16]
    assert list((await repository.seasons_of(AMIRA)).items()) == [(2027, 1), (2026, 2)]
    assert await repository.seasons_of(DIEGO) == {}


async def test_a_changed_program_replaces_what_was(repository: ProgramRepository) -> None:
    await repository.add(a_program(), most=MAX_PROGRAMS)
    changed = moved(a_program(visa=frozenset(), imgs=None), ProgramStage.APPLIED, NOON + timedelta(days=1))
    assert await repository.change(changed)
    assert await repository.get(AMIRA, "p" * 16) == changed


async def test_only_ids_stages_and_dates_stand_in_clear(repository: ProgramRepository, store: Store) -> None:
    await repository.add(a_program(), most=MAX_PROGRAMS)
    async with store.database.read() as connection:
        row = (await connection.execute(sa.select(table))).mappings().one()
    assert set(row) - {"blob"} == {"id", "member_id", "season_year", "stage", "created_at", "changed_at"}
    exported = str(await store.privacy.export(AMIRA))
    for word in ("Jasmine Hospital", "Dr. Lindqvist", "near my aunt", "h1b", "2026-12-05"):
        assert word in exported
    assert "Jasmine" not in str(await store.privacy.export(DIEGO))


async def test_the_limit_is_of_a_season_and_holds_for_two_at_once(repository: ProgramRepository) -> None:
    added = await asyncio.gather(*(repository.add(bare(f"{number:016d}"), most=3) for number in range(3)))
    assert sum(added) == 3
    assert not await repository.add(bare("z" * 16), most=3)
    assert await repository.add(bare("y" * 16, season_year=2028), most=3)
    assert await repository.add(bare("x" * 16, DIEGO), most=3)


async def test_nothing_is_stored_of_one_who_is_not_there_and_nothing_twice(repository: ProgramRepository) -> None:
    assert not await repository.add(bare(member_id=5), most=MAX_PROGRAMS)
    assert not await repository.merge(5, 2027, lambda _: Changes(added=[bare(member_id=5)]))
    assert await repository.of_member(5) == ()
    assert await repository.add(bare(), most=MAX_PROGRAMS)
    assert not await repository.add(bare(), most=MAX_PROGRAMS)


async def test_a_merge_sees_what_is_stored_and_writes_all_or_nothing(repository: ProgramRepository) -> None:
    await repository.add(bare(), most=MAX_PROGRAMS)
    await repository.add(bare("o" * 16, season_year=2026), most=MAX_PROGRAMS)
    seen: list[str] = []

    def decide(stored: Sequence[Program]) -> Changes:
        seen.extend(each.id for each in stored)
        return Changes(added=[a_program()], changed=[replace(stored[0], notes="again")])

    assert await repository.merge(AMIRA, 2027, decide)
    assert seen == ["b" * 16]
    assert await repository.get(AMIRA, "b" * 16) == bare(notes="again")
    with pytest.raises(IntegrityError):
        await repository.merge(AMIRA, 2027, lambda _: Changes(added=[bare("n" * 16), a_program()]))
    assert await repository.get(AMIRA, "n" * 16) is None
    assert await repository.remove_many(AMIRA, ["p" * 16, "b" * 16, "gone"]) == 2


async def test_two_merges_at_once_do_not_both_add(repository: ProgramRepository) -> None:
    def decide(stored: Sequence[Program]) -> Changes:
        return Changes() if stored else Changes(added=[bare(f"{id(stored):016d}"[:16])])

    await asyncio.gather(*(repository.merge(AMIRA, 2027, decide) for _ in range(4)))
    assert len(await repository.of_member(AMIRA)) == 1


async def test_many_are_read_as_few(repository: ProgramRepository) -> None:
    many = [bare(f"{number:016d}", name=f"Elm {number}") for number in range(120)]
    assert await repository.merge(AMIRA, 2027, lambda _: Changes(added=many))
    assert list(await repository.of_member(AMIRA, 2027)) == many


async def test_erasing_the_member_takes_her_programs(repository: ProgramRepository, store: Store) -> None:
    await repository.add(a_program(), most=MAX_PROGRAMS)
    await repository.add(bare("d" * 16, DIEGO), most=MAX_PROGRAMS)
    await store.privacy.erase(AMIRA)
    assert await repository.of_member(AMIRA) == ()
    assert await repository.get(DIEGO, "d" * 16) is not None


async def test_what_another_version_wrote_is_read_as_far_as_it_is_known(repository: ProgramRepository, store: Store) -> None:
    await repository.add(bare(), most=MAX_PROGRAMS)
    odd = {"name": "Elm", "track": "lunar", "service": "mars", "visa": ["j1", "z9"], "readings": {"moon": ["x", "2026-01-01"]}}
    async with store.database.write() as connection:
        await connection.execute(sa.update(table).values(blob=store.cipher.encrypt(odd | {"history": [["dreamt", NOON.isoformat()]]})))
    visa = frozenset({VisaPolicy.J1})
    expected = bare(name="Elm", track=Track.UNKNOWN, service=ApplicationService.OTHER, visa=visa)
    assert await repository.get(AMIRA, "b" * 16) == expected


async def test_what_can_not_be_read_is_shown_and_not_written_over(repository: ProgramRepository, store: Store) -> None:
    await repository.add(a_program(), most=MAX_PROGRAMS)
    other = ProgramRepository(store.database, Cipher([Fernet.generate_key().decode()]))
    found = await other.get(AMIRA, "p" * 16)
    assert found is not None
    assert (found.is_readable, found.name, found.stage) == (False, UNREADABLE_TEXT, ProgramStage.CONSIDERING)
    assert await other.change(replace(found, stage=ProgramStage.APPLIED))
    again = await repository.get(AMIRA, "p" * 16)
    assert again == a_program(stage=ProgramStage.APPLIED)


async def test_an_unknown_stage_is_refused_by_the_database(repository: ProgramRepository, store: Store) -> None:
    await repository.add(bare(), most=MAX_PROGRAMS)
    with pytest.raises(IntegrityError):
        async with store.database.write() as connection:
            await connection.execute(sa.update(table).values(stage="dreamt"))


async def test_a_servers_list_is_whole_encrypted_and_its_own(store: Store) -> None:
    shared = ProgramListRepository(store.database, store.cipher)
    entry = bare("e" * 16, 0, season_year=0, region="ON", service=ApplicationService.CARMS)
    assert await shared.get(7) is None
    await shared.save(7, [entry, replace(entry, id="f" * 16, name="Maple")], NOON)
    assert await shared.get(7) == (NOON, (entry, replace(entry, id="f" * 16, name="Maple")))
    assert await shared.get(8) is None
    later = NOON + timedelta(days=1)
    await shared.save(7, [entry], later)
    assert await shared.get(7) == (later, (replace(entry, created_at=later, changed_at=later),))
    async with store.database.read() as connection:
        assert b"Elm" not in bytes((await connection.execute(sa.select(lists.c.blob))).scalar_one())
    assert not await shared.remove(8)
    assert await shared.remove(7)
    assert await shared.get(7) is None
