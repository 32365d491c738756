"""The roles of a server, to choose from."""

from collections.abc import Collection

import discord

MOST_OFFERED = 25
"""As many as a select takes."""


def role_options(guild: discord.Guild | None, chosen: Collection[int]) -> list[discord.SelectOption]:
    """Return the roles that people give each other, those that are chosen first, then by their rank; none outside of a server."""
    roles = [role for role in (guild.roles if guild else []) if not role.is_default() and not role.managed]
    return [
        discord.SelectOption(label=role.name[:100], value=str(role.id), default=role.id in chosen)
        for role in sorted(roles, key=lambda role: (role.id not in chosen, -role.position))[:MOST_OFFERED]
    ]
