"""All that is stored of one server, nothing of another, and of members numbers alone: found by walking the tables."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from bot.domain.ids import derived_id
from bot.storage.encryption import Cipher
from bot.storage.server_erasure import GOES, LOSES, STAYS
from bot.storage.server_export import COUNTED, LEFT_OUT, LEFT_OUT_COLUMNS, LEFT_OUT_WORDS, PARTS, ServerExportRepository
from bot.storage.tables import broadcast, broadcast_channel, delivery, metadata, server_role
from tests.storage.test_privacy import a_row, fill
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_delivery, a_member

HERE, THERE = 1100000000000000071, 1100000000000000072
MANAGER = 1100000000000003000
STATES = {"broadcast": "confirmed", "mock_match": "revealed"}
TELLING = {part.table.name for part in PARTS.values() if part.words}
"""Tables whose words are the staff's."""


def word_of(table: sa.Table, guild_id: int) -> str:
    """Return what stands in the row of a table: the staff's word, or a member's where the table's words are no staff's."""
    return f"{'staffword' if table.name in TELLING else 'memberword'} {table.name} {guild_id}"


def row_of(store: Store, table: sa.Table, guild_id: int, person: int) -> dict[str, Any]:
    if table is broadcast_channel:
        return {"broadcast_id": derived_id("broadcast", guild_id), "channel_id": guild_id + 500}
    row = a_row(table, person, store.cipher.encrypt({"text": word_of(table, guild_id)}))
    own: dict[str, Any] = {
        "id": derived_id(table.name, guild_id),
        "guild_id": guild_id,
        "author_id": person,
        "actor_id": MANAGER,
        "channel_id": guild_id + 500,
        "program_id": derived_id("program", guild_id),
        "slot_id": derived_id("slot", guild_id),
        "question_id": derived_id("question", guild_id),
        "mock_match_id": derived_id("mock_match", guild_id),
    }
    if table.name in STATES:
        own["state"] = STATES[table.name]
    if table is broadcast:
        row["confirmed_at"] = NOON
    if table is server_role:
        row["role_id"] = guild_id + 900
    return row | {name: value for name, value in own.items() if name in table.c}


async def fill_server(store: Store, guild_id: int, person: int) -> None:
    """Put a row into every table that names a server or hangs on one that does."""
    await store.members.save(a_member(person))
    hanging = ("broadcast_channel", "slot_booking", "question_claim", "question_message", "mock_match_list")
    async with store.database.write() as connection:
        for table in metadata.sorted_tables:
            if table.name in hanging or ("guild_id" in table.c and table.name not in ("reminder", "delivery")):
                await connection.execute(sa.insert(table).values(row_of(store, table, guild_id, person)))
    for member_id in (None, person):
        to_whom = {"member_id": member_id, "guild_id": guild_id, "payload": {"text": f"memberword {guild_id}"}}
        notice = a_delivery(f"{guild_id} {member_id}", **to_whom)
        await store.deliveries.add(notice)
        async with store.database.write() as connection:
            await connection.execute(sa.update(delivery).where(delivery.c.id == notice.id).values(kind="notice"))


@pytest.fixture
async def filled(store: Store) -> Store:
    await fill_server(store, HERE, AMIRA)
    await fill_server(store, THERE, DIEGO)
    return store


async def exported(store: Store, guild_id: int) -> dict[str, Any]:
    found = await ServerExportRepository(store.database, store.cipher).export(guild_id)
    assert found is not None
    return json.loads(json.dumps(found))  # as it is handed over: nothing in it is of a type that JSON does not know


def test_every_table_is_exported_or_counted_or_says_why_not() -> None:
    parts = [part.table.name for part in PARTS.values()]
    named = [*parts, *COUNTED, *LEFT_OUT]
    assert sorted(named) == sorted(metadata.tables)
    assert all(reason for reason in (COUNTED | LEFT_OUT | LEFT_OUT_COLUMNS | LEFT_OUT_WORDS).values())
    of_servers = {table.name for table in (*GOES, *LOSES, *STAYS)}
    assert {name for name, reason in LEFT_OUT.items() if reason.endswith("of no server")} & of_servers == set()


@pytest.mark.parametrize("name", PARTS)
def test_every_column_is_exported_or_says_why_not(name: str) -> None:
    part = PARTS[name]
    columns = {column.name for column in part.table.c} - set(part.columns) - {"blob"}
    if part.table.name == "server_answer":
        columns.discard("state")  # those that are kept alone are exported
    assert columns - set(LEFT_OUT_COLUMNS) == set()
    assert ("blob" in part.table.c) == (part.words or part.table.name in LEFT_OUT_WORDS)


async def test_it_holds_all_of_the_server_and_nothing_of_another_or_of_a_member(filled: Store) -> None:
    found = await exported(filled, HERE)
    assert set(found) == {"server_id", "numbers", *PARTS}
    for name, part in PARTS.items():
        assert len(found[name]) == 1, name
        assert set(part.columns.values()) <= set(found[name][0])
    text = json.dumps(found)
    assert [table for table in TELLING if f"staffword {table} {HERE}" not in text] == []
    assert [word for word in ("memberword", str(THERE), str(AMIRA), str(DIEGO), derived_id("slot", THERE)) if word in text] == []
    assert [each["who"] for each in found["deeds"]] == [str(MANAGER)]
    assert text.count(str(MANAGER)) == 1
    assert found["notices"][0]["channels"] == [str(HERE + 500)]
    assert found["dates"][0]["confirmed_at"] == NOON.isoformat()


async def test_of_members_it_counts(filled: Store) -> None:
    assert (await exported(filled, HERE))["numbers"] == {
        "questions": {"open": 1},
        "bookings_of_slots": {"booked": 1},
        "messages_of_notices_to_channels": {"pending": 1},
        "messages_of_notices_to_members": {"pending": 1},
        "members_who_want_notices": 1,
    }


async def test_what_nobody_else_has_seen_stays_its_authors(filled: Store) -> None:
    async with filled.database.write() as connection:
        await connection.execute(sa.update(broadcast).values(state="waiting", confirmed_at=None))
        for name in ("server_event", "server_answer"):
            await connection.execute(sa.update(metadata.tables[name]).values(state="draft"))
    found = await exported(filled, HERE)
    assert (found["notices"], found["scheduled_events"], found["answers"]) == ([], [], [])
    assert f"staffword broadcast {HERE}" not in json.dumps(found)


async def test_a_server_of_which_nothing_is_stored_is_none(filled: Store) -> None:
    repository = ServerExportRepository(filled.database, filled.cipher)
    assert await repository.export(12345) is None
    await fill(filled, AMIRA + 9, "jasmine")  # of a member alone
    assert await repository.export(54321) is None


async def test_what_cant_be_read_is_marked_and_holds_up_nothing(filled: Store) -> None:
    other = ServerExportRepository(filled.database, Cipher([Fernet.generate_key().decode()]))
    found = await other.export(HERE)
    assert found is not None
    assert all(found[name][0]["unreadable"] for name, part in PARTS.items() if part.words)
    assert found["settings"][0]["channel_for_notices"] is None


async def test_many_notices_each_have_their_channels(filled: Store) -> None:
    async with filled.database.write() as connection:
        for number in range(3):
            row = row_of(filled, broadcast, HERE, AMIRA) | {"id": f"n{number}", "send_at": NOON + timedelta(days=number)}
            await connection.execute(sa.insert(broadcast).values(row))
            await connection.execute(
                sa.insert(broadcast_channel), [{"broadcast_id": f"n{number}", "channel_id": at} for at in (number, 99)]
            )
    channels = {each["id"]: each["channels"] for each in (await exported(filled, HERE))["notices"]}
    assert channels["n2"] == ["2", "99"]
