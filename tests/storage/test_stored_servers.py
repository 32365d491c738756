"""What servers hold, stored: each feature by itself, and nothing of one server in another."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.domain.servers import ON_AT_FIRST, Feature
from bot.storage.server_tables import server_feature
from bot.storage.servers import ServerRepository
from tests.support.databases import Store

HERE, THERE = 7, 8


async def test_a_feature_is_switched_by_itself_and_in_one_server(store: Store) -> None:
    servers = ServerRepository(store.database)
    assert (await servers.get(HERE)).features == ON_AT_FIRST
    assert await servers.switch(HERE, Feature.SHARING, is_on=False)
    assert await servers.switch(HERE, Feature.INTERVIEW_BOARD, is_on=True)
    assert not await servers.switch(HERE, Feature.INTERVIEW_BOARD, is_on=True)
    assert not await servers.switch(HERE, Feature.QUESTIONS, is_on=True)
    assert (await servers.get(HERE)).features == {Feature.QUESTIONS, Feature.NOTICES_TO_MEMBERS, Feature.INTERVIEW_BOARD}
    assert (await servers.get(THERE)).features == ON_AT_FIRST
    await servers.save(replace(await servers.get(HERE), zone="Africa/Cairo"))
    assert Feature.SHARING not in (await servers.get(HERE)).features
    assert await servers.switch(HERE, Feature.SHARING, is_on=True)
    assert Feature.SHARING in (await servers.get(HERE)).features


async def test_a_feature_that_is_none_is_refused_by_the_database_itself(store: Store) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        async with store.database.write() as connection:
            await connection.execute(sa.insert(server_feature).values(guild_id=HERE, feature="lottery", is_on=True))
