"""A notice as it is posted, and the work that it makes: to channels, to members, and back again."""

import contextlib

import discord
from discord import ui

from bot.client import MatchdayClient
from bot.domain.broadcast import Broadcast, BroadcastState
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.servers import Feature
from bot.scheduling.outbox import Later, Outcome, Sent, Unwanted
from bot.services.broadcasts import STOPPED
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import card, send_card
from cogs._ui.notices import PAUSED_FOR, notice_embed, notice_text
from cogs._ui.posts import posts
from cogs._ui.times import stamp
from cogs.broadcast._held import held_back

UNKNOWN_MESSAGE = 10008
SIGNED = "-# A notice of this server's moderators."


class AboutNotice(Action, prefix="broadcast:about"):
    """Say where a posted notice comes from; the key is its delivery's id, by which the message is found again."""

    async def act(self, interaction: Interaction) -> None:
        """Say it to the one who asks."""
        services: Services = interaction.client.services
        broadcast = await services.broadcasts.about(self.key, interaction.guild_id)
        when = f" It was confirmed {stamp(broadcast.confirmed_at)}." if broadcast and broadcast.confirmed_at else ""
        text = (
            f"The moderators of this server wrote this notice; Matchday only posted it.{when} "
            "What Matchday states itself always names its source. /countdown has the dates."
        )
        await send_card(interaction, card("About this notice", text))


def posted_text(broadcast: Broadcast) -> str:
    """Return a notice as it stands in a channel, the roles that it mentions first."""
    said = {"title": broadcast.title, "text": broadcast.text, "link": broadcast.link}
    return _with_roles(notice_text(said, SIGNED), broadcast.roles)


def _with_roles(text: str, roles: tuple[int, ...]) -> str:
    return f"{' '.join(f'<@&{role}>' for role in roles)}\n{text}" if roles else text


def _only(roles: tuple[int, ...]) -> discord.AllowedMentions:
    if not roles:
        return discord.AllowedMentions.none()
    return discord.AllowedMentions(everyone=False, users=False, roles=[discord.Object(role) for role in roles])


@posts(DeliveryKind.NOTICE)
async def post_notice(client: MatchdayClient, delivery: Delivery) -> Outcome:
    """Post a notice to its channel, under its delivery's id; nobody is mentioned but the roles that were chosen."""
    assert delivery.channel_id is not None  # noqa: S101 - a notice goes to a channel
    state = await client.services.broadcasts.state_of(delivery.source_id)
    if state is BroadcastState.PAUSED:
        return Later(client.services.clock.now() + PAUSED_FOR, "A moderator paused it.")
    if state is not BroadcastState.CONFIRMED:
        return Unwanted(STOPPED)
    if (waits := await held_back(client, delivery)) is not None:
        return waits
    roles = tuple(int(role) for role in delivery.payload.get("roles", "").split(",") if role)
    view = ui.View(timeout=None)
    view.add_item(AboutNotice(delivery.id, label="About this notice"))
    view.stop()
    embed = notice_embed(delivery.payload)
    channel = client.get_channel(delivery.channel_id) or await _elsewhere(client, delivery.channel_id)
    assert isinstance(channel, discord.abc.Messageable)  # noqa: S101 - others can't be chosen
    message = await channel.send(
        _with_roles(notice_text(delivery.payload, SIGNED), roles),
        view=view,
        nonce=delivery.id,
        suppress_embeds=embed is None,  # the preview shows none
        allowed_mentions=_only(roles),
        embeds=[embed] if embed else [],
    )
    if isinstance(channel, discord.TextChannel) and channel.is_news():
        with contextlib.suppress(discord.HTTPException):  # without the permission it stands here all the same; /server check says so
            await message.publish()
    return Sent(message_id=message.id, channel_id=delivery.channel_id)


async def _elsewhere(client: MatchdayClient, channel_id: int) -> object:
    """Return a channel that is not in memory: where another process connects its server, Discord tells whether it is one for news."""
    return client.get_partial_messageable(channel_id) if client.knows_all_servers else await client.fetch_channel(channel_id)


@posts(DeliveryKind.NOTICE_FAN)
async def address_members(client: MatchdayClient, delivery: Delivery) -> Outcome:
    """Address a notice to everybody who wants it."""
    if (waits := await held_back(client, delivery)) is not None:
        return waits
    if Feature.NOTICES_TO_MEMBERS not in (await client.services.servers.get(delivery.guild_id or 0)).features:
        return Unwanted("This server has switched notices by direct message off.")
    await client.services.broadcasts.fan_out(delivery)
    return Sent(message_id=0, channel_id=0)


@posts(DeliveryKind.NOTICE_RECALL)
async def delete_posted(client: MatchdayClient, delivery: Delivery) -> Sent:
    """Delete one message of a notice; one that is gone already is as good."""
    assert delivery.channel_id is not None  # noqa: S101 - it was posted somewhere
    message_id = int(delivery.payload["message_id"])
    try:
        await client.get_partial_messageable(delivery.channel_id).get_partial_message(message_id).delete()
    except discord.NotFound as error:
        if error.code != UNKNOWN_MESSAGE:
            raise
    return Sent(message_id=message_id, channel_id=delivery.channel_id)
