"""The advisors' side: claim, answer, close, the queue, the figures, a hidden name lifted; and the wrong person at every button."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.delivery import Delivery
from bot.domain.questions import QuestionState
from bot.errors import UserFacingError
from bot.scheduling.outbox import Outcome, Unknown
from bot.scheduling.pacing import Pacer
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.question_cards import MANAGER, Desk, a_desk, answer, ask, entries, moderators, said, say
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits

DAY = timedelta(days=1)


@pytest.fixture
async def desk(world: World) -> Desk:
    return await a_desk(world)


def ids(card: Any) -> list[str]:
    return [option["value"] for each in components(card) if each["type"] == 3 for option in each["options"]]


async def queue(world: World, who: Any) -> Any:
    """Use ``/advisor queue`` as somebody whom Discord shows it to."""
    command = next(each for each in await world.env.bot.tree.fetch_commands() if each.name == "advisor")
    world.guild.set_command_permissions(command, {who: True})
    return await who.slash(world.general, "advisor queue")


async def test_an_advisor_claims_answers_and_closes(world: World, desk: Desk) -> None:
    await ask(world)
    (entry,) = entries(desk)
    claimed = await desk.advisor.click(entry, label="Claim")
    assert claimed.ephemeral
    assert title(claimed) == "It is yours"
    assert f"Claimed by <@{desk.advisor.id}>" in text(entries(desk)[0])
    assert "Answered" in said(await answer(desk))
    assert f"Answered by <@{desk.advisor.id}>" in text(entries(desk)[0])
    assert "Closed" in said(await desk.advisor.click(entries(desk)[0], label="Close"))
    assert labels(entries(desk)[0]) == ["Read"]
    assert len(entries(desk)) == 1
    inbox = text(await world.amira.slash(world.general, "remind inbox"))
    assert "was closed" in inbox
    assert "Ask the program first." in inbox


async def test_two_who_claim_one_after_the_other(world: World, desk: Desk) -> None:
    await ask(world)
    (entry,) = entries(desk)
    await desk.advisor.click(entry, label="Claim")
    question_id = (await world.services.questions.page(world.amira.id, None, 1))[0][0].id
    with pytest.raises(UserFacingError, match="Another advisor has claimed"):
        await world.services.advising.claim(question_id, world.guild.id, desk.other.id)
    form = await desk.other.click(entries(desk)[0], label="Answer")
    assert "Another advisor has claimed" in said(await say(desk.other, form, "mine"))
    assert "Another advisor has claimed" in said(await desk.other.click(entries(desk)[0], label="Close"))
    again = await desk.advisor.click(entries(desk)[0], label="Answer")
    assert again.modal is not None


async def test_a_claim_holds_a_day(world: World, desk: Desk) -> None:
    await ask(world)
    await desk.advisor.click(entries(desk)[0], label="Claim")
    world.clock.advance(DAY + timedelta(minutes=1))
    assert "Answered" in said(await answer(desk, "Taken over.", desk.other))
    assert f"Answered by <@{desk.other.id}>" in text(entries(desk)[0])


async def test_what_is_done_twice_is_done_once(world: World, desk: Desk) -> None:
    await ask(world)
    before = entries(desk)[0]
    await desk.advisor.click(before, label="Claim")
    question_id = (await world.services.questions.page(world.amira.id, None, 1))[0][0].id
    first = await world.services.advising.get(question_id, world.guild.id)
    again = await world.services.advising.claim(question_id, world.guild.id, desk.advisor.id)
    assert again == first


@pytest.mark.parametrize("label", ["Claim", "Answer", "Close", "Read"])
async def test_a_member_at_the_advisors_buttons_is_refused(world: World, desk: Desk, label: str) -> None:
    await ask(world)
    strangers = [world.diego, world.amira] + ([] if label == "Read" else [desk.moderator])  # who may have to lift a name reads it
    for stranger in strangers:
        refused = await stranger.click(entries(desk)[0], label=label)
        assert refused.ephemeral
        assert "answered by the advisors of this server" in said(refused)
    found, _ = await world.services.questions.page(world.amira.id, None, 1)
    assert found[0].state is QuestionState.OPEN


async def test_a_member_at_the_advisors_commands_is_refused(world: World, desk: Desk) -> None:
    await ask(world)
    assert "answered by the advisors of this server" in said(await queue(world, world.diego))
    stats = await world.diego.slash(world.general, "advisor stats")
    assert "answered by the advisors of this server" in said(stats)


async def test_who_lost_the_role_is_refused_at_the_next_step(world: World, desk: Desk) -> None:
    await ask(world)
    form = await desk.advisor.click(entries(desk)[0], label="Answer")
    await world.services.servers.change(world.guild.id, MANAGER, advisor_roles=frozenset())
    assert "answered by the advisors of this server" in said(await say(desk.advisor, form, "too late"))


async def test_a_manager_advises_too(world: World, desk: Desk) -> None:
    await ask(world)
    assert title(await moderators(world).click(entries(desk)[0], label="Claim")) == "It is yours"


async def test_buttons_of_what_was_withdrawn_say_so(world: World, desk: Desk) -> None:
    receipt = await ask(world)
    form = await desk.advisor.click(entries(desk)[0], label="Answer")
    await world.amira.click(receipt.response, label="Withdraw")
    assert "withdrew that question" in said(await say(desk.advisor, form, "too late"))
    assert "An advisor answered" not in text(await world.amira.slash(world.general, "remind inbox"))


async def test_another_member_at_her_buttons_finds_nothing(world: World, desk: Desk) -> None:
    await ask(world)
    question_id = (await world.services.questions.page(world.amira.id, None, 1))[0][0].id
    asked = world.services.questions
    for attempt in (asked.withdraw, asked.reopen, asked.close, asked.get, asked.messages):
        with pytest.raises(UserFacingError, match="not there any more"):
            await attempt(question_id, world.diego.id)
    with pytest.raises(UserFacingError, match="not there any more"):
        await asked.reply(question_id, world.diego.id, "hello")
    with pytest.raises(UserFacingError, match="not there any more"):
        await asked.rate(question_id, world.diego.id, 1)


async def test_a_question_that_waits_a_day_is_said_once(world: World, desk: Desk) -> None:
    await ask(world)
    world.clock.advance(DAY - timedelta(minutes=1))
    await world.send_due()
    assert len(entries(desk)) == 1
    world.clock.advance(timedelta(minutes=2))
    await world.send_due()
    await world.send_due()
    entry, line = entries(desk)
    assert "A question waits" in text(line)
    assert f"/{desk.channel.id}/{entry.id}" in text(line)
    assert "waiver" not in text(line)


async def test_a_claimed_question_needs_no_reminder(world: World, desk: Desk) -> None:
    await ask(world)
    await desk.advisor.click(entries(desk)[0], label="Claim")
    world.clock.advance(DAY + timedelta(minutes=1))
    await world.send_due()
    assert len(entries(desk)) == 1


async def test_the_queue_is_oldest_first_and_paged(world: World, desk: Desk) -> None:
    topics = ["eligibility", "exams", "letters", "programs", "interviews", "rank_list", "visa", "canada", "other"]
    people = [world.guild.add_member(world.env.create_user(f"asker{number}")) for number in range(3)]
    for number, topic in enumerate(topics):
        await ask(world, people[number // 3], Topic=[topic])
        world.clock.advance(timedelta(minutes=1))
    first = await queue(world, desk.advisor)
    assert text(first).index("Eligibility") < text(first).index("Canada")
    assert "Something else" not in text(first)
    assert "9. **Something else**" in text(await desk.advisor.click(first.response, label="Later"))
    assert not [person for person in people if str(person.id) in text(first)]
    assert_within_limits(components(first))
    again = await desk.advisor.slash(world.general, "advisor queue")
    opened = await desk.advisor.select(again.response, [ids(again)[0]])
    assert "Eligibility" in title(opened)
    assert labels(opened) == ["Claim", "Answer", "Close", "Lift the hidden name"]


async def test_an_empty_queue_and_figures_say_so(world: World, desk: Desk) -> None:
    assert title(await queue(world, desk.advisor)) == "The queue is empty"
    assert "none yet" in text(await desk.advisor.slash(world.general, "advisor stats"))


async def test_the_figures_count_and_name_nobody(world: World, desk: Desk) -> None:
    await ask(world)
    world.clock.advance(timedelta(minutes=90))
    await answer(desk)
    await ask(world, world.diego, Your_name="shown")
    await queue(world, desk.advisor)
    shown = text(await desk.advisor.slash(world.general, "advisor stats"))
    assert "1 waiting, 1 answered" in shown
    assert "1 h 30 min" in shown
    for person in (world.amira, world.diego, desk.advisor):
        assert str(person.id) not in shown


async def read(desk: Desk, who: Any) -> Any:
    return await who.click(entries(desk)[0], label="Read")


async def test_a_moderator_lifts_a_hidden_name_with_a_reason_that_she_is_told(world: World, desk: Desk) -> None:
    await ask(world)
    card = await read(desk, desk.advisor)
    refused = await desk.advisor.click(card.response, label="Lift the hidden name")
    assert "lifted by moderators" in said(refused)

    manager = moderators(world)
    card = await read(desk, manager)
    assert str(world.amira.id) not in text(card)
    lifted = await say(manager, await manager.click(card.response, label="Lift the hidden name"), "threats in *every* line")
    assert lifted.ephemeral
    assert f"<@{world.amira.id}>" in text(lifted)
    inbox = text(await world.amira.slash(world.general, "remind inbox"))
    assert "lifted your hidden name" in inbox
    assert "threats in" in inbox
    assert str(world.amira.id) not in text(entries(desk)[0]) + text(await read(desk, desk.advisor))
    assert f"Hidden name lifted by <@{manager.id}>" in text(await read(desk, desk.advisor))
    again = await manager.click((await read(desk, manager)).response, label="Lift the hidden name")
    assert f"<@{world.amira.id}>" in text(again)
    (question,), _ = await world.services.questions.page(world.amira.id, None, 1)
    (deed,) = [line for line in text(await manager.slash(world.general, "server audit")).splitlines() if "name lifted" in line]
    assert f"<@{manager.id}>: **name lifted** (code: {question.code}; topic: visa)" in deed
    assert "threats" not in deed
    assert str(world.amira.id) not in deed


async def test_a_moderator_by_role_reads_and_lifts_but_does_not_answer(world: World, desk: Desk) -> None:
    await ask(world)
    card = await read(desk, desk.moderator)
    lifted = await say(desk.moderator, await desk.moderator.click(card.response, label="Lift the hidden name"), "spam")
    assert f"<@{world.amira.id}>" in text(lifted)
    assert "answered by the advisors of this server" in said(await desk.moderator.click(card.response, label="Answer"))


async def test_a_lost_channel_is_said_to_managers(world: World, desk: Desk) -> None:
    await world.services.servers.change(world.guild.id, MANAGER, advisor_channel_id=12345)
    assert "channel under Advisors is gone" in text(await moderators(world).slash(world.general, "server check"))


async def test_a_reason_of_blanks_lifts_nothing(world: World, desk: Desk) -> None:
    await ask(world)
    manager = moderators(world)
    form = await manager.click((await read(desk, manager)).response, label="Lift the hidden name")
    assert "no words" in said(await say(manager, form, "   "))
    found, _ = await world.services.questions.page(world.amira.id, None, 1)
    assert found[0].lifted_at is None


async def test_erasing_the_advisor_leaves_the_question_without_their_words(world: World, desk: Desk) -> None:
    await ask(world)
    await answer(desk, "words of the advisor")
    exported = await world.services.mydata.export(desk.advisor.id)
    assert b"words of the advisor" in exported
    assert b"waiver" not in exported
    assert str(world.amira.id).encode() not in exported
    await world.services.mydata.erase(desk.advisor.id)
    assert not any((await world.services.mydata.summary(desk.advisor.id)).values())
    mine = await world.services.questions.page(world.amira.id, None, 1)
    (message,) = await world.services.questions.messages(mine[0][0].id, world.amira.id)
    assert (message.author_id, message.text) == (None, "")
    assert mine[0][0].text


async def test_her_export_holds_nothing_of_the_advisor(world: World, desk: Desk) -> None:
    await ask(world)
    await answer(desk)
    exported = await world.services.mydata.export(world.amira.id)
    assert b"waiver" in exported
    assert str(desk.advisor.id).encode() not in exported


async def test_an_entry_that_was_deleted_stops_nothing(world: World, desk: Desk) -> None:
    await ask(world)
    gone = {"status": 404, "code": 10008, "message": "Unknown Message"}
    world.env.inject_error("PATCH", f"/channels/{desk.channel.id}/messages/{entries(desk)[0].id}", times=None, **gone)
    assert title(await desk.advisor.click(entries(desk)[0], label="Claim")) == "It is yours"
    assert "Answered" in said(await answer(desk))


async def test_the_bot_restarts_and_every_button_still_works(world: World, desk: Desk) -> None:
    await ask(world)
    await world.restart()
    assert title(await desk.advisor.click(entries(desk)[0], label="Claim")) == "It is yours"


class Away:
    """Stand for an Outbox whose every request ends without an answer."""

    async def send(self, delivery: Delivery, pacer: Pacer) -> Outcome:  # noqa: ARG002 - the protocol's
        return Unknown("no answer")

    async def find_sent(self, delivery: Delivery, pacer: Pacer) -> None:
        """Find nothing."""


async def refused_later(world: World, desk: Desk, **error: Any) -> None:
    """Let a question be sent while Discord is away, and its entry be refused when it is tried again."""
    outbox = world.house.due_loop._outbox
    world.house.due_loop.attach(Away())
    assert "Discord has not answered yet" in said(await ask(world))
    assert outbox is not None
    world.house.due_loop.attach(outbox)
    world.env.inject_error("POST", f"/channels/{desk.channel.id}/messages", times=1, **error)
    world.clock.advance(timedelta(minutes=10))
    await world.send_due()


GONE = {"status": 403, "code": 50013, "message": "Missing Permissions"}
MAY_NOT = "Discord refused it: this bot may not write in the channel."


async def test_a_question_whose_entry_is_refused_later_is_told_to_her_and_to_managers(world: World, desk: Desk) -> None:
    await world.services.members.agree_to_messages(world.amira.id)
    await refused_later(world, desk, **GONE)
    assert entries(desk) == []
    world.clock.advance(timedelta(minutes=1))
    await world.send_due()
    told = world.received(world.amira)[-1]
    assert f"Your question (visa) could not be posted in the advisors' channel. {MAY_NOT}" in told
    assert "/ask mine" in told
    assert "Visa" in text(await queue(world, desk.advisor))
    check = await moderators(world).slash(world.general, "server check")
    assert f"1 question waits without an entry in the advisors' channel; /advisor queue has it all the same. {MAY_NOT}" in text(check)
    assert_nobody_is_mentioned([each for each in world.env.http_requests if each.path.endswith("/messages")])


async def test_without_consent_that_waits_in_her_inbox(world: World, desk: Desk) -> None:
    await refused_later(world, desk, **GONE)
    world.clock.advance(timedelta(minutes=1))
    await world.send_due()
    assert "could not be posted" in text(await world.amira.slash(world.general, "remind inbox"))


@pytest.mark.parametrize("withdrawn", [True, False])
async def test_she_is_told_nothing_of_what_she_knows(world: World, desk: Desk, withdrawn: bool) -> None:
    if withdrawn:  # before the message goes out
        await refused_later(world, desk, **GONE)
        (question,), _ = await world.services.questions.page(world.amira.id, None, 5)
        await world.services.questions.withdraw(question.id, world.amira.id)
    else:  # told at once, and a draft again
        world.env.inject_error("POST", f"/channels/{desk.channel.id}/messages", times=1, **GONE)
        assert "Not sent" in said(await ask(world))
    await world.services.members.agree_to_messages(world.amira.id)
    before = world.received(world.amira)
    world.clock.advance(timedelta(minutes=2))
    await world.send_due()
    assert world.received(world.amira) == before
    assert "without an entry" not in text(await moderators(world).slash(world.general, "server check"))
    assert "could not be posted" not in text(await world.amira.slash(world.general, "remind inbox"))
