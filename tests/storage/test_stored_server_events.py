"""Scheduled events on both databases: a change and its delivery are one, nothing is planned twice, an author's erasure leaves the event."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.server_events import EventState, EventWords, ServerEvent, Trouble
from bot.storage.identifiers import new_id
from bot.storage.privacy import PrivacyRepository
from bot.storage.server_event_tables import server_event as table
from bot.storage.server_events import ServerEventRepository
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store

HERE = 7
WORDS = EventWords("Mock interviews", "tomorrow 7 PM", "1 hour", "Zoom", "Bring your CV.", "UTC")


def of_date(**changes: Any) -> ServerEvent:
    return replace(ServerEvent(new_id(), HERE, AMIRA, NOON, EventState.PLANNED, event_id="us-2027-match-day"), **changes)


def own(state: EventState = EventState.DRAFT, author_id: int = AMIRA, **changes: Any) -> ServerEvent:
    starts = NOON + timedelta(days=1)
    event = ServerEvent(new_id(), HERE, author_id, NOON, state, words=WORDS, starts_at=starts, ends_at=starts + timedelta(hours=1))
    return replace(event, **changes)


def kept(store: Store) -> ServerEventRepository:
    return ServerEventRepository(store.database, store.cipher)


async def planned(store: Store) -> list[Delivery]:
    found = await store.deliveries.claim_due(NOON + timedelta(days=9), 50, "me", 60)
    return [each for each in found if each.kind is DeliveryKind.SERVER_EVENT]


async def test_one_of_a_date_is_planned_once_in_a_server(store: Store) -> None:
    events, first = kept(store), of_date()
    assert await events.plan(first, NOON) is not None
    assert await events.plan(of_date(), NOON) is None
    assert await events.plan(of_date(guild_id=8), NOON) is not None
    assert await events.of_guild(HERE) == [first]
    assert await events.guilds() == [7, 8]
    assert {each.guild_id for each in await planned(store)} == {7, 8}


async def test_a_change_after_a_change_is_refused_with_its_delivery(store: Store) -> None:
    events, event = kept(store), of_date()
    await events.plan(event, NOON)
    assert await events.change(event, NOON, {"state": EventState.ENDING.value}) is not None
    assert await events.change(event, NOON, {"state": EventState.PLANNED.value}) is None
    assert not await events.follow(event, NOON)
    found = await events.get(event.id)
    assert found is not None
    assert (found.state, found.revision) == (EventState.ENDING, 1)
    assert sorted(each.occurrence for each in await planned(store)) == [0, 1]


async def test_what_is_to_be_taken_down_stays_so_when_an_earlier_request_comes_back(store: Store) -> None:
    events, event = kept(store), of_date()
    await events.plan(event, NOON)
    await events.change(event, NOON, {"state": EventState.ENDING.value})
    await events.stands(event.id, 55, "f" * 64, NOON)
    found = await events.get(event.id)
    assert found is not None
    assert (found.state, found.discord_id) == (EventState.ENDING, 55)


async def test_it_stands_is_refused_and_is_lost(store: Store) -> None:
    events, event = kept(store), of_date()
    await events.plan(event, NOON)
    await events.troubled(event.id, Trouble.PERMISSION)
    assert (await events.of_guild(HERE))[0].trouble is Trouble.PERMISSION
    await events.stands(event.id, 55, "f" * 64, NOON)
    (found,) = await events.of_guild(HERE)
    assert (found.state, found.discord_id, found.trouble) == (EventState.STANDING, 55, None)
    await events.lost(event.id, EventState.GONE)
    (found,) = await events.of_guild(HERE)
    assert (found.state, found.discord_id, found.shown) == (EventState.GONE, None, None)


async def test_a_draft_is_nobody_elses_and_replaces_the_words_of_what_stands(store: Store) -> None:
    events, event = kept(store), own(EventState.PLANNED)
    await events.add_draft(event)
    draft = own(words=replace(WORDS, title="Other"), channel_id=3)
    await events.add_draft(draft)
    assert [each.id for each in await events.of_guild(HERE)] == [event.id]
    assert await events.replace(event, draft, NOON) is not None
    found = await events.get(event.id)
    assert found is not None
    assert found.words is not None
    assert (found.words.title, found.channel_id, found.revision) == ("Other", 3, 1)
    assert await events.get(draft.id) is None
    assert await events.replace(found, draft, NOON) is None


async def test_old_drafts_go(store: Store) -> None:
    events = kept(store)
    for event in (own(), own(made_at=NOON + timedelta(hours=2)), own(EventState.PLANNED)):
        await events.add_draft(event)
    assert await events.discard_old_drafts(NOON + timedelta(hours=1)) == 1


async def test_words_are_not_readable_in_the_database(store: Store) -> None:
    await kept(store).add_draft(own())
    async with store.database.read() as connection:
        blob = (await connection.execute(sa.select(table.c.blob))).scalar_one()
    assert b"Mock" not in bytes(blob)


async def test_erasing_the_author_leaves_what_stands_and_takes_drafts(store: Store) -> None:
    events, privacy = kept(store), PrivacyRepository(store.database, store.cipher)
    stands, hers, his = own(EventState.PLANNED), own(), own(author_id=DIEGO)
    for event in (stands, hers, his):
        await events.add_draft(event)
    exported = (await privacy.export(AMIRA))["server_events"]
    assert sorted(each["title"] for each in exported) == ["Mock interviews", "Mock interviews"]
    await privacy.erase(AMIRA)
    found = await events.get(stands.id)
    assert found is not None
    assert (found.author_id, found.words) == (None, WORDS)
    assert await events.get(hers.id) is None
    assert await events.get(his.id) == his


@pytest.mark.parametrize(
    "values",
    [
        {"state": "elsewhere"},
        {"trouble": "weather"},
        {"discord_id": 5},
        {"state": "standing"},
        {"event_id": None},
        {"revision": -1},
    ],
)
async def test_rules_that_must_hold_are_constraints(store: Store, values: dict[str, Any]) -> None:
    event = of_date()
    await kept(store).plan(event, NOON)
    with pytest.raises(sa.exc.IntegrityError):
        async with store.database.write() as connection:
            await connection.execute(sa.update(table).where(table.c.id == event.id).values(values))
