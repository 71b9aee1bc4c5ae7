"""Refusals of checkout, its updates, messages, attachments and inquiries."""

from collections.abc import Mapping
from typing import Any, Final

from tests.fidelity.refusals import (
    NOWHERE,
    Arrange,
    Asked,
    Made,
    Refusal,
    Shop,
    about,
    canceled,
    paid,
    post,
    unpaid,
)
from tests.http.merchant import CHECKOUT, RESEND
from tests.http.platform.charging import CUSTOMER, apple_payload
from tests.http.platform.test_attachments import UPLOAD, form_headers, multipart
from tests.http.platform.test_template_notifications import EMAIL, SEND, SMS, WHATSAPP

_INQUIRY: Final = "/b/pbl/v2/inquiry/"
_CHECK: Final = "/b/checkout/api/sdk/v1/pre-payment-option-check/"


def _checkout(**fields: Any) -> Arrange:  # noqa: ANN401 - any field of a checkout
    settings = fields.pop("settings", {})

    async def arrange(shop: Shop) -> Asked:
        body = shop.merchant.checkout_body(**fields)
        return Asked(method="POST", path=CHECKOUT, body=body, settings=settings)

    return arrange


def _update(method: str, made: Made, **fields: Any) -> Arrange:  # noqa: ANN401 - any field
    async def arrange(shop: Shop) -> Asked:
        payment = await made(shop)
        body = shop.merchant.checkout_body(**fields) if method == "PUT" else fields
        return Asked(method=method, path=f"{CHECKOUT}{payment['session_id']}/", body=body)

    return arrange


def _instrument(kind: str, **payload: object) -> dict[str, object]:
    return {"instrument_type": kind, "payload": payload}


CHECKOUTS: Final = (
    Refusal(
        what="too many digits",
        arrange=_checkout(amount="1.0001"),
        field="amount",
        says="decimal places",
    ),
    Refusal(
        what="an amount below zero",
        arrange=_checkout(amount="-1"),
        field="amount",
        says="greater than zero",
    ),
    Refusal(
        what="an unknown currency",
        arrange=_checkout(currency="KWX"),
        field="currency_code",
        says="not a known currency",
    ),
    Refusal(
        what="no gateway", arrange=_checkout(pg_codes=[]), field="pg_codes", says="may not be empty"
    ),
    Refusal(
        what="a gateway that the account lacks",
        arrange=_checkout(pg_codes=["kent"], settings={"gateways": "listed"}),
        field="pg_codes",
        says="kent",
    ),
    Refusal(
        what="a debit without an agreement",
        arrange=_checkout(payment_type="auto_debit", customer_id=CUSTOMER),
        field="agreement",
        says="required for auto_debit",
    ),
    Refusal(
        what="a card saved for money",
        arrange=_checkout(payment_type="save_card", customer_id=CUSTOMER),
        field="amount",
        says="must be 0",
    ),
    Refusal(
        what="a gateway that keeps no cards",
        arrange=_checkout(
            amount="0", payment_type="save_card", customer_id=CUSTOMER, pg_codes=["cash"]
        ),
        field="pg_codes",
        says="cannot keep cards",
    ),
    Refusal(
        what="a channel without a contact",
        arrange=_checkout(notifications={"sms": ["paid"]}),
        field="notifications.sms",
        says="`customer_phone`",
    ),
    Refusal(
        what="a webhook to a metadata service",
        arrange=_checkout(webhook_url="http://169.254.169.254/latest"),
        field="webhook_url",
        says="metadata",
    ),
    Refusal(
        what="an expiry of no time",
        arrange=_checkout(expiration_time="00:00:00"),
        field="expiration_time",
        says="longer than zero",
    ),
    Refusal(
        what="an unknown scenario",
        arrange=_checkout(extra={"sandbox_scenario": "nowhere"}),
        says="nowhere",
    ),
    Refusal(
        what="pay at once through two gateways",
        arrange=_checkout(
            pg_codes=["credit-card", "knet"],
            payment_instrument={"instrument_type": "apple_pay", "payload": apple_payload()},
        ),
        field="pg_codes",
        says="Exactly one gateway",
    ),
    Refusal(
        what="pay at once with an unknown card",
        arrange=_checkout(
            customer_id=CUSTOMER, payment_instrument=_instrument("token", token="tok_1")
        ),
        field="payment_instrument.payload.token",
        says="No saved card",
    ),
    Refusal(
        what="pay at once from too small a wallet",
        arrange=_checkout(
            amount="30.001",
            customer_id=CUSTOMER,
            payment_instrument=_instrument("wallet", wallet_code="wallet_ottu"),
        ),
        says="wallet",
    ),
    Refusal(what="replace paid", arrange=_update("PUT", paid), says="paid cannot be changed"),
    Refusal(
        what="modify canceled",
        arrange=_update("PATCH", canceled, amount="12.000"),
        says="canceled cannot be changed",
    ),
    Refusal(
        what="modify to too many digits",
        arrange=_update("PATCH", unpaid, amount="1.0001"),
        field="amount",
        says="decimal places",
    ),
    Refusal(
        what="pay by an update",
        arrange=_update("PATCH", unpaid, payment_instrument=_instrument("token", token="tok_1")),
        field="payment_instrument",
        says="not in an update",
    ),
)


async def _told_by_email(shop: Shop) -> Mapping[str, Any]:
    return await shop.merchant.checkout(
        customer_email="noura@example.com", notifications={"email": ["created"]}
    )


async def _waiting_to_tell(shop: Shop) -> Mapping[str, Any]:
    return await shop.merchant.checkout(
        customer_phone="+96550000000", notifications={"sms": ["paid"]}
    )


async def _program(_: Shop) -> Asked:
    data = multipart({}, "terms.exe", b"MZ")
    return Asked(method="POST", path=UPLOAD, data=data, headers=form_headers())


async def _file_for_nobody(_: Shop) -> Asked:
    data = multipart({"session_id": NOWHERE}, "terms.pdf", b"%PDF-1.7")
    return Asked(method="POST", path=UPLOAD, data=data, headers=form_headers())


def _lender(code: str) -> Arrange:
    async def arrange(shop: Shop) -> Asked:
        payment = await shop.merchant.checkout()
        path = f"{_CHECK}{payment['session_id']}/"
        return Asked(method="POST", path=path, body={"pg_code": code})

    return arrange


AROUND: Final = (
    Refusal(
        what="resend by a channel without a contact",
        arrange=about(RESEND, _told_by_email, {"channels": ["sms"]}),
        field="channels",
        says="sms",
    ),
    Refusal(
        what="resend before anything is to be told",
        arrange=about(RESEND, _waiting_to_tell, {"channels": ["sms"]}),
        field="channels",
        says="sms",
    ),
    Refusal(
        what="resend by no channel",
        arrange=about(RESEND, _told_by_email, {"channels": []}),
        field="channels",
        says="may not be empty",
    ),
    Refusal(
        what="resend of an unknown order",
        arrange=post(RESEND, {"order_no": "NOWHERE", "channels": ["email"]}),
        field="order_no",
        says="No payment has this",
    ),
    Refusal(
        what="email to a number",
        arrange=post(SEND, {**EMAIL, "to": "+96550000001"}),
        field="to",
        says="email address",
    ),
    Refusal(
        what="sms to a name", arrange=post(SEND, {**SMS, "to": "noura"}), field="to", says="phone"
    ),
    Refusal(
        what="whatsapp without a unit",
        arrange=post(SEND, {**WHATSAPP, "unit_config": ""}),
        field="unit_config",
        says="required for whatsapp",
    ),
    Refusal(what="upload a program", arrange=_program, field="file", says="exe are not taken"),
    Refusal(
        what="upload for nobody", arrange=_file_for_nobody, field="session_id", says="No payment"
    ),
    Refusal(
        what="ask a lender who is not offered",
        arrange=_lender("tamara"),
        field="pg_code",
        says="not `tamara`",
    ),
    Refusal(
        what="ask a gateway that lends nothing",
        arrange=_lender("credit-card"),
        field="pg_code",
        says="does not pay later",
    ),
    Refusal(what="inquire too soon", arrange=about(_INQUIRY, unpaid), says="Nobody has tried"),
    Refusal(what="inquire canceled", arrange=about(_INQUIRY, canceled), says="canceled"),
    Refusal(
        what="inquire of nobody",
        arrange=post(_INQUIRY, {"session_id": NOWHERE}),
        status=404,
        says="session_id",
    ),
    Refusal(
        what="inquire against the limit",
        arrange=about(_INQUIRY, paid, {"notify_webhook_url": True}, settings={"limits": "enforce"}),
        status=429,
        says="10 minutes",
    ),
)
