"""The rules of eligibility as data: whole, sourced, short enough for a card, and held to the code."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.catalogue import rules as rules_module
from bot.catalogue.catalogue import Catalogue, load_catalogue
from bot.catalogue.check import check_data
from bot.catalogue.loading import DATA_FOLDER
from bot.catalogue.rules import EXPLAINED, fingerprint
from bot.domain.eligibility import canada, evaluation, united_states
from bot.domain.eligibility.verdicts import EligibilityRule
from bot.domain.facts import Certainty
from bot.errors import StartError

JUDGED = [*united_states.JUDGES, *canada.JUDGES]
RULES = list(load_catalogue().rules.values())


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


def texts(rule: EligibilityRule) -> list[str]:
    return [rule.title, rule.text, rule.changes, *rule.guides, rule.next, rule.otherwise, rule.passed, rule.citation.note]


def test_every_rule_that_is_judged_has_its_text(catalogue: Catalogue) -> None:
    assert set(catalogue.rules) == {*JUDGED, *EXPLAINED}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_fits_a_card_and_says_where_it_was_read(rule: EligibilityRule) -> None:
    sources = [*rule.citation.sources, *([rule.citation.confirm_at] if rule.citation.confirm_at else [])]
    shown = sum(map(len, texts(rule))) + sum(len(source.title) + len(source.url or "") + 10 for source in sources)
    assert shown + 900 < 3_600  # 900: her own verdict and reason, the date on two clocks, headings
    assert rule.citation.sources
    assert rule.citation.as_of >= date(2026, 11, 22)
    assert (rule.citation.confirm_at is None) == (rule.citation.certainty is Certainty.ANNOUNCED)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_words_are_calm_whole_and_name_no_document_of_ours(rule: EligibilityRule) -> None:
    for text in texts(rule):
        assert not re.search(r"[!%]|(?<![\d,])00[0-4]\b|\bseed\b|\bscore of\b|chances?\b", text, re.IGNORECASE), text
        assert text == text.strip()
    for text in [text for text in texts(rule)[1:] if text]:
        assert text[-1] in ".;", text
    for guide in rule.guides:
        assert re.search(r"\bguides\b|\bpages\b|^Others ", guide), guide


def test_what_is_commonly_stated_says_so(catalogue: Catalogue) -> None:
    for rule in catalogue.rules.values():
        if any(source.id == "commonly-stated" for source in rule.citation.sources):
            assert "commonly" in rule.citation.note + rule.text, rule.id
        if "commonly" in rule.text + rule.next:
            assert "commonly" in rule.citation.note or rule.citation.certainty is not Certainty.ANNOUNCED or rule.id == "ca-mccqe1"


def test_places_in_the_plan_are_each_country_s_own_and_taken_once(catalogue: Catalogue) -> None:
    for country in ("us-", "ca-"):
        taken = [rule.order for rule in catalogue.rules.values() if rule.id.startswith(country) and rule.order]
        shared = {order for order in taken if taken.count(order) > 1}
        # A limit on attempts stands in the place of its exam, the status beside the iteration.
        assert shared <= ({4, 5} if country == "us-" else {1})


@pytest.mark.parametrize("year", [2027, 2028])
def test_what_a_rule_names_is_a_date_of_its_own_country(catalogue: Catalogue, year: int) -> None:
    for rule in catalogue.rules.values():
        for key in filter(None, (rule.by, rule.at_latest, rule.over)):
            if rule.id.startswith("us-"):
                assert catalogue.event(f"us-{year}-{key}") is not None
            assert catalogue.event(f"{'ca' if rule.id.startswith('us-') else 'us'}-2027-{key}") is None


# --- the fingerprint


def test_the_fingerprint_is_the_same_for_the_same_rules(catalogue: Catalogue) -> None:
    assert catalogue.rules_fingerprint == load_catalogue().rules_fingerprint
    assert re.fullmatch(r"[0-9a-f]{64}", catalogue.rules_fingerprint)


@pytest.mark.parametrize("field", ["title", "text", "next", "otherwise", "by_day"])
def test_the_fingerprint_differs_when_a_rule_does(catalogue: Catalogue, field: str) -> None:
    events = list(catalogue._events.values())
    changed = catalogue.rules | {"us-oet": replace(catalogue.rules["us-oet"], **{field: "01-02"})}
    assert fingerprint(changed, events) != fingerprint(catalogue.rules, events)
    fewer = {rule_id: rule for rule_id, rule in catalogue.rules.items() if rule_id != "us-oet"}
    assert fingerprint(fewer, events) != fingerprint(catalogue.rules, events)


@pytest.mark.parametrize("key", ["rank-list-deadline", "registration-deadline", "match-day"])
def test_the_fingerprint_differs_when_a_date_that_counts_moves(catalogue: Catalogue, key: str) -> None:
    event = catalogue.event(f"us-2027-{key}")
    assert event is not None
    assert event.at is not None
    events = catalogue._events
    later = replace(event, at=replace(event.at, local=event.at.local + timedelta(days=1)))
    surer = replace(event, citation=replace(event.citation, certainty=Certainty.ANNOUNCED))
    for changed in (later, surer):
        assert fingerprint(catalogue.rules, (events | {event.id: changed}).values()) != fingerprint(catalogue.rules, events.values())


def test_the_fingerprint_differs_when_a_date_becomes_known(catalogue: Catalogue) -> None:
    match_day, carms = catalogue.event("us-2027-match-day"), catalogue.event("ca-2027-carms-match-day")
    assert match_day is not None
    assert carms is not None
    assert carms.key in evaluation.DATES
    known = catalogue._events | {carms.id: replace(carms, at=match_day.at)}
    assert fingerprint(catalogue.rules, known.values()) != fingerprint(catalogue.rules, catalogue._events.values())


def test_the_fingerprint_leaves_out_dates_that_no_rule_reads(catalogue: Catalogue) -> None:
    event = catalogue.event("us-2027-soap-round-1")
    assert event is not None
    without = [each for each in catalogue._events.values() if each.id != event.id]
    assert fingerprint(catalogue.rules, without) == fingerprint(catalogue.rules, catalogue._events.values())


def test_the_fingerprint_differs_when_the_code_of_a_rule_does(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(catalogue.rules, [])
    monkeypatch.setattr(rules_module, "_CODE", rules_module._CODE[1:])
    assert fingerprint(catalogue.rules, []) != before


# --- damaged files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA_FOLDER, tmp_path / "data", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


def edit(folder: Path, name: str, change: Callable[[str], str]) -> None:
    file = folder / "rules" / name
    before = file.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    file.write_text(after, encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("[us-oet]", "[us-toefl]", "us-oet: the rule is missing"),
        ("[us-oet]", "[us-toefl]", "us-toefl: nothing judges it"),
        ('by = "rank-list-deadline"', 'by = "someday"', "no date has the key someday"),
        ('at_latest = "rank-list-deadline"', 'at_latest = "someday"', "no date has the key someday"),
        ('"usmle-attempts"', '"usmle-nonsense"', "source usmle-nonsense does not exist"),
        ('by_day = "12-31"', 'by_day = "12-32"', "us-oet"),
        ('by_day = "12-31"', 'by_day = "02-30"', "us-oet"),
        ('by_day = "12-31"', 'by_day = "12-31"\nby = "match-day"', "exclude each other"),
        ('by = "registration-deadline"\n', "", "at_latest follows"),
        ('by = "eras-review-opens"\n', "", "passed and over go together"),
        ('over = "match-day"\n', "", "passed and over go together"),
        ('over = "match-day"', 'over = "someday"', "no date has the key someday"),
        ("ahead = [28, 14, 7, 0]", "ahead = [7, 14]", "from the earliest"),
        ("ahead = [28, 14, 7, 0]", "ahead = []", "ahead"),
        ('certainty = "announced"', 'certainty = "certain"', "certainty"),
        ("order = 7", "order = -1", "order"),
        ("order = 7", "order = 7\nweight = 1", "weight"),
        ('changes = "A pass."', 'changes = ""', "changes"),
        ('changes = "A pass."', f'changes = "{"a" * 401}"', "changes"),
        ("as_of = 2026-11-22\n", "", "as_of is missing"),
    ],
)
def test_a_damaged_rule_is_told_by_its_name(folder: Path, old: str, new: str, fault: str) -> None:
    edit(folder, "united_states.toml", lambda text: text.replace(old, new))
    assert any(fault in problem for problem in check_data(folder).problems), check_data(folder).problems
    with pytest.raises(StartError):
        load_catalogue(folder)


def test_too_much_text_for_a_card_is_told(folder: Path) -> None:
    guides = ", ".join(f'"Some guides {"say " * 90}{number}."' for number in range(4))
    edit(
        folder,
        "canada.toml",
        lambda text: text.replace("guides = []", f"guides = [{guides}]", 1).replace('text = "', f'text = "{"a" * 600}', 1),
    )
    edit(
        folder,
        "canada.toml",
        lambda text: re.sub(r'(\[ca-status\].*?)text = "', lambda m: f'{m[1]}text = "{"a " * 420}', text, flags=re.DOTALL),
    )
    assert any("fit a card" in problem for problem in check_data(folder).problems), check_data(folder).problems


def test_a_step_with_a_date_has_to_say_what_then(folder: Path) -> None:
    edit(folder, "united_states.toml", lambda text: re.sub(r'otherwise = "After the rank[^\n]*', 'otherwise = ""', text))
    assert any("says what then" in problem for problem in check_data(folder).problems)


@pytest.mark.parametrize("name", rules_module.FILES)
def test_a_file_that_is_gone_is_told(folder: Path, name: str) -> None:
    (folder / "rules" / name).unlink()
    assert any(name in problem for problem in check_data(folder).problems)


def test_a_source_that_nothing_cites_any_more_is_told(folder: Path) -> None:
    edit(folder, "united_states.toml", lambda text: text.replace(', "ncfmea-faqs"', ""))
    assert "sources.toml: ncfmea-faqs: no fact cites it" in check_data(folder).problems
