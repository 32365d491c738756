"""What is reckoned from measured values: pure functions over plain numbers and instants."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

Point = tuple[float, float]


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value that so many of a hundred keep to; raise ValueError where there are none."""
    if not values:
        raise ValueError("there is nothing to take a percentile of")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def slope(points: Sequence[Point]) -> float:
    """Return by how much the straight line nearest to the points (least squares) rises per unit; 0 where they are no line."""
    if len(points) < 2:
        return 0.0
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    width = sum((x - middle_x) ** 2 for x, _ in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / width if width else 0.0


def rise(points: Sequence[Point]) -> float:
    """Return by how much the line nearest to the points rises from the first of them to the last."""
    return slope(points) * (points[-1][0] - points[0][0]) if points else 0.0


def per_second(moments: Iterable[float], width: float = 1.0) -> list[Point]:
    """Return how many a second there were, by the start of each part of ``width`` seconds; empty parts in between are 0."""
    found = Counter(int(each // width) for each in moments)
    if not found:
        return []
    return [(number * width, found[number] / width) for number in range(min(found), max(found) + 1)]


def worst_of_each(points: Iterable[Point], width: float) -> list[Point]:
    """Return the highest value in each part of ``width`` along x, by the part's middle."""
    worst: dict[int, float] = {}
    for x, y in points:
        part = int(x // width)
        worst[part] = max(worst.get(part, y), y)
    return [((part + 0.5) * width, worst[part]) for part in sorted(worst)]


@dataclass(slots=True)
class Timeline:
    """Know when it really was what the moved clock said; between two moves the clock runs with real time, and it only goes forward."""

    moves: list[tuple[float, datetime]] = field(default_factory=list[tuple[float, datetime]])
    """Real seconds, and what the clock was set to then."""

    def move(self, real: float, product: datetime) -> None:
        """Note that the clock was set; raise ValueError where it was set back."""
        if self.moves and product < self.product_at(real):
            raise ValueError("the clock was set back")
        self.moves.append((real, product))

    def product_at(self, real: float) -> datetime:
        """Return what the clock said at a real moment."""
        index = max(0, bisect_right([moment for moment, _ in self.moves], real) - 1)
        moment, product = self.moves[index]
        return product + timedelta(seconds=real - moment)

    def real_at(self, product: datetime) -> float:
        """Return the real moment at which the clock first said so; an instant that was leapt over came with the leap."""
        for index, (moment, begins) in enumerate(self.moves):
            if product <= begins:
                return moment
            reached = moment + (product - begins).total_seconds()
            if index + 1 == len(self.moves) or reached < self.moves[index + 1][0]:
                return reached
        raise ValueError("the clock was never set")
