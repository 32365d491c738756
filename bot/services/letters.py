"""Letters of recommendation: added, imported, changed, moved through their states and between seasons, deleted."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.specialty_names import id_or_text
from bot.clock import Clock
from bot.domain.letter_texts import looks_like_letter_id, one_line, shows_something
from bot.domain.letters import (
    MAX_LETTERS,
    MAX_NOTES,
    MAX_SPECIALTY,
    MAX_WRITER,
    MOST_WEEKS,
    SEASONS_IMPORTED,
    ApplicationService,
    Letter,
    LetterState,
    StateChange,
    moved,
    settled,
    undone,
)
from bot.domain.member import Member
from bot.errors import UserFacingError
from bot.services.letter_follow_ups import LetterFollowUps
from bot.services.letter_forms import UnsentForms
from bot.services.letter_plans import Board, LetterPlans, OfferKind
from bot.services.letter_programs import LetterPrograms
from bot.services.locks import Lock
from bot.storage.identifiers import new_id
from bot.storage.letters import LetterRepository

GONE = UserFacingError("That letter is not there any more.", "Use /letters board to see those that are.")
NOT_YOURS = UserFacingError("That letter is not yours.", "Use /letters board to see your own.")
NO_LETTER_IDS = UserFacingError(
    "That looks like a Letter ID, and I never store one.",
    "Leave it out: it belongs in the Letter Request Form, between you, ERAS and the writer. Nothing was saved of what you sent.",
)
NO_KEYS = UserFacingError(
    "That looks like the key of a request, and I never store one.",
    "Leave it out: it stays between you, CaRMS and the referee. Nothing was saved of what you sent.",
)
ELSEWHERE_NOW = UserFacingError("That letter has moved on since this card was shown.", "Use /letters board to see it as it is now.")
UNREADABLE = UserFacingError("What you wrote about this letter can't be read any more.", "Add it anew, then delete this one.")


class LetterService:
    """Keep the letters of every member."""

    def __init__(
        self,
        letters: LetterRepository,
        plans: LetterPlans,
        follow_ups: LetterFollowUps,
        catalogue: Catalogue,
        clock: Clock,
    ) -> None:
        self._letters = letters
        self._catalogue = catalogue
        self._clock = clock
        self.changing: Lock = (
            asyncio.Lock()
        )  # read, changed and written whole: of two presses at once the second sees what the first one did
        self.plans = plans
        """What she plans, and by when letters had best be there."""
        self.follow_ups = follow_ups
        """The steps after a writer has agreed."""
        self.unsent = UnsentForms(clock)
        """What was typed into forms that were refused."""
        self.programs = LetterPrograms(letters, self.get, self._set_state)
        """To which programs letters are assigned."""

    # --- looking

    async def letters_of(self, member_id: int, season_year: int | None = None) -> tuple[Letter, ...]:
        """Return her letters of one season, or of the one she is in."""
        if season_year is None:
            season_year = await self.season_of(await self.plans.member(member_id))
        return await self._letters.letters_of(member_id, season_year)

    async def get(self, member_id: int, letter_id: str) -> Letter:
        """Return a letter of hers; raise UserFacingError where it is gone or another's."""
        letter = await self._letters.get(letter_id)
        if letter is None:
            raise GONE
        if letter.member_id != member_id:
            raise NOT_YOURS
        return letter

    async def season_of(self, member: Member) -> int:
        """Return the year of the Match that her letters are for."""
        return self.plans.season_in(member, await self.plans.of(member.id))

    async def board(self, member_id: int, season_year: int | None = None) -> Board:
        """Return her letters of a season, by default of the one she is in."""
        member, plan = await self.plans.member(member_id), await self.plans.of(member_id)
        current = self.plans.season_in(member, plan)
        year = season_year or current
        letters = await self._letters.letters_of(member_id)
        others = sorted({letter.season_year for letter in letters} - {year} | ({current} - {year}), reverse=True)
        return Board(
            member,
            year,
            plan,
            self.plans.target(member, plan, year),
            tuple(letter for letter in letters if letter.season_year == year),
            tuple(others),
            is_current=year == current,
        )

    # --- by when

    async def set_target(self, member_id: int, day: date | None) -> Board:
        """Store her own target date, or with None go back to the default; a day that has passed is refused."""
        async with self.changing:
            board = await self.board(member_id)
            if day is not None:
                self.plans.require_ahead(board.member, day)
            await self.plans.change(member_id, target_on=day)
            return await self._after_targets(board)

    async def take_offer(self, member_id: int, kind: OfferKind) -> Board:
        """Aim at one of the offers; the next season takes her letters that have not arrived along."""
        board = await self.board(member_id)
        offer = next((each for each in board.target.offers if each.kind is kind), None)
        if offer is None:
            raise UserFacingError("That day can't be reached any more.", "Open /letters board again: it offers the days that still can.")
        if offer.kind is OfferKind.NEXT_SEASON:
            return await self.go_to_season(member_id, offer.season_year)
        return await self.set_target(member_id, offer.day)

    async def go_to_season(self, member_id: int, season_year: int) -> Board:
        """Aim at another season; letters that have not arrived and were not declined go along, those that have stay where they are."""
        async with self.changing:
            board = await self.board(member_id)
            target_year = self.plans.target_year(board.member)
            if not target_year <= season_year <= target_year + 1:
                raise UserFacingError("That season can't be chosen here.", "Use /start to change the Match that you aim at.")
            if season_year == board.season_year:
                return board
            going = [letter for letter in board.letters if not letter.is_in and not letter.is_declined]
            there = await self._letters.letters_of(member_id, season_year)
            if len(there) + len(going) > MAX_LETTERS:
                raise _too_many(season_year)
            chosen = season_year if season_year > target_year else None
            await self.plans.change(member_id, season_year=chosen, target_on=None)
            await self._letters.save(replace(letter, season_year=season_year, target_on=None) for letter in going)
            if season_year > board.season_year:  # what was assigned there is to be assigned again
                await self.programs.begin_anew(member_id, [letter.id for letter in going])
            return await self._after_targets(board)

    async def _after_targets(self, before: Board) -> Board:
        """Let the steps of her letters follow a target that has moved; return the board as it is now."""
        after = await self.board(before.member.id)
        earlier = {letter.id: letter for letter in before.letters}
        for letter in after.letters:
            was = earlier.get(letter.id, letter)
            targets = (self.plans.target_of(was, before), self.plans.target_of(letter, after))
            await self.follow_ups.adjust(after.member, was, letter, targets)
        return after

    # --- changing

    async def add(self, member_id: int, writer: str, **details: object) -> Letter:
        """Add a planned letter to the season that she is in; raise UserFacingError for texts that can't be taken or one too many."""
        member = await self.plans.member(member_id)
        year, now = await self.season_of(member), self._clock.now()
        letter = Letter(new_id(), member_id, year, LetterState.PLANNED, now, now, writer)
        return await self._add(self._checked(replace(letter, **details), member, letter))

    async def import_letter(self, member_id: int, from_year: int, writer: str, **details: object) -> Letter:
        """Add a letter of one of the seven seasons before: it is uploaded already, and is assigned anew."""
        member = await self.plans.member(member_id)
        year, now = await self.season_of(member), self._clock.now()
        if not year - SEASONS_IMPORTED <= from_year < year:
            raise UserFacingError(
                f"ERAS imports letters of the {SEASONS_IMPORTED} seasons before, {year - SEASONS_IMPORTED} to {year - 1}.",
                "Ask the writer for a new one, or choose one of those seasons.",
            )
        letter = Letter(new_id(), member_id, year, LetterState.UPLOADED, now, now, writer, imported_from=from_year)
        letter = self._checked(replace(letter, **details), member, letter)
        there = await self._letters.letters_of(member_id, year)
        if any(each.imported_from == from_year and each.writer.casefold() == letter.writer.casefold() for each in there):
            raise UserFacingError("That letter stands on your board already.", "Open it there to assign it.")
        return await self._add(letter)

    async def import_stored(self, member_id: int, letter_id: str) -> Letter:
        """Import a letter that stands on an earlier board of hers, with what is known of the writer."""
        old = await self.get(member_id, letter_id)
        kept = ("role", "specialty", "setting", "country", "is_physician", "weeks", "last_on", "kind", "waiver", "concerns", "notes")
        if not old.is_readable:
            raise UNREADABLE
        if not old.is_in or old.service is not ApplicationService.ERAS:
            raise UserFacingError("That letter can't be imported.", "ERAS imports letters that were uploaded there; ask the writer again.")
        return await self.import_letter(member_id, old.season_year, old.writer, **{name: getattr(old, name) for name in kept})

    async def importable(self, board: Board) -> tuple[Letter, ...]:
        """Return letters of earlier boards that ERAS could import and that do not stand on this one, the latest first."""
        there = {(letter.imported_from, letter.writer.casefold()) for letter in board.letters}
        seasons = range(board.season_year - SEASONS_IMPORTED, board.season_year)
        found = [
            letter
            for letter in await self._letters.letters_of(board.member.id)
            if letter.season_year in seasons and letter.is_in and letter.is_readable and letter.service is ApplicationService.ERAS
            if (letter.season_year, letter.writer.casefold()) not in there
        ]
        return tuple(reversed(found))

    async def _add(self, letter: Letter) -> Letter:
        letter = replace(letter, history=(StateChange(letter.state, letter.created_at),))
        await self.plans.ensure_member(letter.member_id)
        if not await self._letters.add(letter, most=MAX_LETTERS):
            raise _too_many(letter.season_year)
        return letter

    async def change(self, member_id: int, letter_id: str, **details: object) -> Letter:
        """Change details of a letter of hers (fields of Letter by name); raise UserFacingError for what can't be taken.

        The state has verbs of its own: ``move``, ``undo``.
        """
        return await self._changed(member_id, letter_id, lambda letter, member: self._detailed(letter, member, details))

    def _detailed(self, letter: Letter, member: Member, details: dict[str, object]) -> Letter:
        if not letter.is_readable:
            raise UNREADABLE
        changed = self._checked(replace(letter, **details), member, letter)
        return replace(changed, state=settled(changed.state, changed.service))

    async def move(self, member_id: int, letter_id: str, state: LetterState, *, shown: LetterState | None = None) -> Letter:
        """Move a letter to a state, forward or back; with ``shown``, only if it still stands where the card showed it.

        Pressed twice, the second press changes nothing.
        """
        return await self._changed(member_id, letter_id, lambda letter, _: self._moved(letter, state, shown))

    def _moved(self, letter: Letter, state: LetterState, shown: LetterState | None) -> Letter:
        if letter.state is state:
            return letter
        if shown is not None and letter.state is not shown:
            raise ELSEWHERE_NOW
        return moved(letter, state, self._clock.now())

    async def undo(self, member_id: int, letter_id: str, *, shown: int | None = None) -> Letter:
        """Take back the last change of state; with ``shown``, only if there were as many as the card showed.

        Raises:
            UserFacingError: There was none, or another since.
        """

        def back(letter: Letter, _: Member) -> Letter:
            if shown is not None and len(letter.history) != shown:
                raise ELSEWHERE_NOW
            before = undone(letter)
            if before is None:
                raise UserFacingError("There is nothing to take back.", "It stands where it began; choose a state below instead.")
            return before

        return await self._changed(member_id, letter_id, back)

    async def delete(self, member_id: int, letter_id: str) -> Letter:
        """Delete a letter with its steps, reminders and programs; return what it was."""
        async with self.changing:
            letter = await self.get(member_id, letter_id)
            await self.follow_ups.cancel_all(letter)
            if not await self._letters.delete(letter_id, member_id):
                raise GONE
            return letter

    async def _changed(self, member_id: int, letter_id: str, change: Callable[[Letter, Member], Letter]) -> Letter:
        async with self.changing:
            before = await self.get(member_id, letter_id)
            board = await self.board(member_id, before.season_year)
            after = change(before, board.member)
            if after == before:
                return before
            if before.is_declined and not after.is_declined:
                await self.programs.require_room(after)
            if await self._letters.save([after]) != 1:
                raise GONE
            targets = (self.plans.target_of(before, board), self.plans.target_of(after, board))
            await self.follow_ups.adjust(board.member, before, after, targets)
            return after

    async def _set_state(self, letter: Letter, state: LetterState) -> None:
        await self.move(letter.member_id, letter.id, state)

    def _checked(self, letter: Letter, member: Member, before: Letter) -> Letter:
        """Return a letter with its texts made one line; raise UserFacingError for what can't be taken."""
        letter = replace(
            letter, writer=one_line(letter.writer), specialty=self._specialty(one_line(letter.specialty)), notes=letter.notes.strip()
        )
        if not shows_something(letter.writer):
            raise UserFacingError("The writer has no name.", "Write a name or a word that you know them by, for example Dr. Osei.")
        for what, text, most in (
            ("A writer's name", letter.writer, MAX_WRITER),
            ("A specialty", letter.specialty, MAX_SPECIALTY),
            ("A note", letter.notes, MAX_NOTES),
        ):
            if len(text) > most:
                raise UserFacingError(f"{what} holds {most} characters; this one has {len(text):,}.", "Shorten it, and send it again.")
            if looks_like_letter_id(text):
                raise NO_KEYS if letter.is_carms else NO_LETTER_IDS
        if letter.weeks is not None and not 0 <= letter.weeks <= MOST_WEEKS:
            raise UserFacingError("That is no number of weeks that I can take.", f"Write a whole number from 0 to {MOST_WEEKS}.")
        if letter.target_on is not None and letter.target_on != before.target_on:
            self.plans.require_ahead(member, letter.target_on)
        return letter

    def _specialty(self, text: str) -> str:
        return id_or_text(self._catalogue.figures.specialties, text)


def _too_many(season_year: int) -> UserFacingError:
    return UserFacingError(
        f"You keep {MAX_LETTERS} letters of the {season_year} season, the most I hold.",
        "Delete one that you do not need, then go on.",
    )
