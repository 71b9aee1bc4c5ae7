"""Invoices between the wire and the domain.

Source: FACTS 10 (invoices); schemas `InvoiceRequest` and `Invoice`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sandbox.contract.formats import is_date, is_decimal
from sandbox.contract.shapes import drf_errors
from sandbox.contract.violations import Violation
from sandbox.domain.invoices import (
    MOST_DIGITS,
    Complaint,
    Discount,
    Draft,
    Invoice,
    InvoiceStatus,
    Line,
    Part,
    PricedLine,
    Shipping,
)
from sandbox.domain.money import format_amount, is_currency
from sandbox.web.errors import WrongFields

# Fields of the invoice itself; the others are those of the payment that collects it.
OWN: Final = frozenset(
    {
        *("due_date", "invoice_number", "company_name", "invoice_items"),
        *("discount_amount", "discount_percentage", "tax_rate", "tax_amount"),
        *("shipping_excl_tax", "shipping_incl_tax", "shipping_method", "shipping_tax_rate"),
        *("subtotal", "total_excl_tax", "total_incl_tax"),
    }
)
_ITEMS: Final = "invoice_items"
_CLAIMS_OF_LINES: Final[Mapping[str, Part]] = {
    "tax_amount": Part.TAX,
    "total_excl_tax": Part.NET,
    "total_incl_tax": Part.GROSS,
}
_CLAIMS: Final[Mapping[str, Part]] = {
    "subtotal": Part.SUBTOTAL,
    "total_excl_tax": Part.NET,
    "tax_amount": Part.TAX,
    "shipping_incl_tax": Part.SHIPPING,
    "total_incl_tax": Part.GROSS,
    "amount": Part.TO_PAY,
}
_DISCOUNTS: Final = {
    Part.DISCOUNT_AMOUNT: "discount_amount",
    Part.DISCOUNT_PERCENTAGE: "discount_percentage",
}
# Where a complaint about a figure stands in the answer.
_PLACES: Final[Mapping[Part, str]] = {
    **{part: name for name, part in _CLAIMS.items()},
    **_DISCOUNTS,
}
_PLACES_ON_LINES: Final[Mapping[Part, str]] = {
    **{part: name for name, part in _CLAIMS_OF_LINES.items()},
    **_DISCOUNTS,
    Part.PRICE: "quantity",
}


class _Fields:
    """Fields of an invoice or of a line, read without trusting that a contract has seen them."""

    def __init__(self, fields: Mapping[str, Any], *inside: str | int) -> None:
        self._fields = fields
        self._inside = inside

    def text(self, name: str) -> str:
        """Return a text that has to be there."""
        value = self._fields.get(name)
        if not isinstance(value, str) or not value:
            raise self._wrong(name, "This field is required.")
        return value

    def words(self, name: str) -> str | None:
        """Return a text that may be missing."""
        value = self._fields.get(name)
        return value if isinstance(value, str) and value else None

    def day(self, name: str) -> date:
        """Return a day."""
        text = self.text(name)
        if not is_date(text):
            raise self._wrong(name, "Date has wrong format. Use YYYY-MM-DD.")
        return date(*map(int, text.split("-")))

    def number(self, name: str) -> Decimal:
        """Return a number that has to be there."""
        value = self.figure(name)
        if value is None:
            raise self._wrong(name, "This field is required.")
        return value

    def figure(self, name: str) -> Decimal | None:
        """Return a number that may be missing."""
        value = self._fields.get(name)
        if value is None or value == "":
            return None
        text = str(value)
        if not is_decimal(text) or len(text) > 2 * MOST_DIGITS:
            raise self._wrong(name, "A valid number is required.")
        return abs(Decimal(text)) if Decimal(text) == 0 else Decimal(text)

    def discount(self) -> Discount:
        """Return the discount."""
        return Discount(
            amount=self.figure("discount_amount"), percentage=self.figure("discount_percentage")
        )

    def claims(self, names: Mapping[str, Part]) -> Mapping[Part, Decimal]:
        """Return the totals that the merchant has worked out."""
        claimed = ((part, self.figure(name)) for name, part in names.items())
        return {part: value for part, value in claimed if value is not None}

    def _wrong(self, name: str, message: str) -> WrongFields:
        return wrong_at(((*self._inside, name), message))


def read_draft(fields: Mapping[str, Any]) -> Draft:
    """Read what the merchant says of an invoice.

    Raises:
        WrongFields: what has to be there is missing or of the wrong kind, with validation off.
    """
    whole = _Fields(fields)
    code = whole.text("currency_code")
    if not is_currency(code):
        raise wrong_at((("currency_code",), f'"{code[:10]}" is not a known currency.'))
    items = fields.get(_ITEMS)
    if not isinstance(items, list) or not items:
        raise wrong_at(((_ITEMS,), "This list may not be empty."))
    return Draft(
        number=whole.text("invoice_number"),
        due=whole.day("due_date"),
        currency_code=code,
        lines=tuple(_read_line(item, index) for index, item in enumerate(items)),
        company=whole.words("company_name"),
        tax_rate=whole.figure("tax_rate"),
        discount=whole.discount(),
        shipping=Shipping(
            method=whole.words("shipping_method"),
            net=whole.figure("shipping_excl_tax"),
            tax_rate=whole.figure("shipping_tax_rate"),
        ),
        claims=whole.claims(_CLAIMS),
    )


def refusal_of(complaints: Iterable[Complaint]) -> WrongFields:
    """Return the field errors that tell of complaints."""
    return wrong_at(
        *(
            ((_PLACES[each.part],), each.reason)
            if each.line is None
            else ((_ITEMS, each.line, _PLACES_ON_LINES[each.part]), each.reason)
            for each in complaints
        )
    )


def wrong_at(*told: tuple[tuple[str | int, ...], str]) -> WrongFields:
    """Return field errors by their places."""
    return WrongFields(
        drf_errors(Violation(location=place, rule="sum", message=reason) for place, reason in told)
    )


def answer_invoice(invoice: Invoice) -> dict[str, Any]:
    """Write a new invoice, without what its payment answers."""
    priced = invoice.priced
    draft = priced.draft
    code = draft.currency_code
    lines = zip(priced.lines, invoice.line_serials, strict=True)
    given: dict[str, str | None] = {
        "company_name": draft.company,
        "tax_rate": _rate(draft.tax_rate),
        "discount_percentage": _rate(draft.discount.percentage),
        "discount_amount": _discount(draft.discount, priced.discount, code),
        "shipping_method": draft.shipping.method,
        "shipping_excl_tax": _amount(draft.shipping.net, code),
        "shipping_tax_rate": _rate(draft.shipping.tax_rate),
    }
    return {
        "invoice_id": invoice.serial,
        "invoice_number": draft.number,
        "status": InvoiceStatus.SENT.value,
        "due_date": draft.due.isoformat(),
        _ITEMS: [_line(each, serial, invoice, code) for each, serial in lines],
        **{name: value for name, value in given.items() if value is not None},
        **{name: format_amount(priced.figures[part], code) for name, part in _CLAIMS.items()},
    }


def _read_line(item: object, index: int) -> Line:
    if not isinstance(item, Mapping):
        raise wrong_at(((_ITEMS, index), "An object is expected."))
    line = _Fields(item, _ITEMS, index)
    return Line(
        sku=line.text("sku"),
        description=line.text("description"),
        quantity=line.number("quantity"),
        unit_price=line.number("unit_price"),
        tax_rate=line.figure("tax_rate"),
        discount=line.discount(),
        claims=line.claims(_CLAIMS_OF_LINES),
    )


def _line(found: PricedLine, serial: int, invoice: Invoice, code: str) -> dict[str, Any]:
    line = found.line
    given = {
        "tax_rate": _rate(line.tax_rate),
        "discount_percentage": _rate(line.discount.percentage),
        "discount_amount": _discount(line.discount, found.discount, code),
    }
    return {
        "id": serial,
        "invoice": invoice.serial,
        "sku": line.sku,
        "description": line.description,
        "quantity": format(line.quantity, "f"),
        "unit_price": format_amount(line.unit_price, code),
        **{name: value for name, value in given.items() if value is not None},
        "tax_amount": format_amount(found.tax, code),
        "total_excl_tax": format_amount(found.net, code),
        "total_incl_tax": format_amount(found.gross, code),
        "currency_code": code,
    }


def _discount(given: Discount, taken: Decimal, code: str) -> str | None:
    return None if given == Discount() else format_amount(taken, code)


def _amount(value: Decimal | None, code: str) -> str | None:
    return None if value is None else format_amount(value, code)


def _rate(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
