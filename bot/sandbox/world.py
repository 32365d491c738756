"""The sandbox's Discord: what exists, who may see it, and every change, told on the bus."""

import asyncio
import secrets
import time as real_time
from bisect import insort
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.sandbox import permissions as perms
from bot.sandbox import render
from bot.sandbox.bus import Bus, Happening
from bot.sandbox.clock import SandboxTime
from bot.sandbox.errors import refusal
from bot.sandbox.nonces import NonceMemory
from bot.sandbox.permissions import Overwrite, Permission
from bot.sandbox.snowflakes import Snowflakes
from bot.sandbox.state import (
    Channel,
    ChannelType,
    Command,
    Guild,
    Interaction,
    Json,
    Member,
    Message,
    Role,
    StoredFile,
    User,
)

DM_DISTANCE = 100_000_000_000_000_000
"""What is added to a person's id to give the channel of her direct messages: the same after every restart."""
CROWD_START = 1_100_000_000_001_000_000


class World:
    """Hold everything that the sandbox's Discord knows."""

    def __init__(self, time: SandboxTime, bus: Bus, token: str) -> None:
        self.time = time
        self.bus = bus
        self.token = token
        self.base_url = ""
        self.application_id = 1_100_000_000_000_000_100
        self.bot = User(self.application_id, "matchday", "Matchday", bot=True)
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Message] = {}
        self.commands: dict[int, Command] = {}
        self.interactions: dict[int, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}
        self.files: dict[tuple[int, int], StoredFile] = {}
        self.nonces = NonceMemory()
        self.snowflakes = Snowflakes(time.now)
        self._crowd = 0

    # --- looking things up

    def now(self) -> datetime:
        """Return the sandbox's present instant."""
        return self.time.now()

    def channel(self, channel_id: int) -> Channel:
        """Return a channel or refuse with 10003."""
        channel = self.channels.get(channel_id)
        if channel is None:
            raise refusal(10003)
        return channel

    def guild(self, guild_id: int) -> Guild:
        """Return a guild of the bot or refuse with 10004."""
        guild = self.guilds.get(guild_id)
        if guild is None or self.bot.id not in guild.members:
            raise refusal(10004)
        return guild

    def message(self, channel_id: int, message_id: int) -> Message:
        """Return a message of a channel or refuse with 10008."""
        message = self.messages.get(message_id)
        if message is None or message.channel_id != channel_id:
            raise refusal(10008)
        return message

    def person(self, name: str) -> User | None:
        """Return a user by username or id."""
        if name.isdigit() and (found := self.users.get(int(name))):
            return found
        return next((user for user in self.users.values() if user.username == name), None)

    def bot_guild_ids(self) -> list[int]:
        """Return the guilds that the bot is in."""
        return [guild.id for guild in self.guilds.values() if self.bot.id in guild.members]

    def mutual_guilds(self, user_id: int) -> Iterator[Guild]:
        """Yield the guilds that a person shares with the bot."""
        for guild in self.guilds.values():
            if user_id in guild.members and self.bot.id in guild.members:
                yield guild

    def dm_channel(self, user_id: int) -> Channel:
        """Return the direct messages between a person and the bot, made where they are not there yet."""
        channel_id = user_id + DM_DISTANCE
        channel = self.channels.get(channel_id)
        if channel is None:
            channel = Channel(channel_id, ChannelType.DM, recipient_id=user_id)
            self.channels[channel_id] = channel
        return channel

    # --- permissions

    def base_permissions(self, guild: Guild, user_id: int) -> int:
        """Return what a member may do in a guild; nothing where she is no member."""
        member = guild.members.get(user_id)
        if member is None:
            return 0
        roles = guild.roles
        held = (roles[each].permissions for each in member.roles if each in roles)
        return perms.base_permissions(roles[guild.id].permissions, held, owner=guild.owner_id == user_id)

    def permissions(self, channel: Channel, user_id: int) -> int:
        """Return what a user may do in a channel."""
        if channel.guild_id is None:
            return perms.TEXT if user_id in (channel.recipient_id, self.bot.id) else 0
        guild = self.guilds[channel.guild_id]
        base = self.base_permissions(guild, user_id)
        if not channel.overwrites or not base:
            return base
        return perms.in_channel(base, channel.overwrites, guild.id, guild.members[user_id].roles, user_id)

    def can_view(self, user_id: int, channel: Channel) -> bool:
        """Tell whether a user sees a channel."""
        return bool(self.permissions(channel, user_id) & Permission.VIEW_CHANNEL)

    def sees(self, user_id: int, message: Message) -> bool:
        """Tell whether a person sees a message."""
        if message.visible_to is not None:
            return message.visible_to == user_id
        channel = self.channels.get(message.channel_id)
        return channel is not None and self.can_view(user_id, channel)

    # --- JSON

    def guild_json(self, guild_id: int) -> Json:
        """Return a guild's whole body as GUILD_CREATE carries it."""
        return render.guild_create(self, self.guilds[guild_id])

    def bot_user_json(self) -> Json:
        """Return the bot's own user with the fields that only it sees."""
        return {**render.user(self.bot), "verified": True, "mfa_enabled": True, "email": None, "locale": "en-US"}

    # --- messages

    def add_message(self, message: Message) -> None:
        """Store a message and tell of it."""
        channel = self.channels[message.channel_id]
        self.messages[message.id] = message
        insort(channel.message_ids, message.id)
        if channel.type == ChannelType.DM and not channel.shown:
            channel.shown = True
            data = {"channel": {**render.channel_for_person(self, channel), "can_send": True}}
            self.tell("dm_open", data, people=frozenset({channel.recipient_id or 0}), to_bot=False)
        self._tell_message("MESSAGE_CREATE", message, channel)

    def update_message(self, message: Message) -> None:
        """Tell that a message changed."""
        self._tell_message("MESSAGE_UPDATE", message, self.channels[message.channel_id])

    def delete_message(self, message_id: int) -> None:
        """Delete a message and tell of it."""
        message = self.messages.pop(message_id, None)
        if message is None:
            raise refusal(10008)
        channel = self.channels[message.channel_id]
        channel.message_ids.remove(message_id)
        data: Json = {"id": str(message_id), "channel_id": str(channel.id)}
        if channel.guild_id is not None:
            data["guild_id"] = str(channel.guild_id)
        people = self._audience(message, channel)
        self.tell("MESSAGE_DELETE", data, guild_id=channel.guild_id, people=people, to_bot=message.visible_to is None)

    def _audience(self, message: Message, channel: Channel) -> frozenset[int] | None:
        if message.visible_to is not None:
            return frozenset({message.visible_to})
        return frozenset({channel.recipient_id}) if channel.recipient_id is not None else None

    def _tell_message(self, name: str, message: Message, channel: Channel) -> None:
        data = render.message(self, message)
        if channel.guild_id is not None:
            data["guild_id"] = str(channel.guild_id)
            member = self.guilds[channel.guild_id].members.get(message.author_id)
            if member is not None:
                data["member"] = render.member(self, member, with_user=False)
        people = self._audience(message, channel)
        # Discord's gateway does not send ephemeral messages to the bot.
        self.tell(name, data, guild_id=channel.guild_id, people=people, to_bot=message.visible_to is None)

    # --- interactions

    def new_interaction(self, kind: int, user_id: int, channel: Channel, name: str) -> Interaction:
        """Make an interaction that waits for its answer; nothing is told yet."""
        interaction_id = self.snowflakes.new()
        token = f"{interaction_id}.{secrets.token_urlsafe(48)}"
        interaction = Interaction(
            interaction_id, token, kind, user_id, channel.id, channel.guild_id, name,
            created_at=self.now(), started=real_time.perf_counter(), acknowledged=asyncio.get_running_loop().create_future(),
        )  # fmt: skip
        self.interactions[interaction_id] = interaction
        self.by_token[token] = interaction
        return interaction

    # --- mutations for people and control

    def tell(
        self, name: str, data: Json, *, guild_id: int | None = None, people: frozenset[int] | None = None, to_bot: bool = True
    ) -> None:
        """Publish a happening."""
        self.bus.publish(Happening(name, data, guild_id, people, to_bot))

    def add_member(self, guild: Guild, user_id: int, roles: tuple[int, ...] = ()) -> Member:
        """Let a user join a guild and tell of it."""
        member = Member(user_id, self.now(), list(roles))
        guild.members[user_id] = member
        self.tell("GUILD_MEMBER_ADD", {"guild_id": str(guild.id), **render.member(self, member)}, guild_id=guild.id)
        return member

    def add_people(self, count: int, guild_id: int) -> list[int]:
        """Let a crowd join a guild; return the new people's ids."""
        guild = self.guilds[guild_id]
        ids: list[int] = []
        for _ in range(count):
            self._crowd += 1
            user = User(CROWD_START + self._crowd, f"person{self._crowd}", f"Person {self._crowd}")
            self.users[user.id] = user
            self.add_member(guild, user.id)
            ids.append(user.id)
        return ids

    def add_guild(self, name: str) -> Guild:
        """Make a server with the bot, its people and one channel, and tell the bot that it joined."""
        guild = Guild(self.snowflakes.new(), name, owner_id=self.bot.id)
        people = [user for user in self.users.values() if user.kind]
        if people:
            guild.owner_id = people[-1].id
        guild.roles[guild.id] = Role(guild.id, "@everyone", perms.EVERYONE, 0)
        for user in (self.bot, *people):
            guild.members[user.id] = Member(user.id, self.now())
        self.guilds[guild.id] = guild
        self.add_channel(guild, Channel(self.snowflakes.new(), ChannelType.TEXT, "general"), tell=False)
        self.tell("GUILD_CREATE", self.guild_json(guild.id), guild_id=guild.id)
        return guild

    def add_channel(self, guild: Guild, channel: Channel, *, tell: bool = True) -> Channel:
        """Put a channel into a guild."""
        channel.guild_id = guild.id
        channel.position = len(guild.channel_ids)
        self.channels[channel.id] = channel
        guild.channel_ids.append(channel.id)
        if tell:
            self.tell("CHANNEL_CREATE", render.channel(self, channel), guild_id=guild.id)
        return channel

    def set_dms_open(self, user_id: int, is_open: bool) -> None:
        """Open or close a person's direct messages for the bot."""
        self.users[user_id].dms_open = is_open

    def leave_guild(self, user_id: int, guild_id: int) -> None:
        """Let a user leave a guild."""
        guild = self.guilds[guild_id]
        if guild.members.pop(user_id, None) is None:
            raise refusal(10007)
        if user_id == self.bot.id:
            self.tell("GUILD_DELETE", {"id": str(guild_id)}, guild_id=guild_id)
            return
        data = {"guild_id": str(guild_id), "user": render.user(self.users[user_id])}
        self.tell("GUILD_MEMBER_REMOVE", data, guild_id=guild_id)

    def delete_channel(self, channel_id: int) -> None:
        """Delete a guild's channel with its messages, or close a direct message channel."""
        channel = self.channel(channel_id)
        data = render.channel(self, channel)
        if channel.guild_id is None:
            channel.shown = False
            return
        del self.channels[channel_id]
        self.guilds[channel.guild_id].channel_ids.remove(channel_id)
        for message_id in channel.message_ids:
            self.messages.pop(message_id, None)
        self.tell("CHANNEL_DELETE", data, guild_id=channel.guild_id)

    def set_overwrite(self, channel_id: int, target_id: int, kind: str, allow: int, deny: int) -> None:
        """Set what a channel allows and denies a role or a member (kind ``role`` or ``member``)."""
        channel = self.channel(channel_id)
        channel.overwrites[target_id] = Overwrite(target_id, 0 if kind == "role" else 1, allow, deny)
        self.tell("CHANNEL_UPDATE", render.channel(self, channel), guild_id=channel.guild_id)

    def set_role_permissions(self, role_id: int, permissions: int) -> None:
        """Set a role's permissions in its guild."""
        for guild in self.guilds.values():
            role = guild.roles.get(role_id)
            if role is not None:
                guild.roles[role_id] = replace(role, permissions=permissions)
                data = {"guild_id": str(guild.id), "role": render.role(guild.roles[role_id])}
                self.tell("GUILD_ROLE_UPDATE", data, guild_id=guild.id)
                return
        raise refusal(10011)

    def set_member_roles(self, guild_id: int, user_id: int, role_ids: list[int]) -> None:
        """Set which roles a member holds."""
        guild = self.guilds[guild_id]
        member = guild.members.get(user_id)
        if member is None:
            raise refusal(10007)
        if any(each not in guild.roles for each in role_ids):
            raise refusal(10011)
        member.roles = list(dict.fromkeys(role_ids))
        data: dict[str, Any] = {"guild_id": str(guild_id), **render.member(self, member)}
        self.tell("GUILD_MEMBER_UPDATE", data, guild_id=guild_id)


WORLD = web.AppKey("world", World)
