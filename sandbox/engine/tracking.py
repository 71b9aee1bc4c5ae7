"""Operations kept under the caller's Tracking-Key, so that a repeated call acts only once."""

from dataclasses import dataclass

from sandbox.domain.operations import Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackedOperation:
    """An operation that succeeded or was queued, under its key.

    `child` is the child transaction it made; None for cancel, expire and delete. `order_no` is that
    of the payment, by which a caller may name it even when the operation has deleted it.

    Source: FACTS 6.
    """

    session_id: str
    key: str
    operation: Operation
    child: str | None
    order_no: str | None = None
