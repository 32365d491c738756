"""A member's questions to advisors: drafted, seen as they will be, sent, answered, taken back."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState
from bot.domain.letter_texts import shows_something
from bot.domain.member import Country, Member
from bot.domain.questions import (
    UNDER_WAY,
    WAITING,
    Question,
    QuestionMessage,
    QuestionRole,
    QuestionState,
    QuestionTopic,
    SharedFact,
)
from bot.errors import UserFacingError
from bot.services import question_posts as posts
from bot.services.members import MemberService
from bot.services.question_changes import GONE, Change, QuestionChanges
from bot.storage.identifiers import new_id

MAX_QUESTION = 1_500
MOST_UNDER_WAY = 3
"""Questions of one member in one server that are not closed."""
MOST_REPLIES = 5
"""Replies of hers without an answer in between."""
DRAFTS_KEPT = timedelta(days=7)
RATINGS = range(1, 6)

COUNTRIES = {Country.UNITED_STATES: "United States", Country.CANADA: "Canada"}

DRAFT_GONE = UserFacingError(
    "That draft is not there any more.", "Drafts are kept for a week, and a change takes the place of the one before. Use /ask new."
)
SENT_ALREADY = UserFacingError("That question was sent already.", "/ask mine shows it, and withdraws it.")
TOO_MANY = UserFacingError(
    f"You have {MOST_UNDER_WAY} questions under way in this server.",
    "Your text is kept as a draft. Close or withdraw one with /ask mine, then use /ask new again.",
)
WITHDRAWN = UserFacingError("You withdrew that question, and its words are erased.", "/ask new asks another one.")
CLOSED = UserFacingError("That question is closed.", "Reopen it with /ask mine first.")
NOT_SENT = UserFacingError("That question was never sent.", "/ask new shows the draft.")
NO_WORDS = UserFacingError("There are no words in it.", "Write your question, then send the form again.")
STALE = UserFacingError("That form is from before a change.", "Open it again with /ask new.")


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold what became of a question that was sent: itself, and the delivery of its entry."""

    question: Question
    delivery: Delivery


def facts_of(member: Member) -> dict[SharedFact, str]:
    """Return the single facts that she may share, in words; only what she told in /start."""
    countries = " and ".join(COUNTRIES[country] for country in Country if country in member.countries)
    found = {
        SharedFact.COUNTRIES: countries,
        SharedFact.TARGET_YEAR: str(member.target_year or ""),
        SharedFact.ZONE: member.zone or "",
    }
    return {fact: words for fact, words in found.items() if words}


class QuestionService:
    """Keep what members ask: each method takes the member whose question it must be."""

    def __init__(self, changes: QuestionChanges, members: MemberService) -> None:
        self._changes = changes
        self._questions = changes.questions
        self._deliveries = changes.deliveries
        self._members = members
        self._clock = changes.clock

    async def draft(
        self, guild_id: int, member_id: int, topic: QuestionTopic, text: str, ticked: Collection[SharedFact], *, is_name_hidden: bool
    ) -> Question:
        """Keep a draft for a week, in the place of the one before, with the facts that she ticked as they stand now.

        Raises:
            UserFacingError: The text can't be sent.
        """
        text = _words(text)
        await self.discard_old_drafts()
        facts = facts_of(await self._members.get(member_id))
        question = Question(
            id=new_id(),
            guild_id=guild_id,
            member_id=member_id,
            topic=topic,
            state=QuestionState.DRAFT,
            is_name_hidden=is_name_hidden,
            waits_since=self._clock.now(),
            text=text,
            facts={fact: words for fact, words in facts.items() if fact in ticked},
        )
        await self._questions.add_draft(question)
        return question

    async def discard_old_drafts(self) -> None:
        """Throw away the drafts that nobody sent within a week."""
        await self._questions.discard_old_drafts(self._clock.now() - DRAFTS_KEPT)

    async def draft_of(self, member_id: int, guild_id: int) -> Question | None:
        """Return the draft that she has in a server, or None."""
        draft = await self._questions.draft_of(member_id, guild_id)
        return None if draft is None or draft.waits_since < self._clock.now() - DRAFTS_KEPT else draft

    async def get(self, question_id: str, member_id: int) -> Question:
        """Return a question of hers; raise UserFacingError where it is gone, another's, or a draft that ended."""
        question = await self._questions.get(question_id)
        if question is None or question.member_id != member_id:
            raise GONE
        if question.state is QuestionState.DRAFT and question.waits_since < self._clock.now() - DRAFTS_KEPT:
            raise DRAFT_GONE
        return question

    async def draft_to_send(self, question_id: str, member_id: int) -> Question:
        """Return a draft of hers; raise UserFacingError where it is none any more."""
        try:
            question = await self.get(question_id, member_id)
        except UserFacingError:
            raise DRAFT_GONE from None
        if question.state is not QuestionState.DRAFT:
            raise SENT_ALREADY
        return question

    async def discard(self, question_id: str, member_id: int) -> None:
        """Throw a draft away; raise UserFacingError where it is gone or was sent."""
        await self.draft_to_send(question_id, member_id)
        if not await self._questions.discard(question_id, member_id):
            raise SENT_ALREADY

    async def send(self, question_id: str, member_id: int, channel_id: int) -> Asked:
        """Send a draft of hers to the advisors' channel; where Discord refuses the entry, it becomes a draft again.

        Raises:
            UserFacingError: It is no draft any more, or she has too many questions under way.
        """
        draft = await self.draft_to_send(question_id, member_id)
        await self._members.remember(member_id)  # an answer needs someone whom it is for
        now = self._clock.now()
        entry = posts.entry(draft, channel_id, now)
        asked = replace(draft, state=QuestionState.OPEN, asked_at=now, waits_since=now, channel_id=channel_id, entry_id=entry.id)
        sends = [entry, posts.waits(draft, channel_id, now)]
        if not await self._questions.save(asked, sends=sends, at_most=MOST_UNDER_WAY):
            await self.draft_to_send(question_id, member_id)  # sent meanwhile, or gone
            raise TOO_MANY
        await self._changes.send(sends)
        delivery = await self._deliveries.get(entry.id) or entry
        if delivery.state is DeliveryState.PARKED:
            await self._changes.make(question_id, _as_draft)
        return Asked(await self.get(question_id, member_id), delivery)

    async def entry_refused(self, delivery: Delivery, reason: str) -> Delivery | None:
        """Return the message to her whose question's entry Discord refused for good, with the reason; None for all other deliveries."""
        if delivery.kind is not DeliveryKind.QUESTION or delivery.source != posts.ENTRY:
            return None
        question = await self._questions.get(delivery.source_id)
        if question is None:
            return None
        return next(iter(posts.unposted(question, delivery.id, reason, self._clock.now())), None)

    async def is_unposted(self, delivery: Delivery) -> bool:
        """Tell whether the question that such a message is about still waits without its entry."""
        question = await self._questions.get(delivery.source_id)
        return question is not None and question.state in WAITING and question.entry_id == delivery.payload.get("entry")

    async def page(self, member_id: int, guild_id: int | None, limit: int, offset: int = 0) -> tuple[list[Question], bool]:
        """Return what she asked in a server, or everywhere, the newest first, and whether there is more."""
        found = await self._questions.asked_by(member_id, guild_id, limit + 1, offset)
        return found[:limit], len(found) > limit

    async def messages(self, question_id: str, member_id: int) -> list[QuestionMessage]:
        """Return what was said about a question of hers, in order."""
        await self.get(question_id, member_id)
        return await self._questions.messages(question_id)

    async def reply(self, question_id: str, member_id: int, text: str) -> Question:
        """Add what she says to a question of hers; an answered one waits again.

        Raises:
            UserFacingError: It is gone, another's, closed or withdrawn; the text can't be sent; or too much waits unanswered.
        """
        text = _words(text)
        before = await self.messages(question_id, member_id)
        answers = [number for number, message in enumerate(before) if message.role is QuestionRole.ADVISOR]
        unanswered = [each for each in before[(answers[-1] + 1 if answers else 0) :] if each.role is QuestionRole.MEMBER]
        if len(unanswered) >= MOST_REPLIES:
            raise UserFacingError("Your last messages have no answer yet.", "Wait for it; it comes to you, and stands in /ask mine.")
        message = QuestionMessage(new_id(), question_id, member_id, QuestionRole.MEMBER, self._clock.now(), text)

        def decide(question: Question) -> Change:
            _require_under_way(_hers(question, member_id))
            now = self._clock.now()
            post = posts.reply(question, message, now)
            if question.state is not QuestionState.ANSWERED:
                return Change(question, [message], [post])
            again = self._reopened(question)
            return Change(again.question, [message], [*again.sends, post])

        return await self._changes.make(question_id, decide)

    async def reopen(self, question_id: str, member_id: int) -> Question:
        """Let an answered or closed question of hers wait again; raise UserFacingError where she may not."""
        question = await self.get(question_id, member_id)
        under_way = 0
        if question.state is QuestionState.CLOSED:
            found = await self._questions.asked_by(member_id, question.guild_id, 100)
            under_way = sum(each.state in UNDER_WAY for each in found)
        if under_way >= MOST_UNDER_WAY:
            raise TOO_MANY

        def decide(question: Question) -> Change | None:
            _require_sent(_hers(question, member_id))
            if question.state not in (QuestionState.ANSWERED, QuestionState.CLOSED):
                return None
            return self._reopened(question)

        return await self._changes.make(question_id, decide)

    async def close(self, question_id: str, member_id: int) -> Question:
        """Close a question of hers; closing twice changes nothing."""

        def decide(question: Question) -> Change | None:
            _require_sent(_hers(question, member_id))
            if question.state is QuestionState.CLOSED:
                return None
            now = self._clock.now()
            closed = replace(question, state=QuestionState.CLOSED, closed_at=now)
            return Change(closed, sends=[posts.entry_state(question, now)])

        return await self._changes.make(question_id, decide)

    async def rate(self, question_id: str, member_id: int, rating: int) -> Question:
        """Note how well a closed question of hers was answered, from 1 to 5; the last one counts."""
        if rating not in RATINGS:
            raise STALE

        def decide(question: Question) -> Change:
            _require_sent(_hers(question, member_id))
            if question.state is not QuestionState.CLOSED:
                raise UserFacingError("That question is not closed.", "Close it first, then rate how it was answered.")
            return Change(replace(question, rating=rating))

        return await self._changes.make(question_id, decide)

    async def withdraw(self, question_id: str, member_id: int) -> Question:
        """Take a question of hers back, with all that she said: erased here, and in the advisors' channel; twice changes nothing."""
        said = [each for each in await self.messages(question_id, member_id) if each.role is QuestionRole.MEMBER]

        def decide(question: Question) -> Change | None:
            if _hers(question, member_id).state is QuestionState.WITHDRAWN:
                return None
            if question.state is QuestionState.DRAFT:
                raise NOT_SENT
            now = self._clock.now()
            taken_back = [posts.reply_gone(question, message, now) for message in said]
            gone = replace(question, state=QuestionState.WITHDRAWN, text="", facts={}, claimed_by=None)
            return Change(gone, sends=[posts.entry_state(question, now), *taken_back])

        return await self._changes.make(question_id, decide)

    async def withdraw_all(self, member_id: int) -> None:
        """Take everything back that she asked, before she is erased."""
        for question_id in await self._questions.not_withdrawn(member_id):
            await self.withdraw(question_id, member_id)

    def _reopened(self, question: Question) -> Change:
        now = self._clock.now()
        assert question.channel_id is not None  # noqa: S101 - it was sent
        again = replace(question, state=QuestionState.REOPENED, waits_since=now, rating=None, closed_at=None)
        return Change(again, sends=[posts.entry_state(question, now), posts.waits(question, question.channel_id, now)])


def _words(text: str) -> str:
    text = text.strip()
    if not shows_something(text):
        raise NO_WORDS
    if len(text) > MAX_QUESTION:
        raise UserFacingError(f"That is too long: {MAX_QUESTION:,} characters fit.", f"Yours has {len(text):,}. Shorten it.")
    return text


def _as_draft(question: Question) -> Change | None:
    if question.state is not QuestionState.OPEN:
        return None
    return Change(replace(question, state=QuestionState.DRAFT, asked_at=None, channel_id=None, entry_id=None))


def _hers(question: Question, member_id: int) -> Question:
    if question.member_id != member_id:
        raise GONE
    return question


def _require_sent(question: Question) -> None:
    if question.state is QuestionState.DRAFT:
        raise NOT_SENT
    if question.state is QuestionState.WITHDRAWN:
        raise WITHDRAWN


def _require_under_way(question: Question) -> None:
    _require_sent(question)
    if question.state is QuestionState.CLOSED:
        raise CLOSED
