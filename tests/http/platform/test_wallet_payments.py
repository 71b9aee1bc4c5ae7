"""Money out of a wallet: what is set aside, taken, and given back."""

import pytest

from tests.http.merchant import CHECKOUT, Merchant, StoppedClock
from tests.http.platform.wallet_owner import CUSTOMER, OPERATIONS, Wallet
from tests.http.receiver import Receiver, signature_of


@pytest.fixture
def wallet(merchant: Merchant) -> Wallet:
    return Wallet(merchant)


async def test_the_wallet_pays_the_whole(
    merchant: Merchant, wallet: Wallet, receiver: Receiver
) -> None:
    await wallet.holds("30.000")
    payment = await wallet.checkout("10.000")

    paid = await wallet.pays(payment)

    assert (paid.status, paid.json["state"]) == (200, "paid")
    assert await wallet.balances() == ("20.000", "20.000")
    assert await wallet.booked(session_id=payment["session_id"]) == [
        ("reserve", "10.000", "completed"),
        ("release", "10.000", "completed"),
        ("debit_payment", "10.000", "completed"),
    ]
    (webhook,) = receiver.payloads
    assert (webhook["paid_amount"], webhook["gateway_response"]) == ("10.000", {})
    assert webhook["signature"] == signature_of(webhook, "sandbox-webhook-key")
    (part,) = webhook["customer_wallet_transactions"]
    assert part["provider_code"] == "wallet_ottu"
    assert (part["amount"], part["currency"]) == ("10.000", "KWD")
    answer = part["wallet_response"]
    assert (answer["status"], answer["customer_id"]) == ("completed", CUSTOMER)
    assert answer["reserve_entry_id"] < answer["payment_entry_id"]
    operation = await merchant.call("POST", OPERATIONS, {"operation_id": int(part["operation_id"])})
    assert operation.json["operation_type"] == "reservation"
    assert operation.json["status"] == "completed"
    assert operation.json["session_id"] == payment["session_id"]
    assert [each["id"] for each in operation.json["entries"]] == [
        answer["reserve_entry_id"],
        answer["reserve_entry_id"] + 1,
        answer["payment_entry_id"],
    ]


async def test_the_gateway_pays_what_the_wallet_lacks(wallet: Wallet, receiver: Receiver) -> None:
    await wallet.holds("4.000")
    payment = await wallet.checkout("10.000")

    paid = await wallet.pays(payment)

    assert paid.json["state"] == "paid"
    assert await wallet.balances() == ("0.000", "0.000")
    webhook = receiver.payloads[-1]
    assert webhook["gateway_response"]["order"]["amount"] == "6.000"
    assert webhook["paid_amount"] == "10.000"
    assert [each["amount"] for each in webhook["customer_wallet_transactions"]] == ["4.000"]


async def test_a_payer_may_use_a_part_of_the_wallet(wallet: Wallet) -> None:
    await wallet.holds("30.000")

    paid = await wallet.pays(await wallet.checkout("10.000"), use_wallet="2.5")

    assert paid.status == 200
    assert await wallet.balances() == ("27.500", "27.500")


async def test_without_a_wallet_no_webhook_speaks_of_one(
    merchant: Merchant, wallet: Wallet, receiver: Receiver
) -> None:
    await wallet.holds("30.000")

    await merchant.pay(await wallet.checkout())

    assert "customer_wallet_transactions" not in receiver.payloads[-1]
    assert await wallet.balances() == ("30.000", "30.000")


@pytest.mark.parametrize("outcome", ["failed", "canceled", "error"])
async def test_a_failed_try_gives_back_what_was_set_aside(
    wallet: Wallet, receiver: Receiver, outcome: str
) -> None:
    await wallet.holds("30.000")
    payment = await wallet.checkout("10.000")

    await wallet.pays(payment, outcome=outcome)

    assert await wallet.balances() == ("30.000", "30.000")
    assert await wallet.booked(session_id=payment["session_id"]) == [
        ("reserve", "10.000", "completed"),
        ("release", "10.000", "completed"),
    ]
    assert "customer_wallet_transactions" not in receiver.payloads[-1]
    assert (await wallet.pays(payment)).json["state"] == "paid"


async def test_an_open_try_sets_aside_and_its_success_takes(
    merchant: Merchant, wallet: Wallet
) -> None:
    await wallet.holds("30.000")
    payment = await wallet.checkout("10.000")

    await wallet.pays(payment, outcome="challenge")

    assert await wallet.balances() == ("30.000", "20.000")
    assert await wallet.booked(status="pending") == [("reserve", "10.000", "pending")]

    await merchant.pay(payment, challenge="passed")

    assert await wallet.balances() == ("20.000", "20.000")


async def test_money_set_aside_cannot_be_spent_twice(wallet: Wallet) -> None:
    await wallet.holds("10.000")
    await wallet.pays(await wallet.checkout("8.000"), outcome="pending")
    second = await wallet.checkout("8.000")

    refused = await wallet.pays(second, use_wallet="8")
    rest = await wallet.pays(second, outcome="pending")

    assert refused.status == 400
    assert "available balance" in refused.json["detail"]
    assert rest.status == 200
    assert await wallet.balances() == ("10.000", "0.000")


@pytest.mark.parametrize("operation", ["cancel", "expire", "delete"])
async def test_when_the_payment_ends_nothing_stays_set_aside(
    merchant: Merchant, wallet: Wallet, operation: str
) -> None:
    await wallet.holds("30.000")
    payment = await wallet.checkout("10.000")
    await wallet.pays(payment, outcome="pending")
    await wallet.pays(payment, outcome="pending")
    set_aside = await wallet.balances()

    await merchant.operate(payment, operation)

    assert set_aside == ("30.000", "10.000")
    assert await wallet.balances() == ("30.000", "30.000")


async def test_nothing_stays_set_aside_for_more_than_four_hours(
    wallet: Wallet, clock: StoppedClock
) -> None:
    await wallet.holds("30.000")
    payment = await wallet.checkout("10.000")
    await wallet.pays(payment, outcome="pending")

    await clock.advance("3h59m")
    before = await wallet.balances()
    await clock.advance("1m")

    assert before == ("30.000", "20.000")
    assert await wallet.balances() == ("30.000", "30.000")
    assert await wallet.booked(session_id=payment["session_id"]) == [
        ("reserve", "10.000", "completed"),
        ("expire", "10.000", "completed"),
    ]


async def test_a_late_success_takes_from_the_wallet_again_if_it_can(
    merchant: Merchant, wallet: Wallet, clock: StoppedClock
) -> None:
    await wallet.holds("10.000")
    lucky, late = await wallet.checkout("10.000"), await wallet.checkout("10.000")
    for payment in (lucky, late):
        await wallet.pays(payment, outcome="pending")
        await clock.advance("4h")

    for payment in (lucky, late):
        path = f"/transactions/{payment['session_id']}/trigger"
        await merchant.control("POST", path, {"event": "late_success"})

    assert (await merchant.transaction(lucky))["state"] == "paid"
    assert (await merchant.transaction(late))["state"] == "attempted"
    assert await wallet.balances() == ("0.000", "0.000")


@pytest.mark.parametrize(
    "change", [{"amount": "5"}, {"currency_code": "SAR", "amount": "10"}, {"customer_id": "other"}]
)
async def test_what_was_set_aside_for_another_payment_is_not_taken(
    merchant: Merchant, wallet: Wallet, change: dict[str, object]
) -> None:
    await wallet.holds("10.000")
    payment = await wallet.checkout("10.000")
    await wallet.pays(payment, outcome="challenge")
    await merchant.call("PATCH", f"{CHECKOUT}{payment['session_id']}/", change)

    ended = await merchant.pay(payment, challenge="passed")

    assert (ended.json["state"], ended.json["attempt"]["state"]) == ("attempted", "failed")
    assert await wallet.balances() == ("10.000", "10.000")


async def test_a_scenario_may_take_the_wallet_away(merchant: Merchant, wallet: Wallet) -> None:
    scenario = "scenario: walletless\nsettings: {wallet: false}\n"
    await merchant.control(
        "PUT", "/scenarios/walletless", data=scenario.encode(), content_type="application/yaml"
    )
    await wallet.holds("10.000")
    payment = await wallet.checkout(extra={"sandbox_scenario": "walletless"})

    refused = await wallet.pays(payment)

    assert refused.status == 400
    assert "wallet service" in refused.json["detail"]


async def test_a_wallet_is_bound_to_its_currency(wallet: Wallet) -> None:
    await wallet.holds("30.000")

    refused = await wallet.pays(await wallet.checkout("10.00", currency="SAR"))

    assert refused.status == 400
    assert "currency" in refused.json["detail"]


@pytest.mark.parametrize(
    ("checkout", "pay"),
    [
        ({"customer_id": None}, {}),
        ({"customer_id": "somebody-else"}, {}),
        ({"pg_codes": ["mpgs-auth"]}, {}),
        ({}, {"outcome": "authorized"}),
        ({}, {"outcome": "cod"}),
        ({}, {"use_wallet": "10.001"}),
        ({}, {"use_wallet": "0"}),
        ({}, {"use_wallet": "1.0001"}),
        ({"pg_codes": ["wallet"]}, {"use_wallet": "1"}),
    ],
)
async def test_where_the_wallet_cannot_pay_nothing_happens(
    merchant: Merchant, wallet: Wallet, checkout: dict[str, object], pay: dict[str, object]
) -> None:
    await wallet.holds("30.000")
    payment = await wallet.checkout("10.000", "KWD", **checkout)

    refused = await wallet.pays(payment, **pay)

    assert refused.status == 400
    assert await merchant.states_of(payment) == ["created"]
    assert await wallet.balances() == ("30.000", "30.000")


async def test_a_suspended_wallet_does_not_pay_and_a_closed_one_takes_nothing(
    merchant: Merchant, wallet: Wallet
) -> None:
    await wallet.holds("30.000")
    account = {"customer_id": CUSTOMER, "currency": "KWD"}
    payment = await wallet.checkout("10.000")

    await merchant.control("POST", "/wallets", {**account, "status": "suspended"})
    refused = await wallet.pays(payment)
    await merchant.pay(payment)
    refunded = await wallet.refund(payment, "1.000")
    closed = await merchant.control("POST", "/wallets", {**account, "status": "closed"})
    too_late = await wallet.refund(payment, "1.000")

    assert (refused.status, refunded.status) == (400, 200)
    assert (closed.json["status"], closed.json["balance"]) == ("closed", "31.000")
    assert list(too_late.json) == ["destination"]


async def test_the_direct_call_pays_and_answers_what_the_webhook_says(
    wallet: Wallet, receiver: Receiver
) -> None:
    await wallet.holds("30.000")
    payment = await wallet.checkout("10.000", pg_codes=["credit-card", "wallet", "knet"])

    paid = await wallet.pays_directly(payment)
    await wallet.merchant.control("POST", "/settle")

    assert paid.status == 200
    assert (paid.json["state"], paid.json["gateway_account"]) == ("paid", "wallet")
    assert receiver.payloads == [paid.json]
    assert await wallet.balances() == ("20.000", "20.000")


async def test_the_direct_call_says_what_it_lacks(merchant: Merchant, wallet: Wallet) -> None:
    await wallet.holds("9.999")
    payment = await wallet.checkout("10.000", pg_codes=["credit-card", "mpgs-auth"])
    several = await wallet.checkout("1.000", pg_codes=["credit-card", "knet"])

    poor = await wallet.pays_directly(payment)
    ambiguous = await wallet.pays_directly(several)
    foreign = await wallet.pays_directly(payment, pg_code="knet")
    unknown = await wallet.pays_directly({"session_id": "0" * 40})
    await merchant.pay(payment)
    late = await wallet.pays_directly(payment, pg_code="credit-card")
    chosen = await wallet.pays_directly(several, pg_code="knet", payload={"any": 1})

    assert (poor.status, poor.json["result"]) == (400, "failed")
    assert (ambiguous.status, list(ambiguous.json)) == (400, ["pg_code"])
    assert (foreign.status, list(foreign.json)) == (400, ["pg_code"])
    assert (unknown.status, list(unknown.json)) == (400, ["session_id"])
    assert (late.status, late.json["result"]) == (400, "failed")
    assert (chosen.status, chosen.json["gateway_account"]) == (200, "knet")


async def test_a_declined_direct_payment_is_a_failure(wallet: Wallet) -> None:
    await wallet.holds("30.000")
    payment = await wallet.checkout("10.000", order_no="SBX-FAILED-1")

    declined = await wallet.pays_directly(payment)

    assert (declined.status, declined.json["result"]) == (400, "failed")
    assert await wallet.balances() == ("30.000", "30.000")


async def test_a_checkout_with_a_wallet_instrument_pays_at_once(
    merchant: Merchant, wallet: Wallet
) -> None:
    await wallet.holds("10.000")
    instrument = {"instrument_type": "wallet", "payload": {"wallet_code": "wallet_ottu"}}
    fields = {"customer_id": CUSTOMER, "payment_instrument": instrument}
    body = merchant.checkout_body("10.000", "KWD", **fields)

    paid = await merchant.call("POST", CHECKOUT, body)
    poor = await merchant.call("POST", CHECKOUT, body)

    assert (paid.status, paid.json["state"]) == (201, "paid")
    assert paid.json["customer_wallet_transactions"][0]["amount"] == "10.000"
    assert poor.status == 400
    assert await wallet.balances() == ("0.000", "0.000")
