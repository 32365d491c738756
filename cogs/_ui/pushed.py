"""What is pushed to a member's phone: the sentence in plain content, and buttons that work weeks later."""

from datetime import datetime, timedelta
from typing import Any

import discord
from discord import ui

from bot.domain.calendar import SeasonEvent
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.facts import Certainty
from bot.domain.member import Member
from bot.services.answers import Press, Snooze, Stopped, Stops, stops
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import plain, shortened
from cogs._ui.forms import Form
from cogs._ui.notices import notice_text
from cogs._ui.times import on_clock, stamp, two_clocks
from cogs._ui.words import KIND_WORDS

LATE = timedelta(minutes=2)
"""A message this much after its time says so."""
MAX_CONTENT = 2_000

PUT_OFF = frozenset({DeliveryKind.SEASON_DATE, DeliveryKind.OWN, DeliveryKind.LETTER})
"""What can be put off: what says that something happened can't."""

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
    if delivery.kind is not DeliveryKind.GREETING:
        items.insert(0, Done(delivery.id, label="Done", style=discord.ButtonStyle.primary))
    for item in [*items, Stop(delivery.id, label=stop_label(stops(delivery)))]:
        view.add_item(item)
    view.stop()  # as in Card: nothing of it need be kept
    return view


def pushed_text(services: Services, delivery: Delivery, member: Member) -> str:
    """Return what a delivery says, readable in the notification itself."""
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
            text = _season_date_text(services.catalogue.event(delivery.payload.get("event_id", "")), member, now)
            if note := delivery.payload.get("text", ""):
                text += f"\nYour note: {plain(note)}"
        case DeliveryKind.DATE_MOVED:
            text = moved_text(services, delivery, member)
        case DeliveryKind.NOTICE:
            text = notice_text(delivery.payload, "-# A notice of the moderators of a server whose notices you asked for.")
        case _:
            text = ""  # what goes to channels is written by its own feature
    late = _late_line(delivery, now)
    return shortened(text, MAX_CONTENT - len(late)) + late


def _season_date_text(event: SeasonEvent | None, member: Member, now: datetime) -> str:
    if event is None or event.at is None:
        return "A date that you asked to be reminded of is no longer in the calendar. /countdown shows the next ones."
    instant = event.at.instant()
    when = two_clocks(event, member.zone).replace("\n", "; ")
    if instant < now - LATE:
        return f"{event.name} ({event.year} Match) has passed: it was {when}. /countdown shows what comes next."
    if instant <= now + LATE:
        return f"{event.name} ({event.year} Match) is now: {when}.\n{event.meaning}"
    sure = (
        ""
        if event.citation.certainty is Certainty.ANNOUNCED
        else f"\n-# This date is {event.citation.certainty}, not announced. {_where(event)}"
    )
    return f"{event.name} ({event.year} Match) is {_left(instant - now)}: {when}.\n{event.meaning}{sure}"


def moved_text(services: Services, delivery: Delivery, member: Member) -> str:
    """Return that a date moved: from when to when, on whose word, and what became of her reminders."""
    event = services.catalogue.event(delivery.payload.get("event_id", ""))
    before = datetime.fromisoformat(delivery.payload["before"])
    zone = member.zone or (event.at.zone if event and event.at else "UTC")
    was = on_clock(before, zone)
    if event is None or event.at is None:
        name = f"{event.name} ({event.year} Match)" if event else "A date that you are reminded of"
        where = f" {_where(event)}" if event else ""
        return f"{name} is not known any more: it was held to be {was}. Your reminders of it are cancelled.{where}"
    by = "; ".join(source.title for source in event.citation.sources) or "the calendar"
    now = two_clocks(event, member.zone).replace("\n", "; ")
    return (
        f"{event.name} ({event.year} Match) moved. It was {was}; it is {now}.\n"
        f"Your reminders of it moved along. {event.citation.note}".rstrip()
        + f"\n-# {str(event.citation.certainty).capitalize()}; source: {by}. {_where(event)}"
    )


def _where(event: SeasonEvent) -> str:
    owner = event.citation.confirm_at
    if owner is None:
        return "Confirm with its owner."
    return f"Confirm at <{owner.url}>." if owner.url else f"Confirm with {owner.title}."


def _left(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    for size, word in ((10_080, "week"), (1_440, "day"), (60, "hour"), (1, "minute")):
        count, rest = divmod(minutes, size)
        if count and rest * 20 <= size * count:  # within a twentieth of whole units: "in 3 days", not "in 4,319 minutes"
            return f"in {count} {word}{'s' if count > 1 else ''}"
    hours, rest = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"in {days} d {hours} h" if days else f"in {hours} h {rest} min"


def _late_line(delivery: Delivery, now: datetime) -> str:
    late = now - delivery.due_at
    if late < LATE:
        return ""
    hours, minutes = divmod(int(late.total_seconds()) // 60, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{days} d" if days else "", f"{hours} h" if hours else "", f"{minutes} min" if minutes and not days else ""]
    return f"\n-# This comes {' '.join(part for part in parts if part)} late: it was due {stamp(delivery.due_at, 'f')}."
