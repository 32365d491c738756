"""What applying costs: tiers, groups, what is behind her, what may come, what is not held; beside the worked example that is published."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.catalogue import load_catalogue
from bot.domain.eligibility.answers import Answers, Application, Eras, Exam, Nrmp, Oet, Passed, Pathway, School, Step, UsStatus, VisaPlan
from bot.domain.fees import FeePart, FeeScale
from bot.domain.letters import ApplicationService
from bot.domain.program_costs import Costs, Group, Standing, Told, groups_of, reckon
from bot.domain.programs import Program, ProgramStage, StageChange
from tests.support.clocks import NOON
from tests.support.program_cards import bare

FEES = load_catalogue().fees
ERAS, RESIDENCYCAS = FEES.scales
MEDICINE = Group(ApplicationService.ERAS, "internal-med")
APPLIED = (StageChange(ProgramStage.APPLIED, NOON),)
DONE = Answers(
    2027, school=School.OTHER, ecfmg_application=Application.APPROVED, step1=Step.PASSED_1, step2=Step.PASSED_1, pathway=Pathway.ACCEPTED,
    oet=Oet.ONE_SITTING, us_status=UsStatus.CITIZEN, eras=Eras.APPLIED, nrmp=Nrmp.REGISTERED,
)  # fmt: skip


def programs(count: int, **changes: Any) -> list[Program]:
    given_ = {"specialty": "internal-med", "service": ApplicationService.ERAS} | changes
    return [bare(f"{number:016d}", **given_) for number in range(count)]


def costs(*hers: Program, answers: Answers | None = None, more: int = 0, where: Group | None = None, **changes: Any) -> Costs:
    return reckon(Told(2027, hers, answers, **changes), FEES, more, where)


def standings(reckoned: Costs) -> dict[str, Standing]:
    return {each.fee.id: each.standing for each in reckoned.items} | {each.id: Standing.SETTLED for each in reckoned.settled}


@pytest.mark.parametrize(("scale", "count", "fee"), [
    (ERAS, 0, 0), (ERAS, 1, 11), (ERAS, 30, 330), (ERAS, 31, 360), (ERAS, 43, 720), (ERAS, 7, 77), (ERAS, 80, 1_830),
    (RESIDENCYCAS, 0, 0), (RESIDENCYCAS, 1, 99), (RESIDENCYCAS, 18, 99), (RESIDENCYCAS, 19, 117), (RESIDENCYCAS, 31, 338),
])  # fmt: skip
def test_a_scale_counts_every_program_in_its_tier(scale: FeeScale, count: int, fee: int) -> None:
    assert scale.fee(count) == fee


@given(st.integers(0, 400))
def test_one_more_never_costs_less(count: int) -> None:
    for scale in FEES.scales:
        assert scale.fee(count + 1) >= scale.fee(count)


def test_each_specialty_is_counted_by_itself_as_in_the_published_example() -> None:
    reckoned = costs(*programs(43), *(replace(each, id=f"n{each.id[1:]}") for each in programs(7, specialty="neurology")))
    assert [each.amount for each in reckoned.groups] == [720, 77]
    assert sum(each.amount or 0 for each in reckoned.groups) == 797


def test_what_40_more_cost_is_told_apart_and_changes_nothing_else() -> None:
    before = costs(*programs(20))
    after = costs(*programs(20), more=40)
    assert (before.added, after.added) == (0, 10 * 11 + 30 * 30)
    assert before.total() == after.total()
    elsewhere = costs(*programs(20), more=3, where=Group(ApplicationService.ERAS, "neurology"))
    assert [(each.count, each.more, each.added) for each in elsewhere.groups] == [(20, 0, 0), (0, 3, 33)]
    assert costs(more=40).groups == ()


def test_a_declined_program_counts_only_where_an_application_was_sent() -> None:
    declined = {"stage": ProgramStage.DECLINED}
    assert groups_of([*programs(1, **declined), *programs(2, history=APPLIED, **declined)]) == {MEDICINE: (2, 2)}


def test_a_service_whose_fees_are_not_held_stays_open_and_is_counted_as_open() -> None:
    reckoned = costs(*programs(5, service=ApplicationService.SF_MATCH, specialty="ophthalmology"))
    (group,) = reckoned.groups
    assert (group.amount, group.added) == (None, None)
    assert reckoned.open_items(FeePart.APPLICATIONS) == 1
    assert FEES.scale(ApplicationService.RESIDENCYCAS, "internal-med", 2027) is None
    assert FEES.scale(ApplicationService.ERAS, None, 2025) is None


def test_whatever_is_not_told_may_come_and_is_not_summed() -> None:
    found = standings(costs(*programs(1)))
    assert {name for name, each in found.items() if each is Standing.DUE} == {"token", "transcript", "registration"}
    assert {"late", "couple", "step1", "step2", "oet", "pathway", "ecfmg-application", "j1-sponsor", "h1b"} <= {
        name for name, each in found.items() if each is Standing.MAYBE
    }


def test_what_is_behind_her_is_not_counted_again() -> None:
    reckoned = costs(*programs(1), answers=DONE, is_couple=False)
    assert {each.fee.id for each in reckoned.items} == {"transcript"}
    assert {"token", "registration", "step1", "step2", "pathway", "oet", "ecfmg-application"} <= {each.id for each in reckoned.settled}
    assert reckoned.total() == 11 + 80


Row = tuple[dict[str, Any], dict[str, Any], str, Standing | None]
ROWS: list[Row] = [
    ({"nrmp": Nrmp.UNKNOWN}, {"is_past_standard": True}, "late", Standing.DUE),
    ({"nrmp": Nrmp.UNKNOWN}, {"is_past_standard": False}, "late", Standing.MAYBE),
    ({}, {"is_past_standard": True}, "late", None),
    ({}, {"is_couple": True}, "couple", Standing.DUE),
    ({}, {"codes": (25, 0), "extra_codes": 5}, "codes", Standing.DUE),
    ({}, {"codes": (9, 0)}, "codes", None),
    ({"us_status": UsStatus.VISA_NEEDED, "visa_plan": VisaPlan.J1}, {}, "sevis", Standing.DUE),
    ({"us_status": UsStatus.VISA_NEEDED, "visa_plan": VisaPlan.J1}, {}, "h1b", None),
    ({"us_status": UsStatus.VISA_NEEDED, "visa_plan": VisaPlan.J1}, {}, "step3", None),
    ({"us_status": UsStatus.VISA_NEEDED, "visa_plan": VisaPlan.H1B}, {}, "step3", Standing.DUE),
    ({"us_status": UsStatus.VISA_NEEDED, "visa_plan": VisaPlan.H1B, "step3": Passed.PASSED}, {}, "step3", Standing.SETTLED),
    ({"us_status": UsStatus.VISA_NEEDED, "visa_plan": VisaPlan.UNKNOWN}, {}, "j1-visa", Standing.MAYBE),
    ({"us_status": UsStatus.GREEN_CARD}, {}, "j1-visa", None),
    ({"step2": Step.FAILED_1}, {}, "step2", Standing.DUE),
    ({"step2": Step.BOOKED}, {}, "step2", Standing.SETTLED),
    ({"oet": Oet.SEVERAL_SITTINGS}, {}, "oet", Standing.DUE),
    ({"school": School.US}, {}, "oet", None),
    ({}, {"is_in_canada": True}, "carms", Standing.DUE),
    ({"mccqe1": Exam.PASSED}, {"is_in_canada": True}, "mccqe1", Standing.SETTLED),
    ({"nac": Exam.UNKNOWN}, {"is_in_canada": True}, "nac", Standing.MAYBE),
    ({}, {"is_in_us": False, "is_in_canada": True}, "transcript", None),
]


@pytest.mark.parametrize(("answers", "told", "fee", "standing"), ROWS)
def test_each_fee_stands_as_what_she_told_says(answers: dict[str, Any], told: dict[str, Any], fee: str, standing: Standing | None) -> None:
    assert standings(costs(*programs(1), answers=replace(DONE, **answers), **told)).get(fee) is standing


def test_a_scale_read_for_an_earlier_season_says_so() -> None:
    assert costs(*programs(1)).is_of_an_earlier_season is (ERAS.season < 2027)
    assert not costs().is_of_an_earlier_season
