"""Who was erased stays erased: noted before it happens, finished after a crash, done again where a backup brought her back."""

from datetime import timedelta

import pytest

from bot.services import mydata
from bot.storage.erasure_log import Erased, Erasures, Step
from tests.services.conftest import Desk
from tests.support.databases import AMIRA, DIEGO

HERE, THERE = 7, 8


def noted(desk: Desk) -> Erasures:
    known = desk.house.erasing.log.read()
    assert known is not None
    return known


def steps(desk: Desk) -> list[Step]:
    return [entry.step for entry in noted(desk).entries]


async def is_stored(desk: Desk, member_id: int = AMIRA) -> bool:
    return any((await desk.services.mydata.summary(member_id)).values())


async def test_erasing_her_is_noted_before_and_after(desk: Desk) -> None:
    await desk.services.mydata.erase(AMIRA)
    assert steps(desk) == [Step.BEGUN, Step.DONE]
    assert {entry.who for entry in noted(desk).entries} <= desk.house.erasing.log.codes(Erased.MEMBER, AMIRA)


async def test_what_can_not_be_noted_is_not_done(desk: Desk) -> None:
    desk.house.erasing.log.path.mkdir()
    with pytest.raises(OSError, match="directory"):
        await desk.services.mydata.erase(AMIRA)
    assert await is_stored(desk)


async def test_what_failed_and_left_her_as_she_was_is_noted_as_that(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(_privacy: object, _member_id: int) -> dict[str, int]:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(mydata.PrivacyRepository, "erase", fails)
        with pytest.raises(OSError, match="full"):
            await desk.services.mydata.erase(AMIRA)
    assert steps(desk) == [Step.BEGUN, Step.LEFT]
    assert await desk.house.erasing.finish() == 0
    assert await is_stored(desk)


async def test_a_crash_between_is_finished_at_the_next_start(desk: Desk) -> None:
    log = desk.house.erasing.log
    await log.begin(Erased.MEMBER, AMIRA)
    assert await is_stored(desk)
    assert await desk.house.erasing.finish() == 1
    assert not await is_stored(desk)
    assert await is_stored(desk, DIEGO)
    assert noted(desk).unfinished() == []
    assert await desk.house.erasing.finish() == 0


async def test_one_who_came_back_after_an_erasure_whose_end_was_not_noted_is_kept(desk: Desk) -> None:
    await desk.services.mydata.erase(AMIRA)
    lines = desk.house.erasing.log.path.read_bytes().splitlines(keepends=True)
    desk.house.erasing.log.path.write_bytes(b"".join(lines[:-1]))
    desk.clock.move_to(noted(desk).entries[0].at + timedelta(minutes=5))
    await desk.services.members.set_zone(AMIRA, "Africa/Cairo")
    assert await desk.house.erasing.finish() == 0
    assert await is_stored(desk)
    assert noted(desk).unfinished() == []


async def test_a_server_that_is_erased_is_noted_and_erased_again(desk: Desk) -> None:
    servers = desk.services.retention._servers
    await desk.services.servers.change(HERE, DIEGO, zone="Africa/Cairo")
    await desk.services.servers.change(THERE, DIEGO, zone="Africa/Cairo")
    await desk.services.retention.server_gone(HERE)
    desk.clock.advance(timedelta(days=31))
    await desk.services.retention.look({THERE})
    assert await servers.known() == {THERE}
    entries = noted(desk).entries
    assert {entry.what for entry in entries} == {Erased.SERVER}
    await desk.services.servers.change(HERE, DIEGO, zone="Africa/Cairo")  # as a backup from before has it
    found = await desk.house.erasing.again(noted(desk).since(entries[0].at, None))
    assert found.servers == (HERE,)
    assert await servers.known() == {THERE}
    assert await servers.removed() == {}


async def test_members_of_a_backup_are_erased_again(desk: Desk) -> None:
    await desk.services.mydata.erase(AMIRA)
    await desk.services.members.set_zone(AMIRA, "Africa/Cairo")  # as a backup from before has her
    first = noted(desk).entries[0]
    found = await desk.house.erasing.again(noted(desk).since(first.at, None))
    assert found.members == (AMIRA,)
    assert not await is_stored(desk)
    assert await is_stored(desk, DIEGO)
