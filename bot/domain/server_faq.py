"""What a server puts first in ``/faq``: answers of the record that it pinned, and answers of its own."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.faq import AnswerKind, FaqAnswer

MOST_ENTRIES = 25
"""As many as a select takes."""
MAX_TITLE = 80
MAX_ANSWER = 1_200
TOPIC = "server"
"""The topic of a server's own answers; no file of the record has that name."""
_OWN = "own-"


class EntryState(StrEnum):
    """Where an entry stands."""

    DRAFT = "draft"
    """Seen by the one who writes it alone."""
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class ServerEntry:
    """Hold one entry of a server's list: a pin names an answer of the record, anything else is the server's own."""

    id: str
    guild_id: int
    state: EntryState
    position: int
    written_at: datetime
    pinned: str = ""
    """The id of an answer of the record; empty where this is the server's own."""
    title: str = ""
    text: str = ""
    link: str = ""
    """An https address, or empty."""
    replaces: str = ""
    """Of a draft: the id of the entry whose place it is to take."""

    @property
    def answer_id(self) -> str:
        """Return the id under which ``/faq`` finds it."""
        return self.pinned or f"{_OWN}{self.id}"

    def as_answer(self) -> FaqAnswer:
        """Return an own answer as ``/faq`` looks through it: it cites nothing, and has no certainty."""
        return FaqAnswer(
            id=self.answer_id,
            topic=TOPIC,
            question=self.title,
            text=self.text,
            wordings=(),
            related=(),
            kind=AnswerKind.SERVER,
            cites=(),
            citations=(),
            dates=(),
            certainty=None,
            as_of=self.written_at.date(),
        )


def moved(ids: list[str], which: str, to: int) -> list[str]:
    """Return ids with one of them at another place, counted from 0; a place before or after the list is its end."""
    rest = [each for each in ids if each != which]
    at = max(0, min(to, len(rest)))
    return [*rest[:at], which, *rest[at:]] if which in ids else ids
