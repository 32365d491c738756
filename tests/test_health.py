"""What the heartbeat says, how it is judged, and who may write it."""

import asyncio
import json
import time
from pathlib import Path

import pytest

from bot import cli
from bot.domain.shards import Shards
from bot.health import AWAY_SECONDS, FILE, STALE_SECONDS, TICK_SECONDS, Beat, Gateway, Pulse, State, beating, check, file_of, judge, read
from bot.operations.verb import EXIT_OK, EXIT_PROBLEMS
from tests.support.waiting import wait_for

WELL = State(Gateway.CONNECTED, 300, 5)
STARTING, STANDBY = State(Gateway.STARTING, 3, 3), State(Gateway.STANDBY, 9_000, 9_000)


def judged(state: State, *, age: float = 1.0) -> tuple[bool, str]:
    verdict = judge(Beat("host:1", state, 1_000, 50_000), 1_000 + age, 50_000 + age)
    return verdict.is_well, verdict.sentence


@pytest.mark.parametrize(
    ("state", "age", "is_well", "says"),
    [
        (WELL, 1, True, "connected to Discord for 5 min, looked at what is due 6 s ago"),
        (WELL, STALE_SECONDS, True, "The bot is well"),
        (WELL, STALE_SECONDS + 1, False, "last showed itself 46 s ago"),
        (WELL, 500_000, False, "last showed itself 138 h ago"),
        (State(Gateway.CONNECTED, 300, TICK_SECONDS - 1), 1, True, "The bot is well"),
        (State(Gateway.CONNECTED, 300, TICK_SECONDS), 1, False, "nothing is sent"),
        (State(Gateway.AWAY, AWAY_SECONDS - 1, 5), 1, True, "without its connection to Discord for 2 min"),
        (State(Gateway.AWAY, AWAY_SECONDS, 5), 1, False, "without its connection to Discord for 2 min"),
        (STARTING, 1, False, "starting for 4 s"),
        (STANDBY, 1, True, "stands by"),
        (STANDBY, STALE_SECONDS + 1, False, "last showed itself"),
    ],
)
def test_every_state_is_judged(state: State, age: float, is_well: bool, says: str) -> None:
    well, sentence = judged(state, age=age)
    assert well is is_well, sentence
    assert says in sentence


def test_each_state_of_the_gateway_has_a_sentence_of_its_own() -> None:
    assert len({judged(State(each, 10, 10))[1] for each in Gateway}) == len(Gateway)


def test_a_machine_that_was_started_since_has_no_running_bot() -> None:
    assert "is not running" in judge(Beat("host:1", WELL, 9_000, 50_000), 20, 50_030).sentence


@pytest.mark.parametrize(("wall", "is_well"), [(50_001, True), (10, True), (90_000, False)])
def test_a_wall_clock_that_was_set_back_ages_nothing_and_a_jump_is_believed_until_the_next_beat(wall: float, is_well: bool) -> None:
    assert judge(Beat("host:1", WELL, 1_000, 50_000), 1_001, wall).is_well is is_well


# --- the file


def pulse(folder: Path, state: State = WELL) -> Pulse:
    return Pulse(folder / FILE, lambda: state)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    pulse(tmp_path).beat()
    beat = read(tmp_path / FILE)
    assert beat is not None
    assert beat.state == WELL
    assert abs(beat.monotonic - time.monotonic()) < STALE_SECONDS
    assert [path.name for path in tmp_path.iterdir()] == [FILE], "what it was written beside stays behind"
    assert check(tmp_path / FILE).is_well


@pytest.mark.parametrize("content", [None, "", "{", "[]", "{}", '"x"', '{"process": 1, "state": {}}', '{"state": {"gateway": "gone"}}'])
def test_what_can_not_be_read_is_no_heartbeat(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / FILE).write_text(content, "utf-8")
    verdict = check(tmp_path / FILE)
    assert not verdict.is_well
    assert "is not running" in verdict.sentence


def of_another(folder: Path, *, seconds_ago: float) -> str:
    pulse(folder).beat()
    held = json.loads((folder / FILE).read_text("utf-8"))
    ago = {"monotonic": held["monotonic"] - seconds_ago, "wall": held["wall"] - seconds_ago}
    (folder / FILE).write_text(json.dumps({**held, "process": "another:7", **ago}), "utf-8")
    return "another:7"


@pytest.mark.parametrize(
    ("state", "seconds_ago", "is_left"),
    [(STANDBY, 1, True), (STANDBY, STALE_SECONDS + 5, False), (STARTING, 1, False), (WELL, 1, False)],
)
def test_who_stands_by_leaves_the_file_to_who_works(tmp_path: Path, state: State, seconds_ago: float, is_left: bool) -> None:
    other = of_another(tmp_path, seconds_ago=seconds_ago)
    pulse(tmp_path, state).beat()
    beat = read(tmp_path / FILE)
    assert beat is not None
    assert (beat.process == other) is is_left


def test_at_the_end_only_its_own_file_is_taken_away(tmp_path: Path) -> None:
    mine = pulse(tmp_path)
    mine.beat()
    mine.end()
    assert not (tmp_path / FILE).exists()
    of_another(tmp_path, seconds_ago=1)
    mine.end()
    assert (tmp_path / FILE).exists()


async def test_it_beats_and_ends_with_what_it_surrounds(tmp_path: Path) -> None:
    async with beating(pulse(tmp_path)):
        await wait_for((tmp_path / FILE).exists)
    assert not (tmp_path / FILE).exists()


async def test_a_folder_that_can_not_be_written_is_said_and_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    async with beating(pulse(tmp_path / "file")):
        await wait_for(lambda: "the heartbeat can't be written" in caplog.text)
        assert any(task.get_name() == "heartbeat" for task in asyncio.all_tasks())


# --- the verb


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MATCHDAY_DATA_DIR", str(tmp_path))
    return tmp_path


def test_the_verb_says_well(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pulse(folder).beat()
    assert cli.main(["health"]) == EXIT_OK
    told = capsys.readouterr()
    assert told.out.startswith("The bot is well: ")
    assert told.err == ""


def test_the_verb_says_why_not(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = set(folder.iterdir())
    assert cli.main(["health"]) == EXIT_PROBLEMS
    assert "is not running" in capsys.readouterr().err
    assert set(folder.iterdir()) == before, "looking writes nothing"


def test_each_of_several_processes_has_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (file_of(None), file_of(Shards(2, 3, 4))) == (FILE, "heartbeat-2-3.json")
    monkeypatch.setenv("MATCHDAY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MATCHDAY_SHARD_COUNT", "4")
    Pulse(tmp_path / "heartbeat-2-3.json", lambda: WELL).beat()
    monkeypatch.setenv("MATCHDAY_SHARDS", "0-1")
    assert cli.main(["health"]) == EXIT_PROBLEMS
    monkeypatch.setenv("MATCHDAY_SHARDS", "2-3")
    assert cli.main(["health"]) == EXIT_OK
    assert "The bot is well" in capsys.readouterr().out
