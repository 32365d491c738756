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
NOT_AN_ADVISOR = UserFacingError(
    "Questions are answered by the advisors of this server.", "If you are one, ask a manager to choose your role in /server setup."
)
NOT_OFFERING = UserFacingError(
    "Slots are offered by the advisors of this server.",
    "If you are one, ask a manager to choose your role in /server setup. /ask slots shows what you can book.",
)
NO_LIFTER = UserFacingError(
    "A hidden name is lifted by moderators of this server only.", "If a message is abusive, show it to one of them."
)


def require_manager(interaction: Interaction) -> None:
    """Raise UserFacingError unless the one who acts may manage the server."""
    if not interaction.permissions.manage_guild:
        raise UserFacingError("Only managers of this server set it up.", "Ask someone with Manage Server.")


async def require_moderator(interaction: Interaction, refusal: UserFacingError = NOT_A_MODERATOR) -> tuple[Services, discord.Guild]:
    """Return the services and the server; raise UserFacingError unless the one who acts moderates it.

    Where managers chose roles of moderators, those do; else whoever may manage messages. Managers always do.
    """
    guild, services = interaction.guild, interaction.client.services
    assert guild is not None  # noqa: S101 - moderators are moderators of a server
    if interaction.permissions.manage_guild:
        return services, guild
    settings: ServerSettings = await services.servers.get(guild.id)
    allowed = has_role(interaction.user, settings.moderator_roles) if settings.moderator_roles else interaction.permissions.manage_messages
    if not allowed:
        raise refusal
    return services, guild


def has_role(user: discord.abc.User, role_ids: frozenset[int]) -> bool:
    """Tell whether a member of the server has one of some roles."""
    roles: list[Any] = getattr(user, "roles", [])
    return any(role.id in role_ids for role in roles)


async def is_advisor(interaction: Interaction) -> bool:
    """Tell whether the one who acts advises in this server: by one of its advisor roles, or as a manager."""
    if interaction.guild_id is None:
        return False
    if interaction.permissions.manage_guild:
        return True
    settings: ServerSettings = await interaction.client.services.servers.get(interaction.guild_id)
    return has_role(interaction.user, settings.advisor_roles)


async def is_moderator(interaction: Interaction) -> bool:
    """Tell whether the one who acts may act against abuse in this server: by one of its moderator roles, or by permission."""
    if interaction.guild_id is None:
        return False
    if interaction.permissions.manage_guild or interaction.permissions.manage_messages:
        return True
    settings: ServerSettings = await interaction.client.services.servers.get(interaction.guild_id)
    return has_role(interaction.user, settings.moderator_roles)


async def require_advisor(interaction: Interaction, refusal: UserFacingError = NOT_AN_ADVISOR) -> int:
    """Return the id of the server in which the one who acts advises; raise UserFacingError where that is none."""
    if interaction.guild_id is None or not await is_advisor(interaction):
        raise refusal
    return interaction.guild_id


async def require_reader(interaction: Interaction) -> int:
    """Return the id of the server in which the one who acts may read questions: its advisors, and its moderators for abuse."""
    if interaction.guild_id is None or not (await is_advisor(interaction) or await is_moderator(interaction)):
        raise NOT_AN_ADVISOR
    return interaction.guild_id


async def require_lifter(interaction: Interaction) -> int:
    """Return the id of the server in which the one who acts may lift a hidden name; raise UserFacingError where that is none."""
    if interaction.guild_id is None or not await is_moderator(interaction):
        raise NO_LIFTER
    return interaction.guild_id
