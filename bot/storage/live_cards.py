"""Which channels hold a countdown; what was posted there stands in the deliveries."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.domain.delivery import channel_recipient
from bot.storage.database import Database, insert
from bot.storage.tables import delivery as deliveries
from bot.storage.tables import live_card as table
from bot.storage.types import to_microseconds

SOURCE = "live_card"


@dataclass(frozen=True, slots=True)
class LiveCard:
    """Hold one channel with a countdown."""

    channel_id: int
    guild_id: int
    made_at: datetime

    @property
    def source_id(self) -> str:
        """Return what its deliveries name as their source: a card made anew in the same channel is another one."""
        return f"{self.channel_id}-{to_microseconds(self.made_at)}"


class LiveCardRepository:
    """Keep the channels with a countdown."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, card: LiveCard) -> bool:
        """Store a card; return False where its channel has one already."""
        values = {"channel_id": card.channel_id, "guild_id": card.guild_id, "made_at": card.made_at}
        async with self._database.write() as connection:
            return (await connection.execute(insert(connection, table).values(**values).on_conflict_do_nothing())).rowcount == 1

    async def get(self, channel_id: int) -> LiveCard | None:
        """Return the card of a channel, or None."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(table).where(table.c.channel_id == channel_id))).mappings().first()
        return None if row is None else LiveCard(row["channel_id"], row["guild_id"], row["made_at"])

    async def all(self) -> list[LiveCard]:
        """Return every card."""
        async with self._database.read() as connection:
            rows = (await connection.execute(sa.select(table).order_by(table.c.channel_id))).mappings().all()
        return [LiveCard(row["channel_id"], row["guild_id"], row["made_at"]) for row in rows]

    async def of_guild(self, guild_id: int) -> list[LiveCard]:
        """Return the cards of a server."""
        return [card for card in await self.all() if card.guild_id == guild_id]

    async def remove(self, channel_id: int) -> bool:
        """Remove a card with all that was to be done for it, in one transaction; return False where there was none.

        What is claimed already is for whoever sends it: it asks for the card first.
        """
        waiting = sa.and_(_of(channel_id), deliveries.c.state == "pending")
        async with self._database.write() as connection:
            await connection.execute(sa.delete(deliveries).where(waiting))
            return (await connection.execute(sa.delete(table).where(table.c.channel_id == channel_id))).rowcount == 1

    async def is_awaited(self, card: LiveCard, now: datetime) -> bool:
        """Tell whether a renewal of a card is due that has not been settled."""
        mine = sa.and_(deliveries.c.source == SOURCE, deliveries.c.source_id == card.source_id)
        due = sa.and_(mine, deliveries.c.state.in_(("pending", "claimed")), deliveries.c.due_at <= now)
        async with self._database.read() as connection:
            return (await connection.execute(sa.select(sa.exists().where(due)))).scalar_one()

    async def message_of(self, channel_id: int) -> int | None:
        """Return the message that shows the countdown, or None where none was posted since the card was made."""
        query = (
            sa.select(deliveries.c.message_id)
            .join(table, table.c.channel_id == deliveries.c.channel_id)
            .where(_of(channel_id), deliveries.c.state == "sent", deliveries.c.due_at >= table.c.made_at)
            .order_by(deliveries.c.due_at.desc())
            .limit(1)
        )
        async with self._database.read() as connection:
            return (await connection.execute(query)).scalar_one_or_none()


def _of(channel_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(deliveries.c.source == SOURCE, deliveries.c.recipient == channel_recipient(channel_id))
