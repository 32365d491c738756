"""``/calendar show``: a whole season, what has passed, what is next, what is not known."""

from datetime import UTC, datetime

import pytest

from bot.domain.member import Country
from tests.cogs.conftest import World, components, labels, options, text, title
from tests.support.reply_limits import assert_within_limits


async def pages(world: World, **given: int) -> list[str]:
    """Return the text of every page, from the first to the last."""
    card = (await world.amira.slash(world.general, "calendar show", **given)).response
    assert_within_limits(components(card))
    while any(each.get("label") == "Earlier" and not each.get("disabled") for each in components(card)):
        await world.amira.click(card, label="Earlier")
    found = [text(card)]
    while any(each.get("label") == "Later" and not each.get("disabled") for each in components(card)):
        await world.amira.click(card, label="Later")
        assert_within_limits(components(card))
        found.append(text(card))
    return found


async def test_what_passed_is_greyed_and_the_next_date_is_marked(world: World) -> None:
    lines = text(await world.amira.slash(world.general, "calendar show")).splitlines()
    stamps = [line for line in lines if "<t:" in line]

    assert lines[0] == "### The 2027 season, United States, page 1 of 2"
    assert [line for line in stamps if line.endswith("· passed")] == [line for line in stamps if line.startswith("-# ")]
    (following,) = [line for line in stamps if "**next, <t:" in line]
    assert "NRMP standard registration deadline" in following
    assert "estimated" in following


async def test_it_opens_where_the_next_date_is(world: World) -> None:
    world.clock.move_to(datetime(2027, 3, 18, tzinfo=UTC))

    assert title(await world.amira.slash(world.general, "calendar show")).endswith("page 2 of 2")


@pytest.mark.parametrize("countries", [frozenset({Country.UNITED_STATES}), frozenset({Country.CANADA}), frozenset(Country)])
async def test_every_season_of_every_country_is_whole_and_within_the_limits(world: World, countries: frozenset[Country]) -> None:
    await world.services.members.set_countries(world.amira.id, countries)
    for year in world.services.catalogue.years:
        held = [season for country in countries for season in world.services.catalogue.seasons(country) if season.year == year]
        if not held:
            continue
        shown = "\n".join(await pages(world, season=year))
        for season in held:
            assert all(event.name in shown for event in season.events)


async def test_dates_not_known_say_where_to_look(world: World) -> None:
    await world.services.members.set_countries(world.amira.id, frozenset({Country.CANADA}))

    assert "**CaRMS first-iteration application deadline**: not known; check carms.ca today" in "\n".join(await pages(world))


async def test_a_day_without_an_hour_is_spelled_not_stamped(world: World) -> None:
    (line,) = [line for page in await pages(world) for line in page.splitlines() if "Residency" in line and "July" in line]

    assert "July 1, 2027" in line
    assert "<t:" not in line


async def test_other_seasons_are_one_choice_away(world: World) -> None:
    card = (await world.amira.slash(world.general, "calendar show")).response
    assert [option["label"] for option in options(card)] == [
        f"{year} Match" for year in sorted(world.services.catalogue.years, reverse=True)
    ]

    await world.amira.select(card, ["2026"])

    assert title(card).startswith("The 2026 season")
    assert "next" not in text(card).partition("Times are")[0]


@pytest.mark.parametrize("year", [2000, 2050, 2100])
async def test_a_season_that_is_not_held_is_a_sentence(world: World, year: int) -> None:
    result = await world.amira.slash(world.general, "calendar show", season=year)

    assert title(result) == f"I hold no calendar for {year}."
    assert "The seasons held are 2024, 2025, 2026, 2027, 2028." in text(result)


async def test_paging_works_after_a_restart(world: World) -> None:
    card = (await world.amira.slash(world.general, "calendar show")).response
    await world.restart()
    await world.amira.click(card, label="Later")

    assert title(card).endswith("page 2 of 2")
    assert labels(card) == ["Earlier", "Later", "Picture"]


async def test_the_years_held_are_suggested(world: World) -> None:
    choices = await world.amira.autocomplete(world.general, "calendar show", "season", "202")

    assert [choice["value"] for choice in choices] == sorted(world.services.catalogue.years, reverse=True)
