"""Puts ids that are real into a published example: makes the payment, card or wallet it speaks of.

Amounts, currencies, gateways, customers and words stay as they were published.
"""

import copy
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.http.merchant import ALL_NOTIFICATIONS, CHECKOUT, Merchant
from tests.http.platform.charging import CUSTOMER, Charging

_CHANNELS: Final = ("email", "sms", "whatsapp")
_ORDER: Final = "EXAMPLE-1"
# Nobody listens there, so no try of a webhook leaves this machine.
_ADDRESSES: Final = {
    "webhook_url": "http://127.0.0.1:9/webhook",
    "redirect_url": "http://127.0.0.1:9/thanks",
}
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b", re.ASCII)
_CAPTURED: Final = "mpgs-auth"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitted:
    """What is sent: the body, and the parameters of the path."""

    body: Any
    path: Mapping[str, str] = field(default_factory=dict)


Body = dict[str, Any]
Fitting = Callable[[Merchant, Body], Awaitable[Fitted]]


async def with_real_ids(merchant: Merchant, key: str, name: str, value: object) -> Fitted:
    """Return an example of a call, ready to be sent in the merchant's workspace."""
    if not isinstance(value, dict):
        return Fitted(body=value)
    body = {each: _ADDRESSES.get(each, inner) for each, inner in copy.deepcopy(value).items()}
    body = {each: _later(each, inner) for each, inner in body.items()}
    if key == "POST /b/pbl/v2/notifications/send/{channel}/":
        return Fitted(body=body, path={"channel": body.get("channel") or _channel_in(name)})
    fitting = FITTINGS.get(key)
    return Fitted(body=body) if fitting is None else await fitting(merchant, body)


async def _of_checkout(merchant: Merchant, body: Body) -> Fitted:
    payload = (body.get("payment_instrument") or {}).get("payload") or {}
    if "token" in payload:
        payload["token"] = await _token(merchant, body)
    return Fitted(body=body)


async def _of_a_payment(merchant: Merchant, body: Body) -> Fitted:
    payment = await merchant.checkout()
    return Fitted(body=body, path={"session_id": payment["session_id"]})


async def _of_a_lender(merchant: Merchant, body: Body) -> Fitted:
    payment = await merchant.checkout("300.00", "SAR", pg_codes=[body["pg_code"]])
    return Fitted(body=body, path={"session_id": payment["session_id"]})


async def _of_a_message(merchant: Merchant, body: Body) -> Fitted:
    payment = await _checkout(merchant, body, notifications=ALL_NOTIFICATIONS)
    return Fitted(body=_naming(payment, body))


async def _of_an_operation(merchant: Merchant, body: Body) -> Fitted:
    asked = body.get("operation")
    authorizes = asked in ("capture", "void")
    codes = [_CAPTURED if authorizes else "credit-card"]
    payment = await _checkout(merchant, body, pg_codes=codes)
    if authorizes or asked == "refund":
        await _pay(merchant, payment)
    return Fitted(body=_naming(payment, body))


async def _of_an_inquiry(merchant: Merchant, body: Body) -> Fitted:
    payment = await _checkout(merchant, body)
    await _pay(merchant, payment)
    return Fitted(body=_naming(payment, body))


async def _of_cards(merchant: Merchant, body: Body) -> Fitted:
    await Charging(merchant).saved(customer_id=body["customer_id"])
    return Fitted(body=body)


async def _of_a_charge(merchant: Merchant, body: Body) -> Fitted:
    charging = Charging(merchant)
    token = await charging.subscribed()
    payment = await charging.subscription()
    return Fitted(body={**body, "session_id": payment["session_id"], "token": token})


async def _of_a_direct_payment(merchant: Merchant, body: Body) -> Fitted:
    payment = await _checkout(merchant, body, pg_codes=[body.get("pg_code") or "credit-card"])
    return Fitted(body=_naming(payment, body))


async def _of_cash(merchant: Merchant, body: Body) -> Fitted:
    return Fitted(body=_naming(await _checkout(merchant, body, pg_codes=["cash"]), body))


async def _of_a_wallet(merchant: Merchant, body: Body) -> Fitted:
    fields = {
        "customer_id": body.get("customer_id") or CUSTOMER,
        "currency": body.get("currency") or "KWD",
        "amount": "500",
    }
    reply = await merchant.control("POST", "/wallets", fields)
    assert reply.status == 201, reply.body
    if "operation_id" in body:
        body["operation_id"] = 1  # the first of a fresh workspace
    if "session_id" not in body:
        return Fitted(body=body)
    return await _of_a_direct_payment(merchant, body)


async def _token(merchant: Merchant, body: Body) -> str:
    """Return the token of a card that the customer of a checkout has saved at its gateway."""
    charging = Charging(merchant)
    same = {name: body[name] for name in ("customer_id", "pg_codes", "agreement") if name in body}
    if body.get("payment_type") == "auto_debit":
        first = await charging.subscription(**same)
        await _pay(merchant, first)
        cards = await charging.cards(customer_id=body["customer_id"])
        return str(cards[0]["token"])
    return str((await charging.saved(**same))["token"])


async def _checkout(merchant: Merchant, body: Body, **fields: object) -> dict[str, Any]:
    """Make the payment that an example names."""
    order = body.get("order_no")
    told = {
        "order_no": order if isinstance(order, str) and "<" not in order else _ORDER,
        "customer_id": CUSTOMER,
        "customer_email": "noura@example.com",
        "customer_phone": "+96550001234",
        **fields,
    }
    return await merchant.checkout(str(body.get("amount", "100.000")), "KWD", **told)


async def _pay(merchant: Merchant, payment: Mapping[str, Any]) -> None:
    reply = await merchant.pay(payment)
    assert reply.status == 200, reply.body
    assert reply.json["state"] in ("paid", "authorized"), reply.body


def _naming(payment: Mapping[str, Any], body: Body) -> Body:
    """Return a body with the ids of a payment in place of its own."""
    return {
        name: payment[name] if name in ("session_id", "order_no") else each
        for name, each in body.items()
    }


def _later(name: str, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a field with days that are still to come on the sandbox's clock."""
    if isinstance(value, dict):
        return {each: _later(each, inner) for each, inner in value.items()}
    if isinstance(value, str) and name in ("due_date", "expiry_date"):
        return _YEAR.sub("2030", value)
    return value


def _channel_in(name: str) -> str:
    return next((each for each in _CHANNELS if each in name.lower()), _CHANNELS[0])


_PAY: Final = "POST /b/pbl/v2/payment"
FITTINGS: Final[Mapping[str, Fitting]] = {
    f"POST {CHECKOUT}": _of_checkout,
    f"PUT {CHECKOUT}{{session_id}}/": _of_a_payment,
    f"PATCH {CHECKOUT}{{session_id}}/": _of_a_payment,
    "POST /b/checkout/api/sdk/v1/pre-payment-option-check/{session_id}/": _of_a_lender,
    "POST /b/pbl/v2/message-notification/": _of_a_message,
    "POST /b/pbl/v2/operation/": _of_an_operation,
    "POST /b/pbl/v2/inquiry/": _of_an_inquiry,
    "POST /b/pbl/v2/card/": _of_cards,
    f"{_PAY}/auto-debit/": _of_a_charge,
    "POST /b/pbl/v2/auto-debit/": _of_a_charge,
    f"{_PAY}/cash/": _of_cash,
    "POST /b/pbl/v2/cash-payment/": _of_cash,
    f"{_PAY}/apple-pay/": _of_a_direct_payment,
    f"{_PAY}/google-pay/": _of_a_direct_payment,
    f"{_PAY}/wallet/": _of_a_wallet,
    "POST /b/wallet/ottu/v1/accounts/": _of_a_wallet,
    "POST /b/wallet/ottu/v1/entries/": _of_a_wallet,
    "POST /b/wallet/ottu/v1/operations/": _of_a_wallet,
}
