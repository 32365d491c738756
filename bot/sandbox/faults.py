"""Misbehaviour on demand: refusals, resets, slowness and rate limits, each with what the real one looks like."""

import hashlib
import re
import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal, cast, get_args

from aiohttp import web

from bot.sandbox.bodies import json_response
from bot.sandbox.errors import DiscordError

Kind = Literal["status", "reset", "latency", "rate_limit"]
When = Literal["before", "after"]
Scope = Literal["global", "route", "shared"]

_UNLIMITED = re.compile(r"/(interactions|webhooks)/")
"""Interaction callbacks and webhooks are not bound to the global limit."""
_MAJOR = re.compile(r"/(channels|guilds|webhooks)/[^/]+(/[A-Za-z0-9_.-]{40,})?")
_ID = re.compile(r"/\d{15,}")


@dataclass(slots=True)
class Rule:
    """Hold one rule and how often it struck."""

    kind: Kind
    status: int = 500
    when: When = "before"
    """Whether the fault comes before or after the request was carried out."""
    share: float = 1.0
    """The part of the matching requests that it strikes, 0 to 1."""
    method: str | None = None
    path: str | None = None
    """A path below ``/api/v10`` in which ``*`` stands for one part."""
    times: int | None = None
    seconds: float | None = None
    """How long it holds, in real seconds from when it was set."""
    seed: int = 1
    seconds_each: float = 0.0
    scope: Scope = "route"
    per_second: float = 50.0
    hits: int = 0
    _set_at: float = field(default_factory=time.monotonic)
    _random: Random = field(default_factory=Random)
    _pattern: re.Pattern[str] | None = None
    _windows: "dict[str, Window]" = field(default_factory=dict[str, "Window"])

    def __post_init__(self) -> None:
        self._random = Random(self.seed)  # noqa: S311 - repeatable faults, no secrets
        if self.path is not None:
            self._pattern = re.compile("[^/]+".join(re.escape(part) for part in self.path.split("*")))

    def strikes(self, method: str, path: str) -> bool:
        """Say whether it strikes this request, and count it if so."""
        if not self._matches(method, path):
            return False
        if self.share < 1.0 and self._random.random() >= self.share:
            return False
        self.hits += 1
        return True

    def window(self, method: str, path: str) -> "Window | None":
        """Take one request from the limit's window; None where the limit doesn't apply."""
        if not self._matches(method, path) or (self.scope == "global" and _UNLIMITED.match(path)):
            return None
        key = "global" if self.scope == "global" else bucket_of(method, path)
        window = self._windows.get(key)
        if window is None:
            window = self._windows[key] = Window(max(1, int(self.per_second)), 1.0 if self.per_second >= 1 else 1 / self.per_second)
        window.take()
        if window.over:
            self.hits += 1
        return window

    def json(self) -> dict[str, Any]:
        """Return it for ``GET /control/faults``."""
        shown = (
            "kind",
            "status",
            "when",
            "share",
            "method",
            "path",
            "times",
            "seconds",
            "seed",
            "seconds_each",
            "scope",
            "per_second",
            "hits",
        )
        return {name: getattr(self, name) for name in shown}

    def _matches(self, method: str, path: str) -> bool:
        if self.times is not None and self.hits >= self.times:
            return False
        if self.seconds is not None and time.monotonic() - self._set_at > self.seconds:
            return False
        if self.method is not None and self.method != method:
            return False
        return self._pattern is None or self._pattern.fullmatch(path) is not None


class Window:
    """Count the requests of one fixed window."""

    def __init__(self, limit: int, length: float) -> None:
        self.limit = limit
        self.length = length
        self._began = time.monotonic()
        self._taken = 0

    @property
    def over(self) -> bool:
        """Whether the last request was one too many."""
        return self._taken > self.limit

    @property
    def reset_after(self) -> float:
        """The seconds until the window ends."""
        return max(0.001, self._began + self.length - time.monotonic())

    def take(self) -> None:
        """Count one request."""
        if time.monotonic() >= self._began + self.length:
            self._began, self._taken = time.monotonic(), 0
        self._taken += 1

    def headers(self, bucket: str) -> dict[str, str]:
        """Return Discord's rate limit headers."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - self._taken)),
            "X-RateLimit-Reset": f"{time.time() + self.reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{self.reset_after:.3f}",
            "X-RateLimit-Bucket": bucket,
        }


@dataclass(slots=True)
class Plan:
    """Hold what will be done to one request."""

    delay: float = 0.0
    early: Rule | None = None
    late: Rule | None = None
    refused: web.Response | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def name(self) -> str | None:
        """Name the fault for the record."""
        if self.refused is not None:
            return "429"
        rule = self.early or self.late
        if rule is not None:
            return f"{rule.kind} {rule.when}"
        return "latency" if self.delay else None


class Faults:
    """Hold the rules and decide about each request."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def plan(self, method: str, path: str) -> Plan | None:
        """Decide about one request; None, and no work, while there are no rules."""
        if not self.rules:
            return None
        plan = Plan()
        for rule in self.rules:
            if rule.kind == "rate_limit":
                _limit(rule, plan, method, path)
            elif rule.strikes(method, path):
                if rule.kind == "latency":
                    plan.delay += rule.seconds_each
                elif rule.when == "before":
                    plan.early = plan.early or rule
                else:
                    plan.late = plan.late or rule
        return plan

    def set(self, rules: list[dict[str, Any]]) -> None:
        """Add rules from JSON; raise 400 for one that can't be read."""
        self.rules.extend([_rule(rule) for rule in rules])

    def clear(self) -> None:
        """Behave again."""
        self.rules.clear()


def _limit(rule: Rule, plan: Plan, method: str, path: str) -> None:
    window = rule.window(method, path)
    if window is None:
        return
    bucket = hashlib.sha256(bucket_of(method, path).encode()).hexdigest()[:32]
    if window.over:
        plan.refused = plan.refused or _too_many(rule.scope, window, bucket)
    elif rule.scope == "route":
        plan.headers.update(window.headers(bucket))


def _too_many(scope: Scope, window: Window, bucket: str) -> web.Response:
    after = round(window.reset_after, 3)
    response = json_response({"message": "You are being rate limited.", "retry_after": after, "global": scope == "global"}, 429)
    response.headers.update({"Retry-After": str(int(after) + 1), "Via": "1.1 google"})
    if scope == "global":
        response.headers.update({"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"})
    else:
        response.headers.update(window.headers(bucket) | {"X-RateLimit-Scope": "user" if scope == "route" else "shared"})
    return response


def bucket_of(method: str, path: str) -> str:
    """Name a route's bucket: method and path, with every id but the major one left out."""
    major = _MAJOR.match(path)
    if major is None:
        return f"{method} {_ID.sub('/:id', path)}"
    return f"{method} {major.group()}{_ID.sub('/:id', path[major.end() :])}"


async def strike(rule: Rule, request: web.Request) -> web.Response:
    """Answer with the rule's status, or cut the connection."""
    if rule.kind == "status":
        response = json_response({"message": f"{rule.status}: Sandbox fault", "code": 0}, rule.status)
        response.headers["Via"] = "1.1 google"
        return response
    reset(request)
    return web.Response(status=499)


def reset(request: web.Request) -> None:
    """Cut the connection so that the other side sees ECONNRESET, not an orderly end."""
    transport = request.transport
    if transport is None:
        return
    raw = cast("socket.socket | None", transport.get_extra_info("socket"))
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


_NUMBERS = {"status": int, "share": float, "times": int, "seconds": float, "seed": int, "seconds_each": float, "per_second": float}
_NAMES: Mapping[str, tuple[str, ...]] = {"kind": get_args(Kind), "when": get_args(When), "scope": get_args(Scope)}


def _rule(given: dict[str, Any]) -> Rule:
    fields = {name: value for name, value in given.items() if value is not None}
    unknown = fields.keys() - {*_NUMBERS, *_NAMES, "method", "path"}
    if unknown or "kind" not in fields:
        raise DiscordError(400, 0, f"A fault needs a kind and has no {', '.join(sorted(unknown)) or 'other fields'}.")
    for name, value in fields.items():
        if name in _NAMES and value not in _NAMES[name]:
            raise DiscordError(400, 0, f"{name} is one of {', '.join(_NAMES[name])}.")
    try:
        fields.update({name: kind(fields[name]) for name, kind in _NUMBERS.items() if name in fields})
    except (TypeError, ValueError) as error:
        raise DiscordError(400, 0, f"A number was expected: {error}.") from error
    if fields.get("per_second", 1) <= 0:
        raise DiscordError(400, 0, "per_second is above 0.")
    if "method" in fields:
        fields["method"] = str(fields["method"]).upper()
    return Rule(**fields)


FAULTS = web.AppKey("faults", Faults)
