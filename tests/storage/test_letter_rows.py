"""Letters, plans, programs and steps, on both databases."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest_asyncio
import sqlalchemy as sa

from bot.domain.letters import (
    ApplicationService,
    AskedWhen,
    Assignment,
    Circumstance,
    Concern,
    FollowUp,
    FollowUpKind,
    FollowUpState,
    Letter,
    LetterKind,
    LetterPlan,
    LetterState,
    Setting,
    StateChange,
    Waiver,
    WriterCountry,
    WriterRole,
)
from bot.storage.delivery_rows import UNREADABLE_TEXT
from bot.storage.identifiers import new_id
from bot.storage.letter_follow_ups import FollowUpRepository
from bot.storage.letters import LetterRepository
from bot.storage.tables import letter as letters_table
from bot.storage.tables import letter_assignment, letter_follow_up
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_member

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Shelf:
    """Hold the repositories under test, with two members stored."""

    store: Store
    letters: LetterRepository
    steps: FollowUpRepository


@pytest_asyncio.fixture
async def shelf(store: Store) -> AsyncIterator[Shelf]:
    for person in (AMIRA, DIEGO):
        await store.members.save(a_member(person))
    yield Shelf(store, LetterRepository(store.database, store.cipher), FollowUpRepository(store.database))


def a_letter(person: int = AMIRA, year: int = 2027, **details: Any) -> Letter:
    known: dict[str, Any] = {"created_at": NOON, "writer": "Dr. Osei", "history": (StateChange(LetterState.PLANNED, NOON),)}
    return Letter(new_id(), person, year, LetterState.PLANNED, changed_at=NOON, **(known | details))


def a_full_letter() -> Letter:
    return a_letter(
        writer="Dr. Zoë 世界",
        role=WriterRole.CHAIR,
        specialty="surgery",
        setting=Setting.RESEARCH_AND_CLINIC,
        country=WriterCountry.CANADA,
        is_physician=True,
        weeks=8,
        last_on=date(2026, 10, 31),
        asked_when=AskedWhen.LATER,
        service=ApplicationService.CARMS,
        kind=LetterKind.STANDARDIZED,
        waiver=Waiver.WAIVED,
        target_on=date(2027, 2, 1),
        concerns=frozenset(Concern),
        notes="met in clinic\nfriendly",
        imported_from=2024,
        rotation_id="r" * 16,
        packet={"cv": True, "statement": False},
        history=(StateChange(LetterState.PLANNED, NOON), StateChange(LetterState.PLANNED, NOON + MINUTE)),
    )


async def test_a_letter_comes_back_as_it_was_stored(shelf: Shelf) -> None:
    for letter in (a_letter(), a_full_letter()):
        assert await shelf.letters.add(letter, most=5)
        assert await shelf.letters.get(letter.id) == letter
    assert await shelf.letters.get("nothing") is None


async def test_letters_are_listed_by_season_in_the_order_of_adding(shelf: Shelf) -> None:
    second, first = a_letter(created_at=NOON + MINUTE), a_letter()
    older, his = a_letter(year=2026), a_letter(DIEGO)
    for each in (second, first, older, his):
        await shelf.letters.add(each, most=5)
    assert await shelf.letters.letters_of(AMIRA, 2027) == (first, second)
    assert {each.id for each in await shelf.letters.letters_of(AMIRA)} == {first.id, second.id, older.id}


async def test_no_more_are_stored_than_are_kept_of_one_season(shelf: Shelf) -> None:
    assert await shelf.letters.add(a_letter(), most=1)
    assert not await shelf.letters.add(a_letter(), most=1)
    assert await shelf.letters.add(a_letter(year=2028), most=1)
    assert await shelf.letters.add(a_letter(DIEGO), most=1)


async def test_a_letter_needs_a_stored_member(shelf: Shelf) -> None:
    await shelf.store.members.erase(AMIRA)
    assert not await shelf.letters.add(a_letter(), most=5)
    assert not await shelf.letters.save_plan(LetterPlan(AMIRA, specialties=("surgery",)))
    assert await shelf.letters.plan_of(AMIRA) == LetterPlan(AMIRA)


async def test_a_change_reaches_her_own_row_only(shelf: Shelf) -> None:
    letter = a_letter()
    await shelf.letters.add(letter, most=5)
    changed = replace(letter, state=LetterState.ASKED, changed_at=NOON + MINUTE, writer="Dr. Abara", season_year=2028)
    assert await shelf.letters.save([replace(changed, member_id=DIEGO)]) == 0
    assert await shelf.letters.get(letter.id) == letter
    assert await shelf.letters.save([changed]) == 1
    assert await shelf.letters.get(letter.id) == changed
    assert not await shelf.letters.delete(letter.id, DIEGO)
    assert await shelf.letters.delete(letter.id, AMIRA)
    assert await shelf.letters.save([changed]) == 0


async def test_what_can_not_be_read_is_shown_as_such_and_not_written_over(shelf: Shelf) -> None:
    letter = a_letter()
    await shelf.letters.add(letter, most=5)
    async with shelf.store.database.write() as connection:
        await connection.execute(sa.update(letters_table).values(blob=b"not a blob of ours"))
    found = await shelf.letters.get(letter.id)
    assert found is not None
    assert (found.writer, found.is_readable, found.state) == (UNREADABLE_TEXT, False, LetterState.PLANNED)
    await shelf.letters.save([replace(found, state=LetterState.ASKED)])
    async with shelf.store.database.read() as connection:
        row = (await connection.execute(sa.select(letters_table.c.state, letters_table.c.blob))).one()
    assert (row.state, bytes(row.blob)) == ("asked", b"not a blob of ours")


async def test_values_of_a_later_version_are_not_known(shelf: Shelf) -> None:
    letter = a_letter()
    await shelf.letters.add(letter, most=5)
    strange = {
        "writer": "Dr. Osei",
        "role": "robot",
        "setting": "orbit",
        "service": "teleport",
        "concerns": ["moon"],
        "history": [["lost", "x"]],
    }
    async with shelf.store.database.write() as connection:
        await connection.execute(sa.update(letters_table).values(blob=shelf.store.cipher.encrypt(strange)))
    found = await shelf.letters.get(letter.id)
    assert found is not None
    assert (found.role, found.setting, found.service) == (WriterRole.UNKNOWN, Setting.UNKNOWN, ApplicationService.OTHER)
    assert (found.concerns, found.history) == (frozenset(), ())


async def test_a_plan_is_kept_once_and_changed(shelf: Shelf) -> None:
    plan = LetterPlan(AMIRA, 2028, date(2027, 9, 1), ("surgery", "internal-med"), frozenset({Circumstance.GAPS}))
    assert await shelf.letters.save_plan(plan)
    assert await shelf.letters.plan_of(AMIRA) == plan
    assert await shelf.letters.save_plan(LetterPlan(AMIRA))
    assert await shelf.letters.plan_of(AMIRA) == LetterPlan(AMIRA)
    assert await shelf.letters.plan_of(DIEGO) == LetterPlan(DIEGO)


async def test_programs_are_kept_marked_and_removed_by_her_alone(shelf: Shelf) -> None:
    letter, other = a_letter(), a_letter()
    for each in (letter, other):
        await shelf.letters.add(each, most=5)
    mercy, zion = (Assignment(new_id(), letter.id, AMIRA, ApplicationService.ERAS, name) for name in ("mercy", "Zion"))
    elsewhere = Assignment(new_id(), other.id, AMIRA, ApplicationService.CARMS, "Alpha")
    assert await shelf.letters.add_assignments([zion, mercy, elsewhere]) == 3
    assert await shelf.letters.assignments_of(AMIRA) == (elsewhere, mercy, zion)
    assert await shelf.letters.assignments_of(AMIRA, [letter.id]) == (mercy, zion)
    assert await shelf.letters.mark_assigned(DIEGO, [mercy.id], is_assigned=True) == 0
    assert await shelf.letters.mark_assigned(AMIRA, [mercy.id], is_assigned=True) == 1
    assert (await shelf.letters.assignments_of(AMIRA, [letter.id]))[0].is_assigned
    assert await shelf.letters.remove_assignments(DIEGO, [zion.id]) == 0
    assert await shelf.letters.remove_assignments(AMIRA, [zion.id]) == 1
    assert await shelf.letters.add_assignments([Assignment(new_id(), "gone", AMIRA, ApplicationService.ERAS, "x")]) == 0
    assert await shelf.letters.add_assignments([Assignment(new_id(), letter.id, DIEGO, ApplicationService.ERAS, "x")]) == 0


def a_step(letter: Letter, kind: FollowUpKind = FollowUpKind.TWO_WEEKS, **changes: Any) -> FollowUp:
    step = FollowUp(new_id(), letter.id, letter.member_id, kind, FollowUpState.PLANNED, date(2027, 1, 1))
    return replace(step, **changes)


async def test_a_step_is_kept_once_for_each_kind(shelf: Shelf) -> None:
    letter = a_letter()
    await shelf.letters.add(letter, most=5)
    step = a_step(letter)
    assert await shelf.steps.save(step)
    changed = replace(step, state=FollowUpState.DONE, due_on=date(2027, 2, 1), reminder_id="r" * 16)
    assert await shelf.steps.save(changed)
    assert await shelf.steps.of_letter(letter.id, AMIRA) == (changed,)
    assert await shelf.steps.of_letter(letter.id, DIEGO) == ()
    assert not await shelf.steps.save(a_step(replace(letter, member_id=DIEGO), FollowUpKind.THANKS))
    assert await shelf.steps.delete(DIEGO, [step.id]) == 0
    assert await shelf.steps.delete(AMIRA, [step.id]) == 1
    assert await shelf.steps.of_member(AMIRA) == ()


async def test_a_letter_takes_its_steps_and_programs_with_it(shelf: Shelf) -> None:
    letter = a_letter()
    await shelf.letters.add(letter, most=5)
    await shelf.steps.save(a_step(letter))
    await shelf.letters.add_assignments([Assignment(new_id(), letter.id, AMIRA, ApplicationService.ERAS, "Mercy")])
    await shelf.letters.delete(letter.id, AMIRA)
    async with shelf.store.database.read() as connection:
        for table in (letter_follow_up, letter_assignment):
            assert (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one() == 0
    assert not await shelf.steps.save(a_step(letter))


async def test_nothing_personal_of_a_letter_stands_in_clear(shelf: Shelf) -> None:
    letter = replace(a_full_letter(), writer="Dr. Jasmine", notes="jasmine", specialty="jasmine")
    await shelf.letters.add(letter, most=5)
    await shelf.letters.save_plan(LetterPlan(AMIRA, specialties=("jasmine",)))
    await shelf.letters.add_assignments([Assignment(new_id(), letter.id, AMIRA, ApplicationService.ERAS, "Jasmine")])
    async with shelf.store.database.read() as connection:
        for name in ("letter", "letter_plan", "letter_assignment"):
            for row in (await connection.execute(sa.text(f"SELECT * FROM {name}"))).all():  # noqa: S608 - names of tables
                assert "jasmine" not in str(tuple(row)).lower()
