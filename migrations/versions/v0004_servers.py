"""What managers set up: channels, roles, zone; who changed what; who wants a server's notices; notices to many, at a time."""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import replace_check

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DELIVERY_KINDS = (
    "kind IN ('greeting', 'season_date', 'date_moved', 'own', 'letter', 'rule_change', 'notice', 'notice_fan', 'notice_recall', "
    "'start_here', 'live_card', 'nudge', 'status_line')"
)
BROADCAST_STATES = "state IN ('draft', 'waiting', 'confirmed', 'paused', 'stopped', 'recalled')"


def upgrade() -> None:
    """Add the columns and tables, and let the new kinds and states in."""
    replace_check("delivery", "ck_delivery_kind", DELIVERY_KINDS)
    op.create_index("ix_delivery_source", "delivery", ["source", "source_id", "state"])
    for name in ("notice_channel_id", "advisor_channel_id", "celebration_channel_id"):
        op.add_column("server", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("server", sa.Column("zone", sa.String(length=64), nullable=True))
    op.add_column("server", sa.Column("is_approved_by_two", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "server_role",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("role_id", sa.BigInteger(), nullable=False),
        sa.Column("duty", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "role_id", "duty", name="pk_server_role"),
        sa.CheckConstraint("duty IN ('moderator', 'advisor')", name="ck_server_role_duty"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_guild", "audit", ["guild_id", "at"])
    op.create_index("ix_audit_actor", "audit", ["actor_id"])
    op.create_table(
        "notice_wish",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "guild_id", name="pk_notice_wish"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_notice_wish_member_id", ondelete="CASCADE"),
    )
    op.create_index("ix_notice_wish_guild", "notice_wish", ["guild_id"])
    _broadcasts()


def _broadcasts() -> None:
    op.create_table(
        "broadcast_channel",
        sa.Column("broadcast_id", sa.String(length=16), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("broadcast_id", "channel_id", name="pk_broadcast_channel"),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcast.id"], name="fk_broadcast_channel_broadcast_id", ondelete="CASCADE"),
    )
    op.execute(sa.text("INSERT INTO broadcast_channel (broadcast_id, channel_id) SELECT id, channel_id FROM broadcast"))
    op.drop_column("broadcast", "channel_id")
    op.add_column("broadcast", sa.Column("send_at", sa.BigInteger(), nullable=True))
    op.add_column("broadcast", sa.Column("is_to_members", sa.Boolean(), nullable=False, server_default=sa.false()))
    replace_check("broadcast", "ck_broadcast_state", BROADCAST_STATES)
    replace_check("broadcast", "ck_broadcast_confirmed", "(state IN ('draft', 'waiting')) = (confirmed_at IS NULL)")
