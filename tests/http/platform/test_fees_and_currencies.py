"""Fees of gateways, and payments in another currency than their own."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.domain.money import quantize
from sandbox.domain.pricing import ExchangeRates, Fee
from tests.http.merchant import Merchant
from tests.http.receiver import Receiver


@pytest.mark.parametrize(
    ("gateway", "amount", "currency", "fee", "total", "paid_in"),
    [
        ("credit-card", "10.000", "KWD", "0.000", "10.000", "KWD"),
        ("credit-card-fee", "10.000", "KWD", "0.250", "10.250", "KWD"),
        # Half up, by the digits of the currency: 0.2505 and 0.1125.
        ("credit-card-fee", "10.020", "KWD", "0.251", "10.271", "KWD"),
        ("credit-card-fee", "4.50", "SAR", "0.11", "4.61", "SAR"),
        ("credit-card-fee", "4.60", "SAR", "0.12", "4.72", "SAR"),
        ("knet-fee", "1.000", "KWD", "0.250", "1.250", "KWD"),
        # KNET takes dinars only: 10 / 3.25, and the fee on top.
        ("kpay", "10.00", "USD", "0.000", "3.077", "KWD"),
        ("knet-fee", "10.00", "USD", "0.250", "3.327", "KWD"),
    ],
)
async def test_a_method_shows_what_the_payer_pays_with_it(
    merchant: Merchant,
    gateway: str,
    amount: str,
    currency: str,
    fee: str,
    total: str,
    paid_in: str,
) -> None:
    payment = await merchant.checkout(amount, currency, pg_codes=[gateway])

    method = payment["payment_methods"][0]
    assert (method["fee"], method["amount"], method["currency_code"]) == (fee, total, paid_in)
    assert bool(method["fee_description"]) is bool(Decimal(fee))
    assert (payment["amount"], payment["currency_code"]) == (amount, currency)


@pytest.mark.parametrize(("language", "words"), [("en", "Service fee"), ("ar", "رسوم الخدمة")])
async def test_a_fee_is_put_into_words_in_the_payments_language(
    merchant: Merchant, language: str, words: str
) -> None:
    payment = await merchant.checkout(pg_codes=["credit-card", "knet-fee"], language=language)

    assert payment["payment_methods"][1]["fee_description"] == words
    assert payment["billing"] == (f"10.000 KWD; KNET (with a fee): 10.250 KWD ({words} 0.250 KWD)")


async def test_a_webhook_tells_the_fee_and_counts_it_as_paid(
    merchant: Merchant, receiver: Receiver
) -> None:
    await merchant.paid(pg_codes=["knet-fee"])

    payload = receiver.payloads[-1]
    assert payload["fee"] == "0.250 KWD"
    assert payload["amount_details"] == {
        "amount": "10.000",
        "currency_code": "KWD",
        "fee": "0.250",
        "total": "10.250",
    }
    assert (payload["amount"], payload["paid_amount"]) == ("10.000", "10.250")
    assert (payload["settled_amount"], payload["remaining_amount"]) == ("10.000", "0.000")
    assert payload["gateway_response"]["amt"] == "10.250"


async def test_the_form_of_2022_counts_the_fee_as_paid(
    merchant: Merchant, receiver: Receiver
) -> None:
    await merchant.control("PATCH", "/settings", {"webhook_version": "2022"})

    await merchant.paid(pg_codes=["credit-card-fee"])

    payload = receiver.payloads[-1]
    assert (payload["amount"], payload["total_paid_amount"]) == ("10.000", "10.250")
    assert payload["gateway_response"]["order"]["amount"] == "10.250"


async def test_a_payment_in_a_foreign_currency_is_told_in_both(
    merchant: Merchant, receiver: Receiver
) -> None:
    payment = await merchant.checkout("10.00", "USD", pg_codes=["knet-fee"])

    tried = (await merchant.pay(payment)).json["attempt"]

    payload = receiver.payloads[-1]
    assert payload["fee"] == "0.250 KWD"
    assert payload["amount_details"] == {
        "amount": "3.077",
        "currency_code": "KWD",
        "exchange_rate": "0.307692307692",
        "fee": "0.250",
        "total": "3.327",
    }
    # The payment's own amounts stay in its own currency: 0.250 dinars are 0.8125 dollars.
    assert (payload["amount"], payload["currency_code"]) == ("10.00", "USD")
    assert (payload["settled_amount"], payload["paid_amount"]) == ("10.00", "10.81")
    assert (tried["currency_code"], tried["fee"], tried["exchange_rate"]) == (
        "KWD",
        "0.250",
        "0.307692307692",
    )


async def test_the_payer_may_choose_another_currency_that_the_gateway_takes(
    merchant: Merchant, receiver: Receiver
) -> None:
    payment = await merchant.checkout("10.000", "KWD")

    assert (await merchant.pay(payment, currency="SAR")).status == 200

    details = receiver.payloads[-1]["amount_details"]
    assert (details["currency_code"], details["total"]) == ("SAR", "121.86")
    assert receiver.payloads[-1]["gateway_response"]["order"]["currency"] == "SAR"


async def test_a_test_may_set_the_fee(merchant: Merchant, receiver: Receiver) -> None:
    payment = await merchant.checkout("30.000", "KWD", pg_codes=["knet-fee"])

    await merchant.pay(payment, fee="20")

    assert receiver.payloads[-1]["fee"] == "20.000 KWD"
    assert receiver.payloads[-1]["paid_amount"] == "50.000"


async def test_a_test_may_waive_the_fee(merchant: Merchant, receiver: Receiver) -> None:
    payment = await merchant.checkout(pg_codes=["knet-fee"])

    paid = await merchant.pay(payment, fee="0")

    assert receiver.payloads[-1]["amount_details"]["total"] == "10.000"
    assert "fee" not in paid.json["attempt"]


@pytest.mark.parametrize(
    ("gateway", "fields", "said"),
    [
        ("kpay", {"currency": "USD"}, "takes KWD"),
        ("credit-card", {"currency": "KWT"}, "KWT"),
        ("cash", {"currency": "XAF"}, "exchange rate"),
        ("credit-card", {"fee": "0.0001"}, "digits"),
        ("credit-card", {"currency": "SAR", "fee": "0.001"}, "digits"),
        ("credit-card", {"fee": "-1"}, "amount"),
        ("credit-card", {"currency": ""}, "text"),
    ],
)
async def test_what_cannot_be_paid_is_refused_and_leaves_the_payment_as_it_was(
    merchant: Merchant, gateway: str, fields: dict[str, str], said: str
) -> None:
    payment = await merchant.checkout(pg_codes=[gateway])

    refused = await merchant.pay(payment, **fields)

    assert refused.status == 400
    assert said in refused.json["detail"]
    assert (await merchant.transaction(payment))["state"] == "created"


async def test_a_fee_is_not_refunded(merchant: Merchant) -> None:
    payment = await merchant.paid(pg_codes=["knet-fee"])

    too_much = await merchant.refund(payment, "10.250")
    assert (await merchant.refund(payment)).status == 200

    assert too_much.json == {"amount": ["The amount exceeds what is left to refund."]}
    assert await merchant.children_of(payment) == [("refunded", "10.000")]


@pytest.mark.parametrize(
    ("gateway", "operations"), [("credit-card", ["refund"]), ("mpgs-auth", ["capture", "void"])]
)
async def test_a_payment_made_in_another_currency_cannot_be_operated_on(
    merchant: Merchant, gateway: str, operations: list[str]
) -> None:
    payment = await merchant.checkout("10.000", "KWD", pg_codes=[gateway])
    await merchant.pay(payment, currency="SAR")

    for operation in operations:
        reply = await merchant.operate(payment, operation)

        assert reply.status == 400
        assert "currency" in reply.json["detail"]
    assert await merchant.children_of(payment) == []


async def test_a_declined_try_in_another_currency_does_not_stand_in_the_way(
    merchant: Merchant,
) -> None:
    payment = await merchant.checkout("10.000", "KWD")
    await merchant.pay(payment, outcome="failed", currency="SAR")
    await merchant.pay(payment)

    assert (await merchant.refund(payment)).status == 200


async def test_what_was_captured_counts_without_the_fee(
    merchant: Merchant, receiver: Receiver
) -> None:
    payment = await merchant.checkout(pg_codes=["mpgs-auth"])
    await merchant.pay(payment, fee="0.500")
    assert receiver.payloads[-1]["paid_amount"] == "0.000"
    await merchant.operate(payment, "capture", amount="4.000")

    inquiry = await merchant.call(
        "POST", "/b/pbl/v2/inquiry/", {"session_id": payment["session_id"]}
    )

    assert inquiry.json["paid_amount"] == "4.000"
    assert inquiry.json["amount_details"]["total"] == "10.500"


async def test_a_late_success_has_the_fee_too(merchant: Merchant, receiver: Receiver) -> None:
    payment = await merchant.checkout(pg_codes=["knet-fee"])
    await merchant.operate(payment, "expire")
    path = f"/transactions/{payment['session_id']}/trigger"

    await merchant.control("POST", path, {"event": "late_success"})
    await receiver.arrival(1)

    assert receiver.payloads[-1]["paid_amount"] == "10.250"


async def test_a_currency_without_a_rate_is_paid_as_it_is_and_not_operated_on(
    merchant: Merchant, receiver: Receiver
) -> None:
    payment = await merchant.paid("500", "XAF", pg_codes=["kpay"])

    assert receiver.payloads[-1]["amount_details"]["currency_code"] == "XAF"
    assert "currency" in (await merchant.refund(payment)).json["detail"]


async def test_the_wallet_pays_no_fee(merchant: Merchant, receiver: Receiver) -> None:
    body = {"customer_id": "noura-77", "currency": "KWD", "amount": "6.000"}
    assert (await merchant.control("POST", "/wallets", body)).status == 201
    payment = await merchant.checkout(
        "10.000", "KWD", customer_id="noura-77", pg_codes=["credit-card-fee"]
    )

    await merchant.pay(payment, use_wallet=True)

    # 2.5 % of the four dinars that are left to the gateway.
    payload = receiver.payloads[-1]
    assert payload["fee"] == "0.100 KWD"
    assert payload["gateway_response"]["order"]["amount"] == "4.100"
    assert payload["paid_amount"] == "10.100"


async def test_the_page_shows_fee_and_total_before_and_after_paying(merchant: Merchant) -> None:
    payment = await merchant.checkout(pg_codes=["knet-fee"])
    start = payment["checkout_url"].removeprefix(merchant.url)

    page = (await merchant.call("GET", start)).body.decode()
    await merchant.pay(payment)
    summary = (await merchant.call("GET", start.replace("start", "summary"))).body.decode()

    assert "Service fee <bdi>0.250 KWD</bdi>" in page
    assert "Pay <bdi>10.250 KWD</bdi>" in page
    assert "<bdi>0.250 KWD</bdi>" in summary
    assert "<bdi>10.250 KWD</bdi>" in summary


async def test_a_page_with_several_prices_does_not_say_which_one_is_paid(
    merchant: Merchant,
) -> None:
    payment = await merchant.checkout(pg_codes=["credit-card", "knet-fee"])

    page = (await merchant.call("GET", payment["checkout_url"].removeprefix(merchant.url))).body

    assert b">Pay</button>" in page


AMOUNTS = st.decimals("0.01", "99999.99", places=2)
PERCENTS = st.decimals("0", "15", places=2)


@given(amount=AMOUNTS, percent=PERCENTS)
def test_a_percentage_is_always_rounded_half_up(amount: Decimal, percent: Decimal) -> None:
    fee = Fee(percent=percent, descriptions={"en": "Fee"})

    priced = ExchangeRates().price(amount, "SAR", "SAR", fee)

    assert priced is not None
    exact = amount * percent / 100
    assert priced.fee == exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    assert priced.total(amount) == amount + priced.fee


@given(amount=AMOUNTS, other=st.sampled_from(["KWD", "USD", "JPY"]), percent=PERCENTS)
def test_a_foreign_price_always_has_the_digits_of_its_currency(
    amount: Decimal, other: str, percent: Decimal
) -> None:
    worth = {"SAR": "0.2667", "KWD": "3.25", "USD": "1", "JPY": "0.0067"}
    rates = ExchangeRates({code: Decimal(each) for code, each in worth.items()})
    fee = Fee(amount=Decimal("0.1"), currency_code="KWD", percent=percent, descriptions={"en": "?"})

    priced = rates.price(amount, "SAR", other, fee)

    assert priced is not None
    total = priced.total(amount)
    assert total == quantize(total, other)
    assert total == priced.price(amount) + priced.fee
    assert priced.own_fee == quantize(priced.own_fee, "SAR")
