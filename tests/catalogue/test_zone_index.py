import time

import pytest

from bot.catalogue import load_catalogue
from bot.catalogue.zone_index import read_zone_table
from bot.domain.zones import zone_or_none

ZONES = load_catalogue().zones


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("cairo", "Africa/Cairo"),
        ("Africa/Cairo", "Africa/Cairo"),
        ("africa/cairo", "Africa/Cairo"),
        ("lahore", "Asia/Karachi"),
        ("mumbai", "Asia/Kolkata"),
        ("bombay", "Asia/Kolkata"),
        ("Calcutta", "Asia/Kolkata"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("kolkata", "Asia/Kolkata"),
        ("india", "Asia/Kolkata"),
        ("new york", "America/New_York"),
        ("nyc", "America/New_York"),
        ("US/Eastern", "America/New_York"),
        ("usa", "America/New_York"),
        ("toronto", "America/Toronto"),
        ("são paulo", "America/Sao_Paulo"),
        ("sao paulo", "America/Sao_Paulo"),
        ("bogotá", "America/Bogota"),
        ("bogta", "America/Bogota"),
        ("uk", "Europe/London"),
        ("kiev", "Europe/Kyiv"),
        ("utc", "UTC"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        ("  CAIRO\u200f  ", "Africa/Cairo"),
    ],
)
def test_a_zone_is_found_by_place(text: str, zone: str) -> None:
    assert ZONES.find(text)[0].zone == zone


def test_the_place_that_was_typed_is_shown() -> None:
    assert ZONES.find("mumbai")[0].label == "Mumbai, India"


@pytest.mark.parametrize("text", ["xyzzyx", "🕐", "\u200b", "x" * 5_000, "../../etc/passwd"])
def test_nonsense_finds_nothing(text: str) -> None:
    assert ZONES.find(text) == []


def test_nothing_typed_offers_the_big_cities() -> None:
    assert len(ZONES.find("")) == 25
    assert len(ZONES.find("a", limit=7)) == 7


def test_each_zone_is_found_once() -> None:
    for text in ("united states", "a", "san", "brazil"):
        zones = [choice.zone for choice in ZONES.find(text)]
        assert len(zones) == len(set(zones))


def test_every_zone_lies_in_one_region_and_can_be_used() -> None:
    zones = [choice.zone for region in ZONES.regions() for choice in ZONES.in_region(region)]
    assert len(zones) == len(set(zones))
    assert set(zones) == {*read_zone_table(), "UTC"}
    assert [zone for zone in zones if zone_or_none(zone) is None] == []
    assert len(ZONES.regions()) <= 25
    assert ZONES.in_region("Atlantis") == []


def test_labels_fit_a_choice_and_are_unique_within_a_region() -> None:
    for region in ZONES.regions():
        labels = [choice.label for choice in ZONES.in_region(region)]
        assert all(1 <= len(label) <= 100 for label in labels)
        assert len(labels) == len(set(labels))


def test_the_zones_of_most_people_come_first() -> None:
    assert ZONES.in_region("United States and Canada")[0].zone == "America/New_York"
    assert {"Asia/Kolkata", "Asia/Karachi", "Asia/Dhaka"} <= {choice.zone for choice in ZONES.in_region("Asia")[:25]}


def test_a_keystroke_costs_little() -> None:
    ZONES.find("warmed up")
    assert min(_seconds_for("kath") for _ in range(5)) < 0.01


def _seconds_for(text: str) -> float:
    started = time.perf_counter()
    ZONES.find(text)
    return time.perf_counter() - started
