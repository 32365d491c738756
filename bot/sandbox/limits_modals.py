"""What Discord refuses in a modal."""

from bot.sandbox.errors import Problems
from bot.sandbox.limits_components import (
    CHECKBOX,
    CHECKBOXES,
    FILE_UPLOAD,
    LABEL,
    RADIO,
    ROW,
    SELECTS,
    TEXT,
    TEXT_INPUT,
    Names,
    Path,
    check_counts,
    check_custom_id,
    check_id,
    check_options,
    check_select,
    check_text,
)
from bot.sandbox.state import Json, Raw, is_object, parts

_IN_LABEL = (TEXT_INPUT, *SELECTS, FILE_UPLOAD, RADIO, CHECKBOXES, CHECKBOX)


def check_modal(data: Raw) -> None:
    """Refuse a modal with 50035 where anything is wrong with it."""
    problems = Problems()
    if not is_object(data):
        problems.required(("data",))
        problems.refuse()
        return
    path: Path = ("data",)
    problems.length((*path, "title"), data.get("title") or "", 45, 1)
    problems.length((*path, "custom_id"), data.get("custom_id") or "", 100, 1)
    components = parts(data, "components")
    if not 1 <= len(components) <= 5:
        problems.add((*path, "components"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    names = Names()
    for index, component in enumerate(components):
        _check_top(problems, (*path, "components", index), component, names)
    problems.refuse()


def _check_top(problems: Problems, path: Path, component: Json, names: Names) -> None:
    kind = component.get("type")
    check_id(problems, path, component, names)
    if kind == TEXT:
        check_text(problems, path, component, names)
    elif kind == LABEL:
        problems.length((*path, "label"), component.get("label") or "", 45, 1)
        problems.length((*path, "description"), component.get("description"), 100)
        inner = component.get("component")
        if not inner:
            problems.required((*path, "component"))
        else:
            _check_field(problems, (*path, "component"), inner, names)
    elif kind == ROW:
        inner = parts(component, "components")
        if len(inner) != 1 or inner[0].get("type") != TEXT_INPUT:
            problems.add((*path, "components"), "COMPONENT_INVALID", "An action row in a modal holds one text input.")
            return
        problems.length((*path, "components", 0, "label"), inner[0].get("label") or "", 45, 1)
        _check_field(problems, (*path, "components", 0), inner[0], names)
    else:
        problems.choice((*path, "type"), (ROW, TEXT, LABEL))


def _check_field(problems: Problems, path: Path, field: Json, names: Names) -> None:
    kind = field.get("type")
    if kind not in _IN_LABEL:
        problems.choice((*path, "type"), _IN_LABEL)
        return
    check_id(problems, path, field, names)
    if kind in SELECTS:
        check_select(problems, path, field, names, in_modal=True)
        return
    check_custom_id(problems, path, field, names)
    if kind == TEXT_INPUT:
        _check_text_input(problems, path, field)
    elif kind == FILE_UPLOAD:
        check_counts(problems, path, field, 0, 10)
    elif kind == RADIO:
        options = parts(field, "options")
        check_options(problems, path, options, 2, 10)
        if sum(1 for each in options if each.get("default")) > 1:
            problems.add((*path, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "Too many options are set as default.")
    elif kind == CHECKBOXES:
        options = parts(field, "options")
        check_options(problems, path, options, 1, 10)
        # Without max_values every box may be ticked.
        check_counts(problems, path, {**field, "max_values": field.get("max_values") or max(len(options), 1)}, len(options), 10)


def _check_text_input(problems: Problems, path: Path, field: Json) -> None:
    if field.get("style") not in (1, 2):
        problems.choice((*path, "style"), (1, 2))
    problems.length((*path, "placeholder"), field.get("placeholder"), 100)
    problems.length((*path, "value"), field.get("value"), 4000)
    least, most = field.get("min_length"), field.get("max_length")
    if least is not None and not 0 <= least <= 4000:
        problems.add((*path, "min_length"), "NUMBER_TYPE_RANGE", "Must be between 0 and 4000.")
    if most is not None and not 1 <= most <= 4000:
        problems.add((*path, "max_length"), "NUMBER_TYPE_RANGE", "Must be between 1 and 4000.")
    if least is not None and most is not None and least > most:
        problems.add((*path, "min_length"), "NUMBER_TYPE_MAX", "Must not be greater than max_length.")
    value = field.get("value")
    if value and not (least or 0) <= len(value) <= (most or 4000):
        problems.add((*path, "value"), "BASE_TYPE_BAD_LENGTH", f"Must be between {least or 0} and {most or 4000} in length.")
