"""What a payment webhook says, in the current form and in that of 2022."""

from typing import Any

import orjson
import pytest

from sandbox.domain.gateways import Gateway
from sandbox.domain.operations import Operation
from sandbox.domain.settings import WebhookVersion, WorkspaceSettings
from sandbox.domain.states import AttemptState, Cause, ChildState
from sandbox.domain.transactions import PaymentTransaction
from sandbox.webhooks.rendering import PayloadRenderer
from sandbox.webhooks.signature import SIGNED_FIELDS, sign
from tests.unit.webhooks.payments import (
    MPGS,
    MPGS_AUTHORIZE,
    NOON,
    STAFF,
    authorized,
    checkout,
    operated,
    paid,
    tried,
)

SETTINGS = WorkspaceSettings(webhook_key="a-key")
AMOUNTS = (
    "amount",
    "paid_amount",
    "settled_amount",
    "refunded_amount",
    "voided_amount",
    "remaining_amount",
)


def told(
    payment: PaymentTransaction,
    gateway: Gateway = MPGS,
    version: WebhookVersion = WebhookVersion.CURRENT,
) -> dict[str, Any]:
    rendered = PayloadRenderer().payment(
        payment, payment.last_attempt, gateway, SETTINGS, at=NOON, version=version
    )
    payload: dict[str, Any] = orjson.loads(rendered.body)
    return payload


def amounts(payment: PaymentTransaction, gateway: Gateway = MPGS) -> tuple[str, ...]:
    payload = told(payment, gateway)
    return tuple(payload[name] for name in AMOUNTS)


def test_a_paid_payment_is_told_with_all_documented_fields() -> None:
    payload = told(paid())

    assert payload.keys() == {
        "amount",
        "amount_details",
        "currency_code",
        "extra",
        "fee",
        "gateway_account",
        "gateway_name",
        "gateway_response",
        "is_sandbox",
        "message",
        "order_no",
        "paid_amount",
        "payment_type",
        "pg_params",
        "reference_number",
        "refunded_amount",
        "remaining_amount",
        "result",
        "session_id",
        "settled_amount",
        "signature",
        "state",
        "timestamp_utc",
        "transactions",
        "voided_amount",
    }
    assert payload["amount_details"] == {
        "amount": "10.000",
        "currency_code": "KWD",
        "fee": "0.000",
        "total": "10.000",
    }
    assert payload["fee"] == "0.000 KWD"
    assert payload["gateway_account"] == "credit-card"
    assert payload["gateway_name"] == "mpgs"
    assert payload["is_sandbox"] is True
    assert payload["message"] == "The payment was approved."
    assert payload["order_no"] == "A-1"
    assert payload["payment_type"] == "one_off"
    assert payload["reference_number"] == "SBX7Q2K9M1D"
    assert payload["result"] == "success"
    assert payload["session_id"] == "0a" * 20
    assert payload["state"] == "paid"
    assert payload["timestamp_utc"] == "2026-01-01 12:00:00"
    assert payload["transactions"] == []


def test_fields_stand_in_the_order_of_their_names() -> None:
    assert list(told(paid())) == sorted(told(paid()))


@pytest.mark.parametrize(
    ("amount", "currency_code", "written"),
    [("22", "SAR", "22.00"), ("1.5", "KWD", "1.500"), ("300", "JPY", "300")],
)
def test_amounts_have_the_digits_of_their_currency(
    amount: str, currency_code: str, written: str
) -> None:
    payload = told(paid(amount, currency_code))

    assert payload["amount"] == payload["paid_amount"] == written


def test_a_paid_payment_is_paid_and_settled_and_nothing_remains() -> None:
    assert amounts(paid()) == ("10.000", "10.000", "10.000", "0.000", "0.000", "0.000")


def test_an_authorized_payment_is_settled_but_nothing_is_paid() -> None:
    assert amounts(authorized(), MPGS_AUTHORIZE) == (
        *("10.000", "0.000", "10.000", "0.000", "0.000", "0.000"),
    )


def test_a_captured_part_is_paid() -> None:
    payment, _ = operated(authorized(), Operation.CAPTURE, ChildState.PAID, "4.000")

    assert told(payment)["paid_amount"] == "4.000"


def test_a_declined_payment_remains_due_in_full() -> None:
    payment = tried(checkout(), AttemptState.FAILED)

    assert amounts(payment) == ("10.000", "0.000", "0.000", "0.000", "0.000", "10.000")


def test_cash_on_delivery_is_still_due() -> None:
    payload = told(tried(checkout(), AttemptState.COD))

    assert payload["result"] == payload["state"] == "cod"
    assert payload["remaining_amount"] == "10.000"


def test_children_are_listed_oldest_first_and_queued_refunds_do_not_count() -> None:
    payment, _ = operated(paid(), Operation.REFUND, ChildState.REFUNDED, "4.000")
    payment, _ = operated(payment, Operation.REFUND, ChildState.REFUND_QUEUED, "1.000")

    payload = told(payment)

    assert payload["refunded_amount"] == "4.000"
    assert payload["transactions"] == [
        {
            "amount": amount,
            "currency_code": "KWD",
            "order_no": "A-1",
            "session_id": f"{number:040x}",
            "state": state,
        }
        for number, amount, state in ((1, "4.000", "refunded"), (2, "1.000", "refund_queued"))
    ]


def test_a_voided_amount_is_told() -> None:
    payment, _ = operated(authorized(), Operation.VOID, ChildState.VOIDED, "10.000")

    assert told(payment)["voided_amount"] == "10.000"


@pytest.mark.parametrize(
    ("ended", "state"),
    [
        (AttemptState.FAILED, "attempted"),
        (AttemptState.CANCELED, "attempted"),
        (AttemptState.ERROR, "attempted"),
        (AttemptState.PENDING, "pending"),
        (AttemptState.COD, "cod"),
    ],
)
def test_the_result_is_how_the_try_ended(ended: AttemptState, state: str) -> None:
    payload = told(tried(checkout(), ended))

    assert (payload["result"], payload["state"]) == (ended, state)


def test_the_message_is_the_tries_own() -> None:
    payment = tried(checkout(), AttemptState.ERROR, message="Unable to redirect to the PG")

    assert told(payment)["message"] == "Unable to redirect to the PG"


def test_an_untried_payment_is_pending_and_no_gateway_has_answered() -> None:
    payload = told(checkout())

    assert payload["result"] == "pending"
    assert payload["gateway_response"] == payload["pg_params"] == {}
    assert payload["message"] == "The payment is created."


def test_a_payment_canceled_before_any_try_has_the_result_canceled() -> None:
    assert told(checkout().moved(Cause.CANCELED))["result"] == "canceled"


def test_the_customer_and_the_billing_address_are_told_when_known() -> None:
    payment = checkout(
        customer_email="payer@example.com",
        customer_first_name="Aisha",
        customer_last_name="",
        billing_address={"line1": "Gulf Road 1", "city": "Kuwait", "country": "KW", "state": ""},
        agreement={"id": "A1"},
        card_acceptance_criteria={"min_expiry_time": 30},
    )

    payload = told(payment)

    assert payload["customer_email"] == "payer@example.com"
    assert payload["customer_first_name"] == "Aisha"
    assert {name: payload[name] for name in payload if name.startswith("customer_address_")} == {
        "customer_address_city": "Kuwait",
        "customer_address_country": "KW",
        "customer_address_line1": "Gulf Road 1",
    }
    assert payload["agreement"] == {"id": "A1"}
    assert payload["card_acceptance_criteria"] == {"min_expiry_time": 30}
    assert not payload.keys() & {"customer_last_name", "customer_phone", "customer_id"}


def test_extra_comes_back_as_it_was_sent() -> None:
    extra = {"flight-number": "1234", "nested": {"b": 1, "a": [1.5, None]}}

    payload = told(checkout(extra=extra))

    assert payload["extra"] == extra
    assert list(payload["extra"]["nested"]) == ["b", "a"]


def test_a_user_who_made_the_payment_is_its_initiator() -> None:
    payload = told(checkout(initiator=STAFF))

    assert payload["initiator"] == {
        "email": "initiator@shop.example.com",
        "id": 83,
        "username": "initiator",
    }


def test_a_payment_without_an_order_number_says_null_and_does_not_sign_it() -> None:
    payload = told(checkout(order_no=None))

    assert payload["order_no"] is None
    assert payload["signature"] == sign({**payload, "order_no": ""}, "a-key")


@pytest.mark.parametrize("version", WebhookVersion)
def test_the_signature_covers_what_was_sent(version: WebhookVersion) -> None:
    payload = told(paid(), version=version)

    assert payload["signature"] == sign(payload, "a-key")
    assert payload["signature"] != sign({**payload, "state": "authorized"}, "a-key")


def test_the_form_of_2022_has_exactly_the_published_fields_in_their_order() -> None:
    payload = told(paid(), version=WebhookVersion.FORM_2022)

    assert " ".join(payload) == (
        "amount currency_code extra gateway_account gateway_name gateway_response message "
        "reference_number result session_id signature state total_authorized_amount "
        "total_paid_amount total_refunded_amount total_voided_amount"
    )
    assert payload.keys() & set(SIGNED_FIELDS) == {
        "amount",
        "currency_code",
        "gateway_account",
        "gateway_name",
        "reference_number",
        "result",
        "state",
    }


def test_the_form_of_2022_totals_what_was_authorized_paid_refunded_and_voided() -> None:
    taken, _ = operated(authorized(), Operation.CAPTURE, ChildState.PAID, "4.000")
    taken, _ = operated(taken, Operation.REFUND, ChildState.REFUNDED, "1.000")
    freed, _ = operated(authorized(), Operation.VOID, ChildState.VOIDED, "10.000")

    def totals(payment: PaymentTransaction) -> list[str]:
        payload = told(payment, MPGS_AUTHORIZE, WebhookVersion.FORM_2022)
        kinds = ("authorized", "paid", "refunded", "voided")
        return [payload[f"total_{kind}_amount"] for kind in kinds]

    assert totals(taken) == ["10.000", "4.000", "1.000", "0.000"]
    assert totals(freed) == ["10.000", "0.000", "0.000", "10.000"]
    assert totals(paid()) == ["0.000", "10.000", "0.000", "0.000"]


def test_the_published_failed_try_is_told_as_published() -> None:
    payment = tried(
        checkout("15", "SAR", extra={"flight-number": "43667", "full_name": "abc"}),
        AttemptState.ERROR,
        message="Unable to redirect to the PG",
    )

    payload = told(payment, version=WebhookVersion.FORM_2022)

    assert payload["amount"] == "15.00"
    assert payload["message"] == "Unable to redirect to the PG"
    assert (payload["result"], payload["state"]) == ("error", "attempted")
    assert payload["total_paid_amount"] == payload["total_authorized_amount"] == "0.00"
    assert isinstance(payload["gateway_response"], dict)
