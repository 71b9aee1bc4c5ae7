"""A merchant's webhook receiver: a real server that answers as the test tells it to."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.http.contract_watch import ContractWatch

SIGNED = (
    *("amount", "currency_code", "customer_address_city", "customer_address_country"),
    *("customer_address_line1", "customer_address_line2", "customer_address_postal_code"),
    *("customer_address_state", "customer_email", "customer_first_name", "customer_last_name"),
    *("customer_phone", "gateway_account", "gateway_name", "order_no", "reference_number"),
    *("result", "state"),
)


def signature_of(payload: Mapping[str, Any], key: str) -> str:
    """Sign as a merchant does, written here anew from the platform's rule."""
    text = "".join(f"{name}{payload[name]}" for name in sorted(SIGNED) if payload.get(name))
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


class Receiver:
    """What has arrived, and how the next webhooks are answered."""

    def __init__(self, watch: ContractWatch) -> None:
        self.url = ""
        self.bodies: list[bytes] = []
        self.headers: list[Mapping[str, str]] = []
        self._watch = watch
        self._status = 200
        self._silent = False
        self._forever = asyncio.Event()
        self._arrived = asyncio.Condition()

    @property
    def payloads(self) -> list[dict[str, Any]]:
        """What has arrived, oldest first."""
        return [json.loads(body) for body in self.bodies]

    def answers(self, status: int) -> None:
        """Answer with this status from now on."""
        self._status = status
        self._silent = False

    def hangs(self) -> None:
        """Take webhooks from now on without ever answering."""
        self._silent = True

    async def arrival(self, count: int) -> None:
        """Wait until so many webhooks have arrived."""
        async with asyncio.timeout(10), self._arrived:
            await self._arrived.wait_for(lambda: len(self.bodies) >= count)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        async with self._arrived:
            self._arrived.notify_all()
        if b'"tampered":' not in body:
            self._watch.webhook(body)
        if self._silent:
            await self._forever.wait()
        return web.Response(status=self._status)

    def stop(self) -> None:
        """Let go of everybody who still waits."""
        self._forever.set()


@asynccontextmanager
async def listening(watch: ContractWatch) -> AsyncIterator[Receiver]:
    """Run a receiver on a free port."""
    receiver = Receiver(watch)
    application = web.Application()
    application.router.add_post("/{path:.*}", receiver.take)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
    try:
        yield receiver
    finally:
        receiver.stop()
        await runner.cleanup()
