"""An installation moves from one database to the other, whole: every table, every row, compared; or not at all."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from bot.errors import StartError
from bot.scheduling.served import Served
from bot.storage import moving
from bot.storage.database import Database
from bot.storage.encryption import Cipher, check_key
from bot.storage.migrate import newest_version, upgrade
from bot.storage.moving import Move, TableMoved, move
from bot.storage.tables import metadata
from bot.storage.types import Instant
from tests.storage.test_privacy import a_row, fill
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_member, fresh_name, on_server, open_store, run_apart
from tests.support.databases import _tell_server as tell_server

BY_TYPE: dict[type[Any], Any] = {
    sa.String: "x", sa.BigInteger: 5, sa.Integer: 1, sa.Boolean: True, sa.LargeBinary: b"\x00\xff blob", Instant: NOON,
}  # fmt: skip
BY_NAME = {"duty": "advisor", "feature": "sharing", "source_url": "https://example.org"}


@pytest.fixture
def empty_postgres(postgres_server: None, worker: str) -> Iterator[str]:
    name = fresh_name(worker)
    run_apart(tell_server(f"CREATE DATABASE {name}"))
    yield on_server(name)
    run_apart(tell_server(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'moved.sqlite3'}"


@pytest.fixture
def empty(request: pytest.FixtureRequest, store: Store) -> str:
    """Return an empty database of the other kind than the store's."""
    return request.getfixturevalue("empty_postgres" if store.url.startswith("sqlite") else "empty_sqlite")


async def fill_all(store: Store) -> None:
    """Put rows into every table there is: members' as the tests of privacy do, then into what is nobody's; no lease is alive."""
    await check_key(store.database, store.cipher)
    for person, word in ((AMIRA, "jasmine"), (DIEGO, "tamarind")):
        await fill(store, person, word)
    await store.leases.set_token("served last")
    await store.leases.release("all", "one")
    async with store.database.write() as connection:
        for table in metadata.sorted_tables:
            if await connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0:
                row = {each.name: BY_NAME.get(each.name, BY_TYPE[type(each.type)]) for each in table.c}
                for key in table.foreign_keys:
                    row[key.parent.name] = await connection.scalar(sa.select(key.column).limit(1))
                await connection.execute(sa.insert(table).values(row))


async def everything(url: str) -> dict[str, list[Any]]:
    """Return every row of every table that the database itself knows of, as text, in an order of our own."""
    database = Database.open(url)
    try:
        async with database.read() as connection:
            names = await connection.run_sync(lambda each: sa.inspect(each).get_table_names())
            found = {}
            for name in sorted(set(names) - {"alembic_version"}):
                columns = [sa.column(column.name) for column in metadata.tables[name].c]
                rows = (await connection.execute(sa.select(*columns).select_from(sa.table(name)))).all()
                found[name] = sorted(str([str(int(v) if isinstance(v, bool) else v) for v in row]) for row in rows)
            return found
    finally:
        await database.close()


async def moved(source: str, target: str, *, is_rehearsal: bool = False) -> Move:
    said: list[TableMoved] = []
    done = await move(source, target, is_rehearsal=is_rehearsal, say=said.append)
    assert said == done.tables
    return done


async def test_every_row_of_every_table_arrives(store: Store, empty: str) -> None:
    await fill_all(store)
    before = await everything(store.url)
    assert [name for name, rows in before.items() if not rows] == [], "tables that the test forgot"
    done = await moved(store.url, empty)
    assert done.is_well
    assert {table.name for table in done.tables} == set(before), "tables that were forgotten"
    assert {table.name: table.rows for table in done.tables} == {name: len(rows) for name, rows in before.items()}
    assert await everything(empty) == before
    assert await everything(store.url) == before
    await upgrade(empty)  # it is of this version already
    other = open_store(empty, store.cipher)
    await check_key(other.database, store.cipher)
    assert await other.members.get(AMIRA) == await store.members.get(AMIRA)
    assert await other.privacy.export(AMIRA) == await store.privacy.export(AMIRA)
    await other.database.close()


async def test_and_all_the_way_back(sqlite_store: Store, empty_postgres: str, empty_sqlite: str) -> None:
    await fill_all(sqlite_store)
    await moved(sqlite_store.url, empty_postgres)
    await moved(empty_postgres, empty_sqlite)
    assert await everything(empty_sqlite) == await everything(sqlite_store.url)


async def test_more_rows_than_are_in_hand_at_once_in_whatever_order_the_server_sorts(
    store: Store, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.moving.AT_ONCE", 7)
    async with store.database.write() as connection:
        for number, event in enumerate(["a-b", "a_b", "A", "ab", "Zz", "éa", "ez", "a b", *map(str, range(20))]):
            values = {"event_id": event, "fingerprint": "f", "sequence": number, "changed_at": NOON}
            await connection.execute(sa.insert(metadata.tables["published_event"]).values(values))
    done = await moved(store.url, empty)
    assert done.is_well
    assert sum(table.rows for table in done.tables) == 28


async def test_the_database_that_was_served_last_is_known_again_after_it_moved(store: Store, empty: str, tmp_path: Path) -> None:
    """So nothing is looked for twice, and the one it came from counts as an older copy once the new one has sent."""
    await Served(store.leases, tmp_path / "served").turn()
    await moved(store.url, empty)
    other = open_store(empty)
    served = Served(other.leases, tmp_path / "served")
    assert not await served.is_other()
    await served.turn()
    assert await Served(store.leases, tmp_path / "served").is_other()
    await other.database.close()


async def test_what_was_moved_is_neither_served_nor_moved_again(store: Store, empty: str, tmp_path: Path) -> None:
    await store.members.save(a_member())
    await moved(store.url, empty)
    with pytest.raises(StartError, match="was moved to another one"):
        await upgrade(store.url)
    with pytest.raises(StartError, match="--from: This database was moved already"):
        await moved(store.url, f"sqlite+aiosqlite:///{tmp_path / 'third.sqlite3'}")
    assert await store.members.get(AMIRA) is not None


async def test_a_rehearsal_leaves_nothing_and_does_not_mind_the_bot(store: Store, empty: str) -> None:
    await store.members.save(a_member())
    await store.leases.acquire("all", "a bot", 60)
    done = await moved(store.url, empty, is_rehearsal=True)
    assert done.is_well
    assert done.is_served
    assert await everything(empty) == {}
    await upgrade(store.url)  # it may be served as before


@pytest.mark.parametrize("partition", ["all", "shards:0-3"])
async def test_a_database_that_a_bot_serves_is_not_moved(store: Store, empty: str, partition: str) -> None:
    await store.leases.acquire(partition, "a bot", 60)
    with pytest.raises(StartError, match="--from: A bot serves this database"):
        await moved(store.url, empty)
    assert await everything(empty) == {}
    await store.leases.release(partition, "a bot")
    assert (await moved(store.url, empty)).is_well


async def test_no_bot_can_begin_to_serve_it_meanwhile(store: Store, empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lease that it must take first can't be had while the rows are copied."""
    taking: list[asyncio.Task[bool]] = []
    compare = moving._compare

    async def comparing(*given: Any) -> TableMoved:
        if not taking:
            taking.append(asyncio.create_task(store.leases.acquire("all", "a bot", 60)))
        await asyncio.sleep(0)
        assert not taking[0].done()
        return await compare(*given)

    monkeypatch.setattr(moving, "_compare", comparing)
    assert (await moved(store.url, empty)).is_well
    assert await taking[0]


async def test_a_target_that_is_not_empty_is_refused_and_left_as_it_is(store: Store, empty: str) -> None:
    await upgrade(empty)
    other = open_store(empty)
    await other.members.save(a_member(DIEGO))
    await store.members.save(a_member())
    with pytest.raises(StartError, match="--to: The database is not empty: its table member has rows"):
        await moved(store.url, empty)
    assert await other.members.get(AMIRA) is None
    assert await other.members.get(DIEGO) is not None
    await other.database.close()


async def test_an_empty_target_that_has_its_tables_already_is_taken(store: Store, empty: str) -> None:
    await upgrade(empty)
    await store.members.save(a_member())
    assert (await moved(store.url, empty)).is_well


@pytest.mark.parametrize(
    ("version", "says"), [("0001", "has version 0001"), ("9999", "has version 9999"), (None, "no database of Matchday")]
)
async def test_another_version_than_this_programs_is_refused(store: Store, empty: str, version: str | None, says: str) -> None:
    async with store.database.write() as connection:
        change = "DROP TABLE alembic_version" if version is None else "UPDATE alembic_version SET version_num = :version"
        await connection.execute(sa.text(change), {} if version is None else {"version": version})
    with pytest.raises(StartError, match=f"--from: .*{says}"):
        await moved(store.url, empty)
    assert newest_version() not in ("0001", "9999")
    assert await everything(empty) == {}


async def test_a_target_of_a_newer_version_is_refused(store: Store, empty: str) -> None:
    await upgrade(empty)
    other = open_store(empty)
    async with other.database.write() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StartError, match="--to: The database was written by a newer version"):
        await moved(store.url, empty)
    await other.database.close()


@pytest.mark.parametrize(
    ("source", "target", "says"),
    [
        ("sqlite+aiosqlite:////nowhere/x.sqlite3", "sqlite+aiosqlite:///y.sqlite3", "no database file /nowhere/x.sqlite3"),
        ("sqlite+aiosqlite:///x.sqlite3", "sqlite+aiosqlite:///./x.sqlite3", "the same database"),
        ("postgresql+asyncpg://a:b@h/d", "postgresql+asyncpg://c@h/d", "the same database"),
        ("nonsense", "sqlite+aiosqlite:///y.sqlite3", "address can't be used"),
        ("sqlite+aiosqlite:///x.sqlite3", "postgresql://h/d", "address can't be used"),
        ("postgresql+asyncpg://x@127.0.0.1:1/d", "sqlite+aiosqlite:///y.sqlite3", "--from: The database can't be reached"),
    ],
)
async def test_addresses_that_lead_nowhere_are_told(
    source: str, target: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StartError, match=says):
        await moved(source, target)
    assert list(tmp_path.iterdir()) == []


async def test_a_file_that_is_no_database_is_told(tmp_path: Path, empty_sqlite: str) -> None:
    path = tmp_path / "x.sqlite3"
    path.write_bytes(b"these are no pages" * 500)
    with pytest.raises(StartError, match="--from: The database file is damaged or is not a database"):
        await moved(f"sqlite+aiosqlite:///{path}", empty_sqlite)


@pytest.mark.parametrize("change", ["UPDATE member SET dm_channel_id = 7 WHERE id = NEW.id", "DELETE FROM member WHERE id = NEW.id"])
async def test_a_row_that_arrives_otherwise_takes_all_of_it_back(sqlite_store: Store, empty_sqlite: str, change: str) -> None:
    """As a rule in the target would have it, or a fault of ours."""
    await sqlite_store.members.save(a_member())
    await sqlite_store.members.save(a_member(DIEGO))
    await upgrade(empty_sqlite)
    other = Database.open(empty_sqlite)
    async with other.write() as connection:
        await connection.execute(sa.text(f"CREATE TRIGGER strange AFTER INSERT ON member WHEN NEW.id = {DIEGO} BEGIN {change}; END"))
    await other.close()
    done = await moved(sqlite_store.url, empty_sqlite)
    assert not done.is_well
    (member,) = [table for table in done.tables if table.differ]
    assert (member.name, member.rows, member.differ) == ("member", 2, 1)
    assert "dm_channel_id" in member.columns
    assert (await everything(empty_sqlite))["member"] == []


async def test_a_row_that_the_target_does_not_take_is_told_without_its_words(sqlite_store: Store, empty_postgres: str) -> None:
    async with sqlite_store.database.write() as connection:
        values = {"event_id": "secret" * 20, "fingerprint": "f", "sequence": 1, "changed_at": NOON}
        await connection.execute(sa.insert(metadata.tables["published_event"]).values(values))
    with pytest.raises(StartError, match="does not take a row of the table published_event") as told:
        await moved(sqlite_store.url, empty_postgres)
    assert "secret" not in str(told.value)
    assert await everything(empty_postgres) == {}


async def test_what_the_server_counts_by_itself_goes_on_after_what_was_copied(sqlite_store: Store, empty_postgres: str) -> None:
    await sqlite_store.members.save(a_member())
    await upgrade(empty_postgres)
    other = Database.open(empty_postgres)
    async with other.write() as connection:
        await connection.execute(sa.text("CREATE SEQUENCE counted OWNED BY member.id"))
    await moved(sqlite_store.url, empty_postgres)
    async with other.read() as connection:
        assert await connection.scalar(sa.text("SELECT nextval('counted')")) == AMIRA + 1
    await other.close()


async def test_rows_without_what_they_belong_to_are_told(sqlite_store: Store, empty_sqlite: str) -> None:
    await sqlite_store.members.save(a_member())
    async with sqlite_store.database.engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        row = a_row(metadata.tables["journey"], DIEGO, b"x")
        await connection.execute(sa.insert(metadata.tables["journey"]).values(row))
    with pytest.raises(StartError, match="without what they belong to"):
        await moved(sqlite_store.url, empty_sqlite)
    assert await everything(empty_sqlite) == {}


async def test_instants_and_flags_are_kept_exactly(store: Store, empty: str) -> None:
    exact = NOON + timedelta(microseconds=123_457)
    await store.members.save(a_member(consented_at=exact))
    await moved(store.url, empty)
    other = open_store(empty, Cipher([Fernet.generate_key().decode()]))
    async with other.database.read() as connection:
        assert await connection.scalar(sa.select(metadata.tables["member"].c.consented_at)) == exact
    await other.database.close()
