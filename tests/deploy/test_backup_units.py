"""The nightly backup: what systemd says of it, and that it writes where the bot's user may and the key does not lie."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from bot import cli
from tests.deploy.test_systemd_unit import analyze, needs_systemd

DEPLOY = Path(__file__).parents[2] / "deploy"
SERVICE, TIMER = DEPLOY / "matchday-backup.service", DEPLOY / "matchday-backup.timer"


def told(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", SERVICE.read_text("utf-8"), re.MULTILINE)


@needs_systemd
def test_systemd_understands_both(tmp_path: Path) -> None:
    copy = tmp_path / SERVICE.name
    copy.write_text(re.sub(r"^ExecStart=\S+", f"ExecStart={sys.executable}", SERVICE.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    shutil.copy(TIMER, tmp_path)
    ended = analyze("verify", "--man=no", str(copy), str(tmp_path / TIMER.name))
    assert (ended.returncode, ended.stderr.strip()) == (0, ""), ended


def test_it_runs_as_the_bot_does_and_writes_apart_from_the_key() -> None:
    environment = dict(each.split("=", 1) for each in told("Environment"))
    assert {f"/var/lib/{name}" for name in told("StateDirectory")[0].split()} == {
        environment["MATCHDAY_DATA_DIR"],
        environment["MATCHDAY_BACKUP_DIR"],
    }
    bot = (DEPLOY / "matchday.service").read_text("utf-8")
    for name in ("User", "Group", "EnvironmentFile", "WorkingDirectory", "ProtectSystem", "UMask"):
        assert f"\n{name}={told(name)[0]}\n" in bot


def test_its_verb_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    (start,) = told("ExecStart")
    _, verb, *arguments = start.split()
    with pytest.raises(SystemExit) as ended:
        cli.main([verb, *arguments, "--help"])
    assert ended.value.code == 0
    assert "--keep" in capsys.readouterr().out
