"""Reports: what one is, the file it holds, and the token that fetches the file.

A file has one row for each payment made on its day, as that payment stood when the file was made.
Columns are ours, for the platform publishes none; `docs/reports.md` explains them.

Source: FACTS 1 and 10 (reports); RFC 4180.
"""

import csv
import enum
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from sandbox.domain.identifiers import digest
from sandbox.domain.money import format_amount
from sandbox.domain.states import AttemptState
from sandbox.domain.transactions import PaymentTransaction

TOKEN_LIFE: Final = timedelta(hours=24)

_DAY: Final = timedelta(days=1)
_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
_TOKEN: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
# A token is 32 hex digits: when it was issued, for which report, to whom.
_SECONDS_DIGITS: Final = 10
_REPORT_DIGITS: Final = 14
_OWNER_DIGITS: Final = 8
# A spreadsheet takes a cell that begins like this for a formula; a signed number is none.
_FORMULA: Final = re.compile(r"[\s]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?", re.ASCII)


class Interval(enum.StrEnum):
    """What span a report covers; only daily ones are made here."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"


class ReportSource(enum.StrEnum):
    """Whether a report was made by schedule or by hand; only the first happens here."""

    AUTO = "auto"
    MANUAL = "manual"


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A finished report: the payments made on `day`, as a CSV file in UTF-8."""

    id: str
    day: date
    records: int
    content: bytes
    made_at: datetime
    interval: Interval = Interval.DAILY
    source: ReportSource = ReportSource.AUTO

    @property
    def name(self) -> str:
        """The name for people."""
        return f"Transactions of {self.day.isoformat()}"

    @property
    def filename(self) -> str:
        """The name of the file."""
        return f"transactions-{self.day.isoformat()}.csv"


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenDay:
    """A day that has payments, and whose report is on the agenda; `id` is the day in ISO 8601."""

    id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DroppedReports:
    """How many reports gave way to newer ones."""

    id: str = "dropped"
    count: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """What the token of a download says."""

    issued_at: datetime
    report: str
    owner: str


def midnight_after(at: datetime) -> datetime:
    """Return the first midnight UTC after an instant."""
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + _DAY


def day_of(at: datetime) -> date:
    """Return the day of an instant, in UTC."""
    return at.astimezone(UTC).date()


def issue_token(seed: int, workspace: str, report_id: str, owner: str, at: datetime) -> str:
    """Return the token, a UUID, by which `owner` fetches a report for 24 hours from `at`.

    It tells all this itself, so none has to be kept; equal arguments give the same one.
    """
    seconds = -((_BEGINNING - at) // timedelta(seconds=1))
    digits = (
        format(seconds, f"0{_SECONDS_DIGITS}x")
        + _report_mark(seed, workspace, report_id, seconds)
        + _owner_mark(seed, workspace, owner, seconds)
    )
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def read_token(text: str) -> Token | None:
    """Return what a token says, or None where it has not the form of one."""
    if not _TOKEN.fullmatch(text):
        return None
    digits = text.replace("-", "").lower()
    seconds = int(digits[:_SECONDS_DIGITS], 16)
    try:
        issued_at = _BEGINNING + timedelta(seconds=seconds)
    except OverflowError:
        issued_at = datetime.max.replace(tzinfo=UTC)
    return Token(
        issued_at=issued_at,
        report=digits[_SECONDS_DIGITS:-_OWNER_DIGITS],
        owner=digits[-_OWNER_DIGITS:],
    )


def is_for(token: Token, seed: int, workspace: str, report_id: str) -> bool:
    """Tell whether a token was issued for this report."""
    return token.report == _report_mark(seed, workspace, report_id, _seconds(token))


def is_of(token: Token, seed: int, workspace: str, owner: str) -> bool:
    """Tell whether a token was issued to this user."""
    return token.owner == _owner_mark(seed, workspace, owner, _seconds(token))


def _seconds(token: Token) -> int:
    return (token.issued_at - _BEGINNING) // timedelta(seconds=1)


def _report_mark(seed: int, workspace: str, report_id: str, seconds: int) -> str:
    return digest(seed, workspace, "report token", report_id, seconds)[:_REPORT_DIGITS]


def _owner_mark(seed: int, workspace: str, owner: str, seconds: int) -> str:
    return digest(seed, workspace, "report owner", owner, seconds)[:_OWNER_DIGITS]


def csv_of(payments: Iterable[PaymentTransaction]) -> bytes:
    """Write payments as CSV: UTF-8, commas, lines ended by CR LF, the first one the column names.

    What a spreadsheet would run as a formula begins with an apostrophe instead.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for payment in payments:
        writer.writerow([_tamed(column(payment)) for column in COLUMNS.values()])
    return written.getvalue().encode("utf-8", "replace")


def _tamed(value: object) -> str:
    if value is None:
        return ""
    text = str(value)  # without validation anything may stand in a payment
    is_formula = _FORMULA.match(text) is not None and _NUMBER.fullmatch(text) is None
    return f"'{text}" if is_formula else text


def _amount(read: Callable[[PaymentTransaction], Decimal]) -> Callable[[PaymentTransaction], str]:
    return lambda payment: format_amount(read(payment), payment.terms.currency_code)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _ended_well_at(payment: PaymentTransaction) -> str | None:
    ends = (
        each.ended_at
        for each in reversed(payment.attempts)
        if each.state in (AttemptState.SUCCESS, AttemptState.COD) and each.ended_at is not None
    )
    last = next(ends, None)
    return None if last is None else _instant(last)


COLUMNS: Final[Mapping[str, Callable[[PaymentTransaction], object]]] = {
    "created_at": lambda payment: _instant(payment.created_at),
    "session_id": lambda payment: payment.session_id,
    "order_no": lambda payment: payment.terms.order_no,
    "reference_number": lambda payment: payment.reference_number,
    "invoice_number": lambda payment: payment.terms.invoice_number,
    "type": lambda payment: payment.terms.type,
    "payment_type": lambda payment: payment.terms.payment_type,
    "state": lambda payment: payment.state,
    "amount": _amount(lambda payment: payment.terms.amount),
    "currency_code": lambda payment: payment.terms.currency_code,
    "settled_amount": _amount(lambda payment: payment.settled),
    "refunded_amount": _amount(lambda payment: payment.refunded),
    "voided_amount": _amount(lambda payment: payment.voided),
    "settled_at": _ended_well_at,
    "pg_code": lambda payment: payment.settled_by,
    "pg_codes": lambda payment: " ".join(payment.terms.gateway_codes),
    "attempts": lambda payment: len(payment.attempts),
    "customer_id": lambda payment: payment.terms.customer_id,
    "customer_email": lambda payment: payment.terms.customer_email,
    "customer_phone": lambda payment: payment.terms.customer_phone,
    "initiator": lambda payment: payment.initiator.username if payment.initiator else None,
}
