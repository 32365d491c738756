"""Answers packed into a few letters, so that unsaved ones travel in the custom ids of the card and are stored nowhere."""

import hashlib
from enum import StrEnum
from typing import Any

from bot.domain.eligibility import answers as a
from bot.domain.eligibility.answers import Answers, OetPart

FIRST_YEAR = 1940
YEARS = 200
"""Years are kept as the distance from ``FIRST_YEAR``; 0 is not known."""
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
MAX_PACKED = 60

_ENUMS: tuple[tuple[str, type[StrEnum]], ...] = (
    ("country", a.Way),
    ("school", a.School),
    ("listing", a.Listing),
    ("us_status", a.UsStatus),
    ("ecfmg_application", a.Application),
    ("step1", a.Step),
    ("step2", a.Step),
    ("oet", a.Oet),
    ("pathway", a.Pathway),
    ("certificate", a.Certificate),
    ("eras", a.Eras),
    ("nrmp", a.Nrmp),
    ("visa_plan", a.VisaPlan),
    ("step3", a.Passed),
    ("place", a.Place),
    ("july_start", a.YesNo),
    ("canada_status", a.CanadaStatus),
    ("prior_training", a.YesNo),
    ("mccqe1", a.Exam),
    ("nac", a.Exam),
    ("language", a.Language),
    ("province", a.Province),
    ("province_step", a.ProvinceStep),
    ("return_of_service", a.Return),
    ("references", a.References),
)
_YEAR_FIELDS = ("match_year", "graduation", "step1_year", "step2_year", "oet_year")
_PARTS = tuple(OetPart)
_VOCABULARY = "|".join((*(f"{name}:{','.join(kind)}" for name, kind in _ENUMS), *_YEAR_FIELDS, str(FIRST_YEAR), str(YEARS), *_PARTS))
_SEAL = 3
"""The last letters, made of the others and of every option there is: a card of a version with other options is refused, never misread."""


def pack(answers: Answers) -> str:
    """Return the answers as at most 60 letters and digits.

    Raises:
        ValueError: A year lies outside 1940 to 2138.
    """
    number = 0
    for name, kind in _ENUMS:
        members = list(kind)
        number = number * len(members) + members.index(getattr(answers, name))
    for name in _YEAR_FIELDS:
        year = getattr(answers, name)
        if year is not None and not FIRST_YEAR <= year < FIRST_YEAR + YEARS - 1:
            msg = f"{name} {year} can't be kept"
            raise ValueError(msg)
        number = number * YEARS + (0 if year is None else year - FIRST_YEAR + 1)
    # 0: not known; else one more than the parts as bits.
    parts = 0 if answers.oet_parts is None else 1 + sum(1 << _PARTS.index(part) for part in answers.oet_parts)
    body = _written(number * (2 ** len(_PARTS) + 1) + parts)
    return body + _seal(body)


def unpack(packed: str) -> Answers:
    """Return the answers that ``pack`` wrote.

    Raises:
        ValueError: Nothing that ``pack`` writes looks like this.
    """
    body, seal = packed[:-_SEAL], packed[-_SEAL:]
    number = _read(body)
    if seal != _seal(body):
        msg = "these are no packed answers, or other questions were asked"
        raise ValueError(msg)
    number, parts = divmod(number, 2 ** len(_PARTS) + 1)
    values: dict[str, Any] = {
        "oet_parts": None if parts == 0 else frozenset(part for bit, part in enumerate(_PARTS) if (parts - 1) >> bit & 1)
    }
    for name in reversed(_YEAR_FIELDS):
        number, year = divmod(number, YEARS)
        values[name] = None if year == 0 else FIRST_YEAR + year - 1
    for name, kind in reversed(_ENUMS):
        members = list(kind)
        number, index = divmod(number, len(members))
        values[name] = members[index]
    if number or values["match_year"] is None:
        msg = "these are no packed answers"
        raise ValueError(msg)
    return Answers(**values)


def _seal(body: str) -> str:
    digest = int.from_bytes(hashlib.sha256(f"{_VOCABULARY}|{body}".encode()).digest()[:8], "big")
    return _written(digest % len(_LETTERS) ** _SEAL).rjust(_SEAL, "0")


def _written(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number, len(_LETTERS))
        letters = _LETTERS[rest] + letters
    return letters or "0"


def _read(packed: str) -> int:
    if not packed or len(packed) > MAX_PACKED - _SEAL or (packed[0] == "0" and packed != "0"):
        msg = "these are no packed answers"
        raise ValueError(msg)
    number = 0
    for letter in packed:
        index = _LETTERS.find(letter)
        if index < 0:
            msg = "these are no packed answers"
            raise ValueError(msg)
        number = number * len(_LETTERS) + index
    return number
