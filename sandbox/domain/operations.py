"""Operations on a payment: what each needs, as rules with the reason a caller reads."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from sandbox.domain.money import digits_beyond
from sandbox.domain.states import CANCELABLE, EXPIRABLE, State

if TYPE_CHECKING:
    from sandbox.domain.gateways import Gateway
    from sandbox.domain.transactions import PaymentTransaction


class Operation(enum.StrEnum):
    """What may be done to a payment after its checkout (FACTS 6)."""

    CANCEL = "cancel"
    EXPIRE = "expire"
    DELETE = "delete"
    CAPTURE = "capture"
    VOID = "void"
    REFUND = "refund"


class Source(enum.StrEnum):
    """Who began an operation: a call or a person here, or the gateway's side."""

    INPUT = "input"
    GATEWAY = "pg"


# Those that reach the gateway and make a child transaction.
EXTERNAL: Final = frozenset({Operation.CAPTURE, Operation.VOID, Operation.REFUND})


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempted:
    """An operation as asked for, with the gateway that would carry it out."""

    operation: Operation
    amount: Decimal
    gateway: "Gateway | None"
    gateway_takes_currency: bool
    source: Source = Source.INPUT


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """Why something was not done; `field` is the wire field at fault, empty for the whole.

    A refusal is a value: it is answered, and nothing has changed.
    """

    rule: str
    reason: str
    field: str = ""
    gateway_code: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A condition of an operation; `reason` is read by the caller when it does not hold."""

    name: str
    holds: Callable[["PaymentTransaction", Attempted], bool]
    reason: str
    field: str = ""


def _supported(_: "PaymentTransaction", asked: Attempted) -> bool:
    # What the gateway itself reports has happened, whatever the list of its operations says.
    if asked.source is Source.GATEWAY or asked.gateway is None:
        return True
    return asked.operation in asked.gateway.operations


_GATEWAY_RULES: Final = (
    Rule(
        name="gateway",
        holds=_supported,
        reason="The gateway of this payment does not support the operation.",
    ),
    Rule(
        name="currency",
        holds=lambda _, asked: asked.gateway_takes_currency,
        reason="The payment is in a currency other than its gateway's; no operation is possible.",
    ),
)
_WRITTEN: Final = Rule(
    name="digits",
    holds=lambda payment, asked: not digits_beyond(asked.amount, payment.terms.currency_code),
    reason="The amount has more digits after the point than its currency.",
    field="amount",
)
_POSITIVE: Final = Rule(
    name="amount_positive",
    holds=lambda _, asked: asked.amount > 0,
    reason="The amount must be greater than zero.",
    field="amount",
)

RULES: Final[Mapping[Operation, tuple[Rule, ...]]] = {
    Operation.CANCEL: (
        Rule(
            name="state",
            holds=lambda payment, _: payment.state in CANCELABLE,
            reason="Only a created, pending, attempted or cod payment can be canceled.",
        ),
    ),
    Operation.EXPIRE: (
        Rule(
            name="state",
            holds=lambda payment, _: payment.state in EXPIRABLE,
            reason="Only a created, pending or attempted payment can be expired.",
        ),
    ),
    Operation.DELETE: (),
    Operation.CAPTURE: (
        Rule(
            name="state",
            holds=lambda payment, _: payment.state is State.AUTHORIZED and not payment.voided,
            reason="Only an authorized payment that was not voided can be captured.",
        ),
        Rule(
            name="left",
            holds=lambda payment, _: payment.capturable > 0,
            reason="The whole authorized amount has been captured already.",
        ),
        *_GATEWAY_RULES,
        _WRITTEN,
        _POSITIVE,
        Rule(
            name="amount",
            holds=lambda payment, asked: asked.amount <= payment.capturable,
            reason="The amount exceeds what is left to capture.",
            field="amount",
        ),
    ),
    Operation.VOID: (
        Rule(
            name="state",
            holds=lambda payment, _: payment.state is State.AUTHORIZED and not payment.voided,
            reason="Only an authorized payment that was not voided can be voided.",
        ),
        Rule(
            name="captured",
            holds=lambda payment, _: not payment.captured,
            reason="A payment of which something was captured cannot be voided; refund it.",
        ),
        *_GATEWAY_RULES,
    ),
    Operation.REFUND: (
        Rule(
            name="state",
            holds=lambda payment, _: payment.settled > 0,
            reason="Only a paid or captured payment can be refunded.",
        ),
        Rule(
            name="left",
            holds=lambda payment, _: payment.refundable > 0,
            reason="Nothing is left to refund.",
        ),
        *_GATEWAY_RULES,
        _WRITTEN,
        _POSITIVE,
        Rule(
            name="amount",
            holds=lambda payment, asked: asked.amount <= payment.refundable,
            reason="The amount exceeds what is left to refund.",
            field="amount",
        ),
    ),
}


def check(payment: "PaymentTransaction", asked: Attempted) -> Refused | None:
    """Return why the operation is refused, by its first rule that does not hold, or None.

    Source: FACTS 6.
    """
    for rule in RULES[asked.operation]:
        if not rule.holds(payment, asked):
            return Refused(rule=rule.name, reason=rule.reason, field=rule.field)
    return None
