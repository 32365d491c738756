"""Start here: a message whose buttons take a newcomer through a first session without typing."""

from typing import Any

import discord
from discord import ui

from bot.client import MatchdayClient
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.servers import Deed
from bot.scheduling.outbox import Sent
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.channels import require_room
from cogs._ui.posts import posts
from cogs._ui.staff import require_manager
from cogs.ask._form import open_form
from cogs.countdown._views import next_dates_card
from cogs.eligibility._ask import first_card as eligibility_card
from cogs.letters._ways import View, show
from cogs.remind._cog import AboutForm
from cogs.start._views import first_card


class Begin(Action, prefix="here:begin"):
    """Open what ``/start`` answers; the key of each button is the id of the delivery that wrote the message."""

    async def act(self, interaction: Interaction) -> None:
        """Show the first question to the one who asks."""
        await send_card(interaction, await first_card(interaction.client.services, interaction.user.id))


class Dates(Action, prefix="here:dates"):
    """Open what ``/countdown`` answers."""

    async def act(self, interaction: Interaction) -> None:
        """Show her next dates."""
        services: Services = interaction.client.services
        await send_card(interaction, next_dates_card(services, await services.members.get(interaction.user.id), interaction.guild_id))


class Eligibility(Action, prefix="here:rules"):
    """Open what ``/eligibility check`` asks."""

    async def act(self, interaction: Interaction) -> None:
        """Show where the form begins."""
        services: Services = interaction.client.services
        await send_card(interaction, await eligibility_card(services, await services.members.get(interaction.user.id), None))


class Letters(Action, prefix="here:letters"):
    """Open what ``/letters board`` shows."""

    async def act(self, interaction: Interaction) -> None:
        """Show her board."""
        await show(interaction, View.BOARD, edit=False)


class RemindMe(Action, prefix="here:remind"):
    """Open the form of a reminder."""

    async def act(self, interaction: Interaction) -> None:
        """Ask when, and of what."""
        await interaction.response.send_modal(AboutForm(interaction.client.services, ""))


class AskAdvisors(Action, prefix="here:ask"):
    """Open the form of a question to the advisors of the server."""

    async def act(self, interaction: Interaction) -> None:
        """Ask what it is; nothing is sent before she has seen it."""
        await open_form(interaction)


class PostStartHere(Action, prefix="server:here"):
    """Post the message into the channel where the card stands."""

    async def act(self, interaction: Interaction) -> None:
        """Post it once for each press, and say where it stands."""
        require_manager(interaction)
        assert interaction.guild is not None  # noqa: S101 - the command is there in servers only
        assert interaction.channel_id is not None  # noqa: S101 - a card stands in a channel
        require_room(interaction.guild, interaction.channel_id)
        services: Services = interaction.client.services
        await interaction.response.defer(ephemeral=True, thinking=True)
        delivery = await services.servers.post_start_here(interaction.guild.id, interaction.channel_id, interaction.id)
        if delivery.message_id is None:
            text = f"{delivery.reason or 'Discord has not answered yet.'} It is tried again; look into the channel in a minute."
            await send_card(interaction, card("Not there yet", text, meaning=Meaning.ATTENTION))
            return
        await services.servers.note(interaction.guild.id, interaction.user.id, Deed.START_HERE, {"channel": str(interaction.channel_id)})
        link = f"https://discord.com/channels/{interaction.guild.id}/{interaction.channel_id}/{delivery.message_id}"
        await send_card(interaction, card("Posted", f"It stands at {link}. Pin it, so that newcomers find it.", meaning=Meaning.DONE))


def start_here_card(delivery_id: str) -> Card:
    """Return the message; whatever its buttons show, only the one who presses sees it."""
    buttons: list[ui.Item[Any]] = [
        Begin(delivery_id, label="Begin", style=discord.ButtonStyle.primary),
        Dates(delivery_id, label="My dates"),
        Eligibility(delivery_id, label="Eligibility"),
        Letters(delivery_id, label="Letters"),
        RemindMe(delivery_id, label="Remind me"),
    ]
    return card(
        "Start here",
        "Dates, rules and letters on the way to a residency, each fact with its source, and reminders by direct message if you want them.",
        "**Begin** asks for your time zone, where you apply and your year; all by taps. Only you see what the buttons show.",
        rows=[buttons, [AskAdvisors(delivery_id, label="Ask an advisor")]],
        quiet="/help lists everything. Nothing is stored before you say so, and /mydata erases it.",
    )


@posts(DeliveryKind.START_HERE)
async def post_start_here(client: MatchdayClient, delivery: Delivery) -> Sent:
    """Post the message under its delivery's id."""
    assert delivery.channel_id is not None  # noqa: S101 - it goes to a channel
    message = await client.get_partial_messageable(delivery.channel_id).send(view=start_here_card(delivery.id), nonce=delivery.id)
    return Sent(message_id=message.id, channel_id=delivery.channel_id)


ITEMS = (Begin, Dates, Eligibility, Letters, RemindMe, AskAdvisors, PostStartHere)
