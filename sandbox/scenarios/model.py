"""A parsed scenario as records, with durations and amounts already read.

What `ottu-sandbox scenario test` does and expects stands in `plays`.

Source: DESIGN (scenario language, version 1).
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Final, Literal

from sandbox.domain.events import Channel, Event
from sandbox.domain.operations import Operation, Source
from sandbox.domain.settings import WebhookVersion
from sandbox.scenarios.plays import Expect, PlayStep

EVERY: Final = "*"
Sign = Literal["=", "!=", "<", "<=", ">", ">="]
NOW: Final = timedelta()


class Outcome(enum.StrEnum):
    """How a payer's try ends, or what stands in its way (`challenge`, `pending`)."""

    SUCCESS = "success"
    AUTHORIZED = "authorized"
    FAILED = "failed"
    CANCELED = "canceled"
    ERROR = "error"
    PENDING = "pending"
    COD = "cod"
    CHALLENGE = "challenge"


class Finding(enum.StrEnum):
    """What the gateway answers when it is asked how a payment ended."""

    SUCCESS = "success"
    AUTHORIZED = "authorized"
    FAILED = "failed"
    CANCELED = "canceled"
    ERROR = "error"
    PENDING = "pending"


class TimelineAction(enum.StrEnum):
    """What may happen to a transaction without anybody calling."""

    PAY = "pay"
    LATE_SUCCESS = "late_success"
    LATE_FAILURE = "late_failure"
    CAPTURE = "capture"
    VOID = "void"
    REFUND = "refund"
    REFUND_SETTLED = "refund_settled"
    REFUND_REJECTED = "refund_rejected"
    CANCEL = "cancel"
    EXPIRE = "expire"
    INVALIDATE = "invalidate"


class OperationResult(enum.StrEnum):
    """What the gateway answers to an operation at once."""

    SUCCESS = "success"
    QUEUED = "queued"
    FAILED = "failed"


class Settlement(enum.StrEnum):
    """How a queued refund ends."""

    REFUNDED = "refunded"
    REJECTED = "rejected"


class Send(enum.StrEnum):
    """What made a message go out."""

    AUTOMATIC = "automatic"
    RESEND = "resend"


class Tamper(enum.StrEnum):
    """What of a webhook is changed after it was signed."""

    AMOUNT = "amount"
    SIGNATURE = "signature"
    BODY = "body"


class FaultKind(enum.StrEnum):
    """How a call of the platform goes wrong."""

    STATUS = "status"
    TIMEOUT = "timeout"
    RESET = "reset"
    EMPTY = "empty"
    GARBAGE = "garbage"
    SLOW_BODY = "slow-body"


class Effect(enum.StrEnum):
    """Whether a call that goes wrong did nothing, or was done and only its answer lost."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """One side of an amount's range, in major units."""

    sign: Sign
    amount: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """Which checkouts a scenario takes: all that is given must hold; texts are globs."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """Request field to glob: `order_no`, `currency_code`, `customer_email`, `customer_phone`, …"""
    amount: tuple[Comparison, ...] = ()
    pg_codes: tuple[str, ...] = ()
    """Globs; one of the request's codes must match one of these."""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentStep:
    """One try of the payer. `after` of None is at once, as is zero."""

    outcome: Outcome
    gateway_code: str | None = None
    message: str | None = None
    after: timedelta | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TimelineStep:
    """Something that happens by itself, once, `after` the first time `on` is reached."""

    on: Event
    do: TimelineAction
    after: timedelta = NOW
    amount: Decimal | None = None
    """Major units, with the digits as written; None is all that is left."""
    source: Source | None = None
    gateway_code: str | None = None
    message: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OperationStep:
    """The gateway's answer to one operation; a queued refund settles `after` that, or never."""

    result: OperationResult
    settle: Settlement | None = None
    after: timedelta | None = None
    gateway_code: str | None = None
    message: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class InquiryStep:
    """The gateway's answer to one inquiry."""

    finds: Finding
    gateway_code: str | None = None
    message: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Deliver:
    """The provider takes the message, and it arrives `after` that."""

    after: timedelta = NOW


@dataclass(frozen=True, kw_only=True, slots=True)
class Refuse:
    """The provider refuses the message at once; the call that sent it sees the failure."""

    code: str
    detail: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptThenFail:
    """The provider takes the message and reports `after` that that it did not arrive."""

    code: str
    after: timedelta = NOW
    detail: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptOnly:
    """The provider takes the message and is never heard of again."""


Carriage = Deliver | Refuse | AcceptThenFail | AcceptOnly


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelStep:
    """What becomes of `times` messages; with `send`, only of those sent that way."""

    carriage: Carriage
    times: int = 1
    send: Send | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookRule:
    """What becomes of the webhooks of one event, or of all (`*`).

    `copies` is how many arrive in all. `reorder` lets the transaction's next webhook go first.
    `times` is how many events the rule takes; None is one when another rule for the same `on`
    follows, all of them otherwise.
    """

    on: Event | Literal["*"]
    copies: int = 1
    delay: timedelta = NOW
    drop: bool = False
    hold: bool = False
    reorder: bool = False
    tamper: Tamper | None = None
    version: WebhookVersion | None = None
    times: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """How the call goes wrong, and how long that takes; STATUS alone has `status` and `body`."""

    kind: FaultKind
    status: int | None = None
    body: object = None
    """A JSON value; None is the platform's own body for this status."""
    after: timedelta = NOW


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiFault:
    """A fault of the platform's own calls, for `times` of them after the first `skip`.

    `operation` is an operation id of the document, one of `cursors.SHORT_NAMES`, or `*`. `times` of
    None is one when another fault for the same `operation` follows, all further calls otherwise.
    """

    operation: str
    fault: Fault
    skip: int = 0
    times: int | None = None
    effect: Effect = Effect.BEFORE


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """One story, with what it was read from.

    `settings` has the names and JSON values that a PATCH of settings has, durations as text.
    `match` of None is never chosen by a request; `play` of None is the default play; `expect` of
    None checks nothing.
    """

    name: str
    description: str = ""
    match: Match | None = None
    settings: Mapping[str, object] = field(default_factory=dict)
    payment: tuple[PaymentStep, ...] = ()
    timeline: tuple[TimelineStep, ...] = ()
    operations: Mapping[Operation, tuple[OperationStep, ...]] = field(default_factory=dict)
    inquiry: tuple[InquiryStep, ...] = ()
    channels: Mapping[Channel, tuple[ChannelStep, ...]] = field(default_factory=dict)
    webhooks: tuple[WebhookRule, ...] = ()
    api: tuple[ApiFault, ...] = ()
    play: tuple[PlayStep, ...] | None = None
    expect: Expect | None = None
    source: str = "<request>"
    """The file it was read from, or `<request>`."""
    position: int = 0
    """Orders scenarios of one source, for `match`."""
    text: str = field(default="", compare=False, repr=False)
    """What was read, to show it again."""
    document: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False)
    """All that it says by itself: as read, for its case, with variables and what it extends."""
