"""The ways between the letter cards: each view is drawn by one function, anew at every click, in place of the card that was clicked."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

import discord

from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, send_card

STALE = UserFacingError("This card is not of use any more.", "Use /letters board to begin from your letters as they are.")


class View(StrEnum):
    """The cards; what a view needs to know stands after its name in the key."""

    BOARD = "board"
    """Year and page; nothing: the season that she is in."""
    LETTER = "letter"
    """The letter's id."""
    DELETE = "delete"
    WAIVER = "waiver"
    PROGRAMS = "programs"
    """The letter's id and the page."""
    TARGET = "target"
    IMPORT = "import"
    PLAN = "plan"
    """The tab and the page."""
    STEPS = "steps"
    """The page."""
    LETTER_STEPS = "lettersteps"
    STEP = "step"
    """The letter's id and the kind of step."""


Draw = Callable[[Services, int, str], Awaitable[Card]]
"""Services, the member's id, and the rest of the key."""

VIEWS: dict[View, Draw] = {}
"""Who draws each card; filled by the modules that own them."""
DRAWN = {View.BOARD}
"""Views with a picture: acknowledged before they are drawn."""


def shows(view: View) -> Callable[[Draw], Draw]:
    """Name the one function that draws a view."""

    def register(draw: Draw) -> Draw:
        VIEWS[view] = draw
        return draw

    return register


def key_of(view: View, *rest: object) -> str:
    """Return the key of a way to a view."""
    return "-".join([view.value, *map(str, rest)])


async def show(interaction: Interaction, view: View, *rest: object, edit: bool = True) -> None:
    """Show a view in place of the card that was clicked, or as a reply of its own."""
    services: Services = interaction.client.services
    if view in DRAWN and not interaction.response.is_done():
        if edit:
            await interaction.response.defer()
        else:
            await interaction.response.defer(ephemeral=True, thinking=True)
    await send_card(interaction, await VIEWS[view](services, interaction.user.id, "-".join(map(str, rest))), edit=edit)


class Go(Action, prefix="letters:go"):
    """Show the view in the key, in place."""

    async def act(self, interaction: Interaction) -> None:
        """Show it as it is now."""
        name, _, rest = self.key.partition("-")
        if name not in {view.value for view in View}:
            raise STALE
        await show(interaction, View(name), rest)


def go(label: str, view: View, *rest: object, primary: bool = False, disabled: bool = False) -> Go:
    """Return a button that leads to a view."""
    style = discord.ButtonStyle.primary if primary else discord.ButtonStyle.secondary
    return Go(key_of(view, *rest), label=label, style=style, disabled=disabled)


def number_in(text: str) -> int:
    """Return the number of a key; 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def split_key(key: str) -> tuple[str, str]:
    """Return the letter's id of a key, and what follows it."""
    first, _, rest = key.partition("-")
    return first, rest


def turn(view: View, page: int, pages: int, *before: object) -> list[Go]:
    """Return the buttons that turn pages; none where there is one page."""
    if pages < 2:
        return []
    return [
        go("Earlier", view, *before, max(page - 1, 0), disabled=page == 0),
        go("Later", view, *before, page + 1, disabled=page >= pages - 1),
    ]


ITEMS = (Go,)
