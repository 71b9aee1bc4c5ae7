"""What `ottu-sandbox scenario test` does with a scenario, and what it expects of that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Final, Literal

from sandbox.domain.events import Channel, Event
from sandbox.domain.operations import Operation
from sandbox.domain.states import State


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkout:
    """Make a transaction: the default checkout, with these request fields over it."""

    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pay:
    """Let the payer try; `fields` are those of the control API's `pay`, durations as text."""

    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Resend:
    """Send the newest message again on these channels, as `message-notification` does."""

    channels: tuple[Channel, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Advance:
    """Let virtual time pass, and everything that falls due in it happen."""

    by: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Operate:
    """Call an operation as the merchant; `amount` of None is all that is left."""

    operation: Operation
    amount: Decimal | None = None
    tracking_key: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Inquire:
    """Ask how the payment ended, as the merchant; `fields` are those of the call."""

    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """Change the transaction, as a PATCH of the merchant does."""

    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Trigger:
    """Make an event happen, as the control API's `trigger` does."""

    event: Literal[
        "late_success",
        "late_failure",
        "capture",
        "void",
        "refund",
        "refund_settled",
        "refund_rejected",
        "expire",
        "invalidate",
        "message_delivered",
        "message_failed",
    ]
    fields: Mapping[str, object] = field(default_factory=dict)
    """`amount`, `source`, `initiator`, `code`, where they apply."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """Let the oldest held webhook go; with `event`, the oldest one of that event."""

    event: Event | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Receiver:
    """Let the merchant's receiver answer so from here on, try by try; the last repeats.

    An answer is a status; None is none at all, until the try has timed out.
    """

    answers: tuple[int | None, ...]


PlayStep = (
    Checkout | Pay | Resend | Advance | Operate | Inquire | Update | Trigger | Release | Receiver
)

LOST: Final = "lost"
"""The status of an answer that did not come, or was none that HTTP knows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Expect:
    """What must have happened after the play; None is not checked, an empty tuple is nothing."""

    states: tuple[State, ...] | None = None
    """All states in the order they were reached; only `pending` may be left out."""
    messages: tuple[Mapping[str, object], ...] | None = None
    """Partial messages, in this order among others."""
    webhooks: tuple[Mapping[str, object], ...] | None = None
    """Partial deliveries: all of them, in this order."""
    answers: tuple[Mapping[str, object], ...] | None = None
    """A partial answer for each step of the play, in order."""
    findings: tuple[str, ...] | None = None
    """Codes of findings, in any order, among others."""
