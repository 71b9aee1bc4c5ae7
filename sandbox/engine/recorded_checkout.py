"""The checkout that a recorded payment began with, and the settings that it was under."""

import json
from datetime import timedelta
from typing import Any, Final

from sandbox.domain.durations import format_duration
from sandbox.domain.events import NOTIFIABLE, Channel
from sandbox.domain.money import format_amount
from sandbox.domain.settings import ChannelSettings, WorkspaceSettings
from sandbox.domain.transactions import PaymentTransaction, PaymentType
from sandbox.engine.webhooks import operation_urls, payment_urls

_DEFAULTS: Final = WorkspaceSettings()
_ENGLISH: Final = "en"


def checkout_fields(payment: PaymentTransaction) -> dict[str, Any]:
    """Return the request fields that decide what can happen to the payment.

    Nobody's name, address or order number is among them: a contact that was there is that of the
    play, and one that was not is left out.
    """
    terms = payment.terms
    notifications = {
        channel.value: sorted(event.value for event in events)
        for channel, events in terms.notifications
        if events
    }
    # A play has all notifications on for which there is a contact.
    is_usual = dict(terms.notifications) == {
        channel: events
        for channel, events in NOTIFIABLE.items()
        if (terms.customer_email if channel is Channel.EMAIL else terms.customer_phone)
    }
    fields: dict[str, Any] = {
        "type": terms.type.value,
        "amount": format_amount(terms.amount, terms.currency_code),
        "currency_code": terms.currency_code,
        "pg_codes": list(terms.gateway_codes),
    }
    if not is_usual:
        fields["notifications"] = notifications or None
    if terms.payment_type is not PaymentType.ONE_OFF:
        fields["payment_type"] = terms.payment_type.value
        agreement = json.loads(terms.details).get("agreement")
        if agreement is not None:
            fields["agreement"] = agreement
    if terms.language != _ENGLISH:
        fields["language"] = terms.language
    if terms.webhook_url is not None:
        fields["webhook_url"] = terms.webhook_url
    if terms.customer_id is not None:
        fields["customer_id"] = "customer-1"
    absent = (("customer_email", terms.customer_email), ("customer_phone", terms.customer_phone))
    return fields | {name: None for name, contact in absent if contact is None}


def settings_of(payment: PaymentTransaction, settings: WorkspaceSettings) -> dict[str, Any]:
    """Return the settings that differ from the platform's own and decide what happens."""
    written: dict[str, Any] = {}
    if not payment.several_attempts:
        written["multi_attempt"] = False
    lasts = payment.expires_at - payment.created_at
    if lasts != _DEFAULTS.expire_after and lasts > timedelta():
        written["expire_after"] = format_duration(lasts)
    written |= _receivers(payment, settings)
    if settings.webhook_version is not _DEFAULTS.webhook_version:
        written["webhook_version"] = settings.webhook_version.value
    if settings.webhook_statuses is not None:
        written["webhook_statuses"] = sorted(each.value for each in settings.webhook_statuses)
    for name in ("webhook_timeout", "webhook_backoff"):
        span = getattr(settings, name)
        if span != getattr(_DEFAULTS, name):
            written[name] = format_duration(span)
    if settings.webhook_retries != _DEFAULTS.webhook_retries:
        written["webhook_retries"] = settings.webhook_retries
    channels = {
        channel.value: _channel(settings.channels[channel])
        for channel in Channel
        if settings.channels[channel] != ChannelSettings()
    }
    return {**written, "channels": channels} if channels else written


def _receivers(payment: PaymentTransaction, settings: WorkspaceSettings) -> dict[str, Any]:
    """Return where webhooks go, where that is not the one receiver that every play has."""
    own = payment.terms.webhook_url
    plain: dict[str, Any] = {}
    if settings.webhook_url is None and (
        not payment_urls(own, settings) or not operation_urls(own, settings)
    ):
        plain["webhook_url"] = None
    for name in ("operations_webhook_url", "plugin_webhook_url"):
        url = getattr(settings, name)
        if url is not None:
            plain[name] = url
    return plain


def _channel(channel: ChannelSettings) -> dict[str, Any]:
    written: dict[str, Any] = {} if channel.configured else {"configured": False}
    if channel.templates:
        written["templates"] = {name: each.value for name, each in channel.templates.items()}
    return written
