"""What is reckoned from measured values."""

from datetime import UTC, datetime, timedelta

import pytest

from bench.numbers import Timeline, per_second, percentile, rise, slope, worst_of_each

NOON = datetime(2027, 3, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(("percent", "value"), [(0, 1), (50, 51), (99, 100), (100, 100)])
def test_percentiles_of_a_hundred_values(percent: float, value: float) -> None:
    assert percentile(list(range(100, 0, -1)), percent) == value


def test_a_percentile_of_one_value_is_that_value_and_of_none_there_is_none() -> None:
    assert percentile([7.0], 50) == percentile([7.0], 99) == 7.0
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 50)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([], 0.0),
        ([(3.0, 5.0)], 0.0),
        ([(1.0, 5.0), (1.0, 9.0)], 0.0),
        ([(0.0, 100.0), (10.0, 120.0)], 2.0),
        ([(0.0, 1.0), (1.0, 3.0), (2.0, 2.0), (3.0, 4.0)], 0.8),
        ([(x, 50.0) for x in range(5)], 0.0),
    ],
)
def test_the_slope_is_that_of_the_nearest_line(points: list[tuple[float, float]], expected: float) -> None:
    assert slope(points) == pytest.approx(expected)


def test_the_rise_is_over_the_whole_length() -> None:
    assert rise([(10.0, 100.0), (20.0, 101.0), (30.0, 102.0)]) == pytest.approx(2.0)
    assert rise([]) == 0.0


def test_a_single_spike_is_no_rise_of_its_height() -> None:
    level = [(float(second), 100.0) for second in range(100)]
    assert abs(rise([*level[:50], (50.0, 130.0), *level[51:]])) < 1.0


def test_how_many_a_second_has_a_place_for_each_second() -> None:
    assert per_second([0.1, 0.9, 3.5]) == [(0.0, 2.0), (1.0, 0.0), (2.0, 0.0), (3.0, 1.0)]
    assert per_second([0.1, 0.9, 3.5], 2.0) == [(0.0, 1.0), (2.0, 0.5)]
    assert per_second([]) == []


def test_the_worst_of_each_part() -> None:
    assert worst_of_each([(0.0, 1.0), (4.9, 9.0), (5.0, 2.0)], 5.0) == [(2.5, 9.0), (7.5, 2.0)]


def a_timeline() -> Timeline:
    """Return a clock that ran for ten seconds from noon, leapt to one, and ran on."""
    timeline = Timeline()
    timeline.move(100.0, NOON)
    timeline.move(110.0, NOON + timedelta(hours=1))
    return timeline


@pytest.mark.parametrize(
    ("product", "real"),
    [
        (NOON - timedelta(hours=1), 100.0),
        (NOON, 100.0),
        (NOON + timedelta(seconds=4), 104.0),
        (NOON + timedelta(seconds=10), 110.0),
        (NOON + timedelta(minutes=30), 110.0),  # leapt over: it came with the leap
        (NOON + timedelta(hours=1), 110.0),
        (NOON + timedelta(hours=1, seconds=5), 115.0),
    ],
)
def test_when_it_really_was_what_the_clock_said(product: datetime, real: float) -> None:
    assert a_timeline().real_at(product) == pytest.approx(real)


@pytest.mark.parametrize("real", [100.0, 104.0, 110.0, 125.0])
def test_what_the_clock_said_and_back(real: float) -> None:
    timeline = a_timeline()
    assert timeline.real_at(timeline.product_at(real)) == pytest.approx(real)


def test_a_clock_that_is_set_back_is_refused() -> None:
    with pytest.raises(ValueError, match="set back"):
        a_timeline().move(120.0, NOON)


def test_a_clock_that_was_never_set_says_so() -> None:
    with pytest.raises(ValueError, match="never set"):
        Timeline().real_at(NOON)
