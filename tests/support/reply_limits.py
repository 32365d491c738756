"""What Discord allows of one message, and what this bot allows itself: no failure that a member can't read, nobody mentioned."""

import re
from typing import Any

MOST_TEXT = 4_000
MOST_COMPONENTS = 40
TEXT, BUTTON, SELECT = 10, 2, 3
FORM = 9
INTERNALS = re.compile(r"Traceback|[A-Za-z]Error\b|Exception\b|NoneType|sqlite3|object at 0x")


def assert_within_limits(components: list[dict[str, Any]]) -> None:
    """Check one reply, given as all of its components, nested ones included."""
    shown = [each["content"] for each in components if each["type"] == TEXT]
    assert sum(map(len, shown)) <= MOST_TEXT
    assert len(components) <= MOST_COMPONENTS
    assert all(each.strip() for each in shown)
    assert not INTERNALS.search("\n".join(shown))
    custom_ids = [each["custom_id"] for each in components if "custom_id" in each]
    assert len(custom_ids) == len(set(custom_ids))
    assert all(len(each) <= 100 for each in custom_ids)
    assert all(len(each["label"]) <= 80 for each in components if each["type"] == BUTTON)
    for select in (each for each in components if each["type"] == SELECT):
        assert 1 <= len(select["options"]) <= 25
        for option in select["options"]:
            assert 1 <= len(option["label"].strip()) <= len(option["label"]) <= 100
            assert len(option.get("description") or "") <= 100
        assert len({option["value"] for option in select["options"]}) == len(select["options"])


def assert_nobody_is_mentioned(requests: list[Any]) -> None:
    """Check that every message that the bot sent forbids all mentions."""
    for request in requests:
        body = request.json or {}
        if isinstance(body, dict) and body.get("type") == FORM:
            continue
        message = body.get("data", body) if isinstance(body, dict) else {}
        if isinstance(message, dict) and ("content" in message or "components" in message) and request.method in {"POST", "PATCH"}:
            allowed = message.get("allowed_mentions")
            assert allowed is not None, (request.method, request.path)
            assert allowed.get("parse") == []
            assert not allowed.get("users")
            assert not allowed.get("roles")
