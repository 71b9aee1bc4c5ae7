"""What a wallet does for payments: an amount is set aside, taken, given back, or refunded to it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final

from sandbox.domain.gateways import Gateway, GatewayMode
from sandbox.domain.money import ZERO
from sandbox.domain.transactions import (
    Attempt,
    ChildTransaction,
    PaymentTerms,
    PaymentTransaction,
)
from sandbox.domain.wallets import (
    WALLET_GATEWAY,
    Account,
    AccountStatus,
    EntryStatus,
    EntryType,
    Spending,
    WalletOperation,
    WalletOperationStatus,
    WalletOperationType,
    WalletShare,
    available,
    check_spending,
)
from sandbox.engine.agenda import Task
from sandbox.engine.commands import PayerTry
from sandbox.engine.errors import WalletCannotPay
from sandbox.engine.wallet_book import (
    Booking,
    account_in,
    available_in,
    begin_operation,
    entries_of,
    open_account,
)
from sandbox.engine.work import Work
from sandbox.engine.workspace import Workspace
from sandbox.scenarios.model import Outcome, PaymentStep

# FACTS 10: about four hours.
HELD_FOR: Final = timedelta(hours=4)
_TAKES_LATER: Final = frozenset({Outcome.AUTHORIZED, Outcome.COD})
_NOT_TAKEN: Final = "The wallet's part of the payment can no longer be taken from it"
# What lifts a reservation without a payment, and what it then says of itself.
_LIFTED: Final = {
    EntryType.RELEASE: WalletOperationStatus.CANCELED,
    EntryType.EXPIRE: WalletOperationStatus.EXPIRED,
}


def spendable(workspace: Workspace, payment: PaymentTransaction) -> Decimal:
    """Return what the payer's wallet has for a payment, where the settings give it one."""
    customer_id = payment.terms.customer_id
    if not customer_id or not workspace.settings_of(payment.session_id).wallet:
        return ZERO
    accounts = workspace.tables.of(Account).values()
    account = account_in(accounts, customer_id, payment.terms.currency_code)
    if account is None or account.status is not AccountStatus.ACTIVE:
        return ZERO
    return available(entries_of(workspace, account))


def takes_refund(work: Work) -> bool:
    """Tell whether there is a wallet service, and no closed account of the payment's customer."""
    terms = work.payment.terms
    if not work.settings.wallet:
        return False
    accounts = work.kept(Account).values()
    account = account_in(accounts, terms.customer_id or "", terms.currency_code)
    return account is None or account.status is not AccountStatus.CLOSED


def credit_refund(work: Work, child: ChildTransaction) -> None:
    """Book in what of a refund goes to the wallet."""
    terms = work.payment.terms
    account = open_account(work, terms.customer_id or "", terms.currency_code)
    kind = WalletOperationType.REFUND
    booked = _for_payment(work, account, kind, child.to_wallet, child.gateway)
    booked.add(EntryType.CREDIT_REFUND)
    booked.ends(WalletOperationStatus.COMPLETED)


def reserve(work: Work, payer: PayerTry, gateway: Gateway, outcome: Outcome) -> WalletShare | None:
    """Set aside what the payer takes from the wallet for the attempt that begins; None for nothing.

    Raises:
        WalletCannotPay: it does not have the amount, or may not take part.
    """
    terms = work.payment.terms
    wholly = gateway.code == WALLET_GATEWAY
    if not (payer.use_wallet or wholly):
        return None
    accounts = work.kept(Account).values()
    account = account_in(accounts, terms.customer_id or "", terms.currency_code)
    there = available_in(work, account) if account is not None else ZERO
    most = terms.amount if wholly else min(there, terms.amount)
    amount = most if payer.wallet_amount is None else payer.wallet_amount
    refused = check_spending(
        Spending(
            amount=amount,
            due=terms.amount,
            currency_code=terms.currency_code,
            customer_id=terms.customer_id,
            account=account,
            available=there,
            has_service=work.settings.wallet,
            takes_later=gateway.mode is GatewayMode.AUTHORIZE or outcome in _TAKES_LATER,
            wholly=wholly,
        )
    )
    if refused is not None or account is None:
        raise WalletCannotPay(refused.reason if refused else "")
    booked = _for_payment(work, account, WalletOperationType.RESERVATION, amount, gateway.code)
    entry = booked.add(EntryType.RESERVE, EntryStatus.PENDING)
    operation = booked.ends(WalletOperationStatus.PENDING)
    work.schedule(
        Task.RELEASE_RESERVATION, work.payment.session_id, after=HELD_FOR, number=operation.number
    )
    return WalletShare(
        amount=amount,
        currency_code=terms.currency_code,
        customer_id=account.customer_id,
        status=WalletOperationStatus.PENDING,
        operation=operation.number,
        reserve_entry=entry.number,
        begun_at=work.now,
        changed_at=work.now,
    )


def end(
    work: Work, attempt: Attempt, step: PaymentStep, *, pays: bool
) -> tuple[Attempt, PaymentStep]:
    """Take the wallet's share of an attempt that `pays`, or give it back; return how it ends.

    Where the wallet no longer has its share, or an update has made another payment of it, the
    attempt fails, and the gateway's part of it too.
    """
    share = attempt.wallet
    if share is None:
        return attempt, step
    if not pays:
        return give_back(work, attempt), step
    taken = _take(work, attempt, share) if _fits(work.payment.terms, share) else None
    if taken is None:
        failed = PaymentStep(outcome=Outcome.FAILED, message=_NOT_TAKEN)
        return give_back(work, attempt), failed
    return replace(attempt, wallet=taken), step


def _fits(terms: PaymentTerms, share: WalletShare) -> bool:
    whose = (terms.customer_id, terms.currency_code)
    return whose == (share.customer_id, share.currency_code) and share.amount <= terms.amount


def _take(work: Work, attempt: Attempt, share: WalletShare) -> WalletShare | None:
    """Take the attempt's share, which has succeeded; None where the wallet has it no longer.

    A reservation that was lifted before (the gateway reports late) is taken anew, if it can be.
    """
    if share.reserved:
        booked = _going_on(work, attempt, share)
        booked.close_reservation(share)
        booked.add(EntryType.RELEASE)
    else:
        account = open_account(work, share.customer_id, share.currency_code)
        is_active = account.status is AccountStatus.ACTIVE
        if not is_active or share.amount > available_in(work, account):
            return None
        kind = WalletOperationType.DEDUCTION
        booked = _for_payment(work, account, kind, share.amount, attempt.gateway)
    entry = booked.add(EntryType.DEBIT_PAYMENT)
    number = booked.ends(WalletOperationStatus.COMPLETED).number
    return replace(
        share,
        status=WalletOperationStatus.COMPLETED,
        operation=number,
        payment_entry=entry.number,
        changed_at=work.now,
    )


def give_back(work: Work, attempt: Attempt, lifted: EntryType = EntryType.RELEASE) -> Attempt:
    """Lift the attempt's reservation, if there is an open one; return the attempt as it is then."""
    share = attempt.wallet
    if share is None or not share.reserved:
        return attempt
    booked = _going_on(work, attempt, share)
    booked.close_reservation(share)
    booked.add(lifted)
    booked.ends(_LIFTED[lifted])
    return replace(attempt, wallet=share.given_back(_LIFTED[lifted], work.now))


def give_all_back(work: Work) -> None:
    """Lift every reservation of the payment, which has ended."""
    for attempt in work.payment.attempts:
        if attempt.wallet is not None and attempt.wallet.reserved:
            work.payment = work.payment.with_attempt(give_back(work, attempt))


def lapse(work: Work, operation: int) -> None:
    """Lift a reservation that has been open for too long."""
    for attempt in work.payment.attempts:
        share = attempt.wallet
        if share is not None and share.reserved and share.operation == operation:
            changed = give_back(work, attempt, EntryType.EXPIRE)
            work.payment = work.payment.with_attempt(changed)


def _for_payment(
    work: Work, account: Account, kind: WalletOperationType, amount: Decimal, gateway: str
) -> Booking:
    """Begin an operation that belongs to the payment."""
    operation = begin_operation(work, account, kind, amount, work.payment.session_id)
    return Booking(work, account, operation, gateway)


def _going_on(work: Work, attempt: Attempt, share: WalletShare) -> Booking:
    """Go on with the operation that reserved a share."""
    operation = work.kept(WalletOperation)[str(share.operation)]
    account = work.kept(Account)[operation.account]
    return Booking(work, account, operation, attempt.gateway)
