"""When a channel or a permission disappears, the staff are told once, before the next notice fails."""

import discord
from discord import ui

from bot.client import MatchdayClient
from bot.domain.delivery import Delivery, DeliveryKind
from bot.scheduling.outbox import Sent
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import card, send_card
from cogs._ui.channels import can_post
from cogs._ui.posts import posts
from cogs.server._check import channel_problems
from cogs.server._event_words import event_problems


class AboutAlarm(Action, prefix="server:alarm"):
    """Say why the message stands here; the key is its delivery's id, by which the message is found again."""

    async def act(self, interaction: Interaction) -> None:
        """Say it to the one who asks."""
        text = "Something that Matchday uses in this server has gone. It is said here once; /server check lists all that is wrong now."
        await send_card(interaction, card("About this message", text))


async def server_problems(services: Services, guild: discord.Guild) -> list[str]:
    """Return all that is wrong with what Matchday keeps in a server by itself, in Discord's own words."""
    settings, countdowns = await services.servers.get(guild.id), await services.live_cards.channels_of(guild.id)
    events = await services.server_events.of_server(guild.id)
    return [*channel_problems(guild, settings, countdowns), *event_problems(guild, services, events)]


async def tell_staff(services: Services, guild: discord.Guild) -> int:
    """Tell the staff of a server, in their own channel, what has gone wrong with its channels; return how many things were told now.

    Without a channel of advisors nothing is told: no other one is theirs alone. ``/server check`` says it all the same.
    """
    settings = await services.servers.get(guild.id)
    where = settings.advisor_channel_id
    if where is None or not can_post(guild, where):
        return 0
    return sum([await services.servers.alarm(guild.id, where, problem) for problem in await server_problems(services, guild)])


@posts(DeliveryKind.ALARM)
async def post_alarm(client: MatchdayClient, delivery: Delivery) -> Sent:
    """Post it under its delivery's id; nobody is mentioned."""
    assert delivery.channel_id is not None  # noqa: S101 - it goes to a channel
    view = ui.View(timeout=None)
    view.add_item(AboutAlarm(delivery.id, label="About this message"))
    view.stop()
    message = await client.get_partial_messageable(delivery.channel_id).send(
        f"{delivery.payload['text']}\n-# For the managers of this server.",
        view=view,
        nonce=delivery.id,
        allowed_mentions=discord.AllowedMentions.none(),
    )
    return Sent(message_id=message.id, channel_id=delivery.channel_id)


ITEMS = (AboutAlarm,)
