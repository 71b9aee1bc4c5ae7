"""Instants and spans of virtual time, as the control API writes and reads them."""

from datetime import UTC, datetime, timedelta
from typing import Final

# Within these a payment's own times, which lie years ahead at most, can be written too.
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)


class NotAnInstant(ValueError):
    """This text is not an instant that virtual time can hold."""


def write_instant(at: datetime) -> str:
    """Write `2026-01-01T00:00:00Z`, with a fraction only where there is one."""
    return at.isoformat().replace("+00:00", "Z")


def read_instant(text: str) -> datetime:
    """Read ISO 8601 with `Z` or an offset.

    Raises:
        NotAnInstant: it is something else, has no offset, or lies outside 2000 to 9000.
    """
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise NotAnInstant(text)
        at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotAnInstant(text) from None
    if not EARLIEST <= at <= LATEST:
        raise NotAnInstant(text)
    return at


def later(now: datetime, span: timedelta) -> datetime:
    """Return the instant that much later.

    Raises:
        NotAnInstant: it lies after the year 9000.
    """
    if span > LATEST - now:
        raise NotAnInstant
    return now + span
