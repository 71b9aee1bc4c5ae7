"""Payments as the engine keeps them, for the tests of what webhooks say about them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import orjson

from sandbox.domain.gateways import Gateway, GatewayMode, TestCard
from sandbox.domain.operations import Operation
from sandbox.domain.states import AttemptState, Cause, ChildState, State, cause_of
from sandbox.domain.transactions import (
    Attempt,
    ChildTransaction,
    Initiator,
    PaymentTerms,
    PaymentTransaction,
    TransactionType,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
STAFF = Initiator(id=83, username="initiator", email="initiator@shop.example.com")
MPGS = Gateway(
    code="credit-card",
    name="mpgs",
    title="MPGS",
    test_cards=(TestCard(number="4508750015741019", outcome="success", brand="Visa"),),
)
MPGS_AUTHORIZE = replace(MPGS, code="mpgs-auth", mode=GatewayMode.AUTHORIZE)
KNET = Gateway(code="knet", name="kpay", title="KNET")
UNLISTED = Gateway(code="my-bank", name="my-bank", title="my-bank", generic=True)


def checkout(
    amount: str = "10.000",
    currency_code: str = "KWD",
    *,
    order_no: str | None = "A-1",
    customer_email: str | None = None,
    initiator: Initiator | None = None,
    several_attempts: bool = True,
    **details: object,
) -> PaymentTransaction:
    return PaymentTransaction(
        session_id="0a" * 20,
        reference_number="SBX7Q2K9M1D",
        terms=PaymentTerms(
            type=TransactionType.E_COMMERCE,
            amount=Decimal(amount),
            currency_code=currency_code,
            gateway_codes=("credit-card",),
            order_no=order_no,
            customer_email=customer_email,
            details=orjson.dumps(details),
        ),
        state=State.CREATED,
        created_at=NOON,
        expires_at=NOON + timedelta(hours=24),
        origin="http://127.0.0.1:8686",
        initiator=initiator,
        several_attempts=several_attempts,
    )


def tried(
    payment: PaymentTransaction,
    ended: AttemptState,
    gateway: Gateway = MPGS,
    *,
    gateway_code: str | None = None,
    message: str | None = None,
    card: str | None = None,
) -> PaymentTransaction:
    attempt = Attempt(
        number=len(payment.attempts) + 1,
        gateway=gateway.code,
        state=ended,
        outcome=ended,
        reference_number="SBXATTEMPT1",
        started_at=NOON,
        ended_at=NOON,
        gateway_code=gateway_code,
        message=message,
        card=card,
    )
    opened = payment.moved(Cause.OPENED).with_attempt(attempt)
    if ended is AttemptState.PENDING:
        return opened
    cause = cause_of(
        ended,
        authorize=gateway.mode is GatewayMode.AUTHORIZE,
        several_attempts=payment.several_attempts,
    )
    return opened.moved(cause)


def paid(amount: str = "10.000", currency_code: str = "KWD") -> PaymentTransaction:
    return tried(checkout(amount, currency_code), AttemptState.SUCCESS)


def authorized(amount: str = "10.000", currency_code: str = "KWD") -> PaymentTransaction:
    return tried(checkout(amount, currency_code), AttemptState.SUCCESS, MPGS_AUTHORIZE)


def operated(
    payment: PaymentTransaction,
    operation: Operation,
    state: ChildState,
    amount: str,
    *,
    initiator: Initiator | None = None,
    extra: bytes | None = None,
) -> tuple[PaymentTransaction, ChildTransaction]:
    child = ChildTransaction(
        session_id=f"{len(payment.children) + 1:040x}",
        operation=operation,
        state=state,
        amount=Decimal(amount),
        reference_number="SBXCHILD0001",
        gateway="credit-card",
        at=NOON,
        initiator=initiator,
        extra=extra,
    )
    return payment.with_child(child), child
