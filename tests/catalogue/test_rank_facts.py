"""What is held about the rank order list: complete, cited, and damage named instead of passed on."""

import shutil
from pathlib import Path

import pytest

from bot.catalogue.catalogue import load_catalogue
from bot.catalogue.loading import DATA_FOLDER, load
from bot.catalogue.rank_list import FACTS, FILE, load_rank_list, rank_citations
from bot.domain.facts import Certainty
from tests.support.markets import PRINTED, VIDEO

HELD = load_catalogue().rank_list


def test_nrmps_worked_examples_are_those_that_the_algorithm_is_tested_with() -> None:
    assert {name: each.market for name, each in HELD.examples.items()} == {"video": VIDEO, "printed": PRINTED}


def test_every_fact_that_a_card_names_is_there_and_cited() -> None:
    assert set(HELD.facts) == set(FACTS)
    for citation in rank_citations(HELD):
        assert citation.sources
        assert (citation.certainty is Certainty.ANNOUNCED) == (citation.confirm_at is None)


def test_the_numbers_are_those_of_the_fact() -> None:
    text = HELD.facts["codes"].text
    for number in (HELD.fees.codes_included, HELD.fees.extra_code, HELD.fees.long_list, HELD.fees.most_ranks):
        assert f" {number} " in text


@pytest.mark.parametrize(
    ("whole", "damaged", "said"),
    [
        ("[fact.binding]", "[fact.bound]", "fact.binding is missing"),
        ('sources = ["nrmp-waivers"]', 'sources = ["nobody"]', "fact.binding: source nobody does not exist"),
        ('confirm_at = "nrmp-calendars"\n', "", "fact.codes: is not announced and says not where to confirm it"),
        ('Arthur = ["City"]', 'Arthur = ["City", "City"]', "example.video: the list of Arthur names somebody twice"),
        ('Arthur = ["City"]', 'Arthur = ["Nowhere"]', "example.video: the list of Arthur names somebody who does not take part"),
        ("extra_code = 30", "extra_code = -1", "fees.extra_code"),
        ("as_of = 2026-11-22", "as_of = ", "rank_list.toml: "),
    ],
)
def test_damage_is_named(tmp_path: Path, whole: str, damaged: str, said: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA_FOLDER, folder)
    content = (folder / FILE).read_text(encoding="utf-8")
    assert whole in content
    (folder / FILE).write_text(content.replace(whole, damaged, 1), encoding="utf-8")
    loaded = load(folder)
    load_rank_list(folder, loaded)
    assert [problem for problem in loaded.problems if said in problem], loaded.problems
