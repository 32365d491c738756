"""Loosely typed names of specialties: the right one, or a question, never a wrong one silently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue import load_catalogue

FIGURES = load_catalogue().figures
INDEX = FIGURES.index


def found(text: str) -> list[str]:
    return [specialty.id for specialty in INDEX.find(text)]


@pytest.mark.parametrize(
    ("typed", "specialty_id"),
    [
        ("IM", "internal-med"),
        ("im", "internal-med"),
        ("Internal Medicine residency", "internal-med"),
        ("medicine", "internal-med"),
        ("FM", "family-med"),
        ("peds", "pediatrics"),
        ("paediatrics", "pediatrics"),
        ("pediatrician", "pediatrics"),
        ("ob/gyn", "obgyn"),
        ("OBGYN", "obgyn"),
        ("obs & gynae", "obgyn"),
        ("rads", "radiology"),
        ("radiology", "radiology"),
        ("IR", "ir-integrated"),
        ("ortho", "orthopedics"),
        ("ENT", "otolaryngology"),
        ("path", "pathology"),
        ("gen surg", "surgery"),
        ("surgeon", "surgery"),
        ("psych", "psychiatry"),
        ("anesthesia", "anesthesiology"),
        ("anaesthesia", "anesthesiology"),
        ("EM", "emergency-med"),
        ("PM&R", "pmr"),
        ("med-peds", "im-peds"),
        ("TY", "transitional"),
        ("prelim surgery", "surgery"),
        ("medicine prelim", "internal-med"),
        ("urologist", "urology"),
        ("ophtho", "ophthalmology"),
        ("neurosurgeon", "neurosurgery"),
        ("  DERM  ", "dermatology"),
        # letters apart, and what people say
        ("I.M.", "internal-med"),
        ("O.B.", "obgyn"),
        ("A&E", "emergency-med"),
        ("P.M.&R.", "pmr"),
        ("ER doc", "emergency-med"),
        ("ER medicine", "emergency-med"),
        ("family doctor", "family-med"),
        ("general practitioner", "family-med"),
        ("eye surgeon", "ophthalmology"),
        ("eye surgery", "ophthalmology"),
        ("orthopod", "orthopedics"),
        ("bone surgery", "orthopedics"),
        ("plastic and reconstructive surgery", "plastics"),
        ("diagnostic rads", "radiology"),
        ("dx rads", "radiology"),
        ("ENT surgery", "otolaryngology"),
        ("ENT surgeon", "otolaryngology"),
        ("otolaryngology head neck", "otolaryngology"),
        ("IR/DR", "ir-integrated"),
        ("kids", "pediatrics"),
        ("peds prelim", "pediatrics"),
        ("internal medicine categorical", "internal-med"),
        ("IM primary care", "internal-med"),
        ("CV surgery", "thoracic"),
        ("ctsurg", "thoracic"),
        ("cardio thoracic surgery", "thoracic"),
        # typos
        ("ob/gny", "obgyn"),
        ("neurosx", "neurosurgery"),
        ("nuerology", "neurology"),
        ("famly medicine", "family-med"),
        ("internalmedicin", "internal-med"),
        ("pediatrcs", "pediatrics"),
        ("intrnal medicine", "internal-med"),
        ("neurolgy", "neurology"),
        ("anestesiology", "anesthesiology"),
        ("pyschiatry", "psychiatry"),
        ("emergency medecine", "emergency-med"),
        ("opthalmology", "ophthalmology"),
        ("dermatlogy", "dermatology"),
    ],
)
def test_a_loose_name_finds_the_right_one(typed: str, specialty_id: str) -> None:
    assert found(typed) == [specialty_id]


@pytest.mark.parametrize(
    ("typed", "candidates"),
    [
        ("prelim", {"internal-med", "surgery", "transitional"}),
        ("neuro", {"neurology", "neurosurgery"}),
        ("primary care", {"family-med", "internal-med"}),
        ("integrated", {"ir-integrated", "plastics", "thoracic", "vascular"}),
    ],
)
def test_what_could_be_several_asks(typed: str, candidates: set[str]) -> None:
    assert set(found(typed)) == candidates


@pytest.mark.parametrize(
    "typed", ["", "   ", "!?", "\u200b", "xyzzy", "q", "cardiology", "GI", "oncologist", "child psychiatry", "a" * 100]
)
def test_what_means_none_finds_none(typed: str) -> None:
    assert found(typed) == []


@pytest.mark.parametrize(
    "typed",
    [
        "FM/psych",
        "peds psych",
        "addiction psychiatry",
        "pediatric cardiology",
        "pediatric oncology",
        "interventional cardiology",
        "interventional pain",
        "interventional pulmonology",
        "hospital medicine",
        "social medicine",
        "robotic surgery",
        "burn surgery",
        "dental surgery",
        "travel medicine",
        "peds/anesthesia",
        "peds ortho",
        "vascular neurology",
        "dermatopathology",
    ],
)
def test_a_word_in_common_does_not_open_another_specialty(typed: str) -> None:
    assert found(typed) == []


@pytest.mark.parametrize("specialty", FIGURES.specialties, ids=lambda each: each.id)
def test_every_name_and_id_finds_its_own(specialty) -> None:  # noqa: ANN001
    assert found(specialty.name) == [specialty.id]
    assert specialty.id in found(specialty.id)
    for alias in specialty.aliases:
        assert specialty.id in found(alias), alias


def test_what_takes_most_imgs_is_suggested_first_while_nothing_is_typed() -> None:
    suggested = [specialty.id for specialty in INDEX.suggest("")]

    assert suggested[:3] == ["internal-med", "family-med", "pediatrics"]
    assert len(suggested) == 25


def test_suggestions_go_on_where_a_name_is_only_begun() -> None:
    assert {specialty.id for specialty in INDEX.suggest("surg")} >= {"surgery", "orthopedics", "vascular", "thoracic", "plastics"}
    assert INDEX.suggest("surg")[0].id == "surgery"
    assert INDEX.suggest("cardiology") == ()


@given(st.text(max_size=120))
def test_whatever_is_typed_is_answered(text: str) -> None:
    assert len(INDEX.find(text)) <= 25
    assert len(INDEX.suggest(text)) <= 25


@pytest.mark.parametrize(
    ("typed", "states"),
    [
        ("ohio", ["Ohio"]),
        ("OH", ["Ohio"]),
        ("in", ["Indiana"]),
        ("wyomin", ["Wyoming"]),
        ("newyork", ["New York"]),
        ("Atlantis", []),
        ("", []),
    ],
)
def test_states_are_found_whether_held_or_not(typed: str, states: list[str]) -> None:
    assert FIGURES.find_states(typed) == states
