"""The offer of slots: its form, how it was read, and what is done with it before anything is kept."""

import re
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.domain.slots import MINUTES, PLACES, SERIES, Planned, Rhythm, Series, SlotDraft, SlotKind
from bot.domain.zones import WallKind
from bot.services.bundle import Services
from bot.services.slot_calendar import NAMES
from bot.services.slot_offers import MAX_PLACE, MAX_WHEN, Read, Reading, Several, Unread
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, Row, card, send_card
from cogs._ui.forms import Form
from cogs._ui.slots import clocks, place_of, place_words, same_clock
from cogs._ui.staff import NOT_OFFERING, require_advisor
from cogs._ui.times import clock_change_line, on_clock, stamp

REMARKS = {
    WallKind.GAP: "the clocks jump over that time; this is the first one after it",
    WallKind.FOLD: "the clocks are set back then, so that time comes twice; this is the first one",
}
NOTHING_YET = "Nothing is offered yet; what you filled in is kept encrypted for a day. Only you can see this."


def series_words(series: Series) -> str:
    """Return how many slots, and how they follow each other."""
    if series.count == 1:
        return "One"
    return f"{series.count}, one after another" if series.rhythm is Rhythm.ROW else f"{series.count}, one each week"


class OfferChoice(Choice, prefix="slots:offer"):
    """Choose what kind of slot to offer."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Open the form."""
        guild_id = await require_advisor(interaction, NOT_OFFERING)
        services: Services = interaction.client.services
        kind = SlotKind(values[0])
        draft = SlotDraft("", guild_id, interaction.user.id, services.clock.now(), kind, "", "30", "1", Series().key, "")
        await interaction.response.send_modal(OfferForm(draft, await _clock_words(services, draft)))


async def _clock_words(services: Services, draft: SlotDraft) -> str:
    server_zone, own_zone = await services.slot_offers.zones(draft.advisor_id, draft.guild_id)
    zone = (own_zone or server_zone) if draft.on_own_clock else (server_zone or own_zone)
    return f"On the clock of {place_of(zone)}, unless you name a zone." if zone else "With its zone: 5 January 21:00 ET."


class OfferForm(Form):
    """Ask for the time, length, places, how many, and where to meet; what the draft holds stands there."""

    def __init__(self, draft: SlotDraft, clock: str) -> None:
        super().__init__(f"Offer: {NAMES[draft.kind]}"[:45])
        self._draft = draft
        self.when: ui.TextInput[Any] = ui.TextInput(max_length=MAX_WHEN, placeholder="Friday 18:00", default=draft.when or None)
        self.minutes: ui.TextInput[Any] = ui.TextInput(max_length=12, default=draft.minutes or None)
        self.places: ui.TextInput[Any] = ui.TextInput(max_length=12, default=draft.places or None)
        options = [discord.SelectOption(label=series_words(each), value=each.key, default=each.key == draft.series) for each in SERIES]
        self.series: ui.Select[Any] = ui.Select(options=options, required=True)
        self.place: ui.TextInput[Any] = ui.TextInput(max_length=MAX_PLACE, required=False, default=draft.place or None)
        self.ask("When the first one begins", self.when, clock[:100])
        self.ask("Minutes", self.minutes, f"How long each one is: {MINUTES[0]} to {MINUTES[-1]}.")
        self.ask("Places", self.places, f"For how many members each one is: {PLACES[0]} to {PLACES[-1]}.")
        self.ask("How many", self.series)
        self.ask("Where to meet", self.place, "Optional: the name of a voice channel, or a few words. Shown to those who booked.")

    async def submitted(self, interaction: Interaction) -> None:
        """Keep it as a draft, and show how it was read."""
        guild_id = await require_advisor(interaction, NOT_OFFERING)
        is_change = bool(self._draft.id)
        await interaction.response.defer(ephemeral=True, thinking=not is_change)
        filled = replace(
            self._draft,
            guild_id=guild_id,
            advisor_id=interaction.user.id,
            when=self.when.value,
            minutes=self.minutes.value,
            places=self.places.value,
            series=next(iter(self.series.values), ""),
            place=channel_or_words(interaction, self.place.value),
        )
        await show_reading(interaction, filled, edit=is_change)


def channel_or_words(interaction: Interaction, typed: str) -> str:
    """Return a link to the voice channel of this server that was named, else the words as they are."""
    guild = interaction.client.get_guild(interaction.guild_id)
    name = re.sub(r"\s+", " ", typed).strip().lstrip("#").casefold()
    rooms = [*guild.voice_channels, *guild.stage_channels] if guild and name else []
    room = next((each for each in rooms if name in (each.name.casefold(), f"<#{each.id}>")), None)
    return f"<#{room.id}>" if room else typed


async def show_reading(interaction: Interaction, draft: SlotDraft, *, edit: bool) -> None:
    """Keep a draft, and show how it was read."""
    services: Services = interaction.client.services
    reading = await services.slot_offers.read(draft)
    zones = await services.slot_offers.zones(draft.advisor_id, draft.guild_id)
    await send_card(interaction, reading_card(services, reading, zones), edit=edit)


def reading_card(services: Services, reading: Reading, zones: tuple[str | None, str | None]) -> Card:
    """Return how an offer was read: whole, as one of several times, or why it can't be taken."""
    draft = reading.draft
    last: Row = [ChangeOffer(draft.id, label="Change"), DiscardOffer(draft.id, label="Discard")]
    match reading:
        case Unread(problem=problem):
            view = card(
                problem.what_happened, problem.what_to_do, meaning=Meaning.ATTENTION, rows=[last], quiet=f"{NOTHING_YET} Change has it all."
            )
        case Several(options=options):
            menu = [
                discord.SelectOption(label=on_clock(each.instant, each.zone), value=f"{each.local:%Y-%m-%d %H:%M} {each.zone}")
                for each in options[:25]
            ]
            view = card(
                "Which time do you mean?",
                "What you typed can mean more than one time. Choose the one that you mean.",
                meaning=Meaning.ATTENTION,
                rows=[[ReadingChoice(draft.id, options=menu, placeholder="Choose the time")], last],
                quiet=NOTHING_YET,
            )
        case Read():
            view = _preview(services, reading, zones, last)
    return view


def _preview(services: Services, read: Read, zones: tuple[str | None, str | None], last: Row) -> Card:
    draft, now, own = read.draft, services.clock.now(), zones[1]
    lines = [_planned_line(number, each, own) for number, each in enumerate(read.planned, 1)]
    terms = [NAMES[draft.kind], f"{draft.minutes.strip()} minutes" if draft.minutes.strip().isdecimal() else draft.minutes.strip()]
    terms.append(f"{read.capacity} place{'' if read.capacity == 1 else 's'}{' each' if len(lines) > 1 else ''}")
    meet = f"\n**Where to meet:** {place_words(draft.place)}" if draft.place else ""
    assumed = f"You named no hour, so I took {read.planned[0].at.local:%H:%M}." if read.hour_assumed else ""
    changes = clock_change_line([draft.zone, *([own] if own else [])], now, read.planned[-1].begins_at)
    offer = OfferSlots(draft.id, label="Offer them" if len(lines) > 1 else "Offer it", style=discord.ButtonStyle.primary)
    other = _other_clock(draft, zones, read.planned[0])
    return card(
        "Is this right?",
        f"**{', '.join(terms)}**{meet}\nRead on the clock of {place_of(draft.zone)} ({draft.zone}).",
        "\n".join(lines),
        assumed,
        changes,
        meaning=Meaning.ATTENTION,
        rows=[[offer, *last], [other] if other else []],
        quiet=f"The first time of each line is on your device's clock. {NOTHING_YET}",
    )


def _planned_line(number: int, each: Planned, own: str | None) -> str:
    return f"{number}. {stamp(each.begins_at)} · {clocks(each.begins_at, each.at.zone, own)}{remark(each.kind)}"


def remark(kind: WallKind) -> str:
    """Return what needs saying about a time at a change of the clocks, or nothing."""
    return f" ({REMARKS[kind]})" if kind in REMARKS else ""


def _other_clock(draft: SlotDraft, zones: tuple[str | None, str | None], first: Planned) -> "OtherClock | None":
    """Return the button that reads the time on the other of two clocks; None where both show the same, or a zone was typed."""
    server, own = zones
    if not server or not own or same_clock(first.begins_at, server, own) or draft.zone != (own if draft.on_own_clock else server):
        return None
    label = f"Read it on the server's clock ({place_of(server)})" if draft.on_own_clock else f"Read it on my clock ({place_of(own)})"
    return OtherClock(draft.id, label=label[:80])


async def _draft(interaction: Interaction, draft_id: str) -> SlotDraft:
    guild_id = await require_advisor(interaction, NOT_OFFERING)
    services: Services = interaction.client.services
    return await services.slot_offers.draft(draft_id, interaction.user.id, guild_id)


class ChangeOffer(Action, prefix="slots:change"):
    """Open the form again with the draft in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Open it; the draft stays until the form is sent."""
        draft = await _draft(interaction, self.key)
        await interaction.response.send_modal(OfferForm(draft, await _clock_words(interaction.client.services, draft)))


class OtherClock(Action, prefix="slots:clock"):
    """Read the time of the draft in the key on the other clock: the server's, or one's own."""

    async def act(self, interaction: Interaction) -> None:
        """Show how it is read then, in place."""
        draft = await _draft(interaction, self.key)
        await interaction.response.defer()
        await show_reading(interaction, replace(draft, on_own_clock=not draft.on_own_clock), edit=True)


class ReadingChoice(Choice, prefix="slots:reading"):
    """Choose which time the draft in the key means."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it read as that, in place."""
        draft = await _draft(interaction, self.key)
        await interaction.response.defer()
        await show_reading(interaction, replace(draft, when=values[0]), edit=True)


class DiscardOffer(Action, prefix="slots:discard"):
    """Throw the draft in the key away."""

    async def act(self, interaction: Interaction) -> None:
        """Throw it away, and say so, in place."""
        await interaction.client.services.slot_offers.discard(self.key, interaction.user.id)
        await send_card(interaction, card("Discarded", "Nothing was offered, and the draft is gone.", meaning=Meaning.DONE), edit=True)


class OfferSlots(Action, prefix="slots:keep"):
    """Offer the slots of the draft in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Offer them, and say so, in place; where they can't be, the draft stays to be changed."""
        guild_id = await require_advisor(interaction, NOT_OFFERING)
        services: Services = interaction.client.services
        await interaction.response.defer()
        slots = await services.slot_offers.offer(self.key, interaction.user.id, guild_id)
        first = slots[0]
        view = card(
            "Offered",
            f"**{len(slots)} slots: {NAMES[first.kind]}**" if len(slots) > 1 else f"**{NAMES[first.kind]}**",
            f"{'The first begins' if len(slots) > 1 else 'It begins'} {clocks(first.begins_at, first.at.zone, None)}. "
            "Members of this server see and book with /ask slots. You are told of the first booking and of the last place, and reminded a "
            "day and an hour before each one in which somebody has a place.",
            meaning=Meaning.DONE,
            quiet="/advisor slots shows who booked, moves and cancels.",
        )
        await send_card(interaction, view, edit=True)


ITEMS = (OfferChoice, ChangeOffer, OtherClock, ReadingChoice, DiscardOffer, OfferSlots)
