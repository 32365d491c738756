"""Rank order lists in use: what is taken, what is refused and why, and what programs say of it."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet

from bot.domain.programs import Program, ProgramStage, Track
from bot.domain.rank_list import MAX_CRITERIA, MAX_CRITERION, MAX_RANKS, PRIMARY, Weight
from bot.errors import UserFacingError
from bot.services.rank_lists import GONE, NO_ADVANCED, NOTHING_EARLIER, UNREADABLE, RankListService
from bot.storage.encryption import Cipher
from bot.storage.programs import Changes
from tests.services.conftest import Desk
from tests.support.databases import AMIRA, DIEGO
from tests.support.program_cards import bare


@pytest.fixture
def lists(desk: Desk) -> RankListService:
    return desk.services.rank_lists


async def keep(desk: Desk, *names: str, **changes: Any) -> list[str]:
    """Keep programs of hers; return their ids."""
    ids = [name.lower().ljust(16, "0") for name in names]
    for name, program_id in zip(names, ids, strict=True):
        await desk.services.members.remember(AMIRA)
        given = {"stage": ProgramStage.INTERVIEWED} | changes
        assert await desk.services.rank_lists._programs.add(bare(program_id, AMIRA, name=name, **given), most=1000)
    return ids


async def program(desk: Desk, program_id: str) -> Program:
    found = await desk.services.rank_lists._programs.get(AMIRA, program_id)
    assert found is not None
    return found


async def refused(what: Any) -> str:
    with pytest.raises(UserFacingError) as caught:
        await what
    return f"{caught.value.what_happened} {caught.value.what_to_do}"


async def test_a_list_is_arranged_by_hand(desk: Desk, lists: RankListService) -> None:
    oak, elm, ash = await keep(desk, "Oak", "Elm", "Ash")
    await lists.add(AMIRA, [oak, elm, ash, oak, "not hers"])
    await lists.place(AMIRA, ash, 1)
    board = await lists.remove(AMIRA, oak)
    assert board.held.primary == (ash, elm)
    assert (await lists.board(AMIRA)).held == board.held
    assert [each.name for each in board.named()] == ["Ash", "Elm"]


async def test_interviewed_programs_are_offered_first_and_closed_ones_not(desk: Desk, lists: RankListService) -> None:
    await keep(desk, "Applied", stage=ProgramStage.APPLIED)
    await keep(desk, "Considered", stage=ProgramStage.CONSIDERING)
    await keep(desk, "No", stage=ProgramStage.REJECTED)
    await keep(desk, "Invited", stage=ProgramStage.INVITED)
    await keep(desk, "Seen")
    assert [each.name for each in (await lists.board(AMIRA)).to_add()] == ["Seen", "Invited", "Applied", "Considered"]


async def test_a_program_says_that_it_is_ranked_while_it_is(desk: Desk, lists: RankListService) -> None:
    (oak,) = await keep(desk, "Oak")
    (elm,) = await keep(desk, "Elm", stage=ProgramStage.APPLIED)
    await lists.add(AMIRA, [oak, elm])
    assert (await program(desk, oak)).stage is ProgramStage.RANKED
    assert (await program(desk, oak)).reached(ProgramStage.INTERVIEWED) is not None
    assert (await program(desk, elm)).stage is ProgramStage.APPLIED
    await lists.remove(AMIRA, oak)
    assert (await program(desk, oak)).stage is ProgramStage.INTERVIEWED


async def test_first_year_lists_belong_to_advanced_places(desk: Desk, lists: RankListService) -> None:
    oak, elm = await keep(desk, "Oak", "Elm", track=Track.ADVANCED)
    (ash,) = await keep(desk, "Ash", track=Track.CATEGORICAL)
    city, town = await keep(desk, "City", "Town", track=Track.PRELIMINARY)
    await lists.add(AMIRA, [oak, elm, ash])
    assert await refused(lists.add(AMIRA, [city], ash)) == f"{NO_ADVANCED.what_happened} {NO_ADVANCED.what_to_do}"
    board = await lists.add(AMIRA, [city, town, ash], oak)
    assert board.held.of(oak) == (city, town)
    board = await lists.copy_supplemental(AMIRA, elm, oak)
    assert board.held.of(elm) == (city, town)
    assert (await lists.take_back(AMIRA, board.held.revision)).held.of(elm) == ()
    board = await lists.remove(AMIRA, oak)
    assert board.held.supplemental == {}


async def test_two_taps_take_one_change_back(desk: Desk, lists: RankListService) -> None:
    oak, elm = await keep(desk, "Oak", "Elm")
    await lists.add(AMIRA, [oak])
    board = await lists.add(AMIRA, [elm])
    await lists.take_back(AMIRA, board.held.revision)
    board = await lists.take_back(AMIRA, board.held.revision)
    assert board.held.primary == (oak,)
    board = await lists.take_back(AMIRA, board.held.revision)
    assert await refused(lists.take_back(AMIRA, board.held.revision)) == f"{NOTHING_EARLIER.what_happened} {NOTHING_EARLIER.what_to_do}"


async def test_changes_at_once_are_all_kept(desk: Desk, lists: RankListService) -> None:
    ids = await keep(desk, "Oak", "Elm", "Ash")
    await lists.add(AMIRA, ids[:1])
    await asyncio.gather(*(lists.add(AMIRA, [each]) for each in ids))
    assert set((await lists.board(AMIRA)).held.primary) == set(ids)


async def test_a_deleted_program_leaves_the_list(desk: Desk, lists: RankListService) -> None:
    oak, elm = await keep(desk, "Oak", "Elm")
    await lists.add(AMIRA, [oak, elm])
    await lists._programs.remove(AMIRA, oak)
    assert (await lists.board(AMIRA)).held.primary == (elm,)
    assert await refused(lists.place(AMIRA, oak, 1)) == f"{GONE.what_happened} {GONE.what_to_do}"
    assert (await lists.place(AMIRA, elm, 1)).held.primary == (elm,)


async def test_taking_back_brings_no_deleted_program_back(desk: Desk, lists: RankListService) -> None:
    oak, elm = await keep(desk, "Oak", "Elm")
    await lists.add(AMIRA, [oak, elm])
    board = await lists.remove(AMIRA, oak)
    await lists._programs.remove(AMIRA, oak)
    board = await lists.take_back(AMIRA, board.held.revision)
    assert [each.name for each in board.named()] == ["Elm"]


async def test_certifying_is_noted_with_its_day(desk: Desk, lists: RankListService) -> None:
    oak, elm = await keep(desk, "Oak", "Elm")
    today = lists.today(await desk.amira())
    assert "There is nothing on the list." in await refused(lists.certify(AMIRA, today))
    await lists.add(AMIRA, [oak, elm])
    assert "That day lies ahead." in await refused(lists.certify(AMIRA, today + timedelta(days=1)))
    assert "That is before the 2027 Match." in await refused(lists.certify(AMIRA, date(2026, 8, 31)))
    assert (await lists.certify(AMIRA, today)).held.is_certified()
    board = await lists.place(AMIRA, elm, 1)
    assert (board.held.certified_on, board.held.is_certified()) == (today, False)
    assert (await lists.certify(AMIRA, None)).held.certified_on is None


async def test_criteria_are_few_named_and_weighed(desk: Desk, lists: RankListService) -> None:
    assert "The criterion has no name." in await refused(lists.add_criterion(AMIRA, " \u200b\n"))
    assert f"A criterion holds {MAX_CRITERION} characters" in await refused(lists.add_criterion(AMIRA, "W" * (MAX_CRITERION + 1)))
    await lists.add_criterion(AMIRA, "Near\nmy family")
    board = await lists.add_criterion(AMIRA, "near MY family ")
    (criterion,) = board.held.criteria
    assert (criterion.name, criterion.weight) == ("Near my family", Weight.MUCH)
    assert (await lists.weigh(AMIRA, criterion.key, Weight.MOST)).held.criteria[0].weight is Weight.MOST
    for number in range(MAX_CRITERIA - 1):
        await lists.add_criterion(AMIRA, f"number {number}")
    assert f"You have {MAX_CRITERIA} criteria" in await refused(lists.add_criterion(AMIRA, "one more"))


async def test_marks_go_with_their_criterion(desk: Desk, lists: RankListService) -> None:
    (oak,) = await keep(desk, "Oak")
    await lists.add(AMIRA, [oak])
    key = (await lists.add_criterion(AMIRA, "family")).held.criteria[0].key
    assert (await lists.mark(AMIRA, oak, key, 9)).held.mark(oak, key) == 5
    assert (await lists.mark(AMIRA, oak, key, None)).held.marks == {}
    await lists.mark(AMIRA, oak, key, 2)
    assert (await lists.remove_criterion(AMIRA, key)).held.marks == {}
    assert await refused(lists.mark(AMIRA, oak, key, 2)) == f"{GONE.what_happened} {GONE.what_to_do}"


async def test_ticks_of_a_group_leave_others_alone(desk: Desk, lists: RankListService) -> None:
    await lists.tick(AMIRA, ("a", "b"), ("a", "c"))
    assert (await lists.board(AMIRA)).held.ticks == {"a"}
    await lists.tick(AMIRA, ("c",), ("c",))
    assert (await lists.tick(AMIRA, ("a", "b"), ())).held.ticks == {"c"}
    assert (await lists.say_couple(AMIRA, is_couple=True)).held.is_couple is True


async def test_more_ranks_than_nrmp_takes_are_refused_and_nothing_is_lost(desk: Desk, lists: RankListService) -> None:
    (oak,) = await keep(desk, "Oak")
    board = await lists.add(AMIRA, [oak])
    full = replace(board.held, lists={PRIMARY: tuple(f"{number:016}" for number in range(MAX_RANKS))})
    await lists._programs.merge(AMIRA, 2027, lambda _: Changes(added=[bare(f"{number:016}", AMIRA) for number in range(MAX_RANKS)]))
    assert await lists._lists.save(full) is not None
    assert f"A list holds {MAX_RANKS} ranks." in await refused(lists.add(AMIRA, [oak]))
    assert len((await lists.board(AMIRA)).held.primary) == MAX_RANKS


async def test_nobody_elses_list_or_program_is_reached(desk: Desk, lists: RankListService) -> None:
    (oak,) = await keep(desk, "Oak")
    await lists.add(AMIRA, [oak])
    board = await lists.add(DIEGO, [oak])
    assert (board.held.primary, dict(board.programs)) == ((), {})
    assert await refused(lists.remove(DIEGO, oak)) == f"{GONE.what_happened} {GONE.what_to_do}"
    assert (await lists.board(AMIRA)).held.primary == (oak,)


async def test_a_list_that_can_not_be_read_is_begun_anew_only_if_she_says_so(desk: Desk, lists: RankListService) -> None:
    (oak,) = await keep(desk, "Oak")
    await lists.add(AMIRA, [oak])
    assert (await lists.begin_anew(AMIRA)).held.primary == (oak,)  # it can be read: it stays
    kept = lists._lists._cipher
    lists._lists._cipher = Cipher([Fernet.generate_key().decode()])
    assert not (await lists.board(AMIRA)).held.is_readable
    assert await refused(lists.say_couple(AMIRA, is_couple=True)) == f"{UNREADABLE.what_happened} {UNREADABLE.what_to_do}"
    assert (await lists.begin_anew(AMIRA)).held.is_readable
    lists._lists._cipher = kept
    assert (await lists.board(AMIRA)).held.primary == ()
