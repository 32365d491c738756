"""What must hold for every set of answers, whatever the rules say."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.eligibility.answers import Answers, OetPart
from bot.domain.eligibility.packing import MAX_PACKED, _seal, pack, unpack
from bot.domain.eligibility.plan import plan
from bot.domain.eligibility.verdicts import RANK, Reach, Verdict
from tests.domain.eligibility.conftest import Evaluate
from tests.domain.eligibility.strategies import FIELDS, KINDS, answers, improvements

THOROUGH = settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MOMENTS = st.datetimes(datetime(2026, 6, 1), datetime(2028, 7, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


@THOROUGH
@given(given=answers, name=st.sampled_from(FIELDS), now=MOMENTS)
def test_an_unknown_answer_never_makes_a_rule_met(judged: Evaluate, given: Answers, name: str, now: datetime) -> None:
    value = getattr(given, name)
    unknown: Any = None if value is None or isinstance(value, int | frozenset) else type(value)("unknown")
    before, after = judged(given, now).verdicts(), judged(replace(given, **{name: unknown}), now).verdicts()
    assert [rule for rule, verdict in after.items() if verdict is Verdict.MET and before.get(rule, Verdict.MET) is not Verdict.MET] == []


@THOROUGH
@given(data=st.data(), now=MOMENTS)
def test_one_more_met_fact_never_makes_a_verdict_worse(judged: Evaluate, data: st.DataObject, now: datetime) -> None:
    worse_answers, better_answers = data.draw(improvements(now))
    before, after = judged(worse_answers, now).verdicts(), judged(better_answers, now).verdicts()
    worse = {rule: (verdict, after[rule]) for rule, verdict in before.items() if rule in after and RANK[after[rule]] < RANK[verdict]}
    assert worse == {}


@THOROUGH
@given(given=answers, now=MOMENTS)
def test_every_finding_has_its_reason_and_only_what_is_missing_is_planned(judged: Evaluate, given: Answers, now: datetime) -> None:
    result = judged(given, now)
    assert len({finding.rule.id for finding in result.findings}) == len(result.findings)
    for finding in result.findings:
        assert finding.reason[-1] in ".?"
        assert "%" not in finding.reason
    steps = plan(result)
    assert {step.finding.verdict for step in steps} <= {Verdict.NOT_MET, Verdict.UNKNOWN}
    for step in steps:
        assert bool(step.todo) == (step.reach is not Reach.NO_LONGER)
        if step.reach is not Reach.OPEN:
            assert step.otherwise, step.finding.rule.id


@THOROUGH
@given(given=answers)
def test_answers_survive_packing(given: Answers) -> None:
    packed = pack(given)
    assert len(packed) <= MAX_PACKED
    assert set(packed) <= set(LETTERS)
    assert unpack(packed) == given


@given(text=st.text(max_size=80) | st.text(alphabet=LETTERS, max_size=80))
def test_what_was_never_packed_is_refused_or_read_whole(text: str) -> None:
    try:
        found = unpack(text)
    except ValueError:
        return
    assert pack(found) == text


@given(given=answers, at=st.integers(0, 21), letter=st.sampled_from(LETTERS))
def test_a_letter_that_changed_is_noticed_or_means_the_same(given: Answers, at: int, letter: str) -> None:
    packed = pack(given)
    place = at % len(packed)
    try:
        found = unpack(packed[:place] + letter + packed[place + 1 :])
    except ValueError:
        return
    assert found == given or pack(found) != packed


def test_the_longest_answers_fit_a_custom_id() -> None:
    longest = Answers(2138, **{name: list(kind)[-1] for name, kind in KINDS.items()}, oet_parts=frozenset(OetPart))
    longest = replace(longest, graduation=2138, step1_year=2138, step2_year=2138, oet_year=2138)
    assert unpack(pack(longest)) == longest
    assert len(pack(longest)) <= 24


def test_a_card_of_a_version_with_other_options_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = pack(Answers(2027))
    monkeypatch.setattr("bot.domain.eligibility.packing._VOCABULARY", "other questions")
    with pytest.raises(ValueError, match="other questions"):
        unpack(packed)


@pytest.mark.parametrize("packed", ["", "0", "000", "0000", "é" * 20, "\ud800" * 9, "A" * 22, " " * 22, "z" * 60, "z" * 61, "-1"])
def test_garbage_is_refused(packed: str) -> None:
    with pytest.raises(ValueError, match="packed answers"):
        unpack(packed)


@pytest.mark.parametrize("body", ["0", "00", "0a", "z" * 57, "z" * 58])
def test_a_good_seal_alone_is_not_enough(body: str) -> None:
    with pytest.raises(ValueError, match="packed answers"):
        unpack(body + _seal(body))


@pytest.mark.parametrize("year", [1940, 2138])
def test_the_first_and_the_last_year_are_kept(year: int) -> None:
    assert unpack(pack(Answers(2027, graduation=year))).graduation == year


@pytest.mark.parametrize("year", [1939, 2139])
def test_a_year_that_can_not_be_kept_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match="can't be kept"):
        pack(Answers(match_year=2027, graduation=year))
