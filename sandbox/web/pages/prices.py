"""What a payer is shown of the price at each gateway: the fee, and the sum in its currency."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.domain.gateways import GatewayCatalog
from sandbox.domain.money import format_amount
from sandbox.domain.pricing import Pricing
from sandbox.domain.transactions import Attempt, PaymentTransaction


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownPrice:
    """A price in words, such as `10.250 KWD`; `fee` is empty where there is none.

    `differs` is whether the payer pays anything but the payment's amount itself.
    """

    total: str
    fee: str
    described: str
    differs: bool


def prices_of(
    payment: PaymentTransaction, gateways: GatewayCatalog, language: str
) -> Mapping[str, ShownPrice]:
    """Return what each offered gateway would take, by its code; fees explained in a language."""
    terms = payment.terms
    shown = {}
    for code in terms.gateway_codes:
        gateway = gateways.named(code)
        described = gateway.fee.described(language) if gateway.fee else ""
        pricing = gateways.price(gateway, terms.amount, terms.currency_code)
        shown[code] = _shown(payment, pricing, described)
    return shown


def paid_with(attempt: Attempt, payment: PaymentTransaction) -> ShownPrice:
    """Return what a try took, or would have taken."""
    return _shown(payment, payment.pricing_of(attempt), "")


def _shown(payment: PaymentTransaction, pricing: Pricing, described: str) -> ShownPrice:
    code = pricing.currency_code
    return ShownPrice(
        total=f"{format_amount(pricing.total(payment.terms.amount), code)} {code}",
        fee=f"{format_amount(pricing.fee, code)} {code}" if pricing.fee else "",
        described=described,
        differs=bool(pricing.fee) or pricing.is_foreign,
    )
