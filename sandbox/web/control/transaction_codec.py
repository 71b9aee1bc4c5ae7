"""Payments as the control API shows them.

Source: DESIGN (control API, transaction).
"""

from collections.abc import Iterable
from typing import Any

from sandbox.domain.money import format_amount
from sandbox.domain.pricing import Pricing, write_rate
from sandbox.domain.transactions import Attempt, ChildTransaction, PaymentTransaction
from sandbox.engine.timeline import TimelineEntry
from sandbox.web.control.instants import write_instant


def write_transaction(payment: PaymentTransaction) -> dict[str, Any]:
    """Write a payment without its timeline, as lists have it."""
    terms = payment.terms
    return {
        "session_id": payment.session_id,
        "order_no": terms.order_no,
        "reference_number": payment.reference_number,
        "state": payment.state.value,
        "amount": format_amount(terms.amount, terms.currency_code),
        "currency_code": terms.currency_code,
        "type": terms.type.value,
        "payment_type": terms.payment_type.value,
        "scenario": payment.scenario,
        "checkout_url": payment.checkout_url,
        "attempts": [write_attempt(each) for each in payment.attempts],
        "children": [_child(each, terms.currency_code) for each in payment.children],
    }


def write_with_timeline(
    payment: PaymentTransaction, timeline: Iterable[TimelineEntry]
) -> dict[str, Any]:
    """Write a payment with everything that happened to it, oldest first."""
    entries = [
        {
            "at": write_instant(entry.at),
            "kind": entry.kind.value,
            "text": entry.text,
            "data": dict(entry.data),
        }
        for entry in timeline
    ]
    return {**write_transaction(payment), "timeline": entries}


def write_attempt(attempt: Attempt) -> dict[str, Any]:
    """Write one try of the payer; `at` is when it began.

    With a fee, or in another currency than the payment's, it says how the payer pays.
    """
    return {
        "number": attempt.number,
        "gateway": attempt.gateway,
        "outcome": attempt.outcome,
        "state": attempt.state.value,
        "reference_number": attempt.reference_number,
        "at": write_instant(attempt.started_at),
        **(_pricing(attempt.pricing) if attempt.pricing else {}),
    }


def _pricing(pricing: Pricing) -> dict[str, Any]:
    rate = {"exchange_rate": write_rate(pricing.rate)} if pricing.rate is not None else {}
    return {
        "currency_code": pricing.currency_code,
        "fee": format_amount(pricing.fee, pricing.currency_code),
        **rate,
    }


def _child(child: ChildTransaction, currency_code: str) -> dict[str, Any]:
    return {
        "session_id": child.session_id,
        "operation": child.operation.value,
        "state": child.state.value,
        "amount": format_amount(child.amount, currency_code),
        "at": write_instant(child.at),
    }
