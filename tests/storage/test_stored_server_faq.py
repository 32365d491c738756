"""What servers put first in ``/faq``, stored: in order, encrypted, and without its author once she is erased."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.server_faq import EntryState, ServerEntry, moved
from bot.storage.identifiers import new_id
from bot.storage.server_faq import ServerFaqRepository
from bot.storage.server_tables import server_answer as table
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store

HERE, THERE = 7, 8


def a_draft(**changes: Any) -> ServerEntry:
    own = {"title": "Where do we meet?", "text": "In the jasmine room.", "link": "https://example.org", "written_at": NOON}
    return ServerEntry(new_id(), changes.pop("guild_id", HERE), EntryState.DRAFT, 0, **(own | changes))


def a_pin(answer_id: str = "oet", guild_id: int = HERE) -> ServerEntry:
    return ServerEntry(new_id(), guild_id, EntryState.KEPT, 0, NOON, pinned=answer_id)


@pytest.fixture
def answers(store: Store) -> ServerFaqRepository:
    return ServerFaqRepository(store.database, store.cipher)


async def keep(answers: ServerFaqRepository, draft: ServerEntry, author: int = AMIRA, at_most: int = 9) -> bool:
    await answers.add_draft(draft, author)
    return await answers.keep(draft, author, at_most)


async def test_drafts_are_read_by_themselves_and_entries_in_order(answers: ServerFaqRepository) -> None:
    draft, other = a_draft(), a_draft(title="Who moderates?")
    await answers.add_draft(draft, AMIRA)
    assert await answers.draft(draft.id, HERE) == draft
    assert await answers.draft(draft.id, THERE) is None
    assert await answers.entries(HERE) == []
    assert await answers.keep(draft, AMIRA, 9)
    assert await answers.draft(draft.id, HERE) is None
    assert await answers.pin(a_pin(), AMIRA, 9)
    assert await answers.pin(a_pin(), DIEGO, 9)
    assert await keep(answers, other)
    assert await keep(answers, a_draft(guild_id=THERE))
    names = [each.pinned or each.title for each in await answers.entries(HERE)]
    assert names == ["Where do we meet?", "oet", "Who moderates?"]
    ids = [each.id for each in await answers.entries(HERE)]
    await answers.order(HERE, moved(ids, ids[2], 0))
    await answers.order(THERE, ids)
    assert [each.id for each in await answers.entries(HERE)] == [ids[2], ids[0], ids[1]]


async def test_a_change_takes_the_place_of_what_stands_or_comes_last(answers: ServerFaqRepository) -> None:
    draft = a_draft()
    await keep(answers, draft)
    await answers.pin(a_pin(), AMIRA, 9)
    assert await keep(answers, a_draft(text="Outside.", replaces=draft.id), DIEGO)
    first, _ = await answers.entries(HERE)
    assert (first.id, first.text) == (draft.id, "Outside.")
    assert not await answers.discard(draft.id, THERE)
    assert await answers.discard(draft.id, HERE)
    assert await keep(answers, a_draft(text="Back.", replaces=draft.id))
    assert [each.text for each in await answers.entries(HERE)] == ["", "Back."]
    elsewhere = a_draft(guild_id=THERE)
    await keep(answers, elsewhere)
    await keep(answers, a_draft(text="Not theirs.", replaces=elsewhere.id))
    assert [each.text for each in await answers.entries(THERE)] == [elsewhere.text]


async def test_no_more_than_fit(answers: ServerFaqRepository) -> None:
    assert await keep(answers, a_draft(), at_most=1)
    refused = a_draft()
    assert not await keep(answers, refused, at_most=1)
    assert await answers.draft(refused.id, HERE) == refused
    assert not await answers.pin(a_pin(), AMIRA, 1)
    assert len(await answers.entries(HERE)) == 1


async def test_one_draft_of_each_author_and_old_ones_go(answers: ServerFaqRepository) -> None:
    first, second, his = a_draft(), a_draft(), a_draft(written_at=NOON - timedelta(days=2))
    await answers.add_draft(first, AMIRA)
    await answers.add_draft(his, DIEGO)
    await answers.add_draft(second, AMIRA)
    assert await answers.draft(first.id, HERE) is None
    assert await answers.discard_old_drafts(NOON - timedelta(days=1)) == 1
    assert await answers.draft(his.id, HERE) is None
    assert await answers.draft(second.id, HERE) == second


async def test_erased_her_answers_stay_without_her_and_her_draft_goes(store: Store, answers: ServerFaqRepository) -> None:
    await keep(answers, a_draft())
    await answers.add_draft(a_draft(), AMIRA)
    await answers.pin(a_pin(), AMIRA, 9)
    exported = (await store.privacy.export(AMIRA))["server_answers"]
    assert any(each.keys() >= {"title", "text", "link"} for each in exported)
    assert (await store.privacy.erase(AMIRA))["server_answers"] == 3
    async with store.database.read() as connection:
        rows = (await connection.execute(sa.select(table.c.state, table.c.author_id))).all()
    assert [tuple(row) for row in rows] == [("kept", None)] * 2


async def test_what_was_written_is_not_readable_in_the_table(store: Store, answers: ServerFaqRepository) -> None:
    await keep(answers, a_draft())
    async with store.database.read() as connection:
        (row,) = (await connection.execute(sa.select(table))).all()
    assert "jasmine" not in str(tuple(row))


@pytest.mark.parametrize("change", [{"state": "lost"}, {"blob": None}, {"catalogue_id": "oet"}, {"state": "draft", "author_id": None}])
async def test_what_must_not_be_is_refused_by_the_database(store: Store, answers: ServerFaqRepository, change: dict[str, Any]) -> None:
    await keep(answers, a_draft())
    with pytest.raises(sa.exc.IntegrityError):
        async with store.database.write() as connection:
            await connection.execute(sa.update(table).values(change))


def test_moved_keeps_all_and_stops_at_the_ends() -> None:
    ids = ["a", "b", "c"]
    assert moved(ids, "c", 0) == ["c", "a", "b"]
    assert moved(ids, "a", 1) == ["b", "a", "c"]
    assert moved(ids, "b", -9) == ["b", "a", "c"]
    assert moved(ids, "b", 99) == ["a", "c", "b"]
    assert moved(ids, "z", 0) == ids
    assert replace(a_draft(), id="x").answer_id == "own-x"
