"""Agreements: what a payer has allowed a merchant to charge without asking again.

Source: FACTS 10; schema `Agreement`.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """The terms of an agreement that a charge is held to; what is None has no limit.

    `id` is the merchant's own name of it, `first_day` and `last_day` those on which charges are
    allowed, `largest_amount` the limit of one charge in major units.
    """

    id: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    largest_amount: Decimal | None = None

    def allows_day(self, day: date) -> bool:
        """Tell whether charges are allowed on this day (UTC)."""
        begun = self.first_day is None or day >= self.first_day
        return begun and (self.last_day is None or day <= self.last_day)

    def allows_amount(self, amount: Decimal) -> bool:
        """Tell whether one charge may be of this amount."""
        return self.largest_amount is None or amount <= self.largest_amount
