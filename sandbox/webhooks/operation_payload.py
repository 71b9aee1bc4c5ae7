"""The payload of an operation webhook, in both forms."""

from datetime import datetime

from sandbox.domain.gateways import Gateway
from sandbox.domain.money import format_amount
from sandbox.domain.operations import Operation, Source
from sandbox.domain.transactions import ChildTransaction, Initiator, PaymentTransaction
from sandbox.webhooks.gateway_response import answer_to_operation
from sandbox.webhooks.payload_parts import (
    OPERATION_RESULTS,
    TAKEN,
    extra_of,
    initiator_fields,
    utc_timestamp,
)


def current_operation(
    payment: PaymentTransaction, child: ChildTransaction, gateway: Gateway, *, at: datetime
) -> dict[str, object]:
    """Return the current form, `signature` still empty; amounts are strings in major units.

    `session_id` and `order_no` are the payment's, `reference_number` the operation's own; `txn`
    is the child that the operation made. An operation by API key has no `initiator`. Without an
    order number the outer `order_no` is empty and that of `txn` is null, as the schemas have them.

    Source: FACTS 8, schema `OperationWebhook`.
    """
    answer = answer_to_operation(payment, child, gateway)
    amount = format_amount(child.amount, payment.terms.currency_code)
    began = {} if child.initiator is None else {"initiator": initiator_fields(child.initiator)}
    return {
        "amount": amount,
        "extra": extra_of(payment, child),
        **began,
        "is_sandbox": True,
        "operation": child.operation,
        "order_no": payment.terms.order_no or "",
        "pg_code": gateway.code,
        "pg_params": answer.params,
        "pg_response": answer.response,
        "reference_number": child.reference_number,
        "result": OPERATION_RESULTS[child.state],
        "session_id": payment.session_id,
        "signature": "",
        "source": child.source,
        "success": child.state in TAKEN,
        "timestamp_utc": utc_timestamp(at),
        "txn": {
            "amount": amount,
            "currency_code": payment.terms.currency_code,
            "order_no": payment.terms.order_no,
            "session_id": child.session_id,
            "state": child.state,
        },
    }


def operation_of_2022(
    payment: PaymentTransaction, child: ChildTransaction, gateway: Gateway, *, at: datetime
) -> dict[str, object]:
    """Return the form of 2022: exactly the published fields, without a signature.

    What was published as null is `initiator` for an operation by API key, and `operation`, which
    ours names. `reference_number` is the payment's, `txn.reference_number` the operation's.

    Source: FACTS 8 (form of 2022).
    """
    amount = format_amount(child.amount, payment.terms.currency_code)
    return {
        "amount": amount,
        "initiator": None if child.initiator is None else initiator_fields(child.initiator),
        "is_sandbox": True,
        "operation": child.operation,
        "pg_code": gateway.code,
        "pg_response": answer_to_operation(payment, child, gateway).response,
        "reference_number": payment.reference_number,
        "result": OPERATION_RESULTS[child.state],
        "source": child.source,
        "success": child.state in TAKEN,
        "timestamp_utc": utc_timestamp(at),
        "txn": {
            "amount": amount,
            "currency_code": payment.terms.currency_code,
            "customer_email": payment.terms.customer_email or "",
            "extra": extra_of(payment, child),
            "order_no": payment.terms.order_no or "",
            "reference_number": child.reference_number,
            "state": child.state,
        },
    }


def cancellation_of_2022(
    payment: PaymentTransaction, initiator: Initiator | None, gateway: Gateway, *, at: datetime
) -> dict[str, object]:
    """Return what tells of a cancel, which has a webhook in the form of 2022 only.

    A cancel makes no child and does not reach the gateway, so `txn` is the payment itself and
    `pg_response` is empty.

    Source: FACTS 8 (form of 2022).
    """
    amount = format_amount(payment.terms.amount, payment.terms.currency_code)
    return {
        "amount": amount,
        "initiator": None if initiator is None else initiator_fields(initiator),
        "is_sandbox": True,
        "operation": Operation.CANCEL,
        "pg_code": gateway.code,
        "pg_response": {},
        "reference_number": payment.reference_number,
        "result": "success",
        "source": Source.INPUT,
        "success": True,
        "timestamp_utc": utc_timestamp(at),
        "txn": {
            "amount": amount,
            "currency_code": payment.terms.currency_code,
            "customer_email": payment.terms.customer_email or "",
            "extra": extra_of(payment),
            "order_no": payment.terms.order_no or "",
            "reference_number": payment.reference_number,
            "state": payment.state,
        },
    }
