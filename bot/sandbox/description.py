"""Check request bodies against Discord's published API description (``openapi.json``)."""

import json
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

_ROOT = "urn:discord"
_MOST_TOLD = 5


class _Validator(Protocol):
    def iter_errors(self, instance: object) -> Any: ...  # noqa: ANN401 - jsonschema-rs ships partial types


@dataclass(frozen=True, slots=True)
class Operation:
    """Hold one operation of the description: its pattern, and where the schema of its JSON body is."""

    pattern: re.Pattern[str]
    template: str
    schema: str | None
    """A JSON pointer, or None where the operation takes no JSON."""
    required: bool


class Description:
    """Hold the published description; schemas are compiled when a route is first used."""

    def __init__(self, path: Path) -> None:
        import jsonschema_rs  # only here: a newcomer's machine has it not

        document = json.loads(path.read_text(encoding="utf-8"))
        # discord.py sends some snowflakes as integers and Discord takes them; nothing else is widened.
        document["components"]["schemas"]["SnowflakeType"] = {
            "anyOf": [document["components"]["schemas"]["SnowflakeType"], {"type": "integer", "minimum": 0}]
        }
        self._library: Any = jsonschema_rs
        self._registry: Any = jsonschema_rs.Registry([(_ROOT, document)], draft=jsonschema_rs.Draft202012)
        self._operations = _operations(document)
        self._validators: dict[str, _Validator] = {}

    def problems(self, method: str, path: str, body: object, *, given: bool) -> list[str]:
        """Return what the description says against a request; ``path`` begins below ``/api/v10``."""
        operation = self._find(method, path)
        if operation is None:
            return [f"The description has no {method} {path}."]
        if not given:
            return [f"{operation.template} needs a body."] if operation.required else []
        if operation.schema is None:
            return [f"{operation.template} takes no JSON body."] if body else []
        errors = self._validator(operation.schema).iter_errors(body)
        return [_told(error) for error in islice(errors, _MOST_TOLD)]

    def _find(self, method: str, path: str) -> Operation | None:
        for operation in self._operations.get((method, path.count("/")), ()):
            if operation.pattern.fullmatch(path):
                return operation
        return None

    def _validator(self, pointer: str) -> _Validator:
        if pointer not in self._validators:
            schema = {"$ref": f"{_ROOT}#{pointer}"}
            self._validators[pointer] = self._library.Draft202012Validator(schema, registry=self._registry)
        return self._validators[pointer]


def _operations(document: dict[str, Any]) -> dict[tuple[str, int], list[Operation]]:
    found: dict[tuple[str, int], list[Operation]] = {}
    for template, item in document["paths"].items():
        for method in ("get", "put", "post", "patch", "delete"):
            if method in item:
                operation = _operation(template, method, item[method].get("requestBody", {}))
                found.setdefault((method.upper(), template.count("/")), []).append(operation)
    for operations in found.values():
        # The literal "@me" or "@original" goes before the parameter that would match it too.
        operations.sort(key=lambda operation: operation.template.count("{"))
    return found


def _operation(template: str, method: str, body: dict[str, Any]) -> Operation:
    parts = re.split(r"\{[^}]+\}", template)
    pattern = re.compile("[^/]+".join(re.escape(part) for part in parts))
    has_json = "application/json" in body.get("content", {})
    escaped = template.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
    pointer = f"/paths/{escaped}/{method}/requestBody/content/application~1json/schema"
    return Operation(pattern, template, pointer if has_json else None, bool(body.get("required")))


def _told(error: Any, depth: int = 0) -> str:  # noqa: ANN401
    """Say an error, and for a union that fails the reasons of its closest branch."""
    where = "/".join(str(part) for part in error.instance_path) or "body"
    context = getattr(error.kind, "context", None)
    branches = [branch for branch in context or () if branch]
    if not branches or depth == _MOST_TOLD:
        return f"{where}: {error.message[:300]}"
    # Discord's unions tell their members by "type": a branch that fails there is the wrong one, not the closest.
    likely = [branch for branch in branches if not any(each.instance_path[-1:] == ["type"] for each in branch)] or branches
    closest = max(likely, key=lambda branch: max(len(each.instance_path) for each in branch))
    deepest = max(closest, key=lambda each: len(each.instance_path))
    return _told(deepest, depth + 1)


class Checks:
    """Hold whether bodies are checked, and against what."""

    def __init__(self, path: Path | None = None, *, on: bool = True) -> None:
        self.description = None if path is None else Description(path)
        self.on = on and path is not None


CHECKS = web.AppKey("checks", Checks)
