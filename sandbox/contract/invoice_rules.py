"""The rules for an invoice that a document cannot say; they are used as `field_rules` says.

Whether the figures add up is not asked here: `domain/invoices.py` works them out.

Source: FACTS 4 (amounts), 10 (invoices); the platform's documentation of invoices (rates).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sandbox.contract.explaining import BLANK, EMPTY_LIST
from sandbox.contract.formats import is_decimal
from sandbox.contract.violations import Violation
from sandbox.domain.invoices import MOST_DIGITS
from sandbox.domain.money import fraction_digits, is_currency

if TYPE_CHECKING:
    from sandbox.contract.field_rules import Facts


@dataclass(frozen=True, kw_only=True, slots=True)
class _Figure:
    """What a number on an invoice may be; `places` of None are those of the currency."""

    places: int | None = None
    most: int | None = None
    above_zero: bool = False


_SUM: Final = _Figure()
_RATE: Final = _Figure(places=2)
_PERCENTAGE: Final = _Figure(places=2, most=100)
_ON_INVOICE: Final[Mapping[str, _Figure]] = {
    "amount": _Figure(above_zero=True),
    "discount_amount": _SUM,
    "discount_percentage": _PERCENTAGE,
    "shipping_excl_tax": _SUM,
    "shipping_incl_tax": _SUM,
    "shipping_tax_rate": _RATE,
    "subtotal": _SUM,
    "tax_amount": _SUM,
    "tax_rate": _RATE,
    "total_excl_tax": _SUM,
    "total_incl_tax": _SUM,
}
_ON_LINE: Final[Mapping[str, _Figure]] = {
    "quantity": _Figure(places=MOST_DIGITS, above_zero=True),
    "unit_price": _SUM,
    "tax_rate": _RATE,
    "tax_amount": _SUM,
    "discount_percentage": _PERCENTAGE,
    "discount_amount": _SUM,
    "total_excl_tax": _SUM,
    "total_incl_tax": _SUM,
}


def sound_figures(facts: "Facts") -> Iterator[Violation]:
    """Amounts, rates and quantities of an invoice are exact, not too long, and not negative."""
    yield from _wrong_figures(facts, _ON_INVOICE, facts.body)
    lines = facts.body.get("invoice_items")
    for index, line in enumerate(lines if isinstance(lines, list) else ()):
        if isinstance(line, dict):
            yield from _wrong_figures(facts, _ON_LINE, line, "invoice_items", index)


def _wrong_figures(
    facts: "Facts", figures: Mapping[str, _Figure], fields: Mapping[str, Any], *inside: str | int
) -> Iterator[Violation]:
    code = facts.text("currency_code") or ""
    currency_places = fraction_digits(code) if is_currency(code) else MOST_DIGITS
    for name, figure in figures.items():
        value = fields.get(name)
        if not isinstance(value, str) or (*inside, name) in facts.faulty:
            continue
        wrong = _wrong_figure(figure, value, currency_places)
        if wrong is not None:
            yield _found(*wrong, *inside, name)


def _wrong_figure(figure: _Figure, text: str, currency_places: int) -> tuple[str, str] | None:
    if not is_decimal(text):
        return "format", "A valid number is required."
    value = Decimal(text)
    if max(len(value.as_tuple().digits), _places(value)) > MOST_DIGITS:
        told = f"Ensure that there are no more than {MOST_DIGITS} digits in total."
        return "max_digits", told
    if value < 0 or (figure.above_zero and value == 0):
        least = "greater than zero" if figure.above_zero else "zero or more"
        return "minimum", f"This must be {least}."
    if figure.most is not None and value > figure.most:
        return "maximum", f"This must be {figure.most} or less."
    allowed = currency_places if figure.places is None else figure.places
    # Zeros at the end change nothing.
    if _places(value.normalize()) > allowed:
        return "max_decimal_places", f"This takes no more than {allowed} decimal places."
    return None


def named_lines(facts: "Facts") -> Iterator[Violation]:
    """An invoice has a number and at least one line, and each line says what is sold."""
    if facts.text("invoice_number") is not None and not facts.body["invoice_number"].strip():
        yield _found("min_length", BLANK, "invoice_number")
    lines = facts.body.get("invoice_items")
    if lines == [] and ("invoice_items",) not in facts.faulty:
        yield _found("min_items", EMPTY_LIST, "invoice_items")
    for index, line in enumerate(lines if isinstance(lines, list) else ()):
        for name in ("sku", "description"):
            text = line.get(name) if isinstance(line, dict) else None
            place = ("invoice_items", index, name)
            if isinstance(text, str) and not text.strip() and place not in facts.faulty:
                yield _found("min_length", BLANK, *place)


def collects_money(facts: "Facts") -> Iterator[Violation]:
    """An invoice is paid: it cannot be collected by a payment that only saves a card."""
    if facts.text("payment_type") == "save_card":
        message = "An invoice is to be paid; `save_card` takes no money."
        yield _found("not_a_choice", message, "payment_type")


def _places(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _found(rule: str, message: str, *location: str | int) -> Violation:
    return Violation(location=location, rule=rule, message=message)


INVOICE_RULES: Final = (collects_money, named_lines, sound_figures)
