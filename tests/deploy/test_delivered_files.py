"""The image, the compose files, the recipe for copies and the documents that go with them, read."""

import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import discord
import pytest

from bot import cli
from bot.settings import Settings
from tests.support import plain_yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = ("compose.yml", "compose.postgres.yml", "compose.shards.yml")
DOCUMENTS = ("README.md", "docs/install.md", "docs/upgrade.md")
Service = dict[str, Any]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# --- the settings


def variables() -> set[str]:
    return {field.alias or f"MATCHDAY_{name.upper()}" for name, field in Settings.model_fields.items()}


def test_each_setting_is_explained_in_the_example() -> None:
    """A line of words stands before each variable, or before the group that it belongs to."""
    told: set[str] = set()
    before = ""
    for line in read(".env.example").splitlines():
        match = re.fullmatch(r"(?:# )?([A-Z][A-Z_]+)=.*", line)
        if match:
            assert before, f"{match[1]} has no explanation"
            told.add(match[1])
        else:
            before = line.removeprefix("#").strip()
    assert told == variables()


def test_the_example_is_read_as_it_stands_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    assert Settings(_env_file=ROOT / ".env.example") == Settings(_env_file=None)


def test_the_example_with_every_mark_taken_away_makes_sense(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    marked = tmp_path / "all.env"
    marked.write_text(re.sub(r"^# (?=[A-Z_]+=)", "", read(".env.example"), flags=re.MULTILINE), "utf-8")
    settings = Settings(_env_file=marked)
    assert settings.database_url is not None
    assert settings.public_url == "https://matchday.example.org"


SECRETS = (
    re.compile(r"[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}"),  # a bot's token
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    re.compile(r"(?i)\b\w*(token|password|secret|_key(_id)?)\s*[=:]\s*[\"']?(?!password\b|\$|\.\.\.|/)[\w/+-]{12,}"),
)


def delivered() -> list[Path]:
    return sorted([*DEPLOY.iterdir(), ROOT / ".env.example", ROOT / ".dockerignore", *(ROOT / name for name in DOCUMENTS)])


@pytest.mark.parametrize("path", delivered(), ids=lambda path: path.name)
def test_nowhere_a_secret(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [found[0] for secret in SECRETS if (found := secret.search(text))] == []


@pytest.mark.parametrize(
    "line",
    [
        "DISCORD_TOKEN=MTA5MDAwMDAwMDAwMDAwMDAwMA.GabcdE.abcdefghijklmnopqrstuvwxyz0123",
        "POSTGRES_PASSWORD: hunter2hunter2",
        "LITESTREAM_SECRET_ACCESS_KEY=abcdefabcdefabcdef",
    ],
)
def test_a_secret_is_recognized(line: str) -> None:
    assert any(secret.search(line) for secret in SECRETS)


# --- the image


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"^#.*\n", "", read("deploy/Dockerfile"), flags=re.MULTILINE).replace("\\\n", " ")
    return [(line.split()[0], line.split(maxsplit=1)[1].strip()) for line in text.splitlines() if line.strip()]


def stages() -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = []
    for each in instructions():
        if each[0] == "FROM":
            found.append([])
        found[-1].append(each)
    return found


def given(stage: list[tuple[str, str]], name: str) -> list[str]:
    return [value for instruction, value in stage if instruction == name]


def test_the_image_has_two_stages_of_a_named_python() -> None:
    build, final = stages()
    images = [value.split()[0] for stage in (build, final) for value in given(stage, "FROM")]
    minimum = tomllib.loads(read("pyproject.toml"))["project"]["requires-python"].removeprefix(">=")
    for image in images:
        match = re.fullmatch(r"python:(3\.\d+)-slim-[a-z]+", image)
        assert match, f"{image}: no version, or latest"
        assert tuple(map(int, match[1].split("."))) >= tuple(map(int, minimum.split(".")))
    assert len(set(images)) == 1, "the environment holds the path of the interpreter it was made with"


def test_the_image_takes_only_what_the_lock_pins() -> None:
    build, final = stages()
    installs = [part for value in given(build, "RUN") for part in value.split("&&") if "pip install" in part]
    assert len(installs) == 2
    for command in installs:
        words = shlex.split(command)
        by_hash = "--require-hashes" in words and "requirements/run.txt" in words and "--only-binary=:all:" in words
        own = "--no-deps" in words and "--no-build-isolation" in words and words[-1] == "."
        assert by_hash or own, command
    assert not any(word in value for value in given(final, "RUN") for word in ("pip ", "apt-get", "curl", "wget"))


def test_the_image_runs_as_nobody_in_particular() -> None:
    final = stages()[-1]
    (user,) = given(final, "USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user), "a number: a name can't be told from root by who looks from outside"
    after = [name for name, _ in final[final.index(("USER", user)) :]]
    assert not {"RUN", "COPY", "ADD"} & set(after)
    owner = user.replace(":", " -g ")
    assert any(f"install -d -o {owner} -m 700 /data" in value for value in given(final, "RUN"))
    assert given(final, "VOLUME") == ["/data"]
    assert "MATCHDAY_DATA_DIR=/data" in " ".join(given(final, "ENV"))


def test_the_image_is_watched_over_by_a_verb_that_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    final = stages()[-1]
    (check,) = given(final, "HEALTHCHECK")
    command = json.loads(check.partition("CMD ")[2])
    (entry,), (verb,) = map(json.loads, (given(final, "ENTRYPOINT")[0], given(final, "CMD")[0]))
    assert entry == command[0] in tomllib.loads(read("pyproject.toml"))["project"]["scripts"]
    for each in (verb, command[1]):
        with pytest.raises(SystemExit) as ended:
            cli.main([each, "--help"])
        assert ended.value.code == 0
    assert "usage: matchday health" in capsys.readouterr().out


def test_the_image_gets_only_what_it_is_made_of() -> None:
    let_in = {line[1:] for line in read(".dockerignore").splitlines() if line.startswith("!")}
    assert "*" in read(".dockerignore").splitlines()
    copied = {source for value in given(stages()[0], "COPY") for source in value.split()[:-1]}
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)
    project = tomllib.loads(read("pyproject.toml"))
    assert {name.split(".")[0] for name in project["tool"]["setuptools"]["packages"]} <= copied
    assert {project["project"]["readme"], *project["project"]["license-files"]} <= copied


# --- compose


def services(name: str) -> dict[str, Service]:
    """Return the services of a file, what they extend filled in."""
    found: dict[str, Service] = plain_yaml.load((DEPLOY / name).read_text("utf-8"))["services"]
    return {each: _extended(service) for each, service in found.items()}


def _extended(service: Service) -> Service:
    base = service.get("extends")
    if base is None:
        return service
    under = services(base["file"])[base["service"]]
    environment = {**under.get("environment", {}), **service.get("environment", {})}
    return {**under, **service, "environment": environment}


EACH = [(name, service) for name in COMPOSE for service in services(name)]


@pytest.mark.parametrize(("name", "service"), EACH)
def test_each_container_is_held_short(name: str, service: str) -> None:
    told = services(name)[service]
    assert told["read_only"] is True
    assert any(each.partition(":")[0] == "/tmp" for each in told["tmpfs"])  # noqa: S108 - of the container
    assert all("noexec" in each and "size=" in each for each in told["tmpfs"])
    assert told["cap_drop"] == ["ALL"]
    assert "cap_add" not in told
    assert told["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in told
    assert told["restart"] == "unless-stopped"
    assert told["mem_limit"]
    assert told["pids_limit"] <= 256
    assert told["logging"]["driver"] == "local", "json-file grows for ever"
    assert told.get("user", "").split(":")[0] not in ("0", "root")
    assert not any("docker.sock" in each for each in told["volumes"])
    assert "ports" not in told, "the bot listens to nobody unless feeds are wanted"


@pytest.mark.parametrize("name", COMPOSE)
def test_what_a_compose_file_names_is_there(name: str) -> None:
    whole = plain_yaml.load((DEPLOY / name).read_text("utf-8"))
    for service in services(name).values():
        build = service.get("build")
        if build is not None:
            context = (DEPLOY / build["context"]).resolve()
            assert context == ROOT
            assert (context / build["dockerfile"]).is_file()
        else:
            assert re.fullmatch(r"[a-z]+:\d+-[a-z]+", service["image"]), "a version by number, never latest"
        if "env_file" in service:
            assert (DEPLOY / f"{service['env_file']}.example").resolve() == ROOT / ".env.example"
        for volume in service["volumes"]:
            assert volume.partition(":")[0] in whole["volumes"]
        assert set(service.get("networks", [])) <= set(whole.get("networks", {}))
        assert set(service["environment"]) <= variables() | {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}
    assert name.removesuffix(".yml") in read("docs/install.md")


def test_postgresql_is_one_setting_away() -> None:
    one, many = services("compose.yml")["matchday"], services("compose.postgres.yml")["matchday"]
    assert set(many["environment"]) - set(one["environment"]) == {"MATCHDAY_DATABASE_URL"}
    url = many["environment"]["MATCHDAY_DATABASE_URL"]
    assert url.startswith("postgresql+asyncpg://matchday:${POSTGRES_PASSWORD:?")
    assert url.endswith("@postgres/matchday")
    networks = plain_yaml.load(read("deploy/compose.postgres.yml"))["networks"]
    assert networks["storage"] == {"internal": True}, "nobody reaches the database from outside"
    assert services("compose.postgres.yml")["postgres"]["networks"] == ["storage"]


def test_the_processes_of_several_shards_connect_each_of_them_once() -> None:
    bots = {name: each for name, each in services("compose.shards.yml").items() if name.startswith("shards-")}
    ranges: list[int] = []
    for name, service in bots.items():
        environment = service["environment"]
        share = Settings(shard_count=int(environment["MATCHDAY_SHARD_COUNT"]), shards=environment["MATCHDAY_SHARDS"], _env_file=None).share
        assert share is not None
        assert name == f"shards-{share.name}"
        ranges += share.numbers
        assert ranges == list(range(len(ranges)))
        assert environment["MATCHDAY_DATABASE_URL"].startswith("postgresql+asyncpg://"), "a file serves one process"
        assert share.count == 4
        assert environment["MATCHDAY_BUDGET_URL"] == environment["MATCHDAY_DATABASE_URL"], "Discord's limit is one for all of them"
        assert int(environment["MATCHDAY_BUDGET_PROCESSES"]) == len(bots)
    assert len(ranges) == 4


@pytest.mark.parametrize("name", [*COMPOSE, "litestream.yml"])
def test_another_reader_of_yaml_reads_the_same(name: str) -> None:
    yaml = pytest.importorskip("yaml")
    text = (DEPLOY / name).read_text("utf-8")
    assert plain_yaml.load(text) == yaml.safe_load(text)


@pytest.mark.parametrize("text", ["a: [", "a:\n   b: 1", "a: 1\na: 2", "a: yes", "a: &x 1", "- a\nb: 1", "a: b: c", "a: 'x'", "a:\n\tb: 1"])
def test_what_is_not_plain_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        plain_yaml.load(text)


def test_the_copies_are_of_the_database_and_never_of_the_key() -> None:
    recipe = plain_yaml.load(read("deploy/litestream.yml"))
    (database,) = recipe["dbs"]
    unit = read("deploy/matchday.service")
    folder = Path(re.findall(r"^Environment=MATCHDAY_DATA_DIR=(\S+)$", unit, re.MULTILINE)[0])
    settings = Settings(data_dir=folder, _env_file=None)
    assert settings.database == f"sqlite+aiosqlite:///{database['path']}"
    assert str(settings.keys) not in json.dumps(recipe)
    assert all(database["replica"][each].startswith("${") for each in ("bucket", "endpoint", "region"))


# --- the documents


def commands(name: str) -> list[str]:
    """Return every command line of a document's blocks."""
    blocks = re.findall(r"```sh\n(.*?)```", read(name), re.DOTALL)
    return [
        line.strip() for block in blocks for line in block.replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#")
    ]


@pytest.mark.parametrize("name", ["docs/install.md", "docs/upgrade.md", "docs/operations.md"])
def test_the_files_that_a_document_names_are_there(name: str) -> None:
    assert f"]({name})" in read("README.md")
    named = set(re.findall(r"\b(deploy/[\w.-]+|requirements/[\w.]+|\.env\.example)", "\n".join(commands(name))))
    made_there = {"deploy/.env"}
    assert named
    assert {each for each in named - made_there if not (ROOT / each).exists()} == set()
    broken = [target for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", read(name)) if not ((ROOT / name).parent / target).exists()]
    assert broken == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_invitation_asks_for_what_the_words_say(name: str) -> None:
    asked = set(re.findall(r"permissions=(\d+)", read(name)))
    if name == "docs/upgrade.md":
        assert asked == set()
        return
    needed = discord.Permissions(view_channel=True, send_messages=True, embed_links=True, attach_files=True, read_message_history=True)
    assert asked == {str(needed.value)}
    assert str(needed.value | discord.Permissions(create_events=True).value) in read(name)


def test_the_bot_asks_for_no_privileged_intent() -> None:
    """What the documents promise: every switch may stay off."""
    source = read("bot/client.py")
    assert "discord.Intents.none()" in source
    assert re.findall(r"intents\.(\w+) = True", source) == ["guilds"]


@pytest.mark.parametrize("name", ["docs/install.md", "docs/upgrade.md"])
def test_a_copy_leaves_out_what_would_hide_that_it_is_one(name: str) -> None:
    """The file ``served`` tells the database that was served last from an older copy: put back together, the two would agree."""
    made = [line for line in commands(name) if re.search(r"\btar\b.* -czf ", line)]
    assert made
    for line in made:
        assert "--exclude=./served" in line, line
        assert "--exclude=./matchday.key" in line, "the key stands apart from what it opens"
        assert "--exclude=./erasures.log" in line, "an older one would forget who was erased since"
    back = [line for line in commands(name) if re.search(r"\btar\b.* -xzf ", line)]
    if name == "docs/upgrade.md":
        assert back
    assert len(back) == len([line for line in commands(name) if "! -name matchday.key ! -name erasures.log -delete" in line])
