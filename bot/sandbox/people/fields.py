"""From what a person chose or filled in to the data of a component's or a modal's interaction."""

from typing import Any

from bot.sandbox import invocation
from bot.sandbox.errors import PersonRefused
from bot.sandbox.limits_components import (
    BUTTON,
    CHECKBOX,
    CHECKBOXES,
    FILE_UPLOAD,
    LABEL,
    RADIO,
    ROW,
    SELECTS,
    STRING_SELECT,
    TEXT,
    TEXT_INPUT,
    walk,
)
from bot.sandbox.state import LOADING, Channel, Json, Message, Raw, is_list
from bot.sandbox.world import World

_RESOLVES = {5: 6, 6: 8, 7: 9, 8: 7}
"""From a select's component type to the option type that names the same things."""
_LINK = 5


def component_data(world: World, channel: Channel, message: Message, custom_id: str, values: Raw) -> Json:
    """Return the data of a press or a choice, or refuse it in a sentence."""
    component = next((each for each in walk(message.components) if each.get("custom_id") == custom_id), None)
    if component is None or message.flags & LOADING or message.author_id != world.bot.id:
        raise PersonRefused("That button or menu is no longer there.", 404)
    if component.get("disabled"):
        raise PersonRefused("That button or menu is switched off.", 409)
    kind = component["type"]
    data: Json = {"custom_id": custom_id, "component_type": kind, "id": component["id"]}
    if kind == BUTTON:
        if component.get("style") == _LINK:
            raise PersonRefused("A link is opened, not pressed.")
        return data
    resolved: Json = {}
    data["values"] = _chosen(world, channel, component, values, resolved, required=True)
    if kind != STRING_SELECT:
        data["resolved"] = resolved
    return data


def modal_data(world: World, channel: Channel, modal: Json, fields: dict[str, Any]) -> Json:
    """Return the data of a filled-in modal, or refuse it in a sentence."""
    resolved: Json = {}
    known = {each.get("custom_id") for each in walk(modal["components"])}
    for name in fields:
        if name not in known:
            raise PersonRefused(f"The form has no field “{name}”.")
    components = [_part(world, channel, each, fields, resolved) for each in modal["components"]]
    data: Json = {"custom_id": modal["custom_id"], "components": components}
    if resolved:
        data["resolved"] = resolved
    return data


def _part(world: World, channel: Channel, component: Json, fields: dict[str, Any], resolved: Json) -> Json:
    part: Json = {"type": component["type"], "id": component["id"]}
    if component["type"] == TEXT:
        return part
    if component["type"] == ROW:
        inner = component["components"][0]
        part["components"] = [_field(world, channel, inner, inner.get("label", ""), fields, resolved)]
    elif component["type"] == LABEL:
        part["component"] = _field(world, channel, component["component"], component["label"], fields, resolved)
    return part


def _field(world: World, channel: Channel, field: Json, label: str, fields: dict[str, Any], resolved: Json) -> Json:
    kind, name = field["type"], field["custom_id"]
    given = fields.get(name)
    filled: Json = {"type": kind, "id": field["id"], "custom_id": name}
    required = field.get("required", True)
    try:
        if kind == TEXT_INPUT:
            filled["value"] = _text(field, given if given is not None else field.get("value") or "", required=required)
        elif kind in SELECTS or kind == CHECKBOXES:
            filled["values"] = _chosen(world, channel, field, given, resolved, required=required)
        elif kind == RADIO:
            filled["value"] = _one(field, given, required=required)
        elif kind == CHECKBOX:
            filled["value"] = bool(field.get("default") if given is None else given)
        elif kind == FILE_UPLOAD:
            filled["values"] = _files(world, channel, field, given, resolved, required=required)
    except PersonRefused as refused:
        raise PersonRefused(f"{label}: {refused.message}", refused.status) from None
    return filled


def _text(field: Json, value: Raw, *, required: bool) -> str:
    if not isinstance(value, str):
        raise PersonRefused("this takes text.")
    if not value and not required:
        return value
    least, most = max(field.get("min_length") or 0, 1 if required else 0), field.get("max_length") or 4000
    if not value and required:
        raise PersonRefused("this is required.")
    if not least <= len(value) <= most:
        raise PersonRefused(f"this takes {least} to {most} characters; there are {len(value)}.")
    return value


def _one(field: Json, given: Raw, *, required: bool) -> str | None:
    if is_list(given):
        given = given[0] if given else None
    if given is None:
        given = next((each["value"] for each in field["options"] if each.get("default")), None)
    if given is None:
        if required:
            raise PersonRefused("one of these must be chosen.")
        return None
    if given not in {each["value"] for each in field["options"]}:
        raise PersonRefused(f"“{given}” is not one of the choices.")
    return given


def _chosen(world: World, channel: Channel, component: Json, given: Raw, resolved: Json, *, required: bool) -> list[str]:
    options = component.get("options")
    if given is None:
        given = [each["value"] for each in options or () if each.get("default")]
        given = given or [str(each["id"]) for each in component.get("default_values") or ()]
    values = [str(each) for each in (given if is_list(given) else [given])]
    least = component.get("min_values")
    least = 1 if least is None else least
    most = component.get("max_values") or (len(options or ()) if component["type"] == CHECKBOXES else 1)
    if not values and not required:
        least = 0
    if not least <= len(values) <= most:
        raise PersonRefused(f"choose {least} to {most}; {len(values)} were chosen." if least != most else f"choose {least}.")
    if len(set(values)) != len(values):
        raise PersonRefused("the same choice stands twice.")
    if options is None:
        kind = _RESOLVES[component["type"]]
        return [invocation.resolve(world, channel, kind, each, resolved, component.get("channel_types")) for each in values]
    allowed = {each["value"] for each in options}
    for value in values:
        if value not in allowed:
            raise PersonRefused(f"“{value}” is not one of the choices.")
    return values


def _files(world: World, channel: Channel, field: Json, given: Raw, resolved: Json, *, required: bool) -> list[str]:
    files: list[Raw] = given if is_list(given) else ([] if given is None else [given])
    least = field.get("min_values")
    least = (1 if required else 0) if least is None or (not files and not required) else least
    most = field.get("max_values") or 1
    if not (0 if not files and not required else least) <= len(files) <= most:
        raise PersonRefused(f"this takes {least} to {most} files; there are {len(files)}.")
    return [invocation.upload(world, channel, each, resolved) for each in files]
