"""``/mydata``: shown, handed over, erased; and nothing of another member."""

import json
from datetime import timedelta

from tests.cogs.conftest import World, labels, text, title

SECRET = "ask Dr. Osei for the letter"


async def fill(world: World) -> None:
    """Give both members settings, reminders and a message that waits."""
    for member in (world.amira, world.diego):
        await world.services.members.set_zone(member.id, "Africa/Cairo")
        await world.services.members.agree_to_messages(member.id)
        stored = await world.services.members.get(member.id)
        await world.services.reminders.remind_me(stored, "tomorrow 9:00", f"{SECRET} ({member.name})", world.guild.id)
        await world.services.reminders.remind_me(stored, "in 3 weeks", "second", None)


async def test_nothing_stored_is_said(world: World) -> None:
    result = await world.amira.slash(world.general, "mydata show")

    assert result.ephemeral
    assert "Nothing is stored of you." in text(result)
    assert labels(result) == []
    assert not any((await world.services.mydata.summary(world.amira.id)).values())


async def test_it_shows_in_words_what_is_stored_where_and_how_long(world: World) -> None:
    await fill(world)
    result = await world.amira.slash(world.general, "mydata show")

    assert result.ephemeral
    assert "your settings, 2 reminders and 1 message" in text(result)
    assert "Time zone: Africa/Cairo" in text(result)
    assert "encrypted" in text(result)
    assert "How long" in text(result)
    assert SECRET not in text(result)


async def test_the_export_is_a_file_with_all_of_hers_and_nothing_of_the_others(world: World) -> None:
    await fill(world)
    result = await world.amira.slash(world.general, "mydata export")

    assert result.ephemeral
    (file,) = [attachment for message in (result.response, *result.followups) for attachment in message.attachments][:1]
    assert file.filename == "matchday-2026-11-22.json"
    data = json.loads(await file.read())
    written = json.dumps(data)
    assert data["member_id"] == str(world.amira.id)
    assert f"{SECRET} (amira)" in written
    assert "Africa/Cairo" in written
    assert "diego" not in written
    assert str(world.diego.id) not in written


async def test_erasing_asks_first_and_keep_keeps(world: World) -> None:
    await fill(world)
    before = await world.services.mydata.summary(world.amira.id)
    card = (await world.amira.slash(world.general, "mydata erase")).response
    assert "your settings, 2 reminders and 1 message" in text(card)
    assert labels(card) == ["Erase everything", "Keep"]

    await world.amira.click(card, label="Keep")

    assert "Nothing was erased." in text(card)
    assert labels(card) == []
    assert await world.services.mydata.summary(world.amira.id) == before


async def test_after_erasing_nothing_is_left_and_nothing_pending_is_sent(world: World) -> None:
    await fill(world)
    others = await world.services.mydata.export(world.diego.id)
    card = (await world.amira.slash(world.general, "mydata erase")).response

    await world.amira.click(card, label="Erase everything")

    assert title(card) == "Erased"
    assert "Gone: your settings, 2 reminders and 1 message." in text(card)
    assert not any((await world.services.mydata.summary(world.amira.id)).values())
    assert await world.services.mydata.export(world.diego.id) == others
    sent = len(world.received(world.amira))
    world.clock.advance(timedelta(days=30))
    await world.send_due()
    assert len(world.received(world.amira)) == sent
    assert any(SECRET in message for message in world.received(world.diego))


async def test_what_waited_in_the_inbox_is_forgotten_too(world: World) -> None:
    await fill(world)
    await world.services.members.switch_messages_off(world.amira.id)
    world.clock.advance(timedelta(days=2))
    await world.send_due()
    assert world.services.inbox.waits_for(world.amira.id)

    card = (await world.amira.slash(world.general, "mydata erase")).response
    await world.amira.click(card, label="Erase everything")

    assert not world.services.inbox.waits_for(world.amira.id)
    assert "Messages wait" not in text(card)


async def test_erasing_twice_is_fine(world: World) -> None:
    await fill(world)
    first = (await world.amira.slash(world.general, "mydata erase")).response
    second = (await world.amira.slash(world.general, "mydata erase")).response
    await world.amira.click(first, label="Erase everything")
    await world.amira.click(second, label="Erase everything")

    assert title(second) == "Erased"
    assert "Nothing is stored of you." in text(second)


async def test_it_can_be_done_from_the_card_in_direct_messages(world: World) -> None:
    await fill(world)
    shown = (await world.amira.user.slash("mydata show")).response
    asked = (await world.amira.user.click(shown, label="Erase")).response
    await world.amira.user.click(asked, label="Erase everything")

    assert not any((await world.services.mydata.summary(world.amira.id)).values())
