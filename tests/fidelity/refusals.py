"""What a refusal is made of: a workspace with something in it, and a call that is not to be done."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.fidelity.scene import Scene
from tests.http.merchant import OPERATION, Merchant, Reply
from tests.http.platform.charging import CARDS, CUSTOMER, Charging

ACCOUNTS: Final = "/b/wallet/ottu/v1/accounts/"
ENTRIES: Final = "/b/wallet/ottu/v1/entries/"
REPORTS: Final = "/b/api/v1/reports/files/"
NOWHERE: Final = "0" * 40
OTHER: Final = "salem-12"
# The one trace that a refused operation leaves.
_REFUSED: Final = frozenset({"operation_refused", "nothing"})
# Nobody listens there: a webhook fails at once, and stays as it is.
_CLOSED: Final = "http://127.0.0.1:9/webhook"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The call that is to be refused; `settings` hold while it is made, `by` is who makes it."""

    method: str
    path: str
    body: object = None
    data: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)
    by: Merchant | None = None


class Shop:
    """A merchant with payments of every kind, and a customer with cards and a wallet."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.merchant = scene.merchant
        self.charging = Charging(scene.merchant)

    async def open(self) -> None:
        """Let something be there that a refused call could harm."""
        await self.scene.settings(webhook_url=_CLOSED)
        await self.fill("30.000")
        await self.charging.subscribed()
        await self.merchant.paid(
            customer_id=CUSTOMER,
            customer_email="noura@example.com",
            notifications={"email": ["created", "paid", "refunded"]},
        )

    async def fill(self, amount: str, currency: str = "KWD", **fields: object) -> None:
        """Book money into the customer's wallet."""
        body = {"customer_id": CUSTOMER, "currency": currency, "amount": amount, **fields}
        reply = await self.merchant.control("POST", "/wallets", body)
        assert reply.status in (200, 201), reply.body

    async def authorized(self, **done: str) -> dict[str, Any]:
        """Make an authorized payment, and do these operations to it, by amount."""
        payment = await self.merchant.paid(pg_codes=["mpgs-auth"])
        for operation, amount in done.items():
            fields = {"amount": amount} if amount else {}
            reply = await self.merchant.operate(payment, operation, **fields)
            assert reply.status == 200, reply.body
        return payment

    async def canceled(self, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of a checkout
        """Make a payment and cancel it."""
        payment = await self.merchant.checkout(**fields)
        assert (await self.merchant.operate(payment, "cancel")).status == 200
        return payment

    async def everything(self) -> dict[str, bytes]:
        """Return all that the workspace holds, as it is answered."""
        await self.merchant.control("POST", "/settle")
        control = ("/transactions", "/messages", "/webhooks", "/settings", "/clock", "/scenarios")
        held = {path: (await self.merchant.control("GET", path)).body for path in control}
        for payment in json.loads(held["/transactions"])["items"]:
            held |= await self._payment(payment["session_id"])
        for customer in (CUSTOMER, OTHER):
            whose = {"customer_id": customer}
            asked = {
                CARDS: {**whose, "type": "sandbox"},
                ACCOUNTS: whose,
                ENTRIES: {**whose, "currency": "KWD", "pagination": {"per_page": 50}},
            }
            for path, body in asked.items():
                reply = await self.merchant.call("POST", path, body)
                held[f"{path} {customer}"] = reply.body
        held[REPORTS] = (await self.merchant.call("GET", REPORTS)).body
        return held

    async def _payment(self, session_id: str) -> dict[str, bytes]:
        shown = (await self.merchant.control("GET", f"/transactions/{session_id}")).json
        shown["timeline"] = [each for each in shown["timeline"] if each["kind"] not in _REFUSED]
        path = f"/b/checkout/v1/pymt-txn/{session_id}/"
        seen = await self.merchant.call("GET", path)
        return {session_id: json.dumps(shown).encode(), path: seen.body}

    async def ask(self, asked: Asked) -> Reply:
        """Make a call under its own settings, and put back those that were there."""
        before = (await self.merchant.control("GET", "/settings")).json
        if asked.settings:
            await self.scene.settings(**asked.settings)
        reply = await (asked.by or self.merchant).call(
            asked.method, asked.path, asked.body, data=asked.data, headers=asked.headers
        )
        if asked.settings:
            await self.scene.settings(**{name: before[name] for name in asked.settings})
        return reply


async def unpaid(shop: Shop) -> Mapping[str, Any]:
    """Make a payment that nobody has tried to pay."""
    return await shop.merchant.checkout()


async def paid(shop: Shop) -> Mapping[str, Any]:
    """Make a payment and pay it."""
    return await shop.merchant.paid()


async def canceled(shop: Shop) -> Mapping[str, Any]:
    """Make a payment and cancel it."""
    return await shop.canceled()


Arrange = Callable[[Shop], Awaitable[Asked]]
Made = Callable[[Shop], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A call that is refused: `field` is the path of the field at fault, `detail` for the whole."""

    what: str
    arrange: Arrange
    says: str
    field: str = "detail"
    status: int = 400


def post(path: str, body: object, **more: Any) -> Arrange:  # noqa: ANN401 - what a call has
    """Return a call that needs nothing to be there beforehand."""

    async def arrange(_: Shop) -> Asked:
        return Asked(method="POST", path=path, body=body, **more)

    return arrange


def get(path: str) -> Arrange:
    """Return a call that only reads."""

    async def arrange(_: Shop) -> Asked:
        return Asked(method="GET", path=path)

    return arrange


def about(path: str, made: Made, body: Mapping[str, object] | None = None, **more: Any) -> Arrange:  # noqa: ANN401 - what a call has
    """Return a call whose body names a payment that is made beforehand."""

    async def arrange(shop: Shop) -> Asked:
        payment = await made(shop)
        named = {"session_id": payment["session_id"], **(body or {})}
        return Asked(method="POST", path=path, body=named, **more)

    return arrange


def operation(
    name: str,
    made: Made,
    body: Mapping[str, object] | None = None,
    **more: Any,  # noqa: ANN401 - what a call has
) -> Arrange:
    """Return an operation on a payment that is made beforehand."""
    return about(OPERATION, made, {"operation": name, **(body or {})}, **more)


def messages_at(said: object, place: str) -> str:
    """Return what an answer says at a dotted place; empty if it says nothing there."""
    for step in place.split("."):
        if isinstance(said, list) and step.isdecimal():
            said = said[int(step)] if int(step) < len(said) else None
        else:
            said = said.get(step) if isinstance(said, dict) else None
    told = said if isinstance(said, list) else [said] if said else []
    return " ".join(map(str, told))
