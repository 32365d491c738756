"""``/matchweek``: hour by hour on two clocks, one question once results are out, SOAP counted, cheer to nobody who did not say so."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.delivery import Delivery, DeliveryKind, Priority, member_recipient
from bot.domain.eligibility.verdicts import Verdict
from bot.domain.member import Country
from bot.domain.own_week import Result
from bot.scheduling.outbox import Unwanted
from bot.services.server_dates import Typed
from cogs.delivery._gate import NO_CHEER, cheer_gate
from cogs.matchweek._words import RESULTS, SHOWN_NEXT, VERDICTS, YOU_SAID
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.eligibility_cards import ANSWERS
from tests.support.reply_limits import assert_within_limits
from tests.support.rotation_cards import choose, select_for

BEFORE = datetime(2027, 3, 14, 12, tzinfo=UTC)
MONDAY = datetime(2027, 3, 15, 14, tzinfo=UTC)
THURSDAY = datetime(2027, 3, 18, 13, 30, tzinfo=UTC)
"""Half an hour into the first round."""
FRIDAY = datetime(2027, 3, 19, 16, tzinfo=UTC)
ANSWERS_OF_THE_WEEK = list(RESULTS.values())


@pytest.fixture(autouse=True)
async def zoned(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    await world.services.members.set_target_year(world.amira.id, 2027)


async def opened(world: World, name: str = "now", who: Any = None) -> Any:
    result = await (who or world.amira).slash(world.general, f"matchweek {name}")
    assert result.ephemeral
    assert_within_limits(components(result))
    return result.response


async def said(world: World, result: Result, at: datetime = MONDAY) -> Any:
    world.clock.move_to(at)
    message = await opened(world, "status")
    await world.amira.click(message, label=RESULTS[result])
    return message


def test_every_result_and_verdict_has_words() -> None:
    assert set(RESULTS) == set(YOU_SAID) == set(SHOWN_NEXT) == set(Result)
    assert set(VERDICTS) == set(Verdict)


async def test_the_week_stands_on_two_clocks_with_certainty_and_nothing_is_asked_before_results(world: World) -> None:
    world.clock.move_to(BEFORE)
    message = await opened(world)
    assert "**Next, in 26 hours: Match Week: did I match: Mon 15 Mar, 10:00 EDT" in text(message)
    assert "Thu 18 Mar, 09:00 EDT to 11:00, your clock Thu 18 Mar, 15:00 EET to 17:00" in text(message)
    assert "estimated by a rule, not announced" in text(message)
    assert not set(ANSWERS_OF_THE_WEEK) & set(labels(message))
    status = await opened(world, "status")
    assert "not out yet" in text(status)
    assert not set(ANSWERS_OF_THE_WEEK) & set(labels(status))


async def test_from_mondays_status_on_one_private_card_asks_and_helps(world: World) -> None:
    world.clock.move_to(MONDAY)
    message = await opened(world)
    assert "How did it go?" in text(message)
    assert "988" in text(message)
    assert [each for each in labels(message) if each in ANSWERS_OF_THE_WEEK] == ANSWERS_OF_THE_WEEK
    await world.amira.click(message, label="I did not match")
    assert "You said that you did not match." in text(message)
    assert "Look at your SOAP status in R3 first" in text(message)
    assert "/matchweek soap" in text(message)
    again = await opened(world)
    assert "How did it go?" not in text(again)
    assert "988" in text(again)


@pytest.mark.parametrize("result", Result)
async def test_every_answer_is_kept_changed_and_forgotten(world: World, result: Result) -> None:
    message = await said(world, result)
    assert YOU_SAID[result] in text(message)
    other = Result.UNSAID if result is not Result.UNSAID else Result.MATCHED
    await world.amira.click(message, label=RESULTS[other])
    assert YOU_SAID[other] in text(message)
    await world.amira.click(message, label="Forget what I said")
    assert "Nothing of it is kept" in text(message)
    assert "How did it go?" in text(message)
    assert await world.services.own_week.may_celebrate(world.amira.id, "us-match-day-celebration") is False


async def test_only_who_said_that_she_matched_is_congratulated(world: World) -> None:
    await said(world, Result.MATCHED)
    world.clock.move_to(FRIDAY)
    assert "Congratulations" in text(await opened(world))
    await said(world, Result.UNSAID, FRIDAY)
    shown = text(await opened(world))
    assert "Congratulations" not in shown
    assert "988" in shown


async def test_nobody_says_it_for_her_and_a_stale_button_changes_nothing(world: World) -> None:
    await said(world, Result.NOT_MATCHED)
    await world.services.members.set_zone(world.diego.id, "Africa/Cairo")
    seen = text(await opened(world, "status", world.diego))
    assert "How did it go?" in seen
    message = await opened(world, "status")
    world.clock.move_to(BEFORE)
    result = await world.amira.click(message, label="I matched")
    assert title(result) == "There is no result yet."


async def test_canada_has_its_own_week_and_question(world: World) -> None:
    await world.services.members.set_countries(world.amira.id, frozenset(Country))
    typed = Typed("2 March 2027 12:00", "https://www.carms.ca/match/r-1-main-residency-match/")
    await world.services.server_dates.correct(world.guild.id, "ca-2027-carms-match-day", typed, world.diego.id)
    world.clock.move_to(datetime(2027, 3, 2, 18, tzinfo=UTC))
    message = await opened(world)
    await world.amira.click(message, label="Match of Canada")
    assert title(message) == "Match Week 2027, Canada"
    assert "I matched in part" not in labels(message)
    await world.amira.click(message, label="I did not match")
    assert "second iteration" in text(message)
    assert "988" in text(message)


async def test_a_day_that_is_not_known_is_said_to_be_so_and_nothing_is_asked(world: World) -> None:
    await world.services.members.set_countries(world.amira.id, frozenset({Country.CANADA}))
    world.clock.move_to(FRIDAY)
    message = await opened(world)
    assert "match day: not known" in text(message)
    assert "How did it go?" not in text(message)
    await world.amira.click(message, label="My result")
    assert "not out yet" in text(message)


async def test_soap_says_whether_she_may_and_counts_to_45(world: World) -> None:
    world.clock.move_to(MONDAY)
    message = await opened(world, "soap")
    assert "/eligibility check" in text(message)
    await world.services.eligibility.save(world.amira.id, ANSWERS)
    message = await opened(world, "soap")
    assert "By your saved answers you may not take part." in text(message) or "not known from your saved answers" in text(message)
    for _ in range(9):
        await world.amira.click(message, label="5 sent")
    assert "45 of 45 counted, 0 left" in text(message)
    assert {each["label"]: each.get("disabled") for each in components(message) if each["type"] == 2}["1 sent"]
    await world.amira.click(message, label="Take one back")
    assert "44 of 45 counted, 1 left" in text(message)
    await world.amira.click(message, label="What is allowed")
    assert "Contact no program before it has contacted you" in text(message)
    assert_within_limits(components(message))


async def test_an_offer_accepted_ends_the_rounds_and_their_reminders(world: World) -> None:
    world.clock.move_to(MONDAY)
    message = await opened(world, "soap")
    await world.amira.click(message, label="Remind me of the rounds")
    reminders, total = await world.services.reminders.page(world.amira.id, 50, 0)
    assert total == 8
    assert [each.lead for each in reminders[:2]] == [timedelta(minutes=30), timedelta(0)]
    await said(world, Result.NOT_MATCHED, THURSDAY)
    message = await opened(world, "soap")
    assert "**Now, " in text(message)
    assert [each["value"] for each in select_for(message, "An offer that you accepted")["options"]] == ["soap-round-1", "none"]
    await choose(world.amira, message, "An offer that you accepted", "soap-round-1")
    assert "It binds you" in text(message)
    assert await world.services.reminders.page(world.amira.id, 50, 0) == ([], 0)
    await choose(world.amira, message, "An offer that you accepted", "none")
    assert "It binds you" not in text(message)


async def test_who_matched_is_shown_no_soap(world: World) -> None:
    await said(world, Result.MATCHED)
    message = await opened(world, "soap")
    assert "SOAP is not for those who matched" in text(message)
    assert "1 sent" not in labels(message)


@pytest.mark.parametrize(("label", "arrives"), [("Also in my quiet hours", True), ("Remind me of the rounds", False)])
async def test_reminders_of_rounds_pass_quiet_hours_only_where_she_says_so(world: World, label: str, arrives: bool) -> None:
    world.clock.move_to(MONDAY)
    await world.services.members.set_quiet_hours(world.amira.id, "10:00", "14:45")
    message = await opened(world, "soap")
    reply = await world.amira.click(message, label=label)
    await world.amira.click(reply.response, label="Allow direct messages")
    seen = len(world.received(world.amira))
    world.clock.move_to(datetime(2027, 3, 18, 12, 30, tzinfo=UTC))  # 14:30 in Cairo; the round begins at 15:00
    await world.send_due()
    assert (len(world.received(world.amira)) > seen) is arrives


async def test_a_reminder_of_match_day_brings_help_and_good_news_only_to_who_matched(world: World) -> None:
    for result, wanted, unwanted in ((Result.NOT_MATCHED, "988", "Congratulations"), (Result.MATCHED, "Congratulations", "988")):
        world.clock.move_to(BEFORE)
        if result is Result.NOT_MATCHED:
            reply = await world.amira.slash(world.general, "remind me", when="in 3 weeks", what="call home")
            await world.amira.click(reply.response, label="Allow direct messages")
        await world.services.reminders.cancel_ahead_of(world.amira.id, {"us-2027-match-day"})
        lead = "0" if result is Result.NOT_MATCHED else "3h"
        await world.services.reminders.remind_before(world.amira.id, "us-2027-match-day", lead, None)
        await said(world, result)
        world.clock.move_to(FRIDAY - (timedelta(hours=3) if lead == "3h" else timedelta(0)))
        await world.send_due()
        last = world.received(world.amira)[-1]
        assert wanted in last
        assert unwanted not in last


async def test_a_celebration_of_the_pack_goes_to_nobody_who_did_not_say_that_she_matched(world: World) -> None:
    def notice(pack: str) -> Delivery:
        return Delivery(
            kind=DeliveryKind.NOTICE, recipient=member_recipient(world.amira.id), source="broadcast", source_id="b", occurrence=0,
            due_at=MONDAY, priority=Priority.NORMAL, payload={"pack": pack},
        )  # fmt: skip

    world.clock.move_to(MONDAY)
    member = await world.services.members.get(world.amira.id)
    assert await cheer_gate(world.services, notice("us-match-day-celebration"), member) == Unwanted(NO_CHEER)
    assert await cheer_gate(world.services, notice("us-match-day"), member) is None
    await said(world, Result.MATCHED)
    assert await cheer_gate(world.services, notice("us-match-day-celebration"), member) is None


@pytest.mark.parametrize("at", [BEFORE, MONDAY, THURSDAY, FRIDAY, FRIDAY + timedelta(days=30)])
@pytest.mark.parametrize("result", [None, *Result])
async def test_every_card_of_every_hour_is_within_the_limits(world: World, at: datetime, result: Result | None) -> None:
    await world.services.members.set_zone(world.amira.id, "America/Argentina/ComodRivadavia")
    await world.services.eligibility.save(world.amira.id, ANSWERS)
    if result is not None and at >= MONDAY:
        await said(world, result, at)
    world.clock.move_to(at)
    for name in ("now", "status", "soap"):
        assert len(text(await opened(world, name))) + 60 <= 4_000, name
