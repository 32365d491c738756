"""``/ranklist explain``: the worked examples with NRMP's results, the walk on her list with what is made up marked as such, all by taps."""

import re
from typing import Any

import pytest

from bot.domain.matching.invention import MOST_PROGRAMS
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.rank_cards import choose, keep, press, select_of
from tests.support.reply_limits import assert_within_limits

EXAMPLE = "A worked example, line by line"
PLACING = "Say where a program places you"


async def opened(world: World) -> Any:
    return (await world.amira.slash(world.general, "ranklist explain")).response


async def walk(world: World, *names: str) -> Any:
    """Put programs on her list, and open the walk through it."""
    await world.services.rank_lists.add(world.amira.id, await keep(world, *names))
    card = await opened(world)
    await press(world, card, "Walk through my list")
    return card


async def lines_of(world: World, card: Any) -> list[str]:
    """Return the numbered lines of every page from this one on."""
    found: list[str] = []
    while True:
        assert_within_limits(components(card))
        found += [line for line in text(card).splitlines() if re.match(r"`\d+` ", line)]
        if "Later" not in labels(card) or next(each for each in components(card) if each.get("label") == "Later").get("disabled"):
            return found
        await press(world, card, "Later")


async def test_without_a_list_the_worked_examples_are_there(world: World) -> None:
    card = await opened(world)
    assert title(card) == "How the match is made"
    assert "Couples are left out" in text(card)
    assert "You have no list yet" in text(card)
    assert labels(card) == ["My list"]
    assert [each["value"] for each in select_of(card, EXAMPLE)["options"]] == ["video", "printed"]


@pytest.mark.parametrize(
    ("example", "result"),
    [
        ("video", ("- Mercy: nobody (2 unfilled)", "- City: Darrius, Arthur", "- General: Joseph, Latha", "- Unmatched: Sunny")),
        ("printed", ("- Mercy: Chen (1 unfilled)", "- City: Eastman, Anderson", "- General: Ford, Davis", "- Unmatched: nobody")),
    ],
)
async def test_a_worked_example_in_every_order(world: World, example: str, result: tuple[str, ...]) -> None:
    card = await opened(world)
    await choose(world, card, EXAMPLE, example)
    assert "**Programs**, most wanted first" in text(card)
    lines = await lines_of(world, card)
    assert [line.split("`")[1] for line in lines] == [str(number) for number in range(1, len(lines) + 1)]
    for _ in range(5):
        assert [line for line in text(card).splitlines() if line.startswith("- ")] == list(result)
        await press(world, card, "Begin with another")


async def test_full_and_not_ranked_read_differently(world: World) -> None:
    card = await opened(world)
    await choose(world, card, EXAMPLE, "video")
    lines = "\n".join(await lines_of(world, card))
    assert "City is **full**: it holds Arthur and Sunny, whom it prefers to Joseph." in lines
    assert "Mercy does **not rank** Latha." in lines
    assert "Sunny is **bumped** from City by Darrius, whom it prefers." in lines
    assert "Sunny has nobody left on the list: **list exhausted**, no place." in lines
    assert "City **holds** Arthur for now: tentatively matched." in lines


async def test_the_safe_choice_first_helps_nobody_in_an_example(world: World) -> None:
    card = await opened(world)
    await choose(world, card, EXAMPLE, "video")
    await press(world, card, "Safe choice first")
    assert "- **Joseph**: true order General (no. 2); Mercy first: Mercy (no. 3)." in text(card)
    assert "- **Sunny**: no place. No program is a safe choice." in text(card)
    assert "**Nobody ends better.**" in text(card)


async def test_the_walk_is_on_her_list_and_says_what_is_made_up(world: World) -> None:
    card = await walk(world, "Oak", "Elm", "Ash")
    said = text(card)
    assert "**The program lists, their places and the other applicants are made up**" in said
    assert "nothing here is a forecast" in said
    assert re.findall(r"^\d\. (\w+):", said, re.MULTILINE) == ["Oak", "Elm", "Ash"]
    mine = await lines_of(world, card)
    assert mine[0] == "`1` **You** propose to Oak (your no. 1)."
    assert all("ou" in line for line in mine)


async def test_another_example_is_another_and_one_stays_as_it_is(world: World) -> None:
    card = await walk(world, "Oak", "Elm", "Ash")
    first = text(card)
    await press(world, card, "All lines", "Only my lines", "Earlier")
    assert text(card) == first
    await press(world, card, "Another example")
    assert title(card) != first.splitlines()[0].removeprefix("### ")


async def test_she_says_where_programs_place_her(world: World) -> None:
    card = await walk(world, "Oak", "Elm", "Ash")
    for number, way in (("1", "Not ranked"), ("2", "Not ranked"), ("3", "High")):
        await choose(world, card, PLACING, number)
        await press(world, card, way)
    said = text(card)
    assert said.count("(you said)") == 3
    assert "1. Oak: " in said
    assert "it does not rank you (you said)" in said
    assert "**In this example** you match to Ash, your no. 3." in said
    mine = await lines_of(world, card)
    assert mine[1] == "`2` Oak does **not rank** **you**."
    assert mine[5] == "`6` Ash **holds** **you** for now: tentatively matched."
    await press(world, card, "Safe choice first")
    assert "**Your true order:** Ash (no. 3).\n**Ash put first:** Ash (no. 3)." in text(card)
    assert "a better one in 0" in text(card)
    await press(world, card, "Back to the walk")
    await choose(world, card, PLACING, "3")
    await press(world, card, "Not ranked")
    assert "**In this example** you stay without a place" in text(card)
    assert (await lines_of(world, card))[-1].endswith("**You** have nobody left on your list: **list exhausted**, no place.")
    await press(world, card, "Earlier") if "Earlier" in labels(card) else None
    await choose(world, card, PLACING, "3")
    await press(world, card, "Make it up")
    assert text(card).count("(you said)") == 2


async def test_a_safe_choice_above_her_best_place_would_cost_it(world: World) -> None:
    card = await walk(world, "Oak", "Elm")
    for number in ("1", "2"):
        await choose(world, card, PLACING, number)
        await press(world, card, "High")
    await press(world, card, "Safe choice first")
    assert "**Your true order:** Oak (no. 1).\n**Elm put first:** Elm (no. 2)." in text(card)


async def test_a_long_list_is_walked_with_its_first_programs(world: World) -> None:
    card = await walk(world, *(f"Program {number:02} *of* the County" for number in range(MOST_PROGRAMS + 1)))
    assert f"Your list has {MOST_PROGRAMS + 1} programs; the first {MOST_PROGRAMS} are walked through here." in text(card)
    await press(world, card, "All lines")
    assert len(await lines_of(world, card)) > 50


async def test_one_of_a_couple_is_told_that_she_is_treated_as_alone(world: World) -> None:
    await world.services.rank_lists.say_couple(world.amira.id, is_couple=True)
    assert "this walk treats you as if you ranked alone" in text(await walk(world, "Oak"))


async def test_a_list_emptied_meanwhile_is_said(world: World) -> None:
    card = await walk(world, "Oak")
    await world.services.rank_lists.remove(world.amira.id, "oak".ljust(16, "0"))
    answer = await world.amira.click(card, label="Another example")
    assert "There is no list to walk through yet." in text(answer)


async def test_nothing_of_a_walk_is_stored(world: World) -> None:
    card = await walk(world, "Oak", "Elm")
    before = await world.services.mydata.export(world.amira.id)
    await choose(world, card, PLACING, "1")
    await press(world, card, "High", "Another example", "Safe choice first")
    assert await world.services.mydata.export(world.amira.id) == before
