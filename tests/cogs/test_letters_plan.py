"""``/letters plan``, ``followups`` and the programs of a letter: by taps, within the limits, with both sides where guides disagree."""

from datetime import date, timedelta
from typing import Any

import pytest
import simcord

from bot.domain.letters import (
    MAX_LETTERS,
    ApplicationService,
    AskedWhen,
    Circumstance,
    Concern,
    LetterState,
    Setting,
    Waiver,
    WriterCountry,
    WriterRole,
)
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.letter_cards import selects
from tests.support.reply_limits import assert_within_limits


@pytest.fixture(autouse=True)
async def zoned(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")


async def add(world: World, writer: str = "Dr. Osei", state: LetterState = LetterState.AGREED, **details: Any) -> str:
    letter = await world.services.letters.add(world.amira.id, writer, **details)
    await world.services.letters.move(world.amira.id, letter.id, state)
    return letter.id


async def open_(world: World, what: str) -> Any:
    result = await world.amira.slash(world.general, f"letters {what}")
    assert result.ephemeral
    assert_within_limits(components(result))
    return result.response


def said_after(result: simcord.InteractionResult) -> str:
    return title(result.followups[0] if result.followups else result)


# --- plan


async def planned(world: World, *specialties: str) -> Any:
    await world.services.letters.plans.set_specialties(world.amira.id, specialties)
    return await open_(world, "plan")


async def test_the_plan_asks_for_the_specialty_first(world: World) -> None:
    card = await open_(world, "plan")
    assert title(card) == "What are your letters for?"
    (choice,) = selects(card)
    assert choice["max_values"] == 2
    await world.amira.select(card, ["internal-med", "neurology"], custom_id=choice["custom_id"])
    assert title(card) == "The mix: Internal Medicine and Neurology, 2027 Match"
    assert (await world.services.letters.plans.of(world.amira.id)).specialties == ("internal-med", "neurology")


async def type_specialty(world: World, card: Any, typed: str) -> simcord.InteractionResult:
    form = await world.amira.click(card, label="Type it")
    return await world.amira.submit_modal(form, {form.modal["components"][0]["component"]["custom_id"]: typed})


async def test_a_specialty_that_is_not_in_the_list_is_typed(world: World) -> None:
    card = await open_(world, "plan")
    await type_specialty(world, card, "ophtho")
    assert title(card) == "The mix: Ophthalmology, 2027 Match"
    await world.amira.click(card, label="Other specialties")
    assert said_after(await type_specialty(world, card, "**astrology**")) == r"I hold no specialty called \*\*astrology\*\*."
    assert said_after(await type_specialty(world, card, "neuro")) == "neuro can mean several specialties."
    assert (await world.services.letters.plans.of(world.amira.id)).specialties == ("ophthalmology",)


async def test_the_mix_sets_advice_beside_hers_and_says_whose_it_is(world: World) -> None:
    details: dict[str, Any] = {"country": WriterCountry.UNITED_STATES, "setting": Setting.HANDS_ON, "specialty": "IM"}
    await add(world, "Dr. One", **details)
    await add(world, "Dr. Two", LetterState.ASKED, **details)
    await add(world, "Dr. Three")
    shown = text(await planned(world, "internal-med"))
    assert "**not yet, 1 more:** Two from clinical work in the United States" in shown
    assert "Yours: 1 promised or there, 1 planned or asked, 1 not clear." in shown
    assert "**enough:** One from a physician in the United States or Canada." in shown
    assert "Advice of third-party guides, never a rule" in shown
    assert "as of 22 Nov 2026" in shown


async def test_where_guides_disagree_both_are_shown_with_their_names(world: World) -> None:
    card = await planned(world, "internal-med")
    await world.amira.click(card, label="Where guides disagree")
    shown = text(card)
    assert "**One US letter, or two?**" in shown
    assert "At least two from US clinical work" in shown
    assert "At least one, from a medical professional in the United States or Canada." in shown
    assert "**A letter from home?**" in shown
    assert shown.count("BeMo") >= 3
    assert "The bot follows neither side" in shown


async def test_what_to_beware_of_names_the_letters(world: World) -> None:
    await add(world, "Dr. One", country=WriterCountry.ELSEWHERE, setting=Setting.OBSERVERSHIP, weeks=2, specialty="surgery")
    card = await planned(world, "internal-med")
    await world.amira.click(card, label="Beware of")
    shown = text(card)
    for line in (
        "All letters come from outside",
        "All come from observerships",
        "Less than 4 weeks",
        "Another specialty",
        "Not there when programs",
    ):
        assert line in shown
    assert "Letter 1 Dr. One." in shown


async def test_circumstances_are_ticked_and_it_says_who_can_speak_to_them(world: World) -> None:
    known: dict[str, Any] = {"country": WriterCountry.UNITED_STATES, "setting": Setting.HANDS_ON, "weeks": 8}
    await add(world, "Dr. Recent", last_on=date(2026, 10, 1), **known)
    await add(world, "Dr. Long ago", last_on=date(2020, 1, 1), **known)
    await add(world, "Dr. Undated", **known)
    card = await planned(world, "internal-med")
    await world.amira.click(card, label="Who can speak to what")
    await world.amira.click(card, label="Gaps in clinical work")
    shown = text(card)
    assert "**Can credibly speak to it:** Dr. Recent." in shown
    assert "**Perhaps:** Dr. Undated. Fill in: the last day." in shown
    assert "Long ago" not in shown
    assert (await world.services.letters.plans.of(world.amira.id)).circumstances == {Circumstance.GAPS}
    await world.amira.click(card, label="Gaps in clinical work, ticked")
    assert "Dr. Recent" not in text(card)


async def test_the_longest_plan_stays_within_the_limits(world: World) -> None:
    for number in range(MAX_LETTERS):
        await add(
            world,
            f"{number:02}" + "*" * 78,
            role=(WriterRole.FAMILY_FRIEND, WriterRole.PUBLIC_FIGURE, WriterRole.NOT_PHYSICIAN)[number % 3],
            setting=(Setting.SHADOWING, Setting.RESEARCH)[number % 2],
            weeks=1,
            specialty="_" * 60,
            country=WriterCountry.ELSEWHERE,
            concerns=frozenset(Concern),
            asked_when=AskedWhen.LATER,
            waiver=Waiver.KEPT,
            last_on=date(2026, 10, 1),
        )
    for number in range(0, MAX_LETTERS, 2):
        letter = (await world.services.letters.letters_of(world.amira.id))[number]
        await world.services.letters.change(
            world.amira.id, letter.id, role=WriterRole.FACULTY, setting=Setting.HANDS_ON, weeks=9, concerns=frozenset(), specialty="IM"
        )
    await world.services.letters.plans.set_circumstances(world.amira.id, frozenset(Circumstance))
    card = await planned(world, "internal-med", "neurology")
    for tab in ("The mix", "Where guides disagree", "Beware of", "Who can speak to what"):
        await world.amira.click(card, label=tab)
        for _ in range(5):
            assert_within_limits(components(card))
            later = [each for each in components(card) if each.get("label") == "Later" and not each.get("disabled")]
            if not later:
                break
            await world.amira.click(card, label="Later")
    await world.amira.click(card, label="Other specialties")
    assert_within_limits(components(card))


# --- follow-ups


async def with_target(world: World) -> Any:
    letter_id = await add(world, "Dr. Osei")
    await world.services.letters.set_target(world.amira.id, date(2027, 3, 1))
    card = await open_(world, "followups")
    await world.amira.select(card, [letter_id], custom_id=selects(card)[0]["custom_id"])
    return card


async def choose_step(world: World, card: Any, kind: str) -> None:
    await world.amira.select(card, [kind], custom_id=selects(card)[0]["custom_id"])


async def test_without_a_yes_it_says_what_will_come(world: World) -> None:
    await add(world, state=LetterState.ASKED)
    shown = text(await open_(world, "followups"))
    assert "Steps begin once a writer has agreed" in shown
    assert "Letters without a yes so far, which have no steps yet: 1." in shown


async def test_the_timeline_stands_in_order_with_the_target(world: World) -> None:
    shown = [line for line in text(await with_target(world)).splitlines() if line.startswith("- ")]
    assert shown == [
        "- Mon 18 Jan 2027: First follow-up, 4 to 6 weeks before · in 57 days",
        "- Mon 15 Feb 2027: Second follow-up, 2 weeks before · in 85 days",
        "- Mon 22 Feb 2027: Last reminder, 1 week before · in 92 days",
        "- Mon 1 Mar 2027: **the target**",
    ]


async def test_after_a_target_that_has_passed_nothing_is_scheduled_and_another_is_offered(world: World) -> None:
    await add(world)
    card = await open_(world, "followups")
    assert text(card).count("passed, nothing is scheduled") == 3
    assert "the target**, which has passed" in text(card)
    await world.amira.click(card, label="Choose a new target")
    assert "What can still be reached" in text(card)


async def test_all_reminders_are_switched_on_at_once(world: World) -> None:
    card = await with_target(world)
    await world.amira.click(card, label="Remind me of all")
    assert text(card).count("you will be reminded") == 3
    assert "Direct messages are off" in text(card)
    assert "Allow direct messages" in labels(card)
    reminders = (await world.services.reminders.page(world.amira.id, 10, 0))[0]
    assert [f"{each.due_at:%d %b %H:%M}" for each in reminders] == ["18 Jan 07:00", "15 Feb 07:00", "22 Feb 07:00"]


async def test_one_step_is_reminded_silenced_moved_done_skipped_and_taken_back(world: World) -> None:
    card = await with_target(world)
    await choose_step(world, card, "two_weeks")
    result = await world.amira.click(card, label="Remind me")
    assert title(result) == "Reminder set"
    assert "Mon 15 Feb 2027, 09:00 EET" in text(result)
    await world.amira.click(card, label="Back to its steps")
    await choose_step(world, card, "two_weeks")
    await world.amira.click(card, label="Reminder off")
    assert (await world.services.reminders.page(world.amira.id, 1, 0))[1] == 0

    form = await world.amira.click(card, label="Move")
    await world.amira.submit_modal(form, {form.modal["components"][0]["component"]["custom_id"]: "20 Feb 2027"})
    assert "Sat 20 Feb 2027: Second follow-up, 2 weeks before · in 90 days, moved" in text(card)
    form = await world.amira.click(card, label="Move")
    result = await world.amira.submit_modal(form, {form.modal["components"][0]["component"]["custom_id"]: "2026-11-01"})
    assert said_after(result) == "Sun 1 Nov 2026 has passed."

    for name, word in (("Done", "done"), ("Skip", "skipped")):
        await world.amira.click(card, label=name)
        assert f"Second follow-up, 2 weeks before · {word}" in text(card)
        await choose_step(world, card, "two_weeks")
        await world.amira.click(card, label="Take back")
        await choose_step(world, card, "two_weeks")


async def test_thanks_follow_the_upload(world: World) -> None:
    letter_id = await add(world, state=LetterState.UPLOADED)
    card = await open_(world, "followups")
    assert "Mon 23 Nov 2026: Thanks, once it has arrived · tomorrow" in text(card)
    world.clock.advance(timedelta(days=3))
    await world.amira.select(card, [letter_id], custom_id=selects(card)[0]["custom_id"])
    assert "passed, nothing is scheduled" in text(card)
    assert "Remind me of all" not in labels(card)


@pytest.mark.parametrize("name", ["Done", "Skip", "Move", "Remind me", "Back to its steps"])
async def test_a_step_of_a_letter_that_is_gone_is_said_kindly(world: World, name: str) -> None:
    card = await with_target(world)
    await choose_step(world, card, "two_weeks")
    await world.services.mydata.erase(world.amira.id)
    assert said_after(await world.amira.click(card, label=name)) == "That letter is not there any more."
    assert not any((await world.services.mydata.summary(world.amira.id)).values())


async def test_a_step_that_ended_meanwhile_is_said_kindly(world: World) -> None:
    card = await with_target(world)
    await choose_step(world, card, "two_weeks")
    (letter,) = await world.services.letters.letters_of(world.amira.id)
    await world.services.letters.move(world.amira.id, letter.id, LetterState.UPLOADED)
    assert said_after(await world.amira.click(card, label="Remind me")) == "That step is not there any more."


async def test_the_longest_follow_ups_stay_within_the_limits(world: World) -> None:
    for number in range(MAX_LETTERS):
        await add(world, f"{number:02}" + "*" * 78)
    board = await world.services.letters.set_target(world.amira.id, date(2027, 3, 1))
    for letter in board.letters:
        await world.services.letters.follow_ups.remind_all(board.member, letter, date(2027, 3, 1), None)
    card = await open_(world, "followups")
    for page in range(6):
        assert f"page {page + 1} of 6" in title(card)
        assert_within_limits(components(card))
        if page < 5:
            await world.amira.click(card, label="Later")
    await world.amira.select(card, [selects(card)[0]["options"][0]["value"]], custom_id=selects(card)[0]["custom_id"])
    assert_within_limits(components(card))
    for kind in ("six_weeks", "one_week"):
        await choose_step(world, card, kind)
        assert_within_limits(components(card))
        await world.amira.click(card, label="Back to its steps")


# --- programs


async def programs_of(world: World, letter_id: str) -> Any:
    card = await open_(world, "board")
    await world.amira.select(card, [letter_id], custom_id=selects(card)[0]["custom_id"])
    await world.amira.click(card, label="Programs")
    return card


async def type_programs(world: World, card: Any, names: str, service: str = "eras") -> simcord.InteractionResult:
    form = await world.amira.click(card, label="Add programs")
    fields = {each["label"]: each["component"]["custom_id"] for each in form.modal["components"]}
    return await world.amira.submit_modal(form, {fields["Through which service"]: [service], fields["Programs, one a line"]: names})


async def test_programs_are_added_assigned_and_taken_off(world: World) -> None:
    letter_id = await add(world, state=LetterState.UPLOADED)
    card = await programs_of(world, letter_id)
    assert "No program yet." in text(card)
    await type_programs(world, card, "Mercy IM\nZion IM")
    assert "0 of 2 assigned." in text(card)
    assert "at most 4 letters per program" in text(card)
    to_assign, off = selects(card)
    await world.amira.select(card, [to_assign["options"][0]["value"]], custom_id=to_assign["custom_id"])
    assert "Mercy IM · **assigned**" in text(card)
    assert (await world.services.letters.get(world.amira.id, letter_id)).state is LetterState.ASSIGNED
    await world.amira.click(card, label="All are assigned")
    assert "2 of 2 assigned." in text(card)
    not_after_all, off = selects(card)
    await world.amira.select(card, [not_after_all["options"][1]["value"]], custom_id=not_after_all["custom_id"])
    assert "1 of 2 assigned." in text(card)
    off = selects(card)[-1]
    await world.amira.select(card, [each["value"] for each in off["options"]], custom_id=off["custom_id"])
    assert "No program yet." in text(card)
    assert (await world.services.letters.get(world.amira.id, letter_id)).state is LetterState.UPLOADED


async def test_the_fifth_letter_for_a_program_is_refused_with_a_sentence(world: World) -> None:
    letter_ids = [await add(world, f"Dr. {number}", LetterState.UPLOADED) for number in range(5)]
    for each in letter_ids[:4]:
        await world.services.letters.programs.add(world.amira.id, each, ApplicationService.ERAS, "Mercy")
    result = await type_programs(world, await programs_of(world, letter_ids[4]), "Mercy")
    assert said_after(result) == "4 letters stand for this program already: Mercy."


async def test_residencycas_is_noted_by_hand_and_a_sloe_for_emergency_medicine(world: World) -> None:
    letter_id = await add(world, state=LetterState.UPLOADED, specialty="EM", service=ApplicationService.RESIDENCYCAS)
    card = await programs_of(world, letter_id)
    await type_programs(world, card, "Mercy EM", "residencycas")
    assert "assign there by hand" in text(card)
    assert "standardized letter (SLOE)" in text(card)
    assert "Mercy EM · not assigned yet, ResidencyCAS" in text(card)


async def test_sixty_programs_of_long_names_stay_within_the_limits(world: World) -> None:
    letter_id = await add(world, "*" * 80, LetterState.UPLOADED, service=ApplicationService.RESIDENCYCAS, specialty="EM")
    names = "\n".join(f"{number:02}" + "*" * 78 for number in range(60))
    for service in (ApplicationService.RESIDENCYCAS,):
        await world.services.letters.programs.add(world.amira.id, letter_id, service, names)
    card = await programs_of(world, letter_id)
    for page in range(4):
        assert f"page {page + 1} of 4" in title(card)
        assert_within_limits(components(card))
        if page < 3:
            await world.amira.click(card, label="Later")


async def test_a_program_removed_meanwhile_is_said_kindly(world: World) -> None:
    letter_id = await add(world, state=LetterState.UPLOADED)
    card = await programs_of(world, letter_id)
    await type_programs(world, card, "Mercy")
    (program,) = await world.services.letters.programs.of(await world.services.letters.get(world.amira.id, letter_id))
    await world.services.letters.programs.remove(world.amira.id, letter_id, [program.id])
    result = await world.amira.select(card, [program.id], custom_id=selects(card)[0]["custom_id"])
    assert said_after(result) == "That program is not on this letter any more."
