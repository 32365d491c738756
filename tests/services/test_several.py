"""Two processes' services over one PostgreSQL: what one changes the other one holds anew, and one change at a time goes through."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy.engine import make_url

from bot.catalogue.catalogue import Catalogue
from bot.domain.broadcast import BroadcastState
from bot.domain.delivery import DeliveryState
from bot.domain.interviews_heard import program_id_of
from bot.domain.member import DirectMessages
from bot.errors import StartError
from bot.services.bundle import Services
from bot.services.server_dates import Typed
from bot.services.written_notices import Written
from bot.settings import Settings
from bot.storage import changes
from bot.storage.changes import Feed, Topic, note
from bot.storage.database import Database
from bot.storage.delivery_rows import Mark
from bot.storage.encryption import Cipher
from bot.wiring import House, build
from tests.support.clocks import NOON, ManualClock
from tests.support.databases import (
    AMIRA,
    DIEGO,
    a_delivery,
    postgres_server,
    postgres_template,
    postgres_url,
)
from tests.support.waiting import wait_for

__all__ = ["postgres_server", "postgres_template", "postgres_url"]
pytestmark = pytest.mark.postgres

HERE, PRIYA = 7, 1100000000000009000
RANK_LIST = "us-2027-rank-list-deadline"
PAGE = "https://www.nrmp.org/calendar"


@asynccontextmanager
async def a_house(url: str, tmp_path: Path, catalogue: Catalogue, clock: ManualClock, shards: str | None) -> AsyncIterator[House]:
    share = {"shard_count": 2, "shards": shards} if shards else {}
    settings = Settings(data_dir=tmp_path, database_url=url, _env_file=None, **share)  # type: ignore[arg-type]
    database = Database.open(url, is_shared=settings.share is not None)
    key = tmp_path / "key"
    house = build(settings, database, Cipher.from_key_file(key, create=not key.exists()), clock, catalogue)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        if house.several is not None:
            stack.push_async_callback(house.several.close)
            await stack.enter_async_context(house.several.listening())
        stack.push_async_callback(house.due_loop.stop)
        yield house


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest_asyncio.fixture
async def houses(postgres_url: str, tmp_path: Path, catalogue: Catalogue, clock: ManualClock) -> AsyncIterator[tuple[House, House]]:
    async with (
        a_house(postgres_url, tmp_path, catalogue, clock, "0") as one,
        a_house(postgres_url, tmp_path, catalogue, clock, "1") as other,
    ):
        for house in (one, other):
            for member_id in (AMIRA, DIEGO):
                await house.services.members.set_zone(member_id, "Africa/Cairo")
        yield one, other


@pytest.fixture
def one(houses: tuple[House, House]) -> Services:
    return houses[0].services


@pytest.fixture
def other(houses: tuple[House, House]) -> Services:
    return houses[1].services


async def test_a_members_settings_are_read_anew(one: Services, other: Services) -> None:
    assert (await other.members.get(AMIRA)).zone == "Africa/Cairo"
    await one.members.set_zone(AMIRA, "Asia/Karachi")

    async def known() -> bool:
        return (await other.members.get(AMIRA)).zone == "Asia/Karachi"

    await wait_for(known)


async def test_settings_changed_at_once_do_not_undo_each_other(one: Services, other: Services) -> None:
    for number in range(10):
        await asyncio.gather(
            one.members.set_zone(AMIRA, "Asia/Karachi" if number % 2 else "Africa/Cairo"),
            other.members.conversation_opened(AMIRA, number),
            one.members.set_target_year(AMIRA, 2027 + number % 2),
        )
        member = await other.members.get_anew(AMIRA)
        assert (member.dm_channel_id, member.target_year) == (number, 2027 + number % 2)
        assert member.zone == ("Asia/Karachi" if number % 2 else "Africa/Cairo")


async def test_what_is_asked_before_a_message_goes_out_waits_for_no_word(houses: tuple[House, House], one: Services) -> None:
    several = houses[1].several
    assert several is not None
    await several._feed.stop()  # word of the change never comes
    other = houses[1].services
    assert (await other.members.get(AMIRA)).direct_messages is DirectMessages.OFF
    await one.members.remember(AMIRA)
    await one.members._change(AMIRA, direct_messages=DirectMessages.ON, consented_at=NOON, consent_version=1)
    assert (await other.members.get_anew(AMIRA)).direct_messages is DirectMessages.ON


async def test_an_erased_member_is_held_nowhere(one: Services, other: Services) -> None:
    other.server_dates.keep_unsent(AMIRA, RANK_LIST, Typed("tomorrow", PAGE))
    await other.members.get(AMIRA)
    await one.mydata.erase(AMIRA)
    await wait_for(lambda: other.server_dates.unsent(AMIRA, RANK_LIST) is None)
    assert (await other.members.get(AMIRA)).zone is None


async def test_what_waits_in_the_inbox_is_known_and_seen_everywhere(
    houses: tuple[House, House], tmp_path: Path, one: Services, other: Services
) -> None:
    deliveries = houses[0].services.inbox._deliveries
    delivery = a_delivery()
    await deliveries.add(delivery)
    await deliveries.claim_due(NOON, 1, "me", 60)
    await deliveries.mark("me", [Mark(delivery.id, DeliveryState.PARKED, "closed")])
    await wait_for(lambda: other.inbox.waits_for(AMIRA))
    assert not other.inbox.waits_for(DIEGO)
    await wait_for(lambda: one.inbox.waits_for(AMIRA))
    await one.inbox.page(AMIRA, 5)
    await wait_for(lambda: not other.inbox.waits_for(AMIRA))


async def test_a_date_that_a_server_holds_is_held_everywhere(one: Services, other: Services) -> None:
    await one.server_dates.correct(HERE, RANK_LIST, Typed("March 5 2027 9:00 PM ET", PAGE), PRIYA)
    await wait_for(lambda: other.server_dates.confirmed(HERE, RANK_LIST) is not None)
    await other.server_dates.take_back(HERE, RANK_LIST)
    await wait_for(lambda: one.server_dates.confirmed(HERE, RANK_LIST) is None)


async def test_answers_that_a_server_puts_first_are_first_everywhere(one: Services, other: Services, catalogue: Catalogue) -> None:
    answer = next(iter(catalogue.faq.answers))
    assert (await other.server_faq.shelf(HERE)).entries == ()
    await one.server_faq.pin(HERE, PRIYA, answer)

    async def pinned() -> bool:
        return [each.pinned for each in (await other.server_faq.shelf(HERE)).entries] == [answer]

    await wait_for(pinned)


async def test_a_program_that_is_shown_is_suggested_everywhere(one: Services, other: Services, clock: ManualClock) -> None:
    assert await other.interviews_heard.suggest(HERE, "a") == []
    for member_id in (AMIRA, DIEGO, PRIYA):
        await one.interviews_heard.report(HERE, member_id, "Aurora Medical Center", "today")

    async def suggested() -> bool:
        return await other.interviews_heard.suggest(HERE, "au") == ["Aurora Medical Center"]

    await wait_for(suggested)
    program = program_id_of(HERE, one.season.current_year(), "Aurora Medical Center")
    await other.interviews_heard.take_back(AMIRA, HERE, program)

    async def gone() -> bool:
        return await one.interviews_heard.suggest(HERE, "au") == []

    await wait_for(gone)


async def test_a_notice_that_was_paused_is_paused_everywhere_at_once(one: Services, other: Services) -> None:
    draft = await one.broadcasts.draft(HERE, PRIYA, Written("Title", "Text of the notice.", (5,)))
    await one.broadcasts.confirm(draft.id, HERE)
    assert await other.broadcasts.state_of(draft.id) is BroadcastState.CONFIRMED
    await one.broadcasts.pause(draft.id, HERE)
    assert await other.broadcasts.state_of(draft.id) is BroadcastState.PAUSED


async def test_what_falls_due_wakes_the_process_that_sends_it(houses: tuple[House, House], clock: ManualClock) -> None:
    woken: list[object] = []
    houses[1].due_loop.wake = lambda due=None: woken.append(due)  # type: ignore[method-assign]
    member = await houses[0].services.members.get(AMIRA)
    await houses[0].services.reminders.remind_me(member, "in 5 minutes", "a letter", None)
    await wait_for(lambda: clock.now() + timedelta(minutes=5) in woken)


async def test_a_new_day_and_other_shares_are_told(houses: tuple[House, House]) -> None:
    days: list[int] = []
    several = houses[1].several
    assert several is not None
    several.on_new_day = lambda: days.append(1)
    houses[0].services.live_cards.on_new_day()
    await wait_for(lambda: days == [1])


async def cut_off(url: str, query: str, state: str) -> int:
    """End the connections that asked this last and are in this state; return how many."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(address)
    try:
        found = await connection.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE $1 AND state = $2",
            query,
            state,
        )
        return len(found)
    finally:
        await connection.close()


async def test_what_was_missed_while_nothing_was_heard_is_read_anew(
    houses: tuple[House, House], postgres_url: str, monkeypatch: pytest.MonkeyPatch, one: Services, other: Services
) -> None:
    monkeypatch.setattr(changes, "RETRY_SECONDS", 0.2)
    await other.members.get(AMIRA)
    days: list[int] = []
    houses[1].several.on_new_day = lambda: days.append(1)  # type: ignore[union-attr]
    assert await cut_off(postgres_url, "LISTEN%", "idle") == 2
    await one.members.set_zone(AMIRA, "Asia/Karachi")
    await one.server_dates.correct(HERE, RANK_LIST, Typed("March 5 2027 9:00 PM ET", PAGE), PRIYA)

    async def known() -> bool:
        return (await other.members.get(AMIRA)).zone == "Asia/Karachi" and other.server_dates.confirmed(HERE, RANK_LIST) is not None

    await wait_for(known)
    await wait_for(lambda: days == [1])  # once, when it is heard again: until then each second would be another day
    await one.members.set_zone(AMIRA, "Asia/Tokyo")

    async def heard() -> bool:
        return (await other.members.get(AMIRA)).zone == "Asia/Tokyo"

    await wait_for(heard)


async def test_a_change_that_is_undone_is_not_told(houses: tuple[House, House], postgres_url: str) -> None:
    heard: list[tuple[Topic, int]] = []

    async def hear(topic: Topic, number: int) -> None:
        heard.append((topic, number))

    async def missed(*, hears_again: bool) -> None:
        raise AssertionError(hears_again)

    database = houses[0].database
    feed = Feed(database, postgres_url, hear, missed)
    await feed.start()

    class UndoneError(Exception):
        pass

    with pytest.raises(UndoneError):
        async with database.write() as connection:
            await note(connection, Topic.MEMBER, 1)
            raise UndoneError
    async with database.write() as connection:
        await note(connection, Topic.MEMBER, 2)
    await wait_for(lambda: (Topic.MEMBER, 2) in heard)
    await feed.stop()
    assert (Topic.MEMBER, 1) not in heard


async def test_one_process_alone_tells_nobody(
    houses: tuple[House, House], postgres_url: str, tmp_path: Path, catalogue: Catalogue, clock: ManualClock
) -> None:
    async with a_house(postgres_url, tmp_path, catalogue, clock, None) as alone:
        assert alone.several is None
        heard: list[int] = []
        houses[1].services.mydata.forget = heard.append  # type: ignore[method-assign]
        await alone.services.mydata.erase(AMIRA)
        await houses[0].services.mydata.erase(DIEGO)
        await wait_for(lambda: DIEGO in heard)
        assert AMIRA not in heard


async def test_a_server_that_passes_nothing_on_stops_the_start(
    houses: tuple[House, House], postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "HELLO_SECONDS", 0.1)
    monkeypatch.setattr(Feed, "tell", lambda *_: None)  # as behind a pooler that keeps no sessions
    feed = Feed(houses[0].database, postgres_url, houses[0].several._hear, houses[0].several._missed)  # type: ignore[union-attr]
    with pytest.raises(StartError, match="does not pass on") as caught:
        await feed.start()
    assert "pool_mode=session" in caught.value.what_to_do


async def test_what_is_done_once_at_a_start_is_done_by_one_at_a_time(houses: tuple[House, House]) -> None:
    under_way = SimpleNamespace(now=0, most=0)

    async def begin(house: House) -> None:
        assert house.several is not None
        async with house.several.starting():
            under_way.now += 1
            under_way.most = max(under_way.most, under_way.now)
            await asyncio.sleep(0.01)
            await house.services.date_moves.follow()
            await house.services.eligibility.recheck()
            under_way.now -= 1

    await asyncio.gather(*(begin(house) for house in houses), *(begin(house) for house in houses))
    assert under_way.most == 1


async def test_sessions_begin_one_after_the_other_over_all_processes(houses: tuple[House, House]) -> None:
    one, other = (house.several for house in houses)
    assert one is not None
    assert other is not None
    assert await one.takes_turn(0)
    assert not await other.takes_turn(1)
    assert not await one.takes_turn(0)  # not even the one that has just begun


async def test_a_lock_whose_holder_is_cut_off_is_given_to_the_next(houses: tuple[House, House], postgres_url: str) -> None:
    one, other = (house.services.answers.changing for house in houses)
    async with one:
        waiting = asyncio.create_task(other.__aenter__())
        assert await cut_off(postgres_url, "%pg_advisory_xact_lock%", "idle in transaction") == 1
        async with asyncio.timeout(5):
            await waiting
        await other.__aexit__(None, None, None)
    async with asyncio.timeout(5), one:  # which is well again
        pass


async def test_two_answers_to_one_message_at_once_are_one(houses: tuple[House, House], postgres_url: str) -> None:
    locks = [house.services.answers.changing for house in houses]
    order: list[str] = []

    async def press(number: int) -> None:
        async with locks[number]:
            order.append("in")
            await asyncio.sleep(0.02)
            order.append("out")

    await asyncio.gather(press(0), press(1), press(0), press(1))
    assert order == ["in", "out"] * 4
