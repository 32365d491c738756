"""A browser that walks the sandbox's page as a person does."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest

playwright = pytest.importorskip("playwright.async_api") if not os.environ.get("CI") else __import__("playwright.async_api").async_api
Browser, Locator, Page, expect = playwright.Browser, playwright.Locator, playwright.Page, playwright.expect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is missing")
    async with playwright.async_playwright() as tool:
        opened = await tool.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        await opened.close()


class Walk:
    """One opened page with short names for what a person does."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    @classmethod
    async def start(cls, browser: Browser, url: str, size: dict[str, int] = DESK) -> "Walk":
        context = await browser.new_context(viewport=size, accept_downloads=True)
        walk = cls(await context.new_page())
        await walk.page.goto(url)
        await walk.page.wait_for_selector("body[data-ready]")
        return walk

    def last(self) -> Locator:
        return self.page.locator("#message-list > .message").last

    async def keys(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def command(self, name: str) -> None:
        """Use a command without options by keyboard alone."""
        # A form that closes gives the focus back a moment later: what is typed before goes astray, and is typed again, as a person would.
        await expect(self.page.locator("dialog")).to_have_count(0)
        box = self.page.locator("#composer-text")
        await expect(box).to_be_visible()
        for _ in range(3):
            await box.fill("")
            await box.press_sequentially(f"/{name}")
            if await box.input_value() == f"/{name}":
                break
        await expect(self.page.locator(".suggestion[aria-selected=true] .suggestion-label")).to_have_text(f"/{name}")
        await self.keys("Enter", "Enter")

    async def channel(self, name: str) -> None:
        await self.page.get_by_role("navigation").get_by_role("button", name=name).first.click()
        await expect(self.page.locator("#channel-title")).to_contain_text(name)

    async def play(self, name: str) -> None:
        await self.page.locator(".person", has_text=name).click()
        await expect(self.page.locator("#me")).to_contain_text(name)
