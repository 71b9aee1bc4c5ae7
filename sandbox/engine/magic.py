"""Magic order numbers: what happens to a payment whose order_no holds one of these words."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sandbox.domain.cards import Card
from sandbox.domain.events import Event
from sandbox.domain.operations import Operation
from sandbox.scenarios.model import (
    OperationResult,
    OperationStep,
    Outcome,
    PaymentStep,
    Settlement,
    WebhookRule,
)

_DECLINED: Final = PaymentStep(
    outcome=Outcome.FAILED, gateway_code="05", message="The card was declined."
)
_PAID: Final = PaymentStep(outcome=Outcome.SUCCESS)
_A_DAY: Final = timedelta(hours=24)
LATE: Final = timedelta(minutes=1)
EXPIRE_THEN_PAID: Final = "SBX-EXPIRE-THEN-PAID"

PAYMENTS: Final[Mapping[str, tuple[PaymentStep, ...]]] = {
    "SBX-FAIL-THEN-PAID": (_DECLINED, _PAID),
    EXPIRE_THEN_PAID: (PaymentStep(outcome=Outcome.PENDING),),
    "SBX-AUTHORIZED": (PaymentStep(outcome=Outcome.AUTHORIZED),),
    "SBX-CANCELED": (PaymentStep(outcome=Outcome.CANCELED),),
    "SBX-PENDING": (PaymentStep(outcome=Outcome.PENDING),),
    "SBX-FAILED": (_DECLINED,),
    "SBX-PAID": (_PAID,),
}
REFUNDS: Final[Mapping[str, OperationStep]] = {
    "SBX-REFUND-QUEUED": OperationStep(
        result=OperationResult.QUEUED, settle=Settlement.REFUNDED, after=_A_DAY
    ),
    "SBX-REFUND-REJECTED": OperationStep(
        result=OperationResult.QUEUED, settle=Settlement.REJECTED, after=_A_DAY
    ),
}
WEBHOOKS: Final[Mapping[str, WebhookRule]] = {
    "SBX-HOOK-DUP": WebhookRule(on="*", copies=2),
    "SBX-HOOK-NONE": WebhookRule(on="*", drop=True),
}

# What a phone's wallet gave holds one of these words, in any case.
DEVICE_TOKENS: Final[Mapping[str, PaymentStep]] = {
    "decline": _DECLINED,
    "no-funds": PaymentStep(
        outcome=Outcome.FAILED, gateway_code="51", message="Insufficient funds"
    ),
    "ask-3ds": PaymentStep(outcome=Outcome.CHALLENGE),
    "undecided": PaymentStep(outcome=Outcome.PENDING),
    "gateway-error": PaymentStep(outcome=Outcome.ERROR),
}
# Cards that can be saved, and with these last digits are declined when they are charged.
SAVED_CARDS: Final[Mapping[str, PaymentStep]] = {
    "0341": _DECLINED,
    "9995": PaymentStep(outcome=Outcome.FAILED, gateway_code="51", message="Insufficient funds"),
}


def payment_step(order_no: str | None, tries_before: int) -> PaymentStep | None:
    """Return how the next try of a payment with this order_no ends; the last step repeats."""
    for word, steps in PAYMENTS.items():
        if order_no and word in order_no:
            return steps[min(tries_before, len(steps) - 1)]
    return None


def direct_step(device_token: str | None, card: Card | None) -> PaymentStep | None:
    """Return how a payment ends that a call makes with a phone's wallet or a saved card."""
    if card is not None:
        return next(
            (step for end, step in SAVED_CARDS.items() if card.face.number.endswith(end)), None
        )
    given = (device_token or "").lower()
    return next((step for word, step in DEVICE_TOKENS.items() if word in given), None)


def refund_step(order_no: str | None, operation: Operation) -> OperationStep | None:
    """Return what the gateway answers to a refund of a payment with this order_no."""
    if operation is not Operation.REFUND or not order_no:
        return None
    return next((step for word, step in REFUNDS.items() if word in order_no), None)


def webhook_rule(order_no: str | None) -> WebhookRule | None:
    """Return what becomes of the webhooks of a payment with this order_no."""
    if not order_no:
        return None
    return next((rule for word, rule in WEBHOOKS.items() if word in order_no), None)


def pays_after_expiry(order_no: str | None, event: Event) -> bool:
    """Tell whether the gateway reports a late success once this payment has expired."""
    return event is Event.EXPIRED and bool(order_no) and EXPIRE_THEN_PAID in str(order_no)
