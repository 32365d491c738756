"""Answers of a server beside the record: found by their words, while the record's are found as without them."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue.catalogue import load_catalogue
from bot.domain.faq import FaqTopic
from bot.domain.server_faq import TOPIC, EntryState, ServerEntry

FAQ = load_catalogue().faq


def own(entry_id: str, title: str, text: str) -> Any:
    return ServerEntry(entry_id, 7, EntryState.KEPT, 0, datetime(2026, 11, 22, tzinfo=UTC), title=title, text=text).as_answer()


OWN = (
    own("meet", "When does our study circle meet?", "On Tuesdays at 19:00 Eastern."),
    own("mock", "Mock interviews with alumni", "Write to the team in the lounge channel."),
    own("plab", "PLAB study partners", "Ask in the channel of those who go to the United Kingdom."),
)
BESIDE = FAQ.index.beside(FaqTopic(TOPIC, "", OWN))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("study circle", "own-meet"),
        ("when is the study cirlce", "own-meet"),
        ("mock interview alumni", "own-mock"),
        ("plab partners", "own-plab"),
    ],
)
def test_own_answers_are_found_by_loose_wording(typed: str, found: str) -> None:
    result = BESIDE.find(typed)
    assert result.fits
    assert result.answers[0].id == found


def test_the_record_is_found_as_without_them() -> None:
    every = tomllib.loads((Path(__file__).parent / "faq_queries.toml").read_text(encoding="utf-8"))
    asked = [str(query) for query in texts_in(every)]
    assert len(asked) > 100
    changed = [query for query in asked if first_of(FAQ.index.find(query)) != first_of(BESIDE.find(query))]
    assert len(changed) <= len(asked) // 100


def texts_in(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts_in(each)]
    return [text for each in value for text in texts_in(each)] if isinstance(value, list) else []


def first_of(found: Any) -> tuple[str, bool]:
    return (found.answers[0].id if found.answers else "", found.fits)


def test_what_is_urgent_goes_before_them() -> None:
    words = next(iter(FAQ.terms.urgent))
    beside = FAQ.index.beside(FaqTopic(TOPIC, "", (own("x", " ".join(words), "Be strong."),)))
    assert beside.find(" ".join(words)).answers[0].id == FAQ.terms.urgent[words]


def test_the_index_of_the_record_is_left_as_it_was() -> None:
    assert "own-meet" not in {each.id for each in FAQ.index.find("study circle").answers}
    assert not FAQ.index.find("plab partners").fits
