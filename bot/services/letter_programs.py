"""To which programs letters are assigned: by hand in each service, noted here; at most four letters per program in ERAS."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.domain.letter_texts import looks_like_letter_id, one_line, shows_something
from bot.domain.letters import (
    MAX_ASSIGNMENTS,
    MAX_PROGRAM,
    MOST_PER_PROGRAM,
    ApplicationService,
    Assignment,
    Letter,
    LetterState,
    is_full,
    program_key,
)
from bot.errors import UserFacingError
from bot.services.locks import Lock
from bot.storage.identifiers import new_id
from bot.storage.letters import LetterRepository

GONE = UserFacingError("That program is not on this letter any more.", "Open the letter again from /letters board.")
NO_LETTER_IDS = UserFacingError(
    "That looks like a Letter ID, and I never store one.", "Write the names of programs only. Nothing was saved of what you sent."
)
TOO_EARLY = (LetterState.PLANNED, LetterState.ASKED, LetterState.DECLINED)


class LetterPrograms:
    """Keep the programs of every letter."""

    def __init__(
        self,
        letters: LetterRepository,
        get: Callable[[int, str], Awaitable[Letter]],
        set_state: Callable[[Letter, LetterState], Awaitable[None]],
    ) -> None:
        self._letters = letters
        self._get = get
        self._set_state = set_state
        self.changing: Lock = asyncio.Lock()  # of two forms at once the second counts what the first one added

    async def of(self, letter: Letter) -> tuple[Assignment, ...]:
        """Return the programs of a letter, by name."""
        return await self._letters.assignments_of(letter.member_id, [letter.id])

    async def counts(self, member_id: int) -> dict[str, tuple[int, int]]:
        """Return by letter how many programs are assigned, and how many there are."""
        counts: dict[str, tuple[int, int]] = {}
        for each in await self._letters.assignments_of(member_id):
            assigned, total = counts.get(each.letter_id, (0, 0))
            counts[each.letter_id] = (assigned + each.is_assigned, total + 1)
        return counts

    async def add(self, member_id: int, letter_id: str, service: ApplicationService, text: str) -> int:
        """Add programs, one a line, all or none; return how many are new.

        Raises:
            UserFacingError: There is none, one is too long, a fifth letter for a program in ERAS, more than are kept.
        """
        names = _names(text)
        async with self.changing:
            letter = await self._get(member_id, letter_id)
            if letter.is_declined:
                raise UserFacingError("The writer declined, so there is no letter to assign.", "Ask another writer, and assign theirs.")
            season = {each.id for each in await self._letters.letters_of(member_id, letter.season_year) if not each.is_declined}
            held = [each for each in await self._letters.assignments_of(member_id) if each.letter_id in season]
            mine = {(each.service, program_key(each.program)) for each in held if each.letter_id == letter_id}
            new = [name for name in names if (service, program_key(name)) not in mine]
            full = [name for name in new if is_full(name, service, held, letter_id)]
            if full:
                raise _fifth(full)
            if len(mine) + len(new) > MAX_ASSIGNMENTS:
                raise UserFacingError(
                    f"A letter holds {MAX_ASSIGNMENTS} programs; this would make {len(mine) + len(new)}.", "Remove some, then add these."
                )
            added = [Assignment(new_id(), letter_id, member_id, service, name) for name in new]
            if added and await self._letters.add_assignments(added) == 0:
                raise GONE
            return len(added)

    async def require_room(self, letter: Letter) -> None:
        """Raise UserFacingError where a letter that was declined is to stand again, and four others stand for one of its programs now."""
        season = {each.id for each in await self._letters.letters_of(letter.member_id, letter.season_year) if not each.is_declined}
        held = [each for each in await self._letters.assignments_of(letter.member_id) if each.letter_id in season | {letter.id}]
        mine = [each for each in held if each.letter_id == letter.id]
        if full := [each.program for each in mine if is_full(each.program, each.service, held, letter.id)]:
            raise _fifth(full)

    async def begin_anew(self, member_id: int, letter_ids: Sequence[str]) -> None:
        """Note that letters which go to the next season are assigned to none of their programs there yet."""
        marked = [each.id for each in await self._letters.assignments_of(member_id, letter_ids) if each.is_assigned]
        if marked:
            await self._letters.mark_assigned(member_id, marked, is_assigned=False)

    async def mark(self, member_id: int, letter_id: str, ids: Sequence[str], *, is_assigned: bool) -> Letter:
        """Note for programs of a letter whether it is assigned there; the letter's own state follows. Return the letter."""
        letter = await self._get(member_id, letter_id)
        if is_assigned and letter.state in TOO_EARLY:
            raise UserFacingError(
                "There is no letter to assign yet.", "It can be assigned once the writer has agreed and its entry stands."
            )
        wanted = [each.id for each in await self.of(letter) if each.id in ids]
        if not wanted or await self._letters.mark_assigned(member_id, wanted, is_assigned=is_assigned) == 0:
            raise GONE
        return await self._settled(letter)

    async def remove(self, member_id: int, letter_id: str, ids: Sequence[str]) -> Letter:
        """Remove programs from a letter; return the letter."""
        letter = await self._get(member_id, letter_id)
        wanted = [each.id for each in await self.of(letter) if each.id in ids]
        if not wanted or await self._letters.remove_assignments(member_id, wanted) == 0:
            raise GONE
        return await self._settled(letter)

    async def _settled(self, letter: Letter) -> Letter:
        """Let an uploaded letter be assigned once one program is, and uploaded again when none is."""
        is_assigned = any(each.is_assigned for each in await self.of(letter))
        if letter.state is LetterState.UPLOADED and is_assigned:
            await self._set_state(letter, LetterState.ASSIGNED)
        elif letter.state is LetterState.ASSIGNED and not is_assigned:
            await self._set_state(letter, LetterState.UPLOADED)
        return await self._get(letter.member_id, letter.id)


def _names(text: str) -> list[str]:
    names = list({program_key(line): line for each in text.splitlines() if shows_something(line := one_line(each))}.values())
    if not names:
        raise UserFacingError("No program was named.", "Write one program a line.")
    too_long = next((name for name in names if len(name) > MAX_PROGRAM), None)
    if too_long is not None:
        raise UserFacingError(
            f"A program's name holds {MAX_PROGRAM} characters; one has {len(too_long):,}.", "Shorten it; one program a line."
        )
    if any(map(looks_like_letter_id, names)):
        raise NO_LETTER_IDS
    return names


def _fifth(names: Sequence[str]) -> UserFacingError:
    # The text stands in a title as it is: nothing in it may format or mention.
    bare = ["".join(each if each.isalnum() or each in " .,'&()-/" else " " for each in name) for name in names]
    shown = "; ".join(bare[:3]) + ("" if len(names) <= 3 else f"; and {len(names) - 3} more")
    return UserFacingError(
        f"{MOST_PER_PROGRAM} letters stand for this program already: {shown}.",
        f"ERAS takes at most {MOST_PER_PROGRAM} letters per program. Take one of them off first; nothing was changed.",
    )
