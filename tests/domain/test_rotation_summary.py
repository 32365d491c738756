"""The one-page summary: whole on a page whatever she wrote, honest about what is left to fill in."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.letters import MAX_WRITER, WriterCountry
from bot.domain.rotation_summary import MAX_LINES, TO_FILL_IN, WIDTH, SummaryFor, rotation_summary
from bot.domain.rotations import MAX_DETAIL, MAX_PLACE, MAX_SPECIALTY, Details, Place, Rotation, RotationKind
from tests.support.clocks import NOON

ABOUT = Place(
    RotationKind.ELECTIVE, "County Hospital, wards", WriterCountry.UNITED_STATES, "internal-med", date(2026, 8, 3), date(2026, 8, 28)
)
DETAILS = Details(
    ("Dr. Osei",),
    duties="6 to 8 patients a day\nPresented on rounds",
    cases="- A teaching talk on hyponatremia",
    feedback="Shorter presentations; from week 2 I kept to five minutes",
    strengths="Clinical reasoning",
)
WHOM = SummaryFor("Dr. Osei", "Internal Medicine", 2027, date(2027, 1, 10))


def summary(about: Place = ABOUT, details: Details = DETAILS, whom: SummaryFor = WHOM, country: str = "United States") -> str:
    return rotation_summary(Rotation("r", 1, NOON, about, details), "Elective", "Internal Medicine", country, whom)


def test_what_is_known_stands_in_it() -> None:
    text = summary()
    for part in (
        "For:         Dr. Osei",
        "Applying in: Internal Medicine, 2027 Match",
        "Rotation:    Elective in Internal Medicine",
        "Place:       County Hospital, wards, United States",
        "Dates:       3 to 28 August 2026 (4 weeks)",
        "Letter by:   10 January 2027",
        "- 6 to 8 patients a day\n- Presented on rounds",
        "- A teaching talk on hyponatremia",
    ):
        assert part in text
    assert "fill in" not in text
    assert "[your name]" in text


def test_what_is_not_known_is_left_to_fill_in() -> None:
    text = summary(details=Details(), whom=SummaryFor())
    flat = " ".join(text.split())
    for bracket in ("[writer's name]", "[your specialty]", "[year] Match", "[your date]", *TO_FILL_IN.values()):
        assert bracket in flat


def assert_one_page(text: str) -> None:
    lines = text.splitlines()
    assert len(lines) <= MAX_LINES
    assert max(map(len, lines)) <= WIDTH


block = st.one_of(
    st.text(max_size=MAX_DETAIL),
    st.text("a\n", max_size=MAX_DETAIL),
    st.text("word \n-", max_size=MAX_DETAIL),
    st.just("W" * MAX_DETAIL),
    st.just("a\n" * (MAX_DETAIL // 2)),
    st.just(f"{'W' * 85}\n" * 5 + "w" * 70),
)


@given(st.builds(Details, duties=block, cases=block, feedback=block, strengths=block), st.text(max_size=MAX_PLACE))
def test_it_is_whole_on_one_page(details: Details, place: str) -> None:
    about = Place(
        RotationKind.SUB_INTERNSHIP, place, WriterCountry.UNITED_STATES, "W" * MAX_SPECIALTY, date(2025, 9, 30), date(2027, 9, 30)
    )
    whom = SummaryFor("W" * MAX_WRITER, "Physical Medicine and Rehabilitation or Obstetrics and Gynecology", 2027, date(2027, 9, 30))
    text = rotation_summary(Rotation("r", 1, NOON, about, details), "Sub-internship", "W" * MAX_SPECIALTY, "United Kingdom", whom)
    assert_one_page(text)


def test_nothing_that_she_wrote_is_lost_on_the_way() -> None:
    lines = "\n".join(f"duty {number}" for number in range(30))
    text = summary(details=Details(duties=lines))
    flat = " ".join(text.split())
    assert all(f"duty {number}" in flat for number in range(30))
    assert_one_page(text)
