"""Without validation: all that can be understood passes, and what cannot is still told."""

from typing import Any

import aiohttp
import pytest

from sandbox.contract.checking import Contract
from sandbox.server import Running
from tests.http.contract_watch import ContractWatch
from tests.http.merchant import CHECKOUT, OPERATION, RESEND, Merchant


@pytest.fixture
async def unchecked(
    session: aiohttp.ClientSession, server: Running, contract: Contract
) -> Merchant:
    """A merchant in a workspace that checks nothing, whose answers show what it sent."""
    merchant = Merchant(session, server.url, ContractWatch(contract))
    await merchant.control("PATCH", "/settings", {"validation": "off"})
    return merchant


def some(name: str, *values: object) -> list[tuple[dict[str, object], str]]:
    """Return each value as that field of a body, with the field's name."""
    return [({name: value}, name) for value in values]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        *some("amount", "x", "NaN", "", "1e30", "1e999999", [], {}),
        *some("type", "auction", "", 5, None),
        *some("currency_code", "ZZZ", "", {}, None),
        *some("pg_codes", [], 5, [{}], [""], "knet", None),
        *some("expiration_time", "x", "9999999d", []),
        *some("order_no", {"a": 1}, []),
        *some("customer_email", {"a": 1}),
        *some("webhook_url", {"a": 1}, [1]),
        ({"notifications": 5}, "notifications"),
        ({"notifications": {"sms": 5}}, "notifications"),
        ({"notifications": {"sms": [{}]}}, "notifications"),
        ({"payment_type": "barter"}, "payment_type"),
        ({"email_recipients": 5}, "email_recipients"),
    ],
)
async def test_what_no_payment_can_be_made_of_is_a_field_error(
    unchecked: Merchant, fields: dict[str, Any], wrong: str
) -> None:
    payment = await unchecked.checkout()
    body = {**unchecked.checkout_body(), **fields}

    made = await unchecked.call("POST", CHECKOUT, body)
    replaced = await unchecked.call("PUT", f"{CHECKOUT}{payment['session_id']}/", body)
    changed = await unchecked.call("PATCH", f"{CHECKOUT}{payment['session_id']}/", fields)

    assert [(each.status, list(each.json)) for each in (made, replaced, changed)] == [
        (400, [wrong])
    ] * 3
    assert (await unchecked.control("GET", "/transactions")).json["count"] == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": "-5"},
        {"notifications": {"fax": ["created"], "sms": ["born"]}},
        {"notifications": []},
        {"order_no": "x" * 500},
        {"customer_email": "nobody"},
        {"webhook_url": "javascript:1"},
        {"webhook_url": "http://["},
        {"redirect_url": "http://["},
        {"agreement": 5, "attachment": {}, "billing_address": []},
    ],
)
async def test_what_the_platform_would_refuse_passes_and_is_paid(
    unchecked: Merchant, fields: dict[str, Any]
) -> None:
    reply = await unchecked.call("POST", CHECKOUT, {**unchecked.checkout_body(), **fields})

    assert reply.status == 201, reply.body
    assert (await unchecked.pay(reply.json, wait=False)).status == 200
    assert (await unchecked.control("GET", "/transactions")).status == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (OPERATION, {}),
        (OPERATION, {"operation": "explode", "order_no": "A-1"}),
        (OPERATION, {"operation": "refund", "order_no": "A-1", "amount": "NaN"}),
        (OPERATION, {"operation": "refund", "order_no": {"a": 1}}),
        (RESEND, {}),
        (RESEND, {"order_no": "A-1", "channels": 5}),
        (RESEND, {"order_no": "A-1", "channels": ["pigeon"]}),
        (RESEND, {"order_no": "A-1"}),
        (RESEND, {"session_id": [], "channels": ["sms"]}),
    ],
)
async def test_calls_about_a_payment_need_what_they_act_on(
    unchecked: Merchant, path: str, body: dict[str, Any]
) -> None:
    await unchecked.paid(order_no="A-1")

    reply = await unchecked.call("POST", path, body)

    assert reply.status == 400
    assert reply.json


async def test_an_empty_checkout_lacks_four_fields(unchecked: Merchant) -> None:
    reply = await unchecked.call("POST", CHECKOUT, {})

    assert reply.status == 400
    assert set(reply.json) == {"type", "amount", "currency_code", "pg_codes"}
