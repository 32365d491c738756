"""What Discord refuses in commands and autocomplete choices."""

import re
from collections import Counter
from collections.abc import Sequence

from bot.sandbox.errors import DiscordError, Problems, refusal
from bot.sandbox.limits_components import Path
from bot.sandbox.state import Json, Raw, is_list, is_object, part, parts

CHAT, USER, MESSAGE, ENTRY_POINT = 1, 2, 3, 4
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN = 1, 2, 3, 4, 5
NUMBER, ATTACHMENT = 10, 11
_MOST = {CHAT: 100, USER: 15, MESSAGE: 15}
_OPTIONS = 25
_CHARACTERS = 8000
_COMPLETABLE = (STRING, INTEGER, NUMBER)
_NAME = re.compile(r"[-'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}\Z")
LOCALES = frozenset({
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR",
    "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko",
})  # fmt: skip


def check_commands(commands: Sequence[Json]) -> None:
    """Refuse a whole set of commands: each by itself, their counts and equal names."""
    problems = Problems()
    names: Counter[tuple[int, str]] = Counter()
    counts: Counter[int] = Counter()
    for index, command in enumerate(commands):
        _check_command(problems, (index,), command)
        kind = command.get("type") or CHAT
        counts[kind] += 1
        names[kind, str(command.get("name"))] += 1
        if names[kind, str(command.get("name"))] > 1:
            problems.add((index, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
    problems.refuse()
    check_counts(counts)


def check_counts(counts: Counter[int]) -> None:
    """Refuse more commands of one type than an application may have."""
    for kind, most in _MOST.items():
        if counts[kind] > most:
            refused = refusal(30032)
            raise DiscordError(refused.status, refused.code, f"Maximum number of application commands reached ({most})")


def check_command(command: Json) -> None:
    """Refuse one command."""
    problems = Problems()
    _check_command(problems, (), command)
    problems.refuse()


def _check_command(problems: Problems, path: Path, command: Json) -> None:
    kind = command.get("type") or CHAT
    if kind not in _MOST:
        problems.choice((*path, "type"), (CHAT, USER, MESSAGE))
        return
    _check_localizations(problems, path, command)
    for key, most in (("contexts", 2), ("integration_types", 1)):
        values = command.get(key)
        if values is not None and (len(set(values)) != len(values) or any(each not in range(most + 1) for each in values)):
            problems.add((*path, key), "BASE_TYPE_CHOICES", "Values must be known and stand once.")
    permissions = command.get("default_member_permissions")
    if permissions is not None and not str(permissions).isdigit():
        problems.add((*path, "default_member_permissions"), "NUMBER_TYPE_COERCE", "Value is not a permission set.")
    if kind != CHAT:
        problems.length((*path, "name"), command.get("name") or "", 32, 1)
        if command.get("description") or command.get("options"):
            problems.add(path, "APPLICATION_COMMAND_INVALID", "Context menu commands cannot have a description or options")
        return
    _check_name(problems, path, command)
    options = parts(command, "options")
    _check_options(problems, path, options, depth=0)
    if _size(command) > _CHARACTERS:
        problems.add(path, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({_CHARACTERS})")


def _check_name(problems: Problems, path: Path, named: Json) -> None:
    name = named.get("name")
    if not isinstance(name, str) or not _NAME.match(name) or name != name.lower():
        problems.add((*path, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    problems.length((*path, "description"), named.get("description") or "", 100, 1)


def _check_localizations(problems: Problems, path: Path, named: Json) -> None:
    for key, most in (("name_localizations", 32), ("description_localizations", 100)):
        for locale, text in part(named, key).items():
            if locale not in LOCALES:
                problems.choice((*path, key, locale), sorted(LOCALES))
            else:
                problems.length((*path, key, locale), text, most, 1)


def _check_options(problems: Problems, path: Path, options: Sequence[Json], *, depth: int) -> None:
    if len(options) > _OPTIONS:
        problems.add((*path, "options"), "BASE_TYPE_MAX_LENGTH", f"Must be {_OPTIONS} or fewer in length.")
    seen: set[str] = set()
    optional = False
    branches = {option.get("type") in (SUBCOMMAND, GROUP) for option in options}
    if len(branches) > 1:
        problems.add((*path, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands and options cannot stand together")
    for index, option in enumerate(options):
        where = (*path, "options", index)
        _check_name(problems, where, option)
        _check_localizations(problems, where, option)
        name = str(option.get("name"))
        if name in seen:
            problems.add((*where, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists")
        seen.add(name)
        if option.get("required") and optional:
            message = "Required options must be placed before non-required options"
            problems.add(where, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional = optional or not option.get("required")
        _check_option(problems, where, option, depth)


def _check_option(problems: Problems, path: Path, option: Json, depth: int) -> None:
    kind: Raw = option.get("type")
    if kind not in range(1, 12):
        problems.choice((*path, "type"), tuple(range(1, 12)))
        return
    if kind in (SUBCOMMAND, GROUP):
        inner = parts(option, "options")
        if depth > (1 if kind == SUBCOMMAND else 0):
            problems.add((*path, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command option type is invalid")
        elif kind == GROUP and (not inner or any(each.get("type") != SUBCOMMAND for each in inner)):
            problems.add((*path, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "A group holds sub-commands only")
        _check_options(problems, path, inner, depth=depth + 1 if kind == GROUP else 2)
        return
    choices = parts(option, "choices")
    if option.get("autocomplete") and (choices or kind not in _COMPLETABLE):
        message = "Autocomplete needs a text or number option without choices"
        problems.add(path, "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", message)
    _check_choices(problems, (*path, "choices"), choices, kind)
    _check_range(problems, path, option, kind)


def _check_range(problems: Problems, path: Path, option: Json, kind: int) -> None:
    for least, most, allowed in (("min_length", "max_length", (STRING,)), ("min_value", "max_value", (INTEGER, NUMBER))):
        low, high = option.get(least), option.get(most)
        if (low is not None or high is not None) and kind not in allowed:
            problems.add((*path, least), "APPLICATION_COMMAND_OPTIONS_RANGE_INVALID", f"{least} and {most} do not fit this option type")
        elif low is not None and high is not None and low > high:
            problems.add((*path, least), "APPLICATION_COMMAND_OPTIONS_RANGE_INVALID", f"{least} must not be greater than {most}")
    length = option.get("max_length")
    if length is not None and not 1 <= length <= 6000:
        problems.add((*path, "max_length"), "NUMBER_TYPE_RANGE", "Must be between 1 and 6000.")


def _check_choices(problems: Problems, path: Path, choices: Sequence[Json], kind: int) -> None:
    if len(choices) > _OPTIONS:
        problems.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {_OPTIONS} or fewer in length.")
    seen: set[str] = set()
    for index, choice in enumerate(choices):
        where = (*path, index)
        problems.length((*where, "name"), choice.get("name") or "", 100, 1)
        value = choice.get("value")
        if kind == STRING:
            problems.length((*where, "value"), value if value is not None else "", 100, 1)
        elif isinstance(value, bool) or not isinstance(value, int if kind == INTEGER else int | float):
            problems.add((*where, "value"), "NUMBER_TYPE_COERCE", f'Value "{value}" is not a number.')
        name = str(choice.get("name"))
        if name in seen:
            problems.add((*where, "name"), "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", "Option choice name already exists")
        seen.add(name)


def check_autocomplete(data: Raw, kind: int) -> None:
    """Refuse autocomplete choices that are too many, too long or of another type than the option."""
    problems = Problems()
    choices = data.get("choices") if is_object(data) else None
    if not is_list(choices) or not all(is_object(each) for each in choices):
        problems.required(("data", "choices"))
    else:
        # Equal names are allowed here, unlike in a command's own choices.
        if len(choices) > _OPTIONS:
            problems.add(("data", "choices"), "BASE_TYPE_MAX_LENGTH", f"Must be {_OPTIONS} or fewer in length.")
        for index, choice in enumerate(choices):
            _check_choices(problems, ("data", "choices", index), [choice], kind)
    problems.refuse()


def _size(named: Json) -> int:
    """Count names, descriptions and values; of localized texts the longest counts."""
    total = 0
    for key in ("name", "description"):
        texts = [named.get(key) or "", *part(named, f"{key}_localizations").values()]
        total += max(len(text) for text in texts)
    for choice in parts(named, "choices"):
        total += len(str(choice.get("name"))) + len(str(choice.get("value")))
    return total + sum(_size(option) for option in parts(named, "options"))
