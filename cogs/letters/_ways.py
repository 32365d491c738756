"""The ways between the letter cards: each view is drawn by one function, anew at every click, in place of the card that was clicked."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, acknowledge
from cogs._ui.ways import Ways, put, style_of

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

WAYS = Ways[View, Draw](STALE)
shows = WAYS.shows
DRAWN = {View.BOARD}
"""Views with a picture: acknowledged before they are drawn."""


def key_of(view: View, *rest: object) -> str:
    """Return the key of a way to a view."""
    return "-".join([view.value, *map(str, rest)])


async def show(interaction: Interaction, view: View, *rest: object, edit: bool = True) -> None:
    """Show a view in place of the card that was clicked, or as a reply of its own."""
    services: Services = interaction.client.services
    if view in DRAWN:
        await acknowledge(interaction, edit=edit)
    await put(interaction, await WAYS[view](services, interaction.user.id, "-".join(map(str, rest))), edit=edit)


class Go(Action, prefix="letters:go"):
    """Show the view in the key, in place."""

    async def act(self, interaction: Interaction) -> None:
        """Show it as it is now."""
        name, _, rest = self.key.partition("-")
        await show(interaction, WAYS.named(name), rest)


def go(label: str, view: View, *rest: object, primary: bool = False, disabled: bool = False) -> Go:
    """Return a button that leads to a view."""
    return Go(key_of(view, *rest), label=label, style=style_of(primary=primary), disabled=disabled)


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
