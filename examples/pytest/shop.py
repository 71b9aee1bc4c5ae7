"""A tiny shop: it sells, hears by webhook that it was paid, and gives money back.

python shop.py, with OTTU_URL, OTTU_KEY and OTTU_WEBHOOK_KEY in the environment.
"""

import asyncio
import hashlib
import hmac
import os
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from aiohttp import ClientSession, web

SIGNED = sorted(
    "amount currency_code customer_address_city customer_address_country customer_address_line1 "
    "customer_address_line2 customer_address_postal_code customer_address_state customer_email "
    "customer_first_name customer_last_name customer_phone gateway_account gateway_name order_no "
    "reference_number result state".split()
)


@dataclass
class Order:
    """What a customer owes and has paid; amounts are texts, never binary floats."""

    order_no: str
    amount: str
    currency_code: str
    session_id: str = ""
    state: str = "open"
    refunds: dict[str, str] = field(default_factory=dict)


class Shop:
    """The merchant's code that is to be tested."""

    def __init__(self, url: str, key: str, webhook_key: str) -> None:
        self.url = url
        self.headers = {"Authorization": f"Api-Key {key}"}
        self.webhook_key = webhook_key.encode()
        self.orders: dict[str, Order] = {}

    async def order(self, request: web.Request) -> web.Response:
        """Take an order and tell where to pay for it."""
        asked = await request.json()
        order = Order(asked["order_no"], asked["amount"], "KWD")
        payment = await self.call(
            "/b/checkout/v1/pymt-txn/",
            {
                "type": "e_commerce",
                "pg_codes": ["credit-card"],
                "amount": order.amount,
                "currency_code": order.currency_code,
                "order_no": order.order_no,
                "customer_phone": asked["phone"],
                "notifications": {"sms": ["paid"]},
                "webhook_url": f"{request.url.origin()}/webhook",
            },
        )
        order.session_id = payment["session_id"]
        self.orders[order.order_no] = order
        return web.json_response({"pay_at": payment["checkout_url"]}, status=201)

    async def show(self, request: web.Request) -> web.Response:
        """Tell how an order stands."""
        return web.json_response(asdict(self.orders[request.match_info["order_no"]]))

    async def refund(self, request: web.Request) -> web.Response:
        """Give a part of the money back; the webhook tells when it is done."""
        asked = await request.json()
        order = self.orders[request.match_info["order_no"]]
        named = {"session_id": order.session_id, "operation": "refund"}
        await self.call("/b/pbl/v2/operation/", {**named, "amount": asked["amount"]})
        return web.json_response({"refund": "asked for"}, status=202)

    async def webhook(self, request: web.Request) -> web.Response:
        """Believe a webhook that is signed, of our order and of the right amount."""
        payload = await request.json()
        order = self.orders.get(payload["order_no"])
        if not self.is_genuine(payload) or order is None:
            return web.Response(status=400)
        if payload.get("operation") == "refund" and payload["result"] == "success":
            # By the refund's own id, because the same event may arrive more than once.
            order.refunds[payload["txn"]["session_id"]] = payload["amount"]
        elif payload.get("state") == "paid" and Decimal(payload["amount"]) == Decimal(order.amount):
            order.state = "paid"
        return web.Response()

    def is_genuine(self, payload: dict[str, Any]) -> bool:
        """Check the signature: HMAC-SHA256 over the signed fields that are not empty, sorted."""
        text = "".join(f"{name}{payload[name]}" for name in SIGNED if payload.get(name))
        expected = hmac.new(self.webhook_key, text.encode(), hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected, payload.get("signature", ""))

    async def call(self, path: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Call the payment platform."""
        async with (
            ClientSession(self.url, headers=self.headers, raise_for_status=True) as client,
            client.post(path, json=fields) as response,
        ):
            answer: dict[str, Any] = await response.json()
            return answer


async def serve(shop: Shop) -> None:
    """Answer on a free port, which the first line of output tells."""
    app = web.Application()
    app.add_routes(
        [
            web.post("/orders", shop.order),
            web.get("/orders/{order_no}", shop.show),
            web.post("/orders/{order_no}/refund", shop.refund),
            web.post("/webhook", shop.webhook),
        ]
    )
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"shop ready: http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    env = os.environ
    asyncio.run(serve(Shop(env["OTTU_URL"], env["OTTU_KEY"], env["OTTU_WEBHOOK_KEY"])))
