"""``/server setup``: a card of what is set, changed one thing at a time by taps."""

from typing import Any

import discord
from discord import ui

from bot.domain.servers import Duty, ServerSettings
from bot.services.bundle import Services
from bot.services.servers import MOST_ROLES
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.channels import require_room
from cogs._ui.features import features_in_words
from cogs._ui.forms import Form
from cogs._ui.roles import role_options
from cogs._ui.staff import require_manager

CHANNELS = {
    "notice_channel_id": ("Notices", "where notices go unless another channel is chosen"),
    "celebration_channel_id": ("Celebration", "where those who matched celebrate, apart from those who may not share it"),
    "nudge_channel_id": ("Nudges", "where a line says to a member who agreed that something waits for her; never what"),
    "advisor_channel_id": ("Advisors", "where questions wait for advisors"),
}
DUTIES = {Duty.MODERATOR: "moderator_roles", Duty.ADVISOR: "advisor_roles"}
INTEGRATIONS = (
    "Volunteers without Manage Server see /broadcast and /advisor only if you let them: Server Settings, Integrations, Matchday, then add "
    "their role to the command. I can't do that for you. Whoever sees it is asked for the roles above at every step."
)


class EditChannels(Action, prefix="server:channels"):
    """Open the form of channels."""

    async def act(self, interaction: Interaction) -> None:
        """Open it, filled with what is set."""
        services, settings = await _asked(interaction)
        await interaction.response.send_modal(ChannelsForm(services, settings))


class ChannelsForm(Form):
    """Ask for the channels, each of which may be left empty."""

    def __init__(self, services: Services, settings: ServerSettings) -> None:
        super().__init__("Channels of Matchday")
        self._services = services
        self.chosen: dict[str, ui.ChannelSelect[Any]] = {}
        for name, (title, what) in CHANNELS.items():
            now = getattr(settings, name)
            here = [discord.SelectDefaultValue(id=now, type=discord.SelectDefaultValueType.channel)] if now else []
            kinds = [discord.ChannelType.text, discord.ChannelType.news]
            self.chosen[name] = ui.ChannelSelect(channel_types=kinds, default_values=here, required=False, min_values=0)
            self.ask(title, self.chosen[name], f"{what[0].upper()}{what[1:]}."[:100])

    async def submitted(self, interaction: Interaction) -> None:
        """Keep the choice, where the bot can write, and show what is set."""
        require_manager(interaction)
        assert interaction.guild is not None  # noqa: S101 - the command is there in servers only
        changes = {name: select.values[0].id if select.values else None for name, select in self.chosen.items()}
        for channel_id in filter(None, changes.values()):
            require_room(interaction.guild, channel_id)
        settings = await self._services.servers.change(interaction.guild.id, interaction.user.id, **changes)
        await send_card(interaction, setup_card(interaction.guild, settings), edit=interaction.message is not None)


class RolesChosen(Choice, prefix="server:roles"):
    """Choose the roles of the duty in the key."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Keep the choice, and show what is set."""
        services, _ = await _asked(interaction)
        assert interaction.guild is not None  # noqa: S101 - the command is there in servers only
        there = {role.id for role in interaction.guild.roles}
        chosen = frozenset(int(value) for value in values if value.isdigit() and int(value) in there)
        settings = await services.servers.change(interaction.guild.id, interaction.user.id, **{DUTIES[Duty(self.key)]: chosen})
        await send_card(interaction, setup_card(interaction.guild, settings), edit=True)


class EditZone(Action, prefix="server:zone"):
    """Open the form of the zone."""

    async def act(self, interaction: Interaction) -> None:
        """Open it, filled with what is set."""
        services, settings = await _asked(interaction)
        await interaction.response.send_modal(ZoneForm(services, settings))


class ZoneForm(Form):
    """Ask for the clock on which moderators give times."""

    def __init__(self, services: Services, settings: ServerSettings) -> None:
        super().__init__("The server's time zone")
        self._services = services
        self.zone: ui.TextInput[Any] = ui.TextInput(
            max_length=64, required=False, default=settings.zone, placeholder="New York, Toronto, Cairo or America/New_York"
        )
        self.ask("City or zone", self.zone, "Moderators give times on this clock. Left empty: America/New_York.")

    async def submitted(self, interaction: Interaction) -> None:
        """Keep it, and show what is set."""
        require_manager(interaction)
        assert interaction.guild is not None  # noqa: S101 - the command is there in servers only
        typed = self.zone.value.strip()
        found = self._services.catalogue.zones.find(typed, limit=1) if typed else []
        zone = (found[0].zone if found else typed) or None
        settings = await self._services.servers.change(interaction.guild.id, interaction.user.id, zone=zone)
        await send_card(interaction, setup_card(interaction.guild, settings), edit=interaction.message is not None)


class TwoApprove(Action, prefix="server:two"):
    """Let a second moderator look at each notice (key ``1``), or not (key ``0``)."""

    async def act(self, interaction: Interaction) -> None:
        """Keep it, and show what is set."""
        services, _ = await _asked(interaction)
        assert interaction.guild is not None  # noqa: S101 - the command is there in servers only
        settings = await services.servers.change(interaction.guild.id, interaction.user.id, is_approved_by_two=self.key == "1")
        await send_card(interaction, setup_card(interaction.guild, settings), edit=True)


async def _asked(interaction: Interaction) -> tuple[Services, ServerSettings]:
    require_manager(interaction)
    assert interaction.guild_id is not None  # noqa: S101 - the command is there in servers only
    services: Services = interaction.client.services
    return services, await services.servers.get(interaction.guild_id)


class OpenSetup(Action, prefix="server:setup"):
    """Go back to what is set."""

    async def act(self, interaction: Interaction) -> None:
        """Show it, in place."""
        _, settings = await _asked(interaction)
        assert interaction.guild is not None  # noqa: S101 - the command is there in servers only
        await send_card(interaction, setup_card(interaction.guild, settings), edit=True)


def setup_card(guild: discord.Guild, settings: ServerSettings) -> Card:
    """Return what is set in a server, with what changes it; nothing has to be set for the rest to work."""
    channels = [
        f"**{title}:** {f'<#{channel}>' if (channel := getattr(settings, name)) else 'none'} ({what})"
        for name, (title, what) in CHANNELS.items()
    ]
    moderators = _roles_in_words(settings.moderator_roles) or "whoever may manage messages"
    advisors = _roles_in_words(settings.advisor_roles) or "none chosen"
    others = [
        f"**Moderators:** {moderators} (write notices; managers always may)",
        f"**Advisors:** {advisors}",
        f"**Clock of this server:** {settings.zone or 'America/New_York, unless you choose another'}",
        f"**Members may use:** {features_in_words(settings)}",
        f"**A second moderator looks at each notice:** {'yes' if settings.is_approved_by_two else 'no'}",
    ]
    two = (
        TwoApprove("0", label="One moderator is enough") if settings.is_approved_by_two else TwoApprove("1", label="Ask a second moderator")
    )
    from cogs.server._features import OpenFeatures
    from cogs.server._start_here import PostStartHere

    return card(
        "Matchday in this server",
        "Everything works as it is; change what you like, whenever you like.",
        "\n".join(channels),
        "\n".join(others),
        INTEGRATIONS,
        meaning=Meaning.FACT,
        rows=[
            [
                EditChannels(label="Channels"),
                EditZone(label="Time zone"),
                OpenFeatures(label="Features"),
                two,
                PostStartHere(label="Post Start here"),
            ],
            _role_choice(guild, settings.moderator_roles, Duty.MODERATOR),
            _role_choice(guild, settings.advisor_roles, Duty.ADVISOR),
        ],
        quiet="/server check says what is wrong and how to mend it. /server audit says who changed what.",
    )


def _roles_in_words(roles: frozenset[int]) -> str:
    return ", ".join(f"<@&{role}>" for role in sorted(roles))


def _role_choice(guild: discord.Guild, chosen: frozenset[int], duty: Duty) -> list[ui.Item[Any]]:
    options = role_options(guild, chosen)
    most = min(MOST_ROLES, len(options))
    return [RolesChosen(duty.value, options=options, placeholder=f"Roles of {duty.value}s", least=0, most=most)] if options else []


ITEMS = (EditChannels, RolesChosen, EditZone, TwoApprove, OpenSetup)
