"""Modals: a form that a member fills in once; what goes wrong becomes a reply."""

from typing import Any

from discord import ui

from bot.observing.interactions import Kind
from cogs._ui.actions import Interaction
from cogs._ui.failures import answering, reply_to_failure

FORM_SECONDS = 3_600.0
"""How long a form may stay open: a member looks things up while she fills it in."""


class Form(ui.Modal):
    """Be a form; a subclass does its work in ``submitted``, and whatever it raises becomes a reply to the one who sent it."""

    def __init__(self, title: str) -> None:
        super().__init__(title=title, timeout=FORM_SECONDS)

    def ask(self, text: str, component: ui.Item[Any], description: str | None = None) -> None:
        """Add a question with its control."""
        self.add_item(ui.Label(text=text, component=component, description=description))

    async def on_submit(self, interaction: Interaction) -> None:
        """Answer it, under an id in the log."""
        with answering(interaction, Kind.FORM, type(self).__module__.split(".")[1]):  # cogs.programs._form: "programs"
            await self.respond(interaction)

    async def respond(self, interaction: Interaction) -> None:
        """Do the work; turn whatever goes wrong into a reply."""
        try:
            await self.submitted(interaction)
        except Exception as error:  # noqa: BLE001 - discord.py would only log it, and the member would see nothing
            await self.failed(interaction, error)

    async def failed(self, interaction: Interaction, error: Exception) -> None:
        """Say what went wrong."""
        await reply_to_failure(interaction, error)

    async def submitted(self, interaction: Interaction) -> None:
        """Answer the form."""
        raise NotImplementedError
