"""The last change of each member's programs, held in memory so that it can be taken back; storage keeps only what is."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.programs import Program
from bot.storage.identifiers import new_id

MOST_PROGRAMS = 5_000
"""Programs that are held over all members; the oldest changes go first."""


@dataclass(frozen=True, slots=True)
class Done:
    """Say what was changed, and the token that takes it back."""

    programs: Sequence[Program]
    token: str
    left: int = 0
    """How many were left as they are."""


@dataclass(frozen=True, slots=True)
class Undo:
    """Hold what takes a change back."""

    token: str
    before: Sequence[Program] = ()
    """Changed programs as they were."""
    after: Sequence[Program] = ()
    """The same as they became: where one has changed since, it stays."""
    removed: Sequence[Program] = ()
    added: Sequence[Program] = ()

    @property
    def size(self) -> int:
        """Return how many programs it holds."""
        return len(self.before) + len(self.after) + len(self.removed) + len(self.added)


class ProgramUndo:
    """Hold one change of each member."""

    def __init__(self) -> None:
        self._held: OrderedDict[int, Undo] = OrderedDict()
        self._size = 0

    def keep(
        self,
        member_id: int,
        *,
        before: Sequence[Program] = (),
        after: Sequence[Program] = (),
        removed: Sequence[Program] = (),
        added: Sequence[Program] = (),
    ) -> str:
        """Hold a change in the place of her last one; return the token that takes it back."""
        self.forget(member_id)
        undo = Undo(new_id(), before, after, removed, added)
        self._held[member_id] = undo
        self._size += undo.size
        while self._size > MOST_PROGRAMS and len(self._held) > 1:
            _, oldest = self._held.popitem(last=False)
            self._size -= oldest.size
        return undo.token

    def take(self, member_id: int, token: str) -> Undo | None:
        """Return what takes a change back, once; None where it is not held any more."""
        undo = self._held.get(member_id)
        if undo is None or undo.token != token:
            return None
        self.forget(member_id)
        return undo

    def forget(self, member_id: int) -> None:
        """Forget her last change."""
        undo = self._held.pop(member_id, None)
        if undo is not None:
            self._size -= undo.size
