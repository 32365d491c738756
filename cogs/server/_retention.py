"""The daily look at what expires, and word of servers that the bot leaves or comes back to."""

from datetime import timedelta

import discord
from discord.ext import commands

from bot.client import MatchdayClient
from bot.domain.delivery import Delivery, DeliveryKind
from bot.scheduling.outbox import Later, Outcome, Sent
from bot.services.bundle import Services
from cogs._ui.posts import posts

SOON = timedelta(minutes=1)
NOT_READY = "which servers the bot is in is not known yet"


class Retention(commands.Cog):
    """Hear of servers that come and go."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """See to it that the next look comes."""
        await self._services.retention.plan()

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Let the grace begin for what is stored of the server."""
        await self._services.retention.server_gone(guild.id)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Keep what is stored of the server: the bot is back."""
        await self._services.retention.server_back(guild.id)


@posts(DeliveryKind.EXPIRY_LOOK)
async def look_at_what_expires(client: MatchdayClient, _delivery: Delivery) -> Outcome:
    """Look, once it is known which servers the bot is in; no message comes of it."""
    retention = client.services.retention
    await retention.plan()  # first: whatever happens to this one, the next one comes
    if not client.is_ready():
        return Later(client.services.clock.now() + SOON, NOT_READY)
    if await retention.look(await client.server_ids()):
        await retention.plan(SOON)
    return Sent(message_id=0, channel_id=0)
