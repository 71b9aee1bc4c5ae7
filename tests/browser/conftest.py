"""A real browser before a real sandbox, and a real shop behind it."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, Page, async_playwright

from sandbox.server import Running, running
from sandbox.settings import ServerSettings
from tests.browser.shop import Shop, Till, open_shop

CHROMIUM = Path("/usr/bin/chromium")
SLOW_GATEWAY = """
scenario: slow-gateway
match: {order_no: "SLOW-*"}
payment: [{outcome: success, after: 300ms}]
"""


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Running]:
    (tmp_path / "slow-gateway.yaml").write_text(SLOW_GATEWAY)
    async with running(ServerSettings(port=0, seed=1, scenarios=tmp_path)) as started:
        yield started


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with open_shop() as opened:
        yield opened


@pytest.fixture
async def till(sandbox: Running, shop: Shop) -> AsyncIterator[Till]:
    async with aiohttp.ClientSession() as session:
        yield Till(session, sandbox.url, shop)


@pytest.fixture
async def chromium(sandbox: Running, shop: Shop) -> AsyncIterator[Browser]:
    # It asks for both servers so that it is closed first: an open connection would keep them up.
    assert sandbox.url != shop.url
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        await browser.close()


@pytest.fixture
async def page(chromium: Browser) -> AsyncIterator[Page]:
    """A tab; whatever it writes to its console as an error fails the test."""
    tab = await chromium.new_page(locale="en-US")
    complaints: list[str] = []
    tab.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    yield tab
    assert complaints == []
