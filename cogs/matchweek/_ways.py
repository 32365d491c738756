"""The ways between the cards of Match Week: each is drawn by one function, anew at every click, in place of the card clicked."""

from collections.abc import Callable
from enum import StrEnum

from bot.domain.member import Country
from bot.errors import UserFacingError
from bot.services.own_week import Week
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card
from cogs._ui.ways import Ways, put, style_of

STALE = UserFacingError("This card is not of use any more.", "Use /matchweek now to begin from what is there now.")
COUNTRIES = {Country.UNITED_STATES: "United States", Country.CANADA: "Canada"}


class View(StrEnum):
    """The cards; each knows besides only the country."""

    NOW = "now"
    STATUS = "status"
    SOAP = "soap"
    RULES = "rules"
    HELP = "help"


Draw = Callable[[Interaction, Week, str], Card]
"""The interaction, her week, and what was just done."""

WAYS = Ways[View, Draw](STALE)
shows = WAYS.shows


async def show(interaction: Interaction, view: View, country: Country | None = None, done: str = "", *, edit: bool = True) -> None:
    """Show a view in place of the card that was clicked, or as a reply of its own; without a country, her first one."""
    services = interaction.client.services
    member = await services.members.get(interaction.user.id)
    where = country or services.own_week.countries(member)[0]
    week = await services.own_week.week(member, where, interaction.guild_id)
    await put(interaction, WAYS[view](interaction, week, done), edit=edit)


def country_in(text: str) -> Country:
    """Return the country of a key; raise UserFacingError where it is none."""
    if text not in {each.value for each in Country}:
        raise STALE
    return Country(text)


class Go(Action, prefix="matchweek:go"):
    """Show the view in the key, in place."""

    async def act(self, interaction: Interaction) -> None:
        """Show it as it is now."""
        view, country = view_of(self.key)
        await show(interaction, view, country)


class OpenWeek(Action, prefix="matchweek:open"):
    """Show the view in the key as a reply of its own, below a message that was sent to her."""

    async def act(self, interaction: Interaction) -> None:
        """Show it to her alone."""
        view, country = view_of(self.key)
        await show(interaction, view, country, edit=False)


def view_of(key: str) -> tuple[View, Country]:
    """Return the view and the country of a key; raise UserFacingError where there is none."""
    name, _, rest = key.partition("-")
    return WAYS.named(name), country_in(rest.partition(".")[0])


def go(label: str, view: View, country: Country, *, primary: bool = False) -> Go:
    """Return a button that leads to a view."""
    return Go(f"{view.value}-{country.value}", label=label, style=style_of(primary=primary))


ITEMS = (Go, OpenWeek)
