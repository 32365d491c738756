"""``/programs fit``: what she told beside what she noted, rule by rule, for her alone; nothing asked twice, nothing stored."""

from dataclasses import replace

import pytest

from bot.domain.program_fit import FitCase, FitRule
from bot.domain.programs import Noted, ProgramStage, Track
from cogs.programs._fit import fit_card
from cogs.programs._fit_words import CASES, NOT_TOLD, RULES
from cogs.programs._ways import Said, View
from tests.cogs.conftest import World, components, text, title
from tests.support.eligibility_cards import ANSWERS
from tests.support.program_cards import bare, longest
from tests.support.program_lists import WAITING_LINE, hers, opened, programs_of, put
from tests.support.reply_limits import assert_within_limits
from tests.support.rotation_cards import choose, in_public, stored

RANKED = ProgramStage.RANKED
RULE, ONLY = "A program, rule by rule", "Show only"


def test_every_finding_has_words() -> None:
    assert set(CASES) == set(FitCase) - {FitCase.NOT_TOLD}
    assert set(RULES) == set(FitRule)
    assert set(NOT_TOLD) == {each for each in FitRule if each not in (FitRule.STEP3, FitRule.FIRST_YEAR, FitRule.IMGS, FitRule.SCHOOL)}


async def test_an_empty_list_says_how_to_begin(world: World) -> None:
    result = await world.amira.slash(world.general, "programs fit")
    assert result.ephemeral
    assert "/programs add" in text(result)


async def test_without_anything_told_all_is_unknown_and_it_says_what_would_help(world: World) -> None:
    await put(world, hers(world))
    result = await world.amira.slash(world.general, "programs fit")
    assert "unknown: visa, graduation, score, attempts" in text(result)
    for wanted in ("/eligibility check", "score of this command", "/letters rotations"):
        assert wanted in text(result)


async def test_what_she_told_elsewhere_is_used_and_the_score_is_not_stored(world: World) -> None:
    await put(world, hers(world, visa=frozenset()), hers(world, "q" * 16, name="Iris Clinic", graduation_years=8, attempts_most=2))
    await world.services.eligibility.save(world.amira.id, ANSWERS)
    await stored(world)
    message = (await world.amira.slash(world.general, "programs fit", score=231)).response
    assert "A cut-off does not fit: 1" in text(message)
    await choose(world.amira, message, RULE, "p" * 16)
    assert title(message) == "Jasmine Hospital: a cut-off does not fit"
    for said in ("At most 5 (2022 or later); yours are 8", "At least 230; yours is 231", "3 months asked for; 1 are noted"):
        assert said in text(message), said
    await world.amira.click(message, label="Back to the fit")
    await choose(world.amira, message, ONLY, "u")
    assert "Iris" in text(message)
    assert "Jasmine" not in text(message)
    again = await world.amira.slash(world.general, "programs fit")
    assert "your Step 2 CK score" in text(again)


async def test_from_a_program_and_back_and_where_a_fact_was_read_stands_beside_it(world: World) -> None:
    await put(world, hers(world))
    message = await opened(world)
    await world.amira.click(message, label="What fits")
    assert "(jasmine.example.org, 20 November 2026)" in text(message) or "20 Nov" in text(message)
    await world.amira.click(message, label="Its card")
    assert "**Statement:** IM, version 2" in text(message)
    await world.amira.click(message, label="Back to the list")
    await world.amira.click(message, label="What fits")
    assert title(message).startswith("What fits, 2027 Match")


@pytest.mark.parametrize("track", Track)
async def test_every_kind_of_place_has_its_words(world: World, track: Track) -> None:
    await put(world, hers(world, track=track))
    message = await opened(world)
    await world.amira.click(message, label="What fits")
    assert ("Kind of place" in text(message)) is (track not in (Track.CATEGORICAL, Track.PRIMARY))


async def test_what_is_over_is_not_laid_beside_anything(world: World) -> None:
    await put(world, hers(world, stage=ProgramStage.DECLINED))
    message = await opened(world)
    assert "What fits" not in {each.get("label") for each in components(message)}
    assert "No program that is not over" in text(await world.amira.slash(world.general, "programs fit"))


async def test_nobody_else_opens_hers_from_a_card(world: World) -> None:
    await put(world, hers(world))

    class Seen:
        user, client, guild_id = world.amira, world.env.bot, None

    card = await fit_card(Seen(), View(), "", Said())  # pyright: ignore[reportArgumentType]
    public = await in_public(world.env.bot, world, card)
    assert title(await choose(world.diego, public, RULE, "p" * 16)) == "That program is not on your list."


@pytest.mark.parametrize("score", [0, 99, 301, 1_000])
async def test_a_score_that_is_none_is_refused_by_discord(world: World, score: int) -> None:
    with pytest.raises(Exception, match="score"):
        await world.amira.slash(world.general, "programs fit", score=score)


async def test_the_longest_fit_is_within_the_limits(world: World) -> None:
    many = [
        longest(f"{number:016d}", world.amira.id, region=region, stage=RANKED)
        for number, region in enumerate(programs_of(world).names.regions)
    ]
    await put(world, *many, replace(bare("z" * 16, world.amira.id), readings={Noted.BASICS: many[0].readings[Noted.BASICS]}))
    message = (await world.amira.slash(world.general, "programs fit", score=231)).response
    assert_within_limits(components(message))
    assert len(text(message)) + WAITING_LINE <= 4_000
    await choose(world.amira, message, RULE, "0" * 16)
    assert_within_limits(components(message))
    assert len(text(message)) + WAITING_LINE <= 4_000
