"""``python -m tests.permissions``: write docs/permissions.md from the command tree and from what each command asks before it answers."""

import ast
import asyncio
import inspect
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any

from discord import AppCommandType, app_commands

from bot.catalogue.catalogue import load_catalogue
from bot.client import EXTENSIONS, MatchdayClient
from bot.clock import SystemClock
from bot.domain.servers import ON_AT_FIRST, Feature
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.wiring import build
from cogs._ui import features, staff
from cogs.ask._form import require_server

PAGE = Path(__file__).resolve().parents[1] / "docs/permissions.md"
MOST_STEPS = 4
"""How many functions deep a command is read for what it asks first."""


class Role(StrEnum):
    """Who acts in a server."""

    MEMBER = "member"
    ADVISOR = "advisor"
    MODERATOR = "moderator"
    MANAGER = "manager"


EVERYBODY = frozenset(Role)
GATES: dict[Callable[..., Any], frozenset[Role]] = {
    staff.require_manager: frozenset({Role.MANAGER}),
    staff.require_moderator: frozenset({Role.MODERATOR, Role.MANAGER}),
    staff.require_advisor: frozenset({Role.ADVISOR, Role.MANAGER}),
    staff.require_reader: frozenset({Role.ADVISOR, Role.MODERATOR, Role.MANAGER}),
    staff.require_lifter: frozenset({Role.MODERATOR, Role.MANAGER}),
}
"""Whom each question about a role lets in, as ``cogs/_ui/staff.py`` says; a test asks the bot itself whether that is so."""


@dataclass(frozen=True, slots=True)
class Permission:
    """Hold who may use one command, and where."""

    name: str
    roles: frozenset[Role]
    is_given: bool
    """Whether Discord shows it to managers alone, until they give it to others."""
    in_messages: bool
    features: frozenset[Feature]
    """What a server can switch off so that nobody there can use it."""


def permissions() -> list[Permission]:
    """Return what every command asks, by name."""
    return asyncio.run(_loaded())


async def _loaded() -> list[Permission]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), _env_file=None)  # type: ignore[call-arg]
        cipher = Cipher.from_key_file(settings.keys, create=True)
        house = build(settings, Database.open(settings.database), cipher, SystemClock(), load_catalogue())
        house.due_loop.start = _not_started  # type: ignore[method-assign]
        client = MatchdayClient(house.services, house.due_loop)
        for name in EXTENSIONS:
            await client.load_extension(name)
        return permissions_of(client)


def permissions_of(client: MatchdayClient) -> list[Permission]:
    """Return what every command of a client asks, by name."""
    menus = [each for kind in (AppCommandType.message, AppCommandType.user) for each in client.tree.get_commands(type=kind)]
    leaves = [each for each in client.tree.walk_commands() if isinstance(each, app_commands.Command)]
    found = [_permission(f"/{each.qualified_name}", each, each.root_parent or each) for each in leaves]
    return sorted([*found, *(_permission(f"menu of a message: {each.name}", each, each) for each in menus)], key=lambda each: each.name)


def _permission(name: str, command: Any, top: Any) -> Permission:
    asked = set(asked_by(command.callback))
    gates = [GATES[each] for each in asked if callable(each) and each in GATES]
    contexts = top.allowed_contexts
    return Permission(
        name,
        frozenset(EVERYBODY.intersection(*gates)),
        is_given=top.default_permissions is not None and top.default_permissions.value != 0,
        in_messages=(contexts is None or bool(contexts.dm_channel)) and require_server not in asked,
        features=frozenset(each for each in asked if isinstance(each, Feature)),
    )


def asked_by(function: Callable[..., Any], steps: int = MOST_STEPS) -> Iterator[Callable[..., Any] | Feature]:
    """Yield the questions about roles and features that a function asks, by itself or through functions of the cogs that it calls."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        called = _named(call.func, inspect.unwrap(function).__globals__)  # type: ignore[attr-defined]
        if called in GATES or called is require_server:
            yield called
        elif called is features.require_feature:
            yield Feature[ast.unparse(call.args[1]).rpartition(".")[2]]
        elif steps and inspect.isfunction(called) and called.__module__.startswith("cogs."):
            yield from asked_by(called, steps - 1)


def _named(node: ast.expr, names: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and isinstance(names.get(node.value.id), ModuleType):
        return getattr(names[node.value.id], node.attr, None)
    return None


async def _not_started() -> None:
    """Stand in for the start of the due loop."""


def table(found: list[Permission]) -> str:
    """Return the page."""
    head = f"| command | {' | '.join(Role)} | in messages with the bot | can be switched off |"
    rows = [_row(each) for each in found]
    return "\n".join([INTRODUCTION, head, f"|{'---|' * (len(Role) + 3)}", *rows]) + "\n"


def _row(each: Permission) -> str:
    cells = [_cell(each, role) for role in Role]
    switched = ", ".join(f"{features.WORDS[one].name}{'' if one in ON_AT_FIRST else ' (off at first)'}" for one in sorted(each.features))
    return f"| `{each.name}` | {' | '.join(cells)} | {'yes' if each.in_messages else 'no'} | {switched or 'no'} |"


def _cell(each: Permission, role: Role) -> str:
    if role not in each.roles:
        return "no"
    return "if given" if each.is_given and role is not Role.MANAGER else "yes"


INTRODUCTION = """# Who may use what

Written by `python -m tests.permissions` from the command tree and from what each command asks before it answers. A test fails where this
page is behind; another asks the bot itself as each of the four.

- **manager**: has Manage Server. **moderator**: has one of the moderator roles of `/server setup`; where none is chosen, Manage
  Messages. **advisor**: has one of the advisor roles. **member**: everybody else, and everybody in messages with the bot.
- **if given**: Discord shows the command to managers alone, until one gives it to a role under *Server Settings, Integrations,
  Matchday*; the bot asks again, at every click, who acts.
- What a member stores is hers in every column: no role opens what another member stored.
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(table(permissions()), encoding="utf-8")


if __name__ == "__main__":
    main()
