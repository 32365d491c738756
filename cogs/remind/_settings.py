"""What a member wants of the messages to her: on or off, which kinds, quiet hours, leads, nudges."""

from typing import Any

import discord
from discord import ui

from bot.domain.leads import LEADS
from bot.domain.member import DirectMessages, Member
from bot.domain.preferences import MessageKind
from bot.domain.servers import Feature
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.consent import AllowMessages
from cogs._ui.features import require_feature
from cogs._ui.forms import Form
from cogs._ui.times import on_clock, stamp
from cogs._ui.words import KIND_WORDS, messages_in_words
from cogs.remind._list import PauseAll
from cogs.start._views import GoTo, Step, Way


class MessagesOff(Action, prefix="remind:off"):
    """Take the consent to direct messages back."""

    async def act(self, interaction: Interaction) -> None:
        """Switch them off and say what becomes of what is set."""
        services: Services = interaction.client.services
        await services.members.switch_messages_off(interaction.user.id)
        await show(interaction)


class KindsChoice(Choice, prefix="remind:kinds"):
    """Choose which kinds of messages are wanted."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Keep the choice; what is not chosen is not wanted."""
        services: Services = interaction.client.services
        await services.members.prefer(interaction.user.id, unwanted=frozenset(kind for kind in MessageKind if kind not in values))
        await show(interaction)


class LeadsChoice(Choice, prefix="remind:leads"):
    """Choose how long before a date reminders usually come."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Keep the choice, the longest first."""
        services: Services = interaction.client.services
        await services.members.prefer(interaction.user.id, leads=tuple(lead.key for lead in LEADS if lead.key in values))
        await show(interaction)


class QuietHoursButton(Action, prefix="remind:quiet"):
    """Ask for the quiet hours."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        services: Services = interaction.client.services
        await interaction.response.send_modal(QuietForm(services, await services.members.get(interaction.user.id)))


class QuietForm(Form):
    """Ask from when until when nothing is sent."""

    def __init__(self, services: Services, member: Member) -> None:
        super().__init__("Quiet hours")
        self._services = services
        quiet = member.preferences.quiet
        self.begins: ui.TextInput[Any] = ui.TextInput(
            max_length=10, required=False, placeholder="22:00", default=f"{quiet.begins:%H:%M}" if quiet else None
        )
        self.ends: ui.TextInput[Any] = ui.TextInput(
            max_length=10, required=False, placeholder="7:00", default=f"{quiet.ends:%H:%M}" if quiet else None
        )
        self.ask("From", self.begins, "On your clock. Both left empty: no quiet hours.")
        self.ask("Until", self.ends, "What is due in between waits until then, unless its deadline would pass.")

    async def submitted(self, interaction: Interaction) -> None:
        """Keep them."""
        await self._services.members.set_quiet_hours(interaction.user.id, self.begins.value, self.ends.value)
        await show(interaction)


class Nudge(Action, prefix="remind:nudge"):
    """Agree to nudges (key ``1``) or take that back (key ``0``)."""

    async def act(self, interaction: Interaction) -> None:
        """Keep the choice."""
        await interaction.client.services.members.prefer(interaction.user.id, nudges=self.key == "1")
        await show(interaction)


class ServerNotices(Action, prefix="remind:server"):
    """Want the notices of this server by direct message (key ``1``), or no more (key ``0``)."""

    async def act(self, interaction: Interaction) -> None:
        """Keep the choice; who wants a server's notices wants that kind of message."""
        services: Services = interaction.client.services
        if interaction.guild_id is None:
            raise UserFacingError("Notices belong to a server.", "Use /remind settings in the server whose notices you want.")
        wanted = self.key == "1"
        if wanted:
            await require_feature(interaction, Feature.NOTICES_TO_MEMBERS)
            await services.members.set_wanted(interaction.user.id, MessageKind.SERVER_NOTICES, wanted=True)
        await services.broadcasts.want(interaction.user.id, interaction.guild_id, wanted=wanted)
        await show(interaction)


async def show(interaction: Interaction) -> None:
    """Show the settings as they are now, in place."""
    view = await settings_card(interaction.client.services, interaction.user.id, interaction.guild_id)
    await send_card(interaction, view, edit=True)


async def settings_card(services: Services, member_id: int, guild_id: int | None) -> Card:
    """Return a member's settings of messages and zone, with what changes them; in a server also whether she wants its notices."""
    member = await services.members.get(member_id)
    wants_here = guild_id is not None and await services.broadcasts.wants(member_id, guild_id)
    sends_here = guild_id is not None and Feature.NOTICES_TO_MEMBERS in (await services.servers.get(guild_id)).features
    how = "by direct message" if wants_here and sends_here else f"in its channels only{'' if sends_here else '; it sends no others'}"
    notices = f"\n**Notices of this server:** {how}" if guild_id else ""
    preferences = member.preferences
    zone = f"{member.zone}; it is {on_clock(services.clock.now(), member.zone)}" if member.zone else "not set"
    since = f"\nAgreed {stamp(member.consented_at, 'D')}." if member.consented_at else ""
    quiet = f"{preferences.quiet.begins:%H:%M} to {preferences.quiet.ends:%H:%M}" if preferences.quiet else "none"
    leads = ", ".join(lead.label for lead in LEADS if lead.key in preferences.leads) or "none chosen"
    unwanted = ", ".join(KIND_WORDS[kind] for kind in MessageKind if kind in preferences.unwanted)
    return card(
        "Your reminder settings",
        f"**Direct messages:** {messages_in_words(member)}.{since}"
        + ("\n**Paused:** what falls due waits in /remind inbox." if preferences.paused else "")
        + (f"\n**Not wanted:** {unwanted}." if unwanted else ""),
        f"**Time zone:** {zone}\n**Quiet hours:** {quiet}\n**Usual times before a date:** {leads}\n"
        f"**Nudges:** {'on' if preferences.nudges else 'off'}. When Discord refuses a message to you, a line in a channel that the server "
        f"chose mentions you and says that something waits; never what.{notices}",
        meaning=Meaning.YOURS,
        rows=[[_kinds(member)], [_leads(member)], *_buttons(member), _here(wants_here) if wants_here or sends_here else []],
        quiet="/start changes where you apply and your target year.",
    )


def _kinds(member: Member) -> KindsChoice:
    options = [
        discord.SelectOption(
            label=KIND_WORDS[kind][:1].upper() + KIND_WORDS[kind][1:], value=kind, default=kind not in member.preferences.unwanted
        )
        for kind in MessageKind
    ]
    return KindsChoice(options=options, placeholder="No kind of message is wanted", least=0, most=len(options))


def _leads(member: Member) -> LeadsChoice:
    options = [
        discord.SelectOption(label=lead.label[0].upper() + lead.label[1:], value=lead.key, default=lead.key in member.preferences.leads)
        for lead in LEADS
    ]
    return LeadsChoice(options=options, placeholder="Usual times before a date", least=0, most=len(options))


def _here(wants_here: bool) -> list[Action]:
    return [ServerNotices("0" if wants_here else "1", label=f"Notices of this server {'off' if wants_here else 'by direct message'}")]


def _buttons(member: Member) -> list[list[Action]]:
    preferences = member.preferences
    first: list[Action] = []
    if member.direct_messages is not DirectMessages.ON:
        first.append(AllowMessages(label="Try again" if member.direct_messages is DirectMessages.CLOSED else "Allow direct messages"))
    first.append(PauseAll("0", label="Go on") if preferences.paused else PauseAll("1", label="Pause all"))
    if member.direct_messages is not DirectMessages.OFF:
        first.append(MessagesOff(label="Stop everything"))
    nudge = Nudge("0", label="Nudges off") if preferences.nudges else Nudge("1", label="Nudges on")
    return [first, [QuietHoursButton(label="Quiet hours"), nudge, GoTo(f"{Way.SINGLE}-{Step.ZONE}", label="Change time zone")]]


ITEMS = (MessagesOff, KindsChoice, LeadsChoice, QuietHoursButton, Nudge, ServerNotices, AllowMessages)
