"""Exceptions as lines without their words: what a member wrote can stand in them, and in what a library makes of it.

What is kept is the way through the code, each exception's type, its codes and numbers, and words that stand literally in the source.
"""

import sqlite3
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import cast

CODES = ("status", "code", "errno", "sqlstate", "sqlite_errorname", "exit_code")
"""Attributes under which libraries keep what a failure is called."""
LONGEST_CODE = 40
MOST_LINKS = 8
CAUSED = "The above exception was the direct cause of the following exception:"
MEANWHILE = "During handling of the above exception, another exception occurred:"


def lines_of(error: BaseException) -> list[str]:
    """Return the traceback of an exception and of what caused it, the cause first, without any word that may be somebody's."""
    lines: list[str] = []
    for each, link in reversed(list(_chain(error))):
        if each.__traceback__ is not None:
            lines.append("Traceback (most recent call last):")
            lines += "".join(traceback.format_list(traceback.extract_tb(each.__traceback__))).splitlines()
        lines.append(summary(each))
        for part in parts_of(each):
            lines += [f"  | {line}" for line in lines_of(part)]
        if link:
            lines += ["", link, ""]
    return lines


def summary(error: BaseException) -> str:
    """Return the type of an exception, its codes, and its words where they are nobody's."""
    parts = [f"{name} {value}" for name in CODES if _is_code(value := getattr(error, name, None))]
    words = _own_words(error)
    told = "; ".join([*parts, *([words] if words else [])])
    return f"{type_of(error)}: {told}" if told else type_of(error)


def type_of(error: BaseException) -> str:
    """Return the full name of an exception's type, without the module where it is built in."""
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def parts_of(error: BaseException) -> tuple[BaseException, ...]:
    """Return the exceptions of a group; none of any other."""
    return cast("BaseExceptionGroup[BaseException]", error).exceptions if isinstance(error, BaseExceptionGroup) else ()


def _chain(error: BaseException) -> Iterator[tuple[BaseException, str]]:
    """Yield an exception and what led to it, each with the line that leads on from it."""
    each, link, seen = error, "", 0
    while seen < MOST_LINKS:
        yield each, link
        seen += 1
        if each.__cause__ is not None:
            each, link = each.__cause__, CAUSED
        elif each.__context__ is not None and not each.__suppress_context__:
            each, link = each.__context__, MEANWHILE
        else:
            return


def _is_code(value: object) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return abs(value) < 10**9  # an id of Discord is longer
    return isinstance(value, str) and 0 < len(value) <= LONGEST_CODE and value.isascii() and value.isupper() and value.isidentifier()


def _own_words(error: BaseException) -> str:
    if isinstance(error, OSError):
        return error.strerror if isinstance(error.strerror, str) else ""
    if isinstance(error, sqlite3.Error):
        return str(error)  # names of tables and columns; every value is bound
    words = str(error)
    return words if words and words in _literals(error.__traceback__) else ""


def _literals(trace: TracebackType | None) -> frozenset[str]:
    """Return the texts that stand in the source of the function that raised."""
    if trace is None:
        return frozenset()
    while trace.tb_next is not None:
        trace = trace.tb_next
    return frozenset(each for each in trace.tb_frame.f_code.co_consts if isinstance(each, str))
