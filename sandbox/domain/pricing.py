"""What a payer pays through a gateway: the price, its fee, and both in another currency.

Rates and fees are the sandbox's own data (`specs/gateways.yaml`).

Source: FACTS 4 (digits), 6 and 8 (currencies, `amount_details`); schema `AmountDetails`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Final

from sandbox.domain.money import ZERO, quantize

_HUNDRED: Final = Decimal(100)
# So that a rate reads well, and still gives the last digit of an amount right.
_RATE: Final = Context(prec=12)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fee:
    """What a gateway takes on top of the price: an amount in a currency, and a part of the price.

    `descriptions` explain it to the payer, by language.
    """

    amount: Decimal = ZERO
    currency_code: str = ""
    percent: Decimal = ZERO
    descriptions: Mapping[str, str]

    def described(self, language: str) -> str:
        """Return the words for the payer, in English where the language has none."""
        return self.descriptions.get(language) or self.descriptions["en"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pricing:
    """In which currency a payment is paid, at what rate, and with what fee.

    `rate` is what one unit of the payment's own currency is worth in that one; None where they are
    the same. `own_fee` is the fee in the payment's own currency.
    """

    currency_code: str
    fee: Decimal = ZERO
    own_fee: Decimal = ZERO
    rate: Decimal | None = None

    @property
    def is_foreign(self) -> bool:
        """Whether the payer pays in another currency than the payment's own."""
        return self.rate is not None

    def price(self, amount: Decimal) -> Decimal:
        """Return an amount of the payment without the fee, as the payer pays it."""
        return amount if self.rate is None else quantize(amount * self.rate, self.currency_code)

    def total(self, amount: Decimal) -> Decimal:
        """Return an amount of the payment with the fee, as the payer pays it."""
        return self.price(amount) + self.fee


def write_rate(rate: Decimal) -> str:
    """Write an exchange rate as a decimal text without needless zeros: `3.75`."""
    text = format(rate, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class ExchangeRates:
    """A fixed table: what one unit of each currency is worth, all in the same measure."""

    def __init__(self, worth: Mapping[str, Decimal] | None = None) -> None:
        self._worth = worth or {}

    def between(self, own: str, other: str) -> Decimal | None:
        """Return what one unit of a currency is worth in another; None where nothing says it."""
        if own == other:
            return Decimal(1)
        if own not in self._worth or other not in self._worth:
            return None
        return _RATE.divide(self._worth[own], self._worth[other])

    def price(
        self,
        amount: Decimal,
        own: str,
        paid_in: str,
        fee: Fee | None = None,
        asked_fee: Decimal | None = None,
    ) -> Pricing | None:
        """Return how an amount is paid in a currency; None where there is no rate for it.

        `asked_fee`, in the currency that is paid in, stands in for the gateway's fee. Nothing that
        is free has a fee of the gateway's. Fees are rounded half up.
        """
        rate = self.between(own, paid_in)
        if rate is None:
            return None
        if asked_fee is None:
            asked_fee = self._fee(fee, amount * rate, paid_in) if fee and amount else ZERO
            if asked_fee is None:
                return None
        return Pricing(
            currency_code=paid_in,
            fee=asked_fee,
            own_fee=quantize(asked_fee / rate, own),
            rate=None if own == paid_in else rate,
        )

    def _fee(self, fee: Fee, price: Decimal, paid_in: str) -> Decimal | None:
        rate = self.between(fee.currency_code, paid_in) if fee.amount else ZERO
        if rate is None:
            return None
        part = quantize(price, paid_in) * fee.percent / _HUNDRED
        return quantize(fee.amount * rate + part, paid_in)
