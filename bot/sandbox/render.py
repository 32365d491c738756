"""Discord's JSON of everything in the world; ids are strings."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.sandbox.permissions import Overwrite
from bot.sandbox.state import Channel, ChannelType, Guild, Json, Member, Message, Role, ScheduledEvent, User

if TYPE_CHECKING:
    from bot.sandbox.world import World


def moment(at: datetime) -> str:
    """Return a timestamp in Discord's form."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def user(person: User) -> Json:
    """Return a user; the object is kept and must not be changed."""
    if person.json is None:
        person.json = {
            "id": str(person.id),
            "username": person.username,
            "global_name": None if person.bot else person.display_name,
            "discriminator": "0001" if person.bot else "0",
            "avatar": None,
            "bot": person.bot,
            "system": False,
            "public_flags": 0,
            "flags": 0,
            "banner": None,
            "accent_color": None,
            "avatar_decoration_data": None,
            "collectibles": None,
            "primary_guild": None,
        }
    return person.json


def member(world: "World", belonging: Member, *, with_user: bool = True, permissions: int | None = None) -> Json:
    """Return a guild member, with permissions where an interaction carries her."""
    data: Json = {
        "nick": belonging.nick,
        "avatar": None,
        "banner": None,
        "roles": [str(each) for each in belonging.roles],
        "joined_at": moment(belonging.joined_at),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }
    if with_user:
        data["user"] = user(world.users[belonging.user_id])
    if permissions is not None:
        data["permissions"] = str(permissions)
    return data


def role(each: Role) -> Json:
    """Return a role."""
    return {
        "id": str(each.id),
        "name": each.name,
        "description": None,
        "permissions": str(each.permissions),
        "position": each.position,
        "color": each.color,
        "colors": {"primary_color": each.color, "secondary_color": None, "tertiary_color": None},
        "hoist": each.position > 0,
        "managed": each.managed,
        "mentionable": each.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def overwrite(each: Overwrite) -> Json:
    """Return a channel's permission overwrite."""
    return {"id": str(each.target_id), "type": each.kind, "allow": str(each.allow), "deny": str(each.deny)}


def channel(world: "World", each: Channel) -> Json:
    """Return a channel as REST and gateway carry it."""
    last = str(each.message_ids[-1]) if each.message_ids else None
    if each.guild_id is None:
        recipient = world.users[each.recipient_id or world.bot.id]
        return {"id": str(each.id), "type": each.type, "last_message_id": last, "flags": 0, "recipients": [user(recipient)]}
    data: Json = {
        "id": str(each.id),
        "type": each.type,
        "guild_id": str(each.guild_id),
        "name": each.name,
        "position": each.position,
        "topic": each.topic,
        "nsfw": False,
        "parent_id": None,
        "last_message_id": last,
        "flags": 0,
        "permission_overwrites": [overwrite(one) for one in each.overwrites.values()],
    }
    if each.type == ChannelType.TEXT:
        data["rate_limit_per_user"] = 0
    if each.type == ChannelType.VOICE:
        data |= {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
    return data


def channel_for_person(world: "World", each: Channel) -> Json:
    """Return a channel as the page shows it: a direct message is named after the bot, its other side."""
    data = channel(world, each)
    if each.guild_id is None:
        data |= {"name": world.bot.display_name, "recipients": [user(world.bot)], "position": 0}
    return data


def guild(each: Guild) -> Json:
    """Return a guild as GET /guilds/{id} does."""
    return {
        "id": str(each.id),
        "name": each.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "description": None,
        "banner": None,
        "home_header": None,
        "owner_id": str(each.owner_id),
        "application_id": None,
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw": False,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": each.locale,
        "vanity_url_code": None,
        "features": ["COMMUNITY", "NEWS"],
        "max_members": 500000,
        "max_presences": None,
        "max_video_channel_users": 25,
        "max_stage_video_channel_users": 50,
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
        "roles": [role(one) for one in each.roles.values()],
        "approximate_member_count": len(each.members),
        "approximate_presence_count": len(each.members),
    }


def guild_create(world: "World", each: Guild) -> Json:
    """Return a guild as GUILD_CREATE carries it: with channels and the seeded people, without added crowds."""
    known = [one for one in each.members.values() if world.users[one.user_id].kind or one.user_id == world.bot.id]
    own = each.members.get(world.bot.id)
    return {
        **guild(each),
        "joined_at": moment(own.joined_at if own else world.now()),
        "large": False,
        "unavailable": False,
        "member_count": len(each.members),
        "members": [member(world, one) for one in known],
        "channels": [channel(world, world.channels[one]) for one in each.channel_ids],
        "threads": [],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [scheduled_event(world, one) for one in each.events.values()],
        "soundboard_sounds": [],
    }


def scheduled_event(world: "World", each: ScheduledEvent) -> Json:
    """Return a scheduled event as REST and gateway carry it."""
    return {
        "id": str(each.id),
        "guild_id": str(each.guild_id),
        "channel_id": str(each.channel_id) if each.channel_id is not None else None,
        "creator_id": str(each.creator_id),
        "creator": user(world.users[each.creator_id]),
        "name": each.name,
        "description": each.description,
        "image": None,
        "scheduled_start_time": moment(each.starts_at),
        "scheduled_end_time": moment(each.ends_at) if each.ends_at is not None else None,
        "status": each.status,
        "entity_type": each.entity_type,
        "entity_id": None,
        "entity_metadata": {"location": each.location} if each.location is not None else None,
        "recurrence_rule": None,
        "privacy_level": 2,
        "guild_scheduled_event_exceptions": [],
    }


def message(world: "World", each: Message) -> Json:
    """Return a message; the top level is fresh, the parts below are shared and must not be changed."""
    data: Json = {
        "id": str(each.id),
        "channel_id": str(each.channel_id),
        "type": each.type,
        "author": user(world.users[each.author_id]),
        "content": each.content,
        "timestamp": moment(each.created_at),
        "edited_timestamp": moment(each.edited_at) if each.edited_at else None,
        "tts": each.tts,
        "mention_everyone": each.mention_everyone,
        "mentions": [user(world.users[one]) for one in each.mentions],
        "mention_roles": [str(one) for one in each.mention_roles],
        "attachments": each.attachments,
        "embeds": each.embeds,
        "components": each.components,
        "pinned": False,
        "flags": each.flags,
    }
    if each.nonce is not None:
        data["nonce"] = each.nonce
    if each.metadata is not None:
        data["interaction_metadata"] = each.metadata
        data["webhook_id"] = data["application_id"] = str(world.application_id)
    if each.reference is not None:
        data["message_reference"] = each.reference
        target = world.messages.get(int(each.reference["message_id"]))
        if each.type == REPLY:
            # One step deep, as Discord does.
            data["referenced_message"] = None if target is None else _flat(world, target)
    return data


REPLY = 19


def _flat(world: "World", each: Message) -> Json:
    kept, each.reference = each.reference, None
    try:
        return message(world, each)
    finally:
        each.reference = kept
