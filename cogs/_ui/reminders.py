"""A reminder in words, the same in every card."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.domain.leads import lead_words
from bot.domain.member import Member
from bot.domain.reminder import Reminder, ReminderKind
from bot.services.bundle import Services
from bot.services.reminders import Scheduled
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card, shortened
from cogs._ui.consent import delivery_line
from cogs._ui.times import on_clock, stamp

TITLE_LENGTH = 80


class CancelReminder(Action, prefix="remind:cancel"):
    """Cancel the reminder in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Cancel it, in place of the card that was clicked."""
        services: Services = interaction.client.services
        reminder = await services.reminders.cancel(interaction.user.id, self.key)
        view = card("Cancelled", f"**{reminder_title(services, reminder)}**\nI won't remind you of it.", meaning=Meaning.DONE)
        await send_card(interaction, view, edit=True)


def reminder_title(services: Services, reminder: Reminder) -> str:
    """Return what a reminder is about, in one line."""
    return plain(bare_title(services, reminder))


def bare_title(services: Services, reminder: Reminder) -> str:
    """Return the same for places that show text as it is, such as a select."""
    if reminder.kind is not ReminderKind.SEASON_DATE:
        return shortened(" ".join(reminder.text.split()), TITLE_LENGTH)
    event = services.catalogue.event(reminder.event_id or "")
    name = event.name if event else "A date that is no longer in the calendar"
    if reminder.earlier_at:
        return f"{name}, {lead_words(reminder.lead)} by the season's date"
    if reminder.event_at is None:  # put off by a snooze: it comes at a time of its own
        return name
    return f"{name}, {lead_words(reminder.lead)}"


def when_line(reminder: Reminder, member: Member) -> str:
    """Return when a reminder comes, on the member's clock where she set one."""
    zone = member.zone or reminder.zone
    spelled = on_clock(reminder.due_at, zone) if zone else f"{reminder.due_at.astimezone(ZoneInfo('UTC')):%a %d %b %Y, %H:%M} UTC"
    once = f"{spelled} ({stamp(reminder.due_at, 'R')})"
    recurrence = reminder.recurrence
    if recurrence is None:
        return once
    where = f" on the clock of {recurrence.zone}" if recurrence.zone != zone else ""
    return f"{recurrence.words()}{where}; next {once}"


def scheduled_card(services: Services, scheduled: Scheduled, member: Member, remark: str = "") -> Card:
    """Return that a reminder is set, when it comes and how, with a remark on how her time was read."""
    reminder = scheduled.reminder
    how, buttons = delivery_line(member)
    return card(
        "Reminder set" if scheduled.is_new else "That reminder is set already",
        f"**{reminder_title(services, reminder)}**\n{when_line(reminder, member)}",
        f"Your note: {plain(reminder.text)}" if reminder.kind is ReminderKind.SEASON_DATE and reminder.text else "",
        remark,
        how,
        meaning=Meaning.YOURS,
        rows=[[*buttons, CancelReminder(reminder.id, label="Cancel it")]],
        quiet="/remind list shows all that is set.",
    )


def several_card(services: Services, scheduled: Sequence[Scheduled], member: Member) -> Card:
    """Return that several reminders are set, when each comes and how."""
    how, buttons = delivery_line(member)
    lines = [f"**{reminder_title(services, each.reminder)}**\n{when_line(each.reminder, member)}" for each in scheduled]
    return card(
        "Reminders set" if any(each.is_new for each in scheduled) else "Those reminders are set already",
        "\n\n".join(lines),
        how,
        meaning=Meaning.YOURS,
        rows=[buttons] if buttons else [],
        quiet="/remind list shows all that is set; /remind settings changes what is usual.",
    )
