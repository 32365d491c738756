"""What applying costs one member, as far as fees are held: nothing is guessed, and what is not held stays open."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.eligibility.answers import (
    Answers,
    Application,
    Eras,
    Exam,
    Nrmp,
    Oet,
    Passed,
    Pathway,
    School,
    Step,
    UsStatus,
    VisaPlan,
)
from bot.domain.fees import Fee, FeePart, Fees, FeeScale
from bot.domain.letters import ApplicationService
from bot.domain.programs import Program

MOST_MORE = 500
"""Programs that may be added in a "what if"."""


class Standing(StrEnum):
    """How a fee stands with her."""

    DUE = "due"
    MAYBE = "maybe"
    """It depends on what she did not tell or has not decided."""
    SETTLED = "settled"
    """Behind her, by what she told: not counted."""
    NOT_HERS = "not_hers"


@dataclass(frozen=True, slots=True)
class Group:
    """Name programs whose applications are counted together."""

    service: ApplicationService
    specialty: str | None
    """An id of the catalogue; None: not known."""


@dataclass(frozen=True, slots=True)
class GroupCost:
    """Hold what the applications of one group cost, in US dollars; None where the fee is not held."""

    group: Group
    applied: int
    """Programs to which she applied already."""
    count: int
    """All that count, those with an application included."""
    more: int
    """Programs added in a "what if"."""
    scale: FeeScale | None

    @property
    def amount(self) -> int | None:
        """Return what all of them cost, without those of the "what if"."""
        return None if self.scale is None else self.scale.fee(self.count)

    @property
    def added(self) -> int | None:
        """Return what those of the "what if" cost on top."""
        return None if self.scale is None else self.scale.fee(self.count + self.more) - self.scale.fee(self.count)


@dataclass(frozen=True, slots=True)
class ItemCost:
    """Hold one fee as it stands with her."""

    fee: Fee
    standing: Standing
    times: int = 1

    @property
    def amount(self) -> int | None:
        """Return what it comes to, in US dollars; None where it is not held."""
        return None if self.fee.amount is None else self.fee.amount * self.times


@dataclass(frozen=True, slots=True)
class Costs:
    """Hold the whole reckoning of one season."""

    season_year: int
    groups: tuple[GroupCost, ...]
    """The one with most programs first."""
    items: tuple[ItemCost, ...]
    """Those that are due or may be, in the order of the way."""
    settled: tuple[Fee, ...]

    def of(self, part: FeePart) -> tuple[ItemCost, ...]:
        """Return the items of one part."""
        return tuple(each for each in self.items if each.fee.part is part)

    def total(self, part: FeePart | None = None, standing: Standing = Standing.DUE) -> int:
        """Return the sum of what is held, of one part or of all, without a "what if"."""
        held = [each for each in self.items if each.standing is standing and part in (None, each.fee.part)]
        applications = part in (None, FeePart.APPLICATIONS) and standing is Standing.DUE
        return sum(each.amount or 0 for each in held) + (sum(each.amount or 0 for each in self.groups) if applications else 0)

    @property
    def added(self) -> int:
        """Return what a "what if" adds."""
        return sum(each.added or 0 for each in self.groups)

    def open_items(self, part: FeePart | None = None) -> int:
        """Return how many fees that come are not held."""
        groups = [each for each in self.groups if each.amount is None] if part in (None, FeePart.APPLICATIONS) else []
        items = [each for each in self.items if each.amount is None and each.standing is Standing.DUE and part in (None, each.fee.part)]
        return len(groups) + len(items)

    @property
    def is_of_an_earlier_season(self) -> bool:
        """Tell whether a scale of applications was read for an earlier season than this one."""
        return any(each.scale is not None and each.scale.season < self.season_year for each in self.groups)


@dataclass(frozen=True, slots=True)
class Told:
    """Hold what a reckoning looks at."""

    season_year: int
    programs: Sequence[Program]
    answers: Answers | None
    codes: tuple[int, int] = (0, 0)
    """Codes on her primary list, and on all supplemental lists together."""
    extra_codes: int = 0
    """Of those, how many cost extra."""
    is_couple: bool | None = None
    is_in_us: bool = True
    is_in_canada: bool = False
    is_past_standard: bool | None = None
    """Whether the standard deadline of registration has passed; None where it is not known."""


def groups_of(programs: Iterable[Program]) -> Mapping[Group, tuple[int, int]]:
    """Return for each group how many programs count, and how many have an application; declined ones count if an application was sent."""
    counted, applied = Counter[Group](), Counter[Group]()
    for each in programs:
        if each.is_closed and not each.has_applied:
            continue
        group = Group(each.service, each.specialty)
        counted[group] += 1
        applied[group] += each.has_applied
    return {group: (count, applied[group]) for group, count in counted.most_common()}


def reckon(told: Told, fees: Fees, more: int = 0, where: Group | None = None) -> Costs:
    """Return what applying costs her; ``more`` programs are added to the group ``where``, or to her largest one."""
    counted = dict(groups_of(told.programs))
    where = where or next(iter(counted), None)
    if more and where is not None:
        counted.setdefault(where, (0, 0))
    groups = tuple(
        GroupCost(
            group, applied, count, more if group == where else 0, fees.scale(group.service, group.specialty, told.season_year)
        )
        for group, (count, applied) in counted.items()
    )  # fmt: skip
    services = {each.group.service for each in groups}
    stood = {name: ItemCost(fees.items[name], standing, times) for name, standing, times in _items(told, services) if name in fees.items}
    shown = [each for name in fees.items if (each := stood.get(name)) and each.standing in (Standing.DUE, Standing.MAYBE)]
    settled = tuple(each.fee for name in fees.items if (each := stood.get(name)) and each.standing is Standing.SETTLED)
    return Costs(told.season_year, groups, tuple(shown), settled)


def _items(told: Told, services: set[ApplicationService]) -> Iterator[tuple[str, Standing, int]]:
    answers = told.answers
    if told.is_in_us:
        yield from ((name, standing, 1) for name, standing in _applying(answers, services))
        yield from _match(told)
        if answers is None or answers.school is not School.US:
            yield from ((name, standing, 1) for name, standing in _certifying(answers))
        yield from ((name, standing, 1) for name, standing in _visa(answers))
    if told.is_in_canada or ApplicationService.CARMS in services:
        yield "carms", Standing.DUE, 1
        yield "mccqe1", _exam(answers.mccqe1 if answers else Exam.UNKNOWN), 1
        yield "nac", _exam(answers.nac if answers else Exam.UNKNOWN), 1


def _applying(answers: Answers | None, services: set[ApplicationService]) -> Iterator[tuple[str, Standing]]:
    eras = answers.eras if answers else Eras.UNKNOWN
    through_eras = Standing.DUE if ApplicationService.ERAS in services else Standing.MAYBE if not services else Standing.NOT_HERS
    yield "token", Standing.SETTLED if eras in (Eras.TOKEN, Eras.APPLIED) else through_eras
    yield "transcript", through_eras
    yield "residencycas-support", Standing.DUE if ApplicationService.RESIDENCYCAS in services else Standing.NOT_HERS


def _match(told: Told) -> Iterator[tuple[str, Standing, int]]:
    is_registered = told.answers is not None and told.answers.nrmp is Nrmp.REGISTERED
    yield "registration", Standing.SETTLED if is_registered else Standing.DUE, 1
    if told.extra_codes:
        yield "codes", Standing.DUE, told.extra_codes
    if is_registered:
        yield "late", Standing.NOT_HERS, 1
    else:
        yield "late", Standing.DUE if told.is_past_standard else Standing.MAYBE, 1
    couple = {True: Standing.DUE, None: Standing.MAYBE, False: Standing.NOT_HERS}
    yield "couple", couple[told.is_couple], 1


_APPLICATION = {
    Application.APPROVED: Standing.SETTLED,
    Application.SUBMITTED: Standing.SETTLED,
    Application.NOT_STARTED: Standing.DUE,
    Application.UNKNOWN: Standing.MAYBE,
}
_OET = {
    Oet.ONE_SITTING: Standing.SETTLED,
    Oet.BOOKED: Standing.SETTLED,
    Oet.SEVERAL_SITTINGS: Standing.DUE,
    Oet.NOT_TAKEN: Standing.DUE,
    Oet.UNKNOWN: Standing.MAYBE,
}


def _certifying(answers: Answers | None) -> Iterator[tuple[str, Standing]]:
    yield "ecfmg-application", _APPLICATION[answers.ecfmg_application if answers else Application.UNKNOWN]
    yield "step1", _step(answers.step1 if answers else Step.UNKNOWN)
    yield "step2", _step(answers.step2 if answers else Step.UNKNOWN)
    yield "step3", _step3(answers)
    pathway = answers.pathway if answers else Pathway.UNKNOWN
    is_done = pathway in (Pathway.ACCEPTED, Pathway.APPLIED)
    yield "pathway", Standing.SETTLED if is_done else Standing.MAYBE if pathway is Pathway.UNKNOWN else Standing.DUE
    yield "oet", _OET[answers.oet if answers else Oet.UNKNOWN]


def _step(step: Step) -> Standing:
    if step.is_passed or step is Step.BOOKED:
        return Standing.SETTLED
    return Standing.MAYBE if step is Step.UNKNOWN else Standing.DUE


def _step3(answers: Answers | None) -> Standing:
    if answers is None or answers.us_status is UsStatus.UNKNOWN:
        return Standing.MAYBE
    if answers.us_status is not UsStatus.VISA_NEEDED or answers.visa_plan is VisaPlan.J1:
        return Standing.NOT_HERS
    if answers.step3 is Passed.PASSED:
        return Standing.SETTLED
    return Standing.DUE if answers.visa_plan is VisaPlan.H1B else Standing.MAYBE


def _visa(answers: Answers | None) -> Iterator[tuple[str, Standing]]:
    status = answers.us_status if answers else UsStatus.UNKNOWN
    plan = answers.visa_plan if answers else VisaPlan.UNKNOWN
    if status not in (UsStatus.VISA_NEEDED, UsStatus.UNKNOWN):
        return
    sure = status is UsStatus.VISA_NEEDED
    undecided = Standing.MAYBE
    j1 = {VisaPlan.J1: Standing.DUE if sure else undecided, VisaPlan.H1B: Standing.NOT_HERS}.get(plan, undecided)
    h1b = {VisaPlan.H1B: Standing.DUE if sure else undecided, VisaPlan.J1: Standing.NOT_HERS}.get(plan, undecided)
    yield from ((name, j1) for name in ("j1-sponsor", "sevis", "j1-visa"))
    yield "h1b", h1b


def _exam(exam: Exam) -> Standing:
    if exam in (Exam.PASSED, Exam.BOOKED):
        return Standing.SETTLED
    return Standing.MAYBE if exam is Exam.UNKNOWN else Standing.DUE
