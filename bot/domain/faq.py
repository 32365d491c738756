"""Questions that applicants ask again and again, and what is answered."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.facts import Certainty, Citation
from bot.domain.member import Country


class AnswerKind(StrEnum):
    """What an answer rests on."""

    FACT = "fact"
    """Facts that it cites."""
    USE = "use"
    """How this bot works: nothing of the Match is stated."""
    CARE = "care"
    """How to take care of oneself: advice, and nothing of the Match is stated."""
    SERVER = "server"
    """What the moderators of a server wrote for its members; never of the record."""


@dataclass(frozen=True, slots=True)
class FaqAnswer:
    """Hold one question with its answer."""

    id: str
    topic: str
    """The id of its topic."""
    question: str
    text: str
    wordings: tuple[str, ...]
    """How the same question is put in the field's other words."""
    related: tuple[str, ...]
    """Ids of answers that are read next."""
    kind: AnswerKind
    cites: tuple[str, ...]
    """What it rests on, as ``rule:us-verified``: the scheme stands in ``bot/catalogue/faq.py``."""
    citations: tuple[Citation, ...]
    """Those of the facts that it cites, dates apart."""
    dates: tuple[tuple[Country, str], ...]
    """The dates that it cites, by country and key: each season has its own."""
    certainty: Certainty | None
    """None where it states no fact; never surer than the least sure fact that it cites."""
    as_of: date


@dataclass(frozen=True, slots=True)
class FaqTopic:
    """Hold the answers of one topic, in the order of its file."""

    id: str
    title: str
    answers: tuple[FaqAnswer, ...]
