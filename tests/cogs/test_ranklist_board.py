"""``/ranklist board`` and ``check``: by taps alone, the order hers; longest data, bad input, other people."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
import simcord

from bot.domain.eligibility.answers import Answers, Step, UsStatus, VisaPlan
from bot.domain.letters import ApplicationService
from bot.domain.member import Country
from bot.domain.programs import MAX_NAME, Noted, ProgramStage, Reading, Track, VisaPolicy
from bot.domain.rank_list import MAX_CRITERIA, MAX_CRITERION, MAX_RANKS, PRIMARY, Criterion, RankList, Weight
from bot.storage.programs import Changes
from tests.cogs.conftest import NOW, World, components, labels, text, title
from tests.support.program_cards import bare
from tests.support.rank_cards import choose, keep, press, select_of
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits

MODAL = 9
"""The kind of answer that opens a form."""
ADD, OPEN = "Choose one or several", "Move, remove or mark one"


@pytest.fixture(autouse=True)
async def zoned(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")


async def opened(world: World, name: str = "board", who: Any = None) -> Any:
    return (await (who or world.amira).slash(world.general, f"ranklist {name}")).response


async def listed(world: World, *names: str, **changes: Any) -> Any:
    """Keep programs, put them on the list in this order, and return the message with the board."""
    ids = await keep(world, *names, **changes)
    await world.services.rank_lists.add(world.amira.id, ids)
    return await opened(world)


def order(card: Any) -> list[str]:
    """Return the names of a board, in order."""
    return [line.partition("**")[2].partition("**")[0] for line in text(card).splitlines() if line.startswith("**") and line[2].isdigit()]


async def test_without_programs_it_says_where_to_begin(world: World) -> None:
    result = await world.amira.slash(world.general, "ranklist board")
    assert result.ephemeral
    assert title(result) == "Your rank order list, 2027 Match (0)"
    assert "/programs add" in text(result)
    assert labels(result) == ["What I look at", "Explain"]
    assert "non-US IMGs: 7.26 ranks in the mean of 6,512 who matched" in text(result)
    assert "A longer list goes with matching, it does not cause it; no number is recommended." in text(result)


async def test_a_list_is_made_and_ordered_by_taps(world: World) -> None:
    oak, elm, ash = await keep(world, "Oak", "Elm", "Ash")
    await keep(world, "Fir", stage=ProgramStage.APPLIED)
    card = await opened(world)
    await press(world, card, "Add programs")
    assert [each["label"] for each in select_of(card, ADD)["options"]] == ["Ash", "Elm", "Oak", "Fir"]
    await choose(world, card, ADD, oak, elm, ash)
    assert order(card) == ["1. Oak", "2. Elm", "3. Ash"]
    await choose(world, card, OPEN, ash)
    await press(world, card, "Up")
    assert title(card) == "No. 2 of 3: Ash"
    await choose(world, card, "Move it to a place", "1")
    await press(world, card, "Back to the list")
    assert order(card) == ["1. Ash", "2. Oak", "3. Elm"]
    await choose(world, card, OPEN, oak)
    await press(world, card, "Remove")
    assert order(card) == ["1. Ash", "2. Elm"]
    await press(world, card, "Take the last change back", "Take the last change back")
    assert order(card) == ["1. Oak", "2. Ash", "3. Elm"]


async def test_marks_ask_and_never_reorder(world: World) -> None:
    card = await listed(world, "Oak", "Elm")
    await press(world, card, "What I look at")
    await choose(world, card, "Add some", "Near my family or partner")
    key = select_of(card, "Weigh or remove one")["options"][0]["value"]
    await choose(world, card, "Weigh or remove one", key)
    await press(world, card, "It counts most", "Back to the list")
    for program, mark in (("oak".ljust(16, "0"), "2"), ("elm".ljust(16, "0"), "5")):
        await choose(world, card, OPEN, program)
        await choose(world, card, "Mark it by what you look at", key)
        await press(world, card, mark, "Back to the list")
    asked = "you weigh **Near my family or partner** most, yet Oak (2 of 5) stands above Elm (5 of 5). Is that what you want?"
    assert asked in text(card)
    assert order(card) == ["1. Oak", "2. Elm"]
    await press(world, card, "That is what I want")
    assert "Is that what you want?" not in text(card)
    assert order(card) == ["1. Oak", "2. Elm"]


async def test_a_criterion_of_her_own_and_one_that_says_nothing(world: World) -> None:
    card = await opened(world)
    await press(world, card, "What I look at")
    for typed, said in (("  the *call* room @everyone ", "the \\*call\\* room @\u200beveryone"), ("\u200b", "The criterion has no name.")):
        form = await world.amira.click(card, label="Write my own")
        answer = await world.amira.submit_modal(form, {form.modal["components"][0]["component"]["custom_id"]: typed})
        assert said in text(answer.response if typed == "\u200b" else card)
    answers = [each for each in world.env.http_requests if each.path.endswith("/callback")]
    assert_nobody_is_mentioned([each for each in answers if each.json["type"] != MODAL])


async def test_first_year_lists_by_taps(world: World) -> None:
    card = await listed(world, "Oak", "Elm", track=Track.ADVANCED)
    city, _ = await keep(world, "City", "Town", track=Track.PRELIMINARY)
    await choose(world, card, OPEN, "oak".ljust(16, "0"))
    assert "An advanced place begins in the second year: no supplemental list yet." in text(card)
    await press(world, card, "First-year list", "Add programs")
    assert [each["label"] for each in select_of(card, ADD)["options"]] == ["City", "Town"]
    await choose(world, card, ADD, city)
    assert title(card) == "First year for Oak (1)"
    assert "Without a first year the advanced place still binds" in text(card)
    await choose(world, card, "Move or remove one", city)
    assert "It stands on the first-year list of Oak." in text(card)
    await press(world, card, "Back to the list", "Back", "Back to the list")
    assert "first year: 1 on its list" in text(card)
    await choose(world, card, OPEN, "elm".ljust(16, "0"))
    await press(world, card, "First-year list")
    await choose(world, card, "Take the list of another advanced place", "oak".ljust(16, "0"))
    assert title(card) == "First year for Elm (1)"


async def test_certifying_is_noted_and_a_change_undoes_it(world: World) -> None:
    card = await listed(world, "Oak", "Elm")
    await press(world, card, "Certified")
    said = text(card)
    assert "Wed 3 Mar 2027, 21:00 EST\nyour clock: Thu 4 Mar 2027, 04:00 EET" in said
    assert "estimated by a rule, not announced" in said
    assert "You have not noted that this list is certified in R3." in said
    await press(world, card, "I certified it today")
    assert "You noted that it is certified in R3 since 22 Nov 2026." in text(card)
    await press(world, card, "My list")
    await choose(world, card, OPEN, "elm".ljust(16, "0"))
    await press(world, card, "Up", "Back to the list")
    assert "it has changed since" in text(card)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("20 Nov 2026", "You noted that it is certified in R3 since 20 Nov 2026."),
        ("2027-02-20", "That day lies ahead."),
        ("2020-02-20", "That is before the 2027 Match."),
        ("soon", "I can't read that day."),
    ],
)
async def test_another_day_of_certifying(world: World, typed: str, said: str) -> None:
    card = await listed(world, "Oak")
    await press(world, card, "Certified")
    form = await world.amira.click(card, label="On another day")
    answer = await world.amira.submit_modal(form, {form.modal["components"][0]["component"]["custom_id"]: typed})
    assert said in text(card) + text(answer)


async def test_reminders_ahead_of_the_deadline_are_offered_and_kept_in_the_list(world: World) -> None:
    card = await listed(world, "Oak")
    await press(world, card, "Certified")
    deadline = await world.amira.click(card, label="Other reminders")
    assert title(deadline) == "Rank order list deadline (2027 Match)"
    await choose(world, deadline.response, "Remind me", "1w")
    assert "Rank order list deadline" in text(await world.amira.slash(world.general, "remind list"))


async def test_after_the_deadline_nothing_is_offered_and_it_is_said(world: World) -> None:
    await listed(world, "Oak")
    world.clock.move_to(datetime(2027, 3, 4, 3, tzinfo=UTC))
    card = await opened(world, "check")
    assert "The deadline has passed, and you have not noted that this order is certified." in text(card)
    assert "Other reminders" not in labels(card)


async def test_the_list_as_files_holds_no_formula(world: World) -> None:
    card = await listed(world, "=HYPERLINK(1)", "Elm")
    told = await world.amira.click(card, label="As CSV")
    rows = list(csv.reader(io.StringIO((await file_of(told)).decode("utf-8-sig"))))
    assert [row[2] for row in rows] == ["program", "'=HYPERLINK(1)", "Elm"]
    told = await world.amira.click(card, label="As text")
    assert "  2. Elm" in (await file_of(told)).decode()


async def file_of(result: simcord.InteractionResult) -> bytes:
    assert result.ephemeral
    (attachment,) = result.response.attachments
    return await attachment.read()


# --- the check


async def pages(world: World) -> str:
    card = await opened(world, "check")
    said = [text(card)]
    while not next(each for each in components(card) if each.get("label") == "Later").get("disabled"):
        await press(world, card, "Later")
        assert_within_limits(components(card))
        said.append(text(card))
    return "\n".join(said)


async def test_without_answers_and_notes_it_stays_unknown(world: World) -> None:
    await listed(world, "Oak", track=Track.UNKNOWN)
    said = await pages(world)
    assert "**Verified by ECFMG by the deadline: unknown.** You have saved no answers" in said
    assert "**Visa: unknown.** You have saved no answers" in said
    assert "**First year of advanced places: unknown.** The track is not noted, so it may be advanced:\nOak." in said
    assert "**Couple: unknown.** Do you rank as one of a couple?" in said
    assert "Only NRMP grants a waiver" in said
    assert "each further code costs 30 USD" in said
    assert "(expected, not announced)" in said
    assert "No score, no forecast." in said


async def test_what_is_noted_is_looked_at(world: World) -> None:
    await keep(world, "Never", stage=ProgramStage.APPLIED)
    await listed(world, "Oak", visa=frozenset({VisaPolicy.NONE}), readings={Noted.VISA: Reading("its page", NOW.date())})
    await world.services.rank_lists.add(world.amira.id, ["never".ljust(16, "0")])
    answers = Answers(2027, us_status=UsStatus.VISA_NEEDED, visa_plan=VisaPlan.J1, step1=Step.FAILED_1)
    await world.services.eligibility.save(world.amira.id, answers)
    said = await pages(world)
    assert "By what you noted, not possible with a J-1, which you have in mind:\nOak (read 22 Nov 2026)." in said
    assert "Not noted as interviewed:\nNever." in said
    assert "By your saved answers it is not met, or not yet." in said


async def test_a_list_in_canada_is_another_one(world: World) -> None:
    await listed(world, "Oak", service=ApplicationService.CARMS)
    await world.services.members.set_countries(world.amira.id, frozenset(Country))
    said = await pages(world)
    assert "By what you noted these are not ranked with NRMP, but in a match of their own:\nOak." in said
    assert "**CaRMS first-iteration rank order list deadline:** not known; check carms.ca today" in said
    assert "is bound by the earlier result" in said


async def test_a_couple_ticks_off_what_is_done(world: World) -> None:
    await listed(world, "Oak")
    card = await opened(world, "check")
    await press(world, card, "Later", "We rank as a couple")
    assert "- Both have paid the fee: status Paid: open" in text(card)
    assert "Both lists have the same number of ranks, at most 300" in text(card)
    await choose(world, card, "What is done", "couple_paid", "couple_equal")
    assert "- Both have paid the fee: status Paid: done" in text(card)
    await press(world, card, "I rank alone")
    assert "You rank alone, as you said." in text(card)


# --- limits, other people, old cards


LONGEST = "W*" * (MAX_NAME // 2)


async def the_longest_list(world: World) -> tuple[str, ...]:
    """Store a list with everything as long as it may be; return the ids of its programs."""
    tracks = {0: Track.ADVANCED, 1: Track.PRELIMINARY}
    given = {"name": LONGEST, "region": "NY", "specialty": "radiology-diag", "stage": ProgramStage.APPLIED}
    programs = [bare(f"{number:016}", world.amira.id, track=tracks.get(number % 3, Track.UNKNOWN), **given) for number in range(MAX_RANKS)]
    lists = world.services.rank_lists
    await world.services.members.remember(world.amira.id)
    await lists._programs.merge(world.amira.id, 2027, lambda _: Changes(added=programs))
    ids = tuple(each.id for each in programs)
    criteria = tuple(
        Criterion(f"c{number}", f"{number}" + "*W" * ((MAX_CRITERION - 1) // 2), Weight.MOST) for number in range(MAX_CRITERIA)
    )
    held = RankList(
        world.amira.id,
        2027,
        NOW,
        lists={PRIMARY: ids, ids[0]: ids[1:]},
        criteria=criteria,
        marks={program: {each.key: mark for each in criteria} for program, mark in ((ids[0], 1), (ids[1], 5))},
        is_couple=True,
        earlier=({PRIMARY: ids[:1]},),
    )
    assert await lists._lists.save(held) is not None
    await world.services.eligibility.save(world.amira.id, Answers(2027, us_status=UsStatus.VISA_NEEDED))
    return ids


async def test_the_longest_data_fits_every_card(world: World) -> None:
    ids = await the_longest_list(world)
    card = await opened(world)
    for label in ("Later", "What I look at", "Back to the list", "Certified", "My list", "Add programs", "Back"):
        assert_within_limits(components(card))
        await press(world, card, label)
    await choose(world, card, OPEN, ids[0])
    for label in ("First-year list", "Add programs"):
        assert_within_limits(components(card))
        await press(world, card, label)
    assert_within_limits(components(card))
    await pages(world)


async def test_the_longest_list_fits_every_card_of_the_walk(world: World) -> None:
    await the_longest_list(world)
    card = await opened(world, "explain")
    await press(world, card, "Walk through my list")
    for label in ("Later", "All lines", "Later", "Safe choice first", "Back to the walk"):
        assert_within_limits(components(card))
        await press(world, card, label)
    assert_within_limits(components(card))


async def test_a_place_on_a_long_list_is_typed(world: World) -> None:
    names = [f"Program {number:02}" for number in range(30)]
    card = await listed(world, *names)
    await choose(world, card, OPEN, "program00".ljust(16, "0"))
    for typed, said in (("30", "No. 30 of 30: Program 00"), ("x", "That is no place on a list.")):
        form = await world.amira.click(card, label="To a place")
        answer = await world.amira.submit_modal(form, {form.modal["components"][0]["component"]["custom_id"]: typed})
        assert said in text(card) + text(answer)


async def test_nobody_sees_or_changes_the_list_of_another(world: World) -> None:
    card = await listed(world, "Oak", "Elm")
    theirs = await opened(world, who=world.diego)
    assert "Oak" not in text(theirs)
    program = "oak".ljust(16, "0")
    await world.services.rank_lists.add(world.diego.id, [program])
    assert (await world.services.rank_lists.board(world.diego.id)).held.primary == ()
    assert order(card) == ["1. Oak", "2. Elm"]


async def test_a_card_of_a_program_that_is_gone_says_so_kindly(world: World) -> None:
    card = await listed(world, "Oak", "Elm")
    await choose(world, card, OPEN, "elm".ljust(16, "0"))
    await world.services.rank_lists._programs.remove(world.amira.id, "elm".ljust(16, "0"))
    answer = await world.amira.click(card, label="Up")
    assert "That program is not on this list any more." in text(answer)
    assert (await world.services.rank_lists.board(world.amira.id)).held.of(PRIMARY) == ("oak".ljust(16, "0"),)


async def test_cards_outlive_a_restart(world: World) -> None:
    card = await listed(world, "Oak", "Elm")
    await world.restart()
    await choose(world, card, OPEN, "elm".ljust(16, "0"))
    await press(world, card, "To the top", "Back to the list")
    assert order(card) == ["1. Elm", "2. Oak"]
