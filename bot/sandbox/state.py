"""The things a Discord holds: people, guilds, channels, messages, commands, interactions."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeGuard

from bot.sandbox.permissions import Overwrite

Json = dict[str, Any]
Raw = Any
"""JSON as it came, of which nothing is known yet."""


def is_object(value: Raw) -> TypeGuard[Json]:
    """Tell whether a value is a JSON object."""
    return isinstance(value, dict)


def is_list(value: Raw) -> TypeGuard[list[Raw]]:
    """Tell whether a value is a JSON array."""
    return isinstance(value, list)


def parts(data: Raw, key: str) -> list[Json]:
    """Return the objects listed under a key; nothing where there is no such list."""
    value = data.get(key)
    return [each for each in value if is_object(each)] if is_list(value) else []


def plain(data: Raw, key: str) -> list[Raw]:
    """Return the list under a key; nothing where there is none."""
    value = data.get(key)
    return value if is_list(value) else []


def part(data: Raw, key: str) -> Json:
    """Return the object under a key; an empty one where there is none."""
    value = data.get(key)
    return value if is_object(value) else {}


EPHEMERAL = 1 << 6
LOADING = 1 << 7
CROSSPOSTED = 1 << 0
SUPPRESS_EMBEDS = 1 << 2
SUPPRESS_NOTIFICATIONS = 1 << 12
COMPONENTS_V2 = 1 << 15


class ChannelType:
    """Name the channel types in use."""

    TEXT = 0
    DM = 1
    VOICE = 2
    ANNOUNCEMENT = 5


class InteractionType:
    """Name the kinds of interaction."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


@dataclass(slots=True)
class User:
    """Hold a person or the bot."""

    id: int
    username: str
    display_name: str
    bot: bool = False
    kind: str = ""
    """What the page calls this person: member, second member, advisor, moderator; empty for added crowds."""
    zone: str = "UTC"
    locale: str = "en-US"
    dms_open: bool = True
    json: Json | None = None
    """The rendered user, kept because every message and interaction carries it."""


@dataclass(slots=True)
class Role:
    """Hold a role of a guild."""

    id: int
    name: str
    permissions: int
    position: int
    color: int = 0
    mentionable: bool = False
    managed: bool = False


@dataclass(slots=True)
class Member:
    """Hold a user's belonging to a guild."""

    user_id: int
    joined_at: datetime
    roles: list[int] = field(default_factory=list[int])
    nick: str | None = None


class EventStatus:
    """Name the states of a scheduled event; the last two are final."""

    SCHEDULED = 1
    ACTIVE = 2
    COMPLETED = 3
    CANCELED = 4


class EntityType:
    """Name where a scheduled event takes place."""

    STAGE = 1
    VOICE = 2
    EXTERNAL = 3


@dataclass(slots=True)
class ScheduledEvent:
    """Hold a guild's scheduled event."""

    id: int
    guild_id: int
    creator_id: int
    name: str
    starts_at: datetime
    entity_type: int
    description: str | None = None
    ends_at: datetime | None = None
    channel_id: int | None = None
    location: str | None = None
    status: int = EventStatus.SCHEDULED


@dataclass(slots=True)
class Guild:
    """Hold a server."""

    id: int
    name: str
    owner_id: int
    locale: str = "en-US"
    roles: dict[int, Role] = field(default_factory=dict[int, Role])
    members: dict[int, Member] = field(default_factory=dict[int, Member])
    channel_ids: list[int] = field(default_factory=list[int])
    events: dict[int, ScheduledEvent] = field(default_factory=dict[int, ScheduledEvent])


@dataclass(slots=True)
class Channel:
    """Hold a guild's channel or a direct message channel."""

    id: int
    type: int
    name: str = ""
    guild_id: int | None = None
    position: int = 0
    topic: str | None = None
    recipient_id: int | None = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict[int, Overwrite])
    message_ids: list[int] = field(default_factory=list[int])
    """Sorted; an id carries its time."""
    shown: bool = False
    """Whether the person's page already lists this direct message channel."""


@dataclass(slots=True)
class Message:
    """Hold a message as it stands."""

    id: int
    channel_id: int
    author_id: int
    created_at: datetime
    content: str = ""
    embeds: list[Json] = field(default_factory=list[Json])
    components: list[Json] = field(default_factory=list[Json])
    attachments: list[Json] = field(default_factory=list[Json])
    flags: int = 0
    type: int = 0
    edited_at: datetime | None = None
    nonce: str | int | None = None
    tts: bool = False
    mention_everyone: bool = False
    mentions: list[int] = field(default_factory=list[int])
    mention_roles: list[int] = field(default_factory=list[int])
    reference: Json | None = None
    metadata: Json | None = None
    """``interaction_metadata``, where an interaction made the message."""
    visible_to: int | None = None
    """The only person who sees an ephemeral message."""


@dataclass(slots=True)
class Command:
    """Hold a registered command; ``data`` is Discord's JSON, complete."""

    id: int
    name: str
    type: int
    guild_id: int | None
    data: Json


@dataclass(slots=True)
class StoredFile:
    """Hold an uploaded file for the CDN route."""

    filename: str
    content_type: str
    content: bytes


@dataclass(slots=True, eq=False)
class Interaction:
    """Hold one interaction from its dispatch to its end."""

    id: int
    token: str
    type: int
    user_id: int
    channel_id: int
    guild_id: int | None
    name: str
    """What the person did, for her page: the command's words or the component's custom id."""
    created_at: datetime
    started: float
    """``perf_counter`` at dispatch."""
    acknowledged: asyncio.Future[bool]
    """True when the bot answered in time, False when it did not."""
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a person who waits has something to see: a reply, an update, a modal, choices, a failure."""
    acknowledged_at: float | None = None
    state: str = "pending"
    callback: int | None = None
    """The callback type with which the bot acknowledged."""
    ephemeral: bool = False
    original_id: int | None = None
    """The message that ``@original`` means."""
    source_id: int | None = None
    """The message whose component was used."""
    last_message_id: int | None = None
    modal: Json | None = None
    choices: list[Json] | None = None
    option_type: int = 3
    """The type of the option that autocomplete completes."""
    metadata: Json = field(default_factory=dict[str, Any])
    expiry: asyncio.TimerHandle | None = None
