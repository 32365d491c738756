"""The checklists of the way: damage is named instead of passed on."""

import shutil
from pathlib import Path

import pytest

from bot.catalogue.catalogue import load_catalogue
from bot.catalogue.journey import FOLDER, load_journey
from bot.catalogue.loading import DATA_FOLDER, load
from bot.catalogue.preparation import FILE as PREPARATION
from bot.catalogue.preparation import load_preparation

CATALOGUE = load_catalogue()


@pytest.mark.parametrize(
    ("file", "whole", "damaged", "said"),
    [
        ("steps", 'key = "step-step1"', 'key = "step-step2"', "step-step2 stands twice"),
        ("steps", 'sources = ["usmle-step1"', 'cites = ["rule:nothing"]\nsources = ["usmle-step1"', "one of the three"),
        (
            "steps",
            'sources = ["ecfmg-school-policy", "wfme-ecfmg"]\ncertainty = "announced"',
            'cites = ["rule:nothing"]',
            "rule:nothing does not",
        ),
        ("steps", 'derived = "school"', 'derived = "stars"', "nothing is read from stars"),
        ("steps", '"us-rank-list-deadline"', '"us-never"', "no event is called us-never"),
        ("visa", 'confirm_at = "ecfmg-consulate"', "", "says not where to confirm it"),
        ("exams", 'sources = ["usmle-preparation"]', 'sources = ["nobody"]', "source nobody does not exist"),
        ("exams", 'certainty = "announced"', "", "certainty stands beside sources"),
        ("documents", 'countries = ["us"]', 'countries = ["us"]\nadvice = true', "one of the three"),
        ("arrival", 'who = ["j1"]', 'who = ["everybody"]', "who"),
    ],
)
def test_damage_is_named(tmp_path: Path, file: str, whole: str, damaged: str, said: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA_FOLDER, folder)
    path = folder / FOLDER / f"{file}.toml"
    text = path.read_text(encoding="utf-8")
    assert whole in text
    path.write_text(text.replace(whole, damaged, 1), encoding="utf-8")
    loaded = load(folder)
    load_journey(folder, loaded, CATALOGUE.rules, CATALOGUE.faq, CATALOGUE.letters)
    assert any(said in each for each in loaded.problems), loaded.problems


@pytest.mark.parametrize(
    ("whole", "damaged", "said"),
    [
        ('key = "story"', 'key = "read"', "read stands twice"),
        ("[draft.update]", "[draft.news]", "draft.update is missing"),
        ("{program} fits", "{hospital} fits", "no placeholder is called hospital"),
        ('phase = "early"', 'phase = "soon"', "phase"),
    ],
)
def test_damage_of_what_to_prepare_is_named(tmp_path: Path, whole: str, damaged: str, said: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA_FOLDER, folder)
    path = folder / PREPARATION
    text = path.read_text(encoding="utf-8")
    assert whole in text
    path.write_text(text.replace(whole, damaged, 1), encoding="utf-8")
    loaded = load(folder)
    load_preparation(folder, loaded)
    assert any(said in each for each in loaded.problems), loaded.problems
