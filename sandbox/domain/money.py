"""Amounts of money: exact decimals with the digits of their currency."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

# ISO 4217, the codes in circulation; the number of digits after the point where it is not 2.
_CURRENCIES: Final = frozenset(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP
    BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP
    GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR
    KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
    MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR
    SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS
    UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL
    """.split()
)
_DIGITS: Final = {
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(
        (
            *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"),
            *("PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"),
        ),
        0,
    ),
}
_QUANTA: Final = {digits: Decimal(1).scaleb(-digits) for digits in (0, 2, 3)}
ZERO: Final = Decimal(0)


class UnknownCurrency(ValueError):
    """No currency of ISO 4217 has this code."""


def currencies() -> tuple[str, ...]:
    """Return the codes of all currencies, sorted."""
    return tuple(sorted(_CURRENCIES))


def is_currency(code: str) -> bool:
    """Tell whether a currency has this code, in capitals."""
    return code in _CURRENCIES


def fraction_digits(code: str) -> int:
    """Return how many digits after the point amounts in this currency have: 0, 2 or 3.

    Raises:
        UnknownCurrency: no currency has this code.

    Source: FACTS 4.
    """
    if code not in _CURRENCIES:
        raise UnknownCurrency(code)
    return _DIGITS.get(code, 2)


def digits_beyond(amount: Decimal, code: str) -> int:
    """Return how many digits after the point an amount has that its currency has not."""
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent - fraction_digits(code)) if isinstance(exponent, int) else 0


def quantize(amount: Decimal, code: str) -> Decimal:
    """Round half up to the digits of the currency."""
    return amount.quantize(_QUANTA[fraction_digits(code)], rounding=ROUND_HALF_UP)


def format_amount(amount: Decimal, code: str) -> str:
    """Write an amount with exactly the digits of its currency: `22` SAR is `22.00`."""
    return format(quantize(amount, code), "f")
