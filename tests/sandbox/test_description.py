"""Bodies against Discord's published description."""

from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.description import Description

pytestmark = pytest.mark.description


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        ("POST", "/channels/1/messages", {"content": "x"}, None),
        ("POST", "/channels/1/messages", {"content": 5}, "content"),
        ("POST", "/users/@me/channels", {"recipient_id": 5}, None),
        ("POST", "/users/@me/channels", {"recipient_id": "5"}, None),
        ("POST", "/users/@me/channels", {"recipient_id": "05"}, "recipient_id"),
        ("POST", "/users/@me/channels", {"recipient_id": -5}, "recipient_id"),
        ("PATCH", "/webhooks/1/token/messages/@original", {"content": "x"}, None),
        ("GET", "/gateway/bot", None, None),
        ("GET", "/oracles", None, "no GET"),
        ("POST", "/channels/1/messages", None, "needs a body"),
    ],
)
def test_what_the_description_says(description_path: Path, method: str, path: str, body: Any, told: str | None) -> None:
    problems = Description(description_path).problems(method, path, body, given=body is not None)
    if told is None:
        assert problems == []
    else:
        assert told in problems[0]


def test_a_union_is_told_by_its_closest_form(description_path: Path) -> None:
    button = {"type": 2, "style": 1, "label": "x" * 81, "custom_id": "a"}
    body = {"type": 4, "data": {"components": [{"type": 1, "components": [button]}]}}
    problems = Description(description_path).problems("POST", "/interactions/1/token/callback", body, given=True)
    assert len(problems) == 1
    assert problems[0].startswith("data/components/0/components/0/label: ")
    assert "longer than 80" in problems[0]
