"""``/letters packet``: what to give, ticked off per letter, adapted where a service works in another way, with the summary as a file."""

from dataclasses import replace
from typing import Any

import pytest

from bot.client import MatchdayClient
from bot.domain.letters import MAX_LETTERS, MAX_WRITER, ApplicationService, LetterKind, LetterState
from cogs.letters._packet import draw_packet
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits
from tests.support.rotation_cards import ENTRY, LONGEST, LONGEST_DETAILS, choose, file_of, in_public, messages_of, said, select_for, stored

TICK, WHOSE, FROM = "Tick what the writer has", "Whose packet", "Make the summary from a rotation"
WAITING_LINE = 60


async def packet(world: World, who: Any = None) -> Any:
    result = await (who or world.amira).slash(world.general, "letters packet")
    assert result.ephemeral
    return result.response


async def letter(world: World, writer: str = "Dr. Osei", **details: Any) -> Any:
    return await world.services.letters.add(world.amira.id, writer, **details)


async def test_without_a_letter_it_says_what_a_writer_needs(world: World) -> None:
    message = await packet(world)
    assert title(message) == "What to give the writer"
    assert "/letters board adds one" in text(message)
    for name in (
        "Updated CV",
        "Draft of the personal statement",
        "Letter Request Form",
        "One-page rotation summary",
        "Strengths",
        "LoR Portal",
    ):
        assert name in text(message)
    assert "never stored here" in text(message)
    assert_within_limits(components(message))


async def test_without_a_letter_a_summary_can_be_made_from_a_rotation(world: World) -> None:
    rotation = await stored(world)
    result = await choose(world.amira, await packet(world), FROM, rotation.id)
    name, written = await file_of(result)
    assert name == "rotation-summary.txt"
    assert "For:         [writer's name]" in written


async def test_her_only_letter_is_shown_at_once_and_ticked_off(world: World) -> None:
    her_letter = await letter(world)
    message = await packet(world)
    assert title(message) == "Packet for Dr. Osei"
    assert "0 of 8 given." in text(message)
    await choose(world.amira, message, TICK, "cv", "summary")
    assert "2 of 8 given." in text(message)
    assert "~~Updated CV~~ given" in text(message)
    assert dict((await world.services.letters.get(world.amira.id, her_letter.id)).packet) == {"cv": True, "summary": True}
    await choose(world.amira, message, TICK)
    assert "0 of 8 given." in text(message)


async def test_a_target_that_has_passed_is_said(world: World) -> None:
    await letter(world)
    assert "Your date Thu 10 Sep 2026 has passed: choose a new one on /letters board." in text(await packet(world))


async def test_several_letters_are_chosen_from(world: World) -> None:
    first, second = await letter(world), await letter(world, "Dr. Lindqvist")
    message = await packet(world)
    assert {option["value"] for option in select_for(message, WHOSE)["options"]} == {first.id, second.id}
    await choose(world.amira, message, WHOSE, second.id)
    assert title(message) == "Packet for Dr. Lindqvist"
    await choose(world.amira, message, TICK, "cv")
    await world.amira.click(message, label="All letters")
    described = {option["value"]: option["description"] for option in select_for(message, WHOSE)["options"]}
    assert described == {first.id: "planned · 0 of 8 given", second.id: "planned · 1 of 8 given"}


@pytest.mark.parametrize(
    ("details", "here", "not_here"),
    [
        ({}, "The author uploads in the LoR Portal of ERAS", "CaRMS"),
        ({"service": ApplicationService.CARMS}, "The referee submits it in CaRMS.", "author uploads in the LoR Portal"),
        ({"kind": LetterKind.STANDARDIZED}, "leave the rating to those who fill it in", "Two or three, as an offer."),
        ({"specialty": "emergency-med"}, "SLOE", "Two or three, as an offer."),
        ({"service": ApplicationService.RESIDENCYCAS}, "ResidencyCAS asks in a way of its own", "Two or three, as an offer."),
    ],
)
async def test_it_is_adapted_where_a_service_works_in_another_way(world: World, details: dict[str, Any], here: str, not_here: str) -> None:
    await letter(world, **details)
    shown = text(await packet(world)).split("Forms and ways of sending")[0]
    assert here in shown
    assert not_here not in shown


async def test_the_summary_is_made_of_the_letters_rotation(world: World) -> None:
    rotation = await stored(world)
    await world.services.letters.plans.set_specialties(world.amira.id, ("internal-med", "family-med"))
    await letter(world, rotation_id=rotation.id)
    message = await packet(world)
    assert "The summary is made from **County Hospital**, 2 to 27 November 2026 (4 weeks)." in text(message)
    name, written = await file_of(await world.amira.click(message, label="Summary as a file"))
    assert name == "rotation-summary.txt"
    assert "For:         Dr. Osei" in written
    assert "Applying in: Internal Medicine or Family Medicine, 2027 Match" in written


async def test_a_letter_without_a_rotation_learns_which_one_it_comes_from(world: World) -> None:
    rotation, her_letter = await stored(world), await letter(world)
    message = await packet(world)
    assert "Summary as a file" not in labels(message)
    result = await choose(world.amira, message, FROM, rotation.id)
    assert "Dr. Osei" in (await file_of(result))[1]
    assert (await world.services.letters.get(world.amira.id, her_letter.id)).rotation_id == rotation.id


async def test_a_rotation_that_is_gone_leaves_the_packet_whole(world: World) -> None:
    rotation = await stored(world)
    await letter(world, rotation_id=rotation.id)
    message = await packet(world)
    await world.services.rotations.delete(world.amira.id, rotation.id)
    gone = await world.amira.click(message, label="Summary as a file")
    assert "### That rotation is not there any more." in said(gone)
    await choose(world.amira, message, TICK, "cv")
    assert "1 of 8 given." in text(message)
    assert "Summary as a file" not in labels(message)


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        (LetterState.PLANNED, "Asking in person"),
        (LetterState.AGREED, "A courteous follow-up"),
        (LetterState.UPLOADED, "Thanks"),
        (LetterState.DECLINED, "When they hesitate or say no"),
    ],
)
async def test_words_that_fit_are_one_tap_away(world: World, state: LetterState, heading: str) -> None:
    her_letter = await letter(world)
    await world.services.letters.move(world.amira.id, her_letter.id, state)
    result = await world.amira.click(await packet(world), label="Words to send")
    assert f"### {heading}" in said(result)
    assert "Dr. Osei" in said(result)


async def test_a_deleted_letter_says_so(world: World) -> None:
    her_letter = await letter(world)
    await letter(world, "Dr. Lindqvist")
    listed, message = await packet(world), await packet(world)
    await choose(world.amira, message, WHOSE, her_letter.id)
    await world.services.letters.delete(world.amira.id, her_letter.id)
    for result in (await choose(world.amira, listed, WHOSE, her_letter.id), await choose(world.amira, message, TICK, "cv")):
        assert "### That letter is not there any more." in said(result)
    assert "### That letter is not there any more." in said(await world.amira.click(message, label="Words to send"))


async def test_another_person_can_do_nothing_with_it(world: World, simcord_bot: MatchdayClient) -> None:
    rotation = await stored(world)
    her_letter = await letter(world, rotation_id=rotation.id)
    message = await in_public(simcord_bot, world, await draw_packet(world.services, world.amira.id, her_letter.id))
    answers = [await choose(world.diego, message, TICK, "cv")]
    answers += [await world.diego.click(message, label=name) for name in ("Summary as a file", "Words to send")]
    assert [said(answer).splitlines()[0] for answer in answers] == ["### That letter is not yours."] * 3
    assert await world.services.letters.get(world.amira.id, her_letter.id) == her_letter


async def test_anothers_rotation_can_not_be_named(world: World) -> None:
    theirs = await stored(world, member=world.diego)
    await letter(world, rotation_id=theirs.id)
    message = await packet(world)
    assert "Summary as a file" not in labels(message)
    assert "County Hospital" not in text(message)


@pytest.mark.parametrize("service", [ApplicationService.ERAS, ApplicationService.RESIDENCYCAS, ApplicationService.CARMS])
async def test_the_longest_packet_is_within_the_limits(world: World, service: ApplicationService) -> None:
    rotation = await stored(world, LONGEST, LONGEST_DETAILS)
    await letter(world, "*" * MAX_WRITER, rotation_id=rotation.id, service=service)
    message = await packet(world)
    assert_within_limits(components(message))
    assert len(text(message)) + WAITING_LINE <= 4_000
    _, written = await file_of(await world.amira.click(message, label="Summary as a file"))
    assert len(written.splitlines()) <= 54
    assert_nobody_is_mentioned(world.env.http_requests)


async def test_the_most_letters_and_rotations_fit_their_selects(world: World) -> None:
    for number in range(30):
        await stored(world, replace(ENTRY, place=f"Hospital {number}"))
    for number in range(MAX_LETTERS):
        await letter(world, f"{number:02}" + "*" * 78)
    message = await packet(world)
    assert_within_limits(components(message))
    await world.amira.click(message, label="Later")
    assert len(select_for(message, WHOSE)["options"]) == MAX_LETTERS - 20
    await choose(world.amira, message, WHOSE, select_for(message, WHOSE)["options"][-1]["value"])
    assert_within_limits(components(message))
    assert len(select_for(message, FROM)["options"]) == 25


async def test_the_packet_outlives_a_restart(world: World) -> None:
    await letter(world)
    message = await packet(world)
    await world.restart()
    await choose(world.amira, message, TICK, "cv")
    assert "1 of 8 given." in text(message)
    assert messages_of(await world.amira.click(message, label="Words to send"))
