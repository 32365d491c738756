"""Reads the worked applicants: Markdown that advisors read and write, held to its form so that nothing is skipped in silence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from bot.domain.eligibility import canada, united_states
from bot.domain.eligibility.answers import Answers, OetPart, Way
from bot.domain.eligibility.classification import CanadaClass, UsClass
from bot.domain.eligibility.questions import Field, question
from bot.domain.eligibility.verdicts import Finding, Reach, Verdict

Known = TypeVar("Known")
FOLDER = Path(__file__).parents[3] / "docs" / "applicants"
FILES = ("united-states.md", "canada.md", "both.md", "by-when.md")
RULES = (*united_states.JUDGES, *canada.JUDGES)
VERDICTS = {"met": Verdict.MET, "not met": Verdict.NOT_MET, "unknown": Verdict.UNKNOWN, "depends": Verdict.DEPENDS}
WAYS = {"the United States": Way.UNITED_STATES, "Canada": Way.CANADA, "both countries": Way.BOTH}
US_CLASSES = {
    "US IMG": UsClass.US_IMG,
    "Non-US IMG": UsClass.NON_US_IMG,
    "Canadian graduate, not an IMG": UsClass.CANADIAN_GRADUATE,
    "Not an IMG": UsClass.NOT_IMG,
    "Unknown": UsClass.UNKNOWN,
}
CANADA_CLASSES = {
    "IMG": CanadaClass.IMG,
    "Canadian graduate": CanadaClass.CMG,
    "US school": CanadaClass.US_SCHOOL,
    "Unknown": CanadaClass.UNKNOWN,
}
TITLE = re.compile(r"(?P<name>[^:]+): (?P<what>.+)")
JUDGED = re.compile(r"Judged on (?P<day>\d+ \w+ \d{4}) for the (?P<match>\d{4}) Match\. Applies in (?P<way>.+)\.")
ANSWER = re.compile(r"- \*\*(?P<title>.+(?:\?|(?=:))):?\*\* (?P<label>.+)")
CLASS = re.compile(r"Class (?P<where>in the United States|for CaRMS): \*\*(?P<name>.+)\*\* \(§(?P<source>.+)\)")
HEADS = {
    "| rule | verdict | why | rules.md |": "|---|---|---|---|",
    "| rule | verdict | by when | why | rules.md |": "|---|---|---|---|---|",
}
ROW = re.compile(r"\| (?P<rule>\S+) \| (?P<verdict>[^|]+) \| (?P<why>[^|]+) \| §(?P<source>[^|]+) \|")
DATED_ROW = re.compile(ROW.pattern.replace(r" \| (?P<why>", r" \| (?P<by>[^|]+) \| (?P<why>"))
SAYS = re.compile(r"Says under (?P<rule>\S+): “(?P<words>.+)”")


@dataclass(frozen=True)
class Applicant:
    """Hold one worked applicant: what is answered, and what every rule should give."""

    file: str
    name: str
    day: datetime
    match_year: int
    way: Way
    said: dict[Field, str] = field(default_factory=dict[Field, str])
    """The values of the options, by question; those of several are joined by a space."""
    us_class: UsClass | None = None
    canada_class: CanadaClass | None = None
    verdicts: dict[str, Verdict] = field(default_factory=dict[str, Verdict])
    by_when: dict[str, str] = field(default_factory=dict[str, str])
    """By when, in words, for each rule; empty where the table has no such column."""
    says: tuple[tuple[str, str], ...] = ()
    """Words that the reason of a rule has to hold."""
    sources: tuple[str, ...] = ()
    """Section and row of the gathered rules, as written."""

    def answers(self) -> Answers:
        """Return the answers as the rules take them."""
        blank = Answers(match_year=self.match_year, country=self.way)
        values: dict[str, Any] = {}
        for asked, value in self.said.items():
            values |= _values(blank, asked, value)
        return replace(blank, **values)


def read_applicants(folder: Path = FOLDER) -> list[Applicant]:
    """Return every worked applicant.

    Raises:
        ValueError: Something is in no known form, stands twice or is left out; file and applicant are named.
    """
    found: dict[str, Applicant] = {}
    for file in FILES:
        preface, *sections = re.split(r"^### ", (folder / file).read_text(encoding="utf-8"), flags=re.MULTILINE)
        if [line for line in preface.splitlines() if line and not line.startswith("#")]:
            msg = f"{file}: text before the first applicant"
            raise ValueError(msg)
        for section in sections:
            try:
                applicant = _read(file, section)
                _refuse(applicant.name in found, "this name stands twice")
            except (ValueError, KeyError) as error:
                msg = f"{file}: {section.splitlines()[0]}: {error}"
                raise ValueError(msg) from error
            found[applicant.name] = applicant
    return [*found.values()]


def _read(file: str, section: str) -> Applicant:
    lines = iter([line for line in section.splitlines() if line and not line.startswith("## ")])
    title = _matched(TITLE, next(lines, ""))
    story = next(lines, "")
    _refuse(not story.endswith("."), f"no story but “{story}”")
    judged = _matched(JUDGED, next(lines, ""))
    day = datetime.strptime(judged["day"], "%d %B %Y").replace(hour=12, tzinfo=UTC)
    applicant = Applicant(file, title["name"], day, int(judged["match"]), _known(WAYS, judged["way"]))
    applicant, line = _with_answers(applicant, lines)
    while line not in HEADS:
        applicant = _with_class(applicant, line)
        line = next(lines, "")
    _refuse((applicant.us_class is None) != (applicant.way is Way.CANADA), "the class in the United States")
    _refuse((applicant.canada_class is None) != (applicant.way is Way.UNITED_STATES), "the class for CaRMS")
    is_dated = "by when" in line
    _refuse(next(lines, "") != HEADS[line], "no table under its head")
    for row in lines:
        applicant = _with_words(applicant, row) if row.startswith("Says") else _with_row(applicant, row, is_dated=is_dated)
    return applicant


def _with_answers(applicant: Applicant, lines: Iterator[str]) -> tuple[Applicant, str]:
    """Return the applicant with the answers, and the line that follows them."""
    titles = {question(each, applicant.match_year).title: each for each in Field}
    line = next(lines, "")
    if line == "Answers nothing.":
        return applicant, next(lines, "")
    said: dict[Field, str] = {}
    while line.startswith("- "):
        answer = _matched(ANSWER, line)
        asked = _known(titles, answer["title"])
        _refuse(asked in said, f"“{answer['title']}” is answered twice")
        options = {option.label: option.value for option in question(asked, applicant.match_year).options}
        labels = answer["label"].split("; ") if asked is Field.OET_PARTS else [answer["label"]]
        said[asked] = " ".join(_known(options, label) for label in labels)
        line = next(lines, "")
    _refuse(not said, f"no answers but “{line}”")
    return replace(applicant, said=said), line


def _with_class(applicant: Applicant, line: str) -> Applicant:
    written = _matched(CLASS, line)
    sources = (*applicant.sources, written["source"])
    if written["where"] == "for CaRMS":
        _refuse(applicant.canada_class is not None, "two classes")
        return replace(applicant, canada_class=_known(CANADA_CLASSES, written["name"]), sources=sources)
    _refuse(applicant.us_class is not None, "two classes")
    return replace(applicant, us_class=_known(US_CLASSES, written["name"]), sources=sources)


def _with_words(applicant: Applicant, line: str) -> Applicant:
    said = _matched(SAYS, line)
    _refuse(said["rule"] not in applicant.verdicts, f"no row for {said['rule']}")
    return replace(applicant, says=(*applicant.says, (said["rule"], said["words"])))


def _with_row(applicant: Applicant, line: str, *, is_dated: bool) -> Applicant:
    row = _matched(DATED_ROW if is_dated else ROW, line)
    _refuse(row["rule"] not in RULES, f"no rule is called {row['rule']}")
    _refuse(row["rule"] in applicant.verdicts, f"{row['rule']} stands twice")
    verdicts = applicant.verdicts | {row["rule"]: _known(VERDICTS, row["verdict"])}
    by_when = applicant.by_when | ({row["rule"]: row["by"]} if is_dated else {})
    return replace(applicant, verdicts=verdicts, by_when=by_when, sources=(*applicant.sources, row["source"]))


def by_when(finding: Finding) -> str:
    """Return by when a rule asks for something and whether that can be reached, in the words of the tables."""
    if finding.verdict is Verdict.MET:
        return "-"
    due, is_over = finding.due, finding.reach is Reach.NO_LONGER
    if due is None:
        return "too late" if is_over else "-"
    on = due.on or (due.event.at.local if due.event and due.event.at else None)
    if on is None:
        return "not known"
    day = f"{on.day} {on:%B %Y}"
    if is_over:
        return f"{day}, too late"
    if due.is_past:
        return f"{day}, passed"
    if due.is_late:
        return f"{day}, the last day"
    return f"{day}, little time" if finding.reach is Reach.TIGHT else day


def _values(blank: Answers, asked: Field, value: str) -> dict[str, Any]:
    if asked is Field.OET_PARTS:
        return {"oet_parts": None if value == "unknown" else frozenset(map(OetPart, value.split()))}
    if asked is Field.OET:
        sat, _, year = value.partition("-")
        return {"oet": type(blank.oet)(sat), "oet_year": int(year) if year else None}
    default = getattr(blank, asked.value)
    if default is None:
        return {asked.value: None if value == "unknown" else int(value)}
    return {asked.value: type(default)(value)}


def _matched(form: re.Pattern[str], line: str) -> re.Match[str]:
    found = form.fullmatch(line)
    _refuse(found is None, f"“{line}” is not understood")
    assert found is not None
    return found


def _known(options: dict[str, Known], word: str) -> Known:
    _refuse(word not in options, f"“{word}” is none of {', '.join(options)}")
    return options[word]


def _refuse(wrong: bool, why: str) -> None:
    if wrong:
        raise ValueError(why)
