"""Letters in the words of their service, and forms that are refused without losing what was typed."""

from datetime import date

import pytest

from bot.domain.letters import ApplicationService, FollowUpKind, LetterState
from bot.errors import UserFacingError
from tests.cogs.conftest import World, text
from tests.cogs.test_letters_board import letter_card
from tests.support.letter_cards import filled, the_letter


@pytest.mark.parametrize("state", ["agreed", "request_sent", "uploaded"])
async def test_cards_of_a_carms_reference_wear_no_words_of_eras(world: World, state: str) -> None:
    letters = world.services.letters
    reference = await letters.add(world.amira.id, "Dr. Osei", service=ApplicationService.CARMS)
    await letters.set_target(world.amira.id, date(2027, 3, 1))
    await letters.move(world.amira.id, reference.id, LetterState(state))
    shown = [text(await world.amira.slash(world.general, f"letters {name}")) for name in ("board", "followups", "packet")]
    shown += [letters.follow_ups.reminder_text(reference, kind, None) for kind in FollowUpKind]
    for card in shown:
        for word in ("Letter ID", "LoR Portal", "Letter Request Form", "MyERAS", "upload"):
            assert word not in card
    with pytest.raises(UserFacingError, match="CaRMS and the referee"):
        await letters.change(world.amira.id, reference.id, notes="A1B2C3D4E5")


async def test_what_was_typed_into_a_form_that_is_refused_stands_in_it_again(world: World) -> None:
    card = await letter_card(world)
    reference = await the_letter(world)
    form = await world.amira.click(card, label="Kind, date, notes")
    names = {label["label"]: label["component"]["custom_id"] for label in form.modal["components"]}
    typed = {names["Notes"]: "Met in clinic, asks about cases.", names["A target date of its own"]: "someday"}
    refused = await world.amira.submit_modal(form, typed | {names["Through which service"]: ["carms"]})
    again = await world.amira.click(refused.response, label="Open the form again")
    stands = filled(again)
    assert stands["Notes"] == "Met in clinic, asks about cases."
    assert stands["A target date of its own"] == "someday"
    assert stands["Through which service"] == ["carms"]
    assert (await world.services.letters.get(world.amira.id, reference.id)).notes == ""
    await world.services.mydata.erase(world.amira.id)
    assert world.services.letters.unsent.of(world.amira.id, f"details-{reference.id}-letter") == {}
