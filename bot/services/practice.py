"""Practising for interviews: rounds are set up, answered, marked by herself, and looked at again."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.domain import practice as rules
from bot.domain.interview_texts import ApplicantKind, InterviewQuestion, InterviewTexts
from bot.domain.practice import KnownKind, Mark, Practised, Round, RoundState, Standing
from bot.errors import UserFacingError
from bot.services.members import MemberService
from bot.storage.eligibility import EligibilityRepository
from bot.storage.identifiers import new_id
from bot.storage.practice import PracticeRepository

TRIES = 5

GONE = UserFacingError("That round is not there any more.", "/interviews practice shows what there is.")
UNREADABLE = UserFacingError("That round can't be read any more.", "End or remove it; the others are as they were.")
CHANGING = UserFacingError("That round was being changed at the same moment.", "Press again; nothing is lost.")
FULL = UserFacingError(
    f"You have {rules.MAX_ROUNDS} rounds stored, which is the most I hold.", "Open the history and remove one that you don't need."
)
NOT_HELD = UserFacingError("That question does not stand in the record any more.", "/interviews practice shows those that do.")
NOTHING_TO_ASK = UserFacingError("There is nothing to ask in that.", "Choose another group.")
NOT_DONE = UserFacingError("That question was not answered yet.", "Press Done first, then look at your answer.")


@dataclass(frozen=True, slots=True)
class Started:
    """Hold the round that goes on now, and whether it was begun just now."""

    round_: Round
    is_new: bool


class PracticeService:
    """Keep what members practise: each method takes the member whose round it must be."""

    def __init__(
        self, rounds: PracticeRepository, members: MemberService, checked: EligibilityRepository, catalogue: Catalogue, clock: Clock
    ) -> None:
        self._rounds = rounds
        self._members = members
        self._checked = checked
        self._catalogue = catalogue
        self._clock = clock

    @property
    def texts(self) -> InterviewTexts:
        """Return every question, and what is read beside them."""
        return self._catalogue.interviews

    def question(self, question_id: str) -> InterviewQuestion:
        """Return a question; raise UserFacingError where it is held no more."""
        question = self.texts.questions.get(question_id)
        if question is None:
            raise NOT_HELD
        return question

    async def known_kind(self, member_id: int) -> KnownKind:
        """Return whom she answers as, from what she has saved."""
        saved = await self._checked.get(member_id)
        return rules.kind_of(saved.answers if saved else None, (await self._members.get(member_id)).countries)

    async def under_way(self, member_id: int) -> Round | None:
        """Return her round that goes on, or None."""
        return await self._rounds.under_way(member_id)

    async def rounds_of(self, member_id: int) -> tuple[Round, ...]:
        """Return her rounds, the newest first."""
        return await self._rounds.rounds_of(member_id)

    async def standings(self, member_id: int) -> dict[str, Standing]:
        """Return how each question stands that she has answered and that is still held."""
        found = rules.standings(await self._rounds.rounds_of(member_id))
        return {each: standing for each, standing in found.items() if each in self.texts.questions}

    async def due(self, member_id: int) -> list[Standing]:
        """Return what is due again, the weakest first."""
        return rules.due(await self.standings(member_id), self._clock.now())

    async def get(self, member_id: int, round_id: str) -> Round:
        """Return a round of hers; raise UserFacingError where it is gone, another's, or can't be read."""
        round_ = await self._rounds.get(round_id)
        if round_ is None or round_.member_id != member_id:
            raise GONE
        if not round_.is_readable:
            raise UNREADABLE
        return round_

    async def start(self, member_id: int, of: str, kind: ApplicantKind, count: int, seconds: int) -> Started:
        """Begin a round and put its first question; where one goes on already, that one is returned.

        Raises:
            UserFacingError: There is nothing to ask, or she has as many rounds as are held.
        """
        found = await self.standings(member_id)
        if of == rules.AGAIN:
            chosen = [each.question_id for each in rules.due(found, self._clock.now())][:count]
        else:
            questions = self.texts.asked_of(kind, None if of == rules.MIXED else of)
            chosen = rules.picked(questions, count, found, seed=new_id())
        return await self._begin(member_id, of, kind, seconds, chosen)

    async def start_one(self, member_id: int, question_id: str, kind: ApplicantKind, seconds: int) -> Started:
        """Begin a round of one question."""
        question = self.question(question_id)
        return await self._begin(member_id, question.group, kind, seconds, [question.id])

    async def _begin(self, member_id: int, of: str, kind: ApplicantKind, seconds: int, chosen: list[str]) -> Started:
        open_one = await self._rounds.under_way(member_id)
        if open_one is not None:
            return Started(open_one, is_new=False)
        if not chosen:
            raise NOTHING_TO_ASK
        await self._members.remember(member_id)
        now = self._clock.now()
        items = tuple(Practised(each) for each in chosen)
        round_ = rules.begun(Round(new_id(), member_id, RoundState.UNDER_WAY, now, now, of, kind, seconds, items), now)
        if await self._rounds.start(round_, most=rules.MAX_ROUNDS):
            return Started(round_, is_new=True)
        open_one = await self._rounds.under_way(member_id)  # begun by another press meanwhile
        if open_one is None:
            raise FULL
        return Started(open_one, is_new=False)

    async def done(self, member_id: int, round_id: str, position: int) -> Round:
        """Note that she has answered a question; the first time counts."""
        return await self._at(member_id, round_id, position, lambda round_: rules.done(round_, self._clock.now()))

    async def move_on(self, member_id: int, round_id: str, position: int) -> Round:
        """Put the next question, or end the round after the last one; pressing twice moves on once."""
        return await self._at(member_id, round_id, position, lambda round_: rules.moved_on(round_, self._clock.now()))

    async def end(self, member_id: int, round_id: str) -> Round:
        """End a round of hers, also one that can't be read; ending twice changes nothing."""
        round_ = await self._rounds.get(round_id)
        if round_ is not None and round_.member_id == member_id and not round_.is_readable:
            await self._rounds.save(replace(rules.ended(round_), changed_at=self._clock.now()))
            return rules.ended(round_)
        return await self._change(member_id, round_id, rules.ended)

    async def tick(self, member_id: int, round_id: str, position: int, ticked: frozenset[str]) -> Round:
        """Note what was there in an answer; what is no criterion is left out."""
        held = frozenset(each.id for each in self.texts.criteria)
        return await self._answered(member_id, round_id, position, lambda item: replace(item, ticked=ticked & held))

    async def mark(self, member_id: int, round_id: str, position: int, mark: Mark) -> Round:
        """Note how she says that an answer went; the last one counts."""
        return await self._answered(member_id, round_id, position, lambda item: replace(item, mark=mark))

    async def note(self, member_id: int, round_id: str, position: int, text: str) -> Round:
        """Keep a note of hers on an answer, empty to remove it; raise UserFacingError where it is too long."""
        text = text.strip()
        if len(text) > rules.MAX_NOTE:
            raise UserFacingError(f"That is too long: {rules.MAX_NOTE} characters fit.", f"Yours has {len(text):,}. Shorten it.")
        return await self._answered(member_id, round_id, position, lambda item: replace(item, note=text))

    async def remove(self, member_id: int, round_id: str) -> None:
        """Delete a round of hers; one that is gone already is gone."""
        await self._rounds.remove(round_id, member_id)

    async def _at(self, member_id: int, round_id: str, position: int, change: Callable[[Round], Round]) -> Round:
        """Change a round that goes on and stands at a question; one that stands elsewhere stays as it is."""

        def at(round_: Round) -> Round:
            return change(round_) if round_.is_under_way and round_.position == position else round_

        return await self._change(member_id, round_id, at)

    async def _answered(self, member_id: int, round_id: str, position: int, change: Callable[[Practised], Practised]) -> Round:
        def at(round_: Round) -> Round:
            if not 0 <= position < len(round_.items) or round_.items[position].done_at is None:
                raise NOT_DONE
            return round_.with_item(position, change(round_.items[position]))

        return await self._change(member_id, round_id, at)

    async def _change(self, member_id: int, round_id: str, change: Callable[[Round], Round]) -> Round:
        for _ in range(TRIES):
            before = await self.get(member_id, round_id)
            after = change(before)
            if after == before:
                return before
            after = replace(after, changed_at=self._clock.now())
            if await self._rounds.save(after):
                return replace(after, revision=before.revision + 1)
        raise CHANGING
