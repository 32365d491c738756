"""The threat model stays true: every test that it names is there, every threat names one, and what it says of the house holds."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODEL = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", MODEL)
ROWS = [line for line in MODEL.splitlines() if line.startswith("| ") and not line.startswith(("| what could", "|---"))]
THREATS = (
    "stolen token",
    "malicious moderator",
    "malicious advisor",
    "malicious member",
    "Hostile CSV and text",
    "stolen database file or backup",
    "compromised dependency",
    "Hostile requests to the port",
)


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED)))
def test_every_test_that_is_named_exists(path: str, name: str) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_threat_is_there_and_every_row_names_a_test() -> None:
    headings = re.findall(r"^## (.+)$", MODEL, re.MULTILINE)
    assert [threat for threat in THREATS if not any(threat in heading for heading in headings)] == []
    assert len(ROWS) >= 40
    assert [row for row in ROWS if not re.search(r"`tests/[\w/]+\.py::\w+`", row.rsplit("|", 2)[1])] == []


def test_nothing_secret_is_kept_in_the_repository() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {".env", "var/"} <= set(ignored)
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert re.findall(r"^DISCORD_TOKEN=(.*)$", example, re.MULTILINE) == [""]


def test_nothing_is_installed_without_its_hash() -> None:
    installs = [line for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines() if "pip install" in line]
    assert installs
    assert [line for line in installs if "--require-hashes" not in line and "--no-deps" not in line] == []
