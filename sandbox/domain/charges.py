"""What a charge of a saved card needs, as rules with the reason a caller reads.

Source: FACTS 10.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sandbox.domain.agreements import Agreement
from sandbox.domain.cards import Card
from sandbox.domain.gateways import Gateway
from sandbox.domain.operations import Refused
from sandbox.domain.transactions import PaymentTerms, PaymentType

# How long a card must still be valid for a charge of an agreement that says nothing else.
VALID_DAYS_OF_AGREEMENT: Final = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Charge:
    """A saved card, to be charged for a payment through the gateway that saved it."""

    terms: PaymentTerms
    card: Card
    gateway: Gateway
    now: datetime

    @property
    def agreement(self) -> Agreement:
        """The agreement of the payment; one without any terms where it has none."""
        return self.terms.agreement or Agreement()

    @property
    def is_valid(self) -> bool:
        """Whether the card is valid for as long as the payment demands."""
        days = self.terms.card_validity_days
        if days is None and self.terms.payment_type is PaymentType.AUTO_DEBIT:
            days = VALID_DAYS_OF_AGREEMENT
        return not self.card.face.expiry.is_within(days, self.now) if days else True


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rule:
    name: str
    holds: Callable[[Charge], bool]
    reason: str
    field: str = ""


_OF_EVERY_CHARGE: Final = (
    _Rule(
        name="customer",
        holds=lambda charge: charge.card.customer_id == charge.terms.customer_id,
        reason="The card with this token belongs to another customer than the payment.",
        field="token",
    ),
    _Rule(
        name="gateway",
        holds=lambda charge: charge.card.gateway in charge.terms.gateway_codes,
        reason="The payment's `pg_codes` lack the gateway that saved the card; no other can charge it.",
        field="token",
    ),
    _Rule(
        name="currency",
        holds=lambda charge: charge.gateway.takes(charge.terms.currency_code),
        reason="The gateway of the card does not take the payment's currency.",
    ),
    _Rule(
        name="expired",
        holds=lambda charge: not charge.card.face.expiry.is_over(charge.now),
        reason="The card has expired.",
        field="token",
    ),
    _Rule(
        name="validity",
        holds=lambda charge: charge.is_valid,
        reason="The card expires too soon: within 30 days, or those of `card_acceptance_criteria`.",
        field="token",
    ),
)
BY_CUSTOMER: Final = (
    _Rule(
        name="payment_type",
        holds=lambda charge: charge.terms.payment_type is not PaymentType.SAVE_CARD,
        reason="A `save_card` payment takes a new card, not a saved one.",
        field="token",
    ),
    *_OF_EVERY_CHARGE,
)
BY_MERCHANT: Final = (
    _Rule(
        name="payment_type",
        holds=lambda charge: charge.terms.payment_type is PaymentType.AUTO_DEBIT,
        reason="Only a payment of `payment_type` auto_debit can be charged without the customer.",
    ),
    *_OF_EVERY_CHARGE,
    _Rule(
        name="auto_debit",
        holds=lambda charge: charge.gateway.auto_debit,
        reason="The gateway of this card cannot charge it without the customer.",
    ),
    _Rule(
        name="agreement",
        holds=lambda charge: charge.agreement.id in charge.card.agreements,
        reason=(
            "The payment's agreement does not charge this card. An agreement gets its card by a "
            "payment that the customer makes, its first one or a later one with another card."
        ),
        field="token",
    ),
    _Rule(
        name="cvv",
        holds=lambda charge: not charge.card.cvv_required,
        reason="The card asks for its CVV, so it cannot be charged without the customer.",
        field="token",
    ),
    _Rule(
        name="day",
        holds=lambda charge: charge.agreement.allows_day(charge.now.astimezone(UTC).date()),
        reason="The agreement allows no charge today: see its `start_date` and `expiry_date`.",
    ),
    _Rule(
        name="amount",
        holds=lambda charge: charge.agreement.allows_amount(charge.terms.amount),
        reason="The amount exceeds the agreement's `max_amount_per_cycle`.",
    ),
)


def check(charge: Charge, *, by_merchant: bool) -> Refused | None:
    """Return why a charge is refused, by its first rule that does not hold, or None."""
    for rule in BY_MERCHANT if by_merchant else BY_CUSTOMER:
        if not rule.holds(charge):
            return Refused(rule=rule.name, reason=rule.reason, field=rule.field)
    return None
