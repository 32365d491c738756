"""All that is stored of one member, and nothing of another: found by walking the tables, so that a new one is not forgotten."""

import json
import sqlite3
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from bot.domain.delivery import Answer
from bot.domain.ids import derived_id
from bot.storage.privacy import HERS, HERS_UNTIL_SENT, NOBODYS, SHARED
from bot.storage.tables import broadcast, delivery, metadata
from bot.storage.types import Instant
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_date_reminder, a_delivery, a_member, a_reminder

HIDDEN = {"blob", "payload", "lease_owner", "lease_until", "secret_hash", "seed"}
COUNTS = {"settings": 1, "reminders": 2, "messages": 3} | dict.fromkeys(
    (
        "eligibility",
        "letter_plan",
        "letters",
        "letter_steps",
        "letter_assignments",
        "rotations",
        "practice",
        "programs",
        "rank_lists",
        "match_weeks",
        "journey",
        "interviews",
        "calendar_feed",
        "notice_wishes",
        "interview_reports",
        "broadcasts",
        "deeds",
        "server_dates",
        "server_events",
        "server_answers",
        "mock_matches",
        "mock_match_lists",
        "questions",
        "question_claims",
        "question_messages",
        "slot_drafts",
        "slots",
        "slot_bookings",
    ),
    1,
)
WORDLESS = {"settings", "reminders", "messages", "letter_steps", "notice_wishes", "server_dates", "question_claims", "slot_bookings"}
"""What is checked otherwise, or holds no words."""
STATES = {
    "letter": "planned",
    "letter_follow_up": "planned",
    "broadcast": "draft",
    "question": "open",
    "slot": "open",
    "slot_booking": "booked",
    "server_event": "planned",
    "server_answer": "kept",
    "practice": "ended",
    "mock_match": "revealed",
}


def a_row(table: sa.Table, person: int, blob: bytes) -> dict[str, Any]:
    """Return a row of hers for a table that needs no more than its columns' types say."""
    values: dict[str, Any] = {
        "id": derived_id(table.name, person),
        "member_id": person,
        "author_id": person,
        "advisor_id": person,
        "question_id": derived_id("question", person),
        "topic": "visa",
        "role": "member",
        "entry_id": derived_id("entry", person),
        "asked_at": NOON,
        "revision": 1,
        "position": 0,
        "program_id": derived_id("program", person),
        "actor_id": person,
        "what": "set_up",
        "confirmed_by": person,
        "event_id": derived_id("event", person),
        "local": "2027-03-03T21:00:00",
        "zone": "America/New_York",
        "source_url": "https://example.org",
        "letter_id": derived_id("letter", person),
        "state": STATES.get(table.name, ""),
        "kind": "mock_interview" if table.name == "slot" else "two_weeks",
        "slot_id": derived_id("slot", person),
        "capacity": 3,
        "ends_at": NOON + timedelta(hours=1),
        "stage": "considering",
        "service": "eras",
        "checked_with": "one",
        "secret_hash": derived_id("secret", person),
        "country": "us",
        "season_year": 2027,
        "match_year": 2027,
        "mock_match_id": derived_id("mock_match", person),
        "seed": 5,
        "closed_at": NOON,
        "guild_id": 7,
        "channel_id": 8,
        "duty": "advisor",
        "feature": "sharing",
        "blob": blob,
    }
    by_type: dict[type[Any], Any] = {sa.Date: date(2026, 12, 1), sa.Boolean: True, sa.BigInteger: 5, Instant: NOON}
    for column in table.c:
        if column.name not in values and not column.nullable:
            values[column.name] = by_type[type(column.type)]
    return {column.name: values[column.name] for column in table.c if column.name in values}


async def fill_the_rest(store: Store, person: int, word: str) -> None:
    """Put one row of hers into every table that ``fill`` has not filled."""
    kept = {table.name for table, _ in (HERS | SHARED).values()} - {"member", "reminder", "delivery"}
    async with store.database.write() as connection:
        for table in metadata.sorted_tables:
            if table.name in kept:
                row = a_row(table, person, store.cipher.encrypt({"text": f"{table.name} {word}"}))
                await connection.execute(sa.insert(table).values(row))


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
    await fill_the_rest(store, person, word)


async def ids_of(store: Store, person: int) -> list[str]:
    async with store.database.read() as connection:
        return list((await connection.execute(sa.select(delivery.c.id).where(delivery.c.member_id == person))).scalars())


async def rows_of(store: Store, person: int) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    async with store.database.read() as connection:
        for name, (table, whose) in (HERS | SHARED).items():
            query = sa.select(table).where(whose == person).order_by(*table.primary_key)
            found[name] = [tuple(row) for row in (await connection.execute(query)).all()]
    return found


def test_every_table_is_either_hers_or_nobodys() -> None:
    assert {table.name for table, _ in (HERS | SHARED).values()} | set(NOBODYS) == set(metadata.tables)
    for name in NOBODYS:
        assert not [column.name for column in metadata.tables[name].c if "member" in column.name]


async def test_her_export_holds_all_of_hers_and_nothing_of_the_others(store: Store) -> None:
    await fill(store, AMIRA, "jasmine")
    await fill(store, DIEGO, "tamarind")
    exported = await store.privacy.export(AMIRA)
    assert await store.privacy.summary(AMIRA) == COUNTS
    for name, (table, _) in (HERS | SHARED).items():
        assert len(exported[name]) == COUNTS[name] > 0
        for row in exported[name]:
            assert {column.name for column in table.c} - HIDDEN <= set(row)
    text = json.dumps(exported)  # as it is handed over: nothing in it may be of a type that JSON does not know
    for name in COUNTS.keys() - WORDLESS:
        assert "jasmine" in str(exported[name])
    assert [word for word in ("Zone/jasmine", "ask jasmine", "tell jasmine") if word not in text] == []
    assert {each["text"] for each in exported["reminders"]} == {"ask jasmine", ""}
    assert str(AMIRA) in text
    assert not [word for word in ("tamarind", str(DIEGO), str(DIEGO + 5), str(DIEGO + 6)) if word in text]


async def test_erasing_her_leaves_the_other_as_he_was_and_nothing_of_hers(store: Store) -> None:
    await fill(store, AMIRA, "jasmine")
    await fill(store, DIEGO, "tamarind")
    before = await rows_of(store, DIEGO)
    assert await store.privacy.erase(AMIRA) == COUNTS
    assert await rows_of(store, DIEGO) == before
    async with store.database.read() as connection:
        for table in metadata.tables.values():  # every column of every table, not only those that are known to name her
            for row in (await connection.execute(sa.select(table))).all():
                assert str(AMIRA) not in str(tuple(row))
    assert await store.privacy.erase(AMIRA) == dict.fromkeys(COUNTS, 0)


async def test_what_others_have_seen_stays_without_her_and_what_nobody_saw_goes(store: Store) -> None:
    await fill(store, AMIRA, "jasmine")
    sent = a_row(broadcast, AMIRA, store.cipher.encrypt({"title": "sent", "text": "jasmine"}))
    async with store.database.write() as connection:
        await connection.execute(sa.insert(broadcast).values(sent | {"id": "sent", "state": "confirmed", "confirmed_at": NOON}))
    assert (await store.privacy.erase(AMIRA))["broadcasts"] == 2
    async with store.database.read() as connection:
        rows = (await connection.execute(sa.select(broadcast.c.id, broadcast.c.author_id))).all()
    assert [tuple(row) for row in rows] == [("sent", None)]


def test_every_shared_table_says_which_rows_go_with_her() -> None:
    assert HERS_UNTIL_SENT.keys() == SHARED.keys()


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
