"""The program against the worked applicants of docs/applicants, which were judged by hand."""

import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.domain.eligibility import canada, certification, dates, pathways, united_states
from bot.domain.eligibility.answers import Answers, Way
from bot.domain.eligibility.questions import Field, question
from bot.domain.eligibility.verdicts import Circumstances, Judgement, Verdict
from tests.domain.eligibility.applicant_tables import FOLDER, RULES, Applicant, by_when, read_applicants
from tests.domain.eligibility.conftest import Evaluate

APPLICANTS = read_applicants()
FACTS = FOLDER.parents[2] / "shared" / "facts" / "rules.md"
MET, NOT_MET, UNKNOWN, DEPENDS = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.DEPENDS
CAN_GIVE = {rule: {MET, NOT_MET, UNKNOWN} for rule in RULES} | {
    "us-visa": {MET, UNKNOWN, DEPENDS},
    "us-j1": {NOT_MET, UNKNOWN, DEPENDS},
    "us-h1b": {NOT_MET, UNKNOWN, DEPENDS},
    "us-usce": {DEPENDS},
    "us-program-limits": {DEPENDS},
    "ca-language": {MET, NOT_MET, UNKNOWN, DEPENDS},
    "ca-province": {MET, NOT_MET, UNKNOWN, DEPENDS},
    "ca-return-of-service": {MET, UNKNOWN, DEPENDS},
    "ca-references": {NOT_MET, UNKNOWN, DEPENDS},
    "ca-order": {UNKNOWN, DEPENDS},
}
"""What each rule can come to with the data held; whoever changes a rule so that it gives something new adds an applicant for it."""
YEARS = {Field.GRADUATION, Field.STEP1_YEAR, Field.STEP2_YEAR}


def differences(judged: Evaluate, applicant: Applicant) -> list[str]:
    """Return where the program and the table say different things; "-" where one of them leaves the rule out."""
    result = judged(applicant.answers(), applicant.day)
    given = result.verdicts()
    found = [
        f"{rule}: the table says {applicant.verdicts.get(rule, '-')}, the program {given.get(rule, '-')}"
        for rule in sorted(given.keys() | applicant.verdicts.keys())
        if applicant.verdicts.get(rule) is not given.get(rule)
    ]
    classes = (
        (applicant.us_class, result.us.value if result.us else None),
        (applicant.canada_class, result.canada.value if result.canada else None),
    )
    findings = {finding.rule.id: finding for finding in result.findings}
    found += [
        f"{rule}: the table says “{by_hand}”, the program “{by_when(findings[rule])}”"
        for rule, by_hand in applicant.by_when.items()
        if rule in findings and by_when(findings[rule]) != by_hand
    ]
    found += [
        f"{rule}: the program does not say “{words}”"
        for rule, words in applicant.says
        if rule in findings and words not in findings[rule].reason
    ]
    found += [f"class: the table says {by_hand}, the program {given}" for by_hand, given in classes if by_hand != given]
    return found


@pytest.mark.parametrize("applicant", APPLICANTS, ids=lambda each: each.name)
def test_every_rule_gives_what_was_judged_by_hand(judged: Evaluate, applicant: Applicant) -> None:
    found = differences(judged, applicant)
    assert not found, f"{applicant.file}: {applicant.name}: {'; '.join(found)}"


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("verdict", [*Verdict, None])
def test_breaking_any_one_rule_is_noticed(judged: Evaluate, monkeypatch: pytest.MonkeyPatch, rule: str, verdict: Verdict | None) -> None:
    """Let one rule always give the same, or drop it: for somebody that rule is no longer what was judged by hand."""
    if CAN_GIVE[rule] == {verdict}:
        return
    judges = united_states.JUDGES if rule in united_states.JUDGES else canada.JUDGES
    if verdict is None:
        monkeypatch.delitem(judges, rule)
    else:
        monkeypatch.setitem(judges, rule, lambda _answers, _around: Judgement(verdict, "Broken."))
    assert any(_notices(judged, each, rule) for each in APPLICANTS)


def swapped_order(answers: Answers, around: Circumstances) -> Judgement:
    """Say that the other match comes first."""
    judgement = canada.order(answers, around)
    reason = re.sub(r"\b(CaRMS|NRMP)\b", lambda found: {"CaRMS": "NRMP", "NRMP": "CaRMS"}[found[1]], judgement.reason)
    return replace(judgement, reason=reason)


@pytest.mark.parametrize(
    ("owner", "name", "broken"),
    [
        (canada.JUDGES, "ca-order", swapped_order),
        *((certification.GRADES, part, grade - 10) for part, grade in certification.GRADES.items()),
        *((vars(pathways), name, value) for name, value in (("GRADUATION_YEARS", (2010, 2011)), ("LICENCE_YEAR", 2012))),
        (vars(dates), "TIGHT", timedelta(0)),
        (vars(certification), "graduates_too_late", lambda _answers: False),
        (vars(certification), "RESULT_YEARS", 3),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_breaking_what_a_rule_counts_with_is_noticed(
    judged: Evaluate, monkeypatch: pytest.MonkeyPatch, owner: dict[str, Any], name: str, broken: object
) -> None:
    monkeypatch.setitem(owner, name, broken)
    assert any(differences(judged, each) for each in APPLICANTS)


@pytest.mark.parametrize("change", [{"passed": "", "over": ""}, {"at_latest": "rank-list-deadline"}, {"by": "rank-list-deadline"}])
def test_inventing_a_date_for_applications_is_noticed(
    judged: Evaluate, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, change: dict[str, str]
) -> None:
    monkeypatch.setitem(catalogue.rules, "us-eras", replace(catalogue.rules["us-eras"], **change))
    assert any(_notices(judged, each, "us-eras") for each in APPLICANTS)


def _notices(judged: Evaluate, applicant: Applicant, rule: str) -> bool:
    try:
        return any(found.startswith(f"{rule}: ") for found in differences(judged, applicant))
    except KeyError as gone:  # another rule rests on the one that was dropped
        return gone.args == (rule,)


def test_somebody_stands_for_every_verdict_of_every_rule() -> None:
    assert {rule: {each.verdicts[rule] for each in APPLICANTS if rule in each.verdicts} for rule in RULES} == CAN_GIVE


@pytest.mark.parametrize("asked", [each for each in Field if each not in YEARS])
def test_somebody_gives_every_answer(asked: Field) -> None:
    given = {value for each in APPLICANTS for value in each.said.get(asked, "unknown").split()}
    assert {option.value for option in question(asked, 2027).options} <= given


def test_there_are_enough_of_them_in_both_countries() -> None:
    ways = [each.way for each in APPLICANTS]
    assert len(ways) >= 60
    assert ways.count(Way.UNITED_STATES) >= 40
    assert ways.count(Way.CANADA) >= 15
    assert ways.count(Way.BOTH) >= 8


def test_every_source_stands_in_the_gathered_rules() -> None:
    if not FACTS.exists():
        pytest.skip("the gathered rules are not beside this repository")
    rows = _rows(FACTS.read_text(encoding="utf-8"))
    for applicant in APPLICANTS:
        for source in applicant.sources:
            number, _, words = source.partition(" ")
            assert number in rows, (applicant.name, source)
            assert words == "no row" or any(row.startswith(_plain(words)) for row in rows[number]), (applicant.name, source)


def _rows(text: str) -> dict[str, list[str]]:
    """Return the rows of the tables by the number of their section."""
    rows: dict[str, list[str]] = {}
    number = ""
    for line in text.splitlines():
        if heading := re.match(r"#+ (\d+(?:\.\d+)?)\.? ", line):
            number = heading[1]
            rows[number] = []
        elif number and line.startswith("|"):
            rows[number].append(_plain(line))
    return rows


def _plain(words: str) -> str:
    return re.sub(r"\W+", " ", words).strip().lower()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("**USMLE Step 1:**", "**USMLE Step 4:**", "Asha Nair.*Step 4"),
        ("- **USMLE Step 1:** Passed, at the first attempt", "- **USMLE Step 1:** Perhaps", "Asha Nair.*Perhaps"),
        ("- **USMLE Step 2 CK:**", "- **USMLE Step 1:**", "Asha Nair.*answered twice"),
        ("| us-oet | met |", "| us-oet | nearly |", "Asha Nair.*nearly"),
        ("| us-oet |", "| us-toefl |", "Asha Nair.*us-toefl"),
        ("| us-oet |", "| us-pathway |", "Asha Nair.*us-pathway stands twice"),
        (" | §4 OET Medicine |", " | |", "Asha Nair.*not understood"),
        ("Applies in the United States.", "Applies in Cuba.", "Asha Nair.*Cuba"),
        ("Judged on 24 November 2026", "Judged on 31 November 2026", "Asha Nair.*day is out of range"),
        ("Class in the United States: **Non-US IMG**", "Class in the United States: **IMG**", "Asha Nair.*IMG.* is none of"),
        ("Class in the United States:", "Class for CaRMS:", "Asha Nair.*none of"),
        ("### Tomás Rivera:", "### Asha Nair:", "Asha Nair.*twice"),
        ("## The certificate", "The certificate", "before the first applicant"),
    ],
)
def test_what_is_not_understood_is_an_error_that_names_file_and_applicant(tmp_path: Path, old: str, new: str, fault: str) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "united-states.md"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=rf"(?s)united-states\.md.*{fault}"):
        read_applicants(tmp_path)


def test_a_row_left_out_and_a_row_too_many_are_seen(judged: Evaluate) -> None:
    citizen = next(each for each in APPLICANTS if "us-j1" not in each.verdicts and "us-oet" in each.verdicts)
    citizen.verdicts["us-j1"] = citizen.verdicts.pop("us-oet")
    try:
        found = " ".join(differences(judged, citizen))
    finally:
        citizen.verdicts["us-oet"] = citizen.verdicts.pop("us-j1")
    assert "us-j1: the table says met, the program -" in found
    assert "us-oet: the table says -, the program met" in found
