"""The sandbox in process, driven by hand: REST as the bot would, /people as a person, the gateway's happenings in a list."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from bot.sandbox.bus import Happening
from bot.sandbox.clock import SandboxTime
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from tests.support.waiting import wait_for

Json = dict[str, Any]
TOKEN = "sandbox-token"


class Hands:
    """Hold the server and its client."""

    def __init__(self, sandbox: SandboxServer, client: aiohttp.ClientSession) -> None:
        self.client = client
        self.world: World = sandbox.world
        self.time: SandboxTime = sandbox.time
        self.happenings: list[Happening] = []
        self.world.bus.listen(self.happenings.append)

    async def rest(self, method: str, path: str, body: object = None, *, token: str | None = TOKEN) -> tuple[int, Any]:
        """Call Discord's API; return status and JSON."""
        headers = {} if token is None else {"Authorization": f"Bot {token}"}
        async with self.client.request(method, f"/api/v10{path}", json=body, headers=headers) as answer:
            return answer.status, await _json(answer)

    async def upload(self, method: str, path: str, payload: Json, *files: tuple[str, bytes]) -> tuple[int, Any]:
        """Call Discord's API with files, as multipart."""
        form = aiohttp.FormData()
        form.add_field("payload_json", json.dumps(payload), content_type="application/json")
        for number, (filename, content) in enumerate(files):
            form.add_field(f"files[{number}]", content, filename=filename, content_type="application/octet-stream")
        headers = {"Authorization": f"Bot {TOKEN}"}
        async with self.client.request(method, f"/api/v10{path}", data=form, headers=headers) as answer:
            return answer.status, await _json(answer)

    async def person(self, name: str, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Act as a person."""
        async with self.client.request(method, f"/people/{name}{path}", json=body) as answer:
            return answer.status, await _json(answer)

    async def register(self, *commands: Json) -> list[Json]:
        """Register the global commands."""
        status, body = await self.rest("PUT", f"/applications/{self.world.application_id}/commands", list(commands))
        assert status == 200, body
        return body

    def told(self, name: str) -> list[Json]:
        """Return the bodies of the happenings of one name."""
        return [each.data for each in self.happenings if each.name == name]

    async def interaction(self, count: int = 1) -> Json:
        """Wait for so many INTERACTION_CREATE in all and return the newest."""
        await wait_for(lambda: len(self.told("INTERACTION_CREATE")) >= count)
        return self.told("INTERACTION_CREATE")[count - 1]

    async def run(self, user: str, channel_id: int, command: str, **options: object) -> Json:
        """Let a person run a command; return the interaction as the bot receives it."""
        before = len(self.told("INTERACTION_CREATE"))
        body = {"channel_id": str(channel_id), "command": command, "options": options}
        status, answer = await self.person(user, "POST", "/command", body)
        assert status == 200, answer
        return self.told("INTERACTION_CREATE")[before]

    async def press(self, user: str, message: Json, custom_id: str, values: list[str] | None = None) -> Json:
        """Let a person use a component; return the interaction as the bot receives it."""
        before = len(self.told("INTERACTION_CREATE"))
        body = {"channel_id": message["channel_id"], "message_id": message["id"], "custom_id": custom_id, "values": values}
        status, answer = await self.person(user, "POST", "/component", body)
        assert status == 200, answer
        return self.told("INTERACTION_CREATE")[before]

    async def answer(self, interaction: Json, kind: int, data: object = None) -> tuple[int, Any]:
        """Send the callback."""
        path = f"/interactions/{interaction['id']}/{interaction['token']}/callback?with_response=1"
        return await self.rest("POST", path, {"type": kind, "data": data} if data is not None else {"type": kind}, token=None)

    async def webhook(self, interaction: Json, method: str, path: str = "", body: object = None) -> tuple[int, Any]:
        """Use the interaction's token."""
        return await self.rest(method, f"/webhooks/{interaction['application_id']}/{interaction['token']}{path}", body, token=None)


async def _json(answer: aiohttp.ClientResponse) -> Any:
    text = await answer.text()
    return json.loads(text) if text else None


@asynccontextmanager
async def open_hands() -> AsyncIterator[Hands]:
    """Serve a fresh sandbox for one test."""
    async with SandboxServer(checks=False) as sandbox, aiohttp.ClientSession(sandbox.url) as client:
        yield Hands(sandbox, client)


def errors_at(body: Json, *path: str | int) -> list[str]:
    """Return the error codes that 50035 gives at a path."""
    node: Any = body.get("errors") or {}
    for part in path:
        node = node.get(str(part), {})
    return [each["code"] for each in node.get("_errors", [])]
