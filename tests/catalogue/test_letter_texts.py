"""The texts around a letter are held to their structure; what is broken is named."""

import shutil
from pathlib import Path

import pytest

from bot.catalogue import check_data
from bot.catalogue.catalogue import load_catalogue
from bot.catalogue.letter_texts import FILE, letter_text_citations
from bot.catalogue.loading import DATA_FOLDER
from bot.domain.facts import Certainty
from bot.domain.letter_drafts import DraftKind, PacketForm, TopicKey
from bot.errors import StartError

TEXTS = load_catalogue().letter_texts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(DATA_FOLDER, tmp_path / "data", ignore=shutil.ignore_patterns("__pycache__"))


def test_all_that_cards_name_is_there() -> None:
    assert set(TEXTS.drafts) == set(DraftKind)
    assert set(TEXTS.topics) == set(TopicKey)
    assert {item.key for item in TEXTS.packet} >= {
        "cv",
        "statement",
        "request_form",
        "summary",
        "strengths",
        "contact",
        "deadline",
        "portal",
    }
    assert len({habit.key for habit in TEXTS.habits}) == len(TEXTS.habits)


def test_every_text_names_where_it_was_read() -> None:
    for citation in letter_text_citations(TEXTS):
        assert citation.sources
        assert citation.as_of == TEXTS.as_of


def test_what_rests_on_no_source_says_so() -> None:
    for citation in letter_text_citations(TEXTS):
        if "commonly-stated" in {source.id for source in citation.sources}:
            assert citation.certainty is Certainty.ESTIMATED


def test_only_what_its_owner_states_is_announced() -> None:
    announced = {item.key for item in TEXTS.packet if item.usual.citation.certainty is Certainty.ANNOUNCED}
    assert announced == {"request_form", "portal"}
    assert {source.id for item in TEXTS.packet if item.key in announced for source in item.usual.citation.sources} == {"aamc-letters"}
    assert all(said.is_fact for item in TEXTS.packet if item.key in announced for said in (item.usual, *item.others.values()))


def test_the_forms_differ_where_the_services_do() -> None:
    differing = {form: {item.key for item in TEXTS.packet if form in item.others} for form in PacketForm}
    assert differing[PacketForm.NARRATIVE] == set()
    assert differing[PacketForm.STANDARDIZED] == {"request_form", "strengths", "portal"}
    assert differing[PacketForm.CARMS] == {"request_form", "deadline", "portal"}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            'sources = ["guide-bemo", "guide-letters", "temple',
            'sources = ["no-such", "temple',
            "topic hospital: source no-such does not exist",
        ),
        ("Dear {writer},", "Dear {doctor},", "draft mail: no field is called doctor"),
        ("[draft.thanks]", "[draft.gratitude]", "draft.gratitude"),
        ('key = "sold"', 'key = "paid"', "topic paid stands twice"),
        ('key = "sold"', 'key = "paid"', "topic sold is missing"),
        ('key = "team"', 'key = "time"', "habit time stands twice"),
        ('key = "statement"', 'key = "cv"', "packet cv stands twice"),
        ('text = "Asked a question', f'text = "{"W" * 100}', "at most 100 characters"),
        ("as_of = 2026-11-22", 'as_of = "soon"', "as_of"),
        ('key = "cost"', "key = cost", FILE),
    ],
)
def test_what_is_broken_is_named(folder: Path, old: str, new: str, problem: str) -> None:
    path = folder / FILE
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1) if old != "Dear {writer}," else content.replace(old, new), encoding="utf-8")
    assert any(problem in each for each in check_data(folder).problems)
    with pytest.raises(StartError):
        load_catalogue(folder)
