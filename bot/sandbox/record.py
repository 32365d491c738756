"""Everything that the sandbox received, and what was wrong with it."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.sandbox.bodies import Body

MOST_ENTRIES = 50_000


@dataclass(slots=True)
class Entry:
    """Hold one request, or one frame that the bot sent over the gateway."""

    number: int
    at: datetime
    method: str
    """The HTTP method, or ``GATEWAY``."""
    path: str
    """The path below ``/api/v10``, or ``op2`` for a frame."""
    query: dict[str, str] = field(default_factory=dict[str, str])
    body: Any = None
    files: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    status: int | None = None
    """The answer's status; None while it is worked on, or after the connection was reset."""
    milliseconds: float | None = None
    fault: str | None = None

    def note(self, body: Body) -> None:
        """Keep the JSON and the names and sizes of the files."""
        self.body = body.json
        self.files = [(upload.filename, len(upload.content)) for upload in body.files]

    def json(self) -> dict[str, Any]:
        """Return it for ``GET /control/record``."""
        return {
            "n": self.number,
            "at": self.at.isoformat(),
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "body": self.body,
            "files": [{"filename": name, "size": size} for name, size in self.files],
            "status": self.status,
            "ms": self.milliseconds,
            "fault": self.fault,
        }


@dataclass(frozen=True, slots=True)
class Violation:
    """Hold one thing that Discord would not have taken, or that the sandbox could not serve."""

    kind: str
    """``body``: against the description; ``limit``: refused with 50035; ``route``: no such route; ``crash``: the sandbox's own fault."""
    method: str
    path: str
    message: str
    body: Any = None

    def json(self) -> dict[str, Any]:
        """Return it for ``GET /control/violations``."""
        return {"kind": self.kind, "method": self.method, "path": self.path, "message": self.message, "body": self.body}


class Record:
    """Keep the latest entries and all violations."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []
        self.totals: Counter[str] = Counter()
        """How many answers of each status, frames of each op and faults of each name there were, whatever became of the entries."""
        self._entries: deque[Entry] = deque(maxlen=MOST_ENTRIES)
        self._number = 0

    def add(self, at: datetime, method: str, path: str, query: dict[str, str] | None = None, body: object = None) -> Entry:
        """Begin an entry; the caller fills in how it ended."""
        self._number += 1
        entry = Entry(self._number, at, method, path, query or {}, body)
        self._entries.append(entry)
        if method == "GATEWAY":
            self.totals[path] += 1
        return entry

    def ended(self, entry: Entry, status: int, milliseconds: float) -> None:
        """Note how a request ended."""
        entry.status, entry.milliseconds = status, milliseconds
        self.totals[str(status)] += 1
        if entry.fault is not None:
            self.totals[f"fault: {entry.fault}"] += 1

    def entries(self, since: int = 0, method: str | None = None, path: str | None = None) -> Iterator[Entry]:
        """Give the entries after number ``since``, of one method, whose path contains ``path``."""
        for entry in self._entries:
            if entry.number > since and (method is None or entry.method == method.upper()) and (path is None or path in entry.path):
                yield entry

    def violated(self, kind: str, method: str, path: str, message: str, body: object = None) -> None:
        """Note a violation."""
        self.violations.append(Violation(kind, method, path, message, body))

    def clear(self) -> None:
        """Forget the entries; their numbers go on."""
        self._entries.clear()


RECORD = web.AppKey("record", Record)
