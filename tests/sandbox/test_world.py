"""Guilds, people, permissions, channels, commands and the CDN, over REST."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox import seed
from bot.sandbox.permissions import ALL, EVERYONE, Overwrite, Permission, base_permissions, in_channel
from bot.sandbox.snowflakes import Snowflakes, moment_of, snowflake_at
from tests.support.hands import Hands, errors_at, open_hands

VIEW, SEND = int(Permission.VIEW_CHANNEL), int(Permission.SEND_MESSAGES)


@pytest.fixture
async def hands() -> AsyncIterator[Hands]:
    async with open_hands() as each:
        yield each


def test_snowflakes_carry_their_time_and_never_repeat() -> None:
    now = datetime(2026, 11, 22, 12, 0, 0, 5000, tzinfo=UTC)
    assert moment_of(snowflake_at(now, 77)) == now
    snowflakes = Snowflakes(lambda: now)
    assert len({snowflakes.new() for _ in range(5000)}) == 5000


@pytest.mark.parametrize(
    ("overwrites", "roles", "expected"),
    [
        ([], [], VIEW | SEND),
        ([Overwrite(1, 0, deny=SEND)], [], VIEW),
        ([Overwrite(1, 0, deny=SEND), Overwrite(2, 0, allow=SEND)], [2], VIEW | SEND),
        ([Overwrite(2, 0, deny=SEND), Overwrite(3, 0, allow=SEND)], [2, 3], VIEW | SEND),
        ([Overwrite(2, 0, allow=SEND), Overwrite(9, 1, deny=SEND)], [2], VIEW),
        ([Overwrite(1, 0, deny=VIEW)], [], 0),
        ([Overwrite(1, 0, deny=VIEW), Overwrite(9, 1, allow=VIEW)], [], VIEW | SEND),
    ],
)
def test_overwrites_combine(overwrites: list[Overwrite], roles: list[int], expected: int) -> None:
    assert in_channel(VIEW | SEND, {each.target_id: each for each in overwrites}, 1, roles, 9) == expected


def test_owner_and_administrator_may_everything() -> None:
    assert base_permissions(0, [], owner=True) == ALL
    assert base_permissions(0, [int(Permission.ADMINISTRATOR)], owner=False) == ALL
    assert in_channel(ALL, {1: Overwrite(1, 0, deny=VIEW)}, 1, [], 9) == ALL


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/users/1", 404, 10013),
        ("/channels/1", 404, 10003),
        (f"/channels/{seed.GENERAL}/messages/1", 404, 10008),
        ("/guilds/1", 404, 10004),
        (f"/guilds/{seed.GUILD}/members/1", 404, 10013),
        ("/channels/abc", 400, 50035),
        (f"/applications/{seed.FIRST + 100}/commands/1", 404, 10063),
        (f"/applications/{seed.FIRST + 100}/guilds/{seed.GUILD}/commands/1/permissions", 404, 10066),
    ],
)
async def test_unknown_things_are_refused(hands: Hands, path: str, status: int, code: int) -> None:
    answered, body = await hands.rest("GET", path)
    assert (answered, body["code"]) == (status, code)


async def test_token_is_required(hands: Hands) -> None:
    assert await hands.rest("GET", "/users/@me", token="wrong") == (401, {"message": "401: Unauthorized", "code": 0})
    assert (await hands.rest("GET", "/users/@me"))[1]["username"] == "matchday"


async def test_seeded_server(hands: Hands) -> None:
    _, guild = await hands.rest("GET", f"/guilds/{seed.GUILD}")
    assert guild["name"] == "Residency Circle"
    assert guild["owner_id"] == str(seed.PRIYA)
    _, channels = await hands.rest("GET", f"/guilds/{seed.GUILD}/channels")
    assert [each["name"] for each in channels] == ["general", "match-week", "announcements", "advisors", "bot-room", "practice-room"]
    _, roles = await hands.rest("GET", f"/guilds/{seed.GUILD}/roles")
    assert roles[0]["id"] == guild["id"]
    _, members = await hands.rest("GET", f"/guilds/{seed.GUILD}/members?limit=1000")
    assert {each["user"]["username"] for each in members} == {"amira", "diego", "helen", "priya", "matchday"}
    body = hands.world.guild_json(seed.GUILD)
    assert body["member_count"] == 5
    assert len(body["channels"]) == 6


async def test_gateway_address(hands: Hands) -> None:
    _, body = await hands.rest("GET", "/gateway/bot")
    assert body["url"].startswith("ws://127.0.0.1:")
    assert body["shards"] == 1
    assert {"total", "remaining", "reset_after", "max_concurrency"} == set(body["session_start_limit"])


async def test_direct_message_channel_is_the_same_after_every_restart(hands: Hands) -> None:
    _, first = await hands.rest("POST", "/users/@me/channels", {"recipient_id": seed.AMIRA})
    async with open_hands() as other:
        _, second = await other.rest("POST", "/users/@me/channels", {"recipient_id": str(seed.AMIRA)})
    assert first["id"] == second["id"]
    assert first["type"] == 1
    status, body = await hands.rest("POST", "/users/@me/channels", {"recipient_id": "5"})
    assert (status, body["code"]) == (400, 50033)


async def test_crowd_joins_and_leaves(hands: Hands) -> None:
    ids = hands.world.add_people(30, seed.GUILD)
    assert len(set(ids)) == 30
    assert hands.world.guild_json(seed.GUILD)["member_count"] == 35
    assert len(hands.world.guild_json(seed.GUILD)["members"]) == 5
    hands.world.leave_guild(ids[0], seed.GUILD)
    assert hands.told("GUILD_MEMBER_REMOVE")[0]["user"]["id"] == str(ids[0])


async def test_new_guild_has_people_and_a_channel(hands: Hands) -> None:
    guild = hands.world.add_guild("Second")
    assert hands.told("GUILD_CREATE")[0]["name"] == "Second"
    assert [each["id"] for each in (await hands.rest("GET", "/users/@me/guilds"))[1]] == [str(seed.GUILD), str(guild.id)]


async def test_roles_are_given_only_below_ones_own(hands: Hands) -> None:
    path = f"/guilds/{seed.GUILD}/members/{seed.DIEGO}/roles/{seed.ADVISOR}"
    assert (await hands.rest("PUT", path))[1]["code"] == 50013
    hands.world.set_role_permissions(seed.BOT_ROLE, EVERYONE | int(Permission.MANAGE_ROLES))
    assert (await hands.rest("PUT", path))[0] == 204
    assert str(seed.ADVISOR) in hands.told("GUILD_MEMBER_UPDATE")[-1]["roles"]
    assert (await hands.rest("DELETE", path))[0] == 204
    assert hands.told("GUILD_MEMBER_UPDATE")[-1]["roles"] == [str(seed.MATCH)]


async def test_deleted_channel_is_gone(hands: Hands) -> None:
    status, body = await hands.rest("DELETE", f"/channels/{seed.GENERAL}")
    assert (status, body["code"]) == (403, 50013)
    hands.world.delete_channel(seed.GENERAL)
    assert (await hands.rest("POST", f"/channels/{seed.GENERAL}/messages", {"content": "x"}))[1]["code"] == 10003
    assert hands.told("CHANNEL_DELETE")[0]["id"] == str(seed.GENERAL)


def command(**changes: object) -> dict[str, object]:
    return {"name": "next", "description": "Say what comes next", "type": 1, **changes}


def option(**changes: object) -> dict[str, object]:
    return {"name": "event", "description": "Which one", "type": 3, **changes}


def choices(count: int, length: int = 1) -> list[dict[str, str]]:
    return [{"name": f"{number}", "value": "v" * length} for number in range(count)]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (command(name="Next"), ("name",)),
        (command(name="two words"), ("name",)),
        (command(name="a" * 33), ("name",)),
        (command(name=""), ("name",)),
        (command(description=""), ("description",)),
        (command(description="d" * 101), ("description",)),
        (command(options=[option(name=f"o{each}") for each in range(26)]), ("options",)),
        (command(options=[option(choices=choices(26))]), ("options", 0, "choices")),
        (command(options=[option(choices=[{"name": "n" * 101, "value": "v"}])]), ("options", 0, "choices", 0, "name")),
        (command(options=[option(choices=[{"name": "n", "value": "v" * 101}])]), ("options", 0, "choices", 0, "value")),
        (command(options=[option(type=4, choices=[{"name": "n", "value": "v"}])]), ("options", 0, "choices", 0, "value")),
        (command(options=[option(), option(name="b", required=True)]), ("options", 1)),
        (command(options=[option(), option()]), ("options", 1, "name")),
        (command(options=[option(autocomplete=True, choices=choices(1))]), ("options", 0)),
        (command(options=[option(type=6, autocomplete=True)]), ("options", 0)),
        (command(options=[option(type=1), option(name="b")]), ("options",)),
        (command(options=[option(type=2, options=[option()])]), ("options", 0, "options")),
        (command(options=[option(type=12)]), ("options", 0, "type")),
        (command(options=[option(min_length=9, max_length=3)]), ("options", 0, "min_length")),
        (command(options=[option(name=f"o{each}", choices=choices(25, 30)) for each in range(12)]), ()),
        (command(name_localizations={"ar": "x"}), ("name_localizations", "ar")),
        (command(contexts=[3]), ("contexts",)),
        (command(type=3, description="no"), ()),
    ],
)
async def test_commands_have_limits(hands: Hands, given: dict[str, object], path: tuple[str | int, ...]) -> None:
    status, body = await hands.rest("PUT", f"/applications/{hands.world.application_id}/commands", [given])
    assert (status, body["code"]) == (400, 50035)
    assert errors_at(body, 0, *path), body


async def test_command_counts(hands: Hands) -> None:
    path = f"/applications/{hands.world.application_id}/commands"
    assert len(await hands.register(*(command(name=f"c{each}") for each in range(100)))) == 100
    status, body = await hands.rest("PUT", path, [command(name=f"c{each}") for each in range(101)])
    assert (status, body["code"]) == (400, 30032)
    assert (await hands.rest("POST", path, command(name="more")))[1]["code"] == 30032
    assert (await hands.rest("PUT", path, [command(), command()]))[1]["code"] == 50035
    menus = [{"name": f"Menu {each}", "type": 2} for each in range(16)]
    assert (await hands.rest("PUT", path, menus))[1]["code"] == 30032


async def test_commands_keep_their_ids(hands: Hands) -> None:
    first, second = await hands.register(command(), command(name="help", default_member_permissions=32))
    assert second["default_member_permissions"] == "32"
    again, changed = await hands.register(command(), command(name="help", description="Other"))
    assert again == first
    assert changed["id"] == second["id"]
    assert changed["version"] != second["version"]
    path = f"/applications/{hands.world.application_id}/commands"
    status, patched = await hands.rest("PATCH", f"{path}/{first['id']}", {"description": "New words"})
    assert (status, patched["description"], patched["id"]) == (200, "New words", first["id"])
    assert (await hands.rest("POST", path, command(description="Over")))[0] == 200
    assert (await hands.rest("POST", path, command(name="third")))[0] == 201
    assert (await hands.rest("DELETE", f"{path}/{first['id']}"))[0] == 204
    assert [each["name"] for each in (await hands.rest("GET", path))[1]] == ["help", "third"]


async def test_guild_commands_stand_apart(hands: Hands) -> None:
    path = f"/applications/{hands.world.application_id}/guilds/{seed.GUILD}/commands"
    status, body = await hands.rest("PUT", path, [command()])
    assert status == 200
    assert body[0]["guild_id"] == str(seed.GUILD)
    assert await hands.register() == []
    assert len((await hands.rest("GET", path))[1]) == 1
    assert (await hands.rest("GET", f"/applications/{hands.world.application_id}/guilds/5/commands"))[1]["code"] == 50001


async def test_ids_follow_the_sandbox_clock(hands: Hands) -> None:
    hands.time.advance(timedelta(days=40))
    _, message = await hands.rest("POST", f"/channels/{seed.GENERAL}/messages", {"content": "later"})
    assert moment_of(int(message["id"])) - datetime.now(UTC) > timedelta(days=39)
