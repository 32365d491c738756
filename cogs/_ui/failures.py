"""Whatever goes wrong becomes a reply: a sentence for what a member can mend, a code for what she can't."""

import logging
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import discord
from discord import app_commands

from bot.errors import UserFacingError
from bot.observing.interactions import Handled, Kind, Result, begin, current, new_id, note_result
from cogs._ui.cards import Meaning, card, send_card

log = logging.getLogger(__name__)

GONE = {10062, 40060}
"""Unknown interaction, already acknowledged: there is nobody left to answer."""


@contextmanager
def answering(interaction: discord.Interaction[Any], kind: Kind, feature: str) -> Generator[None]:
    """Give a click or a form an id in the log while it is answered, and tell the observer when it ends."""
    handled = Handled(kind, feature)
    begin(handled)
    try:
        yield
    finally:
        interaction.client.observer.interaction_ended(handled)


async def reply_to_failure(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Tell the member what happened and what to do; log what is not hers to mend under a code that she is shown."""
    cause = error.__cause__ if isinstance(error, app_commands.CommandInvokeError | app_commands.TransformerError) else None
    error = cause or error
    if isinstance(error, discord.HTTPException) and error.code in GONE:
        note_result(Result.LATE)
        log.warning("an interaction was answered too late or twice: %s", error.code)
        return
    title, text = _words(interaction, error)
    try:
        await send_card(interaction, card(title, text, meaning=Meaning.ATTENTION), waiting_line=False)
    except discord.HTTPException as failed:
        log.warning("the reply to a failure could not be sent: HTTP %s, code %s", failed.status, failed.code)


def _words(interaction: discord.Interaction[Any], error: BaseException) -> tuple[str, str]:
    note_result(Result.REFUSED)
    if isinstance(error, UserFacingError):
        return error.what_happened, error.what_to_do
    if isinstance(error, app_commands.MissingPermissions):
        return "That command is not yours to use here.", "Ask a manager of this server, who can change it under Integrations."
    if isinstance(error, app_commands.NoPrivateMessage):
        return "That command works in a server.", "Use it in a channel of your server."
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return "That command has just changed.", "Reload Discord (Ctrl+R, or close and open the app) and type it again."
    if isinstance(error, discord.Forbidden):
        return "I am not allowed to do that here.", "Ask a manager of this server to let me write in this channel, or use another one."
    note_result(Result.FAILED)
    handled = current()
    code = handled.id if handled else new_id()  # so that what she reads aloud finds every line of the log that belongs to it
    name = interaction.command.qualified_name if interaction.command else "a button"
    log.error("failure %s in %s", code, name, exc_info=error)
    return (
        "Something went wrong on my side.",
        f"Nothing that you saved is lost. Try again in a minute; if it stays, tell whoever runs this bot the code {code}.",
    )
