"""Messages to a payer, as records."""

import enum
from dataclasses import dataclass
from datetime import datetime

from sandbox.domain.events import Channel, Event
from sandbox.domain.transactions import PaymentTransaction


class MessageStatus(enum.StrEnum):
    """How far a message has come."""

    QUEUED = "queued"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageStep:
    """One report of the provider: a status with its code and words."""

    at: datetime
    status: MessageStatus
    code: str | None = None
    detail: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message to one payer by one channel.

    `payment` is the transaction as it stood at the event; the text is rendered from it
    when first read. `to` is one address, as the merchant wrote it. `amount` is set where the
    event concerns a part of the payment, such as a refund.

    A message sent from a template by name has no transaction, and its words from the start.
    `attachments` are the names of the files that go with it.

    Source: FACTS 7, DESIGN (control API, message).
    """

    id: str
    session_id: str | None
    order_no: str | None
    channel: Channel
    to: str
    event: Event | None
    template: str
    language: str
    provider: str
    at: datetime
    history: tuple[MessageStep, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    resent: bool = False
    amount: str = ""
    payment: PaymentTransaction | None = None
    subject: str = ""
    text: str = ""
    html: str = ""
    attachments: tuple[str, ...] = ()
    trace_id: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def status(self) -> MessageStatus:
        """The newest status."""
        return self.history[-1].status

    @property
    def code(self) -> str | None:
        """The provider's code of the newest status."""
        return self.history[-1].code

    @property
    def detail(self) -> str | None:
        """The provider's words for the newest status."""
        return self.history[-1].detail

    @property
    def finished(self) -> bool:
        """Whether nothing more will be heard of it."""
        return self.status in (MessageStatus.DELIVERED, MessageStatus.FAILED)
