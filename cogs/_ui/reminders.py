"""A reminder in words, the same in every card."""

from zoneinfo import ZoneInfo

from bot.domain.leads import LEADS
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
    lead = next((lead.label for lead in LEADS if lead.before == reminder.lead), "")
    return f"{name}, {lead}" if lead else name


def when_line(reminder: Reminder, member: Member) -> str:
    """Return when a reminder comes, on the member's clock where she set one."""
    zone = member.zone or reminder.zone
    spelled = on_clock(reminder.due_at, zone) if zone else f"{reminder.due_at.astimezone(ZoneInfo('UTC')):%a %d %b %Y, %H:%M} UTC"
    return f"{spelled} ({stamp(reminder.due_at, 'R')})"


def scheduled_card(services: Services, scheduled: Scheduled, member: Member, remark: str = "") -> Card:
    """Return that a reminder is set, when it comes and how, with a remark on how her time was read."""
    reminder = scheduled.reminder
    how, buttons = delivery_line(member)
    return card(
        "Reminder set" if scheduled.is_new else "That reminder is set already",
        f"**{reminder_title(services, reminder)}**\n{when_line(reminder, member)}",
        remark,
        how,
        meaning=Meaning.YOURS,
        rows=[[*buttons, CancelReminder(reminder.id, label="Cancel it")]],
        quiet="/remind list shows all that is set.",
    )
