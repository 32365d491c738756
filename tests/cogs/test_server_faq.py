"""``/server faq``: what a server puts first in ``/faq``, who may, and that its own answers are never taken for the record's."""

from datetime import timedelta
from typing import Any

import pytest

from bot.client import MatchdayClient
from bot.domain.server_faq import MAX_ANSWER, MAX_TITLE, MOST_ENTRIES
from bot.domain.servers import Feature
from cogs.faq._words import CERTAINTIES
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.question_cards import fields, moderators, said
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits

QUESTION, ANSWER, LINK = "Question or title", "Answer", "Link"
MEETING = "When does our pomegranate circle meet?"
TOLD = "Every Tuesday at 19:00 Eastern in the voice channel."
MARK = "**An answer of this server, not of Matchday; by its moderators, as of 22 November 2026.**"


@pytest.fixture
def priya(world: World) -> Any:
    return moderators(world)


async def fill(who: Any, form: Any, question: str, answer: str, link: str = "") -> Any:
    named = fields(form)
    return await who.submit_modal(form, {named[QUESTION]: question, named[ANSWER]: answer, named[LINK]: link})


async def written(world: World, who: Any, question: str = MEETING, answer: str = TOLD, link: str = "", channel: Any = None) -> Any:
    """Fill the form of ``/server faq`` in; return the preview."""
    shown = await who.slash(channel or world.general, "server faq")
    return await fill(who, await who.click(shown.response, label="Write an answer"), question, answer, link)


async def kept(world: World, who: Any, *said_there: str, channel: Any = None) -> Any:
    """Write an answer and keep it; return the list."""
    preview = await written(world, who, *said_there, channel=channel)
    await who.click(preview.response, label="Keep it")
    return preview.response


def menu(card: Any, prefix: str) -> dict[str, Any]:
    (found,) = [each for each in components(card) if each["type"] == 3 and each["custom_id"].startswith(prefix)]
    return found


async def choose(who: Any, card: Any, prefix: str, *values: str) -> None:
    await who.select(getattr(card, "response", card), list(values), custom_id=menu(card, prefix)["custom_id"])


async def asked(world: World, question: str, who: Any = None, channel: Any = None) -> Any:
    return await (who or world.amira).slash(channel or world.general, "faq", question=question)


def numbered(card: Any) -> list[str]:
    return [line.partition(". ")[2].partition(" (")[0] for line in text(card).splitlines() if line[:1].isdigit()]


async def test_pinned_answers_stand_first_in_her_order(world: World, priya: Any) -> None:
    card = (await priya.slash(world.general, "server faq")).response
    await priya.click(card, label="Pin an answer of /faq")
    topic = next(each for each in world.services.catalogue.faq.topics if len(each.answers) > 3)
    await choose(priya, card, "serverfaq:topic", topic.id)
    assert_within_limits(components(card))
    first, second, third = topic.answers[:3]
    await choose(priya, card, "serverfaq:answers", first.id, second.id, third.id)
    assert numbered(card) == [first.question, second.question, third.question]
    await choose(priya, card, "serverfaq:open", menu(card, "serverfaq:open")["options"][2]["value"])
    await priya.click(card, label="First")
    await priya.click(card, label="Down")
    assert numbered(card) == [first.question, third.question, second.question]

    shown = await world.amira.slash(world.general, "faq")
    assert "**First in this server**" in text(shown)
    assert [each["label"] for each in menu(shown, "faq:open")["options"]] == [first.question, third.question, second.question]
    suggested = await world.amira.autocomplete(world.general, "faq", "question", "")
    assert [each["value"] for each in suggested[:3]] == [first.id, third.id, second.id]
    assert len(suggested) == 25
    await choose(world.amira, shown, "faq:open", third.id)
    assert title(shown.response) == third.question
    assert "as of" in text(shown)
    audit = text(await priya.slash(world.general, "server audit"))
    assert audit.count("answer pinned") == 3
    assert audit.count("answers ordered") == 2


async def test_an_own_answer_is_seen_first_then_found_by_loose_wording_and_marked(world: World, priya: Any) -> None:
    preview = await written(world, priya, link="https://example.org/circle")
    assert title(preview) == "Your answer, as members will see it"
    assert "The guard found nothing to warn of." in text(preview)
    assert title(await asked(world, "pomegranate circle")).startswith("None of my answers fits")
    await priya.click(preview.response, label="Keep it")
    assert numbered(preview.response) == [MEETING]
    for typed in ("pomegranate circle", "when do we meet for pomegranat", MEETING):
        found = await asked(world, typed)
        shown = text(found)
        assert title(found) == "From this server"
        for each in (MARK, MEETING, TOLD, "[example.org](<https://example.org/circle>)", "Matchday has not checked it"):
            assert each in shown
        assert [words for words in CERTAINTIES.values() if words in shown] == []
        assert_within_limits(components(found))
    (suggested, *_) = await world.amira.autocomplete(world.general, "faq", "question", "pomegra")
    assert suggested["name"] == f"{MEETING} (this server)"
    assert TOLD in text(await asked(world, suggested["value"]))


async def test_the_records_answers_are_found_as_before_beside_it(world: World, priya: Any) -> None:
    await kept(world, priya)
    await kept(world, priya, "Visa stories", "Ask Helen.")
    assert title(await asked(world, "oet grades")) == world.services.catalogue.faq.answers["oet"].question
    assert title(await asked(world, "weather in chicago in march")).startswith("None of my answers fits")
    visa = await asked(world, "visa stories")
    assert title(visa) == "From this server"
    assert "Not what you meant?" in text(visa)
    await world.amira.click(visa.response, label=labels(visa)[0])
    assert title(visa.response) != "From this server"


async def test_a_title_of_the_record_does_not_take_its_place(world: World, priya: Any) -> None:
    oet = world.services.catalogue.faq.answers["oet"]
    await kept(world, priya, oet.question, "You need no OET at all.")
    found = await asked(world, oet.question)
    assert oet.text in text(found)
    assert "You need no OET" not in text(found)


async def test_another_server_and_a_direct_message_find_nothing_of_it(world: World, priya: Any) -> None:
    await kept(world, priya)
    entry = (await world.services.server_faq.shelf(world.guild.id)).entries[0]
    other = world.env.create_guild("Elsewhere")
    lounge, there = other.create_text_channel("lounge"), other.add_member(world.amira.user)
    for shown in (
        await asked(world, MEETING, there, lounge),
        await asked(world, entry.answer_id, there, lounge),
        await world.amira.user.slash("faq", question=MEETING),
        await there.slash(lounge, "faq"),
    ):
        assert "omegranate circle meet" not in text(shown).replace(f"“{MEETING}”", "").replace("When does our pomegranate circle meet", "")
        assert TOLD not in text(shown)
    assert await there.autocomplete(lounge, "faq", "question", "pomegra") == []
    boss = moderators(world, other)
    assert numbered(await boss.slash(lounge, "server faq")) == []
    with pytest.raises(Exception, match="not there any more"):
        await world.services.server_faq.remove(other.id, boss.id, entry.id)
    assert TOLD in text(await asked(world, MEETING))


async def test_the_guard_warns_and_forbids_nothing(world: World, priya: Any) -> None:
    preview = await written(world, priya, "SOAP tip", "During SOAP call every program you applied to.")
    assert "**Read this before you keep it.** Nothing is blocked: you decide." in text(preview)
    assert "**Contact with programs during SOAP:**" in text(preview)
    await priya.click(preview.response, label="Keep it")
    assert numbered(preview.response) == ["SOAP tip"]


async def test_change_and_delete(world: World, priya: Any) -> None:
    card = await kept(world, priya)
    await choose(priya, card, "serverfaq:open", menu(card, "serverfaq:open")["options"][0]["value"])
    assert TOLD in text(card)
    form = await priya.click(card, label="Change")
    shown = await fill(priya, form, MEETING, "On Fridays.")
    assert TOLD in text(await asked(world, MEETING))  # until it is kept
    again = await fill(priya, await priya.click(shown.response, label="Change"), MEETING, "On Sundays.")
    await priya.click(again.response, label="Keep it")
    assert "On Sundays." in text(await asked(world, MEETING))
    assert numbered(again.response) == [MEETING]
    await choose(priya, again.response, "serverfaq:open", menu(again.response, "serverfaq:open")["options"][0]["value"])
    old = (await asked(world, MEETING)).response
    await priya.click(again.response, label="Delete")
    await priya.click(again.response, label="Delete it")
    assert f"Deleted: {MEETING}." in text(again.response)
    assert title(await asked(world, MEETING)).startswith("None of my answers fits")
    assert "does not stand in the record any more" in said(await world.amira.click(old, label="Share here"))
    audit = text(await priya.slash(world.general, "server audit"))
    for deed in ("answer written", "answer changed", "answer removed"):
        assert f"**{deed}** (answer: {MEETING})" in audit


async def test_members_and_moderators_are_refused(world: World, simcord_bot: MatchdayClient, priya: Any) -> None:
    role = world.guild.create_role("Watch")
    helen = world.guild.add_member(world.env.create_user("helen"), roles=[role])
    await world.services.servers.change(world.guild.id, priya.id, moderator_roles=frozenset({role.id}))
    group = next(each for each in await simcord_bot.tree.fetch_commands() if each.name == "server")
    world.guild.set_command_permissions(group, {world.amira: True, helen: True})
    for who in (world.amira, helen):
        assert title(await who.slash(world.general, "server faq")) == "Only managers of this server set it up."


HOSTILE = "@everyone <@1> **bold** ](https://evil.example) \u202egpj.exe ||hidden||"


async def test_hostile_words_stand_there_as_they_are(world: World, priya: Any) -> None:
    preview = await written(world, priya, HOSTILE[:MAX_TITLE], HOSTILE)
    assert_within_limits(components(preview))
    await priya.click(preview.response, label="Keep it")
    before = len(world.env.http_requests)
    found = await asked(world, "bold everyone hidden")
    shown = text(found)
    assert "@everyone" not in shown
    assert "\u202e" not in shown
    assert "**bold**" not in shown
    assert "](https://evil" not in shown
    await world.amira.click(found.response, label="Share here")
    assert_nobody_is_mentioned(world.env.http_requests[before:])


@pytest.mark.parametrize("link", ["http://example.org", "javascript:alert(1)", "https://x@example.org", "not an address"])
async def test_a_link_that_can_not_be_shown_is_left_out_and_the_text_kept(world: World, priya: Any, link: str) -> None:
    preview = await written(world, priya, link=link)
    assert "**Link left out:** I can't show that address." in text(preview)
    assert TOLD in text(preview)
    assert link not in text(preview)


async def test_empty_words_are_refused_and_a_missing_title_is_made(world: World, priya: Any) -> None:
    assert title(await written(world, priya, "Title", " \u200b ")) == "There is no answer in it."
    preview = await written(world, priya, "   ", TOLD)
    assert f"**{TOLD}**" in text(preview)


@pytest.mark.parametrize("filling", ["W", "*", "@here ", "post the unfilled list\n"])
async def test_the_longest_fit(world: World, priya: Any, filling: str) -> None:
    preview = await written(
        world, priya, ("*" * MAX_TITLE), (filling * MAX_ANSWER)[:MAX_ANSWER].strip(), f"https://example.org/{'x' * 170}"
    )
    assert_within_limits(components(preview))
    await priya.click(preview.response, label="Keep it")
    assert_within_limits(components(preview.response))
    assert_within_limits(components(await asked(world, (await world.services.server_faq.shelf(world.guild.id)).first[0].id)))


async def test_twenty_five_are_enough(world: World, priya: Any) -> None:
    for number in range(MOST_ENTRIES - 1):
        draft = await world.services.server_faq.draft(world.guild.id, priya.id, f"{'*' * 70}{number}", TOLD, "")
        await world.services.server_faq.keep(world.guild.id, priya.id, draft.id)
    card = await kept(world, priya, "@" * MAX_TITLE)
    assert_within_limits(components(card))
    assert "Write an answer" not in labels(card)
    assert_within_limits(components(await world.amira.slash(world.general, "faq")))
    draft = await world.services.server_faq.draft(world.guild.id, priya.id, "One more", TOLD, "")
    with pytest.raises(Exception, match="25 entries"):
        await world.services.server_faq.keep(world.guild.id, priya.id, draft.id)
    with pytest.raises(Exception, match="25 entries"):
        await world.services.server_faq.pin(world.guild.id, priya.id, "oet")


async def test_a_draft_ends_after_a_day_and_with_the_next_one(world: World, priya: Any) -> None:
    first = await written(world, priya)
    second = await written(world, priya)
    assert "draft is not there any more" in said(await priya.click(first.response, label="Keep it"))
    world.clock.advance(timedelta(days=1, minutes=1))
    assert "draft is not there any more" in said(await priya.click(second.response, label="Keep it"))


async def test_shared_it_is_still_marked_and_not_where_sharing_is_off(world: World, priya: Any) -> None:
    await kept(world, priya)
    found = await asked(world, MEETING)
    shared = await world.amira.click(found.response, label="Share here")
    assert MARK in text(shared)
    assert labels(shared) == []
    await world.services.servers.switch(world.guild.id, priya.id, Feature.SHARING, is_on=False)
    assert "switched this off" in said(await world.amira.click(found.response, label="Share here"))


async def test_the_author_erases_herself_and_the_answer_stays(world: World, priya: Any) -> None:
    await kept(world, priya)
    await written(world, priya, "A draft of mine", "Nobody has seen it.")
    assert "2 answers kept for a server" in text(await priya.slash(world.general, "mydata show"))
    await world.services.mydata.erase(priya.id)
    assert TOLD in text(await asked(world, MEETING))
    assert (await world.services.mydata.summary(priya.id))["server_answers"] == 0


async def test_it_outlives_a_restart(world: World, priya: Any) -> None:
    card = await kept(world, priya)
    found = await asked(world, MEETING)
    await world.restart()
    await choose(priya, card, "serverfaq:open", menu(card, "serverfaq:open")["options"][0]["value"])
    assert TOLD in text(card)
    assert MARK in text(await world.amira.click(found.response, label="Share here"))
