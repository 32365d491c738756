"""The figures as they are held: what the record says, and what the check finds when it is damaged."""

import shutil
from pathlib import Path

import pytest

from bot.catalogue import check_data, load_catalogue
from bot.catalogue.figures import figure_citations
from bot.catalogue.loading import DATA_FOLDER
from bot.domain.facts import Certainty
from bot.domain.specialties import Group, Specialty

CATALOGUE = load_catalogue()
FIGURES = CATALOGUE.figures


def specialty(specialty_id: str) -> Specialty:
    found = FIGURES.specialty(specialty_id)
    assert found is not None
    return found


def test_what_is_held() -> None:
    assert len(FIGURES.specialties) == 28
    assert [each.name for each in FIGURES.specialties] == sorted(each.name for each in FIGURES.specialties)
    assert len(FIGURES.match_rates) == 37
    assert len(FIGURES.rank_list_lengths) == 60
    assert len(FIGURES.states) == 20
    assert len(FIGURES.state_names) == 52
    assert len(FIGURES.surveys) == 22
    assert len(FIGURES.applications) == 13
    assert {split.line for each in FIGURES.specialties for split in each.splits} == {
        "Internal Medicine - categorical only",
        "Internal Medicine - primary care",
        "Medicine - preliminary",
        "General Surgery - categorical only",
        "General Surgery - preliminary",
        "Pediatrics - categorical only",
    }
    assert FIGURES.specialty("no-such") is None


@pytest.mark.parametrize(
    ("specialty_id", "year", "offered", "filled", "imgs", "percent"),
    [
        ("internal-med", 2026, 13197, 12508, 4821, 38.5),
        ("internal-med", 2025, 12952, 12439, 5015, 40.3),
        ("surgery", 2026, 3014, 2468, 503, 20.4),
        ("pathology", 2026, 636, 634, 220, 34.7),
        ("dermatology", 2026, 602, 601, 15, 2.5),
        ("vascular", 2026, 110, 110, 7, None),
        ("vascular", 2025, 102, 102, 11, 10.8),
        ("im-psych", 2026, 27, 27, 1, None),
    ],
)
def test_places_are_as_recorded(specialty_id: str, year: int, offered: int, filled: int, imgs: int, percent: float | None) -> None:
    (held,) = [each for each in specialty(specialty_id).positions if each.year == year]

    assert (held.offered, held.filled, held.imgs) == (offered, filled, imgs)
    assert (None if held.img_share is None else round(100 * held.img_share, 1)) == percent


def test_surgerys_share_hides_two_that_are_far_apart() -> None:
    shares = {split.line: round(100 * (split.positions.img_share or 0), 1) for split in specialty("surgery").splits}

    assert shares == {"General Surgery - categorical only": 12.1, "General Surgery - preliminary": 48.7}
    assert {split.positions.year for each in FIGURES.specialties for split in each.splits} == {2025}


@pytest.mark.parametrize(
    ("specialty_id", "matched", "unmatched", "percent", "step2"),
    [
        ("internal-med", 3392, 3600, 48.5, (249, 242)),
        ("family-med", 599, 513, 53.9, (231, 232)),
        ("dermatology", 5, 25, None, (None, 250)),
        ("im-peds", 8, 16, None, (None, 244)),  # NRMP gives 242 for eight people: too few to be shown
        ("thoracic", 2, 5, None, (None, None)),
    ],
)
def test_outcomes_are_as_recorded(
    specialty_id: str, matched: int, unmatched: int, percent: float | None, step2: tuple[float | None, float | None]
) -> None:
    held = specialty(specialty_id).outcomes

    assert held is not None
    assert (held.matched, held.unmatched) == (matched, unmatched)
    assert (None if held.match_rate is None else round(100 * held.match_rate, 1)) == percent
    assert (held.step2_matched, held.step2_unmatched) == step2


def test_no_mean_is_of_fewer_than_ten_people() -> None:
    for each in FIGURES.specialties:
        held = each.outcomes
        if held is None:
            continue
        if held.matched < 10:
            assert {held.step2_matched, held.ranks_matched, held.publications_matched, held.research_matched} == {None}, each.id
        if held.unmatched < 10:
            assert {held.step2_unmatched, held.ranks_unmatched} == {None}, each.id


def test_urology_and_ophthalmology_match_elsewhere() -> None:
    urology, eyes = specialty("urology"), specialty("ophthalmology")
    assert urology.separate_match is not None
    assert eyes.separate_match is not None

    assert (urology.application_service, urology.match_service) == ("ERAS", "AUA/SAU match")
    assert (urology.separate_match.applicants, urology.separate_match.matched_percent, urology.separate_match.img_percent) == (
        529,
        76,
        None,
    )
    assert [(each.year, each.offered, each.filled, each.imgs) for each in urology.positions] == [(2025, 403, 403, None)]
    assert (eyes.application_service, eyes.match_service) == ("SF Match", "SF Match")
    assert (eyes.separate_match.applicants, eyes.separate_match.matched_percent, eyes.separate_match.img_percent) == (958, 65, 21)
    assert {each.match_service for each in FIGURES.specialties if each not in (urology, eyes)} == {"NRMP"}


def test_services_that_are_not_eras() -> None:
    assert "ResidencyCAS" in specialty("emergency-med").application_service
    assert "ResidencyCAS" in specialty("obgyn").application_service
    assert "Central App" in specialty("plastics").application_service
    assert {each.id for each in FIGURES.specialties if not each.application_service.startswith("ERAS")} == {
        "emergency-med",
        "obgyn",
        "plastics",
        "ophthalmology",
    }


@pytest.mark.parametrize(
    ("specialty_id", "numbers"),
    [
        ("internal-med", {2027: "3 gold, 12 silver", 2025: "3 gold, 12 silver"}),
        ("radiology", {2027: "6 gold, 9 silver", 2025: "6 gold, 6 silver"}),
        ("pmr", {2027: "20", 2025: "8"}),
        ("thoracic", {2027: "4", 2025: "3"}),
        ("vascular", {2027: "3 gold, 12 silver"}),
        ("ir-integrated", {2027: "8", 2025: "6 gold, 6 silver"}),
        ("urology", {2027: "30"}),
        ("obgyn", {}),
        ("ophthalmology", {}),
    ],
)
def test_signals_stand_by_season(specialty_id: str, numbers: dict[int, str]) -> None:
    assert {signals.year: signals.text for signals in specialty(specialty_id).signals} == numbers


def test_signals_of_2027_are_nowhere_called_announced() -> None:
    for signals in (signals for each in FIGURES.specialties for signals in each.signals):
        announced = signals.citation.certainty is Certainty.ANNOUNCED
        assert announced == (signals.year == 2025)
        assert [source.id for source in signals.citation.sources] == ["aamc-signals-2025" if announced else "matchly-2027"]


@pytest.mark.parametrize(
    ("specialty_id", "owner"),
    [("internal-med", "aamc-signals-2025"), ("emergency-med", "residencycas-help"), ("urology", "aua"), ("plastics", None)],
)
def test_signals_are_confirmed_where_they_are_stated(specialty_id: str, owner: str | None) -> None:
    found = [each.citation.confirm_at for each in specialty(specialty_id).signals if each.year == 2027]

    assert [each.id if each else None for each in found] == [owner]


def test_letters_are_of_the_same_specialties_here_and_in_the_letter_plan() -> None:
    planned = {each for wish in CATALOGUE.letters.wishes for each in wish.specialties}
    assert planned == {each.id for each in FIGURES.specialties if each.letters}


def test_letters_are_wished_only_where_a_source_says_so() -> None:
    wishes = {each.id for each in FIGURES.specialties if each.letters}

    assert wishes == {
        *("internal-med", "family-med", "pediatrics", "psychiatry"),
        *("surgery", "neurosurgery", "orthopedics", "otolaryngology", "plastics", "thoracic", "vascular", "urology"),
        *("neurology", "radiology", "pathology", "anesthesiology"),
        *("emergency-med", "obgyn"),
    }
    for each in FIGURES.specialties:
        assert each.letters is None or each.letters.citation.certainty is not Certainty.ANNOUNCED


def test_match_rates_are_newest_first_and_those_of_imgs_have_gaps() -> None:
    years = [rate.year for rate in FIGURES.match_rates]
    assert years == sorted(years, reverse=True)
    held = {rate.year for rate in FIGURES.match_rates if rate.group is Group.US_IMG}
    assert held == set(range(2014, 2027)) - {2019, 2020}


def test_rates_of_imgs_read_in_a_copy_are_not_called_announced() -> None:
    rates = [rate for rate in FIGURES.match_rates if rate.group in (Group.US_IMG, Group.NON_US_IMG) and rate.year in (2024, 2025)]
    assert len(rates) == 4
    assert {rate.citation.certainty for rate in rates} == {Certainty.EXPECTED}


def test_every_figure_is_cited() -> None:
    for citation in figure_citations(FIGURES):
        assert citation.sources
        assert citation.as_of == FIGURES.as_of
        assert citation.certainty is not Certainty.UNKNOWN
    assert all(each.citation_service for each in FIGURES.specialties)


def test_ids_fit_four_at_a_time_into_a_custom_id() -> None:
    assert max(len(each.id) for each in FIGURES.specialties) <= 14


# --- damage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the data that a test may damage."""
    return shutil.copytree(DATA_FOLDER, tmp_path / "data", ignore=shutil.ignore_patterns("__pycache__"))


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("positions.csv", "surgery,,2026,3014,2468", "surgery,,2026,2400,2468", "surgery 2026: more filled than there are"),
        ("positions.csv", "surgery,,2026,3014,2468,1400", "surgery,,2026,3014,2468,2400", "surgery 2026: more filled than there are"),
        ("positions.csv", "\nsurgery,,2026", "\nsurgry,,2026", "specialties: surgry does not stand in specialties.toml"),
        ("positions.csv", "surgery,,2026", "surgery,,1926", "specialties/positions.csv: line"),
        ("positions.csv", "nrmp-results-2026,expected", "no-such,expected", "source no-such does not exist"),
        ("positions.csv", ",offered,", ",ofered,", "specialties/positions.csv: line 2"),
        ("outcomes.csv", "\nsurgery,2026", "\nsurgeon,2026", "specialties: surgeon does not stand"),
        ("signals.csv", "\nurology,2027", "\nurologie,2027", "specialties: urologie does not stand"),
        ("signals.csv", "expected", "surely", "specialties/signals.csv: line"),
        ("match_rates.csv", "2026,us-img,4210,2949,70.0", "2026,us-img,4210,2949,80.0", "match rate 2026 us-img: the counts give 70.0 %"),
        ("match_rates.csv", "2026,us-img", "2026,img", "specialties/match_rates.csv: line 2: group"),
        ("rank_list_lengths.csv", "2014,all,24660,76.1", "2014,all,24660,66.1", "rank lists 2014 all: the counts give 76.1 %"),
        ("states.csv", "New York,2026,4853", "New York,2026,485", "New York: more filled than there are"),
        ("state_names.csv", "state,code", "state,letters", "state_names.csv: no column"),
        ("surveys.csv", "2021,2021,MSPE,85.9,4.0", "2021,2021,MSPE,185.9,4.0", "specialties/surveys.csv: line"),
        ("specialties.toml", 'service = "sf-match"', 'service = "sf"', "ophthalmology: service: sf does not exist"),
        ("specialties.toml", 'letters = "obgyn"', 'letters = "ob"', "obgyn: letters: ob does not exist"),
        (
            "specialties.toml",
            'named_by = ["guide-interview"]',
            'named_by = ["guide-none"]',
            "emergency-med: source guide-none does not exist",
        ),
        ("specialties.toml", "[specialty.rad-onc]", "[specialty.radiation-oncology]", "at most 14|pattern"),
        ("specialties.toml", "as_of = 2026-11-22", "as_of = ", "specialties.toml"),
    ],
)
def test_damage_is_told(folder: Path, file: str, old: str, new: str, problem: str) -> None:
    path = folder / "specialties" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = check_data(folder).problems
    assert any(part in each for each in found for part in problem.split("|")), found


@pytest.mark.parametrize("file", sorted(path.name for path in (DATA_FOLDER / "specialties").iterdir()))
def test_a_missing_file_is_told(folder: Path, file: str) -> None:
    (folder / "specialties" / file).unlink()
    assert any(file in each for each in check_data(folder).problems)
