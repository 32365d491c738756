"""The form of ``/server setup``: the channel of nudges."""

from typing import Any

import discord
from discord import ui

from bot.errors import UserFacingError
from bot.services.bundle import Services
from bot.storage.servers import ServerSettings
from cogs._ui.actions import Interaction
from cogs._ui.cards import Meaning, card, send_card
from cogs._ui.channels import require_room
from cogs._ui.forms import Form


def require_manager(interaction: Interaction) -> None:
    """Raise UserFacingError unless the one who acts may manage the server; asked anew at every step."""
    if not interaction.permissions.manage_guild:
        raise UserFacingError("Only managers of this server set it up.", "Ask someone with Manage Server.")


class SetupForm(Form):
    """Ask for the channel in which members may be nudged."""

    def __init__(self, services: Services, settings: ServerSettings) -> None:
        super().__init__("Set up Matchday here")
        self._services = services
        chosen = settings.nudge_channel_id
        here = [discord.SelectDefaultValue(id=chosen, type=discord.SelectDefaultValueType.channel)] if chosen else []
        self.channel: ui.ChannelSelect[Any] = ui.ChannelSelect(
            channel_types=[discord.ChannelType.text], default_values=here, required=False
        )
        self.ask(
            "Nudges: a channel, or none", self.channel, "A line there mentions a member who agreed: something waits for her. Never what."
        )

    async def submitted(self, interaction: Interaction) -> None:
        """Keep the choice, and say what it means."""
        require_manager(interaction)
        assert interaction.guild is not None  # noqa: S101 - the command is there in servers only
        chosen = self.channel.values[0].id if self.channel.values else None
        if chosen is not None:
            require_room(interaction.guild, chosen)
        await self._services.servers.set_nudge_channel(interaction.guild.id, chosen)
        said = f"Nudges go to <#{chosen}>, for members who switched them on in /remind settings." if chosen else "There are no nudges here."
        await send_card(interaction, card("Set up", said, meaning=Meaning.DONE, quiet="/server check says how the sending fares."))
