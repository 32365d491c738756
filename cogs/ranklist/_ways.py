"""The ways between the cards of the rank list: each view is drawn by one function, anew at every click, in place of the card clicked."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card
from cogs._ui.ways import Ways, number_in, put, style_of

STALE = UserFacingError("This card is not of use any more.", "Use /ranklist board or /ranklist explain to begin from what is there now.")
SEPARATOR = "-"


class View(StrEnum):
    """The cards; what a view needs to know stands after its name in the key."""

    EXPLAIN = "explain"
    EXAMPLE = "example"
    """The example's id, the order of work and the page."""
    EXAMPLE_SAFE = "exsafe"
    """The example's id."""
    WALK = "walk"
    """The seed, where programs place her, whether all lines are shown, and the page."""
    PLACING = "placing"
    """The seed, where programs place her, and the number of a program."""
    WALK_SAFE = "walksafe"
    """The seed, and where programs place her."""
    BOARD = "board"
    """The page."""
    ADD = "add"
    """The list's key and the page."""
    PROGRAM = "program"
    """The program's id and the list's key."""
    SUPPLEMENTAL = "supp"
    """The id of the advanced program."""
    CRITERIA = "criteria"
    MARKS = "marks"
    """The criterion's key and the page."""
    CERTIFY = "certify"
    CHECK = "check"
    """The page."""


Draw = Callable[[Services, Interaction, str], Awaitable[Card]]
"""Services, the click or command, and the rest of the key."""

WAYS = Ways[View, Draw](STALE)
shows = WAYS.shows


async def show(interaction: Interaction, view: View, *rest: object, edit: bool = True) -> None:
    """Show a view in place of the card that was clicked, or as a reply of its own."""
    drawn = await WAYS[view](interaction.client.services, interaction, SEPARATOR.join(map(str, rest)))
    await put(interaction, drawn, edit=edit)


class Go(Action, prefix="ranklist:go"):
    """Show the view in the key, in place."""

    async def act(self, interaction: Interaction) -> None:
        """Show it as it is now."""
        name, _, rest = self.key.partition(SEPARATOR)
        # What follows a full stop only keeps two buttons that lead to one place apart.
        await show(interaction, WAYS.named(name), rest.partition(".")[0])


def go(label: str, view: View, *rest: object, primary: bool = False, disabled: bool = False, mark: str = "") -> Go:
    """Return a button that leads to a view; ``mark`` keeps it apart from another of the same card that leads there too."""
    key = SEPARATOR.join([view.value, *map(str, rest)]) + (f".{mark}" if mark else "")
    return Go(key, label=label, style=style_of(primary=primary), disabled=disabled)


def parts_of(key: str, count: int) -> list[str]:
    """Return the parts of a key, as many as asked for; missing ones are empty."""
    parts = key.split(SEPARATOR)
    return [*parts, *([""] * count)][:count]


def page_of(text: str, pages: int) -> int:
    """Return a page of a key, one that there is."""
    return min(number_in(text), max(pages, 1) - 1)


def turn(view: View, page: int, pages: int, *before: object) -> list[Go]:
    """Return the buttons that turn pages; none where there is one page."""
    if pages < 2:
        return []
    return [
        go("Earlier", view, *before, max(page - 1, 0), disabled=page == 0, mark="back"),
        go("Later", view, *before, min(page + 1, pages - 1), disabled=page >= pages - 1, mark="on"),
    ]


ITEMS = (Go,)
