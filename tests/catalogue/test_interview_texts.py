"""The questions of interviews: enough of them, no two alike, each whole, every fact resolved; invented answers and sourced limits."""

import re
import shutil
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from bot.catalogue.catalogue import load_catalogue
from bot.catalogue.check import check_data
from bot.catalogue.loading import DATA_FOLDER
from bot.domain.facts import Certainty
from bot.domain.interview_texts import ApplicantKind, InterviewQuestion, InterviewTexts
from bot.errors import StartError

LEAST_QUESTIONS = 80
GROUPS = ("general", "img", "visa", "gaps", "abroad", "behavioural", "mmi", "asking")
MOST_SHARED = 0.6
"""Of the rarer one's telling words, how many another question may share."""
FILLER_WORDS = """a about already an and are at be by did do does for from had has have how i in is it last me my not of on one or our own
some tell than that the their them there they this well time to us was we were what when which who why will with without would you your"""
FILLERS = frozenset(FILLER_WORDS.split())


@pytest.fixture(scope="module")
def texts() -> InterviewTexts:
    return load_catalogue().interviews


def words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.casefold())


def telling(question: InterviewQuestion) -> frozenset[str]:
    return frozenset(words(f"{question.text} {question.scenario}")) - FILLERS


def share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


def test_there_are_enough_in_every_group(texts: InterviewTexts) -> None:
    assert tuple(group.id for group in texts.groups) == GROUPS
    assert len(texts.questions) >= LEAST_QUESTIONS
    assert min(len(group.questions) for group in texts.groups) >= 10
    assert [group.id for group in texts.groups if group.is_hers] == ["asking"]


def test_no_two_questions_are_alike(texts: InterviewTexts) -> None:
    questions = list(texts.questions.values())
    assert [each for each, count in Counter(" ".join(words(question.text)) for question in questions).items() if count > 1] == []
    alike = [
        (one.id, other.id, sorted(telling(one) & telling(other)))
        for one, other in combinations(questions, 2)
        if len(telling(one) & telling(other)) > 1 and share(telling(one), telling(other)) > MOST_SHARED
    ]
    assert alike == []


def test_two_wordings_of_one_question_are_called_alike() -> None:
    one, other = frozenset(words("Tell us about a conflict with a colleague.")), frozenset(words("Describe a conflict with a colleague!"))
    assert share(one - FILLERS, other - FILLERS) > MOST_SHARED


def test_nothing_stands_twice_in_what_is_said_of_them(texts: InterviewTexts) -> None:
    said = [line for each in texts.questions.values() for line in (each.asks, *each.steps, *each.variants.values(), *each.follow_ups)]
    assert [each for each, count in Counter(" ".join(words(line)) for line in said).items() if count > 1] == []


def test_only_stations_have_a_scenario(texts: InterviewTexts) -> None:
    assert {question.group for question in texts.questions.values() if question.scenario} == {"mmi"}
    assert all(question.scenario for question in texts.questions.values() if question.group == "mmi")
    assert len({question.name for question in texts.questions.values() if question.name}) == 14


@pytest.mark.parametrize("kind", list(ApplicantKind))
def test_every_kind_of_applicant_has_enough_and_a_wording_of_its_own(texts: InterviewTexts, kind: ApplicantKind) -> None:
    assert len(texts.asked_of(kind)) >= LEAST_QUESTIONS - 5
    assert sum(kind in question.variants for question in texts.questions.values()) >= 20
    assert all(question.group != "asking" for question in texts.asked_of(kind))
    assert all(texts.asked_of(kind, group.id) for group in texts.groups)


def test_nobody_is_asked_what_is_not_hers(texts: InterviewTexts) -> None:
    assert texts.questions["which-visa"] not in texts.asked_of(ApplicantKind.US_IMG)
    assert texts.questions["status-canada"] not in texts.asked_of(ApplicantKind.NON_US_IMG)
    assert texts.questions["return-service"] in texts.asked_of(ApplicantKind.CANADIAN)


def test_every_fact_is_resolved(texts: InterviewTexts) -> None:
    for question in texts.questions.values():
        assert bool(question.cites) == (question.certainty is not None), question.id
        assert all(citation.sources or citation.certainty is Certainty.UNKNOWN for citation in question.citations), question.id
    assert all(question.cites for question in texts.questions.values() if question.group == "visa")
    assert texts.questions["which-visa"].citations


def test_what_names_an_organization_or_a_law_cites_it(texts: InterviewTexts) -> None:
    names = re.compile(r"\b(NRMP|Intealth|two-year rule|return of service|green card|CaRMS programs|eligible|Step 3)\b", re.IGNORECASE)
    told = [
        question.id
        for question in texts.questions.values()
        if names.search(" ".join((question.asks, *question.steps, *question.variants.values()))) and not question.cites
    ]
    assert told == []


def test_twelve_answers_are_invented_and_annotated_on_both_sides(texts: InterviewTexts) -> None:
    assert len(texts.samples) == 12
    assert {sample.kind for sample in texts.samples} == set(ApplicantKind)
    for sample in texts.samples:
        assert sample.question in texts.questions
        assert sample.kind in texts.questions[sample.question].asked_of
        assert {part.works for part in sample.parts} == {True, False}, sample.id
    says = [" ".join(words(part.says)) for sample in texts.samples for part in sample.parts]
    assert len(says) == len(set(says))


def test_the_self_check_has_six_points_and_no_number(texts: InterviewTexts) -> None:
    assert [criterion.id for criterion in texts.criteria] == ["answered", "example", "structure", "length", "honest", "next"]
    assert not any(re.search(r"\d|points|score", each.title + each.there + each.missing) for each in texts.criteria)


def test_what_may_not_be_asked_is_sourced(texts: InterviewTexts) -> None:
    assert {limit.id for limit in texts.limits} >= {"other-programs", "rank", "personal", "recording", "canada-rank", "canada-rights"}
    for limit in texts.limits:
        assert limit.citation.sources
        assert limit.citation.certainty in (Certainty.ANNOUNCED, Certainty.EXPECTED)
        assert limit.citation.certainty is Certainty.ANNOUNCED or limit.citation.confirm_at is not None


def test_no_sign_of_cheer(texts: InterviewTexts) -> None:
    files = [path.read_text(encoding="utf-8") for path in (DATA_FOLDER / "interviews").glob("*.toml")]
    assert not [line for content in files for line in content.splitlines() if "!" in line]


def facts_copy(folder: Path) -> Path:
    return Path(shutil.copytree(DATA_FOLDER, folder / "data", ignore=shutil.ignore_patterns("__pycache__")))


DAMAGE = {
    "visa.toml": ('cites = ["rule:us-visa"]', 'cites = ["rule:no-such-rule"]', "rule:no-such-rule does not exist"),
    "general.toml": ("[question.why-program]", "[question.need-visa]", "need-visa stands twice"),
    "samples.toml": ('question = "gap"', 'question = "no-such"', "no question no-such"),
    "limits.toml": ('sources = ["nrmp-code-applicants"]', 'sources = ["nobody"]', "source nobody does not exist"),
    "criteria.toml": ("there = ", "here = ", "Extra inputs are not permitted"),
    "mmi.toml": ("order = 7", "order = -1", "greater than or equal to 0"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_told_by_the_check_and_refused_when_read(tmp_path: Path, name: str) -> None:
    was, becomes, told = DAMAGE[name]
    folder = facts_copy(tmp_path)
    path = folder / "interviews" / name
    path.write_text(path.read_text(encoding="utf-8").replace(was, becomes, 1), encoding="utf-8")
    assert [problem for problem in check_data(folder).problems if told in problem]
    catalogue = load_catalogue(folder)  # a start does not wait for it
    with pytest.raises(StartError, match="own facts"):
        _ = catalogue.interviews


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    folder = facts_copy(tmp_path)
    shutil.rmtree(folder / "interviews")
    with pytest.raises(StartError):
        _ = load_catalogue(folder).interviews
