"""What the soak promises, how it is judged, and the page that tells of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.soak.__main__ import main
from bench.soak.judge import Promise, allowed_seconds, arrivals, judge, kinds
from bench.soak.page import draw_all, page
from bench.soak.plan import DEADLINE, FIRST_WAVE, NOTICE, OWN, SECOND_WAVE, Expected, Size, phases, steps
from bench.soak.watch import Asked, Seen

NOON = datetime(2027, 3, 3, 12, tzinfo=UTC)
A_KEY = (7, "one.")
CLOSED = {9: 900}


def an_answer(milliseconds: float | None) -> Asked:
    return Asked(1.0, "countdown", 2, milliseconds)


def a_day() -> tuple[list[Expected], Seen]:
    """Return a day on which everything went well; whose messages are closed has hers in the inbox."""
    seen = Seen(
        phases=[(FIRST_WAVE, 0.0, 10.0), (SECOND_WAVE, 10.0, 30.0)], seconds=30.0, exit_code=0, processor_seconds=3.0, loads=[0.5, 1.0]
    )
    seen.timeline.move(0.0, NOON)
    seen.timeline.move(10.0, NOON + timedelta(hours=1))
    seen.memory = [(0.0, 90.0), *((float(second), 120.0) for second in range(10, 30))]
    seen.asked = [Asked(float(second), "countdown", 2, 4.0 + second) for second in range(30)]
    seen.totals = {"200": 40, "429": 2, "op2": 1, "op6": 3, "fault: reset after": 1}
    due = NOON + timedelta(hours=1)
    expected = [
        Expected(7, "one.", NOON + timedelta(seconds=2), OWN),
        Expected(8, "deadline", due, DEADLINE),
        Expected(5, "notice", due, NOTICE),
    ]
    seen.arrived = {(7, "one."): [2.5], (8, "deadline"): [11.0], (5, "notice"): [10.2]}
    expected.append(Expected(9, "two.", due, OWN))
    seen.parked_of = {900}
    return expected, seen


def broken(expected: list[Expected], seen: Seen) -> list[str]:
    """Return what was not kept."""
    return [each.what for each in judge(arrivals(expected, seen), CLOSED, seen) if not each.is_kept]


def test_a_good_day_keeps_everything() -> None:
    assert broken(*a_day()) == []


def test_lateness_is_told_on_both_clocks() -> None:
    expected, seen = a_day()
    own, deadline, _, closed = arrivals(expected, seen)
    assert (own.real, own.product) == (pytest.approx(0.5), pytest.approx(0.5))
    assert (deadline.real, deadline.product) == (pytest.approx(1.0), pytest.approx(1.0))
    assert closed.real is None
    seen.arrived[A_KEY] = [10.5]  # after the leap: eight and a half seconds really passed, and almost an hour of the day
    own = arrivals(expected, seen)[0]
    assert (own.real, own.product) == (pytest.approx(8.5), pytest.approx(3_598.5))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"memory": [(float(second), 100.0 + second) for second in range(30)]}, "memory is flat"),
        ({"memory": []}, "memory is flat"),
        ({"asked": [an_answer(3_001.0), *[an_answer(1.0)] * 200]}, "every interaction is acknowledged within 3 s"),
        ({"asked": [an_answer(None), *[an_answer(1.0)] * 200]}, "every interaction is acknowledged within 3 s"),
        ({"asked": [an_answer(600.0)] * 2 + [an_answer(1.0)] * 98}, "99 of 100 interactions are acknowledged within 500 ms"),
        ({"parked_of": set()}, "nothing is lost"),
        ({"unsettled": {"pending": 1}}, "nothing is left open"),
        ({"exit_code": -9}, "it ends in order"),
        ({"lines": ["2027-03-03 12:00:00,000 ERROR   bot.client  it failed"]}, "no error in the log"),
    ],
)  # fmt: skip
def test_each_promise_can_be_broken(change: dict[str, object], what: str) -> None:
    expected, seen = a_day()
    assert broken(expected, replace(seen, **change)) == [what]


@pytest.mark.parametrize(
    ("key", "times", "what"),
    [
        ((7, "one."), [2.5, 3.0], "nothing comes twice"),
        ((7, "one."), [40.0], "reminders through the day are in time"),
        ((8, "deadline"), [10.0 + allowed_seconds(1) + 1], "the hour before the deadline: in time"),
        ((5, "notice"), [10.0 + allowed_seconds(1) + 1], "the notices of Match Day: in time"),
    ],
)
def test_each_promise_of_delivery_can_be_broken(key: tuple[int, str], times: list[float], what: str) -> None:
    expected, seen = a_day()
    seen.arrived[key] = times
    assert broken(expected, seen) == [what]


def test_nobody_asked_keeps_no_promise_about_answers() -> None:
    expected, seen = a_day()
    assert len(broken(expected, replace(seen, asked=[]))) == 2


def test_a_day_without_a_wave_says_nothing_of_it() -> None:
    expected, seen = a_day()
    came = arrivals([each for each in expected if each.wave != DEADLINE], seen)
    assert not any("deadline" in each.what for each in judge(came, CLOSED, seen))


def test_lines_of_the_log_are_counted_by_kind_and_not_by_number() -> None:
    lines = [
        "2027-03-03 12:00:00,000 WARNING bot.outbox  delivery 12 waits",
        "2027-03-03 12:00:01,000 WARNING bot.outbox  delivery 13 waits",
        "Traceback (most recent call last):",
    ]
    assert kinds(lines) == {("WARNING", "bot.outbox: delivery … waits"): 2}


def test_the_page_says_plainly_what_was_not_kept() -> None:
    expected, seen = a_day()
    came = arrivals(expected, seen)
    size = Size(0.5, 100, 3)
    good = page(size, "SQLite", judge(came, CLOSED, seen), came, seen)
    assert "**All 11 promises were kept.**" in good
    bad = page(
        size, "SQLite", [Promise("memory is flat", "0", "much", is_kept=False), Promise("other", "0", "0", is_kept=True)], came, seen
    )
    assert "**Not kept: memory is flat.**" in bad
    assert "| memory is flat | 0 | much | **not kept** |" in bad
    assert "| other | 0 | 0 | kept |" in bad
    assert "resumed 3 times" in bad


def test_every_picture_that_the_page_shows_is_drawn(tmp_path: Path) -> None:
    expected, seen = a_day()
    came = arrivals(expected, seen)
    draw_all(tmp_path / "pictures", came, seen)
    text = page(Size(), "SQLite", [], came, seen)
    drawn = sorted(path.name for path in (tmp_path / "pictures").iterdir())
    assert drawn == ["soak-answers.png", "soak-lateness.png", "soak-memory.png"]
    assert all(f"(pictures/{name})" in text for name in drawn)
    assert all((tmp_path / "pictures" / name).stat().st_size < 100_000 for name in drawn)


def test_the_parts_of_the_day_fill_its_length_and_each_has_its_faults_inside() -> None:
    for minutes in (1.0, 5.0, 60.0):
        played = phases(Size(minutes))
        assert sum(each.seconds for each in played) == pytest.approx(minutes * 60)
        assert all(0 <= fault.at < 1 for each in played for fault in each.faults)


def test_a_wave_is_no_larger_than_the_pace_allows_in_its_time() -> None:
    assert Size(5.0, 4_000).wave == 4_000
    short = Size(1.0, 4_000)
    assert 0 < short.wave < 4_000
    assert short.wave / 45 < short.wave_seconds


def test_the_steps_of_a_stretch_end_at_its_end_and_begin_at_once() -> None:
    found = list(steps(NOON, NOON + timedelta(hours=8), 40.0))
    assert found[0][0] == 0.0
    assert found[-1][1] == NOON + timedelta(hours=8)
    assert [at for at, _ in found] == sorted(at for at, _ in found)
    assert len(found) == 10


@pytest.mark.parametrize("arguments", [["--minutes", "0"], ["--minutes", "nan"], ["--members", "0"], ["--servers", "many"]])
def test_what_can_not_be_played_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(arguments)
    assert refused.value.code == 2
