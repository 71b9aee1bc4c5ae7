"""The books of wallets: accounts, what is booked in them, and what staff book.

A reservation is a pending booking that nets to nothing when it ends: given back by a `release` or
an `expire`, or released and followed by a `debit_payment`. So the sum of completed bookings is the
balance, and the sum of all of them is what is available.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from sandbox.domain.money import ZERO, digits_beyond, format_amount
from sandbox.domain.operations import Refused
from sandbox.domain.wallets import (
    Account,
    AccountStatus,
    Entry,
    EntryStatus,
    EntryType,
    WalletOperation,
    WalletOperationStatus,
    WalletOperationType,
    WalletShare,
    available,
)
from sandbox.engine.timeline import Kind
from sandbox.engine.work import Work
from sandbox.engine.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Adjust:
    """What staff do to a customer's wallet: book money in or out, change its status, or both."""

    customer_id: str
    currency_code: str
    amount: Decimal = ZERO
    type: EntryType = EntryType.CREDIT_ADJUSTMENT
    status: AccountStatus | None = None


def accounts_of(workspace: Workspace, customer_id: str) -> list[Account]:
    """Return a customer's accounts, oldest first."""
    accounts = workspace.tables.of(Account).values()
    return [each for each in accounts if each.customer_id == customer_id]


def account_in(accounts: Iterable[Account], customer_id: str, currency: str) -> Account | None:
    """Return a customer's account in one currency, or None."""
    mine = (
        each
        for each in accounts
        if each.customer_id == customer_id and each.currency_code == currency
    )
    return next(mine, None)


def entries_of(workspace: Workspace, account: Account) -> list[Entry]:
    """Return the bookings of an account, oldest first."""
    entries = workspace.tables.of(Entry).values()
    return [each for each in entries if each.account == account.id]


def adjust(work: Work, asked: Adjust) -> Account | Refused:
    """Book what staff want, in an account that is opened if it is not there yet."""
    refused = _unfit(work, asked)
    if refused is not None:
        return refused
    account = open_account(work, asked.customer_id, asked.currency_code)
    if asked.status is not None:
        account = replace(account, status=asked.status, updated_at=work.now)
        work.keep(account)
    if not asked.amount:
        return account
    operation = begin_operation(work, account, WalletOperationType.ADJUSTMENT, asked.amount)
    booked = Booking(work, account, operation, gateway=None)
    booked.add(asked.type)
    booked.ends(WalletOperationStatus.COMPLETED)
    return booked.account


def _unfit(work: Work, asked: Adjust) -> Refused | None:
    if digits_beyond(asked.amount, asked.currency_code):
        reason = f"The amount has more digits after the point than {asked.currency_code}."
        return Refused(rule="digits", field="amount", reason=reason)
    accounts = work.kept(Account).values()
    account = account_in(accounts, asked.customer_id, asked.currency_code)
    there = ZERO if account is None else available_in(work, account)
    if asked.type is EntryType.DEBIT_ADJUSTMENT and asked.amount > there:
        reason = "The amount exceeds the available balance."
        return Refused(rule="available", field="amount", reason=reason)
    status = asked.status or (account.status if account is not None else AccountStatus.ACTIVE)
    if asked.amount and status is AccountStatus.CLOSED:
        return Refused(rule="status", field="amount", reason="The account is closed.")
    return None


class Booking:
    """An operation of the wallet at work, with the bookings that it makes."""

    def __init__(
        self, work: Work, account: Account, operation: WalletOperation, gateway: str | None
    ) -> None:
        self.account = account
        self._work = work
        self._operation = operation
        self._gateway = gateway

    def add(self, kind: EntryType, status: EntryStatus = EntryStatus.COMPLETED) -> Entry:
        """Book the operation's amount."""
        work, operation = self._work, self._operation
        entry = Entry(
            number=work.ordinal("wallet_entry", ""),
            account=self.account.id,
            operation=operation.number,
            type=kind,
            amount=operation.amount,
            status=status,
            at=work.now,
            session_id=operation.session_id,
            gateway=self._gateway,
        )
        self.account = replace(self.account, updated_at=work.now)
        work.keep(entry)
        work.keep(self.account)
        if operation.session_id is not None:
            currency = self.account.currency_code
            amount = f"{format_amount(operation.amount, currency)} {currency}"
            work.happened(Kind.WALLET, entry=kind, amount=amount)
        return entry

    def close_reservation(self, share: WalletShare) -> None:
        """Let the reserving booking stand as done; what follows it says how it ended."""
        entry = self._work.kept(Entry)[str(share.reserve_entry)]
        self._work.keep(replace(entry, status=EntryStatus.COMPLETED))

    def ends(self, status: WalletOperationStatus) -> WalletOperation:
        """Keep the operation as it now stands."""
        self._operation = replace(self._operation, status=status)
        self._work.keep(self._operation)
        return self._operation


def begin_operation(
    work: Work,
    account: Account,
    kind: WalletOperationType,
    amount: Decimal,
    session_id: str | None = None,
) -> WalletOperation:
    """Return an operation under the next number; it is kept when it ends or stays open."""
    return WalletOperation(
        number=work.ordinal("wallet_operation", ""),
        account=account.id,
        type=kind,
        status=WalletOperationStatus.PENDING,
        amount=amount,
        at=work.now,
        session_id=session_id,
    )


def open_account(work: Work, customer_id: str, currency: str) -> Account:
    """Return the customer's account in a currency, opened if it is not there yet."""
    found = account_in(work.kept(Account).values(), customer_id, currency)
    if found is not None:
        return found
    digits = work.identify("wallet_account", f"{customer_id}\x1f{currency}")
    account = Account(
        id="-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])),
        number=work.ordinal("wallet_account_number", ""),
        customer_id=customer_id,
        currency_code=currency,
        status=AccountStatus.ACTIVE,
        created_at=work.now,
        updated_at=work.now,
    )
    work.keep(account)
    return account


def available_in(work: Work, account: Account) -> Decimal:
    """Return what can be spent from an account, as this step has changed it so far."""
    return available(each for each in work.kept(Entry).values() if each.account == account.id)
