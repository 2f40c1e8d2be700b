"""A real Agents Playground, driven in a real headless browser.

    async with run_playground("admin", endpoint=url, directory=tmp_path) as address, run_browser() as browser:
        chat = await open_chat(browser, address)
        await chat.say("kö")
        card = await chat.card("SM-2026-0001")
        await card.choose("Grund", "personangrepp")
        await card.fill("Motivering", "Angriper en namngiven tjänsteman.")
        await card.press("Radera")
        decided = await chat.card("Beslutat")

Everything is found as a person finds it: inputs by their label, buttons by their title, cards by a text on
them. What does not turn up within ``PATIENCE`` fails with Playwright's TimeoutError, which names it.
"""

import asyncio
import os
import re
import shutil
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, async_playwright

from bot import playground
from bot.organisation.file import load_organisation
from bot.settings import SHIPPED_ORGANISATION

PATIENCE = 15_000  # milliseconds
_ELSEWHERE = re.compile(r"^https?://(?!localhost:|127\.0\.0\.1:)")
_FONT = ".ac-adaptiveCard * { font-family: 'Liberation Sans', Arial, sans-serif !important; }"
"""One font for all of a card: Teams' own would be fetched from elsewhere, and its substitutes differ by weight."""
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_CHROMIUMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def chromium() -> str | None:
    return next((found for name in _CHROMIUMS if (found := shutil.which(name))), None)


def what_is_missing() -> str | None:
    """Why no browser test can run on this machine, or None if it can."""
    if playground.node() is None:
        return "the Agents Playground is not installed: it needs Node and `npm ci`"
    if chromium() is None:
        return "there is no Chromium or Chrome on this machine"
    return None


@asynccontextmanager
async def run_playground(player: str, *, endpoint: str, directory: Path) -> AsyncIterator[str]:
    """The address of a Playground for ``player`` (a key of ``bot.playground.PLAYERS``), on any free port.

    ``endpoint`` is the bot's ``/api/messages``; configuration and log go to ``directory``. The bot is told of
    its installation only when a chat is opened (``open_chat``), as ``installationUpdate`` and as
    ``conversationUpdate``.
    """
    node = playground.node()
    if node is None:
        raise RuntimeError(what_is_missing())
    launched = playground.launch(
        load_organisation(SHIPPED_ORGANISATION), player, endpoint=endpoint, port=0, directory=directory
    )
    process, address = await playground.start(node, launched)
    try:
        yield address
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.communicate(), 10)
        except TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)
            await process.communicate()


@asynccontextmanager
async def run_browser() -> AsyncIterator[Browser]:
    """Headless Chromium with an empty profile; costs about a second, so share it between tests where possible."""
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=chromium(), args=list(_FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


async def open_chat(browser: Browser, address: str, *, height: int = 1000) -> "Chat":
    """The personal chat of the Playground at ``address``, in a profile of its own.

    The Playground has no dark theme, and its page none narrower than a tablet: see ``Chat.narrow_cards``.
    """
    context = await browser.new_context(viewport={"width": 1100, "height": height}, locale="sv-SE")
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    await page.route(_ELSEWHERE, lambda route: route.abort())  # Teams' fonts and animations
    await page.goto(address, timeout=4 * PATIENCE)  # 13 MB of JavaScript, on a machine that runs other tests
    await page.add_style_tag(content=_FONT)
    await page.get_by_role("textbox").first.wait_for()
    with_log = page.get_by_title("Hide log panel")
    if await with_log.is_visible():
        await with_log.click()
    return Chat(page)


@dataclass(frozen=True, slots=True)
class Card:
    """A card on the page. When a click has replaced it, it is the new one that this finds, if its text still
    matches; otherwise ask the chat for the new one by a text of its own."""

    root: Locator

    def input(self, label: str) -> Locator:
        """An input by its label, required ones too (their label ends in an asterisk)."""
        return self.root.get_by_label(label).and_(self.root.locator("input, textarea, select")).first

    async def fill(self, label: str, text: str) -> None:
        await self.input(label).fill(text)

    async def choose(self, label: str, *choices: str) -> None:
        """In a drop-down or among radio buttons or check boxes; of several only where several may be chosen."""
        boxes = self.root.get_by_role("combobox", name=label)
        for choice in choices:
            if await boxes.count():
                await boxes.first.click()
                await self.root.page.get_by_role("option", name=choice).first.click()
            else:
                await self.root.get_by_label(choice, exact=True).first.check(force=True)

    async def choices(self, label: str) -> Sequence[str]:
        """What a drop-down offers, in its order."""
        await self.root.get_by_role("combobox", name=label).first.click()
        offered = self.root.page.get_by_role("option")
        await offered.first.wait_for()
        texts = await offered.all_inner_texts()
        await self.root.page.keyboard.press("Escape")
        return [text.strip() for text in texts]

    async def pick(self, person: str) -> None:
        """In the card's people picker, found by the beginning of the name as one types it."""
        box = self.root.get_by_role("combobox", name="People Picker")
        await box.click()
        await self.root.page.keyboard.type(person[:4], delay=60)
        await self.root.page.get_by_role("option").filter(has_text=person).first.click()

    async def tick(self, title: str) -> None:
        await self.root.get_by_role("checkbox", name=title).check(force=True)

    async def press(self, title: str) -> None:
        """A button of the card, or one behind its "..."."""
        button = self.button(title)
        if not await button.count():
            await self.root.get_by_role("button", name="More options").last.click()
            button = self.root.page.get_by_role("menuitem", name=title, exact=True)
        await button.first.click()

    def button(self, title: str) -> Locator:
        return self.root.get_by_role("button", name=title, exact=True)

    async def buttons(self) -> Sequence[str]:
        """The titles of the buttons that are seen, in order."""
        seen = self.root.get_by_role("button").filter(visible=True)
        return [text for text in map(str.strip, await seen.all_inner_texts()) if text]

    async def text(self) -> str:
        return await self.root.inner_text()

    async def screenshot(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        await self.root.scroll_into_view_if_needed()
        await self.root.page.mouse.move(0, 0)  # a button that the mouse is on looks pressed
        await self.root.screenshot(path=path)


@dataclass(frozen=True, slots=True)
class Chat:
    page: Page

    async def say(self, text: str) -> None:
        box = self.page.get_by_role("textbox").and_(self.page.locator("[data-lexical-editor]"))
        await box.click()
        await self.page.keyboard.insert_text(text)
        await self.page.get_by_label("Send Message").click()

    async def card(self, text: str) -> Card:
        """The newest card that shows ``text``, as soon as there is one."""
        found = self.page.locator(".ac-adaptiveCard").filter(has_text=text).last
        await found.wait_for()
        return Card(found)

    async def message(self, text: str) -> None:
        """Waits until ``text`` is seen in the chat."""
        await self.page.get_by_text(text).last.wait_for()

    async def cards(self) -> Sequence[str]:
        """The texts of all cards in the chat, oldest first; a card within a card (Action.ShowCard) counts too."""
        return await self.page.locator(".ac-adaptiveCard").all_inner_texts()

    async def narrow_cards(self, width: int = 320) -> None:
        """Cards as wide as on a phone, to see what wraps and what is cut off; elements with ``targetWidth``
        keep what was chosen for the width before."""
        await self.page.add_style_tag(
            content=f".ac-adaptiveCard {{ width: {width}px !important; min-width: 0 !important; }}"
        )

    async def screenshot(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=path)

    async def close(self) -> None:
        await self.page.context.close()
