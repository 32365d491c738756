"""The cards of ``/countdown``: the next dates, or one in full, with reminders."""

import re
from typing import Any

import discord

from bot.domain.calendar import SeasonEvent, WallTime
from bot.domain.leads import Lead
from bot.domain.member import Member
from bot.domain.seasons import is_past
from bot.domain.servers import Feature
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card, shortened
from cogs._ui.features import require_feature
from cogs._ui.reminders import scheduled_card, several_card
from cogs._ui.times import clock_change_line, days_left, not_known_line, on_clock, provenance, provenance_short, stamp, two_clocks

NEXT_DATES = 5
_NOT_KNOWN = re.compile(r"\ANot known; check \S+?( today)?\.\s*")
"""The sentence that begins the note of a date that is not known; the card says it in its own words."""
NO_ZONE = "Choose your time zone with /start and every date is shown on your clock too."


class EventChoice(Choice, prefix="countdown:event"):
    """Open one date in full."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show the date that was chosen."""
        services: Services = interaction.client.services
        member = await services.members.get(interaction.user.id)
        season = services.season.for_server(interaction.guild_id)
        await send_card(interaction, event_card(services, season.find(values[0], member), member))


class LeadChoice(Choice, prefix="countdown:remind"):
    """Set a reminder ahead of the date in the key."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Set it and say when it comes, on her clock."""
        services: Services = interaction.client.services
        scheduled = await services.reminders.remind_before(interaction.user.id, self.key, values[0], interaction.guild_id)
        member = await services.members.get(interaction.user.id)
        await send_card(interaction, scheduled_card(services, scheduled, member))


class AsUsual(Action, prefix="countdown:usual"):
    """Set the reminders that she usually wants, ahead of the date in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Set them and say when they come, on her clock."""
        services: Services = interaction.client.services
        member = await services.members.get(interaction.user.id)
        scheduled = await services.reminders.remind_as_usual(member, self.key, interaction.guild_id)
        await send_card(interaction, several_card(services, scheduled, member))


class ShareHere(Action, prefix="countdown:share"):
    """Post the date in the key for everybody in the channel."""

    async def act(self, interaction: Interaction) -> None:
        """Post the fact without anything of the member who shares it."""
        services: Services = interaction.client.services
        event = services.season.for_server(interaction.guild_id).event(self.key)
        if event is None:
            raise UserFacingError("That date is not in the calendar any more.", "Use /countdown to see the next dates.")
        await require_feature(interaction, Feature.SHARING)
        nobody = Member(id=0, created_at=services.clock.now())
        await interaction.response.send_message(view=event_card(services, event, nobody, shared=True))


def label_of(event: SeasonEvent) -> str:
    return f"{event.name} · {_when(event)}"


def _when(event: SeasonEvent) -> str:
    return f"{event.at.local:%a} {event.at.local.day} {event.at.local:%b %Y}" if event.at else "not known"


def next_dates_card(services: Services, member: Member, guild_id: int | None) -> Card:
    """Return the next dates of her season as a server holds them, each with days left, two clocks, certainty and source."""
    now = services.clock.now()
    ahead = services.season.for_server(guild_id).ahead(member)
    blocks = [_date_block(services, event, member) for event in ahead.dated[:NEXT_DATES]]
    if not ahead.dated:
        blocks.append("Every date of this season that I hold has passed. /calendar show has the whole of it.")
    # A date that is not known may be today's: deadlines are named even where nothing can be counted down to.
    blocks += [_unknown_block(event) for event in ahead.unknown if event.is_deadline]
    if ahead.dated:
        zones = [zone for zone in (ahead.dated[0].at.zone if ahead.dated[0].at else None, member.zone) if zone]
        last = [event.at.instant() for event in ahead.dated[:NEXT_DATES] if event.at][-1]
        blocks.append(clock_change_line(zones, now, last))
    options = [
        discord.SelectOption(label=shortened(event.name, 100), value=event.id, description=_when(event))
        for event in (*ahead.dated, *ahead.unknown)[:25]
    ]
    rows = [[EventChoice(options=options, placeholder="One date in full, with reminders")]] if options else []
    gathered = services.catalogue.gathered_on
    quiet = f"Facts as of {gathered.day} {gathered:%B %Y}."
    if not ahead.is_her_choice:
        quiet += f" The {ahead.year} Match is the season that contains today; /start sets another target year."
    if member.zone is None:
        quiet = f"{quiet}\n{NO_ZONE}".strip()
    return card(f"The {ahead.year} Match: what comes next", *blocks, rows=rows, quiet=quiet)


def _date_block(services: Services, event: SeasonEvent, member: Member) -> str:
    assert event.at is not None  # noqa: S101 - only dated events are passed
    left = days_left(services.clock.now(), event.at.instant(), member.zone or event.at.zone)
    return f"**{event.name}** · {left}\n{two_clocks(event, member.zone)}\n-# {provenance_short(event)}"


def _unknown_block(event: SeasonEvent) -> str:
    return f"**{event.name}** · {not_known_line(event)}\n-# {provenance_short(event)}"


def event_card(services: Services, event: SeasonEvent, member: Member, *, shared: bool = False) -> Card:
    """Return one date in full; ``shared`` leaves out all that is the member's."""
    if event.at is None:
        line = not_known_line(event)
        return card(
            f"{event.name} ({event.year} Match)",
            event.meaning,
            f"**{line[0].upper()}{line[1:]}.** Until a date is held there is no countdown and no reminder.",
            _NOT_KNOWN.sub("", event.citation.note),
            quiet=provenance(event),
            meaning=Meaning.ATTENTION,
        )
    now, instant = services.clock.now(), event.at.instant()
    zone = member.zone or event.at.zone
    left = "now" if instant <= now and event.until is not None and not is_past(event, now) else days_left(now, instant, zone)
    when = f"## {left[0].upper()}{left[1:]}\n{two_clocks(event, member.zone)}"
    if not event.day_only:  # a stamp would name an hour, and west of the organiser the day before
        when += f"\n{stamp(instant)} · {stamp(instant, 'R')}"
    blocks = [event.meaning, when]
    if event.until is not None:
        blocks.append(_until_line(event.until, member.zone))
    blocks += [event.citation.note, clock_change_line([event.at.zone, *([member.zone] if member.zone else [])], now, instant)]
    rows: list[list[discord.ui.Item[Any]]] = []
    if not shared:
        rows = _event_rows(services, event, member)
    quiet = provenance(event)
    if not shared and member.zone is None:
        quiet += f"\n{NO_ZONE}"
    return card(f"{event.name} ({event.year} Match)", *blocks, rows=rows, quiet=quiet)


def _until_line(until: WallTime, zone: str | None) -> str:
    organiser = on_clock(until.instant(), until.zone)
    hers = on_clock(until.instant(), zone or until.zone)
    return f"It lasts until {organiser}" + ("." if hers == organiser else f"; your clock: {hers}.")


def _event_rows(services: Services, event: SeasonEvent, member: Member) -> list[list[discord.ui.Item[Any]]]:
    leads = services.reminders.leads(event)
    rows: list[list[discord.ui.Item[Any]]] = []
    if leads and event.at is not None:
        options = [_lead_option(event, lead, member.zone or event.at.zone) for lead in leads]
        rows.append([LeadChoice(event.id, options=options, placeholder="Remind me")])
    usual = any(lead.key in member.preferences.leads for lead in leads)
    buttons: list[discord.ui.Item[Any]] = [AsUsual(event.id, label="Remind me as usual")] if usual else []
    rows.append([*buttons, ShareHere(event.id, label="Share here")])
    return rows


def _lead_option(event: SeasonEvent, lead: Lead, zone: str) -> discord.SelectOption:
    assert event.at is not None  # noqa: S101 - leads are offered for dated events only
    label = lead.label[0].upper() + lead.label[1:]
    return discord.SelectOption(label=label, value=lead.key, description=on_clock(lead.due(event.at.instant()), zone))


ITEMS = (EventChoice, LeadChoice, AsUsual, ShareHere)
