"""The guard on drafts of notices: what it misses and where it warns for nothing, counted and listed.

``pytest -rP`` shows the rates. A draft is missed unless every kind that it is to find is found; any finding in a harmless one is a false
alarm.
"""

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.catalogue.catalogue import load_catalogue
from bot.domain.notice_guard.findings import FindingKind

FOLDER = Path(__file__).parent
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CATALOGUE = load_catalogue()
WORKED_WITH = ("drafts.toml", "held_out.toml", "fresh.toml", "fresh_again.toml", "fresh_third.toml")
UNSEEN = "unseen.toml"


@dataclass(frozen=True, slots=True)
class Rates:
    """Hold what went wrong in some drafts, by id, and out of how many."""

    missed: frozenset[str]
    dangerous: int
    alarmed: frozenset[str]
    harmless: int

    @property
    def missed_share(self) -> float:
        return len(self.missed) / self.dangerous

    @property
    def alarmed_share(self) -> float:
        return len(self.alarmed) / self.harmless

    def __str__(self) -> str:
        return (
            f"missed {len(self.missed)} of {self.dangerous} ({self.missed_share:.0%}): {sorted(self.missed)}\n"
            f"false alarms {len(self.alarmed)} of {self.harmless} ({self.alarmed_share:.0%}): {sorted(self.alarmed)}"
        )


def drafts(*names: str) -> list[dict[str, object]]:
    return [draft for name in names for draft in tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))["draft"]]


def kinds(draft: dict[str, object]) -> set[str]:
    now = draft.get("now", NOW)
    assert isinstance(now, datetime)
    return {finding.kind.value for finding in CATALOGUE.read_notice(str(draft["text"]), now)}


def rates(*names: str) -> Rates:
    read = [(draft, kinds(draft)) for draft in drafts(*names)]
    dangerous = [(draft, found) for draft, found in read if draft.get("finds")]
    harmless = [(draft, found) for draft, found in read if not draft.get("finds")]
    missed = frozenset(str(draft["id"]) for draft, found in dangerous if not set(draft["finds"]) <= found)  # type: ignore[call-overload]
    return Rates(missed, len(dangerous), frozenset(str(draft["id"]) for draft, found in harmless if found), len(harmless))


def test_the_drafts_are_many_and_of_every_sort() -> None:
    everything = drafts(*WORKED_WITH, UNSEEN)
    assert len({draft["id"] for draft in everything}) == len(everything)
    assert {str(kind) for draft in everything for kind in draft.get("finds", [])} == {kind.value for kind in FindingKind}  # type: ignore[attr-defined]
    assert all((draft["how"] == "harmless") is not bool(draft.get("finds")) for draft in everything)
    for how, least in (("plain", 60), ("paraphrase", 30), ("trick", 10), ("harmless", 60)):
        assert sum(draft["how"] == how for draft in everything) >= least


def test_the_drafts_that_were_worked_with() -> None:
    found = rates(*WORKED_WITH)
    print(found)  # noqa: T201 - the rates are what this is for
    assert found.missed == KNOWN_MISSES
    assert found.alarmed == KNOWN_ALARMS


def test_the_drafts_that_nothing_was_tuned_on() -> None:
    found = rates(UNSEEN)
    print(found)  # noqa: T201 - the rates are what this is for
    assert found.missed == UNSEEN_MISSES
    assert found.alarmed == UNSEEN_ALARMS
    assert found.missed_share <= MOST_MISSED
    assert found.alarmed_share <= MOST_ALARMED


@pytest.mark.parametrize("how", ["plain", "trick", "paraphrase"])
def test_the_sorts_are_told_apart(how: str) -> None:
    """What says it outright is found; what is only meant often is not, and the card says so."""
    wrong = rates(*WORKED_WITH, UNSEEN).missed
    of_sort = [draft for draft in drafts(*WORKED_WITH, UNSEEN) if draft["how"] == how]
    share = sum(draft["id"] in wrong for draft in of_sort) / len(of_sort)
    print(f"{how}: missed {share:.0%} of {len(of_sort)}")  # noqa: T201 - the rates are what this is for
    assert share <= {"plain": 0.10, "trick": 0.20, "paraphrase": 0.40}[how]


KNOWN_MISSES = frozenset(
    {
        "again-15",
        "again-19",
        "again-28",
        "again-6",
        "fresh-10",
        "fresh-12",
        "fresh-24",
        "fresh-6",
        "fresh-8",
        "list-6",
        "third-16",
        "third-21",
        "third-29",
    }
)
"""A look-alike that reads as another letter; hints, connections, figures of speech; a day named by a feast."""
KNOWN_ALARMS = frozenset({"again-32", "third-32"})
UNSEEN_MISSES = frozenset(f"unseen-{number}" for number in (1, 4, 6, 9, 11, 13, 14, 16, 19, 21, 28, 30))
UNSEEN_ALARMS = frozenset({"unseen-41"})
MOST_MISSED, MOST_ALARMED = 0.40, 0.05
