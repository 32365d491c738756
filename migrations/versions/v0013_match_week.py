"""What members say of their Match Week."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "match_week",
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("season_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("revision >= 1", name="ck_match_week_revision"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_match_week_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("member_id", "country", "season_year", name="pk_match_week"),
    )
