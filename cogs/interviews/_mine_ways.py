"""The ways between the cards of her own interviews: each is drawn by one function, anew at every click, in place of the card clicked."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

import discord

from bot.errors import UserFacingError
from bot.services.interviews import Interviews
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, send_card

STALE = UserFacingError("This card is not of use any more.", "Use /interviews list to begin from what is there now.")


class View(StrEnum):
    """The cards; what one needs to know stands after its name in the key."""

    LIST = "list"
    """The states that are shown, and the page."""
    ONE = "one"
    """The interview's id."""
    PREPARE = "prepare"
    SCORES = "scores"
    AFTER = "after"
    """The interview's id, and the draft that is open."""
    REMOVE = "remove"


Draw = Callable[[Interaction, Interviews, str, str], Awaitable[Card]]
"""The interaction, her interviews, the rest of the key, and what was just done."""

VIEWS: dict[View, Draw] = {}
"""Who draws each card; filled by the modules that own them."""


def shows(view: View) -> Callable[[Draw], Draw]:
    """Name the one function that draws a view."""

    def register(draw: Draw) -> Draw:
        VIEWS[view] = draw
        return draw

    return register


async def show(interaction: Interaction, view: View, rest: str = "", done: str = "", *, edit: bool | None = None) -> None:
    """Show a view in place of the card that was clicked, or where nothing was clicked as a reply of its own."""
    services = interaction.client.services
    found = await services.interviews.of(await services.members.get(interaction.user.id))
    in_place = interaction.message is not None if edit is None else edit
    await send_card(interaction, await VIEWS[view](interaction, found, rest, done), edit=in_place)


class GoMine(Action, prefix="interviews:go"):
    """Show the view in the key, in place."""

    async def act(self, interaction: Interaction) -> None:
        """Show it as it is now."""
        name, _, rest = self.key.partition("-")
        if name not in set(View):
            raise STALE
        # What follows a full stop only keeps two buttons that lead to one place apart.
        await show(interaction, View(name), rest.partition(".")[0])


def go(label: str, view: View, rest: str = "", *, primary: bool = False, disabled: bool = False, mark: str = "") -> GoMine:
    """Return a button that leads to a view."""
    style = discord.ButtonStyle.primary if primary else discord.ButtonStyle.secondary
    return GoMine(f"{view.value}-{rest}{f'.{mark}' if mark else ''}", label=label, style=style, disabled=disabled)


def number_in(text: str) -> int:
    """Return the number of a key; 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


ITEMS = (GoMine,)
"""What the cards carry to go from one to another."""
