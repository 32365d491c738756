"""One change of a question: read, decided, stored whole with what it sends, and sent at once."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.questions import Question, QuestionMessage
from bot.domain.servers import AuditEntry
from bot.errors import UserFacingError
from bot.storage.deliveries import DeliveryRepository
from bot.storage.questions import QuestionRepository

TRIES = 5
GONE = UserFacingError("That question is not there any more.", "/ask mine shows yours.")
BUSY = UserFacingError("That question is being changed by several people at once.", "Look at it again in a moment.")


@dataclass(frozen=True, slots=True)
class Change:
    """Hold what a question becomes, what was said with it, and what is to be sent."""

    question: Question
    messages: Sequence[QuestionMessage] = ()
    sends: Sequence[Delivery] = ()
    deed: AuditEntry | None = None
    """What the audit of the server records of it."""


class QuestionChanges:
    """Make changes of questions, one after another."""

    def __init__(
        self,
        questions: QuestionRepository,
        deliveries: DeliveryRepository,
        clock: Clock,
        deliver_now: Callable[[str], Awaitable[DeliveryState]],
        wake: Callable[[datetime], None],
    ) -> None:
        self.questions = questions
        self.deliveries = deliveries
        self.clock = clock
        self._deliver_now = deliver_now
        self._wake = wake

    async def make(self, question_id: str, decide: Callable[[Question], Change | None]) -> Question:
        """Store what ``decide`` makes of a question, and send it; None leaves it as it is, whatever it raises goes through.

        Two changes at once are made one after the other: the second decides anew about what the first left.
        """
        for _ in range(TRIES):
            question = await self.questions.get(question_id)
            if question is None:
                raise GONE
            change = decide(question)
            if change is None:
                return question
            if await self.questions.save(change.question, messages=change.messages, sends=change.sends, deed=change.deed):
                await self.send(change.sends)
                return await self.questions.get(question_id) or change.question
        raise BUSY

    async def send(self, sends: Sequence[Delivery]) -> None:
        """Send what is due, in order, and wake the loop for what is due later."""
        now = self.clock.now()
        for delivery in sends:
            if delivery.due_at <= now:
                await self._deliver_now(delivery.id)
            else:
                self._wake(delivery.due_at)
