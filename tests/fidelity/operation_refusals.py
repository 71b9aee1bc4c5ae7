"""Refusals of operations on a payment."""

from collections.abc import Mapping
from typing import Any, Final

from tests.fidelity.refusals import (
    NOWHERE,
    Asked,
    Refusal,
    Shop,
    canceled,
    operation,
    paid,
    post,
    unpaid,
)
from tests.fidelity.scene import GUEST
from tests.http.merchant import OPERATION
from tests.http.platform.charging import CUSTOMER


async def _refunded(shop: Shop) -> Mapping[str, Any]:
    payment = await shop.merchant.paid()
    assert (await shop.merchant.refund(payment)).status == 200
    return payment


async def _in_riyal(shop: Shop) -> Mapping[str, Any]:
    return await shop.merchant.paid("10.00", "SAR")


async def _in_cash(shop: Shop) -> Mapping[str, Any]:
    return await shop.merchant.paid(pg_codes=["cash"])


async def _in_dollars(shop: Shop) -> Mapping[str, Any]:
    payment = await shop.merchant.checkout()
    assert (await shop.merchant.pay(payment, currency="USD")).status == 200
    return payment


async def _of_customer(shop: Shop) -> Mapping[str, Any]:
    return await shop.merchant.paid(customer_id=CUSTOMER)


async def _authorized(shop: Shop) -> Mapping[str, Any]:
    return await shop.authorized()


async def _voided(shop: Shop) -> Mapping[str, Any]:
    return await shop.authorized(void="")


async def _captured(shop: Shop) -> Mapping[str, Any]:
    return await shop.authorized(capture="")


async def _partly_captured(shop: Shop) -> Mapping[str, Any]:
    return await shop.authorized(capture="4.000")


async def _by_guest(shop: Shop) -> Asked:
    payment = await shop.merchant.paid()
    body = {"session_id": payment["session_id"], "operation": "refund"}
    return Asked(method="POST", path=OPERATION, body=body, by=shop.scene.seen_as(GUEST))


async def _by_nobody(shop: Shop) -> Asked:
    payment = await shop.merchant.paid()
    body = {"session_id": payment["session_id"], "operation": "refund"}
    return Asked(method="POST", path=OPERATION, body=body, by=shop.scene.seen_as(None))


async def _as_xml(shop: Shop) -> Asked:
    payment = await shop.merchant.paid()
    data = f"session_id={payment['session_id']}&operation=refund".encode()
    return Asked(method="POST", path=OPERATION, data=data, headers={"Content-Type": "text/xml"})


async def _by_put(shop: Shop) -> Asked:
    payment = await shop.merchant.paid()
    body = {"session_id": payment["session_id"], "operation": "refund"}
    return Asked(method="PUT", path=OPERATION, body=body)


async def _while_down(shop: Shop) -> Asked:
    payment = await shop.merchant.paid()
    await shop.scene.play("scenario: down\napi: [{operation: operation, fault: {status: 503}}]\n")
    body = {"session_id": payment["session_id"], "operation": "refund"}
    return Asked(method="POST", path=OPERATION, body=body)


_TO_WALLET: Final = {"destination": "wallet"}
OPERATIONS: Final = (
    Refusal(
        what="refund unpaid", arrange=operation("refund", unpaid), says="Only a paid or captured"
    ),
    Refusal(
        what="refund all twice", arrange=operation("refund", _refunded), says="Nothing is left"
    ),
    Refusal(
        what="refund too much",
        arrange=operation("refund", paid, {"amount": "10.001"}),
        field="amount",
        says="exceeds what is left to refund",
    ),
    Refusal(
        what="refund in too many digits",
        arrange=operation("refund", _in_riyal, {"amount": "1.001"}),
        field="amount",
        says="more digits after the point than its currency",
    ),
    Refusal(
        what="refund nothing",
        arrange=operation("refund", paid, {"amount": "0"}),
        field="amount",
        says="greater than zero",
    ),
    Refusal(
        what="refund under a key",
        arrange=operation("refund", paid, {"amount": "99"}, headers={"Tracking-Key": "r-1"}),
        field="amount",
        says="exceeds",
    ),
    Refusal(
        what="refund at a gateway that cannot",
        arrange=operation("refund", _in_cash),
        says="gateway of this payment does not support",
    ),
    Refusal(
        what="refund of a foreign currency",
        arrange=operation("refund", _in_dollars),
        says="in a currency other than its own",
    ),
    Refusal(
        what="refund to the wallet of nobody",
        arrange=operation("refund", paid, _TO_WALLET),
        field="destination",
        says="`customer_id`",
    ),
    Refusal(
        what="refund to a wallet without a service",
        arrange=operation("refund", _of_customer, _TO_WALLET, settings={"wallet": False}),
        field="destination",
        says="wallet service",
    ),
    Refusal(what="refund without the right", arrange=_by_guest, status=403, says="payment.refund"),
    Refusal(what="refund by nobody", arrange=_by_nobody, status=401, says="Authorization"),
    Refusal(what="refund as XML", arrange=_as_xml, status=415, says="`text/xml`"),
    Refusal(what="refund by PUT", arrange=_by_put, status=405, says="POST only"),
    Refusal(
        what="refund while the platform is down",
        arrange=_while_down,
        status=503,
        says="not available",
    ),
    Refusal(
        what="capture to a wallet",
        arrange=operation("capture", _authorized, _TO_WALLET),
        field="destination",
        says="Only a refund",
    ),
    Refusal(what="capture paid", arrange=operation("capture", paid), says="Only an authorized"),
    Refusal(what="capture voided", arrange=operation("capture", _voided), says="not voided"),
    Refusal(what="capture all twice", arrange=operation("capture", _captured), says="already"),
    Refusal(
        what="capture too much",
        arrange=operation("capture", _partly_captured, {"amount": "6.001"}),
        field="amount",
        says="exceeds what is left to capture",
    ),
    Refusal(what="void paid", arrange=operation("void", paid), says="Only an authorized"),
    Refusal(what="void captured", arrange=operation("void", _partly_captured), says="was captured"),
    Refusal(what="cancel paid", arrange=operation("cancel", paid), says="can be canceled"),
    Refusal(what="expire canceled", arrange=operation("expire", canceled), says="can be expired"),
    Refusal(
        what="an unknown operation",
        arrange=operation("sell", paid),
        field="operation",
        says="sell",
    ),
    Refusal(
        what="an unknown destination",
        arrange=operation("refund", _of_customer, {"destination": "moon"}),
        field="destination",
        says="moon",
    ),
    Refusal(
        what="operate on an unknown session",
        arrange=post(OPERATION, {"session_id": NOWHERE, "operation": "delete"}),
        field="session_id",
        says="No payment has this",
    ),
    Refusal(
        what="operate on an unknown order",
        arrange=post(OPERATION, {"order_no": "NOWHERE", "operation": "delete"}),
        field="order_no",
        says="No payment has this",
    ),
    Refusal(
        what="operate on nothing",
        arrange=post(OPERATION, {"operation": "delete"}),
        field="non_field_errors",
        says="`session_id` or the `order_no`",
    ),
)
