from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.browser.playground import run_browser, what_is_missing


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Headless Chromium; the test is left out, with the reason, where there is none or no Playground."""
    missing = what_is_missing()
    if missing:
        pytest.skip(missing)
    async with run_browser() as browser:
        yield browser
