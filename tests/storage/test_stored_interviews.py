"""Interviews: kept whole, encrypted, hers alone, never more than fit, and never written over by who read an older one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from bot.domain.interviews import Interview, InterviewFormat, InterviewState
from bot.storage.encryption import Cipher
from bot.storage.interview_tables import interview as table
from bot.storage.interviews import InterviewRepository
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_member

WHOLE = Interview(
    "a" * 16,
    AMIRA,
    2027,
    "p" * 16,
    NOON,
    NOON,
    state=InterviewState.BOOKED,
    begins_at=NOON + timedelta(days=50),
    zone="America/Chicago",
    minutes=240,
    format=InterviewFormat.VIDEO,
    place="https://meet.example.org/x",
    who="Dr. Osei",
    notes="4+1",
    invited_on=date(2026, 11, 20),
    answer_by=date(2026, 11, 25),
    ticks=frozenset({"read", "story"}),
    reminder_ids=("r" * 16,),
)


@pytest.fixture
async def repository(store: Store) -> InterviewRepository:
    for person in (AMIRA, DIEGO):
        await store.members.save(a_member(person))
    return InterviewRepository(store.database, store.cipher)


async def test_it_comes_back_whole_and_changes_count(repository: InterviewRepository) -> None:
    assert await repository.add(WHOLE, most=2)
    assert await repository.of_member(AMIRA, 2027) == (WHOLE,)
    saved = await repository.save(replace(WHOLE, begins_at=None, who=""))
    assert saved == replace(WHOLE, begins_at=None, who="", revision=2)
    assert await repository.get(AMIRA, WHOLE.id) == saved


async def test_nobody_elses_is_shown_changed_or_removed(repository: InterviewRepository) -> None:
    await repository.add(WHOLE, most=2)
    assert await repository.get(DIEGO, WHOLE.id) is None
    assert await repository.of_member(DIEGO, 2027) == ()
    assert await repository.save(replace(WHOLE, member_id=DIEGO)) is None
    assert not await repository.remove(DIEGO, WHOLE.id)
    assert await repository.remove(AMIRA, WHOLE.id)


async def test_no_more_than_fit_and_none_of_whom_nothing_is_stored(repository: InterviewRepository) -> None:
    assert await repository.add(WHOLE, most=1)
    assert not await repository.add(replace(WHOLE, id="b" * 16), most=1)
    assert await repository.add(replace(WHOLE, id="b" * 16, season_year=2028), most=1)
    assert not await repository.add(replace(WHOLE, id="c" * 16, member_id=77), most=9)


async def test_who_read_an_older_one_writes_nothing(repository: InterviewRepository) -> None:
    await repository.add(WHOLE, most=2)
    assert await repository.save(replace(WHOLE, notes="new")) is not None
    assert await repository.save(replace(WHOLE, notes="old")) is None


async def test_nothing_of_it_stands_in_clear_and_what_cant_be_read_says_so(repository: InterviewRepository, store: Store) -> None:
    await repository.add(WHOLE, most=2)
    async with store.database.read() as connection:
        row = (await connection.execute(sa.select(table))).mappings().one()
    seen = str(dict(row))
    for hidden in ("Osei", "Chicago", "pppp", "booked", "meet.example"):
        assert hidden not in seen
    (held,) = await InterviewRepository(store.database, Cipher([Fernet.generate_key()])).of_member(AMIRA, 2027)
    assert not held.is_readable
    assert await repository.save(held) is None
