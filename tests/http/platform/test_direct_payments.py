"""Direct payments: phones' wallets, and cash."""

from collections.abc import Callable

import pytest

from tests.http.merchant import Merchant
from tests.http.platform.charging import (
    APPLE_PAY,
    AUTO_DEBIT,
    CASH,
    GOOGLE_PAY,
    apple_payload,
    google_payload,
)
from tests.http.receiver import Receiver

Payload = Callable[..., dict[str, object]]
PHONES: list[tuple[str, str, Payload]] = [
    (APPLE_PAY, "apple-pay", apple_payload),
    (GOOGLE_PAY, "google-pay", google_payload),
]


@pytest.mark.parametrize(("path", "code", "payload"), PHONES)
async def test_a_phones_wallet_pays_and_tells_by_webhook_too(
    merchant: Merchant, receiver: Receiver, path: str, code: str, payload: Payload
) -> None:
    payment = await merchant.checkout(pg_codes=["credit-card", code])

    reply = await merchant.call(
        "POST", path, {"session_id": payment["session_id"], "payload": payload()}
    )

    assert reply.status == 200
    assert (reply.json["state"], reply.json["gateway_account"]) == ("paid", code)
    await merchant.control("POST", "/settle")
    assert receiver.payloads == [reply.json]


@pytest.mark.parametrize(("path", "code", "payload"), PHONES)
@pytest.mark.parametrize(
    ("word", "acquirer", "state"),
    [("decline", "05", "attempted"), ("NO-FUNDS", "51", "attempted")],
)
async def test_a_token_can_ask_to_be_declined(
    merchant: Merchant,
    receiver: Receiver,
    path: str,
    code: str,
    payload: Payload,
    word: str,
    acquirer: str,
    state: str,
) -> None:
    payment = await merchant.checkout(pg_codes=[code])
    body = {"session_id": payment["session_id"], "payload": payload(f"sandbox-{word}")}

    reply = await merchant.call("POST", path, body)

    assert (reply.status, reply.json["pg_response"]["code"]) == (400, acquirer)
    assert (await merchant.transaction(payment))["state"] == state
    await merchant.control("POST", "/settle")
    assert [each["state"] for each in receiver.payloads] == [state]


async def test_google_pay_may_ask_for_3d_secure(merchant: Merchant, receiver: Receiver) -> None:
    payment = await merchant.checkout(pg_codes=["google-pay"], order_no="BAZAAR-7")
    body = {"session_id": payment["session_id"], "payload": google_payload("ask-3ds")}

    reply = await merchant.call("POST", GOOGLE_PAY, body)

    assert reply.status == 200
    (attempt,) = (await merchant.transaction(payment))["attempts"]
    assert reply.json == {
        "status": "3DS",
        "reference_number": attempt["reference_number"],
        "form_of_payment": "google_pay",
        "challenge_occurred": True,
        "method": "redirect",
        "redirect_url": payment["checkout_url"],
        "order_no": "BAZAAR-7",
        "session_id": payment["session_id"],
    }
    assert receiver.payloads == []

    await merchant.pay(payment, challenge="passed")

    assert [each["state"] for each in receiver.payloads] == ["paid"]


async def test_an_undecided_payment_is_told_as_it_stands(merchant: Merchant) -> None:
    payment = await merchant.checkout(pg_codes=["apple-pay"])
    body = {"session_id": payment["session_id"], "payload": apple_payload("undecided")}

    reply = await merchant.call("POST", APPLE_PAY, body)

    assert (reply.status, reply.json["state"], reply.json["result"]) == (200, "pending", "pending")


@pytest.mark.parametrize(
    ("codes", "asked", "reason"),
    [
        (["credit-card", "knet"], None, "say which of them"),
        (["credit-card", "knet"], "apple-pay", "not `apple-pay`"),
        (["cash"], None, "cash only"),
        (["benefit"], None, "does not take KWD"),
    ],
)
async def test_a_gateway_that_cannot_be_is_refused(
    merchant: Merchant, codes: list[str], asked: str | None, reason: str
) -> None:
    payment = await merchant.checkout(pg_codes=codes)
    body = {"session_id": payment["session_id"], "payload": apple_payload(), "pg_code": asked}

    reply = await merchant.call("POST", APPLE_PAY, body)

    assert reply.status == 400
    assert reason in reply.json["pg_code"][0]
    assert (await merchant.transaction(payment))["state"] == "created"


async def test_a_named_gateway_is_used(merchant: Merchant) -> None:
    payment = await merchant.checkout(pg_codes=["apple-pay", "knet"])
    body = {"session_id": payment["session_id"], "payload": apple_payload(), "pg_code": "knet"}

    reply = await merchant.call("POST", APPLE_PAY, body)

    assert reply.json["gateway_account"] == "knet"


async def test_a_payload_that_is_none_is_refused_by_field(merchant: Merchant) -> None:
    payment = await merchant.checkout(pg_codes=["apple-pay"])
    body = {"session_id": payment["session_id"], "payload": {"paymentData": {"version": "EC_v1"}}}

    reply = await merchant.call("POST", APPLE_PAY, body)

    assert reply.status == 400
    assert {"data", "signature", "header"} <= set(reply.json["payload"]["paymentData"])


@pytest.mark.parametrize("path", [CASH, "/b/pbl/v2/cash-payment/"])
async def test_the_cash_of_a_delivery_makes_it_paid(
    merchant: Merchant, receiver: Receiver, path: str
) -> None:
    payment = await merchant.checkout(pg_codes=["cash"])
    await merchant.pay(payment, outcome="cod")

    reply = await merchant.call("POST", path, {"session_id": payment["session_id"]})

    assert reply.status == 200
    assert (reply.json["state"], reply.json["paid_amount"]) == ("paid", "10.000")
    assert await merchant.states_of(payment) == ["created", "pending", "cod", "paid"]
    await merchant.control("POST", "/settle")
    assert [each["state"] for each in receiver.payloads] == ["cod", "paid"]
    again = await merchant.call("POST", path, {"session_id": payment["session_id"]})
    assert (again.status, again.json["result"]) == (400, "failed")


@pytest.mark.parametrize(
    ("codes", "operation", "before", "status"),
    [
        (["credit-card", "cash"], None, "created", 200),
        (["cash"], "expire", "expired", 200),
        (["credit-card"], None, "created", 400),
        (["cash"], "cancel", "canceled", 400),
    ],
)
async def test_cash_is_confirmed_where_it_may_have_been_paid(
    merchant: Merchant, codes: list[str], operation: str | None, before: str, status: int
) -> None:
    payment = await merchant.checkout(pg_codes=codes)
    if operation is not None:
        await merchant.operate(payment, operation)

    reply = await merchant.call("POST", CASH, {"session_id": payment["session_id"]})

    assert reply.status == status, reply.body
    state = (await merchant.transaction(payment))["state"]
    assert state == ("paid" if status == 200 else before)


async def test_an_unknown_session_is_a_field_error(merchant: Merchant) -> None:
    payloads: dict[str, dict[str, object]] = {
        CASH: {},
        AUTO_DEBIT: {"token": "t"},
        APPLE_PAY: {"payload": apple_payload()},
        GOOGLE_PAY: {"payload": google_payload()},
    }
    for path, body in payloads.items():
        reply = await merchant.call("POST", path, {"session_id": "0" * 40, **body})
        assert reply.status == 400
        assert list(reply.json) == ["session_id"]


async def test_the_magic_table_tells_of_tokens_and_cards(merchant: Merchant) -> None:
    tables = (await merchant.control("GET", "/magic")).json

    assert "decline" in [each["contains"] for each in tables["device_tokens"]]
    assert "0341" in [each["ends_with"] for each in tables["saved_cards"]]
