"""Buttons that lead to rotations, drafts and packets from any card; the modules that own those cards draw them, anew at every click."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

import discord

from bot.domain.letter_drafts import DraftKind
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, send_card

NOBODY = "0"
"""For whom a draft is, where nobody is named."""


class Shows(StrEnum):
    """The cards that these buttons show."""

    ROTATIONS = "rotations"
    """At the page in the key."""
    ROTATION = "rotation"
    """Of the id in the key."""
    DRAFT = "draft"
    """Of the kind and for whom the key says."""
    PACKET = "packet"
    """Of the letter in the key."""


Draw = Callable[[Services, int, str], Awaitable[Card]]
"""Services, the member's id, the key."""

CARDS: dict[Shows, Draw] = {}
"""Who draws each card; filled by the modules that own them."""


def draws(shown: Shows) -> Callable[[Draw], Draw]:
    """Name the one function that draws a card."""

    def register(draw: Draw) -> Draw:
        CARDS[shown] = draw
        return draw

    return register


async def show(interaction: Interaction, shown: Shows, key: str, *, edit: bool = True) -> None:
    """Show a card in place of the one that was clicked, or as a reply of its own."""
    view = await CARDS[shown](interaction.client.services, interaction.user.id, key)
    await send_card(interaction, view, edit=edit)


class AllRotations(Action, prefix="rotation:page"):
    """Show the list of rotations, at the page in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show it in place."""
        await show(interaction, Shows.ROTATIONS, self.key)


class OpenRotation(Action, prefix="rotation:open"):
    """Show the rotation in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show it in place."""
        await show(interaction, Shows.ROTATION, self.key)


class ShowDraft(Action, prefix="draft:show"):
    """Show a draft; the key is its kind and for whom it is."""

    async def act(self, interaction: Interaction) -> None:
        """Show it, as a reply of its own."""
        await show(interaction, Shows.DRAFT, self.key, edit=False)


class OpenPacket(Action, prefix="packet:show"):
    """Show the packet of the letter in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show it, as a reply of its own."""
        await show(interaction, Shows.PACKET, self.key, edit=False)


def draft_button(kind: DraftKind, whom: str, label: str, *, primary: bool = False) -> ShowDraft:
    """Return the button that shows a draft for one writer."""
    style = discord.ButtonStyle.primary if primary else discord.ButtonStyle.secondary
    return ShowDraft(f"{kind.value}-{whom}", label=label, style=style)


def whom_letter(letter_id: str) -> str:
    """Return how a draft's key names the writer of a letter."""
    return f"l{letter_id}"


def whom_rotation(rotation_id: str, number: int | None) -> str:
    """Return how a draft's key names one of a rotation's writers, or with None the rotation alone."""
    return f"r{rotation_id}" if number is None else f"r{rotation_id}.{number}"


def page_in(key: str) -> int:
    """Return the page of a key; the first for anything else."""
    return int(key) if key.isascii() and key.isdecimal() and len(key) < 4 else 0


ITEMS = (AllRotations, OpenRotation, ShowDraft, OpenPacket)
