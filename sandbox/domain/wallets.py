"""Wallets: a customer's accounts, the bookings in them, and the operations that made these.

A balance is the sum of bookings; it is derived whenever it is asked for, and stored nowhere.
"""

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from sandbox.domain.money import ZERO, digits_beyond
from sandbox.domain.operations import Refused

# The one wallet service of a merchant here, as webhooks name it.
PROVIDER: Final = "wallet_ottu"
# A gateway of this code takes the whole payment from the wallet.
WALLET_GATEWAY: Final = "wallet"


class AccountStatus(enum.StrEnum):
    """Whether a wallet account can be used."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Direction(enum.StrEnum):
    """Whether a booking adds to the account or takes from it."""

    CREDIT = "credit"
    DEBIT = "debit"


class EntryType(enum.StrEnum):
    """Why something was booked."""

    CREDIT_REFUND = "credit_refund"
    DEBIT_PAYMENT = "debit_payment"
    RESERVE = "reserve"
    RELEASE = "release"
    EXPIRE = "expire"
    REVERSAL = "reversal"
    CREDIT_ADJUSTMENT = "credit_adjustment"
    DEBIT_ADJUSTMENT = "debit_adjustment"


class EntryStatus(enum.StrEnum):
    """How a booking stands; only a reservation that is still open is pending."""

    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"


class WalletOperationType(enum.StrEnum):
    """What the wallet did."""

    REFUND = "refund"
    RESERVATION = "reservation"
    DEDUCTION = "deduction"
    ADJUSTMENT = "adjustment"
    REVERSAL = "reversal"


class WalletOperationStatus(enum.StrEnum):
    """How an operation of the wallet stands."""

    PENDING = "pending"
    COMPLETED = "completed"
    EXPIRED = "expired"
    CANCELED = "canceled"
    FAILED = "failed"
    REVERSED = "reversed"
    REQUIRES_REVIEW = "requires_review"


DIRECTIONS: Final[Mapping[EntryType, Direction]] = {
    EntryType.CREDIT_REFUND: Direction.CREDIT,
    EntryType.DEBIT_PAYMENT: Direction.DEBIT,
    EntryType.RESERVE: Direction.DEBIT,
    EntryType.RELEASE: Direction.CREDIT,
    EntryType.EXPIRE: Direction.CREDIT,
    EntryType.REVERSAL: Direction.CREDIT,
    EntryType.CREDIT_ADJUSTMENT: Direction.CREDIT,
    EntryType.DEBIT_ADJUSTMENT: Direction.DEBIT,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A customer's wallet in one currency; `id` is a UUID, `number` its place in lists."""

    id: str
    number: int
    customer_id: str
    currency_code: str
    status: AccountStatus
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One booking; `amount` has no sign, and `account` and `operation` name what it belongs to."""

    number: int
    account: str
    operation: int
    type: EntryType
    amount: Decimal
    status: EntryStatus
    at: datetime
    session_id: str | None = None
    gateway: str | None = None

    @property
    def id(self) -> str:
        """The number, as tables of records have it."""
        return str(self.number)

    @property
    def direction(self) -> Direction:
        """Whether money came in or went out."""
        return DIRECTIONS[self.type]

    @property
    def signed(self) -> Decimal:
        """What the booking does to the account."""
        return self.amount if self.direction is Direction.CREDIT else -self.amount


@dataclass(frozen=True, kw_only=True, slots=True)
class WalletOperation:
    """What the wallet did at once, with one or more bookings; a pending one is a reservation."""

    number: int
    account: str
    type: WalletOperationType
    status: WalletOperationStatus
    amount: Decimal
    at: datetime
    session_id: str | None = None

    @property
    def id(self) -> str:
        """The number, as tables of records have it."""
        return str(self.number)


@dataclass(frozen=True, kw_only=True, slots=True)
class WalletShare:
    """The part of one attempt that the wallet pays; entries are named by their numbers.

    `status` is that of the wallet's operation: pending while the amount is only reserved,
    completed once it has been taken, else given back.
    """

    amount: Decimal
    currency_code: str
    customer_id: str
    status: WalletOperationStatus
    operation: int
    reserve_entry: int
    begun_at: datetime
    changed_at: datetime
    payment_entry: int | None = None

    @property
    def reserved(self) -> bool:
        """Whether the amount is set aside, and neither taken nor given back."""
        return self.status is WalletOperationStatus.PENDING

    @property
    def taken(self) -> bool:
        """Whether the wallet has paid."""
        return self.status is WalletOperationStatus.COMPLETED

    def given_back(self, status: WalletOperationStatus, at: datetime) -> "WalletShare":
        """Return the share after its reservation was lifted without a payment."""
        return replace(self, status=status, changed_at=at)


def balance(entries: Iterable[Entry]) -> Decimal:
    """Return all money in an account, reserved money included: the sum of what is booked."""
    booked = (each.signed for each in entries if each.status is EntryStatus.COMPLETED)
    return sum(booked, ZERO)


def available(entries: Iterable[Entry]) -> Decimal:
    """Return what can be spent: the balance less open reservations."""
    counted = (each.signed for each in entries if each.status is not EntryStatus.FAILED)
    return sum(counted, ZERO)


@dataclass(frozen=True, kw_only=True, slots=True)
class Spending:
    """What is to be taken from a wallet for a payment of `due`, `wholly` or in part; what is there."""

    amount: Decimal
    due: Decimal
    currency_code: str
    customer_id: str | None
    account: Account | None
    available: Decimal
    has_service: bool
    takes_later: bool
    wholly: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Condition:
    name: str
    holds: Callable[[Spending], bool]
    reason: str


SPENDING: Final = (
    _Condition(
        name="service",
        holds=lambda asked: asked.has_service,
        reason="The merchant has no wallet service.",
    ),
    _Condition(
        name="customer",
        holds=lambda asked: bool(asked.customer_id),
        reason="The payment has no `customer_id`, so no wallet belongs to it.",
    ),
    _Condition(
        name="later",
        holds=lambda asked: not asked.takes_later,
        reason="A wallet pays at once; it takes no part where the money is only authorized, or due in cash.",
    ),
    _Condition(
        name="account",
        holds=lambda asked: asked.account is not None,
        reason="The customer has no wallet in the currency of the payment.",
    ),
    _Condition(
        name="status",
        holds=lambda asked: (
            asked.account is not None and asked.account.status is AccountStatus.ACTIVE
        ),
        reason="The customer's wallet is suspended or closed.",
    ),
    _Condition(
        name="digits",
        holds=lambda asked: not digits_beyond(asked.amount, asked.currency_code),
        reason="The amount from the wallet has more digits after the point than its currency.",
    ),
    _Condition(
        name="due",
        holds=lambda asked: asked.amount <= asked.due,
        reason="The amount from the wallet exceeds that of the payment.",
    ),
    _Condition(
        name="wholly",
        holds=lambda asked: not asked.wholly or asked.amount == asked.due,
        reason="What is paid through the gateway `wallet` comes from the wallet as a whole.",
    ),
    _Condition(
        name="available",
        holds=lambda asked: 0 < asked.amount <= asked.available,
        reason="The wallet's available balance does not cover the amount.",
    ),
)


def check_spending(asked: Spending) -> Refused | None:
    """Return why a wallet does not pay, by the first condition that does not hold, or None.

    Source: FACTS 10 (bound to a currency, hidden for authorize).
    """
    for condition in SPENDING:
        if not condition.holds(asked):
            return Refused(rule=condition.name, reason=condition.reason)
    return None
