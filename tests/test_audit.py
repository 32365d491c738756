"""``make audit`` reports and never fails: without the tool, with known holes, and with nothing known."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NEEDED = ("bash", "dirname", "env")


def audit(folder: Path, tool: str | None) -> subprocess.CompletedProcess[str]:
    """Run the script of a copy of the house, with a tool that does so much, or without one."""
    house = folder / "house"
    (house / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci/audit", house / ".ci/audit")
    bin_folder = folder / "bin"
    bin_folder.mkdir()
    for name in NEEDED:
        (bin_folder / name).symlink_to(str(shutil.which(name)))
    if tool is not None:
        script = bin_folder / "pip-audit"
        script.write_text(f'#!/usr/bin/env bash\necho "asked: $*"\n{tool}\n')
        script.chmod(0o755)
    return subprocess.run(
        [str(house / ".ci/audit")], env=os.environ | {"PATH": str(bin_folder)}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("tool", "told"),
    [(None, "pip-audit is not installed"), ("exit 1", "something is known"), ("exit 0", "asked: --require-hashes")],
)
def test_the_audit_never_fails(tmp_path: Path, tool: str | None, told: str) -> None:
    ran = audit(tmp_path, tool)
    assert ran.returncode == 0
    assert told in ran.stdout


def test_both_locks_are_asked_about_and_nothing_is_installed(tmp_path: Path) -> None:
    asked = re.findall(r"^asked: .*-r (\S+)$", audit(tmp_path, "exit 0").stdout, re.MULTILINE)
    assert asked == ["requirements/run.txt", "requirements/dev.txt"]
    script = (ROOT / ".ci/audit").read_text(encoding="utf-8")
    assert [line for line in script.splitlines() if "install" in line and not line.lstrip().startswith(("#", "echo"))] == []


def test_every_way_to_it_ends_well() -> None:
    recipe = re.search(r"^audit:.*\n\t(.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert recipe is not None
    assert recipe[1] == "@.ci/audit"
