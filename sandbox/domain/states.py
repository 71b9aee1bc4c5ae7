"""The life of a payment as tables: states, what moves them, and the groups they form."""

import enum
from collections.abc import Mapping
from typing import Final

from sandbox.domain.errors import IllegalMove


class State(enum.StrEnum):
    """State of a payment transaction (FACTS 5)."""

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


class ChildState(enum.StrEnum):
    """State of a child transaction, which an operation makes (FACTS 5)."""

    PAID = "paid"
    REFUNDED = "refunded"
    REFUND_QUEUED = "refund_queued"
    REFUND_REJECTED = "refund_rejected"
    VOIDED = "voided"


class AttemptState(enum.StrEnum):
    """How a payment attempt stands or ended (FACTS 5)."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILED = "failed"
    CANCELED = "canceled"
    ERROR = "error"
    COD = "cod"


class Cause(enum.StrEnum):
    """What moves a payment transaction from one state to the next."""

    OPENED = "opened"
    PURCHASED = "purchased"
    AUTHORIZED = "authorized"
    CASH_PROMISED = "cash_promised"
    DECLINED_WITH_RETRY = "declined_with_retry"
    DECLINED_FINALLY = "declined_finally"
    ABANDONED_WITH_RETRY = "abandoned_with_retry"
    ABANDONED_FINALLY = "abandoned_finally"
    CANCELED = "canceled"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"


PAYABLE: Final = frozenset({State.CREATED, State.PENDING, State.ATTEMPTED})
SUCCEEDED: Final = frozenset({State.PAID, State.AUTHORIZED, State.COD})
CANCELABLE: Final = frozenset({State.CREATED, State.PENDING, State.ATTEMPTED, State.COD})
EXPIRABLE: Final = frozenset({State.CREATED, State.PENDING, State.ATTEMPTED})
ACKNOWLEDGEABLE: Final = frozenset(
    {State.CREATED, State.PENDING, State.ATTEMPTED, State.FAILED, State.EXPIRED}
)
INQUIRABLE: Final = frozenset({State.PENDING, State.ATTEMPTED, State.FAILED, State.EXPIRED})

MOVES: Final[Mapping[tuple[State, Cause], State]] = {
    # The payer opens the link and picks a method, again after a failed try.
    (State.CREATED, Cause.OPENED): State.PENDING,
    (State.ATTEMPTED, Cause.OPENED): State.PENDING,
    # An attempt ends.
    (State.PENDING, Cause.PURCHASED): State.PAID,
    (State.PENDING, Cause.AUTHORIZED): State.AUTHORIZED,
    (State.PENDING, Cause.CASH_PROMISED): State.COD,
    (State.PENDING, Cause.DECLINED_WITH_RETRY): State.ATTEMPTED,
    (State.PENDING, Cause.DECLINED_FINALLY): State.FAILED,
    (State.PENDING, Cause.ABANDONED_WITH_RETRY): State.ATTEMPTED,
    (State.PENDING, Cause.ABANDONED_FINALLY): State.EXPIRED,
    # The gateway reports late, or an inquiry finds out.
    (State.CREATED, Cause.PURCHASED): State.PAID,
    (State.ATTEMPTED, Cause.PURCHASED): State.PAID,
    (State.FAILED, Cause.PURCHASED): State.PAID,
    (State.EXPIRED, Cause.PURCHASED): State.PAID,
    # The cash of a delivery has been received.
    (State.COD, Cause.PURCHASED): State.PAID,
    # An authorization that the gateway reports late.
    (State.CREATED, Cause.AUTHORIZED): State.AUTHORIZED,
    (State.ATTEMPTED, Cause.AUTHORIZED): State.AUTHORIZED,
    (State.FAILED, Cause.AUTHORIZED): State.AUTHORIZED,
    (State.EXPIRED, Cause.AUTHORIZED): State.AUTHORIZED,
    # Operations on the transaction itself, and time.
    **{(state, Cause.CANCELED): State.CANCELED for state in CANCELABLE},
    **{(state, Cause.EXPIRED): State.EXPIRED for state in EXPIRABLE},
    # A currency or gateway was taken out of the configuration.
    **{(state, Cause.INVALIDATED): State.INVALIDED for state in PAYABLE},
}

CHILD_MOVES: Final[Mapping[ChildState, frozenset[ChildState]]] = {
    ChildState.REFUND_QUEUED: frozenset({ChildState.REFUNDED, ChildState.REFUND_REJECTED}),
}

# How an attempt ends decides the transaction's fate: (several attempts allowed, one only).
ENDINGS: Final[Mapping[AttemptState, tuple[Cause, Cause]]] = {
    AttemptState.SUCCESS: (Cause.PURCHASED, Cause.PURCHASED),
    AttemptState.COD: (Cause.CASH_PROMISED, Cause.CASH_PROMISED),
    AttemptState.FAILED: (Cause.DECLINED_WITH_RETRY, Cause.DECLINED_FINALLY),
    AttemptState.CANCELED: (Cause.ABANDONED_WITH_RETRY, Cause.ABANDONED_FINALLY),
    AttemptState.ERROR: (Cause.DECLINED_WITH_RETRY, Cause.DECLINED_FINALLY),
}


def move(state: State, cause: Cause) -> State:
    """Return where `cause` leads from `state`.

    Raises:
        IllegalMove: the platform has no such transition; nothing has changed.

    Source: FACTS 5.
    """
    try:
        return MOVES[state, cause]
    except KeyError:
        raise IllegalMove(state, cause) from None


def move_child(state: ChildState, target: ChildState) -> ChildState:
    """Return `target` when a child transaction may go there from `state`.

    Raises:
        IllegalMove: the platform has no such transition; nothing has changed.

    Source: FACTS 6.
    """
    if target not in CHILD_MOVES.get(state, frozenset()):
        raise IllegalMove(state, target)
    return target


def cause_of(ended: AttemptState, *, authorize: bool, several_attempts: bool) -> Cause:
    """Return what an ended attempt means for its transaction (FACTS 5, the table of endings)."""
    if ended is AttemptState.SUCCESS and authorize:
        return Cause.AUTHORIZED
    with_retry, finally_ = ENDINGS[ended]
    return with_retry if several_attempts else finally_
