"""What a member and a moderator do on a phone, by taps, in the page: eligibility, specialties, letters, calendar, notice, countdown."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.bot_process import running_bot
from tests.support.sandbox import Sandbox
from tests.support.walking import PHONE, Browser, Walk, browser, expect

pytestmark = pytest.mark.chromium
__all__ = ["browser"]
NOVEMBER = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MONDAY = datetime(2027, 3, 15, 14, 30, tzinfo=UTC)
"""Of Match Week, half an hour after results are out."""
SECOND = 1_000
PATIENCE = 15 * SECOND


class Phone(Walk):
    """Add what a thumb does, and what must be true of every screen."""

    async def tap(self, label: str) -> None:
        """Tap a button of the newest message."""
        await self.last().get_by_role("button", name=label).first.click()

    async def see(self, text: str) -> None:
        """Wait until the newest message says something, and check that the screen holds together."""
        await expect(self.last()).to_contain_text(text, timeout=PATIENCE)
        assert await self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than the phone"
        inside = "message => [...message.querySelectorAll('*')].every(each => each.getBoundingClientRect().right <= window.innerWidth + 1"
        fits = f"{inside} || getComputedStyle(each.parentElement).overflowX !== 'visible' || each.closest('pre'))"
        assert await self.last().evaluate(fits), "something of the message lies off the screen"

    async def run(self, command: str, says: str) -> None:
        """Use a command without options, and see its answer."""
        await self.command(command)
        await self.see(says)

    async def picture(self, says: str) -> None:
        """See a picture that has loaded, with words for those who don't see it."""
        shown = self.last().locator(".gallery img")
        await expect(shown).to_be_visible(timeout=PATIENCE)
        await expect(shown).to_have_js_property("complete", True, timeout=PATIENCE)
        assert await shown.evaluate("image => image.naturalWidth") == 1080
        assert says in (await shown.get_attribute("alt") or "")

    async def be(self, name: str) -> None:
        """Play another person; on a phone the people stand behind the menu."""
        await self.page.locator("#open-side").click()
        await self.play(name)

    async def submit(self) -> None:
        """Send the form that is open."""
        await self.page.get_by_role("dialog").get_by_role("button", name="Submit").click()
        await expect(self.page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)


@pytest.fixture
async def phone(browser: Browser, sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Phone]:
    await sandbox.move_to(NOVEMBER)
    async with running_bot(sandbox.url, tmp_path / "data"):
        walk = await Phone.start(browser, sandbox.url, PHONE)
        assert isinstance(walk, Phone)
        yield walk
        assert walk.errors == []


async def test_eligibility_from_the_first_question_to_a_saved_answer(phone: Phone) -> None:
    await phone.run("eligibility check", "Where do you apply?")
    await phone.tap("United States")
    form = phone.page.get_by_role("dialog")
    await form.get_by_label("In another country").check()
    await form.get_by_label("Listed, with a Sponsor Note for my graduation year").check()
    await phone.submit()
    await phone.see("1 of 3 pages")
    await phone.tap("Page 2")
    await form.get_by_role("combobox").first.click()
    await form.get_by_role("option", name="Passed, at the first attempt").click()
    await phone.submit()
    await phone.tap("Show the result")
    await phone.see("You are an IMG")
    await phone.tap("What is still missing")
    await phone.see("By:")
    await phone.tap("Back to the result")
    await phone.see("You are an IMG")
    await phone.tap("Save")
    await phone.run("eligibility saved", "In another country")


async def test_specialties_and_their_pictures(phone: Phone) -> None:
    await phone.run("specialty figures", "Match rates")
    await phone.picture("match rates")
    await phone.run("specialty list", "Internal Medicine")


async def test_a_letter_is_added_and_asked_for(phone: Phone) -> None:
    await phone.run("letters board", "has passed")
    await phone.tap("Add a letter")
    await phone.page.get_by_role("dialog").get_by_role("textbox").first.fill("Dr. Osei")
    await phone.submit()
    await phone.see("Dr. Osei")
    await phone.tap("Asked")
    await phone.see("asked")
    await phone.tap("Back to the board")
    await phone.picture("Ladder of")
    for command, says in (("plan", "specialty"), ("followups", "agreed"), ("packet", "rotation"), ("rotations", "rotation")):
        await phone.run(f"letters {command}", says)
    await phone.run("letters draft", "[")


async def test_the_season_as_a_picture_and_as_a_file(phone: Phone) -> None:
    await phone.run("calendar show", "The 2027 season")
    await phone.tap("Picture")
    await phone.picture("Timeline of the 2027 season")
    await phone.run("calendar export", "for your calendar")
    async with phone.page.expect_download() as waiting:
        await phone.last().locator(".file-card").click()
    assert (await waiting.value).suggested_filename == "matchday-2027.ics"


async def test_a_moderator_sends_a_notice_and_sets_up_a_countdown(phone: Phone) -> None:
    await phone.be("Priya")
    await phone.run("server countdown", "what comes next")  # the card itself, below the answer
    await expect(phone.page.locator("#message-list")).to_contain_text("The countdown stands", timeout=PATIENCE)
    await phone.command("broadcast new")
    form = phone.page.get_by_role("dialog")
    await form.get_by_label("Title").fill("Match Week")
    await form.get_by_label("Text").fill("It begins on Monday.")
    await phone.submit()
    await phone.see("Your notice, as it will be")
    await phone.tap("Send")
    await expect(phone.page.locator("#message-list")).to_contain_text("A notice of this server's moderators", timeout=PATIENCE)


async def test_monday_of_match_week_and_what_applying_costs(phone: Phone, sandbox: Sandbox) -> None:
    await phone.run("programs cost", "What applying costs")
    await phone.picture("Bars: what applying costs")
    await phone.run("programs fit", "No program that is not over")
    await sandbox.move_to(MONDAY)
    await phone.run("matchweek now", "How did it go?")
    await phone.tap("I did not match")
    await phone.see("You said that you did not match.")
    await phone.see("988")
    await phone.tap("SOAP")
    await phone.see("0 of 45 counted")
    await phone.tap("5 sent")
    await phone.see("5 of 45 counted, 40 left")
    await phone.tap("What is allowed")
    await phone.see("Contact no program before it has contacted you")
    await phone.run("matchweek status", "You said that you did not match.")


async def test_the_whole_way_and_an_interview(phone: Phone) -> None:
    await phone.run("journey steps", "Your way")
    await phone.picture("how far the way to the 2027 Match is")
    await phone.tap("Documents")
    await phone.see("Before you certify")
    await phone.tap("This week")
    await phone.see("Next on your way")
    await phone.run("journey visa", "Who needs which")
    await phone.command("interviews add")
    form = phone.page.get_by_role("dialog")
    await form.get_by_role("textbox").first.fill("Elm Clinic")
    await form.get_by_role("textbox").nth(1).fill("12 Jan 2027 9:00 CT")
    await phone.submit()
    await phone.see("09:00 CST")
    await phone.tap("Prepare")
    await phone.see("From your submission on")
    await phone.tap("Back to it")
    await phone.tap("After it")
    await phone.see("how you plan to rank")
    await phone.run("interviews list", "Elm Clinic")
    await phone.run("journey week", "This week")
