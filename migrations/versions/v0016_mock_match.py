"""Mock matches of servers, and the lists of those who play."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "mock_match",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("blob", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'revealed', 'stopped')", name="ck_mock_match_state"),
        sa.CheckConstraint("state = 'open' OR closed_at IS NOT NULL", name="ck_mock_match_closed"),
        sa.CheckConstraint("state = 'revealed' OR blob IS NULL", name="ck_mock_match_numbers"),
        sa.PrimaryKeyConstraint("id", name="pk_mock_match"),
    )
    op.create_index("ux_mock_match_open", "mock_match", ["guild_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_mock_match_author", "mock_match", ["author_id"])
    op.create_table(
        "mock_match_list",
        sa.Column("mock_match_id", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["mock_match_id"], ["mock_match.id"], name="fk_mock_match_list_mock_match_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_mock_match_list_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("mock_match_id", "member_id", name="pk_mock_match_list"),
    )
    op.create_index("ix_mock_match_list_member", "mock_match_list", ["member_id"])
