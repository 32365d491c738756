"""The arithmetic of the plan for many servers: what it reckons, and that the page says what it reckons today."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from bench import scaling
from bench.scaling import Assumed, Measured, crowded, groups, plan, read_measured, shards_required, start_seconds, starts_a_day, write_into
from bench.sending import DAY, HOUR, MINUTE, Group, Order, as_they_are_due, begin_early, by_priority, hours_for, send, shortest_lead_first
from bot.domain.leads import LEADS

ROOT = Path(__file__).parents[1]


# --- what Discord asks for


@pytest.mark.parametrize(("servers", "least"), [(1, 1), (2_500, 1), (2_501, 2), (25_000, 10), (250_000, 100)])
def test_no_shard_holds_more_than_discord_allows(servers: int, least: int) -> None:
    assert shards_required(servers) == least
    assert plan(servers).shards >= least


@pytest.mark.parametrize(("servers", "starts"), [(2_500, 1_000), (150_000, 1_000), (160_000, 2_000), (1_000_000, 5_000)])
def test_starts_in_a_day(servers: int, starts: int) -> None:
    assert starts_a_day(servers) == starts


@pytest.mark.parametrize(("shards", "concurrency", "seconds"), [(1, 1, 0), (25, 1, 120), (250, 16, 75), (250, 1, 1_245)])
def test_shards_identify_one_after_the_other(shards: int, concurrency: int, seconds: float) -> None:
    assert start_seconds(shards, concurrency) == seconds


# --- the plan


def test_the_plan_reckons_from_what_it_is_given() -> None:
    found, assumed = Measured(answers_per_second=500, memory_mib=100), Assumed(members_per_server=4, use=0.5, kib_per_server=1024)
    reckoned = plan(25_000, found, assumed)
    assert reckoned.members == 100_000
    assert reckoned.shards == 25
    assert reckoned.match_minute == pytest.approx(333.3, abs=0.1)
    assert reckoned.deadline_hour == pytest.approx(25.0)
    assert reckoned.processes == 2  # 25 shards of 16, and 333 a second at 250 for each
    assert reckoned.memory_mib == pytest.approx(100 + 12_500)
    assert reckoned.reminders_hours == pytest.approx(100_000 / 40 / 3600)
    assert reckoned.writes_per_second == pytest.approx(333.3 * 0.25 + 40 * 3, abs=0.1)
    assert reckoned.database_gib == pytest.approx(100_000 * 60 * 900 / 1024**3)
    assert reckoned.binds_first == "memory of a process"


def test_answers_ask_for_more_processes_where_shards_do_not() -> None:
    assert plan(25_000, Measured(answers_per_second=50)).processes == 14


def test_at_250_000_servers_the_limit_of_requests_binds_first() -> None:
    assert plan(250_000).binds_first == "Discord's 50 requests a second"
    assert plan(250_000).used["Discord's 50 requests a second"] > 1
    assert plan(2_500).used["Discord's 50 requests a second"] < 0.1
    raised = plan(250_000, assumed=replace(Assumed(), paced_per_second=450.0))
    assert raised.used["Discord's 50 requests a second"] < 1


# --- what was measured


def test_figures_are_read_where_they_stand() -> None:
    found = read_measured(
        "| memory, idle | 99 MiB | 43 MiB |\n| `/countdown`, 8 at once | 1,234 a second | 2 a second |\n"
        "| 500 due at once, the rate raised | 1,946.5 a second | x |"
    )
    assert (found.memory_mib, found.answers_per_second, found.sends_per_second, found.defaults) == (99, 1234, 1946.5, ())


@pytest.mark.parametrize("text", ["", "not measured", "| memory, idle | not measured | |"])
def test_what_was_not_measured_is_named(text: str) -> None:
    assert read_measured(text).defaults == ("answers_per_second", "memory_mib", "sends_per_second")
    assert read_measured(text) == replace(Measured(), defaults=read_measured(text).defaults)
    assert "not measured, taken for granted: answers_per_second" in scaling.page(read_measured(text), Assumed())


# --- a million reminders


def test_a_million_take_five_hours_and_a_half() -> None:
    assert hours_for(1_000_000, 50) == pytest.approx(5.56, abs=0.01)


def test_the_leads_are_those_that_members_choose_from() -> None:
    assert [(lead.label, int(lead.before.total_seconds())) for lead in LEADS] == [(name, lead) for name, lead, _ in scaling.LEADS]
    assert sum(share for _, _, share in scaling.LEADS) == pytest.approx(1)


@pytest.mark.parametrize("order", [as_they_are_due, by_priority, shortest_lead_first])
@pytest.mark.parametrize("make", [groups, crowded])
def test_each_is_sent_once_whatever_the_order(order: Order, make: Callable[[int], list[Group]]) -> None:
    wanted = {group.name: group.count for group in make(1_000_000)}
    for name, arrivals in send(make(1_000_000), 40, order).items():
        assert sum(count for _, count in arrivals.minutes) == pytest.approx(wanted[name])
        assert all(end > arrivals.group.start for end, _ in arrivals.minutes)


def test_no_minute_is_fuller_than_the_rate() -> None:
    by_minute: dict[int, float] = {}
    for arrivals in send(crowded(1_000_000), 40, shortest_lead_first).values():
        for end, count in arrivals.minutes:
            by_minute[end] = by_minute.get(end, 0) + count
    assert max(by_minute.values()) <= 40 * MINUTE + 1e-6


def test_lateness_is_that_of_the_last_of_so_many() -> None:
    (arrivals,) = send([Group("g", 240_000, DAY)], 40, as_they_are_due).values()
    assert arrivals.lateness(100) == 6_000  # 240,000 at 40 a second
    assert arrivals.lateness(50) == 3_000
    assert arrivals.after_deadline() == 0


@pytest.mark.parametrize("count", [1_000, 1_000_000, 5_000_000])
def test_begun_early_enough_none_is_late(count: int) -> None:
    planned = begin_early(groups(count), 40)
    for arrivals in send(planned, 40, shortest_lead_first).values():
        assert arrivals.lateness(100) == 0
        assert arrivals.after_deadline() == 0
    for one, following in pairwise(planned):
        assert one.start + one.count / 40 <= following.start


def test_a_million_of_one_lead_begin_seven_hours_early() -> None:
    (planned,) = begin_early([Group("1 day before", 1_000_000, DAY)], 40)
    assert (planned.due - planned.start) / HOUR == pytest.approx(6.96, abs=0.03)


def test_after_a_failure_the_order_decides_who_is_told_too_late() -> None:
    late = {order: send(crowded(1_000_000), 40, order) for order in (as_they_are_due, by_priority, shortest_lead_first)}
    soonest = {order: found["3 hours before"].after_deadline() for order, found in late.items()}
    assert soonest[as_they_are_due] == 1.0  # behind all that waited longer
    assert 0 < soonest[by_priority] < 0.3
    assert soonest[shortest_lead_first] == 0.0


# --- the page


def test_the_page_stands_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{scaling.BEGIN}\nold\n{scaling.END}\nafter\n", encoding="utf-8")
    write_into(page, "new")
    assert page.read_text(encoding="utf-8") == f"before\n{scaling.BEGIN}\nnew\n{scaling.END}\nafter\n"
    page.write_text("no marks", encoding="utf-8")
    with pytest.raises(ValueError, match="has no"):
        write_into(page, "new")


def test_the_document_holds_a_plan_for_each_size() -> None:
    text = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    _, _, reckoned = text.partition(scaling.BEGIN)
    assert "| servers | 2,500 | 25,000 | 250,000 |" in reckoned
    assert reckoned.count("| each begun early |") == len(scaling.LEADS)


def test_a_picture_is_drawn_when_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert scaling.main(["--picture", str(tmp_path / "late.png")]) == 0
    assert (tmp_path / "late.png").read_bytes().startswith(b"\x89PNG")
    assert "binds first" in capsys.readouterr().out


def test_the_page_of_the_benchmarks_says_all_that_the_plan_reads() -> None:
    assert read_measured((ROOT / "docs/bench.md").read_text(encoding="utf-8")).defaults == ()
