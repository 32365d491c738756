"""Rounds of practice: kept whole, encrypted, hers alone, one at a time; what can't be read is not lost."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from bot.domain.interview_texts import ApplicantKind
from bot.domain.practice import MAX_ROUNDS, Mark, Practised, Round, RoundState, ended
from bot.storage.encryption import Cipher
from bot.storage.practice import PracticeRepository
from bot.storage.practice_tables import practice as table
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_member

ITEMS = (
    Practised(
        "gap", NOON, NOON + timedelta(minutes=2), NOON + timedelta(minutes=3), frozenset({"example", "honest"}), Mark.WEAK, "jasmine\n**"
    ),
    Practised("mistake"),
)


def a_round(round_id: str = "r" * 16, member_id: int = AMIRA, **changes: Any) -> Round:
    whole = Round(round_id, member_id, RoundState.UNDER_WAY, NOON, NOON, "mixed", ApplicantKind.CANADIAN, 120, ITEMS, 1)
    return replace(whole, **changes)


@pytest.fixture
async def repository(store: Store) -> PracticeRepository:
    for person in (AMIRA, DIEGO):
        await store.members.save(a_member(person))
    return PracticeRepository(store.database, store.cipher)


async def test_a_round_comes_back_whole(repository: PracticeRepository) -> None:
    assert await repository.start(a_round(), most=MAX_ROUNDS)
    assert await repository.get("r" * 16) == a_round()
    assert await repository.under_way(AMIRA) == a_round()
    assert await repository.rounds_of(AMIRA) == (a_round(),)
    assert (await repository.under_way(DIEGO), await repository.rounds_of(DIEGO)) == (None, ())
    assert await repository.get("x" * 16) is None


async def test_only_ids_state_and_instants_stand_in_clear(repository: PracticeRepository, store: Store) -> None:
    await repository.start(a_round(), most=MAX_ROUNDS)
    async with store.database.read() as connection:
        row = (await connection.execute(sa.select(table))).mappings().one()
    assert set(row) - {"blob"} == {"id", "member_id", "state", "started_at", "changed_at", "revision"}
    assert not any(word in bytes(row["blob"]) for word in (b"jasmine", b"gap", b"weak"))
    exported = str(await store.privacy.export(AMIRA))
    assert "jasmine" in exported
    assert "weak" in exported


async def test_two_starts_at_once_begin_one_round(repository: PracticeRepository) -> None:
    starts = [repository.start(a_round(f"{number:016d}"), most=MAX_ROUNDS) for number in range(5)]
    assert sum(await asyncio.gather(*starts)) == 1
    assert len(await repository.rounds_of(AMIRA)) == 1
    assert await repository.start(a_round("d" * 16, DIEGO), most=MAX_ROUNDS)


async def test_an_ended_one_makes_room_and_the_newest_comes_first(repository: PracticeRepository) -> None:
    for number in range(3):
        begun = a_round(f"{number:016d}", started_at=NOON + timedelta(days=number))
        assert await repository.start(begun, most=MAX_ROUNDS)
        assert await repository.save(ended(begun))
    assert [each.started_at.day for each in await repository.rounds_of(AMIRA)] == [24, 23, 22]
    assert await repository.under_way(AMIRA) is None


async def test_there_is_a_most(repository: PracticeRepository) -> None:
    assert await repository.start(a_round(), most=1)
    assert await repository.save(ended(a_round()))
    assert not await repository.start(a_round("s" * 16), most=1)


async def test_nobody_who_is_not_stored_has_a_round(repository: PracticeRepository) -> None:
    assert not await repository.start(a_round(member_id=5), most=MAX_ROUNDS)


async def test_a_change_on_an_old_reading_is_refused(repository: PracticeRepository) -> None:
    await repository.start(a_round(), most=MAX_ROUNDS)
    assert await repository.save(replace(a_round(), position=0))
    assert not await repository.save(replace(a_round(), seconds=5))
    kept = await repository.get("r" * 16)
    assert kept == a_round(position=0, revision=1)
    assert not await repository.save(a_round(member_id=DIEGO, revision=1))


async def test_another_can_not_remove_it(repository: PracticeRepository) -> None:
    await repository.start(a_round(), most=MAX_ROUNDS)
    assert not await repository.remove("r" * 16, DIEGO)
    assert await repository.remove("r" * 16, AMIRA)
    assert not await repository.remove("r" * 16, AMIRA)


async def test_what_can_not_be_read_is_shown_as_such_and_not_written_over(repository: PracticeRepository, store: Store) -> None:
    await repository.start(a_round(), most=MAX_ROUNDS)
    stranger = PracticeRepository(store.database, Cipher([Fernet.generate_key().decode()]))
    seen = await stranger.under_way(AMIRA)
    assert seen is not None
    assert (seen.is_readable, seen.items, seen.position) == (False, (), 0)
    assert await stranger.save(ended(seen))
    kept = await repository.get("r" * 16)
    assert kept is not None
    assert (kept.is_readable, kept.items, kept.state) == (True, ITEMS, RoundState.ENDED)


@pytest.mark.parametrize(
    "content",
    [{}, {"items": []}, {"items": [{"question": "gap", "mark": "splendid"}], "kind": "martian", "position": 99}, {"items": [{}]}],
)
async def test_content_of_another_version_is_read_as_far_as_it_goes(
    repository: PracticeRepository, store: Store, content: dict[str, Any]
) -> None:
    await repository.start(a_round(), most=MAX_ROUNDS)
    async with store.database.write() as connection:
        await connection.execute(sa.update(table).values(blob=store.cipher.encrypt(content)))
    seen = await repository.get("r" * 16)
    assert seen is not None
    assert seen.is_readable == bool(content.get("items"))
    assert seen.kind is ApplicantKind.NON_US_IMG
    assert seen.position == 0


@pytest.mark.parametrize(
    "change", ["UPDATE practice SET state = 'lost'", "UPDATE practice SET revision = -1", "UPDATE practice SET member_id = 5"]
)
async def test_what_must_not_be_is_refused_by_the_database(repository: PracticeRepository, store: Store, change: str) -> None:
    await repository.start(a_round(), most=MAX_ROUNDS)
    with pytest.raises(sa.exc.IntegrityError):
        async with store.database.write() as connection:
            await connection.execute(sa.text(change))
