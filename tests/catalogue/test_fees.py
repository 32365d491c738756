"""The fees that are held: complete, cited, and damage named instead of passed on."""

import shutil
from pathlib import Path

import pytest

from bot.catalogue.catalogue import load_catalogue
from bot.catalogue.fees import FILE, ITEMS, load_fees
from bot.catalogue.loading import DATA_FOLDER, load

CATALOGUE = load_catalogue()
FEES = CATALOGUE.fees
SPECIALTIES = {each.id for each in CATALOGUE.figures.specialties}


def test_every_fee_that_a_reckoning_names_has_an_amount_with_its_source_or_says_where_to_ask() -> None:
    assert set(FEES.items) == set(ITEMS)
    for each in FEES.items.values():
        assert (each.amount is None) == (each.citation is None) == (each.ask is not None)
        assert each.citation is None or each.citation.sources


def test_an_amount_stands_in_the_words_of_its_fact() -> None:
    for name, each in FEES.items.items():
        if each.amount is not None:
            assert each.citation in CATALOGUE.faq.facts.values()
            held = (DATA_FOLDER / "faq" / "facts.toml").read_text(encoding="utf-8").replace(",", "")
            assert f"{each.amount}" in held, name


@pytest.mark.parametrize(
    ("whole", "damaged", "said"),
    [
        ("[item.token]", "[item.tokens]", "item.token is missing"),
        ("[item.token]", "[item.tokens]", "nothing reckons with item.tokens"),
        ('fact = "token-fee"', 'fact = "nobody"', "no fact nobody in faq/facts.toml"),
        ('fact = "token-fee"', "", "an amount stands with its fact"),
        ('ask = "carms-r1"', 'ask = "nobody"', "source nobody does not exist"),
        ("{ up_to = 30, each = 11 }, { each = 30 }", "{ each = 30 }, { up_to = 30, each = 11 }", "the last one alone has no end"),
        ("{ up_to = 30, each = 11 }", "{ up_to = 30, each = 11, at_once = 11 }", "either each or at_once"),
        ('["emergency-med"]', '["alchemy"]', "no specialty alchemy"),
        ("amount = 165", "amount = 0", "amount"),
    ],
)
def test_damage_is_named(tmp_path: Path, whole: str, damaged: str, said: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA_FOLDER, folder)
    text = (folder / FILE).read_text(encoding="utf-8")
    assert whole in text
    (folder / FILE).write_text(text.replace(whole, damaged), encoding="utf-8")
    loaded = load(folder)
    load_fees(folder, loaded, CATALOGUE.faq, SPECIALTIES)
    assert any(said in each for each in loaded.problems), loaded.problems
