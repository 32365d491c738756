"""The ways between the cards of Match Week: each is drawn by one function, anew at every click, in place of the card clicked."""

from collections.abc import Callable
from enum import StrEnum

import discord

from bot.domain.member import Country
from bot.errors import UserFacingError
from bot.services.own_week import Week
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, send_card

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

VIEWS: dict[View, Draw] = {}
"""Who draws each card; filled by the modules that own them."""


def shows(view: View) -> Callable[[Draw], Draw]:
    """Name the one function that draws a view."""

    def register(draw: Draw) -> Draw:
        VIEWS[view] = draw
        return draw

    return register


async def show(interaction: Interaction, view: View, country: Country | None = None, done: str = "", *, edit: bool = True) -> None:
    """Show a view in place of the card that was clicked, or as a reply of its own; without a country, her first one."""
    services = interaction.client.services
    member = await services.members.get(interaction.user.id)
    where = country or services.own_week.countries(member)[0]
    week = await services.own_week.week(member, where, interaction.guild_id)
    await send_card(interaction, VIEWS[view](interaction, week, done), edit=edit)


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
    if name not in set(View):
        raise STALE
    return View(name), country_in(rest.partition(".")[0])


def go(label: str, view: View, country: Country, *, primary: bool = False) -> Go:
    """Return a button that leads to a view."""
    style = discord.ButtonStyle.primary if primary else discord.ButtonStyle.secondary
    return Go(f"{view.value}-{country.value}", label=label, style=style)


ITEMS = (Go, OpenWeek)
