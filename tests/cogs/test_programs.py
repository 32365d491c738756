"""``/programs list`` and ``add``: forms, cards, stages, orders, filters, what is taken back; hers alone, and within Discord's limits."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.letters import ApplicationService, LetterState
from bot.domain.programs import ProgramStage, Signal, VisaPolicy
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.program_cards import bare
from tests.support.program_lists import OPEN, ORDER, PART, STAGE, add, hers, listed, only, opened, programs_of, put
from tests.support.rotation_cards import choose, fill_form, in_public, messages_of, said

# --- adding


async def test_an_empty_list_ships_no_directory_and_says_where_one_is(world: World) -> None:
    message = await listed(world)
    assert title(message) == "Your programs, 2027 Match"
    assert "<https://freida.ama-assn.org>" in text(message)
    assert "<https://www.residencyexplorer.org>" in text(message)
    assert labels(message) == ["Add a program", "Import a file", "Template"]


async def test_a_program_is_added_by_a_short_form(world: World) -> None:
    result = await add(world, specialty="im", state="new york", kind=["categorical"])
    assert "### Elm Clinic" in said(result)
    assert "**Added.** Fill in what you know, part by part." in said(result)
    assert "Internal Medicine · categorical · New York\nThrough ERAS" in said(result)
    assert "Not noted yet: visa, years since graduation, Step 2 CK" in said(result)
    assert (await only(world)).specialty == "internal-med"


async def test_a_name_alone_is_enough_by_taps_from_the_card(world: World) -> None:
    message = await listed(world)
    form = await world.amira.click(message, label="Add a program")
    await fill_form(world.amira, form, program="Elm Clinic")
    assert title(message) == "Elm Clinic"
    await world.amira.click(message, label="Back to the list")
    assert title(message) == "Your programs, 2027 Match (1)"


async def test_the_same_program_twice_is_said_and_not_added(world: World) -> None:
    await add(world)
    result = await add(world, program="elm clinic.")
    assert "**It stands on your list already**" in said(result)
    assert (await only(world)).name == "Elm Clinic"


@pytest.mark.parametrize(
    ("given", "heading"),
    [
        ({"specialty": "astrology"}, "Specialty: “astrology” is no specialty that I know."),
        ({"program": "Letter ID AB12CD34EF"}, "Program: That looks like a Letter ID, and I never store one."),
    ],
)
async def test_what_is_refused_can_be_mended_without_typing_it_again(world: World, given: dict[str, Any], heading: str) -> None:
    refused = await add(world, **({"specialty": "im"} | given))
    assert title(refused) == heading
    assert await programs_of(world).of(world.amira.id, 2027) == ()
    form = await world.amira.click(refused.response, label="Open the form again")
    mended = await fill_form(world.amira, form, program="Elm Clinic", specialty="fm", state="ny")
    assert "Family Medicine" in text(refused.response) + said(mended)
    assert (await only(world)).region == "NY"


# --- one program


async def test_a_card_shows_all_that_is_noted_with_where_and_when(world: World) -> None:
    await put(world, hers(world))
    shown = text(await opened(world))
    for line in (
        "Internal Medicine · categorical · New York",
        "Through ERAS · 1234140C0 · [its page](<https://jasmine.example.org/residency>)\n-# FREIDA, 1 Nov 2026",
        "Carried over from your 2026 list: read its facts anew.",
        "**Visa:** J-1, H-1B ([jasmine.example.org](<https://jasmine.example.org/residency>), 20 Nov 2026)",
        "**Years since graduation:** at most 5 (graduated 2022 or later, for the 2027 Match)",
        "**Step 2 CK:** at least 230",
        "**Attempts at a Step:** at most 1",
        "**Clinical experience:** 3 months; hands-on, in the US",
        "**IMGs among residents:** 12 of 30",
        "**Graduates of your school:** 2",
        "**Fellowships:** cardiology, GI",
        "**Curriculum and faculty:** 4+1; Dr. Osei leads the clinic",
        "**Open house:** 5 Dec 2026",
        "**Signal:** gold, spent",
        "**Statement:** IM, version 2",
        "**Resident contacted:** Dr. Lindqvist, 3 October",
        "**Your notes:** near my aunt",
        "nothing of it was checked",
    ):
        assert line in shown


@pytest.mark.parametrize(
    ("part", "given", "shown"),
    [
        (
            "requirements",
            {"years": "2020", "step": "no minimum", "attempts": "no limit", "clinical": "none"},
            "no minimum (FREIDA, 1 Nov 2026)",
        ),
        ("requirements", {"clinical": "2 months, hands-on"}, "**Clinical experience:** 2 months; hands-on (FREIDA, 1 Nov 2026)"),
        ("visa", {"visas": ["j1", "other"], "open": "5 Dec 2026"}, "**Visa:** J-1, other (FREIDA, 1 Nov 2026)"),
        ("visa", {"visas": ["unstated"]}, "**Visa:** nothing is stated"),
        ("people", {"imgs": "40%", "graduates": "0", "fellowships": "GI", "resident": "Dr. Lee"}, "**IMGs among residents:** 40%"),
        ("notes", {"curriculum": "4+1", "your": "near *home*"}, "near \\*home\\*"),
        ("application", {"signal": ["silver"], "version": "v2", "its": "https://elm.example.org", "code": "1234140c0"}, "silver, spent"),
        ("basics", {"program": "Oak", "specialty": "peds"}, "Pediatrics"),
    ],
)
async def test_each_part_is_filled_in_by_its_form(world: World, part: str, given: dict[str, Any], shown: str) -> None:
    await put(world, bare("p" * 16, world.amira.id))
    message = await opened(world)
    form = await choose(world.amira, message, PART, part)
    where = {} if part == "basics" else {"where": "FREIDA, 2026-11-01"}
    await fill_form(world.amira, form, **given, **where)
    assert shown in text(message)
    assert "**Noted.**" in text(message)
    again = await choose(world.amira, message, PART, part)
    await fill_form(world.amira, again)
    assert "Nothing has changed." in text(message)


async def test_a_part_that_is_noted_can_be_taken_back(world: World) -> None:
    await put(world, bare("p" * 16, world.amira.id))
    message = await opened(world)
    await fill_form(world.amira, await choose(world.amira, message, PART, "visa"), visas=["j1"])
    await world.amira.click(message, label="Undo")
    assert "**Taken back.**" in text(message)
    assert (await only(world)).visa == frozenset()


async def test_a_part_that_is_refused_leaves_the_card_and_opens_again(world: World) -> None:
    await put(world, bare("p" * 16, world.amira.id))
    message = await opened(world)
    refused = await fill_form(world.amira, await choose(world.amira, message, PART, "requirements"), years="5", step="23")
    assert title(refused) == "Score minimum: “23” is no number from 180 to 300."
    form = await world.amira.click(messages_of(refused)[-1], label="Open the form again")
    await fill_form(world.amira, form, step="230")
    program = await only(world)
    assert (program.graduation_years, program.score_minimum) == (5, 230)


async def test_a_stage_is_chosen_dated_and_taken_back(world: World) -> None:
    await put(world, hers(world))
    message = await opened(world)
    world.clock.advance(timedelta(days=2))
    await choose(world.amira, message, STAGE, "invited")
    stamp = int(world.clock.now().timestamp())
    assert f"**Invited to an interview** since <t:{stamp}:d>" in text(message)
    assert "-# Before: considering <t:" in text(message)
    await choose(world.amira, message, STAGE, "invited")
    assert "It is in that stage already." in text(message)
    await choose(world.amira, message, STAGE, "declined")
    await world.amira.click(message, label="Undo")
    assert (await only(world)).stage is ProgramStage.INVITED


async def test_removed_is_taken_back_once(world: World) -> None:
    await put(world, hers(world))
    message = await opened(world)
    await world.amira.click(message, label="Remove")
    assert "**Removed:** Jasmine Hospital." in text(message)
    undo = await in_public(world.env.bot, world, await copy_of(world, message))
    await world.amira.click(message, label="Undo")
    assert await only(world) == hers(world)
    twice = await world.amira.click(undo, label="Undo")
    assert title(twice) == "That can't be taken back any more."


async def copy_of(world: World, message: Any) -> Any:
    """Return a card with the undo button of a message, as a second click on an old card finds it."""
    from cogs._ui.cards import card
    from cogs.programs._ways import UndoChange

    (custom_id,) = [each["custom_id"] for each in components(message) if each.get("label") == "Undo"]
    return card("old", rows=[[UndoChange(custom_id.removeprefix("programs:undo:"), label="Undo")]])


async def test_letters_are_shown_by_who_wrote_them(world: World) -> None:
    await put(world, hers(world))
    letters = world.services.letters
    letter = await letters.add(world.amira.id, "Dr. Osei")
    await letters.move(world.amira.id, letter.id, LetterState.UPLOADED)
    await letters.programs.add(world.amira.id, letter.id, ApplicationService.ERAS, "Jasmine hospital")
    message = await listed(world)
    assert "letters assigned: 0 of 1" in text(message)
    await choose(world.amira, message, OPEN, "p" * 16)
    assert "**Letters:** Dr. Osei (not assigned yet)" in text(message)


async def test_what_can_not_be_read_is_shown_and_can_be_removed(world: World) -> None:
    await put(world, hers(world))
    async with world.house.database.write() as connection:
        await connection.exec_driver_sql("UPDATE program SET blob = x'00'")
    message = await opened(world)
    assert "can't be read any more" in text(message)
    await world.amira.click(message, label="Remove")
    assert await programs_of(world).of(world.amira.id, 2027) == ()


# --- the list


async def test_orders_and_filters_by_taps(world: World) -> None:
    await put(
        world,
        hers(world),
        bare("b" * 16, world.amira.id, region="ON", visa=frozenset({VisaPolicy.NONE}), name="Ash"),
    )
    message = await listed(world)
    assert text(message).index("Ash") < text(message).index("Jasmine")
    await choose(world.amira, message, ORDER, "signal")
    assert text(message).index("Jasmine") < text(message).index("Ash")
    await world.amira.click(message, label="Filter")
    assert title(message) == "Filter your programs: 2 of 2"
    await choose(world.amira, message, "State or province: any", "ON")
    assert title(message) == "Filter your programs: 1 of 2"
    assert "**Only:** state or province: Ontario" in text(message)
    await world.amira.click(message, label="Show 1")
    assert title(message) == "Your programs, 2027 Match (1 of 2)"
    assert "Jasmine" not in text(message)
    await choose(world.amira, message, OPEN, "b" * 16)
    await world.amira.click(message, label="Back to the list")
    assert title(message) == "Your programs, 2027 Match (1 of 2)"
    await world.amira.click(message, label="Filter")
    await choose(world.amira, message, "Signal: any", "gold")
    await world.amira.click(message, label="Show 0")
    assert "No program is left by these filters." in text(message)


async def test_orders_and_filters_by_options(world: World) -> None:
    await put(world, hers(world), bare("b" * 16, world.amira.id, name="Ash"))
    assert "(1 of 2)" in title(await listed(world, specialty="im", state="New York", stage="considering", sort="visa"))
    refused = await world.amira.slash(world.general, "programs list", state="Narnia")
    assert title(refused) == "“Narnia” is no state or province that I know."


async def test_the_list_pages_and_counts_stages(world: World) -> None:
    await put(world, *(bare(f"{number:016d}", world.amira.id, name=f"Elm {number:02}") for number in range(20)))
    await programs_of(world).move(world.amira.id, f"{3:016d}", ProgramStage.APPLIED)
    message = await listed(world)
    assert title(message) == "Your programs, 2027 Match (20, page 1 of 3)"
    assert "considering: 19 · applied: 1" in text(message)
    await world.amira.click(message, label="Next")
    await world.amira.click(message, label="Next")
    assert "**20. Elm 19**" in text(message)
    await choose(world.amira, message, OPEN, f"{19:016d}")
    await world.amira.click(message, label="Remove")
    assert "page 3 of 3" in title(message)


async def test_signals_stand_beside_the_published_number_with_year_and_source(world: World) -> None:
    gold = [hers(world, f"{number:016d}", name=f"Elm {number}", code="") for number in range(4)]
    await put(world, *gold, bare("f" * 16, world.amira.id, specialty="family-med", signal=Signal.ONE))
    shown = text(await listed(world))
    assert "**Signals, Internal Medicine:** 4 gold spent; published for the 2027 Match: 3 gold, 12 silver. **That is more" in shown
    assert "**Signals, Family Medicine:** 1 spent; published for the 2027 Match: 5.\n" in shown
    assert "as of 22 Nov 2026; expected; confirm it with the application service." in shown


async def test_a_signal_of_a_kind_that_there_is_not_is_named(world: World) -> None:
    await put(world, hers(world, signal=Signal.ONE), bare("f" * 16, world.amira.id, specialty="family-med", signal=Signal.GOLD))
    shown = text(await listed(world))
    assert "3 gold, 12 silver. **Its signals are gold or silver: say which.**" in shown
    assert "published for the 2027 Match: 5. **Its signals are all alike: choose “one”.**" in shown


async def test_another_season_is_carried_over_and_taken_back(world: World) -> None:
    await put(world, hers(world, season_year=2026, stage=ProgramStage.RANKED))
    message = await listed(world)
    assert labels(message)[-2:] == ["Carry over 2026 (1)", "2026 Match"]
    await world.amira.click(message, label="2026 Match")
    assert title(message) == "Your programs, 2026 Match (1)"
    assert labels(message) == ["Filter", "Export", "What fits", "What it costs", "2027 Match"]
    await world.amira.click(message, label="2027 Match")
    await world.amira.click(message, label="Carry over 2026 (1)")
    assert "**Carried over from 2026: 1**, each considered anew." in text(message)
    assert "Stages, signals, statement versions and open houses did not." in text(message)
    assert (await only(world)).carried_from == 2026
    await world.amira.click(message, label="Undo")
    assert await programs_of(world).of(world.amira.id, 2027) == ()
    assert len(await programs_of(world).of(world.amira.id, 2026)) == 1
