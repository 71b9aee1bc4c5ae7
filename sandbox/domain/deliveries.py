"""Webhook deliveries and their tries, as records."""

import enum
from dataclasses import dataclass
from datetime import datetime

from sandbox.domain.events import Event


class DeliveryKind(enum.StrEnum):
    """Whether a webhook tells of a payment or of an operation on it."""

    PAYMENT = "payment"
    OPERATION = "operation"


class DeliveryStatus(enum.StrEnum):
    """How a delivery stands."""

    WAITING = "waiting"
    HELD = "held"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Try:
    """One HTTP attempt of a delivery.

    `status_code` is None where no answer came; `error` then says why in plain words.
    `duration_ms` is time of the workspace's clock. `response` is the start of what was answered.
    """

    number: int
    at: datetime
    url: str
    status_code: int | None = None
    error: str | None = None
    timed_out: bool = False
    duration_ms: int | None = None
    response_headers: tuple[tuple[str, str], ...] = ()
    response_body: str = ""

    @property
    def answered(self) -> bool:
        """Whether the try has ended."""
        return self.status_code is not None or self.error is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One event on its way to one URL.

    `body` is rendered once, when the event happens: a delayed delivery never shows a later state.
    `decides_page` marks the one whose first answer chooses the page that the payer sees.
    `released_by_next` marks a held one that goes right after the transaction's next webhook.

    Source: FACTS 8, DESIGN (control API, delivery).
    """

    id: str
    session_id: str
    order_no: str | None
    kind: DeliveryKind
    event: Event
    url: str
    status: DeliveryStatus
    body: bytes
    content_type: str
    signature: str
    at: datetime
    tries: tuple[Try, ...] = ()
    decides_page: bool = False
    copy_of: str | None = None
    released_by_next: bool = False

    @property
    def finished(self) -> bool:
        """Whether no further try will come by itself."""
        return self.status is not DeliveryStatus.WAITING
