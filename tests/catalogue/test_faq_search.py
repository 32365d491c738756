"""Finding an answer: by other people's words, through typing errors, fast, and honest where nothing fits."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from bot.catalogue.catalogue import load_catalogue

FAQ = load_catalogue().faq
INDEX = FAQ.index
FILE = tomllib.loads((Path(__file__).parent / "faq_queries.toml").read_text(encoding="utf-8"))
QUERIES: list[dict[str, Any]] = FILE["query"]
NONE: list[dict[str, Any]] = FILE["none"]
COPIED = 90
"""Above this likeness a query is another wording's copy."""


def found(query: dict[str, Any]) -> bool:
    """Tell whether a member sees the answer at once: the best one, or one of the two buttons beside it."""
    result = INDEX.find(query["text"], 3)
    return result.fits and any(answer.id in query["answers"] for answer in result.answers)


def share(queries: list[dict[str, Any]]) -> float:
    return sum(map(found, queries)) / len(queries)


def said_none(queries: list[dict[str, Any]]) -> float:
    return sum(not INDEX.find(query["text"]).fits for query in queries) / len(queries)


def test_the_queries_are_many_and_ask_for_answers_that_exist() -> None:
    assert len(QUERIES) >= 120
    assert len(NONE) >= 15
    assert len({query["text"] for query in (*QUERIES, *NONE)}) == len(QUERIES) + len(NONE)
    assert {answer for query in QUERIES for answer in query["answers"]} <= FAQ.answers.keys()
    assert sum(bool(query.get("held")) for query in QUERIES) >= 60


def test_no_query_is_copied_from_a_wording() -> None:
    wordings = [wording for answer in FAQ.answers.values() for wording in (answer.question, *answer.wordings)]
    assert [query["text"] for query in QUERIES if any(fuzz.ratio(query["text"].lower(), each.lower()) > COPIED for each in wordings)] == []


def test_nine_in_ten_find_theirs_among_the_first_three() -> None:
    assert share(QUERIES) >= 0.9
    assert share([query for query in QUERIES if query.get("held")]) >= 0.9


def test_the_misses_are_those_that_are_known() -> None:
    assert [query["text"] for query in QUERIES if not found(query)] == [query["text"] for query in QUERIES if query.get("missed")]


def test_what_is_not_held_finds_nothing() -> None:
    assert said_none(NONE) >= 0.9


def test_what_is_held_is_seldom_said_to_be_missing() -> None:
    assert said_none(QUERIES) <= 0.05


def test_the_false_answers_are_those_that_are_known() -> None:
    answered = [query["text"] for query in NONE if INDEX.find(query["text"]).fits]
    assert answered == [query["text"] for query in NONE if query.get("answered")]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("ROL deadline", "rank-certify"),
        ("lor", "lor-count"),
        ("recomendation leters", "lor-count"),
        ("usce", "usce"),
        ("J-1", "j1"),
        ("H1B", "h1b"),
        ("Y.O.G.", "old-graduate"),
        ("soap eligibilty", "soap-eligible"),
        ("mspe", "mspe"),
        ("nac", "carms-exams"),
        ("ROS", "return-of-service"),
        ("212(e)", "two-year-rule"),
    ],
)
def test_the_fields_abbreviations_and_errors_are_read(typed: str, wanted: str) -> None:
    result = INDEX.find(typed)
    assert wanted in [answer.id for answer in result.answers]
    assert result.fits


@pytest.mark.parametrize(
    "typed",
    [
        "I want to kill myself",
        "didn't match, can\u2019t go on",
        "im suicidal and soap is tomorrow",
        "what is the rol deadline, i dont want to live",
        "SELF-HARM",
        "i wish i was dead",
    ],
)
def test_who_speaks_of_harm_is_answered_by_that_and_nothing_else(typed: str) -> None:
    result = INDEX.find(typed)
    assert result.fits
    assert [answer.id for answer in result.answers] == ["in-crisis"]
    assert [answer.id for answer in INDEX.suggest(typed)] == ["in-crisis"]


@pytest.mark.parametrize("typed", ["visa", "ending my application", "can i go on with step 3", "i live in cairo", "harm in applying twice"])
def test_other_words_still_find_other_answers(typed: str) -> None:
    assert [answer.id for answer in INDEX.find(typed).answers] != ["in-crisis"]


@pytest.mark.parametrize("typed", ["", " ", "???", "\u200b", "😀" * 50, "the of and", "x", "\x00", "qwrtzp " * 100])
def test_nothing_legible_fits_nothing(typed: str) -> None:
    assert not INDEX.find(typed).fits


@pytest.mark.parametrize("answer", list(FAQ.answers.values()), ids=lambda each: each.id)
def test_a_question_and_an_id_find_their_own_answer(answer: Any) -> None:
    for typed in (answer.id, answer.question, answer.question.lower().rstrip("?")):
        result = INDEX.find(typed)
        assert result.fits
        assert result.answers[0] is answer


def test_suggestions_begin_with_one_of_each_topic() -> None:
    first = INDEX.suggest("")
    assert len(first) == 25
    assert {answer.topic for answer in first} == {topic.id for topic in FAQ.topics}


@pytest.mark.parametrize(
    ("typed", "wanted"), [("certif", "certification-parts"), ("how many sig", "signals-count"), ("j-1 wai", "j1-waiver")]
)
def test_suggestions_read_an_unfinished_word(typed: str, wanted: str) -> None:
    assert wanted in [answer.id for answer in INDEX.suggest(typed)[:5]]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_any_text_gives_a_result_within_limits(text: str) -> None:
    assert len(INDEX.find(text, 3).answers) <= 3
    assert len(INDEX.suggest(text)) <= 25
    assert len({answer.id for answer in INDEX.suggest(text)}) == len(INDEX.suggest(text))
