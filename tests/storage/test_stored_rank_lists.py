"""Rank order lists: kept whole, encrypted, hers alone, and never written over by who read an older one."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from bot.domain.rank_list import PRIMARY, Criterion, RankList, Weight, placed
from bot.storage.encryption import Cipher
from bot.storage.rank_lists import RankListRepository
from bot.storage.rank_tables import rank_list as table
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_member

WHOLE = RankList(
    member_id=AMIRA,
    season_year=2027,
    changed_at=NOON,
    certified_on=date(2027, 2, 20),
    is_changed_since=True,
    lists={PRIMARY: ("a" * 16, "b" * 16), "a" * 16: ("p" * 16,)},
    criteria=(Criterion("fam", "near my aunt", Weight.MOST), Criterion("vis", "visa")),
    marks={"a" * 16: {"fam": 5, "vis": 1}},
    answered=("fam.a.b.15",),
    ticks=frozenset({"couple_paid"}),
    is_couple=True,
    earlier=({PRIMARY: ("b" * 16,)}, {}),
)


@pytest.fixture
async def repository(store: Store) -> RankListRepository:
    for person in (AMIRA, DIEGO):
        await store.members.save(a_member(person))
    return RankListRepository(store.database, store.cipher)


async def test_a_list_comes_back_whole(repository: RankListRepository) -> None:
    stored = await repository.save(WHOLE)
    assert stored == replace(WHOLE, revision=1)
    assert await repository.get(AMIRA, 2027) == stored
    assert stored is not None
    changed = await repository.save(placed(stored, "b" * 16, 1))
    assert changed is not None
    assert (changed.revision, changed.primary) == (2, ("b" * 16, "a" * 16))
    assert await repository.get(AMIRA, 2027) == changed


async def test_who_read_an_older_one_changes_nothing(repository: RankListRepository) -> None:
    first = await repository.save(WHOLE)
    assert first is not None
    second = await repository.save(replace(first, is_couple=False))
    assert await repository.save(replace(first, is_couple=None)) is None
    assert await repository.save(WHOLE) is None  # as if there were none yet
    assert await repository.get(AMIRA, 2027) == second


async def test_seasons_and_people_are_kept_apart(repository: RankListRepository) -> None:
    await repository.save(WHOLE)
    await repository.save(replace(WHOLE, season_year=2028, is_couple=False))
    assert await repository.get(DIEGO, 2027) is None
    assert await repository.get(AMIRA, 2026) is None
    assert not await repository.erase(DIEGO, 2027)
    assert await repository.erase(AMIRA, 2027)
    assert not await repository.erase(AMIRA, 2027)
    later = await repository.get(AMIRA, 2028)
    assert later is not None
    assert later.is_couple is False


async def test_it_belongs_to_a_stored_member_and_goes_with_her(repository: RankListRepository, store: Store) -> None:
    assert await repository.save(replace(WHOLE, member_id=77)) is None
    await repository.save(WHOLE)
    await store.privacy.erase(AMIRA)
    assert await repository.get(AMIRA, 2027) is None


async def test_nothing_of_it_can_be_read_without_the_key(repository: RankListRepository, store: Store) -> None:
    await repository.save(WHOLE)
    async with store.database.read() as connection:
        row = (await connection.execute(sa.select(table))).mappings().one()
    assert set(row) == {"member_id", "season_year", "certified_on", "changed_at", "revision", "blob"}
    assert b"aunt" not in bytes(row["blob"])
    stranger = RankListRepository(store.database, Cipher([Fernet.generate_key().decode()]))
    found = await stranger.get(AMIRA, 2027)
    assert found is not None
    assert not found.is_readable
    assert found.primary == ()
    assert await stranger.save(found) is None  # what can't be read is not written over
    assert (await repository.get(AMIRA, 2027)) == replace(WHOLE, revision=1)
