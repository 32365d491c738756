"""``/ask slots``: the coming slots of a server, what she has booked, and what she can do about each."""

import io
from typing import Any

import discord
from discord import ui

from bot.client import MatchdayClient
from bot.domain.delivery import Delivery
from bot.domain.member import Member
from bot.domain.slots import Booking, Slot, leads_ahead
from bot.errors import UserFacingError
from bot.services.bundle import Services
from bot.services.slot_calendar import NAMES, calendar_of
from bot.services.slot_messages import FOR_ADVISORS, SlotNews
from bot.services.slots import MOST_BOOKED, NO_BOOKING
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, Row, card, send_card
from cogs._ui.consent import delivery_line
from cogs._ui.servers import server_name
from cogs._ui.slots import CHANNEL, changes_line, clocks, free_words, offered_by, option_label, place_words, when_lines
from cogs._ui.times import stamp

PER_PAGE = 6
TWO_CLOCKS = "The first time of each line is on your device's clock, the second on the clock of who offers it."
IN_A_SERVER = UserFacingError("Slots are booked in their server.", "Use /ask slots in a channel of that server; only you will see it.")


class TurnSlots(Action, prefix="slots:page"):
    """Turn the list of a server's slots to the page in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show the page, in place."""
        await send_card(
            interaction, await slots_card(interaction.client, interaction.user.id, interaction.guild_id, int(self.key)), edit=True
        )


class TurnPlaces(Action, prefix="slots:mine"):
    """Turn the list of what she has booked to the page in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show the page, in place."""
        await send_card(
            interaction, await places_card(interaction.client, interaction.user.id, interaction.guild_id, int(self.key)), edit=True
        )


class SlotChoice(Choice, prefix="slots:choose"):
    """Open one slot of the list."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, in place."""
        await show_slot(interaction, values[0], edit=True)


class ShowSlot(Action, prefix="slots:show"):
    """Show the slot in the key again."""

    async def act(self, interaction: Interaction) -> None:
        """Show it, in place."""
        await show_slot(interaction, self.key, edit=True)


class OpenSlot(Action, prefix="slots:open"):
    """Show the slot in the key, from a message; after a colon stands the delivery, by which the message is found again."""

    async def act(self, interaction: Interaction) -> None:
        """Show it, below the message."""
        await show_slot(interaction, self.key.partition(":")[0], edit=False)


class BookPlace(Action, prefix="slots:book"):
    """Book a place in the slot in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Book it, and say how she is reminded, in place."""
        if interaction.guild_id is None:
            raise IN_A_SERVER
        services: Services = interaction.client.services
        await interaction.response.defer()
        slot, booking = await services.slots.book(self.key, interaction.user.id, interaction.guild_id)
        member = await services.members.get(interaction.user.id)
        await send_card(interaction, slot_card(interaction.client, slot, booking, member, _reminded(services, slot)), edit=True)


class AskGiveBack(Action, prefix="slots:ask_back"):
    """Ask before the place in the slot in the key is given back."""

    async def act(self, interaction: Interaction) -> None:
        """Say what it means."""
        slot, booking = await _hers(interaction, self.key)
        member = await interaction.client.services.members.get(interaction.user.id)
        view = card(
            f"Give your place back: {NAMES[slot.kind]}",
            clocks(slot.begins_at, slot.at.zone, member.zone),
            "The place is free for others at once, its reminders stop, and the advisor is told that a place is free; not who had it.",
            meaning=Meaning.ATTENTION,
            rows=[
                [
                    GiveBack(booking.id, label="Give it back", style=discord.ButtonStyle.danger),
                    ShowSlot(slot.id, label="Keep it"),
                ]
            ],
        )
        await send_card(interaction, view, edit=True)


class GiveBack(Action, prefix="slots:back"):
    """Give the place of the booking in the key back."""

    async def act(self, interaction: Interaction) -> None:
        """Give it back, and say so, in place."""
        services: Services = interaction.client.services
        await interaction.response.defer()
        slot = await services.slots.give_back(self.key, interaction.user.id)
        view = card(
            "Given back",
            f"**{NAMES[slot.kind]}**\n{clocks(slot.begins_at, slot.at.zone, None)}",
            "Its reminders are stopped, and the advisor is told. If it stands in your calendar, delete it there.",
            meaning=Meaning.DONE,
            rows=[[TurnSlots("0", label="Other slots") if interaction.guild_id else TurnPlaces("0", label="What I booked")]],
        )
        await send_card(interaction, view, edit=True)


class SlotFile(Action, prefix="slots:file"):
    """Hand out the calendar file of the slot in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Send the file, which only she sees."""
        slot, _ = await _hers(interaction, self.key)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await send_file(interaction, slot)


async def send_file(interaction: Interaction, slot: Slot) -> None:
    """Send a slot as a calendar file that only the one who asks sees."""
    guild = interaction.client.get_guild(slot.guild_id)
    data = await calendar_of(slot, interaction.client.name_of(slot.guild_id) or "a Discord server", _spoken_place(slot, guild))
    name = f"matchday-slot-{slot.begins_at:%Y-%m-%d}.ics"
    view = card(
        "For your calendar",
        "Open the file, and your calendar offers to import it; it has alarms a day and an hour before. If the slot is moved, take the file "
        "again: the entry moves, and none is added. If it is cancelled, delete the entry.",
        meaning=Meaning.YOURS,
        quiet="Nobody is named in it.",
    )
    view.container.add_item(ui.File(f"attachment://{name}"))
    await send_card(interaction, view, file=discord.File(io.BytesIO(data), filename=name))


def _spoken_place(slot: Slot, guild: discord.Guild | None) -> str:
    """Return where to meet for those who read it outside of Discord."""
    found = CHANNEL.fullmatch(slot.place)
    if not found:
        return slot.place
    channel = guild.get_channel(int(found[1])) if guild else None
    return f"the voice channel {channel.name} in Discord" if channel else "a voice channel in Discord"


async def _hers(interaction: Interaction, slot_id: str) -> tuple[Slot, Booking]:
    """Return a slot in which she has a place; raise UserFacingError where she has none."""
    slot, booking = await interaction.client.services.slots.see(slot_id, interaction.user.id, interaction.guild_id)
    if booking is None:
        raise NO_BOOKING
    return slot, booking


async def show_slot(interaction: Interaction, slot_id: str, *, edit: bool) -> None:
    """Show one slot as it is now."""
    services: Services = interaction.client.services
    slot, booking = await services.slots.see(slot_id, interaction.user.id, interaction.guild_id)
    member = await services.members.get(interaction.user.id)
    await send_card(interaction, slot_card(interaction.client, slot, booking, member), edit=edit)


async def slots_card(client: MatchdayClient, member_id: int, guild_id: int | None, page: int) -> Card:
    """Return one page of the coming slots of a server; in her conversation with the bot, what she has booked anywhere."""
    services = client.services
    if guild_id is None:
        return await places_card(client, member_id, None, page)
    found, is_more = await services.slots.page(guild_id, PER_PAGE, page * PER_PAGE)
    if not found and page > 0:
        return await slots_card(client, member_id, guild_id, page - 1)
    if not found:
        text = "No advisor of this server offers a slot that is still ahead. Look again later, or ask with /ask new."
        return card("No slots", text, meaning=Meaning.DONE, rows=[[TurnPlaces("0", label="What I booked")]])
    member = await services.members.get(member_id)
    mine = {slot.id for slot, _ in (await services.slots.mine(member_id, guild_id, MOST_BOOKED))[0]}
    lines = [_line(number, slot, mine) for number, slot in enumerate(found, page * PER_PAGE + 1)]
    turn: Row = [
        TurnSlots(str(max(0, page - 1)), label="Earlier", disabled=page == 0),
        TurnSlots(str(page + 1), label="Later", disabled=not is_more),
    ]
    return card(
        "Slots with advisors of this server",
        "\n".join(lines),
        changes_line(found, member.zone, services.clock.now()),
        rows=[[_menu(found)], turn if page or is_more else [], [TurnPlaces("0", label="What I booked")]],
        quiet=f"{TWO_CLOCKS} Only you can see this.",
    )


def _line(number: int, slot: Slot, mine: set[str]) -> str:
    has = " **You have a place.**" if slot.id in mine else ""
    return (
        f"{number}. **{NAMES[slot.kind]}** with {offered_by(slot)}, {slot.minutes} minutes, {free_words(slot)}.{has}\n"
        f"{stamp(slot.begins_at)} · {clocks(slot.begins_at, slot.at.zone, None)}"
    )


def _menu(found: list[Slot]) -> SlotChoice:
    options = [discord.SelectOption(label=option_label(slot)[:100], value=slot.id, description=free_words(slot)) for slot in found]
    return SlotChoice(options=options, placeholder="Open one")


async def places_card(client: MatchdayClient, member_id: int, guild_id: int | None, page: int) -> Card:
    """Return one page of what she has booked in a server, or in all of hers."""
    services = client.services
    found, is_more = await services.slots.mine(member_id, guild_id, PER_PAGE, page * PER_PAGE)
    if not found and page > 0:
        return await places_card(client, member_id, guild_id, page - 1)
    back: Row = [TurnSlots("0", label="All slots")] if guild_id else []
    if not found:
        where = "in this server" if guild_id else "anywhere; slots are booked with /ask slots in their server"
        return card("Nothing booked", f"You have no place in a coming slot {where}.", meaning=Meaning.YOURS, rows=[back])
    member, slots = await services.members.get(member_id), [slot for slot, _ in found]
    lines = [
        f"{number}. **{NAMES[slot.kind]}** with {offered_by(slot)}"
        + (f" in {server_name(client, slot.guild_id)}" if guild_id is None else "")
        + f"\n{stamp(slot.begins_at)} · {clocks(slot.begins_at, slot.at.zone, None)}"
        for number, slot in enumerate(slots, page * PER_PAGE + 1)
    ]
    turn: Row = [
        TurnPlaces(str(max(0, page - 1)), label="Earlier", disabled=page == 0),
        TurnPlaces(str(page + 1), label="Later", disabled=not is_more),
    ]
    return card(
        "What you have booked",
        "\n".join(lines),
        changes_line(slots, member.zone, services.clock.now()),
        meaning=Meaning.YOURS,
        rows=[[_menu(slots)], turn if page or is_more else [], back],
        quiet=f"{TWO_CLOCKS} Only you can see this.",
    )


def slot_card(client: MatchdayClient, slot: Slot, booking: Booking | None, member: Member, done: str = "") -> Card:
    """Return one slot with what she can do about it; ``done`` says that she has just booked it, and how she is reminded."""
    now = client.services.clock.now()
    is_ahead = slot.begins_at > now
    meet = f"\n**Where to meet:** {place_words(slot.place)}" if slot.place and booking else ""
    meet += "\nWhere to meet is shown to those who have a place." if slot.place and not booking else ""
    state = "You have a place." if booking else f"{free_words(slot).capitalize()}." if is_ahead else "It has begun."
    how, buttons = delivery_line(member) if done else ("", [])
    rows: list[Row] = [_work(slot, booking, is_ahead=is_ahead), buttons, [TurnPlaces("0", label="What I booked")]]
    return card(
        f"{'Booked: ' if done else ''}{NAMES[slot.kind]}",
        f"**With:** {offered_by(slot)} in {server_name(client, slot.guild_id)}\n{when_lines(slot, member.zone)}{meet}",
        f"**{state}**" + (f" {done} {how}".rstrip() if done else ""),
        changes_line([slot], member.zone, now),
        meaning=Meaning.YOURS if booking else Meaning.FACT,
        rows=rows,
        quiet="The advisor of this slot sees who has booked it; nobody else does. Only you can see this.",
    )


def _work(slot: Slot, booking: Booking | None, *, is_ahead: bool) -> Row:
    if booking is not None:
        return [SlotFile(slot.id, label="Calendar file"), AskGiveBack(slot.id, label="Give my place back")]
    label = "Book a place" if slot.free or not is_ahead else "Full"
    return [BookPlace(slot.id, label=label, style=discord.ButtonStyle.primary, disabled=not is_ahead or not slot.free)]


def _reminded(services: Services, slot: Slot) -> str:
    words = {86_400: "a day", 3_600: "an hour"}
    ahead = [words[int(lead.total_seconds())] for lead in leads_ahead(slot.begins_at, services.clock.now())]
    if not ahead:
        return "It begins within the hour, so no reminder comes before it."
    return f"A reminder comes {' and '.join(ahead)} before."


def news_items(delivery: Delivery) -> list[ui.Item[Any]]:
    """Return the button below a message about a slot: to a member who still has a place."""
    what = SlotNews(delivery.payload["what"])
    if what in FOR_ADVISORS or what in (SlotNews.CANCELLED, SlotNews.RELEASED):
        return []
    return [OpenSlot(f"{delivery.payload['slot']}:{delivery.id}", label="Show it")]


ITEMS = (TurnSlots, TurnPlaces, SlotChoice, ShowSlot, OpenSlot, BookPlace, AskGiveBack, GiveBack, SlotFile)
