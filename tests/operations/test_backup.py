"""``matchday backup`` as it is called: where it may go, how many are kept, and what a dry run leaves."""

import asyncio
from pathlib import Path

import pytest

from tests.operations.conftest import Installation
from tests.support.databases import AMIRA, run_apart


def test_it_says_what_it_wrote_and_names_nobody(on_file: Installation) -> None:
    said = on_file.call("backup")
    assert said.code == 0
    (made,) = on_file.backups.iterdir()
    assert f"Wrote and verified {made}" in said.out
    assert "rows in" in said.out
    assert str(AMIRA) not in said.out + said.error
    assert on_file.backups.stat().st_mode & 0o777 == 0o700


def test_it_works_beside_a_running_bot(installed: Installation) -> None:
    async def beside(_house: object) -> object:
        return await asyncio.to_thread(installed.call, "backup")

    assert installed.inside(beside).code == 0  # type: ignore[attr-defined]


def test_a_dry_run_checks_and_writes_nothing(installed: Installation) -> None:
    said = installed.call("backup", "--dry-run", "--keep", "1")
    assert said.code == 0
    assert "Would write" in said.out
    assert list(installed.backups.iterdir()) == []


def test_only_the_newest_are_kept_and_nothing_else_is_touched(on_file: Installation) -> None:
    on_file.backups.mkdir()
    names = [f"matchday-2026010{day}T000000Z.backup" for day in range(1, 5)]
    for name in [*names, "matchday-2026.backup", "letter.txt"]:
        (on_file.backups / name).write_bytes(b"x")
    told = on_file.call("backup", "--dry-run", "--keep", "3").out
    assert [name for name in names if name in told] == names[:2]
    said = on_file.call("backup", "--keep", "3")
    assert said.code == 0
    left = sorted(path.name for path in on_file.backups.iterdir())
    assert left[:3] == ["letter.txt", "matchday-2026.backup", names[2]]
    assert [name for name in names[:2] if f"Deleted {on_file.backups / name}" in said.out] == names[:2]
    assert len(left) == 5


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--to", "data/x.backup"], "with the key file"),
        (["--to", "data/deeper/x.backup"], "with the key file"),
        (["--to", "no/such/folder/x.backup"], "no folder"),
        (["--to", "taken"], "already"),
        (["--to", "."], "already"),
        (["--to", "x.backup", "--keep", "3"], "don't go together"),
    ],
)
def test_where_it_may_not_go_is_said(on_file: Installation, arguments: list[str], sentence: str) -> None:
    Path("taken").write_bytes(b"a letter")
    said = on_file.call("backup", *arguments)
    assert said.code == 2
    assert sentence in said.error
    assert Path("taken").read_bytes() == b"a letter"


def test_without_a_place_it_asks_for_one(on_file: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MATCHDAY_BACKUP_DIR")
    said = on_file.call("backup")
    assert (said.code, "--to FILE" in said.error) == (2, True)


@pytest.mark.parametrize("keep", ["0", "-1", "many", "1.5"])
def test_a_number_that_is_none_is_refused(on_file: Installation, keep: str) -> None:
    with pytest.raises(SystemExit) as ended:
        run_apart(_exits(on_file, keep))
    assert ended.value.code == 2
    assert not on_file.backups.exists()


async def _exits(installed: Installation, keep: str) -> None:
    installed.call("backup", "--keep", keep)


def test_without_its_key_file_nothing_is_made(on_file: Installation) -> None:
    on_file.settings.keys.unlink()
    said = on_file.call("backup")
    assert (said.code, "is missing" in said.error) == (2, True)
    assert list(on_file.backups.iterdir()) == []


def test_a_damaged_erasure_log_is_said_and_the_backup_made(on_file: Installation) -> None:
    on_file.erase(AMIRA)
    on_file.settings.erasures.write_bytes(on_file.settings.erasures.read_bytes().replace(b'"step"', b'"stop"'))
    said = on_file.call("backup")
    assert said.code == 0
    assert "damaged" in said.error
