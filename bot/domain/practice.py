"""Practising for interviews: timed rounds, what she marks herself, and when a question comes again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from bot.domain.eligibility.answers import Answers, CanadaStatus, UsStatus, Way
from bot.domain.interview_texts import ApplicantKind, InterviewQuestion
from bot.domain.member import Country

MIXED = "mixed"
AGAIN = "again"
"""What a round may be of, beside one group: all that she is asked, or what is due again."""
COUNTS = (1, 3, 5, 8, 12)
"""How many questions a round may have."""
SECONDS = (60, 90, 120, 180, 300, 0)
"""How long one question may take; 0 is as long as she likes."""
MAX_NOTE = 500
MAX_ROUNDS = 300
WEAK_AFTER, MIDDLING_AFTER = timedelta(days=1), timedelta(days=3)
WELL_AFTER, LONGEST_AFTER = timedelta(days=7), timedelta(days=28)


class Mark(StrEnum):
    """How she says that it went; nobody else says it."""

    WELL = "well"
    MIDDLING = "middling"
    WEAK = "weak"


class RoundState(StrEnum):
    """Where a round stands."""

    UNDER_WAY = "under_way"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Practised:
    """Hold one question of a round."""

    question_id: str
    asked_at: datetime | None = None
    """When it was put; None before its turn."""
    ends_at: datetime | None = None
    """When its time ends; None where there is no limit."""
    done_at: datetime | None = None
    """When she said that she was done; None where she has not, or passed it over."""
    ticked: frozenset[str] = frozenset()
    """The ids of the criteria that were there, as she says."""
    mark: Mark | None = None
    note: str = ""

    @property
    def took(self) -> timedelta | None:
        """Return how long she took, or None."""
        return self.done_at - self.asked_at if self.asked_at and self.done_at else None

    @property
    def late_by(self) -> timedelta:
        """Return by how much she was over the time; zero where she was not."""
        if self.done_at is None or self.ends_at is None:
            return timedelta(0)
        return max(self.done_at - self.ends_at, timedelta(0))


@dataclass(frozen=True, slots=True)
class Round:
    """Hold one round of one member."""

    id: str
    member_id: int
    state: RoundState
    started_at: datetime
    changed_at: datetime
    of: str
    """The id of its group, ``mixed`` or ``again``."""
    kind: ApplicantKind
    seconds: int
    items: tuple[Practised, ...]
    position: int = 0
    revision: int = 0
    is_readable: bool = field(default=True, compare=False)

    @property
    def is_under_way(self) -> bool:
        """Tell whether it goes on."""
        return self.state is RoundState.UNDER_WAY

    @property
    def item(self) -> Practised:
        """Return the question at which it stands."""
        return self.items[self.position]

    @property
    def is_last(self) -> bool:
        """Tell whether no question comes after this one."""
        return self.position == len(self.items) - 1

    @property
    def answered(self) -> tuple[Practised, ...]:
        """Return what was answered, in order."""
        return tuple(item for item in self.items if item.done_at is not None)

    def with_item(self, position: int, item: Practised) -> "Round":
        """Return the round with another question at a place."""
        return replace(self, items=(*self.items[:position], item, *self.items[position + 1 :]))


def begun(round_: Round, now: datetime) -> Round:
    """Return the round with the question at which it stands put now."""
    item = round_.item
    ends_at = now + timedelta(seconds=round_.seconds) if round_.seconds else None
    return round_.with_item(round_.position, replace(item, asked_at=now, ends_at=ends_at))


def done(round_: Round, now: datetime) -> Round:
    """Return the round with the question at which it stands answered; the first time counts."""
    item = round_.item
    return round_ if item.done_at is not None else round_.with_item(round_.position, replace(item, done_at=now))


def moved_on(round_: Round, now: datetime) -> Round:
    """Return the round at its next question, put now; ended after the last one."""
    if round_.is_last:
        return ended(round_)
    return begun(replace(round_, position=round_.position + 1), now)


def ended(round_: Round) -> Round:
    """Return the round at its end."""
    return replace(round_, state=RoundState.ENDED)


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold how one question stands with her, from all that she practised."""

    question_id: str
    times: int
    last_at: datetime
    mark: Mark | None
    """The latest one that she gave."""
    in_a_row: int
    """How often it went well in a row, up to now."""
    again_at: datetime | None
    """When it comes again; None where she never marked it."""

    def is_due(self, now: datetime) -> bool:
        """Tell whether it is time."""
        return self.again_at is not None and self.again_at <= now


def comes_again(mark: Mark, at: datetime, in_a_row: int) -> datetime:
    """Return when a question comes again: weak after a day, middling after three days, well after seven.

    Each time that it goes well in a row it is twice as long, up to 28 days. The rule is ours, a plain form of spaced repetition; the card
    of the history states it.
    """
    if mark is Mark.WEAK:
        return at + WEAK_AFTER
    if mark is Mark.MIDDLING:
        return at + MIDDLING_AFTER
    return at + min(WELL_AFTER * 2 ** max(0, min(in_a_row, 8) - 1), LONGEST_AFTER)


def standings(rounds: Iterable[Round]) -> dict[str, Standing]:
    """Return how each question stands that she has answered, by its id."""
    answered = sorted(
        ((item.done_at, item) for round_ in rounds for item in round_.items if item.done_at is not None), key=lambda pair: pair[0]
    )
    found: dict[str, Standing] = {}
    for at, item in answered:
        before = found.get(item.question_id)
        mark = item.mark or (before.mark if before else None)
        in_a_row = before.in_a_row if before else 0
        again_at = before.again_at if before else None
        if item.mark is not None:
            in_a_row = in_a_row + 1 if item.mark is Mark.WELL else 0
            again_at = comes_again(item.mark, at, in_a_row)
        found[item.question_id] = Standing(item.question_id, (before.times if before else 0) + 1, at, mark, in_a_row, again_at)
    return found


_URGENCY = {Mark.WEAK: 0, Mark.MIDDLING: 1, Mark.WELL: 2}


def due(found: Mapping[str, Standing], now: datetime) -> list[Standing]:
    """Return what is due again, the weakest first, then what waits longest."""
    ready = [each for each in found.values() if each.is_due(now)]
    return sorted(ready, key=lambda each: (_URGENCY[each.mark or Mark.WELL], each.again_at or now, each.question_id))


def picked(questions: Sequence[InterviewQuestion], count: int, found: Mapping[str, Standing], seed: str) -> list[str]:
    """Return the ids of ``count`` questions: those never practised first, then those practised longest ago; by chance among equals.

    Of a mixed round the groups take turns, so that no group fills it. The same seed gives the same questions.
    """
    mixed = sorted(questions, key=lambda question: question.id)
    Random(seed).shuffle(mixed)  # noqa: S311 - nothing is kept secret by it
    mixed.sort(key=lambda question: (each := found.get(question.id)) is not None and each.last_at.timestamp())
    turn: dict[str, int] = {}
    ordered: list[tuple[int, int, str]] = []
    for place, question in enumerate(mixed):
        turn[question.group] = turn.get(question.group, 0) + 1
        ordered.append((turn[question.group], place, question.id))
    return [question_id for _, _, question_id in sorted(ordered)[:count]]


@dataclass(frozen=True, slots=True)
class KnownKind:
    """Say whom she answers as, and from where that is known."""

    kind: ApplicantKind
    why: str
    """In words; empty where it is an assumption."""


def kind_of(answers: Answers | None, countries: frozenset[Country]) -> KnownKind:
    """Return whom she answers as, from what she saved; a non-US IMG where nothing says otherwise."""
    if answers is not None:
        if answers.country is Way.CANADA:
            return KnownKind(ApplicantKind.CANADIAN, "your saved eligibility answers: you apply in Canada")
        if answers.us_status is UsStatus.CITIZEN:
            return KnownKind(ApplicantKind.US_IMG, "your saved eligibility answers: a US citizen")
        if answers.us_status is not UsStatus.UNKNOWN:
            return KnownKind(ApplicantKind.NON_US_IMG, "your saved eligibility answers: no US citizen")
        if answers.canada_status in (CanadaStatus.CITIZEN, CanadaStatus.PERMANENT_RESIDENT):
            return KnownKind(ApplicantKind.CANADIAN, "your saved eligibility answers: your status in Canada")
    if countries == frozenset((Country.CANADA,)):
        return KnownKind(ApplicantKind.CANADIAN, "/start: you apply in Canada")
    return KnownKind(ApplicantKind.NON_US_IMG, "")
