"""What is one program, what is a name, and what is a day."""

from datetime import date

import pytest

from bot.domain.interviews_heard import MAX_PROGRAM, clean_name, name_of, program_id_of, program_key, read_heard

TODAY = date(2026, 11, 22)
ONE = [
    "St. Mary's Hospital / IM",
    "st marys hospital im",
    "ST-MARYS   HOSPITAL (IM)",
    "St. Mary\u2019s Hospital \u2013 IM",
    "Stmaryshospital im",
]


@pytest.mark.parametrize("name", ONE)
def test_case_blanks_and_signs_make_no_difference(name: str) -> None:
    assert program_key(name) == "stmaryshospitalim"
    assert program_id_of(7, 2027, name) == program_id_of(7, 2027, ONE[0])


def test_accents_make_none_and_letters_do() -> None:
    assert program_key("Université de Montréal") == program_key("Universite de Montreal")
    assert (
        len(
            {
                program_id_of(7, 2027, "A B C"),
                program_id_of(8, 2027, "A B C"),
                program_id_of(7, 2028, "A B C"),
                program_id_of(7, 2027, "A B D"),
            }
        )
        == 4
    )


@pytest.mark.parametrize("name", [*ONE, "Université de Montréal", "مستشفى القاهرة", "#1234 Boston (PGY-1)", "W" * MAX_PROGRAM])
def test_names_that_programs_have(name: str) -> None:
    assert clean_name(f"  {name}\n") == name.replace("   ", " ")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "\u200b\u200b\u200b",
        "ab",
        "...",
        "W" * (MAX_PROGRAM + 1),
        "1234",
        "@everyone",
        "<@123456>",
        "**bold**",
        "`code`",
        "a|b|c",
        "[x](y)",
        "https://x.example",
        "discord.gg/abc",
        "www.spam.example",
        "spam.com/x",
        "😀😀😀",
        "a\\b\\c",
    ],
)
def test_what_is_no_name(typed: str) -> None:
    assert clean_name(typed) is None


def test_what_nobody_sees_is_left_out() -> None:
    assert clean_name("Bos\u200bton \u202egpj\ufeff") == "Boston gpj"


def test_a_program_is_called_as_most_type_it() -> None:
    assert name_of(["Boston IM", "BOSTON im", "Boston IM"]) == "Boston IM"
    assert name_of(["Boston - IM", "Boston IM"]) == "Boston IM"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", TODAY),
        ("Yesterday.", date(2026, 11, 21)),
        ("20 Nov", date(2026, 11, 20)),
        ("Nov 20th", date(2026, 11, 20)),
        ("november 20, 2026", date(2026, 11, 20)),
        ("20 Nov 2026", date(2026, 11, 20)),
        ("2026-11-20", date(2026, 11, 20)),
        ("1 Dec", date(2026, 12, 1)),
        ("30 Jan", date(2026, 1, 30)),
        ("29 Feb 2028", date(2028, 2, 29)),
    ],
)
def test_days_as_they_are_typed(typed: str, day: date) -> None:
    assert read_heard(typed, TODAY) == day


@pytest.mark.parametrize(
    "typed", ["", "soon", "Nov", "Nov 2026", "2026-11", "11/12/2026", "31 Nov", "30 Feb 2026", "2026", "9" * 60, "@everyone"]
)
def test_what_is_no_day(typed: str) -> None:
    assert read_heard(typed, TODAY) is None
