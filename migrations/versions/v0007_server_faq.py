"""What servers hold beside their channels and roles."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
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
