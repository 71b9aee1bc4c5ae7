"""An update leaves a payment that could have been made so in the first place."""

from typing import Any

import pytest

from tests.http.merchant import CHECKOUT, Merchant, Reply


async def patched(merchant: Merchant, payment: dict[str, Any], **fields: object) -> Reply:
    return await merchant.call("PATCH", f"{CHECKOUT}{payment['session_id']}/", fields)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"payment_type": "save_card", "customer_id": "noura"}, {"amount"}),
        ({"payment_type": "auto_debit"}, {"customer_id", "agreement"}),
        ({"amount": "0"}, {"amount"}),
        ({"currency_code": "JPY"}, {"amount"}),
        ({"notifications": {"sms": ["paid"]}}, {"notifications"}),
    ],
)
async def test_what_is_changed_must_fit_what_is_kept(
    merchant: Merchant, fields: dict[str, Any], wrong: set[str]
) -> None:
    payment = await merchant.checkout("22.500", "KWD")

    refused = await patched(merchant, payment, **fields)

    assert (refused.status, set(refused.json)) == (400, wrong)
    kept = await merchant.call("GET", f"{CHECKOUT}{payment['session_id']}/")
    assert (kept.json["amount"], kept.json["payment_type"]) == ("22.500", "one_off")


async def test_what_fits_with_what_is_kept_passes(merchant: Merchant) -> None:
    payment = await merchant.checkout("22.00", "SAR", customer_phone="+96550000000")

    for fields in (
        {"notifications": {"sms": ["paid"]}},
        {"currency_code": "JPY"},
        {"payment_type": "save_card", "customer_id": "noura", "amount": "0"},
        {},
    ):
        reply = await patched(merchant, payment, **fields)
        assert reply.status == 200, reply.body


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
async def test_an_unknown_channel_is_a_field_error_that_names_those_there_are(
    merchant: Merchant, method: str
) -> None:
    payment = await merchant.checkout()
    path = CHECKOUT if method == "POST" else f"{CHECKOUT}{payment['session_id']}/"

    reply = await merchant.call(
        method, path, merchant.checkout_body(notifications={"fax": ["created"]})
    )

    assert reply.status == 400
    assert "email, sms, whatsapp" in reply.json["notifications"]["fax"][0]


@pytest.mark.parametrize("time", ["9999999d", "PT999999999S", "P9999W", "87841h"])
async def test_a_payment_expires_within_ten_years(merchant: Merchant, time: str) -> None:
    body = merchant.checkout_body(expiration_time=time)

    reply = await merchant.call("POST", CHECKOUT, body)

    assert reply.status == 400
    assert list(reply.json) == ["expiration_time"]


@pytest.mark.parametrize("time", ["500ms", "1500ms", "PT1.25S"])
async def test_an_update_keeps_the_moment_at_which_a_payment_expires(
    merchant: Merchant, time: str
) -> None:
    payment = await merchant.checkout(expiration_time=time)

    await patched(merchant, payment, customer_id="noura")
    await merchant.clock.advance(time)

    assert (await merchant.transaction(payment))["state"] == "expired"


async def test_what_is_no_number_is_told_once(merchant: Merchant) -> None:
    payment = await merchant.paid()

    reply = await merchant.refund(payment, "NaN")

    assert reply.json == {"amount": ["A valid number is required."]}
