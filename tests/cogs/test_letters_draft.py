"""``/letters draft``: filled with her data, to copy or as a file; the letter itself is refused kindly."""

from datetime import date
from typing import Any

import pytest

from bot.client import MatchdayClient
from bot.domain.letter_drafts import DraftKind
from bot.domain.letters import MAX_LETTERS, MAX_WRITER, LetterState
from bot.domain.rotations import Details
from cogs.letters._buttons import whom_letter
from cogs.letters._draft import LETTER_ITSELF, NOBODY, draft_for
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits
from tests.support.rotation_cards import ENTRY, LONGEST, LONGEST_DETAILS, choose, file_of, in_public, said, select_for, stored

KIND, WHOM = "What to say", "For whom"
WAITING_LINE = 60


async def draft(world: World) -> Any:
    result = await world.amira.slash(world.general, "letters draft")
    assert result.ephemeral
    return result.response


async def letter(world: World, writer: str = "Dr. Osei", **details: Any) -> Any:
    return await world.services.letters.add(world.amira.id, writer, **details)


def block(message: Any) -> str:
    """Return what stands in the code block."""
    parts = text(message).split("```")
    assert len(parts) == 3
    return parts[1].strip("\n")


async def test_without_any_data_brackets_stand(world: World) -> None:
    message = await draft(world)
    assert title(message) == "Asking in person"
    assert "[writer's name], do you have a minute?" in block(message)
    assert "residency in [your specialty] for the 2027 Match" in block(message)
    assert "[a new date: 10 September 2026 has passed]" in block(message)
    assert "Left to fill in: 4 places in [brackets]." in text(message)
    assert "Nothing is sent from here." in text(message)


async def test_it_is_filled_with_her_letter_rotation_plan_and_date(world: World) -> None:
    rotation = await stored(world)
    await world.services.letters.plans.set_specialties(world.amira.id, ("internal-med",))
    await letter(world, rotation_id=rotation.id, target_on=date(2026, 12, 10))
    message = await draft(world)
    await choose(world.amira, message, KIND, "mail")
    written = block(message)
    for part in (
        "Subject: Request for a letter of recommendation, Internal Medicine, 2027 Match",
        "Dear Dr. Osei,",
        "during my elective in Internal Medicine at County Hospital (2 to 27 November 2026)",
        "in place by 10 December 2026",
        "Kind regards,\n[your name]",
    ):
        assert part in written
    assert "Left to fill in: 1 place in [brackets]." in text(message)


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        (LetterState.PLANNED, "Asking in person"),
        (LetterState.ASKED, "Asking by mail"),
        (LetterState.REQUEST_SENT, "A courteous follow-up"),
        (LetterState.DECLINED, "When they hesitate or say no"),
    ],
)
async def test_it_begins_with_what_fits_her_only_open_letter(world: World, state: LetterState, heading: str) -> None:
    her_letter = await letter(world)
    await world.services.letters.move(world.amira.id, her_letter.id, state)
    message = await draft(world)
    assert title(message) == heading
    assert "Dr. Osei" in block(message)


@pytest.mark.parametrize("kind", DraftKind)
async def test_every_draft_can_be_chosen_and_taken_as_a_file(world: World, kind: DraftKind) -> None:
    await letter(world)
    message = await draft(world)
    await choose(world.amira, message, KIND, kind.value)
    assert title(message) == world.services.catalogue.letter_texts.drafts[kind].title
    assert "Advice, not a rule. Read in:" in text(message)
    name, written = await file_of(await world.amira.click(message, label="As a file"))
    assert name == "draft.txt"
    assert written.strip() == block(message)


async def test_the_writer_can_be_chosen_from_letters_and_rotations(world: World) -> None:
    await stored(world, details=Details(("Dr. Lindqvist", "dr. osei")))
    her_letter = await letter(world)
    message = await draft(world)
    shown = [(option["label"], option.get("description")) for option in select_for(message, WHOM)["options"]]
    assert shown == [("No name yet", None), ("Dr. Osei", "Letter: planned"), ("Dr. Lindqvist", "Rotation: County Hospital")]
    await choose(world.amira, message, WHOM, select_for(message, WHOM)["options"][2]["value"])
    assert "Dr. Lindqvist, do you have a minute?" in block(message)
    assert "my elective in Internal Medicine" in block(message)
    await choose(world.amira, message, WHOM, NOBODY)
    assert "[writer's name]" in block(message)
    await choose(world.amira, message, WHOM, whom_letter(her_letter.id))
    assert "Dr. Osei" in block(message)


async def test_the_letter_itself_is_refused_kindly_with_what_helps(world: World) -> None:
    await letter(world)
    message = await draft(world)
    await choose(world.amira, message, KIND, LETTER_ITSELF)
    assert title(message) == "The letter itself is not written here"
    assert "its writer's own judgement" in text(message)
    assert "offer facts and an outline instead" in text(message)
    assert "AAMC" in text(message)
    assert "```" not in text(message)
    assert labels(message) == ["The reply to “draft it yourself”"]
    reply = await world.amira.click(message, label="The reply to “draft it yourself”")
    assert "### When they say: draft it yourself" in said(reply)
    assert "I would rather not write the letter myself" in said(reply)
    assert "Dear Dr. Osei," in said(reply)
    await choose(world.amira, message, KIND, "thanks")
    assert title(message) == "Thanks"


async def test_what_she_typed_can_not_leave_the_code_block(world: World) -> None:
    await letter(world, "```\n@everyone **x**")
    message = await draft(world)
    assert text(message).count("```") == 2
    assert "''' @everyone **x**, do you have a minute?" in block(message)
    assert_nobody_is_mentioned(world.env.http_requests)


async def test_a_writer_who_is_gone_says_so(world: World) -> None:
    rotation = await stored(world, details=Details(("Dr. Lindqvist",)))
    her_letter = await letter(world)
    message = await draft(world)
    await world.services.letters.delete(world.amira.id, her_letter.id)
    assert "### That letter is not there any more." in said(await world.amira.click(message, label="As a file"))
    assert "### That letter is not there any more." in said(await choose(world.amira, message, KIND, "mail"))
    named = select_for(message, WHOM)["options"][2]["value"]
    await world.services.rotations.describe(world.amira.id, rotation.id, Details())
    assert "### This card is not of use any more." in said(await choose(world.amira, message, WHOM, named))
    await world.services.rotations.delete(world.amira.id, rotation.id)
    assert "### That rotation is not there any more." in said(await choose(world.amira, message, WHOM, named))


@pytest.mark.parametrize("key", ["mail", "mail-", "mail-x1", "mail-r1", "mail-r1.", "nothing-0", "-0", "mail-l", "mail-r1.x"])
async def test_a_key_that_leads_nowhere_is_a_sentence(world: World, key: str) -> None:
    from bot.errors import UserFacingError

    with pytest.raises(UserFacingError):
        await draft_for(world.services, world.amira.id, key)


async def test_another_person_can_not_read_whom_it_is_for(world: World, simcord_bot: MatchdayClient) -> None:
    her_letter = await letter(world)
    view = await draft_for(world.services, world.amira.id, f"mail-{whom_letter(her_letter.id)}")
    message = await in_public(simcord_bot, world, view)
    answers = [await world.diego.click(message, label="As a file"), await choose(world.diego, message, KIND, "thanks")]
    assert [said(answer).splitlines()[0] for answer in answers] == ["### That letter is not yours."] * 2


@pytest.mark.parametrize("kind", [*DraftKind, LETTER_ITSELF])
async def test_the_longest_draft_is_within_the_limits(world: World, kind: str) -> None:
    rotation = await stored(world, LONGEST, LONGEST_DETAILS)
    await world.services.letters.plans.set_specialties(world.amira.id, ("pmr", "obgyn"))
    await letter(world, "*" * MAX_WRITER, rotation_id=rotation.id)
    message = await draft(world)
    await choose(world.amira, message, KIND, str(kind))
    assert_within_limits(components(message))
    assert len(text(message)) + WAITING_LINE <= 4_000


async def test_the_most_writers_fit_the_select(world: World) -> None:
    for _ in range(12):
        await stored(world, ENTRY, LONGEST_DETAILS)
    for number in range(MAX_LETTERS):
        await letter(world, f"{number:02} " + "W" * 70)
    message = await draft(world)
    assert_within_limits(components(message))
    assert len(select_for(message, WHOM)["options"]) == 25


async def test_the_draft_outlives_a_restart(world: World) -> None:
    message = await draft(world)
    await world.restart()
    await choose(world.amira, message, KIND, "thanks")
    assert title(message) == "Thanks"
