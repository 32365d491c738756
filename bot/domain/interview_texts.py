"""Questions of interviews, how to build an answer, answers that were invented to learn from, and what to look at in one's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from bot.domain.facts import Certainty, Citation


class ApplicantKind(StrEnum):
    """Who answers: for some questions that changes the wording or the answer."""

    US_IMG = "us_img"
    NON_US_IMG = "non_us_img"
    CANADIAN = "canadian"
    """A citizen or permanent resident of Canada who applies through CaRMS."""


@dataclass(frozen=True, slots=True)
class InterviewQuestion:
    """Hold one question, what is being asked, and how an answer is built."""

    id: str
    group: str
    """The id of its group."""
    text: str
    scenario: str
    """What a station puts before the applicant; empty but for those."""
    name: str
    """What a station is called in lists, since its question alone does not tell; empty but for those."""
    asks: str
    """What is being asked."""
    steps: tuple[str, ...]
    """How to build an answer, in order."""
    mistakes: tuple[str, ...]
    variants: Mapping[ApplicantKind, str]
    """What differs for one kind of applicant, where something does."""
    follow_ups: tuple[str, ...]
    asked_of: frozenset[ApplicantKind]
    cites: tuple[str, ...]
    """What the facts in it rest on, as ``rule:us-j1``: the schemes stand in ``bot/catalogue/interviews.py``."""
    citations: tuple[Citation, ...]
    certainty: Certainty | None
    """None where it states no fact; that of the least sure fact where it does."""
    as_of: date

    @property
    def title(self) -> str:
        """Return the question as it stands in lists."""
        return f"{self.name}: {self.text}" if self.name else self.text


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Hold the questions of one group, in the order of its file."""

    id: str
    title: str
    about: str
    is_hers: bool
    """Whether these are asked by the applicant."""
    questions: tuple[InterviewQuestion, ...]


@dataclass(frozen=True, slots=True)
class SamplePart:
    """Hold some sentences of an invented answer, and a note beside them."""

    says: str
    note: str
    works: bool
    """Whether the note says what works, or what to mend."""


@dataclass(frozen=True, slots=True)
class SampleAnswer:
    """Hold an answer that was invented: no real person gave it."""

    id: str
    title: str
    question: str
    """The id of the question that it answers."""
    kind: ApplicantKind
    who: str
    """The invented person, in a few words."""
    parts: tuple[SamplePart, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """Hold one thing to look at in one's own answer."""

    id: str
    title: str
    there: str
    """When it was there."""
    missing: str
    """When it was not."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Hold what programs may not ask or do, as far as it is sourced, and what can be said then."""

    id: str
    title: str
    text: str
    says: str
    """What can be said, in our own words."""
    then: str
    """Where to turn."""
    citation: Citation


@dataclass(frozen=True)
class InterviewTexts:
    """Hold all that is practised and read."""

    groups: tuple[QuestionGroup, ...]
    """In the order in which they are offered."""
    samples: tuple[SampleAnswer, ...]
    criteria: tuple[Criterion, ...]
    limits: tuple[Limit, ...]
    cited: frozenset[str]
    """The ids of the sources that are cited here and not by way of a rule or an answer."""

    @cached_property
    def questions(self) -> Mapping[str, InterviewQuestion]:
        """Return every question by its id, in order."""
        return {question.id: question for group in self.groups for question in group.questions}

    def group(self, group_id: str) -> QuestionGroup | None:
        """Return a group by its id, or None."""
        return next((group for group in self.groups if group.id == group_id), None)

    def asked_of(self, kind: ApplicantKind, group_id: str | None = None) -> tuple[InterviewQuestion, ...]:
        """Return what is asked of a kind of applicant: of one group, or of all but those that the applicant asks."""
        groups = [group for group in self.groups if (group.id == group_id if group_id else not group.is_hers)]
        return tuple(question for group in groups for question in group.questions if kind in question.asked_of)
