"""All that is stored of one member, and nothing of another: found by walking the tables, so that a new one is not forgotten."""

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from bot.domain.delivery import Answer
from bot.storage.privacy import HERS, NOBODYS
from bot.storage.tables import delivery, metadata
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_date_reminder, a_delivery, a_member, a_reminder

HIDDEN = {"blob", "payload", "lease_owner", "lease_until"}


async def fill(store: Store, person: int, word: str) -> None:
    """Put rows of a member into every table; each text of hers holds the word."""
    await store.members.save(a_member(person, zone=f"Zone/{word}", dm_channel_id=person + 5))
    await store.reminders.add(a_reminder(person, text=f"ask {word}", wall_time=word))
    await store.reminders.add(a_date_reminder(person))
    await store.deliveries.fall_due(NOON)
    await store.deliveries.add(a_delivery(f"more {person}", member_id=person, payload={"text": f"tell {word}"}))
    await store.deliveries.claim_due(NOON, 1, "one", 60)
    (answered, *_) = await ids_of(store, person)
    assert await store.deliveries.answer(answered, person, Answer.DONE, message_id=person + 6, channel_id=person + 5, now=NOON)
    await store.leases.acquire("all", "one", 60)


async def ids_of(store: Store, person: int) -> list[str]:
    async with store.database.read() as connection:
        return list((await connection.execute(sa.select(delivery.c.id).where(delivery.c.member_id == person))).scalars())


async def rows_of(store: Store, person: int) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    async with store.database.read() as connection:
        for name, (table, whose) in HERS.items():
            query = sa.select(table).where(whose == person).order_by(*table.primary_key)
            found[name] = [tuple(row) for row in (await connection.execute(query)).all()]
    return found


def test_every_table_is_either_hers_or_nobodys() -> None:
    assert {table.name for table, _ in HERS.values()} | set(NOBODYS) == set(metadata.tables)
    for name in NOBODYS:
        assert not [column.name for column in metadata.tables[name].c if "member" in column.name]


async def test_her_export_holds_all_of_hers_and_nothing_of_the_others(store: Store) -> None:
    await fill(store, AMIRA, "jasmine")
    await fill(store, DIEGO, "tamarind")
    exported = await store.privacy.export(AMIRA)
    assert await store.privacy.summary(AMIRA) == {"settings": 1, "reminders": 2, "messages": 3}
    for name, (table, _) in HERS.items():
        assert len(exported[name]) == len((await rows_of(store, AMIRA))[name]) > 0
        for row in exported[name]:
            assert {column.name for column in table.c} - HIDDEN <= set(row)
    text = str(exported)
    assert [word for word in ("Zone/jasmine", "ask jasmine", "tell jasmine") if word not in text] == []
    assert {each["text"] for each in exported["reminders"]} == {"ask jasmine", ""}
    assert str(AMIRA) in text
    assert not [word for word in ("tamarind", str(DIEGO), str(DIEGO + 5), str(DIEGO + 6)) if word in text]


async def test_erasing_her_leaves_the_other_as_he_was_and_nothing_of_hers(store: Store) -> None:
    await fill(store, AMIRA, "jasmine")
    await fill(store, DIEGO, "tamarind")
    before = await rows_of(store, DIEGO)
    assert await store.privacy.erase(AMIRA) == {"settings": 1, "reminders": 2, "messages": 3}
    assert await rows_of(store, DIEGO) == before
    async with store.database.read() as connection:
        for table in metadata.tables.values():  # every column of every table, not only those that are known to name her
            for row in (await connection.execute(sa.select(table))).all():
                assert str(AMIRA) not in str(tuple(row))
    assert await store.privacy.erase(AMIRA) == {"settings": 0, "reminders": 0, "messages": 0}


async def test_nothing_that_a_member_wrote_stands_in_the_file(sqlite_store: Store) -> None:
    await fill(sqlite_store, AMIRA, "jasmine")
    path = Path(make_url(sqlite_store.url).database or "")
    files = [path, *path.parent.glob(f"{path.name}-*")]
    assert any(each.name.endswith("-wal") for each in files)
    raw = b"".join(each.read_bytes() for each in files)
    assert b"us-2027-match-day" in raw  # what is kept in clear is found this way
    assert b"jasmine" not in raw
    await sqlite_store.privacy.erase(AMIRA)
    await sqlite_store.database.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM delivery").fetchone() == (0,)
