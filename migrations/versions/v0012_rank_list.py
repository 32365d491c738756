"""Rank order lists of members."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "rank_list",
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("season_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("certified_on", sa.Date(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("revision >= 1", name="ck_rank_list_revision"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_rank_list_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("member_id", "season_year", name="pk_rank_list"),
    )
