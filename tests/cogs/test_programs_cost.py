"""``/programs cost``: the reckoning through its cards, "what if 40 more", the picture, and what is not held."""

from dataclasses import replace

from bot.domain.eligibility.answers import Nrmp
from bot.domain.letters import ApplicationService
from tests.cogs.conftest import World, components, text, title
from tests.support.eligibility_cards import ANSWERS
from tests.support.program_cards import bare, longest
from tests.support.program_lists import WAITING_LINE, listed, put
from tests.support.reply_limits import assert_within_limits
from tests.support.rotation_cards import choose, select_for

PART, WHERE = "One part, with its sources", "Where programs are added"


async def keeps(world: World, count: int, **changes: object) -> None:
    given = {"specialty": "internal-med", "service": ApplicationService.ERAS} | changes
    await put(world, *(bare(f"{number:016d}", world.amira.id, name=f"Clinic {number}", **given) for number in range(count)))


async def test_an_empty_list_still_tells_what_comes_and_where_more_would_go(world: World) -> None:
    result = await world.amira.slash(world.general, "programs cost", more=40)
    assert result.ephemeral
    assert "NRMP" in text(result)
    assert "your list is empty" in text(result)
    named = await world.amira.slash(world.general, "programs cost", more=40, specialty="internal medicine")
    assert "**What if 40 more (ERAS, Internal Medicine):** 630 USD on top" in text(named)
    await world.amira.click(named.response, label="As it is")
    assert "What if" not in text(named.response)


async def test_what_if_40_more(world: World) -> None:
    await keeps(world, 20)
    message = (await world.amira.slash(world.general, "programs cost")).response
    assert "What if" not in text(message)
    before = title(message), text(message)
    await world.amira.click(message, label="40 more")
    assert "**What if 40 more (ERAS, Internal Medicine):** 1,010 USD on top" in text(message)
    await world.amira.click(message, label="As it is")
    assert (title(message), text(message)) == before


async def test_each_part_tells_its_sources_and_how_sure_they_are(world: World) -> None:
    await keeps(world, 20)
    message = (await world.amira.slash(world.general, "programs cost")).response
    for option in select_for(message, PART)["options"]:
        opened = (await world.amira.slash(world.general, "programs cost")).response
        await choose(world.amira, opened, PART, option["value"])
        assert "as of" in text(opened), option["label"]
        await world.amira.click(opened, label="Back to the whole")
        assert title(opened) == "What applying costs, 2027 Match"


async def test_saved_answers_leave_out_what_is_behind_her(world: World) -> None:
    await keeps(world, 1)
    message = (await world.amira.slash(world.general, "programs cost")).response
    assert "/eligibility check" in text(message)
    await world.services.eligibility.save(world.amira.id, replace(ANSWERS, nrmp=Nrmp.REGISTERED))
    message = (await world.amira.slash(world.general, "programs cost")).response
    assert "/eligibility check" not in text(message)
    await choose(world.amira, message, PART, "match")
    assert "Behind you, by what you told, and not counted: NRMP registration" in text(message)


async def test_a_fee_that_is_not_held_says_where_to_ask(world: World) -> None:
    await keeps(world, 3, service=ApplicationService.SF_MATCH, specialty="ophthalmology")
    message = (await world.amira.slash(world.general, "programs cost", more=5)).response
    assert "**What if 5 more (SF Match, Ophthalmology):** not held; ask at sfmatch.org." in text(message)
    await choose(world.amira, message, PART, "applications")
    assert "3 programs, 0 of them applied to: not held; ask at sfmatch.org" in text(message)


async def test_programs_are_added_where_she_says(world: World) -> None:
    await keeps(world, 20)
    await put(world, bare("n" * 16, world.amira.id, specialty="neurology", service=ApplicationService.ERAS))
    message = (await world.amira.slash(world.general, "programs cost")).response
    await choose(
        world.amira, message, WHERE, next(each["value"] for each in select_for(message, WHERE)["options"] if "Neuro" in each["label"])
    )
    assert "**What if 10 more (ERAS, Neurology):** 110 USD on top" in text(message)


async def test_a_specialty_that_does_not_exist_is_named(world: World) -> None:
    result = await world.amira.slash(world.general, "programs cost", specialty="alchemy")
    assert "alchemy" in text(result)


async def test_the_list_leads_to_it_and_the_picture_can_be_seen_without_eyes(world: World) -> None:
    await keeps(world, 4)
    message = await listed(world)
    await world.amira.click(message, label="What it costs")
    (gallery,) = [each for each in components(message) if each["type"] == 12]
    assert "ERAS, Internal Medicine: 44 USD" in gallery["items"][0]["description"]


async def test_the_longest_reckoning_is_within_the_limits(world: World) -> None:
    names = [each.id for each in world.services.catalogue.figures.specialties]
    services = list(ApplicationService)
    many = [
        longest(f"{number:016d}", world.amira.id, specialty=name, service=services[number % len(services)])
        for number, name in enumerate(names)
    ]
    await put(world, *many)
    message = (await world.amira.slash(world.general, "programs cost", more=500)).response
    assert_within_limits(components(message))
    assert len(text(message)) + WAITING_LINE <= 4_000
    await choose(world.amira, message, PART, "applications")
    assert_within_limits(components(message))
    assert len(text(message)) + WAITING_LINE <= 4_000


async def test_what_was_answered_for_an_earlier_match_is_not_behind_her_in_this_one(world: World) -> None:
    await keeps(world, 1)
    await world.services.eligibility.save(world.amira.id, replace(ANSWERS, match_year=2026, nrmp=Nrmp.REGISTERED))
    message = (await world.amira.slash(world.general, "programs cost")).response
    await choose(world.amira, message, PART, "match")
    assert "Behind you" not in text(message)
    assert "NRMP registration, 20 program codes included: 70 USD" in text(message)
