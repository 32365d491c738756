"""What is personal in a program, as JSON holds it, and read again; a value that this version does not know is not known."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from bot.domain.letters import ApplicationService
from bot.domain.programs import Noted, Program, ProgramStage, Reading, Share, Signal, StageChange, Track, VisaPolicy
from bot.storage.delivery_rows import UNREADABLE_TEXT

E = TypeVar("E", bound=StrEnum)

_TEXTS = ("region", "code", "link", "experience", "fellowships", "curriculum", "contact", "statement", "notes")
_NUMBERS = ("graduation_years", "score_minimum", "attempts_most", "experience_months", "school_graduates", "carried_from")
NOBODY = 0
"""The member and the season of an entry that belongs to no member."""


def written(program: Program) -> dict[str, Any]:
    """Return what is personal in a program; what is empty is left out."""
    says: dict[str, Any] = {name: getattr(program, name) for name in (*_TEXTS, *_NUMBERS)}
    says |= {
        "name": program.name,
        "specialty": program.specialty,
        "track": program.track.value,
        "service": program.service.value,
        "visa": sorted(program.visa),
        "imgs": [program.imgs.number, program.imgs.of, program.imgs.is_percent] if program.imgs else None,
        "open_house_on": program.open_house_on.isoformat() if program.open_house_on else None,
        "signal": program.signal.value,
        "readings": {noted.value: [reading.where, reading.on.isoformat()] for noted, reading in program.readings.items()},
        "history": [[change.stage.value, change.at.isoformat()] for change in program.history],
    }
    return {name: value for name, value in says.items() if value not in ("", None, [], {})}


def read(says: Mapping[str, Any] | None, clear: Mapping[str, Any]) -> Program:
    """Return the program of a row, of which ``clear`` holds what stands in clear; where its blob can't be read, only that."""
    if says is None:
        return Program(**clear, name=UNREADABLE_TEXT, is_readable=False)
    opened, imgs = says.get("open_house_on"), says.get("imgs")
    known: dict[str, Any] = {name: str(says.get(name, "")) for name in _TEXTS} | {name: says.get(name) for name in _NUMBERS}
    known |= {
        "name": str(says.get("name", "")),
        "specialty": says.get("specialty"),
        "track": _member_of(Track, says.get("track"), Track.UNKNOWN),
        "service": _member_of(ApplicationService, says.get("service"), ApplicationService.OTHER),
        "visa": frozenset(VisaPolicy(each) for each in says.get("visa", ()) if each in set(VisaPolicy)),
        "imgs": Share(*imgs) if imgs else None,
        "open_house_on": date.fromisoformat(opened) if opened else None,
        "signal": _member_of(Signal, says.get("signal"), Signal.NONE),
        "readings": _readings(says.get("readings", {})),
        "history": _history(says.get("history", ())),
    }
    return Program(**clear, **known)


def list_written(entries: Sequence[Program]) -> dict[str, Any]:
    """Return a server's list, as JSON holds it."""
    return {"entries": [written(each) | {"id": each.id} for each in entries]}


def list_from(says: Mapping[str, Any], published_at: datetime) -> tuple[Program, ...]:
    """Return the entries of a server's list: programs of nobody."""
    of_nobody = {"member_id": NOBODY, "season_year": NOBODY, "stage": ProgramStage.CONSIDERING}
    clear = of_nobody | {"created_at": published_at, "changed_at": published_at}
    return tuple(read(each, clear | {"id": str(each["id"])}) for each in says.get("entries", ()))


def _readings(says: Mapping[str, Sequence[str]]) -> dict[Noted, Reading]:
    known = {each.value: each for each in Noted}
    return {known[name]: Reading(where, date.fromisoformat(on)) for name, (where, on) in says.items() if name in known}


def _history(says: Iterable[Sequence[str]]) -> tuple[StageChange, ...]:
    known = {each.value for each in ProgramStage}
    return tuple(StageChange(ProgramStage(stage), datetime.fromisoformat(at).astimezone(UTC)) for stage, at in says if stage in known)


def _member_of(kind: type[E], value: object, otherwise: E) -> E:
    return kind(str(value)) if value in {each.value for each in kind} else otherwise
