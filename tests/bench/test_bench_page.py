"""The page of all figures, what the README quotes of it, and that both say the same."""

import re
from pathlib import Path

import pytest

from bench.delivery import Delivered, rate
from bench.measure import BARE, COMMANDS, OURS, TOGETHER, TYPING, Bursts, Found
from bench.page import Everything, draw_all, figures_of, page, readme_block
from bench.processes import RANGES, SHARDS, Processes, not_known
from bench.report import BEGIN, END, MEASURED, Figure, quoted, ratios_in, table, write_into
from bench.rig import ROOT, Burst
from bench.sizes import QUICK, WHOLE
from bench.stored import Looks
from bot.settings import Settings

UNITS = re.compile(r"\d (ms|s|MiB|a second)\b")


PROCESSES = ((0, 2.0, 0.0, 40.0), (1, 4.0, 45.0, 120.0), (4, 2.0, 180.0, 480.0))


def a_burst(milliseconds: float) -> Burst:
    return Burst([milliseconds] * 10, 0, milliseconds / 100)


def bursts(ours: float, bare: float) -> Bursts:
    asked = (*COMMANDS, TYPING, TOGETHER)
    return {(who, what): a_burst(took) for who, took in ((OURS, ours), (BARE, bare)) for what in asked} | {(BARE, "ping"): a_burst(bare)}


def a_run(*kinds: str) -> Everything:
    run = Everything(QUICK, matched=1.0, loads=[0.5], missing={"processes": "this version does not know MATCHDAY_SHARDS"})
    for kind in kinds:
        held = {OURS: [(0.0, 100.0), (1.0, 101.0)], BARE: [(0.0, 40.0), (1.0, 40.0)]}
        times, memory = {OURS: 900.0, BARE: 300.0}, {OURS: 100.0, BARE: 50.0}
        run.found[kind] = Found(times, times, memory, held, bursts(3.0, 2.0), bursts(6.0, 3.0), a_burst(0.2))
        looks = Looks({1_000: 4.0, 10_000: 5.0}, {1_000: 900.0, 10_000: 990.0}, {1_000: 100.0, 10_000: None}, 8.0, 20.0)
        run.delivered[kind] = Delivered([0.0, 0.01, 0.02], [0.0, 0.005, 0.01], [0.0, 1.0], 0, 0.1, looks)
        run.imported[kind] = (2.0, 1.0)
    for kind in {"SQLite", "PostgreSQL"} - set(kinds):
        run.missing[kind] = "no PostgreSQL answers"
    return run


def test_a_figure_shows_both_values_the_ratio_and_the_aim() -> None:
    assert Figure("x", 3.0, 2.0, aim=1.6).row() == "| x | 3.00 ms | 2.00 ms | 1.50 | ≤ 1.6 |"
    assert Figure("x", 3_000.0, 6_000.0, "a second", 0.6, digits=0, is_at_least=True, against="y").row() == (
        "| x | 3,000 a second | 6,000 a second (y) | 0.50 | ≥ 0.6 |"
    )
    assert Figure("x", None, 2.0).row() == "| x | not measured | 2.00 ms |  |  |"
    assert Figure("x", 2.0, 0.0).ratio == ""


def test_the_rate_is_between_the_first_and_the_last() -> None:
    assert rate([0.0, 0.5, 1.0]) == 2.0
    assert rate([0.0]) == rate([]) == 0.0


def test_what_is_quoted_are_ratios_by_kind_and_nothing_else() -> None:
    figures = {"SQLite": [Figure("a", 3.0, 2.0, aim=2), Figure("b", 1.0)], "PostgreSQL": [Figure("a", 5.0, 2.0)]}
    assert quoted(figures, ["a", "b", "c"]) == ["| | SQLite | PostgreSQL | aim |", "|---|--:|--:|---|", "| a | 1.50 | 2.50 | ≤ 2 |"]


def test_the_page_has_every_figure_of_both_kinds_and_says_what_was_not_measured() -> None:
    text = page(a_run("SQLite", "PostgreSQL"))
    for figure in figures_of(a_run("SQLite"), "SQLite"):
        assert text.count(f"| {figure.what} |") == 2
    assert "not measured: this version does not know MATCHDAY_SHARDS." in text
    assert "A quick run" in text
    assert "not measured: no PostgreSQL answers." in page(a_run("SQLite"))


def with_processes(run: Everything) -> Everything:
    run.processes = {number: Processes(number, a_burst(took), sent, held) for number, took, sent, held in PROCESSES}
    return run


def test_the_page_shows_four_processes_beside_one_and_both_beside_the_bare_client() -> None:
    text = page(with_processes(a_run("SQLite")))
    assert "| memory, one process | 120 MiB | 40 MiB | 3.00 |  |" in text
    assert "| memory, four processes | 480 MiB | 40 MiB | 12.00 |  |" in text
    assert "| reminders due at once, at the default pace, four processes | 180.0 a second | 45.0 a second (one process) | 4.00 |  |" in text


def test_the_ranges_of_shards_hold_each_shard_once() -> None:
    for number, ranges in RANGES.items():
        assert len(ranges) == number
        held = [shard for each in ranges for first, last in [map(int, each.split("-"))] for shard in range(first, last + 1)]
        assert held == list(range(SHARDS))


def test_several_processes_are_measured_where_this_version_knows_them() -> None:
    known = {"shard_count", "shards"} <= Settings.model_fields.keys()
    assert (not_known() == "") is known
    if not known:
        assert "does not know MATCHDAY_SHARD_COUNT and MATCHDAY_SHARDS" in not_known()


def test_every_picture_that_the_page_shows_is_drawn(tmp_path: Path) -> None:
    run = a_run("SQLite", "PostgreSQL")
    draw_all(tmp_path / "pictures", run)
    drawn = sorted(path.name for path in (tmp_path / "pictures").iterdir())
    assert drawn == ["bench-burst.png", "bench-latency.png", "bench-memory.png"]
    assert all(f"(pictures/{name})" in page(run) for name in drawn)


def test_what_is_put_into_a_document_stands_between_its_markers(tmp_path: Path) -> None:
    document = tmp_path / "README.md"
    document.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    write_into(document, "new")
    assert document.read_text(encoding="utf-8") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    document.write_text("nothing", encoding="utf-8")
    with pytest.raises(ValueError, match="has no"):
        write_into(document, "new")


def test_a_quick_run_has_every_part_of_a_whole_one() -> None:
    assert len(QUICK.stored) > 1
    assert len(WHOLE.stored) > 1
    assert all(WHOLE.stored[index] > WHOLE.stored[index - 1] for index in range(1, len(WHOLE.stored)))


# --- what stands in the documents


def section(text: str, name: str) -> list[str]:
    """Return the lines of a document's section."""
    return text.partition(f"## {name}\n")[2].partition("\n## ")[0].splitlines()


def test_the_readme_says_the_same_as_a_page_of_the_same_run() -> None:
    for run in (a_run("SQLite", "PostgreSQL"), a_run("SQLite"), with_processes(a_run("SQLite", "PostgreSQL"))):
        assert differences(readme_block(run), page(run)) == []


def test_a_number_that_was_changed_in_the_readme_is_found() -> None:
    run = with_processes(a_run("SQLite", "PostgreSQL"))
    block = readme_block(run)
    assert differences(block.replace("| 12.00 |", "| 11.00 |", 1), page(run)) != []
    assert differences(block.replace("| 1.50 |", "| 1.40 |", 1), page(run)) != []
    assert differences(block.replace("Measured on 2", "Measured on 1"), page(run)) != []
    assert differences(f"{block}\n| more | 3.00 ms |", page(run)) != []


def test_what_the_readme_quotes_are_the_ratios_of_the_page() -> None:
    block = (ROOT / "README.md").read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert differences(block, (ROOT / "docs/bench.md").read_text(encoding="utf-8")) == []


def differences(block: str, whole: str) -> list[str]:
    """Return where a README's block and the page do not say the same: day, machine, every ratio; and what is no ratio."""
    found = [f"no ratio: {each.group()}" for each in UNITS.finditer(block)]
    said, written = MEASURED.findall(block), MEASURED.findall(whole)
    if not said or said != written:
        found.append(f"{said} is not {written}")
    tables = [part.splitlines() for part in block.split("\n\n") if part.startswith("|")]
    return found + [each for lines in tables for each in of_a_table(lines, whole)]


def of_a_table(lines: list[str], whole: str) -> list[str]:
    found: list[str] = []
    kinds = [each.strip() for each in lines[0].strip("|").split("|")][1:-1]
    for column, kind in enumerate(kinds, 1):
        held = ratios_in(section(whole, kind), 3)
        said = {what: ratio for what, ratio in ratios_in(lines[1:], column).items() if ratio}
        if not said:
            found.append(f"nothing is quoted for {kind}")
        found += [f"{kind}, {what}: {ratio} is not {held.get(what)}" for what, ratio in said.items() if held.get(what) != ratio]
    return found


def test_ratios_are_read_from_the_rows_of_a_table() -> None:
    lines = table([Figure("`/x`, p50", 3.0, 2.0), Figure("alone", 1.0)])
    assert ratios_in(lines, 3) == {"`/x`, p50": "1.50", "alone": ""}
