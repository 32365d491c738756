"""Sending: the Outbox, and what lets the due loop begin."""

from bot.client import MatchdayClient
from cogs._ui.pushed import PUSHED_ACTIONS
from cogs.delivery._nudge import ITEMS
from cogs.delivery._outbox import DiscordOutbox


async def setup(client: MatchdayClient) -> None:
    """Add the buttons of pushed messages and let the due loop begin."""
    client.add_dynamic_items(*PUSHED_ACTIONS, *ITEMS)
    client.due_loop.attach(DiscordOutbox(client, client.services))
    await client.due_loop.start()
