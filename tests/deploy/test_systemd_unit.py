"""The unit: what systemd itself says of it, and what has to agree with the rest of the delivery."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings

UNIT = Path(__file__).parents[2] / "deploy" / "matchday.service"
ANALYZE = shutil.which("systemd-analyze")
MOST_EXPOSED = 1.5
"""0 to 10, as ``systemd-analyze security`` counts; what remains is mostly that a bot needs the network."""

needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not on the path")


def told(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text("utf-8"), re.MULTILINE)


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    assert ANALYZE is not None
    return subprocess.run([ANALYZE, *arguments], capture_output=True, text=True, timeout=20, check=False)


@needs_systemd
def test_systemd_understands_every_line(tmp_path: Path) -> None:
    """The program is not at its place on this machine: another one that can be started stands for it."""
    copy = tmp_path / UNIT.name
    copy.write_text(re.sub(r"^ExecStart=\S+", f"ExecStart={sys.executable}", UNIT.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    ended = analyze("verify", "--man=no", str(copy))
    assert (ended.returncode, ended.stderr.strip()) == (0, ""), ended


@needs_systemd
def test_a_line_that_systemd_does_not_understand_is_seen(tmp_path: Path) -> None:
    copy = tmp_path / UNIT.name
    copy.write_text(f"[Service]\nExecStart={sys.executable}\nProtectSistem=strict\n", "utf-8")
    assert "ProtectSistem" in analyze("verify", "--man=no", str(copy)).stderr


@needs_systemd
def test_little_is_exposed() -> None:
    ended = analyze("security", "--offline=true", "--no-pager", str(UNIT))
    if "offline" in ended.stderr and ended.returncode:
        pytest.skip("this systemd can't judge a unit that is not loaded")
    match = re.search(r"Overall exposure level for matchday\.service: ([\d.]+)", ended.stdout)
    assert match, ended
    assert float(match[1]) <= MOST_EXPOSED, ended.stdout


def test_it_holds_what_it_must() -> None:
    expected = {
        "ProtectSystem": "strict", "ProtectHome": "yes", "NoNewPrivileges": "yes", "PrivateTmp": "yes", "PrivateDevices": "yes",
        "CapabilityBoundingSet": "", "StateDirectory": "matchday", "StateDirectoryMode": "0700", "UMask": "0077",
        "MemoryDenyWriteExecute": "yes", "Restart": "always", "StartLimitIntervalSec": "0",
    }  # fmt: skip
    assert {name: told(name) for name in expected} == {name: [value] for name, value in expected.items()}
    assert told("User") not in ([], ["root"])


def test_its_folders_are_the_bots() -> None:
    environment = dict(each.split("=", 1) for each in told("Environment"))
    assert environment["MATCHDAY_DATA_DIR"] == f"/var/lib/{told('StateDirectory')[0]}" == told("WorkingDirectory")[0]
    assert environment["MPLCONFIGDIR"] == f"/var/cache/{told('CacheDirectory')[0]}"
    settings = {field.alias or f"MATCHDAY_{name.upper()}" for name, field in Settings.model_fields.items()}
    assert {name for name in environment if name.startswith("MATCHDAY_")} <= settings
    assert "DISCORD_TOKEN" not in environment, "a unit is read by everyone; the token stands in a file of its own"
    assert told("EnvironmentFile") == ["/etc/matchday/env"]
