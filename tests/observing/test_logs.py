"""What stands in the log, in both forms: the sentences of this project, and of nobody else a word."""

import asyncio
import io
import json
import logging
import sqlite3
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from bot.observing import interactions, logs
from bot.observing.interactions import Handled, Kind

WORD = "plantedjasmine"
SNOWFLAKE = 1100000000000001000


class Log:
    """Hold what was written."""

    def __init__(self, form: logs.Form) -> None:
        self.form = form
        self.written = io.StringIO()
        self.handler = logging.StreamHandler(self.written)
        self.handler.setFormatter(logs.JsonFormatter() if form == "json" else logs.TextFormatter())

    @property
    def text(self) -> str:
        return self.written.getvalue()

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture(params=["json", "text"])
def log(request: pytest.FixtureRequest) -> Iterator[Log]:
    log = Log(request.param)
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(log.handler)
    root.setLevel(logging.DEBUG)
    yield log
    root.removeHandler(log.handler)
    root.setLevel(before)


def told(name: str, message: str, *args: object, error: BaseException | None = None) -> None:
    logging.getLogger(name).error(message, *args, exc_info=error)


def raised(make: "type[BaseException] | BaseException") -> BaseException:
    try:
        raise make  # noqa: TRY301 - so that it has a traceback
    except BaseException as error:  # noqa: BLE001 - whatever it was
        return error


def a_json_line(written: str) -> dict[str, Any]:
    (line,) = written.splitlines()
    return json.loads(line)


def test_a_line_of_json_says_when_how_grave_who_and_what() -> None:
    log = Log("json")
    record = logging.LogRecord("bot.run", logging.WARNING, __file__, 1, "%d deliveries,\nlate", (3,), None)
    record.created = 1795865599.5
    line = a_json_line(log.handler.format(record))
    assert line == {"time": "2026-11-28T11:33:19.500Z", "level": "WARNING", "logger": "bot.run", "message": "3 deliveries,\nlate"}


def test_every_line_of_an_interaction_bears_its_id_and_those_of_tasks_that_it_made_too(log: Log) -> None:
    async def answered() -> str:
        handled = Handled(Kind.COMMAND, "remind me")
        interactions.begin(handled)
        told("bot.services", "in the task")
        await asyncio.create_task(later())
        return handled.id

    async def later() -> None:
        told("bot.services", "in a task of its own")

    async def both() -> list[str]:
        return await asyncio.gather(asyncio.create_task(answered()), asyncio.create_task(answered()))

    ids = asyncio.run(both())
    told("bot.services", "of no interaction")
    assert len(set(ids)) == 2
    for each in ids:
        assert log.text.count(each) == 2
        assert len(each) == 6
    last = log.text.splitlines()[-1]
    assert not any(each in last for each in ids)


def test_what_libraries_put_in_is_left_out_and_their_own_words_and_small_numbers_stay(log: Log) -> None:
    told("discord.http", "%s %s responded with %d. Retrying in %.2f seconds.", "POST", f"/webhooks/1/{WORD}/callback", 429, 1.5)
    told("discord.app_commands.tree", "Ignoring exception in autocomplete for %r (Guild: %s, User: %s)", WORD, SNOWFLAKE, SNOWFLAKE)
    told("some.library", "%(who)s did it %(often)d times", {"who": WORD, "often": 3})
    assert "responded with 429. Retrying in 1.50 seconds." in log.text
    assert "did it 3 times" in log.text
    assert WORD not in log.text
    assert str(SNOWFLAKE) not in log.text


@pytest.mark.parametrize("given", [(WORD,), (SNOWFLAKE,), (1, 2), ({"a": WORD},)])
def test_a_library_that_gives_what_does_not_fit_is_logged_by_its_words(given: tuple[object, ...]) -> None:
    record = logging.LogRecord("some.library", logging.ERROR, __file__, 1, "a number %d", given, None)
    assert logs.message_of(record) == "a number %d"


async def test_a_task_whose_failure_nobody_takes_is_logged_without_its_words(log: Log) -> None:
    async def failing() -> None:
        raise ValueError(f"{WORD} is no date")

    task = asyncio.create_task(failing())
    await asyncio.wait({task})
    del task
    asyncio.get_running_loop().call_exception_handler({"message": "nobody took it", "future": WORD, "exception": raised(KeyError(WORD))})
    assert "nobody took it" in log.text
    assert "KeyError" in log.text
    assert WORD not in log.text


def caused() -> BaseException:
    try:
        try:
            int(WORD)
        except ValueError as error:
            raise RuntimeError(WORD) from error
    except RuntimeError as error:
        return error


ERRORS = {
    "a word": raised(ValueError(WORD)),
    "a key": raised(KeyError(WORD)),
    "a group": raised(ExceptionGroup(WORD, [raised(ValueError(WORD)), raised(TypeError(WORD))])),
    "a cause": caused(),
    "a file": raised(FileNotFoundError(2, "No such file or directory", f"folder/{WORD}")),
    "a text that is no code": raised(SystemExit(WORD)),
}


@pytest.mark.parametrize("which", ERRORS)
def test_a_traceback_has_no_word_of_anybody(log: Log, which: str) -> None:
    error = ERRORS[which]
    error.add_note(WORD)
    told("bot.cogs", "it failed", error=error)
    assert type(error).__name__ in log.text
    assert "test_logs.py" in log.text, "the way through the code is there"
    assert WORD not in log.text


def test_a_traceback_tells_every_link_of_its_chain(log: Log) -> None:
    told("bot.cogs", "it failed", error=caused())
    assert log.text.index("ValueError") < log.text.index("direct cause") < log.text.rindex("RuntimeError")


class Refusal(Exception):  # noqa: N818 - named as libraries name theirs
    """A failure with codes, as libraries raise them."""

    status, code, sqlstate = 400, 50035, f"{WORD}"


def test_codes_and_words_that_stand_in_the_source_are_kept(log: Log) -> None:
    told("bot.cogs", "one", error=raised(Refusal(WORD)))
    told("bot.cogs", "two", error=raised(sqlite3.OperationalError("no such table: reminder")))
    told("bot.cogs", "three", error=raised(ConnectionRefusedError(111, "Connection refused")))
    try:
        raise RuntimeError("a stored instant must be aware")  # noqa: TRY301 - its words are to stand in this function
    except RuntimeError as error:
        told("bot.cogs", "four", error=error)
    assert "Refusal: status 400; code 50035" in log.text
    assert "no such table: reminder" in log.text
    assert "errno 111; Connection refused" in log.text
    assert "RuntimeError: a stored instant must be aware" in log.text
    assert WORD not in log.text


def test_what_nobody_catches_stands_in_the_log_too(monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log("json")
    hooks = [(sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook"), (logging, "raiseExceptions")]
    for holder, name in hooks:
        monkeypatch.setattr(holder, name, getattr(holder, name))
    levels = {name: logging.getLogger(name).level for name in logs.CHATTY}
    try:
        logs.set_up("INFO", "json")
        logging.getLogger().addHandler(log.handler)
        sys.excepthook(ValueError, raised(ValueError(WORD)), None)
        thread = threading.Thread(target=int, args=(WORD,))
        thread.start()
        thread.join()
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    finally:
        logging.getLogger().removeHandler(log.handler)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
    assert [(line["level"], line["error"]) for line in log.lines()] == [("CRITICAL", "ValueError"), ("ERROR", "ValueError")]
    assert WORD not in log.text


class Stdout(io.StringIO):
    """A stdout that is a terminal, or none."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


@pytest.mark.parametrize(
    ("wanted", "is_terminal", "form"),
    [(None, True, "text"), (None, False, "json"), ("json", True, "json"), ("text", False, "text")],
)
def test_a_person_reads_text_and_a_program_json(
    monkeypatch: pytest.MonkeyPatch, wanted: logs.Form | None, is_terminal: bool, form: logs.Form
) -> None:
    monkeypatch.setattr(sys, "stdout", Stdout(is_terminal=is_terminal))
    assert logs.form_for(wanted) == form
