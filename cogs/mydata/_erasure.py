"""Erasing a member for whoever runs the bot: asked for beside it, done by the process that remembers her."""

from bot.client import MatchdayClient
from bot.domain.delivery import Delivery, DeliveryKind
from bot.scheduling.outbox import Outcome, Sent
from cogs._ui.posts import posts


@posts(DeliveryKind.ERASURE)
async def erase(client: MatchdayClient, delivery: Delivery) -> Outcome:
    """Erase whom it names; no message comes of it."""
    await client.services.mydata.do(delivery)
    return Sent(message_id=0, channel_id=0)
