"""A walk through the sandbox's page with a real browser, a real discord.py bot and every kind of component."""

import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from page_bot import AT, PageBot, running

from bot.sandbox.server import SandboxServer
from tests.support.walking import PHONE, Browser, Walk, browser, expect

pytestmark = pytest.mark.chromium
__all__ = ["browser"]
TOKEN = "sandbox-token"


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxServer]:
    async with SandboxServer(token=TOKEN) as server:
        yield server


@pytest.fixture
async def bot(sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PageBot]:
    async with running(sandbox.url, TOKEN, monkeypatch) as connected:
        yield connected


async def test_it_says_how_to_start_the_bot_and_notices_when_it_comes(
    browser: Browser, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = await Walk.start(browser, sandbox.url)
    await expect(walk.page.locator("#no-bot")).to_contain_text("make run")
    async with running(sandbox.url, TOKEN, monkeypatch):
        await expect(walk.page.locator("#no-bot")).to_be_hidden()
    assert walk.errors == []


async def test_people_channels_and_messages(browser: Browser, sandbox: SandboxServer, bot: PageBot) -> None:
    walk = await Walk.start(browser, sandbox.url)
    channels = walk.page.locator("#channel-list")
    await expect(channels).to_contain_text("match-week")
    await expect(channels).not_to_contain_text("advisors")
    await walk.page.fill("#composer-text", "Hello <b>all</b>")
    await walk.keys("Enter")
    await expect(walk.last().locator(".body")).to_have_text("Hello <b>all</b>")

    await walk.play("Helen")
    await expect(channels).to_contain_text("advisors")
    await walk.channel("match-week")
    await walk.page.fill("#composer-text", "A question")
    await walk.keys("Enter")
    await expect(walk.last()).to_contain_text("A question")

    await walk.play("Amira")
    await expect(walk.page.locator(".channel.unread")).to_contain_text("match-week")
    await walk.channel("match-week")
    await expect(walk.page.locator(".channel.unread")).to_have_count(0)
    await walk.page.reload()
    await expect(walk.page.locator("#channel-title")).to_contain_text("match-week")
    assert walk.errors == []


async def test_options_choices_and_autocomplete_by_keyboard(browser: Browser, sandbox: SandboxServer, bot: PageBot) -> None:
    walk = await Walk.start(browser, sandbox.url)
    page = walk.page
    await page.keyboard.press("/")
    await expect(page.get_by_role("option")).to_have_count(8)
    await page.keyboard.type("remind")
    await expect(page.get_by_role("option")).to_have_text(["/remind meSet a reminder of your own"])
    await walk.keys("Tab")
    await expect(page.locator("#composer-hint")).to_have_text("A date and time")
    await page.keyboard.type("tomorrow")
    await expect(page.get_by_role("option")).to_have_text(["tomorrow understood"])
    await walk.keys("Enter")
    await expect(page.get_by_role("option")).to_have_text(["Direct message", "Inbox"])
    await walk.keys("ArrowDown", "Enter")
    await page.get_by_role("button", name="+ who").click()
    await page.keyboard.type("die")
    await walk.keys("Enter")
    await page.get_by_role("button", name="+ count").click()
    await page.keyboard.type("often")
    await walk.keys("Enter")
    await expect(page.get_by_role("alert").filter(has_text="whole number")).to_be_visible()
    await page.locator('[data-option="count"] input').fill("3")
    await walk.keys("Enter")
    await expect(walk.last()).to_contain_text("at tomorrow! by inbox for diego times 3")
    await expect(walk.last()).to_contain_text("Amira Haddad used /remind me")

    await walk.command("remind me")
    await expect(page.get_by_role("alert").filter(has_text="when is needed")).to_be_visible()
    await walk.keys("Escape", "Escape")
    await expect(page.locator("#composer-text")).to_be_focused()
    assert walk.errors == []


async def test_ephemeral_deferred_and_failed(browser: Browser, sandbox: SandboxServer, bot: PageBot) -> None:
    walk = await Walk.start(browser, sandbox.url)
    await walk.command("slow")
    await expect(walk.page.locator(".thinking")).to_have_text("Matchday is thinking")
    bot.release.set()
    await expect(walk.last()).to_contain_text("Here it is")
    await expect(walk.page.locator(".thinking")).to_have_count(0)
    await expect(walk.last()).to_contain_text("Only you can see this")
    await walk.last().get_by_role("button", name="Dismiss").click()
    await expect(walk.page.locator(".message", has_text="Here it is")).to_have_count(0)
    await walk.page.reload()
    await expect(walk.page.locator("#message-list .welcome")).to_be_visible()
    await expect(walk.page.locator(".message", has_text="Here it is")).to_have_count(0)

    await walk.command("silent")
    failed = walk.page.locator("#pending-list .failed")
    await expect(failed).to_contain_text("This interaction failed", timeout=8000)
    assert walk.errors == []


async def test_every_component_of_a_message(browser: Browser, sandbox: SandboxServer, bot: PageBot) -> None:
    walk = await Walk.start(browser, sandbox.url)
    await walk.command("every")
    shown = walk.page.locator("#message-list > .message").filter(has=walk.page.locator(".container"))
    await expect(shown.locator(".container.accented h4")).to_have_text("The next date")
    await expect(shown.get_by_alt_text("A small mark")).to_be_visible()
    await expect(shown.get_by_alt_text("A chart of rates")).to_be_visible()
    assert await shown.locator(".gallery img").evaluate("image => image.complete && image.naturalWidth > 0")
    await expect(shown.get_by_role("link", name="Outside")).to_have_attribute("href", "https://example.org/")
    await expect(shown.get_by_role("button", name="Resting")).to_be_disabled()
    async with walk.page.expect_download() as waiting:
        await shown.locator(".file-card").click()
    assert (await waiting.value).suggested_filename == "season.ics"

    for label in ("Beside", "Primary", "Secondary", "Success"):
        await shown.get_by_role("button", name=label, exact=True).click()
        await expect(walk.last()).to_contain_text(f"got {label.lower()} []")
    await shown.get_by_role("button", name="Danger").click()
    await expect(shown.locator(".failed")).to_contain_text("This interaction failed", timeout=8000)
    await shown.get_by_role("button", name="Change").focus()
    await walk.keys("Enter")
    await expect(shown.get_by_role("button", name="Changed")).to_be_focused()
    assert walk.errors == []


async def test_every_select(browser: Browser, sandbox: SandboxServer, bot: PageBot) -> None:
    walk = await Walk.start(browser, sandbox.url)
    await walk.command("every")
    choose = walk.page.get_by_role("combobox")
    await choose.and_(walk.page.get_by_label("One lead")).focus()
    await walk.keys("ArrowDown", "ArrowDown", "Enter")
    await expect(walk.last()).to_contain_text("got one [lead-1]")
    await choose.and_(walk.page.get_by_label("Some leads")).focus()
    await walk.keys("ArrowDown", "Space", "End", "Space", "Tab")
    await expect(walk.last()).to_contain_text("got some [lead-0, lead-3]")
    people = {each.username: each.id for each in sandbox.world.users.values()}
    for label, typed, custom_id, wanted in (
        ("A user", "diego", "user", people["diego"]),
        ("A role", "advisor", "role", None),
        ("A mentionable", "priya", "mentionable", people["priya"]),
        ("A channel", "#match", "channel", None),
    ):
        await choose.and_(walk.page.get_by_label(label)).focus()
        await walk.keys("ArrowDown")
        await walk.page.keyboard.type(typed)
        await walk.keys("Enter", "Tab")
        await expect(walk.last()).to_contain_text(f"got {custom_id} [{wanted or ''}")
    assert walk.errors == []


async def test_a_form_with_every_field(browser: Browser, sandbox: SandboxServer, bot: PageBot) -> None:
    walk = await Walk.start(browser, sandbox.url)
    await walk.command("form")
    form = walk.page.get_by_role("dialog", name="Ask an advisor")
    await expect(form.get_by_label("Question")).to_be_focused()
    await form.get_by_label("Question").fill("Why")
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_contain_text("At least 5 characters, please.")
    await form.get_by_label("Question").fill("Why is the sky <b>blue</b>")
    await form.get_by_role("combobox", name="Country").click()
    await form.get_by_role("option", name="Canada").click()
    await form.get_by_label("Spoken").check()
    await form.get_by_label("Visa").check()
    await form.get_by_label("Exams").check()
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_have_count(0)
    text = "form: Why is the sky <b>blue</b> | ['ca'] | spoken | ['visa', 'exams']"
    await expect(walk.last().locator(".md")).to_have_text(text)
    await expect(walk.page.locator("#composer-text")).to_be_focused()
    assert walk.errors == []


async def test_a_form_with_files_and_people(browser: Browser, sandbox: SandboxServer, bot: PageBot) -> None:
    walk = await Walk.start(browser, sandbox.url)
    await walk.command("papers")
    form = walk.page.get_by_role("dialog", name="Papers")
    await form.get_by_label("Messages to me").check()
    files = [{"name": f"{name}.txt", "mimeType": "text/plain", "buffer": name.encode()} for name in ("one", "two")]
    await form.get_by_label("A file").set_input_files(files)
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_contain_text("Please choose.")
    await expect(form.get_by_role("combobox", name="An advisor")).to_be_focused()
    await walk.keys("ArrowDown")
    await walk.page.keyboard.type("dr. helen")
    await walk.keys("Enter")
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_have_count(0)
    text = "papers: True | [('one.txt', 'one'), ('two.txt', 'two')] | ['helen'] | []"
    await expect(walk.last().locator(".md")).to_have_text(text)

    await walk.command("papers")
    await expect(form).to_be_visible()
    await walk.keys("Escape")
    await expect(form).to_have_count(0)
    assert walk.errors == []


async def test_markdown_embeds_and_files(browser: Browser, sandbox: SandboxServer, bot: PageBot) -> None:
    walk = await Walk.start(browser, sandbox.url)
    await walk.command("text")
    body = walk.last().locator(".body")
    for tag, text in {"h3": "Heading", "strong": "bold", "em": "italic", "u": "under", "s": "gone", "code": "code"}.items():
        await expect(body.locator(f".md {tag}").first).to_have_text(text)
    await expect(body.locator(".md b")).to_have_count(0)
    await expect(body.locator("ul ul li")).to_have_text("deeper")
    await expect(body.locator("pre")).to_contain_text('print("<hi>")')
    await expect(body.get_by_role("link", name="a link")).to_have_attribute("rel", "noopener noreferrer")
    await expect(body.locator(".mention")).to_have_count(3)
    await body.get_by_role("button", name="Hidden, press to show").press("Enter")
    await expect(body.locator(".spoiler")).to_have_text("secret")
    times = (await body.locator(".md time").all_inner_texts())[:8]
    plain = [each.replace("\u202f", " ") for each in times]
    # Cairo is two hours ahead of UTC in March.
    assert plain == [
        "6:00 PM", "6:00:00 PM", "03/19/2027", "March 19, 2027", "March 19, 2027 at 6:00 PM", "Friday, March 19, 2027 at 6:00 PM",
        "03/19/2027, 6:00 PM", "03/19/2027, 6:00:00 PM",
    ]  # fmt: skip
    await expect(body.locator(".embed-title")).to_have_text("2027 Match")
    await expect(body.get_by_alt_text("A single point")).to_be_visible()
    await expect(body.locator(".file-card")).to_contain_text("table.csv")
    assert walk.errors == []


async def test_direct_messages_the_clock_and_privacy(browser: Browser, sandbox: SandboxServer, bot: PageBot) -> None:
    walk = await Walk.start(browser, sandbox.url)
    page = walk.page
    await walk.command("write")
    await expect(page.locator("#dm-list .unread")).to_be_visible()
    await page.locator("#dm-list .channel").click()
    relative = walk.last().locator("time[data-style=R]")
    await page.get_by_role("button", name="To a date").click()
    await page.fill("#clock-wall", "2027-03-19T15:00")
    await page.get_by_role("button", name="Go", exact=True).click()
    await expect(relative).to_have_text("in 3 hours")
    await expect(page.locator("#clock-time")).to_have_text(re.compile(r"^3:00\sPM$"))
    await page.get_by_role("button", name="+1 hour").click()
    await expect(relative).to_have_text("in 2 hours")
    assert AT - 7300 < sandbox.world.time.now().timestamp() < AT - 7100
    await page.get_by_role("button", name="+1 day").click()
    await expect(relative).to_have_text("22 hours ago")
    await expect(page.get_by_role("button", name="To the next reminder")).to_be_disabled()
    await page.get_by_role("button", name="Now", exact=True).click()
    await expect(page.locator("#clock.moved")).to_have_count(0)

    await page.get_by_role("switch", name="Direct messages from this bot").click()
    await expect(page.get_by_role("switch")).not_to_be_checked()
    await walk.channel("general")
    await walk.command("write")
    await expect(walk.last()).to_contain_text("Your direct messages are closed")
    assert walk.errors == []


async def test_a_phone_has_a_drawer_and_nothing_too_wide(browser: Browser, sandbox: SandboxServer, bot: PageBot) -> None:
    walk = await Walk.start(browser, sandbox.url, PHONE)
    page = walk.page
    await walk.command("every")
    await expect(page.locator(".container")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.evaluate("(box => box.scrollWidth <= box.clientWidth)(document.getElementById('messages'))")
    await walk.command("text")
    await expect(page.locator(".md-code")).to_be_visible()
    assert await page.evaluate("(code => code.scrollWidth <= code.clientWidth)(document.querySelector('.md-code'))")
    await page.get_by_role("button", name="Channels, people and clock").click()
    await expect(page.locator("#channel-list [aria-current]")).to_be_focused()
    await walk.keys("Escape")
    await expect(page.get_by_role("button", name="Channels, people and clock")).to_be_focused()
    await page.get_by_role("button", name="The sandbox's clock").click()
    await expect(page.get_by_role("button", name="+1 hour")).to_be_focused()
    assert walk.errors == []


async def test_it_says_when_the_sandbox_is_gone(browser: Browser) -> None:
    async with SandboxServer(token=TOKEN) as server:
        walk = await Walk.start(browser, server.url)
    await expect(walk.page.locator("#gone")).to_contain_text("The sandbox is gone", timeout=10_000)
