"""What Discord refuses in a message: lengths, counts, embeds, mentions, files."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.sandbox.errors import Problems, invalid, refusal
from bot.sandbox.limits_components import Names, check_message_components
from bot.sandbox.state import (
    COMPONENTS_V2,
    EPHEMERAL,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    Json,
    Raw,
    is_list,
    is_object,
    part,
    parts,
    plain,
)

CONTENT = 2000
EMBEDS = 10
EMBED_TEXT = 6000
FILES = 10
FILE_BYTES = 10 * 1024 * 1024
NONCE = 25
_EMBED_LENGTHS = (("title", 256), ("description", 4096))
_FORBIDDEN_WITH_V2 = ("content", "embeds", "poll", "sticker_ids")


def check_message(body: Json, *, filenames: Sequence[str] = (), v2: bool | None = None, interaction: bool = False) -> None:
    """Refuse a message body, new or edited, with 50035; v2 is the flag that an edited message already has."""
    problems = Problems()
    flags: Any = body.get("flags") or 0
    allowed = COMPONENTS_V2 | SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | (EPHEMERAL if interaction else 0)
    if not isinstance(flags, int) or flags & ~allowed:
        problems.add(("flags",), "BITFIELD_TYPE_INVALID", "This flag cannot be set here.")
        flags = 0
    is_v2 = bool(flags & COMPONENTS_V2) or bool(v2)
    problems.length(("content",), body.get("content"), CONTENT)
    _check_embeds(problems, body.get("embeds"))
    _check_nonce(problems, body.get("nonce"))
    if (mentions := body.get("allowed_mentions")) is not None:
        _check_allowed_mentions(problems, mentions)
    if is_v2:
        for key in _FORBIDDEN_WITH_V2:
            if body.get(key):
                message = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                problems.add((key,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)
    components = body.get("components")
    if components:
        check_message_components(problems, components, v2=is_v2, names=Names(frozenset(filenames)))
    problems.refuse()


def check_files(files: Sequence[tuple[str, bytes]]) -> None:
    """Refuse too many or too large files."""
    if len(files) > FILES:
        raise invalid(("attachments",), "BASE_TYPE_MAX_LENGTH", f"Must be {FILES} or fewer in length.")
    if any(len(content) > FILE_BYTES for _, content in files):
        raise refusal(40005)


def is_empty(*, content: str, embeds: Sequence[Json], components: Sequence[Json], attachments: Sequence[Json], flags: int) -> bool:
    """Tell whether nothing would be shown; with Components V2 the components alone count."""
    if flags & COMPONENTS_V2:
        return not components
    return not (content.strip() or attachments or components or any(_shows(each) for each in embeds))


def _shows(embed: Json) -> bool:
    return any(embed.get(key) for key in ("title", "description", "fields", "image", "thumbnail", "author", "footer", "url", "video"))


def _check_nonce(problems: Problems, nonce: Raw) -> None:
    if nonce is None:
        return
    if isinstance(nonce, bool) or not isinstance(nonce, str | int):
        problems.add(("nonce",), "NONCE_TYPE_INVALID", "Nonce must be a string or an integer.")
    else:
        problems.length(("nonce",), str(nonce), NONCE)


def _check_allowed_mentions(problems: Problems, mentions: Raw) -> None:
    path = ("allowed_mentions",)
    if not is_object(mentions):
        problems.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return
    parse = plain(mentions, "parse")
    for index, kind in enumerate(parse):
        if kind not in ("roles", "users", "everyone"):
            problems.choice((*path, "parse", index), ("users", "roles", "everyone"))
    for kind in ("users", "roles"):
        listed = plain(mentions, kind)
        if len(listed) > 100:
            problems.add((*path, kind), "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
        if listed and kind in parse:
            problems.add(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.')


def _check_embeds(problems: Problems, embeds: Raw) -> None:
    if not embeds:
        return
    if not is_list(embeds) or not all(is_object(each) for each in embeds):
        problems.add(("embeds",), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return
    if len(embeds) > EMBEDS:
        problems.add(("embeds",), "BASE_TYPE_MAX_LENGTH", f"Must be {EMBEDS} or fewer in length.")
    total = sum(_check_embed(problems, ("embeds", index), embed) for index, embed in enumerate(embeds))
    if total > EMBED_TEXT:
        problems.add(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_TEXT}")


def _check_embed(problems: Problems, path: tuple[str | int, ...], embed: Json) -> int:
    total = 0
    for key, most in _EMBED_LENGTHS:
        problems.length((*path, key), embed.get(key), most)
        total += len(embed.get(key) or "")
    for key, text, most in (("footer", "text", 2048), ("author", "name", 256)):
        inner = embed.get(key)
        if inner:
            problems.length((*path, key, text), inner.get(text) or "", most, 1)
            total += len(inner.get(text) or "")
    fields = parts(embed, "fields")
    if len(fields) > 25:
        problems.add((*path, "fields"), "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for index, field in enumerate(fields):
        for key, most in (("name", 256), ("value", 1024)):
            problems.length((*path, "fields", index, key), field.get(key) or "", most, 1)
            total += len(field.get(key) or "")
    color = embed.get("color")
    if color is not None and not (isinstance(color, int) and 0 <= color <= 0xFFFFFF):
        problems.add((*path, "color"), "NUMBER_TYPE_MAX", "int value should be between 0 and 16777215.")
    _check_embed_links(problems, path, embed)
    return total


def _check_embed_links(problems: Problems, path: tuple[str | int, ...], embed: Json) -> None:
    plain = ("http://", "https://")
    attached = (*plain, "attachment://")
    places = [
        (("url",), embed.get("url"), plain),
        (("author", "url"), part(embed, "author").get("url"), plain),
        *(((key, "url"), part(embed, key).get("url"), attached) for key in ("image", "thumbnail")),
        *(((key, "icon_url"), part(embed, key).get("icon_url"), attached) for key in ("footer", "author")),
    ]
    for where, url, schemes in places:
        if url and not str(url).startswith(schemes):
            problems.add((*path, *where), "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    stamp = embed.get("timestamp")
    if stamp:
        try:
            datetime.fromisoformat(str(stamp))
        except ValueError:
            problems.add((*path, "timestamp"), "DATE_TIME_TYPE_PARSE", f"Could not parse {stamp}. Should be ISO8601.")
