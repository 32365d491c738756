"""The history of practice: what was done when, what was weak, when it comes again, removing a round."""

from datetime import timedelta

from bot.domain.interview_texts import ApplicantKind
from tests.cogs.conftest import World, components, text, title
from tests.support.interview_cards import begun, click, hers, practice
from tests.support.reply_limits import assert_within_limits
from tests.support.rotation_cards import choose, select_for


async def test_the_history_is_empty_at_first(world: World) -> None:
    message = await practice(world)
    await world.amira.click(message, label="History")
    assert title(message) == "Nothing was practised yet"


async def test_weak_ones_come_again_and_the_rule_is_stated(world: World) -> None:
    message = await begun(world)
    weak = (await hers(world)).item.question_id
    await click(world, message, "Done", "Weak", "Next question", "Done", "It went well", "End the round", "History")
    shown = text(message)
    assert title(message) == "What you practised (1 round, 2 questions)"
    assert "what you marked weak after a day, middling after three, well after seven" in shown
    assert world.services.practice.question(weak).text[:60] in shown
    await click(world, message, "Weak ones again")
    assert title(message) == "Nothing is due again"
    assert "The next one is due <t:" in text(message)
    world.clock.advance(timedelta(days=1))
    message = await practice(world)
    assert "**Due again:** 1 that was weak" in text(message)
    await click(world, message, "Weak ones again", "Start")
    assert [item.question_id for item in (await hers(world)).items] == [weak]
    assert world.services.practice.question(weak).text in text(message)


async def test_a_round_is_opened_and_removed_after_one_question(world: World) -> None:
    message = await begun(world)
    await click(world, message, "Done", "End the round", "History")
    await choose(world.amira, message, "Open a round", (await hers(world)).id)
    await click(world, message, "Remove this round")
    assert title(message) == "Remove this round?"
    await click(world, message, "Keep it", "Remove this round", "Remove it")
    assert title(message) == "Nothing was practised yet"
    assert "That round is removed." in text(message)


async def test_the_history_pages(world: World) -> None:
    service = world.services.practice
    for _ in range(10):
        started = await service.start(world.amira.id, "mixed", ApplicantKind.US_IMG, 1, 60)
        await service.end(world.amira.id, started.round_.id)
        world.clock.advance(timedelta(hours=1))
    message = await practice(world)
    await click(world, message, "History")
    assert len(select_for(message, "Open a round")["options"]) == 8
    await click(world, message, "Older")
    assert "Page 2 of 2." in text(message)
    assert len(select_for(message, "Open a round")["options"]) == 2
    assert_within_limits(components(message))


async def test_another_sees_nothing_of_it(world: World) -> None:
    message = await begun(world)
    await click(world, message, "Done", "Weak", "End the round")
    theirs = await practice(world, world.diego)
    assert "**Under way:** no round" in text(theirs)
    await world.diego.click(theirs, label="History")
    assert title(theirs) == "Nothing was practised yet"
