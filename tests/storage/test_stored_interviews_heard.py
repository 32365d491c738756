"""Interview invitations, stored: shown once three different members of one server have reported one, and never who."""

import asyncio
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from bot.domain.interviews_heard import Report, ShownProgram, program_id_of
from bot.storage.interviews_heard import Hidden, InterviewsHeardRepository
from bot.storage.server_tables import interview_report as table
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_member

HERE, THERE, YEAR = 7, 8, 2027
NOOR, HANA = 1100000000000003000, 1100000000000004000
DAY = date(2026, 11, 20)


@pytest.fixture
async def heard(store: Store) -> InterviewsHeardRepository:
    for member_id in (AMIRA, DIEGO, NOOR, HANA):
        await store.members.save(a_member(member_id))
    return InterviewsHeardRepository(store.database, store.cipher)


def a_report(name: str = "Boston IM", day: date = DAY, guild_id: int = HERE, year: int = YEAR) -> Report:
    return Report(guild_id, program_id_of(guild_id, year, name), year, name, day)


async def told(heard: InterviewsHeardRepository, *members: int, report: Report | None = None) -> Report:
    report = report or a_report()
    for number, member_id in enumerate(members):
        assert await heard.add(report, member_id, NOON + timedelta(seconds=number), 9)
    return report


async def test_three_different_members_of_one_server_and_season(heard: InterviewsHeardRepository) -> None:
    report = await told(heard, AMIRA, AMIRA, AMIRA, DIEGO)
    await told(heard, NOOR, HANA, report=a_report(guild_id=THERE))
    await told(heard, NOOR, HANA, report=a_report(year=2026))
    assert await heard.shown(HERE, YEAR, 9) == []
    assert await heard.how_many_shown(HERE, YEAR) == 0
    await told(heard, NOOR, report=a_report("BOSTON - im", DAY + timedelta(days=1)))
    assert await heard.shown(HERE, YEAR, 9) == [ShownProgram(report.program_id, "Boston IM", 3, DAY, DAY + timedelta(days=1))]
    assert await heard.shown(THERE, YEAR, 9) == await heard.shown(HERE, 2026, 9) == []


async def test_the_newest_come_first_in_pages(heard: InterviewsHeardRepository) -> None:
    for number in range(3):
        await told(heard, AMIRA, DIEGO, NOOR, report=a_report(f"Program {'ABC'[number]}", DAY + timedelta(days=number)))
    assert [each.name for each in await heard.shown(HERE, YEAR, 2)] == ["Program C", "Program B"]
    assert [each.name for each in await heard.shown(HERE, YEAR, 2, 2)] == ["Program A"]
    assert await heard.how_many_shown(HERE, YEAR) == 3


async def test_taken_back_or_erased_it_counts_no_more(store: Store, heard: InterviewsHeardRepository) -> None:
    report = await told(heard, AMIRA, DIEGO, NOOR, HANA)
    assert not await heard.take_back(AMIRA, THERE, report.program_id)
    assert await heard.take_back(AMIRA, HERE, report.program_id)
    assert not await heard.take_back(AMIRA, HERE, report.program_id)
    assert len(await heard.shown(HERE, YEAR, 9)) == 1
    assert (await store.privacy.export(DIEGO))["interview_reports"][0]["program"] == "Boston IM"
    assert (await store.privacy.erase(DIEGO))["interview_reports"] == 1
    assert await heard.shown(HERE, YEAR, 9) == []
    assert await heard.of_member(NOOR, None, 9) == [report]


async def test_reported_again_the_day_changes_and_nothing_is_counted_twice(heard: InterviewsHeardRepository) -> None:
    await told(heard, AMIRA)
    later = a_report("boston im", DAY + timedelta(days=1))
    assert await heard.add(later, AMIRA, NOON, 1)
    assert await heard.of_member(AMIRA, HERE, 9) == [later]
    assert not await heard.add(a_report("Elsewhere"), AMIRA, NOON, 1)
    assert await heard.add(a_report("Elsewhere", guild_id=THERE), AMIRA, NOON, 1)
    assert sorted(each.guild_id for each in await heard.of_member(AMIRA, None, 9)) == [HERE, THERE]


async def test_of_two_at_once_only_as_many_as_may_be(heard: InterviewsHeardRepository) -> None:
    added = await asyncio.gather(*(heard.add(a_report(f"Program {each}"), AMIRA, NOON, 1) for each in "ABCD"))
    assert sum(added) == 1


async def test_hidden_it_is_not_shown_until_it_is_again(heard: InterviewsHeardRepository) -> None:
    report = await told(heard, AMIRA, DIEGO, NOOR)
    program = Hidden(report.program_id, report.name)
    assert await heard.hide(program, HERE, YEAR, NOON)
    assert not await heard.hide(program, HERE, YEAR, NOON)
    assert await heard.shown(HERE, YEAR, 9) == []
    assert await heard.is_hidden(HERE, report.program_id)
    assert not await heard.is_hidden(THERE, report.program_id)
    assert await heard.hidden(HERE, YEAR, 9) == [program]
    assert await heard.hidden(THERE, YEAR, 9) == await heard.hidden(HERE, 2026, 9) == []
    assert not await heard.show_again(THERE, report.program_id)
    assert await heard.show_again(HERE, report.program_id)
    assert len(await heard.shown(HERE, YEAR, 9)) == 1


async def test_a_report_needs_a_member_and_its_name_is_not_readable(store: Store, heard: InterviewsHeardRepository) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        await heard.add(a_report(), 12345, NOON, 9)
    await told(heard, AMIRA)
    async with store.database.read() as connection:
        (row,) = (await connection.execute(sa.select(table))).all()
    assert "Boston" not in str(tuple(row))
