"""Every picture, of the real data and of the most awkward: its size, no text over another or off the sheet, its source, its words."""

import asyncio
import io
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from bot.catalogue.catalogue import load_catalogue
from bot.domain.calendar import WallTime
from bot.domain.letters import LetterState
from bot.domain.member import Country
from bot.domain.specialties import Group
from bot.pictures import LadderRow, Picture, comparison, draw, letter_ladder, match_rates, outcomes, rank_list_lengths, season_timeline
from bot.pictures.costs import CostBar, program_costs, program_costs_sheet
from bot.pictures.journey import WayBar, way, way_sheet
from bot.pictures.letters import letter_ladder_sheet
from bot.pictures.means import outcomes_sheet
from bot.pictures.rates import match_rates_sheet, rank_list_lengths_sheet
from bot.pictures.season import season_timeline_sheet
from bot.pictures.sheet import WIDTH, Sheet
from bot.pictures.specialties import MATCHED, PLACES, comparison_sheet

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = date(2026, 11, 24)
MOST_BYTES = 200_000
HIGHEST = 2_300

CATALOGUE = load_catalogue()
SPECIALTIES = CATALOGUE.figures.specialties
RATES = CATALOGUE.figures.match_rates
LENGTHS = CATALOGUE.figures.rank_list_lengths
SEASON = tuple(event for country in Country for event in CATALOGUE.season(country, 2027).events)  # type: ignore[union-attr]
LONGEST = replace(SPECIALTIES[0], name="Physical Medicine and Rehabilitation, with Pain")
CROWDED = tuple(
    replace(SEASON[index % len(SEASON)], id=f"crowded-{index}", name=f"{'National resident matching deadline ' * 2}{index}"[:70],
            at=WallTime(datetime(2027, 3, 1 + index % 5, 12), "America/New_York"))  # noqa: DTZ001 - wall time
    for index in range(40)
)  # fmt: skip
LADDER = tuple(LadderRow("Dr. Wilhelmina Featherstonehaugh-Cholmondeley, Infectious Diseases", state, True) for state in LetterState)
BARS = (CostBar("ERAS, Internal Medicine", 720, 1_200), CostBar("NRMP", 70, 0, 95), CostBar("Visa", 0, 0, 775))
WAY = (WayBar("School and credentials", 2, 1, 3), WayBar("Exams", 0, 0, 5), WayBar("Letters", 2, 0, 2))

Case = tuple[Callable[..., Sheet], Callable[..., Picture], tuple[Any, ...]]
CASES: dict[str, Case] = {
    **{f"outcomes {each.id}": (outcomes_sheet, outcomes, (each,)) for each in SPECIALTIES if each.outcomes},
    **{f"one {each.id}": (comparison_sheet, comparison, ((each,),)) for each in SPECIALTIES},
    "four": (comparison_sheet, comparison, (SPECIALTIES[4:8],)),
    "four longest": (comparison_sheet, comparison, ((LONGEST,) * 4,)),
    "rates": (match_rates_sheet, match_rates, (RATES,)),
    "rates of one group": (match_rates_sheet, match_rates, (tuple(each for each in RATES if each.group is Group.US_IMG),)),
    "one rate": (match_rates_sheet, match_rates, (RATES[:1],)),
    "lengths": (rank_list_lengths_sheet, rank_list_lengths, (LENGTHS,)),
    "lengths of one group": (rank_list_lengths_sheet, rank_list_lengths, (tuple(each for each in LENGTHS if each.group is Group.ALL),)),
    "season": (season_timeline_sheet, season_timeline, (SEASON, NOW)),
    "before the season": (season_timeline_sheet, season_timeline, (SEASON, NOW - timedelta(days=400))),
    "after the season": (season_timeline_sheet, season_timeline, (SEASON, NOW + timedelta(days=400))),
    "crowded season": (season_timeline_sheet, season_timeline, (CROWDED, NOW)),
    "one date": (season_timeline_sheet, season_timeline, (SEASON[:1], NOW)),
    "ladder": (letter_ladder_sheet, letter_ladder, (LADDER, date(2026, 9, 10), TODAY)),
    "twelve letters": (letter_ladder_sheet, letter_ladder, ((LADDER * 2)[:12], date(2027, 9, 10), TODAY)),
    "costs": (program_costs_sheet, program_costs, (2027, BARS, "Source: of the test.")),
    "highest costs": (
        program_costs_sheet,
        program_costs,
        (2027, (replace(BARS[0], name=LONGEST.name * 3, due=99_999),) * 10, "Source: of the test."),
    ),
    "nothing to pay": (program_costs_sheet, program_costs, (2027, (CostBar("Visa", 0),), "Source: of the test.")),
    "way": (way_sheet, way, (2027, WAY)),
    "longest way": (way_sheet, way, (2027, tuple(replace(WAY[0], name=LONGEST.name * 3) for _ in range(16)))),
    "one letter": (letter_ladder_sheet, letter_ladder, (LADDER[:1], None, TODAY)),
}


def boxes(sheet: Sheet) -> list[tuple[str, Any]]:
    sheet.canvas.draw()
    renderer = sheet.canvas.get_renderer()
    return [(text.get_text(), text.get_window_extent(renderer)) for text in sheet.texts]


@pytest.mark.parametrize("name", CASES)
def test_no_text_lies_over_another_or_off_the_sheet(name: str) -> None:
    build, _, args = CASES[name]
    sheet = build(*args)
    found = boxes(sheet)
    for text, box in found:
        assert box.x0 >= 12, text
        assert box.x1 <= WIDTH - 12, text
        assert box.y0 >= 8, text
        assert box.y1 <= sheet.height - 8, text
    for index, (text, box) in enumerate(found):
        for other, second in found[index + 1 :]:
            apart = box.x1 <= second.x0 or second.x1 <= box.x0 or box.y1 <= second.y0 + 2 or second.y1 <= box.y0 + 2
            assert apart, (text, other)


@pytest.mark.parametrize("name", CASES)
def test_it_can_be_read_on_a_phone_and_names_its_source(name: str) -> None:
    build, draw_it, args = CASES[name]
    picture = draw_it(*args)
    image = Image.open(io.BytesIO(picture.png))
    assert image.width == WIDTH
    assert 300 <= image.height <= HIGHEST
    assert len(picture.png) <= MOST_BYTES
    assert 20 <= len(picture.alt) <= 1_000
    sheet = build(*args)
    assert min(text.get_fontsize() for text in sheet.texts) >= 24 * 0.72
    written = " ".join(text.get_text() for text in sheet.texts)
    assert "Source:" in written
    assert re.search(r"\b20[12]\d\b", written)


def test_the_same_content_gives_the_same_bytes() -> None:
    assert comparison(SPECIALTIES[:2]).png == comparison(SPECIALTIES[:2]).png


def test_the_two_measures_are_told_apart_in_words() -> None:
    written = " ".join(text.get_text() for text in comparison_sheet(SPECIALTIES[5:6]).texts)
    for said in (PLACES, MATCHED, "A share of places is no chance of matching"):
        assert said in written


def test_too_few_people_give_counts_and_no_rate() -> None:
    few = next(each for each in SPECIALTIES if each.outcomes and each.outcomes.match_rate is None)
    written = [text.get_text() for text in comparison_sheet([few]).texts]
    assert any("too few for a rate" in text for text in written)


def test_what_is_not_held_is_called_so_in_every_picture() -> None:
    both = [next(each for each in SPECIALTIES if each.outcomes), next(each for each in SPECIALTIES if not each.outcomes and each.positions)]
    assert both[0].outcomes
    whole = replace(both[0].outcomes, matched=20, step2_matched=None)
    sheets = (comparison_sheet(both), outcomes_sheet(replace(both[0], outcomes=whole)))
    for sheet in sheets:
        written = [text.get_text() for text in sheet.texts]
        assert "not held" in written
        assert not any("not published" in text for text in written)


def test_the_kinds_of_places_stand_with_their_counts() -> None:
    surgery, pediatrics = (next(each for each in SPECIALTIES if each.id == wanted) for wanted in ("surgery", "pediatrics"))
    written = " ".join(text.get_text() for text in comparison_sheet([surgery]).texts).replace("\N{NO-BREAK SPACE}", " ")
    assert "12.1 % (214 of 1,774)" in written
    assert "other kinds not held" not in written
    assert "other kinds not held" in " ".join(text.get_text() for text in comparison_sheet([pediatrics]).texts)


def test_the_line_stands_between_what_has_passed_and_what_comes() -> None:
    written = [(text.get_text(), text.get_position()[1]) for text in season_timeline_sheet(SEASON, NOW).texts]
    heights = dict(written)
    here = next(height for text, height in written if text.startswith("You are here"))
    assert heights["ResidencyCAS deadline"] < here < heights["Match Day"]
    assert heights["Match Day"] < heights["Not known"]


def test_nothing_to_draw_is_an_error() -> None:
    without = next(each for each in SPECIALTIES if each.outcomes is None)
    for refused in (
        lambda: letter_ladder((), None, TODAY),
        lambda: program_costs(2027, (), ""),
        lambda: way(2027, ()),
        lambda: season_timeline((), NOW),
        lambda: outcomes(without),
    ):
        with pytest.raises(ValueError, match=r"draw|held"):
            refused()


async def test_it_is_drawn_beside_the_loop_and_once() -> None:
    drawn: list[str] = []

    def slow(text: str) -> Picture:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        drawn.append(text)
        return Picture("a.png", text.encode(), text)

    one, two, other = await asyncio.gather(draw(slow, "a"), draw(slow, "a"), draw(slow, "b"))
    assert one is two
    assert other.alt == "b"
    assert sorted(drawn) == ["a", "b"]


async def test_a_drawing_that_fails_is_not_kept() -> None:
    attempts: list[int] = []

    def failing(turn: str) -> Picture:
        attempts.append(1)
        if len(attempts) == 1:
            raise OSError
        return Picture("a.png", turn.encode(), turn)

    with pytest.raises(OSError):
        await draw(failing, "once")
    assert (await draw(failing, "once")).alt == "once"


def test_the_library_is_loaded_with_the_first_picture_only() -> None:
    code = "import sys, bot.pictures, cogs._ui.cards; print(any(name.partition('.')[0] in ('matplotlib', 'PIL') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"
