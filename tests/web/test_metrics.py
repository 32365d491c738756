"""The metrics of a real house, scraped over HTTP, and what they must never hold up or give away."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.domain.delivery import DeliveryState
from bot.errors import StartError
from bot.measuring import measured, seconds_late
from bot.observing import metrics as metrics_module
from bot.observing.interactions import Handled, Kind, Result
from bot.observing.metrics import Loop, Metrics
from bot.observing.observer import Gateway, Observer
from bot.settings import Settings
from bot.storage.delivery_rows import Mark
from bot.storage.measures import Measures
from bot.web.metrics import MetricsServer
from bot.wiring import open_house
from tests.support.clocks import NOON
from tests.support.databases import a_delivery
from tests.web.test_listening import free_port

NOTHING = Measures(0.001, 4_096, {}, 0, 0, 0.0, 0, 0)


def values_of(page: str) -> dict[str, float]:
    """Return every sample by its name and labels, as they stand on the page."""
    lines = [line for line in page.splitlines() if line and not line.startswith("#")]
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


def metrics_of(count: Callable[[], Awaitable[Measures]] | None = None) -> Metrics:
    async def nothing() -> Measures:
        return NOTHING

    return Metrics(lambda: Loop(1.5, holds_lease=True, stands_by=False, connections_in_use=2), count or nothing)


async def scraped(metrics: Metrics) -> dict[str, float]:
    """Scrape now, whatever was written a moment ago."""
    metrics._written = -1e9
    return values_of((await metrics.scrape())[1].decode())


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


# --- served


async def test_without_a_port_nothing_listens_and_nothing_is_counted(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, _env_file=None)
    async with open_house(settings) as house, measured(settings, house) as observer:
        assert type(observer) is Observer


async def test_a_house_that_is_open_is_scraped_until_it_closes(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    settings = Settings(data_dir=tmp_path, metrics_port=free_port(), _env_file=None)
    address = f"http://127.0.0.1:{settings.metrics_port}/metrics"
    async with open_house(settings) as house:
        async with measured(settings, house):
            async with http.get(address) as answer:
                assert answer.status == 200
                assert answer.content_type == "text/plain"
                page = await answer.text()
            assert values_of(page)["matchday_database_up"] == 1
            assert values_of(page)["matchday_sending_lease_held"] == 0  # nobody has asked for it yet
            assert list(text_string_to_metric_families(page)), "Prometheus reads it"
        with pytest.raises(aiohttp.ClientConnectionError):
            await http.get(address)


async def test_a_port_that_is_taken_is_said_with_the_setting_to_change(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, metrics_port=free_port(), _env_file=None)
    async with open_house(settings) as house, measured(settings, house):
        with pytest.raises(StartError, match="MATCHDAY_METRICS_PORT"):
            async with measured(settings, house):
                pass


@pytest.mark.parametrize("given", ["", "  "])
def test_an_empty_port_is_none(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("MATCHDAY_METRICS_PORT", given)
    assert Settings(_env_file=None).metrics_port is None


async def test_a_scrape_that_fails_tells_nothing_of_its_inside(http: aiohttp.ClientSession) -> None:
    async def broken() -> tuple[str, bytes]:
        raise RuntimeError("inside of the registry")

    server = MetricsServer(broken, "127.0.0.1", 0)
    await server.start()
    try:
        async with http.get(f"http://127.0.0.1:{server.port}/metrics") as answer:
            assert answer.status == 500
            assert "inside" not in await answer.text()
    finally:
        await server.stop()


# --- counted


async def test_interactions_are_counted_by_name_and_result_and_timed() -> None:
    metrics = metrics_of()
    first = Handled(Kind.COMMAND, "remind me")
    first.acknowledged = first.began + 0.3
    metrics.interaction_ended(first)
    metrics.interaction_ended(Handled(Kind.COMMAND, "remind me"))
    metrics.interaction_ended(Handled(Kind.AUTOCOMPLETE, "countdown", acknowledged=0.0))
    metrics.interaction_ended(Handled(Kind.SELECT, "programs", result=Result.REFUSED))
    held = await scraped(metrics)
    assert held['matchday_commands_total{command="remind me",result="answered"}'] == 1
    assert held['matchday_commands_total{command="remind me",result="unanswered"}'] == 1
    assert held['matchday_command_acknowledged_seconds_bucket{command="remind me",le="0.25"}'] == 0
    assert held['matchday_command_acknowledged_seconds_bucket{command="remind me",le="0.5"}'] == 1
    assert held['matchday_command_seconds_count{command="remind me"}'] == 2
    assert held['matchday_autocompletes_total{command="countdown",result="answered"}'] == 1
    assert held['matchday_clicks_total{feature="programs",kind="select",result="refused"}'] == 1


async def test_answers_of_discord_are_counted_by_status_and_what_is_slowed_down_by_scope() -> None:
    metrics = metrics_of()
    for status, scope in ((200, None), (403, None), (429, "shared"), (429, "user"), (429, None), (429, "whatever it likes")):
        metrics.request_answered(status, scope)
    metrics.request_answered(0, None)
    metrics.disconnected()
    metrics.gateway = lambda: Gateway(is_connected=True, latency_seconds=0.05, servers=3, invalid_requests=4)
    held = await scraped(metrics)
    assert held['matchday_discord_answers_total{status="429"}'] == 4
    assert held['matchday_discord_answers_total{status="403"}'] == 1
    assert held['matchday_discord_answers_total{status="none"}'] == 1
    limits = {scope: held[f'matchday_discord_rate_limits_total{{scope="{scope}"}}'] for scope in ("shared", "user", "unknown")}
    assert limits == {"shared": 1, "user": 1, "unknown": 2}
    told = ("gateway_connected", "gateway_latency_seconds", "servers", "invalid_requests", "gateway_disconnects_total")
    assert [held[f"matchday_{name}"] for name in told] == [1, 0.05, 3, 4, 1]


async def test_the_sending_is_told_as_it_stands() -> None:
    metrics = metrics_of()
    metrics.delivery_settled("own", "sent", 30.0)
    metrics.delivery_settled("own", "pending", None)
    metrics.delivery_settled("own", "sent", -1.0)  # a clock that was set back
    held = await scraped(metrics)
    assert held['matchday_deliveries_settled_total{kind="own",state="sent"}'] == 2
    assert held['matchday_deliveries_settled_total{kind="own",state="pending"}'] == 1
    assert held['matchday_delivery_late_seconds_bucket{kind="own",le="15.0"}'] == 1
    assert held['matchday_delivery_late_seconds_sum{kind="own"}'] == 30
    told = ("tick_age_seconds", "sending_lease_held", "standing_by", "database_connections_in_use")
    assert [held[f"matchday_{name}"] for name in told] == [1.5, 1, 0, 2]


async def test_what_is_stored_is_told_and_what_is_no_more_is_not() -> None:
    stored = [
        replace(NOTHING, deliveries={("own", "pending"): 2, ("notice", "sent"): 5}, deliveries_due=2, overdue_seconds=61.0),
        replace(NOTHING, deliveries={("own", "sent"): 2}, waiting_unseen=3, waiting_seen=4),
    ]

    async def count() -> Measures:
        return stored.pop(0)

    metrics = metrics_of(count)
    held = await scraped(metrics)
    assert held['matchday_deliveries{kind="notice",state="sent"}'] == 5
    assert (held["matchday_deliveries_due"], held["matchday_oldest_overdue_seconds"]) == (2, 61)
    metrics._count_again = 0.0
    held = await scraped(metrics)
    assert {name for name in held if name.startswith("matchday_deliveries{")} == {'matchday_deliveries{kind="own",state="sent"}'}
    assert (held['matchday_inbox_waiting{seen="no"}'], held['matchday_inbox_waiting{seen="yes"}']) == (3, 4)


@pytest.mark.parametrize(
    ("changes", "mark", "late"),
    [
        ({}, {}, 60),
        ({"not_before": NOON + timedelta(seconds=50)}, {}, 10),  # quiet hours are not late
        ({"not_before": NOON + timedelta(seconds=50), "attempts": 1}, {}, 60),  # what did not go the first time is
        ({}, {"state": DeliveryState.PARKED}, None),
        ({}, {"settled_at": None}, None),
    ],
)
def test_how_late_it_was_counts_from_when_it_might_have_gone(
    changes: dict[str, object], mark: dict[str, object], late: float | None
) -> None:
    delivery = replace(a_delivery(), **changes)
    settled = {"id": delivery.id, "state": DeliveryState.SENT, "settled_at": NOON + timedelta(seconds=60), **mark}
    assert seconds_late(delivery, Mark(**settled)) == late


# --- never in the way


async def test_a_database_that_is_away_is_told_and_the_rest_is_there() -> None:
    async def away() -> Measures:
        raise ConnectionError("password of the database")

    held = await scraped(metrics_of(away))
    assert held["matchday_database_up"] == 0
    assert held["matchday_tick_age_seconds"] == 1.5


async def test_a_database_that_hangs_holds_up_no_scrape_and_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics_module, "WAIT_SECONDS", 0.01)
    asked, goes_on = [], asyncio.Event()

    async def hangs() -> Measures:
        asked.append(1)
        await goes_on.wait()
        return NOTHING

    metrics = metrics_of(hangs)
    for _ in range(3):
        assert (await scraped(metrics))["matchday_database_up"] == 0
    assert len(asked) == 1
    goes_on.set()
    await metrics.stop()
    assert (await scraped(metrics))["matchday_database_up"] == 1


async def test_who_asks_again_and_again_gets_the_same_page_and_the_database_rest() -> None:
    asked = []

    async def count() -> Measures:
        asked.append(1)
        return NOTHING

    metrics = metrics_of(count)
    pages = await asyncio.gather(*(metrics.scrape() for _ in range(50)))
    assert len(set(pages)) == 1
    for _ in range(3):
        await scraped(metrics)
    assert len(asked) == 1


async def test_a_count_that_takes_long_is_made_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr(metrics_module.time, "monotonic", lambda: now[0])

    async def slow() -> Measures:
        now[0] += 10.0
        return NOTHING

    metrics = metrics_of(slow)
    await scraped(metrics)
    assert metrics._count_again == now[0] + 200.0


async def test_no_label_is_of_anybody() -> None:
    metrics = metrics_of()
    labels = {label for family in metrics.registry.collect() for sample in family.samples for label in sample.labels}
    source = Path(metrics_module.__file__).read_text("utf-8")
    labels |= {label for names in re.findall(r"\[((?:\"\w+\",? ?)+)\]", source) for label in re.findall(r"\w+", names)}
    assert labels == {"command", "result", "feature", "kind", "state", "seen", "status", "scope", "version", "python", "discord"}
