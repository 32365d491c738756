"""A program with every field filled, for tests."""

from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain.letters import ApplicationService
from bot.domain.programs import Noted, Program, ProgramStage, Reading, Share, Signal, StageChange, Track, VisaPolicy
from tests.support.clocks import NOON
from tests.support.databases import AMIRA

PAGE = "https://jasmine.example.org/residency"


def a_program(program_id: str = "p" * 16, member_id: int = AMIRA, **changes: Any) -> Program:
    whole = Program(
        id=program_id,
        member_id=member_id,
        season_year=2027,
        stage=ProgramStage.CONSIDERING,
        created_at=NOON,
        changed_at=NOON,
        name="Jasmine Hospital",
        specialty="internal-med",
        track=Track.CATEGORICAL,
        region="NY",
        service=ApplicationService.ERAS,
        code="1234140C0",
        link=PAGE,
        visa=frozenset({VisaPolicy.J1, VisaPolicy.H1B}),
        graduation_years=5,
        score_minimum=230,
        attempts_most=1,
        experience_months=3,
        experience="hands-on, in the US",
        imgs=Share(12, 30),
        school_graduates=2,
        fellowships="cardiology, GI",
        curriculum="4+1; Dr. Osei leads the clinic",
        contact="Dr. Lindqvist, 3 October",
        open_house_on=date(2026, 12, 5),
        signal=Signal.GOLD,
        statement="IM, version 2",
        notes="near my aunt",
        readings={Noted.BASICS: Reading("FREIDA", date(2026, 11, 1)), Noted.VISA: Reading(PAGE, date(2026, 11, 20))},
        carried_from=2026,
        history=(StageChange(ProgramStage.CONSIDERING, NOON),),
    )
    return replace(whole, **changes)


def bare(program_id: str = "b" * 16, member_id: int = AMIRA, **changes: Any) -> Program:
    """Return a program of which only the name is known."""
    whole = Program(program_id, member_id, 2027, ProgramStage.CONSIDERING, NOON, NOON, "Elm Clinic")
    return replace(whole, **changes)


LONGEST_LINK = "https://jasmine.example.org/" + "a" * (200 - 28)
SIGNS = "*"
"""Every sign is escaped, so it shows twice as long."""


def longest(program_id: str = "l" * 16, member_id: int = AMIRA, **changes: Any) -> Program:
    """Return a program whose every text is as long as it may be, each fact read at another long address."""
    readings = {noted: Reading(LONGEST_LINK[:-2] + f"{number:02}", date(2026, 11, 20)) for number, noted in enumerate(Noted)}
    stages = tuple(StageChange(stage, NOON) for stage in (*ProgramStage, *ProgramStage))
    whole = a_program(
        program_id,
        member_id,
        name=SIGNS * 80,
        code="",
        link=LONGEST_LINK,
        specialty="child-neuro",
        region="NL",
        track=Track.TRANSITIONAL,
        visa=frozenset({VisaPolicy.J1, VisaPolicy.H1B, VisaPolicy.OTHER}),
        experience=SIGNS * 120,
        fellowships=SIGNS * 120,
        curriculum=SIGNS * 600,
        contact=SIGNS * 120,
        statement=SIGNS * 120,
        notes=SIGNS * 600,
        readings=readings,
        stage=ProgramStage.WITHDRAWN,
        history=stages,
    )
    return replace(whole, **changes)
