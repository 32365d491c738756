"""``/advisor slots``: an advisor's own slots: how many places are taken, who booked, moved, cancelled."""

from datetime import UTC, datetime
from typing import Any

import discord
from discord import ui

from bot.domain.slots import Booking, Slot, SlotKind
from bot.domain.when import Understood
from bot.services.bundle import Services
from bot.services.slot_calendar import NAMES
from bot.services.slot_offers import CHANGED, MAX_PLACE, MAX_WHEN
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, Row, card, send_card
from cogs._ui.forms import Form
from cogs._ui.slots import changes_line, clocks, option_label, place_of, place_words, when_lines
from cogs._ui.staff import NOT_OFFERING, require_advisor
from cogs._ui.times import clock_change_line, on_clock, stamp
from cogs.advisor._slots_offer import OfferChoice, channel_or_words, remark
from cogs.ask._slots import send_file

PER_PAGE = 6


class TurnOwn(Action, prefix="slots:own_page"):
    """Turn the list of an advisor's slots to the page in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show the page, in place."""
        guild_id = await require_advisor(interaction, NOT_OFFERING)
        view = await own_card(interaction.client.services, interaction.user.id, guild_id, int(self.key))
        await send_card(interaction, view, edit=True)


class OwnChoice(Choice, prefix="slots:own"):
    """Open one of the advisor's slots."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, in place."""
        await _show(interaction, values[0])


class ShowOwn(Action, prefix="slots:own_slot"):
    """Show the slot in the key as it is now."""

    async def act(self, interaction: Interaction) -> None:
        """Show it, in place."""
        await _show(interaction, self.key)


class OwnFile(Action, prefix="slots:own_file"):
    """Hand out the calendar file of the slot in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Send the file, which only the advisor sees."""
        slot = await _own(interaction, self.key)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await send_file(interaction, slot)


class AskCancelSlot(Action, prefix="slots:ask_cancel"):
    """Ask before the slot in the key is cancelled."""

    async def act(self, interaction: Interaction) -> None:
        """Say what it means, and for how many."""
        slot = await _own(interaction, self.key)
        told = "Nobody has booked it." if not slot.taken else f"{_members(slot.taken)} will be told, and the reminders stop."
        view = card(
            f"Cancel this slot: {NAMES[slot.kind]}",
            clocks(slot.begins_at, slot.at.zone, None),
            f"{told} There is no way back; a new slot is offered with /advisor slots.",
            meaning=Meaning.ATTENTION,
            rows=[
                [CancelSlot(slot.id, label="Cancel the slot", style=discord.ButtonStyle.danger), ShowOwn(slot.id, label="Keep it")],
            ],
        )
        await send_card(interaction, view, edit=True)


class CancelSlot(Action, prefix="slots:cancel"):
    """Cancel the slot in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Cancel it, and say how many are told, in place."""
        guild_id = await require_advisor(interaction, NOT_OFFERING)
        services: Services = interaction.client.services
        await interaction.response.defer()
        slot, told = await services.slot_offers.cancel(self.key, interaction.user.id, guild_id)
        view = card(
            "Cancelled",
            f"**{NAMES[slot.kind]}**\n{clocks(slot.begins_at, slot.at.zone, None)}",
            f"{_members(told)} who booked it will be told." if told else "Nobody had booked it.",
            meaning=Meaning.DONE,
            rows=[[TurnOwn("0", label="Your slots")]],
        )
        await send_card(interaction, view, edit=True)


class MoveSlot(Action, prefix="slots:move"):
    """Ask to when the slot in the key is moved."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        await interaction.response.send_modal(MoveForm(await _own(interaction, self.key)))


class MoveForm(Form):
    """Ask for the new time of a slot."""

    def __init__(self, slot: Slot, typed: str = "") -> None:
        super().__init__("Move this slot")
        self._slot = slot
        self.when: ui.TextInput[Any] = ui.TextInput(max_length=MAX_WHEN, placeholder="Friday 18:00", default=typed or None)
        self.ask("When it begins", self.when, f"On the clock of {place_of(slot.at.zone)}, unless you name a zone."[:100])

    async def submitted(self, interaction: Interaction) -> None:
        """Show how the time was read; nothing is moved yet."""
        slot = await _own(interaction, self._slot.id)
        if slot.revision != self._slot.revision:
            raise CHANGED
        read = await interaction.client.services.slot_offers.read_move(slot, self.when.value)
        await send_card(interaction, _move_card(interaction.client.services, slot, read), edit=True)


class MoveTo(Action, prefix="slots:move_to"):
    """Move a slot: its id, the new time in seconds since 1970, and the revision that was read stand in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Move it, and say how many are told, in place."""
        guild_id = await require_advisor(interaction, NOT_OFFERING)
        services: Services = interaction.client.services
        await interaction.response.defer()
        slot_id, seconds, revision = self.key.split(":")
        begins_at = datetime.fromtimestamp(int(seconds), UTC)
        slot, stay, released = await services.slot_offers.move(slot_id, interaction.user.id, guild_id, begins_at, int(revision))
        done = f"**Moved.** {_members(stay)} with a place will be told." if stay else "**Moved.**"
        done += f" {_members(released)} had another slot then: their places are free again, and they will be told." if released else ""
        await send_card(interaction, await _slot_card(services, slot, done), edit=True)


def _move_card(services: Services, slot: Slot, read: Understood | tuple[Understood, ...]) -> Card:
    options = read if isinstance(read, tuple) else (read,)
    buttons: Row = [
        MoveTo(
            f"{slot.id}:{int(each.instant.timestamp())}:{slot.revision}",
            label="Move it" if len(options) == 1 else f"To {on_clock(each.instant, slot.at.zone)}"[:80],
            style=discord.ButtonStyle.primary,
        )
        for each in options[:4]
    ]
    lines = "\n".join(f"{stamp(each.instant)} · {clocks(each.instant, slot.at.zone, None)}{remark(each.kind)}" for each in options)
    assumed = f"You named no hour, so I took {options[0].local:%H:%M}." if options[0].hour_assumed else ""
    told = f"{_members(slot.taken)} with a place will be told, and the reminders move along." if slot.taken else "Nobody has booked it."
    return card(
        "Move it to this time?" if len(options) == 1 else "Which time do you mean?",
        f"**Now:** {clocks(slot.begins_at, slot.at.zone, None)}\n**Then:** {lines}",
        assumed,
        told,
        clock_change_line([slot.at.zone], services.clock.now(), max(each.instant for each in options)),
        meaning=Meaning.ATTENTION,
        rows=[buttons, [MoveSlot(slot.id, label="Another time"), ShowOwn(slot.id, label="Keep it as it is")]],
        quiet="Nothing is moved yet. Only you can see this.",
    )


class MeetAt(Action, prefix="slots:meet"):
    """Ask where to meet for the slot in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form, with what is said now."""
        await interaction.response.send_modal(MeetForm(await _own(interaction, self.key)))


class MeetForm(Form):
    """Ask where to meet."""

    def __init__(self, slot: Slot) -> None:
        super().__init__("Where to meet")
        self._slot_id = slot.id
        self.place: ui.TextInput[Any] = ui.TextInput(max_length=MAX_PLACE, required=False, default=slot.place or None)
        self.ask("Where to meet", self.place, "The name of a voice channel, or a few words. Those who booked are told.")

    async def submitted(self, interaction: Interaction) -> None:
        """Keep it, and say how many are told, in place."""
        guild_id = await require_advisor(interaction, NOT_OFFERING)
        services: Services = interaction.client.services
        await interaction.response.defer()
        place = channel_or_words(interaction, self.place.value)
        slot, told, _ = await services.slot_offers.meet_at(self._slot_id, interaction.user.id, guild_id, place)
        done = f"**Kept.** {_members(told)} with a place will be told." if told else "**Kept.**"
        await send_card(interaction, await _slot_card(services, slot, done), edit=True)


async def _own(interaction: Interaction, slot_id: str) -> Slot:
    guild_id = await require_advisor(interaction, NOT_OFFERING)
    services: Services = interaction.client.services
    return await services.slot_offers.hers(slot_id, interaction.user.id, guild_id)


async def _show(interaction: Interaction, slot_id: str) -> None:
    slot = await _own(interaction, slot_id)
    await send_card(interaction, await _slot_card(interaction.client.services, slot), edit=True)


def _members(count: int) -> str:
    return "1 member" if count == 1 else f"{count} members"


async def own_card(services: Services, advisor_id: int, guild_id: int, page: int) -> Card:
    """Return one page of an advisor's own slots in a server, with the menu that offers more."""
    found, is_more = await services.slot_offers.page(advisor_id, guild_id, PER_PAGE, page * PER_PAGE)
    if not found and page > 0:
        return await own_card(services, advisor_id, guild_id, page - 1)
    kinds = [discord.SelectOption(label=NAMES[kind], value=kind.value) for kind in SlotKind]
    offer: Row = [OfferChoice(options=kinds, placeholder="Offer slots: choose the kind")]
    if not found:
        text = "You offer no coming slot in this server. Choose a kind below; you see first how your time was read."
        return card("Your slots", text, meaning=Meaning.YOURS, rows=[offer], quiet="Members see and book slots with /ask slots.")
    member = await services.members.get(advisor_id)
    first = page * PER_PAGE + 1
    lines = [
        f"{number}. **{NAMES[slot.kind]}**, {slot.minutes} minutes, {slot.taken} of {slot.capacity} places taken.\n"
        f"{stamp(slot.begins_at)} · {clocks(slot.begins_at, slot.at.zone, None)}"
        for number, slot in enumerate(found, first)
    ]
    options = [
        discord.SelectOption(label=option_label(slot)[:100], value=slot.id, description=f"{slot.taken} of {slot.capacity} places taken")
        for slot in found
    ]
    turn: Row = [
        TurnOwn(str(max(0, page - 1)), label="Earlier", disabled=page == 0),
        TurnOwn(str(page + 1), label="Later", disabled=not is_more),
    ]
    return card(
        "Your slots in this server",
        "\n".join(lines),
        changes_line(found, member.zone, services.clock.now()),
        meaning=Meaning.YOURS,
        rows=[[OwnChoice(options=options, placeholder="Open one: who booked, move, cancel")], turn if page or is_more else [], offer],
        quiet="The first time of each line is on your device's clock. Only you can see this.",
    )


async def _slot_card(services: Services, slot: Slot, done: str = "") -> Card:
    assert slot.advisor_id is not None  # noqa: S101 - it is the advisor's own
    places = await services.slot_offers.places(slot.id, slot.advisor_id, slot.guild_id)
    member, now = await services.members.get(slot.advisor_id), services.clock.now()
    meet = f"\n**Where to meet:** {place_words(slot.place)}" if slot.place else ""
    is_ahead = slot.begins_at > now
    change: Row = [MoveSlot(slot.id, label="Move", disabled=not is_ahead), MeetAt(slot.id, label="Where to meet", disabled=not is_ahead)]
    return card(
        f"Your slot: {NAMES[slot.kind]}",
        done,
        f"{when_lines(slot, member.zone)}{meet}",
        f"**Places:** {slot.taken} of {slot.capacity} taken\n**Booked by:** {_who(places)}",
        changes_line([slot], member.zone, now),
        meaning=Meaning.DONE if done else Meaning.YOURS,
        rows=[
            [*change, OwnFile(slot.id, label="Calendar file"), AskCancelSlot(slot.id, label="Cancel")],
            [TurnOwn("0", label="Your slots")],
        ],
        quiet="Who booked is shown to you alone, so that you can meet; nobody else can list it. Only you can see this.",
    )


def _who(places: list[Booking]) -> str:
    return ", ".join(f"<@{each.member_id}>" for each in places) or "nobody yet"


ITEMS = (TurnOwn, OwnChoice, ShowOwn, OwnFile, AskCancelSlot, CancelSlot, MoveSlot, MoveTo, MeetAt)
