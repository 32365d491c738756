"""A reader of the plain part of YAML that files for Compose and Litestream keep to: maps, lists and single scalars, two spaces deep.

It refuses whatever else it meets, so that a file which is read here means the same to every reader of YAML.
"""

import json
import re
from typing import Any

_KEY = re.compile(r"([A-Za-z_][\w.-]*):(?: (.*))?")
_PLAIN = re.compile(r"[^\s\"'\[\]{}&*!|>%@`#,?-][^#]*|-?\d+(\.\d+)?")


def load(text: str) -> Any:
    """Return what the text holds.

    Raises:
        ValueError: It is no YAML, or not of the plain part.
    """
    lines: list[tuple[int, str]] = []
    for raw in text.splitlines():
        if not raw.strip() or raw.lstrip().startswith("#"):
            continue
        if "\t" in raw or raw != raw.rstrip() or (len(raw) - len(raw.lstrip(" "))) % 2:
            raise ValueError(f"indented by other than two spaces, or with blanks at its end: {raw!r}")
        lines.append((len(raw) - len(raw.lstrip(" ")), raw.strip()))
    value, rest = _block(lines, 0)
    if rest:
        raise ValueError(f"indented like nothing before it: {rest[0]}")
    return value


def _block(lines: list[tuple[int, str]], depth: int) -> tuple[Any, list[tuple[int, str]]]:
    if not lines or lines[0][0] < depth:
        return None, lines
    if lines[0][0] != depth:
        raise ValueError(f"too deep: {lines[0]}")
    return (_items if lines[0][1].startswith("- ") else _map)(lines, depth)


def _items(lines: list[tuple[int, str]], depth: int) -> tuple[list[Any], list[tuple[int, str]]]:
    found: list[Any] = []
    while lines and lines[0][0] == depth and lines[0][1].startswith("- "):
        first = lines[0][1][2:]
        if _KEY.fullmatch(first) and not first.startswith('"'):
            value, lines = _map([(depth + 2, first), *lines[1:]], depth + 2)
        else:
            value, lines = _scalar(first), lines[1:]
        found.append(value)
    return found, lines


def _map(lines: list[tuple[int, str]], depth: int) -> tuple[dict[str, Any], list[tuple[int, str]]]:
    found: dict[str, Any] = {}
    while lines and lines[0][0] == depth:
        match = _KEY.fullmatch(lines[0][1])
        if match is None or match[1] in found:
            raise ValueError(f"no key, or one that stands twice: {lines[0][1]!r}")
        lines = lines[1:]
        if match[2]:
            found[match[1]] = _scalar(match[2])
        else:
            found[match[1]], lines = _block(lines, depth + 2)
    return found, lines


def _scalar(text: str) -> Any:
    if text.startswith(('"', "[")):
        return json.loads(text)
    if not (_PLAIN.fullmatch(text) or text.startswith("${")) or ": " in text or text.endswith(":"):
        raise ValueError(f"has to be quoted: {text!r}")
    if text in ("true", "false"):
        return text == "true"
    if text.lower() in ("yes", "no", "on", "off", "null", "~", "y", "n"):
        raise ValueError(f"means something else to each reader: {text!r}")
    return int(text) if re.fullmatch(r"\d+", text) else text
