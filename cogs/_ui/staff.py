"""Who may do what for a server, asked anew at every step: managers, moderators, advisors."""

from typing import Any

import discord

from bot.domain.servers import ServerSettings
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Interaction

NOT_A_MODERATOR = UserFacingError(
    "Notices are written by the moderators of this server.",
    "If you are one, ask a manager to choose your role in /server setup, and to give you /broadcast under Server Settings, Integrations, "
    "Matchday.",
)


def require_manager(interaction: Interaction) -> None:
    """Raise UserFacingError unless the one who acts may manage the server."""
    if not interaction.permissions.manage_guild:
        raise UserFacingError("Only managers of this server set it up.", "Ask someone with Manage Server.")


async def require_moderator(interaction: Interaction) -> tuple[Services, discord.Guild]:
    """Return the services and the server; raise UserFacingError unless the one who acts writes its notices.

    Where managers chose roles of moderators, those write; else whoever may manage messages. Managers always do.
    """
    guild, services = interaction.guild, interaction.client.services
    assert guild is not None  # noqa: S101 - moderators are moderators of a server
    if interaction.permissions.manage_guild:
        return services, guild
    settings: ServerSettings = await services.servers.get(guild.id)
    allowed = has_role(interaction.user, settings.moderator_roles) if settings.moderator_roles else interaction.permissions.manage_messages
    if not allowed:
        raise NOT_A_MODERATOR
    return services, guild


def has_role(user: discord.abc.User, role_ids: frozenset[int]) -> bool:
    """Tell whether a member of the server has one of some roles."""
    roles: list[Any] = getattr(user, "roles", [])
    return any(role.id in role_ids for role in roles)
