"""The life of an interaction: dispatch, the one callback within three seconds, follow-ups within fifteen minutes."""

import time as real_time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.sandbox import invocation, messages, render
from bot.sandbox.errors import PersonRefused, invalid, refusal
from bot.sandbox.limits_commands import check_autocomplete
from bot.sandbox.limits_components import with_ids
from bot.sandbox.limits_modals import check_modal
from bot.sandbox.messages import Upload
from bot.sandbox.permissions import TEXT
from bot.sandbox.state import EPHEMERAL, LOADING, Channel, Interaction, InteractionType, Json, Message, Raw, User, part
from bot.sandbox.world import World

ANSWER_SECONDS = 3.0
TOKEN_LIFE = timedelta(minutes=15)
PONG, REPLY, DEFER_REPLY, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9
_CALLBACKS = (REPLY, DEFER_REPLY, DEFER_UPDATE, UPDATE, CHOICES, MODAL)
_ATTACHMENT_LIMIT = 10 * 1024 * 1024
_KEPT = 20_000


# --- dispatch


def run(world: World, user_id: int, channel_id: int, command: str, options: dict[str, Any]) -> Interaction:
    """Let a person run a command such as ``remind me`` and tell the bot of it."""
    user, channel = present(world, user_id, channel_id)
    _, data = invocation.command_data(world, user, channel, command, options)
    return dispatch(world, InteractionType.COMMAND, user, channel, command.strip().removeprefix("/"), data)


def complete(world: World, user_id: int, channel_id: int, command: str, options: dict[str, Any], focused: str) -> Interaction:
    """Let a person type into an option of a command, and ask the bot for choices."""
    user, channel = present(world, user_id, channel_id)
    _, data = invocation.command_data(world, user, channel, command, options, focused)
    option = next(each for each in invocation.option_choices(data) if each.get("focused"))
    interaction = dispatch(world, InteractionType.AUTOCOMPLETE, user, channel, command, data)
    interaction.option_type = option["type"]
    return interaction


def present(world: World, user_id: int, channel_id: int) -> tuple[User, Channel]:
    """Return a person and a channel that she sees, or refuse in a sentence."""
    user, channel = world.users.get(user_id), world.channels.get(channel_id)
    if user is None:
        raise PersonRefused("There is no such person.", 404)
    if channel is None or not world.can_view(user_id, channel):
        raise PersonRefused("You do not see such a channel.", 404)
    return user, channel


def dispatch(
    world: World, kind: int, user: User, channel: Channel, name: str, data: Json,
    *, source: Message | None = None, trigger: Interaction | None = None,
) -> Interaction:  # fmt: skip
    """Make an interaction, start its three seconds and tell the bot and the person's page."""
    interaction = world.new_interaction(kind, user.id, channel, name)
    body = _body(world, interaction, user, channel, data)
    if source is not None:
        interaction.source_id = source.id
        body["message"] = render.message(world, source)
    interaction.metadata = _metadata(interaction, user, source, trigger, data, body["authorizing_integration_owners"])
    loop = interaction.acknowledged.get_loop()
    interaction.expiry = loop.call_later(ANSWER_SECONDS, _expire, world, interaction)
    if len(world.interactions) > _KEPT:
        _forget_oldest(world)
    if kind != InteractionType.AUTOCOMPLETE:
        _tell(world, interaction)
    interaction.started = real_time.perf_counter()
    world.tell("INTERACTION_CREATE", body, guild_id=channel.guild_id, people=frozenset())
    return interaction


def _body(world: World, interaction: Interaction, user: User, channel: Channel, data: Json) -> Json:
    partial = render.channel(world, channel)
    body: Json = {
        "id": str(interaction.id), "application_id": str(world.application_id), "type": interaction.type, "token": interaction.token,
        "version": 1, "data": data, "channel_id": str(channel.id), "channel": partial, "locale": user.locale, "entitlements": [],
        "entitlement_sku_ids": [], "attachment_size_limit": _ATTACHMENT_LIMIT,
    }  # fmt: skip
    if channel.guild_id is None:
        body |= {
            "user": render.user(user), "context": invocation.BOT_DM_CONTEXT, "app_permissions": str(TEXT),
            "authorizing_integration_owners": {"0": "0"},
        }  # fmt: skip
        return body
    guild = world.guilds[channel.guild_id]
    held = world.permissions(channel, user.id)
    partial.pop("permission_overwrites", None)
    partial["permissions"] = str(held)
    for key, chosen in data.get("resolved", {}).get("channels", {}).items():
        chosen["permissions"] = str(world.permissions(world.channels[int(key)], user.id))  # hers, where app_permissions are the bot's
    guild_id = str(guild.id)
    body |= {
        "guild_id": guild_id, "guild_locale": guild.locale,
        "guild": {"id": guild_id, "locale": guild.locale, "features": ["COMMUNITY", "NEWS"]},
        "member": render.member(world, guild.members[user.id], permissions=held), "context": invocation.GUILD_CONTEXT,
        "app_permissions": str(world.permissions(channel, world.bot.id)), "authorizing_integration_owners": {"0": guild_id},
    }  # fmt: skip
    return body


def _metadata(interaction: Interaction, user: User, source: Message | None, trigger: Interaction | None, data: Json, owners: Json) -> Json:
    metadata: Json = {
        "id": str(interaction.id), "type": interaction.type, "user": render.user(user), "authorizing_integration_owners": owners,
    }  # fmt: skip
    if interaction.type == InteractionType.COMMAND:
        metadata |= {"name": interaction.name, "command_type": data.get("type", 1)}
        if data.get("type") == 2:
            metadata["target_user"] = data["resolved"]["users"][data["target_id"]]
        elif data.get("type") == 3:
            metadata["target_message_id"] = data["target_id"]
    elif interaction.type == InteractionType.COMPONENT and source is not None:
        metadata["interacted_message_id"] = str(source.id)
    elif interaction.type == InteractionType.MODAL and trigger is not None:
        metadata["triggering_interaction_metadata"] = trigger.metadata
    return metadata


def _forget_oldest(world: World) -> None:
    for interaction_id in list(world.interactions)[: _KEPT // 10]:
        world.by_token.pop(world.interactions.pop(interaction_id).token, None)


def _tell(world: World, interaction: Interaction, error: str | None = None) -> None:
    data: Json = {
        "id": str(interaction.id), "channel_id": str(interaction.channel_id), "state": interaction.state, "name": interaction.name,
    }  # fmt: skip
    if error:
        data["error"] = error
    world.tell("interaction", data, people=frozenset({interaction.user_id}), to_bot=False)


def _settle(world: World, interaction: Interaction, state: str, error: str | None = None) -> None:
    interaction.state = state
    if state != "deferred":
        interaction.settled.set()
    if interaction.type != InteractionType.AUTOCOMPLETE:
        _tell(world, interaction, error)


def _expire(world: World, interaction: Interaction) -> None:
    if not interaction.acknowledged.done():
        interaction.acknowledged.set_result(False)
        _settle(world, interaction, "failed", "The application did not respond")


# --- the callback


def answer(world: World, interaction_id: int, token: str, body: Raw, uploads: Sequence[Upload]) -> Json:
    """Take the bot's callback; return the body of InteractionCallbackResponse."""
    interaction = world.interactions.get(interaction_id)
    if interaction is None or interaction.token != token:
        raise refusal(10062)
    if interaction.acknowledged.done():
        raise refusal(40060 if interaction.acknowledged.result() else 10062)
    kind = body.get("type")
    _check_callback(interaction, kind)
    data = part(body, "data")
    if kind in (REPLY, DEFER_REPLY):
        message = _reply(world, interaction, data, uploads, deferred=kind == DEFER_REPLY)
        _acknowledge(interaction, kind)
        _publish_reply(world, interaction, message)
    elif kind == UPDATE:
        source = _source(world, interaction)
        messages.edit(world, source, data, uploads)
        message = source
        interaction.original_id = interaction.last_message_id = source.id
        _acknowledge(interaction, kind)
        _settle(world, interaction, "updated")
    else:
        message = None
        _answer_without_message(world, interaction, kind, body.get("data"))
    return _callback_json(world, interaction, message)


def _check_callback(interaction: Interaction, kind: Raw) -> None:
    allowed: tuple[int, ...]
    if interaction.type == InteractionType.AUTOCOMPLETE:
        allowed = (CHOICES,)
    elif interaction.type == InteractionType.COMMAND:
        allowed = (REPLY, DEFER_REPLY, MODAL)
    elif interaction.type == InteractionType.COMPONENT:
        allowed = (REPLY, DEFER_REPLY, DEFER_UPDATE, UPDATE, MODAL)
    else:
        allowed = (REPLY, DEFER_REPLY, *((DEFER_UPDATE, UPDATE) if interaction.source_id else ()))
    if kind not in _CALLBACKS or kind not in allowed:
        names = ", ".join(str(each) for each in allowed)
        raise invalid(("type",), "INTERACTION_CALLBACK_TYPE_INVALID", f"Value must be one of {{{names}}} for this interaction.")


def _acknowledge(interaction: Interaction, kind: int) -> None:
    interaction.acknowledged_at = real_time.perf_counter()
    interaction.callback = kind
    if interaction.expiry is not None:
        interaction.expiry.cancel()
    interaction.acknowledged.set_result(True)


def _reply(world: World, interaction: Interaction, data: Json, uploads: Sequence[Upload], *, deferred: bool) -> Message:
    channel = world.channel(interaction.channel_id)
    if deferred:
        message = Message(world.snowflakes.new(), channel.id, world.bot.id, world.now())
        message.flags = ((data.get("flags") or 0) & EPHEMERAL) | LOADING
    else:
        message = messages.draft(world, channel, data, uploads, interaction=True)
    _own(interaction, message)
    return message


def _own(interaction: Interaction, message: Message) -> None:
    message.metadata = interaction.metadata
    if message.flags & EPHEMERAL:
        message.visible_to = interaction.user_id
    if interaction.type == InteractionType.COMMAND and interaction.original_id is None:
        message.type = 20 if interaction.metadata.get("command_type", 1) == 1 else 23


def _publish_reply(world: World, interaction: Interaction, message: Message) -> None:
    interaction.original_id = interaction.last_message_id = message.id
    interaction.ephemeral = bool(message.flags & EPHEMERAL)
    world.add_message(message)
    _settle(world, interaction, "deferred" if message.flags & LOADING else "replied")


def _source(world: World, interaction: Interaction) -> Message:
    source = world.messages.get(interaction.source_id or 0)
    if source is None:
        raise refusal(10008)
    return source


def _answer_without_message(world: World, interaction: Interaction, kind: int, data: Raw) -> None:
    if kind == CHOICES:
        check_autocomplete(data, interaction.option_type)
        interaction.choices = data["choices"]
        _acknowledge(interaction, kind)
        _settle(world, interaction, "choices")
    elif kind == MODAL:
        check_modal(data)
        components = with_ids(data["components"])
        interaction.modal = {
            "interaction_id": str(interaction.id), "title": data["title"], "custom_id": data["custom_id"], "components": components,
        }  # fmt: skip
        _acknowledge(interaction, kind)
        _settle(world, interaction, "modal")
        world.tell("modal", interaction.modal, people=frozenset({interaction.user_id}), to_bot=False)
    else:
        interaction.original_id = interaction.source_id
        _acknowledge(interaction, kind)
        _settle(world, interaction, "deferred")


def _callback_json(world: World, interaction: Interaction, message: Message | None) -> Json:
    told: Json = {"id": str(interaction.id), "type": interaction.type}
    result: Json = {"interaction": told}
    if message is not None:
        told["response_message_id"] = str(message.id)
        told["response_message_loading"] = bool(message.flags & LOADING)
        told["response_message_ephemeral"] = bool(message.flags & EPHEMERAL)
        result["resource"] = {"type": interaction.callback, "message": render.message(world, message)}
    elif interaction.callback == DEFER_UPDATE:
        told["response_message_id"] = str(interaction.source_id)
        told["response_message_loading"] = told["response_message_ephemeral"] = False
    elif interaction.callback is not None:
        result["resource"] = {"type": interaction.callback}
    return result


# --- follow-ups with the interaction's token


def by_token(world: World, application_id: int, token: str) -> Interaction:
    """Return an acknowledged interaction whose token still lives, or refuse."""
    interaction = world.by_token.get(token)
    if interaction is None or application_id != world.application_id:
        raise refusal(10015)
    if world.now() - interaction.created_at >= TOKEN_LIFE:
        raise refusal(50027)
    if interaction.acknowledged_at is None:
        raise refusal(10015)
    return interaction


def original(world: World, interaction: Interaction) -> Message:
    """Return the message that ``@original`` means, or refuse with 10008."""
    message = world.messages.get(interaction.original_id or 0)
    if message is None:
        raise refusal(10008)
    return message


def follow_up(world: World, interaction: Interaction, body: Json, uploads: Sequence[Upload]) -> Message:
    """Send a follow-up; the first one after a deferred reply takes the place of the loading message."""
    loading = world.messages.get(interaction.original_id or 0)
    if loading is not None and loading.flags & LOADING:
        edit(world, interaction, loading, {**body, "flags": (body.get("flags") or 0) & ~EPHEMERAL}, uploads)
        return loading
    message = messages.draft(world, world.channel(interaction.channel_id), body, uploads, interaction=True)
    _own(interaction, message)
    interaction.last_message_id = message.id
    world.add_message(message)
    _settle(world, interaction, "replied")
    return message


def edit(world: World, interaction: Interaction, message: Message, body: Json, uploads: Sequence[Upload]) -> None:
    """Edit a message through the interaction's token."""
    messages.edit(world, message, body, uploads)
    interaction.last_message_id = message.id
    _settle(world, interaction, "updated" if message.id == interaction.source_id else "replied")


def delete(world: World, interaction: Interaction, message: Message) -> None:
    """Delete a message through the interaction's token."""
    world.delete_message(message.id)
    if interaction.state == "deferred":
        _settle(world, interaction, "replied")


def owned(world: World, interaction: Interaction, message_id: int) -> Message:
    """Return a message that this interaction may touch, or refuse with 10008."""
    message = world.messages.get(message_id)
    if message is None or message.channel_id != interaction.channel_id or message.author_id != world.bot.id:
        raise refusal(10008)
    if message.id != interaction.source_id and (message.metadata or {}).get("id") != str(interaction.id):
        raise refusal(10008)
    return message
