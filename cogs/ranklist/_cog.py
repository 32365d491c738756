"""``/ranklist``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs.ranklist._ways import View, show


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class RankLists(commands.GroupCog, name="ranklist", description="Your rank order list"):
    """Keep her order, ask before she certifies it, and show how the algorithm works."""

    @app_commands.command(name="board", description="Your order of programs, first-year lists, what you look at, certified or not")
    async def board(self, interaction: discord.Interaction[Any]) -> None:
        """Show the list."""
        await show(interaction, View.BOARD, edit=False)

    @app_commands.command(name="check", description="What to look at before you certify: interviews, visa, first year, couple, fee")
    async def check(self, interaction: discord.Interaction[Any]) -> None:
        """Show what was found."""
        await show(interaction, View.CHECK, edit=False)

    @app_commands.command(name="explain", description="The matching algorithm line by line: on your list, or on a worked example")
    async def explain(self, interaction: discord.Interaction[Any]) -> None:
        """Show how the match is made."""
        await show(interaction, View.EXPLAIN, edit=False)
