"""Questions, stored: a change is kept whole or not at all, and of two at once only one; what must not be is refused by the database."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.questions import Question, QuestionMessage, QuestionRole, QuestionState, QuestionTopic, SharedFact
from bot.services.question_posts import entry, news
from bot.storage.delivery_rows import UNREADABLE_TEXT
from bot.storage.identifiers import new_id
from bot.storage.question_tables import question as table
from bot.storage.questions import QuestionRepository
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_member

GUILD, CHANNEL, ADVISOR = 700, 800, 900


def a_question(member_id: int = AMIRA, **changes: Any) -> Question:
    values: dict[str, Any] = {
        "topic": QuestionTopic.VISA,
        "state": QuestionState.DRAFT,
        "is_name_hidden": True,
        "waits_since": NOON,
        "text": "What of my waiver?",
        "facts": {SharedFact.TARGET_YEAR: "2027"},
    }
    return Question(new_id(), changes.pop("guild_id", GUILD), member_id, **(values | changes))


@pytest.fixture
def questions(store: Store) -> QuestionRepository:
    return QuestionRepository(store.database, store.cipher)


async def asked(questions: QuestionRepository, draft: Question | None = None, **changes: Any) -> Question:
    """Send a draft."""
    draft = draft or a_question(**changes)
    await questions.add_draft(draft)
    post = entry(draft, CHANNEL, NOON)
    sent = replace(draft, state=QuestionState.OPEN, asked_at=NOON, channel_id=CHANNEL, entry_id=post.id)
    assert await questions.save(sent, sends=[post])
    return await again(questions, draft)


async def again(questions: QuestionRepository, question: Question) -> Question:
    found = await questions.get(question.id)
    assert found is not None
    return found


def a_message(question: Question, author: int, role: QuestionRole = QuestionRole.MEMBER, text: str = "more") -> QuestionMessage:
    return QuestionMessage(new_id(), question.id, author, role, NOON, text)


async def test_what_is_stored_comes_back(questions: QuestionRepository) -> None:
    draft = a_question()
    await questions.add_draft(draft)
    assert await questions.get(draft.id) == draft
    assert await questions.draft_of(AMIRA, GUILD) == draft
    assert await questions.draft_of(DIEGO, GUILD) is None
    assert await questions.draft_of(AMIRA, GUILD + 1) is None


async def test_a_draft_takes_the_place_of_the_one_before_in_that_server_only(questions: QuestionRepository) -> None:
    first, second, elsewhere = a_question(), a_question(), a_question(guild_id=GUILD + 1)
    for draft in (first, elsewhere, second):
        await questions.add_draft(draft)
    assert await questions.get(first.id) is None
    assert await questions.get(elsewhere.id) == elsewhere


async def test_a_claim_comes_and_goes_with_its_question(questions: QuestionRepository) -> None:
    question = await asked(questions)
    claimed = replace(question, state=QuestionState.CLAIMED, claimed_by=ADVISOR, claimed_at=NOON)
    assert await questions.save(claimed)
    assert (await again(questions, question)).claimed_by == ADVISOR
    assert await questions.save(replace(await again(questions, question), state=QuestionState.OPEN, claimed_by=None))
    assert (await again(questions, question)).claimed_by is None


async def test_of_two_changes_of_one_state_one_is_kept(questions: QuestionRepository) -> None:
    question = await asked(questions)
    claims = [replace(question, state=QuestionState.CLAIMED, claimed_by=ADVISOR + number, claimed_at=NOON) for number in range(6)]
    messages = [a_message(question, ADVISOR + number, QuestionRole.ADVISOR) for number in range(6)]
    kept = await asyncio.gather(*(questions.save(claim, messages=[said]) for claim, said in zip(claims, messages, strict=True)))
    assert sum(kept) == 1
    assert (await again(questions, question)).claimed_by == ADVISOR + kept.index(True)
    assert await questions.messages(question.id) == [messages[kept.index(True)]]


async def test_of_many_sent_at_once_three_are_kept(store: Store, questions: QuestionRepository) -> None:
    await store.members.save(a_member())
    drafts = [a_question() for _ in range(6)]
    async with store.database.write() as connection:
        rows = [
            {
                "id": draft.id,
                "guild_id": GUILD,
                "member_id": AMIRA,
                "topic": "visa",
                "state": "draft",
                "is_name_hidden": True,
                "waits_since": NOON,
                "revision": 0,
                "blob": store.cipher.encrypt({"text": "x"}),
            }
            for draft in drafts
        ]
        await connection.execute(sa.insert(table), rows)
    sent = [replace(each, state=QuestionState.OPEN, asked_at=NOON, channel_id=CHANNEL, entry_id=new_id()) for each in drafts]
    kept = await asyncio.gather(*(questions.save(each, at_most=3) for each in sent))
    assert sum(kept) == 3


async def test_what_is_sent_is_stored_with_the_change_or_not_at_all(store: Store, questions: QuestionRepository) -> None:
    await store.members.save(a_member())
    question = await asked(questions)
    answered = replace(question, state=QuestionState.ANSWERED, answered_at=NOON)
    (told,) = news(question, "answer", "words", NOON)
    assert not await questions.save(replace(answered, revision=question.revision + 5), sends=[told])
    assert await store.deliveries.get(told.id) is None
    assert await questions.save(answered, sends=[told])
    assert await store.deliveries.get(told.id) is not None


async def test_withdrawing_erases_her_words_and_leaves_the_advisors(store: Store, questions: QuestionRepository) -> None:
    question = await asked(questions)
    hers, theirs = a_message(question, AMIRA), a_message(question, ADVISOR, QuestionRole.ADVISOR, "answer")
    assert await questions.save(question, messages=[hers, theirs])
    assert await questions.save(replace(await again(questions, question), state=QuestionState.WITHDRAWN))
    found = await again(questions, question)
    assert (found.text, found.facts) == ("", {})
    assert {message.text for message in await questions.messages(question.id)} == {"", "answer"}


async def test_erasing_her_leaves_what_advisors_said_and_nothing_of_hers(store: Store, questions: QuestionRepository) -> None:
    question = await asked(questions)
    hers, theirs = a_message(question, AMIRA), a_message(question, ADVISOR, QuestionRole.ADVISOR, "answer")
    assert await questions.save(question, messages=[hers, theirs])
    draft = a_question()
    await questions.add_draft(draft)
    await store.privacy.erase(AMIRA)
    assert await questions.get(draft.id) is None
    found = await again(questions, question)
    assert (found.member_id, found.text, found.state) == (None, "", QuestionState.WITHDRAWN)
    assert {(message.author_id, message.text) for message in await questions.messages(question.id)} == {(None, ""), (ADVISOR, "answer")}


async def test_an_export_of_one_side_holds_nothing_of_the_other(store: Store, questions: QuestionRepository) -> None:
    question = await asked(questions)
    said = [a_message(question, AMIRA, text="tamarind"), a_message(question, ADVISOR, QuestionRole.ADVISOR, "papaya")]
    claimed = replace(question, state=QuestionState.CLAIMED, claimed_by=ADVISOR, claimed_at=NOON)
    assert await questions.save(claimed, messages=said)
    hers, theirs = str(await store.privacy.export(AMIRA)), str(await store.privacy.export(ADVISOR))
    assert "waiver" in hers
    assert "tamarind" in hers
    assert str(ADVISOR) not in hers
    assert "papaya" not in hers
    assert "papaya" in theirs
    assert str(AMIRA) not in theirs
    assert "waiver" not in theirs
    assert "tamarind" not in theirs


async def test_lists_and_counts_are_of_one_server(questions: QuestionRepository) -> None:
    here = await asked(questions)
    later = await asked(questions, waits_since=NOON + timedelta(minutes=1))
    await asked(questions, guild_id=GUILD + 1)
    assert [each.id for each in await questions.under_way(GUILD, 10)] == [here.id, later.id]
    assert await questions.counts(GUILD) == {QuestionState.OPEN: 2}
    assert await questions.oldest_waiting(GUILD) == NOON
    assert await questions.oldest_waiting(GUILD + 2) is None
    assert await questions.save(replace(here, state=QuestionState.ANSWERED, answered_at=NOON + timedelta(hours=2)))
    assert await questions.waits(GUILD, NOON) == [(NOON, NOON + timedelta(hours=2))]
    assert await questions.waits(GUILD + 1, NOON) == []
    assert len(await questions.asked_by(AMIRA, GUILD, 10)) == 2
    assert len(await questions.asked_by(AMIRA, None, 10)) == 3


async def test_old_drafts_go_and_what_was_sent_stays(questions: QuestionRepository) -> None:
    sent, draft = await asked(questions), a_question()
    await questions.add_draft(draft)
    assert await questions.discard_old_drafts(NOON + timedelta(seconds=1)) == 1
    assert await questions.get(draft.id) is None
    assert await questions.get(sent.id) == sent
    assert not await questions.discard(sent.id, AMIRA)


async def test_words_that_can_not_be_read_are_said_to_be_so(store: Store, questions: QuestionRepository) -> None:
    question = await asked(questions)
    async with store.database.write() as connection:
        await connection.execute(sa.update(table).values(blob=b"damaged"))
    assert (await again(questions, question)).text == UNREADABLE_TEXT


@pytest.mark.parametrize(
    "values",
    [
        {"state": "draft"},
        {"state": "withdrawn"},
        {"state": "closed"},
        {"state": "answered"},
        {"state": "lost"},
        {"topic": "gossip"},
        {"rating": 5},
        {"state": "closed", "closed_at": NOON, "rating": 6},
        {"blob": None},
        {"member_id": None},
        {"channel_id": None},
        {"entry_id": None},
    ],
)
async def test_what_must_not_be_is_refused_by_the_database(store: Store, questions: QuestionRepository, values: dict[str, Any]) -> None:
    await asked(questions)
    with pytest.raises(sa.exc.IntegrityError):
        async with store.database.write() as connection:
            await connection.execute(sa.update(table).values(values))
