"""The advised mix against hers, what to beware of, and who can speak to what; with the advice that the data holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.catalogue import Catalogue, load_catalogue
from bot.domain.letter_mix import (
    Credibility,
    LetterWarning,
    Measure,
    MixLine,
    Season,
    mix,
    voices,
    warnings_about,
    warnings_of,
)
from bot.domain.letters import (
    AskedWhen,
    Circumstance,
    Concern,
    Letter,
    LetterKind,
    LetterState,
    Setting,
    StateChange,
    Waiver,
    WriterCountry,
    WriterRole,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 24)
US, CA, UK, HOME = WriterCountry.UNITED_STATES, WriterCountry.CANADA, WriterCountry.UNITED_KINGDOM, WriterCountry.ELSEWHERE
EARLY = Season(date(2026, 6, 1), {"eras": date(2026, 9, 23)}, date(2026, 9, 10), ("internal-med",))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def a_letter(state: LetterState = LetterState.AGREED, **details: Any) -> Letter:
    known: dict[str, Any] = {
        "specialty": "internal-med",
        "country": US,
        "setting": Setting.HANDS_ON,
        "weeks": 6,
        "role": WriterRole.FACULTY,
    }
    return Letter("a", 1, 2027, state, NOON, NOON, "Dr. Osei", **(known | details))


@pytest.mark.parametrize(
    ("specialty", "plan", "is_warned"),
    [
        ("cardiology", "internal-med", False),
        ("Infectious Diseases", "internal-med", False),
        ("pediatric endocrinology", "pediatrics", False),
        ("cardiology", "pediatrics", True),
        ("neurology", "internal-med", True),
    ],
)
def test_a_subspecialist_counts_in_the_field_that_she_belongs_to(specialty: str, plan: str, *, is_warned: bool) -> None:
    season = replace(EARLY, specialties=(plan,))
    assert (LetterWarning.OTHER_SPECIALTY in warnings_about(a_letter(specialty=specialty), season)) is is_warned


@pytest.mark.parametrize(
    ("asked_on", "weeks", "is_warned"),
    [
        (date(2026, 11, 2), 4, True),  # in its first week
        (date(2026, 11, 17), 4, False),  # in its third
        (date(2026, 11, 28), 4, False),  # at its end
        (date(2027, 1, 15), 4, True),  # seven weeks after it
        (date(2026, 11, 26), 2, False),  # in the last week of two
        (date(2026, 11, 17), 2, True),  # in the first of two
    ],
)
def test_when_she_asked_is_told_by_the_day_of_asking(asked_on: date, weeks: int, *, is_warned: bool) -> None:
    asked_at = datetime(asked_on.year, asked_on.month, asked_on.day, 12, tzinfo=UTC)
    history = (StateChange(LetterState.PLANNED, NOON), StateChange(LetterState.ASKED, asked_at))
    letter = a_letter(LetterState.ASKED, last_on=date(2026, 11, 29), weeks=weeks, history=history)
    assert (LetterWarning.ASKED_AT_OTHER_TIME in warnings_about(letter, EARLY)) is is_warned
    there = replace(letter, state=LetterState.UPLOADED)
    assert LetterWarning.ASKED_AT_OTHER_TIME not in warnings_about(there, EARLY)


def bare(state: LetterState = LetterState.AGREED) -> Letter:
    return Letter("b", 1, 2027, state, NOON, NOON, "Dr. Who")


def lines(catalogue: Catalogue, letters: list[Letter], specialty: str = "internal-med") -> dict[str, MixLine]:
    return {line.wish.id: line for line in mix(letters, catalogue.letters.wishes_for(specialty), specialty)}


# --- what is wanted


@pytest.mark.parametrize(
    ("specialty", "own"),
    [
        ("internal-med", {"primary-specialty"}),
        ("psychiatry", {"primary-specialty"}),
        ("neurology", {"academic-specialty", "academic-research"}),
        ("surgery", {"surgical-faculty", "surgery-chair"}),
        ("orthopedics", {"surgical-faculty"}),
        ("emergency-med", {"emergency-standardized", "other-specialty"}),
        ("obgyn", {"obgyn-standardized", "other-specialty"}),
        ("dermatology", {"other-specialty"}),
    ],
)
def test_which_wishes_hold_for_a_specialty(catalogue: Catalogue, specialty: str, own: set[str]) -> None:
    found = {wish.id for wish in catalogue.letters.wishes_for(specialty)}
    assert found == own | {"four", "us-clinical", "north-america", "chair-helps"}


def test_both_sides_of_a_dispute_are_held_with_their_sources(catalogue: Catalogue) -> None:
    first, home, *_ = catalogue.letters.disputes
    assert [side.citation.sources[0].id for side in first.sides] == ["guide-letters", "guide-bemo"]
    assert [side.citation.sources[0].id for side in home.sides] == ["guide-letters", "guide-bemo"]


# --- how hers are counted


@pytest.mark.parametrize(
    ("details", "counted"),
    [
        ({}, {"us-clinical": 1, "north-america": 1, "primary-specialty": 1, "chair-helps": 0}),
        ({"country": CA}, {"us-clinical": 0, "north-america": 1}),
        ({"country": UK}, {"us-clinical": 0, "north-america": 0}),
        ({"country": HOME}, {"us-clinical": 0, "north-america": 0, "primary-specialty": 1}),
        ({"setting": Setting.OBSERVERSHIP}, {"us-clinical": 1}),
        ({"setting": Setting.RESEARCH}, {"us-clinical": 0}),
        ({"setting": Setting.SHADOWING}, {"us-clinical": 0}),
        ({"specialty": "surgery"}, {"primary-specialty": 0, "us-clinical": 1}),
        ({"specialty": "astrology"}, {"primary-specialty": 0}),
        ({"role": WriterRole.NOT_PHYSICIAN}, {"us-clinical": 0, "north-america": 0, "primary-specialty": 0, "four": 1}),
        ({"is_physician": False}, {"us-clinical": 0, "primary-specialty": 0}),
        ({"concerns": frozenset({Concern.FAMILY_FRIEND})}, {"us-clinical": 0}),
        ({"role": WriterRole.PROGRAM_DIRECTOR}, {"chair-helps": 1}),
        ({"role": WriterRole.CHAIR}, {"chair-helps": 1}),
        ({"kind": LetterKind.CHAIR}, {"chair-helps": 1}),
    ],
)
def test_what_one_letter_counts_for(catalogue: Catalogue, details: dict[str, Any], counted: dict[str, int]) -> None:
    found = lines(catalogue, [a_letter(**details)])
    assert {name: found[name].promised for name in counted} == counted


def test_in_surgery_any_surgical_faculty_counts_and_a_chair_of_any_is_a_chair(catalogue: Catalogue) -> None:
    found = lines(catalogue, [a_letter(specialty="urology"), a_letter(specialty="internal-med")], "surgery")
    assert found["surgical-faculty"].promised == 1
    assert found["surgical-faculty"].is_met is None


def test_a_letter_without_details_is_counted_apart(catalogue: Catalogue) -> None:
    found = lines(catalogue, [bare(), a_letter()])
    assert (found["four"].promised, found["four"].unclear) == (2, 0)
    assert (found["us-clinical"].promised, found["us-clinical"].unclear) == (1, 1)
    assert (found["primary-specialty"].promised, found["primary-specialty"].unclear) == (1, 1)


def test_planned_counts_as_hoped_and_a_no_not_at_all(catalogue: Catalogue) -> None:
    found = lines(catalogue, [a_letter(LetterState.ASKED), a_letter(LetterState.DECLINED), a_letter(LetterState.UPLOADED)])
    line = found["us-clinical"]
    assert (line.promised, line.hoped, line.missing, line.is_met) == (1, 1, 0, False)


def test_two_us_letters_are_enough_for_both_guides(catalogue: Catalogue) -> None:
    found = lines(catalogue, [a_letter(), a_letter()])
    assert (found["us-clinical"].is_met, found["north-america"].is_met, found["four"].is_met) == (True, True, False)


DETAILS = st.fixed_dictionaries(
    {
        "state": st.sampled_from(LetterState),
        "specialty": st.sampled_from(["", "internal-med", "surgery", "cardiology"]),
        "country": st.sampled_from(WriterCountry),
        "setting": st.sampled_from(Setting),
        "role": st.sampled_from(WriterRole),
        "weeks": st.none() | st.integers(0, 60),
        "is_physician": st.none() | st.booleans(),
        "concerns": st.frozensets(st.sampled_from(Concern)),
        "asked_when": st.sampled_from(AskedWhen),
        "last_on": st.none() | st.dates(date(2020, 1, 1), date(2028, 1, 1)),
        "waiver": st.sampled_from(Waiver),
    }
).map(lambda each: a_letter(**each))


@given(st.lists(DETAILS, max_size=6), DETAILS)
def test_one_more_letter_never_makes_the_mix_poorer(letters: list[Letter], another: Letter) -> None:
    wishes = load_once().letters.wishes_for("internal-med")
    for before, after in zip(mix(letters, wishes, "internal-med"), mix([*letters, another], wishes, "internal-med"), strict=True):
        assert after.promised >= before.promised
        assert after.hoped >= before.hoped
        assert after.missing <= before.missing
        assert after.promised + after.hoped + after.unclear <= sum(not each.is_declined for each in [*letters, another])


def load_once() -> Catalogue:
    global _held
    if _held is None:
        _held = load_catalogue()
    return _held


_held: Catalogue | None = None


# --- what to beware of


@pytest.mark.parametrize(
    ("details", "warned"),
    [
        ({}, set()),
        ({"weeks": 3}, {LetterWarning.TOO_SHORT}),
        ({"weeks": 4}, set()),
        ({"weeks": None}, set()),
        ({"specialty": "surgery"}, {LetterWarning.OTHER_SPECIALTY}),
        ({"specialty": ""}, set()),
        ({"concerns": frozenset({Concern.TEMPLATE})}, {LetterWarning.TEMPLATE}),
        ({"concerns": frozenset({Concern.HESITANT})}, {LetterWarning.HESITANT}),
        ({"concerns": frozenset({Concern.FAMILY_FRIEND})}, {LetterWarning.FAMILY_FRIEND}),
        ({"role": WriterRole.FAMILY_FRIEND}, {LetterWarning.FAMILY_FRIEND}),
        ({"role": WriterRole.PUBLIC_FIGURE}, {LetterWarning.PUBLIC_FIGURE}),
        ({"concerns": frozenset({Concern.PUBLIC_FIGURE})}, {LetterWarning.PUBLIC_FIGURE}),
        ({"role": WriterRole.NOT_PHYSICIAN}, {LetterWarning.NOT_PHYSICIAN}),
        ({"is_physician": False}, {LetterWarning.NOT_PHYSICIAN}),
        ({"setting": Setting.SHADOWING}, {LetterWarning.SHADOWING}),
        ({"setting": Setting.RESEARCH}, {LetterWarning.RESEARCH_ONLY}),
        ({"setting": Setting.RESEARCH_AND_CLINIC}, set()),
        ({"asked_when": AskedWhen.EARLY}, {LetterWarning.ASKED_AT_OTHER_TIME}),
        ({"asked_when": AskedWhen.LATER}, {LetterWarning.ASKED_AT_OTHER_TIME}),
        ({"asked_when": AskedWhen.WEEKS_3_TO_4}, set()),
        ({"state": LetterState.PLANNED, "last_on": date(2026, 5, 1)}, {LetterWarning.ASKED_AT_OTHER_TIME}),
        ({"state": LetterState.PLANNED, "last_on": date(2026, 7, 1)}, set()),
        ({"waiver": Waiver.KEPT}, {LetterWarning.WAIVER_KEPT}),
        ({"target_on": date(2026, 9, 23)}, {LetterWarning.MISSING_AT_REVIEW}),
        ({"target_on": date(2026, 9, 22)}, set()),
        ({"state": LetterState.UPLOADED, "target_on": date(2026, 12, 1)}, set()),
    ],
)
def test_what_one_letter_warns_of(details: dict[str, Any], warned: set[LetterWarning]) -> None:
    assert set(warnings_about(a_letter(**details), EARLY)) == warned


@pytest.mark.parametrize(("state", "missing"), [(LetterState.REQUEST_SENT, True), (LetterState.UPLOADED, False)])
def test_a_letter_that_is_not_there_when_review_has_opened_is_warned_of(state: LetterState, missing: bool) -> None:
    season = replace(EARLY, today=TODAY)
    assert (LetterWarning.MISSING_AT_REVIEW in warnings_about(a_letter(state), season)) is missing
    assert warnings_about(a_letter(LetterState.REQUEST_SENT), replace(season, review_on={})) == ()


@pytest.mark.parametrize(
    ("countries", "warned"),
    [([HOME, HOME], True), ([HOME, UK], False), ([HOME, US], False), ([HOME, WriterCountry.UNKNOWN], False), ([], False)],
)
def test_all_from_abroad(countries: list[WriterCountry], warned: bool) -> None:
    found = [each.warning for each in warnings_of([a_letter(country=country) for country in countries], EARLY)]
    assert (LetterWarning.ALL_FROM_ABROAD in found) is warned


@pytest.mark.parametrize(
    ("settings", "warned"),
    [
        ([Setting.OBSERVERSHIP, Setting.SHADOWING], True),
        ([Setting.OBSERVERSHIP, Setting.HANDS_ON], False),
        ([Setting.OBSERVERSHIP, Setting.UNKNOWN], False),
    ],
)
def test_observerships_only(settings: list[Setting], warned: bool) -> None:
    found = [each.warning for each in warnings_of([a_letter(setting=setting) for setting in settings], EARLY)]
    assert (LetterWarning.OBSERVERSHIP_ONLY in found) is warned


def test_a_letter_that_was_declined_warns_of_nothing() -> None:
    assert warnings_of([a_letter(LetterState.DECLINED, weeks=1, country=HOME, setting=Setting.OBSERVERSHIP)], EARLY) == ()


@given(st.lists(DETAILS, max_size=5))
def test_every_warning_has_a_text_and_names_its_letters(letters: list[Letter]) -> None:
    for warned in warnings_of(letters, EARLY):
        assert load_once().letters.warnings[warned.warning].text
        assert all(each in letters and not each.is_declined for each in warned.letters)


# --- who can speak to what


RECENT = TODAY - timedelta(days=60)


@pytest.mark.parametrize(
    ("circumstance", "details", "credibility"),
    [
        (Circumstance.OLDER_GRADUATION, {"last_on": RECENT}, Credibility.YES),
        (Circumstance.OLDER_GRADUATION, {"last_on": date(2023, 1, 1)}, Credibility.NO),
        (Circumstance.OLDER_GRADUATION, {"last_on": RECENT, "country": HOME}, Credibility.NO),
        (Circumstance.OLDER_GRADUATION, {}, Credibility.PERHAPS),
        (Circumstance.OLDER_GRADUATION, {"last_on": RECENT, "weeks": 3}, Credibility.NO),
        (Circumstance.OLDER_GRADUATION, {"last_on": RECENT, "setting": Setting.OBSERVERSHIP}, Credibility.NO),
        (Circumstance.ATTEMPTS, {}, Credibility.YES),
        (Circumstance.ATTEMPTS, {"country": HOME}, Credibility.YES),
        (Circumstance.ATTEMPTS, {"weeks": None}, Credibility.PERHAPS),
        (Circumstance.ATTEMPTS, {"setting": Setting.RESEARCH}, Credibility.NO),
        (Circumstance.ATTEMPTS, {"concerns": frozenset({Concern.HESITANT})}, Credibility.NO),
        (Circumstance.ATTEMPTS, {"role": WriterRole.FAMILY_FRIEND}, Credibility.NO),
        (Circumstance.GAPS, {"last_on": RECENT}, Credibility.YES),
        (Circumstance.GAPS, {"last_on": RECENT, "setting": Setting.OBSERVERSHIP}, Credibility.YES),
        (Circumstance.GAPS, {"last_on": date(2025, 10, 1)}, Credibility.NO),
        (Circumstance.CHANGE_OF_SPECIALTY, {}, Credibility.YES),
        (Circumstance.CHANGE_OF_SPECIALTY, {"specialty": "surgery"}, Credibility.NO),
        (Circumstance.CHANGE_OF_SPECIALTY, {"specialty": ""}, Credibility.PERHAPS),
    ],
)
def test_who_can_speak_to_what(circumstance: Circumstance, details: dict[str, Any], credibility: Credibility) -> None:
    (voice,) = voices(circumstance, [a_letter(**details)], ("internal-med",), TODAY)
    assert voice.credibility is credibility
    assert bool(voice.missing) is (credibility is Credibility.PERHAPS)


@given(st.lists(DETAILS, max_size=6), st.sampled_from(Circumstance))
def test_nobody_speaks_for_a_letter_that_was_declined_or_hesitant(letters: list[Letter], circumstance: Circumstance) -> None:
    for voice in voices(circumstance, letters, ("internal-med",), TODAY):
        assert not voice.letter.is_declined
        if voice.letter.concerns & {Concern.HESITANT, Concern.TEMPLATE, Concern.FAMILY_FRIEND} or voice.letter.is_physician is False:
            assert voice.credibility is Credibility.NO


def test_every_measure_is_used_by_the_data(catalogue: Catalogue) -> None:
    assert {wish.measure for wish in catalogue.letters.wishes} == set(Measure)
