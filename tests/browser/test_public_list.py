"""The public list in a real browser: nothing for axe to find, light and dark, wide and narrow."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.scenario.world import a_world

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("address", ["", "?lang=en", "?q=facebook", "?q=finnsinte"])
async def test_axe_finds_nothing(
    browser: Browser, tmp_path: Path, scheme: Any, width: int, address: str
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: it needs npm")
    async with a_world(tmp_path) as world:
        context = await browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
        page = await context.new_page()
        await page.goto(f"{world.url}/sociala-medier{address}")
        await page.evaluate(AXE.read_text(encoding="utf-8"))
        found: Mapping[str, Any] = await page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations', 'incomplete']})", RULES
        )
        assert [(one["id"], one["nodes"]) for one in found["violations"]] == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, (
            "nothing to scroll sideways"
        )
        shots = os.environ.get("SCREENSHOTS")
        if shots and not address:
            await page.screenshot(path=f"{shots}/sociala-medier-{scheme}-{width}.png", full_page=True)
        await context.close()


async def test_a_search_works_with_the_keyboard_and_without_scripts(browser: Browser, tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        context = await browser.new_context(java_script_enabled=False)
        page = await context.new_page()
        await page.goto(f"{world.url}/sociala-medier")
        await page.get_by_label("Sök bland kanalerna").fill("instagram")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/sociala-medier?q=instagram")
        assert await page.get_by_role("heading", level=2).all_inner_texts() == ["Instagram"]
        await context.close()
