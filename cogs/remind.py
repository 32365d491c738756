"""``/remind``: every message to a member, and what she wants of them."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import MatchdayClient
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.member import DirectMessages, Member
from bot.domain.when import Ambiguous, NotUnderstood, Understood
from bot.domain.zones import WallKind
from bot.services.bundle import Services
from bot.services.reminders import MAX_TEXT, NOT_UNDERSTOOD, Scheduled
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card, shortened
from cogs._ui.consent import AllowMessages, delivery_line
from cogs._ui.reminders import CancelReminder, bare_title, reminder_title, scheduled_card, when_line
from cogs._ui.times import on_clock, stamp
from cogs._ui.words import messages_in_words
from cogs.start._views import GoTo, Step, Way

PER_PAGE = 8
INBOX_PER_PAGE = 3
"""So few that each message stands there whole, as far as 4,000 characters go."""
INBOX_TEXT = 1_150
EXAMPLES = ("tomorrow 9:00", "in 3 weeks", "next Friday 18:00")


class TurnList(Action, prefix="remind:page"):
    """Turn the list to the page in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show the page, in place."""
        services: Services = interaction.client.services
        await send_card(interaction, await list_card(services, interaction.user.id, int(self.key)), edit=True)


class CancelChoice(Choice, prefix="remind:cancelone"):
    """Cancel one reminder of the page in the key."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Cancel it and show the list as it is now."""
        services: Services = interaction.client.services
        await services.reminders.cancel(interaction.user.id, values[0])
        await send_card(interaction, await list_card(services, interaction.user.id, int(self.key)), edit=True)


class MessagesOff(Action, prefix="remind:off"):
    """Take the consent to direct messages back."""

    async def act(self, interaction: Interaction) -> None:
        """Switch them off and say what becomes of what is set."""
        services: Services = interaction.client.services
        await services.members.switch_messages_off(interaction.user.id)
        await send_card(interaction, await settings_card(services, interaction.user.id), edit=True)


class TurnInbox(Action, prefix="remind:inbox"):
    """Turn the inbox to the page in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show the page, in place."""
        view = await inbox_card(interaction.client.services, interaction.user.id, int(self.key))
        await send_card(interaction, view, edit=True, waiting_line=False)


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class Remind(commands.GroupCog, name="remind", description="Your reminders"):
    """Set, list and receive reminders."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="me", description="Remind me of something of my own, by direct message")
    @app_commands.describe(
        when="For example: tomorrow 9:00, in 3 weeks, Jan 5 21:00 ET", what=f"What it is about, up to {MAX_TEXT:,} characters"
    )
    async def me(self, interaction: discord.Interaction[Any], when: str, what: str) -> None:
        """Set a reminder at a time typed in words."""
        member = await self._services.members.get(interaction.user.id)
        reminder = await self._services.reminders.remind_me(member, when, what, interaction.guild_id)
        understood = self._services.reminders.understand(when, member.zone or reminder.zone)
        remark = _remark(understood) if isinstance(understood, Understood) else ""
        await send_card(interaction, scheduled_card(self._services, Scheduled(reminder, is_new=True), member, remark))

    @me.autocomplete("when")
    async def read_back(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        """Show what was understood, on the member's clock."""
        member = await self._services.members.get(interaction.user.id)
        if member.zone is None:
            return [app_commands.Choice(name="Choose your time zone with /start first", value=current[:100] or "tomorrow 9:00")]
        if not current.strip():
            return [choice for text in EXAMPLES for choice in self._choices(text, member.zone, f"{text} · ")]
        return self._choices(current, member.zone)[:25]

    def _choices(self, text: str, zone: str, before: str = "") -> list[app_commands.Choice[str]]:
        match self._services.reminders.understand(text, zone):
            case Understood() as understood:
                return [_choice(understood, zone, before)]
            case Ambiguous(options=options):
                return [_choice(option, zone, before) for option in options]
            case NotUnderstood(reason=reason, hint=hint):
                return [app_commands.Choice(name=shortened(f"{NOT_UNDERSTOOD[reason]} {hint}", 100), value=text[:100])]

    @app_commands.command(name="list", description="Your reminders, the next one first; cancel any of them")
    async def list(self, interaction: discord.Interaction[Any]) -> None:
        """Show the first page."""
        await send_card(interaction, await list_card(self._services, interaction.user.id, 0))

    @app_commands.command(name="settings", description="Direct messages on or off, and your time zone")
    async def settings(self, interaction: discord.Interaction[Any]) -> None:
        """Show what is set, with the buttons that change it."""
        await send_card(interaction, await settings_card(self._services, interaction.user.id))

    @app_commands.command(name="inbox", description="Messages that could not be sent to you")
    async def inbox(self, interaction: discord.Interaction[Any]) -> None:
        """Show what waits."""
        await send_card(interaction, await inbox_card(self._services, interaction.user.id, 0), waiting_line=False)


def _remark(understood: Understood) -> str:
    """Return what needs saying about how a time was read, or nothing."""
    if understood.kind is WallKind.GAP:
        return "The clocks jump over the time that you typed; this is the first one after it."
    if understood.kind is WallKind.FOLD:
        return "The clocks are set back then, so that time comes twice; this is the first one."
    return f"You named no hour, so I took {understood.local:%H:%M}." if understood.hour_assumed else ""


def _choice(understood: Understood, zone: str, before: str) -> app_commands.Choice[str]:
    # The value is the instant that was shown: what she picks is what she gets, however late she presses Enter.
    return app_commands.Choice(
        name=shortened(before + on_clock(understood.instant, zone), 100), value=understood.instant.isoformat(timespec="minutes")
    )


async def list_card(services: Services, member_id: int, page: int) -> Card:
    """Return one page of a member's reminders; a page that is gone shows the last one."""
    member = await services.members.get(member_id)
    found, total = await services.reminders.page(member_id, PER_PAGE, page * PER_PAGE)
    if not found and page > 0:
        return await list_card(services, member_id, max(0, -(-total // PER_PAGE) - 1))
    if not found:
        return card(
            "No reminders are set",
            "Set one with /remind me, or open a date in /countdown and choose how long before.",
            meaning=Meaning.YOURS,
        )
    pages = -(-total // PER_PAGE)
    lines = [f"**{reminder_title(services, reminder)}**\n{when_line(reminder, member)}" for reminder in found]
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
    how, buttons = delivery_line(member)
    return card(
        f"Your reminders ({total})",
        "\n\n".join(lines),
        "" if member.direct_messages is DirectMessages.ON else how.replace("it would", "they would").replace("it comes", "they come"),
        meaning=Meaning.YOURS,
        rows=[[CancelChoice(str(page), options=options, placeholder="Cancel one")], turn if pages > 1 else [], buttons],
        quiet=f"Page {page + 1} of {pages}." if pages > 1 else "",
    )


async def settings_card(services: Services, member_id: int) -> Card:
    """Return a member's settings of messages and zone, with the buttons that change them."""
    member = await services.members.get(member_id)
    now = services.clock.now()
    zone = f"{member.zone}; it is {on_clock(now, member.zone)}" if member.zone else "not set"
    since = f"\nAgreed {stamp(member.consented_at, 'D')}." if member.consented_at else ""
    buttons: list[Action] = []
    if member.direct_messages is not DirectMessages.ON:
        buttons.append(AllowMessages(label="Try again" if member.direct_messages is DirectMessages.CLOSED else "Allow direct messages"))
    if member.direct_messages is not DirectMessages.OFF:
        buttons.append(MessagesOff(label="Switch them off"))
    return card(
        "Your reminder settings",
        f"**Direct messages:** {messages_in_words(member)}.{since}",
        f"**Time zone:** {zone}",
        meaning=Meaning.YOURS,
        rows=[[*buttons, GoTo(f"{Way.SINGLE}-{Step.ZONE}", label="Change time zone")]],
        quiet="/start changes where you apply and your target year.",
    )


async def inbox_card(services: Services, member_id: int, page: int) -> Card:
    """Return one page of what could not be sent, the newest first."""
    found, is_more = await services.inbox.page(member_id, INBOX_PER_PAGE, page * INBOX_PER_PAGE)
    if not found and page > 0:
        return await inbox_card(services, member_id, page - 1)
    if not found:
        return card("Your inbox is empty", "Every message that was due has reached you.", meaning=Meaning.DONE)
    member = await services.members.get(member_id)
    lines = [_inbox_line(services, delivery, member) for delivery in found]
    turn = [
        TurnInbox(str(max(0, page - 1)), label="Newer", disabled=page == 0),
        TurnInbox(str(page + 1), label="Older", disabled=not is_more),
    ]
    _, buttons = delivery_line(member)
    return card(
        "Messages that could not be sent to you",
        "\n\n".join(lines),
        meaning=Meaning.YOURS,
        rows=[turn if page or is_more else [], buttons],
    )


def _inbox_line(services: Services, delivery: Delivery, member: Member) -> str:
    when = on_clock(delivery.due_at, member.zone) if member.zone else stamp(delivery.due_at)
    if delivery.kind is not DeliveryKind.SEASON_DATE:
        text = shortened(plain(delivery.payload.get("text", "")), INBOX_TEXT)
    else:
        event = services.catalogue.event(delivery.payload.get("event_id", ""))
        text = f"{event.name}: {event.meaning}" if event else "A date that is no longer in the calendar."
    return f"**{when}**\n{text}\n-# {delivery.reason or 'It could not be sent.'}"


async def setup(client: MatchdayClient) -> None:
    """Add the commands and the items of their cards."""
    client.add_dynamic_items(TurnList, CancelChoice, MessagesOff, TurnInbox, CancelReminder, AllowMessages)
    await client.add_cog(Remind(client.services))
