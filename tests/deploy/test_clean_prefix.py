"""The bot installed into a prefix of its own, from the files that are delivered, and started there by a user who may write one folder."""

import asyncio
import csv
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.waiting import wait_for

ROOT = Path(__file__).parents[2]
SHIPPED = ("bot", "cogs", "migrations")
NOT_SHIPPED = {"migrations/script.py.mako"}
"""What a new version of the database is written from, by those who work on the bot."""
NOBODY = 65534
START_SECONDS = 20.0
PR_SET_MDWE, REFUSE_EXEC_GAIN = 65, 1

pytestmark = pytest.mark.xdist_group("clean-prefix")


@dataclass(frozen=True, slots=True)
class Prefix:
    """Hold where it was installed."""

    folder: Path

    @property
    def command(self) -> Path:
        return self.folder / "bin/matchday"

    @property
    def packages(self) -> Path:
        (found,) = (self.folder / "lib").glob("python3*/site-packages")
        return found

    def files(self) -> set[str]:
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*")}


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Give a folder that everybody may enter: pytest's own are closed to other users."""
    folder = Path(tempfile.mkdtemp(prefix="matchday-prefix-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def interpreter() -> str:
    """Return an interpreter of this version, one that any user may start where there is one: a developer's own may lie in a closed home."""
    candidates = [sys.executable, f"/usr/bin/python3.{sys.version_info.minor}", f"/usr/local/bin/python3.{sys.version_info.minor}"]
    for each in candidates if os.name == "posix" and os.geteuid() == 0 else []:
        try:
            subprocess.run([each, "-c", ""], user=NOBODY, group=NOBODY, extra_groups=[], cwd="/", check=True, timeout=20)
        except (OSError, subprocess.CalledProcessError):
            continue
        return each
    return sys.executable


@pytest.fixture(scope="module")
def prefix(place: Path) -> Prefix:
    """Install it as the image and the documents do, with the libraries of the environment that the tests run in: no network is asked."""
    source = place / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in SHIPPED:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    made = Prefix(place / "prefix")
    subprocess.run([interpreter(), "-m", "venv", "--without-pip", str(made.folder)], check=True, timeout=60)
    (made.packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    install = [str(made.folder / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
    options = ["--no-deps", "--no-build-isolation", "--ignore-installed", "."]
    ended = subprocess.run([*install, *options], cwd=source, env=clean, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    shutil.rmtree(source)
    return made


def tracked() -> set[str]:
    """Return every file of the packages that git knows; without git, every file that is no product of running."""
    git = shutil.which("git")
    if git is not None and (ROOT / ".git").exists():
        listed = subprocess.run([git, "ls-files", *SHIPPED], cwd=ROOT, capture_output=True, text=True, check=True)
        return {name for name in listed.stdout.splitlines() if (ROOT / name).exists()}
    return {
        path.relative_to(ROOT).as_posix()
        for name in SHIPPED
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_everything_that_is_kept_is_installed(prefix: Prefix) -> None:
    (record,) = prefix.packages.glob("matchday-*.dist-info/RECORD")
    with record.open(encoding="utf-8", newline="") as lines:
        installed = {row[0] for row in csv.reader(lines)}
    code = {name for name in installed if name.startswith(tuple(f"{each}/" for each in SHIPPED)) and "__pycache__" not in name}
    assert tracked() - code == NOT_SHIPPED
    assert code - tracked() == set()
    assert "../../../bin/matchday" in installed
    assert any(name.endswith("/LICENSE") for name in installed)


needs_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may become another user")


@pytest.fixture
def data(place: Path) -> Iterator[Path]:
    """Give the one folder that the user may write."""
    folder = place / "data"
    folder.mkdir(mode=0o700)
    os.chown(folder, NOBODY, NOBODY)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def environment(data: Path) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        "MATCHDAY_DATA_DIR": str(data),
        "MATCHDAY_SANDBOX_PORT": "0",
        "MPLCONFIGDIR": str(data / "fonts"),
    }


def _no_new_code() -> None:
    """Refuse memory that can be written and run, as the unit's MemoryDenyWriteExecute does; a kernel before 6.3 ignores it."""
    ctypes.CDLL(None).prctl(PR_SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0)


async def begun(prefix: Prefix, data: Path, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        str(prefix.command), *arguments,
        cwd="/", env=environment(data), user=NOBODY, group=NOBODY, extra_groups=[], umask=0o077, preexec_fn=_no_new_code,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip


async def told(prefix: Prefix, data: Path, *arguments: str) -> tuple[int | None, str]:
    process = await begun(prefix, data, *arguments)
    out, _ = await asyncio.wait_for(process.communicate(), START_SECONDS)
    return process.returncode, out.decode()


@pytest.fixture
async def reachable(prefix: Prefix, data: Path) -> None:
    """Skip where the interpreter or its libraries lie where no other user may look."""
    try:
        code, out = await told(prefix, data, "--help")
    except PermissionError as error:
        pytest.skip(f"another user can't start this interpreter: {error}")
    if "Permission denied" in out or "PermissionError" in out or "No module named" in out:
        pytest.skip(f"another user can't read the libraries of this environment: {out[-200:]}")
    assert code == 0, out


@needs_root
@pytest.mark.usefixtures("reachable")
async def test_it_runs_where_only_its_data_can_be_written(prefix: Prefix, data: Path) -> None:
    before = prefix.files()
    code, out = await told(prefix, data, "data", "check")
    assert (code, " 0 problems" in out) == (0, True), out
    code, out = await told(prefix, data, "health")
    assert (code, "is not running" in out) == (1, True), out

    process = await begun(prefix, data, "run")
    try:

        async def is_well() -> bool:
            assert process.returncode is None, (await process.stdout.read()).decode() if process.stdout else ""
            return (await told(prefix, data, "health"))[0] == 0

        await wait_for(is_well, START_SECONDS, pause=0.2)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
    out, _ = await asyncio.wait_for(process.communicate(), START_SECONDS)
    assert process.returncode == 0, out.decode()
    assert "Traceback" not in out.decode()

    assert prefix.files() == before, "something was written beside the program"
    kept = {path.name: path.stat() for path in data.iterdir()}
    assert {"matchday.sqlite3", "matchday.key", "served", "commands.sha256"} <= set(kept)
    assert "heartbeat.json" not in kept, "what ended in order leaves no sign of life"
    assert {each.st_uid for each in kept.values()} == {NOBODY}
    assert {name for name, each in kept.items() if each.st_mode & 0o077} == set(), "somebody else may read it"
