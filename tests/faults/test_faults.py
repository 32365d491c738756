"""Every fault in a size that fits: nothing is lost, nothing comes twice, and what can't be sent waits in the inbox."""

from pathlib import Path

import pytest

from tests.faults import discord_faults, disk, process_faults, storage_faults  # noqa: F401 - they enter their scenarios
from tests.faults.rig import Size
from tests.faults.scenario import SCENARIOS, run

SIZE = Size(count=60, seed=7, kills=2, outage_seconds=4)
QUICK = [each.name for each in SCENARIOS.values() if each.quick]


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the members' reminders are stored once for all scenarios."""
    return tmp_path_factory.mktemp("templates")


async def proven(name: str, tmp_path: Path, templates: Path) -> None:
    found = await run(SCENARIOS[name], SIZE, tmp_path / "scenario", templates)
    if found.skipped:
        pytest.skip(found.skipped)
    assert (found.lost, found.doubled, found.problems) == (0, 0, [])


@pytest.mark.parametrize("name", QUICK)
async def test_nothing_is_lost_and_nothing_comes_twice(name: str, tmp_path: Path, templates: Path) -> None:
    await proven(name, tmp_path, templates)


async def test_a_full_disk_where_no_small_one_can_be_mounted(tmp_path: Path, templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "_mounted", lambda *_: False)
    await proven("disk-full-at-mark", tmp_path, templates)
