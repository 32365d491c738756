"""What members mark of their way: kept whole, encrypted, hers alone, and never written over by who read an older state."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from bot.domain.exam_records import Attempt, ExamKey, ExamRecord, Outcome
from bot.domain.journey import Experience, Journey, Mark, State
from bot.storage.encryption import Cipher
from bot.storage.journey import JourneyRepository
from bot.storage.journey_tables import journey as table
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_member

WHOLE = Journey(
    AMIRA,
    NOON,
    marks={"oet": Mark(State.DONE, date(2026, 11, 1), "Cairo"), "step3": Mark(State.NOT_HERS, date(2026, 11, 2))},
    experiences=(Experience("Clinic of my aunt", is_meaningful=True), Experience("Teaching")),
    exams={
        ExamKey.STEP2: ExamRecord(date(2027, 1, 5), (Attempt(date(2025, 6, 1), Outcome.FAILED),), 231, ("r" * 16,)),
        ExamKey.OET: ExamRecord(),
    },
)


@pytest.fixture
async def repository(store: Store) -> JourneyRepository:
    for person in (AMIRA, DIEGO):
        await store.members.save(a_member(person))
    return JourneyRepository(store.database, store.cipher)


async def test_it_comes_back_whole(repository: JourneyRepository) -> None:
    stored = await repository.save(WHOLE)
    assert stored == replace(WHOLE, revision=1)
    assert await repository.get(AMIRA) == stored
    assert stored is not None
    assert await repository.save(stored.marked("oet", None)) is not None
    held = await repository.get(AMIRA)
    assert held is not None
    assert set(held.marks) == {"step3"}


async def test_nobody_elses_is_shown_and_none_is_kept_of_whom_nothing_is_stored(repository: JourneyRepository) -> None:
    await repository.save(WHOLE)
    assert await repository.get(DIEGO) is None
    assert await repository.save(replace(WHOLE, member_id=77)) is None


async def test_who_read_an_older_state_writes_nothing(repository: JourneyRepository) -> None:
    first = await repository.save(WHOLE)
    assert first is not None
    assert await repository.save(first.marked("oet", None)) is not None
    assert await repository.save(first.marked("step3", None)) is None
    assert await repository.save(WHOLE) is None


async def test_nothing_of_it_stands_in_clear_and_what_cant_be_read_says_so(repository: JourneyRepository, store: Store) -> None:
    await repository.save(WHOLE)
    async with store.database.read() as connection:
        row = (await connection.execute(sa.select(table))).mappings().one()
    for hidden in ("oet", "Cairo", "aunt", "231", "failed"):
        assert hidden not in str(dict(row))
    held = await JourneyRepository(store.database, Cipher([Fernet.generate_key()])).get(AMIRA)
    assert held is not None
    assert not held.is_readable
    assert await repository.save(held) is None


async def test_it_is_deleted_and_begins_anew(repository: JourneyRepository) -> None:
    await repository.save(WHOLE)
    assert await repository.erase(AMIRA)
    assert not await repository.erase(AMIRA)
    assert await repository.save(WHOLE) is not None
