"""A process that connects no shard of a server, and sends there all the same: Discord is asked for what is not in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import cast

import pytest_asyncio

from bot.catalogue.catalogue import load_catalogue
from bot.domain.delivery import Delivery, DeliveryKind, Priority, channel_recipient, member_recipient
from bot.domain.shards import Shards
from bot.sandbox.seed import ADVISORS, AMIRA, ANNOUNCEMENTS, GUILD
from bot.scheduling.outbox import Sent
from bot.scheduling.pacing import Pacer
from bot.services.written_notices import Written
from bot.settings import Settings
from bot.sharded_client import ShardedClient
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.storage.migrate import upgrade
from bot.wiring import build
from cogs._ui.channels import may_post
from cogs._ui.servers import SOME_SERVER, server_name
from cogs.broadcast._posting import post_notice
from cogs.delivery._outbox import DiscordOutbox
from tests.support.clocks import NOON, ManualClock
from tests.support.sandbox import Sandbox
from tests.support.waiting import wait_for

HERS = (GUILD >> 22) % 2
NOWHERE = 1


@pytest_asyncio.fixture
async def client(pointed: Sandbox, tmp_path: Path) -> AsyncIterator[ShardedClient]:
    """Connect the shard of two that does not have the server."""
    async with connected(tmp_path, Shards(1 - HERS, 1 - HERS, 2)) as client:
        yield client


@asynccontextmanager
async def connected(tmp_path: Path, shards: Shards) -> AsyncIterator[ShardedClient]:
    """Connect some shards, in this process."""
    settings = Settings(data_dir=tmp_path, sends_per_second=100_000, _env_file=None)
    await upgrade(settings.database)
    database = Database.open(settings.database)
    house = build(settings, database, Cipher.from_key_file(settings.keys, create=True), ManualClock(), load_catalogue())
    client = ShardedClient(house.services, house.due_loop, sync_state=None, shards=shards)
    running = asyncio.create_task(client.start("sandbox-token"))
    try:
        await wait_for(lambda: client.is_connected, 20)
        yield client
        await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name() == "discord.py: on_ready"))
    finally:
        await client.close()
        with suppress(asyncio.CancelledError):
            await running
        await database.close()


async def test_the_server_is_known_by_name_and_counts_as_one_that_the_bot_is_in(client: ShardedClient) -> None:
    assert not client.guilds
    assert not client.knows_all_servers
    assert server_name(client, GUILD) == "Residency Circle"
    assert server_name(client, NOWHERE) == SOME_SERVER
    assert await client.server_ids() == {GUILD}


async def test_what_expires_leaves_the_server_of_another_process_alone(client: ShardedClient) -> None:
    await client.services.servers.change(GUILD, AMIRA, nudge_channel_id=5)
    await client.services.retention.look(await client.server_ids())
    assert await client.services.retention._servers.removed() == {}
    await client.services.retention.look({guild.id for guild in client.guilds})  # what would be, were only the memory looked at
    assert GUILD in await client.services.retention._servers.removed()


async def test_who_left_the_server_is_told_from_who_is_in_it(client: ShardedClient, pointed: Sandbox) -> None:
    outbox, pacer = DiscordOutbox(client, client.services), Pacer(rate=100_000)

    def notice(guild_id: int) -> Delivery:
        kind = DeliveryKind.NOTICE
        return Delivery(kind, member_recipient(AMIRA), "test", "1", 0, NOON, priority=Priority.NORMAL, guild_id=guild_id)

    assert await outbox._is_member(notice(GUILD), AMIRA, pacer)
    assert not await outbox._is_member(notice(NOWHERE), AMIRA, pacer)
    await pointed.change_person("amira", in_guild=False)
    assert not await outbox._is_member(notice(GUILD), AMIRA, pacer)


async def test_a_permission_is_asked_for(client: ShardedClient, pointed: Sandbox) -> None:
    assert await may_post(client, GUILD, ANNOUNCEMENTS)
    assert await may_post(client, GUILD, ADVISORS)
    assert not await may_post(client, GUILD, NOWHERE)
    assert not await may_post(client, NOWHERE, ANNOUNCEMENTS)
    await pointed.overwrite(ADVISORS, cast("int", client.user and client.user.id), "member", deny=1 << 11)
    assert not await may_post(client, GUILD, ADVISORS)


async def test_a_notice_in_a_channel_for_news_is_published(client: ShardedClient, pointed: Sandbox) -> None:
    services = client.services
    draft = await services.broadcasts.draft(
        GUILD, AMIRA, Written("Title", "Open NRMP yourself.", (ANNOUNCEMENTS,), send_at=NOON.replace(hour=20))
    )
    await services.broadcasts.confirm(draft.id, GUILD)
    payload = {"title": "Title", "text": "Open NRMP yourself.", "link": "", "picture": "", "roles": ""}
    recipient, priority = channel_recipient(ANNOUNCEMENTS), Priority.NORMAL
    delivery = Delivery(
        DeliveryKind.NOTICE,
        recipient,
        "broadcast",
        draft.id,
        0,
        NOON,
        priority=priority,
        guild_id=GUILD,
        channel_id=ANNOUNCEMENTS,
        payload=payload,
    )
    sent = await post_notice(client, delivery)
    assert isinstance(sent, Sent)
    (published,) = await pointed.record("POST", f"/channels/{ANNOUNCEMENTS}/messages/{sent.message_id}/crosspost")
    assert published["status"] == 200


async def test_the_process_is_connected_while_each_of_its_shards_is(pointed: Sandbox, tmp_path: Path) -> None:
    async with connected(tmp_path, Shards(0, 1, 2)) as client:
        assert client.knows_all_servers
        assert server_name(client, GUILD) == "Residency Circle"
        changed = client.connection_changed
        await pointed.gateway("drop", shard=1)
        await wait_for(lambda: client.connection_changed != changed)  # it changes as it breaks off, and as it is back
        await wait_for(lambda: client.is_connected)
