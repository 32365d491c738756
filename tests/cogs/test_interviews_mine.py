"""``/interviews list`` and ``add``: typed on the program's clock, shown on two, nothing asked twice, what is refused kept, hers alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.interviews import MAX_LINE, MAX_NOTES, InterviewFormat, InterviewState, Phase
from bot.domain.programs import MAX_NAME, ProgramStage
from bot.domain.rank_list import MAX_CRITERIA, MAX_CRITERION
from bot.services.interviews import NOWHERE
from cogs.interviews._mine_one import one_card
from cogs.interviews._mine_words import FORMATS, PHASES, STATES
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.program_lists import hers, only, put
from tests.support.reply_limits import assert_within_limits
from tests.support.rotation_cards import choose, file_of, fill_form, in_public, select_for

OPEN, HOW, WHICH = "Open an interview", "How it stands", "Show only"
WAITING_LINE = 60


@pytest.fixture(autouse=True)
async def zoned(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    await world.services.members.set_target_year(world.amira.id, 2027)


async def added(world: World, program: str = "Elm Clinic", when: str = "12 Jan 2027 9:00 CT") -> Any:
    given = {"when": when} if when else {}
    result = await world.amira.slash(world.general, "interviews add", program=program, **given)
    assert result.ephemeral
    assert_within_limits(components(result))
    return result.response


async def listed(world: World, who: Any = None) -> Any:
    result = await (who or world.amira).slash(world.general, "interviews list")
    assert result.ephemeral
    assert_within_limits(components(result))
    return result.response


async def all_of(world: World) -> Any:
    return await world.services.interviews.of(await world.services.members.get(world.amira.id))


def test_every_state_format_and_time_has_words() -> None:
    assert set(STATES) == set(InterviewState)
    assert set(FORMATS) == set(InterviewFormat)
    assert set(PHASES) == set(Phase)


async def test_an_empty_list_says_how_to_begin(world: World) -> None:
    message = await listed(world)
    assert "/interviews add" in text(message)
    await world.amira.click(message, label="What to prepare")
    assert "From your submission on" in text(message)


async def test_a_new_program_is_put_on_her_list_and_both_clocks_stand_on_the_card(world: World) -> None:
    message = await added(world)
    assert title(message) == "Elm Clinic: interview"
    assert "Tue 12 Jan 2027, 09:00 CST (Chicago), your clock Tue 12 Jan 2027, 17:00 EET" in text(message)
    program = await only(world)
    assert (program.name, program.stage) == ("Elm Clinic", ProgramStage.INVITED)


async def test_one_of_hers_is_suggested_and_moves_along_but_never_back(world: World) -> None:
    await put(world, hers(world, stage=ProgramStage.APPLIED))
    suggested = await world.amira.autocomplete(world.general, "interviews add", "program", "jas")
    assert [each["value"] for each in suggested] == ["p" * 16]
    message = await added(world, "p" * 16, "")
    assert "invited, no time yet" in text(message).casefold()
    assert (await only(world)).stage is ProgramStage.INVITED
    await choose(world.amira, message, HOW, "done")
    assert (await only(world)).stage is ProgramStage.INTERVIEWED
    await choose(world.amira, message, HOW, "invited")
    assert (await only(world)).stage is ProgramStage.INTERVIEWED


async def test_two_that_lie_too_close_name_each_other_and_a_deadline_of_that_day(world: World) -> None:
    await added(world)
    message = await added(world, "Iris Hospital", "12 Jan 2027 11:30 ET")
    assert "**Too close:** Elm Clinic" in text(message)
    assert "too close to" in text(await listed(world))
    late = await added(world, "Oak Center", "3 Mar 2027 13:00 ET")
    assert "On that day too: " in text(late)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("12 Jan 2027 9:00", "On which clock is that?"),
        ("12 Jan 2027 CT", "The hour is missing."),
        ("yesterday 9:00 CT", "That time has passed."),
        ("14 Mar 2027 2:30 CT", "That time does not exist on that day"),
        ("7 Nov 2027 1:30 CT", "That time comes twice on that day"),
        ("soon", "I can't read that date and time."),
        ("every Monday 9:00 CT", "A day and an hour are needed."),
    ],
)
async def test_a_time_that_cant_be_taken_is_named_and_nothing_is_added(world: World, when: str, said: str) -> None:
    result = await world.amira.slash(world.general, "interviews add", program="Elm Clinic", when=when)
    assert said in title(result)
    assert (await all_of(world)).held == ()
    assert (await all_of(world)).programs == {}


def test_no_program_lies_where_a_missing_zone_is_read() -> None:
    assert NOWHERE == "Pacific/Niue"


async def test_what_was_typed_into_a_refused_form_opens_again_as_it_was(world: World) -> None:
    form = await world.amira.slash(world.general, "interviews add")
    refused = await fill_form(world.amira, form, program="Elm Clinic", when="12 Jan 2027 9:00", the="Qqqxyz")
    assert title(refused) == "I know no zone or city of that name."
    again = await world.amira.click(refused.response, label="Open the form again")
    shown = await fill_form(world.amira, again, the="Chicago")
    assert "09:00 CST" in text(shown)
    assert (await all_of(world)).name((await all_of(world)).held[0]) == "Elm Clinic"


async def test_time_place_people_and_notes_are_noted_in_two_forms(world: World) -> None:
    message = await added(world, when="")
    form = await world.amira.click(message, label="Time and place")
    message = (
        await fill_form(world.amira, form, when="13 Jan 2027 10:00", the="New York", how="30", link="https://meet.example.org")
    ).response
    assert "10:00 EST (New York)" in text(message)
    assert "30 minutes" in text(message)
    form = await world.amira.click(message, label="People and notes")
    message = (await fill_form(world.amira, form, who="Dr. Osei", invited="20 Nov 2026", the="25 Nov 2026", your="4+1")).response
    for said in ("**With:** Dr. Osei", "Invited 20 nov 2026 · answer by 25 nov 2026", "**Your notes:** 4+1"):
        assert said.casefold() in text(message).casefold(), said
    form = await world.amira.click(message, label="People and notes")
    refused = await fill_form(world.amira, form, invited="once")
    assert title(refused) == "I can't read that day."


async def test_reminders_come_a_day_and_an_hour_before_move_along_and_go(world: World) -> None:
    message = await added(world)
    reply = await world.amira.click(message, label="Remind me")
    assert "Allow direct messages" in labels(reply.response)
    reminders, total = await world.services.reminders.page(world.amira.id, 10, 0)
    assert total == 2
    assert [each.due_at for each in reminders] == [datetime(2027, 1, 11, 15, tzinfo=UTC), datetime(2027, 1, 12, 14, tzinfo=UTC)]
    assert "Elm Clinic" in reminders[0].text
    form = await world.amira.click(message, label="Time and place")
    await fill_form(world.amira, form, when="20 Jan 2027 9:00")
    reminders, total = await world.services.reminders.page(world.amira.id, 10, 0)
    assert [each.due_at.day for each in reminders] == [19, 20]
    message = await listed(world)
    await choose(world.amira, message, OPEN, (await all_of(world)).held[0].id)
    await choose(world.amira, message, HOW, "declined")
    assert await world.services.reminders.page(world.amira.id, 10, 0) == ([], 0)


async def test_the_calendar_holds_those_ahead_on_the_programs_clock(world: World) -> None:
    await added(world)
    name, content = await file_of(await world.amira.click(await listed(world), label="Calendar file"))
    assert name == "interviews.ics"
    assert "SUMMARY:Interview: Elm Clinic" in content
    assert "DTSTART;TZID=America/Chicago:20270112T090000" in content


async def test_what_is_prepared_is_ticked_and_struck_out(world: World) -> None:
    message = await added(world)
    await world.amira.click(message, label="Prepare")
    await choose(world.amira, message, "Once invited: done", "answer", "read")
    await choose(world.amira, message, "The day before: done", "times")
    assert text(message).count("~~") == 6
    await world.amira.click(message, label="Back to it")
    assert "**Prepared:** 3 of " in text(message)


async def test_marks_are_those_of_her_rank_list(world: World) -> None:
    message = await added(world)
    await world.amira.click(message, label="Marks")
    assert "/ranklist board keeps what you look at" in text(message)
    await world.services.rank_lists.add_criterion(world.amira.id, "near my aunt")
    await world.amira.click(message, label="Back to it")
    await world.amira.click(message, label="Marks")
    await choose(world.amira, message, "near my aunt", "4")
    assert "near my aunt: 4" in text(message)
    program, board = await only(world), await world.services.rank_lists.board(world.amira.id)
    assert list(board.held.marks[program.id].values()) == [4]
    await choose(world.amira, message, "near my aunt", "0")
    assert "not marked" in text(message)


async def test_after_it_the_rules_stand_with_their_sources_and_drafts_are_filled_in(world: World) -> None:
    message = await added(world)
    await world.amira.click(message, label="After it")
    assert "how you plan to rank" in text(message)
    assert "nrmp.org" in text(message)
    for option in select_for(message, "A draft to copy")["options"]:
        await choose(world.amira, message, "A draft to copy", option["value"])
        assert "Elm Clinic" in text(message)
        assert "Nothing is sent for you" in text(message)


async def test_it_is_removed_only_after_a_question_and_the_program_stays(world: World) -> None:
    message = await added(world)
    await world.amira.click(message, label="Remove")
    await world.amira.click(message, label="Keep it")
    await world.amira.click(message, label="Remove")
    await world.amira.click(message, label="Remove it")
    assert "The program stays on your list" in text(message)
    assert (await only(world)).name == "Elm Clinic"


async def test_nobody_else_sees_or_changes_hers_also_not_from_her_card(world: World) -> None:
    await added(world)
    found = await all_of(world)

    class Seen:
        user, client, guild_id = world.amira, world.env.bot, None

    public = await in_public(world.env.bot, world, await one_card(Seen(), found, found.held[0].id, ""))  # pyright: ignore[reportArgumentType]
    gone = "That interview is not on your list any more."
    assert title(await choose(world.diego, public, HOW, "done")) == gone
    for label in ("Time and place", "Remind me", "Prepare", "Marks", "After it", "Remove"):
        assert title(await world.diego.click(public, label=label)) == gone, label
    assert "Elm" not in text(await listed(world, world.diego))
    assert (await all_of(world)).held == found.held


async def test_erased_is_erased(world: World) -> None:
    await added(world)
    await world.services.mydata.erase(world.amira.id)
    await world.services.members.set_target_year(world.amira.id, 2027)
    assert (await all_of(world)).held == ()


async def test_the_longest_cards_are_within_the_limits(world: World) -> None:
    member = await world.services.members.get(world.amira.id)
    service = world.services.interviews
    for number in range(9):
        held = await service.add(member, f"{number}" + "*" * (MAX_NAME - 1), "12 Jan 2027 9:00", "Buenos Aires")
        typed = {"when": "12 Jan 2027 9:00", "zone": "America/Argentina/Buenos_Aires", "place": "_" * MAX_LINE}
        await service.set_time(member, held.id, typed)
        days = {"invited_on": "20 Sep 2026", "answer_by": "25 Sep 2026"}
        held = await service.set_notes(member.id, held.id, {"who": "~" * MAX_LINE, "notes": "*" * MAX_NOTES, **days})
    for number in range(MAX_CRITERIA):
        await world.services.rank_lists.add_criterion(member.id, f"{number}" + "*" * (MAX_CRITERION - 1))
    message = await listed(world)
    assert len(text(message)) + WAITING_LINE <= 4_000
    await choose(world.amira, message, OPEN, select_for(message, OPEN)["options"][0]["value"])
    for label in ("Prepare", "Back to it", "Marks", "Back to it", "After it"):
        await world.amira.click(message, label=label)
        assert_within_limits(components(message))
        assert len(text(message)) + WAITING_LINE <= 4_000, label
    await choose(world.amira, message, "A draft to copy", "update")
    assert len(text(message)) + WAITING_LINE <= 4_000


async def test_a_time_that_has_passed_asks_how_it_went(world: World) -> None:
    await added(world)
    world.clock.move_to(datetime(2027, 1, 12, 15, tzinfo=UTC) + timedelta(hours=2))
    assert "how did it go?" in text(await listed(world))
