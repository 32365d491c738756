"""The answers of ``/faq`` as data: cited, no two alike, short enough, no promises; damage is told."""

import re
import shutil
import tomllib
from itertools import combinations
from pathlib import Path

import pytest
from rapidfuzz import fuzz

from bot.catalogue.catalogue import load_catalogue
from bot.catalogue.check import check_data
from bot.catalogue.faq import MOST_TEXT
from bot.catalogue.loading import DATA_FOLDER
from bot.domain.facts import Certainty
from bot.domain.faq import AnswerKind, FaqAnswer
from bot.domain.letter_drafts import TopicKey
from bot.errors import StartError
from tests.cogs.test_help import COMMAND

CATALOGUE = load_catalogue()
FAQ = CATALOGUE.faq
ANSWERS = list(FAQ.answers.values())
CITED = [answer for answer in ANSWERS if answer.cites]
ALIKE_QUESTIONS, ALIKE_TEXTS = 85, 75
"""Above this likeness, words in any order, two of them are one."""
FACTS = tomllib.loads((DATA_FOLDER / "faq" / "facts.toml").read_text(encoding="utf-8"))
NUMBER = re.compile(r"\d[\d,.:]*\d")
PROMISES = re.compile(
    r"\b(you will match|will surely|certain to|guaranteed to|always works|never fails|secret|trick|hack)\b", re.IGNORECASE
)


def test_there_are_enough_and_no_topic_outgrows_a_select() -> None:
    assert len(ANSWERS) >= 60
    assert len(FAQ.topics) <= 25
    assert all(len(topic.answers) <= 25 for topic in FAQ.topics)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda each: each.id)
def test_each_says_what_it_rests_on(answer: FaqAnswer) -> None:
    if answer.kind is AnswerKind.FACT:
        assert answer.citations or answer.dates
    assert len(answer.citations) + len(answer.dates) == len(answer.cites), answer.cites
    assert (answer.certainty is not None) == bool(answer.cites)
    assert all(citation.sources for citation in answer.citations)
    assert f"{answer.as_of:%Y-%m-%d}" == "2026-11-22"


@pytest.mark.parametrize("answer", CITED, ids=lambda each: each.id)
def test_each_date_that_is_cited_stands_in_the_current_season(answer: FaqAnswer) -> None:
    assert [key for country, key in answer.dates if CATALOGUE.event(f"{country}-2027-{key}") is None] == []


@pytest.mark.parametrize("answer", CITED, ids=lambda each: each.id)
def test_none_is_called_surer_than_what_it_cites(answer: FaqAnswer) -> None:
    sure = list(Certainty)
    assert answer.certainty is not None
    assert all(sure.index(answer.certainty) >= sure.index(citation.certainty) for citation in answer.citations)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda each: each.id)
def test_each_is_calm_and_short(answer: FaqAnswer) -> None:
    assert len(answer.text) <= MOST_TEXT
    assert answer.question.endswith("?")
    assert "!" not in answer.text
    assert PROMISES.search(answer.text) is None
    assert answer.id not in answer.related


def test_no_two_are_alike() -> None:
    alike = [
        (one.id, other.id)
        for one, other in combinations(ANSWERS, 2)
        if fuzz.token_sort_ratio(one.question, other.question) > ALIKE_QUESTIONS
        or fuzz.token_sort_ratio(one.text, other.text) > ALIKE_TEXTS
    ]
    assert alike == []


def test_no_wording_stands_with_two_answers() -> None:
    wordings = [wording.casefold() for answer in ANSWERS for wording in (answer.question, *answer.wordings)]
    assert sorted({each for each in wordings if wordings.count(each) > 1}) == []


def test_every_answer_can_be_reached_from_another() -> None:
    assert {answer.id for answer in ANSWERS} - {each for answer in ANSWERS for each in answer.related} <= STARTING_POINTS


STARTING_POINTS = {"advisor", "carms-interviews"}
"""Read first, and after nothing in particular."""


def test_figures_of_the_record_are_those_that_answers_state() -> None:
    """A figure in a text is a copy: it has to move with the record."""
    rates = {(rate.year, str(rate.group)): rate for rate in CATALOGUE.figures.match_rates}
    said = FAQ.answers["match-rates"].text
    for group in ("us-img", "non-us-img"):
        newest, before = rates[2026, group], rates[2025, group]
        assert f"{newest.percent:.1f} % ({newest.matched:,} of {newest.active:,}" in said
        assert f"{before.percent:.1f} %" in said
    lengths = {(each.year, str(each.group)): each for each in CATALOGUE.figures.rank_list_lengths}
    said = FAQ.answers["rank-length"].text
    for group in ("us-img", "non-us-img"):
        assert f"{lengths[2025, group].mean_matched:g}" in said
        assert f"{lengths[2025, group].mean_unmatched:g}" in said
    said = FAQ.answers["img-specialties"].text
    shown = {cite.removeprefix("specialty:") for cite in FAQ.answers["img-specialties"].cites}
    for specialty in CATALOGUE.figures.specialties:
        if specialty.id in shown:
            assert specialty.latest is not None
            assert specialty.latest.img_share is not None
            assert f"{specialty.name.lower()} {100 * specialty.latest.img_share:.1f} %" in said.lower()


@pytest.mark.parametrize("answer", CITED, ids=lambda each: each.id)
def test_every_number_stands_in_a_fact_that_is_cited(answer: FaqAnswer) -> None:
    """A number of two digits or more that no cited fact states would be an invented figure."""
    told = " ".join(text for cite in answer.cites for text in texts_of(cite))
    assert [number for number in NUMBER.findall(answer.text) if number not in set(NUMBER.findall(told))] == []


def texts_of(cite: str) -> list[str]:
    """Return what a cited fact states."""
    scheme, _, name = cite.partition(":")
    figures = CATALOGUE.figures
    if scheme == "fact":
        return [FACTS[name]["text"], FACTS[name].get("note", "")]
    if scheme == "rule":
        rule = CATALOGUE.rules[name]
        return [rule.text, rule.changes, *rule.guides, rule.next, rule.otherwise, rule.citation.note]
    if scheme == "date":
        country, _, key = name.partition("-")
        event = CATALOGUE.event(f"{country}-2027-{key}")
        assert event is not None
        return [event.name, event.meaning, event.citation.note, f"{event.at.local:%H:%M %B %-d %Y}" if event.at else ""]
    if scheme in ("specialty", "signals"):
        specialty = figures.specialty(name)
        assert specialty is not None
        share = (
            [f"{specialty.latest.year} {100 * specialty.latest.img_share:.1f}"] if specialty.latest and specialty.latest.img_share else []
        )
        return [*(f"{each.year} {each.text}" for each in specialty.signals), *share]
    if scheme == "rates":
        return [f"{each.year} {each.percent:.1f} {each.matched or 0:,} {each.active or 0:,}" for each in figures.match_rates]
    if scheme == "ranks":
        return [f"{each.year} {each.mean_matched:g} {each.mean_unmatched:g}" for each in figures.rank_list_lengths]
    return texts_on_letters(scheme, name)


def texts_on_letters(scheme: str, name: str) -> list[str]:
    """Return what a cited text on letters says; drafts state no fact."""
    if scheme == "letters":
        return [CATALOGUE.letters.facts[name].text]
    return list(CATALOGUE.letter_texts.topics[TopicKey(name)].lines) if scheme == "letter-topic" else []


def test_the_commands_that_answers_name_exist() -> None:
    readme = (DATA_FOLDER.parents[1] / "README.md").read_text(encoding="utf-8")
    named = {(first, second) for answer in ANSWERS for first, second in COMMAND.findall(answer.text)}
    assert {
        f"/{first} {second}" for first, second in named if f"`/{first} {second}`" not in readme and f"`/{first}`" not in readme
    } == set()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the data that a test may damage."""
    return shutil.copytree(DATA_FOLDER, tmp_path / "data", ignore=shutil.ignore_patterns("__pycache__"))


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("certification.toml", '"rule:us-oet"', '"rule:us-toefl"', "faq/certification.toml: oet: rule:us-toefl does not exist"),
        ("certification.toml", "date:us-residency-starts", "date:us-summer", "certificate-when: date:us-summer does not exist"),
        ("certification.toml", '["pathways", "certification-parts"]', '["nowhere"]', "no answer nowhere"),
        ("certification.toml", 'related = ["oet", "step2-cs"', 'related = ["pathways", "step2-cs"', "pathways: is related to itself"),
        ("certification.toml", "[answer.oet]", "[answer.step1]", "faq: step1 stands twice"),
        ("exams.toml", 'certainty = "expected"', 'certainty = "announced"', "is called announced and rests on what is expected"),
        ("exams.toml", 'cites = ["rule:us-seven-years"]', "cites = []", "an answer that cites nothing says so by its kind"),
        ("matchday.toml", 'kind = "use"', 'kind = "use"\ncertainty = "announced"', "certainty and cites go together"),
        ("match.toml", 'text = "Yes, until', f'text = "{"x" * 900}', "at most 900 characters"),
        ("facts.toml", '"aamc-fees-2026"', '"aamc-fees"', "eras-fees: source aamc-fees does not exist"),
        (
            "facts.toml",
            "[lock]",
            '[spare]\ntext = "x"\ncertainty = "announced"\nsources = ["nrmp-soap"]\n\n[lock]',
            "spare: no answer cites it",
        ),
        ("facts.toml", "as_of = 2026-11-22", "", "faq/facts.toml: as_of is missing"),
        ("terms.toml", '"token", "tokens"', '"token", "visa"', "visa stands with token and with visa"),
        ("terms.toml", "in-crisis = [", "in-need = [", "faq/terms.toml: no answer in-need"),
        ("terms.toml", '"access code"', '"one two three four five six"', "has more than 5 words"),
    ],
)
def test_damage_is_told(folder: Path, file: str, old: str, new: str, problem: str) -> None:
    path = folder / "faq" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(problem in found for found in check_data(folder).problems), check_data(folder).problems


def test_damaged_answers_are_refused_when_first_asked_for(folder: Path) -> None:
    path = folder / "faq" / "facts.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("as_of = 2026-11-22", "", 1), encoding="utf-8")
    catalogue = load_catalogue(folder)

    with pytest.raises(StartError, match=r"faq/facts\.toml: as_of is missing"):
        assert catalogue.faq


def test_the_check_counts_the_facts_of_answers() -> None:
    assert sum(age.facts for age in check_data().ages if age.what == "faq") == len(FAQ.facts)
