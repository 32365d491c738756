"""``/ask new``: what is seen before, what advisors see, what she gets back, and that it can be taken back at once."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.member import Country
from bot.services.questions import DRAFTS_KEPT, MAX_QUESTION
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.question_cards import FACTS, MANAGER, QUESTION, Desk, a_desk, answer, ask, entries, fields, fill, preview, said, say
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits

HOSTILE = [
    "@everyone <@1100000000000001000> <@&5> <#6>",
    "[click](https://evil.example) ](x",
    "```py\n# big\n> quote ||spoiler|| **bold** <t:0:F>",
    "'; DROP TABLE question; -- {0} %s \\",
    "\u202eright to left \u200b zero \x00 null",
    "*" * MAX_QUESTION,
    "]( " * (MAX_QUESTION // 3),
]


@pytest.fixture
async def desk(world: World) -> Desk:
    return await a_desk(world)


async def set_up(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    await world.services.members.set_countries(world.amira.id, frozenset({Country.UNITED_STATES}))
    await world.services.members.set_target_year(world.amira.id, 2027)


async def test_a_question_is_seen_sent_and_stands_with_the_advisors_once(world: World, desk: Desk) -> None:
    shown = await preview(world)
    assert shown.ephemeral
    assert labels(shown) == ["Send", "Change", "Discard"]
    assert entries(desk) == []

    sent = await world.amira.click(shown.response, label="Send")
    assert title(sent) == "Sent to the advisors"
    (entry,) = entries(desk)
    assert QUESTION.split("?", maxsplit=1)[0].replace("-", "\\-") in text(entry) or QUESTION in text(entry)
    assert labels(entry) == ["Claim", "Answer", "Close", "Read"]


async def test_the_preview_is_exactly_what_advisors_see(world: World, desk: Desk) -> None:
    await set_up(world)
    shown = await preview(world, **{FACTS: ["countries"]})
    blocks = [each["content"] for each in components(shown) if each["type"] == 10][1:-1]
    await world.amira.click(shown.response, label="Send")
    entry = [each["content"] for each in components(entries(desk)[0]) if each["type"] == 10]
    assert entry[1 : 1 + len(blocks)] == blocks
    assert len(entry) == len(blocks) + 3  # the title, where it stands, and that it is relayed


async def test_only_what_she_ticked_is_shared(world: World, desk: Desk) -> None:
    await set_up(world)
    await ask(world, **{FACTS: ["target_year"]})
    shown = text(entries(desk)[0])
    assert "2027" in shown
    assert "Cairo" not in shown
    assert "United States" not in shown
    assert str(world.amira.id) not in shown
    assert "amira" not in shown


async def test_who_told_nothing_is_offered_no_facts(world: World, desk: Desk) -> None:
    assert FACTS not in fields(await world.amira.slash(world.general, "ask new"))


async def test_only_what_she_told_in_start_is_offered(world: World, desk: Desk) -> None:
    await set_up(world)
    form = await world.amira.slash(world.general, "ask new")
    assert form.modal is not None
    (facts,) = [label["component"] for label in form.modal["components"] if label["label"] == FACTS]
    assert {option["value"] for option in facts["options"]} == {"countries", "target_year", "zone"}


async def test_a_name_is_shown_only_where_she_chose_it_and_nobody_is_mentioned(world: World, desk: Desk) -> None:
    await ask(world, Your_name="shown")
    assert f"<@{world.amira.id}>" in text(entries(desk)[0])
    assert_nobody_is_mentioned([each for each in world.env.http_requests if each.path.endswith("/messages")])


async def test_a_hidden_name_has_another_code_for_each_question(world: World, desk: Desk) -> None:
    await ask(world)
    await ask(world)
    first, second = (text(entry).splitlines()[1] for entry in entries(desk))
    assert "code" in first
    assert first != second


async def test_sending_twice_posts_once(world: World, desk: Desk) -> None:
    shown = await preview(world)
    draft = await world.services.questions.draft_of(world.amira.id, world.guild.id)
    assert draft is not None
    await world.amira.click(shown.response, label="Send")
    with pytest.raises(Exception, match="sent already"):
        await world.services.questions.send(draft.id, world.amira.id, desk.channel.id)
    assert len(entries(desk)) == 1


async def test_a_draft_can_be_changed_and_discarded(world: World, desk: Desk) -> None:
    shown = await preview(world)
    form = await world.amira.click(shown.response, label="Change")
    changed = await fill(form, world.amira, Your_question="Another one", Topic=["exams"])
    assert "Another one" in text(changed)
    assert title(await world.amira.click(changed.response, label="Discard")) == "Discarded"
    assert await world.services.questions.draft_of(world.amira.id, world.guild.id) is None
    assert entries(desk) == []


async def test_without_a_channel_her_text_is_kept(world: World) -> None:
    shown = await preview(world)
    refused = await world.amira.click(shown.response, label="Send")
    assert "chosen no channel" in said(refused)
    assert "/server setup" in said(refused)
    form = await world.amira.slash(world.general, "ask new")
    assert form.modal is not None
    assert QUESTION in str(form.modal)


async def test_a_channel_that_the_bot_can_not_write_in_is_said_before(world: World, desk: Desk) -> None:
    await world.services.servers.change(world.guild.id, MANAGER, advisor_channel_id=12345)
    refused = await ask(world)
    assert "can't write in the channel" in said(refused)
    assert await world.services.questions.draft_of(world.amira.id, world.guild.id) is not None


async def test_what_discord_refuses_becomes_a_draft_again(world: World, desk: Desk) -> None:
    refusal = {"status": 403, "code": 50013, "message": "Missing Permissions"}
    world.env.inject_error("POST", f"/channels/{desk.channel.id}/messages", times=1, **refusal)
    refused = await ask(world)
    assert title(refused) == "Not sent"
    assert title(await world.amira.click(refused.response, label="Try again")) == "Sent to the advisors"
    assert len(entries(desk)) == 1


async def test_start_here_opens_the_form(world: World, desk: Desk) -> None:
    await world.services.servers.post_start_here(world.guild.id, world.general.id, 1)
    (message,) = [each for each in world.general.history() if each.author.bot]
    form = await world.amira.click(message, label="Ask an advisor")
    assert "as advisors will see it" in text(await fill(form, world.amira))


async def test_three_under_way_are_enough(world: World, desk: Desk) -> None:
    for _ in range(3):
        await ask(world)
    refused = await ask(world)
    assert "3 questions under way" in said(refused)
    assert len(entries(desk)) == 3
    assert await world.services.questions.draft_of(world.amira.id, world.guild.id) is not None
    assert title(await ask(world, world.diego)) == "Sent to the advisors"


async def test_drafts_end_after_a_week(world: World, desk: Desk) -> None:
    shown = await preview(world)
    world.clock.advance(DRAFTS_KEPT + timedelta(minutes=1))
    assert "not there any more" in said(await world.amira.click(shown.response, label="Send"))
    assert await world.services.questions.draft_of(world.amira.id, world.guild.id) is None


@pytest.mark.parametrize("how", ["start", "day"])
async def test_old_drafts_are_thrown_away(world: World, desk: Desk, how: str) -> None:
    await preview(world)
    await world.services.live_cards.plan_status()
    world.clock.advance(DRAFTS_KEPT + timedelta(minutes=1))
    await (world.restart() if how == "start" else world.send_due())
    assert (await world.services.mydata.summary(world.amira.id))["questions"] == 0


async def test_it_is_asked_in_a_server(world: World) -> None:
    assert "advisors of a server" in said(await world.amira.user.slash("ask new"))


@pytest.mark.parametrize("words", ["   ", "\n\n"])
async def test_a_question_without_words_is_refused(world: World, desk: Desk, words: str) -> None:
    assert "no words" in said(await preview(world, Your_question=words))


@pytest.mark.parametrize("words", HOSTILE)
async def test_hostile_words_stay_words_everywhere(world: World, desk: Desk, words: str) -> None:
    words = words[:MAX_QUESTION]
    shown = await preview(world, Your_question=words)
    assert_within_limits(components(shown))
    await world.amira.click(shown.response, label="Send")
    await answer(desk, words)
    mine = await world.amira.slash(world.general, "ask mine")
    assert_within_limits(components(mine))
    opened = await world.amira.select(mine.response, [options_of(mine)[0]])
    assert_within_limits(components(opened))
    await say(world.amira, await world.amira.click(opened.response, label="Reply"), words)
    read = await desk.advisor.click(entries(desk)[0], label="Read")
    assert_within_limits(components(read))
    for entry in entries(desk):
        assert_within_limits(components(entry))
        assert "](https" not in text(entry)
    assert "](https" not in text(opened) + text(read)
    assert_nobody_is_mentioned([each for each in world.env.http_requests if each.path.endswith("/messages")])


def options_of(card: Any) -> list[str]:
    return [option["value"] for each in components(card) if each["type"] == 3 for option in each["options"]]


async def test_an_answer_comes_by_direct_message_and_she_replies_from_there(world: World, desk: Desk) -> None:
    await world.amira.click((await ask(world)).response, label="Allow direct messages")
    await answer(desk, "Ask the program first.")
    message = world.dm_of(world.amira).history()[-1]
    assert "Ask the program first." in message.content
    assert labels(message) == ["Reply", "Stop answers to your questions"]
    assert "hana" not in message.content

    await say(world.amira.user, await world.amira.user.click(message, label="Reply"), "Which office?")
    entry, more = entries(desk)
    assert "Which office?" in text(more)
    assert more.reference is not None
    assert more.reference.message_id == entry.id
    assert str(world.amira.id) not in text(more) + text(entry)
    assert "Reopened since" in text(entry)


async def test_without_consent_an_answer_waits_in_her_inbox(world: World, desk: Desk) -> None:
    await ask(world)
    await answer(desk)
    inbox = await world.amira.slash(world.general, "remind inbox")
    assert "Ask the program first." in text(inbox)
    assert "An advisor answered" in text(inbox)


async def test_answers_can_be_unwanted_and_still_stand_in_mine(world: World, desk: Desk) -> None:
    await world.amira.click((await ask(world)).response, label="Allow direct messages")
    await answer(desk)
    await world.amira.user.click(world.dm_of(world.amira).history()[-1], label="Stop answers to your questions")
    before = len(world.received(world.amira))
    await answer(desk, "One more thing.")
    assert len(world.received(world.amira)) == before
    assert "One more thing." in text(await opened(world))


async def opened(world: World, who: Any = None, channel: Any = None) -> Any:
    """Open the newest question of a member."""
    who = who or world.amira
    mine = await who.slash(channel or world.general, "ask mine")
    return await who.select(mine.response, [options_of(mine)[0]])


async def test_it_is_withdrawn_at_once(world: World, desk: Desk) -> None:
    await ask(world)
    await answer(desk)
    card = await opened(world)
    await say(world.amira, await world.amira.click(card.response, label="Reply"), "my second words")
    assert len(entries(desk)) == 2
    withdrawn = await world.amira.click((await opened(world)).response, label="Withdraw")
    assert title(withdrawn) == "Withdrawn"
    (entry,) = entries(desk)
    assert "Withdrawn" in text(entry)
    assert "waiver" not in text(entry)
    assert labels(entry) == []
    exported = await world.services.mydata.export(world.amira.id)
    assert b"waiver" not in exported
    assert b"second words" not in exported


async def test_closing_reopening_and_rating(world: World, desk: Desk) -> None:
    await ask(world)
    await answer(desk)
    closed = await world.amira.click((await opened(world)).response, label="Close")
    assert labels(closed) == ["Reopen", "Withdraw"]
    rated = await world.amira.select(closed.response, ["4"])
    assert "You rated it 4 of 5." in text(rated)
    assert "Closed." in text(entries(desk)[0])
    reopened = await world.amira.click(rated.response, label="Reopen")
    assert "reopened" in title(reopened)
    assert "rated" not in text(reopened)
    assert labels(entries(desk)[0]) == ["Claim", "Answer", "Close", "Read"]


async def test_she_can_not_flood_the_advisors(world: World, desk: Desk) -> None:
    await ask(world)
    for number in range(5):
        form = await world.amira.click((await opened(world)).response, label="Reply")
        assert "Added" in said(await say(world.amira, form, f"more {number}"))
    refused = await say(world.amira, await world.amira.click((await opened(world)).response, label="Reply"), "and more")
    assert "have no answer yet" in said(refused)
    assert len(entries(desk)) == 6


async def test_mine_shows_nothing_before_and_pages_after(world: World, desk: Desk) -> None:
    assert "asked nothing" in text(await world.amira.slash(world.general, "ask mine"))
    for number in range(7):
        await ask(world, Your_question=f"question {number}")
        await world.amira.click((await opened(world)).response, label="Close")
        world.clock.advance(timedelta(minutes=1))
    mine = await world.amira.slash(world.general, "ask mine")
    assert "question 6" in text(mine)
    assert "question 1" not in text(mine)
    assert "question 1" in text(await world.amira.click(mine.response, label="Older"))


async def test_erasing_her_takes_her_words_out_of_the_channel(world: World, desk: Desk) -> None:
    await ask(world, Your_name="shown")
    await answer(desk, "kept words")
    await world.services.mydata.erase(world.amira.id)
    (entry,) = entries(desk)
    assert "Withdrawn" in text(entry)
    assert str(world.amira.id) not in text(entry)
    assert not any((await world.services.mydata.summary(world.amira.id)).values())
    assert b"kept words" in await world.services.mydata.export(desk.advisor.id)
