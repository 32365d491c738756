"""What a check found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters."""

    WELL = "well"
    WARNING = "warning"
    """The bot works; somebody should know it."""
    PROBLEM = "problem"
    """It has to be mended."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold what one check found, in sentences, and what mends it."""

    check: str
    level: Level
    what: str
    mend: str = ""

    def shown(self) -> Mapping[str, str]:
        """Return it as JSON holds it."""
        return {"check": self.check, "level": self.level.value, "what": self.what, "mend": self.mend}


def well(check: str, what: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(check, Level.WELL, what)


def warning(check: str, what: str, mend: str) -> Finding:
    """Return something that somebody should know."""
    return Finding(check, Level.WARNING, what, mend)


def problem(check: str, what: str, mend: str) -> Finding:
    """Return something that has to be mended."""
    return Finding(check, Level.PROBLEM, what, mend)


def is_well(findings: Sequence[Finding]) -> bool:
    """Tell whether nothing has to be mended."""
    return all(each.level is not Level.PROBLEM for each in findings)
