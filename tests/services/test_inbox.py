"""The inbox: what could not be sent waits, is shown page by page, and is counted as seen only when it was shown."""

from datetime import timedelta

from tests.services.conftest import Desk
from tests.support.databases import AMIRA, DIEGO


async def refuse(desk: Desk, count: int, member_id: int = AMIRA) -> None:
    """Let so many reminders of a member fall due while Discord refuses them."""
    desk.outbox.reason = "Discord refused it."
    member = await desk.services.members.get(member_id)
    for number in range(count):
        await desk.services.reminders.remind_me(member, f"in {number + 5} minutes", f"number {number}", None)
    desk.clock.advance(timedelta(minutes=count + 10))
    await desk.send_due()


async def test_the_newest_comes_first_and_pages_follow(desk: Desk) -> None:
    await refuse(desk, 7)
    pages = [await desk.services.inbox.page(AMIRA, 3, offset) for offset in (0, 3, 6)]

    assert [[delivery.payload["text"] for delivery in found] for found, _ in pages] == [
        ["number 6", "number 5", "number 4"],
        ["number 3", "number 2", "number 1"],
        ["number 0"],
    ]
    assert [is_more for _, is_more in pages] == [True, True, False]


async def test_it_is_told_until_all_of_it_was_shown(desk: Desk) -> None:
    await refuse(desk, 4)
    assert desk.services.inbox.waits_for(AMIRA)
    await desk.services.inbox.page(AMIRA, 3)
    assert desk.services.inbox.waits_for(AMIRA)
    await desk.services.inbox.load()
    assert desk.services.inbox.waits_for(AMIRA)
    await desk.services.inbox.page(AMIRA, 3, 3)

    assert not desk.services.inbox.waits_for(AMIRA)
    await desk.services.inbox.load()
    assert not desk.services.inbox.waits_for(AMIRA)


async def test_nobody_sees_what_waits_for_another(desk: Desk) -> None:
    await refuse(desk, 2)

    assert await desk.services.inbox.page(DIEGO, 3) == ([], False)
    assert not desk.services.inbox.waits_for(DIEGO)
    assert desk.services.inbox.waits_for(AMIRA)


async def test_after_a_start_it_still_waits(desk: Desk) -> None:
    await refuse(desk, 1)
    desk.services.inbox.forget(AMIRA)
    await desk.services.inbox.load()

    assert desk.services.inbox.waits_for(AMIRA)
