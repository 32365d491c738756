"""Programs of a member: added, filled in, moved, removed, taken over from files, servers and earlier seasons; and changes taken back."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.domain.letters import ApplicationService, Letter, program_key
from bot.domain.member import Country, Member
from bot.domain.program_columns import BY_KEY, changed, emptied, read_cells, read_there, read_where, touched_by
from bot.domain.program_csv import FileError, Sheet, read_sheet, write_refused, write_sheet
from bot.domain.program_fields import FieldError, Names
from bot.domain.program_merge import Into, Outcome, begun, merge
from bot.domain.programs import MAX_PROGRAMS, Program, ProgramStage, Reading, Signal, is_same, moved
from bot.errors import UserFacingError
from bot.services.held_forms import HeldForms
from bot.services.letter_follow_ups import local_day
from bot.services.locks import Lock
from bot.services.members import MemberService
from bot.services.program_lists import ProgramLists
from bot.services.program_names import ProgramNames
from bot.services.program_undo import Done, ProgramUndo
from bot.services.season import SeasonService
from bot.storage.identifiers import new_id
from bot.storage.letters import LetterRepository
from bot.storage.programs import Changes, ProgramListRepository, ProgramRepository

GONE = UserFacingError("That program is not on your list.", "Use /programs list to see those that are.")
UNREADABLE = UserFacingError("What you noted of this program can't be read any more.", "Add it anew, then remove this one.")
NOT_HELD = UserFacingError(
    "That can't be taken back any more.", "Only your last change can, for as long as I run; use the card to set it right."
)
FULL = UserFacingError(f"{MAX_PROGRAMS:,} programs are kept of one season, and yours are so many.", "Remove some, then add this one.")


@dataclass(frozen=True, slots=True)
class Imported:
    """Say what became of a file: of each row, of the rows to mend as a file, and the token that takes it back."""

    sheet: Sheet
    outcome: Outcome
    to_mend: bytes | None
    token: str
    season_year: int


class ProgramService:
    """Keep the programs of every member."""

    def __init__(
        self,
        programs: ProgramRepository,
        letters: LetterRepository,
        members: MemberService,
        season: SeasonService,
        lists: ProgramListRepository,
        catalogue: Catalogue,
        clock: Clock,
    ) -> None:
        self._programs = programs
        self._letters = letters
        self._members = members
        self._season = season
        self._clock = clock
        self.names = ProgramNames(catalogue)
        self.lists = ProgramLists(lists, self.take_over, self.names, clock)
        """The lists that servers publish."""
        self.forms = HeldForms(clock)
        self._undo = ProgramUndo()
        self.changing: Lock = asyncio.Lock()  # read, changed and written whole: two changes at once must not undo each other

    # --- what there is

    async def season_of(self, member_id: int) -> int:
        """Return the Match that she aims at, or the one of the season that contains today."""
        return self._season.year_for(await self._members.get(member_id))

    async def of(self, member_id: int, season_year: int) -> tuple[Program, ...]:
        """Return her programs of a season, in the order in which they were added."""
        return await self._programs.of_member(member_id, season_year)

    async def get(self, member_id: int, program_id: str) -> Program:
        """Return a program of hers; raise UserFacingError where it is gone."""
        found = await self._programs.get(member_id, program_id)
        if found is None:
            raise GONE
        return found

    async def seasons_of(self, member_id: int) -> dict[int, int]:
        """Return how many programs she keeps of each season, the latest first."""
        return await self._programs.seasons_of(member_id)

    async def letters_for(self, programs: Sequence[Program]) -> dict[str, tuple[tuple[Letter, bool], ...]]:
        """Return by program which letters are for it, and whether each is assigned in the service itself; of one member and season."""
        if not programs:
            return {}
        member_id, year = programs[0].member_id, programs[0].season_year
        assignments = await self._letters.assignments_of(member_id)
        if not assignments:
            return {}
        held = {letter.id: letter for letter in await self._letters.letters_of(member_id, year) if not letter.is_declined}
        named: dict[tuple[str, str], list[tuple[Letter, bool]]] = {}
        for each in assignments:
            if each.letter_id in held:
                place = named.setdefault((each.service.value, program_key(each.program)), [])
                place.append((held[each.letter_id], each.is_assigned))
        found = {each.id: tuple(named.get((each.service.value, each.key), ())) for each in programs}
        return {program_id: letters for program_id, letters in found.items() if letters}

    def today(self, member: Member) -> date:
        """Return the day that it is on her clock."""
        return local_day(self._clock.now(), member)

    # --- by hand

    async def add(self, member_id: int, cells: Mapping[str, str]) -> tuple[Program, bool]:
        """Add a program of the season that she aims at; return it, or the one that stands there already, and whether it is new.

        Raises:
            UserFacingError: A field can't be read, or the list is full.
        """
        member = await self._members.get(member_id)
        year = self._season.year_for(member)
        found = _read(cells, self.names.of(year))
        found = {"service": self._service_for(member)(found.get("specialty"), found.get("region", "")), **found}
        program = begun(member_id, year, self._clock.now(), new_id(), found)
        program = read_there(None, program, touched_by(found), Reading("", self.today(member)))
        await self._members.remember(member_id)
        async with self.changing:
            stored = await self.of(member_id, year)
            twin = next((each for each in stored if each.is_readable and is_same(each, program)), None)
            if twin is not None:
                return twin, False
            if not await self._programs.add(program, most=MAX_PROGRAMS):
                raise FULL
        return program, True

    async def fill(self, member_id: int, program_id: str, cells: Mapping[str, str], where: str) -> Done:
        """Store the fields of a form, emptied ones included, with where they were read; raise UserFacingError where one can't be read."""
        today = self.today(await self._members.get(member_id))

        def change(program: Program) -> Program:
            found = _read(cells, self.names.of(program.season_year))
            after = changed(program, found | emptied(cells, found), self._clock.now())
            if not after.name:
                raise UserFacingError("The program has no name.", "Write its name as you call it.")
            try:
                reading = read_where(where, today)
            except FieldError as error:
                raise UserFacingError(f"Where you read it: {error.what}", error.todo) from None
            after = read_there(program, after, touched_by(cells), reading)
            return after if after == program else replace(after, changed_at=self._clock.now())

        return await self._change(member_id, program_id, change)

    async def move(self, member_id: int, program_id: str, stage: ProgramStage) -> Done:
        """Move a program to a stage, with the time."""
        return await self._change(member_id, program_id, lambda program: moved(program, stage, self._clock.now()))

    async def remove(self, member_id: int, program_id: str) -> Done:
        """Remove a program."""
        async with self.changing:
            program = await self.get(member_id, program_id)
            if not await self._programs.remove(member_id, program_id):
                raise GONE
            return Done((program,), self._undo.keep(member_id, removed=(program,)) if program.is_readable else "")

    async def undo(self, member_id: int, token: str) -> Done:
        """Take her last change back, once; what has changed since stays. Raises UserFacingError where it is not held any more."""
        async with self.changing:
            undo = self._undo.take(member_id, token)
            if undo is None:
                raise NOT_HELD
            as_left = {each.id: each for each in (*undo.after, *undo.added)}
            stored = {each.id: each for year in {each.season_year for each in as_left.values()} for each in await self.of(member_id, year)}
            untouched = {each for each, program in as_left.items() if stored.get(each) == program}
            back = [each for each in undo.before if each.id in untouched]
            for each in back:
                await self._programs.change(each)
            gone = await self._programs.remove_many(member_id, [each.id for each in undo.added if each.id in untouched])
            put = [each for each in undo.removed if await self._programs.add(each, most=MAX_PROGRAMS)]
            left = len(as_left) + len(undo.removed) - len(back) - gone - len(put)
            return Done((*back, *put), "", left)

    # --- from a file, a server, an earlier season

    async def import_file(self, member_id: int, content: bytes, *, is_updating: bool) -> Imported:
        """Take over the rows of a file that can be read, give the others back; raise UserFacingError where the whole file can't be read."""
        member = await self._members.get(member_id)
        year, today = self._season.year_for(member), self.today(member)
        try:
            sheet = await asyncio.to_thread(read_sheet, content, self.names.of(year), today)
        except FileError as error:
            raise UserFacingError(error.what, error.todo) from None
        await self._members.remember(member_id)
        into = Into(member_id, year, self._clock.now(), today, MAX_PROGRAMS, new_id, self._service_for(member), is_updating)
        outcome = await self._merged(member_id, year, lambda stored: merge(sheet, stored, into))
        to_mend = await asyncio.to_thread(write_refused, sheet, outcome.refused) if outcome.refused else None
        return Imported(sheet, outcome, to_mend, self._kept(member_id, outcome), year)

    async def take_over(self, member_id: int, entries: Sequence[Program], reading_of: Callable[[Program], Reading]) -> Done:
        """Copy entries of a server's list into hers; what stands there already is left."""
        member = await self._members.remember(member_id)
        year, now = self._season.year_for(member), self._clock.now()

        def copy(entry: Program) -> Program:
            basics = {key: getattr(entry, key) for key in BY_KEY}
            fresh = begun(member_id, year, now, new_id(), basics)
            return read_there(None, fresh, touched_by(BY_KEY), reading_of(entry))

        return await self._copied(member_id, year, [copy(entry) for entry in entries])

    async def carry_over(self, member_id: int, from_year: int) -> Done:
        """Copy the programs of an earlier season into that of her target year, each considered anew; what stands there is left."""
        member = await self._members.remember(member_id)
        year, now = self._season.year_for(member), self._clock.now()
        if from_year >= year:
            raise UserFacingError("Programs are carried over from an earlier season.", "Set the Match that you aim at with /start first.")

        def copy(old: Program) -> Program:
            kept = {key: getattr(old, key) for key in BY_KEY}
            kept |= {"signal": Signal.NONE, "statement": "", "open_house_on": None, "carried_from": old.season_year}
            fresh = begun(member_id, year, now, new_id(), kept)
            return replace(fresh, readings={noted: read for noted, read in old.readings.items() if noted.value != "open_house"})

        earlier = [each for each in await self.of(member_id, from_year) if each.is_readable]
        return await self._copied(member_id, year, [copy(each) for each in earlier])

    async def export(self, member_id: int, season_year: int) -> bytes:
        """Return her programs of a season as a CSV file that can be imported again."""
        programs = await self.of(member_id, season_year)
        readable = [each for each in programs if each.is_readable]
        writers = {
            program_id: "; ".join(letter.writer for letter, _ in letters)
            for program_id, letters in (await self.letters_for(readable)).items()
        }
        return await asyncio.to_thread(write_sheet, readable, self.names.of(season_year), writers)

    # --- within

    def forget(self, member_id: int) -> None:
        """Forget what is held of her in memory."""
        self.forms.forget(member_id)
        self._undo.forget(member_id)

    def _service_for(self, member: Member) -> Callable[[str | None, str], ApplicationService]:
        return partial(self.names.service, is_canadian=member.countries == frozenset({Country.CANADA}))

    async def _change(self, member_id: int, program_id: str, change: Callable[[Program], Program]) -> Done:
        async with self.changing:
            before = await self.get(member_id, program_id)
            if not before.is_readable:
                raise UNREADABLE
            after = change(before)
            if after == before:
                return Done((after,), "")
            if not await self._programs.change(after):
                raise GONE
            return Done((after,), self._undo.keep(member_id, before=(before,), after=(after,)))

    async def _merged(self, member_id: int, year: int, decide: Callable[[Sequence[Program]], Outcome]) -> Outcome:
        outcomes: list[Outcome] = []

        def changes(stored: Sequence[Program]) -> Changes:
            outcomes.append(decide(stored))
            return Changes(outcomes[-1].added, outcomes[-1].changed)

        async with self.changing:
            if not await self._programs.merge(member_id, year, changes):
                raise GONE
        return outcomes[-1]

    async def _copied(self, member_id: int, year: int, copies: Sequence[Program]) -> Done:
        def decide(stored: Sequence[Program]) -> Outcome:
            outcome, held = Outcome(), [each for each in stored if each.is_readable]
            for each in copies:
                if len(stored) + len(outcome.added) < MAX_PROGRAMS and not any(is_same(each, other) for other in held):
                    outcome.added.append(each)
                    held.append(each)
            return outcome

        outcome = await self._merged(member_id, year, decide)
        return Done(outcome.added, self._kept(member_id, outcome), len(copies) - len(outcome.added))

    def _kept(self, member_id: int, outcome: Outcome) -> str:
        if not outcome.added and not outcome.changed:
            return ""
        return self._undo.keep(member_id, before=outcome.before, after=outcome.changed, added=outcome.added)


def _read(cells: Mapping[str, str], names: Names) -> dict[str, Any]:
    found, problems = read_cells(cells, names)
    if problems:
        key, error = problems[0]
        raise UserFacingError(f"{BY_KEY[key].title.capitalize()}: {error.what}", error.todo)
    return found
