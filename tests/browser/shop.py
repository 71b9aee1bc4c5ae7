"""A merchant with a shop: its webhook receiver, and the page that payers come back to."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from yarl import URL


class Shop:
    """What happened at the shop, in its order; `answers` is the status that webhooks get."""

    def __init__(self) -> None:
        self.url = ""
        self.answers = 200
        self.happened: list[str] = []
        self.payloads: list[dict[str, Any]] = []

    async def take_webhook(self, request: web.Request) -> web.Response:
        self.payloads.append(await request.json())
        self.happened.append(f"webhook {self.payloads[-1]['state']}")
        return web.Response(status=self.answers)

    async def welcome_back(self, _: web.Request) -> web.Response:
        self.happened.append("payer is back")
        page = "<!doctype html><html lang=en><title>Shop</title><h1>Thank you</h1></html>"
        return web.Response(text=page, content_type="text/html")

    async def icon(self, _: web.Request) -> web.Response:
        return web.Response(
            text="<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/svg+xml"
        )


class Till:
    """Makes payments at the sandbox for the shop."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: str, shop: Shop) -> None:
        self._session = session
        self._sandbox = sandbox
        self._shop = shop

    async def checkout(self, **fields: object) -> Mapping[str, Any]:
        """Make a payment of 10.000 KWD that leads back to the shop; return the answer."""
        body = {
            "type": "e_commerce",
            "amount": "10.000",
            "currency_code": "KWD",
            "order_no": "A-1",
            "pg_codes": ["knet", "credit-card"],
            "webhook_url": f"{self._shop.url}/webhook",
            "redirect_url": f"{self._shop.url}/back?from=sandbox",
            **fields,
        }
        url = URL(self._sandbox) / "b/checkout/v1/pymt-txn/"
        key = {"Authorization": "Api-Key test"}
        async with self._session.post(url, json=body, headers=key) as response:
            assert response.status == 201, await response.text()
            answer: Mapping[str, Any] = await response.json()
            return answer


@asynccontextmanager
async def open_shop() -> AsyncIterator[Shop]:
    """Run a shop on a free port."""
    shop = Shop()
    application = web.Application()
    application.router.add_post("/webhook", shop.take_webhook)
    application.router.add_get("/back", shop.welcome_back)
    application.router.add_get("/favicon.ico", shop.icon)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    shop.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield shop
    finally:
        await runner.cleanup()
