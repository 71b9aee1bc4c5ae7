"""Operations kept under the caller's Tracking-Key, so that a repeated call acts only once."""

from dataclasses import dataclass

from sandbox.domain.operations import Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackedOperation:
    """An operation that succeeded or was queued, under its key.

    `child` is the child transaction it made; None for cancel, expire and delete.

    Source: FACTS 6.
    """

    session_id: str
    key: str
    operation: Operation
    child: str | None
