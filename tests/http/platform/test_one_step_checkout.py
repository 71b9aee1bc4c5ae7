"""Checkout with a payment instrument: made and paid in the same call."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.http.merchant import CHECKOUT, Merchant
from tests.http.platform.charging import (
    CUSTOMER,
    MASTERCARD,
    VISA,
    Charging,
    agreement,
    apple_payload,
    google_payload,
)
from tests.http.receiver import Receiver, signature_of

Payload = Callable[..., dict[str, object]]


@pytest.fixture
def charging(merchant: Merchant) -> Charging:
    return Charging(merchant)


def samsung_payload(token: str = "opaque-samsung-token") -> dict[str, object]:  # noqa: S107 - no secret
    return {"token": token}


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("apple_pay", apple_payload),
        ("google_pay", google_payload),
        ("samsung_pay", samsung_payload),
    ],
)
async def test_a_phones_wallet_pays_in_the_checkout_call(
    charging: Charging, receiver: Receiver, kind: str, payload: Payload
) -> None:
    reply = await charging.pay_at_once(kind, payload(), order_no="BAZAAR-9")

    assert reply.status == 201
    result = reply.json
    assert (result["state"], result["result"], result["order_no"]) == (
        "paid",
        "success",
        "BAZAAR-9",
    )
    assert result["signature"] == signature_of(result, "sandbox-webhook-key")
    assert await charging.merchant.states_of(result) == ["created", "pending", "paid"]
    await charging.merchant.control("POST", "/settle")
    assert receiver.payloads == [result]


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("apple_pay", apple_payload),
        ("google_pay", google_payload),
        ("samsung_pay", samsung_payload),
    ],
)
async def test_a_declined_instrument_leaves_a_payment_that_can_be_paid_again(
    charging: Charging, kind: str, payload: Payload
) -> None:
    reply = await charging.pay_at_once(kind, payload("decline"))

    assert reply.status == 201
    assert (reply.json["state"], reply.json["result"]) == ("attempted", "failed")
    assert (await charging.merchant.pay(reply.json)).json["state"] == "paid"


@pytest.mark.parametrize(
    ("kind", "payload"), [("apple_pay", apple_payload), ("google_pay", google_payload)]
)
async def test_the_answer_may_be_a_challenge(
    charging: Charging, receiver: Receiver, kind: str, payload: Payload
) -> None:
    reply = await charging.pay_at_once(kind, payload("ask-3ds"))

    assert reply.status == 201
    assert (reply.json["status"], reply.json["form_of_payment"]) == ("3DS", kind)
    assert receiver.payloads == []
    await charging.merchant.pay(reply.json, challenge="failed")
    assert [each["result"] for each in receiver.payloads] == ["failed"]


async def test_the_type_of_an_instrument_may_be_left_out(charging: Charging) -> None:
    token = (await charging.saved())["token"]
    kinds = [apple_payload(), google_payload(), {"token": token}]

    replies = [
        await charging.merchant.call(
            "POST",
            CHECKOUT,
            charging.merchant.checkout_body(
                customer_id=CUSTOMER, payment_instrument={"payload": payload}
            ),
        )
        for payload in kinds
    ]

    assert [reply.status for reply in replies] == [201, 201, 201]
    assert [reply.json.get("token", {}).get("token") for reply in replies] == [None, None, token]


async def test_a_saved_card_that_the_customer_picks_sends_a_webhook(
    charging: Charging, receiver: Receiver
) -> None:
    token = (await charging.saved())["token"]
    arrived = len(receiver.payloads)

    reply = await charging.pay_at_once("token", {"token": token}, customer_id=CUSTOMER)

    assert (reply.status, reply.json["state"]) == (201, "paid")
    assert reply.json["token"]["token"] == token
    await charging.merchant.control("POST", "/settle")
    assert receiver.payloads[arrived:] == [reply.json]


async def test_a_charge_of_an_agreement_sends_none(charging: Charging, receiver: Receiver) -> None:
    token = await charging.subscribed()
    arrived = len(receiver.payloads)

    reply = await charging.pay_at_once(
        "token",
        {"token": token},
        payment_type="auto_debit",
        customer_id=CUSTOMER,
        agreement=agreement(),
    )

    assert (reply.status, reply.json["state"]) == (201, "paid")
    await charging.merchant.control("POST", "/settle")
    assert len(receiver.payloads) == arrived
    assert (await charging.cards(agreement_id="coffee-club-9"))[0]["token"] == token


async def test_the_first_payment_of_an_agreement_by_phone_saves_a_card(charging: Charging) -> None:
    reply = await charging.pay_at_once(
        "apple_pay",
        apple_payload(),
        payment_type="auto_debit",
        customer_id=CUSTOMER,
        agreement=agreement(),
    )

    (card,) = await charging.cards(agreement_id="coffee-club-9")
    assert reply.json["token"] == card


@pytest.mark.parametrize(
    ("fields", "place", "reason"),
    [
        ({"customer_id": "someone-else"}, "token", "another customer"),
        ({"pg_codes": ["credit_card"]}, "token", "the gateway that saved the card"),
        ({"token": "tok_unknown"}, "token", "No saved card"),
        ({"pg_codes": ["credit-card", "credit_card"]}, "pg_codes", "Exactly one gateway"),
        ({"amount": "0", "payment_type": "save_card"}, "token", "a new card"),
        (
            {"payment_type": "auto_debit", "agreement": {"id": "gym"}},
            "token",
            "does not charge this card",
        ),
    ],
)
async def test_a_refused_instrument_makes_no_payment(
    charging: Charging, fields: dict[str, object], place: str, reason: str
) -> None:
    token = (await charging.saved())["token"]
    before = (await charging.merchant.control("GET", "/transactions")).json
    terms = {"customer_id": CUSTOMER, "order_no": "BAZAAR-8", **fields}
    payload = {"token": terms.pop("token", token)}

    reply = await charging.pay_at_once("token", payload, **terms)

    assert reply.status == 400, reply.body
    errors = reply.json
    if place == "token":
        errors = errors["payment_instrument"]["payload"]
    assert reason in errors[place][0]
    assert (await charging.merchant.control("GET", "/transactions")).json == before


async def test_a_refused_instrument_leaves_the_next_scenario_for_the_next_checkout(
    charging: Charging,
) -> None:
    scenario = b"scenario: declines\npayment: [{outcome: failed}]\n"
    path = "/scenarios/declines"
    await charging.merchant.control("PUT", path, data=scenario, content_type="application/yaml")
    await charging.merchant.control("POST", f"{path}/next")

    refused = await charging.pay_at_once("token", {"token": "tok_unknown"})
    declined = await charging.pay_at_once("apple_pay", apple_payload())
    taken = await charging.pay_at_once("apple_pay", apple_payload())

    assert refused.status == 400
    assert [declined.json["result"], taken.json["result"]] == ["failed", "success"]


async def test_an_instrument_pays_in_checkout_only(charging: Charging) -> None:
    payment = await charging.merchant.checkout()
    body = {"payment_instrument": {"instrument_type": "apple_pay", "payload": apple_payload()}}

    reply = await charging.merchant.call("PATCH", f"{CHECKOUT}{payment['session_id']}/", body)

    assert reply.status == 400
    assert "payment_instrument" in reply.json


async def test_what_a_phone_gave_is_not_kept_with_the_payment(charging: Charging) -> None:
    paid = await charging.pay_at_once("samsung_pay", samsung_payload("one-time-secret"))

    shown = await charging.merchant.control("GET", f"/transactions/{paid.json['session_id']}")
    read = await charging.merchant.call("GET", f"{CHECKOUT}{paid.json['session_id']}/")

    assert b"one-time-secret" not in shown.body + read.body


@pytest.mark.parametrize("card", [VISA, MASTERCARD])
async def test_the_card_that_is_asked_for_is_charged(charging: Charging, card: str) -> None:
    tokens = {each: (await charging.saved(each))["token"] for each in (VISA, MASTERCARD)}

    reply = await charging.pay_at_once("token", {"token": tokens[card]}, customer_id=CUSTOMER)

    assert reply.json["token"]["number"].endswith(card[-4:])
    assert reply.json["pg_params"]["card_number"].endswith(card[-4:])


async def test_the_customers_own_wallet_pays_the_whole_or_nothing(charging: Charging) -> None:
    merchant = charging.merchant
    funds = {"customer_id": CUSTOMER, "currency": "KWD", "amount": "15.000"}
    await merchant.control("POST", "/wallets", funds)
    terms: dict[str, Any] = {"customer_id": CUSTOMER, "pg_codes": ["wallet"]}
    payload = {"wallet_code": "wallet_ottu"}

    paid = await charging.pay_at_once("wallet", payload, **terms)
    short = await charging.pay_at_once("wallet", payload, **terms)
    await merchant.control("PATCH", "/settings", {"wallet": False})
    nowhere = await charging.pay_at_once("wallet", payload, **terms)

    assert (paid.status, paid.json["state"]) == (201, "paid")
    (share,) = paid.json["customer_wallet_transactions"]
    assert share["amount"] == "10.000"
    assert (short.status, short.json["result"]) == (400, "failed")
    assert nowhere.status == 503
    assert (await merchant.control("GET", "/transactions")).json["count"] == 1
