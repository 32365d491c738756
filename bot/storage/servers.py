"""What managers set for their server."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from bot.domain.servers import ON_AT_FIRST, Duty, Feature, ServerSettings
from bot.storage.database import Database, insert, locked
from bot.storage.server_tables import server_feature as features
from bot.storage.tables import server as table
from bot.storage.tables import server_role as roles

CHANNELS = ("nudge_channel_id", "notice_channel_id", "advisor_channel_id", "celebration_channel_id")


class ServerRepository:
    """Keep servers' settings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild_id: int) -> ServerSettings:
        """Return the settings of a server; of one that set nothing, as they are at the beginning."""
        async with self._database.snapshot() as connection:
            row = (await connection.execute(sa.select(table).where(table.c.guild_id == guild_id))).mappings().first()
            duties = (await connection.execute(sa.select(roles.c.duty, roles.c.role_id).where(roles.c.guild_id == guild_id))).all()
            switched = (
                await connection.execute(sa.select(features.c.feature, features.c.is_on).where(features.c.guild_id == guild_id))
            ).all()
        kept = {} if row is None else {name: row[name] for name in (*CHANNELS, "zone", "is_approved_by_two")}
        return ServerSettings(
            guild_id,
            **kept,
            moderator_roles=frozenset(role for duty, role in duties if duty == Duty.MODERATOR.value),
            advisor_roles=frozenset(role for duty, role in duties if duty == Duty.ADVISOR.value),
            features=_features({Feature(name): is_on for name, is_on in switched}),
        )

    async def switch(self, guild_id: int, feature: Feature, *, is_on: bool) -> bool:
        """Switch one feature of a server, and no other; return False where it was so already."""
        async with self._database.write() as connection:
            here = sa.and_(features.c.guild_id == guild_id, features.c.feature == feature.value)
            before = (await connection.execute(locked(connection, sa.select(features.c.is_on).where(here)))).scalar_one_or_none()
            if (feature in ON_AT_FIRST if before is None else before) == is_on:
                return False
            row = insert(connection, features).values(guild_id=guild_id, feature=feature.value, is_on=is_on)
            key = [features.c.guild_id, features.c.feature]
            await connection.execute(row.on_conflict_do_update(index_elements=key, set_={"is_on": is_on}))
            return True

    async def configured(self) -> list[int]:
        """Return the servers for which something is set."""
        async with self._database.read() as connection:
            return list((await connection.execute(sa.select(table.c.guild_id).order_by(table.c.guild_id))).scalars())

    async def save(self, settings: ServerSettings) -> None:
        """Write the settings of a server, its roles included; features are switched one by one."""
        values = {name: getattr(settings, name) for name in (*CHANNELS, "zone", "is_approved_by_two")}
        async with self._database.write() as connection:
            row = insert(connection, table).values(guild_id=settings.guild_id, **values)
            await connection.execute(row.on_conflict_do_update(index_elements=[table.c.guild_id], set_=values))
            await connection.execute(sa.delete(roles).where(roles.c.guild_id == settings.guild_id))
            chosen = _rows(settings, Duty.MODERATOR, settings.moderator_roles) + _rows(settings, Duty.ADVISOR, settings.advisor_roles)
            if chosen:
                await connection.execute(sa.insert(roles), chosen)


def _rows(settings: ServerSettings, duty: Duty, role_ids: Collection[int]) -> list[dict[str, object]]:
    return [{"guild_id": settings.guild_id, "role_id": role_id, "duty": duty.value} for role_id in role_ids]


def _features(switched: Mapping[Feature, bool]) -> frozenset[Feature]:
    return frozenset(feature for feature in Feature if switched.get(feature, feature in ON_AT_FIRST))
