"""That she certified the list in R3, noted by herself; the deadline, and the reminders ahead of it."""

from typing import Any

import discord
from discord import ui

from bot.domain.calendar import SeasonEvent
from bot.domain.letter_texts import one_line, read_day
from bot.domain.member import Member
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.forms import Form
from cogs._ui.times import clock_change_line, days_left, not_known_line, provenance_short, two_clocks
from cogs.countdown._views import AsUsual, event_card
from cogs.ranklist import _words as words
from cogs.ranklist._ways import View, go, show, shows


class CertifiedToday(Action, prefix="ranklist:certified"):
    """Note that the list is certified since today."""

    async def act(self, interaction: Interaction) -> None:
        """Note it, and show so."""
        services: Services = interaction.client.services
        member = await services.members.get(interaction.user.id)
        await services.rank_lists.certify(interaction.user.id, services.rank_lists.today(member))
        await show(interaction, View.CERTIFY)


class CertifiedOn(Action, prefix="ranklist:certifiedon"):
    """Ask on which day the list was certified."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        await interaction.response.send_modal(CertifiedForm())


class CertifiedForm(Form):
    """Ask for the day."""

    def __init__(self) -> None:
        super().__init__("When was it certified")
        self.day: ui.TextInput[Any] = ui.TextInput(max_length=20, placeholder="2027-02-20 or 20 Feb 2027")
        self.ask("The day on which R3 showed it as certified", self.day)

    async def submitted(self, interaction: Interaction) -> None:
        """Note it."""
        day = read_day(one_line(self.day.value))
        if day is None:
            raise UserFacingError("I can't read that day.", "Type it as 2027-02-20 or 20 Feb 2027.")
        await interaction.client.services.rank_lists.certify(interaction.user.id, day)
        await show(interaction, View.CERTIFY)


class NotCertified(Action, prefix="ranklist:uncertified"):
    """Take back that the list is certified."""

    async def act(self, interaction: Interaction) -> None:
        """Take it back, and show so."""
        await interaction.client.services.rank_lists.certify(interaction.user.id, None)
        await show(interaction, View.CERTIFY)


class OpenDeadline(Action, prefix="ranklist:deadline"):
    """Show the deadline in full, with every time for a reminder."""

    async def act(self, interaction: Interaction) -> None:
        """Show it, as a reply of its own."""
        services: Services = interaction.client.services
        member = await services.members.get(interaction.user.id)
        event = services.season.for_server(interaction.guild_id).event(self.key)
        if event is None:
            raise UserFacingError("That date is not in the calendar any more.", "Use /countdown to see the next dates.")
        await send_card(interaction, event_card(services, event, member))


def deadline_text(services: Services, event: SeasonEvent | None, member: Member) -> str:
    """Return the deadline: days left, two clocks, certainty and source; or that it is not known."""
    if event is None:
        return "The deadline of that Match is not held: check nrmp.org."
    if event.at is None:
        return f"**{event.name}:** {not_known_line(event)}\n-# {provenance_short(event)}"
    now, instant = services.clock.now(), event.at.instant()
    zones = [event.at.zone, *([member.zone] if member.zone else [])]
    change = clock_change_line(zones, now, instant)
    left = days_left(now, instant, member.zone or event.at.zone)
    lines = [f"**{event.name}** · {left}", two_clocks(event, member.zone), *([change] if change else []), f"-# {provenance_short(event)}"]
    return "\n".join(lines)


def deadline_buttons(services: Services, event: SeasonEvent | None, member: Member) -> list[discord.ui.Item[Any]]:
    """Return the ways to reminders ahead of the deadline; none where no time is left or none is known."""
    if event is None or event.at is None or event.at.instant() <= services.clock.now():
        return []
    usual = any(lead.key in member.preferences.leads for lead in services.reminders.leads(event))
    return [
        *([AsUsual(event.id, label="Remind me as usual")] if usual else []),
        OpenDeadline(event.id, label="Other reminders"),
    ]


@shows(View.CERTIFY)
async def certify_card(services: Services, interaction: Interaction, rest: str = "") -> Card:  # noqa: ARG001 - as every view
    """Return what she noted of certifying, the deadline, and reminders."""
    board = await services.rank_lists.board(interaction.user.id, interaction.guild_id)
    held = board.held
    noted: list[discord.ui.Item[Any]] = []
    if not held.is_certified():
        noted += [
            CertifiedToday(label="I certified it today", style=discord.ButtonStyle.primary),
            CertifiedOn(label="On another day"),
        ]
    if held.certified_on is not None:
        noted.append(NotCertified(label="Not certified after all"))
    return card(
        "Certified in R3",
        words.certified_line(board),
        deadline_text(services, board.deadline, board.member),
        words.fact_line(services, "certify"),
        meaning=Meaning.YOURS if held.is_certified() else Meaning.ATTENTION,
        rows=[noted, deadline_buttons(services, board.deadline, board.member), [go("Check", View.CHECK), go("My list", View.BOARD)]],
        quiet=f"This notes what you did in R3; nothing is sent there. {words.source_line(words.citations(services, 'certify'))}",
    )


ITEMS = (CertifiedToday, CertifiedOn, NotCertified, OpenDeadline)
