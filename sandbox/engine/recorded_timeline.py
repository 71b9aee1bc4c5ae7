"""What belongs together in a payment's timeline."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Final

from sandbox.engine.timeline import Kind, TimelineEntry

_ACTIONS: Final = frozenset(
    {Kind.ATTEMPT_STARTED, Kind.OPERATION, Kind.OPERATION_REFUSED, Kind.INQUIRY, Kind.LOOKED_UP}
    | {Kind.STATE, Kind.UPDATED}
)


def is_action(entry: TimelineEntry) -> bool:
    """Tell whether the entry is what somebody did, or what the payment came to by it."""
    return entry.kind in _ACTIONS


def start_of(earlier: Iterable[TimelineEntry], ended: TimelineEntry) -> TimelineEntry | None:
    """Return where the try began that has ended; None where a late report made it."""
    return _first(earlier, Kind.ATTEMPT_STARTED, "number", ended.data["number"])


def end_of(later: Iterable[TimelineEntry], started: TimelineEntry) -> TimelineEntry | None:
    """Return where the try ended that has begun, or None."""
    return _first(later, Kind.ATTEMPT_ENDED, "number", started.data["number"])


def settlement_of(later: Iterable[TimelineEntry], child_id: str) -> TimelineEntry | None:
    """Return where a queued refund came to its end, or None."""
    return _first(later, Kind.OPERATION, "id", child_id)


def before(later: Iterable[TimelineEntry], end: TimelineEntry) -> Iterator[TimelineEntry]:
    """Yield the entries before one of them."""
    return takewhile(lambda entry: entry is not end, later)


def sends_webhook(later: Sequence[TimelineEntry]) -> bool:
    """Tell whether an inquiry sent a webhook that no change of the payment explains."""
    for entry in later:
        if entry.kind is Kind.WEBHOOK:
            return True
        if is_action(entry) or entry.kind is Kind.ATTEMPT_ENDED:
            return False
    return False


def _first(
    entries: Iterable[TimelineEntry], kind: Kind, name: str, value: object
) -> TimelineEntry | None:
    return next(
        (each for each in entries if each.kind is kind and each.data.get(name) == value), None
    )
