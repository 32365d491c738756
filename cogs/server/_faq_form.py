"""An answer of a server before ``/faq`` finds it: its form, and the preview with what the guard found."""

from typing import Any

import discord
from discord import ui

from bot.domain.addresses import MAX_ADDRESS
from bot.domain.server_faq import MAX_ANSWER, MAX_TITLE, ServerEntry
from bot.errors import UserFacingError
from bot.services.bundle import Services
from bot.services.server_faq import NO_ADDRESS
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import MAX_TEXT, WAITING, Card, Meaning, card, send_card
from cogs._ui.forms import Form
from cogs.broadcast._guard import guard_lines
from cogs.faq._words import NOT_CHECKED, own_blocks
from cogs.server._faq import asked, list_card


class WriteAnswer(Action, prefix="serverfaq:write"):
    """Write an answer of the server."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        services, _ = asked(interaction)
        await interaction.response.send_modal(AnswerForm(services))


class ChangeAnswer(Action, prefix="serverfaq:change"):
    """Change the own answer in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form with what stands there; that stays until the change is kept."""
        services, guild_id = asked(interaction)
        entry = await services.server_faq.entry(guild_id, self.key)
        await interaction.response.send_modal(AnswerForm(services, entry, replaces=entry.id))


class ChangeDraft(Action, prefix="serverfaq:redraft"):
    """Open the form again with the draft in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Open it; the draft stays until the form is sent."""
        services, guild_id = asked(interaction)
        draft = await services.server_faq.draft_to_keep(guild_id, self.key)
        await interaction.response.send_modal(AnswerForm(services, draft, replaces=draft.replaces))


class AnswerForm(Form):
    """Ask for question, answer and link."""

    def __init__(self, services: Services, entry: ServerEntry | None = None, *, replaces: str = "") -> None:
        super().__init__("An answer of this server")
        self._services = services
        self._replaces = replaces
        self.question: ui.TextInput[Any] = ui.TextInput(
            max_length=MAX_TITLE, default=entry.title if entry else None, placeholder="When is our next study meeting?"
        )
        self.answer: ui.TextInput[Any] = ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=MAX_ANSWER, default=entry.text if entry else None
        )
        self.link: ui.TextInput[Any] = ui.TextInput(required=False, max_length=MAX_ADDRESS, default=entry.link if entry else None)
        self.ask("Question or title", self.question, "/faq finds it by these words, also loosely typed.")
        self.ask("Answer", self.answer, "Shown as yours, not as Matchday's. Nobody is mentioned, whatever it says.")
        self.ask("Link", self.link, "Optional: a public page; it begins with https://.")

    async def submitted(self, interaction: Interaction) -> None:
        """Keep a draft, and show it as members will see it; a link that can't be shown is left out, so that the text is not lost."""
        services, guild_id = asked(interaction)
        written = (guild_id, interaction.user.id, self.question.value, self.answer.value)
        problem = ""
        try:
            draft = await services.server_faq.draft(*written, self.link.value, replaces=self._replaces)
        except UserFacingError as error:
            if error is not NO_ADDRESS:
                raise
            draft = await services.server_faq.draft(*written, "", replaces=self._replaces)
            problem = f"**Link left out:** {error.what_happened} {error.what_to_do}"
        await send_card(interaction, preview_card(services, draft, problem), edit=interaction.message is not None)


class KeepAnswer(Action, prefix="serverfaq:keep"):
    """Let ``/faq`` find the draft in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Keep it, and show all entries."""
        services, guild_id = asked(interaction)
        kept = await services.server_faq.keep(guild_id, interaction.user.id, self.key)
        await send_card(interaction, await list_card(services, guild_id, "Kept: /faq finds it here now.", kept.id), edit=True)


class DiscardDraft(Action, prefix="serverfaq:discard"):
    """Throw the draft in the key away."""

    async def act(self, interaction: Interaction) -> None:
        """Throw it away, and show all entries."""
        services, guild_id = asked(interaction)
        await services.server_faq.discard(guild_id, self.key)
        await send_card(interaction, await list_card(services, guild_id, "Discarded: nothing was changed."), edit=True)


def preview_card(services: Services, draft: ServerEntry, problem: str = "") -> Card:
    """Return a draft as members will see it, with what the guard found in it: it warns, and forbids nothing."""
    title = "Your answer, as members will see it"
    blocks = own_blocks(draft.title, draft.text, draft.link, draft.written_at.date())
    quiet = f"{NOT_CHECKED}\nThe draft is kept encrypted for a day. Only you can see this."
    found = services.catalogue.read_notice(f"{draft.title}\n{draft.text}\n{draft.link}", services.clock.now())
    # Counted with what send_card may add; 20 more for the marks of title and quiet lines.
    room = MAX_TEXT - sum(map(len, (title, problem, *blocks, quiet, WAITING))) - 20
    return card(
        title,
        problem,
        *blocks,
        guard_lines(found, services.catalogue.notice_guard, room, "keep it"),
        meaning=Meaning.ATTENTION,
        rows=[
            [
                KeepAnswer(draft.id, label="Keep it", style=discord.ButtonStyle.primary),
                ChangeDraft(draft.id, label="Change"),
                DiscardDraft(draft.id, label="Discard"),
            ]
        ],
        quiet=quiet,
    )


ITEMS = (WriteAnswer, ChangeAnswer, ChangeDraft, KeepAnswer, DiscardDraft)
