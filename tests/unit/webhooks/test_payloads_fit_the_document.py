"""Every payload fits the webhook that `specs/ottu.yaml` describes."""

from collections.abc import Callable
from functools import cache
from typing import Any, cast

import jsonschema_rs
import orjson
import pytest
import yaml

from sandbox import resources
from sandbox.domain.gateways import Gateway
from sandbox.domain.operations import Operation
from sandbox.domain.settings import WebhookVersion, WorkspaceSettings
from sandbox.domain.states import AttemptState, Cause, ChildState
from sandbox.domain.transactions import ChildTransaction, PaymentTransaction
from sandbox.webhooks.rendering import PayloadRenderer
from sandbox.webhooks.signature import sign
from tests.unit.webhooks.payments import (
    KNET,
    MPGS,
    NOON,
    STAFF,
    UNLISTED,
    authorized,
    checkout,
    operated,
    paid,
    tried,
)

SETTINGS = WorkspaceSettings()
CUSTOMER: dict[str, Any] = {
    "customer_first_name": "Aisha",
    "customer_last_name": "Al-Sabah",
    "customer_birthdate": "1990-02-28",
    "billing_address": {"line1": "Gulf Road 1", "city": "Kuwait", "country": "KW"},
    "extra": {"flight": "1234"},
}

PAYMENTS: dict[str, Callable[[], PaymentTransaction]] = {
    "untried": checkout,
    "without an order number": lambda: checkout(order_no=None),
    "with a customer": lambda: checkout(
        initiator=STAFF, customer_email="p@example.com", **CUSTOMER
    ),
    "paid": paid,
    "in yen": lambda: paid("300", "JPY"),
    "failed for good": lambda: tried(checkout(several_attempts=False), AttemptState.FAILED),
    "declined": lambda: tried(checkout(), AttemptState.FAILED, gateway_code="51"),
    "broken off": lambda: tried(checkout(), AttemptState.ERROR),
    "given up": lambda: tried(checkout(), AttemptState.CANCELED),
    "cash": lambda: tried(checkout(), AttemptState.COD),
    "waiting": lambda: tried(checkout(), AttemptState.PENDING),
    "refunded": lambda: operated(paid(), Operation.REFUND, ChildState.REFUNDED, "1.000")[0],
    "canceled": lambda: checkout().moved(Cause.CANCELED),
}
OPERATIONS: dict[str, Callable[[], tuple[PaymentTransaction, ChildTransaction]]] = {
    "refund": lambda: operated(paid(), Operation.REFUND, ChildState.REFUNDED, "1.000"),
    "queued": lambda: operated(paid(), Operation.REFUND, ChildState.REFUND_QUEUED, "1.000"),
    "rejected": lambda: operated(paid(), Operation.REFUND, ChildState.REFUND_REJECTED, "1.000"),
    "void": lambda: operated(authorized(), Operation.VOID, ChildState.VOIDED, "10.000"),
    "capture by staff": lambda: operated(
        authorized(), Operation.CAPTURE, ChildState.PAID, "4.000", initiator=STAFF
    ),
    "without an order number": lambda: operated(
        checkout(order_no=None), Operation.REFUND, ChildState.REFUNDED, "1.000"
    ),
}


@cache
def document() -> dict[str, Any]:
    text = (resources.specs() / "ottu.yaml").read_text(encoding="utf-8")
    return cast("dict[str, Any]", yaml.load(text, Loader=yaml.CSafeLoader))


@cache
def described(webhook: str) -> jsonschema_rs.Validator:
    body = document()["webhooks"][webhook]["post"]["requestBody"]["content"]["application/json"]
    schema = {**body["schema"], "components": document()["components"]}
    return jsonschema_rs.validator_for(schema)


def mistakes(webhook: str, body: bytes) -> list[str]:
    return [
        f"{error.instance_path}: {error.message}"
        for error in described(webhook).iter_errors(orjson.loads(body))
    ]


@pytest.mark.parametrize("gateway", [MPGS, KNET, UNLISTED], ids=lambda gateway: gateway.code)
@pytest.mark.parametrize(
    ("version", "webhook"),
    [(WebhookVersion.CURRENT, "payment"), (WebhookVersion.FORM_2022, "payment2022")],
)
@pytest.mark.parametrize("make", PAYMENTS.values(), ids=list(PAYMENTS))
def test_a_payment_webhook_is_as_described(
    make: Callable[[], PaymentTransaction], version: WebhookVersion, webhook: str, gateway: Gateway
) -> None:
    payment = make()

    rendered = PayloadRenderer().payment(
        payment, payment.last_attempt, gateway, SETTINGS, at=NOON, version=version
    )

    assert mistakes(webhook, rendered.body) == []


@pytest.mark.parametrize("gateway", [MPGS, KNET, UNLISTED], ids=lambda gateway: gateway.code)
@pytest.mark.parametrize(
    ("version", "webhook"),
    [(WebhookVersion.CURRENT, "operation"), (WebhookVersion.FORM_2022, "operation2022")],
)
@pytest.mark.parametrize("make", OPERATIONS.values(), ids=list(OPERATIONS))
def test_an_operation_webhook_is_as_described(
    make: Callable[[], tuple[PaymentTransaction, ChildTransaction]],
    version: WebhookVersion,
    webhook: str,
    gateway: Gateway,
) -> None:
    payment, child = make()

    rendered = PayloadRenderer().operation(
        payment, child, gateway, SETTINGS, at=NOON, version=version
    )

    assert mistakes(webhook, rendered.body) == []


def test_the_webhook_of_a_cancel_is_as_described() -> None:
    payment = checkout(order_no=None).moved(Cause.CANCELED)

    rendered = PayloadRenderer().cancellation(payment, None, MPGS, SETTINGS, at=NOON)

    assert mistakes("operation2022", rendered.body) == []


def test_the_signed_examples_of_the_document_are_signed_as_ours_are() -> None:
    values = [each["value"] for each in document()["components"]["examples"].values()]
    signed = [value for value in values if isinstance(value, dict) and "signature" in value]

    assert signed
    assert [value["signature"] for value in signed] == [
        sign(value, SETTINGS.webhook_key) for value in signed
    ]
