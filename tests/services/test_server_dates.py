"""Dates that a server confirms or corrects: how they are read, who follows them, and who does not."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.calendar import SeasonEvent
from bot.domain.delivery import DeliveryKind
from bot.domain.member import Member
from bot.domain.reminder import Reminder
from bot.errors import UserFacingError
from bot.services.reminders import Ahead
from bot.services.server_dates import MOST_UNSENT, NO_ADDRESS, Typed
from bot.storage.date_moves import Move
from tests.services.conftest import Desk
from tests.services.test_reminders import refused
from tests.support.databases import AMIRA, DIEGO

RANK_LIST, MATCH_DAY = "us-2027-rank-list-deadline", "us-2027-match-day"
UNKNOWN = "ca-2027-carms-first-deadline"
HERE, THERE, PRIYA = 7, 8, 1100000000000009000
PAGE = "https://www.nrmp.org/calendar"
AT = datetime(2027, 3, 4, 2, tzinfo=UTC)
LATER, EARLIER = "March 5 2027 9:00 PM ET", "2027-03-01 21:00"
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


async def correct(desk: Desk, when: str = LATER, event: str = RANK_LIST, address: str = PAGE, guild_id: int = HERE) -> SeasonEvent:
    return await desk.services.server_dates.correct(guild_id, event, Typed(when, address), PRIYA)


async def confirm(desk: Desk, event: str = RANK_LIST, address: str = PAGE) -> SeasonEvent:
    return await desk.services.server_dates.confirm(HERE, event, address, PRIYA)


def held(desk: Desk, guild_id: int | None, event: str = RANK_LIST) -> SeasonEvent:
    found = desk.services.season.for_server(guild_id).event(event)
    assert found is not None
    return found


async def remind(desk: Desk, guild_id: int | None, member_id: int = AMIRA, lead: str = "1w") -> Reminder:
    return (await desk.services.reminders.remind_before(member_id, RANK_LIST, lead, guild_id)).reminder


async def active(desk: Desk, member_id: int = AMIRA) -> list[Reminder]:
    return (await desk.services.reminders.page(member_id, 50, 0))[0]


async def test_a_server_that_corrects_a_date_holds_it_and_no_other_does(desk: Desk) -> None:
    corrected = await correct(desk)
    assert corrected.at is not None
    assert corrected.at.instant() == AT + 2 * DAY
    assert held(desk, HERE) == corrected
    assert held(desk, THERE) == held(desk, None) == desk.services.catalogue.event(RANK_LIST)
    ahead = desk.services.season.for_server(HERE).ahead(await desk.amira())
    assert corrected in ahead.dated
    assert list(ahead.dated) == sorted(ahead.dated, key=lambda event: event.at.instant() if event.at else AT)
    assert desk.services.season.for_server(HERE).find("rank list", await desk.amira()) == corrected


async def test_what_was_confirmed_is_there_after_a_start(desk: Desk) -> None:
    corrected = await correct(desk)
    await confirm(desk, MATCH_DAY)
    confirmed = held(desk, HERE, MATCH_DAY)
    assert confirmed.confirmed is not None
    desk.services.server_dates._held.fill([])
    assert held(desk, HERE).confirmed is None
    await desk.services.server_dates.load()
    assert (held(desk, HERE), held(desk, HERE, MATCH_DAY)) == (corrected, confirmed)


@pytest.mark.parametrize(
    ("typed", "local", "day_only"),
    [
        ("March 5 2027 9:00 PM ET", "2027-03-05T21:00:00", False),
        ("2027-03-05 21:00", "2027-03-05T21:00:00", False),
        ("2027-03-05T21:00", "2027-03-05T21:00:00", False),
        ("5 March 2027 18:00 PT", "2027-03-05T21:00:00", False),
        ("2027-03-06T02:00Z", "2027-03-05T21:00:00", False),
        ("5 March 2027", "2027-03-05T00:00:00", True),
        ("Friday 5 March 21:00", "2027-03-05T21:00:00", False),
    ],
)
async def test_a_date_is_read_on_the_organisers_clock(desk: Desk, typed: str, local: str, day_only: bool) -> None:
    event = await correct(desk, typed)
    assert event.at is not None
    assert (event.at.local.isoformat(), event.at.zone, event.day_only) == (local, "America/New_York", day_only)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "No date and time was given."),
        ("soon", "I can't read that date and time."),
        ("x" * 400, "That is too long for a date and time."),
        ("2026-03-05 21:00", "That time has passed."),
        ("5 March 2031 21:00", "That is more than three years ahead."),
        ("5 March 2028 21:00", "5 March 2028 can't belong to the season of the 2027 Match."),
        ("31 February 2027", "The calendar has no such date or time."),
        ("03/05/2027 21:00", "That can mean more than one date."),
        ("every Monday 9:00", "A day and an hour are needed here."),
        ("3 days before match day", "A day and an hour are needed here."),
        ("14 March 2027 2:30", "The clocks jump over that time."),
        ("22 November 2026", "That date has passed."),
        ("@everyone \u202e](", "I can't read that date and time."),
        ("'; DROP TABLE server_date; --", "I can't read that date and time."),
    ],
)
async def test_a_date_that_can_not_be_taken_changes_nothing(desk: Desk, typed: str, said: str) -> None:
    error = await refused(correct(desk, typed))
    assert error.what_happened == said
    assert error.what_to_do
    assert desk.services.server_dates.confirmed(HERE, RANK_LIST) is None


@pytest.mark.parametrize("address", ["", "nrmp.org", "http://nrmp.org", "https://nrmp.org/>) @everyone", "https://localhost"])
async def test_an_address_that_can_not_be_shown_changes_nothing(desk: Desk, address: str) -> None:
    assert await refused(correct(desk, address=address)) is NO_ADDRESS
    assert await refused(confirm(desk, address=address)) is NO_ADDRESS
    assert desk.services.server_dates.confirmed(HERE, RANK_LIST) is None


async def test_what_is_announced_can_be_confirmed_and_not_moved(desk: Desk) -> None:
    desk.clock.move_to(datetime(2024, 2, 1, tzinfo=UTC))
    error = await refused(correct(desk, "16 March 2024 12:00", "us-2024-match-day"))
    assert error.what_happened == "Match Day is announced, so a server can't move it."
    assert "https://" in error.what_to_do
    assert (await confirm(desk, "us-2024-match-day")).confirmed is not None


async def test_what_is_not_known_can_be_corrected_and_not_confirmed(desk: Desk) -> None:
    assert "nothing to confirm" in (await refused(confirm(desk, UNKNOWN))).what_happened
    event = await correct(desk, "1 February 2027 12:00", UNKNOWN)
    assert event.confirmed is not None
    reminder = (await desk.services.reminders.remind_before(AMIRA, UNKNOWN, "1w", HERE)).reminder
    await desk.services.server_dates.take_back(HERE, UNKNOWN)
    assert await active(desk) == []
    (told,) = await desk.send_due()
    assert (told.kind, told.payload["after"], told.guild_id) == (DeliveryKind.DATE_MOVED, "", reminder.guild_id)


async def test_the_seasons_own_date_typed_as_a_correction_confirms_it(desk: Desk) -> None:
    event = await correct(desk, "3 March 2027 21:00")
    assert event.confirmed is not None
    assert event.confirmed.instead_of is None


async def test_reminders_follow_the_server_that_they_were_set_in(desk: Desk) -> None:
    here, direct = await remind(desk, HERE), await remind(desk, None, DIEGO)
    await correct(desk, EARLIER)
    assert [(each.id, each.due_at) for each in await active(desk)] == [(here.id, AT - 2 * DAY - WEEK)]
    assert await active(desk, DIEGO) == [direct]
    new = await remind(desk, HERE, DIEGO)
    assert new.due_at == AT - 2 * DAY - WEEK
    typed = desk.services.reminders.understand("1 day before rank list deadline", await desk.amira(), HERE)
    assert isinstance(typed, Ahead)
    assert typed.event == held(desk, HERE)


async def test_a_member_of_two_servers_that_differ_keeps_both(desk: Desk) -> None:
    await remind(desk, HERE)
    await correct(desk, LATER)
    there = await remind(desk, THERE)
    again = await desk.services.reminders.remind_before(AMIRA, RANK_LIST, "1w", THERE)
    assert not again.is_new
    assert {(each.guild_id, each.due_at, bool(each.earlier_at)) for each in await active(desk)} == {
        (HERE, AT - WEEK, True),
        (THERE, AT - WEEK, False),
        (HERE, AT + 2 * DAY - WEEK, False),
    }
    assert there.event_at == AT


async def test_reminders_of_one_date_set_in_two_servers_follow_each_its_own(desk: Desk) -> None:
    here, there = await remind(desk, HERE), await remind(desk, THERE)
    assert here.id != there.id
    assert not (await desk.services.reminders.remind_before(AMIRA, RANK_LIST, "1w", THERE)).is_new
    await correct(desk, LATER, guild_id=THERE)
    assert {(each.guild_id, each.due_at) for each in await active(desk) if not each.earlier_at} == {
        (HERE, AT - WEEK),
        (THERE, AT + 2 * DAY - WEEK),
    }


async def test_where_two_servers_hold_the_same_date_its_reminder_comes_once(desk: Desk) -> None:
    await desk.services.members.agree_to_messages(AMIRA)
    await remind(desk, HERE)
    await remind(desk, THERE)
    await remind(desk, THERE, lead="1d")
    await remind(desk, THERE, DIEGO)
    await desk.send_due()
    desk.clock.move_to(AT - WEEK)
    assert sorted(each.recipient for each in await desk.send_due()) == sorted([f"member:{AMIRA}", f"member:{DIEGO}"])
    await correct(desk, LATER, guild_id=THERE)  # what came already comes again where its own server moved it
    assert {(each.guild_id, each.event_at) for each in await active(desk) if each.lead == WEEK} == {(THERE, AT + 2 * DAY)}


async def test_a_start_does_not_undo_what_a_server_holds(desk: Desk) -> None:
    await remind(desk, HERE)
    await remind(desk, None, DIEGO)
    await correct(desk, LATER)
    before = await active(desk)
    await desk.services.server_dates.load()
    assert await desk.services.date_moves.follow() == 0
    assert await active(desk) == before


async def test_a_start_after_the_season_changed_moves_only_those_who_follow_it(desk: Desk) -> None:
    here, direct = await remind(desk, HERE), await remind(desk, None, DIEGO)
    await correct(desk, EARLIER)
    moves = desk.services.date_moves._moves
    await moves.move(Move(RANK_LIST, AT - 5 * DAY, servers=[None]), AT, desk.clock.now())  # as an earlier calendar had it
    assert await desk.services.date_moves.follow() == 1
    assert (await desk.services.reminders.hers(AMIRA, here.id)).due_at == AT - 2 * DAY - WEEK
    assert (await desk.services.reminders.hers(DIEGO, direct.id)).due_at == AT - WEEK


async def test_confirmed_as_it_is_nothing_moves_and_nobody_is_told(desk: Desk) -> None:
    reminder = await remind(desk, HERE)
    await confirm(desk)
    assert await active(desk) == [reminder]
    assert await desk.send_due() == []


async def test_nothing_can_be_taken_back_twice(desk: Desk) -> None:
    await correct(desk)
    await desk.services.server_dates.take_back(HERE, RANK_LIST)
    error = await refused(desk.services.server_dates.take_back(HERE, RANK_LIST))
    assert error.what_happened == "This server has confirmed nothing of that date."
    assert held(desk, HERE) == desk.services.catalogue.event(RANK_LIST)


async def test_what_is_not_announced_is_suggested_first(desk: Desk) -> None:
    assert {event.year for event in desk.services.server_dates.suggest("")} == {2027}
    found = [event.citation.certainty.value for event in desk.services.server_dates.suggest("match day 2024")]
    assert found == sorted(found, key=lambda certainty: certainty == "announced")
    with pytest.raises(UserFacingError):
        desk.services.server_dates.get("us-2027-nothing")


async def test_what_was_typed_is_held_for_an_hour_for_its_writer(desk: Desk) -> None:
    dates, typed = desk.services.server_dates, Typed("soon", PAGE)
    dates.keep_unsent(PRIYA, RANK_LIST, typed)
    assert dates.unsent(PRIYA, RANK_LIST) == typed
    assert dates.unsent(AMIRA, RANK_LIST) is None
    await desk.services.mydata.erase(PRIYA)
    assert dates.unsent(PRIYA, RANK_LIST) is None
    dates.keep_unsent(PRIYA, RANK_LIST, typed)
    desk.clock.advance(timedelta(minutes=61))
    assert dates.unsent(PRIYA, RANK_LIST) is None
    for number in range(MOST_UNSENT + 5):
        dates.keep_unsent(number, RANK_LIST, typed)
    assert dates.unsent(4, RANK_LIST) is None


ACTIONS: dict[str, Callable[[Desk, str, int], Awaitable[Any]]] = {
    "confirm": lambda desk, event, _day: confirm(desk, event),
    "correct": lambda desk, event, day: correct(desk, f"2027-03-{day:02} 12:00", event),
    "take back": lambda desk, event, _day: desk.services.server_dates.take_back(HERE, event),
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(sorted(ACTIONS)), st.sampled_from([RANK_LIST, MATCH_DAY, UNKNOWN]), st.integers(1, 31)), max_size=6
    )
)
async def test_nothing_that_a_server_does_reaches_another(desk: Desk, steps: list[tuple[str, str, int]]) -> None:
    for guild_id, member_id in ((HERE, AMIRA), (THERE, DIEGO), (None, DIEGO)):
        for lead in ("1w", "1d"):
            await remind(desk, guild_id, member_id, lead)
    there, everybody = await active(desk, DIEGO), Member(id=0, created_at=desk.clock.now())
    shown = [desk.services.season.for_server(guild_id).ahead(everybody) for guild_id in (THERE, None)]
    for name, event, day in steps:
        try:
            await ACTIONS[name](desk, event, day)
        except UserFacingError:
            continue
        desk.clock.advance(timedelta(seconds=1))
    assert await active(desk, DIEGO) == there
    assert [desk.services.season.for_server(guild_id).ahead(everybody) for guild_id in (THERE, None)] == shown
    assert {each.recipient for each in await desk.send_due()} <= {f"member:{AMIRA}"}
    # What was set here stands where this server holds the date now, or ahead of the season's.
    at = held(desk, HERE).at
    assert at is not None
    following = {each.event_at for each in await active(desk) if not each.earlier_at}
    assert following == {at.instant()}
