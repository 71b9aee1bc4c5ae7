"""What an operation webhook says, in the current form and in that of 2022."""

from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import orjson
import pytest

from sandbox.domain.operations import Operation, Source
from sandbox.domain.settings import WebhookVersion, WorkspaceSettings
from sandbox.domain.states import Cause, ChildState
from sandbox.domain.transactions import ChildTransaction, PaymentTransaction
from sandbox.engine.ports import RenderedPayload
from sandbox.webhooks.rendering import PayloadRenderer
from sandbox.webhooks.signature import sign
from tests.unit.webhooks.payments import (
    MPGS,
    NOON,
    STAFF,
    authorized,
    checkout,
    operated,
    paid,
)

SETTINGS = WorkspaceSettings(webhook_key="a-key")


def rendered(
    operation: tuple[PaymentTransaction, ChildTransaction],
    version: WebhookVersion = WebhookVersion.CURRENT,
) -> RenderedPayload:
    payment, child = operation
    return PayloadRenderer().operation(payment, child, MPGS, SETTINGS, at=NOON, version=version)


def told(
    operation: tuple[PaymentTransaction, ChildTransaction],
    version: WebhookVersion = WebhookVersion.CURRENT,
) -> dict[str, Any]:
    payload: dict[str, Any] = orjson.loads(rendered(operation, version).body)
    return payload


def test_a_refund_is_told_with_the_payment_outside_and_the_child_inside() -> None:
    payload = told(operated(paid(), Operation.REFUND, ChildState.REFUNDED, "4"))

    assert payload.pop("pg_response")
    assert payload.pop("pg_params")
    assert payload.pop("signature")
    assert payload == {
        "amount": "4.000",
        "extra": {},
        "is_sandbox": True,
        "operation": "refund",
        "order_no": "A-1",
        "pg_code": "credit-card",
        "reference_number": "SBXCHILD0001",
        "result": "success",
        "session_id": "0a" * 20,
        "source": "input",
        "success": True,
        "timestamp_utc": "2026-01-01 12:00:00",
        "txn": {
            "amount": "4.000",
            "currency_code": "KWD",
            "order_no": "A-1",
            "session_id": f"{1:040x}",
            "state": "refunded",
        },
    }


@pytest.mark.parametrize(
    ("operation", "state", "result", "success"),
    [
        (Operation.CAPTURE, ChildState.PAID, "success", True),
        (Operation.VOID, ChildState.VOIDED, "success", True),
        (Operation.REFUND, ChildState.REFUNDED, "success", True),
        (Operation.REFUND, ChildState.REFUND_QUEUED, "queued", True),
        (Operation.REFUND, ChildState.REFUND_REJECTED, "rejected", False),
    ],
)
@pytest.mark.parametrize("version", WebhookVersion)
def test_the_result_follows_from_the_childs_state(
    operation: Operation, state: ChildState, result: str, version: WebhookVersion, *, success: bool
) -> None:
    payload = told(operated(authorized(), operation, state, "10.000"), version)

    assert payload["operation"] == operation
    assert (payload["result"], payload["success"]) == (result, success)
    assert payload["txn"]["state"] == state


@pytest.mark.parametrize("version", WebhookVersion)
def test_a_user_who_began_the_operation_is_its_initiator(version: WebhookVersion) -> None:
    refund = operated(paid(), Operation.REFUND, ChildState.REFUNDED, "4.000", initiator=STAFF)

    assert told(refund, version)["initiator"] == {
        "email": "initiator@shop.example.com",
        "id": 83,
        "username": "initiator",
    }


def test_what_the_gateway_began_has_it_as_source() -> None:
    payment, child = operated(paid(), Operation.REFUND, ChildState.REFUNDED, "4.000")

    assert told((payment, replace(child, source=Source.GATEWAY)))["source"] == "pg"


def test_an_operation_may_bring_its_own_extra() -> None:
    payment = replace(paid(), terms=checkout(extra={"of": "payment"}).terms)

    plain = operated(payment, Operation.REFUND, ChildState.REFUNDED, "1.000")
    own = operated(payment, Operation.REFUND, ChildState.REFUNDED, "1.000", extra=b'{"of":"it"}')

    assert told(plain)["extra"] == {"of": "payment"}
    assert told(own)["extra"] == {"of": "it"}


def test_the_signature_covers_the_top_level_only() -> None:
    refund = operated(paid(), Operation.REFUND, ChildState.REFUND_QUEUED, "4.000")
    payload = told(refund)

    forged = {**payload, "txn": {**payload["txn"], "state": "refunded"}}

    assert payload["signature"] == rendered(refund).signature == sign(forged, "a-key")
    assert payload["signature"] != sign({**payload, "amount": "40.000"}, "a-key")


def test_the_form_of_2022_has_exactly_the_published_fields_and_no_signature() -> None:
    void = operated(authorized("14", "SAR"), Operation.VOID, ChildState.VOIDED, "14")

    payload = told(void, WebhookVersion.FORM_2022)

    assert rendered(void, WebhookVersion.FORM_2022).signature == ""
    assert payload.pop("pg_response")
    assert payload == {
        "amount": "14.00",
        "initiator": None,
        "is_sandbox": True,
        "operation": "void",
        "pg_code": "credit-card",
        "reference_number": "SBX7Q2K9M1D",
        "result": "success",
        "source": "input",
        "success": True,
        "timestamp_utc": "2026-01-01 12:00:00",
        "txn": {
            "amount": "14.00",
            "currency_code": "SAR",
            "customer_email": "",
            "extra": {},
            "order_no": "A-1",
            "reference_number": "SBXCHILD0001",
            "state": "voided",
        },
    }


def test_a_cancel_is_told_in_the_form_of_2022_with_the_payment_itself_as_txn() -> None:
    payment = checkout(
        "14", "SAR", order_no=None, customer_email="payer@example.com", extra={"flight": "1234"}
    ).moved(Cause.CANCELED)

    answer = PayloadRenderer().cancellation(payment, STAFF, MPGS, SETTINGS, at=NOON)

    assert answer.signature == ""
    assert orjson.loads(answer.body) == {
        "amount": "14.00",
        "initiator": {
            "email": "initiator@shop.example.com",
            "id": 83,
            "username": "initiator",
        },
        "is_sandbox": True,
        "operation": "cancel",
        "pg_code": "credit-card",
        "pg_response": {},
        "reference_number": "SBX7Q2K9M1D",
        "result": "success",
        "source": "input",
        "success": True,
        "timestamp_utc": "2026-01-01 12:00:00",
        "txn": {
            "amount": "14.00",
            "currency_code": "SAR",
            "customer_email": "payer@example.com",
            "extra": {"flight": "1234"},
            "order_no": "",
            "reference_number": "SBX7Q2K9M1D",
            "state": "canceled",
        },
    }


def test_a_cancel_by_api_key_has_no_initiator() -> None:
    payment = checkout().moved(Cause.CANCELED)

    answer = PayloadRenderer().cancellation(payment, None, MPGS, SETTINGS, at=NOON)

    assert orjson.loads(answer.body)["initiator"] is None


def test_timestamps_are_in_utc_whatever_the_zone_of_the_instant() -> None:
    payment, child = operated(paid(), Operation.REFUND, ChildState.REFUNDED, "4.000")
    in_kuwait = NOON.astimezone(timezone(timedelta(hours=3)))

    answer = PayloadRenderer().operation(payment, child, MPGS, SETTINGS, at=in_kuwait)

    assert orjson.loads(answer.body)["timestamp_utc"] == "2026-01-01 12:00:00"
