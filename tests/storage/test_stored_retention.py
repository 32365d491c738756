"""Terms, notices and servers that left, as they are stored, on both databases."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.delivery import DeliveryKind, DeliveryState
from bot.domain.member import DirectMessages
from bot.storage.database import insert
from bot.storage.privacy import HERS, SHARED
from bot.storage.retention import ACTS, WITHOUT_TIME, RetentionRepository
from bot.storage.server_erasure import GOES, LOSES, STAYS, ServerErasureRepository
from bot.storage.tables import delivery, member, metadata, reminder
from tests.storage.test_privacy import a_row, fill
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_delivery, a_member, a_reminder

HERE, THERE = 7, 9
YEAR = timedelta(days=366)


async def rows(store: Store, table: sa.Table, **where: Any) -> list[dict[str, Any]]:
    query = sa.select(table).where(*(table.c[name] == value for name, value in where.items())).order_by(*table.primary_key)
    async with store.database.read() as connection:
        return [dict(row) for row in (await connection.execute(query)).mappings()]


def test_every_table_of_a_member_says_when_she_acted_or_is_named_as_silent() -> None:
    silent = {name for name, (table, _) in (HERS | SHARED).items() if table not in {column.table for column in ACTS}}
    assert silent == WITHOUT_TIME


def test_every_table_that_names_a_server_says_what_becomes_of_it() -> None:
    naming = {table.name for table in metadata.tables.values() if "guild_id" in table.c}
    assert naming == {table.name for table in (*GOES, *LOSES, *STAYS)} | {"server_removal"}


async def test_whose_term_may_be_over_is_found_by_year_or_by_day_and_by_nothing_that_is_kept(store: Store) -> None:
    terms = RetentionRepository(store.database)
    for person, changes in {1: {"target_year": 2025}, 2: {"target_year": 2026}, 3: {"target_year": None}, 4: {"target_year": 2025}}.items():
        await store.members.save(a_member(person, **changes))
    assert await terms.keep(4, date(2030, 1, 1))

    async def found(now: datetime) -> list[int]:
        return [term.member_id for term, _ in await terms.over(now, after=-1, limit=9)]

    assert await found(NOON.replace(month=6, day=30)) == []
    assert await found(NOON) == [1]
    assert await found(NOON.replace(year=2027, month=7, day=1)) == [1, 2]
    assert await found(NOON + YEAR) == [1, 2, 3]
    assert await found(NOON.replace(year=2030)) == [1, 2, 3, 4]
    assert [term.member_id for term, _ in await terms.over(NOON + YEAR, after=1, limit=1)] == [2]


async def test_the_last_act_is_the_newest_that_is_stored_anywhere(store: Store) -> None:
    terms = RetentionRepository(store.database)
    await store.members.save(a_member(consented_at=None, direct_messages=DirectMessages.OFF, consent_version=None))
    term, _ = await terms.term(AMIRA) or pytest.fail("she is stored")
    assert (term.last_act, term.target_year, term.kept_until) == (NOON, 2027, None)
    # That a message came is no act of hers; that she set a reminder is one.
    await store.deliveries.add(a_delivery())
    await store.deliveries.claim_due(NOON, 1, "one", 60)
    async with store.database.write() as connection:
        sent = {"state": "sent", "sent_at": NOON + YEAR, "message_id": 5, "lease_owner": None, "lease_until": None}
        await connection.execute(sa.update(delivery).values(sent))
    assert (await terms.term(AMIRA) or pytest.fail("she is stored"))[0].last_act == NOON
    async with store.database.write() as connection:
        await connection.execute(sa.update(delivery).values(answer="done"))
    assert (await terms.term(AMIRA) or pytest.fail("she is stored"))[0].last_act == NOON + YEAR
    await store.reminders.add(a_reminder())
    async with store.database.write() as connection:
        await connection.execute(sa.update(reminder).values(created_at=NOON + 2 * YEAR))
    assert (await terms.term(AMIRA) or pytest.fail("she is stored"))[0].last_act == NOON + 2 * YEAR


@pytest.mark.parametrize("column", ACTS, ids=lambda column: f"{column.table.name}.{column.name}")
async def test_each_time_that_is_hers_counts(sqlite_store: Store, column: sa.Column[Any]) -> None:
    await fill(sqlite_store, AMIRA, "jasmine")
    later = NOON + YEAR
    async with sqlite_store.database.write() as connection:
        change = sa.update(column.table).values({column.name: later})
        if column.table is delivery:
            change = change.where(delivery.c.state == "sent")
        await connection.execute(change)
    term, _ = await RetentionRepository(sqlite_store.database).term(AMIRA) or pytest.fail("she is stored")
    assert term.last_act == later


async def test_keeping_takes_back_the_notice_that_waits_and_answers_the_one_that_came(store: Store) -> None:
    terms = RetentionRepository(store.database)
    await store.members.save(a_member())
    await terms.waits(AMIRA, NOON)
    for name in ("waits", "parked", "came"):
        await store.deliveries.add(replace(a_delivery(name), kind=DeliveryKind.EXPIRY))
    other = a_delivery("other")
    await store.deliveries.add(other)
    async with store.database.write() as connection:
        await connection.execute(sa.update(delivery).where(delivery.c.source_id == "parked").values(state="parked"))
        sent = {"state": "sent", "sent_at": NOON, "message_id": 5}
        await connection.execute(sa.update(delivery).where(delivery.c.source_id == "came").values(sent))
    assert await terms.keep(AMIRA, date(2029, 1, 1))
    assert await terms.keep(AMIRA, date(2028, 1, 1))  # never sooner than she was promised
    states = {row["source_id"]: (row["state"], row["answer"]) for row in await rows(store, delivery)}
    assert states == {
        "waits": ("cancelled", None),
        "parked": ("cancelled", None),
        "came": ("sent", "done"),
        "other": ("pending", None),
    }
    (stored,) = await rows(store, member)
    assert (stored["kept_until"], stored["notice_waits_since"]) == (date(2029, 1, 1), None)
    assert not await terms.keep(DIEGO, date(2029, 1, 1))
    assert "2029-01-01" in str((await store.privacy.export(AMIRA))["settings"])


async def test_who_is_named_by_what_servers_keep_and_has_no_settings_is_found_after_a_year(store: Store) -> None:
    terms = RetentionRepository(store.database)
    audit = metadata.tables["audit"]
    async with store.database.write() as connection:
        for person, at in ((AMIRA, NOON), (DIEGO, NOON + YEAR)):
            await connection.execute(sa.insert(audit).values(a_row(audit, person, b"x") | {"at": at}))
    assert await terms.strangers(NOON + YEAR) == {AMIRA: NOON}
    await store.members.save(a_member())
    assert await terms.strangers(NOON + YEAR) == {}


async def test_a_server_that_left_is_erased_and_the_other_one_and_members_stay(store: Store) -> None:
    servers = ServerErasureRepository(store.database)
    await fill(store, AMIRA, "jasmine")
    await fill_server(store, HERE)
    await fill_server(store, THERE)
    assert await servers.known() == {HERE, THERE}
    members = [await rows(store, table) for table in (member, reminder)]
    there = {table.name: await rows(store, table, guild_id=THERE) for table in (*GOES, *LOSES)}
    assert all(there.values())
    await servers.mark([HERE, HERE], NOON)
    await servers.mark([HERE], NOON + timedelta(days=5))
    assert await servers.removed() == {HERE: NOON}
    assert not await servers.erase(HERE, NOON - timedelta(seconds=1), NOON)
    assert not await servers.erase(THERE, NOON, NOON)
    now = NOON + timedelta(days=30)
    assert await servers.erase(HERE, NOON, now)
    assert not await servers.erase(HERE, NOON, now)
    assert {table.name: await rows(store, table, guild_id=HERE) for table in GOES} == {table.name: [] for table in GOES}
    assert {table.name: await rows(store, table, guild_id=THERE) for table in (*GOES, *LOSES)} == there
    assert [await rows(store, table) for table in (member, reminder)] == members
    assert await rows(store, metadata.tables["question_claim"]) == []
    assert {row["state"] for row in await rows(store, metadata.tables["question"], guild_id=HERE)} == {"closed"}
    assert all(row["blob"] is not None for row in await rows(store, metadata.tables["question_message"]))  # what was said stays theirs
    assert all(row["blob"] is None for row in await rows(store, metadata.tables["slot"], guild_id=HERE))
    left = await rows(store, delivery, guild_id=HERE)
    assert {(row["source_id"], row["member_id"] is None) for row in left} == {(f"to her {HERE}", False)}
    assert await servers.removed() == {}


async def fill_server(store: Store, guild_id: int) -> None:
    """Put a row into every table that names a server, and what ``fill`` made of the first one is left."""
    async with store.database.write() as connection:
        for table in (*GOES, metadata.tables["question"], metadata.tables["slot"]):
            own = {"guild_id": guild_id, "id": f"{table.name[:11]}-{guild_id}", "program_id": f"p{guild_id}", "channel_id": 80 + guild_id}
            row = a_row(table, AMIRA, store.cipher.encrypt({"text": "x"}))
            row |= {name: value for name, value in own.items() if name in table.c}
            await connection.execute(insert(connection, table).values(row).on_conflict_do_nothing())
    for name, member_id in (("to her", AMIRA), ("to a channel", None)):
        await store.deliveries.add(a_delivery(f"{name} {guild_id}", member_id=member_id, guild_id=guild_id))


async def test_a_server_that_comes_back_keeps_everything(store: Store) -> None:
    servers = ServerErasureRepository(store.database)
    await store.members.save(a_member())
    await fill_server(store, THERE)
    before = {table.name: await rows(store, table) for table in (*GOES, *LOSES)}
    await servers.mark([THERE], NOON)
    await servers.unmark([THERE])
    await servers.unmark([])
    await servers.mark([], NOON)
    assert not await servers.erase(THERE, NOON + YEAR, NOON + YEAR)
    assert {table.name: await rows(store, table) for table in (*GOES, *LOSES)} == before


async def test_a_notice_that_reached_a_member_stays_hers_and_one_that_did_not_goes_with_its_server(store: Store) -> None:
    servers = ServerErasureRepository(store.database)
    await store.members.save(a_member())
    for name, state in {"waits": "pending", "read": "parked", "dropped": "cancelled"}.items():
        await store.deliveries.add(replace(a_delivery(name, guild_id=HERE), kind=DeliveryKind.NOTICE))
        async with store.database.write() as connection:
            await connection.execute(sa.update(delivery).where(delivery.c.source_id == name).values(state=DeliveryState(state).value))
    await servers.mark([HERE], NOON)
    assert await servers.erase(HERE, NOON, NOON)
    assert [row["source_id"] for row in await rows(store, delivery)] == ["read"]
