"""Asking a pay-later gateway whether it takes a payer."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.http.merchant import Merchant, Reply


async def checked(merchant: Merchant, payment: Mapping[str, Any], pg_code: object) -> Reply:
    path = f"/b/checkout/api/sdk/v1/pre-payment-option-check/{payment['session_id']}/"
    return await merchant.call("POST", path, {"pg_code": pg_code})


@pytest.mark.parametrize(
    ("gateway", "amount", "currency", "available"),
    [
        ("tabby", "200.00", "SAR", True),
        ("tabby", "9.99", "SAR", False),
        ("tabby", "10.00", "SAR", True),
        ("tabby", "5000.00", "SAR", True),
        ("tabby", "5000.01", "SAR", False),
        # The limits are in one currency, and hold in the others by the table of rates.
        ("tabby", "0.800", "KWD", False),
        ("tabby", "0.900", "KWD", True),
        ("taly", "20.000", "KWD", True),
        ("taly", "100.00", "SAR", False),
        ("taly", "500.001", "KWD", False),
    ],
)
async def test_amount_and_currency_decide(
    merchant: Merchant, gateway: str, amount: str, currency: str, *, available: bool
) -> None:
    payment = await merchant.checkout(amount, currency, pg_codes=["knet", gateway])

    reply = await checked(merchant, payment, gateway)

    assert (reply.status, reply.json) == (200, {"is_available": available})


async def test_tamara_brings_its_plans_in_both_languages(merchant: Merchant) -> None:
    payment = await merchant.checkout("200.00", "SAR", pg_codes=["tamara"])

    answer = (await checked(merchant, payment, "tamara")).json

    assert (answer["is_available"], answer["single_checkout_enabled"]) == (True, True)
    assert [each["instalment"] for each in answer["payment_labels"]] == [3, 4]
    label = answer["payment_labels"][0]
    assert label["payment_type"] == "PAY_BY_INSTALMENTS"
    assert "3" in label["description_en"]
    assert "3" in label["description_ar"]


async def test_tamara_has_no_plans_for_who_is_not_taken(merchant: Merchant) -> None:
    payment = await merchant.checkout("49.99", "SAR", pg_codes=["tamara"])

    assert (await checked(merchant, payment, "tamara")).json == {
        "is_available": False,
        "single_checkout_enabled": True,
        "payment_labels": [],
    }


async def test_a_session_that_is_not_there_is_not_found(merchant: Merchant) -> None:
    reply = await checked(merchant, {"session_id": "0" * 40}, "tabby")

    assert (reply.status, list(reply.json)) == (404, ["detail"])


@pytest.mark.parametrize("code", ["tabby", "knet", "", None])
async def test_a_gateway_that_is_not_offered_or_does_not_lend_is_a_field_error(
    merchant: Merchant, code: str | None
) -> None:
    payment = await merchant.checkout(pg_codes=["knet", "taly"])

    reply = await checked(merchant, payment, code)

    assert (reply.status, list(reply.json)) == (400, ["pg_code"])


async def test_a_payment_that_is_over_is_not_asked_about(merchant: Merchant) -> None:
    payment = await merchant.paid("20.000", "KWD", pg_codes=["taly"])

    reply = await checked(merchant, payment, "taly")

    assert reply.status == 400
    assert "paid" in reply.json["detail"]


async def test_the_check_changes_nothing(merchant: Merchant) -> None:
    payment = await merchant.checkout("20.000", "KWD", pg_codes=["taly"])
    before = await merchant.transaction(payment)

    await checked(merchant, payment, "taly")

    assert await merchant.transaction(payment) == before
