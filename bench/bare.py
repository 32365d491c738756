"""A discord.py client with nothing of ours: the same commands, answered with replies that were made beforehand.

``python -m bench.bare URL REPLIES [--sync] [--send CHANNELS]``, REPLIES being a JSON file of components by command, and CHANNELS one of
ids of channels: a message goes to each of them in turn, 45 a second, from the first command on that is called ``send``.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

TOKEN = "sandbox-token"  # noqa: S105 - opens nothing but the sandbox on loopback

Interaction = discord.Interaction[discord.Client]


CHOICES = [
    app_commands.Choice(name=f"Match Week: did I match · Mon {number} Mar 2027", value=f"us-2027-match-{number}") for number in range(3)
]
"""As many as ours offers for what is typed."""
PACE = 45.0


class Prepared(discord.ui.LayoutView):
    """Hold components that need no building; stopped from the start, so that discord.py keeps no watch over it."""

    def __init__(self, components: list[dict[str, Any]]) -> None:
        super().__init__(timeout=None)
        self._components = components
        self.stop()

    def to_components(self) -> list[dict[str, Any]]:
        """Return them as they are."""
        return self._components

    def has_components_v2(self) -> bool:
        """Say yes: they came from such a message."""
        return True


class Bare(discord.Client):
    """Answer and do nothing else."""

    def __init__(self, replies: dict[str, list[dict[str, Any]]], *, sync: bool, channels: list[int]) -> None:
        intents = discord.Intents.none()
        intents.guilds = True
        super().__init__(
            intents=intents,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.tree = app_commands.CommandTree(self)
        self._sync = sync
        self._channels = channels
        self._sending: asyncio.Task[None] | None = None
        self._add_commands({name: Prepared(components) for name, components in replies.items()})

    async def setup_hook(self) -> None:
        """Tell Discord about the commands, where it does not know them."""
        if self._sync:
            await self.tree.sync()

    async def _send(self) -> None:
        """Send to every channel in turn, at the pace that is ours by default."""
        began = asyncio.get_running_loop().time()
        for number, channel in enumerate(self._channels):
            await asyncio.sleep(max(0.0, began + number / PACE - asyncio.get_running_loop().time()))
            await self.get_partial_messageable(channel).send(f"Reminder: for {channel}")

    def _add_commands(self, views: dict[str, Prepared]) -> None:
        remind = app_commands.Group(name="remind", description="Reminders")

        @self.tree.command(description="Nothing but an answer")
        async def ping(interaction: Interaction) -> None:
            await interaction.response.send_message("pong", ephemeral=True)

        @self.tree.command(description="Begin to send")
        async def send(interaction: Interaction) -> None:
            self._sending = asyncio.create_task(self._send(), name="send")
            await interaction.response.send_message("sending", ephemeral=True)

        @self.tree.command(description="The next dates")
        async def countdown(interaction: Interaction, event: str | None = None) -> None:  # noqa: ARG001 - an option as ours
            await interaction.response.send_message(view=views["countdown"], ephemeral=True)

        @countdown.autocomplete("event")
        async def typed(_: Interaction, _typed: str) -> list[app_commands.Choice[str]]:
            return CHOICES

        @remind.command(name="list", description="What is set")
        async def listed(interaction: Interaction) -> None:
            await interaction.response.send_message(view=views["remind list"], ephemeral=True)

        @remind.command(description="Set one")
        async def me(interaction: Interaction, when: str, what: str) -> None:  # noqa: ARG001 - options as ours
            await interaction.response.send_message(view=views["remind me"], ephemeral=True)

        self.tree.add_command(remind)


def main(url: str, replies: str, *rest: str) -> None:
    """Run until the process is ended."""
    Route.BASE = f"{url}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url.replace("http", "ws", 1) + "/gateway")
    channels = json.loads(Path(rest[rest.index("--send") + 1]).read_text(encoding="utf-8")) if "--send" in rest else []
    client = Bare(json.loads(Path(replies).read_text(encoding="utf-8")), sync="--sync" in rest, channels=channels)
    asyncio.run(client.start(TOKEN))


if __name__ == "__main__":
    main(*sys.argv[1:])
