"""``/letters board``: letters added, moved forward and back, declined, deleted; targets that have passed; import; who may press what."""

from datetime import date
from typing import Any

import pytest
import simcord

from bot.domain.letters import (
    MAX_LETTERS,
    AskedWhen,
    Concern,
    LetterKind,
    LetterState,
    Setting,
    Waiver,
    WriterCountry,
    WriterRole,
)
from bot.domain.member import Country
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.letter_cards import add_letter, filled, selects, the_letter
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits

WORST: dict[str, Any] = {
    "role": WriterRole.PUBLIC_FIGURE,
    "setting": Setting.SHADOWING,
    "asked_when": AskedWhen.LATER,
    "waiver": Waiver.KEPT,
    "concerns": frozenset(Concern),
    "kind": LetterKind.CHAIR,
    "country": WriterCountry.ELSEWHERE,
    "last_on": date(2026, 1, 1),
}
"""A letter that every warning is about."""


@pytest.fixture(autouse=True)
async def zoned(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")


async def board(world: World) -> simcord.InteractionResult:
    return await world.amira.slash(world.general, "letters board")


async def letter_card(world: World, **given: Any) -> Any:
    """Add a letter; return the message with its card."""
    card = (await board(world)).response
    await add_letter(world, card, **given)
    return card


async def press(world: World, card: Any, *names: str) -> None:
    for name in names:
        await world.amira.click(card, label=name)


async def test_an_empty_board_says_how_to_begin_and_that_the_target_has_passed(world: World) -> None:
    result = await board(world)

    assert result.ephemeral
    assert title(result) == "Your letters, 2027 Match (0)"
    assert "The target, Thu 10 Sep 2026, has passed" in text(result)
    assert "Nothing is scheduled for it." in text(result)
    assert "Tue 8 Dec 2026" not in text(result)
    assert "Sun 6 Dec 2026:** two weeks from today" in text(result)
    assert "Mon 8 Mar 2027:** a week before the SOAP list opens (estimated by a rule, not announced)" in text(result)
    assert "Fri 10 Sep 2027:** early September of the next season, for the 2028 Match" in text(result)
    assert "No letter stands here yet." in text(result)


async def test_a_letter_is_added_by_its_writers_name_alone(world: World) -> None:
    card = await letter_card(world, writer="Dr. Osei")

    assert title(card) == "Letter of Dr. Osei, 2027 Match"
    assert "●○○○○○○ 1 of 7: **planned** since Sun 22 Nov 2026" in text(card)
    letter = await the_letter(world)
    assert (letter.writer, letter.state, letter.season_year) == ("Dr. Osei", LetterState.PLANNED, 2027)


async def test_the_whole_life_of_a_letter_goes_by_taps(world: World) -> None:
    card = await letter_card(world)
    for name, state in (
        ("Asked", LetterState.ASKED),
        ("Agreed", LetterState.AGREED),
        ("Entry created", LetterState.ENTRY_CREATED),
        ("Request form sent", LetterState.REQUEST_SENT),
        ("Uploaded", LetterState.UPLOADED),
        ("Assigned", LetterState.ASSIGNED),
    ):
        await world.amira.click(card, label=name)
        assert (await the_letter(world)).state is state
        assert f"**{name.lower()}** since" in text(card)
    assert "Assigned" not in labels(card)
    assert "Letter ID" not in text(card)


async def test_states_go_back_and_the_last_change_is_taken_back(world: World) -> None:
    card = await letter_card(world)
    await press(world, card, "Asked", "Agreed", "Back to asked")
    assert (await the_letter(world)).state is LetterState.ASKED
    await press(world, card, "Undo", "Undo")
    assert (await the_letter(world)).state is LetterState.ASKED
    await press(world, card, "Undo")
    assert (await the_letter(world)).state is LetterState.PLANNED
    assert "Undo" not in labels(card)


async def test_a_state_can_be_chosen_at_once(world: World) -> None:
    card = await letter_card(world)
    (states,) = selects(card)
    await world.amira.select(card, ["request_sent"], custom_id=states["custom_id"])

    assert (await the_letter(world)).state is LetterState.REQUEST_SENT


async def test_a_no_is_said_kindly_with_what_next(world: World) -> None:
    card = await letter_card(world)
    await press(world, card, "Asked", "Declined")

    assert "A no is no judgement of you" in text(card)
    assert "Add another letter" in labels(card)
    await press(world, card, "Back to asked")
    assert (await the_letter(world)).state is LetterState.ASKED


async def test_a_button_pressed_twice_moves_one_step(world: World) -> None:
    first = await letter_card(world)
    letter = await the_letter(world)
    second = (await board(world)).response
    await world.amira.select(second, [letter.id], custom_id=selects(second)[0]["custom_id"])
    await world.amira.click(first, label="Asked")
    await world.amira.click(second, label="Asked")
    assert (await the_letter(world)).state is LetterState.ASKED

    await world.amira.click(first, label="Agreed")
    stale = await world.amira.click(second, label="Declined")
    assert title(stale) == "That letter has moved on since this card was shown."
    assert (await the_letter(world)).state is LetterState.AGREED


async def test_a_carms_reference_has_states_of_its_own(world: World) -> None:
    card = await letter_card(world, service="carms")
    await press(world, card, "Asked", "Agreed")
    assert "3 of 6: **agreed**" in text(card)
    await press(world, card, "Request sent", "Submitted", "Assigned")
    assert (await the_letter(world)).state is LetterState.ASSIGNED
    assert "LoR Portal" not in text(card)
    assert "commonly stated; confirm with the owner" in text(card).lower()
    assert "AAMC" not in text(card)
    await world.amira.click(card, label="Waiver")
    assert "what CaRMS asks is not held" in text(card)


async def test_who_applies_to_canada_alone_begins_with_carms(world: World) -> None:
    await world.services.members.set_countries(world.amira.id, frozenset({Country.CANADA}))
    result = await board(world)
    assert "**Target: not known.**" in text(result)
    form = await world.amira.click(result.response, label="Add a letter")
    assert filled(form)["Through which service"] == ["carms"]


async def test_details_are_asked_in_short_forms_and_stand_on_the_card(world: World) -> None:
    card = await letter_card(world, role="faculty", specialty="IM", country="us")
    form = await world.amira.click(card, label="Time together")
    fields = {label["label"]: label["component"]["custom_id"] for label in form.modal["components"]}
    await world.amira.submit_modal(
        form,
        {
            fields["How you worked together"]: ["hands_on"],
            fields["Weeks together"]: "3",
            fields["Last day together"]: "Oct 2026",
            fields["When you ask, or asked"]: "weeks_3_4",
            fields["What gives you pause"]: ["template"],
        },
    )
    shown = text(card)
    assert "Internal Medicine" in shown
    assert "Hands-on clinical work, 3 weeks, until Sat 31 Oct 2026" in shown
    assert "Less than 4 weeks together" in shown
    assert "program directors may know the template" in shown
    again = await world.amira.click(card, label="Time together")
    assert filled(again)["Weeks together"] == "3"
    assert filled(again)["Last day together"] == "2026-10-31"


@pytest.mark.parametrize(
    ("form", "label", "typed", "said"),
    [
        ("Time together", "Weeks together", "some", "That is no number of weeks that I can take."),
        ("Time together", "Weeks together", "\uff19\uff19", "That is no number of weeks that I can take."),
        ("Time together", "Weeks together", "999999", "That is no number of weeks that I can take."),
        ("Time together", "Last day together", "last autumn", "I can't read the last day together."),
        ("Kind, date, notes", "A target date of its own", "2026-09-10", "Thu 10 Sep 2026 has passed."),
        ("Kind, date, notes", "A target date of its own", "2099-01-01", "That is more than three years ahead."),
        ("Kind, date, notes", "A target date of its own", "soon", "I can't read that date and time."),
        ("Kind, date, notes", "Notes", "Letter ID: 4F7K2Q", "That looks like a Letter ID, and I never store one."),
        ("Kind, date, notes", "Notes", "the key is 7XK2-91QF-33AB", "That looks like a Letter ID, and I never store one."),
        ("The writer", "The writer", "A1B2C3D4E5", "That looks like a Letter ID, and I never store one."),
        ("The writer", "The writer", "\u200b\u2800", "The writer has no name."),
    ],
)
async def test_what_can_not_be_taken_is_refused_and_nothing_is_lost(world: World, form: str, label: str, typed: str, said: str) -> None:
    card = await letter_card(world, writer="Dr. Osei")
    before = await the_letter(world)
    opened = await world.amira.click(card, label=form)
    fields = {each["label"]: each["component"]["custom_id"] for each in opened.modal["components"]}
    values: dict[str, Any] = {fields[label]: typed}
    if form == "The writer" and label != "The writer":
        values[fields["The writer"]] = "Dr. Osei"
    result = await world.amira.submit_modal(opened, values)

    assert title(result) == said
    assert await the_letter(world) == before


async def test_the_waiver_is_asked_for_with_why(world: World) -> None:
    card = await letter_card(world)
    await world.amira.click(card, label="Waiver")
    assert "Once you have waived it, you can never see it." in text(card)
    assert "programs tend to trust a letter more" in text(card)
    await world.amira.click(card, label="I waive it")
    assert "**Waiver:** you waive the right to see it" in text(card)
    assert (await the_letter(world)).waiver is Waiver.WAIVED


async def test_deleting_asks_first(world: World) -> None:
    card = await letter_card(world)
    await world.amira.click(card, label="Delete")
    assert title(card) == "Delete this letter?"
    await world.amira.click(card, label="Keep")
    assert len(await world.services.letters.letters_of(world.amira.id)) == 1
    await press(world, card, "Delete", "Delete")
    assert title(card) == "Deleted"
    assert await world.services.letters.letters_of(world.amira.id) == ()
    await world.amira.click(card, label="Back to the board")
    assert "No letter stands here yet." in text(card)


async def test_every_way_of_a_gone_letter_is_said_kindly(world: World) -> None:
    card = await letter_card(world)
    names = [name for name in labels(card) if name not in ("Back to the board", "Packet", "Words to copy")]
    await world.services.mydata.erase(world.amira.id)
    for name in names:
        result = await world.amira.click(card, label=name)
        said = result.followups[0] if result.followups else result
        assert title(said) == "That letter is not there any more.", name
    assert not any((await world.services.mydata.summary(world.amira.id)).values())


async def test_another_members_letter_is_not_shown_or_changed(world: World) -> None:
    await letter_card(world, writer="Dr. Secret")
    hers = await the_letter(world)
    card = (await world.diego.slash(world.general, "letters board")).response
    await add_letter(world, card, who=world.diego, writer="Dr. Abara")
    await world.diego.click(card, label="Back to the board")
    select = selects(card)[0]["custom_id"]
    with pytest.raises(simcord.SetupError):  # Discord itself refuses a value that the select does not offer
        await world.diego.select(card, [hers.id], custom_id=select)
    for refused in (
        world.services.letters.get(world.diego.id, hers.id),
        world.services.letters.move(world.diego.id, hers.id, LetterState.ASKED),
        world.services.letters.delete(world.diego.id, hers.id),
    ):
        with pytest.raises(Exception, match="That letter is not yours"):
            await refused
    assert "Dr. Secret" not in text(card)


async def test_an_offer_becomes_the_target(world: World) -> None:
    card = await letter_card(world)
    await world.amira.click(card, label="Back to the board")
    await world.amira.click(card, label="Two weeks from today, 6 Dec 2026")
    assert "**Target: Sun 6 Dec 2026**, in 14 days (yours)." in text(card)
    await world.amira.click(card, label="Back to the usual day")
    assert "has passed" in text(card)


async def test_the_next_season_takes_what_is_not_there_yet_along_and_back(world: World) -> None:
    card = await letter_card(world, writer="Dr. Osei")
    await press(world, card, "Asked", "Back to the board")
    await world.amira.click(card, label="Next season, 10 Sep 2027")
    assert title(card) == "Target date, 2028 Match"
    assert "**Target: Fri 10 Sep 2027**" in text(card)
    assert (await the_letter(world)).season_year == 2028

    await world.amira.click(card, label="Back to the 2027 Match")
    assert title(card) == "Target date, 2027 Match"
    assert (await the_letter(world)).season_year == 2027


async def test_a_day_of_her_own_is_taken_in_words_and_a_past_one_refused(world: World) -> None:
    card = (await board(world)).response
    await world.amira.click(card, label="Target date")
    for typed, said in (("in 3 weeks", "Sun 13 Dec 2026"), ("15 Jan 2027", "Fri 15 Jan 2027")):
        form = await world.amira.click(card, label="Another day")
        await world.amira.submit_modal(form, {form.modal["components"][0]["component"]["custom_id"]: typed})
        assert f"**Target: {said}**" in text(card)
    form = await world.amira.click(card, label="Another day")
    result = await world.amira.submit_modal(form, {form.modal["components"][0]["component"]["custom_id"]: "10 Sep 2026"})
    assert "Thu 10 Sep 2026 has passed." in text(result.followups[0] if result.followups else result)
    plan = await world.services.letters.plans.of(world.amira.id)
    assert str(plan.target_on) == "2027-01-15"


async def test_an_earlier_letter_is_imported_once(world: World) -> None:
    card = await letter_card(world, writer="Dr. Osei", specialty="IM")
    await world.amira.select(card, ["uploaded"], custom_id=selects(card)[0]["custom_id"])
    await world.services.letters.go_to_season(world.amira.id, 2028)
    card = (await board(world)).response
    assert "2027 Match" in labels(card)
    await world.amira.click(card, label="Import an earlier one")
    (offered,) = selects(card)
    await world.amira.select(card, [offered["options"][0]["value"]], custom_id=offered["custom_id"])

    letter = await the_letter(world)
    assert (letter.imported_from, letter.state, letter.season_year, letter.specialty) == (2027, LetterState.UPLOADED, 2028, "internal-med")
    await press(world, card, "Back to the board", "Import an earlier one")
    assert selects(card) == []


async def test_a_letter_that_stands_on_no_board_is_imported_by_name(world: World) -> None:
    card = (await board(world)).response
    await world.amira.click(card, label="Import an earlier one")
    form = await world.amira.click(card, label="One that is not listed")
    fields = {each["label"]: each["component"] for each in form.modal["components"]}
    years = [option["value"] for option in fields["Of which season"]["options"]]
    assert years == [str(year) for year in range(2026, 2019, -1)]
    given = {fields["The writer"]["custom_id"]: "Dr. Alami", fields["Of which season"]["custom_id"]: ["2024"]}
    await world.amira.submit_modal(form, given)

    assert (await the_letter(world)).imported_from == 2024
    assert "imported from the 2024 Match" in text(card)


async def test_thirty_letters_are_kept_and_no_more(world: World) -> None:
    for number in range(MAX_LETTERS):
        await world.services.letters.add(world.amira.id, f"Dr. {number}")
    card = (await board(world)).response
    result = await add_letter(world, card, writer="Dr. One too many")

    assert title(result) == "You keep 30 letters of the 2027 season, the most I hold."
    assert len(await world.services.letters.letters_of(world.amira.id)) == MAX_LETTERS


async def test_the_longest_board_and_letter_stay_within_the_limits(world: World) -> None:
    letters = world.services.letters
    for number in range(MAX_LETTERS):
        name = f"{number:02}" + "*" * 78
        letter = await letters.add(world.amira.id, name, specialty="_" * 60, notes="`" * 600)
        await letters.change(world.amira.id, letter.id, is_physician=False, weeks=1, target_on=letters.plans.today(await amira(world)))
    card = (await board(world)).response
    for page in range(4):
        assert_within_limits(components(card))
        assert f"page {page + 1} of 4" in title(card)
        if page < 3:
            await world.amira.click(card, label="Later")
    worst = (await letters.letters_of(world.amira.id))[0]
    await letters.change(world.amira.id, worst.id, **WORST)
    for _ in range(25):
        for state in (LetterState.ASKED, LetterState.REQUEST_SENT):
            await letters.move(world.amira.id, worst.id, state)
    await letters.plans.set_specialties(world.amira.id, ("internal-med", "surgery"))
    card = (await board(world)).response
    await world.amira.select(card, [worst.id], custom_id=selects(card)[0]["custom_id"])
    assert "more, in /letters plan" in text(card)
    assert_within_limits(components(card))
    for name in ("Waiver", "Back to the letter", "Programs", "Back to the letter", "Follow-ups", "Back to the letter", "Delete", "Keep"):
        await world.amira.click(card, label=name)
        assert_within_limits(components(card))


async def amira(world: World) -> Any:
    return await world.services.members.get(world.amira.id)


async def test_nothing_in_her_text_is_formatted_or_mentions_anybody(world: World) -> None:
    await letter_card(world, writer="@everyone **Dr** <@123456789012345678> [x](https://evil.example)")
    before = len(world.env.http_requests)
    result = await board(world)
    for forbidden in ("@everyone", "<@123456789012345678>", "**Dr**", "[x]("):
        assert forbidden not in text(result)
    assert_nobody_is_mentioned(world.env.http_requests[before:])


async def test_a_picture_with_words_stands_on_the_board(world: World) -> None:
    await letter_card(world, writer="Dr. Osei")
    result = await board(world)
    (gallery,) = [each for each in components(result) if each["type"] == 12]
    assert "Dr. Osei: planned" in gallery["items"][0]["description"]
