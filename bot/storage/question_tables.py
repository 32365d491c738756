"""The tables of questions to advisors. One row is one person's, so that no export or erasure of one reaches the other."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from bot.domain.ids import ID_LENGTH
from bot.domain.questions import QuestionRole, QuestionState, QuestionTopic
from bot.storage.tables import metadata, one_of
from bot.storage.types import Instant

question = Table(
    "question",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    # Null once she has erased what is stored of her.
    Column("member_id", BigInteger),
    Column("topic", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("is_name_hidden", Boolean, nullable=False),
    Column("waits_since", Instant, nullable=False),
    Column("asked_at", Instant),
    Column("channel_id", BigInteger),
    # The delivery of its entry in the advisors' channel.
    Column("entry_id", String(ID_LENGTH)),
    Column("answered_at", Instant),
    Column("closed_at", Instant),
    Column("rating", Integer),
    Column("lifted_at", Instant),
    Column("revision", Integer, nullable=False),
    # Null once it was withdrawn or she was erased: her words are gone.
    Column("blob", LargeBinary),
    one_of("topic", QuestionTopic),
    one_of("state", QuestionState),
    CheckConstraint("(state = 'draft') = (asked_at IS NULL)", name="asked"),
    CheckConstraint("(asked_at IS NULL) = (channel_id IS NULL) AND (asked_at IS NULL) = (entry_id IS NULL)", name="entry"),
    CheckConstraint("(state = 'withdrawn') = (blob IS NULL)", name="withdrawn"),
    CheckConstraint("member_id IS NOT NULL OR blob IS NULL", name="erased"),
    CheckConstraint("state <> 'closed' OR closed_at IS NOT NULL", name="closed"),
    CheckConstraint("state <> 'answered' OR answered_at IS NOT NULL", name="answered"),
    CheckConstraint("rating IS NULL OR (rating BETWEEN 1 AND 5 AND state IN ('closed', 'withdrawn'))", name="rating"),
    CheckConstraint("revision >= 0", name="revision"),
    Index("ix_question_queue", "guild_id", "state", "waits_since"),
    Index("ix_question_member", "member_id", "guild_id"),
)

question_claim = Table(
    "question_claim",
    metadata,
    Column("question_id", String(ID_LENGTH), ForeignKey("question.id", ondelete="CASCADE"), primary_key=True),
    # Null once the advisor has erased what is stored of them. A row of its own: what is an advisor's is never a member's too.
    Column("advisor_id", BigInteger),
    Column("claimed_at", Instant, nullable=False),
    Index("ix_question_claim_advisor", "advisor_id"),
)

question_message = Table(
    "question_message",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("question_id", String(ID_LENGTH), ForeignKey("question.id", ondelete="CASCADE"), nullable=False),
    # Null once the author has erased what is stored of them.
    Column("author_id", BigInteger),
    Column("role", String(16), nullable=False),
    Column("said_at", Instant, nullable=False),
    # The question's when it was said: what is said at one instant keeps its order.
    Column("revision", Integer, nullable=False),
    Column("blob", LargeBinary),
    one_of("role", QuestionRole),
    CheckConstraint("author_id IS NOT NULL OR blob IS NULL", name="erased"),
    Index("ix_question_message_question", "question_id", "revision"),
    Index("ix_question_message_author", "author_id"),
)
