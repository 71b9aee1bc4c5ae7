"""The parts that payment and operation payloads share: instants, initiators, order numbers."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import orjson

from sandbox.domain.states import ChildState
from sandbox.domain.transactions import ChildTransaction, Initiator, PaymentTransaction

# What a child's state says of its operation, as `result`.
OPERATION_RESULTS: Final[Mapping[ChildState, str]] = {
    ChildState.PAID: "success",
    ChildState.REFUNDED: "success",
    ChildState.VOIDED: "success",
    ChildState.REFUND_QUEUED: "queued",
    ChildState.REFUND_REJECTED: "rejected",
}
# As `success`: a queued refund was taken, whatever the gateway decides later.
TAKEN: Final = frozenset(ChildState) - {ChildState.REFUND_REJECTED}


def utc_timestamp(at: datetime) -> str:
    """Write an aware instant as the platform does: `YYYY-MM-DD HH:MM:SS`, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def iso_instant(at: datetime) -> str:
    """Write an aware instant in ISO 8601, in UTC with `Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def initiator_fields(initiator: Initiator) -> dict[str, object]:
    """Return the user who made a transaction or began an operation, as webhooks show one.

    A name that is not known is left out.
    """
    names = {"first_name": initiator.first_name, "last_name": initiator.last_name}
    return {
        "email": initiator.email,
        **{part: name for part, name in names.items() if name is not None},
        "id": initiator.id,
        "username": initiator.username,
    }


def checkout_details(payment: PaymentTransaction) -> dict[str, object]:
    """Return the fields of the checkout that the records keep as they came."""
    details: dict[str, object] = orjson.loads(payment.terms.details)
    return details


def extra_of(payment: PaymentTransaction, child: ChildTransaction | None = None) -> object:
    """Return the merchant's own data: the operation's where it brought some, else the payment's."""
    if child is not None and child.extra is not None:
        return orjson.loads(child.extra)
    return checkout_details(payment).get("extra", {})
