"""``/specialty figures``."""

import pytest

from cogs.specialty._figures import Topic
from tests.cogs.conftest import World, components, text, title
from tests.support.reply_limits import assert_within_limits
from tests.support.specialty_cards import STATE, TOPIC, Drawn, choose, draw_dots, values


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    return draw_dots(monkeypatch)


async def turned(world: World, topic: Topic) -> list[str]:
    card = (await world.amira.slash(world.general, "specialty figures", topic=topic)).response
    assert_within_limits(components(card))
    found = [text(card)]
    while any(each.get("label") == "Next page" and not each.get("disabled") for each in components(card)):
        await world.amira.click(card, label="Next page")
        assert_within_limits(components(card))
        found.append(text(card))
    return found


async def test_match_rates_go_back_to_2014_and_say_what_is_missing(world: World, drawn: Drawn) -> None:
    read = "\n".join(await turned(world, Topic.RATES))

    assert all(f"**{year}**\n" in read for year in range(2014, 2027))
    assert "US IMGs: **70.0 %** (2,949 of 4,210 active applicants)" in read
    assert "Non-US IMGs: **56.4 %** (6,733 of 11,944 active applicants)" in read
    assert "US IMGs: **67.6 %** (3,356 matched; how many applied is not held)" in read
    assert "**2020**\nUS IMGs: not held\nNon-US IMGs: not held" in read
    assert "It is no share of places" in read
    assert {rate.group.value for rate in drawn.others[0]} == {"us-img", "non-us-img"}


async def test_rank_lists_are_means_with_counts_and_no_cut_offs(world: World) -> None:
    found = await turned(world, Topic.LISTS)

    assert len(found) == 12
    assert "US IMGs: 3,053 matched (68.4 %), mean 10.06 ranks; 1,409 did not (31.6 %), mean 3.36" in found[0]
    assert all("Means are never cut-offs" in page for page in found)
    assert all("Couples are left out" in page for page in found)


@pytest.mark.parametrize(("typed", "name"), [("Ohio", "Ohio"), ("oh", "Ohio"), ("new york", "New York"), ("virgina", "Virginia")])
async def test_a_state_that_is_held(world: World, typed: str, name: str) -> None:
    result = await world.amira.slash(world.general, "specialty figures", state=typed)

    assert title(result) == f"{name}: places filled by IMGs, 2026 Match"
    assert "A share of places is no match rate" in text(result)


@pytest.mark.parametrize("typed", ["Wyoming", "wyomin", "WY", "puerto rico"])
async def test_a_state_that_is_not_held_says_so(world: World, typed: str) -> None:
    result = await world.amira.slash(world.general, "specialty figures", state=typed)

    assert title(result).endswith(": not held")
    assert "I hold figures of 20 states" in text(result)
    assert "%" not in text(result)


@pytest.mark.parametrize(("typed", "codes"), [("new", {"NH", "NJ", "NM", "NY"}), ("carolina", {"NC", "SC"}), ("dakota", {"ND", "SD"})])
async def test_a_name_that_several_states_share_asks(world: World, typed: str, codes: set[str]) -> None:
    asked = (await world.amira.slash(world.general, "specialty figures", state=typed)).response
    assert title(asked) == f"“{typed}” can mean several states."
    assert set(values(asked, STATE)) == codes
    await world.restart()

    opened = await choose(world, asked, STATE, max(codes))

    assert title(opened).startswith(f"{world.services.catalogue.figures.state_names[max(codes)]}: ")


@pytest.mark.parametrize(
    ("typed", "name"),
    [("washington dc", "District of Columbia"), ("Washington", "Washington"), ("virginia", "Virginia"), ("KANSAS", "Kansas")],
)
async def test_a_state_named_whole_opens(world: World, typed: str, name: str) -> None:
    assert title(await world.amira.slash(world.general, "specialty figures", state=typed)).startswith(f"{name}: ")


async def test_a_state_that_does_not_exist_is_a_sentence(world: World) -> None:
    assert title(await world.amira.slash(world.general, "specialty figures", state="Atlantis")) == "I know no state called Atlantis."


async def test_states_are_suggested_with_what_is_not_held(world: World) -> None:
    assert [each["name"] for each in await world.amira.autocomplete(world.general, "specialty figures", "state", "wyo")] == [
        "Wyoming (not held)"
    ]
    assert len(await world.amira.autocomplete(world.general, "specialty figures", "state", "")) == 25


async def test_surveys_and_applications_say_their_age_and_recommend_nothing(world: World) -> None:
    surveys, applications = await turned(world, Topic.SURVEYS), await turned(world, Topic.APPLICATIONS)

    assert [page.splitlines()[0] for page in surveys] == [
        "### Program directors, survey of 2021: 5 years old",
        "### Program directors, survey of 2018: 8 years old",
        "### Program directors, survey of 2018 or 2020; the page does not say: up to 8 years old",
    ]
    assert all("Never a recommended number" in page for page in surveys)
    assert "None is a recommended number" in applications[0]
    assert "**2016**, 10 years old" in applications[0]
    assert applications[0].startswith("### Applications and applicants")
    assert "**2026 season (Sept 2025 snapshot)**, of last year" in applications[0]
    order = [applications[0].index(told) for told in ("**2025-26**", "**2026 season (Sept 2025 snapshot)**", "**2023**", "**2016**")]
    assert order == sorted(order)


async def test_more_tells_what_is_published_of_visas_and_nothing_beyond(world: World) -> None:
    (read,) = await turned(world, Topic.MORE)

    assert "54.4 %" in read
    assert "67.9 %" in read
    assert "can't be combined" in read
    assert "21.1 % of 158,079" in read


async def test_topics_are_one_choice_apart_and_hold_after_a_restart(world: World) -> None:
    card = (await world.amira.slash(world.general, "specialty figures")).response
    await world.restart()
    await choose(world, card, TOPIC, Topic.STATES)

    assert title(card) == "Places filled by IMGs, by state, page 1 of 2"
    assert "the other 32 places" in text(card)
