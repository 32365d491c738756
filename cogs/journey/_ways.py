"""The ways between the cards of her way: each is drawn by one function, anew at every click, in place of the card that was clicked."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

from bot.domain.journey import GuideKey
from bot.errors import UserFacingError
from bot.services.journey import JourneyBoard
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, acknowledge
from cogs._ui.ways import Ways, is_in_place, put, style_of

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

WAYS = Ways[View, Draw](STALE)
shows = WAYS.shows
DRAWN = ("", GuideKey.STEPS.value)
"""Checklists with a picture: acknowledged before they are drawn."""


async def show(interaction: Interaction, view: View, rest: str = "", done: str = "", *, edit: bool | None = None) -> None:
    """Show a view in place of the card that was clicked, or where nothing was clicked as a reply of its own."""
    services = interaction.client.services
    if view is View.GUIDE and rest in DRAWN:
        await acknowledge(interaction, edit=is_in_place(interaction, edit))
    board = await services.journey.board(await services.members.get(interaction.user.id), interaction.guild_id)
    wanted = view if board.journey.is_readable else View.ANEW
    await put(interaction, await WAYS[wanted](interaction, board, rest, done), edit=edit)


class Go(Action, prefix="journey:go"):
    """Show the view in the key, in place."""

    async def act(self, interaction: Interaction) -> None:
        """Show it as it is now."""
        name, _, rest = self.key.partition(".")
        await show(interaction, WAYS.named(name), rest)


def go(label: str, view: View, *rest: str, primary: bool = False, disabled: bool = False) -> Go:
    """Return a button that leads to a view."""
    return Go(".".join([view.value, *rest]), label=label, style=style_of(primary=primary), disabled=disabled)


def guide_in(text: str) -> GuideKey:
    """Return the checklist of a key; raise UserFacingError where it is none."""
    if text not in set(GuideKey):
        raise STALE
    return GuideKey(text)


ITEMS = (Go,)
