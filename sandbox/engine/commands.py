"""What may be asked of the engine, in the domain's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sandbox.domain.events import Channel
from sandbox.domain.operations import Operation, Source
from sandbox.domain.transactions import Initiator, PaymentTerms
from sandbox.scenarios.model import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """Which transaction is meant: by session_id, or the newest of an order_no."""

    session_id: str | None = None
    order_no: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPayment:
    """A checkout. `fields` are the request's own, for scenarios that match on them.

    `scenario` is the name that the request itself asks for, if any.
    """

    terms: PaymentTerms
    origin: str
    fields: Mapping[str, object] = field(default_factory=dict)
    initiator: Initiator | None = None
    scenario: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PayerTry:
    """What the payer does. Without an outcome, scenario, card, magic value or default decide.

    `challenge` ends a 3-D Secure step that is under way: passed or not.
    """

    outcome: Outcome | None = None
    gateway: str | None = None
    card: str | None = None
    gateway_code: str | None = None
    message: str | None = None
    challenge: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Operate:
    """An operation on a payment; no amount means all that is left."""

    named: Named
    operation: Operation
    amount: Decimal | None = None
    tracking_key: str | None = None
    initiator: Initiator | None = None
    source: Source = Source.INPUT
    extra: bytes | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Resend:
    """Send the messages of the newest event once more."""

    named: Named
    channels: tuple[Channel, ...]
