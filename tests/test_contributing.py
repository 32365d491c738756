"""The worked examples of CONTRIBUTING.md, done as they say: a command, a fact and a season."""

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import bot.domain
import cogs
from bot.catalogue.catalogue import load_catalogue
from bot.catalogue.check import check_data
from bot.catalogue.loading import DATA_FOLDER
from bot.client import MatchdayClient
from bot.domain.facts import Certainty
from bot.domain.member import Country
from tests.cogs.conftest import World, catalogue, house, simcord_bot, world

__all__ = ["catalogue", "house", "simcord_bot", "world"]

PAGE = Path(__file__).resolve().parents[1] / "CONTRIBUTING.md"
SHOWN = re.compile(r"`(?P<file>\w+/[\w/.]+)`[^`]*?:\n\n```(?:python|toml)\n(?P<code>.*?)```", re.DOTALL)
EXAMPLES = {found["file"]: found["code"] for found in SHOWN.finditer(PAGE.read_text(encoding="utf-8"))}
APPENDED = ("bot/data/sources.toml", "bot/data/faq/facts.toml", "bot/data/faq/applications.toml")


def test_every_example_is_found() -> None:
    assert EXAMPLES.keys() == {
        "bot/domain/spans.py", "cogs/howlong.py", "tests/cogs/test_howlong.py", *APPENDED, "bot/data/seasons/2029.toml",
    }  # fmt: skip


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Write the example's modules beside the real ones, for the time of a test."""
    for name in ("bot/domain/spans.py", "cogs/howlong.py", "tests/cogs/test_howlong.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(EXAMPLES[name], encoding="utf-8")
    monkeypatch.setattr(bot.domain, "__path__", [*bot.domain.__path__, str(tmp_path / "bot/domain")])
    monkeypatch.setattr(cogs, "__path__", [*cogs.__path__, str(tmp_path / "cogs")])
    return tmp_path


async def test_the_command_does_what_its_own_test_says(written: Path, world: World, simcord_bot: MatchdayClient) -> None:
    await simcord_bot.load_extension("cogs.howlong")
    await simcord_bot.tree.sync()
    names: dict[str, object] = {}
    code = (written / "tests/cogs/test_howlong.py").read_text(encoding="utf-8")
    exec(compile(code, "test_howlong.py", "exec"), names)  # noqa: S102 - the page's own words
    told, refused = names["test_the_days_between_two_dates_are_told_with_both_sources"], names["test_a_date_that_is_none_says_what_to_type"]
    (mark,) = told.pytestmark  # type: ignore[attr-defined]
    for values in mark.args[1]:
        await told(world, *values)  # type: ignore[operator]
    await refused(world)  # type: ignore[operator]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Copy the facts and do to them what the page says."""
    folder = tmp_path / "data"
    shutil.copytree(DATA_FOLDER, folder)
    for name in APPENDED:
        with (folder / name.removeprefix("bot/data/")).open("a", encoding="utf-8") as file:
            file.write("\n" + EXAMPLES[name])
    (folder / "seasons/2029.toml").write_text(EXAMPLES["bot/data/seasons/2029.toml"], encoding="utf-8")
    return folder


def test_the_facts_hold_with_the_fee_and_the_season(data: Path) -> None:
    before, after = check_data(), check_data(data)
    assert after.problems == ()
    assert sum(each.facts for each in after.ages) - sum(each.facts for each in before.ages) == 1 + 4


def test_the_fee_is_found_by_who_asks_for_it(data: Path) -> None:
    faq = load_catalogue(data).faq
    assert faq.facts["example-fee"].as_of == date(2026, 12, 1)
    assert faq.index.find("what does the example cost").answers[0].id == "example-fee"


def test_the_season_is_offered_with_what_is_not_known(data: Path) -> None:
    held = load_catalogue(data)
    assert held.years[-1] == 2029
    assert [season.year for season in held.seasons(Country.UNITED_STATES)][-1] == 2029
    deadline = held.event("us-2029-rank-list-deadline")
    assert deadline is not None
    assert deadline.citation.certainty is Certainty.ESTIMATED
    unknown = held.event("ca-2029-carms-first-deadline")
    assert unknown is not None
    assert unknown.at is None
