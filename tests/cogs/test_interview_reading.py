"""What is read without a round: every question, every invented answer, every limit, within Discord's limits and with its source."""

from typing import Any

import pytest

from bot.domain.facts import Certainty
from cogs.interviews._reading import GROUP, LIMIT, QUESTION, SAMPLE
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.interview_cards import practice, raw
from tests.support.reply_limits import assert_within_limits
from tests.support.rotation_cards import choose, in_public, said, select_for


async def opened(world: World, label: str) -> Any:
    message = await practice(world)
    await world.amira.click(message, label=label)
    return message


async def test_every_group_and_every_question_can_be_read(world: World) -> None:
    message = await opened(world, "Browse questions")
    texts = world.services.practice.texts
    for group in texts.groups:
        await choose(world.amira, message, GROUP, group.id)
        assert title(message) == group.title
        assert_within_limits(components(message))
        assert len(select_for(message, QUESTION)["options"]) == len(group.questions)


async def test_every_card_of_a_question_is_within_the_limits(world: World) -> None:
    from cogs.interviews._reading import draw_question

    class Click:
        client = world.env.bot

    for question in world.services.practice.texts.questions.values():
        shown = raw(await draw_question(Click(), question.id))  # pyright: ignore[reportArgumentType]
        assert_within_limits(shown)
        said_there = "\n".join(each["content"] for each in shown if each["type"] == 10)
        assert all(variant in said_there for variant in question.variants.values())


async def test_a_question_says_what_differs_for_whom_and_what_it_rests_on(world: World) -> None:
    message = await opened(world, "Browse questions")
    await choose(world.amira, message, GROUP, "visa")
    await choose(world.amira, message, QUESTION, "which-visa")
    shown = text(message)
    assert "**As a non-US IMG:** Intealth is the sponsor" in shown
    assert "Asked of: non-US IMG." in shown
    assert "The facts in it: stated by its owner" in shown or "The facts in it: expected" in shown
    assert "](<https://www.ecfmg.org" in shown
    assert labels(message) == ["Practise this one", "All of this group"]


async def test_advice_alone_says_so(world: World) -> None:
    message = await opened(world, "Browse questions")
    await choose(world.amira, message, GROUP, "behavioural")
    await choose(world.amira, message, QUESTION, "mistake")
    assert "Advice in our own words; no fact of the Match is stated." in text(message)
    await world.amira.click(message, label="A sample answer")
    assert title(message) == "A mistake: who was told, and when"


async def test_one_question_is_practised_by_itself(world: World) -> None:
    message = await opened(world, "Browse questions")
    await choose(world.amira, message, GROUP, "visa")
    await choose(world.amira, message, QUESTION, "status-canada")
    await world.amira.click(message, label="Practise this one")
    assert title(message) == "One question · Visa and status"
    (round_,) = await world.services.practice.rounds_of(world.amira.id)
    assert (round_.kind, len(round_.items)) == ("canadian", 1)  # whoever presses: it is asked of Canadians only


async def test_every_invented_answer_says_so_and_has_its_notes(world: World) -> None:
    message = await opened(world, "Sample answers")
    assert "nobody gave this answer" in text(message)
    for sample in world.services.practice.texts.samples:
        await choose(world.amira, message, SAMPLE, sample.id)
        shown = text(message)
        assert "Invented for this bot" in shown
        assert shown.count("**Works:**") == sum(part.works for part in sample.parts)
        assert shown.count("**To mend:**") == sum(not part.works for part in sample.parts)
        assert_within_limits(components(message))


async def test_every_limit_has_its_source_and_what_to_say(world: World) -> None:
    message = await opened(world, "If they ask what they may not")
    for limit in world.services.practice.texts.limits:
        await choose(world.amira, message, LIMIT, limit.id)
        shown = text(message)
        assert limit.text in shown
        assert f"](<{limit.citation.sources[0].url}>)" in shown
        assert "as of 26 Nov 2026" in shown
        assert ("Expected" in shown) == (limit.citation.certainty is Certainty.EXPECTED)
        assert_within_limits(components(message))


async def test_the_self_check_is_told_in_words(world: World) -> None:
    message = await opened(world, "The self-check")
    for criterion in world.services.practice.texts.criteria:
        assert criterion.title in text(message)
        assert criterion.missing in text(message)
    assert "Nothing is counted" in text(message)


@pytest.mark.parametrize(
    "name", ["read.no-such", "samples.no-such", "limits.no-such", "browse.no-such", "history.99999999", "round.x", "remove.x"]
)
async def test_what_is_not_held_is_said_or_shows_all(world: World, name: str) -> None:
    from cogs._ui.cards import card
    from cogs.interviews._ways import Go

    public = await in_public(world.env.bot, world, card("x", rows=[[Go(name, label="x")]]))
    result = await world.amira.click(public, label="x")
    assert result.ephemeral
    assert said(result)
    assert title(public) == "x"
