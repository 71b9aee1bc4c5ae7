"""Invoices: what the merchant says of one, and every amount worked out from it.

All amounts are rounded half up to the digits of the invoice's currency, at each step. A discount on
the whole is taken from the lines with their tax, the invoice's own tax is added to what is left, and
shipping comes last. What the merchant has worked out too must come to the same.

Source: FACTS 10 (invoices); the platform's documentation of invoices, how one is worked out.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Final

from sandbox.domain.money import ZERO, format_amount, quantize
from sandbox.domain.states import State

MOST_DIGITS: Final = 15
# Quantity times price has twice as many digits, times a rate three times; nothing is lost before rounding.
_EXACT: Final = Context(prec=4 * MOST_DIGITS, rounding=ROUND_HALF_UP)
_HUNDRED: Final = Decimal(100)


class Part(enum.StrEnum):
    """A figure of an invoice or of a line; totals are those that a merchant may work out too."""

    NET = "net"
    TAX = "tax"
    GROSS = "gross"
    SUBTOTAL = "subtotal"
    SHIPPING = "shipping"
    TO_PAY = "to_pay"
    DISCOUNT_AMOUNT = "discount_amount"
    DISCOUNT_PERCENTAGE = "discount_percentage"
    PRICE = "price"


class InvoiceStatus(enum.StrEnum):
    """Where an invoice stands."""

    SENT = "sent"
    PAID = "paid"
    OVERDUE = "overdue"
    CANCELED = "canceled"


@dataclass(frozen=True, kw_only=True, slots=True)
class Discount:
    """A discount as an amount or in percent; none at all if both are None."""

    amount: Decimal | None = None
    percentage: Decimal | None = None

    def of(self, whole: Decimal) -> Decimal:
        """Return what is taken from an amount, before rounding."""
        if self.percentage is not None:
            return whole * self.percentage / _HUNDRED
        return self.amount or ZERO


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What is sold: so many units at a price before tax; `tax_rate` is in percent.

    `claims` are the totals that the merchant has worked out itself.
    """

    sku: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal | None = None
    discount: Discount = Discount()
    claims: Mapping[Part, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shipping:
    """How goods are sent, and what that costs before tax; `tax_rate` is in percent."""

    method: str | None = None
    net: Decimal | None = None
    tax_rate: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """An invoice as the merchant has it; `claims` as for lines."""

    number: str
    due: date
    currency_code: str
    lines: tuple[Line, ...]
    company: str | None = None
    tax_rate: Decimal | None = None
    discount: Discount = Discount()
    shipping: Shipping = Shipping()
    claims: Mapping[Part, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class PricedLine:
    """A line with its amounts: `price` is that of all units, before discount and tax."""

    line: Line
    price: Decimal
    discount: Decimal
    net: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        """The line with tax."""
        return self.net + self.tax

    @property
    def figures(self) -> Mapping[Part, Decimal]:
        """The totals by name."""
        return {Part.NET: self.net, Part.TAX: self.tax, Part.GROSS: self.gross}


@dataclass(frozen=True, kw_only=True, slots=True)
class Priced:
    """An invoice with its amounts: `net` is the sum of its lines less discount."""

    draft: Draft
    lines: tuple[PricedLine, ...]
    subtotal: Decimal
    discount: Decimal
    net: Decimal
    tax: Decimal
    shipping: Decimal

    @property
    def gross(self) -> Decimal:
        """All that is to be paid."""
        return self.net + self.tax + self.shipping

    @property
    def figures(self) -> Mapping[Part, Decimal]:
        """The totals by name."""
        return {
            Part.SUBTOTAL: self.subtotal,
            Part.NET: self.net,
            Part.TAX: self.tax,
            Part.SHIPPING: self.shipping,
            Part.GROSS: self.gross,
            Part.TO_PAY: self.gross,
        }


_Wrong = tuple[Part, str]
# After one of these no total of a line means anything.
_UNUSABLE: Final = frozenset({Part.PRICE, Part.DISCOUNT_AMOUNT, Part.DISCOUNT_PERCENTAGE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Complaint:
    """What is wrong with a figure, on a line (counted from 0) or on the whole."""

    part: Part
    reason: str
    line: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Invoice:
    """An invoice that was issued, and the payment that collects it; it is never changed.

    `id` is the merchant's own number, `serial` and `line_serials` are the platform's.
    """

    id: str
    serial: int
    line_serials: tuple[int, ...]
    session_id: str
    priced: Priced
    issued_at: datetime

    def status(self, state: State, today: date) -> InvoiceStatus:
        """Tell where it stands, by the state of its payment and the day."""
        if state is State.PAID:
            return InvoiceStatus.PAID
        if state is State.CANCELED:
            return InvoiceStatus.CANCELED
        return InvoiceStatus.OVERDUE if today > self.priced.draft.due else InvoiceStatus.SENT


def priced(draft: Draft) -> Priced | tuple[Complaint, ...]:
    """Work out an invoice, or return all that does not add up in it."""
    with localcontext(_EXACT):
        lines = tuple(_priced_line(each, draft.currency_code) for each in draft.lines)
        wrong = [
            Complaint(part=part, reason=reason, line=number)
            for number, each in enumerate(lines)
            for part, reason in _wrong_in_line(each, draft.currency_code)
        ]
        if not any(each.part in _UNUSABLE for each in wrong):
            whole = _priced_whole(draft, lines)
            wrong += (
                Complaint(part=part, reason=reason) for part, reason in _wrong_in_whole(whole)
            )
            if not wrong:
                return whole
    return tuple(wrong)


def _priced_line(line: Line, code: str) -> PricedLine:
    price = quantize(line.quantity * line.unit_price, code)
    discount = quantize(line.discount.of(price), code)
    net = price - discount
    return PricedLine(
        line=line, price=price, discount=discount, net=net, tax=_tax(net, line.tax_rate, code)
    )


def _priced_whole(draft: Draft, lines: tuple[PricedLine, ...]) -> Priced:
    code = draft.currency_code
    subtotal = quantize(sum((each.gross for each in lines), ZERO), code)
    discount = quantize(draft.discount.of(subtotal), code)
    net = subtotal - discount
    shipping = quantize(draft.shipping.net or ZERO, code)
    return Priced(
        draft=draft,
        lines=lines,
        subtotal=subtotal,
        discount=discount,
        net=net,
        tax=_tax(net, draft.tax_rate, code),
        shipping=shipping + _tax(shipping, draft.shipping.tax_rate, code),
    )


def _tax(net: Decimal, rate: Decimal | None, code: str) -> Decimal:
    return quantize(net * (rate or ZERO) / _HUNDRED, code)


def _wrong_in_line(found: PricedLine, code: str) -> list[_Wrong]:
    return (
        _too_long(Part.PRICE, found.price)
        or _wrong_discount(found.line.discount, found.discount, found.price, code)
        or _too_long(Part.PRICE, found.gross)
        or _wrong_claims(found.line.claims, found.figures, code)
    )


def _wrong_in_whole(found: Priced) -> list[_Wrong]:
    code = found.draft.currency_code
    return (
        _too_long(Part.SUBTOTAL, found.subtotal)
        or _wrong_discount(found.draft.discount, found.discount, found.subtotal, code)
        or _too_long(Part.TO_PAY, found.gross)
        or _wrong_claims(found.draft.claims, found.figures, code)
        or _nothing_to_pay(found, code)
    )


def _wrong_discount(given: Discount, taken: Decimal, whole: Decimal, code: str) -> list[_Wrong]:
    if given.amount is not None and given.percentage is not None:
        both = "A discount is an amount or a percentage, not both."
        return [(Part.DISCOUNT_AMOUNT, both), (Part.DISCOUNT_PERCENTAGE, both)]
    if taken <= whole:
        return []
    part = Part.DISCOUNT_AMOUNT if given.percentage is None else Part.DISCOUNT_PERCENTAGE
    limit = format_amount(whole, code)
    return [(part, f"The discount is more than the {limit} {code} that it is taken from.")]


def _wrong_claims(
    claims: Mapping[Part, Decimal], figures: Mapping[Part, Decimal], code: str
) -> list[_Wrong]:
    return [
        (part, f"This does not add up: it comes to {format_amount(figures[part], code)} {code}.")
        for part, claimed in claims.items()
        if claimed != figures[part]
    ]


def _too_long(part: Part, figure: Decimal) -> list[_Wrong]:
    if len(figure.as_tuple().digits) <= MOST_DIGITS:
        return []
    return [(part, f"This comes to a number of more than {MOST_DIGITS} digits.")]


def _nothing_to_pay(found: Priced, code: str) -> list[_Wrong]:
    if found.gross > 0:
        return []
    comes_to = format_amount(found.gross, code)
    return [(Part.TO_PAY, f"The invoice comes to {comes_to} {code}: there is nothing to pay.")]
