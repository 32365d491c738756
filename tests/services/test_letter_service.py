"""Letters as a service: added, changed, moved between seasons, imported, given programs; targets; nobody reaches another's."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.letters import (
    MAX_ASSIGNMENTS,
    MAX_LETTERS,
    ApplicationService,
    Circumstance,
    Letter,
    LetterState,
    Waiver,
)
from bot.domain.member import Country
from bot.errors import UserFacingError
from bot.services.letter_plans import OfferKind
from tests.services.conftest import Desk
from tests.support.databases import AMIRA, DIEGO

ERAS = ApplicationService.ERAS


async def refused(work: Awaitable[object]) -> UserFacingError:
    with pytest.raises(UserFacingError) as caught:
        await work
    return caught.value


async def add(desk: Desk, writer: str = "Dr. Osei", state: LetterState = LetterState.PLANNED, **details: Any) -> Letter:
    letter = await desk.services.letters.add(AMIRA, writer, **details)
    return await desk.services.letters.move(AMIRA, letter.id, state)


async def target_day(desk: Desk) -> date | None:
    return (await desk.services.letters.board(AMIRA)).target.day


# --- adding and changing


async def test_a_letter_begins_planned_in_the_season_that_she_aims_at(desk: Desk) -> None:
    letter = await add(desk, "  Dr.\nOsei ", specialty="peds")
    assert (letter.writer, letter.specialty, letter.state, letter.season_year) == ("Dr. Osei", "pediatrics", LetterState.PLANNED, 2027)
    await desk.services.members.set_target_year(AMIRA, 2028)
    assert (await add(desk)).season_year == 2028
    assert [each.id for each in await desk.services.letters.letters_of(AMIRA, 2027)] == [letter.id]


async def test_a_specialty_that_means_several_stays_as_it_was_typed(desk: Desk) -> None:
    assert (await add(desk, specialty="surgical things")).specialty == "surgical things"


async def test_a_letter_can_be_the_first_thing_that_is_stored_of_a_member(desk: Desk) -> None:
    stranger = 1100000000000003000
    await desk.services.letters.add(stranger, "Dr. Osei")
    assert (await desk.services.mydata.summary(stranger))["letters"] == 1


async def test_details_change_and_the_state_follows_the_service(desk: Desk) -> None:
    letter = await add(desk, state=LetterState.ENTRY_CREATED)
    changed = await desk.services.letters.change(AMIRA, letter.id, service=ApplicationService.CARMS, packet={"cv": True})
    assert (changed.state, dict(changed.packet)) == (LetterState.AGREED, {"cv": True})


@pytest.mark.parametrize(
    ("details", "what"),
    [
        ({"writer": ""}, "The writer has no name."),
        ({"writer": "x" * 81}, "A writer's name holds 80 characters; this one has 81."),
        ({"notes": "x" * 601}, "A note holds 600 characters; this one has 601."),
        ({"specialty": "x" * 61}, "A specialty holds 60 characters; this one has 61."),
        ({"notes": "A1B2C3D4E5"}, "That looks like a Letter ID, and I never store one."),
        ({"specialty": "A1B2C3D4E5"}, "That looks like a Letter ID, and I never store one."),
        ({"weeks": -1}, "That is no number of weeks that I can take."),
        ({"weeks": 521}, "That is no number of weeks that I can take."),
        ({"target_on": date(2026, 11, 21)}, "Sat 21 Nov 2026 has passed."),
        ({"target_on": date(2036, 1, 1)}, "That is more than three years ahead."),
    ],
)
async def test_what_can_not_be_taken_changes_nothing(desk: Desk, details: dict[str, Any], what: str) -> None:
    letter = await add(desk)
    assert (await refused(desk.services.letters.change(AMIRA, letter.id, **details))).what_happened == what
    assert await desk.services.letters.get(AMIRA, letter.id) == letter


async def test_a_target_that_has_passed_meanwhile_does_not_bar_other_changes(desk: Desk) -> None:
    letter = await add(desk, target_on=date(2026, 11, 30))
    desk.clock.advance(timedelta(days=30))
    assert (await desk.services.letters.change(AMIRA, letter.id, notes="later")).notes == "later"


async def test_thirty_of_one_season_and_no_more_even_at_once(desk: Desk) -> None:
    for number in range(MAX_LETTERS - 1):
        await add(desk, f"Dr. {number}")
    found = await asyncio.gather(*(desk.services.letters.add(AMIRA, "Dr. Last") for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(each, Letter) for each in found) == 1
    assert len(await desk.services.letters.letters_of(AMIRA)) == MAX_LETTERS


# --- states


async def test_one_of_two_presses_at_once_moves_it(desk: Desk) -> None:
    letter = await add(desk)
    states = (LetterState.ASKED, LetterState.DECLINED)
    moves = (desk.services.letters.move(AMIRA, letter.id, state, shown=LetterState.PLANNED) for state in states)
    found = await asyncio.gather(*moves, return_exceptions=True)
    assert [type(each).__name__ for each in found].count("UserFacingError") == 1


async def test_the_same_press_twice_moves_one_step(desk: Desk) -> None:
    letter = await add(desk)
    for _ in range(2):
        moved = await desk.services.letters.move(AMIRA, letter.id, LetterState.ASKED, shown=LetterState.PLANNED)
    assert moved.state is LetterState.ASKED
    assert len(moved.history) == 2


async def test_undo_twice_from_one_card_takes_one_change_back(desk: Desk) -> None:
    letter = await add(desk, state=LetterState.AGREED)
    await desk.services.letters.move(AMIRA, letter.id, LetterState.UPLOADED)
    await desk.services.letters.undo(AMIRA, letter.id, shown=3)
    error = await refused(desk.services.letters.undo(AMIRA, letter.id, shown=3))
    assert error.what_happened == "That letter has moved on since this card was shown."
    await desk.services.letters.undo(AMIRA, letter.id)
    assert (await refused(desk.services.letters.undo(AMIRA, letter.id))).what_happened == "There is nothing to take back."


async def test_the_time_of_each_state_is_kept(desk: Desk) -> None:
    letter = await add(desk)
    desk.clock.advance(timedelta(days=3))
    moved = await desk.services.letters.move(AMIRA, letter.id, LetterState.ASKED)
    assert moved.reached(LetterState.ASKED) == desk.clock.now() == moved.changed_at
    assert moved.reached(LetterState.PLANNED) == desk.clock.now() - timedelta(days=3)
    assert (await desk.services.letters.undo(AMIRA, letter.id)).changed_at == desk.clock.now() - timedelta(days=3)


@pytest.mark.parametrize("verb", ["get", "change", "undo", "delete", "move"])
async def test_a_letter_that_is_gone_or_anothers_is_said(desk: Desk, verb: str) -> None:
    letter = await add(desk)
    more = [LetterState.ASKED] if verb == "move" else []
    work = getattr(desk.services.letters, verb)
    assert (await refused(work(DIEGO, letter.id, *more))).what_happened == "That letter is not yours."
    assert (await refused(work(AMIRA, "a" * 16, *more))).what_happened == "That letter is not there any more."
    assert await desk.services.letters.get(AMIRA, letter.id) == letter


async def test_erasing_her_data_takes_letters_and_reminders(desk: Desk) -> None:
    letter = await add(desk, state=LetterState.AGREED, target_on=date(2027, 3, 1))
    board = await desk.services.letters.board(AMIRA)
    await desk.services.letters.follow_ups.remind_all(board.member, letter, date(2027, 3, 1), None)
    await desk.services.mydata.erase(AMIRA)
    assert not any((await desk.services.mydata.summary(AMIRA)).values())
    assert (await refused(desk.services.letters.change(AMIRA, letter.id, notes="x"))).what_happened == "That letter is not there any more."
    assert not any((await desk.services.mydata.summary(AMIRA)).values())


# --- by when


async def test_a_passed_target_is_said_and_what_is_offered_lies_ahead(desk: Desk) -> None:
    target = (await desk.services.letters.board(AMIRA)).target
    assert (target.day, target.is_past, target.is_hers) == (date(2026, 9, 10), True, False)
    assert [(offer.kind, offer.day, offer.season_year) for offer in target.offers] == [
        (OfferKind.TWO_WEEKS, date(2026, 12, 6), 2027),
        (OfferKind.SOAP, date(2027, 3, 8), 2027),
        (OfferKind.NEXT_SEASON, date(2027, 9, 10), 2028),
    ]


@pytest.mark.parametrize("now", [datetime(2026, 6, 1, tzinfo=UTC), datetime(2027, 3, 8, 12, tzinfo=UTC), datetime(2027, 5, 1, tzinfo=UTC)])
async def test_no_offer_ever_lies_in_the_past(desk: Desk, now: datetime) -> None:
    await desk.services.members.set_target_year(AMIRA, 2027)
    desk.clock.move_to(now)
    board = await desk.services.letters.board(AMIRA)
    assert all(offer.day > desk.services.letters.plans.today(board.member) for offer in board.target.offers)


async def test_today_is_that_of_her_clock(desk: Desk) -> None:
    desk.clock.move_to(datetime(2026, 11, 22, 23, tzinfo=UTC))  # 01:00 on the 23rd in Cairo
    assert desk.services.letters.plans.today(await desk.amira()) == date(2026, 11, 23)
    assert (await refused(desk.services.letters.set_target(AMIRA, date(2026, 11, 22)))).what_happened == "Sun 22 Nov 2026 has passed."


@pytest.mark.parametrize(
    ("kind", "day", "year"),
    [
        (OfferKind.TWO_WEEKS, date(2026, 12, 6), 2027),
        (OfferKind.SOAP, date(2027, 3, 8), 2027),
        (OfferKind.NEXT_SEASON, date(2027, 9, 10), 2028),
    ],
)
async def test_an_offer_is_taken_once_however_often_it_is_pressed(desk: Desk, kind: OfferKind, day: date, year: int) -> None:
    letter = await add(desk, state=LetterState.ASKED)
    board = await desk.services.letters.take_offer(AMIRA, kind)
    assert (board.target.day, board.season_year) == (day, year)
    assert (await desk.services.letters.get(AMIRA, letter.id)).season_year == year
    if kind is not OfferKind.NEXT_SEASON:
        assert (await desk.services.letters.take_offer(AMIRA, kind)).target.day == day


async def test_the_next_season_leaves_what_is_there_and_what_was_declined(desk: Desk) -> None:
    there, awaited = await add(desk, state=LetterState.UPLOADED), await add(desk, state=LetterState.AGREED)
    declined = await add(desk, state=LetterState.DECLINED)
    board = await desk.services.letters.go_to_season(AMIRA, 2028)
    assert [each.id for each in board.letters] == [awaited.id]
    assert board.other_seasons == (2027,)
    assert {each.id for each in await desk.services.letters.letters_of(AMIRA, 2027)} == {there.id, declined.id}
    assert (await refused(desk.services.letters.go_to_season(AMIRA, 2029))).what_happened == "That season can't be chosen here."
    back = await desk.services.letters.go_to_season(AMIRA, 2027)
    assert {each.id for each in back.letters} == {there.id, awaited.id, declined.id}


async def test_a_season_that_is_full_takes_nobody_along(desk: Desk) -> None:
    for number in range(MAX_LETTERS):
        await add(desk, f"Dr. {number}")
    await desk.services.letters.go_to_season(AMIRA, 2028)
    await desk.services.letters.plans.change(AMIRA, season_year=None)
    letter = await add(desk)
    error = await refused(desk.services.letters.go_to_season(AMIRA, 2028))
    assert error.what_happened == "You keep 30 letters of the 2028 season, the most I hold."
    assert (await desk.services.letters.get(AMIRA, letter.id)).season_year == 2027


async def test_for_canada_alone_the_target_is_that_of_carms_and_not_known(desk: Desk) -> None:
    await desk.services.members.set_countries(AMIRA, frozenset({Country.CANADA}))
    target = (await desk.services.letters.board(AMIRA)).target
    assert (target.day, target.is_past) == (None, False)
    assert [offer.kind for offer in target.offers] == [OfferKind.TWO_WEEKS]


async def test_a_carms_reference_beside_eras_letters_has_no_invented_day(desk: Desk) -> None:
    carms, eras = await add(desk, service=ApplicationService.CARMS), await add(desk)
    board = await desk.services.letters.board(AMIRA)
    plans = desk.services.letters.plans
    assert (plans.target_of(carms, board), plans.target_of(eras, board)) == (None, date(2026, 9, 10))
    board = await desk.services.letters.set_target(AMIRA, date(2026, 12, 1))
    assert plans.target_of(carms, board) == date(2026, 12, 1)


# --- import


@pytest.mark.parametrize(("year", "taken"), [(2019, False), (2020, True), (2026, True), (2027, False), (2028, False)])
async def test_letters_of_seven_earlier_seasons_can_be_imported(desk: Desk, year: int, taken: bool) -> None:
    work = desk.services.letters.import_letter(AMIRA, year, "Dr. Alami")
    if taken:
        letter = await work
        assert (letter.state, letter.imported_from, letter.is_imported) == (LetterState.UPLOADED, year, True)
    else:
        assert (await refused(work)).what_happened == "ERAS imports letters of the 7 seasons before, 2020 to 2026."


async def test_a_stored_letter_is_imported_with_what_is_known_and_once(desk: Desk) -> None:
    old = await add(desk, state=LetterState.ASSIGNED, weeks=8, waiver=Waiver.WAIVED, notes="kind")
    await add(desk, "Dr. Canada", state=LetterState.ASSIGNED, service=ApplicationService.CARMS)
    await desk.services.letters.go_to_season(AMIRA, 2028)
    board = await desk.services.letters.board(AMIRA)
    assert [each.id for each in await desk.services.letters.importable(board)] == [old.id]
    new = await desk.services.letters.import_stored(AMIRA, old.id)
    assert (new.weeks, new.waiver, new.notes, new.season_year, new.imported_from) == (8, Waiver.WAIVED, "kind", 2028, 2027)
    error = await refused(desk.services.letters.import_stored(AMIRA, old.id))
    assert error.what_happened == "That letter stands on your board already."
    assert await desk.services.letters.importable(await desk.services.letters.board(AMIRA)) == ()
    assert (await refused(desk.services.letters.import_stored(DIEGO, old.id))).what_happened == "That letter is not yours."


async def test_what_never_arrived_is_not_imported(desk: Desk) -> None:
    letter = await add(desk, state=LetterState.REQUEST_SENT)
    assert (await refused(desk.services.letters.import_stored(AMIRA, letter.id))).what_happened == "That letter can't be imported."


# --- programs


async def programs(desk: Desk, letter: Letter) -> list[tuple[str, bool]]:
    return [(each.program, each.is_assigned) for each in await desk.services.letters.programs.of(letter)]


async def test_a_fifth_letter_for_a_program_is_refused_with_a_sentence(desk: Desk) -> None:
    letters = [await add(desk, f"Dr. {number}", LetterState.UPLOADED) for number in range(5)]
    for letter in letters[:4]:
        await desk.services.letters.programs.add(AMIRA, letter.id, ERAS, "Mercy IM\nZion IM")
    error = await refused(desk.services.letters.programs.add(AMIRA, letters[4].id, ERAS, "mercy  im\nAlpha"))
    assert error.what_happened == "4 letters stand for this program already: mercy im."
    assert await programs(desk, letters[4]) == []
    assert await desk.services.letters.programs.add(AMIRA, letters[4].id, ApplicationService.RESIDENCYCAS, "Mercy IM") == 1

    await desk.services.letters.move(AMIRA, letters[0].id, LetterState.DECLINED)
    assert await desk.services.letters.programs.add(AMIRA, letters[4].id, ERAS, "Mercy IM") == 1


async def test_of_two_forms_at_once_the_second_counts_the_first(desk: Desk) -> None:
    letters = [await add(desk, f"Dr. {number}", LetterState.UPLOADED) for number in range(5)]
    work = (desk.services.letters.programs.add(AMIRA, letter.id, ERAS, "Mercy IM") for letter in letters)
    found = await asyncio.gather(*work, return_exceptions=True)
    assert sorted(type(each).__name__ for each in found) == ["UserFacingError", "int", "int", "int", "int"]


async def test_programs_are_named_once_and_kept_up_to_three_hundred(desk: Desk) -> None:
    letter = await add(desk, state=LetterState.UPLOADED)
    assert await desk.services.letters.programs.add(AMIRA, letter.id, ERAS, "Mercy\n\n mercy \nZion\n\u200b") == 2
    assert await desk.services.letters.programs.add(AMIRA, letter.id, ERAS, "Zion") == 0
    many = "\n".join(f"Program {number}" for number in range(MAX_ASSIGNMENTS - 1))
    error = await refused(desk.services.letters.programs.add(AMIRA, letter.id, ERAS, many))
    assert error.what_happened == "A letter holds 300 programs; this would make 301."
    assert await desk.services.letters.programs.add(AMIRA, letter.id, ERAS, many.partition("\n")[2]) == MAX_ASSIGNMENTS - 2


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "No program was named."),
        ("\u200b\n ", "No program was named."),
        ("x" * 81, "A program's name holds 80 characters; one has 81."),
        ("Mercy\nA1B2C3D4E5", "That looks like a Letter ID, and I never store one."),
    ],
)
async def test_programs_that_can_not_be_taken(desk: Desk, text: str, what: str) -> None:
    letter = await add(desk, state=LetterState.UPLOADED)
    assert (await refused(desk.services.letters.programs.add(AMIRA, letter.id, ERAS, text))).what_happened == what
    assert await programs(desk, letter) == []


async def test_the_state_follows_the_programs(desk: Desk) -> None:
    letter = await add(desk, state=LetterState.UPLOADED)
    await desk.services.letters.programs.add(AMIRA, letter.id, ERAS, "Mercy\nZion")
    ids = [each.id for each in await desk.services.letters.programs.of(letter)]
    marked = await desk.services.letters.programs.mark(AMIRA, letter.id, ids[:1], is_assigned=True)
    assert (marked.state, await programs(desk, letter)) == (LetterState.ASSIGNED, [("Mercy", True), ("Zion", False)])
    assert (await desk.services.letters.programs.mark(AMIRA, letter.id, ids[:1], is_assigned=False)).state is LetterState.UPLOADED
    await desk.services.letters.programs.mark(AMIRA, letter.id, ids, is_assigned=True)
    assert (await desk.services.letters.programs.remove(AMIRA, letter.id, ids)).state is LetterState.UPLOADED
    assert (await desk.services.letters.programs.counts(AMIRA)) == {}
    store = desk.services.letters.programs
    for work in (store.remove(AMIRA, letter.id, ids), store.mark(AMIRA, letter.id, ids, is_assigned=True)):
        assert (await refused(work)).what_happened == "That program is not on this letter any more."


async def test_without_a_letter_nothing_is_assigned(desk: Desk) -> None:
    letter = await add(desk, state=LetterState.ASKED)
    await desk.services.letters.programs.add(AMIRA, letter.id, ERAS, "Mercy")
    ids = [each.id for each in await desk.services.letters.programs.of(letter)]
    error = await refused(desk.services.letters.programs.mark(AMIRA, letter.id, ids, is_assigned=True))
    assert error.what_happened == "There is no letter to assign yet."
    await desk.services.letters.move(AMIRA, letter.id, LetterState.DECLINED)
    error = await refused(desk.services.letters.programs.add(AMIRA, letter.id, ERAS, "Zion"))
    assert error.what_happened == "The writer declined, so there is no letter to assign."


@pytest.mark.parametrize("verb", ["mark", "remove", "add"])
async def test_nobody_reaches_the_programs_of_another(desk: Desk, verb: str) -> None:
    letter = await add(desk, state=LetterState.UPLOADED)
    await desk.services.letters.programs.add(AMIRA, letter.id, ERAS, "Mercy")
    ids = [each.id for each in await desk.services.letters.programs.of(letter)]
    store = desk.services.letters.programs
    work = {"mark": lambda: store.mark(DIEGO, letter.id, ids, is_assigned=True), "remove": lambda: store.remove(DIEGO, letter.id, ids)}
    work["add"] = lambda: store.add(DIEGO, letter.id, ERAS, "Zion")
    assert (await refused(work[verb]())).what_happened == "That letter is not yours."
    assert await programs(desk, letter) == [("Mercy", False)]


# --- the plan


async def test_one_or_two_specialties_and_what_needs_a_word(desk: Desk) -> None:
    plans = desk.services.letters.plans
    await asyncio.gather(
        plans.set_specialties(AMIRA, ("internal-med", "surgery", "surgery")),
        plans.set_circumstances(AMIRA, frozenset({Circumstance.GAPS})),
        desk.services.letters.set_target(AMIRA, date(2026, 12, 24)),
    )
    plan = await plans.of(AMIRA)
    assert (plan.specialties, plan.circumstances, plan.target_on) == (("internal-med", "surgery"), {Circumstance.GAPS}, date(2026, 12, 24))
    for wrong in (("internal-med", "surgery", "neurology"), ("astrology",)):
        assert (await refused(plans.set_specialties(AMIRA, wrong))).what_happened == "Those specialties can't be chosen."
    assert await target_day(desk) == date(2026, 12, 24)


async def test_a_target_of_a_season_that_is_over_is_not_hers_in_the_next(desk: Desk) -> None:
    await add(desk)
    await desk.services.letters.set_target(AMIRA, date(2027, 3, 1))
    assert (await desk.services.letters.board(AMIRA)).target.is_hers
    desk.clock.move_to(datetime(2027, 8, 1, 12, tzinfo=UTC))
    board = await desk.services.letters.board(AMIRA)
    assert (board.season_year, board.target.day, board.target.is_hers) == (2028, date(2027, 9, 10), False)
    assert not (await desk.services.letters.board(AMIRA, 2027)).is_current


async def test_next_season_is_offered_once(desk: Desk) -> None:
    await add(desk)
    assert OfferKind.NEXT_SEASON in {offer.kind for offer in (await desk.services.letters.board(AMIRA)).target.offers}
    board = await desk.services.letters.take_offer(AMIRA, OfferKind.NEXT_SEASON)
    assert OfferKind.NEXT_SEASON not in {offer.kind for offer in board.target.offers}
