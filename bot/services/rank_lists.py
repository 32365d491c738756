"""Her rank order list in use: arranged, marked, certified as she notes it; the order changes by her hand alone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain.calendar import SeasonEvent
from bot.domain.letter_texts import one_line, shows_something
from bot.domain.member import Member
from bot.domain.programs import CLOSED, Program, ProgramStage, StageChange, Track, moved
from bot.domain.rank_list import (
    MAX_ANSWERED,
    MAX_CRITERIA,
    MAX_CRITERION,
    MAX_RANKS,
    MOST_MARK,
    PRIMARY,
    Criterion,
    RankList,
    Weight,
    added,
    brought_back,
    placed,
    rearranged,
    removed,
    without_gone,
)
from bot.errors import UserFacingError
from bot.services.season import ORGANISER, SeasonService
from bot.storage.identifiers import new_id
from bot.storage.members import MemberRepository
from bot.storage.programs import ProgramRepository
from bot.storage.rank_lists import RankListRepository

DEADLINE = "us-{year}-rank-list-deadline"
CARMS_DEADLINE = "ca-{year}-carms-rank-list-deadline"
"""Of the list that CaRMS takes, apart from NRMP's."""
FIRST_YEARS = frozenset((Track.PRELIMINARY, Track.TRANSITIONAL))
"""Tracks that a supplemental list may hold."""
TRIES = 5
_LAST = 99
"""Where a program stands among those that can be added, whose stage says nothing of an interview."""

BUSY = UserFacingError("Your list was changed at the same time.", "Use /ranklist board to see it as it is, then try again.")
UNREADABLE = UserFacingError(
    "What you stored of this list can't be read any more.", "/ranklist board offers to begin it anew; your programs are untouched."
)
NOTHING_EARLIER = UserFacingError("There is nothing to take back.", "Use /ranklist board to see your list.")
GONE = UserFacingError("That program is not on this list any more.", "Use /ranklist board to see those that are.")
NO_ADVANCED = UserFacingError("That program is not an advanced one on your list.", "Set its track in /programs list, then come back.")


@dataclass(frozen=True, slots=True)
class RankBoard:
    """Hold a list with the programs that it names."""

    member: Member
    held: RankList
    programs: Mapping[str, Program]
    """All of the season, by id."""
    deadline: SeasonEvent | None

    @property
    def year(self) -> int:
        """Return the year of the Match."""
        return self.held.season_year

    def named(self, key: str = PRIMARY) -> tuple[Program, ...]:
        """Return the programs of a list, in her order."""
        return tuple(self.programs[each] for each in self.held.of(key))

    def advanced(self) -> tuple[Program, ...]:
        """Return the advanced programs of the primary list, in her order."""
        return tuple(each for each in self.named() if each.track is Track.ADVANCED)

    def to_add(self, key: str = PRIMARY) -> tuple[Program, ...]:
        """Return the programs that a list does not hold and may: those interviewed first, then by how far they came and by name."""
        listed = set(self.held.of(key))
        fitting = (each for each in self.programs.values() if each.id not in listed and each.stage not in CLOSED)
        if key != PRIMARY:
            fitting = (each for each in fitting if each.track in FIRST_YEARS or each.track is Track.UNKNOWN)
        return tuple(sorted(fitting, key=lambda each: (_STAGES.get(each.stage, _LAST), each.name.casefold(), each.id)))


_STAGES = {
    ProgramStage.INTERVIEWED: 0,
    ProgramStage.RANKED: 1,
    ProgramStage.INVITED: 2,
    ProgramStage.APPLIED: 3,
    ProgramStage.CONSIDERING: 4,
}


class RankListService:
    """Keep the rank order list of every member."""

    def __init__(
        self, lists: RankListRepository, programs: ProgramRepository, members: MemberRepository, season: SeasonService, clock: Clock
    ) -> None:
        self._lists = lists
        self._programs = programs
        self._members = members
        self._season = season
        self._clock = clock

    async def board(self, member_id: int, guild_id: int | None = None) -> RankBoard:
        """Return her list of the season that she aims at; programs that she has deleted since are left out."""
        member = await self._members.get(member_id) or Member(id=member_id, created_at=self._clock.now())
        year = self._season.year_for(member)
        held = await self._lists.get(member_id, year) or RankList(member_id, year, self._clock.now())
        programs = {each.id: each for each in await self._programs.of_member(member_id, year)}
        return RankBoard(member, without_gone(held, programs.__contains__), programs, self.deadline(year, guild_id))

    def deadline(self, year: int, guild_id: int | None, event_id: str = DEADLINE) -> SeasonEvent | None:
        """Return the date by which a list has to be certified, as a server holds it; None where the season is not held."""
        return self._season.for_server(guild_id).event(event_id.format(year=year))

    def today(self, member: Member) -> date:
        """Return the day on her clock, or on the organiser's where she set none."""
        return self._clock.now().astimezone(ZoneInfo(member.zone) if member.zone else ORGANISER).date()

    async def add(self, member_id: int, ids: Iterable[str], key: str = PRIMARY) -> RankBoard:
        """Put programs of hers at the end of a list."""

        def change(board: RankBoard) -> RankList:
            _list_of(board, key)
            allowed = {each.id for each in board.to_add(key)}
            new = [each for each in ids if each in allowed]
            if len(board.held.of(key)) + len(new) > MAX_RANKS:
                raise UserFacingError(f"A list holds {MAX_RANKS} ranks.", "Remove some first; nothing was added.")
            return added(board.held, new, key)

        return await self._change(member_id, change)

    async def remove(self, member_id: int, program_id: str, key: str = PRIMARY) -> RankBoard:
        """Take a program off a list; with an advanced one goes its supplemental list."""
        return await self._change(member_id, lambda board: removed(_with(board, program_id, key), program_id, key))

    async def place(self, member_id: int, program_id: str, place: int, key: str = PRIMARY) -> RankBoard:
        """Move a program to a place, from 1."""
        return await self._change(member_id, lambda board: placed(_with(board, program_id, key), program_id, place, key))

    async def copy_supplemental(self, member_id: int, to: str, other: str) -> RankBoard:
        """Give an advanced program the supplemental list of another, in the place of its own."""

        def change(board: RankBoard) -> RankList:
            _list_of(board, to)
            _list_of(board, other)
            return rearranged(board.held, {**board.held.lists, to: board.held.of(other)})

        return await self._change(member_id, change)

    async def take_back(self, member_id: int, shown: int) -> RankBoard:
        """Bring back the arrangement before the last change; ``shown`` is the revision that the card showed, so that two taps undo one."""

        def change(board: RankBoard) -> RankList:
            if board.held.revision != shown:
                return board.held
            before = brought_back(board.held)
            if before is None:
                raise NOTHING_EARLIER
            return before

        return await self._change(member_id, change)

    async def certify(self, member_id: int, on: date | None) -> RankBoard:
        """Note when she certified the list in R3, or with None that she did not."""

        def change(board: RankBoard) -> RankList:
            if on is not None and on > self.today(board.member):
                raise UserFacingError(
                    "That day lies ahead.", "Note it once the list is certified; until then /ranklist check reminds of it."
                )
            if on is not None and on < date(board.year - 1, 9, 1):
                raise UserFacingError(f"That is before the {board.year} Match.", f"Type the day of {board.year} on which R3 showed it.")
            if on is not None and not board.held.primary:
                raise UserFacingError("There is nothing on the list.", "Add programs first; then note that it is certified.")
            return replace(board.held, certified_on=on, is_changed_since=False)

        return await self._change(member_id, change)

    async def add_criterion(self, member_id: int, name: str) -> RankBoard:
        """Add what she looks at in a program; twice changes nothing."""
        text = one_line(name)
        if not shows_something(text):
            raise UserFacingError("The criterion has no name.", "Write it in a word or two, for example: near my family.")
        if len(text) > MAX_CRITERION:
            raise UserFacingError(f"A criterion holds {MAX_CRITERION} characters; this has {len(text)}.", "Shorten it to a word or two.")

        def change(board: RankBoard) -> RankList:
            criteria = board.held.criteria
            if any(each.name.casefold() == text.casefold() for each in criteria):
                return board.held
            if len(criteria) >= MAX_CRITERIA:
                raise UserFacingError(f"You have {MAX_CRITERIA} criteria, the most I keep.", "Remove one first.")
            return replace(board.held, criteria=(*criteria, Criterion(new_id()[:6], text)))

        return await self._change(member_id, change)

    async def remove_criterion(self, member_id: int, key: str) -> RankBoard:
        """Remove a criterion with its marks."""

        def change(board: RankBoard) -> RankList:
            marks = {program: {each: mark for each, mark in given.items() if each != key} for program, given in board.held.marks.items()}
            left = tuple(each for each in board.held.criteria if each.key != key)
            return replace(board.held, criteria=left, marks={program: given for program, given in marks.items() if given})

        return await self._change(member_id, change)

    async def weigh(self, member_id: int, key: str, weight: Weight) -> RankBoard:
        """Say how much a criterion counts."""

        def change(board: RankBoard) -> RankList:
            criteria = tuple(replace(each, weight=weight) if each.key == key else each for each in board.held.criteria)
            return replace(board.held, criteria=criteria)

        return await self._change(member_id, change)

    async def mark(self, member_id: int, program_id: str, key: str, mark: int | None) -> RankBoard:
        """Mark a program by a criterion, from 1 to 5; None takes the mark back."""

        def change(board: RankBoard) -> RankList:
            if program_id not in board.programs or not any(each.key == key for each in board.held.criteria):
                raise GONE
            given = {each: value for each, value in board.held.marks.get(program_id, {}).items() if each != key}
            if mark is not None:
                given[key] = min(max(mark, 1), MOST_MARK)
            marks = {program: value for program, value in {**board.held.marks, program_id: given}.items() if value}
            return replace(board.held, marks=marks)

        return await self._change(member_id, change)

    async def answer(self, member_id: int, question: str) -> RankBoard:
        """Note that an order is what she wants, so that it is not asked again."""

        def change(board: RankBoard) -> RankList:
            rest = [each for each in board.held.answered if each != question]
            return replace(board.held, answered=(*rest, question)[-MAX_ANSWERED:])

        return await self._change(member_id, change)

    async def tick(self, member_id: int, group: Iterable[str], ticked: Iterable[str]) -> RankBoard:
        """Tick off items of a group, and no others of it."""
        items, done = frozenset(group), frozenset(ticked)
        return await self._change(member_id, lambda board: replace(board.held, ticks=(board.held.ticks - items) | (done & items)))

    async def say_couple(self, member_id: int, *, is_couple: bool) -> RankBoard:
        """Note whether she ranks as one of a couple."""
        return await self._change(member_id, lambda board: replace(board.held, is_couple=is_couple))

    async def begin_anew(self, member_id: int) -> RankBoard:
        """Delete a list that can't be read any more; one that can stays."""
        board = await self.board(member_id)
        if not board.held.is_readable:
            await self._lists.erase(member_id, board.year)
        return await self.board(member_id)

    async def _change(self, member_id: int, change: Callable[[RankBoard], RankList]) -> RankBoard:
        """Read, change and store her list; again from the start where another change came in between."""
        for _ in range(TRIES):
            board = await self.board(member_id)
            if not board.held.is_readable:
                raise UNREADABLE
            changed = change(board)
            if changed == board.held:
                return board
            await self._members.ensure(member_id, self._clock.now())
            stored = await self._lists.save(replace(changed, changed_at=self._clock.now()))
            if stored is not None:
                await self._tell_programs(board, stored)
                programs = {each.id: each for each in await self._programs.of_member(member_id, board.year)}
                return replace(board, held=without_gone(stored, programs.__contains__), programs=programs)
        raise BUSY

    async def _tell_programs(self, before: RankBoard, stored: RankList) -> None:
        """Let a program that was interviewed say that it is ranked while it stands on a list, and interviewed once it does not."""
        now, left = self._clock.now(), before.held.all_ids - stored.all_ids
        for each in before.programs.values():
            if each.id in stored.all_ids and each.stage is ProgramStage.INTERVIEWED:
                told = each if each.history else replace(each, history=(StageChange(each.stage, each.changed_at),))
                await self._programs.change(moved(told, ProgramStage.RANKED, now))
            elif each.id in left and each.stage is ProgramStage.RANKED and each.reached(ProgramStage.INTERVIEWED) is not None:
                await self._programs.change(moved(each, ProgramStage.INTERVIEWED, now))


def _list_of(board: RankBoard, key: str) -> None:
    if key != PRIMARY and key not in {each.id for each in board.advanced()}:
        raise NO_ADVANCED


def _with(board: RankBoard, program_id: str, key: str) -> RankList:
    if program_id not in board.held.of(key):
        raise GONE
    return board.held
