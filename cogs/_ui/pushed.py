"""What is pushed to a member's phone: the sentence in plain content, and buttons that work weeks later."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import discord
from discord import ui

from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.member import Member
from bot.services.answers import Press, Snooze, Stopped, Stops, stops
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import plain, shortened
from cogs._ui.expiry import expiry_text
from cogs._ui.forms import Form
from cogs._ui.notices import notice_text
from cogs._ui.pushed_dates import LATE, moved_text, season_date_text
from cogs._ui.questions import news_text
from cogs._ui.servers import SOME_SERVER
from cogs._ui.slots import slot_text
from cogs._ui.times import on_clock, stamp
from cogs._ui.words import KIND_WORDS

MAX_CONTENT = 2_000

PUT_OFF = frozenset({DeliveryKind.SEASON_DATE, DeliveryKind.OWN, DeliveryKind.LETTER})
"""What can be put off: what says that something happened can't."""

Items = Callable[[Delivery], list[discord.ui.Item[Any]]]
OFFERS: dict[DeliveryKind, Items] = {}
"""What a message of a kind offers in the place of Done; filled by the cogs that own a kind."""

GREETING = (
    "Direct messages work. From now on the reminders that you set come here, and nothing else.\n"
    "-# Press Stop or use /remind settings whenever you want no more of them."
)


class Done(Action, prefix="remind:done"):
    """Note that she is done with the reminder of the delivery in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Note it, and take the buttons away."""
        await interaction.client.services.answers.done(_press(interaction, self.key))
        await _close(interaction, "Done.")


class SnoozeMinutes(Action, prefix="remind:minutes"):
    """Put the reminder of the delivery in the key off by ten minutes."""

    async def act(self, interaction: Interaction) -> None:
        """Set it again, and say when it comes."""
        await _snooze(interaction, self.key, Snooze.TEN_MINUTES)


class SnoozeHour(Action, prefix="remind:hour"):
    """Put the reminder of the delivery in the key off by an hour."""

    async def act(self, interaction: Interaction) -> None:
        """Set it again, and say when it comes."""
        await _snooze(interaction, self.key, Snooze.HOUR)


class SnoozeTomorrow(Action, prefix="remind:tomorrow"):
    """Put the reminder of the delivery in the key off to tomorrow morning."""

    async def act(self, interaction: Interaction) -> None:
        """Set it again, and say when it comes."""
        await _snooze(interaction, self.key, Snooze.TOMORROW)


class SnoozeChosen(Action, prefix="remind:choose"):
    """Put the reminder of the delivery in the key off to a time that she types."""

    async def act(self, interaction: Interaction) -> None:
        """Ask for the time."""
        await interaction.response.send_modal(SnoozeForm(self.key))


class SnoozeForm(Form):
    """Ask until when a reminder is put off."""

    def __init__(self, delivery_id: str) -> None:
        super().__init__("When should it come again?")
        self._delivery_id = delivery_id
        self.when: ui.TextInput[Any] = ui.TextInput(max_length=100, placeholder="tomorrow 18:00")
        self.ask("When", self.when, "On your clock: in 3 hours, Friday 9:00, 5 January 21:00.")

    async def submitted(self, interaction: Interaction) -> None:
        """Set it again, and say when it comes."""
        await _snooze(interaction, self._delivery_id, Snooze.CHOSEN, self.when.value)


class Stop(Action, prefix="messages:stop"):
    """Stop what the message of the delivery in the key says that it stops."""

    async def act(self, interaction: Interaction) -> None:
        """Stop it, and say what was stopped and how it is switched on again."""
        stopped = await interaction.client.services.answers.stop(_press(interaction, self.key))
        await _close(interaction, stopped_line(stopped))


PUSHED_ACTIONS = (Done, SnoozeMinutes, SnoozeHour, SnoozeTomorrow, SnoozeChosen, Stop)


def stop_label(stopped: Stopped) -> str:
    """Return what the Stop button says."""
    if stopped.what is Stops.SERIES:
        return "Stop this series"
    return f"Stop {KIND_WORDS[stopped.kind]}" if stopped.kind else "Stop all messages"


def stopped_line(stopped: Stopped) -> str:
    """Return what was stopped, and the way back."""
    if stopped.what is Stops.SERIES:
        return "Stopped: this reminder comes no more. /remind me sets a new one."
    if stopped.kind:
        return f"Stopped: no more {KIND_WORDS[stopped.kind]}. /remind settings switches them on again."
    return "Stopped: no more direct messages. Reminders that you set wait in /remind inbox; /remind settings switches messages on again."


def _press(interaction: Interaction, delivery_id: str) -> Press:
    assert interaction.message is not None  # noqa: S101 - a button stands on a message
    return Press(interaction.user.id, delivery_id, interaction.message.id, interaction.message.channel.id)


async def _snooze(interaction: Interaction, delivery_id: str, how: Snooze, when: str = "") -> None:
    services: Services = interaction.client.services
    reminder = await services.answers.snooze(_press(interaction, delivery_id), how, when)
    member = await services.members.get(interaction.user.id)
    spelled = on_clock(reminder.due_at, member.zone) if member.zone else stamp(reminder.due_at)
    await _close(interaction, f"Comes again {spelled}. /remind list can cancel it.")


async def _close(interaction: Interaction, line: str) -> None:
    content = interaction.message.content if interaction.message else ""
    below = f"\n-# {line}"
    await interaction.response.edit_message(content=shortened(content, MAX_CONTENT - len(below)) + below, view=None)


BESIDE: dict[str, Items] = {}
"""What messages about some dates offer beside their own buttons, by the cog that owns it."""


def pushed_view(delivery: Delivery) -> discord.ui.View:
    """Return the buttons of a delivery; their custom ids hold its id, by which it is found again in the channel."""
    view = discord.ui.View(timeout=None)
    items: list[discord.ui.Item[Any]] = []
    if delivery.kind in PUT_OFF:
        items = [
            SnoozeMinutes(delivery.id, label="10 min"),
            SnoozeHour(delivery.id, label="1 hour"),
            SnoozeTomorrow(delivery.id, label="Tomorrow"),
            SnoozeChosen(delivery.id, label="Choose a time"),
        ]
    if delivery.kind in OFFERS:
        items = OFFERS[delivery.kind](delivery)
    elif delivery.kind is not DeliveryKind.GREETING:
        items.insert(0, Done(delivery.id, label="Done", style=discord.ButtonStyle.primary))
    beside = [item for offered in BESIDE.values() for item in offered(delivery)]
    for item in [*items, *beside, Stop(delivery.id, label=stop_label(stops(delivery)))]:
        view.add_item(item)
    view.stop()  # as in Card: nothing of it need be kept
    return view


def pushed_text(services: Services, delivery: Delivery, member: Member, server: str = SOME_SERVER) -> str:
    """Return what a delivery says, readable in the notification itself; ``server`` is the name of the one that it comes from."""
    now = services.clock.now()
    match delivery.kind:
        case DeliveryKind.GREETING:
            return GREETING
        case DeliveryKind.OWN:
            text = f"Reminder: {plain(delivery.payload.get('text', ''))}"
        case DeliveryKind.LETTER:
            text = f"Letters: {plain(delivery.payload.get('text', ''))}"
        case DeliveryKind.RULE_CHANGE:
            text = delivery.payload.get("text", "")
        case DeliveryKind.SEASON_DATE:
            text = season_date_text(services, delivery, member, server)
            if note := delivery.payload.get("text", ""):
                text += f"\nYour note: {plain(note)}"
        case DeliveryKind.ANSWER:
            text = news_text(delivery)
        case DeliveryKind.SLOT:
            text = slot_text(delivery, now, member, server)
        case DeliveryKind.DATE_MOVED:
            text = moved_text(services, delivery, member, server)
        case DeliveryKind.NOTICE:
            text = notice_text(delivery.payload, "-# A notice of the moderators of a server whose notices you asked for.")
        case DeliveryKind.ALARM:
            text = f"{delivery.payload['text']}\n-# To you, since you wrote it in {server}."
        case DeliveryKind.EXPIRY:
            text = expiry_text(delivery)
        case _:
            text = ""  # what goes to channels is written by its own feature
    late = _late_line(delivery, now)
    return shortened(text, MAX_CONTENT - len(late)) + late


def _late_line(delivery: Delivery, now: datetime) -> str:
    late = now - delivery.due_at
    if late < LATE:
        return ""
    hours, minutes = divmod(int(late.total_seconds()) // 60, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{days} d" if days else "", f"{hours} h" if hours else "", f"{minutes} min" if minutes and not days else ""]
    return f"\n-# This comes {' '.join(part for part in parts if part)} late: it was due {stamp(delivery.due_at, 'f')}."
