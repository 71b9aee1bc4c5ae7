"""Money into a wallet: refunds that go to it."""

import pytest

from tests.http.merchant import Merchant, StoppedClock
from tests.http.platform.wallet_owner import CUSTOMER, Wallet


@pytest.fixture
def wallet(merchant: Merchant) -> Wallet:
    return Wallet(merchant)


async def test_a_refund_to_the_wallet_credits_the_customer(
    merchant: Merchant, wallet: Wallet
) -> None:
    payment = await merchant.paid("10.000", customer_id=CUSTOMER)

    refunded = await wallet.refund(payment, "4.000")

    assert refunded.status == 200
    assert (refunded.json["amount"], refunded.json["txn"]["state"]) == ("4.000", "refunded")
    assert refunded.json["pg_response"] == {}
    assert await merchant.children_of(payment) == [("refunded", "4.000")]
    assert await wallet.balances() == ("4.000", "4.000")
    (entry,) = (await wallet.entries()).json["results"]
    assert entry == {
        "entry_type": "credit_refund",
        "direction": "credit",
        "amount": "4.000",
        "currency": "KWD",
        "status": "completed",
        "session_id": payment["session_id"],
        "pg_code": "credit-card",
        "created_at": "2026-01-01T00:00:00Z",
    }


async def test_a_refund_to_the_wallet_does_not_ask_the_gateway(
    merchant: Merchant, wallet: Wallet
) -> None:
    scenario = "scenario: refusing\noperations: {refund: [{result: failed}]}\n"
    await merchant.control(
        "PUT", "/scenarios/refusing", data=scenario.encode(), content_type="application/yaml"
    )
    extra = {"sandbox_scenario": "refusing"}
    cash = await merchant.paid("3.000", customer_id=CUSTOMER, pg_codes=["cash"])
    refusing = await merchant.paid("10.000", customer_id=CUSTOMER, extra=extra)

    assert (await wallet.refund(refusing, "1.000")).status == 200
    assert (await merchant.refund(refusing)).json["result"] == "failed"
    assert (await wallet.refund(cash)).status == 200
    assert await wallet.balances() == ("4.000", "4.000")


async def test_a_tracking_key_credits_once(merchant: Merchant, wallet: Wallet) -> None:
    payment = await merchant.paid("10.000", customer_id=CUSTOMER)

    first = await wallet.refund(payment, "4.000", key="r-1")
    again = await wallet.refund(payment, "4.000", key="r-1")

    assert again.json == first.json
    assert await wallet.balances() == ("4.000", "4.000")
    assert await merchant.children_of(payment) == [("refunded", "4.000")]


async def test_without_customer_or_service_nothing_goes_to_a_wallet(
    merchant: Merchant, wallet: Wallet
) -> None:
    nobody = await merchant.paid("10.000")
    payment = await merchant.paid("10.000", customer_id=CUSTOMER)

    unnamed = await wallet.refund(nobody)
    await merchant.control("PATCH", "/settings", {"wallet": False})
    unserved = await wallet.refund(payment)

    assert (unnamed.status, list(unnamed.json)) == (400, ["destination"])
    assert "`customer_id`" in unnamed.json["destination"][0]
    assert (unserved.status, list(unserved.json)) == (400, ["destination"])
    assert await merchant.children_of(payment) == await merchant.children_of(nobody) == []


async def test_only_a_refund_goes_to_the_wallet(merchant: Merchant) -> None:
    payment = await merchant.paid("10.000", customer_id=CUSTOMER, pg_codes=["mpgs-auth"])

    captured = await merchant.operate(payment, "capture", destination="wallet")

    assert captured.status == 400
    assert captured.json == {"destination": ["Only a refund can go to the customer's wallet."]}


async def test_too_much_is_not_refunded_to_the_wallet(merchant: Merchant, wallet: Wallet) -> None:
    payment = await merchant.paid("10.000", customer_id=CUSTOMER)

    refused = await wallet.refund(payment, "10.001")

    assert refused.json == {"amount": ["The amount exceeds what is left to refund."]}
    assert (await wallet.entries()).status == 400  # there is no account


async def test_a_queued_refund_credits_when_it_is_settled(
    merchant: Merchant, wallet: Wallet, clock: StoppedClock
) -> None:
    await wallet.holds("4.000")
    payment = await wallet.checkout("10.000", order_no="SBX-REFUND-QUEUED-1")
    await wallet.pays(payment)

    queued = await merchant.refund(payment)
    waiting = await wallet.balances()
    await clock.advance("24h")

    assert queued.json["txn"]["state"] == "refund_queued"
    assert waiting == ("0.000", "0.000")
    assert await wallet.balances() == ("4.000", "4.000")


async def test_a_rejected_refund_credits_nothing(
    merchant: Merchant, wallet: Wallet, clock: StoppedClock
) -> None:
    await wallet.holds("4.000")
    payment = await wallet.checkout("10.000", order_no="SBX-REFUND-REJECTED-1")
    await wallet.pays(payment)

    await merchant.refund(payment)
    await clock.advance("24h")

    assert await merchant.children_of(payment) == [("refund_rejected", "10.000")]
    assert await wallet.balances() == ("0.000", "0.000")


async def test_what_the_wallet_paid_is_refunded_to_it(merchant: Merchant, wallet: Wallet) -> None:
    await wallet.holds("10.000")
    payment = await wallet.checkout("10.000")
    await wallet.pays(payment)

    refunded = await merchant.refund(payment, "4.000")

    assert (refunded.status, refunded.json["pg_response"]) == (200, {})
    assert await wallet.balances() == ("4.000", "4.000")


async def test_of_a_mixed_payment_each_gets_back_its_own(
    merchant: Merchant, wallet: Wallet
) -> None:
    await wallet.holds("4.000")
    payment = await wallet.checkout("10.000")
    await wallet.pays(payment)

    await merchant.refund(payment, "5.000")
    by_gateway = await wallet.balances()
    rest = await merchant.refund(payment)

    assert by_gateway == ("0.000", "0.000")
    assert rest.json["amount"] == "5.000"
    assert rest.json["pg_response"]["order"]["amount"] == "1.000"
    assert await wallet.balances() == ("4.000", "4.000")
