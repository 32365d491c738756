"""Where a fact comes from and how sure it is."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Certainty(StrEnum):
    """How sure a fact is, in the words that a member is shown."""

    ANNOUNCED = "announced"
    """Read on a page of the owner."""
    EXPECTED = "expected"
    """Read on a third party's page, schools included."""
    ESTIMATED = "estimated"
    """Computed by a stated rule."""
    UNKNOWN = "unknown"
    """Not known: no countdown, no reminder; the member is sent to the owner."""


@dataclass(frozen=True, slots=True)
class Source:
    """Say where a fact was read: an id that facts cite, a title for people, and the address where there is one."""

    id: str
    title: str
    url: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """Bind a fact to its sources, the day it was gathered and its certainty."""

    certainty: Certainty
    sources: tuple[Source, ...]
    as_of: date
    note: str = ""
    confirm_at: Source | None = None
    """Where to confirm it (the owner's page), for everything that is not announced."""
