"""The dashboard, the rules for alerts and docs/metrics.md: what they name is in a scrape of the real registry, and the other way round."""

import asyncio
import contextvars
import json
import logging
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.domain.delivery import DeliveryState
from bot.observing.interactions import Handled, Kind, Result, begin
from bot.observing.logs import JsonFormatter
from bot.observing.metrics import Loop, Metrics
from bot.storage.measures import Measures
from tests.support import plain_yaml

ROOT = Path(__file__).parents[2]
OF_THE_PROCESS = {f"process_{name}" for name in (
    "resident_memory_bytes", "virtual_memory_bytes", "cpu_seconds_total", "start_time_seconds", "open_fds", "max_fds",
)}  # fmt: skip
"""There on Linux only."""
OF_PROMETHEUS = {"instance", "job", "le"}
FUNCTIONS = {"absent", "changes", "histogram_quantile", "increase", "max", "min", "rate", "sum", "time"}
WORDS = {"and", "by", "or", "unless"}


async def count() -> Measures:
    return Measures(0.001, 4_096, {("own", str(state)): 1 for state in DeliveryState}, 1, 1, 1.0, 1, 1)


@cache
def families() -> dict[str, Any]:
    """Return what the real registry holds after one of everything has happened, by name."""
    metrics = Metrics(lambda: Loop(1.0, holds_lease=True, stands_by=False, connections_in_use=1), count)
    for kind in Kind:
        for result in Result:
            metrics.interaction_ended(Handled(kind, "countdown", acknowledged=0.0, result=result))
    for state in DeliveryState:
        metrics.delivery_settled("own", state, 1.0)
    for scope in ("user", "global", "shared", None):
        metrics.request_answered(429, scope)
    metrics.request_answered(401, None)
    asyncio.run(metrics.scrape())
    return {family.name: family for family in metrics.registry.collect()}


@cache
def samples() -> dict[str, dict[str, set[str]]]:
    """Return the labels of every sample of a scrape, with their values, by its name."""
    found: dict[str, dict[str, set[str]]] = {}
    for family in families().values():
        for sample in family.samples:
            labels = found.setdefault(sample.name, {})
            for label, value in sample.labels.items():
                labels.setdefault(label, set()).add(value)
    return found | {name: found.get(name, {}) for name in OF_THE_PROCESS if sys.platform != "linux"}


def told_names() -> set[str]:
    """Return every metric as documents name it: a histogram without the endings of its parts."""
    ending = {"counter": "_total", "info": "_info"}
    return {name if name.endswith(ending.get(f.type, "")) else name + ending[f.type] for name, f in families().items()} | OF_THE_PROCESS


def dashboard() -> dict[str, Any]:
    return json.loads((ROOT / "deploy/grafana-dashboard.json").read_text("utf-8"))


def rules() -> list[dict[str, Any]]:
    return [rule for group in plain_yaml.load((ROOT / "deploy/alerts.yml").read_text("utf-8"))["groups"] for rule in group["rules"]]


def expressions() -> Iterator[tuple[str, str]]:
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", []):
            yield f"panel: {panel['title']}", target["expr"]
    for rule in rules():
        yield f"rule: {rule['alert']}", rule["expr"]


def legends() -> Iterator[tuple[str, str]]:
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", []):
            yield target["expr"], target["legendFormat"]


ALL = list(expressions())


@pytest.mark.parametrize(("where", "expression"), ALL, ids=[f"{where} {number}" for number, (where, _) in enumerate(ALL)])
def test_an_expression_names_metrics_and_labels_that_exist(where: str, expression: str) -> None:
    without_texts = re.sub(r'"[^"]*"', '""', expression)
    named = set(re.findall(r"\b(?:matchday|process)_\w+", without_texts))
    assert named - samples().keys() == set()
    assert named, "it asks for something"
    labels = {label: values for name in named for label, values in samples()[name].items()}
    grouped = {label.strip() for group in re.findall(r"\bby \(([^)]*)\)", expression) for label in group.split(",")}
    assert grouped - labels.keys() - OF_PROMETHEUS == set()
    for label, sign, given in re.findall(r'(\w+)(=~|=)"([^"]*)"', expression):
        assert label in labels
        assert set(given.split("|") if sign == "=~" else [given]) <= labels[label]
    rest = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\bby \([^)]*\)", "", without_texts)
    words = set(re.findall(r"[A-Za-z_]\w*", rest)) - named
    assert words - FUNCTIONS - WORDS == set()
    for pair in ("()", "[]", "{}"):
        assert expression.count(pair[0]) == expression.count(pair[1])


def test_a_legend_names_labels_that_its_expression_keeps() -> None:
    for expression, legend in legends():
        wanted = set(re.findall(r"\{\{(\w+)\}\}", legend))
        grouped = re.search(r"\bby \(([^)]*)\)", expression)
        kept = {label.strip() for label in grouped[1].split(",")} if grouped else {*OF_PROMETHEUS, *_labels_in(expression)}
        assert wanted <= kept, (expression, legend)


def _labels_in(expression: str) -> set[str]:
    return {label for name in re.findall(r"\b(?:matchday|process)_\w+", expression) for label in samples()[name]}


def test_the_document_tells_every_metric_with_its_labels_and_no_other() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \|", (ROOT / "docs/metrics.md").read_text("utf-8"), re.MULTILINE)
    assert {name for name, _ in rows} == told_names()
    assert len(rows) == len(told_names())
    for name, told in rows:
        parts = [name, f"{name}_bucket"]
        labels = {label for part in parts for label in samples().get(part, {})} - {"le"}
        assert set(re.findall(r"`(\w+)`", told)) == labels, name


def test_every_metric_of_ours_that_tells_of_a_fault_is_shown_or_watched() -> None:
    """A metric that nobody looks at is not worth its name."""
    asked = " ".join(expression for _, expression in ALL)
    assert {name for name in told_names() if name.startswith("matchday_") and name not in asked} == set()


def test_a_rule_says_what_it_is_and_what_to_do() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names))
    for rule in rules():
        assert rule["labels"]["severity"] in ("page", "warning")
        assert set(rule["annotations"]) == {"summary", "action"}
        assert set(rule) - {"for"} == {"alert", "expr", "labels", "annotations"}


def test_the_dashboard_has_panels_that_do_not_lie_on_each_other_and_takes_any_prometheus() -> None:
    panels = dashboard()["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
        if panel["type"] != "row":
            assert panel["datasource"]["uid"] == "${datasource}"


def test_the_line_of_the_log_in_the_document_has_the_fields_of_a_real_one() -> None:
    (block,) = re.findall(r"```json\n(.*?)\n```", (ROOT / "docs/metrics.md").read_text("utf-8"), re.DOTALL)

    def written() -> str:
        begin(Handled(Kind.COMMAND, "remind me"))
        error = ValueError("x")
        return JsonFormatter().format(logging.LogRecord("bot", logging.ERROR, "", 1, "x", (), (ValueError, error, None)))

    assert list(json.loads(block)) == list(json.loads(contextvars.copy_context().run(written)))
    assert datetime.fromisoformat(json.loads(block)["time"]).tzinfo == UTC
