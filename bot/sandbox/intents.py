"""Which gateway events a bot's intents let through, and what they leave out of a message."""

from typing import Any

from bot.sandbox.bus import Happening

GUILDS = 1 << 0
MEMBERS = 1 << 1
GUILD_TYPING = 1 << 11
PRESENCES = 1 << 8
GUILD_MESSAGES = 1 << 9
DIRECT_MESSAGES = 1 << 12
DIRECT_TYPING = 1 << 14
MESSAGE_CONTENT = 1 << 15
SCHEDULED_EVENTS = 1 << 16
ALL = (1 << 26) - 1
PRIVILEGED = MEMBERS | PRESENCES | MESSAGE_CONTENT

_NEEDED: dict[str, tuple[int, int]] = {
    "MESSAGE_CREATE": (GUILD_MESSAGES, DIRECT_MESSAGES),
    "MESSAGE_UPDATE": (GUILD_MESSAGES, DIRECT_MESSAGES),
    "MESSAGE_DELETE": (GUILD_MESSAGES, DIRECT_MESSAGES),
    "MESSAGE_DELETE_BULK": (GUILD_MESSAGES, DIRECT_MESSAGES),
    "TYPING_START": (GUILD_TYPING, DIRECT_TYPING),
    "GUILD_MEMBER_ADD": (MEMBERS, 0),
    "GUILD_MEMBER_REMOVE": (MEMBERS, 0),
    "GUILD_MEMBER_UPDATE": (MEMBERS, 0),
    "PRESENCE_UPDATE": (PRESENCES, 0),
    "CHANNEL_PINS_UPDATE": (GUILDS, DIRECT_MESSAGES),
}
"""The intent that each event needs, in a guild and in direct messages."""
_PREFIXED = (("GUILD_SCHEDULED_EVENT_", SCHEDULED_EVENTS), ("GUILD_ROLE_", GUILDS), ("CHANNEL_", GUILDS), ("THREAD_", GUILDS))
_ALWAYS = {"GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"}


def passes(happening: Happening, intents: int, bot_id: int) -> bool:
    """Say whether an event reaches a bot with these intents; those that need none always do."""
    name = happening.name
    if name in _ALWAYS:
        return bool(intents & GUILDS)
    if name == "GUILD_MEMBER_UPDATE" and happening.data["user"]["id"] == str(bot_id):
        return True
    if name in _NEEDED:
        return bool(intents & _NEEDED[name][happening.guild_id is None])
    needed = next((intent for prefix, intent in _PREFIXED if name.startswith(prefix)), None)
    return needed is None or bool(intents & needed)


def shown(happening: Happening, intents: int, bot_id: int) -> dict[str, Any]:
    """Return the event's data as the intents allow it; the same object where nothing is left out."""
    data = happening.data
    if happening.name in {"MESSAGE_CREATE", "MESSAGE_UPDATE"}:
        return data if _content_shown(data, intents, bot_id) else {**data, "content": "", "embeds": [], "components": [], "attachments": []}
    if happening.name == "GUILD_CREATE":
        return guild_shown(data, intents, bot_id)
    return data


def guild_shown(guild: dict[str, Any], intents: int, bot_id: int) -> dict[str, Any]:
    """Leave only the bot among a guild's members, unless the presences intent is there."""
    if intents & PRESENCES:
        return guild
    return {**guild, "members": [member for member in guild["members"] if member["user"]["id"] == str(bot_id)]}


def _content_shown(message: dict[str, Any], intents: int, bot_id: int) -> bool:
    own = str(bot_id)
    if intents & MESSAGE_CONTENT or "guild_id" not in message or message["author"]["id"] == own:
        return True
    return any(user["id"] == own for user in message["mentions"])
