"""What the bot must be allowed in a channel before anything is to stand there."""

import discord

from bot.client import MatchdayClient
from bot.errors import UserFacingError

NEEDED = discord.Permissions(view_channel=True, send_messages=True, read_message_history=True)
"""Without the history Discord shows an empty channel, and what was sent with an unknown outcome would be sent again."""

HOW_TO_ALLOW = "channel settings, Permissions, add Matchday, allow View Channel, Send Messages and Read Message History."


def can_post(guild: discord.Guild, channel_id: int) -> bool:
    """Tell whether the bot may write in a channel of a server and read back what it wrote; False where the channel is gone."""
    channel = guild.get_channel(channel_id)
    return channel is not None and channel.permissions_for(guild.me).is_superset(NEEDED)


async def may_post(client: MatchdayClient, guild_id: int, channel_id: int) -> bool:
    """Tell the same of a server that another process may connect: then Discord is asked."""
    guild = client.get_guild(guild_id)
    if guild is not None or client.knows_all_servers or client.user is None:
        return guild is not None and can_post(guild, channel_id)
    try:
        guild = await client.fetch_guild(guild_id, with_counts=False)
        channel, me = await guild.fetch_channel(channel_id), await guild.fetch_member(client.user.id)
    except (discord.NotFound, discord.Forbidden):
        return False
    return channel.permissions_for(me).is_superset(NEEDED)


def require_room(guild: discord.Guild, channel_id: int) -> None:
    """Raise UserFacingError where the bot can't post in a channel, before anyone waits for a message there."""
    if not can_post(guild, channel_id):
        raise UserFacingError("I can't write in that channel.", f"Let me see it, write in it and read back what I wrote: {HOW_TO_ALLOW}")
