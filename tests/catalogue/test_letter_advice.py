"""What is stated and advised about letters: whole, cited, and told as damaged where it is."""

import shutil
from pathlib import Path

import pytest

from bot.catalogue import check_data, load_catalogue
from bot.catalogue.letters import FACTS, letter_citations
from bot.catalogue.loading import DATA_FOLDER
from bot.domain.facts import Certainty


def test_every_text_names_its_sources_and_what_is_not_announced_where_to_confirm() -> None:
    advice = load_catalogue().letters
    assert all(citation.sources for citation in letter_citations(advice))
    unconfirmed = [name for name in FACTS if name != "follow_ups" and advice.facts[name].citation.certainty is not Certainty.ANNOUNCED]
    assert unconfirmed
    assert all(advice.facts[name].citation.confirm_at is not None for name in unconfirmed)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[fact.waiver]", "[fact.waver]", "letters.toml: fact.waiver is missing"),
        ("[warning.hesitant]", "[warning.template2]", "letters.toml: warning.template2"),
        ("[circumstance.gaps]", "[circumstance.attempts2]", "letters.toml: circumstance.attempts2"),
        ('sources = ["guide-bemo"]', 'sources = ["no-such"]', "source no-such does not exist"),
        ('specialties = ["surgery"]', 'specialties = ["surgey"]', "letters.toml: wish surgery-chair: surgey is no specialty held"),
        ('measure = "total"', 'measure = "sum"', "letters.toml: wish.0.measure"),
        ("at_least = 4", "at_least = 0", "letters.toml: wish.0.at_least"),
        ("as_of = 2026-11-22", "", "letters.toml: as_of"),
    ],
)
def test_damage_is_told(tmp_path: Path, old: str, new: str, problem: str) -> None:
    folder = shutil.copytree(DATA_FOLDER, tmp_path / "data", ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "letters.toml"
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    assert [each for each in check_data(folder).problems if problem in each]
