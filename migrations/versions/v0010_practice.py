"""Rounds of practice for interviews."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "practice",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("state IN ('under_way', 'ended')", name="ck_practice_state"),
        sa.CheckConstraint("revision >= 0", name="ck_practice_revision"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_practice_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_practice"),
    )
    op.create_index("ix_practice_member", "practice", ["member_id", "started_at"])
    open_one = sa.text("state = 'under_way'")
    op.create_index("ux_practice_under_way", "practice", ["member_id"], unique=True, sqlite_where=open_one, postgresql_where=open_one)
