"""The daily look over real storage and a clock that is moved: told, kept, gone on, erased; servers after their grace."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState
from bot.domain.leads import LEADS
from bot.domain.member import DirectMessages
from bot.domain.servers import Deed
from bot.errors import UserFacingError
from bot.services import retention as retention_service
from bot.services.server_dates import Typed
from tests.services.conftest import Desk
from tests.support.databases import AMIRA, DIEGO

DAY = timedelta(days=1)
SEASON_OVER = datetime(2028, 7, 1, 3, tzinfo=UTC)
"""The day after the last one of a member who aimed at the 2027 Match, before nine on her clock."""
HERE = 7


async def aims(desk: Desk, year: int | None = 2027) -> None:
    """Let Amira aim at a Match, or at none; Diego keeps what is stored of him, so that he is out of the way."""
    if year is not None:
        await desk.services.members.set_target_year(AMIRA, year)
    await desk.services.retention._terms.keep(DIEGO, date(2040, 1, 1))


async def look(desk: Desk, now: datetime, present: set[int] | None = None) -> list[Delivery]:
    """Let the look of a day be done, then what it made be sent at nine on her clock; return the notices that were."""
    desk.clock.move_to(now)
    await desk.services.retention.look(present or set())
    desk.clock.advance(timedelta(hours=12))
    return [each for each in await desk.send_due() if each.kind is DeliveryKind.EXPIRY]


async def is_stored(desk: Desk) -> bool:
    return any((await desk.services.mydata.summary(AMIRA)).values())


async def test_she_is_told_once_and_erased_thirty_days_after_the_notice_reached_her(desk: Desk) -> None:
    await aims(desk)
    assert await look(desk, SEASON_OVER - DAY) == []
    (notice,) = await look(desk, SEASON_OVER)
    assert dict(notice.payload) == {"last": "2028-06-30", "why": "season"}
    assert notice.due_at == datetime(2028, 7, 1, 6, tzinfo=UTC)  # nine in Cairo
    for days in (1, 2, 30):
        assert await look(desk, notice.due_at + days * DAY - timedelta(hours=1)) == []
        assert await is_stored(desk)
    assert await look(desk, notice.due_at + 31 * DAY) == []
    assert not await is_stored(desk)
    assert await desk.services.mydata.summary(DIEGO) != dict.fromkeys(await desk.services.mydata.summary(DIEGO), 0)


async def test_without_a_target_year_twelve_months_after_her_last_act(desk: Desk) -> None:
    await aims(desk, None)
    desk.clock.advance(100 * DAY)
    await desk.services.reminders.remind_me(await desk.amira(), "in 5 minutes", "a letter", None)
    acted = desk.clock.now()
    assert await desk.services.retention.last_day(AMIRA) == date(2028, 3, 2)
    assert await look(desk, acted + 365 * DAY) == []
    (notice,) = await look(desk, acted.replace(hour=3) + 367 * DAY)
    assert notice.payload["why"] == "quiet"


async def test_keep_lets_it_last_twelve_months_more_and_then_she_is_asked_again(desk: Desk) -> None:
    await aims(desk)
    (notice,) = await look(desk, SEASON_OVER)
    desk.clock.advance(10 * DAY)
    until = await desk.services.retention.keep(AMIRA, notice.id)
    assert until == desk.clock.now().date().replace(year=2029)
    assert await desk.services.retention.keep(AMIRA, notice.id) == until
    assert await desk.services.retention.last_day(AMIRA) == until
    assert await look(desk, desk.clock.now() + 200 * DAY) == []
    assert await is_stored(desk)
    (again,) = await look(desk, datetime(until.year, until.month, until.day, 3, tzinfo=UTC) + DAY)
    assert again.id != notice.id
    assert again.payload["why"] == "kept"
    await look(desk, desk.clock.now() + 40 * DAY)
    assert not await is_stored(desk)


async def test_an_inbox_that_nobody_opens_is_erased_after_ninety_days(desk: Desk) -> None:
    await aims(desk)
    desk.outbox.reason = "closed"
    (notice,) = await look(desk, SEASON_OVER)
    lies = SEASON_OVER + DAY
    await look(desk, lies)
    await look(desk, lies + 89 * DAY)
    assert await is_stored(desk)
    assert desk.services.inbox.waits_for(AMIRA)
    await look(desk, lies + 91 * DAY)
    assert not await is_stored(desk)
    assert not desk.services.inbox.waits_for(AMIRA)
    assert await desk.services.inbox.get(notice.id) is None


async def test_seen_in_the_inbox_it_counts_from_then(desk: Desk) -> None:
    await aims(desk)
    desk.outbox.reason = "closed"
    await look(desk, SEASON_OVER)
    desk.clock.advance(80 * DAY)
    (seen,), _ = await desk.services.inbox.page(AMIRA, 3)
    assert seen.kind is DeliveryKind.EXPIRY
    await look(desk, desk.clock.now() + 29 * DAY)
    assert await is_stored(desk)
    await look(desk, desk.clock.now() + 2 * DAY)
    assert not await is_stored(desk)


async def test_a_notice_that_could_not_go_out_erases_nothing(desk: Desk) -> None:
    await aims(desk)
    desk.clock.move_to(SEASON_OVER)
    await desk.services.retention.look(set())
    for _ in range(3):
        desk.clock.advance(200 * DAY)
        await desk.services.retention.look(set())
    assert await is_stored(desk)


async def test_a_process_that_was_down_gives_an_inbox_its_ninety_days_all_the_same(desk: Desk) -> None:
    await aims(desk)
    desk.outbox.reason = "closed"
    await look(desk, SEASON_OVER)
    await look(desk, SEASON_OVER + 300 * DAY)  # the first look that finds it in the inbox
    assert await is_stored(desk)
    await look(desk, SEASON_OVER + 389 * DAY)
    assert await is_stored(desk)
    await look(desk, SEASON_OVER + 392 * DAY)
    assert not await is_stored(desk)


async def test_who_goes_on_after_the_notice_keeps_what_is_stored(desk: Desk) -> None:
    await aims(desk)
    await look(desk, SEASON_OVER)
    desk.clock.advance(5 * DAY)
    await desk.services.reminders.remind_me(await desk.amira(), "in 5 minutes", "a letter", None)
    went_on = desk.clock.now().date()
    await look(desk, desk.clock.now() + 60 * DAY)
    assert await is_stored(desk)
    assert await desk.services.retention.last_day(AMIRA) == went_on.replace(year=2029)


async def test_aiming_at_a_later_year_takes_the_notice_back(desk: Desk) -> None:
    await aims(desk)
    desk.outbox.reason = "closed"
    (notice,) = await look(desk, SEASON_OVER)
    member = await desk.amira()
    await desk.house.services.members._change(member.id, target_year=2029)
    await look(desk, SEASON_OVER + 3 * DAY)
    taken = await desk.services.inbox.get(notice.id)
    assert taken is not None
    assert taken.state is DeliveryState.CANCELLED
    assert await desk.services.inbox.page(AMIRA, 3) == ([], False)
    await look(desk, SEASON_OVER + 300 * DAY)
    assert await is_stored(desk)


async def test_nobody_keeps_by_the_notice_of_another_and_nothing_can_be_kept_where_nothing_is(desk: Desk) -> None:
    await aims(desk)
    (notice,) = await look(desk, SEASON_OVER)
    with pytest.raises(UserFacingError, match="not yours"):
        await desk.services.retention.keep(DIEGO, notice.id)
    await desk.services.mydata.erase(AMIRA)
    with pytest.raises(UserFacingError, match="Nothing is stored"):
        await desk.services.retention.keep(AMIRA, notice.id)
    assert not await is_stored(desk)
    assert await desk.services.retention.last_day(AMIRA) is None


async def test_keep_that_comes_while_the_look_goes_on_wins(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await aims(desk)
    (notice,) = await look(desk, SEASON_OVER)
    erasing = desk.services.retention._erase

    async def pressed_meanwhile(member_id: int, now: datetime) -> bool:
        await desk.services.retention.keep(AMIRA, notice.id)
        return await erasing(member_id, now)

    monkeypatch.setattr(desk.services.retention, "_erase", pressed_meanwhile)
    await look(desk, SEASON_OVER + 60 * DAY)
    assert await is_stored(desk)


async def test_many_are_done_bit_by_bit_and_a_fault_of_one_holds_up_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for member_id in (3, 4, 5):
        await desk.services.members.set_target_year(member_id, 2027)
    await aims(desk)
    monkeypatch.setattr(retention_service, "MOST_CHANGES", 2)
    desk.clock.move_to(SEASON_OVER)
    assert await desk.services.retention.look(set())
    assert await desk.services.retention.look(set())
    assert not await desk.services.retention.look(set())
    desk.clock.advance(DAY)
    told = {each.recipient for each in await desk.send_due() if each.kind is DeliveryKind.EXPIRY}
    assert told == {"member:3", "member:4", "member:5", f"member:{AMIRA}"}

    whole = desk.services.retention.erase_member

    async def fails_for_one(member_id: int) -> object:
        if member_id == 3:
            raise OSError
        return await whole(member_id)

    desk.services.retention.erase_member = fails_for_one
    desk.clock.advance(31 * DAY)
    while await desk.services.retention.look(set()):
        pass
    left = [member_id for member_id in (3, 4, 5, AMIRA) if any((await desk.services.mydata.summary(member_id)).values())]
    assert left == [3]


async def test_a_manager_who_has_no_settings_is_told_and_forgotten_too(desk: Desk) -> None:
    await aims(desk)
    await desk.services.servers.note(HERE, 55, Deed.SET_UP, {"zone": "UTC"})
    desk.clock.advance(400 * DAY)
    await desk.services.retention.look({HERE})
    desk.clock.advance(DAY)
    desk.outbox.reason = "off"
    assert [each.recipient for each in await desk.send_due() if each.kind is DeliveryKind.EXPIRY] == ["member:55"]
    await desk.services.retention.look({HERE})
    desk.clock.advance(91 * DAY)
    await desk.services.retention.look({HERE})
    ((deed,), _) = await desk.services.servers.deeds(HERE, 9)
    assert deed.actor_id is None


async def test_the_next_look_is_a_due_row_that_is_made_once(desk: Desk) -> None:
    await desk.services.retention.plan()
    await desk.services.retention.plan()
    desk.clock.advance(DAY)
    (row,) = [each for each in await desk.send_due() if each.kind is DeliveryKind.EXPIRY_LOOK]
    assert row.due_at == datetime(2026, 11, 23, 8, tzinfo=UTC)


# --- servers


async def fill_server(desk: Desk) -> None:
    services = desk.services
    await services.servers.change(HERE, AMIRA, notice_channel_id=8)
    event = next(each for each in services.server_dates.suggest("rank order list") if each.at is not None)
    await services.server_dates.confirm(HERE, event.id, "https://example.org/dates", AMIRA)


async def test_a_server_is_erased_thirty_days_after_the_bot_left_and_her_data_stays(desk: Desk) -> None:
    await aims(desk)
    await fill_server(desk)
    before = await desk.services.mydata.summary(AMIRA)
    await desk.services.retention.server_gone(HERE)
    left = desk.clock.now()
    await look(desk, left + 29 * DAY)
    assert (await desk.services.servers.get(HERE)).notice_channel_id == 8
    await look(desk, left + 31 * DAY)
    assert (await desk.services.servers.get(HERE)).notice_channel_id is None
    assert await desk.services.servers.deeds(HERE, 9) == ([], 0)
    assert not desk.house.services.season.for_server(HERE)._held.has_any(HERE)
    after = await desk.services.mydata.summary(AMIRA)
    assert {name: after[name] for name in ("settings", "reminders")} == {name: before[name] for name in ("settings", "reminders")}


async def test_coming_back_within_the_grace_keeps_everything_and_a_later_leave_begins_anew(desk: Desk) -> None:
    await aims(desk)
    await fill_server(desk)
    await desk.services.retention.server_gone(HERE)
    left = desk.clock.now()
    desk.clock.advance(29 * DAY)
    await desk.services.retention.server_back(HERE)
    await look(desk, left + 40 * DAY, {HERE})
    assert (await desk.services.servers.get(HERE)).notice_channel_id == 8
    await look(desk, left + 41 * DAY)  # gone again while nobody listened: the grace begins with the look that misses it
    await look(desk, left + 70 * DAY)
    assert (await desk.services.servers.get(HERE)).notice_channel_id == 8
    await look(desk, left + 72 * DAY)
    assert (await desk.services.servers.get(HERE)).notice_channel_id is None


async def test_a_server_that_the_bot_is_in_is_never_erased_whatever_is_marked(desk: Desk) -> None:
    await aims(desk)
    await fill_server(desk)
    await desk.services.retention.server_gone(HERE)
    await look(desk, desk.clock.now() + 200 * DAY, {HERE})
    assert (await desk.services.servers.get(HERE)).notice_channel_id == 8


async def test_reminders_that_followed_a_servers_date_follow_the_season_again(desk: Desk) -> None:
    await aims(desk)
    dates = desk.services.server_dates
    event = next(each for each in dates.suggest("") if each.citation.certainty.value != "announced" and each.at is not None)
    await dates.correct(HERE, event.id, Typed("March 5 2027 9:00 PM ET", "https://example.org/dates"), DIEGO)
    held = desk.services.season.for_server(HERE).event(event.id)
    assert held is not None
    assert held.at is not None
    assert event.at is not None
    season_at = event.at.instant()
    assert held.at.instant() != season_at
    await desk.services.reminders.remind_before(AMIRA, event.id, LEADS[-1].key, HERE)
    await desk.services.retention.server_gone(HERE)
    desk.clock.advance(31 * DAY)
    await desk.services.retention.look(set())
    (reminder,), _ = await desk.services.reminders.page(AMIRA, 9, 0)
    assert reminder.event_at == season_at


async def test_who_took_the_app_off_gets_nothing_more_and_is_erased_after_thirty_days(desk: Desk) -> None:
    await aims(desk)
    await desk.services.members.agree_to_messages(AMIRA)
    removed_at = desk.clock.now() + timedelta(hours=1)
    await desk.services.retention.app_removed(AMIRA, removed_at)
    assert (await desk.services.members.get(AMIRA)).direct_messages is DirectMessages.OFF
    assert await desk.services.retention.last_day(AMIRA) == (removed_at + 30 * DAY).date()
    (notice,) = await look(desk, (removed_at + DAY).replace(hour=3))
    assert notice.payload["why"] == "removed"
    await look(desk, removed_at + 30 * DAY - timedelta(hours=1))
    assert await is_stored(desk)
    await look(desk, removed_at + 30 * DAY)
    assert not await is_stored(desk)


async def test_who_took_the_app_off_and_comes_back_keeps_all_of_it(desk: Desk) -> None:
    await aims(desk)
    removed_at = desk.clock.now() + timedelta(hours=1)
    await desk.services.retention.app_removed(AMIRA, removed_at)
    await look(desk, removed_at + DAY)
    await desk.services.members.agree_to_messages(AMIRA)
    await look(desk, removed_at + 2 * DAY)
    await look(desk, removed_at + 60 * DAY)
    assert await is_stored(desk)
    assert await desk.services.retention.last_day(AMIRA) == date(2028, 6, 30)


async def test_late_word_that_she_took_the_app_off_undoes_nothing_that_she_did_since(desk: Desk) -> None:
    await aims(desk)
    heard_of = desk.clock.now() - DAY
    await desk.services.members.agree_to_messages(AMIRA)
    await desk.services.retention.app_removed(AMIRA, heard_of)
    assert (await desk.services.members.get(AMIRA)).direct_messages is DirectMessages.ON
    assert await desk.services.retention.last_day(AMIRA) == date(2028, 6, 30)


async def test_who_took_the_app_off_and_never_told_anything_leaves_no_trace(desk: Desk) -> None:
    await desk.services.retention.app_removed(4711, desk.clock.now())
    assert not any((await desk.services.mydata.summary(4711)).values())
