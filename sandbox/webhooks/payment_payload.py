"""The payload of a payment webhook, which is also the answer of an inquiry, in both forms."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from sandbox.domain.gateways import Gateway
from sandbox.domain.money import ZERO, format_amount
from sandbox.domain.pricing import Pricing, write_rate
from sandbox.domain.states import AttemptState, State
from sandbox.domain.transactions import Attempt, PaymentTransaction
from sandbox.domain.wallets import PROVIDER, WalletShare
from sandbox.webhooks.card_payload import card_fields
from sandbox.webhooks.gateway_response import NO_ANSWER, GatewayAnswer, answer_to_attempt
from sandbox.webhooks.payload_parts import (
    checkout_details,
    initiator_fields,
    iso_instant,
    utc_timestamp,
)

# Sent as they came with the checkout, and only when they came (FACTS 8).
_AS_ACCEPTED: Final = (
    "agreement",
    "card_acceptance_criteria",
    "customer_birthdate",
    "customer_first_name",
    "customer_last_name",
)
_ADDRESS_PARTS: Final = ("city", "country", "line1", "line2", "postal_code", "state")

_MESSAGES: Final[Mapping[AttemptState, str]] = {
    AttemptState.PENDING: "The gateway has not decided yet.",
    AttemptState.SUCCESS: "The payment was approved.",
    AttemptState.FAILED: "The gateway declined the payment.",
    AttemptState.CANCELED: "The payer canceled at the gateway.",
    AttemptState.ERROR: "The gateway could not be reached.",
    AttemptState.COD: "Cash is to be paid on delivery.",
}
# What `result` says of a payment that nobody has tried to pay.
_UNTRIED: Final[Mapping[State, AttemptState]] = {
    State.PAID: AttemptState.SUCCESS,
    State.AUTHORIZED: AttemptState.SUCCESS,
    State.COD: AttemptState.COD,
    State.FAILED: AttemptState.FAILED,
    State.CANCELED: AttemptState.CANCELED,
}


def current_payment(
    payment: PaymentTransaction, attempt: Attempt | None, gateway: Gateway, *, at: datetime
) -> dict[str, object]:
    """Return the current form, `signature` still empty; amounts are strings in major units.

    `remaining_amount` is what the payer still owes, `paid_amount` what has been taken, with the fee,
    and `settled_amount` what has been taken or reserved, without it: all in the payment's own
    currency. `amount_details` and `fee` are in the one that the payer pays in.

    Source: FACTS 8, schema `PaymentWebhook`.
    """
    terms = payment.terms
    answer = _answer(payment, attempt, gateway)
    reserved = terms.amount if payment.state in (State.PAID, State.AUTHORIZED) else ZERO
    pricing = payment.pricing_of(attempt)
    amount, fee = _money(payment, terms.amount), format_amount(pricing.fee, pricing.currency_code)
    payload: dict[str, object] = {
        **_customer(payment),
        "amount": amount,
        "amount_details": _amount_details(terms.amount, pricing),
        "currency_code": terms.currency_code,
        "fee": f"{fee} {pricing.currency_code}",
        "gateway_account": gateway.code,
        "gateway_name": gateway.name,
        "gateway_response": answer.response,
        "is_sandbox": True,
        "message": _message(payment, attempt),
        "order_no": terms.order_no,
        "paid_amount": _money(payment, payment.paid),
        "payment_type": terms.payment_type,
        "pg_params": answer.params,
        "reference_number": payment.reference_number,
        "refunded_amount": _money(payment, payment.refunded),
        "remaining_amount": _money(payment, terms.amount - reserved),
        "result": _result(payment, attempt),
        "session_id": payment.session_id,
        "settled_amount": _money(payment, reserved),
        "signature": "",
        "state": payment.state,
        "timestamp_utc": utc_timestamp(at),
        "transactions": _children(payment),
        "voided_amount": _money(payment, payment.voided),
    }
    if payment.wallet_share is not None:
        payload["customer_wallet_transactions"] = [_wallet_part(payment.wallet_share)]
    if attempt is not None and attempt.saved_card is not None:
        payload["token"] = card_fields(attempt.saved_card, at=at)
    if payment.initiator is not None:
        payload["initiator"] = initiator_fields(payment.initiator)
    # The published payloads are sorted by name.
    return dict(sorted(payload.items()))


def payment_of_2022(
    payment: PaymentTransaction, attempt: Attempt | None, gateway: Gateway
) -> dict[str, object]:
    """Return the form of 2022, `signature` still empty: exactly the published fields.

    It shows neither customer nor order number, so its signature covers the seven signed fields
    that are there.

    Source: FACTS 8 (form of 2022).
    """
    authorized = payment.terms.amount if payment.state is State.AUTHORIZED else ZERO
    return {
        "amount": _money(payment, payment.terms.amount),
        "currency_code": payment.terms.currency_code,
        "extra": checkout_details(payment).get("extra", {}),
        "gateway_account": gateway.code,
        "gateway_name": gateway.name,
        "gateway_response": _answer(payment, attempt, gateway).response,
        "message": _message(payment, attempt),
        "reference_number": payment.reference_number,
        "result": _result(payment, attempt),
        "session_id": payment.session_id,
        "signature": "",
        "state": payment.state,
        "total_authorized_amount": _money(payment, authorized),
        "total_paid_amount": _money(payment, payment.paid),
        "total_refunded_amount": _money(payment, payment.refunded),
        "total_voided_amount": _money(payment, payment.voided),
    }


def _money(payment: PaymentTransaction, amount: Decimal) -> str:
    return format_amount(amount, payment.terms.currency_code)


def _amount_details(amount: Decimal, pricing: Pricing) -> dict[str, object]:
    """Return how the payer pays an amount of the payment, as schema `AmountDetails` has it."""
    code = pricing.currency_code
    return {
        "amount": format_amount(pricing.price(amount), code),
        "currency_code": code,
        **({} if pricing.rate is None else {"exchange_rate": write_rate(pricing.rate)}),
        "fee": format_amount(pricing.fee, code),
        "total": format_amount(pricing.total(amount), code),
    }


def _answer(
    payment: PaymentTransaction, attempt: Attempt | None, gateway: Gateway
) -> GatewayAnswer:
    return NO_ANSWER if attempt is None else answer_to_attempt(payment, attempt, gateway)


def _result(payment: PaymentTransaction, attempt: Attempt | None) -> AttemptState:
    if attempt is not None:
        return attempt.state
    return _UNTRIED.get(payment.state, AttemptState.PENDING)


def _message(payment: PaymentTransaction, attempt: Attempt | None) -> str:
    if attempt is not None:
        return attempt.message or _MESSAGES[attempt.state]
    return f"The payment is {payment.state}."


def _customer(payment: PaymentTransaction) -> dict[str, object]:
    """Return `extra` and those fields of the customer and the address that the payment has."""
    details, terms = checkout_details(payment), payment.terms
    found: dict[str, object] = {name: details[name] for name in _AS_ACCEPTED if details.get(name)}
    contacts = {
        "customer_email": terms.customer_email,
        "customer_id": terms.customer_id,
        "customer_phone": terms.customer_phone,
    }
    found.update((name, value) for name, value in contacts.items() if value)
    address = details.get("billing_address")
    if isinstance(address, Mapping):
        found.update(
            (f"customer_address_{part}", address[part])
            for part in _ADDRESS_PARTS
            if address.get(part)
        )
    found["extra"] = details.get("extra", {})
    return found


def _wallet_part(share: WalletShare) -> dict[str, object]:
    """Return what the customer's wallet paid, as schema `CustomerWalletTransaction` has it."""
    amount = format_amount(share.amount, share.currency_code)
    return {
        "amount": amount,
        "created_at": iso_instant(share.begun_at),
        "currency": share.currency_code,
        "modified_at": iso_instant(share.changed_at),
        "operation_id": str(share.operation),
        "provider_code": PROVIDER,
        "wallet_response": {
            "amount": amount,
            "created_at": iso_instant(share.begun_at),
            "currency": share.currency_code,
            "customer_id": share.customer_id,
            "operation_id": str(share.operation),
            "payment_entry_id": share.payment_entry,
            "reserve_entry_id": share.reserve_entry,
            "status": share.status,
        },
    }


def _children(payment: PaymentTransaction) -> list[dict[str, object]]:
    return [
        {
            "amount": _money(payment, child.amount),
            "currency_code": payment.terms.currency_code,
            "order_no": payment.terms.order_no,
            "session_id": child.session_id,
            "state": child.state,
        }
        for child in payment.children
    ]
