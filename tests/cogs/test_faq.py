"""``/faq``: the answer with its sources and dates, what else may be meant, and honesty where nothing fits."""

from typing import Any

import pytest
import simcord

from bot.catalogue.catalogue import load_catalogue
from cogs.faq._words import NO_FACT
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits

FAQ = load_catalogue().faq
NOTHING = ("None of my answers fits", "I could read no question there.")


async def asked(world: World, question: str) -> Any:
    return await world.amira.slash(world.general, "faq", question=question)


def questions_in(card: Any) -> list[str]:
    """Return the labels of the buttons that lead to other answers."""
    known = {answer.question for answer in FAQ.answers.values()}
    return [label for label in labels(card) if label in known]


def select_id(card: Any, prefix: str) -> str:
    (found,) = [each["custom_id"] for each in components(card) if each["type"] == 3 and each["custom_id"].startswith(prefix)]
    return found


async def test_typed_words_find_the_answer_with_sources_date_and_certainty(world: World) -> None:
    result = await asked(world, "oet grades")
    read = text(result)

    assert result.ephemeral
    assert title(result) == FAQ.answers["oet"].question
    assert FAQ.answers["oet"].text in read
    assert "-# Expected: read in part elsewhere than at the owner, or in a copy. Sources: " in read
    assert "as of 22 November 2026" in read
    assert "Confirm at [ECFMG: Pathways](<https://" in read
    assert_within_limits(components(result))
    assert_nobody_is_mentioned(world.env.http_requests)


async def test_what_else_may_be_meant_and_what_is_read_next_are_buttons(world: World) -> None:
    card = (await asked(world, "rank list deadline")).response
    best, *others = FAQ.index.find("rank list deadline", 3).answers

    assert title(card) == best.question
    assert questions_in(card)[:2] == [each.question for each in others]
    assert "Not what you meant?" in text(card)
    assert len(questions_in(card)) == len(set(questions_in(card))) > 2


async def test_a_chosen_suggestion_is_answered_without_asking_what_was_meant(world: World) -> None:
    (first, *_) = await world.amira.autocomplete(world.general, "faq", "question", "two year")
    assert (first["name"], first["value"]) == (FAQ.answers["two-year-rule"].question, "two-year-rule")
    card = await asked(world, first["value"])

    assert title(card) == first["name"]
    assert "Not what you meant?" not in text(card)
    assert questions_in(card) == [each.question for each in FAQ.related_to(FAQ.answers["two-year-rule"])]


async def test_suggestions_keep_discords_limits(world: World) -> None:
    for typed in ("", "visa", "how ma", "zzzz", "x" * 300, "</faq:1>"):
        choices = await world.amira.autocomplete(world.general, "faq", "question", typed)
        assert len(choices) <= 25
        assert all(1 <= len(choice["name"]) <= 100 for choice in choices)
    assert len(await world.amira.autocomplete(world.general, "faq", "question", "")) == 25


async def test_dates_are_those_of_her_season_on_her_clock(world: World) -> None:
    before = text(await asked(world, "rank-certify"))
    assert "**Rank order list deadline, 2027 Match** · 101 days\nWed 3 Mar 2027, 21:00 EST\n-# estimated by a rule" in before

    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    await world.services.members.set_target_year(world.amira.id, 2028)
    read = text(await asked(world, "rank-certify"))

    assert "**Rank order list deadline, 2028 Match**" in read
    assert "your clock: Thu 2 Mar 2028, 04:00 EET" in read


async def test_a_date_that_is_not_known_says_where_to_look(world: World) -> None:
    read = text(await asked(world, "carms deadline"))

    assert "**CaRMS first-iteration application deadline, 2027 Match** · not known; check carms.ca today" in read
    assert "Not known in part" in read


async def test_every_answer_fits_a_card_and_leads_on(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "Asia/Kathmandu")
    for answer in FAQ.answers.values():
        card = (await asked(world, answer.id)).response
        read = text(card)

        assert title(card) == answer.question
        assert_within_limits(components(card))
        assert "as of 22 November 2026" in read.replace("As of", "as of")
        if answer.certainty is None:
            assert NO_FACT[answer.kind] in read
        else:
            assert "Sources: " in read or "the sources stand beside the dates" in read
        await world.amira.click(card, label=questions_in(card)[0])
        assert title(card) == FAQ.related_to(answer)[0].question


async def test_without_a_question_there_are_topics_to_look_through(world: World) -> None:
    card = (await world.amira.slash(world.general, "faq")).response
    assert title(card) == f"{len(FAQ.answers)} answers"
    for topic in FAQ.topics:
        await world.amira.select(card, [topic.id], custom_id=select_id(card, "faq:topics"))
        assert title(card) == topic.title
        assert_within_limits(components(card))

    await world.amira.select(card, ["privacy"], custom_id=select_id(card, "faq:open"))
    assert title(card) == FAQ.answers["privacy"].question
    await world.amira.click(card, label="More of this topic")
    assert title(card) == FAQ.topics[-1].title


@pytest.mark.parametrize("question", ["weather in chicago in march", "plab 2 exam dates", "asdkjhasd qweoiu"])
async def test_where_nothing_fits_it_says_so_and_whom_to_ask(world: World, question: str) -> None:
    result = await asked(world, question)

    assert title(result) == f"None of my answers fits “{question}”."
    assert "ask an advisor of this server" in text(result)
    assert "nrmp.org" in text(result)
    assert "ecfmg.org" in text(result)
    assert not questions_in(result)
    assert_within_limits(components(result))


async def test_the_nearest_topics_are_buttons(world: World) -> None:
    card = (await asked(world, "plab 2 exam dates")).response
    near = labels(card)

    assert 1 <= len(near) <= 3
    await world.amira.click(card, label=near[0])
    assert title(card) == near[0]


@pytest.mark.parametrize(
    "question", ["   ", "?!", "\u200b", "@everyone", "<@123456789012345678>", "](https://x.example)", "😀" * 100, "a" * 300]
)
async def test_what_is_no_question_is_a_sentence(world: World, question: str) -> None:
    result = await asked(world, question)

    assert title(result).startswith(NOTHING)
    assert_within_limits(components(result))
    assert_nobody_is_mentioned(world.env.http_requests)


@pytest.mark.parametrize("question", ["", "x" * 301])
async def test_what_is_empty_or_too_long_is_refused_by_discord(world: World, question: str) -> None:
    with pytest.raises(simcord.SetupError):
        await asked(world, question)


async def test_shared_it_holds_nothing_of_hers_and_answers_each_reader_alone(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    await world.services.members.set_target_year(world.amira.id, 2028)
    card = (await asked(world, "when must i certify my list, i am so scared")).response
    result = await world.amira.click(card, label="Share here")
    shared = result.response

    assert not result.ephemeral
    assert title(shared) == title(card)
    for hers in ("your clock", "2028", "scared", "Not what you meant?"):
        assert hers not in text(shared)
    assert "Share here" not in labels(shared)
    assert_within_limits(components(shared))
    before = text(shared)
    opened = await world.diego.click(shared, label=questions_in(shared)[0])
    assert opened.ephemeral
    assert title(opened) == questions_in(shared)[0]
    assert text(shared) == before


async def test_nobody_else_can_click_her_card(world: World) -> None:
    card = (await asked(world, "visa")).response
    with pytest.raises(simcord.SetupError):
        await world.diego.click(card, label=questions_in(card)[0])


async def test_in_a_direct_message_there_is_nobody_to_share_with(world: World) -> None:
    result = await world.amira.user.slash("faq", question="visa")

    assert title(result) == FAQ.answers["visa-needed"].question
    assert "Share here" not in labels(result)


async def test_a_gone_answer_is_said_kindly_after_a_restart(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    card = (await asked(world, "two-year-rule")).response
    await world.restart()
    await world.amira.click(card, label=FAQ.answers["j1-waiver"].question)
    assert title(card) == FAQ.answers["j1-waiver"].question

    gone = (await asked(world, "two-year-rule")).response
    monkeypatch.setitem(world.services.catalogue.faq.__dict__, "answers", {})
    reply = await world.amira.click(gone, label=FAQ.answers["j1"].question)
    assert title(reply) == "That answer does not stand in the record any more."


async def test_asking_stores_nothing(world: World) -> None:
    await asked(world, "i failed step 1")

    assert not any((await world.services.mydata.summary(world.amira.id)).values())
