"""What servers hold beside their channels and roles."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FEATURES = "feature IN ('questions', 'sharing', 'notices', 'interviews')"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "server_feature",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("feature", sa.String(length=16), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.CheckConstraint(FEATURES, name="ck_server_feature_feature"),
        sa.PrimaryKeyConstraint("guild_id", "feature", name="pk_server_feature"),
    )
    _add_answers()
    _add_interviews()


def _add_answers() -> None:
    op.create_table(
        "server_answer",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("catalogue_id", sa.String(length=64), nullable=True),
        sa.Column("replaces", sa.String(length=16), nullable=True),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("state IN ('draft', 'kept')", name="ck_server_answer_state"),
        sa.CheckConstraint("(catalogue_id IS NULL) = (blob IS NOT NULL)", name="ck_server_answer_own"),
        sa.CheckConstraint("state = 'kept' OR author_id IS NOT NULL", name="ck_server_answer_draft"),
        sa.PrimaryKeyConstraint("id", name="pk_server_answer"),
        sa.UniqueConstraint("guild_id", "catalogue_id", name="uq_server_answer_guild_id"),
    )
    op.create_index("ix_server_answer_guild", "server_answer", ["guild_id", "state", "position"])
    op.create_index("ix_server_answer_author", "server_answer", ["author_id"])


def _add_interviews() -> None:
    op.create_table(
        "interview_report",
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("program_id", sa.String(length=16), nullable=False),
        sa.Column("season_year", sa.Integer(), nullable=False),
        sa.Column("heard_on", sa.Date(), nullable=False),
        sa.Column("reported_at", sa.BigInteger(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_interview_report_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("member_id", "guild_id", "program_id", name="pk_interview_report"),
    )
    op.create_index("ix_interview_report_guild", "interview_report", ["guild_id", "season_year", "program_id"])
    op.create_table(
        "hidden_program",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("program_id", sa.String(length=16), nullable=False),
        sa.Column("season_year", sa.Integer(), nullable=False),
        sa.Column("hidden_at", sa.BigInteger(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "program_id", name="pk_hidden_program"),
    )
