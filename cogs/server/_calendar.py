"""``/server calendar``: a date of the season, confirmed or corrected for one server, with the page where it was read."""

from typing import Any

import discord
from discord import ui

from bot.domain.addresses import MAX_ADDRESS
from bot.domain.calendar import SeasonEvent
from bot.domain.facts import Certainty, Source
from bot.domain.servers import Deed
from bot.errors import UserFacingError
from bot.services.bundle import Services
from bot.services.server_dates import Typed
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.forms import Form
from cogs._ui.staff import require_manager
from cogs._ui.times import confirmed_words, organisers_clock, provenance, season_line

CONFIRM, CORRECT = "confirm", "correct"
MAX_WHEN = 100
EXAMPLE = "March 5 2027 9:00 PM ET"
FOLLOWS = (
    "Reminders that were set in this server follow what it holds, and their owners are told. Where that is later than the season's date, "
    "those ahead of the season's date still come, and say so. Other servers and direct messages keep the season's date."
)


def date_card(services: Services, guild_id: int, event: SeasonEvent, done: str = "") -> Card:
    """Return a date as the season holds it and as a server confirmed it, with the buttons; ``done`` says what was just changed."""
    is_announced = event.citation.certainty is Certainty.ANNOUNCED
    buttons: list[ui.Item[Any]] = []
    if event.at is not None:
        buttons.append(ConfirmDate(event.id, label="Confirm as it is", style=discord.ButtonStyle.primary))
    if not is_announced:
        buttons.append(CorrectDate(event.id, label="Correct"))
    if services.server_dates.confirmed(guild_id, event.id) is not None:
        buttons.append(TakeBack(event.id, label="Take it back"))
    held = organisers_clock(event.at, day_only=event.day_only) if event.at else "not known"
    return card(
        f"{event.name} ({event.year} Match)",
        done,
        f"**The season holds:** {held}\n-# {provenance(event)}",
        f"**This server:** {_held_here(services, guild_id, event)}",
        f"It is announced, so it can be confirmed, not moved. {_owners_page(event)}" if is_announced else FOLLOWS,
        meaning=Meaning.DONE if done else Meaning.FACT,
        rows=[buttons] if buttons else [],
        quiet="Stored are the date and the address, and until you erase your data that it was you. Cards here show both without your name.",
    )


def _held_here(services: Services, guild_id: int, event: SeasonEvent) -> str:
    date, held = services.server_dates.confirmed(guild_id, event.id), services.season.for_server(guild_id).event(event.id)
    if date is None or held is None:
        return "nothing is confirmed; it follows the season."
    when, said = organisers_clock(date.at, day_only=date.day_only), confirmed_words(date.confirmation, "its managers")
    page = f"Source: <{date.source_url}>"
    if held.confirmed is not None:
        return f"**{when}**, {said}.\n{page}"
    why = "It was announced since, and what is announced counts." if date.is_moved else "The season has changed it since."
    return f"{when} was {said}. {why} It counts no more; {season_line(event)}.\n{page}"


def _owners_page(event: SeasonEvent) -> str:
    page = _page_to_confirm(event)
    if page is None:
        return "Its owner's page says when it is."
    return f"Its owner's page: [{page.title}](<{page.url}>)." if page.url else f"Its owner: {page.title}."


def _page_to_confirm(event: SeasonEvent) -> Source | None:
    return event.citation.confirm_at or next(iter(event.citation.sources), None)


class DateForm(Form):
    """Ask for the page where a date was read, and with ``how`` correct for the date; what is refused is held, so that nothing is lost."""

    def __init__(self, services: Services, event: SeasonEvent, how: str, before: Typed | None) -> None:
        super().__init__("Correct this date" if how == CORRECT else "Confirm this date")
        self._services = services
        self._event = event
        self._how = how
        page = _page_to_confirm(event)
        usual = page.url if page and page.url and page.url.startswith("https://") and len(page.url) <= MAX_ADDRESS else ""
        self.when: ui.TextInput[Any] | None = None
        if how == CORRECT:
            self.when = ui.TextInput(max_length=MAX_WHEN, placeholder=EXAMPLE, default=(before.when if before else None) or None)
            self.ask("Date", self.when, "With its hour and zone. Without an hour it counts from the day's first minute.")
        address = before.address if before else usual if how == CONFIRM else ""
        self.address: ui.TextInput[Any] = ui.TextInput(max_length=MAX_ADDRESS, placeholder="https://", default=address or None)
        self.ask("Where you read it", self.address, "The address of a public page. Everybody in this server sees it.")

    async def submitted(self, interaction: Interaction) -> None:
        """Hold the date, and show it; where it is refused, say why and offer the form again as it was."""
        guild_id, dates = manager_of(interaction), self._services.server_dates
        await interaction.response.defer()
        typed = Typed(self.when.value if self.when else "", self.address.value)
        try:
            if self._how == CORRECT:
                held = await dates.correct(guild_id, self._event.id, typed, interaction.user.id)
            else:
                held = await dates.confirm(guild_id, self._event.id, typed.address, interaction.user.id)
        except UserFacingError as refusal:
            dates.keep_unsent(interaction.user.id, self._event.id, typed)
            await send_card(interaction, refused_card(refusal, self._how, self._event.id), edit=True)
            return
        await _note(interaction, held, Deed.DATE_CORRECTED if self._how == CORRECT else Deed.DATE_CONFIRMED)
        done = "**Corrected for this server.**" if self._how == CORRECT else "**Confirmed for this server.**"
        await send_card(interaction, date_card(self._services, guild_id, dates.get(self._event.id), done), edit=True)


def refused_card(refusal: UserFacingError, how: str, event_id: str) -> Card:
    """Return why a form was refused, with the button that opens it again as it was."""
    again = OpenFormAgain(f"{how}-{event_id}", label="Open the form again", style=discord.ButtonStyle.primary)
    return card(
        refusal.what_happened,
        refusal.what_to_do,
        meaning=Meaning.ATTENTION,
        rows=[[again]],
        quiet="What you typed is kept for an hour, for you alone. Nothing has changed.",
    )


def manager_of(interaction: Interaction) -> int:
    """Return the server that the one who acts may manage; raise UserFacingError where she may not."""
    require_manager(interaction)
    if interaction.guild_id is None:
        raise UserFacingError("A server's dates are set in the server.", "Use /server calendar there.")
    return interaction.guild_id


async def _note(interaction: Interaction, event: SeasonEvent, deed: Deed) -> None:
    """Record in the server's audit who held which date to be when, and where it was read."""
    services: Services = interaction.client.services
    when = organisers_clock(event.at, day_only=event.day_only) if event.at else "not known"
    source = {"source": event.confirmed.source_url} if event.confirmed else {}
    await services.servers.note(manager_of(interaction), interaction.user.id, deed, {"date": f"{event.name}, {when}"} | source)


async def _open(interaction: Interaction, how: str, event_id: str, before: Typed | None = None) -> None:
    manager_of(interaction)
    services: Services = interaction.client.services
    event = services.server_dates.movable(event_id) if how == CORRECT else services.server_dates.get(event_id)
    await interaction.response.send_modal(DateForm(services, event, how, before))


class ConfirmDate(Action, prefix="server:confirm"):
    """Confirm the date in the key as the season holds it."""

    async def act(self, interaction: Interaction) -> None:
        """Ask where it was read."""
        await _open(interaction, CONFIRM, self.key)


class CorrectDate(Action, prefix="server:correct"):
    """Hold another date than the season does, for the event in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Ask for the date and where it was read."""
        await _open(interaction, CORRECT, self.key)


class OpenFormAgain(Action, prefix="server:again"):
    """Open a form as it was when it was refused; the key is what it does and the event."""

    async def act(self, interaction: Interaction) -> None:
        """Open it; after an hour it comes empty."""
        how, _, event_id = self.key.partition("-")
        before = interaction.client.services.server_dates.unsent(interaction.user.id, event_id)
        await _open(interaction, CORRECT if how == CORRECT else CONFIRM, event_id, before)


class TakeBack(Action, prefix="server:take_back"):
    """Confirm nothing of the date in the key any more."""

    async def act(self, interaction: Interaction) -> None:
        """Let the server follow the season again, and show it."""
        guild_id = manager_of(interaction)
        services: Services = interaction.client.services
        await interaction.response.defer()
        event = await services.server_dates.take_back(guild_id, self.key)
        await _note(interaction, event, Deed.DATE_TAKEN_BACK)
        await send_card(interaction, date_card(services, guild_id, event, "**Taken back: this server follows the season.**"), edit=True)


ITEMS = (ConfirmDate, CorrectDate, OpenFormAgain, TakeBack)
