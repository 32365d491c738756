"""A nudge: a line in the channel that a server chose, for a member who agreed to it, that something waits for her; never what."""

import discord
from discord import ui

from bot.client import MatchdayClient
from bot.domain.delivery import Delivery, DeliveryKind, Priority, channel_recipient, recipient_member
from bot.domain.member import Member
from bot.scheduling.outbox import Outcome, Sent, Unwanted
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import send_card
from cogs._ui.posts import posts
from cogs.remind._inbox import inbox_card

SOURCE = "nudge"
TEXT = "something waits for you. It could not be sent to you directly; press the button, or use /remind inbox. Only you see it."
NOT_WANTED = "She agreed to no nudges any more."


class Nudges:
    """Make nudges: at most one a day for a member."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._last: dict[int, int] = {}

    async def for_refused(self, delivery: Delivery, member: Member) -> Delivery | None:
        """Return the nudge for what was refused; None without her consent, a server, its channel, or where she had one today."""
        if not member.preferences.nudges or delivery.guild_id is None:
            return None
        channel_id = (await self._services.servers.get(delivery.guild_id)).nudge_channel_id
        now = self._services.clock.now()
        if channel_id is None or self._last.get(member.id) == now.toordinal():
            return None
        self._last[member.id] = now.toordinal()
        return Delivery(
            kind=DeliveryKind.NUDGE,
            recipient=channel_recipient(channel_id),
            source=SOURCE,
            # Whose it is stands in that delivery alone: once she erased what is stored of her, nothing leads to her.
            source_id=delivery.id,
            occurrence=0,
            due_at=now,
            priority=Priority.NORMAL,
            guild_id=delivery.guild_id,
            channel_id=channel_id,
        )


class OpenInbox(Action, prefix="nudge:inbox"):
    """Show the inbox of the one who presses; the key is the nudge's delivery, by which the message is found again."""

    async def act(self, interaction: Interaction) -> None:
        """Show it to her alone."""
        view = await inbox_card(interaction.client, interaction.user.id, 0)
        await send_card(interaction, view, waiting_line=False)


@posts(DeliveryKind.NUDGE)
async def post_nudge(client: MatchdayClient, delivery: Delivery) -> Outcome:
    """Write the line, mentioning the one member it is for; nothing where she erased her data or takes no nudges any more."""
    assert delivery.channel_id is not None  # noqa: S101 - a nudge goes to a channel
    waiting = await client.services.inbox.get(delivery.source_id)
    member_id = recipient_member(waiting.recipient) if waiting is not None else None
    if member_id is None or not (await client.services.members.get(member_id)).preferences.nudges:
        return Unwanted(NOT_WANTED)
    view = ui.View(timeout=None)
    view.add_item(OpenInbox(delivery.id, label="Open my inbox"))
    view.stop()
    message = await client.get_partial_messageable(delivery.channel_id).send(
        f"<@{member_id}>, {TEXT}",
        view=view,
        nonce=delivery.id,
        allowed_mentions=discord.AllowedMentions(users=[discord.Object(member_id)], everyone=False, roles=False),
    )
    return Sent(message_id=message.id, channel_id=delivery.channel_id)


ITEMS = (OpenInbox,)
