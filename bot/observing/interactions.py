"""The interaction that is being answered: a short random id for the log, and what became of it."""

import secrets
import time
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """Say what a member did."""

    COMMAND = "command"
    AUTOCOMPLETE = "autocomplete"
    BUTTON = "button"
    SELECT = "select"
    FORM = "form"


class Result(StrEnum):
    """Say how it ended."""

    ANSWERED = "answered"
    REFUSED = "refused"
    """With a sentence about what she can mend, or may not do."""
    FAILED = "failed"
    """By a fault on this side: she was shown a code."""
    LATE = "late"
    """Discord took no answer any more."""
    UNANSWERED = "unanswered"
    """The work ended, and nothing was acknowledged."""


def new_id() -> str:
    """Return an id: six hexadecimal digits, short enough to be read aloud, and of nobody."""
    return secrets.token_hex(3).upper()


@dataclass(slots=True)
class Handled:
    """Hold one interaction while it is answered; the times are real seconds on the clock that only runs forward."""

    kind: Kind
    name: str
    """The full name of the command, or the feature of a button, select or form."""
    id: str = field(default_factory=new_id)
    began: float = field(default_factory=time.monotonic)
    acknowledged: float | None = None
    result: Result = Result.ANSWERED

    def end(self) -> None:
        """Note that the work has ended."""
        if self.acknowledged is None and self.result is Result.ANSWERED:
            self.result = Result.UNANSWERED


_CURRENT: ContextVar[Handled | None] = ContextVar("interaction", default=None)


def current() -> Handled | None:
    """Return the interaction that this task answers, or None."""
    return _CURRENT.get()


def begin(handled: Handled) -> None:
    """Say that this task, and every task that it makes from now on, answers this interaction."""
    _CURRENT.set(handled)


def note_acknowledged() -> None:
    """Note that Discord has taken a first answer."""
    handled = _CURRENT.get()
    if handled is not None and handled.acknowledged is None:
        handled.acknowledged = time.monotonic()


def note_result(result: Result) -> None:
    """Note how the interaction that is being answered ends."""
    handled = _CURRENT.get()
    if handled is not None:
        handled.result = result
