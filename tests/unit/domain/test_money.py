"""Amounts are exact, and have the digits of their currency."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.domain.money import (
    UnknownCurrency,
    digits_beyond,
    format_amount,
    fraction_digits,
    is_currency,
    quantize,
)

THREE = "KWD BHD OMR IQD JOD LYD TND".split()
NONE = ["JPY", "KRW", "VND", "CLP"]
amounts = st.decimals(min_value=0, max_value=10**12, places=3, allow_nan=False)


@pytest.mark.parametrize("code", THREE)
def test_dinars_have_three_digits(code: str) -> None:
    assert format_amount(Decimal("1.5"), code) == "1.500"


@pytest.mark.parametrize("code", NONE)
def test_some_currencies_have_none(code: str) -> None:
    assert format_amount(Decimal(150), code) == "150"


@pytest.mark.parametrize("code", ["SAR", "AED", "USD", "QAR", "EGP", "INR"])
def test_the_others_have_two(code: str) -> None:
    assert format_amount(Decimal(22), code) == "22.00"


@pytest.mark.parametrize("code", ["ZZZ", "kwd", "", "KW", "KWDD"])
def test_an_unknown_currency_is_named(code: str) -> None:
    assert not is_currency(code)
    with pytest.raises(UnknownCurrency):
        fraction_digits(code)


@pytest.mark.parametrize(
    ("amount", "code", "beyond"),
    [("1.234", "KWD", 0), ("1.2345", "KWD", 1), ("22.000", "SAR", 0), ("1E+3", "JPY", 0)],
)
def test_digits_that_the_currency_has_not_are_counted(amount: str, code: str, beyond: int) -> None:
    assert digits_beyond(Decimal(amount), code) == beyond


@given(amounts, st.sampled_from(["KWD", "SAR", "JPY"]))
def test_an_amount_never_changes_by_more_than_half_its_last_digit(
    amount: Decimal, code: str
) -> None:
    half = Decimal(5).scaleb(-fraction_digits(code) - 1)
    rounded = quantize(amount, code)

    assert abs(rounded - amount) <= half
    assert Decimal(format_amount(amount, code)) == rounded
