"""The ways between the cards of her own interviews: each is drawn by one function, anew at every click, in place of the card clicked."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

from bot.errors import UserFacingError
from bot.services.interviews import Interviews
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card
from cogs._ui.ways import Ways, put, style_of

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

WAYS = Ways[View, Draw](STALE)
shows = WAYS.shows


async def show(interaction: Interaction, view: View, rest: str = "", done: str = "", *, edit: bool | None = None) -> None:
    """Show a view in place of the card that was clicked, or where nothing was clicked as a reply of its own."""
    services = interaction.client.services
    found = await services.interviews.of(await services.members.get(interaction.user.id))
    await put(interaction, await WAYS[view](interaction, found, rest, done), edit=edit)


class GoMine(Action, prefix="interviews:go"):
    """Show the view in the key, in place."""

    async def act(self, interaction: Interaction) -> None:
        """Show it as it is now."""
        name, _, rest = self.key.partition("-")
        # What follows a full stop only keeps two buttons that lead to one place apart.
        await show(interaction, WAYS.named(name), rest.partition(".")[0])


def go(label: str, view: View, rest: str = "", *, primary: bool = False, disabled: bool = False, mark: str = "") -> GoMine:
    """Return a button that leads to a view."""
    return GoMine(f"{view.value}-{rest}{f'.{mark}' if mark else ''}", label=label, style=style_of(primary=primary), disabled=disabled)


ITEMS = (GoMine,)
"""What the cards carry to go from one to another."""
