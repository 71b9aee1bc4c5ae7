"""Gateways by which a payer pays later, and whether they take an amount.

The limits and plans are the sandbox's own data (`specs/gateways.yaml`).
"""

from dataclasses import dataclass
from decimal import Decimal

from sandbox.domain.pricing import ExchangeRates


@dataclass(frozen=True, kw_only=True, slots=True)
class PayLater:
    """From and up to which amount, in a currency, a gateway lends.

    `instalments` are the numbers of parts of its plans; none where it answers yes or no only.
    """

    least: Decimal
    most: Decimal
    currency_code: str
    instalments: tuple[int, ...] = ()

    def lends(self, amount: Decimal, currency_code: str, rates: ExchangeRates) -> bool:
        """Tell whether it takes an amount; one for which there is no rate it does not."""
        rate = rates.between(currency_code, self.currency_code)
        return rate is not None and self.least <= amount * rate <= self.most
