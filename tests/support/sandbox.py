"""A client of the sandbox for tests: act as its people, move its clock, set its faults, ask what it received."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.support.waiting import wait_for

Json = dict[str, Any]
ROOT = Path(__file__).parents[2]
DESCRIPTION = ROOT.parent / "shared" / "discord" / "openapi.json"
START_SECONDS = 20.0


class Refused(AssertionError):  # noqa: N818 - a refusal, as the sandbox worded it
    """Hold what the sandbox refused."""

    def __init__(self, status: int, message: str, body: Json) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = message
        self.body = body


@dataclass(frozen=True, slots=True)
class Reply:
    """Hold what came back for an interaction."""

    interaction_id: str
    state: str
    message: Json | None
    modal: Json | None

    @property
    def text(self) -> str:
        """Everything readable in the message, Components V2 included."""
        return "" if self.message is None else text_of(self.message)


class Sandbox:
    """Talk to a running sandbox."""

    def __init__(self, url: str, token: str = "sandbox-token") -> None:  # noqa: S107 - it opens the sandbox only
        self.url = url
        self.token = token
        self._session = aiohttp.ClientSession()

    async def close(self) -> None:
        await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def call(self, method: str, path: str, body: object = None, /, **query: object) -> Any:
        """Call any route; return its JSON (None for 204), or raise Refused."""
        params = {name: str(value) for name, value in query.items() if value is not None}
        async with self._session.request(method, f"{self.url}{path}", json=body, params=params) as answer:
            return await _taken(answer)

    async def rest(self, method: str, path: str, body: object = None) -> Any:
        """Call Discord's API as the bot."""
        headers = {"Authorization": f"Bot {self.token}"}
        async with self._session.request(method, f"{self.url}/api/v10{path}", json=body, headers=headers) as answer:
            return await _taken(answer)

    def person(self, name: str) -> "Person":
        """Act as a person, by username or id."""
        return Person(self, name)

    async def clock(self) -> Json:
        return await self.call("GET", "/clock")

    async def now(self) -> datetime:
        return datetime.fromisoformat((await self.clock())["now"])

    async def advance(self, by: timedelta) -> None:
        await self.call("POST", "/control/clock", {"advance": by.total_seconds()})

    async def move_to(self, moment: datetime) -> None:
        await self.call("POST", "/control/clock", {"to": moment.isoformat()})

    async def reset_clock(self) -> None:
        await self.call("POST", "/control/clock", {"reset": True})

    async def faults(self, *rules: Json) -> None:
        """Add rules."""
        await self.call("POST", "/control/faults", {"rules": list(rules)})

    async def fault_rules(self) -> list[Json]:
        """Return the rules with how often each struck."""
        return (await self.call("GET", "/control/faults"))["rules"]

    async def no_faults(self) -> None:
        await self.call("DELETE", "/control/faults")

    async def record(self, method: str | None = None, path: str | None = None, since: int = 0) -> list[Json]:
        return await self.call("GET", "/control/record", method=method, path=path, since=since)

    async def forget_record(self) -> None:
        await self.call("DELETE", "/control/record")

    async def violations(self) -> list[Json]:
        return await self.call("GET", "/control/violations")

    async def forget_violations(self) -> None:
        await self.call("DELETE", "/control/violations")

    async def messages(self, author: str | None = "bot") -> list[Json]:
        """Return every kept message of an author, with recipient and nonce."""
        return await self.call("GET", "/control/messages", author=author)

    async def delete_message(self, message_id: str) -> None:
        await self.call("DELETE", f"/control/messages/{message_id}")

    async def add_people(self, count: int, guild_id: int | str | None = None) -> list[int]:
        given = {"count": count, "guild_id": guild_id}
        return [int(each) for each in (await self.call("POST", "/control/people", given))["ids"]]

    async def change_person(self, person: str | int, **changes: object) -> None:
        """Change ``dms_open``, ``in_guild`` or ``roles``."""
        await self.call("PATCH", f"/control/people/{person}", changes)

    async def add_guild(self, name: str) -> Json:
        return await self.call("POST", "/control/guilds", {"name": name})

    async def delete_channel(self, channel_id: int | str) -> None:
        await self.call("PATCH", f"/control/channels/{channel_id}", {"deleted": True})

    async def overwrite(self, channel_id: int | str, target: int | str, kind: str = "role", *, allow: int = 0, deny: int = 0) -> None:
        given = {"target": str(target), "kind": kind, "allow": str(allow), "deny": str(deny)}
        await self.call("PATCH", f"/control/channels/{channel_id}", {"overwrite": given})

    async def gateway(self, action: str, shard: int | None = None, *, resumable: bool = True) -> int:
        """Do ``drop``, ``reconnect`` or ``invalid``; return how many connections met it."""
        given = {"action": action, "shard": shard, "resumable": resumable}
        return (await self.call("POST", "/control/gateway", given))["connections"]

    async def sessions(self) -> list[Json]:
        return await self.call("GET", "/control/gateway")

    async def burst(self, command: str, *, user: str = "amira", channel: str | None = None, **more: object) -> Json:
        """Run a burst; ``count``, ``concurrency``, ``options`` and ``users`` as the control API has them."""
        channel_id = None if channel is None else await self.person(user).channel_id(channel)
        return await self.call("POST", "/control/burst", {"user": user, "channel_id": channel_id, "command": command, **more})

    async def check_bodies(self, *, on: bool) -> None:
        await self.call("POST", "/control/checks", {"bodies": on})

    async def connected(self, shards: int = 1) -> None:
        """Wait until the bot's shards are connected."""

        async def all_there() -> bool:
            return sum(each["connected"] for each in await self.sessions()) >= shards

        await wait_for(all_there, START_SECONDS)


class Person:
    """Act as one person."""

    def __init__(self, sandbox: Sandbox, name: str) -> None:
        self.name = name
        self._sandbox = sandbox
        self._path = f"/people/{name}"

    async def view(self) -> Json:
        return await self._sandbox.call("GET", f"{self._path}/view")

    async def channel_id(self, channel: str) -> str:
        """Return a channel's id by id or name; ``dm`` is the direct messages with the bot."""
        if channel.isdigit():
            return channel
        if channel == "dm":
            return await self.open_dm()
        for guild in (await self.view())["guilds"]:
            for each in guild["channels"]:
                if each["name"] == channel.removeprefix("#"):
                    return each["id"]
        raise AssertionError(f"{self.name} sees no channel {channel}")

    async def command(self, command: str, /, *, channel: str = "general", wait: bool = True, **options: object) -> Reply:
        """Run a slash command, ``"remind me"`` for a subcommand."""
        body = {"channel_id": await self.channel_id(channel), "command": command, "options": options, "wait": wait}
        return await self._interact("command", body)

    async def autocomplete(self, command: str, focused: str, /, *, channel: str = "general", **options: object) -> list[Json]:
        """Type into an option and return the choices offered."""
        body = {"channel_id": await self.channel_id(channel), "command": command, "options": options, "focused": focused}
        return (await self._sandbox.call("POST", f"{self._path}/autocomplete", body))["choices"]

    async def click(self, on: "Reply | Json", button: str, *, wait: bool = True) -> Reply:
        """Click a button, named by its label or custom id."""
        return await self._use(on, lambda each: button in (each.get("label"), each.get("custom_id")), None, wait=wait)

    async def select(self, on: "Reply | Json", *values: str, menu: str | None = None, wait: bool = True) -> Reply:
        """Choose values in the select menu of a custom id, else in the first one."""
        return await self._use(on, lambda each: _is_select(each) and menu in (None, each.get("custom_id")), list(values), wait=wait)

    async def submit(self, form: Reply, fields: Json, *, wait: bool = True) -> Reply:
        """Submit the modal that a reply opened; fields are named by label or custom id."""
        assert form.modal is not None, "no modal was opened"
        named = {_custom_id(form.modal, name): value for name, value in fields.items()}
        return await self._interact("modal", {"interaction_id": form.interaction_id, "fields": named, "wait": wait})

    async def open_dm(self) -> str:
        return (await self._sandbox.call("POST", f"{self._path}/dm"))["channel_id"]

    async def close_dms(self) -> None:
        await self._sandbox.call("POST", f"{self._path}/dms", {"open": False})

    async def open_dms(self) -> None:
        await self._sandbox.call("POST", f"{self._path}/dms", {"open": True})

    async def say(self, content: str, channel: str = "general") -> Json:
        return await self._sandbox.call("POST", f"{self._path}/message", {"channel_id": await self.channel_id(channel), "content": content})

    async def messages(self, channel: str = "dm", limit: int = 50) -> list[Json]:
        """Return the messages she sees, oldest first."""
        return await self._sandbox.call("GET", f"{self._path}/channels/{await self.channel_id(channel)}/messages", limit=limit)

    async def _use(self, on: "Reply | Json", chosen: Callable[[Json], bool], values: list[str] | None, *, wait: bool) -> Reply:
        message = on.message if isinstance(on, Reply) else on
        assert message is not None, "there is no message to use"
        component = next((each for each in components_of(message) if chosen(each)), None)
        assert component is not None, f"no such component in {message['components']}"
        body = {"channel_id": message["channel_id"], "message_id": message["id"], "custom_id": component["custom_id"], "wait": wait}
        return await self._interact("component", body if values is None else {**body, "values": values})

    async def _interact(self, kind: str, body: Json) -> Reply:
        answer = await self._sandbox.call("POST", f"{self._path}/{kind}", body)
        return Reply(answer["interaction_id"], answer["state"], answer.get("message"), answer.get("modal"))


def components_of(holder: Json) -> list[Json]:
    """Return every component of a message or modal, nested ones included."""
    found: list[Json] = []
    for each in holder.get("components") or []:
        found.append(each)
        found.extend(components_of(each))
        for single in ("accessory", "component"):
            if each.get(single):
                found.append(each[single])
                found.extend(components_of(each[single]))
    return found


def text_of(message: Json) -> str:
    """Return a message's readable text: content, text displays, labels of buttons and embeds."""
    parts = [message.get("content") or ""]
    parts += [str(each.get("content") or each.get("label") or "") for each in components_of(message)]
    for embed in message.get("embeds") or []:
        parts += [embed.get("title") or "", embed.get("description") or ""]
        parts += [f"{field['name']} {field['value']}" for field in embed.get("fields") or []]
    return "\n".join(part for part in parts if part)


def _is_select(component: Json) -> bool:
    return component["type"] in (3, 5, 6, 7, 8)


def _custom_id(modal: Json, name: str) -> str:
    for each in components_of(modal):
        inner = each.get("component") or each
        if name in (each.get("label"), inner.get("label"), inner.get("custom_id")) and inner.get("custom_id"):
            return inner["custom_id"]
    raise AssertionError(f"the form has no field {name}")


async def _taken(answer: aiohttp.ClientResponse) -> Any:
    body = await answer.json(content_type=None) if answer.status != 204 and await answer.read() else None
    if answer.status >= 400:
        raise Refused(answer.status, str((body or {}).get("message")), body or {})
    return body


@dataclass(slots=True)
class SandboxProcess:
    """Hold a sandbox that runs as a process of its own."""

    url: str
    process: asyncio.subprocess.Process


@asynccontextmanager
async def sandbox_process(*arguments: str) -> AsyncIterator[SandboxProcess]:
    """Start ``python -m bot.sandbox`` and wait for its address; stop it at the end."""
    kept = {name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox", *arguments, cwd=ROOT, env=kept, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(START_SECONDS):
            line = (await process.stdout.readline()).decode().strip()
        assert line.startswith("sandbox ready "), line or "the sandbox ended before it was ready"
        yield SandboxProcess(line.removeprefix("sandbox ready "), process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
