"""What members mark of their way."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "journey",
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("revision >= 1", name="ck_journey_revision"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_journey_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("member_id", name="pk_journey"),
    )
