"""The Discord client: intents, extensions by name, command sync and an orderly close."""

import asyncio
import gc
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.command_sync import fingerprint, note, noted
from bot.observing.interactions import Handled, Kind, begin, note_acknowledged
from bot.observing.observer import Observer
from bot.scheduling.due_loop import DueLoop
from bot.scheduling.invalid_requests import InvalidRequests
from bot.scheduling.pacing import check_turn
from bot.services.bundle import Services

log = logging.getLogger(__name__)

EXTENSIONS = (
    "cogs.errors",
    "cogs.start",
    "cogs.countdown",
    "cogs.calendar",
    "cogs.eligibility",
    "cogs.specialty",
    "cogs.letters",
    "cogs.programs",
    "cogs.interviews",
    "cogs.ranklist",
    "cogs.matchweek",
    "cogs.journey",
    "cogs.faq",
    "cogs.remind",
    "cogs.ask",
    "cogs.advisor",
    "cogs.broadcast",
    "cogs.server",
    "cogs.mydata",
    "cogs.help",
    "cogs.delivery",
)
"""In this order; a failed one stops the start. ``cogs.delivery`` is last: it lets the due loop begin."""
COMMANDS = EXTENSIONS[:-1]
"""Those that hold commands."""


# Nothing here speaks: that the libraries for voice are missing is no news to anyone.
discord.VoiceClient.warn_nacl = False
discord.VoiceClient.warn_dave = False


class MatchdayTree(app_commands.CommandTree["MatchdayClient"]):
    """The commands, each call of which has an id in the log and is told to the observer when it ends."""

    async def interaction_check(self, interaction: "discord.Interaction[MatchdayClient]", /) -> bool:
        """Note that a command, or an autocomplete of one, begins; everything that follows of it is done in this task."""
        kind = Kind.AUTOCOMPLETE if interaction.type is discord.InteractionType.autocomplete else Kind.COMMAND
        handled = Handled(kind, interaction.command.qualified_name if interaction.command else "unknown")
        begin(handled)
        task, observer = asyncio.current_task(), interaction.client.observer
        if task is not None:
            task.add_done_callback(lambda _task: observer.interaction_ended(handled))
        return True


class MatchdayClient(commands.Bot):
    """A bot of slash commands: no privileged intents, no prefix, no mentions unless one is chosen."""

    def __init__(
        self,
        services: Services,
        due_loop: DueLoop,
        *,
        sync_state: Path | None = None,
        on_close: Callable[[], Awaitable[None]] | None = None,
        observer: Observer | None = None,
        **options: Any,  # noqa: ANN401 - discord.py's own, of a client of several shards
    ) -> None:
        intents = discord.Intents.none()
        intents.guilds = True
        super().__init__(
            command_prefix=commands.when_mentioned,
            tree_cls=MatchdayTree,
            help_command=None,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_installs=discord.app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=discord.app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            http_trace=_traced(invalid := InvalidRequests(), observer := observer or Observer()),
            **options,
        )
        self.invalid_requests = invalid
        self.observer = observer
        self.services = services
        self.due_loop = due_loop
        self.is_connected = False
        """Whether the gateway's session runs; what breaks off is resumed by the library."""
        self.connection_changed: float | None = None
        """When that last changed, on the monotonic clock; None before the first connection."""
        self._sync_state = sync_state
        self._on_close = on_close

    async def setup_hook(self) -> None:
        """Load every extension, then tell Discord about the commands if they changed."""
        for name in EXTENSIONS:
            await self.load_extension(name)
        if self._sync_state is not None:
            await self._sync_commands(self._sync_state)
        # What was loaded stays for good: a collector that walks it again and again would stop every answer for some 50 ms,
        # and to look for garbage among it first costs the start as much.
        gc.freeze()

    def verify_key(self) -> str | None:
        """Return the public key of the application, hexadecimal; None before Discord told it."""
        return self.application.verify_key if self.application is not None else None

    async def on_ready(self) -> None:
        """Say that the bot is connected."""
        self._note_connection(is_connected=True)
        log.info("connected as %s, in %d servers", self.user, len(self.guilds))

    async def on_resumed(self) -> None:
        """Note that a session that broke off goes on."""
        self._note_connection(is_connected=True)

    async def on_disconnect(self) -> None:
        """Note that the connection broke off; before the first one, and at each attempt that fails, nothing changes by it."""
        if self.connection_changed is not None:
            self._note_connection(is_connected=False)
            self.observer.disconnected()

    @property
    def knows_all_servers(self) -> bool:
        """Tell whether every server that the bot is in is in memory here; else other processes connect the rest."""
        return True

    async def server_ids(self) -> set[int]:
        """Return the servers that the bot is in, whichever process connects them."""
        return {guild.id for guild in self.guilds}

    def name_of(self, guild_id: int) -> str | None:
        """Return what a server is called; None where it is not known here."""
        guild = self.get_guild(guild_id)
        return guild.name if guild is not None else None

    def _note_connection(self, *, is_connected: bool) -> None:
        if self.is_connected != is_connected:
            self.is_connected, self.connection_changed = is_connected, time.monotonic()

    async def close(self) -> None:
        """Stop sending first, then leave the gateway, then let go of storage."""
        if self.is_closed():
            return
        await self.due_loop.stop()
        # discord.py leaves the task that waits to say "ready"; after the end it would find no loop, and log a traceback.
        waiting: asyncio.Task[None] | None = getattr(self._connection, "_ready_task", None)
        if waiting is not None:
            waiting.cancel()
        await super().close()
        if self._on_close is not None:
            await self._on_close()

    def commands_here(self) -> list[dict[str, Any]]:
        """Return the commands as Discord is told about them."""
        return [command.to_dict(self.tree) for command in self.tree.get_commands()]

    async def _sync_commands(self, state: Path) -> None:
        """Sync the tree when it differs from what Discord was told last, never on every start."""
        told = fingerprint(self.application_id, self.commands_here())
        if noted(state) == told and await self._commands_are_there():
            log.info("the commands are as Discord knows them")
            return
        synced = await self.tree.sync()
        note(state, told)
        log.info("told Discord about %d commands", len(synced))

    async def _commands_are_there(self) -> bool:
        """Tell whether Discord still holds them: another deployment of the same application may have removed them."""
        return len(await self.tree.fetch_commands()) == len(self.tree.get_commands())


def _traced(invalid: InvalidRequests, observer: Observer) -> aiohttp.TraceConfig:
    """Return what counts answers, sees when an interaction is acknowledged, and stops requests of a process that may not send any more.

    The library tries again by itself, and tells nobody of a 429.
    """

    async def ended(_session: aiohttp.ClientSession, _context: object, answer: aiohttp.TraceRequestEndParams) -> None:
        status, scope = answer.response.status, answer.response.headers.get("X-RateLimit-Scope")
        invalid.note(status, scope)
        observer.request_answered(status, scope)
        if status < 300 and answer.url.path.endswith("/callback"):
            note_acknowledged()

    async def started(_session: aiohttp.ClientSession, _context: object, _request: aiohttp.TraceRequestStartParams) -> None:
        check_turn()

    async def broke(_session: aiohttp.ClientSession, _context: object, _error: aiohttp.TraceRequestExceptionParams) -> None:
        observer.request_answered(0, None)

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(started)
    trace.on_request_end.append(ended)
    trace.on_request_exception.append(broke)
    return trace
