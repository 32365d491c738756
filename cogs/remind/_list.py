"""The list of a member's reminders, one of them in full, and what changes it."""

from collections import Counter
from typing import Any

import discord
from discord import ui

from bot.client import MatchdayClient
from bot.domain.member import DirectMessages
from bot.domain.reminder import Reminder, ReminderKind
from bot.services.bundle import Services
from bot.services.reminders import MAX_TEXT, Scheduled
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card, shortened
from cogs._ui.consent import delivery_line
from cogs._ui.forms import Form
from cogs._ui.reminders import CancelReminder, bare_title, reminder_title, scheduled_card, when_line
from cogs._ui.servers import server_name
from cogs._ui.times import on_clock, season_line, two_clocks

PER_PAGE = 8
NOTE_LENGTH = 120
"""Characters of a note that the list shows; the message shows all of it."""
PAUSED = "**Everything is paused:** what falls due waits in /remind inbox."


class TurnList(Action, prefix="remind:page"):
    """Turn the list to the page in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show the page, in place."""
        await send_card(interaction, await list_card(interaction.client, interaction.user.id, int(self.key)), edit=True)


class OpenChoice(Choice, prefix="remind:open"):
    """Open one reminder of the page in the key."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it in full, in place."""
        services: Services = interaction.client.services
        reminder = await services.reminders.hers(interaction.user.id, values[0])
        await send_card(interaction, await one_card(interaction.client, reminder, int(self.key)), edit=True)


class CancelListed(Action, prefix="remind:cancelone"):
    """Cancel a reminder that was opened from the list; the key is the page and its id."""

    async def act(self, interaction: Interaction) -> None:
        """Cancel it and show the list as it is now."""
        services: Services = interaction.client.services
        page, _, reminder_id = self.key.partition("-")
        await services.reminders.cancel(interaction.user.id, reminder_id)
        await send_card(interaction, await list_card(interaction.client, interaction.user.id, int(page)), edit=True)


class ChangeReminder(Action, prefix="remind:change"):
    """Give the reminder in the key another time or text."""

    async def act(self, interaction: Interaction) -> None:
        """Ask for them."""
        services: Services = interaction.client.services
        reminder = await services.reminders.hers(interaction.user.id, self.key)
        await interaction.response.send_modal(ChangeForm(services, reminder))


class ChangeForm(Form):
    """Ask for another time and text of a reminder."""

    def __init__(self, services: Services, reminder: Reminder) -> None:
        super().__init__("Change this reminder")
        self._services = services
        self._id = reminder.id
        self.when: ui.TextInput[Any] = ui.TextInput(max_length=100, required=False, placeholder="tomorrow 9:00, every Monday 8:00")
        self.what: ui.TextInput[Any] = ui.TextInput(style=discord.TextStyle.paragraph, max_length=MAX_TEXT, default=reminder.text)
        self.ask("When", self.when, "On your clock. Left empty, the time stays as it is.")
        self.ask("What", self.what)

    async def submitted(self, interaction: Interaction) -> None:
        """Change it, and say when it comes now."""
        member = await self._services.members.get(interaction.user.id)
        changed = await self._services.reminders.change(member, self._id, self.when.value, self.what.value)
        await send_card(interaction, scheduled_card(self._services, Scheduled(changed, is_new=True), member), edit=True)


class PauseAll(Action, prefix="remind:pause"):
    """Pause everything (key ``1``) or go on (key ``0``)."""

    async def act(self, interaction: Interaction) -> None:
        """Do it, and show the list."""
        services: Services = interaction.client.services
        await services.members.prefer(interaction.user.id, paused=self.key == "1")
        await send_card(interaction, await list_card(interaction.client, interaction.user.id, 0), edit=True)


def _note_of(reminder: Reminder) -> str:
    """Return what she wrote to a reminder of a date, as a line."""
    has_note = reminder.kind is ReminderKind.SEASON_DATE and reminder.text
    return f"{plain(shortened(' '.join(reminder.text.split()), NOTE_LENGTH))}\n" if has_note else ""


def _held_by(client: MatchdayClient, reminder: Reminder) -> str:
    """Return, as a line, which server a reminder follows where that holds another date than the season."""
    event = client.services.season.for_server(reminder.guild_id).event(reminder.event_id or "")
    if event is None or event.confirmed is None or event.confirmed.instead_of is None:
        return ""
    season = season_line(event.confirmed.instead_of)
    if reminder.earlier_at:
        return f"\n-# It stays ahead of the season's date: {server_name(client, reminder.guild_id)} holds a later one"
    return f"\n-# Set in {server_name(client, reminder.guild_id)}, which holds {two_clocks(event, None)}; {season}"


def _what(reminder: Reminder) -> tuple[object, ...]:
    is_own = reminder.event_id is None or reminder.earlier_at
    return (reminder.id,) if is_own else (reminder.event_id, reminder.due_at, reminder.text)


def _set_in(client: MatchdayClient, reminder: Reminder) -> str:
    """Return, as a line, where a reminder was set that another one is like, and that one message comes of them."""
    where = f"in {server_name(client, reminder.guild_id)}" if reminder.guild_id is not None else "outside any server"
    return f"\n-# Set {where}, and follows the date there; while the dates are the same, one message comes"


async def list_card(client: MatchdayClient, member_id: int, page: int) -> Card:
    """Return one page of a member's reminders; a page that is gone shows the last one."""
    services: Services = client.services
    member = await services.members.get(member_id)
    found, total = await services.reminders.page(member_id, PER_PAGE, page * PER_PAGE)
    if not found and page > 0:
        return await list_card(client, member_id, max(0, -(-total // PER_PAGE) - 1))
    if not found:
        return card(
            "No reminders are set",
            "Set one with /remind me, or open a date in /countdown and choose how long before.",
            PAUSED if member.preferences.paused else "",
            meaning=Meaning.YOURS,
            rows=[[PauseAll("0", label="Go on")]] if member.preferences.paused else [],
        )
    pages = -(-total // PER_PAGE)
    alike = Counter(map(_what, found))
    lines = [
        f"**{reminder_title(services, reminder)}**\n{_note_of(reminder)}{when_line(reminder, member)}"
        + (_held_by(client, reminder) or (_set_in(client, reminder) if alike[_what(reminder)] > 1 else ""))
        for reminder in found
    ]
    options = [
        discord.SelectOption(
            label=bare_title(services, reminder),
            value=reminder.id,
            description=on_clock(reminder.due_at, member.zone or reminder.zone or "UTC"),
        )
        for reminder in found
    ]
    turn = [
        TurnList(str(page - 1), label="Earlier", disabled=page == 0),
        TurnList(str(page + 1), label="Later", disabled=page >= pages - 1),
    ]
    pause = PauseAll("0", label="Go on") if member.preferences.paused else PauseAll("1", label="Pause all")
    how, buttons = delivery_line(member)
    return card(
        f"Your reminders ({total})",
        "\n\n".join(lines),
        PAUSED if member.preferences.paused else "",
        "" if member.direct_messages is DirectMessages.ON else how.replace("it would", "they would").replace("it comes", "they come"),
        meaning=Meaning.YOURS,
        rows=[[OpenChoice(str(page), options=options, placeholder="Change or cancel one")], turn if pages > 1 else [], [*buttons, pause]],
        quiet=f"Page {page + 1} of {pages}." if pages > 1 else "",
    )


async def one_card(client: MatchdayClient, reminder: Reminder, page: int) -> Card:
    """Return one reminder in full, with what can be done with it."""
    services: Services = client.services
    member = await services.members.get(reminder.member_id)
    is_own = reminder.kind is ReminderKind.OWN
    change = [ChangeReminder(reminder.id, label="Change", style=discord.ButtonStyle.primary)] if is_own else []
    follows = {
        ReminderKind.SEASON_DATE: "It follows that date: when the date moves, this moves along, and you are told.",
        ReminderKind.LETTER: "It is a step of a letter: /letters followups moves or skips it.",
    }
    return card(
        reminder_title(services, reminder),
        when_line(reminder, member) + _held_by(client, reminder),
        plain(reminder.text) if reminder.text else "",
        follows.get(reminder.kind, ""),
        meaning=Meaning.YOURS,
        rows=[[*change, CancelListed(f"{page}-{reminder.id}", label="Cancel it"), TurnList(str(page), label="Back to the list")]],
    )


ITEMS = (TurnList, OpenChoice, CancelListed, ChangeReminder, PauseAll, CancelReminder)
