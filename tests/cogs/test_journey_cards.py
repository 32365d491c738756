"""``/journey``: the way as it stands, nothing asked that was told elsewhere, marked by taps, exams kept, the week; longest data, others."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.eligibility.answers import Step
from bot.domain.exam_records import ExamKey, Outcome
from bot.domain.journey import MAX_NOTE, GuideKey, Origin, State
from bot.domain.member import Country
from bot.domain.programs import ProgramStage
from bot.services.journey_week import COMMANDS, MOST
from cogs.journey._guide import item_card
from cogs.journey._ways import WAYS, View
from cogs.journey._words import GUIDES, ORIGINS, OUTCOMES, STATES
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.eligibility_cards import ANSWERS
from tests.support.program_lists import hers, put
from tests.support.reply_limits import assert_within_limits
from tests.support.rotation_cards import choose, fill_form, in_public, select_for

PART, ONE = "Open a part", "Open one: source, date, mark it"
WAITING_LINE = 60


@pytest.fixture(autouse=True)
async def zoned(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    await world.services.members.set_target_year(world.amira.id, 2027)


async def opened(world: World, name: str = "steps", who: Any = None) -> Any:
    result = await (who or world.amira).slash(world.general, f"journey {name}")
    assert result.ephemeral
    assert_within_limits(components(result))
    return result.response


async def item(world: World, section: str, key: str, name: str = "steps") -> Any:
    message = await opened(world, name)
    await choose(world.amira, message, PART, section)
    await choose(world.amira, message, ONE, key)
    return message


def test_every_state_origin_outcome_and_checklist_has_words() -> None:
    assert set(STATES) == set(State)
    assert set(ORIGINS) == set(Origin)
    assert set(OUTCOMES) == set(Outcome)
    assert set(GUIDES) == set(GuideKey)
    assert all(each.startswith("/") for each in COMMANDS.values())


async def test_a_new_member_sees_the_whole_way_and_a_picture_of_it(world: World) -> None:
    message = await opened(world)
    assert "**School and credentials:** 0 of 3 done" in text(message)
    assert "/eligibility check" in text(message)
    (gallery,) = [each for each in components(message) if each["type"] == 12]
    assert "School and credentials: 0 of 3 done" in gallery["items"][0]["description"]


async def test_what_she_told_elsewhere_is_shown_with_its_place_and_not_asked_again(world: World) -> None:
    await world.services.eligibility.save(world.amira.id, ANSWERS)
    message = await item(world, "exams", "step-step1")
    assert "done, from your saved answers" in text(message)
    assert "change it with /eligibility check" in text(message)
    assert {"Done", "Under way"}.isdisjoint(labels(message))
    await put(world, hers(world, stage=ProgramStage.CONSIDERING))
    message = await item(world, "programs", "step-programs-list")
    assert "under way, from /programs list" in text(message)


async def test_a_step_is_marked_noted_taken_back_and_left_out(world: World) -> None:
    message = await item(world, "school", "step-school-note")
    for said in ("World Directory", "**Why:**", "as of"):
        assert said in text(message)
    await world.amira.click(message, label="Under way")
    assert "under way, as you marked it" in text(message)
    form = await world.amira.click(message, label="Note")
    message = (await fill_form(world.amira, form, note="asked the dean")).response
    assert "Your note: asked the dean" in text(message)
    await world.amira.click(message, label="Back")
    assert "(0 of 3 done)" in title(message)
    await choose(world.amira, message, ONE, "step-school-note")
    await world.amira.click(message, label="Not for me")
    await world.amira.click(message, label="Back")
    assert "(0 of 2 done)" in title(message)
    await choose(world.amira, message, ONE, "step-school-note")
    await world.amira.click(message, label="Take the mark back")
    assert "**How far:** open." in text(message)


async def test_a_note_that_is_too_long_is_refused_by_discord(world: World) -> None:
    with pytest.raises(Exception, match=str(MAX_NOTE)):
        message = await item(world, "school", "step-school-note")
        form = await world.amira.click(message, label="Note")
        await fill_form(world.amira, form, note="x" * (MAX_NOTE + 1))


async def test_an_exam_is_kept_counted_planned_and_taken_over_into_her_answers(world: World) -> None:
    await world.services.eligibility.save(world.amira.id, ANSWERS)
    message = await opened(world, "exams")
    assert "**USMLE Step 1:** done, from your saved answers" in text(message)
    await choose(world.amira, message, PART, "step2")
    assert "Step 2 CK" in title(message)
    assert "from your saved answers" in text(message)
    form = await world.amira.click(message, label="Note days and results")
    message = (await fill_form(world.amira, form, planned="1 Mar 2027", **{"taken:": "12 Jan 2026 failed"})).response
    assert "**Taken:** 12 Jan 2026: failed" in text(message)
    assert "**Planned:** 1 Mar 2027, 99 days" in text(message)
    assert "**Until then, 14 weeks**" in text(message)
    await world.amira.click(message, label="Take it over")
    saved = await world.services.eligibility.saved(world.amira.id)
    assert saved is not None
    assert saved.answers is not None
    assert saved.answers.step2 is Step.FAILED_1
    assert "Take it over" not in labels(message)
    reply = await world.amira.click(message, label="Remind me")
    assert "Reminders set" in title(reply)
    form = await world.amira.click(message, label="Note days and results")
    message = (
        await fill_form(world.amira, form, planned="", **{"taken:": "12 Jan 2026 failed\n1 Nov 2026 passed", "score,": "241"})
    ).response
    assert "**Score:** 241" in text(message)
    assert "**Seven years from your first pass:** 1 Nov 2033" in text(message)
    assert await world.services.reminders.page(world.amira.id, 10, 0) == ([], 0)
    await put(world, hers(world))
    fit = (await world.amira.slash(world.general, "programs fit")).response
    await choose(world.amira, fit, "A program, rule by rule", "p" * 16)
    assert "At least 230; yours is 241" in text(fit)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"planned": "soon"}, "I can't read the planned day."),
        ({"taken:": "12 Jan 2030 passed"}, "lies ahead"),
        ({"score,": "2x1"}, "The score can't be read."),
    ],
)
async def test_what_cant_be_read_is_named_and_opens_again_as_it_was(world: World, given: dict[str, str], said: str) -> None:
    message = await opened(world, "exams")
    await choose(world.amira, message, PART, "step2")
    form = await world.amira.click(message, label="Note days and results")
    refused = await fill_form(world.amira, form, **given)
    assert said in title(refused)
    again = await world.amira.click(refused.response, label="Open the form again")
    assert again.modal is not None
    assert next(iter(given.values())) in str(again.modal)


async def test_ten_experiences_and_three_that_mean_most(world: World) -> None:
    message = await opened(world, "documents")
    form = await world.amira.click(message, label="Experiences")
    message = (await fill_form(world.amira, form, one="* Clinic of my aunt\nTeaching")).response
    assert "2 of 10, 1 of 3 most meaningful: **Clinic of my aunt**; Teaching" in text(message)
    for wrong, what in (("a\n" * 11, "at most 10"), ("* a\n" * 4, "At most 3")):
        form = await world.amira.click(message, label="Experiences")
        assert what in title(await fill_form(world.amira, form, one=wrong))


async def test_documents_name_statement_versions_and_what_to_look_at_before_it_locks(world: World) -> None:
    await put(world, hers(world), hers(world, "q" * 16, name="Iris", statement=""))
    message = await opened(world, "documents")
    assert "IM, version 2: 1; none noted: 1" in text(message)
    await world.amira.click(message, label="Before you certify")
    assert "can't be edited" in text(message)


async def test_the_visa_is_that_of_her_plan_and_law_is_marked(world: World) -> None:
    message = await opened(world, "visa")
    assert "J-1: the sponsor and its part" in text(message)
    assert "**H-1B:**" in text(message)
    await choose(world.amira, message, PART, "two-years")
    await choose(world.amira, message, ONE, "two-years-rule")
    assert "ask a lawyer" in text(message)


async def test_arrival_and_reapplying_stand_beside_the_steps(world: World) -> None:
    message = await opened(world)
    await world.amira.click(message, label="Arrival")
    assert "The first days" in text(message)
    await world.amira.click(message, label="Reapplying")
    assert "What can run out" in text(message)


async def test_the_week_names_what_waits_what_is_due_and_what_comes_next(world: World) -> None:
    message = await opened(world, "week")
    assert "Next on your way" in text(message)
    await world.amira.slash(world.general, "interviews add", program="Elm Clinic", when="24 Nov 2026 9:00 CT")
    await world.amira.slash(world.general, "remind me", when="in 2 days", what="call the *dean*")
    message = await opened(world, "week")
    assert "Interview at Elm Clinic: Tue 24 Nov 2026, 17:00 EET, 2 days · /interviews list" in text(message)
    assert r"call the \*dean\*" in text(message)
    world.clock.move_to(datetime(2026, 11, 24, 20, tzinfo=UTC))
    message = await opened(world, "week")
    assert "Waits for you" in text(message)
    assert "say how it went" in text(message)
    world.clock.move_to(datetime(2027, 1, 20, 12, tzinfo=UTC))
    message = await opened(world, "week")
    assert "Register with NRMP" in text(message)
    assert text(message).count("\n- ") <= MOST


async def test_where_nothing_is_due_it_says_so(world: World) -> None:
    world.clock.move_to(datetime(2026, 10, 20, 12, tzinfo=UTC))
    assert "Nothing is due this week" in text(await opened(world, "week"))


async def test_canada_has_its_own_steps(world: World) -> None:
    await world.services.members.set_countries(world.amira.id, frozenset({Country.CANADA}))
    message = await opened(world, "exams")
    await choose(world.amira, message, PART, "nac")
    assert "file review" in text(message)
    message = await opened(world)
    assert "Registration and rank order list" in text(message)
    assert "Clinical skills, English" not in text(message)


async def test_nobody_else_sees_or_changes_hers_from_her_card(world: World) -> None:
    member = await world.services.members.get(world.amira.id)
    await world.services.journey.mark(member, "money-bank", State.UNDER_WAY, "my aunt's bank")
    board = await world.services.journey.board(member, None)

    class Seen:
        user, client, guild_id = world.amira, world.env.bot, None

    public = await in_public(world.env.bot, world, await item_card(Seen(), board, "money-bank", ""))  # pyright: ignore[reportArgumentType]
    await world.diego.click(public, label="Done")
    form = await world.diego.click(public, label="Note")
    assert "aunt" not in str(form.modal)
    after = await world.services.journey.board(member, None)
    assert after.journey == board.journey
    theirs = await world.services.journey.board(await world.services.members.get(world.diego.id), None)
    assert theirs.journey.marks["money-bank"].note == ""


async def test_erased_is_erased(world: World) -> None:
    member = await world.services.members.get(world.amira.id)
    await world.services.journey.mark(member, "money-bank", State.DONE)
    await world.services.mydata.erase(world.amira.id)
    assert (await world.services.journey.board(member, None)).journey.marks == {}


async def test_every_part_and_item_is_within_the_limits_with_the_longest_note(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "America/Argentina/ComodRivadavia")
    await world.services.members.set_countries(world.amira.id, frozenset(Country))
    member = await world.services.members.get(world.amira.id)
    await world.services.journey.set_experiences(member.id, "\n".join([f"{'*' * (each < 3)}{'_' * 79}{each}" for each in range(10)]))
    typed = {"planned": "12 May 2027", "attempts": "12 Jan 2026 incomplete\n" * 7, "score": "241"}
    board = await world.services.journey.board(member, None)
    for key, guide in board.guides.items():
        message = await opened(world, key.value if key.value in ("steps", "exams", "documents", "visa") else "steps")
        assert len(text(message)) + WAITING_LINE <= 4_000, key
        for section in guide.sections:
            if key is GuideKey.EXAMS:
                await world.services.journey.set_exam(member, ExamKey(section.key), typed)
            for each in section.items:
                if each.is_markable:
                    await world.services.journey.mark(member, each.key, State.UNDER_WAY, "*" * MAX_NOTE)

    board = await world.services.journey.board(await world.services.members.get(world.amira.id), None)

    class Seen:
        user, client, guild_id = world.amira, world.env.bot, None

    for key, guide in board.guides.items():
        for section in guide.sections:
            view, rest = (View.EXAM, section.key) if key is GuideKey.EXAMS else (View.SECTION, f"{key}.{section.key}")
            await fits(world, await WAYS[view](Seen(), board, rest, "**Noted.**"))  # pyright: ignore[reportArgumentType]
            for each in section.items:
                await fits(world, await WAYS[View.ITEM](Seen(), board, each.key, "**Noted.**"))  # pyright: ignore[reportArgumentType]


async def fits(world: World, view: Any) -> None:
    message = await in_public(world.env.bot, world, view)
    assert_within_limits(components(message))
    assert len(text(message)) + WAITING_LINE <= 4_000, title(message)


async def test_an_exam_whose_day_has_passed_waits_to_be_noted(world: World) -> None:
    member = await world.services.members.get(world.amira.id)

    await world.services.journey.set_exam(member, ExamKey.OET, {"planned": "25 Nov 2026", "attempts": "", "score": ""})
    world.clock.advance(timedelta(days=5))
    assert "OET Medicine: its day has passed; note how it went" in text(await opened(world, "week"))
    assert select_for(await opened(world, "exams"), PART)
