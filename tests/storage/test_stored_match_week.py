"""What members say of their Match Week: kept whole, encrypted, hers alone, and never written over by who read an older state."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from bot.domain.member import Country
from bot.domain.own_week import OwnWeek, Result
from bot.storage.encryption import Cipher
from bot.storage.match_week import MatchWeekRepository
from bot.storage.match_week_tables import match_week as table
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_member

US, CANADA = Country.UNITED_STATES, Country.CANADA
WHOLE = OwnWeek(
    AMIRA, US, 2027, NOON, result=Result.NOT_MATCHED, applications=12, accepted="soap-round-2", passes_quiet=True
)  # fmt: skip


@pytest.fixture
async def repository(store: Store) -> MatchWeekRepository:
    for person in (AMIRA, DIEGO):
        await store.members.save(a_member(person))
    return MatchWeekRepository(store.database, store.cipher)


async def test_it_comes_back_whole(repository: MatchWeekRepository) -> None:
    stored = await repository.save(WHOLE)
    assert stored == replace(WHOLE, revision=1)
    assert await repository.get(AMIRA, US, 2027) == stored
    assert stored is not None
    changed = await repository.save(replace(stored, applications=13))
    assert await repository.get(AMIRA, US, 2027) == changed


async def test_each_week_stands_alone_and_nobody_elses_is_shown(repository: MatchWeekRepository) -> None:
    await repository.save(WHOLE)
    for member_id, country, year in ((AMIRA, CANADA, 2027), (AMIRA, US, 2028), (DIEGO, US, 2027)):
        assert await repository.get(member_id, country, year) is None


async def test_who_read_an_older_state_writes_nothing(repository: MatchWeekRepository) -> None:
    first = await repository.save(WHOLE)
    assert first is not None
    assert await repository.save(replace(first, result=Result.UNSAID)) is not None
    assert await repository.save(replace(first, result=Result.MATCHED)) is None
    assert await repository.save(replace(WHOLE, result=Result.MATCHED)) is None
    held = await repository.get(AMIRA, US, 2027)
    assert held is not None
    assert held.result is Result.UNSAID


async def test_nothing_is_kept_of_whom_nothing_is_stored(repository: MatchWeekRepository) -> None:
    assert await repository.save(replace(WHOLE, member_id=77)) is None


async def test_no_result_stands_in_clear_and_what_cant_be_read_says_so(repository: MatchWeekRepository, store: Store) -> None:
    await repository.save(WHOLE)
    async with store.database.read() as connection:
        row = (await connection.execute(sa.select(table))).mappings().one()
    assert b"matched" not in row["blob"]
    assert "matched" not in str({name: value for name, value in row.items() if name != "blob"})
    other = MatchWeekRepository(store.database, Cipher([Fernet.generate_key()]))
    held = await other.get(AMIRA, US, 2027)
    assert held is not None
    assert not held.is_readable
    assert held.result is None


async def test_it_is_deleted_and_begins_anew(repository: MatchWeekRepository) -> None:
    await repository.save(WHOLE)
    assert await repository.erase(AMIRA, US, 2027)
    assert not await repository.erase(AMIRA, US, 2027)
    assert await repository.save(WHOLE) is not None
