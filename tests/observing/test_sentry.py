"""What would be sent to a Sentry server, made by the real library: the way through the code, and no word that a person wrote."""

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from bot.errors import StartError
from bot.observing import interactions
from bot.observing.interactions import Handled, Kind
from bot.observing.sentry import A_LIBRARY, KEPT, report_to

DSN = "https://plantedkey@sentry.example.org/1"
WORD = "plantedjasmine"
SNOWFLAKE = 1100000000000001000

SENT: list[Envelope] = []


class Kept(Transport):
    """Keep what would be sent."""

    def capture_envelope(self, envelope: Envelope) -> None:
        SENT.append(envelope)


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    SENT.clear()
    report_to(DSN, Kept)
    yield logging.getLogger("bot.services.reminders")
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)


def events() -> list[dict[str, Any]]:
    return [event for envelope in SENT if (event := envelope.get_event()) is not None]


def everything() -> str:
    return "\n".join(envelope.serialize().decode() for envelope in SENT)


def keys_of(told: object) -> Iterator[str]:
    """Yield every key, however deep."""
    if isinstance(told, dict):
        for key, value in told.items():
            yield key
            yield from keys_of(value)
    elif isinstance(told, list):
        for value in told:
            yield from keys_of(value)


def failing(text: str) -> None:
    held_in_a_variable = f"{text} in a variable"
    try:
        int(text)
    except ValueError as error:
        raise RuntimeError(held_in_a_variable) from error


async def test_a_failure_is_reported_by_its_way_through_the_code_and_nothing_else(log: logging.Logger) -> None:
    interactions.begin(handled := Handled(Kind.COMMAND, "remind me"))
    sentry_sdk.set_user({"id": SNOWFLAKE, "username": WORD})
    sentry_sdk.set_tag("what", WORD)
    sentry_sdk.set_extra("what", WORD)
    sentry_sdk.set_context("what", {"said": WORD})
    sentry_sdk.add_breadcrumb(message=WORD)
    logging.getLogger("bot").info("she said %s", WORD)
    try:
        failing(WORD)
    except RuntimeError:
        log.exception("failure of %s, %d: %s", WORD, SNOWFLAKE, WORD, extra={"said": WORD})

    (event,) = events()
    values = event["exception"]["values"]
    assert [value["type"] for value in values] == ["ValueError", "RuntimeError"]
    assert [frame["function"] for frame in values[1]["stacktrace"]["frames"]][-1] == "failing"
    assert event["tags"] == {"interaction": handled.id, "kind": "command", "name": "remind me"}
    assert set(event) <= {*KEPT, "exception", "tags"}
    assert WORD not in everything()
    assert str(SNOWFLAKE) not in everything()


def test_a_message_of_ours_goes_without_what_was_put_in_and_one_of_a_library_not_at_all(log: logging.Logger) -> None:
    log.error("delivery %s can't be read; it is parked", WORD)
    logging.getLogger("some.library").error(f"it was {WORD}")  # noqa: G004 - as some libraries do
    assert [event["logentry"]["message"] for event in events()] == ["delivery %s can't be read; it is parked", A_LIBRARY]
    assert WORD not in everything()


def test_what_is_no_error_is_not_reported(log: logging.Logger) -> None:
    log.warning("standing by")
    log.info("connected")
    assert SENT == []


async def test_a_task_whose_failure_nobody_takes_is_reported_too(log: logging.Logger) -> None:
    error = ValueError(WORD)
    asyncio.get_running_loop().call_exception_handler({"message": "nobody took it", "future": WORD, "exception": error})
    (event,) = events()
    assert event["exception"]["values"][0]["type"] == "ValueError"
    assert WORD not in everything()


def test_nothing_is_said_about_the_machine(log: logging.Logger) -> None:
    try:
        failing(WORD)
    except RuntimeError:
        log.exception("it failed")
    assert sys.executable not in everything()
    assert sys.prefix not in everything()
    (event,) = events()
    told = {"server_name", "modules", "user", "request", "breadcrumbs", "contexts", "threads", "vars", "extra", "abs_path", "value"}
    assert told & set(keys_of(event)) == set()


@pytest.mark.parametrize("dsn", ["plantedkey", "https://sentry.example.org/1", "ftp://plantedkey@sentry.example.org/1", "https://"])
def test_an_address_that_is_none_stops_the_start_and_is_not_repeated(dsn: str) -> None:
    with pytest.raises(StartError, match="MATCHDAY_SENTRY_DSN is no address") as refused:
        report_to(dsn, Kept)
    assert "planted" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_without_the_library_the_start_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(StartError, match=r"pip install 'matchday\[sentry\]'"):
        report_to(DSN)


def test_a_plain_start_imports_neither_sentry_nor_prometheus() -> None:
    heavy = ("sentry_sdk", "prometheus_client", "bot.observing.metrics", "bot.web.listening", "bot.storage.measures")
    code = f"import sys, json, bot.run, bot.operations.running; print(json.dumps([each for each in {heavy!r} if each in sys.modules]))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert json.loads(ended.stdout) == []
