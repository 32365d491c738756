"""How much is measured: whole, or quickly, to see that everything is measured at all."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Hold every number of a run."""

    starts: int = 3
    idle_seconds: float = 10.0
    rounds: int = 5
    count: int = 300
    """Commands of each kind in a round."""
    loaded_seconds: float = 20.0
    """How long messages go out while commands are measured."""
    burst: int = 500
    """Reminders due at once, the rate raised."""
    paced: int = 300
    behind: int = 10_000
    """How many wait while an urgent one falls due."""
    stored: tuple[int, ...] = (1_000, 100_000, 1_000_000)
    """Of the first, each other is a multiple."""
    ticks: int = 30
    is_quick: bool = False


WHOLE = Sizes()
QUICK = Sizes(
    starts=1, idle_seconds=2.0, rounds=1, count=60, loaded_seconds=4.0, burst=100, paced=90, behind=500, stored=(1_000, 10_000),
    ticks=5, is_quick=True,
)  # fmt: skip
