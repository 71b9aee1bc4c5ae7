"""`ottu-sandbox demo`: a payment with all that belongs to it, live on one screen.

A sandbox and a merchant run in this process and talk over real sockets. The clock is stopped and
the seed fixed, so that every run shows the same, ports apart.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
import orjson
from aiohttp import web

from sandbox.domain.clock import STOPPED_START, Clock
from sandbox.domain.settings import WorkspaceSettings
from sandbox.server import running
from sandbox.settings import ServerSettings
from sandbox.webhooks.signature import sign

_KEY: Final = "demo-webhook-key"
_PAUSE: Final = 0.35
_SCENARIO: Final = """\
scenario: demo
channels:
  sms: [{fail: "30003", times: 2}, {deliver: 3s}]
payment:
  - {outcome: failed, gateway_code: "51", message: Insufficient funds}
  - {outcome: success}
"""
_CHECKOUT: Final = {
    "type": "payment_request",
    "amount": "10.000",
    "currency_code": "KWD",
    "pg_codes": ["credit-card"],
    "order_no": "demo-1",
    "customer_email": "payer@example.com",
    "customer_phone": "+96550000000",
    "notifications": {"email": ["created", "paid"], "sms": ["created", "paid"]},
}
_COLOURS: Final = {"sent": "36", "good": "32", "bad": "31", "title": "1", "quiet": "2"}

Json = Mapping[str, object]


def run() -> int:
    """Play the demo; return 0, or 1 when something did not happen as it should."""
    try:
        asyncio.run(_play(_Screen(live=sys.stdout.isatty())))
    except _Astray as astray:
        print(f"\nThis did not go as it should: {astray}.")
        return 1
    print("\nAll went as it should. Now start your own: ottu-sandbox serve")
    return 0


class _Astray(Exception):
    """Something did not happen as the story has it; nothing after it would make sense."""


class _Screen:
    """Prints what happens, with colours and pauses where a person watches."""

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._coloured = live and "NO_COLOR" not in os.environ

    async def title(self, text: str) -> None:
        """Begin a part of the story."""
        await self._line(f"\n{text}", "title")

    async def sent(self, text: str) -> None:
        """Show a request."""
        await self._line(f"  → {text}", "sent")

    async def came(self, text: str, *, good: bool = True) -> None:
        """Show what came of it."""
        await self._line(f"  ← {text}", "good" if good else "bad")

    async def note(self, text: str) -> None:
        """Show something beside the story."""
        for line in text.splitlines():
            await self._line(f"    {line}", "quiet")

    async def _line(self, text: str, kind: str) -> None:
        print(f"\x1b[{_COLOURS[kind]}m{text}\x1b[0m" if self._coloured else text, flush=True)
        if self._live and kind != "quiet":
            await asyncio.sleep(_PAUSE)


def _expect(what: str, *, met: bool) -> None:
    if not met:
        raise _Astray(what)


class _Shop:
    """The merchant's side: takes webhooks, checks their signature, thanks the payer."""

    def __init__(self) -> None:
        self.webhooks: list[tuple[Json, bool]] = []
        self.thanked: list[str] = []

    async def take(self, request: web.Request) -> web.Response:
        """Take a webhook; 200 sends the payer back to the shop."""
        payload = orjson.loads(await request.read())
        signed = payload.get("signature") == sign(payload, _KEY)
        self.webhooks.append((payload, signed))
        return web.Response(status=200 if signed else 403)

    async def thank(self, request: web.Request) -> web.Response:
        """Show the page that the payer comes back to."""
        self.thanked.append(request.query.get("order_no", ""))
        return web.Response(text="Thank you!")


@asynccontextmanager
async def _open(shop: _Shop) -> AsyncIterator[str]:
    application = web.Application()
    application.router.add_post("/webhook", shop.take)
    application.router.add_get("/thanks", shop.thank)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def _play(screen: _Screen) -> None:
    shop = _Shop()
    async with _open(shop) as shop_url:
        settings = ServerSettings(
            port=0,
            seed=1,
            clock=Clock(stopped_at=STOPPED_START),
            workspace=WorkspaceSettings(webhook_url=f"{shop_url}/webhook", webhook_key=_KEY),
        )
        headers = {"Authorization": "Api-Key demo"}
        async with (
            running(settings) as server,
            aiohttp.ClientSession(server.url, headers=headers) as session,
        ):
            await screen.title(f"A sandbox at {server.url}, a shop at {shop_url}")
            await _Story(screen, shop, session, f"{shop_url}/thanks").tell()


class _Story:
    """What merchant and payer do, one after the other."""

    def __init__(
        self, screen: _Screen, shop: _Shop, session: aiohttp.ClientSession, thanks_url: str
    ) -> None:
        self._screen = screen
        self._shop = shop
        self._session = session
        self._thanks_url = thanks_url
        self._session_id = ""
        self._shown_messages: list[object] = []
        self._shown_webhooks = 0

    async def tell(self) -> None:
        """Tell it to its end."""
        await self._prepare()
        await self._check_out()
        await self._send_again("fails once more", 400, "failed")
        await self._send_again("arrives", 200, "delivered")
        await self._pay("The payer's card is declined", "attempted")
        following = await self._pay("The payer tries again and pays", "paid")
        await self._return_to_shop(following)

    async def _prepare(self) -> None:
        await self._screen.title("The sandbox is told what shall happen")
        await self._screen.note(_SCENARIO)
        path = "/__admin/scenarios/demo"
        async with self._session.put(
            path, data=_SCENARIO, headers={"Content-Type": "application/yaml"}
        ) as response:
            status = response.status
        await self._screen.sent(f"PUT {path}")
        await self._came(status, (200, 201), "")

    async def _check_out(self) -> None:
        await self._screen.title("The merchant makes a payment; email and SMS go out by themselves")
        body = {
            **_CHECKOUT,
            "redirect_url": self._thanks_url,
            "extra": {"sandbox_scenario": "demo"},
        }
        await self._screen.sent("POST /b/checkout/v1/pymt-txn/  10.000 KWD, order demo-1")
        status, answer = await self._post("/b/checkout/v1/pymt-txn/", body)
        self._session_id = str(answer.get("session_id"))
        await self._came(status, (201,), f"{answer.get('state')}  {answer.get('checkout_url')}")
        await self._show_messages({"email": "delivered", "sms": "failed"})

    async def _send_again(self, ends: str, expected: int, status_of_sms: str) -> None:
        await self._screen.title(f"The merchant sends the SMS again; it {ends}")
        await self._screen.sent("POST /b/pbl/v2/message-notification/  channels: sms")
        status, answer = await self._post(
            "/b/pbl/v2/message-notification/",
            {"session_id": self._session_id, "channels": ["sms"]},
        )
        await self._came(status, (expected,), str(answer.get("message", answer.get("result"))))
        if status_of_sms == "delivered":
            await self._screen.sent("POST /__admin/clock/advance  5s")
            status, answer = await self._post("/__admin/clock/advance", {"by": "5s"})
            await self._came(status, (200,), f"it is {answer.get('now')}")
        await self._show_messages({"sms": status_of_sms})

    async def _pay(self, title: str, state: str) -> Json:
        await self._screen.title(title)
        await self._screen.sent(f"POST /__admin/transactions/{self._session_id[:8]}…/pay")
        path = f"/__admin/transactions/{self._session_id}/pay"
        status, answer = await self._post(path, {})
        await self._came(status, (200,), f"the payment is {answer.get('state')}")
        _expect(f"the payment should be {state}", met=answer.get("state") == state)
        await self._show_webhooks(state)
        if state == "paid":
            await self._show_messages({"email": "delivered"})
        following = answer.get("next")
        return following if isinstance(following, Mapping) else {}

    async def _return_to_shop(self, following: Json) -> None:
        await self._screen.title(
            "The webhook was answered with 200, so the payer returns to the shop"
        )
        url = str(following.get("url"))
        await self._screen.sent(f"GET {url}")
        redirected = following.get("kind") == "redirect" and url.startswith(self._thanks_url)
        if redirected:
            async with self._session.get(url) as response:
                await self._came(response.status, (200,), await response.text())
        _expect(
            "the payer should return to the shop with the order number",
            met=redirected and self._shop.thanked == [_CHECKOUT["order_no"]],
        )

    async def _show_messages(self, expected: Mapping[str, str]) -> None:
        """Show what is new in the inbox, and messages whose status has changed."""
        async with self._session.get(
            "/__admin/messages", params={"session_id": self._session_id}
        ) as response:
            listed = await response.json()
        statuses: dict[object, object] = {}
        for message in listed.get("items", ()):
            shown = (message["id"], message["status"])
            if shown in self._shown_messages:
                continue
            self._shown_messages.append(shown)
            channel, status = message["channel"], message["status"]
            statuses[channel] = status
            code = f" {message['code']}, {message['detail']}" if message.get("code") else ""
            await self._screen.came(
                f"{channel} `{message['event']}` to {message['to']}: {status}{code}",
                good=status != "failed",
            )
        for channel, status in expected.items():
            _expect(
                f"the {channel} message should be {status}", met=statuses.get(channel) == status
            )

    async def _show_webhooks(self, state: str) -> None:
        fresh = self._shop.webhooks[self._shown_webhooks :]
        self._shown_webhooks = len(self._shop.webhooks)
        for payload, signed in fresh:
            said = "signature OK" if signed else "signature WRONG"
            await self._screen.came(
                f"webhook at the shop: state {payload.get('state')}, result "
                f"{payload.get('result')}, {said}",
                good=signed,
            )
        told: Sequence[object] = [payload.get("state") for payload, signed in fresh if signed]
        _expect(f"one signed webhook should say {state}", met=told == [state])

    async def _came(self, status: int, expected: Sequence[int], text: str) -> None:
        await self._screen.came(f"{status} {text}".rstrip(), good=status < 400)  # noqa: PLR2004
        wanted = " or ".join(map(str, expected))
        _expect(f"{wanted} was expected, {status} came: {text}", met=status in expected)

    async def _post(self, path: str, body: Json) -> tuple[int, Json]:
        async with self._session.post(path, json=body) as response:
            answer: object = orjson.loads(await response.read() or b"{}")
        return response.status, answer if isinstance(answer, Mapping) else {}
