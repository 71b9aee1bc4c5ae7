"""What may be asked of the engine, in the domain's words."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sandbox.domain.cards import Card, Expiry
from sandbox.domain.events import Channel
from sandbox.domain.findings import Note
from sandbox.domain.operations import Destination, Operation, Source
from sandbox.domain.transactions import Initiator, PaymentTerms
from sandbox.scenarios.model import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """Which transaction is meant: by session_id, or the newest of an order_no."""

    session_id: str | None = None
    order_no: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPayment:
    """A checkout. `fields` are the request's own, for scenarios that match on them.

    `scenario` is the name that the request itself asks for, if any.
    """

    terms: PaymentTerms
    origin: str
    fields: Mapping[str, object] = field(default_factory=dict)
    initiator: Initiator | None = None
    scenario: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PayerTry:
    """What the payer does. Without an outcome, scenario, card, magic value or default decide.

    `challenge` ends a 3-D Secure step that is under way: passed or not. `save_card` is the payer's
    wish; `expiry` belongs to `card`. `saved_card` is charged instead of a new one, by the merchant
    when nobody is there; `device_token` is what a phone's wallet gave. `use_wallet` takes from the
    customer's own wallet first: `wallet_amount`, or as much as it has of what is to be paid.
    `currency` is the one to pay in, `fee`, in that currency, stands in for the gateway's.
    """

    outcome: Outcome | None = None
    gateway: str | None = None
    card: str | None = None
    gateway_code: str | None = None
    message: str | None = None
    challenge: bool | None = None
    save_card: bool = False
    expiry: Expiry | None = None
    saved_card: Card | None = None
    device_token: str | None = None
    by_merchant: bool = False
    use_wallet: bool = False
    wallet_amount: Decimal | None = None
    currency: str | None = None
    fee: Decimal | None = None


class Instrument(enum.StrEnum):
    """With what a call pays by itself; `company` is how codes of gateways name a phone's wallet."""

    SAVED_CARD = "token_pay"
    APPLE_PAY = "apple_pay"
    GOOGLE_PAY = "google_pay"
    SAMSUNG_PAY = "samsung_pay"
    WALLET = "wallet"
    CASH = "cash"

    @property
    def company(self) -> str:
        """The first word of the name: `apple`."""
        return self.value.partition("_")[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectPayment:
    """A payment made by the call itself.

    `token` is that of a saved card, or what a phone's wallet gave. `by_merchant` says that the call
    is one which only merchants make, with nobody there.
    """

    instrument: Instrument
    token: str = ""
    gateway: str | None = None
    by_merchant: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Operate:
    """An operation on a payment; no amount means all that is left."""

    named: Named
    operation: Operation
    amount: Decimal | None = None
    tracking_key: str | None = None
    initiator: Initiator | None = None
    source: Source = Source.INPUT
    destination: Destination = Destination.GATEWAY
    extra: bytes | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Inquire:
    """Ask how a payment stands; `notify` sends its webhook too, to `webhook_url` if there is one."""

    named: Named
    notify: bool = False
    webhook_url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Resend:
    """Send the messages of the newest event once more."""

    named: Named
    channels: tuple[Channel, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file to keep, and the payment that it goes with, if any; `shorten` asks for a short link."""

    filename: str
    content: bytes
    named: Named | None = None
    shorten: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Notify:
    """Send a message from a template by its name, without any transaction.

    `body` is sent where the template cannot be filled. `attachments` are names of files. `scenario`
    is the name that the call itself asks for; `notes` is what the caller's developer is to be told.
    """

    channel: Channel
    template_id: str
    to: str
    language: str
    context: Mapping[str, object] = field(default_factory=dict)
    subject: str | None = None
    body: str | None = None
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    trace_id: str | None = None
    tags: tuple[str, ...] = ()
    scenario: str | None = None
    notes: tuple[Note, ...] = ()
