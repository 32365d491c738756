"""Shards, which Discord spreads servers over, and partitions, which the sending is spread over."""

from collections.abc import Collection
from dataclasses import dataclass

MOST_SHARDS = 1_000
MILLISECOND = 1 << 22
"""By so much the ids of Discord's grow with each millisecond."""
PARTITIONS = 16
"""Into so many parts what is sent is divided, whatever the number of processes: each of them holds some, and together all."""
ALL_PARTITIONS = frozenset(range(PARTITIONS))


@dataclass(frozen=True, slots=True)
class Shards:
    """Hold the shards that one process connects, the first and the last of them, of how many."""

    first: int
    last: int
    count: int

    @property
    def numbers(self) -> range:
        """Return their numbers."""
        return range(self.first, self.last + 1)

    @property
    def name(self) -> str:
        """Return them as they are written in the settings."""
        return f"{self.first}-{self.last}"

    @property
    def is_all(self) -> bool:
        """Tell whether one process connects every shard: then it is the only one."""
        return (self.first, self.last) == (0, self.count - 1)

    @property
    def has_first(self) -> bool:
        """Tell whether direct messages arrive here, and what else belongs to no server."""
        return self.first == 0


def read_shards(text: str, count: int) -> Shards:
    """Return the range that is written as ``0-3``, or as ``2`` for one; raise ValueError with a sentence for what is none of ``count``."""
    first, dash, last = (part.strip() for part in text.strip().partition("-"))
    last = last if dash else first
    if not all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in (first, last)):
        raise ValueError("a range of shards is written as 0-3, or as 2 for a single one")
    if int(first) > int(last):
        raise ValueError(f"the range begins after it ends: write it as {last}-{first}")
    if int(last) >= count:
        raise ValueError(f"of {count} shards the last one is number {count - 1}")
    return Shards(int(first), int(last), count)


def partition_of(snowflake: int | None) -> int:
    """Return the partition of a member or a channel by its id; jobs, which have none, are in the first one.

    By when the id was made, to the millisecond, and by its lowest bits, a running number that begins at 0 most of the time.
    """
    number = snowflake or 0
    return (number // MILLISECOND + number) % PARTITIONS


def fair_share(processes: int) -> int:
    """Return how many partitions each of so many processes holds at most."""
    return -(-PARTITIONS // max(1, processes))


def divide(mine: Collection[int], free: Collection[int], processes: int) -> tuple[frozenset[int], frozenset[int]]:
    """Return which of the free partitions to take, and which of those that are held to give up, so that each has its share."""
    share = fair_share(processes)
    room = share - len(mine)
    if room >= 0:
        return frozenset(sorted(free)[:room]), frozenset()
    return frozenset(), frozenset(sorted(mine)[share:])
