"""``/server``."""

import logging
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import MatchdayClient
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.servers import Deed
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.cards import Card, Meaning, card, send_card, shortened
from cogs._ui.channels import require_room
from cogs._ui.staff import require_manager
from cogs.countdown._views import label_of
from cogs.server._alarm import server_problems, tell_staff
from cogs.server._audit import audit_card
from cogs.server._calendar import date_card
from cogs.server._check import SendingState, check_card, question_problems
from cogs.server._events import list_card as events_card
from cogs.server._faq import asked, list_card
from cogs.server._live import begin_day, status_text
from cogs.server._mock import begin as begin_mock
from cogs.server._programs import programs_card, publish_programs
from cogs.server._setup import setup_card

log = logging.getLogger(__name__)


@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class Server(commands.GroupCog, name="server", description="Set up Matchday in this server"):
    """Set up a server, and keep the status line."""

    def __init__(self, client: MatchdayClient, services: Services) -> None:
        self._client = client
        self._services = services
        self._resumed = False

    @app_commands.command(name="countdown", description="A countdown that stands in a channel and renews itself once a day")
    @app_commands.describe(channel="Where it stands; this channel, if left out", stop="End the countdown that stands there")
    async def countdown(
        self, interaction: discord.Interaction[Any], channel: discord.TextChannel | None = None, stop: bool = False
    ) -> None:
        """Put a countdown into a channel, or end it."""
        where = channel or interaction.channel
        require_manager(interaction)
        if not isinstance(where, discord.TextChannel):
            raise UserFacingError("A countdown stands in a text channel.", "Name one under channel.")
        await interaction.response.defer(ephemeral=True, thinking=True)
        deed = Deed.COUNTDOWN_STOPPED if stop else Deed.COUNTDOWN_BEGUN
        if stop:
            view = await self._stopped(where)
        else:
            require_room(where.guild, where.id)
            view = begun_card(where, await self._services.live_cards.begin(where.guild.id, where.id))
        await self._services.servers.note(where.guild.id, interaction.user.id, deed, {"channel": where.name})
        await send_card(interaction, view)

    @app_commands.command(name="setup", description="Channels, roles, clock, features and Start here: what Matchday uses in this server")
    async def setup(self, interaction: discord.Interaction[Any]) -> None:
        """Show what is set up, with what changes it."""
        require_manager(interaction)
        assert interaction.guild is not None  # noqa: S101 - the command is there in servers only
        await send_card(interaction, setup_card(interaction.guild, await self._services.servers.get(interaction.guild.id)))

    @app_commands.command(name="audit", description="Who changed or sent what in this server")
    async def audit(self, interaction: discord.Interaction[Any]) -> None:
        """Show the newest deeds."""
        require_manager(interaction)
        assert interaction.guild_id is not None  # noqa: S101 - the command is there in servers only
        await send_card(interaction, await audit_card(self._services, interaction.guild_id, 0))

    @app_commands.command(name="faq", description="What stands first in /faq here: pin answers, write answers of this server")
    async def faq(self, interaction: discord.Interaction[Any]) -> None:
        """Show what stands first, with what changes it."""
        services, guild_id = asked(interaction)
        await send_card(interaction, await list_card(services, guild_id))

    @app_commands.command(name="calendar", description="Confirm or correct a date of the season, for this server")
    @app_commands.describe(event="A date, for example: rank list, Match Day, SOAP")
    async def calendar(self, interaction: discord.Interaction[Any], event: app_commands.Range[str, 1, 100]) -> None:
        """Show a date as the season and as this server hold it, with what can be done."""
        require_manager(interaction)
        assert interaction.guild_id is not None  # noqa: S101 - the command is there in servers only
        found = self._services.server_dates.find(event)
        await send_card(interaction, date_card(self._services, interaction.guild_id, found))

    @calendar.autocomplete("event")
    async def suggest_dates(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        """Suggest dates for loosely typed text, those that are not announced first."""
        found = self._services.server_dates.suggest(current)
        return [app_commands.Choice(name=shortened(label_of(event), 100), value=event.id) for event in found]

    @app_commands.command(name="events", description="Match Day and other dates as scheduled events of this server, kept in step")
    async def events(self, interaction: discord.Interaction[Any]) -> None:
        """Show which events stand, and which can be made."""
        require_manager(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await send_card(interaction, await events_card(interaction))

    @app_commands.command(name="programs", description="A list of programs for this server's members to copy from")
    @app_commands.describe(
        file="A CSV file of programs; without one, what is listed and a template", replace="Put it in the place of the list"
    )
    async def programs(self, interaction: discord.Interaction[Any], file: discord.Attachment | None = None, replace: bool = False) -> None:
        """Publish a file, or show what is listed."""
        require_manager(interaction)
        assert interaction.guild_id is not None  # noqa: S101 - the command is there in servers only
        if file is None:
            await send_card(interaction, await programs_card(self._services, interaction.guild_id))
        else:
            await publish_programs(interaction, file, is_replacing=replace)

    @app_commands.command(name="mock-match", description="A game for this server: how the matching algorithm works, on invented programs")
    async def mock_match(self, interaction: discord.Interaction[Any]) -> None:
        """Begin one in this channel, or show which one is open."""
        await begin_mock(interaction)

    @app_commands.command(name="check", description="How the sending of reminders fares")
    async def check(self, interaction: discord.Interaction[Any]) -> None:
        """Say when the due loop last looked, and whether anything is overdue."""
        require_manager(interaction)
        assert interaction.guild is not None  # noqa: S101 - the command is there in servers only
        problems = await server_problems(self._services, interaction.guild)
        problems += question_problems(await self._services.advising.unposted(interaction.guild.id))
        planned = [each for each in await self._services.broadcasts.newest(interaction.guild.id) if each.send_at is not None]
        state = SendingState(self._client.due_loop.age(), self._client.invalid_requests.count(), await self._services.servers.sending())
        await send_card(interaction, check_card(state, self._services.clock.now(), problems, planned))

    async def _stopped(self, where: discord.TextChannel) -> Card:
        message_id = await self._services.live_cards.stop(where.guild.id, where.id)
        gone = "Its message is deleted."
        try:
            if message_id is not None:
                await where.get_partial_message(message_id).delete()
        except discord.HTTPException as error:
            log.info("the message of a stopped countdown could not be deleted: HTTP %s, code %s", error.status, error.code)
            gone = "Its message stands as it is; delete it, if it should not."
        return card("The countdown is stopped", f"{where.mention} has none any more. {gone}", meaning=Meaning.DONE)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Look whether it was one that Matchday uses."""
        await tell_staff(self._services, channel.guild)

    @commands.Cog.listener()
    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """Look whether a permission has gone; a name or a topic, which changes often, takes none away."""
        if before.overwrites != after.overwrites:
            await tell_staff(self._services, after.guild)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Look whether a permission has gone; a name, a colour or a place in the list takes none away."""
        if before.permissions != after.permissions:
            await tell_staff(self._services, after.guild)

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Look whether it was one that was chosen."""
        await tell_staff(self._services, role.guild)

    @commands.Cog.listener()
    async def on_new_day(self) -> None:
        """Show the status line of a day that began for another process."""
        if self._client.is_ready():
            await begin_day(self._client)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Show the status line; once in the life of the process, go on with every countdown, and throw old drafts away."""
        await self._client.change_presence(activity=discord.CustomActivity(status_text(self._services)))
        if not self._resumed:
            self._resumed = True
            await self._services.live_cards.resume()
            await self._services.server_events.resume()
            await self._services.server_faq.discard_old_drafts()


def begun_card(where: discord.TextChannel, delivery: Delivery) -> Card:
    """Return what became of a countdown's first message."""
    if delivery.state is DeliveryState.PARKED:
        return card(
            "The countdown could not be posted",
            f"{delivery.reason} Mend that in the settings of {where.mention} under Permissions, then use /server countdown again.",
            meaning=Meaning.ATTENTION,
        )
    return card(
        "The countdown stands",
        f"{where.mention} shows the next dates now. Times count down by themselves on each reader's clock; the card is renewed once a day, "
        "and when a date has passed.",
        meaning=Meaning.DONE,
        quiet="/server countdown with stop ends it. Deleting its message does not: it comes back the next day.",
    )
