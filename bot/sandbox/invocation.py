"""From what a person typed to the data of a command's interaction, or a sentence saying why not."""

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from bot.sandbox import messages, render
from bot.sandbox.errors import PersonRefused
from bot.sandbox.limits_commands import ATTACHMENT, BOOLEAN, CHAT, GROUP, INTEGER, NUMBER, STRING, SUBCOMMAND
from bot.sandbox.permissions import Permission
from bot.sandbox.state import Channel, Command, Json, Raw, User, is_object, parts
from bot.sandbox.world import World

_USER, _CHANNEL, _ROLE, _MENTIONABLE = 6, 7, 8, 9
_TEXT_MOST = 6000
GUILD_CONTEXT, BOT_DM_CONTEXT = 0, 1


def usable(world: World, user: User, command: Command, channel: Channel) -> bool:
    """Tell whether a person may use a command in a channel."""
    contexts = command.data.get("contexts")
    context = BOT_DM_CONTEXT if channel.guild_id is None else GUILD_CONTEXT
    if contexts is not None and context not in contexts:
        return False
    if command.guild_id is not None and command.guild_id != channel.guild_id:
        return False
    if channel.guild_id is None:
        return True
    held = world.permissions(channel, user.id)
    if not held & Permission.USE_APPLICATION_COMMANDS:
        return False
    needed = command.data.get("default_member_permissions")
    if needed is None or held & Permission.ADMINISTRATOR:
        return True
    return int(needed) != 0 and held & int(needed) == int(needed)


def find(world: World, words: str, channel: Channel, kind: int = CHAT) -> tuple[Command, list[Json]]:
    """Return the command and the chain of sub-commands that the words name."""
    text = words.strip().removeprefix("/")
    named = [each for each in world.commands.values() if each.type == kind and each.guild_id in (None, channel.guild_id)]
    if kind != CHAT:
        command = next((each for each in named if each.name == text), None)
        if command is None:
            raise PersonRefused(f"There is no command “{text}” here.", 404)
        return command, []
    words_typed = text.split()
    # A guild's own command hides the global one of the same name.
    named.sort(key=lambda each: each.guild_id is None)
    command = next((each for each in named if words_typed and each.name == words_typed[0]), None)
    if command is None:
        raise PersonRefused(f"There is no command /{text} here.", 404)
    chain: list[Json] = []
    options = parts(command.data, "options")
    for part in words_typed[1:]:
        inner = next((each for each in options if each["type"] in (SUBCOMMAND, GROUP) and each["name"] == part), None)
        if inner is None:
            raise PersonRefused(f"There is no command /{text} here.", 404)
        chain.append(inner)
        options = parts(inner, "options")
    if any(each["type"] in (SUBCOMMAND, GROUP) for each in options):
        raise PersonRefused(f"/{text} needs one of its sub-commands.")
    return command, chain


def command_data(
    world: World, user: User, channel: Channel, words: str, values: dict[str, Any], focused: str | None = None
) -> tuple[Command, Json]:
    """Return the command and an interaction's data; with `focused` it is autocomplete's, which checks less."""
    command, chain = find(world, words, channel)
    if not usable(world, user, command, channel):
        raise PersonRefused(f"You cannot use /{command.name} here.", 403)
    options: list[Json] = parts(chain[-1] if chain else command.data, "options")
    known = {each["name"] for each in options}
    for name in values:
        if name not in known:
            raise PersonRefused(f"/{words.strip().removeprefix('/')} has no option “{name}”.")
    if focused is not None and focused not in known:
        raise PersonRefused(f"/{words.strip().removeprefix('/')} has no option “{focused}”.")
    resolved: Json = {}
    given: list[Json] = []
    for option in options:
        name = option["name"]
        if focused is not None:
            if name in values or name == focused:
                given.append(_partial(option, values.get(name), is_focused=name == focused))
        elif values.get(name) is not None:
            value = _value(world, channel, option, values[name], resolved)
            given.append({"name": name, "type": option["type"], "value": value})
        elif option.get("required"):
            raise PersonRefused(f"The option “{name}” is required.")
    for each in reversed(chain):
        given = [{"name": each["name"], "type": each["type"], "options": given}]
    data: Json = {"id": str(command.id), "name": command.name, "type": command.type, "options": given}
    if command.guild_id is not None:
        data["guild_id"] = str(command.guild_id)
    if resolved:
        data["resolved"] = resolved
    return command, data


def menu_data(world: World, user: User, channel: Channel, name: str, kind: int, target: str) -> tuple[Command, Json]:
    """Return the command and data of a context menu on a user (kind 2) or a message (kind 3)."""
    command, _ = find(world, name, channel, kind)
    if not usable(world, user, command, channel):
        raise PersonRefused(f"You cannot use “{command.name}” here.", 403)
    resolved: Json = {}
    if kind == CHAT + 1:
        target_id = _resolve_user(world, channel, target, resolved)
    else:
        message = world.messages.get(int(target)) if target.isdigit() else None
        if message is None or not world.sees(user.id, message):
            raise PersonRefused("That message is no longer there.", 404)
        target_id = target
        resolved["messages"] = {target: render.message(world, message)}
    data: Json = {"id": str(command.id), "name": command.name, "type": kind, "target_id": target_id, "resolved": resolved}
    return command, data


def option_choices(data: Json) -> Iterator[Json]:
    """Yield the leaf options of a command's data."""
    for option in parts(data, "options"):
        if option["type"] in (SUBCOMMAND, GROUP):
            yield from option_choices(option)
        else:
            yield option


def _partial(option: Json, value: Raw, *, is_focused: bool) -> Json:
    # While typing, Discord sends the text as it stands; only finished options have their type.
    partial: Json = {"name": option["name"], "type": option["type"], "value": "" if value is None else value}
    if is_focused:
        partial["value"] = str(partial["value"])
        partial["focused"] = True
    return partial


def _value(world: World, channel: Channel, option: Json, value: Raw, resolved: Json) -> Raw:
    kind = option["type"]
    name = option["name"]
    choices = option.get("choices")
    if choices:
        found = next(
            (each for each in choices if each["value"] == value or str(each["value"]) == str(value) or each["name"] == value), None
        )
        if found is None:
            raise PersonRefused(f"“{value}” is not one of the choices of “{name}”.")
        return found["value"]
    if kind == STRING:
        return _text(option, value)
    if kind in (INTEGER, NUMBER):
        return _number(option, value)
    if kind == BOOLEAN:
        if str(value).lower() not in ("true", "false"):
            raise PersonRefused(f"“{name}” takes true or false.")
        return str(value).lower() == "true"
    if kind == ATTACHMENT:
        return upload(world, channel, value, resolved)
    return resolve(world, channel, kind, str(value), resolved, option.get("channel_types"))


def _text(option: Json, value: Raw) -> str:
    if not isinstance(value, str):
        raise PersonRefused(f"“{option['name']}” takes text.")
    least, most = option.get("min_length") or 0, option.get("max_length") or _TEXT_MOST
    if not least <= len(value) <= most:
        raise PersonRefused(f"“{option['name']}” takes {least} to {most} characters; this has {len(value)}.")
    return value


def _number(option: Json, value: Raw) -> int | float:
    whole = option["type"] == INTEGER
    try:
        number = int(str(value)) if whole else float(str(value))
    except ValueError:
        raise PersonRefused(f"“{option['name']}” takes a {'whole ' if whole else ''}number.") from None
    least, most = option.get("min_value"), option.get("max_value")
    if (least is not None and number < least) or (most is not None and number > most) or abs(number) > 2**53:
        raise PersonRefused(f"{number} is outside what “{option['name']}” takes.")
    return number


def resolve(world: World, channel: Channel, kind: int, value: str, resolved: Json, channel_types: list[int] | None = None) -> str:
    """Return the id of a user (6), channel (7), role (8) or either (9), and put what it is into `resolved`."""
    if kind == _USER:
        return _resolve_user(world, channel, value, resolved)
    guild = world.guilds.get(channel.guild_id or 0)
    if kind in (_ROLE, _MENTIONABLE) and guild is not None:
        role = next((each for each in guild.roles.values() if value in (str(each.id), each.name)), None)
        if role is not None:
            resolved.setdefault("roles", {})[str(role.id)] = render.role(role)
            return str(role.id)
    if kind == _MENTIONABLE:
        return _resolve_user(world, channel, value, resolved)
    if kind == _CHANNEL and guild is not None:
        found = next((world.channels[each] for each in guild.channel_ids if value in (str(each), world.channels[each].name)), None)
        if found is not None and (not channel_types or found.type in channel_types):
            partial = {**render.channel(world, found), "app_permissions": str(world.permissions(found, world.bot.id))}
            partial.pop("permission_overwrites", None)
            resolved.setdefault("channels", {})[str(found.id)] = partial
            return str(found.id)
    raise PersonRefused(f"“{value}” is not known here.")


def _resolve_user(world: World, channel: Channel, value: str, resolved: Json) -> str:
    user = world.person(value)
    if user is None:
        raise PersonRefused(f"There is nobody called “{value}” here.")
    key = str(user.id)
    resolved.setdefault("users", {})[key] = render.user(user)
    guild = world.guilds.get(channel.guild_id or 0)
    if guild is not None and user.id in guild.members:
        held = world.permissions(channel, user.id)
        resolved.setdefault("members", {})[key] = render.member(world, guild.members[user.id], with_user=False, permissions=held)
    return key


def upload(world: World, channel: Channel, value: Raw, resolved: Json) -> str:
    """Store a file that a person sends along; return its attachment's id."""
    if not is_object(value) or not value.get("filename"):
        raise PersonRefused("A file needs a filename and its content.")
    try:
        content = base64.b64decode(value.get("content_base64") or "", validate=True)
    except (binascii.Error, ValueError):
        raise PersonRefused("The file's content is not valid base64.") from None
    filename = str(value["filename"]).replace("/", "_")
    file = messages.Upload("0", filename, str(value.get("content_type") or "application/octet-stream"), content)
    attachment: Json = {**messages.store(world, channel.id, file, {}), "ephemeral": True}
    resolved.setdefault("attachments", {})[attachment["id"]] = attachment
    return attachment["id"]
