"""Events of a payment, the channels that tell a payer of them, and who may be told what."""

import enum
from collections.abc import Mapping
from typing import Final

from sandbox.domain.states import ChildState, State


class Event(enum.StrEnum):
    """A payment state reached, or the outcome of an operation (DESIGN, words)."""

    CREATED = "created"
    PENDING = "pending"
    ATTEMPTED = "attempted"
    AUTHORIZED = "authorized"
    PAID = "paid"
    COD = "cod"
    FAILED = "failed"
    CANCELED = "canceled"
    EXPIRED = "expired"
    INVALIDED = "invalided"
    CAPTURED = "captured"
    VOIDED = "voided"
    REFUNDED = "refunded"
    REFUND_QUEUED = "refund_queued"
    REFUND_REJECTED = "refund_rejected"


class Channel(enum.StrEnum):
    """A way to a payer."""

    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"


OPERATION_EVENTS: Final = frozenset(
    {Event.CAPTURED, Event.VOIDED, Event.REFUNDED, Event.REFUND_QUEUED, Event.REFUND_REJECTED}
)
# FACTS 5: states that a channel can tell a payer of; WhatsApp never those of operations.
_NOTIFIABLE_STATES: Final = frozenset(
    {Event.CREATED, Event.PAID, Event.CANCELED, Event.FAILED, Event.EXPIRED, Event.AUTHORIZED}
)
_NOTIFIABLE_OPERATIONS: Final = frozenset({Event.VOIDED, Event.REFUNDED, Event.CAPTURED})
NOTIFIABLE: Final[Mapping[Channel, frozenset[Event]]] = {
    Channel.EMAIL: _NOTIFIABLE_STATES | _NOTIFIABLE_OPERATIONS,
    Channel.SMS: _NOTIFIABLE_STATES | _NOTIFIABLE_OPERATIONS,
    Channel.WHATSAPP: _NOTIFIABLE_STATES,
}

CHILD_EVENTS: Final[Mapping[ChildState, Event]] = {
    ChildState.PAID: Event.CAPTURED,
    ChildState.REFUNDED: Event.REFUNDED,
    ChildState.REFUND_QUEUED: Event.REFUND_QUEUED,
    ChildState.REFUND_REJECTED: Event.REFUND_REJECTED,
    ChildState.VOIDED: Event.VOIDED,
}


def event_of(state: State) -> Event:
    """Return the event of reaching a payment state."""
    return Event(state.value)
