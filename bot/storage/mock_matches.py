"""Mock matches, stored: a game in clear, its numbers and each member's list encrypted; no list of members leaves this module by name."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.matching.invention import HER
from bot.domain.matching.trace import Event, EventKind
from bot.domain.mock_match import KEPT_FOR, MockMatch, MockState, Numbers, Order, OwnResult, Played
from bot.storage.database import Database, insert, locked
from bot.storage.encryption import Cipher
from bot.storage.mock_match_tables import mock_match as games
from bot.storage.mock_match_tables import mock_match_list as lists
from bot.storage.tables import member as members

Change = Callable[[Order], Order]


class MockMatchRepository:
    """Keep mock matches and the lists of those who play."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def begin(self, game: MockMatch) -> bool:
        """Store a game that begins; return False, with nothing stored, where one of its server is open."""
        values = {
            name: getattr(game, name) for name in ("id", "guild_id", "channel_id", "author_id", "state", "seed", "begun_at", "ends_at")
        }
        async with self._database.write() as connection:
            await _settle(connection, game.begun_at)
            statement = insert(connection, games).values(values).on_conflict_do_nothing()
            return (await connection.execute(statement)).rowcount == 1

    async def settle(self, now: datetime) -> None:
        """Close the games whose time is over, and delete the lists that are of no use any more."""
        async with self._database.write() as connection:
            await _settle(connection, now)

    async def get(self, game_id: str) -> MockMatch | None:
        """Return a game, or None."""
        return await self._one(games.c.id == game_id)

    async def open_of(self, guild_id: int) -> MockMatch | None:
        """Return the game of a server that nobody has closed, its time over or not."""
        return await self._one(sa.and_(games.c.guild_id == guild_id, games.c.state == MockState.OPEN.value))

    async def posted(self, game_id: str, channel_id: int, message_id: int) -> None:
        """Note where the card of a game stands."""
        where = {"channel_id": channel_id, "message_id": message_id}
        async with self._database.write() as connection:
            await connection.execute(sa.update(games).where(games.c.id == game_id).values(where))

    async def count(self, game_id: str) -> int:
        """Return how many lists a game has; none is read for that."""
        async with self._database.read() as connection:
            return (await connection.execute(_count(game_id))).scalar_one()

    async def order(self, game_id: str, member_id: int) -> Order:
        """Return her list in a game; empty where she has none."""
        async with self._database.read() as connection:
            blob = (await connection.execute(sa.select(lists.c.blob).where(_hers(game_id, member_id)))).scalar_one_or_none()
        return self._order(blob)

    async def result(self, game_id: str, member_id: int) -> OwnResult | None:
        """Return what became of her; None where she has no list, or nothing was matched yet."""
        async with self._database.read() as connection:
            blob = (await connection.execute(sa.select(lists.c.blob).where(_hers(game_id, member_id)))).scalar_one_or_none()
        says = None if blob is None else self._cipher.readable(blob)
        return None if says is None or "events" not in says else _result(says)

    async def change(self, game_id: str, member_id: int, now: datetime, change: Change) -> tuple[Order, Order] | None:
        """Change her list in a game that is open then; return it as it was and as it is. An empty one is not kept.

        None, with nothing changed, where the game is not open, or she is not stored.
        """
        is_open = sa.and_(games.c.id == game_id, games.c.state == MockState.OPEN.value, games.c.ends_at > now)
        async with self._database.write() as connection:
            if (await connection.execute(locked(connection, sa.select(games.c.id).where(is_open)))).first() is None:
                return None
            if (await connection.execute(locked(connection, sa.select(members.c.id).where(members.c.id == member_id)))).first() is None:
                return None
            hers = _hers(game_id, member_id)
            blob = (await connection.execute(sa.select(lists.c.blob).where(hers))).scalar_one_or_none()
            was = self._order(blob)
            order = change(was)
            if not order:
                await connection.execute(sa.delete(lists).where(hers))
            elif order != was:
                values = {"changed_at": now, "blob": self._cipher.encrypt({"order": order})}
                row = insert(connection, lists).values(values | {"mock_match_id": game_id, "member_id": member_id})
                await connection.execute(row.on_conflict_do_update(index_elements=["mock_match_id", "member_id"], set_=values))
        return was, order

    async def close(self, game_id: str, state: MockState, now: datetime, at_least: int = 0) -> bool:
        """Close a game that is open then; return False where it is not, or has fewer lists. The lists of a stopped one are deleted."""
        values = {"state": state.value, "closed_at": now}
        is_open = sa.and_(games.c.id == game_id, games.c.state == MockState.OPEN.value, games.c.ends_at > now)
        async with self._database.write() as connection:
            await connection.execute(locked(connection, sa.select(games.c.id).where(is_open)))
            if (await connection.execute(_count(game_id))).scalar_one() < at_least:
                return False
            is_closed = (await connection.execute(sa.update(games).where(is_open).values(values))).rowcount == 1
            if is_closed and state is MockState.STOPPED:
                await connection.execute(sa.delete(lists).where(lists.c.mock_match_id == game_id))
        return is_closed

    async def orders(self, game_id: str) -> dict[int, Order]:
        """Return every list of a game, by member; one that can't be read is left out."""
        async with self._database.read() as connection:
            query = sa.select(lists.c.member_id, lists.c.blob).where(lists.c.mock_match_id == game_id)
            rows: Sequence[Any] = (await connection.execute(query)).all()
        # Thousands take a moment: others are answered meanwhile.
        found = await asyncio.to_thread(lambda: {member_id: self._order(blob) for member_id, blob in rows})
        return {member_id: order for member_id, order in found.items() if order}

    async def keep(self, game_id: str, played: Played) -> None:
        """Keep the outcome of a game that is revealed, once: its numbers, and with each list what became of it."""
        sealed = await asyncio.to_thread(
            lambda: [{"whose": member_id, "sealed": self._cipher.encrypt(_written(result))} for member_id, result in played.results.items()]
        )
        not_yet = sa.and_(games.c.id == game_id, games.c.state == MockState.REVEALED.value, games.c.blob.is_(None))
        each = _hers(game_id, sa.bindparam("whose"))
        async with self._database.write() as connection:
            numbers = self._cipher.encrypt(_numbers_written(played.numbers))
            if (await connection.execute(sa.update(games).where(not_yet).values(blob=numbers))).rowcount and sealed:
                await connection.execute(sa.update(lists).where(each).values(blob=sa.bindparam("sealed")), sealed)

    async def _one(self, where: sa.ColumnElement[bool]) -> MockMatch | None:
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(games).where(where))).mappings().first()
        if row is None:
            return None
        says = None if row["blob"] is None else self._cipher.readable(row["blob"])
        clear = {name: row[name] for name in row if name not in ("blob", "state")}
        return MockMatch(**clear, state=MockState(row["state"]), numbers=None if says is None else _numbers(says))

    def _order(self, blob: bytes | None) -> Order:
        says = None if blob is None else self._cipher.readable(blob)
        return () if says is None else tuple(says.get("order", ()))


async def _settle(connection: AsyncConnection, now: datetime) -> None:
    over = sa.and_(games.c.state == MockState.OPEN.value, games.c.ends_at <= now)
    await connection.execute(sa.update(games).where(over).values(state=MockState.STOPPED.value, closed_at=games.c.ends_at))
    old = sa.and_(games.c.state == MockState.REVEALED.value, games.c.closed_at <= now - KEPT_FOR)
    done = sa.select(games.c.id).where(sa.or_(games.c.state == MockState.STOPPED.value, old))
    await connection.execute(sa.delete(lists).where(lists.c.mock_match_id.in_(done)))


def _hers(game_id: str, member_id: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 - an id, or what stands for many
    return sa.and_(lists.c.mock_match_id == game_id, lists.c.member_id == member_id)


def _count(game_id: str) -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(lists).where(lists.c.mock_match_id == game_id)


def _written(result: OwnResult) -> dict[str, Any]:
    """Return what became of her, as JSON holds it."""
    return {
        "order": list(result.order),
        "rank": result.rank,
        "events": [[event.kind.value, event.program, event.rank, list(event.others)] for event in result.events],
        "sure": result.sure,
        "with_sure_first": result.with_sure_first,
    }


def _result(says: Mapping[str, Any]) -> OwnResult:
    """Return the same as it was."""
    events = (Event(EventKind(kind), HER, program, rank, tuple(others)) for kind, program, rank, others in says["events"])
    return OwnResult(tuple(says["order"]), says["rank"], tuple(events), says["sure"], says["with_sure_first"])


def _numbers_written(numbers: Numbers) -> dict[str, Any]:
    return {
        "applicants": numbers.applicants,
        "places": dict(numbers.places),
        "by_choice": list(numbers.by_choice),
        "unplaced": numbers.unplaced,
    }


def _numbers(says: Mapping[str, Any]) -> Numbers:
    return Numbers(says["applicants"], says["places"], tuple(says["by_choice"]), says["unplaced"])
