"""The people's side: what each sees and may do, sentences for what is refused, the stream."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox import interactions, seed
from bot.sandbox.permissions import Permission
from tests.support.hands import Hands, open_hands
from tests.support.waiting import wait_for

Json = dict[str, Any]
GENERAL = str(seed.GENERAL)
OPTIONS = [
    {"name": "what", "description": "w", "type": 3, "required": True, "min_length": 2, "max_length": 5},
    {"name": "number", "description": "n", "type": 4, "min_value": 1, "max_value": 9},
    {"name": "share", "description": "s", "type": 10},
    {"name": "loud", "description": "l", "type": 5},
    {"name": "who", "description": "w", "type": 6},
    {"name": "where", "description": "w", "type": 7, "channel_types": [0]},
    {"name": "role", "description": "r", "type": 8},
    {"name": "either", "description": "e", "type": 9},
    {"name": "file", "description": "f", "type": 11},
    {"name": "pick", "description": "p", "type": 3, "choices": [{"name": "United States", "value": "us"}]},
]
OPEN = {"general", "match-week", "announcements", "bot-room", "practice-room"}
COMMANDS = (
    {
        "name": "remind",
        "description": "Reminders",
        "options": [
            {"name": "me", "description": "Add one", "type": 1, "options": OPTIONS},
            {"name": "more", "description": "More", "type": 2, "options": [{"name": "deep", "description": "d", "type": 1}]},
        ],
    },
    {"name": "ping", "description": "Answer"},
    {"name": "announce", "description": "For moderators", "default_member_permissions": str(int(Permission.MANAGE_GUILD))},
    {"name": "here", "description": "Servers only", "contexts": [0]},
    {"name": "Look", "type": 2},
    {"name": "Quote", "type": 3},
)


@pytest.fixture
async def hands() -> AsyncIterator[Hands]:
    async with open_hands() as each:
        await each.register(*COMMANDS)
        yield each


async def run(hands: Hands, user: str, command: str, channel: str = GENERAL, **options: object) -> tuple[int, Any]:
    return await hands.person(user, "POST", "/command", {"channel_id": channel, "command": command, "options": options})


async def test_people_are_listed(hands: Hands) -> None:
    async with hands.client.get("/people") as answer:
        people = await answer.json()
    assert [(each["username"], each["kind"]) for each in people] == [
        ("amira", "member"), ("diego", "second member"), ("helen", "advisor"), ("priya", "moderator"),
    ]  # fmt: skip
    assert people[0]["zone"] == "Africa/Cairo"
    async with hands.client.get(people[0]["avatar_url"]) as picture:
        assert "AH" in await picture.text()


@pytest.mark.parametrize(
    ("user", "channels", "commands"),
    [
        ("amira", OPEN, set()),
        ("helen", OPEN | {"advisors"}, set()),
        ("priya", OPEN | {"advisors"}, {"announce"}),
    ],
)
async def test_each_sees_her_own_view(hands: Hands, user: str, channels: set[str], commands: set[str]) -> None:
    status, view = await hands.person(user, "GET", "/view")
    assert status == 200
    guild = view["guilds"][0]
    assert {each["name"] for each in guild["channels"]} == channels
    writable = {each["name"] for each in guild["channels"] if each["can_send"]}
    assert ("announcements" in writable) == (user == "priya")
    in_guild, in_dm = ({each["name"] for each in view["commands"] if context in each["contexts"]} for context in (0, 1))
    assert in_guild == {"remind", "ping", "here", "Look", "Quote"} | commands
    # Permissions do not apply in direct messages, so a moderators' command stands there for everybody, as on Discord.
    assert in_dm == {"remind", "ping", "announce", "Look", "Quote"}
    assert view["app"]["name"] == "Matchday"
    assert view["me"]["username"] == user


@pytest.mark.parametrize(
    ("user", "command", "channel", "options", "status"),
    [
        ("amira", "nothing", GENERAL, {}, 404),
        ("amira", "remind", GENERAL, {}, 400),
        ("amira", "remind you", GENERAL, {}, 404),
        ("amira", "remind more", GENERAL, {}, 400),
        ("amira", "remind me", GENERAL, {}, 400),
        ("amira", "remind me", GENERAL, {"what": "x"}, 400),
        ("amira", "remind me", GENERAL, {"what": "xxxxxx"}, 400),
        ("amira", "remind me", GENERAL, {"what": "abc", "no": 1}, 400),
        ("amira", "remind me", GENERAL, {"what": "abc", "number": "two"}, 400),
        ("amira", "remind me", GENERAL, {"what": "abc", "number": 10}, 400),
        ("amira", "remind me", GENERAL, {"what": "abc", "loud": "maybe"}, 400),
        ("amira", "remind me", GENERAL, {"what": "abc", "who": "nobody"}, 400),
        ("amira", "remind me", GENERAL, {"what": "abc", "where": str(seed.ANNOUNCEMENTS)}, 400),
        ("amira", "remind me", GENERAL, {"what": "abc", "pick": "uk"}, 400),
        ("amira", "remind me", GENERAL, {"what": "abc", "file": {"filename": "a", "content_base64": "%"}}, 400),
        ("amira", "announce", GENERAL, {}, 403),
        ("amira", "ping", str(seed.ADVISORS), {}, 404),
        ("amira", "here", "dm", {}, 403),
        ("nobody", "ping", GENERAL, {}, 404),
    ],
)
async def test_what_is_refused_has_a_sentence(hands: Hands, user: str, command: str, channel: str, options: Json, status: int) -> None:
    place = str(hands.world.dm_channel(seed.AMIRA).id) if channel == "dm" else channel
    answered, body = await run(hands, user, command, place, **options)
    assert answered == status, body
    assert body["message"].endswith(".")
    assert not hands.told("INTERACTION_CREATE")


async def test_options_are_typed_and_resolved(hands: Hands) -> None:
    file = {"filename": "a.txt", "content_base64": "aGk="}
    status, answer = await run(
        hands, "amira", "remind me", what="abc", number="3", share=0.5, loud="true", who="helen", where="general",
        role="Advisor", either=str(seed.MATCH), file=file, pick="United States",
    )  # fmt: skip
    assert (status, answer["state"]) == (200, "pending"), answer
    data = (await hands.interaction())["data"]
    inner = data["options"][0]
    assert (inner["name"], inner["type"]) == ("me", 1)
    values = {each["name"]: each["value"] for each in inner["options"]}
    assert (values["number"], values["share"], values["loud"], values["pick"]) == (3, 0.5, True, "us")
    assert data["resolved"]["users"][values["who"]]["username"] == "helen"
    assert data["resolved"]["members"][values["who"]]["permissions"]
    assert data["resolved"]["channels"][values["where"]]["name"] == "general"
    assert set(data["resolved"]["roles"]) == {str(seed.ADVISOR), str(seed.MATCH)}
    assert data["resolved"]["attachments"][values["file"]]["filename"] == "a.txt"


async def test_context_menus(hands: Hands) -> None:
    _, said = await hands.person("diego", "POST", "/message", {"channel_id": GENERAL, "content": "hello"})
    assert (await hands.person("amira", "POST", "/menu", {"channel_id": GENERAL, "command": "Look", "user_id": "diego"}))[0] == 200
    looked = (await hands.interaction())["data"]
    assert (looked["type"], looked["target_id"]) == (2, str(seed.DIEGO))
    assert (await hands.person("amira", "POST", "/menu", {"channel_id": GENERAL, "command": "Quote", "message_id": said["id"]}))[0] == 200
    quoted = (await hands.interaction(2))["data"]
    assert quoted["resolved"]["messages"][said["id"]]["content"] == "hello"


async def test_waiting_for_a_deferred_reply(hands: Hands) -> None:
    body = {"channel_id": GENERAL, "command": "ping", "wait": True}
    waiting = asyncio.ensure_future(hands.person("amira", "POST", "/command", body))
    interaction = await hands.interaction()
    await hands.answer(interaction, 5)
    assert not waiting.done()
    await hands.webhook(interaction, "PATCH", "/messages/@original", {"content": "done"})
    status, answer = await waiting
    assert (status, answer["state"], answer["message"]["content"]) == (200, "replied", "done")


async def test_waiting_for_a_modal_and_for_a_failure(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    body = {"channel_id": GENERAL, "command": "ping", "wait": True}
    waiting = asyncio.ensure_future(hands.person("amira", "POST", "/command", body))
    field = {"type": 18, "label": "Text", "component": {"type": 4, "custom_id": "t", "style": 1}}
    await hands.answer(await hands.interaction(), 9, {"title": "Form", "custom_id": "m", "components": [field]})
    _, answer = await waiting
    assert (answer["state"], answer["modal"]["title"]) == ("modal", "Form")
    monkeypatch.setattr(interactions, "ANSWER_SECONDS", 0.02)
    _, answer = await hands.person("amira", "POST", "/command", body)
    assert (answer["state"], answer["message"]) == ("failed", None)


SELECT = {"type": 3, "custom_id": "s", "max_values": 2, "options": [{"label": each, "value": each} for each in "abc"]}
USERS = {"type": 5, "custom_id": "u"}
OFF = {"type": 2, "style": 2, "label": "Off", "custom_id": "off", "disabled": True}
LINK = {"type": 2, "style": 5, "label": "Open", "url": "https://example.org"}


@pytest.mark.parametrize(
    ("custom_id", "values", "status"),
    [("s", ["a", "b"], 200), ("s", [], 400), ("s", ["a", "b", "c"], 400), ("s", ["z"], 400), ("s", ["a", "a"], 400),
     ("u", ["helen"], 200), ("u", ["nobody"], 400), ("off", None, 409), ("gone", None, 404), ("", None, 404)],
)  # fmt: skip
async def test_components_are_checked(hands: Hands, custom_id: str, values: list[str] | None, status: int) -> None:
    rows = [{"type": 1, "components": list(each)} for each in ((SELECT,), (USERS,), (OFF, LINK))]
    _, message = await hands.rest("POST", f"/channels/{GENERAL}/messages", {"content": "x", "components": rows})
    body = {"channel_id": GENERAL, "message_id": message["id"], "custom_id": custom_id, "values": values}
    answered, answer = await hands.person("amira", "POST", "/component", body)
    assert answered == status, answer
    if status == 200:
        data = (await hands.interaction())["data"]
        assert len(data["values"]) == len(values or [])
        if custom_id == "u":
            assert data["resolved"]["users"][data["values"][0]]["username"] == "helen"


async def test_others_do_not_reach_an_ephemeral_button(hands: Hands) -> None:
    interaction = await hands.run("amira", seed.GENERAL, "ping")
    row = {"type": 1, "components": [{"type": 2, "style": 2, "label": "Go", "custom_id": "go"}]}
    _, answer = await hands.answer(interaction, 4, {"content": "x", "components": [row], "flags": 64})
    body = {"channel_id": GENERAL, "message_id": answer["resource"]["message"]["id"], "custom_id": "go"}
    assert (await hands.person("diego", "POST", "/component", body))[0] == 404
    assert (await hands.person("amira", "POST", "/component", body))[0] == 200


@pytest.mark.parametrize(
    ("user", "channel", "content", "status"),
    [("amira", GENERAL, "hello", 200), ("amira", GENERAL, "  ", 400), ("amira", GENERAL, "x" * 2001, 400),
     ("amira", str(seed.ANNOUNCEMENTS), "x", 403), ("priya", str(seed.ANNOUNCEMENTS), "x", 200), ("amira", str(seed.ADVISORS), "x", 404)],
)  # fmt: skip
async def test_people_write(hands: Hands, user: str, channel: str, content: str, status: int) -> None:
    assert (await hands.person(user, "POST", "/message", {"channel_id": channel, "content": content}))[0] == status


async def test_direct_messages_open_and_close(hands: Hands) -> None:
    assert (await hands.person("amira", "GET", "/view"))[1]["dms"] == []
    _, opened = await hands.person("amira", "POST", "/dm")
    dms = (await hands.person("amira", "GET", "/view"))[1]["dms"]
    assert [each["id"] for each in dms] == [opened["channel_id"]]
    assert (await hands.person("diego", "GET", f"/channels/{opened['channel_id']}/messages"))[0] == 404
    await hands.person("amira", "POST", "/dms", {"open": False})
    assert (await hands.rest("POST", f"/channels/{opened['channel_id']}/messages", {"content": "x"}))[1]["code"] == 50007


async def test_pages_of_messages_run_oldest_first(hands: Hands) -> None:
    sent = [(await hands.rest("POST", f"/channels/{GENERAL}/messages", {"content": f"{each}"}))[1]["id"] for each in range(5)]
    _, newest = await hands.person("amira", "GET", f"/channels/{GENERAL}/messages?limit=2")
    assert [each["content"] for each in newest] == ["3", "4"]
    _, older = await hands.person("amira", "GET", f"/channels/{GENERAL}/messages?limit=2&before={sent[3]}")
    assert [each["content"] for each in older] == ["1", "2"]


async def test_stream_tells_what_she_sees(hands: Hands) -> None:
    told: dict[str, list[Json]] = {"amira": [], "diego": []}

    async def read(name: str) -> None:
        async with hands.client.ws_connect(f"/people/{name}/stream") as socket:
            async for message in socket:
                told[name].append(message.json())

    readers = [asyncio.ensure_future(read(name)) for name in told]
    await wait_for(lambda: all(told.values()))
    assert all(each[0]["t"] == "clock" for each in told.values())
    interaction = await hands.run("amira", seed.GENERAL, "ping")
    await hands.answer(interaction, 4, {"content": "secret", "flags": 64})
    await hands.rest("POST", f"/channels/{GENERAL}/messages", {"content": "public"})
    await hands.rest("POST", f"/channels/{seed.ADVISORS}/messages", {"content": "hidden"})
    dm = hands.world.dm_channel(seed.DIEGO).id
    await hands.rest("POST", f"/channels/{dm}/messages", {"content": "for diego"})
    await hands.register()
    hands.time.advance(timedelta(hours=1))
    await wait_for(lambda: all(sum(one["t"] == "clock" for one in each) >= 2 for each in told.values()))
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
    seen = {name: [each["d"]["content"] for each in items if each["t"] == "message_create"] for name, items in told.items()}
    assert seen == {"amira": ["secret", "public"], "diego": ["public", "for diego"]}
    kinds = {name: [each["t"] for each in items] for name, items in told.items()}
    assert [each["d"]["state"] for each in told["amira"] if each["t"] == "interaction"] == ["pending", "replied"]
    assert "interaction" not in kinds["diego"]
    assert "dm_open" in kinds["diego"]
    assert "commands" in kinds["amira"]


async def test_stream_hides_a_channel_that_she_no_longer_sees(hands: Hands) -> None:
    async with hands.client.ws_connect("/people/amira/stream") as socket:
        assert (await socket.receive_json(timeout=5))["t"] == "clock"
        hands.world.set_overwrite(seed.GENERAL, seed.GUILD, "role", 0, int(Permission.VIEW_CHANNEL))
        assert (await socket.receive_json(timeout=5)) == {"t": "channel_delete", "d": {"id": GENERAL}}
