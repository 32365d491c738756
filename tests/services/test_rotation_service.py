"""Rotations in use: what is taken, what is refused and why, the self-check, the reminder to ask, the way to the letters."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.letters import MAX_WRITER, ApplicationService, AskedWhen, LetterState, Setting, WriterCountry
from bot.domain.member import Country
from bot.domain.rotations import MAX_DETAIL, MAX_PLACE, MAX_ROTATIONS, MAX_WRITERS, Details, Place, Rotation, RotationKind
from bot.errors import UserFacingError
from bot.services.rotations import GONE, MOST_UNSENT, NOT_YOURS, UNREADABLE, UNSENT_KEPT, Entry, RotationService
from tests.services.conftest import Desk
from tests.support.databases import AMIRA, DIEGO

ENTRY = Entry(RotationKind.ELECTIVE, "County Hospital", WriterCountry.UNITED_STATES, "IM", "9 Nov 2026 to 4 Dec 2026")
"""On 22 November 2026 its second week runs; week 3 begins on the 23rd."""
MONDAY = date(2026, 11, 16)


@pytest.fixture
def rotations(desk: Desk) -> RotationService:
    return desk.services.rotations


async def added(desk: Desk, **changes: Any) -> Rotation:
    return await desk.services.rotations.add(await desk.amira(), replace(ENTRY, **changes))


async def refused(what: Any) -> str:
    with pytest.raises(UserFacingError) as caught:
        await what
    return f"{caught.value.what_happened} {caught.value.what_to_do}"


async def test_a_rotation_is_kept_with_its_specialty_by_id(desk: Desk, rotations: RotationService) -> None:
    rotation = await added(desk)
    expected = Place(
        RotationKind.ELECTIVE, "County Hospital", WriterCountry.UNITED_STATES, "internal-med", date(2026, 11, 9), date(2026, 12, 4)
    )
    assert rotation.about == expected
    assert await rotations.get(AMIRA, rotation.id) == rotation
    assert rotations.specialty_name(rotation) == "Internal Medicine"


async def test_a_specialty_that_is_none_stays_as_typed(desk: Desk, rotations: RotationService) -> None:
    rotation = await added(desk, specialty="cardiology")
    assert rotations.specialty_name(rotation) == "cardiology"
    assert (await added(desk, specialty=" ")).about.specialty == ""


async def test_the_first_thing_that_she_ever_does_may_be_this(desk: Desk, rotations: RotationService) -> None:
    stranger = await desk.services.members.get(77)
    rotation = await rotations.add(stranger, ENTRY)
    assert await rotations.rotations_of(77) == (rotation,)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"place": " \u200b"}, "The rotation has no place."),
        ({"place": "W" * (MAX_PLACE + 1)}, f"The place holds {MAX_PLACE} characters; this has {MAX_PLACE + 1}."),
        ({"place": "Letter ID AB12CD34EF"}, "That looks like a Letter ID, and I never store one."),
        ({"specialty": "W" * 61}, "The specialty holds 60 characters"),
        ({"dates": "4 Dec 2026 to 9 Nov 2026"}, "The last day lies before the first."),
        ({"dates": "9 Nov 2026"}, "That is one date"),
        ({"dates": "soon"}, "I can't read those dates."),
        ({"dates": ""}, "No dates were given."),
        ({"dates": "30 Feb 2027, 4 weeks"}, "The calendar has no such date."),
        ({"dates": "1 Jan 2026 to 1 Feb 2030"}, "That is longer than three years."),
        ({"dates": "1 Jan 1950, 4 weeks"}, "Those dates lie too far away."),
        ({"dates": "x" * 200}, "That is too long for two dates."),
        ({"dates": "3/8/2026 to 9/10/2026"}, "It may be 8 March to 10 September 2026 or 3 August to 9 October 2026."),
    ],
)
async def test_what_can_not_be_taken_says_why(desk: Desk, rotations: RotationService, changes: dict[str, Any], said: str) -> None:
    assert said in await refused(added(desk, **changes))
    assert await rotations.rotations_of(AMIRA) == ()


async def test_fifty_are_kept(desk: Desk, rotations: RotationService) -> None:
    for _ in range(MAX_ROTATIONS):
        last = await added(desk)
    assert f"You keep {MAX_ROTATIONS} rotations" in await refused(added(desk))
    await rotations.delete(AMIRA, last.id)
    assert await added(desk)


async def test_another_persons_rotation_is_out_of_reach(desk: Desk, rotations: RotationService) -> None:
    rotation = await added(desk)
    diego = await desk.services.members.get(DIEGO)
    for attempt in (
        rotations.get(DIEGO, rotation.id),
        rotations.change(diego, rotation.id, ENTRY),
        rotations.describe(DIEGO, rotation.id, Details()),
        rotations.tick(diego, rotation.id, MONDAY, frozenset({"time"})),
        rotations.remind_to_ask(diego, rotation.id, None),
        rotations.delete(DIEGO, rotation.id),
    ):
        assert await refused(attempt) == f"{NOT_YOURS.what_happened} {NOT_YOURS.what_to_do}"
    assert await rotations.get(AMIRA, rotation.id) == rotation


async def test_a_deleted_one_is_gone_and_says_so(desk: Desk, rotations: RotationService) -> None:
    rotation = await added(desk)
    assert await rotations.delete(AMIRA, rotation.id) == rotation
    amira = await desk.amira()
    for attempt in (
        rotations.delete(AMIRA, rotation.id),
        rotations.change(amira, rotation.id, ENTRY),
        rotations.describe(AMIRA, rotation.id, Details()),
        rotations.tick(amira, rotation.id, MONDAY, frozenset()),
    ):
        assert await refused(attempt) == f"{GONE.what_happened} {GONE.what_to_do}"


async def test_a_rotation_is_changed_and_keeps_what_was_not(desk: Desk, rotations: RotationService) -> None:
    rotation = await added(desk)
    await rotations.describe(AMIRA, rotation.id, Details(("Dr. Osei",)))
    changed = await rotations.change(await desk.amira(), rotation.id, replace(ENTRY, place="Elm Clinic"))
    assert changed.about.place == "Elm Clinic"
    assert changed.details.writers == ("Dr. Osei",)
    assert await rotations.get(AMIRA, rotation.id) == changed


# --- who could write, and the summary


async def test_names_are_taken_line_by_line_and_once_each(desk: Desk, rotations: RotationService) -> None:
    rotation = await added(desk)
    typed = Details(("Dr. Osei\n\n  Dr. Lindqvist, MD ; dr. osei\n\u200b",), duties=" one \r\n\n two ")
    details = (await rotations.describe(AMIRA, rotation.id, typed)).details
    assert details.writers == ("Dr. Osei", "Dr. Lindqvist, MD")
    assert details.duties == "one\ntwo"


@pytest.mark.parametrize(
    ("details", "said"),
    [
        (Details(("\n".join(f"Dr. {number}" for number in range(MAX_WRITERS + 1)),)), f"{MAX_WRITERS} names are kept"),
        (Details(("W" * (MAX_WRITER + 1),)), f"A name holds {MAX_WRITER} characters"),
        (Details(("LOR ID: 12AB34CD56",)), "I never store one"),
        (Details(cases="W" * (MAX_DETAIL + 1)), f"Cases and projects holds {MAX_DETAIL} characters"),
        (Details(duties="the letter id is 4F7G8H2K"), "I never store one"),
    ],
)
async def test_details_that_can_not_be_taken_change_nothing(desk: Desk, rotations: RotationService, details: Details, said: str) -> None:
    rotation = await added(desk)
    assert said in await refused(rotations.describe(AMIRA, rotation.id, details))
    assert await rotations.get(AMIRA, rotation.id) == rotation


# --- the self-check


async def test_the_week_that_runs_is_ticked_and_ticked_anew(desk: Desk, rotations: RotationService) -> None:
    rotation, amira = await added(desk), await desk.amira()
    await rotations.tick(amira, rotation.id, MONDAY, frozenset({"time", "team", "not a habit"}))
    assert (await rotations.get(AMIRA, rotation.id)).checks == {MONDAY: frozenset({"time", "team"})}
    await rotations.tick(amira, rotation.id, MONDAY, frozenset())
    assert (await rotations.get(AMIRA, rotation.id)).checks == {}


async def test_a_week_that_is_over_can_not_be_ticked(desk: Desk, rotations: RotationService) -> None:
    rotation, amira = await added(desk), await desk.amira()
    assert "That week is over." in await refused(rotations.tick(amira, rotation.id, MONDAY - timedelta(weeks=1), frozenset({"time"})))
    desk.clock.advance(timedelta(days=1))  # Monday, on her clock as well
    assert "That week is over." in await refused(rotations.tick(amira, rotation.id, MONDAY, frozenset({"time"})))
    await rotations.tick(amira, rotation.id, MONDAY + timedelta(weeks=1), frozenset({"time"}))


async def test_the_week_turns_on_her_clock(desk: Desk, rotations: RotationService) -> None:
    await desk.services.members.set_zone(AMIRA, "Pacific/Auckland")
    rotation, amira = await added(desk), await desk.amira()
    desk.clock.move_to(datetime(2026, 11, 22, 12, tzinfo=UTC))  # Monday, 01:00 in Auckland
    assert "That week is over." in await refused(rotations.tick(amira, rotation.id, MONDAY, frozenset({"time"})))


# --- the reminder to ask


async def test_she_is_reminded_on_the_morning_of_week_three(desk: Desk, rotations: RotationService) -> None:
    rotation = await added(desk)
    await rotations.describe(AMIRA, rotation.id, Details(("Dr. Osei",)))
    scheduled = await rotations.remind_to_ask(await desk.amira(), rotation.id, None)
    assert scheduled.is_new
    assert scheduled.reminder.due_at == datetime(2026, 11, 23, 7, tzinfo=UTC)  # 9:00 in Cairo
    assert "County Hospital" in scheduled.reminder.text
    assert "Dr. Osei" in scheduled.reminder.text
    again = await rotations.remind_to_ask(await desk.amira(), rotation.id, None)
    assert (again.is_new, again.reminder.id) == (False, scheduled.reminder.id)


async def test_one_that_she_cancelled_can_be_set_anew(desk: Desk, rotations: RotationService) -> None:
    rotation, amira = await added(desk), await desk.amira()
    first = await rotations.remind_to_ask(amira, rotation.id, None)
    await desk.services.reminders.cancel(AMIRA, first.reminder.id)
    second = await rotations.remind_to_ask(amira, rotation.id, None)
    assert second.is_new
    assert second.reminder.id != first.reminder.id


async def test_a_reminder_moves_along_with_the_dates_and_keeps_its_server(desk: Desk, rotations: RotationService) -> None:
    rotation, amira = await added(desk), await desk.amira()
    first = await rotations.remind_to_ask(amira, rotation.id, 55)
    changed = await rotations.change(amira, rotation.id, replace(ENTRY, dates="16 Nov 2026, 4 weeks"))
    ((only,), total) = await desk.services.reminders.page(AMIRA, 9, 0)
    assert total == 1
    assert (only.id, only.guild_id, only.due_at - first.reminder.due_at) == (changed.reminder_id, 55, timedelta(days=7))


async def test_one_that_she_cancelled_does_not_come_back_with_new_dates(desk: Desk, rotations: RotationService) -> None:
    rotation, amira = await added(desk), await desk.amira()
    first = await rotations.remind_to_ask(amira, rotation.id, 55)
    await desk.services.reminders.cancel(AMIRA, first.reminder.id)
    await rotations.change(amira, rotation.id, replace(ENTRY, dates="16 Nov 2026, 4 weeks"))
    assert await desk.services.reminders.page(AMIRA, 9, 0) == ([], 0)


@pytest.mark.parametrize("how", ["moved to days that have come", "deleted"])
async def test_a_reminder_that_no_longer_fits_is_cancelled(desk: Desk, rotations: RotationService, how: str) -> None:
    rotation, amira = await added(desk), await desk.amira()
    await rotations.remind_to_ask(amira, rotation.id, None)
    if how != "deleted":
        changed = await rotations.change(amira, rotation.id, replace(ENTRY, dates="2 Nov 2026, 4 weeks"))
        assert changed.reminder_id == ""
    else:
        await rotations.delete(AMIRA, rotation.id)
    assert await desk.services.reminders.page(AMIRA, 9, 0) == ([], 0)


async def test_a_change_that_leaves_the_day_leaves_the_reminder(desk: Desk, rotations: RotationService) -> None:
    rotation, amira = await added(desk), await desk.amira()
    await rotations.remind_to_ask(amira, rotation.id, None)
    await rotations.change(amira, rotation.id, replace(ENTRY, place="Elm Clinic", dates="9 Nov 2026 to 18 Dec 2026"))
    assert (await desk.services.reminders.page(AMIRA, 9, 0))[1] == 1


async def test_a_day_that_has_come_is_said_and_not_scheduled(desk: Desk, rotations: RotationService) -> None:
    rotation = await added(desk, dates="2 Nov 2026, 4 weeks")
    assert "has come already" in await refused(rotations.remind_to_ask(await desk.amira(), rotation.id, None))


# --- the way to the letters


@pytest.mark.parametrize("dates", ["9 Nov 2026, 4 weeks", "2 Nov 2026, 4 weeks", "3 Aug 2026, 4 weeks", "1 Feb 2027, 4 weeks"])
async def test_a_letter_knows_its_rotation(desk: Desk, rotations: RotationService, dates: str) -> None:
    rotation = await added(desk, kind=RotationKind.OBSERVERSHIP, dates=dates)
    letter = await desk.services.letters.add(AMIRA, "Dr. Osei", **rotations.letter_details(await desk.amira(), rotation))
    assert letter.state is LetterState.PLANNED
    assert (letter.rotation_id, letter.specialty, letter.setting, letter.country, letter.weeks) == (
        rotation.id,
        "internal-med",
        Setting.OBSERVERSHIP,
        WriterCountry.UNITED_STATES,
        4,
    )
    assert letter.last_on == rotation.ends_on
    assert letter.asked_when is AskedWhen.UNKNOWN  # nobody was asked yet
    assert letter.service is ApplicationService.ERAS


async def test_of_a_member_who_applies_to_canada_alone_it_is_a_reference(desk: Desk, rotations: RotationService) -> None:
    await desk.services.members.set_countries(AMIRA, frozenset({Country.CANADA}))
    details = rotations.letter_details(await desk.amira(), await added(desk))
    assert (await desk.services.letters.add(AMIRA, "Dr. Osei", **details)).service is ApplicationService.CARMS


@pytest.mark.parametrize(
    "typed", ["pediatric endocrinology", "hospital medicine", "medical oncology", "interventional cardiology", "hepatology"]
)
async def test_what_is_only_alike_is_never_stored_as_another_specialty(desk: Desk, rotations: RotationService, typed: str) -> None:
    rotation = await added(desk, specialty=typed)
    assert rotation.about.specialty == typed
    letter = await desk.services.letters.add(AMIRA, "Dr. Osei", specialty=typed)
    assert letter.specialty == typed


async def test_what_can_not_be_read_is_not_handed_over(desk: Desk, rotations: RotationService) -> None:
    rotation = replace(await added(desk), is_readable=False)
    with pytest.raises(UserFacingError) as caught:
        rotations.letter_details(await desk.amira(), rotation)
    assert caught.value is UNREADABLE


# --- forms that were refused


async def test_a_refused_form_is_held_for_an_hour_for_her_alone(desk: Desk, rotations: RotationService) -> None:
    rotations.keep_unsent(AMIRA, "place", "new", {"place": "Elm Clinic"})
    assert rotations.unsent(AMIRA, "place", "new") == {"place": "Elm Clinic"}
    assert rotations.unsent(DIEGO, "place", "new") is None
    assert rotations.unsent(AMIRA, "details", "new") is None
    assert rotations.unsent(AMIRA, "place", "r" * 16) is None
    desk.clock.advance(UNSENT_KEPT + timedelta(minutes=1))
    assert rotations.unsent(AMIRA, "place", "new") is None


async def test_the_oldest_held_form_makes_room(rotations: RotationService) -> None:
    for member_id in range(MOST_UNSENT + 1):
        rotations.keep_unsent(member_id, "place", "new", {"place": str(member_id)})
    assert rotations.unsent(0, "place", "new") is None
    assert rotations.unsent(MOST_UNSENT, "place", "new") is not None


async def test_erasing_her_data_forgets_a_held_form_too(desk: Desk, rotations: RotationService) -> None:
    rotations.keep_unsent(AMIRA, "place", "new", {"place": "Elm Clinic"})
    await desk.services.mydata.erase(AMIRA)
    assert rotations.unsent(AMIRA, "place", "new") is None
