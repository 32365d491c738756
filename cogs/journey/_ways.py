"""The ways between the cards of her way: each is drawn by one function, anew at every click, in place of the card that was clicked."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

import discord

from bot.domain.journey import GuideKey
from bot.errors import UserFacingError
from bot.services.journey import JourneyBoard
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, send_card

STALE = UserFacingError("This card is not of use any more.", "Use /journey steps to begin from what is there now.")


class View(StrEnum):
    """The cards; what one needs to know stands after its name in the key."""

    GUIDE = "guide"
    """The checklist."""
    SECTION = "section"
    """The checklist and the section."""
    ITEM = "item"
    """The item."""
    WEEK = "week"
    EXAM = "exam"
    """The exam."""
    ANEW = "anew"


Draw = Callable[[Interaction, JourneyBoard, str, str], Awaitable[Card]]
"""The interaction, her way, the rest of the key, and what was just done."""

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
    board = await services.journey.board(await services.members.get(interaction.user.id), interaction.guild_id)
    in_place = interaction.message is not None if edit is None else edit
    wanted = view if board.journey.is_readable else View.ANEW
    await send_card(interaction, await VIEWS[wanted](interaction, board, rest, done), edit=in_place)


class Go(Action, prefix="journey:go"):
    """Show the view in the key, in place."""

    async def act(self, interaction: Interaction) -> None:
        """Show it as it is now."""
        name, _, rest = self.key.partition(".")
        if name not in set(View):
            raise STALE
        await show(interaction, View(name), rest)


def go(label: str, view: View, *rest: str, primary: bool = False, disabled: bool = False) -> Go:
    """Return a button that leads to a view."""
    style = discord.ButtonStyle.primary if primary else discord.ButtonStyle.secondary
    return Go(".".join([view.value, *rest]), label=label, style=style, disabled=disabled)


def guide_in(text: str) -> GuideKey:
    """Return the checklist of a key; raise UserFacingError where it is none."""
    if text not in set(GuideKey):
        raise STALE
    return GuideKey(text)


ITEMS = (Go,)
