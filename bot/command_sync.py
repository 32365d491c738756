"""What Discord was told about the commands, and how that differs from what there is; commands as the objects of Discord's API."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

FILE = "commands.sha256"
"""In the data folder: the fingerprint of what Discord was told last."""
Command = Mapping[str, Any]
DISCORDS_OWN = frozenset({"id", "application_id", "version", "guild_id", "handler", "dm_permission", "default_permission"})
"""What Discord adds to a command, or has replaced by ``contexts``."""
MENUS = {2: " (menu of a member)", 3: " (menu of a message)"}


@dataclass(frozen=True, slots=True)
class Differences:
    """Hold what telling Discord would change, by the names of the commands."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self.added or self.changed or self.removed)


def fingerprint(application_id: int | None, commands: Sequence[Command]) -> str:
    """Return what differs once the commands do, or the application that they belong to."""
    text = json.dumps([application_id, commands], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def noted(state: Path) -> str | None:
    """Return the fingerprint of what Discord was told last, or None where nothing readable says so."""
    try:
        return state.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None


def note(state: Path, told: str) -> None:
    """Note what Discord was told."""
    state.write_text(told + "\n", encoding="utf-8")


def compare(here: Sequence[Command], there: Sequence[Command]) -> Differences:
    """Return how the commands that there are differ from those that Discord knows."""
    mine, known = ({name_of(each): _plain(each) for each in commands} for commands in (here, there))
    return Differences(
        added=tuple(sorted(mine.keys() - known.keys())),
        changed=tuple(sorted(name for name in mine.keys() & known.keys() if mine[name] != known[name])),
        removed=tuple(sorted(known.keys() - mine.keys())),
    )


def name_of(command: Command) -> str:
    """Return a command's name as members know it."""
    kind = command.get("type") or 1
    return f"/{command['name']}" if kind == 1 else f"{command['name']}{MENUS.get(kind, f' (kind {kind})')}"


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return JSON without what Discord adds, and without what says no more than being absent."""
    if isinstance(value, Mapping):
        held = cast("Mapping[str, Any]", value)
        kept = {key: _plain(each) for key, each in held.items() if key not in DISCORDS_OWN}
        if kept.get("default_member_permissions") is not None:
            kept["default_member_permissions"] = str(kept["default_member_permissions"])  # sent as a number, returned as text
        for unordered in ("contexts", "integration_types", "channel_types"):
            if kept.get(unordered):
                kept[unordered] = sorted(kept[unordered])
        return {key: each for key, each in kept.items() if each not in (None, False, "", [], {})}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in cast("Sequence[Any]", value)]
    return value
