"""The advisors' side of questions: the queue of one server, claimed, answered, closed, counted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.delivery import Delivery
from bot.domain.letter_texts import shows_something
from bot.domain.questions import WAITING, Question, QuestionMessage, QuestionRole, QuestionState, QueueFigures
from bot.domain.servers import AuditEntry, Deed
from bot.errors import UserFacingError
from bot.services import question_posts as posts
from bot.services.question_changes import Change, QuestionChanges
from bot.storage.identifiers import new_id

MAX_ANSWER = 1_500
MAX_REASON = 300
CLAIM_HOLDS = timedelta(days=1)
"""After this another advisor may take a claimed question over."""
FIGURES_OF = timedelta(days=30)

GONE = UserFacingError("That question is not there any more.", "/advisor queue shows what waits in this server.")
WITHDRAWN = UserFacingError("The member withdrew that question.", "Nothing more is to be done; /advisor queue shows what waits.")
CLOSED = UserFacingError("That question is closed.", "If the member asks on, it comes back here.")
TAKEN = UserFacingError(
    "Another advisor has claimed that question.", "It can be taken over a day after it was claimed; /advisor queue shows what waits."
)
NO_HIDDEN_NAME = UserFacingError("The name of that member is not hidden.", "It stands in the question's entry.")
ERASED = UserFacingError("That member has erased her data.", "Who asked is not known any more.")


class AdvisingService:
    """Answer what members ask: each method takes the server whose question it must be."""

    def __init__(self, changes: QuestionChanges) -> None:
        self._changes = changes
        self._questions = changes.questions
        self._deliveries = changes.deliveries
        self._clock = changes.clock

    async def get(self, question_id: str, guild_id: int) -> Question:
        """Return a question that was sent in a server; raise UserFacingError where it is gone, or another server's."""
        question = await self._questions.get(question_id)
        if question is None:
            raise GONE
        return _of(question, guild_id)

    async def messages(self, question_id: str, guild_id: int) -> list[QuestionMessage]:
        """Return what was said about a question, in order."""
        await self.get(question_id, guild_id)
        return await self._questions.messages(question_id)

    async def queue(self, guild_id: int, limit: int, offset: int = 0) -> tuple[list[Question], bool]:
        """Return the questions of a server that are not closed, the one that waits longest first, and whether there is more."""
        found = await self._questions.under_way(guild_id, limit + 1, offset)
        return found[:limit], len(found) > limit

    async def figures(self, guild_id: int) -> QueueFigures:
        """Return counts, and the waiting times and ratings of the last 30 days, of one server."""
        since = self._clock.now() - FIGURES_OF
        waits = [(answered - asked).total_seconds() for asked, answered in await self._questions.waits(guild_id, since)]
        return QueueFigures(
            counts=await self._questions.counts(guild_id),
            waits=tuple(sorted(waits)),
            ratings=tuple(await self._questions.ratings(guild_id, since)),
            oldest=await self._questions.oldest_waiting(guild_id),
        )

    async def claim(self, question_id: str, guild_id: int, advisor_id: int) -> Question:
        """Let an advisor take a question on; claiming twice changes nothing."""

        def decide(question: Question, now: datetime) -> Change | None:
            if question.state is QuestionState.CLAIMED and question.claimed_by == advisor_id:
                return None
            if question.state is QuestionState.ANSWERED:
                raise UserFacingError("That question is answered.", "If the member asks on, it comes back here.")
            self._require_free(question, advisor_id)
            claimed = replace(question, state=QuestionState.CLAIMED, claimed_by=advisor_id, claimed_at=now)
            return Change(claimed, sends=[posts.entry_state(question, now)])

        return await self._make(question_id, guild_id, decide)

    async def answer(self, question_id: str, guild_id: int, advisor_id: int, text: str) -> Question:
        """Answer a question: it goes to her by direct message, or waits in her inbox.

        Raises:
            UserFacingError: It is gone, closed, withdrawn or claimed by another; or the text can't be sent.
        """
        text = _words(text, MAX_ANSWER)

        def decide(question: Question, now: datetime) -> Change:
            self._require_free(question, advisor_id)
            message = QuestionMessage(new_id(), question.id, advisor_id, QuestionRole.ADVISOR, now, text)
            answered = replace(
                question,
                state=QuestionState.ANSWERED,
                claimed_by=advisor_id,
                claimed_at=now if question.claimed_by != advisor_id else question.claimed_at,
                answered_at=question.answered_at or now,
            )
            return Change(answered, [message], [posts.entry_state(question, now), *posts.news(question, "answer", text, now)])

        return await self._make(question_id, guild_id, decide)

    async def close(self, question_id: str, guild_id: int, advisor_id: int) -> Question:
        """Close a question, and tell her; closing twice changes nothing."""

        def decide(question: Question, now: datetime) -> Change | None:
            if question.state is QuestionState.CLOSED:
                return None
            self._require_free(question, advisor_id)
            closed = replace(question, state=QuestionState.CLOSED, closed_at=now)
            return Change(closed, sends=[posts.entry_state(question, now), *posts.news(question, "closed", "", now)])

        return await self._make(question_id, guild_id, decide)

    async def lift(self, question_id: str, guild_id: int, moderator_id: int, reason: str) -> Question:
        """Lift a hidden name for abuse: the reason is recorded, and told to her; who asked stands in what is returned.

        Raises:
            UserFacingError: It is gone or withdrawn, the name is not hidden, she erased her data, or there is no reason.
        """
        reason = _words(reason, MAX_REASON)

        def decide(question: Question, now: datetime) -> Change | None:
            if not question.is_name_hidden:
                raise NO_HIDDEN_NAME
            if question.member_id is None:
                raise ERASED
            if question.lifted_at is not None:
                return None
            why = QuestionMessage(new_id(), question.id, moderator_id, QuestionRole.MODERATOR, now, reason)
            # Without the reason, which may tell of her: it stands with the question, and goes where that goes.
            detail = {"code": question.code, "topic": question.topic.value, "id": question.id}
            deed = AuditEntry(new_id(), guild_id, moderator_id, now, Deed.NAME_LIFTED, detail)
            return Change(replace(question, lifted_at=now), [why], posts.news(question, "lifted", reason, now), deed)

        return await self._make(question_id, guild_id, decide, also_withdrawn=True)

    async def unposted(self, guild_id: int) -> list[str]:
        """Return why Discord refused the entries of a server's questions that are not closed, one reason for each question."""
        return await self._questions.unposted(guild_id)

    async def entry_of(self, question: Question) -> Delivery | None:
        """Return the delivery of a question's entry, or None."""
        return await self._deliveries.get(question.entry_id) if question.entry_id else None

    async def posted(self, delivery: Delivery) -> tuple[Question, QuestionMessage | None] | None:
        """Return the question that a delivery to the advisors' channel is about, and what was said if it is about that; None if gone."""
        message = await self._questions.message(delivery.source_id) if delivery.source in (posts.REPLY, posts.REPLY_GONE) else None
        question = await self._questions.get(message.question_id if message else delivery.source_id)
        return None if question is None else (question, message)

    async def reply_post(self, message: QuestionMessage, question: Question) -> Delivery | None:
        """Return the delivery that posted what she said since, or None."""
        return await self._deliveries.get(posts.reply(question, message, self._clock.now()).id)

    def _require_free(self, question: Question, advisor_id: int) -> None:
        if question.state is QuestionState.CLOSED:
            raise CLOSED
        if question.state is not QuestionState.CLAIMED or question.claimed_by in (None, advisor_id) or question.claimed_at is None:
            return
        if self._clock.now() < question.claimed_at + CLAIM_HOLDS:
            raise TAKEN

    async def _make(
        self, question_id: str, guild_id: int, decide: Callable[[Question, datetime], Change | None], *, also_withdrawn: bool = False
    ) -> Question:
        def checked(question: Question) -> Change | None:
            if _of(question, guild_id).state is QuestionState.WITHDRAWN and not also_withdrawn:
                raise WITHDRAWN
            return decide(question, self._clock.now())

        await self.get(question_id, guild_id)
        return await self._changes.make(question_id, checked)


def waits_untaken(question: Question, since: datetime) -> bool:
    """Tell whether a question has waited since then without anybody taking it on."""
    return question.state in WAITING and question.waits_since <= since


def _of(question: Question, guild_id: int) -> Question:
    if question.guild_id != guild_id or question.state is QuestionState.DRAFT:
        raise GONE
    return question


def _words(text: str, most: int) -> str:
    text = text.strip()
    if not shows_something(text):
        raise UserFacingError("There are no words in it.", "Write some, then send the form again.")
    if len(text) > most:
        raise UserFacingError(f"That is too long: {most:,} characters fit.", f"Yours has {len(text):,}. Shorten it.")
    return text
