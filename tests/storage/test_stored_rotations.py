"""Rotations: kept whole, encrypted, hers alone, at most fifty; what can't be read is not lost."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from bot.domain.letters import WriterCountry
from bot.domain.rotations import MAX_ROTATIONS, Details, Place, Rotation, RotationKind
from bot.storage.encryption import Cipher
from bot.storage.rotations import RotationRepository
from bot.storage.tables import rotation as table
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_member

ABOUT = Place(
    RotationKind.SUB_INTERNSHIP, "Jasmine Hospital", WriterCountry.UNITED_STATES, "internal-med", date(2026, 8, 3), date(2026, 8, 28)
)
DETAILS = Details(("Dr. Osei", "Dr. Lindqvist"), "6 patients a day", "a talk\non hyponatremia", "shorter", "reasoning")
CHECKS = {date(2026, 8, 3): frozenset({"time", "team"}), date(2026, 8, 10): frozenset({"time"})}


def a_rotation(rotation_id: str = "r" * 16, member_id: int = AMIRA, **changes: Any) -> Rotation:
    whole = Rotation(rotation_id, member_id, NOON, ABOUT, DETAILS, CHECKS, "m" * 16)
    return replace(whole, **changes)


@pytest.fixture
async def repository(store: Store) -> RotationRepository:
    for person in (AMIRA, DIEGO):
        await store.members.save(a_member(person))
    return RotationRepository(store.database, store.cipher)


async def test_a_rotation_comes_back_whole(repository: RotationRepository) -> None:
    assert await repository.add(a_rotation(), most=MAX_ROTATIONS)
    assert await repository.get("r" * 16) == a_rotation()
    assert await repository.rotations_of(AMIRA) == (a_rotation(),)
    assert await repository.rotations_of(DIEGO) == ()
    assert await repository.get("x" * 16) is None


async def test_the_one_that_begins_last_comes_first(repository: RotationRepository) -> None:
    for number, starts_on in enumerate([date(2025, 1, 6), date(2026, 8, 3), date(2024, 3, 4)]):
        about = replace(ABOUT, starts_on=starts_on, ends_on=starts_on + timedelta(days=25))
        await repository.add(a_rotation(f"{number:016d}", about=about), most=MAX_ROTATIONS)
    assert [each.starts_on.year for each in await repository.rotations_of(AMIRA)] == [2026, 2025, 2024]


async def test_only_ids_and_dates_stand_in_clear(repository: RotationRepository, store: Store) -> None:
    await repository.add(a_rotation(), most=MAX_ROTATIONS)
    async with store.database.read() as connection:
        row = (await connection.execute(sa.select(table))).mappings().one()
    assert set(row) - {"blob"} == {"id", "member_id", "starts_on", "ends_on", "created_at"}
    assert b"Jasmine" not in bytes(row["blob"])
    exported = str(await store.privacy.export(AMIRA))
    assert "Jasmine Hospital" in exported
    assert "Dr. Lindqvist" in exported
    assert "Jasmine" not in str(await store.privacy.export(DIEGO))


async def test_a_changed_rotation_replaces_what_was(repository: RotationRepository) -> None:
    await repository.add(a_rotation(), most=MAX_ROTATIONS)
    changed = a_rotation(about=replace(ABOUT, place="Elm Clinic", ends_on=date(2026, 9, 4)), checks={}, reminder_id="")
    assert await repository.save(changed)
    assert await repository.get("r" * 16) == changed


async def test_nobody_elses_rotation_is_changed_or_deleted(repository: RotationRepository) -> None:
    await repository.add(a_rotation(), most=MAX_ROTATIONS)
    assert not await repository.save(a_rotation(member_id=DIEGO, about=replace(ABOUT, place="taken")))
    assert not await repository.delete("r" * 16, DIEGO)
    assert await repository.get("r" * 16) == a_rotation()
    assert await repository.delete("r" * 16, AMIRA)
    assert not await repository.delete("r" * 16, AMIRA)
    assert not await repository.save(a_rotation())


async def test_the_limit_is_hers_and_holds_for_two_at_once(repository: RotationRepository) -> None:
    added = await asyncio.gather(*(repository.add(a_rotation(f"{number:016d}"), most=3) for number in range(3)))
    assert sum(added) == 3
    assert not await repository.add(a_rotation("z" * 16), most=3)
    assert await repository.add(a_rotation("y" * 16, DIEGO), most=3)


async def test_nothing_is_stored_of_one_who_is_not_there(repository: RotationRepository, store: Store) -> None:
    assert not await repository.add(a_rotation(member_id=5), most=MAX_ROTATIONS)
    assert await repository.get("r" * 16) is None


async def test_dates_that_run_backwards_are_refused_by_the_database(repository: RotationRepository) -> None:
    backwards = a_rotation(about=replace(ABOUT, ends_on=date(2026, 8, 2)))
    with pytest.raises(sa.exc.IntegrityError):
        await repository.add(backwards, most=MAX_ROTATIONS)


async def test_erasing_the_member_takes_her_rotations(repository: RotationRepository, store: Store) -> None:
    await repository.add(a_rotation(), most=MAX_ROTATIONS)
    await repository.add(a_rotation("d" * 16, DIEGO), most=MAX_ROTATIONS)
    await store.privacy.erase(AMIRA)
    assert await repository.get("r" * 16) is None
    assert await repository.get("d" * 16) is not None


async def test_what_an_older_version_wrote_is_read_as_far_as_it_is_known(repository: RotationRepository, store: Store) -> None:
    await repository.add(a_rotation(), most=MAX_ROTATIONS)
    async with store.database.write() as connection:
        written = {"place": "Elm Clinic", "kind": "on the moon", "country": "mars"}
        await connection.execute(sa.update(table).values(blob=store.cipher.encrypt(written)))
    found = await repository.get("r" * 16)
    assert found is not None
    assert found.is_readable
    assert found.about == replace(ABOUT, kind=RotationKind.ELECTIVE, place="Elm Clinic", country=WriterCountry.UNKNOWN, specialty="")
    assert (found.details, dict(found.checks)) == (Details(), {})


async def test_what_can_not_be_read_is_shown_by_its_dates_and_not_written_over(repository: RotationRepository, store: Store) -> None:
    await repository.add(a_rotation(), most=MAX_ROTATIONS)
    other = RotationRepository(store.database, Cipher([Fernet.generate_key().decode()]))
    found = await other.get("r" * 16)
    assert found is not None
    assert not found.is_readable
    assert (found.starts_on, found.ends_on) == (ABOUT.starts_on, ABOUT.ends_on)
    assert await other.save(replace(found, checks={}))
    assert await repository.get("r" * 16) == a_rotation()
    assert await other.delete("r" * 16, AMIRA)
