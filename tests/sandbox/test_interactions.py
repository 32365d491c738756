"""The life of interactions: what the bot receives, the one callback, follow-ups, the token, modals, autocomplete."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox import interactions, seed
from bot.sandbox.permissions import Permission
from tests.support.hands import Hands, errors_at, open_hands
from tests.support.waiting import wait_for

Json = dict[str, Any]
EPHEMERAL, LOADING = 64, 128
COMMANDS = (
    {
        "name": "next",
        "description": "Say what comes next",
        "options": [{"name": "event", "description": "e", "type": 3, "autocomplete": True}],
    },
    {"name": "ping", "description": "Answer"},
)
BUTTONS = [{"type": 1, "components": [{"type": 2, "style": 2, "label": "Go", "custom_id": "go"}]}]


@pytest.fixture
async def hands() -> AsyncIterator[Hands]:
    async with open_hands() as each:
        await each.register(*COMMANDS)
        yield each


async def replied(hands: Hands, data: Json, user: str = "amira", channel: int = seed.GENERAL) -> tuple[Json, Json]:
    interaction = await hands.run(user, channel, "ping")
    status, answer = await hands.answer(interaction, 4, data)
    assert status == 200, answer
    return interaction, answer["resource"]["message"]


async def test_what_the_bot_receives_in_a_guild(hands: Hands) -> None:
    body = await hands.run("amira", seed.GENERAL, "next", event="match day")
    assert body["type"] == 2
    assert body["data"]["options"] == [{"name": "event", "type": 3, "value": "match day"}]
    assert (body["context"], body["authorizing_integration_owners"]) == (0, {"0": str(seed.GUILD)})
    assert body["member"]["user"]["username"] == "amira"
    assert int(body["member"]["permissions"]) & Permission.SEND_MESSAGES
    assert int(body["app_permissions"]) & Permission.ATTACH_FILES
    assert (body["guild_id"], body["channel"]["id"], body["locale"]) == (str(seed.GUILD), str(seed.GENERAL), "en-US")
    assert "user" not in body
    assert body["version"] == 1


async def test_what_the_bot_receives_in_a_direct_message(hands: Hands) -> None:
    body = await hands.run("amira", hands.world.dm_channel(seed.AMIRA).id, "ping")
    assert (body["context"], body["authorizing_integration_owners"]) == (1, {"0": "0"})
    assert body["user"]["username"] == "amira"
    assert body["channel"]["type"] == 1
    assert "member" not in body
    assert "guild_id" not in body


async def test_reply_is_returned_and_told(hands: Hands) -> None:
    interaction = await hands.run("amira", seed.GENERAL, "ping")
    status, answer = await hands.answer(interaction, 4, {"content": "pong"})
    message = answer["resource"]["message"]
    assert status == 200
    assert answer["interaction"] == {
        "id": interaction["id"], "type": 2, "response_message_id": message["id"],
        "response_message_loading": False, "response_message_ephemeral": False,
    }  # fmt: skip
    assert answer["resource"]["type"] == 4
    assert (message["type"], message["interaction_metadata"]["name"]) == (20, "ping")
    assert hands.told("MESSAGE_CREATE")[0]["id"] == message["id"]
    assert (await hands.webhook(interaction, "GET", "/messages/@original"))[1]["id"] == message["id"]


async def test_without_response_nothing_is_returned(hands: Hands) -> None:
    interaction = await hands.run("amira", seed.GENERAL, "ping")
    path = f"/interactions/{interaction['id']}/{interaction['token']}/callback"
    assert await hands.rest("POST", path, {"type": 4, "data": {"content": "x"}}, token=None) == (204, None)


async def test_second_answer_is_refused(hands: Hands) -> None:
    interaction, _ = await replied(hands, {"content": "x"})
    status, answer = await hands.answer(interaction, 4, {"content": "again"})
    assert (status, answer["code"]) == (400, 40060)


async def test_a_refused_answer_can_be_sent_again(hands: Hands) -> None:
    interaction = await hands.run("amira", seed.GENERAL, "ping")
    status, answer = await hands.answer(interaction, 4, {"content": "x" * 2001})
    assert (status, answer["code"]) == (400, 50035)
    assert (await hands.answer(interaction, 4, {"content": ""}))[1]["code"] == 50006
    assert (await hands.answer(interaction, 4, {"content": "x"}))[0] == 200


async def test_wrong_token_or_id_is_unknown(hands: Hands) -> None:
    interaction = await hands.run("amira", seed.GENERAL, "ping")
    assert (await hands.answer({**interaction, "token": "no"}, 4, {"content": "x"}))[1]["code"] == 10062
    assert (await hands.answer({**interaction, "id": "5"}, 4, {"content": "x"}))[1]["code"] == 10062
    assert (await hands.webhook({**interaction, "token": "no"}, "POST", "", {"content": "x"}))[1]["code"] == 10015


async def test_three_seconds_are_real(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interactions, "ANSWER_SECONDS", 0.05)
    interaction = await hands.run("amira", seed.GENERAL, "ping")
    known = hands.world.interactions[int(interaction["id"])]
    await asyncio.wait_for(known.settled.wait(), 5)
    assert known.state == "failed"
    assert known.acknowledged.result() is False
    status, answer = await hands.answer(interaction, 4, {"content": "late"})
    assert (status, answer["code"]) == (404, 10062)
    assert (await hands.webhook(interaction, "POST", "", {"content": "late"}))[1]["code"] == 10015
    assert hands.told("interaction")[-1]["error"]


async def test_moving_the_clock_does_not_fail_an_interaction(hands: Hands) -> None:
    interaction = await hands.run("amira", seed.GENERAL, "ping")
    hands.time.advance(timedelta(minutes=5))
    assert (await hands.answer(interaction, 4, {"content": "x"}))[0] == 200


async def test_token_lives_fifteen_minutes(hands: Hands) -> None:
    interaction, message = await replied(hands, {"content": "x"})
    hands.time.advance(timedelta(minutes=14, seconds=50))
    assert (await hands.webhook(interaction, "POST", "", {"content": "more"}))[0] == 200
    hands.time.advance(timedelta(seconds=20))
    for method, path in (("POST", ""), ("PATCH", "/messages/@original"), ("GET", f"/messages/{message['id']}")):
        status, answer = await hands.webhook(interaction, method, path, None if method == "GET" else {"content": "late"})
        assert (status, answer["code"]) == (401, 50027)


@pytest.mark.parametrize("kind", [0, 1, 2, 3, 6, 7, 8, 10, 12, "4", None])
async def test_callback_types_that_do_not_fit_a_command(hands: Hands, kind: Any) -> None:
    interaction = await hands.run("amira", seed.GENERAL, "ping")
    status, answer = await hands.answer(interaction, kind, {"content": "x"})
    assert (status, answer["code"]) == (400, 50035)


async def test_deferred_reply_is_filled_in(hands: Hands) -> None:
    interaction = await hands.run("amira", seed.GENERAL, "ping")
    _, answer = await hands.answer(interaction, 5, {"flags": EPHEMERAL})
    assert answer["interaction"]["response_message_loading"] is True
    assert answer["interaction"]["response_message_ephemeral"] is True
    original = answer["resource"]["message"]
    assert original["flags"] == EPHEMERAL | LOADING
    assert hands.world.interactions[int(interaction["id"])].state == "deferred"
    status, edited = await hands.webhook(interaction, "PATCH", "/messages/@original", {"content": "done"})
    assert (status, edited["id"], edited["flags"], edited["content"]) == (200, original["id"], EPHEMERAL, "done")
    assert edited["edited_timestamp"] is None
    assert hands.world.interactions[int(interaction["id"])].state == "replied"


async def test_first_follow_up_takes_the_place_of_the_loading_message(hands: Hands) -> None:
    interaction = await hands.run("amira", seed.GENERAL, "ping")
    _, answer = await hands.answer(interaction, 5)
    _, first = await hands.webhook(interaction, "POST", "", {"content": "one"})
    _, second = await hands.webhook(interaction, "POST", "", {"content": "two", "flags": EPHEMERAL})
    assert first["id"] == answer["resource"]["message"]["id"]
    assert (second["id"] != first["id"], second["flags"]) == (True, EPHEMERAL)


async def test_follow_ups_are_read_edited_and_deleted(hands: Hands) -> None:
    interaction, original = await replied(hands, {"content": "x"})
    _, more = await hands.webhook(interaction, "POST", "", {"content": "more", "flags": EPHEMERAL})
    path = f"/messages/{more['id']}"
    assert (await hands.webhook(interaction, "GET", path))[1]["content"] == "more"
    assert (await hands.webhook(interaction, "PATCH", path, {"content": "new"}))[1]["content"] == "new"
    assert (await hands.webhook(interaction, "DELETE", path))[0] == 204
    assert (await hands.webhook(interaction, "GET", path))[1]["code"] == 10008
    assert (await hands.webhook(interaction, "DELETE", "/messages/@original"))[0] == 204
    assert (await hands.webhook(interaction, "GET", "/messages/@original"))[1]["code"] == 10008
    assert int(original["id"]) not in hands.world.messages


async def test_another_interactions_message_is_out_of_reach(hands: Hands) -> None:
    _, message = await replied(hands, {"content": "x"})
    other, _ = await replied(hands, {"content": "y"}, user="diego")
    assert (await hands.webhook(other, "PATCH", f"/messages/{message['id']}", {"content": "z"}))[1]["code"] == 10008


async def test_ephemeral_messages_are_hers_alone(hands: Hands) -> None:
    _, message = await replied(hands, {"content": "secret", "flags": EPHEMERAL})
    path = f"/channels/{seed.GENERAL}/messages"
    assert (await hands.rest("GET", path))[1] == []
    assert (await hands.rest("GET", f"{path}/{message['id']}"))[1]["code"] == 10008
    for name, count in (("amira", 1), ("diego", 0), ("priya", 0)):
        assert len((await hands.person(name, "GET", path))[1]) == count
    created = next(each for each in hands.happenings if each.name == "MESSAGE_CREATE")
    assert created.people == frozenset({seed.AMIRA})
    assert created.to_bot is False


async def test_direct_message_replies_need_no_open_dms(hands: Hands) -> None:
    hands.world.set_dms_open(seed.AMIRA, False)
    await replied(hands, {"content": "x"}, channel=hands.world.dm_channel(seed.AMIRA).id)


async def test_replies_need_no_send_permission(hands: Hands) -> None:
    hands.world.set_overwrite(seed.GENERAL, seed.BOT_ROLE, "role", 0, int(Permission.SEND_MESSAGES))
    await replied(hands, {"content": "x"})


async def test_component_update_edits_its_message(hands: Hands) -> None:
    _, message = await replied(hands, {"content": "x", "components": BUTTONS, "flags": EPHEMERAL})
    pressed = await hands.press("amira", message, "go")
    assert (pressed["type"], pressed["message"]["id"]) == (3, message["id"])
    assert pressed["data"] == {"custom_id": "go", "component_type": 2, "id": 2}
    _, answer = await hands.answer(pressed, 7, {"content": "gone", "components": []})
    assert answer["resource"]["message"]["content"] == "gone"
    assert answer["resource"]["message"]["flags"] == EPHEMERAL
    assert (await hands.webhook(pressed, "PATCH", "/messages/@original", {"content": "again"}))[1]["id"] == message["id"]


async def test_component_may_defer_its_update(hands: Hands) -> None:
    _, message = await replied(hands, {"content": "x", "components": BUTTONS})
    pressed = await hands.press("amira", message, "go")
    status, answer = await hands.answer(pressed, 6)
    assert (status, answer["interaction"]["response_message_id"]) == (200, message["id"])
    assert (await hands.webhook(pressed, "PATCH", "/messages/@original", {"content": "later"}))[1]["id"] == message["id"]
    assert hands.world.interactions[int(pressed["id"])].state == "updated"


async def test_old_buttons_still_work_and_gone_ones_do_not(hands: Hands) -> None:
    _, message = await replied(hands, {"content": "x", "components": BUTTONS})
    hands.time.advance(timedelta(days=30))
    assert (await hands.press("amira", message, "go"))["data"]["custom_id"] == "go"
    hands.world.delete_message(int(message["id"]))
    body = {"channel_id": message["channel_id"], "message_id": message["id"], "custom_id": "go"}
    assert (await hands.person("amira", "POST", "/component", body))[0] == 404


async def test_autocomplete(hands: Hands) -> None:
    body = {"channel_id": str(seed.GENERAL), "command": "next", "options": {"event": "ma"}, "focused": "event"}
    asked = asyncio.ensure_future(hands.person("amira", "POST", "/autocomplete", body))
    interaction = await hands.interaction()
    assert interaction["type"] == 4
    assert interaction["data"]["options"] == [{"name": "event", "type": 3, "value": "ma", "focused": True}]
    bad = (("n" * 101, "v"), ("n", "v" * 101), ("", "v"))
    refused = ([{"name": "n", "value": "v"}] * 26, *([{"name": name, "value": value}] for name, value in bad))
    for choices in refused:
        assert (await hands.answer(interaction, 8, {"choices": choices}))[1]["code"] == 50035
    assert (await hands.answer(interaction, 4, {"content": "x"}))[1]["code"] == 50035
    assert (await hands.answer(interaction, 8, {"choices": [{"name": "Match Day", "value": "match"}]}))[0] == 200
    assert (await asked)[1]["choices"] == [{"name": "Match Day", "value": "match"}]


def label(component: Json, name: str = "Label") -> Json:
    return {"type": 18, "label": name, "component": component}


def text_input(**changes: object) -> Json:
    return {"type": 4, "custom_id": "t", "style": 1, **changes}


def modal(*components: Json, **changes: object) -> Json:
    return {"title": "Title", "custom_id": "m", "components": list(components), **changes}


FIRST = ("data", "components", 0)


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (modal(label(text_input()), title="t" * 46), ("data", "title")),
        (modal(label(text_input()), title=""), ("data", "title")),
        (modal(label(text_input()), custom_id="c" * 101), ("data", "custom_id")),
        (modal(), ("data", "components")),
        (modal(*(label(text_input(custom_id=f"{each}")) for each in range(6))), ("data", "components")),
        (modal(label(text_input(), "l" * 46)), (*FIRST, "label")),
        (modal({**label(text_input()), "description": "d" * 101}), (*FIRST, "description")),
        (modal(label(text_input()), label(text_input())), ("data", "components", 1, "component", "custom_id")),
        (modal(label(text_input(style=3))), (*FIRST, "component", "style")),
        (modal(label(text_input(max_length=4001))), (*FIRST, "component", "max_length")),
        (modal(label(text_input(min_length=9, max_length=3))), (*FIRST, "component", "min_length")),
        (modal(label(text_input(placeholder="p" * 101))), (*FIRST, "component", "placeholder")),
        (modal(label({"type": 2, "style": 1, "label": "x", "custom_id": "b"})), (*FIRST, "component", "type")),
        (modal(label({"type": 21, "custom_id": "r", "options": [{"label": "x", "value": "x"}]})), (*FIRST, "component", "options")),
        (modal(label({"type": 3, "custom_id": "s", "options": []})), (*FIRST, "component", "options")),
        (modal(label({"type": 19, "custom_id": "f", "max_values": 11})), (*FIRST, "component", "max_values")),
        (modal({"type": 1, "components": [{"type": 2, "style": 1, "label": "x", "custom_id": "b"}]}), (*FIRST, "components")),
        (modal(text_input()), (*FIRST, "type")),
    ],
)
async def test_modals_have_limits(hands: Hands, data: Json, path: tuple[str | int, ...]) -> None:
    interaction = await hands.run("amira", seed.GENERAL, "ping")
    status, answer = await hands.answer(interaction, 9, data)
    assert (status, answer["code"]) == (400, 50035), answer
    assert errors_at(answer, *path), answer


AB = [{"label": "A", "value": "a"}, {"label": "B", "value": "b"}]
FORM = modal(
    {"type": 10, "content": "Read this"},
    label(text_input(min_length=2, max_length=5), "Text"),
    label({"type": 3, "custom_id": "s", "options": AB}, "Pick"),
    label({"type": 21, "custom_id": "r", "required": False, "options": AB}, "Radio"),
    label({"type": 22, "custom_id": "g", "min_values": 0, "options": AB}, "Boxes"),
)


async def opened(hands: Hands, data: Json) -> Json:
    interaction = await hands.run("amira", seed.GENERAL, "ping")
    status, answer = await hands.answer(interaction, 9, data)
    assert status == 200, answer
    return interaction


async def test_modal_is_shown_and_submitted(hands: Hands) -> None:
    interaction = await opened(hands, FORM)
    shown = hands.told("modal")[0]
    assert (shown["interaction_id"], shown["title"]) == (interaction["id"], "Title")
    assert (await hands.webhook(interaction, "GET", "/messages/@original"))[1]["code"] == 10008
    fields = {"t": "abc", "s": ["b"], "g": ["a", "b"]}
    status, _ = await hands.person("amira", "POST", "/modal", {"interaction_id": interaction["id"], "fields": fields})
    assert status == 200
    sent = await hands.interaction(2)
    assert (sent["type"], sent["data"]["custom_id"]) == (5, "m")
    read, first, second, third, fourth = sent["data"]["components"]
    assert read == {"type": 10, "id": 1}
    assert first == {"type": 18, "id": 2, "component": {"type": 4, "id": 3, "custom_id": "t", "value": "abc"}}
    assert second["component"]["values"] == ["b"]
    assert third["component"]["value"] is None
    assert fourth["component"]["values"] == ["a", "b"]
    _, answer = await hands.answer(sent, 4, {"content": "thanks"})
    assert answer["resource"]["message"]["interaction_metadata"]["triggering_interaction_metadata"]["id"] == interaction["id"]


@pytest.mark.parametrize(
    "fields",
    [
        {"s": ["a"]},
        {"t": "a", "s": ["a"]},
        {"t": "abcdef", "s": ["a"]},
        {"t": "abc", "s": ["c"]},
        {"t": "abc"},
        {"t": "abc", "s": ["a", "b"]},
        {"t": "abc", "s": ["a"], "r": "z"},
        {"t": "abc", "s": ["a"], "nothing": "x"},
    ],
)
async def test_a_badly_filled_form_is_refused(hands: Hands, fields: Json) -> None:
    interaction = await opened(hands, FORM)
    status, answer = await hands.person("amira", "POST", "/modal", {"interaction_id": interaction["id"], "fields": fields})
    assert status == 400
    assert answer["message"]
    assert len(hands.told("INTERACTION_CREATE")) == 1


async def test_modal_with_file_box_and_people(hands: Hands) -> None:
    form = modal(label({"type": 19, "custom_id": "f"}), label({"type": 23, "custom_id": "c"}), label({"type": 5, "custom_id": "u"}))
    interaction = await opened(hands, form)
    file = {"filename": "a.txt", "content_base64": "aGk=", "content_type": "text/plain"}
    fields = {"f": [file], "c": True, "u": ["helen"]}
    status, answer = await hands.person("amira", "POST", "/modal", {"interaction_id": interaction["id"], "fields": fields})
    assert status == 200, answer
    data = (await hands.interaction(2))["data"]
    upload, box, person = (each["component"] for each in data["components"])
    attachment = data["resolved"]["attachments"][upload["values"][0]]
    assert (attachment["filename"], attachment["size"]) == ("a.txt", 2)
    assert box["value"] is True
    assert data["resolved"]["users"][person["values"][0]]["username"] == "helen"
    assert data["resolved"]["members"][person["values"][0]]["roles"] == [str(seed.ADVISOR)]


async def test_modal_from_a_button_may_update_its_message(hands: Hands) -> None:
    _, message = await replied(hands, {"content": "x", "components": BUTTONS})
    pressed = await hands.press("amira", message, "go")
    assert (await hands.answer(pressed, 9, modal(label(text_input()))))[0] == 200
    await hands.person("amira", "POST", "/modal", {"interaction_id": pressed["id"], "fields": {"t": "abc"}})
    sent = await hands.interaction(3)
    assert sent["message"]["id"] == message["id"]
    assert (await hands.answer(sent, 9, modal(label(text_input()))))[1]["code"] == 50035
    assert (await hands.answer(sent, 7, {"content": "new"}))[0] == 200
    await wait_for(lambda: hands.told("MESSAGE_UPDATE"))
