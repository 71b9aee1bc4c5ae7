"""Start data for the browser SDK, for checkouts that ask for it.

Source: schema `SdkPreload` of `specs/ottu.yaml`.
"""

from typing import Any, Final

from sandbox.domain.cards import Environment
from sandbox.domain.charges import Charge, check
from sandbox.domain.gateways import Gateway, GatewayCatalog
from sandbox.domain.money import format_amount
from sandbox.domain.payment_links import CANCEL_PATH
from sandbox.domain.states import AttemptState
from sandbox.domain.transactions import PaymentTransaction
from sandbox.engine.cards import CardQuery, listed
from sandbox.web.platform.call import PlatformCall
from sandbox.web.platform.method_codec import billing_in_words, write_methods
from sandbox.webhooks.card_payload import card_fields
from sandbox.webhooks.payload_parts import iso_instant

# By which of its callbacks the SDK goes on.
_STATUSES: Final = {
    AttemptState.PENDING: "pending",
    AttemptState.SUCCESS: "success",
    AttemptState.COD: "success",
    AttemptState.FAILED: "error",
    AttemptState.ERROR: "error",
    AttemptState.CANCELED: "canceled",
}
_OWN_BUTTON: Final = "wallet"


def write_preload(call: PlatformCall, payment: PaymentTransaction) -> dict[str, Any]:
    """Write what the SDK needs to show a payment without another call."""
    terms = payment.terms
    catalog = call.services.engine.context.gateways
    customer = {"customer_id": terms.customer_id, "customer_phone": terms.customer_phone}
    methods = write_methods(payment, catalog)
    return {
        "amount": format_amount(terms.amount, terms.currency_code),
        "billing": billing_in_words(terms, methods),
        "cancel_url": f"{payment.origin}{CANCEL_PATH}?session_id={payment.session_id}",
        "cards": _cards(call, payment, catalog),
        "currency_code": terms.currency_code,
        **{name: value for name, value in customer.items() if value},
        "expiration_time": iso_instant(payment.expires_at),
        "flex_methods": [
            each for each in methods if catalog.named(each["code"]).pay_later is not None
        ],
        "is_amount_editable": False,
        "language": terms.language,
        "operation": catalog.named(terms.gateway_codes[0]).mode.value,
        "payment_methods": [each for each in methods if _redirects(catalog.named(each["code"]))],
        "payment_services": _services(methods, catalog),
        "payment_type": terms.payment_type.value,
        "response": _response(payment),
        "sdk_studio": {},
        "session_id": payment.session_id,
        "state": payment.state.value,
        "type": terms.type.value,
    }


def _redirects(gateway: Gateway) -> bool:
    return gateway.pay_later is None and gateway.flow != _OWN_BUTTON


def _services(methods: list[dict[str, Any]], catalog: GatewayCatalog) -> list[dict[str, Any]]:
    """Write the methods with a button of their own, each once, at the first gateway that has it."""
    services: dict[str, dict[str, Any]] = {}
    for method in methods:
        gateway = catalog.named(method["code"])
        if gateway.flow == _OWN_BUTTON:
            names = [gateway.code.replace("-", "_")]
        else:
            names = [each.value for each in gateway.wallets]
        for name in names:
            services.setdefault(name, {**method, "flow": name})
    return list(services.values())


def _cards(
    call: PlatformCall, payment: PaymentTransaction, catalog: GatewayCatalog
) -> list[dict[str, object]]:
    """Write the customer's saved cards with which the payment can be paid."""
    terms = payment.terms
    if not terms.customer_id:
        return []
    query = CardQuery(
        customer_id=terms.customer_id,
        environment=Environment.SANDBOX,
        gateways=frozenset(terms.gateway_codes),
    )
    charges = (
        Charge(terms=terms, card=card, gateway=catalog.named(card.gateway), now=call.now)
        for card in listed(call.workspace, query)
    )
    return [
        card_fields(each.card, at=call.now)
        for each in charges
        if check(each, by_merchant=False) is None
    ]


def _response(payment: PaymentTransaction) -> dict[str, Any]:
    """Write how the newest attempt ended; empty before the first."""
    attempt = payment.last_attempt
    if attempt is None:
        return {}
    return {
        "status": _STATUSES[attempt.state],
        "message": attempt.message or "",
        "order_no": payment.terms.order_no or "",
        "reference_number": payment.reference_number,
        "session_id": payment.session_id,
    }
