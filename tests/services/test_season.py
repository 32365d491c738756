"""Which season and which dates a member is shown."""

from datetime import UTC, datetime

import pytest

from bot.domain.member import Country
from bot.errors import UserFacingError
from tests.services.conftest import Desk
from tests.support.databases import AMIRA


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (datetime(2026, 11, 22, 12, tzinfo=UTC), 2027),
        (datetime(2027, 3, 20, tzinfo=UTC), 2027),
        (datetime(2026, 6, 3, 3, 59, tzinfo=UTC), 2026),
        (datetime(2026, 6, 3, 13, tzinfo=UTC), 2027),
        (datetime(2019, 1, 1, tzinfo=UTC), 2024),
        (datetime(2035, 1, 1, tzinfo=UTC), 2028),
    ],
)
async def test_the_season_that_contains_today(desk: Desk, today: datetime, year: int) -> None:
    desk.clock.move_to(today)

    assert desk.services.season.year_for(await desk.amira()) == year


async def test_her_target_year_goes_before_today(desk: Desk) -> None:
    await desk.services.members.set_target_year(AMIRA, 2028)
    ahead = desk.services.season.ahead(await desk.amira())

    assert (ahead.year, ahead.is_her_choice) == (2028, True)


@pytest.mark.parametrize("countries", [frozenset(), frozenset({Country.CANADA}), frozenset(Country)])
async def test_her_countries_are_shown_else_the_united_states(desk: Desk, countries: frozenset[Country]) -> None:
    if countries:
        await desk.services.members.set_countries(AMIRA, countries)
    ahead = desk.services.season.ahead(await desk.amira())

    assert {event.country for event in (*ahead.dated, *ahead.unknown)} == (countries or {Country.UNITED_STATES})
    assert all(event.at and event.at.instant() > desk.clock.now() for event in ahead.dated)
    assert all(event.at is None for event in ahead.unknown)


@pytest.mark.parametrize("text", ["", " ", "zzqq", "😀", "x" * 5_000, "\u200b", "مباراة", "%", "_"])
async def test_any_text_is_safe_to_search(desk: Desk, text: str) -> None:
    member = await desk.amira()

    assert len(desk.services.season.suggest(text, member)) <= 25
    try:
        assert desk.services.season.find(text, member).name
    except UserFacingError as error:
        assert error.what_happened == "I know no date of that name."


async def test_a_season_that_is_not_held_names_those_that_are(desk: Desk) -> None:
    with pytest.raises(UserFacingError, match=r"I hold no calendar for 1999\. The seasons held are 2024, 2025, 2026, 2027, 2028\."):
        desk.services.season.seasons_of(await desk.amira(), 1999)
