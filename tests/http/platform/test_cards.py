"""Saved cards: what saves one, how they are listed, and when one can be forgotten."""

from typing import Any

import pytest

from tests.http.merchant import Merchant, StoppedClock
from tests.http.platform.charging import CARDS, CUSTOMER, MASTERCARD, VISA, Charging
from tests.http.receiver import Receiver


@pytest.fixture
def charging(merchant: Merchant) -> Charging:
    return Charging(merchant)


async def test_a_card_is_saved_when_the_payer_ticks_so(
    charging: Charging, receiver: Receiver
) -> None:
    payment = await charging.merchant.checkout(
        customer_id=CUSTOMER, customer_first_name="Noura", customer_last_name="Salem"
    )

    await charging.merchant.pay(payment, card=VISA, card_expiry="08/29", save_card=True)

    (card,) = await charging.cards()
    assert 0 < len(card.pop("token")) <= 50
    assert card == {
        "agreements": [],
        "brand": "VISA",
        "customer_id": CUSTOMER,
        "cvv_required": False,
        "expiry_month": "08",
        "expiry_year": "29",
        "is_expired": False,
        "is_preferred": True,
        "name_on_card": "NOURA SALEM",
        "number": "424242******4242",
        "pg_code": "credit-card",
        "pg_name": "mpgs",
    }
    (payload,) = receiver.payloads
    assert [payload["token"]] == await charging.cards()
    named = {"session_id": payment["session_id"]}
    inquiry = await charging.merchant.call("POST", "/b/pbl/v2/inquiry/", named)
    assert inquiry.json["token"] == payload["token"]


async def test_a_card_is_not_saved_without_the_payers_wish_or_without_success(
    charging: Charging, receiver: Receiver
) -> None:
    payment = await charging.merchant.checkout(customer_id=CUSTOMER)
    await charging.merchant.pay(payment, outcome="failed", save_card=True)
    await charging.merchant.pay(payment, outcome="success")

    assert await charging.cards() == []
    assert all("token" not in payload for payload in receiver.payloads)


@pytest.mark.parametrize(
    ("fields", "lacking"),
    [
        ({"pg_codes": ["knet"], "customer_id": CUSTOMER}, "tokenization"),
        ({"customer_id": None}, "customer_id"),
    ],
)
async def test_a_wish_that_cannot_be_met_is_refused_and_nothing_is_tried(
    merchant: Merchant, fields: dict[str, Any], lacking: str
) -> None:
    payment = await merchant.checkout(**fields)

    reply = await merchant.pay(payment, save_card=True)

    assert reply.status == 400
    assert lacking in reply.json["detail"]
    assert (await merchant.transaction(payment))["attempts"] == []


async def test_a_save_card_payment_takes_no_money_and_saves(
    charging: Charging, receiver: Receiver
) -> None:
    payment = await charging.merchant.checkout(
        "0", payment_type="save_card", customer_id=CUSTOMER, pg_codes=["never-heard-of"]
    )

    paid = await charging.merchant.pay(payment)

    assert paid.json["state"] == "paid"
    (card,) = await charging.cards()
    assert (card["pg_code"], card["pg_name"]) == ("never-heard-of", "ottu_sandbox")
    assert receiver.payloads[0]["token"]["token"] == card["token"]
    assert receiver.payloads[0]["paid_amount"] == "0.000"


@pytest.mark.parametrize("payment_type", ["save_card", "auto_debit"])
async def test_payments_that_save_need_a_gateway_that_keeps_cards(
    merchant: Merchant, payment_type: str
) -> None:
    body = merchant.checkout_body(
        "0" if payment_type == "save_card" else "1",
        pg_codes=["credit-card", "cash"],
        payment_type=payment_type,
        customer_id=CUSTOMER,
        agreement={"id": "A"},
    )

    reply = await merchant.call("POST", "/b/checkout/v1/pymt-txn/", body)

    assert reply.status == 400
    assert "`cash`" in reply.json["pg_codes"][0]


async def test_the_card_saved_last_is_preferred_and_comes_first(charging: Charging) -> None:
    await charging.saved(VISA)
    await charging.saved(MASTERCARD)
    both = await charging.cards()
    await charging.saved(VISA)
    again = await charging.cards()

    assert [(each["brand"], each["is_preferred"]) for each in both] == [
        ("MASTERCARD", True),
        ("VISA", False),
    ]
    # The same card keeps its token.
    assert [(each["brand"], each["is_preferred"]) for each in again] == [
        ("VISA", True),
        ("MASTERCARD", False),
    ]
    assert {each["token"] for each in both} == {each["token"] for each in again}


async def test_cards_are_listed_by_customer_gateway_agreement_and_environment(
    charging: Charging,
) -> None:
    mine = (await charging.saved())["token"]
    other = (await charging.saved(customer_id="someone-else"))["token"]
    elsewhere = (await charging.saved(MASTERCARD, pg_codes=["cybersource"]))["token"]
    debited = await charging.subscribed("gym")

    async def tokens(**fields: object) -> set[str]:
        return {each["token"] for each in await charging.cards(**fields)}

    assert debited == mine
    assert await tokens() == {mine, elsewhere}
    assert await tokens(customer_id="someone-else") == {other}
    assert await tokens(pg_codes=["cybersource"]) == {elsewhere}
    assert await tokens(pg_codes=["credit-card", "cybersource"]) == {mine, elsewhere}
    assert await tokens(agreement_id="gym") == {mine}
    assert await tokens(agreement_id="never-made") == set()
    assert await tokens(type="production") == set()


async def test_the_list_can_be_had_by_query_and_by_form(charging: Charging) -> None:
    card = await charging.saved()
    query = f"type=sandbox&customer_id={CUSTOMER}&pg_codes=credit-card&pg_codes=knet"

    by_query = await charging.merchant.call("GET", f"{CARDS}?{query}")
    by_form = await charging.merchant.call(
        "POST",
        CARDS,
        data=f"type=sandbox&customer_id={CUSTOMER}".encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert by_query.json == by_form.json == [card]


@pytest.mark.parametrize("left_out", ["customer_id", "type"])
async def test_customer_and_environment_are_required(merchant: Merchant, left_out: str) -> None:
    fields = {"type": "sandbox", "customer_id": CUSTOMER}
    del fields[left_out]
    query = "&".join(f"{name}={value}" for name, value in fields.items())

    replies = [
        await merchant.call("POST", CARDS, fields),
        await merchant.call("GET", f"{CARDS}?{query}"),
        await merchant.call("DELETE", f"{CARDS}some-token/?{query}"),
    ]

    assert [reply.status for reply in replies] == [400, 400, 400]
    assert all(left_out in reply.json for reply in replies)


async def test_a_forgotten_card_is_gone(charging: Charging) -> None:
    older = await charging.saved(VISA)
    newer = await charging.saved(MASTERCARD)

    gone = await charging.forget(newer["token"])

    assert (gone.status, gone.body) == (204, b"")
    assert (await charging.forget(newer["token"])).status == 404
    # Somebody is always preferred.
    assert await charging.cards() == [older | {"is_preferred": True}]


@pytest.mark.parametrize(
    ("customer", "environment"), [("someone-else", "sandbox"), (CUSTOMER, "production")]
)
async def test_nobody_forgets_a_card_of_another_customer_or_environment(
    charging: Charging, customer: str, environment: str
) -> None:
    card = await charging.saved()

    assert (await charging.forget(card["token"], customer, environment)).status == 404
    assert await charging.cards() == [card]


async def test_a_card_is_locked_while_an_agreement_charges_it(charging: Charging) -> None:
    visa = await charging.subscribed(card=VISA)

    refused = await charging.forget(visa)
    await charging.subscribed(card=MASTERCARD)

    assert refused.status == 400
    assert "agreement" in refused.json["detail"]
    assert (await charging.forget(visa)).status == 204


async def test_a_forgotten_card_gets_a_new_token_when_it_is_saved_again(
    charging: Charging,
) -> None:
    first = await charging.saved()
    await charging.forget(first["token"])

    assert (await charging.saved())["token"] != first["token"]


async def test_a_card_expires_by_the_workspaces_clock(
    charging: Charging, clock: StoppedClock
) -> None:
    payment = await charging.merchant.checkout(customer_id=CUSTOMER)
    await charging.merchant.pay(payment, save_card=True, card_expiry="01/26")

    # The clock of tests begins with January 2026.
    await clock.advance("743h59m")
    before = [each["is_expired"] for each in await charging.cards()]
    await clock.advance("1m")

    assert before == [False]
    assert [each["is_expired"] for each in await charging.cards()] == [True]


async def test_a_card_is_saved_when_the_attempt_ends_later(charging: Charging) -> None:
    payment = await charging.merchant.checkout(customer_id=CUSTOMER)
    await charging.merchant.pay(payment, outcome="challenge", card=VISA, save_card=True)
    assert await charging.cards() == []

    await charging.merchant.pay(payment, challenge="passed")

    assert [each["number"] for each in await charging.cards()] == ["424242******4242"]


async def test_an_expiry_that_is_none_is_refused(merchant: Merchant) -> None:
    payment = await merchant.checkout(customer_id=CUSTOMER)

    reply = await merchant.pay(payment, save_card=True, card_expiry="13/30")

    assert (reply.status, reply.json["pointer"]) == (400, "/card_expiry")


async def test_cards_stay_in_their_workspace(charging: Charging) -> None:
    card = await charging.saved()
    other = Charging(charging.merchant.in_workspace("other"))

    assert await other.cards() == []
    assert (await other.forget(card["token"])).status == 404
