"""Invoices add up, to the last digit of their currency."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.domain.clock import STOPPED_START
from sandbox.domain.invoices import (
    Complaint,
    Discount,
    Draft,
    Invoice,
    InvoiceStatus,
    Line,
    Part,
    Priced,
    Shipping,
    priced,
)
from sandbox.domain.money import fraction_digits
from sandbox.domain.states import State

CURRENCIES = ("KWD", "SAR", "JPY")


def line(price: str = "3.000", quantity: str = "2", **fields: object) -> Line:
    made = Line(
        sku="DATE-500", description="Dates", quantity=Decimal(quantity), unit_price=Decimal(price)
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def draft(*lines: Line, currency: str = "KWD", **fields: object) -> Draft:
    made = Draft(
        number="INV-1", due=date(2026, 1, 31), currency_code=currency, lines=lines or (line(),)
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def worked_out(given_draft: Draft) -> Priced:
    result = priced(given_draft)
    assert isinstance(result, Priced), result
    return result


def complaints(given_draft: Draft) -> tuple[Complaint, ...]:
    result = priced(given_draft)
    assert not isinstance(result, Priced)
    return result


def decimals(most: int, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=0, max_value=most, places=places, allow_nan=False)


def discounts(places: int) -> st.SearchStrategy[Discount]:
    return (
        st.just(Discount())
        | st.builds(Discount, percentage=decimals(100, 2))
        | st.builds(Discount, amount=decimals(50, places))
    )


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    currency = draw(st.sampled_from(CURRENCIES))
    places = fraction_digits(currency)
    rates = st.none() | decimals(200, 2)
    lines = st.builds(
        Line,
        sku=st.just("A"),
        description=st.just("B"),
        quantity=decimals(1000, 3),
        unit_price=decimals(10_000, places),
        tax_rate=rates,
        discount=discounts(places),
    )
    shipping = st.builds(Shipping, net=st.none() | decimals(100, places), tax_rate=rates)
    return draft(
        *draw(st.lists(lines, min_size=1, max_size=6)),
        currency=currency,
        tax_rate=draw(rates),
        discount=draw(discounts(places)),
        shipping=draw(shipping),
    )


@given(made=drafts())
def test_the_parts_always_add_up_to_the_total(made: Draft) -> None:
    result = priced(made)
    if not isinstance(result, Priced):
        told = {each.part for each in result}
        assert told <= {Part.DISCOUNT_AMOUNT, Part.TO_PAY}
        return

    for each in result.lines:
        assert each.price - each.discount == each.net
        assert each.net + each.tax == each.gross
    assert sum(each.gross for each in result.lines) == result.subtotal
    assert result.subtotal - result.discount == result.net
    assert result.net + result.tax + result.shipping == result.gross


@given(made=drafts())
def test_no_figure_is_ever_negative_and_each_has_the_digits_of_the_currency(made: Draft) -> None:
    result = priced(made)
    if not isinstance(result, Priced):
        return
    lines = [[each.price, each.discount, *each.figures.values()] for each in result.lines]
    figures = [result.discount, *result.figures.values(), *(one for each in lines for one in each)]

    assert min(figures) >= 0
    digits = {-int(each.as_tuple().exponent) for each in figures}
    assert digits == {fraction_digits(made.currency_code)}


@given(made=drafts())
def test_what_was_worked_out_is_accepted_as_a_claim_and_anything_else_is_not(made: Draft) -> None:
    result = priced(made)
    if not isinstance(result, Priced):
        return

    assert priced(replace(made, claims=result.figures)) == replace(
        result, draft=replace(made, claims=result.figures)
    )
    for part, figure in result.figures.items():
        wrong = replace(made, claims={**result.figures, part: figure + Decimal("0.001")})
        assert [each.part for each in complaints(wrong)] == [part]


def test_half_of_the_last_digit_is_rounded_up() -> None:
    result = worked_out(draft(line("0.001", "0.5"), line("0.001", "1.5"), line("1.000", "1")))

    assert [each.price for each in result.lines] == [Decimal(x) for x in ("0.001", "0.002", "1")]


def test_tax_of_lines_is_in_the_subtotal_and_tax_of_the_whole_comes_on_top() -> None:
    made = draft(
        line("10.00", "2", tax_rate=Decimal(15), discount=Discount(percentage=Decimal(10))),
        currency="SAR",
        tax_rate=Decimal(5),
        discount=Discount(amount=Decimal("0.70")),
        shipping=Shipping(net=Decimal("4.00"), tax_rate=Decimal(25)),
    )

    result = worked_out(made)

    assert result.subtotal == Decimal("20.70")
    assert result.net == Decimal("20.00")
    assert result.tax == Decimal("1.00")
    assert result.shipping == Decimal("5.00")
    assert result.gross == Decimal("26.00")


def test_a_discount_in_two_ways_is_refused_in_both_places() -> None:
    both = Discount(amount=Decimal(1), percentage=Decimal(1))

    on_line = complaints(draft(line(), line(discount=both)))
    on_whole = complaints(draft(discount=both))

    parts = [Part.DISCOUNT_AMOUNT, Part.DISCOUNT_PERCENTAGE]
    assert [(each.part, each.line) for each in on_line] == [(part, 1) for part in parts]
    assert [(each.part, each.line) for each in on_whole] == [(part, None) for part in parts]


def test_a_discount_takes_no_more_than_there_is() -> None:
    (told,) = complaints(draft(line(discount=Discount(amount=Decimal("6.001")))))
    (of_whole,) = complaints(draft(discount=Discount(amount=Decimal("6.001"))))

    assert (told.part, told.line) == (Part.DISCOUNT_AMOUNT, 0)
    assert "6.000 KWD" in told.reason
    assert (of_whole.part, of_whole.line) == (Part.DISCOUNT_AMOUNT, None)


def test_every_wrong_total_is_told_with_the_right_one() -> None:
    wrong = {Part.TAX: Decimal(1), Part.GROSS: Decimal(7)}
    made = draft(line(claims=wrong), claims={Part.TO_PAY: Decimal(9)})

    told = complaints(made)

    assert [(each.line, each.part) for each in told] == [
        (0, Part.TAX),
        (0, Part.GROSS),
        (None, Part.TO_PAY),
    ]
    assert told[0].reason == "This does not add up: it comes to 0.000 KWD."
    assert told[2].reason == "This does not add up: it comes to 6.000 KWD."


def test_an_invoice_of_nothing_is_refused() -> None:
    (told,) = complaints(draft(discount=Discount(percentage=Decimal(100))))

    assert told.part is Part.TO_PAY


@pytest.mark.parametrize("price", ["999999999999.999", "1000000000.000"])
def test_a_product_that_is_too_long_is_refused(price: str) -> None:
    (told,) = complaints(draft(line(price, "999999999999999")))

    assert (told.part, told.line) == (Part.PRICE, 0)


@pytest.mark.parametrize(
    ("state", "today", "status"),
    [
        (State.CREATED, date(2026, 1, 31), InvoiceStatus.SENT),
        (State.CREATED, date(2026, 2, 1), InvoiceStatus.OVERDUE),
        (State.EXPIRED, date(2026, 2, 1), InvoiceStatus.OVERDUE),
        (State.PAID, date(2026, 2, 1), InvoiceStatus.PAID),
        (State.CANCELED, date(2026, 1, 1), InvoiceStatus.CANCELED),
        (State.COD, date(2026, 1, 1), InvoiceStatus.SENT),
    ],
)
def test_an_invoice_stands_where_its_payment_and_the_day_say(
    state: State, today: date, status: InvoiceStatus
) -> None:
    invoice = Invoice(
        id="INV-1",
        serial=1,
        line_serials=(1,),
        session_id="0" * 40,
        priced=worked_out(draft()),
        issued_at=STOPPED_START,
    )

    assert invoice.status(state, today) is status
