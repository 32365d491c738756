"""How long what is stored lasts: what a member kept, and since when the bot is no longer in a server."""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import replace_check

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

DELIVERY_KINDS = (
    "kind IN ('greeting', 'season_date', 'date_moved', 'own', 'letter', 'rule_change', 'notice', 'notice_fan', 'notice_recall', "
    "'start_here', 'live_card', 'nudge', 'question', 'answer', 'slot', 'alarm', 'server_event', 'status_line', 'expiry', 'expiry_look')"
)


def upgrade() -> None:
    """Add the columns and the table, and let the new kinds in."""
    replace_check("delivery", "ck_delivery_kind", DELIVERY_KINDS)
    op.add_column("member", sa.Column("kept_until", sa.Date(), nullable=True))
    op.add_column("member", sa.Column("notice_waits_since", sa.BigInteger(), nullable=True))
    op.create_table(
        "server_removal",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name="pk_server_removal"),
    )
