"""The ways between the cards of practice: each is drawn by one function, anew at every click, in place of the card that was clicked."""

from collections.abc import Awaitable, Callable

from bot.errors import UserFacingError
from bot.services.practice import PracticeService
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, send_card
from cogs._ui.ways import Ways, style_of

STALE = UserFacingError("This card is not of use any more.", "Use /interviews practice to begin from how things are.")

Draw = Callable[[Interaction, str], Awaitable[Card]]
"""What draws a card: the click, and the rest of the key."""

WAYS = Ways[str, Draw](STALE)
shows = WAYS.shows


def service_of(interaction: Interaction) -> PracticeService:
    """Return what keeps rounds."""
    return interaction.client.services.practice


async def put(interaction: Interaction, card: Card) -> None:
    """Show a card in place of the one that was clicked where only she sees that one, else as a reply that only she sees."""
    message = interaction.message
    await send_card(interaction, card, edit=message is not None and message.flags.ephemeral)


async def show(interaction: Interaction, name: str, rest: str = "") -> None:
    """Show a card by its name."""
    await put(interaction, await WAYS[name](interaction, rest))


class Go(Action, prefix="practice:go"):
    """Show the card in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show it as it is now."""
        name, _, rest = self.key.partition(".")
        await show(interaction, WAYS.named(name), rest)


def go(label: str, name: str, *rest: object, primary: bool = False, disabled: bool = False) -> Go:
    """Return a button that leads to a card."""
    return Go(".".join([name, *map(str, rest)]), label=label, style=style_of(primary=primary), disabled=disabled)


ITEMS = (Go,)
