"""What calendars outside were told, and the private feeds that they read."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.storage.database import Database, insert
from bot.storage.encryption import Cipher
from bot.storage.tables import calendar_feed as feeds
from bot.storage.tables import published_event as published


@dataclass(frozen=True, slots=True)
class Telling:
    """Hold what calendars are told of an event now: a fingerprint of it all, and when it begins."""

    fingerprint: str
    told_at: str


@dataclass(frozen=True, slots=True)
class Revision:
    """Say how often an event has changed since calendars were first told of it, and when last."""

    sequence: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """Hold one member's feed: when its address was made, and what it holds beside the season."""

    member_id: int
    made_at: datetime
    with_reminders: bool = False
    with_letters: bool = False
    servers: frozenset[int] = frozenset()
    """The servers in which she opened it; their own dates stand in it too."""


class CalendarRepository:
    """Keep revisions of events, and feeds by the hash of their secrets."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def told_at(self, event_ids: Collection[str]) -> dict[str, str]:
        """Return when events were told to begin, by their ids; those that calendars were never told of are left out."""
        query = sa.select(published.c.event_id, published.c.told_at).where(
            published.c.event_id.in_(event_ids), published.c.told_at.is_not(None)
        )
        async with self._database.read() as connection:
            return {row.event_id: row.told_at for row in (await connection.execute(query)).all()}

    async def revisions(self, tellings: Mapping[str, Telling], now: datetime) -> dict[str, Revision]:
        """Return the revision of each event; one whose fingerprint differs from what was told last has changed once more."""
        known = await self._known(tellings)
        if all(known.get(event_id, ("", None))[0] == telling.fingerprint for event_id, telling in tellings.items()):
            return {event_id: revision for event_id, (_, revision) in known.items()}
        async with self._database.write() as connection:
            for event_id, telling in tellings.items():
                values: dict[str, Any] = {"fingerprint": telling.fingerprint, "told_at": telling.told_at, "changed_at": now}
                if event_id not in known:
                    row = insert(connection, published).values(event_id=event_id, sequence=0, **values)
                    await connection.execute(row.on_conflict_do_nothing())
                elif known[event_id][0] != telling.fingerprint:
                    # Only from what was read: of two processes that notice at once, one counts.
                    change = sa.update(published).where(published.c.event_id == event_id, published.c.fingerprint == known[event_id][0])
                    await connection.execute(change.values(sequence=published.c.sequence + 1, **values))
        return {event_id: revision for event_id, (_, revision) in (await self._known(tellings)).items()}

    async def _known(self, wanted: Iterable[str]) -> dict[str, tuple[str, Revision]]:
        query = sa.select(published).where(published.c.event_id.in_(list(wanted)))
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return {row["event_id"]: (row["fingerprint"], Revision(row["sequence"], row["changed_at"])) for row in rows}

    async def save_feed(self, feed: Feed, secret_hash: str) -> None:
        """Store a feed under the hash of its secret; the one before, if any, can be read no more."""
        values = {"secret_hash": secret_hash, "made_at": feed.made_at, "blob": self._blob(feed)}
        async with self._database.write() as connection:
            row = insert(connection, feeds).values(member_id=feed.member_id, **values)
            await connection.execute(row.on_conflict_do_update(index_elements=[feeds.c.member_id], set_=values))

    async def change_feed(self, feed: Feed) -> bool:
        """Store what a feed holds; its secret stays. Return False where she has none."""
        change = sa.update(feeds).where(feeds.c.member_id == feed.member_id).values(blob=self._blob(feed))
        async with self._database.write() as connection:
            return (await connection.execute(change)).rowcount == 1

    async def feed_of(self, member_id: int) -> Feed | None:
        """Return a member's feed, or None."""
        return await self._feed(feeds.c.member_id == member_id)

    async def feed_by(self, secret_hash: str) -> Feed | None:
        """Return the feed whose secret has this hash, or None."""
        return await self._feed(feeds.c.secret_hash == secret_hash)

    async def remove_feed(self, member_id: int) -> bool:
        """Remove a member's feed; return False where she had none."""
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(feeds).where(feeds.c.member_id == member_id))).rowcount == 1

    async def _feed(self, which: sa.ColumnElement[bool]) -> Feed | None:
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(feeds).where(which))).mappings().first()
        if row is None:
            return None
        holds = self._cipher.readable(row["blob"]) or {}
        return Feed(
            row["member_id"],
            row["made_at"],
            bool(holds.get("reminders")),
            bool(holds.get("letters")),
            frozenset(map(int, holds.get("servers", ()))),
        )

    def _blob(self, feed: Feed) -> bytes:
        return self._cipher.encrypt(
            {"reminders": feed.with_reminders, "letters": feed.with_letters, "servers": [str(each) for each in sorted(feed.servers)]}
        )
