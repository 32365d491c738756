"""A notice whose date has changed waits until a moderator has looked at it; the staff are told so, once."""

from bot.client import MatchdayClient
from bot.domain.broadcast import Broadcast
from bot.domain.delivery import Delivery
from bot.domain.member import DirectMessages
from bot.scheduling.outbox import Later
from cogs._ui.cards import plain
from cogs._ui.channels import may_post
from cogs._ui.notices import PAUSED_FOR
from cogs._ui.times import stamp

REASON = "A date that it was written from has changed."


async def held_back(client: MatchdayClient, delivery: Delivery) -> Later | None:
    """Return that a notice waits, where a date that it was written from has changed; None where it may go out."""
    services = client.services
    broadcast = await services.match_week.hold_back(delivery.source_id, delivery.guild_id or 0)
    if broadcast is None:
        return None
    await _tell(client, broadcast)
    return Later(services.clock.now() + PAUSED_FOR, REASON)


async def _tell(client: MatchdayClient, broadcast: Broadcast) -> None:
    """Tell the staff in their channel; where they have none, whoever wrote it, if she takes direct messages."""
    services = client.services
    when = f", planned for {stamp(broadcast.send_at, 'f')}," if broadcast.send_at else ""
    text = (
        f"The notice “{plain(broadcast.title)}”{when} was held back: a date that it was written from has changed since. "
        "Look at it with /broadcast status: Go on sends it as it is, Stop ends it."
    )
    where = (await services.servers.get(broadcast.guild_id)).advisor_channel_id
    if where is not None and await may_post(client, broadcast.guild_id, where):
        await services.servers.alarm(broadcast.guild_id, where, text)
    elif broadcast.author_id is not None:
        author = await services.members.get(broadcast.author_id)
        if author.direct_messages is not DirectMessages.OFF:
            await services.servers.alarm_member(broadcast.guild_id, author.id, text)
