"""What a member wants of her messages: kinds, pause, quiet hours, leads, nudges; and what each means when something falls due."""

from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest

from bot.domain.preferences import MessageKind
from tests.cogs.conftest import NOW, World, components, labels, text, title
from tests.support.reply_limits import assert_within_limits

RANK_LIST = "us-2027-rank-list-deadline"
AT = datetime(2027, 3, 4, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def reachable(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    await world.services.members.agree_to_messages(world.amira.id)


async def settings(world: World) -> Any:
    return (await world.amira.slash(world.general, "remind settings")).response


async def choose(world: World, card: Any, placeholder: str, values: list[str]) -> None:
    (menu,) = [each for each in components(card) if each["type"] == 3 and each["placeholder"] == placeholder]
    await world.amira.select(card, values, custom_id=menu["custom_id"])


async def remind(world: World, when: str = "in 5 minutes", what: str = "ask Dr. Osei", guild_id: int | None = None) -> None:
    member = await world.services.members.get(world.amira.id)
    await world.services.reminders.remind_me(member, when, what, guild_id)


async def quiet(world: World, begins: str, ends: str) -> Any:
    form = await world.amira.click(await settings(world), label="Quiet hours")
    first, second = [each["component"]["custom_id"] for each in form.modal["components"]]
    return await world.amira.submit_modal(form, {first: begins, second: ends})


async def test_the_settings_say_all_that_is_chosen(world: World) -> None:
    card = await settings(world)
    assert_within_limits(components(card))
    assert "**Quiet hours:** none" in text(card)
    await choose(world, card, "No kind of message is wanted", [MessageKind.OWN, MessageKind.LETTERS])
    await choose(world, card, "Usual times before a date", ["1w", "3h"])
    await world.amira.click(card, label="Nudges on")
    assert (
        "**Not wanted:** reminders of dates, changes of rules, answers to your questions, slots with advisors, notices of servers."
        in text(card)
    )
    assert "**Usual times before a date:** 1 week before, 3 hours before" in text(card)
    assert "**Nudges:** on." in text(card)
    assert "**Quiet hours:** 22:00 to 07:00" in text(await quiet(world, "10 pm", "7"))
    assert "**Quiet hours:** none" in text(await quiet(world, "", ""))


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [
        ("22:00", "", "I can't read these hours."),
        ("late", "7:00", "I can't read these hours."),
        ("25:00", "7:00", "I can't read these hours."),
        ("13 pm", "7:00", "I can't read these hours."),
        ("22:00", "22:00", "Quiet hours of a whole day would hold everything back."),
    ],
)
async def test_hours_that_can_not_be_taken_are_said(world: World, begins: str, ends: str, said: str) -> None:
    assert title(await quiet(world, begins, ends)) == said
    assert (await world.services.members.get(world.amira.id)).preferences.quiet is None


async def test_what_is_due_in_quiet_hours_waits_until_they_end(world: World) -> None:
    await quiet(world, "14:00", "18:00")  # it is 14:00 in Cairo
    await remind(world)
    world.clock.advance(timedelta(minutes=5))
    await world.send_due()
    assert len(world.received(world.amira)) == 1  # the first message only
    world.clock.move_to(NOW + timedelta(hours=4) - timedelta(minutes=1))
    await world.send_due()
    assert len(world.received(world.amira)) == 1
    world.clock.move_to(NOW + timedelta(hours=4))
    await world.send_due()
    assert "ask Dr. Osei" in world.received(world.amira)[-1]


async def test_a_reminder_whose_deadline_would_pass_comes_in_quiet_hours(world: World) -> None:
    await quiet(world, "0:00", "12:00")  # the deadline is at 4:00 in Cairo
    for lead in ("3d", "3h"):
        await world.services.reminders.remind_before(world.amira.id, RANK_LIST, lead, None)
    world.clock.move_to(AT - timedelta(days=3))  # 4:00 too, but three days early: it can wait
    await world.send_due()
    assert len(world.received(world.amira)) == 1
    world.clock.move_to(AT - timedelta(hours=1))
    await world.send_due()
    assert "Rank order list deadline" in world.received(world.amira)[-1]


async def test_a_kind_that_is_not_wanted_is_cancelled_and_waits_nowhere(world: World) -> None:
    await world.services.members.set_wanted(world.amira.id, MessageKind.OWN, wanted=False)
    await remind(world)
    world.clock.advance(timedelta(minutes=5))
    await world.send_due()
    assert len(world.received(world.amira)) == 1
    assert title(await world.amira.slash(world.general, "remind inbox")) == "Your inbox is empty"


async def test_paused_everything_waits_in_the_inbox_until_she_goes_on(world: World) -> None:
    await remind(world)
    card = (await world.amira.slash(world.general, "remind list")).response
    await world.amira.click(card, label="Pause all")
    assert "Everything is paused" in text(card)
    world.clock.advance(timedelta(minutes=5))
    await world.send_due()
    assert len(world.received(world.amira)) == 1
    assert "Your reminders were paused when it was due." in text(await world.amira.slash(world.general, "remind inbox"))

    again = (await world.amira.slash(world.general, "remind list")).response
    await world.amira.click(again, label="Go on")
    await remind(world, what="the next one")
    world.clock.advance(timedelta(minutes=5))
    await world.send_due()
    assert "the next one" in world.received(world.amira)[-1]


async def test_a_reminder_is_changed_from_the_list(world: World) -> None:
    await remind(world, "every Monday 8:00")
    card = (await world.amira.slash(world.general, "remind list")).response
    assert "every Monday at 08:00; next Mon 23 Nov 2026, 08:00 EET" in text(card)
    (menu,) = [each for each in components(card) if each["type"] == 3]
    await world.amira.select(card, [menu["options"][0]["value"]])
    assert labels(card) == ["Change", "Cancel it", "Back to the list"]
    form = await world.amira.click(card, label="Change")
    when, what = [each["component"]["custom_id"] for each in form.modal["components"]]
    changed = await world.amira.submit_modal(form, {when: "tomorrow 9:00", what: "ask Dr. Lee"})
    assert "ask Dr. Lee" in text(changed)
    assert "Mon 23 Nov 2026, 09:00 EET" in text(changed)


async def test_usual_times_are_one_tap(world: World) -> None:
    event = (await world.amira.slash(world.general, "countdown", event="rank list")).response
    assert "Remind me as usual" not in labels(event)
    await world.services.members.prefer(world.amira.id, leads=("1w", "1d"))
    event = (await world.amira.slash(world.general, "countdown", event="rank list")).response
    result = await world.amira.click(event, label="Remind me as usual")
    assert title(result) == "Reminders set"
    assert text(result).count("Rank order list deadline,") == 2
    again = await world.amira.click(event, label="Remind me as usual")
    assert title(again) == "Those reminders are set already"


async def test_a_message_becomes_a_reminder_from_its_menu(world: World) -> None:
    message = await world.diego.send(world.general, "Letters are due on Friday")
    form = await world.amira.context_menu(world.general, "Remind me about this", message)
    when, what = [each["component"] for each in form.modal["components"]]
    assert what["value"].startswith("Letters are due on Friday\nhttps://discord.com/channels/")
    result = await world.amira.submit_modal(form, {when["custom_id"]: "tomorrow 9:00", what["custom_id"]: what["value"]})
    assert title(result) == "Reminder set"
    assert result.ephemeral


# --- nudges


@pytest.fixture
def priya(world: World) -> Any:
    role = world.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("priya"), roles=[role])


async def set_up(world: World, priya: Any, channel: Any) -> Any:
    setup = await priya.slash(world.general, "server setup")
    form = await priya.click(setup.response, label="Channels")
    fields = {each["label"]: each["component"]["custom_id"] for each in form.modal["components"]}
    return await priya.submit_modal(form, {fields["Nudges"]: [channel] if channel else []})


def nudges(channel: Any) -> list[Any]:
    return [message for message in channel.history() if message.author.bot]


async def fall_due_with_closed_messages(world: World, times: int = 1) -> None:
    for _ in range(times):
        await remind(world, guild_id=world.guild.id)
    world.refuse_messages(world.amira, times=None)
    world.clock.advance(timedelta(minutes=5))
    await world.send_due()
    await world.send_due()


async def test_a_nudge_mentions_her_once_a_day_and_says_nothing_of_what_waits(world: World, priya: Any) -> None:
    corner = world.guild.create_text_channel("nudges")
    assert f"**Nudges:** <#{corner.id}>" in text(await set_up(world, priya, corner))
    await world.services.members.prefer(world.amira.id, nudges=True)
    await fall_due_with_closed_messages(world, times=2)

    (message,) = nudges(corner)
    assert message.content.startswith(f"<@{world.amira.id}>, something waits for you.")
    assert "Osei" not in message.content
    (request,) = [each for each in world.env.http_requests if each.method == "POST" and each.path.endswith(f"{corner.id}/messages")]
    allowed = request.json["allowed_mentions"]
    assert (allowed["parse"], allowed["users"], allowed.get("roles", [])) == ([], [world.amira.id], [])
    inbox = await world.amira.click(message, label="Open my inbox")
    assert inbox.ephemeral
    assert text(inbox).count("ask Dr. Osei") == 2
    hers = await world.diego.click(message, label="Open my inbox")
    assert "Osei" not in text(hers)


async def test_without_her_consent_or_a_channel_nobody_is_nudged(world: World, priya: Any) -> None:
    corner = world.guild.create_text_channel("nudges")
    await set_up(world, priya, corner)
    await fall_due_with_closed_messages(world)
    assert nudges(corner) == []

    await world.services.members.prefer(world.amira.id, nudges=True)
    assert "**Nudges:** none" in text(await set_up(world, priya, None))
    await remind(world, guild_id=world.guild.id)
    world.clock.advance(timedelta(minutes=5))
    await world.send_due()
    await world.send_due()
    assert nudges(corner) == []


async def test_erased_in_between_she_is_not_named(world: World, priya: Any) -> None:
    corner = world.guild.create_text_channel("nudges")
    await set_up(world, priya, corner)
    await world.services.members.prefer(world.amira.id, nudges=True)
    await remind(world, guild_id=world.guild.id)
    world.refuse_messages(world.amira, times=None)
    world.clock.advance(timedelta(minutes=5))
    await world.send_due()
    await world.services.mydata.erase(world.amira.id)
    await world.send_due()
    assert nudges(corner) == []


# --- managers


async def test_only_managers_set_up_and_check(world: World) -> None:
    for command in ("server setup", "server check"):
        with pytest.raises(Exception, match=r"(?i)not available|permission|unknown|visible|cannot"):
            await world.amira.slash(world.general, command)


async def test_the_check_says_how_the_sending_fares(world: World, priya: Any) -> None:
    result = await priya.slash(world.general, "server check")
    assert result.ephemeral
    assert title(result) == "All is well"
    assert "nothing is overdue" in text(result)
    await remind(world)
    world.clock.advance(timedelta(minutes=20))
    await world.house.due_loop._deliveries.fall_due(world.clock.now())
    result = await priya.slash(world.general, "server check")
    assert title(result) == "Something needs mending"
    assert "Something has waited since" in text(result)
