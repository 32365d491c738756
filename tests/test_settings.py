"""What the environment says, and what it may not say together."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.errors import StartError
from bot.settings import Settings


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, field in Settings.model_fields.items():
        monkeypatch.delenv(field.alias or f"MATCHDAY_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_nothing_is_required(tmp_path: Path) -> None:
    settings = Settings()
    assert settings.token is None
    assert settings.database == f"sqlite+aiosqlite:///{tmp_path / 'var/matchday.sqlite3'}"
    assert settings.keys == Path("var/matchday.key")


def test_variables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "DISCORD_TOKEN": "a.token",
        "MATCHDAY_DATA_DIR": "elsewhere",
        "MATCHDAY_DATABASE_URL": "postgresql+asyncpg://me@host/name",
        "MATCHDAY_KEY_FILE": "safe/key",
        "MATCHDAY_SENDS_PER_SECOND": "12.5",
        "MATCHDAY_COMMAND_SYNC": "false",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.token is not None
    assert settings.token.get_secret_value() == "a.token"
    assert settings.data_dir == Path("elsewhere")
    assert settings.database == "postgresql+asyncpg://me@host/name"
    assert settings.keys == Path("safe/key")
    assert settings.sends_per_second == 12.5
    assert settings.command_sync is False


def test_a_file_is_read_and_the_environment_goes_before_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DISCORD_TOKEN=of.the.file\nMATCHDAY_SANDBOX_PORT=1234\nSOMETHING_ELSE=1\n", encoding="utf-8")
    monkeypatch.setenv("MATCHDAY_SANDBOX_PORT", "4321")
    settings = Settings()
    assert settings.token is not None
    assert settings.sandbox_port == 4321


@pytest.mark.parametrize("token", ["", " ", "\t"])
def test_an_empty_token_is_none(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", token)
    assert Settings().token is None


def test_the_token_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very.secret")
    settings = Settings()
    assert "very.secret" not in f"{settings!r} {settings} {settings.model_dump_json()}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MATCHDAY_SANDBOX_PORT", "70000"),
        ("MATCHDAY_SANDBOX_PORT", "the usual"),
        ("MATCHDAY_SENDS_PER_SECOND", "0"),
        ("MATCHDAY_SENDS_IN_FLIGHT", "0"),
        ("MATCHDAY_LEASE_SECONDS", "-1"),
        ("MATCHDAY_COMMAND_SYNC", "perhaps"),
        ("MATCHDAY_LOG_LEVEL", "LOUD"),
        ("MATCHDAY_LOG_FORMAT", "xml"),
    ],
)
def test_what_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", None),
        ("  ", None),
        ("https://matchday.example.org", "https://matchday.example.org"),
        (" https://matchday.example.org/ ", "https://matchday.example.org"),
        ("https://example.org:8443/matchday/", "https://example.org:8443/matchday"),
        ("http://127.0.0.1:8341", "http://127.0.0.1:8341"),
        ("http://localhost:8341/", "http://localhost:8341"),
        ("http://[::1]:8341", "http://[::1]:8341"),
    ],
)
def test_a_public_address_is_kept_without_its_last_slash(monkeypatch: pytest.MonkeyPatch, given: str, kept: str | None) -> None:
    monkeypatch.setenv("MATCHDAY_PUBLIC_URL", given)
    assert Settings().public_url == kept


@pytest.mark.parametrize(
    "given",
    [
        "http://matchday.example.org",  # the address of a feed is a secret
        "http://127.0.0.1.example.org",
        "matchday.example.org",
        "ftp://matchday.example.org",
        "https://",
        "https:///feeds",
        "https://matchday.example.org?feed=1",
        "https://matchday.example.org/#feeds",
    ],
)
def test_an_address_that_can_not_carry_a_secret_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("MATCHDAY_PUBLIC_URL", given)
    with pytest.raises(ValidationError, match="MATCHDAY_PUBLIC_URL"):
        Settings()


def test_without_a_public_address_there_is_none() -> None:
    assert Settings().public_url is None


@pytest.mark.parametrize(
    ("count", "shards", "connects", "is_one_of_several"),
    [
        ("", "", None, False),
        (" ", "", None, False),
        ("1", "", (0, 0, 1), False),
        ("4", "", (0, 3, 4), False),
        ("4", "0-3", (0, 3, 4), False),
        ("4", "0-1", (0, 1, 4), True),
        ("4", " 2 - 3 ", (2, 3, 4), True),
        ("4", "3", (3, 3, 4), True),
    ],
)
def test_shards_are_a_range_of_so_many(
    monkeypatch: pytest.MonkeyPatch, count: str, shards: str, connects: tuple[int, int, int] | None, is_one_of_several: bool
) -> None:
    monkeypatch.setenv("MATCHDAY_SHARD_COUNT", count)
    monkeypatch.setenv("MATCHDAY_SHARDS", shards)
    settings = Settings()
    found = settings.shard_range
    assert (None if found is None else (found.first, found.last, found.count)) == connects
    assert (settings.share is not None) == is_one_of_several
    if not is_one_of_several:
        settings.refuse_a_shared_file()
        return
    with pytest.raises(StartError, match="SQLite") as caught:
        settings.refuse_a_shared_file()
    assert "Set MATCHDAY_DATABASE_URL to PostgreSQL" in caught.value.what_to_do
    Settings(database_url="postgresql+asyncpg://me@host/name").refuse_a_shared_file()


@pytest.mark.parametrize(
    ("count", "shards"),
    [("0", ""), ("-1", ""), ("many", "0"), ("1001", ""), ("", "0-1"), ("4", "0-4"), ("4", "2-1"), ("4", "all"), ("4", "0,1")],
)
def test_shards_that_make_no_sense_are_refused(monkeypatch: pytest.MonkeyPatch, count: str, shards: str) -> None:
    monkeypatch.setenv("MATCHDAY_SHARD_COUNT", count)
    monkeypatch.setenv("MATCHDAY_SHARDS", shards)
    with pytest.raises(ValidationError):
        Settings()


def test_one_process_alone_loads_nothing_of_what_several_need() -> None:
    names = ("bot.several", "bot.sharded_client", "bot.scheduling.share", "bot.storage.shares", "bot.storage.shared_locks")
    code = f"import sys, bot.run; print([name for name in {names} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    assert told.stdout.strip() == "[]"


SANDBOX = "http://127.0.0.1:1"


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({}, None),
        ({"token": "t"}, None),
        ({"sandbox_url": SANDBOX}, None),
        ({"sandbox_url": SANDBOX, "clock_url": f"{SANDBOX}/clock"}, None),
        ({"token": "t", "sandbox_url": SANDBOX}, "A Discord token and a sandbox are both set."),
        ({"token": "t", "clock_url": f"{SANDBOX}/clock"}, "A Discord token and a sandbox are both set."),
        ({"clock_url": f"{SANDBOX}/clock"}, "A clock is set without a sandbox."),
    ],
)
def test_a_token_never_meets_a_sandbox(given: dict[str, str], refused: str | None) -> None:
    settings = Settings.model_validate(given)
    if refused is None:
        settings.refuse_two_worlds()
        return
    with pytest.raises(StartError) as caught:
        settings.refuse_two_worlds()
    assert caught.value.what_happened == refused
    assert "Unset" in caught.value.what_to_do


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://10.0.0.4:8080", "http://10.0.0.4:8080"),
        ("http://192.168.1.9", "http://192.168.1.9"),
        ("http://nirn:8080", "http://nirn:8080"),
        ("http://proxy.cluster.internal:8080", "http://proxy.cluster.internal:8080"),
        ("https://proxy.example.org", "https://proxy.example.org"),
        ("", None),
        ("  ", None),
    ],
)
def test_a_proxy_is_at_home_or_behind_https(monkeypatch: pytest.MonkeyPatch, given: str, kept: str | None) -> None:
    monkeypatch.setenv("MATCHDAY_REST_PROXY_URL", given)
    assert Settings().rest_proxy_url == kept


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("http://proxy.example.org:8080", "use https://"),
        ("http://8.8.8.8:8080", "use https://"),
        ("http://0.0.0.0:8080", "use https://"),
        ("127.0.0.1:8080", "such as http://127.0.0.1:8080"),
        ("ftp://127.0.0.1", "such as http://127.0.0.1:8080"),
        ("http://", "such as http://127.0.0.1:8080"),
        ("http://127.0.0.1:port", "such as http://127.0.0.1:8080"),
        ("http://127.0.0.1:8080/api/v10", "without a path"),
        ("http://127.0.0.1:8080/?x=1", "without a path"),
        ("http://user:secret@127.0.0.1:8080", "such as http://127.0.0.1:8080"),
    ],
)
def test_a_proxy_in_the_open_or_of_another_form_is_refused(monkeypatch: pytest.MonkeyPatch, given: str, says: str) -> None:
    monkeypatch.setenv("MATCHDAY_REST_PROXY_URL", given)
    with pytest.raises(ValidationError, match=says):
        Settings()


def test_an_empty_budget_is_none_and_its_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHDAY_BUDGET_URL", " ")
    assert Settings().budget_url is None
    monkeypatch.setenv("MATCHDAY_BUDGET_URL", "redis://:secret@127.0.0.1/0")
    assert "secret" not in repr(Settings())


def test_several_processes_without_one_budget_are_told_apart() -> None:
    """Each would send at the whole pace: told by the log of every start, and by the doctor."""
    server: dict[str, Any] = {"database_url": "postgresql+asyncpg://me@host/name", "_env_file": None}
    several = server | {"shard_count": 4, "shards": "0-1"}
    assert Settings(**several).exceeds_together
    assert not Settings(**several, budget_url="redis://127.0.0.1/0").exceeds_together
    assert not Settings(**several, rest_proxy_url="http://127.0.0.1:8080").exceeds_together
    assert not Settings(**server, shard_count=4).exceeds_together
    assert not Settings(**server).exceeds_together
