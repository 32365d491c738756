"""``/eligibility explain`` and ``/eligibility saved``."""

from dataclasses import replace

import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from bot.domain.eligibility.answers import Eras, UsStatus
from bot.domain.member import Country
from bot.storage.tables import eligibility as table
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.eligibility_cards import ANSWERS, aims, checked, packed_in, press
from tests.support.facts import other_facts
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits

THOROUGH = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


# --- one rule


async def test_a_rule_is_explained_in_full(world: World) -> None:
    result = await world.amira.slash(world.general, "eligibility explain", rule="pathway")
    rule = world.services.catalogue.rules["us-pathway"]
    assert result.ephemeral
    assert title(result) == rule.title
    for part in (rule.text, rule.changes, *rule.guides, rule.next, rule.citation.note):
        assert part in text(result)
    # The requirement is announced; what is inferred for this season says so.
    assert "Announced. Source:" in text(result)
    assert "this season's window and limits" in text(result)
    oet = text(await world.amira.slash(world.general, "eligibility explain", rule="us-oet"))
    assert "Expected, not announced. Source:" in oet
    assert "Confirm at" in oet


async def test_a_rule_can_be_chosen_by_taps(world: World) -> None:
    card = await world.amira.slash(world.general, "eligibility explain")
    selects = [each for each in components(card) if each["type"] == 3]
    assert sum(len(each["options"]) for each in selects) == len(world.services.catalogue.rules)
    chosen_ = await world.amira.select(card.response, ["ca-nac"], custom_id="eligibility:rule:ca")
    assert title(chosen_) == "NAC Examination"


async def test_a_rule_of_her_result_says_what_it_gives_for_her(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    result = await checked(world)
    why = await world.amira.select(result.response, ["us-step2"])
    assert why.ephemeral
    assert "**For you: not met, or not yet.** Not yet: Step 2 CK is booked." in text(why)
    counted = await world.amira.select(result.response, ["us-class"])
    assert "**For you: non-US IMG.**" in text(counted)


async def test_sharing_posts_the_fact_and_nothing_of_hers(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    why = await world.amira.select((await checked(world)).response, ["us-step2"])
    shared = await press(world, why, "Share here")
    assert not shared.ephemeral
    assert "For you" not in text(shared)
    assert "EET" not in text(shared)
    assert labels(shared) == []
    assert_within_limits(components(shared))
    assert_nobody_is_mentioned(world.env.http_requests[-1:])


async def test_rules_are_suggested_while_she_types(world: World) -> None:
    choices = await world.amira.autocomplete(world.general, "eligibility explain", "rule", "seven")
    assert choices[0]["value"] == "us-seven-years"
    assert len(await world.amira.autocomplete(world.general, "eligibility explain", "rule", "")) == 25


async def test_a_rule_of_no_name_is_refused_with_a_way_on(world: World) -> None:
    result = await world.amira.slash(world.general, "eligibility explain", rule="barbecue with friends")
    assert title(result) == "I know no rule of that name."


# --- saved


async def test_saved_answers_are_shown_in_the_forms_words(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    assert title(await world.amira.slash(world.general, "eligibility saved")) == "Nothing of your eligibility is saved."
    result = await checked(world)
    saved = await press(world, result, "Save")
    assert title(saved) == "Saved"
    await press(world, result, "Save")
    assert (await world.services.mydata.summary(world.amira.id))["eligibility"] == 1

    shown = await world.amira.slash(world.general, "eligibility saved")
    assert "Your school in the World Directory: Listed, with a Sponsor Note for my graduation year" in text(shown)
    assert "The rules give the same as at the last check." in text(shown)
    assert labels(shown) == ["Check again", "Change", "Tell me when a rule or date changes", "Erase"]
    assert title(await press(world, shown, "Check again")).startswith("Eligibility, 2027 Match")


async def test_a_check_begins_with_what_is_saved(world: World) -> None:
    await aims(world, Country.CANADA)
    await world.services.eligibility.save(world.amira.id, ANSWERS)
    begin = await world.amira.slash(world.general, "eligibility check")
    assert packed_in(begin) == ANSWERS
    assert "filled with what you answered before" in text(begin)


async def test_what_is_saved_for_one_match_is_checked_for_the_one_that_she_aims_at(world: World) -> None:
    await world.services.eligibility.save(world.amira.id, ANSWERS)
    await world.services.members.set_target_year(world.amira.id, 2028)
    shown = await world.amira.slash(world.general, "eligibility saved")
    assert "You now aim at the 2028 Match" in text(shown)
    again = await press(world, shown, "Check again")
    assert packed_in(again) == replace(ANSWERS, match_year=2028, eras=Eras.UNKNOWN)


async def test_she_is_told_of_changes_only_if_she_asks(world: World) -> None:
    await world.services.eligibility.save(world.amira.id, ANSWERS)
    shown = await world.amira.slash(world.general, "eligibility saved")
    on = await press(world, shown, "Tell me when a rule or date changes")
    assert title(on) == "You will be told"
    assert "Direct messages are off" in text(on)
    assert labels(on) == ["Stop telling me", "Allow direct messages"]
    off = await press(world, on, "Stop telling me")
    assert title(off) == "You will not be told"


async def test_a_change_reaches_her_once_and_saved_shows_the_rest(world: World) -> None:
    await aims(world, Country.UNITED_STATES)
    await world.services.members.agree_to_messages(world.amira.id)
    await world.services.eligibility.save(world.amira.id, replace(ANSWERS, us_status=UsStatus.CITIZEN))
    await world.services.eligibility.tell(world.amira.id, is_to_be_told=True)
    with other_facts(world.services.catalogue):
        for _ in range(2):
            await world.services.eligibility.recheck()
            await world.send_due()
    message = world.dm_of(world.amira).history()[-1]
    assert len([each for each in world.received(world.amira) if each.startswith("A rule or a date")]) == 1
    assert "- NRMP registration: by Sun 31 Jan 2027, 23:59 EST (estimated, not announced; " in message.content
    assert "/eligibility saved" in message.content
    await world.amira.user.click(message, label="Done")
    assert world.dm_of(world.amira).history()[-1].content.endswith("Done.")


async def test_a_change_waits_in_the_inbox_whole_while_messages_are_off(world: World) -> None:
    await world.services.eligibility.save(world.amira.id, ANSWERS)
    await world.services.eligibility.tell(world.amira.id, is_to_be_told=True)
    with other_facts(world.services.catalogue):
        await world.services.eligibility.recheck()
    await world.send_due()
    inbox = await world.amira.slash(world.general, "remind inbox")
    assert "NRMP registration: by Sun 31 Jan 2027, 23:59 EST (estimated, not announced; " in text(inbox)
    assert "no prediction" in text(inbox)


async def test_erasing_asks_first_and_takes_what_waits(world: World) -> None:
    await world.services.eligibility.save(world.amira.id, ANSWERS)
    asks = await press(world, await world.amira.slash(world.general, "eligibility saved"), "Erase")
    assert await world.services.eligibility.saved(world.amira.id) is not None
    kept = await press(world, asks, "Keep")
    assert title(kept).startswith("Your saved answers")
    asks = await press(world, kept, "Erase")
    erased = await press(world, asks, "Erase")
    assert title(erased) == "Erased"
    assert await world.services.eligibility.saved(world.amira.id) is None


async def test_what_was_erased_while_its_card_was_open_is_said(world: World) -> None:
    await world.services.eligibility.save(world.amira.id, ANSWERS)
    shown = await world.amira.slash(world.general, "eligibility saved")
    await world.services.mydata.erase(world.amira.id)
    for label in ("Tell me when a rule or date changes", "Erase"):
        assert title(await press(world, shown, label)) == "Nothing of your eligibility is saved."


async def test_what_can_not_be_read_any_more_can_be_erased(world: World) -> None:
    await world.services.eligibility.save(world.amira.id, ANSWERS)
    async with world.house.database.write() as connection:
        await connection.execute(sa.update(table).values(blob=b"damaged"))
    shown = await world.amira.slash(world.general, "eligibility saved")
    assert "can't be read any more" in text(shown)
    assert title(await world.amira.slash(world.general, "eligibility check"))
    assert title(await press(world, await press(world, shown, "Erase"), "Erase")) == "Erased"


async def test_nobody_sees_what_another_saved(world: World) -> None:
    await world.services.eligibility.save(world.amira.id, ANSWERS)
    assert title(await world.diego.slash(world.general, "eligibility saved")) == "Nothing of your eligibility is saved."
    assert b"visa_needed" not in await world.services.mydata.export(world.diego.id)
