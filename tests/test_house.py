"""The house itself: sizes, what may stand where, names that must be unique, and documents that must stay true.

What points at what is import-linter's part (``make check``); here stands what it can't express.
"""

import ast
import gc
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.catalogue.catalogue import load_catalogue
from bot.client import EXTENSIONS, MatchdayClient
from bot.clock import SystemClock
from bot.sandbox.limits_commands import check_commands
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.wiring import build
from cogs._ui.actions import Action, Choice

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ("bot", "cogs", "migrations")
FOLDERS = (*SHIPPED, "tests", "bench")
STAFF = {"broadcast", "server", "advisor"}
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 49
SQL = re.compile(
    r"\s*(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s.+\sSET|DELETE\s+FROM|(CREATE|DROP|ALTER)\s+TABLE|PRAGMA)\s", re.DOTALL
)


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    gc.disable()  # Python 3.11 raises SystemError where a finalizer that runs inside ast.parse parses something itself
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    finally:
        gc.enable()


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def project() -> dict[str, Any]:
    return tomllib.loads(read("pyproject.toml"))


# --- sizes


def test_files_stay_livable() -> None:
    scripts = sorted((ROOT / "bot/sandbox/page").glob("*.[jc]s*"))
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in [*python_files(*FOLDERS), *scripts]}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_FILE_LINES} == {}


def test_functions_stay_livable() -> None:
    long = {
        f"{name_of(path)}:{node.lineno} {node.name}": lines
        for path in python_files(*FOLDERS)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION_LINES
    }
    assert long == {}


def test_modules_of_tests_have_names_of_their_own() -> None:
    """Outside of packages pytest takes two files of one name for the same module, and collects only the first of them."""
    modules = [path for path in (ROOT / "tests").rglob("*.py") if not (path.parent / "__init__.py").exists()]
    names = [path.name for path in modules if path.name != "conftest.py"]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_no_module_is_a_drawer_for_everything() -> None:
    assert [name_of(path) for path in python_files(*FOLDERS) if path.stem in ("utils", "helpers", "misc", "common_utils")] == []


# --- what may stand where


def imported(path: Path) -> Iterator[str]:
    """Yield every module that a file imports, and every name imported from one, dotted."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{each.name}" for each in node.names)


def test_only_web_and_sandbox_serve() -> None:
    serving = {
        name_of(path)
        for path in python_files(*SHIPPED)
        if any(f"{name}.".startswith("aiohttp.web.") for name in imported(path))
        if not name_of(path).startswith(("bot/web/", "bot/sandbox/"))
    }
    assert serving == set()


def texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """Yield every string that is not a docstring."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body
        if isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node


def test_sql_stands_in_storage_only() -> None:
    found = [
        f"{name_of(path)}:{text.lineno}"
        for path in python_files("bot", "cogs")
        if not name_of(path).startswith("bot/storage/")
        for text in texts(parsed(path))
        if SQL.match(str(text.value))
    ]
    assert found == []


@pytest.mark.parametrize("text", ["SELECT 1 FROM member", "INSERT OR IGNORE INTO x VALUES", "UPDATE a SET b = 1", "PRAGMA foreign_keys=ON"])
def test_sql_is_recognized(text: str) -> None:
    assert SQL.match(text)


@pytest.mark.parametrize("text", ["Select a date from the list", "Update your settings", "SELECT one", "Delete from here"])
def test_a_sentence_is_not_taken_for_sql(text: str) -> None:
    assert SQL.match(text) is None


def test_every_module_has_its_layer() -> None:
    contracts = project()["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    placed = {name.strip("() ") for layer in layers for name in layer.split("|")} | {"bot.sandbox"}
    modules = {f"bot.{path.stem}" for path in (ROOT / "bot").glob("*.py") if path.stem != "__init__"} | {"bot.__main__"}
    modules |= {f"bot.{path.parent.name}" for path in (ROOT / "bot").glob("*/__init__.py")} | {"cogs", "migrations"}
    assert modules - placed == set()


# --- the commands and their items


@pytest.fixture
async def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MatchdayClient:
    """Return the bot with every extension loaded and nothing connected: the database opens when it is first asked, and nobody asks."""
    settings = Settings(data_dir=tmp_path, _env_file=None)
    cipher = Cipher.from_key_file(settings.keys, create=True)
    house = build(settings, Database.open(settings.database), cipher, SystemClock(), load_catalogue())
    monkeypatch.setattr(house.due_loop, "start", not_started)
    client = MatchdayClient(house.services, house.due_loop)
    for name in EXTENSIONS:
        await client.load_extension(name)
    return client


async def not_started() -> None:
    """Stand in for the start of the due loop, which would ask the database."""


def commands_of(client: MatchdayClient) -> set[str]:
    return {f"/{command.qualified_name}" for command in client.tree.walk_commands() if not getattr(command, "commands", None)}


async def test_the_readme_names_every_command_and_no_other(client: MatchdayClient) -> None:
    rows = re.findall(r"^\| `(/[^`]+)` \|", read("README.md"), re.MULTILINE)
    assert sorted(rows) == sorted(commands_of(client))


async def test_discord_accepts_the_commands(client: MatchdayClient) -> None:
    check_commands([command.to_dict(client.tree) for command in client.tree.get_commands()])


async def test_members_commands_work_in_every_place(client: MatchdayClient) -> None:
    for command in client.tree.get_commands():
        if command.name not in STAFF:
            body = command.to_dict(client.tree)
            assert set(body["integration_types"]) == {0, 1}, command.name
            assert set(body["contexts"]) == {0, 1, 2}, command.name
            assert body["default_member_permissions"] is None, command.name


async def test_staffs_commands_are_there_in_servers_and_for_managers_first(client: MatchdayClient) -> None:
    for command in client.tree.get_commands():
        if command.name in STAFF:
            body = command.to_dict(client.tree)
            assert set(body["integration_types"]) == {0}, command.name
            assert set(body["contexts"]) == {0}, command.name
            assert body["default_member_permissions"] == discord.Permissions(manage_guild=True).value, command.name


def items() -> dict[tuple[str, str], str]:
    """Return the prefix of every button and select of the bot, by module and name: loading an extension again makes its classes anew."""
    kinds: list[type[Any]] = [*Action.__subclasses__(), *Choice.__subclasses__()]
    return {(kind.__module__, kind.__qualname__): kind.prefix for kind in kinds if kind.__module__.startswith("cogs.")}


async def test_custom_ids_have_one_reader_each(client: MatchdayClient) -> None:
    prefixes = sorted(items().values())
    assert prefixes
    assert [prefix for prefix in prefixes if not re.fullmatch(r"[a-z]+:[a-z_]+", prefix)] == []
    assert len(prefixes) == len(set(prefixes)), prefixes


async def test_every_item_is_registered(client: MatchdayClient) -> None:
    """One that is not would work until the next restart, then stay silent."""
    registered = {(kind.__module__, kind.__qualname__) for kind in client._connection._view_store._dynamic_items.values()}
    assert items().keys() - registered == set()


# --- packages and locks


def test_every_package_is_listed() -> None:
    listed = project()["tool"]["setuptools"]["packages"]
    found = [name_of(path.parent).replace("/", ".") for path in python_files(*SHIPPED) if path.name == "__init__.py"]
    assert sorted(listed) == sorted(found)


def test_every_folder_of_code_is_a_package() -> None:
    assert {name_of(path.parent) for path in python_files(*SHIPPED) if not (path.parent / "__init__.py").exists()} == set()


def test_every_data_file_is_shipped() -> None:
    patterns = project()["tool"]["setuptools"]["package-data"]
    shipped = {path for package, globs in patterns.items() for glob in globs for path in (ROOT / package.replace(".", "/")).glob(glob)}
    data = {path for folder in ("bot", "cogs") for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {name_of(path) for path in data - shipped if path.suffix != ".py"} == set()


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_a_lock_names_no_index_and_has_a_hash_for_all(name: str) -> None:
    lock = read(f"requirements/{name}")
    assert re.findall(r"\w+://\S+|--\S*index\S*|--find-links", lock) == []
    pinned = re.split(r"\n(?=[A-Za-z0-9])", lock.strip())
    assert [entry.splitlines()[0] for entry in pinned if "==" in entry.splitlines()[0] and "--hash=sha256:" not in entry] == []
    assert {"setuptools", "tzdata", "discord-py"} <= {entry.split("==")[0] for entry in pinned}


# --- documents


def test_the_makefiles_verbs_stand_in_the_readme() -> None:
    verbs = set(re.findall(r"^([a-z]+):.*## ", read("Makefile"), re.MULTILINE))
    told = set(re.findall(r"\bmake ([a-z]+)\b", read("README.md")))
    assert told <= verbs
    assert verbs - told == set()


def test_the_example_environment_has_every_setting_and_no_other() -> None:
    prefix = Settings.model_config.get("env_prefix", "")
    variables = {field.alias or f"{prefix}{name.upper()}" for name, field in Settings.model_fields.items()}
    told = set(re.findall(r"^#?\s?([A-Z][A-Z_]+)=", read(".env.example"), re.MULTILINE))
    assert told == variables
    assert {name for name in variables if f"`{name}`" not in read("README.md")} == set()


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), ROOT / "tests/README.md"]
    broken = [
        f"{name_of(path)}: {target}"
        for path in documents
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]
    assert broken == []
