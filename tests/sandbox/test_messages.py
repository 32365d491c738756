"""Messages over REST: limits, permissions, nonces, mentions, files, edits, pages."""

import struct
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox import seed
from bot.sandbox.permissions import EVERYONE, Permission
from tests.support.hands import Hands, errors_at, open_hands

Json = dict[str, Any]
V2 = 1 << 15
PATH = f"/channels/{seed.GENERAL}/messages"


@pytest.fixture
async def hands() -> AsyncIterator[Hands]:
    async with open_hands() as each:
        yield each


def row(*components: Json) -> Json:
    return {"type": 1, "components": list(components)}


def button(custom_id: str = "b", **changes: object) -> Json:
    return {"type": 2, "style": 2, "label": "Press", "custom_id": custom_id, **changes}


def select(**changes: object) -> Json:
    return {"type": 3, "custom_id": "s", "options": [{"label": "One", "value": "1"}], **changes}


def text(content: str = "words") -> Json:
    return {"type": 10, "content": content}


def options(count: int) -> list[Json]:
    return [{"label": f"{each}", "value": f"{each}"} for each in range(count)]


def legacy(*components: Json) -> Json:
    return {"content": "x", "components": list(components)}


def v2(*components: Json, **more: object) -> Json:
    return {"flags": V2, "components": list(components), **more}


ROW = ("components", 0, "components", 0)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"content": "x" * 2001}, ("content",)),
        ({"content": 5}, ("content",)),
        ({"embeds": [{"title": "t" * 257}]}, ("embeds", 0, "title")),
        ({"embeds": [{"description": "d" * 4097}]}, ("embeds", 0, "description")),
        ({"embeds": [{"title": "t"}] * 11}, ("embeds",)),
        ({"embeds": [{"description": "d" * 3001}] * 2}, ("embeds",)),
        ({"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}, ("embeds", 0, "fields")),
        ({"embeds": [{"fields": [{"name": "n" * 257, "value": "v"}]}]}, ("embeds", 0, "fields", 0, "name")),
        ({"embeds": [{"fields": [{"name": "n", "value": ""}]}]}, ("embeds", 0, "fields", 0, "value")),
        ({"embeds": [{"fields": [{"name": "n", "value": "v" * 1025}]}]}, ("embeds", 0, "fields", 0, "value")),
        ({"embeds": [{"title": "t", "footer": {"text": "f" * 2049}}]}, ("embeds", 0, "footer", "text")),
        ({"embeds": [{"title": "t", "author": {"name": "a" * 257}}]}, ("embeds", 0, "author", "name")),
        ({"embeds": [{"title": "t", "url": "nowhere"}]}, ("embeds", 0, "url")),
        ({"embeds": [{"title": "t", "timestamp": "yesterday"}]}, ("embeds", 0, "timestamp")),
        ({"embeds": [{"title": "t", "color": 0x1000000}]}, ("embeds", 0, "color")),
        ({"content": "x", "nonce": "n" * 26}, ("nonce",)),
        ({"content": "x", "flags": 64}, ("flags",)),
        ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, ("allowed_mentions",)),
        ({"content": "x", "allowed_mentions": {"parse": ["all"]}}, ("allowed_mentions", "parse", 0)),
        ({"content": "x", "message_reference": {"message_id": "5"}}, ("message_reference",)),
        (legacy(*(row(button(f"{each}")) for each in range(6))), ("components",)),
        (legacy(row(*(button(f"{each}") for each in range(6)))), ("components", 0, "components")),
        (legacy(row()), ("components", 0, "components")),
        (legacy(button()), ("components", 0, "type")),
        (legacy(text()), ("components", 0, "type")),
        (legacy(row(button(), button())), ("components", 0, "components", 1, "custom_id")),
        (legacy(row(button("c" * 101))), (*ROW, "custom_id")),
        (legacy(row(button(""))), (*ROW, "custom_id")),
        (legacy(row(button(label="l" * 81))), (*ROW, "label")),
        (legacy(row(button(label=None))), ROW),
        (legacy(row(button(style=9))), (*ROW, "style")),
        (legacy(row(button(url="https://example.org"))), ROW),
        (legacy(row({"type": 2, "style": 5, "label": "x"})), (*ROW, "url")),
        (legacy(row({"type": 2, "style": 5, "label": "x", "url": "ftp://x"})), (*ROW, "url")),
        (legacy(row(select(), button())), ("components", 0, "components")),
        (legacy(row(select(options=[]))), (*ROW, "options")),
        (legacy(row(select(options=options(26)))), (*ROW, "options")),
        (legacy(row(select(options=[{"label": "x", "value": "1"}, {"label": "y", "value": "1"}]))), (*ROW, "options", 1, "value")),
        (legacy(row(select(options=[{"label": "l" * 101, "value": "1"}]))), (*ROW, "options", 0, "label")),
        (legacy(row(select(options=[{"label": "l", "value": "v" * 101}]))), (*ROW, "options", 0, "value")),
        (legacy(row(select(options=[{"label": "l", "value": "v", "description": "d" * 101}]))), (*ROW, "options", 0, "description")),
        (legacy(row(select(placeholder="p" * 151))), (*ROW, "placeholder")),
        (legacy(row(select(min_values=26))), (*ROW, "min_values")),
        (legacy(row(select(max_values=2))), (*ROW, "options")),
        (legacy(row({"type": 4, "custom_id": "t", "style": 1, "label": "x"})), (*ROW, "type")),
        (v2(text(), content="x"), ("content",)),
        (v2(text(), embeds=[{"title": "x"}]), ("embeds",)),
        (v2(text("")), ("components", 0, "content")),
        (v2(text("x" * 4001)), ("components", 0, "content")),
        (v2(text("x" * 2001), text("x" * 2000)), ("components",)),
        (v2(*(text("x") for _ in range(41))), ("components",)),
        (v2({"type": 17, "components": [text("x") for _ in range(40)]}), ("components",)),
        (v2({"type": 17, "components": []}), ("components", 0, "components")),
        (v2({"type": 17, "components": [{"type": 17, "components": [text()]}]}), (*ROW, "type")),
        (v2({"type": 9, "components": [text()]}), ("components", 0, "accessory")),
        (v2({"type": 9, "components": [text()] * 4, "accessory": button()}), ("components", 0, "components")),
        (v2({"type": 11, "media": {"url": "https://x"}}), ("components", 0, "type")),
        (v2({"type": 12, "items": []}), ("components", 0, "items")),
        (v2({"type": 12, "items": [{"media": {"url": "attachment://no.png"}}]}), ("components", 0, "items", 0, "media", "url")),
        (v2({"type": 13, "file": {"url": "https://example.org/x"}}), ("components", 0, "file", "url")),
        (v2({"type": 14, "spacing": 3}), ("components", 0, "spacing")),
        (v2({"type": 10, "content": "a", "id": 7}, {"type": 10, "content": "b", "id": 7}), ("components", 1, "id")),
        (v2(row(button()), {"type": 17, "components": [row(button())]}), ("components", 1, "components", 0, "components", 0, "custom_id")),
    ],
)
async def test_messages_have_limits(hands: Hands, body: Json, path: tuple[str | int, ...]) -> None:
    status, answer = await hands.rest("POST", PATH, body)
    assert (status, answer["code"]) == (400, 50035), answer
    assert errors_at(answer, *path), answer
    assert not hands.world.messages


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x" * 2000},
        {"embeds": [{"description": "d" * 3000}] * 2},
        {"embeds": [{"title": "t"}] * 10},
        legacy(*(row(*(button(f"{line}{each}") for each in range(5))) for line in range(5))),
        legacy(row(select(options=options(25), max_values=25, min_values=0))),
        legacy(row({"type": 5, "custom_id": "u", "max_values": 3})),
        legacy(row(button(label=None, emoji={"name": "x"}), {"type": 2, "style": 5, "label": "Open", "url": "https://example.org"})),
        v2(text("x" * 4000)),
        v2(*(text("x") for _ in range(40))),
        v2({"type": 9, "components": [text()], "accessory": {"type": 11, "media": {"url": "https://example.org/x.png"}}}),
    ],
)
async def test_what_is_just_within_the_limits_is_taken(hands: Hands, body: Json) -> None:
    status, answer = await hands.rest("POST", PATH, body)
    assert status == 200, answer
    assert hands.told("MESSAGE_CREATE")[0]["id"] == answer["id"]


@pytest.mark.parametrize(
    "body", [{}, {"content": ""}, {"content": "  \n"}, {"embeds": [{}]}, {"flags": V2}, {"embeds": [], "components": []}]
)
async def test_empty_messages_are_refused(hands: Hands, body: Json) -> None:
    status, answer = await hands.rest("POST", PATH, body)
    assert (status, answer["code"]) == (400, 50006)


@pytest.mark.parametrize(
    ("channel", "deny", "body", "code"),
    [
        (seed.GENERAL, Permission.VIEW_CHANNEL, {"content": "x"}, 50001),
        (seed.GENERAL, Permission.SEND_MESSAGES, {"content": "x"}, 50013),
        (seed.GENERAL, Permission.EMBED_LINKS, {"embeds": [{"title": "x"}]}, 50013),
    ],
)
async def test_sending_needs_permission(hands: Hands, channel: int, deny: Permission, body: Json, code: int) -> None:
    hands.world.set_overwrite(channel, seed.BOT_ROLE, "role", 0, int(deny))
    status, answer = await hands.rest("POST", f"/channels/{channel}/messages", body)
    assert (status, answer["code"]) == (403, code)


async def test_files_need_permission_and_fit(hands: Hands) -> None:
    assert (await hands.upload("POST", PATH, {}, ("big.bin", b"x" * (10 * 1024 * 1024 + 1))))[1]["code"] == 40005
    hands.world.set_overwrite(seed.GENERAL, seed.BOT_ROLE, "role", 0, int(Permission.ATTACH_FILES))
    assert (await hands.upload("POST", PATH, {}, ("x.txt", b"x")))[1]["code"] == 50013


async def test_direct_messages_can_be_closed(hands: Hands) -> None:
    channel = hands.world.dm_channel(seed.AMIRA).id
    path = f"/channels/{channel}/messages"
    assert (await hands.rest("POST", path, {"content": "x"}))[0] == 200
    hands.world.set_dms_open(seed.AMIRA, False)
    status, answer = await hands.rest("POST", path, {"content": "x"})
    assert (status, answer["code"]) == (403, 50007)
    hands.world.set_dms_open(seed.AMIRA, True)
    hands.world.leave_guild(seed.AMIRA, seed.GUILD)
    status, answer = await hands.rest("POST", path, {"content": "x"})
    assert (status, answer["code"]) == (403, 50278)


async def test_nonce_gives_the_first_message_for_five_minutes(hands: Hands) -> None:
    body = {"content": "once", "nonce": "abc", "enforce_nonce": True}
    first = (await hands.rest("POST", PATH, body))[1]
    hands.time.advance(timedelta(minutes=4, seconds=50))
    status, again = await hands.rest("POST", PATH, {**body, "content": "other"})
    assert (status, again["id"], again["content"], again["nonce"]) == (200, first["id"], "once", "abc")
    dm = hands.world.dm_channel(seed.AMIRA).id
    assert (await hands.rest("POST", f"/channels/{dm}/messages", body))[1]["id"] == first["id"]
    assert (await hands.rest("POST", PATH, {**body, "enforce_nonce": False}))[1]["id"] != first["id"]
    hands.time.advance(timedelta(minutes=5))
    assert (await hands.rest("POST", PATH, body))[1]["id"] != first["id"]
    assert len(hands.told("MESSAGE_CREATE")) == 3


async def test_nonce_of_a_refused_message_is_not_kept(hands: Hands) -> None:
    body = {"content": "", "nonce": "abc", "enforce_nonce": True}
    assert (await hands.rest("POST", PATH, body))[0] == 400
    assert (await hands.rest("POST", PATH, {**body, "content": "x"}))[0] == 200


AMIRA, HELEN = str(seed.AMIRA), str(seed.HELEN)


@pytest.mark.parametrize(
    ("allowed", "mentions", "roles"),
    [
        (None, [AMIRA, HELEN], [str(seed.MATCH)]),
        ({"parse": []}, [], []),
        ({"parse": ["users"]}, [AMIRA, HELEN], []),
        ({"parse": [], "users": [AMIRA]}, [AMIRA], []),
        ({"parse": ["roles"]}, [], [str(seed.MATCH)]),
        ({"parse": ["everyone"]}, [], []),
    ],
)
async def test_allowed_mentions_are_honoured(hands: Hands, allowed: Json | None, mentions: list[str], roles: list[str]) -> None:
    content = f"<@{AMIRA}> <@!{HELEN}> <@&{seed.MATCH}> <@&{seed.ADVISOR}> @everyone"
    body = {"content": content} if allowed is None else {"content": content, "allowed_mentions": allowed}
    _, answer = await hands.rest("POST", PATH, body)
    assert [each["id"] for each in answer["mentions"]] == mentions
    assert answer["mention_roles"] == roles
    assert answer["mention_everyone"] is False


async def test_everyone_needs_its_permission(hands: Hands) -> None:
    hands.world.set_role_permissions(seed.BOT_ROLE, EVERYONE | int(Permission.MENTION_EVERYONE))
    assert (await hands.rest("POST", PATH, {"content": "@everyone"}))[1]["mention_everyone"] is True
    answer = (await hands.rest("POST", PATH, {"content": "@everyone", "allowed_mentions": {"parse": []}}))[1]
    assert answer["mention_everyone"] is False


async def test_mentions_in_text_displays_count(hands: Hands) -> None:
    _, answer = await hands.rest("POST", PATH, v2({"type": 17, "components": [text(f"<@{AMIRA}>")]}))
    assert [each["id"] for each in answer["mentions"]] == [AMIRA]


async def test_files_are_stored_and_served(hands: Hands) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 30, 20) + b"rest"
    gallery = {"type": 12, "items": [{"media": {"url": "attachment://a.png"}, "description": "A picture"}]}
    payload = v2({"type": 17, "components": [gallery, {"type": 13, "file": {"url": "attachment://d.ics"}}]})
    payload["attachments"] = [{"id": 0, "filename": "a.png", "description": "alt"}, {"id": 1, "filename": "d.ics"}]
    status, answer = await hands.upload("POST", PATH, payload, ("a.png", picture), ("d.ics", b"BEGIN"))
    assert status == 200, answer
    first, second = answer["attachments"]
    assert (first["width"], first["height"], first["description"], first["content_type"]) == (30, 20, "alt", "image/png")
    container = answer["components"][0]
    assert container["components"][0]["items"][0]["media"]["url"] == first["url"]
    assert container["components"][1]["file"]["url"] == second["url"]
    assert (container["components"][1]["name"], container["components"][1]["size"]) == ("d.ics", 5)
    async with hands.client.get(second["url"]) as response:
        assert await response.read() == b"BEGIN"
        assert response.headers["Content-Type"].startswith("text/calendar")


async def test_component_ids_are_given_in_order(hands: Hands) -> None:
    body = v2({"type": 17, "components": [text("a"), {**text("b"), "id": 2}, row(button())]}, text("c"))
    components = (await hands.rest("POST", PATH, body))[1]["components"]
    container, last = components
    inner = container["components"]
    ids = [container["id"], inner[0]["id"], inner[1]["id"], inner[2]["id"], inner[2]["components"][0]["id"], last["id"]]
    assert ids == [1, 3, 2, 4, 5, 6]


async def test_edits(hands: Hands) -> None:
    _, sent = await hands.rest("POST", PATH, {"content": "a", "embeds": [{"title": "t"}]})
    path = f"{PATH}/{sent['id']}"
    _, edited = await hands.rest("PATCH", path, {"content": "b"})
    assert (edited["content"], edited["embeds"][0]["title"]) == ("b", "t")
    assert edited["edited_timestamp"]
    assert hands.told("MESSAGE_UPDATE")[0]["content"] == "b"
    assert (await hands.rest("PATCH", path, {"content": "", "embeds": []}))[1]["code"] == 50006
    assert (await hands.rest("PATCH", path, {"flags": V2, "components": [text()]}))[1]["code"] == 50035
    status, whole = await hands.rest("PATCH", path, {"flags": V2, "components": [text()], "content": None, "embeds": None})
    assert (status, whole["flags"], whole["content"]) == (200, V2, "")
    assert (await hands.rest("PATCH", path, {"content": "back"}))[1]["code"] == 50035


async def test_attachments_are_kept_added_and_removed(hands: Hands) -> None:
    _, sent = await hands.upload("POST", PATH, {}, ("a.txt", b"a"))
    path = f"{PATH}/{sent['id']}"
    _, both = await hands.upload("PATCH", path, {"attachments": [{"id": sent["attachments"][0]["id"]}]}, ("b.txt", b"b"))
    assert [each["filename"] for each in both["attachments"]] == ["a.txt", "b.txt"]
    _, one = await hands.rest("PATCH", path, {"attachments": [{"id": both["attachments"][1]["id"]}]})
    assert [each["filename"] for each in one["attachments"]] == ["b.txt"]
    assert (await hands.rest("PATCH", path, {"attachments": []}))[1]["code"] == 50006


async def test_other_peoples_messages(hands: Hands) -> None:
    _, sent = await hands.person("amira", "POST", "/message", {"channel_id": str(seed.GENERAL), "content": "hello"})
    path = f"{PATH}/{sent['id']}"
    assert (await hands.rest("PATCH", path, {"content": "x"}))[1]["code"] == 50005
    assert (await hands.rest("DELETE", path))[1]["code"] == 50013
    hands.world.set_role_permissions(seed.BOT_ROLE, EVERYONE | int(Permission.MANAGE_MESSAGES))
    assert (await hands.rest("DELETE", path))[0] == 204
    assert (await hands.rest("GET", path))[1]["code"] == 10008
    assert hands.told("MESSAGE_DELETE")[0]["id"] == sent["id"]


async def test_replies_refer_to_their_message(hands: Hands) -> None:
    _, sent = await hands.person("amira", "POST", "/message", {"channel_id": str(seed.GENERAL), "content": "hello"})
    _, answer = await hands.rest("POST", PATH, {"content": "yes", "message_reference": {"message_id": sent["id"]}})
    assert (answer["type"], answer["referenced_message"]["content"]) == (19, "hello")
    assert [each["id"] for each in answer["mentions"]] == [AMIRA]


async def test_pages_of_messages(hands: Hands) -> None:
    sent = [(await hands.rest("POST", PATH, {"content": f"{each}"}))[1]["id"] for each in range(7)]
    cases = {
        "limit=3": [6, 5, 4],
        f"before={sent[3]}&limit=2": [2, 1],
        f"after={sent[3]}&limit=2": [5, 4],
        f"around={sent[3]}&limit=3": [4, 3, 2],
    }
    for query, expected in cases.items():
        _, found = await hands.rest("GET", f"{PATH}?{query}")
        assert [int(each["content"]) for each in found] == expected, query
    assert (await hands.rest("GET", f"{PATH}?limit=101"))[1]["code"] == 50035
    assert (await hands.rest("GET", f"{PATH}?limit=0"))[1]["code"] == 50035


async def test_crosspost(hands: Hands) -> None:
    path = f"/channels/{seed.ANNOUNCEMENTS}/messages"
    _, sent = await hands.rest("POST", path, {"content": "news"})
    assert (await hands.rest("POST", f"{path}/{sent['id']}/crosspost"))[1]["flags"] == 1
    assert (await hands.rest("POST", f"{path}/{sent['id']}/crosspost"))[1]["code"] == 40033
    _, plain = await hands.rest("POST", PATH, {"content": "x"})
    assert (await hands.rest("POST", f"{PATH}/{plain['id']}/crosspost"))[1]["code"] == 50024


@pytest.mark.parametrize(
    "body",
    [{"components": [None]}, {"embeds": ["x"]}, {"embeds": {}}, {"components": "x"}, {"allowed_mentions": []},
     {"message_reference": {"message_id": "x"}}, {"attachments": [5]}, {"nonce": [1]}],
)  # fmt: skip
async def test_malformed_bodies_are_refused_and_do_not_break_it(hands: Hands, body: Json) -> None:
    status, answer = await hands.rest("POST", PATH, {"content": "x", **body})
    assert status in (200, 400), answer


async def test_typing(hands: Hands) -> None:
    assert (await hands.rest("POST", f"/channels/{seed.GENERAL}/typing"))[0] == 204
    assert hands.told("typing")[0]["channel_id"] == str(seed.GENERAL)
