"""Permission bits and how roles and overwrites combine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntFlag


class Permission(IntFlag):
    """Name the bits that the sandbox looks at."""

    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CONNECT = 1 << 20
    CHANGE_NICKNAME = 1 << 26
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_EVENTS = 1 << 33
    CREATE_EVENTS = 1 << 44


ALL = (1 << 53) - 1
TEXT = int(
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.ADD_REACTIONS
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.USE_APPLICATION_COMMANDS
)
"""What a direct message allows, and what a plain member may do in a plain channel."""
EVERYONE = TEXT | int(Permission.CHANGE_NICKNAME | Permission.CONNECT)


@dataclass(slots=True)
class Overwrite:
    """Hold what a channel allows and denies a role (kind 0) or a member (kind 1)."""

    target_id: int
    kind: int
    allow: int = 0
    deny: int = 0


def base_permissions(everyone: int, roles: Iterable[int], *, owner: bool) -> int:
    """Combine the role permissions of a member of a guild."""
    if owner:
        return ALL
    combined = everyone
    for permissions in roles:
        combined |= permissions
    return ALL if combined & Permission.ADMINISTRATOR else combined


def in_channel(base: int, overwrites: Mapping[int, Overwrite], guild_id: int, role_ids: Iterable[int], user_id: int) -> int:
    """Apply a channel's overwrites: everyone, then roles together, then the member."""
    if base & Permission.ADMINISTRATOR or not overwrites:
        return base
    result = base
    everyone = overwrites.get(guild_id)
    if everyone is not None:
        result = (result & ~everyone.deny) | everyone.allow
    allow = deny = 0
    for role_id in role_ids:
        overwrite = overwrites.get(role_id)
        if overwrite is not None:
            allow |= overwrite.allow
            deny |= overwrite.deny
    result = (result & ~deny) | allow
    own = overwrites.get(user_id)
    if own is not None:
        result = (result & ~own.deny) | own.allow
    if not result & Permission.VIEW_CHANNEL:
        return 0  # without sight of the channel every other permission in it is moot
    return result
