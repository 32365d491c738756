"""By when letters had best be there: hers to choose; a day that has passed is said, and what can still be reached is offered."""

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from discord import ui

from bot.domain.facts import Certainty
from bot.domain.letter_texts import read_day
from bot.domain.member import Member
from bot.domain.when import NotUnderstood, Understood
from bot.errors import UserFacingError
from bot.services.bundle import Services
from bot.services.letter_follow_ups import day_text
from bot.services.letter_plans import Board, Offer, OfferKind
from bot.services.reminders import NOT_UNDERSTOOD, Ahead
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card
from cogs._ui.sources import CERTAINTY_WORDS
from cogs.letters import _words as words
from cogs.letters._kept import KeptForm, open_kept, opens
from cogs.letters._ways import View, go, show, shows

MAX_DAY = 60
OFFERS = {
    OfferKind.TWO_WEEKS: ("Two weeks from today", "two weeks from today"),
    OfferKind.SOAP: ("SOAP", "a week before the SOAP list opens ({certainty})"),
    OfferKind.NEXT_SEASON: ("Next season", "early September of the next season, for the {year} Match"),
}


class TakeOffer(Action, prefix="letters:offer"):
    """Aim at the offer in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Store it, and show what is aimed at now."""
        kinds = {kind.value for kind in OfferKind}
        if self.key not in kinds:
            raise UserFacingError("That day can't be chosen any more.", "Use /letters board: it offers the days that can.")
        await interaction.response.defer()
        await interaction.client.services.letters.take_offer(interaction.user.id, OfferKind(self.key))
        await show(interaction, View.TARGET)


class GoToSeason(Action, prefix="letters:season"):
    """Aim at the season in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Store it; letters that have not arrived go along."""
        await interaction.response.defer()
        await interaction.client.services.letters.go_to_season(interaction.user.id, int(self.key))
        await show(interaction, View.TARGET)


class DefaultTarget(Action, prefix="letters:default"):
    """Go back to the default target."""

    async def act(self, interaction: Interaction) -> None:
        """Store that she has none of her own."""
        await interaction.response.defer()
        await interaction.client.services.letters.set_target(interaction.user.id, None)
        await show(interaction, View.TARGET)


class OtherDay(Action, prefix="letters:day"):
    """Ask for a day of her own."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        await open_kept(interaction, "target")


@opens("target")
async def target_form(_services: Services, _member_id: int, _rest: str) -> KeptForm:
    """Return the form for the target date."""
    return TargetForm()


class TargetForm(KeptForm):
    """Ask for the target date."""

    def __init__(self) -> None:
        super().__init__("Your target date")
        self.day: ui.TextInput[Any] = ui.TextInput(max_length=MAX_DAY, placeholder="2027-09-10, 10 Sep 2027, in 3 weeks")
        self.ask("By when should letters be there?", self.day, "Before programs review them. A day ahead, on your clock.")

    async def submitted(self, interaction: Interaction) -> None:
        """Store the day."""
        services: Services = interaction.client.services
        member = await services.members.get(interaction.user.id)
        day = read_future_day(services, member, self.day.value)
        await interaction.response.defer()
        await services.letters.set_target(interaction.user.id, day)
        await show(interaction, View.TARGET)


def read_future_day(services: Services, member: Member, text: str) -> date:
    """Return the day that a text means on her clock; raise UserFacingError where it means none, or several."""
    day = read_day(text)
    if day is not None:
        return day
    zone = member.zone or "UTC"
    match services.reminders.understand(text, replace(member, zone=zone)):
        case Understood(recurrence=None) as understood:
            return understood.instant.astimezone(ZoneInfo(zone)).date()
        case Ahead(event=event, before=before) if event.at is not None:
            return (event.at.instant() - before).astimezone(ZoneInfo(zone)).date()
        case NotUnderstood(reason=reason, hint=hint):
            raise UserFacingError(NOT_UNDERSTOOD[reason], f"{hint} A day alone is enough, such as 2027-09-10.")
        case _:
            raise UserFacingError("That can mean more than one day.", "Write it as 2027-09-10 or 10 Sep 2027.")


def offer_label(offer: Offer) -> str:
    """Return what the button of an offer says."""
    return f"{OFFERS[offer.kind][0]}, {offer.day.day} {offer.day:%b %Y}"


def offer_lines(offers: tuple[Offer, ...]) -> str:
    """Return what can still be reached, one a line."""
    return "\n".join(f"- **{day_text(offer.day)}:** {_offer_words(offer)}" for offer in offers)


def _offer_words(offer: Offer) -> str:
    certainty = CERTAINTY_WORDS[offer.certainty or Certainty.UNKNOWN]
    return OFFERS[offer.kind][1].format(year=offer.season_year, certainty=certainty)


def target_text(services: Services, board: Board) -> str:
    """Return the target of a season: ahead, passed with what can still be reached, or not known."""
    target, today = board.target, services.letters.plans.today(board.member)
    if target.day is None:
        return "**Target: not known.** It depends on the deadline of CaRMS: check carms.ca today, or choose your own day."
    whose = "yours" if target.is_hers else f"the usual one for {board.season_year}, before programs review"
    if not target.is_past:
        return f"**Target: {day_text(target.day)}**, {words.days_from(today, target.day)} ({whose})."
    missing = sum(not letter.is_in and not letter.is_declined for letter in board.letters)
    said = (
        f"**The target, {day_text(target.day)}, has passed**, {words.days_from(today, target.day)} ({whose}). Nothing is scheduled for it."
    )
    if board.letters and not missing:
        return f"{said} Every letter that you did not give up is there."
    return f"{said} What can still be reached:\n{offer_lines(target.offers)}"


@shows(View.TARGET)
async def target_card(services: Services, member_id: int, rest: str = "") -> Card:  # noqa: ARG001 - as every view
    """Return the target, and what else can be aimed at."""
    board = await services.letters.board(member_id)
    plans = services.letters.plans
    target_year = plans.target_year(board.member)
    moving = sum(not letter.is_in and not letter.is_declined for letter in board.letters)
    buttons: list[Action] = [TakeOffer(offer.kind.value, label=offer_label(offer)) for offer in board.target.offers]
    others: list[Action] = [OtherDay(label="Another day")]
    if board.target.is_hers:
        others.append(DefaultTarget(label="Back to the usual day"))
    if board.season_year > target_year:
        others.append(GoToSeason(str(target_year), label=f"Back to the {target_year} Match"))
    along = (
        f"The next season takes your {moving} letters that are not there yet along"
        if moving > 1
        else ("The next season takes your letter that is not there yet along" if moving else "")
    )
    advice = services.catalogue.letters.facts["target"]
    return card(
        f"Target date, {board.season_year} Match",
        target_text(services, board),
        "" if board.target.is_past else f"You can also aim at:\n{offer_lines(board.target.offers)}",
        f"{along}; those that are there stay with the {board.season_year} Match, from where they can be imported." if along else "",
        words.fact_line(advice),
        meaning=Meaning.YOURS,
        rows=[buttons, [*others, go("Back to the board", View.BOARD)]],
        quiet="Steps and reminders of follow-ups move with it. A letter can have a day of its own.",
    )


ITEMS = (TakeOffer, GoToSeason, DefaultTarget, OtherDay)
