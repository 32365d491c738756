"""Random answers, and what makes an answer better."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from hypothesis import strategies as st

from bot.domain.eligibility.answers import Answers, Oet, OetPart, Step
from bot.domain.eligibility.packing import _ENUMS

YEARS = st.none() | st.integers(2008, 2028)
KINDS: dict[str, type[StrEnum]] = dict(_ENUMS)
answers = st.builds(
    Answers,
    match_year=st.sampled_from([2026, 2027, 2028]),
    graduation=YEARS,
    step1_year=YEARS,
    step2_year=YEARS,
    oet_year=YEARS,
    oet_parts=st.none() | st.frozensets(st.sampled_from(list(OetPart))),
    **{name: st.sampled_from(list(kind)) for name, kind in _ENUMS},
)
FIELDS = [name for name in KINDS if name != "country"] + ["graduation", "step1_year", "step2_year", "oet_year", "oet_parts"]

_STEPS = (
    ("not_taken", "booked", "passed_1"),
    ("failed_1", "passed_2"),
    ("failed_2", "passed_3"),
    ("failed_4", "failed_3", "failed_2", "failed_1", "not_taken"),
    ("failed_3", "passed_4", "passed_3", "passed_2", "passed_1"),
    ("passed_more", "passed_1"),
    ("unknown", "passed_1"),
)
_MCC = (("not_taken", "booked", "passed"), ("failed", "passed"), ("unknown", "passed"))
LADDERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "listing": (("not_listed", "unknown", "with_note"), ("not_listed", "without_note", "with_note")),
    "us_status": (("unknown", "citizen"), ("visa_needed", "other_authorisation", "green_card", "citizen")),
    "ecfmg_application": (("not_started", "submitted", "approved"), ("unknown", "approved")),
    "step1": _STEPS,
    "step2": _STEPS,
    "oet": (("not_taken", "booked", "one_sitting"), ("several_sittings", "one_sitting"), ("unknown", "one_sitting")),
    "pathway": (
        *((kind, "applied", "accepted") for kind in ("none_of_these", "licensed", "school_recognised", "joint_degree")),
        ("accepted_expired", "accepted"),
        ("unknown", "accepted"),
    ),
    "certificate": (
        ("not_graduated", "papers_not_sent", "papers_in_progress", "papers_verified", "issued"),
        ("unknown", "issued"),
        ("papers_verified", "issued_expired", "issued"),
    ),
    "eras": (("none", "token", "applied"), ("unknown", "applied")),
    "nrmp": (("not_registered", "registered"), ("unknown", "registered")),
    "step3": (("not_passed", "passed"), ("unknown", "passed")),
    "place": (("unknown", "inside_us"), ("outside_us", "inside_us")),
    "july_start": (("no", "yes"), ("unknown", "yes")),
    "canada_status": (("neither", "permanent_resident", "citizen"), ("unknown", "citizen")),
    "prior_training": (("yes", "no"), ("unknown", "no")),
    "mccqe1": _MCC,
    "nac": _MCC,
    "language": (("none", "some_result", "proven"), ("unknown", "proven")),
    "province_step": (("not_done", "done"), ("unknown", "done")),
    "return_of_service": (("declines", "accepts"), ("unknown", "accepts")),
    "references": (("none", "asked", "ready"), ("unknown", "ready")),
}
"""From the worse to the better answer; what lies on one ladder may be climbed.

Not on any: the school and the province (each has rules of its own), the country and the visa in mind (wishes), years (see below).
"""


@st.composite
def improvements(draw: st.DrawFn, now: datetime) -> tuple[Answers, Answers]:
    """Return answers, and the same with one of them better; what is passed or sat now comes with its year and grades."""
    before = draw(answers)
    name = draw(st.sampled_from([*LADDERS, "oet_parts", "oet_year"]))
    if name == "oet_parts":
        fewer = draw(st.none() | st.frozensets(st.sampled_from(list(OetPart)), max_size=3))
        if fewer is None:
            return replace(before, oet_parts=None), replace(before, oet_parts=frozenset(OetPart))
        return replace(before, oet_parts=fewer), replace(before, oet_parts=fewer | {draw(st.sampled_from(list(OetPart)))})
    if name == "oet_year":
        old = draw(st.none() | st.integers(2008, now.year))
        new = now.year if old is None else draw(st.integers(old, now.year))
        return replace(before, oet_year=old), replace(before, oet_year=new)
    ladder = draw(st.sampled_from(LADDERS[name]))
    low = draw(st.integers(0, len(ladder) - 2))
    high = draw(st.integers(low + 1, len(ladder) - 1))
    changes: dict[str, Any] = {name: KINDS[name](ladder[high])}
    before = replace(before, **{name: KINDS[name](ladder[low])})
    after = replace(before, **changes)
    return before, _completed(before, after, now)


def _completed(before: Answers, after: Answers, now: datetime) -> Answers:
    for step, other in (("step1", "step2"), ("step2", "step1")):
        was, now_is = getattr(before, step), getattr(after, step)
        if now_is.is_passed and not was.is_passed:
            # An exam that was not passed is passed this year; one of which nothing was known may lie where it is best: in the other's year.
            best = getattr(before, f"{other}_year") if getattr(before, other).is_passed else None
            year = min(best, now.year) if was is Step.UNKNOWN and best is not None else now.year
            after = replace(after, **{f"{step}_year": year})
    if after.oet is Oet.ONE_SITTING and before.oet is Oet.UNKNOWN:
        after = replace(after, oet_parts=frozenset(OetPart), oet_year=now.year)
    return after
