"""The database's form: made by the versions, the same as the tables say, on both databases."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from cryptography.fernet import Fernet
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StartError
from bot.storage.database import Database
from bot.storage.delivery_rows import values_of
from bot.storage.encryption import Cipher
from bot.storage.migrate import parse_url, upgrade
from bot.storage.tables import metadata
from migrations.rebuilding import replace_check
from migrations.versions import v0001_first
from tests.support.clocks import NOON
from tests.support.databases import Store, a_delivery, a_member, a_reminder

ADDED = {"event_at", "kept_until", "notice_waits_since", "removed_at"}
"""Columns that came after the first version."""


def index_words(index: Any) -> str:
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": options})


def form_of(connection: sa.Connection) -> dict[str, Any]:
    """Return columns, keys, rules and indexes as the database itself tells them."""
    inspector = sa.inspect(connection)
    dialect = connection.dialect
    return {
        table: {
            "columns": {c["name"]: (c["type"].compile(dialect), c["nullable"], c["default"]) for c in inspector.get_columns(table)},
            "key": inspector.get_pk_constraint(table),
            "foreign": sorted(map(str, inspector.get_foreign_keys(table))),
            "unique": sorted(map(str, inspector.get_unique_constraints(table))),
            "rules": sorted((each["name"] or "", " ".join(each["sqltext"].split())) for each in inspector.get_check_constraints(table)),
            "indexes": sorted(map(index_words, inspector.get_indexes(table))),
        }
        for table in sorted(inspector.get_table_names())
        if table != "alembic_version"
    }


async def form(url: str) -> dict[str, Any]:
    database = Database.open(url)
    try:
        async with database.read() as connection:
            return await connection.run_sync(form_of)
    finally:
        await database.close()


async def test_the_versions_make_what_the_tables_say(bare_url: str) -> None:
    await upgrade(bare_url)
    migrated = await form(bare_url)
    database = Database.open(bare_url)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.drop_all)
        await connection.run_sync(metadata.create_all)
    await database.close()
    assert set(migrated) == set(metadata.tables)
    assert migrated == await form(bare_url)


async def test_two_that_start_together_migrate_once(bare_url: str) -> None:
    await asyncio.gather(upgrade(bare_url), upgrade(bare_url))
    assert set(await form(bare_url)) == set(metadata.tables)


async def test_upgrading_again_changes_nothing(store: Store) -> None:
    await store.members.save(a_member())
    await store.reminders.add(a_reminder())
    await store.deliveries.add(a_delivery())
    before = await form(store.url), await store.privacy.export(a_member().id)
    await upgrade(store.url)
    assert (await form(store.url), await store.privacy.export(a_member().id)) == before


def first_version(connection: sa.Connection) -> None:
    """Bring an empty database to the first version, as the program of that time left it."""
    context = MigrationContext.configure(connection)
    with Operations.context(context):
        v0001_first.upgrade()
    connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('0001')")


async def rows_of(connection: AsyncConnection, name: str) -> Sequence[Any]:
    """Return the rows of a table, in the columns that its first version had."""
    columns = [column for column in metadata.tables[name].c if column.name not in ADDED]
    return (await connection.execute(sa.select(*columns))).all()


async def test_a_filled_first_version_keeps_its_rows(bare_url: str) -> None:
    database = Database.open(bare_url)
    cipher = Cipher([Fernet.generate_key().decode()])
    delivered = {"state": "parked", "reason": "it's (closed): 50007"}
    async with database.engine.begin() as connection:
        await connection.run_sync(first_version)
        values = {"id": 5, "created_at": NOON, "direct_messages": "off", "blob": b"settings"}
        await connection.execute(sa.insert(metadata.tables["member"]).values(values))
        due = {"id": "r", "member_id": 5, "kind": "own", "state": "active", "due_at": NOON, "created_at": NOON, "lead_seconds": 0}
        await connection.execute(sa.insert(metadata.tables["reminder"]).values(due | {"occurrence": 0, "blob": b"text"}))
        await connection.execute(sa.insert(metadata.tables["delivery"]).values(values_of(a_delivery(member_id=5), cipher) | delivered))
        before = {name: await rows_of(connection, name) for name in ("member", "reminder", "delivery")}
    await database.close()
    await upgrade(bare_url)
    database = Database.open(bare_url)
    async with database.read() as connection:
        assert {name: await rows_of(connection, name) for name in before} == before
    async with database.write() as connection:
        await connection.execute(sa.update(metadata.tables["reminder"]).values(kind="letter"))
    with pytest.raises(sa.exc.IntegrityError):
        async with database.write() as connection:
            await connection.execute(sa.update(metadata.tables["reminder"]).values(kind="nonsense"))
    await database.close()


async def test_a_check_that_is_not_there_can_not_be_replaced(sqlite_store: Store) -> None:
    def replace(connection: sa.Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)):
            replace_check("reminder", "ck_reminder_mood", "mood IS NOT NULL")

    with pytest.raises(LookupError, match="ck_reminder_mood"):
        async with sqlite_store.database.write() as connection:
            await connection.run_sync(replace)


async def test_a_newer_database_is_refused_and_left_as_it_is(store: Store) -> None:
    await store.members.save(a_member())
    async with store.database.write() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StartError, match="newer version of Matchday"):
        await upgrade(store.url)
    assert await store.members.get(a_member().id) == a_member()


@pytest.mark.parametrize("url", ["", "nonsense", "sqlite:///x.db", "mysql://root@localhost/x", "postgresql://localhost/x"])
def test_an_address_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(StartError, match="address can't be used"):
        parse_url(url)


async def test_instants_are_kept_to_the_microsecond_and_only_aware_ones(store: Store) -> None:
    exact = NOON.replace(microsecond=123_457)
    await store.members.save(a_member(consented_at=exact))
    member = await store.members.get(a_member().id)
    assert member is not None
    assert member.consented_at == exact
    with pytest.raises(sa.exc.StatementError, match="aware"):
        await store.members.save(a_member(consented_at=exact.replace(tzinfo=None)))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE delivery SET state = 'lost'",
        "UPDATE delivery SET state = 'sent'",
        "UPDATE delivery SET state = 'claimed', lease_owner = 'one', lease_until = 5",
        "UPDATE delivery SET lease_owner = 'one'",
        "UPDATE delivery SET not_before = due_at - 1",
        "UPDATE delivery SET recipient = 'member:5'",
        "UPDATE delivery SET recipient = 'channel:5'",
        "UPDATE delivery SET answer = 'done'",
        "UPDATE reminder SET member_id = 12345",
        "UPDATE reminder SET state = 'fired'",
        "UPDATE member SET direct_messages = 'perhaps'",
        "INSERT INTO key_check (id, canary) VALUES (2, 'x')",
        "INSERT INTO server_date VALUES (1, 'x', '2027-03-03', 'UTC', false, false, 'http://x.org', 5, NULL)",
        "INSERT INTO server_date VALUES (1, 'x', NULL, 'UTC', false, false, 'https://x.org', 5, NULL)",
    ],
)
async def test_what_must_not_be_is_refused_by_the_database_itself(store: Store, change: str) -> None:
    await store.members.save(a_member())
    await store.reminders.add(a_reminder())
    await store.deliveries.add(a_delivery())
    with pytest.raises(sa.exc.IntegrityError):
        async with store.database.write() as connection:
            await connection.execute(sa.text(change))
