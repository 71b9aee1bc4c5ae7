"""The wallet's own calls, which change nothing: accounts, bookings, operations, how a payment ended.

Source: FACTS 1 and 10; `specs/ottu.yaml`, tag wallet.
"""

from collections.abc import Callable, Mapping
from datetime import UTC
from http import HTTPStatus
from typing import Any, Final

from sandbox.domain.money import format_amount
from sandbox.domain.states import SUCCEEDED, ChildState, State
from sandbox.domain.transactions import PaymentTransaction
from sandbox.domain.wallets import (
    PROVIDER,
    Account,
    Entry,
    WalletOperation,
    available,
    balance,
)
from sandbox.engine.timeline import Kind
from sandbox.engine.wallet_book import account_in, accounts_of, entries_of
from sandbox.engine.workspace import Workspace
from sandbox.web.answers import Answer, as_json, detail
from sandbox.web.errors import NoWalletService
from sandbox.web.platform.call import PlatformCall
from sandbox.web.platform.wallet_paging import page_of, read_cursor, write_page
from sandbox.webhooks.payload_parts import iso_instant

_SUCCEEDED: Final = "SUCCEEDED"
_FAILED: Final = "FAILED"
_CANCELLED: Final = "CANCELLED"
_PENDING: Final = "PENDING"
_OUTCOMES: Final[Mapping[State, str]] = {
    **dict.fromkeys((State.CREATED, State.PENDING, State.ATTEMPTED), _PENDING),
    **dict.fromkeys((State.FAILED, State.EXPIRED, State.INVALIDED), _FAILED),
    **dict.fromkeys(SUCCEEDED, _SUCCEEDED),
    State.CANCELED: _CANCELLED,
}
_CHILD_OUTCOMES: Final[Mapping[ChildState, str]] = {
    ChildState.PAID: _SUCCEEDED,
    ChildState.REFUNDED: _SUCCEEDED,
    ChildState.REFUND_QUEUED: _PENDING,
    ChildState.REFUND_REJECTED: _FAILED,
    ChildState.VOIDED: _CANCELLED,
}
# How the fields of a call filter bookings; a field that is left out takes all.
_FILTERS: Final[Mapping[str, Callable[[Entry, str], bool]]] = {
    "entry_type": lambda entry, wanted: entry.type == wanted,
    "direction": lambda entry, wanted: entry.direction == wanted,
    "status": lambda entry, wanted: entry.status == wanted,
    "session_id": lambda entry, wanted: entry.session_id == wanted,
    "provider": lambda _, wanted: wanted == PROVIDER,
    "pg_code": lambda entry, wanted: entry.gateway == wanted,
    "date_from": lambda entry, wanted: _day(entry) >= wanted,
    "date_to": lambda entry, wanted: _day(entry) <= wanted,
}


def require_service(call: PlatformCall) -> None:
    """Go on only where the merchant has a wallet service.

    Raises:
        NoWalletService: the setting `wallet` is off (503).
    """
    if not call.workspace.settings.wallet:
        raise NoWalletService


async def list_accounts(call: PlatformCall) -> Answer:
    """List a customer's accounts, one for each currency, oldest first."""
    require_service(call)
    accounts = accounts_of(call.workspace, call.fields.get("customer_id", ""))
    cursor = read_cursor(call.fields, frozenset(each.number for each in accounts))
    currency, status = call.fields.get("currency"), call.fields.get("status")
    wanted = [
        each
        for each in accounts
        if currency in (None, "", each.currency_code) and status in (None, "", each.status)
    ]
    page = page_of(wanted, lambda each: each.number, cursor, newest_first=False)
    return as_json(write_page(page, lambda each: write_account(call.workspace, each)))


async def list_entries(call: PlatformCall) -> Answer:
    """List the bookings of the customer's account in one currency, newest first."""
    require_service(call)
    fields = call.fields
    currency = fields.get("currency", "")
    accounts = call.workspace.tables.of(Account).values()
    account = account_in(accounts, fields.get("customer_id", ""), currency)
    if account is None:
        reason = f"The customer has no wallet account in {currency}."
        return detail(HTTPStatus.BAD_REQUEST, reason)
    entries = entries_of(call.workspace, account)
    cursor = read_cursor(fields, frozenset(each.number for each in entries))
    filters = [(takes, str(fields[name])) for name, takes in _FILTERS.items() if fields.get(name)]
    wanted = [
        each for each in reversed(entries) if all(takes(each, value) for takes, value in filters)
    ]
    page = page_of(wanted, lambda each: each.number, cursor, newest_first=True)
    return as_json(write_page(page, lambda each: _write_entry(each, account)))


async def show_operation(call: PlatformCall) -> Answer:
    """Tell what one operation of the wallet did."""
    require_service(call)
    tables = call.workspace.tables
    operation = tables.of(WalletOperation).get(str(call.fields.get("operation_id")))
    if operation is None:
        return detail(HTTPStatus.BAD_REQUEST, "The wallet has no operation with this number.")
    currency = tables.of(Account)[operation.account].currency_code
    return as_json(
        {
            "operation_type": operation.type.value,
            "status": operation.status.value,
            "session_id": operation.session_id or "",
            "entries": [
                _write_part(each, currency)
                for each in tables.of(Entry).values()
                if each.operation == operation.number
            ],
        }
    )


async def finalization_status(call: PlatformCall) -> Answer:
    """Tell how a payment, or a child of one, has ended, in the wallet's words (404: none such)."""
    require_service(call)
    session_id = call.path["session_id"]
    parent = call.workspace.parents.get(session_id, session_id)
    payment = call.workspace.visible(parent)
    return as_json(
        {
            "status": _outcome(payment, session_id),
            "payment_transaction_id": session_id,
            "last_updated_at": _last_change(call.workspace, payment),
            "source": "inquiry",
        }
    )


def write_account(workspace: Workspace, account: Account) -> dict[str, Any]:
    """Write an account with its balances, which are derived here."""
    entries = entries_of(workspace, account)
    currency = account.currency_code
    return {
        "id": account.id,
        "customer_id": account.customer_id,
        "currency": currency,
        "status": account.status.value,
        "balance": format_amount(balance(entries), currency),
        "available_balance": format_amount(available(entries), currency),
        "created_at": iso_instant(account.created_at),
        "updated_at": iso_instant(account.updated_at),
    }


def _write_part(entry: Entry, currency: str) -> dict[str, Any]:
    return {
        "id": entry.number,
        "entry_type": entry.type.value,
        "direction": entry.direction.value,
        "amount": format_amount(entry.amount, currency),
        "currency": currency,
        "status": entry.status.value,
        "created_at": iso_instant(entry.at),
    }


def _write_entry(entry: Entry, account: Account) -> dict[str, Any]:
    written = _write_part(entry, account.currency_code)
    del written["id"]  # only the operation's own list numbers its bookings
    if entry.session_id is not None:
        written["session_id"] = entry.session_id
    if entry.gateway is not None:
        written["pg_code"] = entry.gateway
    return written


def _outcome(payment: PaymentTransaction, session_id: str) -> str:
    child = payment.child(session_id)
    if child is not None:
        return _CHILD_OUTCOMES[child.state]
    return _CANCELLED if payment.voided else _OUTCOMES[payment.state]


def _last_change(workspace: Workspace, payment: PaymentTransaction) -> str:
    changes = (Kind.STATE, Kind.OPERATION)
    timeline = workspace.timelines.get(payment.session_id, ())
    instants = [each.at for each in timeline if each.kind in changes]
    return iso_instant(max(instants, default=payment.created_at))


def _day(entry: Entry) -> str:
    return entry.at.astimezone(UTC).date().isoformat()
