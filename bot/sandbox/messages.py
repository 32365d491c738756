"""Making, changing and judging messages; the REST routes and the interactions share it."""

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox import limits
from bot.sandbox.errors import invalid, refusal
from bot.sandbox.limits_components import TEXT, walk, with_ids
from bot.sandbox.permissions import Permission
from bot.sandbox.state import COMPONENTS_V2, EPHEMERAL, LOADING, Channel, ChannelType, Json, Message, Raw, StoredFile, part, parts, plain
from bot.sandbox.world import World

_USER = re.compile(r"<@!?(\d{15,20})>")
_ROLE = re.compile(r"<@&(\d{15,20})>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")
_NO_UPLOADS: tuple["Upload", ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """Hold a file as it was sent: the number that `attachments` refers to, and the file."""

    number: str
    filename: str
    content_type: str
    content: bytes


def check_may_send(world: World, channel: Channel, body: Json, uploads: Sequence[Upload]) -> None:
    """Refuse the bot's message where it may not write, as Discord words it."""
    if channel.type == ChannelType.DM:
        recipient = world.users[channel.recipient_id or 0]
        if next(world.mutual_guilds(recipient.id), None) is None:
            raise refusal(50278)
        if not recipient.dms_open:
            raise refusal(50007)
        return
    held = world.permissions(channel, world.bot.id)
    if not held & Permission.VIEW_CHANNEL:
        raise refusal(50001)
    needed = Permission.SEND_MESSAGES
    if uploads:
        needed |= Permission.ATTACH_FILES
    if body.get("embeds"):
        needed |= Permission.EMBED_LINKS
    if held & needed != needed:
        raise refusal(50013)


def draft(world: World, channel: Channel, body: Json, uploads: Sequence[Upload] = _NO_UPLOADS, *, interaction: bool = False) -> Message:
    """Build a new message of the bot from a checked body, or refuse it; nothing is stored yet."""
    if uploads:
        limits.check_files([(each.filename, each.content) for each in uploads])
    limits.check_message(body, filenames=[each.filename for each in uploads], interaction=interaction)
    message = Message(world.snowflakes.new(), channel.id, world.bot.id, world.now())
    message.flags = body.get("flags") or 0
    message.content = (body.get("content") or "").strip()
    message.nonce = body.get("nonce")
    message.tts = bool(body.get("tts"))
    message.embeds = [_embed(each) for each in parts(body, "embeds")]
    message.components = with_ids(parts(body, "components"))
    _refuse_empty(message, bool(uploads))
    if uploads:
        _attach(world, message, body, uploads)
    if reference := part(body, "message_reference"):
        _refer(world, message, channel, reference)
    mention(world, message, channel, body.get("allowed_mentions"))
    return message


def edit(world: World, message: Message, body: Json, uploads: Sequence[Upload] = _NO_UPLOADS) -> None:
    """Change a message of the bot by a body, or refuse it, and tell of it."""
    if uploads:
        limits.check_files([(each.filename, each.content) for each in uploads])
    kept = message.attachments
    if "attachments" in body:
        ids = {str(each.get("id")) for each in body["attachments"] or ()}
        kept = [each for each in kept if each["id"] in ids]
    names = [each["filename"] for each in kept] + [each.filename for each in uploads]
    was_v2, was_loading = bool(message.flags & COMPONENTS_V2), bool(message.flags & LOADING)
    limits.check_message(body, filenames=names, v2=was_v2, interaction=True)
    trial = Message(message.id, message.channel_id, message.author_id, message.created_at)
    trial.flags = (message.flags & ~LOADING) | ((body.get("flags") or 0) & ~EPHEMERAL)
    trial.content = (body["content"] or "").strip() if "content" in body else message.content
    trial.embeds = [_embed(each) for each in body["embeds"] or ()] if "embeds" in body else message.embeds
    trial.components = with_ids(body["components"] or ()) if "components" in body else message.components
    trial.attachments = kept
    if trial.flags & COMPONENTS_V2 and not was_v2 and (trial.content or trial.embeds):
        raise invalid(("flags",), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "Clear content and embeds to use Components V2.")
    _refuse_empty(trial, bool(uploads))
    message.flags, message.content, message.embeds = trial.flags, trial.content, trial.embeds
    message.components, message.attachments = trial.components, trial.attachments
    if uploads or "attachments" in body:
        _attach(world, message, body, uploads)
    if not {"content", "components", "allowed_mentions"}.isdisjoint(body):
        mention(world, message, world.channels[message.channel_id], body.get("allowed_mentions"))
    # Filling in a deferred reply is no edit to whoever reads it.
    message.edited_at = None if was_loading else world.now()
    world.update_message(message)


def _refuse_empty(message: Message, has_uploads: bool) -> None:
    if not has_uploads and limits.is_empty(
        content=message.content, embeds=message.embeds, components=message.components,
        attachments=message.attachments, flags=message.flags,
    ):  # fmt: skip
        raise refusal(50006)
    if has_uploads and message.flags & COMPONENTS_V2 and not message.components:
        raise refusal(50006)


def _embed(embed: Json) -> Json:
    return {**embed, "type": "rich"}


def _refer(world: World, message: Message, channel: Channel, reference: Json) -> None:
    wanted = str(reference.get("message_id"))
    target = world.messages.get(int(wanted)) if wanted.isdigit() else None
    if target is None or target.channel_id != channel.id or target.visible_to is not None:
        if reference.get("fail_if_not_exists", True):
            raise invalid(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        return
    message.type = 19
    message.reference = {"type": 0, "message_id": str(target.id), "channel_id": str(channel.id)}
    if channel.guild_id is not None:
        message.reference["guild_id"] = str(channel.guild_id)


def _attach(world: World, message: Message, body: Json, uploads: Sequence[Upload]) -> None:
    described = {str(each.get("id")): each for each in parts(body, "attachments")}
    attachments = list(message.attachments)
    attachments.extend(store(world, message.channel_id, each, described.get(each.number) or {}) for each in uploads)
    if message.flags & EPHEMERAL:
        for attachment in attachments:
            attachment["ephemeral"] = True
    message.attachments = attachments
    _resolve_media(message)


def store(world: World, channel_id: int, upload: Upload, described: Json) -> Json:
    """Keep an uploaded file and return its attachment."""
    attachment_id = world.snowflakes.new()
    world.files[channel_id, attachment_id] = StoredFile(upload.filename, upload.content_type, upload.content)
    url = f"{world.base_url}/cdn/attachments/{channel_id}/{attachment_id}/{upload.filename}"
    attachment: Json = {
        "id": str(attachment_id), "filename": upload.filename, "size": len(upload.content),
        "url": url, "proxy_url": url, "content_type": upload.content_type,
    }  # fmt: skip
    if described.get("description"):
        attachment["description"] = described["description"]
    size = _picture_size(upload.content)
    if size is not None:
        attachment["width"], attachment["height"] = size
    return attachment


def _picture_size(content: bytes) -> tuple[int, int] | None:
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        return struct.unpack(">II", content[16:24])
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        return struct.unpack("<HH", content[6:10])
    return None


def _resolve_media(message: Message) -> None:
    """Point every ``attachment://name`` at the stored file."""
    by_name = {each["filename"]: each for each in message.attachments}

    def resolved(media: Json) -> Json:
        url = str(media.get("url"))
        found = by_name.get(url.removeprefix("attachment://")) if url.startswith("attachment://") else None
        if found is None:
            return media
        extra = {key: found[key] for key in ("width", "height", "content_type") if key in found}
        return {**media, "url": found["url"], "proxy_url": found["url"], "attachment_id": found["id"], **extra}

    for component in walk(message.components):
        for key in ("media", "file"):
            if isinstance(component.get(key), dict):
                component[key] = resolved(component[key])
        if component.get("items"):
            component["items"] = [{**item, "media": resolved(item["media"])} for item in component["items"]]
        if component.get("type") == 13:
            found = by_name.get(str(component["file"]["url"]).rsplit("/", 1)[-1])
            if found is not None:
                component["name"], component["size"] = found["filename"], found["size"]
    for embed in message.embeds:
        for key in ("image", "thumbnail"):
            if embed.get(key):
                embed[key] = resolved(embed[key])


def mention(world: World, message: Message, channel: Channel, allowed: Raw) -> None:
    """Find whom a message mentions, as `allowed_mentions` and permissions let it."""
    texts = [message.content] if message.content else []
    if message.flags & COMPONENTS_V2:
        texts.extend(each["content"] for each in walk(message.components) if each.get("type") == TEXT)
    text = "\n".join(texts)
    message.mentions, message.mention_roles, message.mention_everyone = [], [], False
    if "@" not in text and message.reference is None:
        return
    parse = ("users", "roles", "everyone") if allowed is None else plain(allowed, "parse")
    listed = {str(each) for key in ("users", "roles") for each in plain(allowed or {}, key)}
    for found in dict.fromkeys(_USER.findall(text)):
        if int(found) in world.users and ("users" in parse or found in listed):
            message.mentions.append(int(found))
    if message.reference is not None and (allowed is None or allowed.get("replied_user")):
        author = world.messages[int(message.reference["message_id"])].author_id
        if author not in message.mentions:
            message.mentions.append(author)
    if channel.guild_id is None:
        return
    may_all = bool(world.permissions(channel, message.author_id) & Permission.MENTION_EVERYONE)
    roles = world.guilds[channel.guild_id].roles
    for found in dict.fromkeys(_ROLE.findall(text)):
        role = roles.get(int(found))
        if role is not None and (role.mentionable or may_all) and ("roles" in parse or found in listed):
            message.mention_roles.append(role.id)
    message.mention_everyone = may_all and "everyone" in parse and bool(_EVERYONE.search(text))
