"""Programs that members keep, and the lists that servers publish."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STAGES = "stage IN ('considering', 'applied', 'invited', 'interviewed', 'ranked', 'declined', 'rejected', 'withdrawn')"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "program",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("season_year", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(STAGES, name="ck_program_stage"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_program_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_program"),
    )
    op.create_index("ix_program_member", "program", ["member_id", "season_year"])
    op.create_table(
        "program_list",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name="pk_program_list"),
    )
