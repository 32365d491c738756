"""When a member took the app off her account."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("member", sa.Column("removed_at", sa.BigInteger(), nullable=True))
