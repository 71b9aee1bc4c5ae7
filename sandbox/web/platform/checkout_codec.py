"""Checkout between the wire and the domain.

Source: FACTS 1, 4, 5, 7 and 10; `specs/ottu.yaml`, tag checkout.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import orjson

from sandbox.domain.durations import clock_notation, parse_duration
from sandbox.domain.events import Channel, Event
from sandbox.domain.gateways import GatewayCatalog
from sandbox.domain.money import format_amount
from sandbox.domain.payment_links import QR_PATH, SHORT_PATH, short_code
from sandbox.domain.transactions import (
    PaymentTerms,
    PaymentTransaction,
    PaymentType,
    TransactionType,
)
from sandbox.web.platform.agreement_codec import read_agreement, read_validity
from sandbox.web.platform.attachment import write_attachment
from sandbox.web.platform.method_codec import billing_in_words, differs_in_price, write_methods

# Fields that the domain has names of its own for; all others pass through as they came.
_OWN: Final = frozenset(
    {
        *("type", "amount", "currency_code", "pg_codes", "payment_type", "order_no"),
        *("customer_id", "customer_email", "customer_phone", "email_recipients", "language"),
        *("notifications", "webhook_url", "redirect_url", "expiration_time"),
        # It pays once and is not kept.
        "payment_instrument",
    }
)
_CHANNELS: Final = frozenset(each.value for each in Channel)
_EVENTS: Final = frozenset(each.value for each in Event)
# Asked for at checkout, acted on or not, but never part of what is answered.
_WRITE_ONLY: Final = frozenset(
    {
        *("branding_options", "generate_qr_code", "include_sdk_setup_preload"),
        *("preload_checkout_page", "shortify_attachment_url", "shortify_checkout_url"),
        "unit_code",
    }
)


def read_terms(fields: Mapping[str, Any], known: frozenset[str]) -> PaymentTerms:
    """Turn checked request fields into terms; fields not `known` to the document are left out."""
    details = {
        name: value
        for name, value in fields.items()
        if name not in _OWN and name in known and value is not None
    }
    expiration = fields.get("expiration_time")
    return PaymentTerms(
        type=TransactionType(fields["type"]),
        amount=Decimal(str(fields["amount"])),
        currency_code=fields["currency_code"],
        gateway_codes=tuple(dict.fromkeys(fields["pg_codes"])),
        payment_type=PaymentType(fields.get("payment_type") or PaymentType.ONE_OFF),
        order_no=fields.get("order_no") or None,
        customer_id=fields.get("customer_id") or None,
        customer_email=fields.get("customer_email") or None,
        customer_phone=fields.get("customer_phone") or None,
        email_recipients=tuple(fields.get("email_recipients") or ()),
        language=fields.get("language") or "en",
        notifications=_notifications(fields.get("notifications") or {}),
        webhook_url=fields.get("webhook_url") or None,
        redirect_url=fields.get("redirect_url") or None,
        expires_in=parse_duration(expiration) if expiration else None,
        agreement=read_agreement(fields.get("agreement")),
        card_validity_days=read_validity(fields.get("card_acceptance_criteria")),
        details=bytes(memoryview(orjson.dumps(details))) if details else b"{}",
    )


def write_terms(terms: PaymentTerms) -> dict[str, Any]:
    """Turn terms back into request fields; what the merchant left out is left out."""
    fields: dict[str, Any] = {
        "type": terms.type.value,
        "amount": format_amount(terms.amount, terms.currency_code),
        "currency_code": terms.currency_code,
        "pg_codes": list(terms.gateway_codes),
        "payment_type": terms.payment_type.value,
        "language": terms.language,
    }
    optional = {
        "order_no": terms.order_no,
        "customer_id": terms.customer_id,
        "customer_email": terms.customer_email,
        "customer_phone": terms.customer_phone,
        "email_recipients": list(terms.email_recipients),
        "webhook_url": terms.webhook_url,
        "redirect_url": terms.redirect_url,
    }
    fields.update((name, value) for name, value in optional.items() if value)
    if terms.expires_in is not None:
        fields["expiration_time"] = clock_notation(terms.expires_in)
    if terms.notifications:
        fields["notifications"] = {
            channel.value: [event.value for event in Event if event in events]
            for channel, events in terms.notifications
        }
    if terms.details != b"{}":
        fields.update(orjson.loads(terms.details))
    return fields


def answer_checkout(payment: PaymentTransaction, gateways: GatewayCatalog) -> dict[str, Any]:
    """Write a payment as checkout and its retrieval answer it."""
    terms = payment.terms
    shown = {name: each for name, each in write_terms(terms).items() if name not in _WRITE_ONLY}
    methods = write_methods(payment, gateways)
    costs_more = any(differs_in_price(terms, each) for each in methods)
    return {
        "session_id": payment.session_id,
        "state": payment.state.value,
        **shown,
        **write_attachment(terms),
        "operation": gateways.named(terms.gateway_codes[0]).mode.value,
        "checkout_url": payment.checkout_url,
        "payment_methods": methods,
        **_links(payment),
        **({"billing": billing_in_words(terms, methods)} if costs_more else {}),
        **({"settled_pg_code": payment.settled_by} if payment.settled_by else {}),
    }


def asked_for(terms: PaymentTerms, name: str) -> bool:
    """Tell whether the merchant has set a flag that asks for something in the answers."""
    return orjson.loads(terms.details).get(name) is True


def _links(payment: PaymentTransaction) -> dict[str, str]:
    """Write the further addresses of the payment that were asked for."""
    identifier, origin = payment.session_id, payment.origin
    found = {
        "shortify_checkout_url": (
            "checkout_short_url",
            f"{origin}{SHORT_PATH}{short_code(identifier)}",
        ),
        "generate_qr_code": ("qr_code_url", f"{origin}{QR_PATH}{identifier}.png"),
        "preload_checkout_page": ("checkout_page_url", payment.checkout_url),
    }
    return dict(link for flag, link in found.items() if asked_for(payment.terms, flag))


def _notifications(
    wanted: Mapping[str, list[str]],
) -> tuple[tuple[Channel, frozenset[Event]], ...]:
    by_channel: dict[Channel, frozenset[Event]] = {}
    for name, events in wanted.items():
        # Only without validation there are others, and those mean nothing.
        if name.lower() in _CHANNELS:
            channel = Channel(name.lower())
            by_channel[channel] = by_channel.get(channel, frozenset()) | {
                Event(each) for each in events if each in _EVENTS
            }
    return tuple((channel, by_channel[channel]) for channel in Channel if channel in by_channel)
