"""``/mydata summary``: what she told beside what is published; nothing of another member, no score, and an empty one says so."""

from typing import Any

from bot.domain.letters import LetterState, WriterCountry
from bot.domain.programs import ProgramStage
from bot.domain.rotations import RotationKind
from bot.services.rotations import Entry
from tests.cogs.conftest import World, components, text
from tests.support.eligibility_cards import ANSWERS
from tests.support.program_lists import hers, put
from tests.support.rank_cards import keep
from tests.support.reply_limits import assert_within_limits


async def page(world: World, who: Any) -> str:
    """Return the page as the member opens it."""
    result = await who.slash(world.general, "mydata summary")
    assert result.ephemeral
    messages = [message for message in (result.response, *result.followups) if message is not None]
    for message in messages:
        assert_within_limits(components(message))
    (file,) = [each for message in messages for each in message.attachments][:1]
    assert file.filename == "matchday-summary-2026-11-22.md"
    return (await file.read()).decode()


async def told(world: World) -> None:
    """Let a member tell what the page is made of."""
    services, member_id = world.services, world.amira.id
    await services.members.set_zone(member_id, "Africa/Cairo")
    await services.eligibility.save(member_id, ANSWERS)
    letter = await services.letters.add(member_id, "Dr. Osei")
    await services.letters.move(member_id, letter.id, LetterState.ASKED)
    await services.letters.plans.set_specialties(member_id, ("internal-med",))
    entry = Entry(RotationKind.ELECTIVE, "Elm\n# Hospital", WriterCountry.UNITED_STATES, "IM", "2 Nov 2026 to 27 Nov 2026")
    await services.rotations.add(await services.members.get(member_id), entry)
    await services.rank_lists.add(member_id, (await keep(world, "Oak", "Ash"))[:1])


async def test_the_page_says_what_she_told_beside_what_is_published(world: World) -> None:
    await told(world)
    shown = await page(world, world.amira)
    for said in (
        "# The 2027 Match, as of 22 November 2026",
        "It is no score, no prediction and no advice",
        "- United States: non-US IMG.",
        "- asked: 1",
        "- To be there by: 10 Sep 2026, which has passed",
        "- Weeks in United States: 4",
        "- Elm # Hospital: 4 weeks",
        "- On your rank order list: 1; not noted as certified",
        "of those who did not",
        "a figure of them all, not a chance of yours",
        "your clock:",
        "## Sources",
    ):
        assert said in shown, said
    assert "Not told" not in shown
    assert "US IMGs: lists" not in shown.replace("non-US IMGs: lists", "")
    result = world.services.eligibility.check(ANSWERS)
    for finding in result.findings:
        assert finding.rule.title in shown
    assert "<t:" not in shown, "a file shows no timestamps of Discord's"
    assert ProgramStage.INTERVIEWED.value in shown


async def test_stated_cut_offs_and_interviews_stand_beside_what_she_told(world: World) -> None:
    await put(world, hers(world), hers(world, "q" * 16, name="Iris Clinic", graduation_years=1))
    await world.services.eligibility.save(world.amira.id, ANSWERS)
    await world.amira.slash(world.general, "interviews add", program="p" * 16)
    shown = await page(world, world.amira)
    assert "Beside the stated cut-offs of those that are not over: one does not fit 2" in shown
    assert "- Interviews: invited, no time yet 1" in shown


async def test_what_is_not_told_is_said_with_the_command_that_asks(world: World) -> None:
    await told(world)
    shown = await page(world, world.diego)
    for said in ("Dr. Osei", "Oak", "Elm", "non-US IMG."):
        assert said not in shown
    for command in ("/eligibility check", "/letters board", "/letters rotations", "/programs add"):
        assert command in shown
    card = text(await world.diego.slash(world.general, "mydata summary"))
    assert "It would say more with:** your answers (/eligibility check, then Save)" in card
    assert not any((await world.services.mydata.summary(world.diego.id)).values()), "looking stores nothing"
