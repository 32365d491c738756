"""The bot's commands without the bot: nothing is stored, nothing sent, no gateway; for telling Discord about them, and for comparing."""

import logging
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import discord

from bot.catalogue.catalogue import load_catalogue
from bot.client import COMMANDS, MatchdayClient
from bot.clock import SystemClock
from bot.command_sync import Command, Differences, compare, fingerprint, note
from bot.errors import StartError
from bot.run import SANDBOX_TOKEN, point_at_sandbox
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.storage.key_file import new_key
from bot.storage.migrate import parse_url
from bot.wiring import build

LONGEST_WAIT_SECONDS = 30.0
"""Discord may ask to wait longer before it takes commands again: then whoever called is told so, and does not wait."""


class CommandClient(MatchdayClient):
    """Log in and load the commands, no more."""

    async def setup_hook(self) -> None:
        """Load what holds commands; the sending stays away."""
        for name in COMMANDS:
            await self.load_extension(name)

    async def differences(self) -> Differences:
        """Return how the commands differ from those that Discord knows."""
        return compare(self.commands_here(), await self._known())

    async def tell(self, state: Path) -> int:
        """Tell Discord about the commands, and note it as the bot does; return how many there are."""
        synced = await self.tree.sync()
        self.note(state)
        return len(synced)

    def note(self, state: Path) -> None:
        """Note that Discord knows the commands, so that the bot need not tell it again."""
        note(state, fingerprint(self.application_id, self.commands_here()))

    async def _known(self) -> list[Command]:
        assert self.application_id is not None  # noqa: S101 - it logged in
        found: list[Any] = await self.http.get_global_commands(self.application_id)
        return found


def token_of(settings: Settings) -> str:
    """Return the token of Discord or of the sandbox, and turn the library to whichever it is.

    Raises:
        StartError: There is neither, or both.
    """
    settings.refuse_two_worlds()
    if settings.token is not None:
        return settings.token.get_secret_value()
    if not settings.sandbox_url:
        raise StartError("There is no token.", "Set DISCORD_TOKEN: without one there is no Discord to ask.")
    point_at_sandbox(settings.sandbox_url)
    return SANDBOX_TOKEN


@asynccontextmanager
async def logged_in(settings: Settings) -> AsyncGenerator[CommandClient]:
    """Log in and yield the client with every command loaded.

    Raises:
        StartError: There is no token, Discord refuses it, can't be reached or asks to wait.
    """
    token = token_of(settings)
    logging.getLogger("discord").setLevel(logging.ERROR)  # what it says of waiting and trying again, the end says better
    parse_url(settings.database)
    settings = settings.model_copy(update={"shard_count": None, "shards": None})  # no part of it is served, whoever serves the rest
    database = Database.open(settings.database)  # never asked, so it is never opened
    house = build(settings, database, Cipher([new_key()]), SystemClock(), load_catalogue())
    client = CommandClient(house.services, house.due_loop)
    client.http.max_ratelimit_timeout = LONGEST_WAIT_SECONDS
    try:
        with refusals():
            await client.login(token)
            yield client
    finally:
        await client.http.close()
        await database.close()


@contextmanager
def refusals() -> Generator[None]:
    """Turn what Discord and the network answer into a StartError; nothing of their words is repeated."""
    try:
        yield
    except discord.LoginFailure as error:
        raise StartError(
            "Discord refused the token.", "Copy it again from the Developer Portal (Bot, Reset Token) into DISCORD_TOKEN."
        ) from error
    except discord.RateLimited as error:
        raise StartError(
            f"Discord asks to wait {error.retry_after:.0f} seconds.", "Run this again after that; nothing was changed."
        ) from error
    except discord.HTTPException as error:
        raise _refused(error.status) from error
    except (aiohttp.ClientError, OSError) as error:  # a timeout is one of these
        raise StartError("Discord could not be reached.", "Check the network, then run this again.") from error


def _refused(status: int) -> StartError:
    if status == 429:
        return StartError("Discord takes no more requests for now (429).", "Wait some minutes, then run this again.")
    if status >= 500:
        return StartError(f"Discord has trouble of its own ({status}).", "Wait some minutes; discordstatus.com says more.")
    return StartError(f"Discord refused what was asked ({status}).", "Check that the token is of the application that you mean.")
