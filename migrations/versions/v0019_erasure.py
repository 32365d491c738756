"""That who runs the bot asked it to erase a member."""

from migrations.rebuilding import replace_check

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

DELIVERY_KINDS = (
    "kind IN ('greeting', 'season_date', 'date_moved', 'own', 'letter', 'rule_change', 'notice', 'notice_fan', 'notice_recall', "
    "'start_here', 'live_card', 'nudge', 'question', 'answer', 'slot', 'alarm', 'server_event', 'status_line', 'expiry', 'expiry_look', "
    "'erasure')"
)


def upgrade() -> None:
    """Let the new kind in."""
    replace_check("delivery", "ck_delivery_kind", DELIVERY_KINDS)
