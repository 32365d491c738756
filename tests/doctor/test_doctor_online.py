"""What the doctor asks Discord: each answer is judged, and every question has an end."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.doctor import online
from bot.doctor.finding import Finding, Level
from bot.doctor.online import Answer, check_online, check_token, judge_application, judge_gateway, refusal
from bot.sandbox.server import SandboxServer
from bot.settings import Settings
from tests.support.sandbox import Sandbox

WELL, WARNING, PROBLEM = Level.WELL, Level.WARNING, Level.PROBLEM
SOUND = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.GplanT.dqvplantedplantedplantedplanted"


@pytest.fixture
def settings(pointed: Sandbox, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, sandbox_url=pointed.url, _env_file=None)


async def asked(settings: Settings) -> dict[str, tuple[Level, str]]:
    """Return the worst level and all words of each check."""
    found = [each async for each in check_online(settings)]
    assert all(each.mend for each in found if each.level is not WELL)
    return {
        check: (
            max((each.level for each in found if each.check == check), key=[WELL, WARNING, PROBLEM].index),
            "\n".join(f"{each.what} {each.mend}" for each in found if each.check == check),
        )
        for check in dict.fromkeys(each.check for each in found)
    }


# --- the token, by its form


@pytest.mark.parametrize(
    ("token", "level"),
    [
        (SOUND, WELL),
        (f"Bot {SOUND}", PROBLEM),
        (f'"{SOUND}"', PROBLEM),
        (f"{SOUND} ", PROBLEM),
        ("plantedclientsecret", PROBLEM),
        (SOUND.rpartition(".")[0], PROBLEM),
        ("bm9udW1iZXI.GplanT.dqvplantedplanted", PROBLEM),
        ("\u00e9\u00e9\u00e9\u00e9\u00e9.planted.plantedplanted", PROBLEM),
    ],
)
def test_a_token_is_judged_by_its_form_and_never_repeated(token: str, level: Level) -> None:
    (found,) = check_token(Settings(token=SecretStr(token), _env_file=None))
    assert found.level is level
    assert "plant" not in str(found)


def test_no_token_is_no_problem() -> None:
    (found,) = check_token(Settings(_env_file=None))
    assert found.level is WELL


# --- what is answered


def levels(found: Any) -> list[Level]:
    listed: list[Finding] = list(found)
    assert all(each.mend for each in listed if each.level is not WELL)
    return [each.level for each in listed]


GOOD: dict[str, Any] = {
    "flags": 1 << 23,
    "interactions_endpoint_url": None,
    "bot_require_code_grant": False,
    "integration_types_config": {
        "0": {"oauth2_install_params": {"scopes": ["bot", "applications.commands"], "permissions": "117760"}},
        "1": {},
    },
}


def test_an_application_as_the_readme_says_is_well() -> None:
    assert levels(judge_application(GOOD)) == [WELL]
    assert levels(judge_application({})) == [WELL]  # what Discord does not say is not held against it


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({"interactions_endpoint_url": "https://example.org"}, PROBLEM),
        ({"bot_require_code_grant": True}, PROBLEM),
        ({"flags": 1 << 18}, WARNING),
        ({"flags": 1 << 15 | 1 << 13}, WARNING),
        ({"integration_types_config": {"0": {}}}, WARNING),
        (
            {
                "integration_types_config": {
                    "0": {"oauth2_install_params": {"scopes": ["bot", "applications.commands"], "permissions": "8"}},
                    "1": {},
                }
            },
            WARNING,
        ),
        ({"integration_types_config": {"0": {"oauth2_install_params": {"scopes": ["bot"], "permissions": "117760"}}, "1": {}}}, WARNING),
    ],
)
def test_each_fault_of_an_application_is_found(change: dict[str, Any], level: Level) -> None:
    assert levels(judge_application(GOOD | change)) == [level]


@pytest.mark.parametrize(
    ("shards", "left", "expected"), [(1, 999, [WELL, WELL]), (3, 999, [WARNING, WELL]), (1, 20, [WELL, WARNING]), (1, 0, [WELL, PROBLEM])]
)
def test_shards_and_starts_that_are_left_are_told(shards: int, left: int, expected: list[Level]) -> None:
    limit = {"total": 1000, "remaining": left, "reset_after": 7_200_000}
    assert levels(judge_gateway({"shards": shards, "session_start_limit": limit})) == expected
    assert levels(judge_gateway({"shards": shards, "session_start_limit": limit}, shards)) == [WELL, expected[1]]


@pytest.mark.parametrize(("status", "level"), [(401, PROBLEM), (403, PROBLEM), (429, WARNING), (502, WARNING)])
def test_a_refusal_is_told(status: int, level: Level) -> None:
    found = refusal(Answer(status, {}, None))
    assert found is not None
    assert levels([found]) == [level]


# --- against the sandbox


async def test_the_sandbox_is_asked_as_discord_is(settings: Settings, pointed: Sandbox) -> None:
    found = await asked(settings)
    assert {check: level for check, (level, _) in found.items()} == {
        "Discord": WELL,
        "clock": WELL,
        "application": WELL,
        "commands": WARNING,  # nobody has told it about them yet
    }
    assert "matchday sync" in found["commands"][1]
    assert [each["method"] for each in await pointed.record() if each["method"] != "GET"] == []


async def test_a_wrong_token_ends_the_questions(tmp_path: Path) -> None:
    async with SandboxServer(token="another") as server:
        found = await asked(Settings(data_dir=tmp_path, sandbox_url=server.url, _env_file=None))
    assert found["Discord"][0] is PROBLEM
    assert list(found) == ["Discord"]


@pytest.mark.parametrize(
    ("path", "status", "check", "level"),
    [
        ("/users/@me", 429, "Discord", WARNING),
        ("/gateway/bot", 500, "Discord", WARNING),
        ("/applications/*/commands", 403, "commands", PROBLEM),
    ],
)
async def test_what_discord_refuses_is_told(settings: Settings, pointed: Sandbox, path: str, status: int, check: str, level: Level) -> None:
    await pointed.faults({"kind": "status", "status": status, "method": "GET", "path": path})
    assert (await asked(settings))[check][0] is level


async def test_a_discord_that_is_silent_is_not_waited_for(settings: Settings, pointed: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(online, "ANSWER_SECONDS", 0.3)
    await pointed.faults({"kind": "latency", "seconds_each": 5.0, "method": "GET", "path": "/users/@me"})
    level, said = (await asked(settings))["Discord"]
    assert (level, "could not be reached" in said) == (PROBLEM, True)


async def test_nothing_at_the_address_is_told(tmp_path: Path) -> None:
    found = await asked(Settings(data_dir=tmp_path, sandbox_url="http://127.0.0.1:9", _env_file=None))
    assert found["Discord"][0] is PROBLEM


async def test_an_address_that_leads_nowhere_is_told(settings: Settings) -> None:
    found = await asked(settings.model_copy(update={"public_url": "http://127.0.0.1:9"}))
    level, said = found["feeds"]
    assert (level, "nothing answers" in said) == (WARNING, True)


async def test_asked_online_without_a_token_it_says_so(tmp_path: Path) -> None:
    assert (await asked(Settings(data_dir=tmp_path, _env_file=None)))["token"][0] is PROBLEM
