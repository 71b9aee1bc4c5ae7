"""What is kept of a card, and for how long it pays."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.domain.cards import Expiry, NotAnExpiry, brand_of, masked_number


@pytest.mark.parametrize(
    ("number", "brand"),
    [
        ("4242424242424242", "VISA"),
        ("5123 4567 8901 2346", "MASTERCARD"),
        ("2223000048400011", "MASTERCARD"),
        ("2720990000000000", "MASTERCARD"),
        ("2721000000000000", None),
        ("2220990000000000", None),
        ("345678901234564", "AMEX"),
        ("6011000000000004", "DISCOVER"),
        ("3530111333300000", "JCB"),
        ("36227206271667", "DINERS"),
        ("6200000000000005", "UNIONPAY"),
        ("9999000000000000", None),
    ],
)
def test_the_first_digits_tell_the_scheme(number: str, brand: str | None) -> None:
    assert brand_of(number) == brand


@given(number=st.from_regex(r"[0-9]{12,19}", fullmatch=True))
def test_a_masked_number_shows_ten_digits_and_keeps_its_length(number: str) -> None:
    masked = masked_number(number)

    assert (masked[:6], masked[-4:], len(masked)) == (number[:6], number[-4:], len(number))
    assert set(masked[6:-4]) == {"*"}


def test_a_card_pays_until_its_month_is_over() -> None:
    expiry = Expiry.parse("12/30")

    assert not expiry.is_over(datetime(2030, 12, 31, 23, 59, 59, tzinfo=UTC))
    assert expiry.is_over(datetime(2031, 1, 1, tzinfo=UTC))


def test_days_before_its_end_are_counted_whole() -> None:
    expiry = Expiry(2026, 1)

    assert not expiry.is_within(30, datetime(2026, 1, 1, 23, 59, 59, tzinfo=UTC))
    assert expiry.is_within(30, datetime(2026, 1, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "expiry"), [("08/29", Expiry(2029, 8)), ("08/2029", Expiry(2029, 8))]
)
def test_an_expiry_is_written_in_two_ways(text: str, expiry: Expiry) -> None:
    assert Expiry.parse(text) == expiry


@pytest.mark.parametrize("text", ["", "8/29", "00/29", "13/29", "08/129", "08-29", "08/1999"])
def test_anything_else_is_no_expiry(text: str) -> None:
    with pytest.raises(NotAnExpiry):
        Expiry.parse(text)
