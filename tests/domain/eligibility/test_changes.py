"""What changed, in words: from what to what, how sure, where read, within the limit."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.catalogue import Catalogue
from bot.domain.eligibility.answers import Answers, Nrmp, School
from bot.domain.eligibility.changes import MAX_CHANGES, change_text
from bot.domain.eligibility.saved import Change, Outcome, changes_between, outcomes_of, told_of
from bot.domain.eligibility.verdicts import Verdict
from tests.domain.eligibility.conftest import NOVEMBER, Evaluate

OUTCOMES = st.builds(Outcome, st.sampled_from(list(Verdict)), st.sampled_from(["", "2026-12-31", "2027-03-03T21:00:00-05:00"]))


@given(data=st.data())
def test_any_change_is_told_within_the_limit(catalogue: Catalogue, data: st.DataObject) -> None:
    of_some = st.dictionaries(st.sampled_from([*catalogue.rules, "us-gone"]), OUTCOMES)
    changes = changes_between(data.draw(of_some), data.draw(of_some))
    text = change_text(changes, catalogue.rules, 2027)
    assert len(text) <= MAX_CHANGES
    assert not any(line.endswith(": ") for line in text.splitlines())
    shown = [line for line in text.splitlines() if line.startswith("- ") and not line.startswith("- and ")]
    left = next((int(line.split()[2]) for line in text.splitlines() if line.startswith("- and ")), 0)
    assert len(shown) + left == len(changes)


def test_each_kind_of_change_has_its_words(catalogue: Catalogue) -> None:
    met, unknown = Outcome(Verdict.MET), Outcome(Verdict.UNKNOWN, "2026-12-31")
    changes = (
        Change("us-oet", met, unknown),
        Change("us-soap", None, unknown),
        Change("us-gone", met, None),
        Change("us-pathway", unknown, Outcome(Verdict.UNKNOWN, "")),
    )
    assert change_text(changes, catalogue.rules, 2027).splitlines()[1:-1] == [
        "- Communication skills: OET Medicine: unknown, was met; by Thu 31 Dec 2026, was a date that is not known",
        "- SOAP: new for you, unknown",
        "- A rule that is not held any more: does not concern you any more",
        "- Clinical skills: a Pathway: by a date that is not known, was Thu 31 Dec 2026",
    ]


def test_a_date_that_changed_says_how_sure_it_is_and_where_it_was_read(judged: Evaluate, catalogue: Catalogue) -> None:
    answers = Answers(2027, school=School.OTHER, nrmp=Nrmp.NOT_REGISTERED)
    after = outcomes_of(judged(answers))["us-nrmp"]
    before = replace(after, by="2027-01-22T23:59:00-05:00", due=None)
    (_, line, _) = change_text((Change("us-nrmp", before, after),), catalogue.rules, 2027).splitlines()
    assert line.startswith("- NRMP registration: by Fri 29 Jan 2027, 23:59 EST (estimated, not announced; ")
    assert line.endswith(", as of 22 Nov 2026), was Fri 22 Jan 2027, 23:59 EST")


@pytest.mark.parametrize("rule_id", ["us-nrmp", "us-oet", "us-eras"])
def test_time_alone_moves_no_date(judged: Evaluate, rule_id: str) -> None:
    answers = Answers(2027, school=School.OTHER, nrmp=Nrmp.NOT_REGISTERED)
    moments = (datetime(2026, 8, 1, tzinfo=UTC), NOVEMBER, datetime(2027, 2, 5, tzinfo=UTC), datetime(2027, 3, 10, tzinfo=UTC))
    assert len({outcomes_of(judged(answers, moment))[rule_id].by for moment in moments}) == 1


@pytest.mark.parametrize(
    ("before", "then", "now", "is_told"),
    [
        (Verdict.MET, Verdict.MET, Verdict.NOT_MET, False),
        (Verdict.MET, Verdict.NOT_MET, Verdict.NOT_MET, True),
        (Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN, True),
        (Verdict.MET, Verdict.NOT_MET, Verdict.MET, False),
    ],
)
def test_only_what_a_rule_changed_is_told(before: Verdict, then: Verdict, now: Verdict, is_told: bool) -> None:
    old, at_the_time, today = ({"us-oet": Outcome(verdict)} for verdict in (before, then, now))
    told = told_of(old, at_the_time, today)
    assert told == ((Change("us-oet", old["us-oet"], today["us-oet"]),) if is_told else ())
