"""``/remind``: every message to a member, and what she wants of them."""

import re
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import MatchdayClient
from bot.domain.leads import lead_words
from bot.domain.member import Member
from bot.domain.when import Ambiguous, NotUnderstood, Understood
from bot.domain.zones import WallKind
from bot.services.bundle import Services
from bot.services.reminders import MAX_TEXT, NOT_UNDERSTOOD, Ahead
from cogs._ui.cards import send_card, shortened
from cogs._ui.forms import Form
from cogs._ui.reminders import scheduled_card
from cogs._ui.times import on_clock
from cogs.remind._inbox import inbox_card
from cogs.remind._list import list_card
from cogs.remind._settings import settings_card

EXAMPLES = ("tomorrow 9:00", "in 3 weeks", "every Monday 8:00", "3 days before rank list deadline")
QUOTED = 300
"""How much of a message stands in a reminder about it, in characters."""


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class Remind(commands.GroupCog, name="remind", description="Your reminders"):
    """Set, list and receive reminders."""

    def __init__(self, client: MatchdayClient, services: Services) -> None:
        self._client = client
        self._services = services
        self._about = app_commands.ContextMenu(
            name="Remind me about this",
            callback=self.about_message,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )

    async def cog_load(self) -> None:
        """Add the command of a message's menu."""
        self._client.tree.add_command(self._about)

    async def cog_unload(self) -> None:
        """Take it away."""
        self._client.tree.remove_command(self._about.name, type=self._about.type)

    @app_commands.command(name="me", description="Remind me of something of my own, by direct message")
    @app_commands.describe(
        when="For example: tomorrow 9:00, in 3 weeks, Jan 5 21:00 ET", what=f"What it is about, up to {MAX_TEXT:,} characters"
    )
    async def me(self, interaction: discord.Interaction[Any], when: str, what: str) -> None:
        """Set a reminder at a time typed in words."""
        member = await self._services.members.get(interaction.user.id)
        await set_and_say(self._services, interaction, member, when, what)

    @me.autocomplete("when")
    async def read_back(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        """Show what was understood, on the member's clock."""
        member = await self._services.members.get(interaction.user.id)
        if member.zone is None:
            return [app_commands.Choice(name="Choose your time zone with /start first", value=current[:100] or "tomorrow 9:00")]
        if not current.strip():
            return [choice for text in EXAMPLES for choice in self._choices(text, member, interaction.guild_id, f"{text} · ")]
        return self._choices(current, member, interaction.guild_id)[:25]

    def _choices(self, text: str, member: Member, guild_id: int | None, before: str = "") -> list[app_commands.Choice[str]]:
        zone = member.zone or "UTC"
        match self._services.reminders.understand(text, member, guild_id):
            case Understood() as understood:
                return [_choice(understood, zone, text, before)]
            case Ambiguous(options=options):
                return [_choice(option, zone, text, before) for option in options]
            case Ahead() as ahead:
                return [app_commands.Choice(name=shortened(before + _ahead_words(ahead, zone), 100), value=text[:100])]
            case NotUnderstood(reason=reason, hint=hint):
                return [app_commands.Choice(name=shortened(f"{NOT_UNDERSTOOD[reason]} {hint}", 100), value=text[:100])]

    @app_commands.command(name="list", description="Your reminders, the next one first; change, cancel or pause them")
    async def list(self, interaction: discord.Interaction[Any]) -> None:
        """Show the first page."""
        await send_card(interaction, await list_card(self._client, interaction.user.id, 0))

    @app_commands.command(name="settings", description="Which messages you want, when not, and your time zone")
    async def settings(self, interaction: discord.Interaction[Any]) -> None:
        """Show what is set, with the buttons that change it."""
        await send_card(interaction, await settings_card(self._services, interaction.user.id, interaction.guild_id))

    @app_commands.command(name="inbox", description="Messages that could not be sent to you")
    async def inbox(self, interaction: discord.Interaction[Any]) -> None:
        """Show what waits."""
        await send_card(interaction, await inbox_card(self._client, interaction.user.id, 0), waiting_line=False)

    async def about_message(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Ask when to be reminded of a message."""
        words = re.sub(r"\s+", " ", message.content).strip()
        about = f"{shortened(words, QUOTED)}\n{message.jump_url}".strip()
        await interaction.response.send_modal(AboutForm(self._services, about))


class AboutForm(Form):
    """Ask when to be reminded, and of what."""

    def __init__(self, services: Services, about: str) -> None:
        super().__init__("Remind me about this")
        self._services = services
        self.when: discord.ui.TextInput[Any] = discord.ui.TextInput(max_length=100, placeholder=EXAMPLES[0])
        self.what: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=MAX_TEXT, default=about[:MAX_TEXT]
        )
        self.ask("When", self.when, "On your clock: tomorrow 9:00, in 3 weeks, every Monday 8:00.")
        self.ask("What", self.what, "Kept encrypted, for you alone. Nobody sees that you were reminded of it.")

    async def submitted(self, interaction: discord.Interaction[Any]) -> None:
        """Set the reminder."""
        member = await self._services.members.get(interaction.user.id)
        await set_and_say(self._services, interaction, member, self.when.value, self.what.value)


async def set_and_say(services: Services, interaction: discord.Interaction[Any], member: Member, when: str, what: str) -> None:
    """Set a reminder, and say when it comes and how the time was read."""
    scheduled = await services.reminders.remind_me(member, when, what, interaction.guild_id)
    understood = services.reminders.understand(when, member)
    remark = _remark(understood) if isinstance(understood, Understood) else ""
    await send_card(interaction, scheduled_card(services, scheduled, member, remark))


def _remark(understood: Understood) -> str:
    """Return what needs saying about how a time was read, or nothing."""
    if understood.kind is WallKind.GAP:
        return "The clocks jump over the time that you typed; this is the first one after it."
    if understood.kind is WallKind.FOLD:
        return "The clocks are set back then, so that time comes twice; this is the first one."
    return f"You named no hour, so I took {understood.local:%H:%M}." if understood.hour_assumed else ""


def _choice(understood: Understood, zone: str, text: str, before: str) -> app_commands.Choice[str]:
    spelled = on_clock(understood.instant, zone)
    if understood.recurrence is not None:
        words = understood.recurrence.words()
        # What she picks is that rule, also of two that the text may mean: its words are read back as the same one.
        value = words if understood.recurrence.zone == zone else f"{words} {understood.recurrence.zone}"
        return app_commands.Choice(
            name=shortened(f"{before}{words}; first {spelled}", 100), value=value if len(value) <= 100 else text[:100]
        )
    # The value is the instant that was shown: what she picks is what she gets, however late she presses Enter.
    return app_commands.Choice(name=shortened(before + spelled, 100), value=understood.instant.isoformat(timespec="minutes"))


def _ahead_words(ahead: Ahead, zone: str) -> str:
    if ahead.event.at is None:
        return f"The time of {ahead.event.name} is not known; I can't remind you of it."
    return f"{lead_words(ahead.before)} {ahead.event.name}: {on_clock(ahead.event.at.instant() - ahead.before, zone)}"
