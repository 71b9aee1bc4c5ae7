"""The ways to pay of a payment, as answers show them: each gateway with its price and its fee.

Source: FACTS 1 (`redirect_url`); schemas `RedirectMethod`, `BrandingOptions` of `specs/ottu.yaml`.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from sandbox.domain.gateways import Gateway, GatewayCatalog
from sandbox.domain.money import format_amount
from sandbox.domain.transactions import PaymentTerms, PaymentTransaction

# The weight of letters, as in CSS, where the merchant names none (`BrandingItem`).
_BOLD: Final = 700


def write_methods(payment: PaymentTransaction, gateways: GatewayCatalog) -> list[dict[str, Any]]:
    """Write one method for each gateway that the payment offers."""
    branding = _branding(payment)
    return [
        _method(payment, gateways.named(code), gateways, branding.get(code))
        for code in payment.terms.gateway_codes
    ]


def billing_in_words(terms: PaymentTerms, methods: list[dict[str, Any]]) -> str:
    """Put price and fees into words: `10.000 KWD; KNET: 10.250 KWD (Service fee 0.250 KWD)`."""
    words = [_price(terms)]
    for method in methods:
        if differs_in_price(terms, method):
            code = method["currency_code"]
            described = method["fee_description"]
            fee = f" ({described} {method['fee']} {code})" if described else ""
            words.append(f"{method['name']}: {method['amount']} {code}{fee}")
    return "; ".join(words)


def differs_in_price(terms: PaymentTerms, method: Mapping[str, Any]) -> bool:
    """Tell whether a way to pay costs anything but the amount itself."""
    return f"{method['amount']} {method['currency_code']}" != _price(terms)


def _price(terms: PaymentTerms) -> str:
    return f"{format_amount(terms.amount, terms.currency_code)} {terms.currency_code}"


def logo_of(origin: str) -> str:
    """Return the address of the picture that stands for any gateway."""
    return f"{origin}/b/checkout/icons/card.svg"


def _method(
    payment: PaymentTransaction, gateway: Gateway, gateways: GatewayCatalog, branding: object
) -> dict[str, Any]:
    terms = payment.terms
    pricing = gateways.price(gateway, terms.amount, terms.currency_code)
    described = gateway.fee.described(terms.language) if gateway.fee and pricing.fee else ""
    icon = logo_of(payment.origin)
    method: dict[str, Any] = {
        "code": gateway.code,
        "name": gateway.title,
        "type": terms.type.value,
        "amount": format_amount(pricing.total(terms.amount), pricing.currency_code),
        "currency_code": pricing.currency_code,
        "fee": format_amount(pricing.fee, pricing.currency_code),
        "fee_description": described,
        "icon": icon,
        "icons": {"svg": icon, "webp": f"{payment.origin}/b/checkout/icons/card.webp"},
        "flow": "redirect",
        "redirect_url": f"{payment.checkout_url}&pg_code={gateway.code}",
    }
    if isinstance(branding, Mapping):
        method["branding_options"] = {"font_weight": _BOLD, **branding}
    return method


def _branding(payment: PaymentTransaction) -> Mapping[str, object]:
    """Return the merchant's text for each gateway, by code."""
    options = orjson.loads(payment.terms.details).get("branding_options")
    # Without validation anything may stand there.
    found = options.get("payment_methods") if isinstance(options, Mapping) else None
    return found if isinstance(found, Mapping) else {}
