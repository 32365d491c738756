"""What Discord refuses in a message's components, and the ids that it gives them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.sandbox.errors import Problems
from bot.sandbox.state import Json, Raw, is_list, is_object, parts

Path = tuple[str | int, ...]

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
LABEL, FILE_UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 18, 19, 21, 22, 23
SELECTS = (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
_TOP_V2 = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER)
_IN_CONTAINER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
_TOTAL = 40
_TEXT_TOTAL = 4000
_LINK = 5
_PREMIUM = 6


@dataclass(slots=True)
class Names:
    """Hold what must be unique or known across one message's components."""

    files: frozenset[str] = frozenset()
    custom_ids: set[str] = field(default_factory=set[str])
    ids: set[int] = field(default_factory=set[int])
    text: int = 0


def walk(components: Sequence[Json]) -> Iterator[Json]:
    """Yield every component, nested ones after the one that holds them."""
    for component in components:
        yield component
        yield from walk(parts(component, "components"))
        for key in ("accessory", "component"):
            inner = component.get(key)
            if inner:
                yield inner


def with_ids(components: Sequence[Json]) -> list[Json]:
    """Return a copy as Discord keeps it: each component has an id, in order where the sender set none, and snowflakes are strings."""
    used = {each["id"] for each in walk(components) if each.get("id")}
    number = 0

    def copied(component: Json) -> Json:
        nonlocal number
        copy = dict(component)
        if not copy.get("id"):
            number += 1
            while number in used:
                number += 1
            copy["id"] = number
        if copy.get("default_values"):
            copy["default_values"] = [{**each, "id": str(each["id"])} for each in copy["default_values"]]
        if copy.get("components"):
            copy["components"] = [copied(each) for each in copy["components"]]
        for key in ("accessory", "component"):
            if copy.get(key):
                copy[key] = copied(copy[key])
        return copy

    return [copied(each) for each in components]


def check_message_components(problems: Problems, components: Raw, *, v2: bool, names: Names) -> None:
    """Note what is wrong with a message's components."""
    path: Path = ("components",)
    if not is_list(components) or not all(is_object(each) for each in components):
        problems.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return
    allowed = _TOP_V2 if v2 else (ROW,)
    if not v2 and len(components) > 5:
        problems.add(path, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    if sum(1 for _ in walk(components)) > _TOTAL:
        problems.add(path, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", f"The maximum number of components ({_TOTAL}) was exceeded.")
        return
    for index, component in enumerate(components):
        _check(problems, (*path, index), component, allowed, names)
    if names.text > _TEXT_TOTAL:
        problems.add(path, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", f"Text displays exceed {_TEXT_TOTAL} characters in total.")


def _check(problems: Problems, path: Path, component: Json, allowed: Sequence[int], names: Names) -> None:
    kind = component.get("type")
    if kind not in allowed:
        problems.choice((*path, "type"), allowed)
        return
    check_id(problems, path, component, names)
    if kind == ROW:
        _check_row(problems, path, component, names)
    elif kind == TEXT:
        check_text(problems, path, component, names)
    elif kind == SECTION:
        _check_section(problems, path, component, names)
    elif kind == GALLERY:
        _check_gallery(problems, path, component, names)
    elif kind == FILE:
        _check_media(problems, (*path, "file"), component.get("file"), names, schemes=("attachment://",))
    elif kind == SEPARATOR:
        if component.get("spacing", 1) not in (1, 2):
            problems.choice((*path, "spacing"), (1, 2))
    elif kind == THUMBNAIL:
        problems.length((*path, "description"), component.get("description"), 1024)
        _check_media(problems, (*path, "media"), component.get("media"), names)
    elif kind == BUTTON:
        _check_button(problems, path, component, names)
    elif kind == CONTAINER:
        _check_container(problems, path, component, names)
    elif kind in SELECTS:
        check_select(problems, path, component, names)


def check_id(problems: Problems, path: Path, component: Json, names: Names) -> None:
    """Note a component id that stands twice."""
    number = component.get("id")
    if not number:
        return
    if not isinstance(number, int) or number < 0:
        problems.add((*path, "id"), "NUMBER_TYPE_MIN", "int32 value should be greater than or equal to 0.")
    elif number in names.ids:
        problems.add((*path, "id"), "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
    names.ids.add(number)


def check_custom_id(problems: Problems, path: Path, component: Json, names: Names) -> None:
    """Note a custom id that is missing, too long or stands twice."""
    custom_id = component.get("custom_id")
    if custom_id is None:
        problems.required((*path, "custom_id"))
        return
    problems.length((*path, "custom_id"), custom_id, 100, 1)
    if custom_id in names.custom_ids:
        problems.add((*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
    names.custom_ids.add(custom_id)


def check_text(problems: Problems, path: Path, component: Json, names: Names) -> None:
    """Note an empty or too long text display, and count its characters."""
    content = component.get("content")
    problems.length((*path, "content"), content if content is not None else "", _TEXT_TOTAL, 1)
    names.text += len(content) if isinstance(content, str) else 0


def _check_row(problems: Problems, path: Path, row: Json, names: Names) -> None:
    inner = parts(row, "components")
    if not 1 <= len(inner) <= 5:
        problems.add((*path, "components"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    if any(each.get("type") in SELECTS for each in inner) and len(inner) > 1:
        problems.add((*path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "Width of row exceeds maximum.")
    for index, component in enumerate(inner):
        _check(problems, (*path, "components", index), component, (BUTTON, *SELECTS), names)


def _check_section(problems: Problems, path: Path, section: Json, names: Names) -> None:
    inner = parts(section, "components")
    if not 1 <= len(inner) <= 3:
        problems.add((*path, "components"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 3 in length.")
    for index, component in enumerate(inner):
        _check(problems, (*path, "components", index), component, (TEXT,), names)
    accessory = section.get("accessory")
    if not accessory:
        problems.required((*path, "accessory"))
    else:
        _check(problems, (*path, "accessory"), accessory, (BUTTON, THUMBNAIL), names)


def _check_container(problems: Problems, path: Path, container: Json, names: Names) -> None:
    inner = parts(container, "components")
    if not inner:
        problems.add((*path, "components"), "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {_TOTAL} in length.")
    color = container.get("accent_color")
    if color is not None and not (isinstance(color, int) and 0 <= color <= 0xFFFFFF):
        problems.add((*path, "accent_color"), "NUMBER_TYPE_MAX", "int value should be between 0 and 16777215.")
    for index, component in enumerate(inner):
        _check(problems, (*path, "components", index), component, _IN_CONTAINER, names)


def _check_gallery(problems: Problems, path: Path, gallery: Json, names: Names) -> None:
    items = parts(gallery, "items")
    if not 1 <= len(items) <= 10:
        problems.add((*path, "items"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.")
    for index, item in enumerate(items):
        problems.length((*path, "items", index, "description"), item.get("description"), 1024)
        _check_media(problems, (*path, "items", index, "media"), item.get("media"), names)


def _check_media(
    problems: Problems, path: Path, media: Json | None, names: Names, schemes: tuple[str, ...] = ("http://", "https://", "attachment://")
) -> None:
    url = (media or {}).get("url")
    if not url:
        problems.required((*path, "url"))
    elif not str(url).startswith(schemes):
        problems.add((*path, "url"), "URL_TYPE_INVALID_SCHEME", f"Scheme must be one of {schemes}.")
    elif url.startswith("attachment://") and url.removeprefix("attachment://") not in names.files:
        problems.add(
            (*path, "url"), "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", f"The referenced attachment '{url}' was not found."
        )


def _check_button(problems: Problems, path: Path, button: Json, names: Names) -> None:
    style = button.get("style")
    if style not in (1, 2, 3, 4, 5, 6):
        problems.choice((*path, "style"), (1, 2, 3, 4, 5, 6))
        return
    problems.length((*path, "label"), button.get("label"), 80)
    if style == _PREMIUM:
        if not button.get("sku_id"):
            problems.required((*path, "sku_id"))
        return
    if not button.get("label") and not button.get("emoji"):
        problems.add(path, "BUTTON_COMPONENT_MISSING_CONTENT", "A button must have a label or an emoji.")
    if style == _LINK:
        url = button.get("url")
        if button.get("custom_id"):
            problems.add(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
        if not url:
            problems.required((*path, "url"))
        elif len(url) > 512 or not str(url).startswith(("http://", "https://", "discord://")):
            problems.add((*path, "url"), "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('discord', 'http', 'https').")
        return
    if button.get("url"):
        problems.add(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
    check_custom_id(problems, path, button, names)


def check_select(problems: Problems, path: Path, select: Json, names: Names, *, in_modal: bool = False) -> None:
    """Note what is wrong with a select menu."""
    check_custom_id(problems, path, select, names)
    problems.length((*path, "placeholder"), select.get("placeholder"), 150)
    if in_modal and select.get("disabled"):
        problems.add((*path, "disabled"), "COMPONENT_INVALID", "A select in a modal cannot be disabled.")
    options = None
    if select["type"] == STRING_SELECT:
        options = parts(select, "options")
        check_options(problems, path, options, 1, 25)
    elif select.get("options"):
        problems.add((*path, "options"), "COMPONENT_INVALID", "Only string selects have options.")
    check_counts(problems, path, select, len(options) if options is not None else 25, 25)
    preset = sum(1 for each in options if each.get("default")) if options is not None else len(parts(select, "default_values"))
    if preset > (select.get("max_values") or 1):
        problems.add((*path, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "Too many options are set as default.")


def check_options(problems: Problems, path: Path, options: Sequence[Json], least: int, most: int) -> None:
    """Note what is wrong with a list of options: their count, lengths and equal values."""
    if not least <= len(options) <= most:
        problems.add((*path, "options"), "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
    seen: set[str] = set()
    for index, option in enumerate(options):
        where = (*path, "options", index)
        problems.length((*where, "label"), option.get("label") or "", 100, 1)
        problems.length((*where, "value"), option.get("value") or "", 100, 1)
        problems.length((*where, "description"), option.get("description"), 100)
        value = str(option.get("value"))
        if value in seen:
            problems.add((*where, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
        seen.add(value)


def check_counts(problems: Problems, path: Path, component: Json, there: int, most: int) -> None:
    """Note min_values and max_values outside their ranges, of each other or of the options there are."""
    least = component.get("min_values")
    highest = component.get("max_values")
    if least is not None and not 0 <= least <= most:
        problems.add((*path, "min_values"), "NUMBER_TYPE_RANGE", f"Must be between 0 and {most}.")
    if highest is not None and not 1 <= highest <= most:
        problems.add((*path, "max_values"), "NUMBER_TYPE_RANGE", f"Must be between 1 and {most}.")
    # Discord answers this for the options, not for the field (Rapptz/discord.py#6984).
    if (highest or 1) > there > 0 or (least or 0) > there > 0:
        problems.add((*path, "options"), "BASE_TYPE_BAD_LENGTH", f"Must be between {max(least or 1, highest or 1)} and {most} in length.")
    if least is not None and least > (highest or 1):
        problems.add((*path, "min_values"), "NUMBER_TYPE_MAX", "Must not be greater than max_values.")
