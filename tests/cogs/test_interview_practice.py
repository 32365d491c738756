"""``/interviews practice`` as a member meets it: a round by taps, late, marks and notes, a restart, twice, another's press, the history."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.interview_texts import ApplicantKind
from bot.domain.member import Country
from bot.domain.practice import MAX_NOTE, Mark
from bot.storage.practice_tables import practice as table
from cogs.interviews._home import Plan
from cogs.interviews._round import LOOK, TICK, answer_card, question_card, summary_card
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.interview_cards import COUNT, OF, TIME, WHO, begun, click, hers, practice, raw
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits
from tests.support.rotation_cards import choose, fill_form, in_public, said, select_for

HOSTILE = "@everyone <@1> [nrmp.org](https://evil.example) **bold** `code`\n# title"

# --- the first card and the set-up


async def test_the_first_card_says_where_she_stands(world: World) -> None:
    message = await practice(world)
    assert title(message) == "Practise for interviews"
    assert "**You answer as:** non-US IMG (unless you choose otherwise)" in text(message)
    assert "**Under way:** no round" in text(message)
    assert "**Due again:** nothing today" in text(message)
    assert labels(message) == [
        "Set up a round",
        "Browse questions",
        "Sample answers",
        "If they ask what they may not",
        "History",
        "With a partner",
        "The self-check",
    ]


async def test_whom_she_answers_as_comes_from_what_she_saved_and_says_so(world: World) -> None:
    await world.services.members.set_countries(world.amira.id, frozenset((Country.CANADA,)))
    message = await practice(world)
    assert "**You answer as:** Canadian (CaRMS) (from /start: you apply in Canada)" in text(message)
    await world.amira.click(message, label="Set up a round")
    assert "as a Canadian (CaRMS)" in text(message)


async def test_a_round_is_set_up_by_taps(world: World) -> None:
    message = await practice(world)
    await world.amira.click(message, label="Set up a round")
    assert "**Mixed:** 5 questions, 2 min each, as a non-US IMG." in text(message)
    assert len(select_for(message, OF)["options"]) == 10
    await choose(world.amira, message, OF, "visa")
    await choose(world.amira, message, WHO, "us_img")
    await choose(world.amira, message, COUNT, "12")
    await choose(world.amira, message, TIME, "0")
    assert "**Visa and status:** 3 questions, no limit each, as a US IMG. There are 3 to ask, so the round has 3." in text(message)
    assert_within_limits(components(message))
    await world.amira.click(message, label="Start")
    round_ = await hers(world)
    assert (round_.of, round_.kind, round_.seconds, len(round_.items)) == ("visa", ApplicantKind.US_IMG, 0, 3)
    assert "Take the time that you need." in text(message)


async def test_what_is_not_due_can_not_be_begun(world: World) -> None:
    message = await practice(world)
    await world.amira.click(message, label="Set up a round")
    await choose(world.amira, message, OF, "again")
    assert "Nothing is due again at present" in text(message)
    (start,) = [each for each in components(message) if each.get("label") == "Start"]
    assert start["disabled"]


# --- a round


async def test_a_question_stands_against_the_clock(world: World) -> None:
    message = await begun(world)
    item = (await hers(world)).item
    question = world.services.practice.question(item.question_id)
    assert title(message) == "Question 1 of 3 · Gaps and attempts"
    assert f"**{question.text}**" in text(message)
    assert item.ends_at is not None
    assert f"Your time ends <t:{int(item.ends_at.timestamp())}:R>" in text(message)
    assert question.steps[0] not in text(message)
    assert labels(message) == ["Done", "Pass over", "End the round"]


async def test_after_done_she_sees_how_an_answer_is_built(world: World) -> None:
    message = await begun(world, "visa", "1")
    question = world.services.practice.question((await hers(world)).item.question_id)
    world.clock.advance(timedelta(seconds=102))
    await click(world, message, "Done")
    shown = text(message)
    assert "You took 1 min 42 s of 2 min." in shown
    for line in (question.asks, *question.steps, *question.mistakes, *question.follow_ups):
        assert line in shown
    assert "The facts in it:" in shown
    assert "as of 22 Nov 2026" in shown or "as of 26 Nov 2026" in shown
    assert labels(message)[:4] == ["It went well", "Middling", "Weak", "Add a note"]


async def test_late_is_said_and_nothing_more(world: World) -> None:
    message = await begun(world)
    world.clock.advance(timedelta(seconds=155))
    await click(world, message, "Done")
    assert "You took 2 min 35 s of 2 min, 35 s over." in text(message)
    assert "It went well" in labels(message)


async def test_ticks_mark_and_note_stay_on_the_card(world: World) -> None:
    message = await begun(world)
    await click(world, message, "Done")
    await choose(world.amira, message, TICK, "answered", "honest")
    await click(world, message, "Weak")
    form = await world.amira.click(message, label="Add a note")
    await fill_form(world.amira, form, what="begin with the answer")
    ticked = [each["value"] for each in select_for(message, TICK)["options"] if each.get("default")]
    assert ticked == ["answered", "honest"]
    assert "You said: weak." in text(message)
    assert "**Your note:** begin with the answer" in text(message)
    assert "Change the note" in labels(message)
    item = (await hers(world)).items[0]
    assert (item.mark, item.note) == (Mark.WEAK, "begin with the answer")


async def test_a_note_can_be_taken_away(world: World) -> None:
    message = await begun(world)
    await click(world, message, "Done")
    await fill_form(world.amira, await click(world, message, "Add a note"), what="x")
    await fill_form(world.amira, await click(world, message, "Change the note"), what="")
    assert "Your note" not in text(message)


async def test_a_hostile_note_is_shown_plainly_and_mentions_nobody(world: World) -> None:
    message = await begun(world, count="1")
    await click(world, message, "Done")
    await fill_form(world.amira, await click(world, message, "Add a note"), what=HOSTILE)
    shown = text(message)
    assert "\\*\\*bold" in shown
    await click(world, message, "Finish")
    for each in (shown, text(message)):
        assert "@everyone" not in each
        assert "](https" not in each
        assert "Note" in each or "note" in each
    assert_nobody_is_mentioned(world.env.http_requests)


async def test_a_round_goes_to_its_end_and_says_what_comes_again(world: World) -> None:
    message = await begun(world)
    await click(world, message, "Done", "Weak", "Next question", "Done", "It went well", "Next question", "Finish")
    assert title(message) == "Gaps and attempts, 2 of 3 answered"
    shown = text(message)
    assert "1 marked weak: due again a day after the answer." in shown
    assert "went well" in shown
    assert "passed over" in shown
    assert not (await hers(world)).is_under_way
    assert labels(message) == ["Another round", "History", "Remove this round"]


async def test_an_answer_is_looked_at_and_marked_after_the_end(world: World) -> None:
    message = await begun(world)
    await click(world, message, "Done", "End the round")
    assert "not put" in text(message)
    assert len(select_for(message, LOOK)["options"]) == 1
    await choose(world.amira, message, LOOK, "0")
    await click(world, message, "Middling", "Back to the round")
    assert "middling" in text(message)


# --- a restart, twice, another's press, what is gone


async def test_a_round_goes_on_after_a_restart(world: World) -> None:
    message = await begun(world)
    await click(world, message, "Done", "Weak", "Next question")
    before = await hers(world)
    await world.restart()
    assert await hers(world) == before
    world.clock.advance(timedelta(seconds=30))
    await click(world, message, "Done")  # the card from before the restart
    assert "You took 30 s of 2 min." in text(message)
    again = await practice(world)
    assert "question 2 of 3" in text(again)
    await world.amira.click(again, label="Go on with the round")
    assert "You took 30 s of 2 min." in text(again)


async def test_pressing_twice_or_on_an_old_card_changes_nothing(world: World) -> None:
    message, other = await begun(world), await practice(world)
    await world.amira.click(other, label="Go on with the round")
    await click(world, message, "Done", "Next question")
    world.clock.advance(timedelta(seconds=30))
    await world.amira.click(other, label="Pass over")  # still shows the first question
    round_ = await hers(world)
    assert round_.position == 1
    assert title(other) == "Question 2 of 3 · Gaps and attempts"


async def test_a_second_start_shows_the_round_that_goes_on(world: World) -> None:
    first = await practice(world)
    await world.amira.click(first, label="Set up a round")
    message = await begun(world)
    await world.amira.click(first, label="Start")
    assert "A round was under way already" in text(first)
    assert title(first) == title(message)
    assert len(await world.services.practice.rounds_of(world.amira.id)) == 1


@pytest.mark.parametrize("label", ["Done", "Pass over", "End the round"])
async def test_another_who_presses_changes_nothing_and_sees_nothing(world: World, label: str) -> None:
    await begun(world)
    round_ = await hers(world)
    public = await in_public(world.house and world.env.bot, world, question_card(world.services.practice, round_))
    result = await world.diego.click(public, label=label)
    assert result.ephemeral
    assert "That round is not there any more." in said(result)
    assert await hers(world) == round_


async def test_another_can_not_mark_tick_note_or_remove(world: World) -> None:
    message = await begun(world)
    await click(world, message, "Done")
    round_ = await hers(world)
    public = await in_public(world.env.bot, world, answer_card(world.services.practice, round_, 0))
    for label in ("Weak", "Add a note"):
        assert "not there any more" in said(await world.diego.click(public, label=label))
    tick = select_for(public, TICK)["custom_id"]
    assert "not there any more" in said(await world.diego.select(public, ["honest"], custom_id=tick))
    assert await hers(world) == round_


async def test_a_card_pressed_in_public_answers_her_alone(world: World) -> None:
    await begun(world)
    public = await in_public(world.env.bot, world, question_card(world.services.practice, await hers(world)))
    result = await world.amira.click(public, label="Done")
    assert result.ephemeral
    assert "How to build an answer" in said(result)
    assert "How to build an answer" not in text(public)


async def test_what_is_gone_is_said_kindly(world: World) -> None:
    message = await begun(world)
    await world.services.practice.remove(world.amira.id, (await hers(world)).id)
    assert "That round is not there any more." in said(await click(world, message, "Done"))
    assert "/interviews practice" in said(await click(world, message, "End the round"))


async def test_keys_that_nobody_made_are_refused(world: World) -> None:
    from cogs._ui.cards import card
    from cogs.interviews._home import StartRound
    from cogs.interviews._ways import Go

    for item in (
        StartRound("gaps.martian.3.120", label="x"),
        StartRound("no.us_img.3.120", label="x"),
        StartRound("gaps.us_img.9999.1", label="x"),
    ):
        public = await in_public(world.env.bot, world, card("x", rows=[[item]]))
        assert "not of use" in said(await world.amira.click(public, label="x"))
    public = await in_public(world.env.bot, world, card("x", rows=[[Go("nowhere.5", label="x")]]))
    assert "not of use" in said(await world.amira.click(public, label="x"))
    assert await world.services.practice.rounds_of(world.amira.id) == ()


async def test_a_round_that_can_not_be_read_is_ended(world: World) -> None:
    await begun(world)
    async with world.house.database.write() as connection:
        await connection.execute(sa.update(table).values(blob=b"written with another key"))
    message = await practice(world)
    assert "a round that can't be read any more; end it to begin another" in text(message)
    await click(world, message, "End the round")
    assert title(message) == "A round that has ended"
    await click(world, message, "Back", "History")
    assert "what it held can't be read any more" in text(message)
    await click(world, message, "Back", "Set up a round", "Start")
    assert title(message).startswith("Question 1 of 5")


async def test_a_question_that_is_held_no_more_can_be_passed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    message = await begun(world, count="1")
    round_ = await hers(world)
    texts = world.services.practice.texts
    monkeypatch.setitem(texts.__dict__, "questions", {each: q for each, q in texts.questions.items() if each != round_.item.question_id})
    other = await practice(world)
    await world.amira.click(other, label="Go on with the round")
    assert title(other) == "A question that is held no more"
    await world.amira.click(other, label="Finish")
    assert "A question that is held no more" in text(other)
    assert message is not None


async def test_it_works_in_direct_messages(world: World) -> None:
    result = await world.amira.user.slash("interviews practice")
    message = result.response
    for label in ("Set up a round", "Start", "Done", "Weak", "Next question"):
        await world.amira.user.click(message, label=label)
    assert title(message).startswith("Question 2 of 5")


async def test_the_longest_round_is_within_the_limits(world: World) -> None:
    service = world.services.practice
    for kind in ApplicantKind:
        started = await service.start(world.amira.id, "mixed", kind, 12, 120)
        round_ = started.round_
        for position in range(len(round_.items)):
            await service.done(world.amira.id, round_.id, position)
            await service.note(world.amira.id, round_.id, position, "*" * MAX_NOTE)
            await service.mark(world.amira.id, round_.id, position, Mark.WEAK)
            round_ = await service.tick(world.amira.id, round_.id, position, frozenset({"answered"}))
            assert_within_limits(raw(answer_card(service, round_, position)))
            round_ = await service.move_on(world.amira.id, round_.id, position)
        assert_within_limits(raw(summary_card(service, round_)))
    message = await practice(world)
    await click(world, message, "History")
    assert_within_limits(components(message))


def test_the_longest_plan_fits_a_custom_id() -> None:
    assert len(f"practice:seconds:{Plan('behavioural', ApplicantKind.NON_US_IMG, 12, 300).key}") <= 100
