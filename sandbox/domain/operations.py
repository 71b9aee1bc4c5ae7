"""Operations on a payment: what each needs, as rules with the reason a caller reads."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from sandbox.domain.money import ZERO, digits_beyond
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


class Destination(enum.StrEnum):
    """Where a refund goes: back through the gateway, or to the customer's wallet (FACTS 6)."""

    GATEWAY = "pg"
    WALLET = "wallet"


# Those that reach the gateway and make a child transaction.
EXTERNAL: Final = frozenset({Operation.CAPTURE, Operation.VOID, Operation.REFUND})


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempted:
    """An operation as asked for, with the gateway that would carry it out.

    `gateway_takes_currency` is whether the payer paid in the payment's own currency, and that is one
    of the gateway's. `to_wallet` is the part of a refund that goes to the customer's wallet, which is there unless
    not `wallet_takes`.
    """

    operation: Operation
    amount: Decimal
    gateway: "Gateway | None"
    gateway_takes_currency: bool
    source: Source = Source.INPUT
    destination: Destination = Destination.GATEWAY
    to_wallet: Decimal = ZERO
    wallet_takes: bool = True

    @property
    def asks_gateway(self) -> bool:
        """Whether anything is for the gateway to do."""
        return not self.to_wallet or self.to_wallet < self.amount


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """Why something was not done; `field` is the wire field at fault, empty for the whole.

    A refusal is a value: it is answered, and nothing has changed. `gateway_response` is what the
    gateway said where it was the gateway that refused, in its own words.
    """

    rule: str
    reason: str
    field: str = ""
    gateway_response: Mapping[str, object] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FailedOperation:
    """An operation that the gateway refused; it has made no child transaction.

    `gateway_code` is the acquirer's own response code, such as `51`.
    """

    operation: Operation
    amount: Decimal
    reference_number: str
    at: datetime
    gateway_code: str
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A condition of an operation; `reason` is read by the caller when it does not hold."""

    name: str
    holds: Callable[["PaymentTransaction", Attempted], bool]
    reason: str
    field: str = ""


def _supported(_: "PaymentTransaction", asked: Attempted) -> bool:
    # What the gateway itself reports has happened, whatever the list of its operations says.
    if asked.source is Source.GATEWAY or asked.gateway is None or not asked.asks_gateway:
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
        reason="The payment was paid in a currency other than its own, or is in one that its gateway "
        "does not take; no operation is possible.",
    ),
)
_NO_DESTINATION: Final = Rule(
    name="destination",
    holds=lambda _, asked: asked.destination is not Destination.WALLET,
    reason="Only a refund can go to the customer's wallet.",
    field="destination",
)
_TO_WALLET: Final = (
    Rule(
        name="customer",
        holds=lambda payment, asked: not asked.to_wallet or bool(payment.terms.customer_id),
        reason="The payment has no `customer_id`, so no wallet belongs to it.",
        field="destination",
    ),
    Rule(
        name="wallet",
        holds=lambda _, asked: not asked.to_wallet or asked.wallet_takes,
        reason="The merchant has no wallet service, or the customer's account is closed.",
        field="destination",
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
        _NO_DESTINATION,
    ),
    Operation.EXPIRE: (
        Rule(
            name="state",
            holds=lambda payment, _: payment.state in EXPIRABLE,
            reason="Only a created, pending or attempted payment can be expired.",
        ),
        _NO_DESTINATION,
    ),
    Operation.DELETE: (_NO_DESTINATION,),
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
        _NO_DESTINATION,
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
        _NO_DESTINATION,
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
        *_TO_WALLET,
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
