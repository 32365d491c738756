"""A member's settings and her consent."""

import pytest

from bot.domain.member import Country, DirectMessages
from bot.errors import UserFacingError
from tests.services.conftest import Desk
from tests.support.databases import AMIRA


@pytest.mark.parametrize(
    ("typed", "zone"), [("Asia/Karachi", "Asia/Karachi"), ("lahore", "Asia/Karachi"), (" New York ", "America/New_York")]
)
async def test_a_zone_is_taken_by_name_or_city(desk: Desk, typed: str, zone: str) -> None:
    assert (await desk.services.members.set_zone(AMIRA, typed)).zone == zone
    assert (await desk.amira()).zone == zone


@pytest.mark.parametrize("typed", ["", " ", "Nowhereville", "../../etc/passwd", "x" * 5_000, "\u200b", "😀", "\x00", "+25:00"])
async def test_an_unknown_zone_changes_nothing(desk: Desk, typed: str) -> None:
    with pytest.raises(UserFacingError, match="That is not a time zone I know"):
        await desk.services.members.set_zone(AMIRA, typed)

    assert (await desk.amira()).zone == "Africa/Cairo"


@pytest.mark.parametrize("year", [0, -1, 1999, 2026, 2100, 10**15])
async def test_a_year_that_can_not_be_aimed_at_is_refused_with_those_that_can(desk: Desk, year: int) -> None:
    with pytest.raises(UserFacingError, match="Choose one of 2027, 2028"):
        await desk.services.members.set_target_year(AMIRA, year)

    assert (await desk.amira()).target_year is None


async def test_no_country_is_no_answer(desk: Desk) -> None:
    await desk.services.members.set_countries(AMIRA, frozenset({Country.CANADA}))
    with pytest.raises(UserFacingError):
        await desk.services.members.set_countries(AMIRA, frozenset())

    assert (await desk.amira()).countries == frozenset({Country.CANADA})


async def test_consent_is_proved_by_a_message_and_taken_back(desk: Desk) -> None:
    agreed = await desk.services.members.agree_to_messages(AMIRA)
    assert agreed.direct_messages is DirectMessages.ON
    assert agreed.consented_at == desk.clock.now()
    assert [delivery.kind for delivery in desk.outbox.taken] == ["greeting"]

    stopped = await desk.services.members.switch_messages_off(AMIRA)
    assert (stopped.direct_messages, stopped.consented_at, stopped.consent_version) == (DirectMessages.OFF, None, None)


async def test_a_refused_greeting_is_told_and_does_not_wait_in_the_inbox(desk: Desk) -> None:
    desk.outbox.reason = "Discord refused it."
    member = await desk.services.members.agree_to_messages(AMIRA)

    assert member.direct_messages is DirectMessages.CLOSED
    assert await desk.services.inbox.page(AMIRA, 3) == ([], False)


async def test_looking_at_a_member_stores_nothing(desk: Desk) -> None:
    stranger = await desk.services.members.get(42)

    assert stranger.zone is None
    assert not any((await desk.services.mydata.summary(42)).values())
