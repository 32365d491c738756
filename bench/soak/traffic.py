"""What people do: commands, typing, forms and clicks, begun at a steady rate whatever the answers take."""

import asyncio
import base64
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import aiohttp

from bench.rig import Sandbox
from bench.soak.people import People
from bench.soak.plan import MATCH_EVENT, Json
from bot.domain.program_columns import COLUMNS
from bot.domain.program_csv import TEMPLATE_ROW, write_rows

LARGE = 0.7
"""The share of what happens that happens in the large server."""
KEPT = 200
"""How many replies are remembered, to be clicked on."""
MOST_UNDER_WAY = 1_000
HOLD_SECONDS = 5.0
CLICKED = (
    "calendar:page:", "faq:show:", "journey:go:", "letters:go:board", "letters:go:plan", "matchweek:go:", "ranklist:go:criteria",
    "ranklist:go:explain",
)  # fmt: skip
"""Buttons that show something and set nothing: what is expected to arrive stays what it is."""
FILE_ROWS = 20
Act = Callable[[int, int], Awaitable[None]]


class Traffic:
    """Let people act; what came of it is read from the sandbox afterwards."""

    def __init__(self, beside: Sandbox, people: People, seed: int = 7) -> None:
        self.begun = 0
        self.refused: list[str] = []
        """What the sandbox did not let a person do."""
        self._sandbox = beside
        self._people = people
        self._random = Random(seed)  # noqa: S311 - repeatable traffic, no secrets
        self._replies: deque[tuple[int, int, str, str]] = deque(maxlen=KEPT)
        """Person, channel, message, custom id of a button."""
        self._under_way: set[asyncio.Task[None]] = set()
        self._general = next(iter(people.channels.values()))
        self._may_begin = asyncio.Event()
        self._may_begin.set()
        self._acts = self._every_act()

    async def run(self, rate: float, mix: dict[str, float], seconds: float) -> None:
        """Begin ``rate`` acts a second for so long; wait for none of them."""
        names, weights = list(mix), list(mix.values())
        began, number = time.monotonic(), 0
        while (now := time.monotonic()) < began + seconds:
            await self._may_begin.wait()
            while number < (now - began) * rate and len(self._under_way) < MOST_UNDER_WAY:
                self._begin(self._random.choices(names, weights)[0])
                number += 1
            await asyncio.sleep(min(0.02, 1 / rate))

    async def burst(self, name: str, count: int) -> None:
        """Let so many people do one thing in the same moment."""
        for _ in range(count):
            self._begin(name)
        await asyncio.sleep(0)

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Begin nothing within, and wait first for what is under way: a leap of the clock would end the life of its tokens."""
        self._may_begin.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HOLD_SECONDS):
                await self.settle()
        try:
            yield
        finally:
            self._may_begin.set()

    async def settle(self) -> None:
        """Wait until everything that was begun has ended."""
        while self._under_way:
            await asyncio.wait(set(self._under_way))

    def _begin(self, name: str) -> None:
        if self._random.random() < LARGE or not self._people.elsewhere:
            person, channel = self._random.choice(self._people.members), self._general
        else:
            person, channel = self._random.choice(self._people.elsewhere)
        self.begun += 1
        task = asyncio.ensure_future(self._act(name, person, channel))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _act(self, name: str, person: int, channel: int) -> None:
        try:
            await self._acts[name](person, channel)
        except (aiohttp.ClientError, TimeoutError) as error:
            self.refused.append(f"{name}: {type(error).__name__} {getattr(error, 'message', '')}"[:200])

    def _every_act(self) -> dict[str, Act]:
        commands: dict[str, tuple[str, Json]] = {
            "countdown": ("countdown", {}),
            "one date": ("countdown", {"event": MATCH_EVENT}),
            "remind me": ("remind me", {"when": "in 3 weeks", "what": "ask Dr. Osei for the letter"}),
            "remind list": ("remind list", {}),
            "letters board": ("letters board", {}),
            "programs list": ("programs list", {}),
            "ranklist board": ("ranklist board", {}),
            "ranklist check": ("ranklist check", {}),
            "matchweek now": ("matchweek now", {}),
            "calendar": ("calendar show", {}),
            "faq": ("faq", {"question": "when are rank lists due"}),
            "journey week": ("journey week", {}),
            "inbox": ("remind inbox", {}),
            "help": ("help", {}),
            "eligibility": ("eligibility check", {}),
            "mydata": ("mydata show", {}),
            "import programs": ("programs import", {"file": _file()}),
        }
        return {name: self._command(*command) for name, command in commands.items()} | {
            "type a date": self._type, "add a program": self._form, "click": self._click,
        }  # fmt: skip

    def _command(self, command: str, options: Json) -> Act:
        async def act(person: int, channel: int) -> None:
            body = {"channel_id": str(channel), "command": command, "options": options, "wait": True}
            self._remember(person, channel, await self._sandbox.call("POST", f"/people/{person}/command", body))

        return act

    async def _type(self, person: int, channel: int) -> None:
        body = {"channel_id": str(channel), "command": "countdown", "options": {"event": "mat"}, "focused": "event"}
        await self._sandbox.call("POST", f"/people/{person}/autocomplete", body)

    async def _form(self, person: int, channel: int) -> None:
        body = {"channel_id": str(channel), "command": "programs add", "wait": True}
        opened = await self._sandbox.call("POST", f"/people/{person}/command", body)
        modal = opened.get("modal")
        if modal is None:
            return
        first = next(each for each in _parts(modal["components"]) if each.get("type") == 4)
        name = f"Hospital {self._random.randrange(10_000)}"
        filled = {"interaction_id": modal["interaction_id"], "fields": {first["custom_id"]: name}, "wait": True}
        await self._sandbox.call("POST", f"/people/{person}/modal", filled)

    async def _click(self, person: int, channel: int) -> None:
        if not self._replies:
            await self._acts["calendar"](person, channel)
            return
        index = self._random.randrange(len(self._replies))
        person, channel, message, button = self._replies[index]
        del self._replies[index]
        body = {"channel_id": str(channel), "message_id": message, "custom_id": button, "wait": True}
        self._remember(person, channel, await self._sandbox.call("POST", f"/people/{person}/component", body))

    def _remember(self, person: int, channel: int, answered: Json) -> None:
        message = answered.get("message")
        if message is None:
            return
        ids = [each.get("custom_id") or "" for each in _parts(message.get("components", [])) if not each.get("disabled")]
        buttons = [each for each in ids if each.startswith(CLICKED)]
        if buttons:
            self._replies.append((person, channel, message["id"], self._random.choice(buttons)))


def _parts(components: list[Json]) -> list[Json]:
    """Return components with everything that lies inside them."""
    found: list[Json] = []
    for each in components:
        inner: list[Any] = [*each.get("components", []), *(each[name] for name in ("component", "accessory") if each.get(name))]
        found += [each, *_parts(inner)]
    return found


def _file() -> Json:
    rows = (
        [f"Hospital {number}" if each.key == "name" else TEMPLATE_ROW.get(each.key, "") for each in COLUMNS] for number in range(FILE_ROWS)
    )
    content = write_rows([each.title for each in COLUMNS], rows)
    return {"filename": "programs.csv", "content_type": "text/csv", "content_base64": base64.b64encode(content).decode()}
