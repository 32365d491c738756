"""What commands raise becomes a reply."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import MatchdayClient
from cogs._ui.failures import reply_to_failure


async def setup(client: MatchdayClient) -> None:
    """Answer every failed command of the tree."""

    @client.tree.error
    async def on_error(interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> None:
        await reply_to_failure(interaction, error)

    async def ignore_prefix_commands(_context: commands.Context[Any], _error: commands.CommandError) -> None:
        """A mention is no command: there is nothing to answer."""

    client.on_command_error = ignore_prefix_commands  # type: ignore[method-assign]  # the documented way to replace the handler
