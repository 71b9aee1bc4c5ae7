"""Payment transactions with their attempts and child transactions; totals are derived."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from sandbox.domain.agreements import Agreement
from sandbox.domain.attachments import AttachedFile
from sandbox.domain.cards import Card, CardFace
from sandbox.domain.events import CHILD_EVENTS, Channel, Event, event_of
from sandbox.domain.money import ZERO
from sandbox.domain.operations import Operation, Source
from sandbox.domain.pricing import Pricing
from sandbox.domain.states import AttemptState, Cause, ChildState, State, move, move_child
from sandbox.domain.wallets import WalletShare


class TransactionType(enum.StrEnum):
    """Whether the payer comes from a shop, or is asked to pay by a message."""

    E_COMMERCE = "e_commerce"
    PAYMENT_REQUEST = "payment_request"


class PaymentType(enum.StrEnum):
    """One payment, the first of a series of charges, or only a card to be kept (FACTS 10)."""

    ONE_OFF = "one_off"
    AUTO_DEBIT = "auto_debit"
    SAVE_CARD = "save_card"


@dataclass(frozen=True, kw_only=True, slots=True)
class Initiator:
    """The user who made a transaction or began an operation; none for an API key (FACTS 2)."""

    id: int
    username: str
    email: str
    first_name: str | None = None
    last_name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentTerms:
    """What the merchant decides about a payment, at checkout and by later updates.

    `details` holds the remaining request fields as one JSON object, exactly as accepted.
    `attachment` is a file that was uploaded.
    `card_validity_days` is how long a card must still be valid, where the merchant demands that.
    `invoice_number` is that of the invoice which the payment collects.
    """

    type: TransactionType
    amount: Decimal
    currency_code: str
    gateway_codes: tuple[str, ...]
    payment_type: PaymentType = PaymentType.ONE_OFF
    order_no: str | None = None
    customer_id: str | None = None
    customer_email: str | None = None
    customer_phone: str | None = None
    email_recipients: tuple[str, ...] = ()
    language: str = "en"
    notifications: tuple[tuple[Channel, frozenset[Event]], ...] = ()
    webhook_url: str | None = None
    redirect_url: str | None = None
    expires_in: timedelta | None = None
    agreement: Agreement | None = None
    card_validity_days: int | None = None
    details: bytes = b"{}"
    attachment: AttachedFile | None = None
    invoice_number: str | None = None

    def notified_events(self, channel: Channel) -> frozenset[Event]:
        """Return the events that send a message by this channel."""
        return next((events for name, events in self.notifications if name is channel), frozenset())


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One try of the payer at a gateway.

    `number` counts from 1. `gateway_code` is the acquirer's own response code, such as `51`.
    `card` is the masked number. `card_to_save` is kept if the attempt succeeds; `saved_card` is what
    it was kept as, or the saved card that was charged, as it was then.
    `wallet` is the part that the payer's wallet pays. `pricing` is None where the payer pays the
    amount itself, without a fee and in the payment's own currency.
    """

    number: int
    gateway: str
    state: AttemptState
    outcome: str
    reference_number: str
    started_at: datetime
    ended_at: datetime | None = None
    gateway_code: str | None = None
    message: str | None = None
    card: str | None = None
    card_to_save: CardFace | None = None
    saved_card: Card | None = None
    wallet: WalletShare | None = None
    pricing: Pricing | None = None

    def open_at(self, gateway: str) -> bool:
        """Tell whether the gateway of this code has still to say how the attempt ended."""
        return self.state is AttemptState.PENDING and self.gateway == gateway

    def paid_by_gateway(self, amount: Decimal) -> Decimal:
        """Return what of the payment's amount is left for the gateway to take."""
        return amount - (self.wallet.amount if self.wallet is not None else ZERO)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChildTransaction:
    """What an operation made: a capture, a void or a refund, with a session_id of its own.

    `to_wallet` is the part of a refund that goes to the customer's wallet.
    """

    session_id: str
    operation: Operation
    state: ChildState
    amount: Decimal
    reference_number: str
    gateway: str
    at: datetime
    source: Source = Source.INPUT
    initiator: Initiator | None = None
    gateway_code: str | None = None
    message: str | None = None
    extra: bytes | None = None
    to_wallet: Decimal = ZERO

    @property
    def event(self) -> Event:
        """The event that the child's state stands for."""
        return CHILD_EVENTS[self.state]


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentTransaction:
    """A payment from checkout to its last operation; each change makes a new version.

    `origin` is the address under which the payer reaches the sandbox, without a trailing slash.
    `events` are those reached so far, oldest first. `settled_by` is the gateway that paid.

    Source: FACTS 5 and 6.
    """

    session_id: str
    reference_number: str
    terms: PaymentTerms
    state: State
    created_at: datetime
    expires_at: datetime
    origin: str
    several_attempts: bool = True
    initiator: Initiator | None = None
    scenario: str | None = None
    attempts: tuple[Attempt, ...] = ()
    children: tuple[ChildTransaction, ...] = ()
    events: tuple[Event, ...] = ()
    settled_by: str | None = None
    hidden: bool = False
    version: int = 1

    @property
    def checkout_url(self) -> str:
        """Where the payer pays (FACTS 5)."""
        return f"{self.origin}/b/checkout/redirect/start/?session_id={self.session_id}"

    @property
    def last_attempt(self) -> Attempt | None:
        """The payer's newest try, if there was one."""
        return self.attempts[-1] if self.attempts else None

    @property
    def captured(self) -> Decimal:
        """The sum of captures."""
        return self._sum(ChildState.PAID)

    @property
    def refunded(self) -> Decimal:
        """The sum of refunds that are done."""
        return self._sum(ChildState.REFUNDED)

    @property
    def voided(self) -> Decimal:
        """The voided amount: nothing or all of it."""
        return self._sum(ChildState.VOIDED)

    @property
    def settled(self) -> Decimal:
        """What has been taken from the payer: paid at once, or captured later."""
        return self.terms.amount if self.state is State.PAID else self.captured

    @property
    def paid_by(self) -> Attempt | None:
        """The try that took or reserved the money, if one did."""
        newest_first = reversed(self.attempts)
        return next((each for each in newest_first if each.state is AttemptState.SUCCESS), None)

    @property
    def paid(self) -> Decimal:
        """What the payer has paid: with the fee, or what was captured; in the payment's currency."""
        by = self.paid_by if self.state is State.PAID else None
        return self.settled + (by.pricing.own_fee if by and by.pricing else ZERO)

    @property
    def is_paid_in_foreign_currency(self) -> bool:
        """Whether the payer has paid in another currency than the payment's own."""
        by = self.paid_by
        return by is not None and by.pricing is not None and by.pricing.is_foreign

    def pricing_of(self, attempt: Attempt | None) -> Pricing:
        """Return how a try pays, or a payment that nobody has tried to pay."""
        if attempt is None or attempt.pricing is None:
            return Pricing(currency_code=self.terms.currency_code)
        return attempt.pricing

    @property
    def capturable(self) -> Decimal:
        """What may still be captured."""
        if self.state is not State.AUTHORIZED or self.voided:
            return ZERO
        return self.terms.amount - self.captured

    @property
    def refundable(self) -> Decimal:
        """What may still be refunded; a queued refund holds its amount."""
        return self.settled - self.refunded - self._sum(ChildState.REFUND_QUEUED)

    @property
    def wallet_share(self) -> WalletShare | None:
        """What the payer's wallet has paid, if it took part."""
        shares = (each.wallet for each in self.attempts)
        return next((each for each in shares if each is not None and each.taken), None)

    @property
    def refundable_by_gateway(self) -> Decimal:
        """What the gateway may still give back: of what it took itself, not the wallet."""
        share = self.wallet_share
        returned = (
            child.amount - child.to_wallet
            for child in self.children
            if child.state in (ChildState.REFUNDED, ChildState.REFUND_QUEUED)
        )
        return self.settled - (share.amount if share else ZERO) - sum(returned, ZERO)

    def _sum(self, state: ChildState) -> Decimal:
        return sum((child.amount for child in self.children if child.state is state), ZERO)

    def child(self, session_id: str) -> ChildTransaction | None:
        """Return the child with this session_id, or None."""
        return next((each for each in self.children if each.session_id == session_id), None)

    def moved(self, cause: Cause) -> "PaymentTransaction":
        """Return the next version, in the state that `cause` leads to.

        Raises:
            IllegalMove: the platform has no such transition.
        """
        state = move(self.state, cause)
        return replace(
            self, state=state, events=(*self.events, event_of(state)), version=self.version + 1
        )

    def with_terms(self, terms: PaymentTerms, expires_at: datetime) -> "PaymentTransaction":
        """Return the next version after an update by the merchant."""
        return replace(self, terms=terms, expires_at=expires_at, version=self.version + 1)

    def with_attempt(self, attempt: Attempt) -> "PaymentTransaction":
        """Return the next version with an attempt added, or changed when its number is there."""
        kept = tuple(each for each in self.attempts if each.number != attempt.number)
        attempts = sorted((*kept, attempt), key=lambda each: each.number)
        return replace(self, attempts=tuple(attempts), version=self.version + 1)

    def settled_through(self, gateway: str) -> "PaymentTransaction":
        """Return the next version, with the gateway that took or reserved the money."""
        return replace(self, settled_by=gateway, version=self.version + 1)

    def with_child(self, child: ChildTransaction) -> "PaymentTransaction":
        """Return the next version with a child transaction added."""
        return replace(
            self,
            children=(*self.children, child),
            events=(*self.events, child.event),
            version=self.version + 1,
        )

    def with_child_moved(self, session_id: str, state: ChildState) -> "PaymentTransaction":
        """Return the next version with a queued child settled.

        Raises:
            IllegalMove: the child is not queued.
        """
        children: Iterable[ChildTransaction] = (
            replace(each, state=move_child(each.state, state))
            if each.session_id == session_id
            else each
            for each in self.children
        )
        return replace(
            self,
            children=tuple(children),
            events=(*self.events, CHILD_EVENTS[state]),
            version=self.version + 1,
        )

    def put_away(self) -> "PaymentTransaction":
        """Return the next version, hidden from the merchant's calls (a soft delete)."""
        return replace(self, hidden=True, version=self.version + 1)
