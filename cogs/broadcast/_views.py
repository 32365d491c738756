"""The form, the preview and the receipt of a notice, and the notice itself."""

from typing import Any

import discord
from discord import ui

from bot.client import MatchdayClient
from bot.domain.broadcast import Broadcast, BroadcastState
from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState
from bot.errors import UserFacingError
from bot.scheduling.outbox import Sent
from bot.services.broadcasts import MAX_TEXT, MAX_TITLE, SENT_ALREADY, Sending
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card
from cogs._ui.channels import require_room
from cogs._ui.forms import Form
from cogs._ui.posts import posts
from cogs._ui.times import stamp

SIGNED = "-# A notice of this server's moderators."
MENTIONS = ("@everyone", "@here", "<@")
WRITABLE = [discord.ChannelType.text, discord.ChannelType.news]

NOT_A_MODERATOR = UserFacingError(
    "Notices are written by the moderators of this server.",
    "If you are one, ask a manager for Manage Messages, and for /broadcast under Server Settings, Integrations, Matchday.",
)


def require_moderator(interaction: Interaction) -> None:
    """Raise UserFacingError unless the one who acts may manage the server or its messages; asked anew at every step."""
    if not (interaction.permissions.manage_guild or interaction.permissions.manage_messages):
        raise NOT_A_MODERATOR


class NewNotice(Form):
    """Ask for channel, title and text; with a draft, change that one."""

    def __init__(self, services: Services, interaction: Interaction, draft: Broadcast | None = None) -> None:
        super().__init__("A notice to a channel")
        self._services = services
        self._instead_of = draft.id if draft else None
        chosen = (draft.channel_id if draft else interaction.channel_id) or 0
        here = [discord.SelectDefaultValue(id=chosen, type=discord.SelectDefaultValueType.channel)]
        self.channel: ui.ChannelSelect[Any] = ui.ChannelSelect(
            channel_types=WRITABLE, default_values=here if _can_stand(interaction, chosen) else [], required=True
        )
        self.headline: ui.TextInput[Any] = ui.TextInput(max_length=MAX_TITLE, default=draft.title if draft else None)
        self.body: ui.TextInput[Any] = ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=MAX_TEXT, default=draft.text if draft else None
        )
        self.ask("Channel", self.channel, "You see the notice first; nothing is sent yet.")
        self.ask("Title", self.headline)
        self.ask("Text", self.body, "Nobody is mentioned, whatever it says.")

    async def submitted(self, interaction: Interaction) -> None:
        """Keep a draft, and show it as it will be; what was changed takes the place of the preview before."""
        require_moderator(interaction)
        is_change = self._instead_of is not None
        await interaction.response.defer(ephemeral=True, thinking=not is_change)
        target = self.channel.values[0]
        if not target.permissions.send_messages:
            raise UserFacingError("You can't write in that channel yourself.", "Choose a channel that you can write in.")
        assert interaction.guild is not None  # noqa: S101 - the command is there in servers only
        require_room(interaction.guild, target.id)
        broadcast = await self._services.broadcasts.draft(
            interaction.guild.id,
            target.id,
            interaction.user.id,
            self.headline.value,
            self.body.value,
            instead_of=self._instead_of,
        )
        await send_card(interaction, preview_card(broadcast), edit=is_change)


def _can_stand(interaction: Interaction, channel_id: int) -> bool:
    channel = interaction.guild.get_channel(channel_id) if interaction.guild else None
    return channel is not None and channel.type in WRITABLE


class SendNotice(Action, prefix="broadcast:send"):
    """Send the draft in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Send it, and say what became of it, in place of the preview."""
        services, guild = _asked(interaction)
        await interaction.response.defer()
        broadcast = await services.broadcasts.get(self.key, guild.id)
        if broadcast.state is BroadcastState.DRAFT:
            require_room(guild, broadcast.channel_id)
        await send_card(interaction, receipt_card(await services.broadcasts.confirm(self.key, guild.id)), edit=True)


class ChangeNotice(Action, prefix="broadcast:change"):
    """Open the form again with the draft in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Open it; the draft stays until the form is sent."""
        services, guild = _asked(interaction)
        draft = await services.broadcasts.get(self.key, guild.id)
        if draft.state is not BroadcastState.DRAFT:
            raise SENT_ALREADY
        await interaction.response.send_modal(NewNotice(services, interaction, draft))


class DiscardNotice(Action, prefix="broadcast:discard"):
    """Throw the draft in the key away."""

    async def act(self, interaction: Interaction) -> None:
        """Throw it away, unless it was sent."""
        services, guild = _asked(interaction)
        await services.broadcasts.discard(self.key, guild.id)
        await send_card(interaction, card("Discarded", "Nothing was sent, and the draft is gone.", meaning=Meaning.DONE), edit=True)


class TryNoticeAgain(Action, prefix="broadcast:again"):
    """Send anew what Discord refused."""

    async def act(self, interaction: Interaction) -> None:
        """Send it, and say what became of it."""
        services, guild = _asked(interaction)
        await interaction.response.defer()
        broadcast = await services.broadcasts.get(self.key, guild.id)
        require_room(guild, broadcast.channel_id)
        await send_card(interaction, receipt_card(await services.broadcasts.try_again(self.key, guild.id)), edit=True)


class AboutNotice(Action, prefix="broadcast:about"):
    """Say where a posted notice comes from; the key is its delivery's id, by which the message is found again."""

    async def act(self, interaction: Interaction) -> None:
        """Say it to the one who asks."""
        services: Services = interaction.client.services
        broadcast = await services.broadcasts.about(self.key)
        when = f" It was sent {stamp(broadcast.confirmed_at)}." if broadcast and broadcast.confirmed_at else ""
        text = (
            f"The moderators of this server wrote this notice; Matchday only posted it.{when} "
            "What Matchday states itself always names its source. /countdown has the dates."
        )
        await send_card(interaction, card("About this notice", text))


def _asked(interaction: Interaction) -> tuple[Services, discord.Guild]:
    require_moderator(interaction)
    assert interaction.guild is not None  # noqa: S101 - moderators are moderators of a server
    return interaction.client.services, interaction.guild


def notice_text(title: str, text: str) -> str:
    """Return a notice as it is posted."""
    return f"**{title}**\n{text}\n{SIGNED}"


def preview_card(broadcast: Broadcast) -> Card:
    """Return a draft as it will be, with what happens when it is sent."""
    mentions = "\nIt holds what looks like a mention: it will be shown, and nobody is notified." if _mentions(broadcast) else ""
    return card(
        "Your notice, as it will be",
        notice_text(broadcast.title, broadcast.text),
        f"It goes to <#{broadcast.channel_id}>, once, when you press Send. Nobody is mentioned.{mentions}",
        meaning=Meaning.ATTENTION,
        rows=[
            [
                SendNotice(broadcast.id, label="Send", style=discord.ButtonStyle.primary),
                ChangeNotice(broadcast.id, label="Change"),
                DiscardNotice(broadcast.id, label="Discard"),
            ]
        ],
        quiet="The draft can be sent for a day and is kept encrypted until then. Only you can see this.",
    )


def _mentions(broadcast: Broadcast) -> bool:
    return any(mention in part for part in (broadcast.title, broadcast.text) for mention in MENTIONS)


def receipt_card(sending: Sending) -> Card:
    """Return what became of a notice."""
    broadcast, delivery = sending.broadcast, sending.delivery
    where, name = f"<#{broadcast.channel_id}>", plain(broadcast.title)
    match delivery.state:
        case DeliveryState.SENT:
            link = f"https://discord.com/channels/{broadcast.guild_id}/{broadcast.channel_id}/{delivery.message_id}"
            return card("Sent", f"**{name}** stands in {where}: {link}", meaning=Meaning.DONE, quiet="It is sent once, whatever happens.")
        case DeliveryState.PARKED | DeliveryState.CANCELLED:
            return card(
                "Not sent",
                f"**{name}** could not be posted in {where}. {delivery.reason}",
                "Mend that in the channel's settings under Permissions, then try again.",
                meaning=Meaning.ATTENTION,
                rows=[[TryNoticeAgain(broadcast.id, label="Try again")]],
            )
        case _:
            return card(
                "On its way",
                f"Discord has not answered yet for **{name}**. It is tried again until it stands in {where}, and never twice.",
                meaning=Meaning.ATTENTION,
                rows=[[SendNotice(broadcast.id, label="Look again")]],
            )


@posts(DeliveryKind.NOTICE)
async def post_notice(client: MatchdayClient, delivery: Delivery) -> Sent:
    """Post a notice to its channel, under its delivery's id; nobody is mentioned."""
    assert delivery.channel_id is not None  # noqa: S101 - a notice goes to a channel
    view = ui.View(timeout=None)
    view.add_item(AboutNotice(delivery.id, label="About this notice"))
    view.stop()
    message = await client.get_partial_messageable(delivery.channel_id).send(
        notice_text(delivery.payload["title"], delivery.payload["text"]),
        view=view,
        nonce=delivery.id,
        suppress_embeds=True,  # the preview shows none
        allowed_mentions=discord.AllowedMentions.none(),
    )
    return Sent(message_id=message.id, channel_id=delivery.channel_id)


ITEMS = (SendNotice, ChangeNotice, DiscardNotice, TryNoticeAgain, AboutNotice)
