"""The ways between the cards of a feature: each card is drawn by one function, anew at every click, in place of the card clicked."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import discord

from bot.errors import UserFacingError
from cogs._ui.actions import Interaction
from cogs._ui.cards import Card, send_card

V = TypeVar("V", bound=str)
D = TypeVar("D", bound=Callable[..., Any])


class Ways(Generic[V, D]):
    """Know who draws each card of a feature; filled by the modules that own the cards."""

    def __init__(self, stale: UserFacingError) -> None:
        """Take what is said of a card that leads nowhere any more."""
        self._stale = stale
        self._drawn: dict[V, D] = {}

    def shows(self, view: V) -> Callable[[D], D]:
        """Name the one function that draws a card."""

        def register(draw: D) -> D:
            self._drawn[view] = draw
            return draw

        return register

    def __getitem__(self, view: V) -> D:
        """Return who draws a card."""
        return self._drawn[view]

    def named(self, name: str) -> V:
        """Return a card by its name in a key; raise UserFacingError where there is none."""
        for view in self._drawn:
            if view == name:
                return view
        raise self._stale


async def put(interaction: Interaction, drawn: Card, *, edit: bool | None = None) -> None:
    """Show a card in place of the one that was clicked, or where nothing was clicked as a reply of its own; ``edit`` decides it."""
    await send_card(interaction, drawn, edit=is_in_place(interaction, edit))


def is_in_place(interaction: Interaction, edit: bool | None) -> bool:
    """Tell whether a card takes the place of the one that was clicked, unless it is decided already."""
    return interaction.message is not None if edit is None else edit


def style_of(*, primary: bool) -> discord.ButtonStyle:
    """Return how a way looks: one of a card may be the one that most will take."""
    return discord.ButtonStyle.primary if primary else discord.ButtonStyle.secondary


def number_in(text: str) -> int:
    """Return the number of a key; 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
