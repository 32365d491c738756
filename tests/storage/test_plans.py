"""What the loop asks every time is answered from an index, however many rows there are."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import sqlalchemy as sa

from bot.storage.tables import delivery, reminder
from tests.support.clocks import NOON
from tests.support.databases import Store, a_delivery, a_member, a_reminder

MANY = 10_000


async def fill(store: Store) -> None:
    """Store 10,000 reminders and as many deliveries, most of them settled, as after a season."""
    await store.members.save(a_member())
    one, other = a_reminder(), a_delivery()
    await store.reminders.add(one)
    await store.deliveries.add(other)
    async with store.database.write() as connection:
        for table in (reminder, delivery):
            (row,) = (await connection.execute(sa.select(table))).mappings().all()
            rows = [{**row, "id": f"{number:016d}"} for number in range(MANY)]
            for number, each in enumerate(rows):
                open_one = number % 100 == 0
                if table is reminder:
                    each |= {"state": "active" if open_one else "cancelled"}
                else:
                    each |= {"source_id": f"row {number}", "state": "pending" if open_one else "parked"}
            await connection.execute(sa.insert(table), rows)
        await connection.execute(sa.text("ANALYZE"))


@pytest.fixture
def seen(sqlite_store: Store) -> list[tuple[str, Any]]:
    """Collect the queries that are asked."""
    found: list[tuple[str, Any]] = []

    @sa.event.listens_for(sqlite_store.database.engine.sync_engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            found.append((statement, parameters))

    return found


async def test_the_loop_asks_no_question_that_reads_a_whole_table(sqlite_store: Store, seen: list[tuple[str, Any]]) -> None:
    await fill(sqlite_store)
    asked: dict[str, Callable[[], Awaitable[Any]]] = {
        "next_due": sqlite_store.deliveries.next_due,
        "fall_due": lambda: sqlite_store.deliveries.fall_due(NOON),
        "claim_due": lambda: sqlite_store.deliveries.claim_due(NOON, 50, "one", 60),
        "claim_urgent": lambda: sqlite_store.deliveries.claim_due(NOON, 50, "one", 60, at_least=10),
        "next_due_of_parts": lambda: sqlite_store.deliveries.next_due(parts={1, 2}),
        "fall_due_of_parts": lambda: sqlite_store.deliveries.fall_due(NOON, parts={1, 2}),
        "claim_due_of_parts": lambda: sqlite_store.deliveries.claim_due(NOON, 50, "one", 60, parts={1, 2}),
        "claim_one": lambda: sqlite_store.deliveries.claim_due(NOON, 1, "one", 60, only_id="x"),
        "oldest_overdue": lambda: sqlite_store.deliveries.oldest_overdue(NOON),
        "parked_for": lambda: sqlite_store.deliveries.parked_for(1, 10),
        "active_of": lambda: sqlite_store.reminders.active_of(1, 10),
    }
    for name, ask in asked.items():
        seen.clear()
        await ask()
        queries = list(seen)
        assert queries
        async with sqlite_store.database.read() as connection:
            for statement, parameters in queries:
                plan = [row[3] for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
                steps = [step for step in plan if step.startswith(("SCAN", "SEARCH")) and "(subquery" not in step]
                assert steps, name
                assert all(step.startswith("SEARCH") and "INDEX" in step for step in steps), (name, plan)
