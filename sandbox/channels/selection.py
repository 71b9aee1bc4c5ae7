"""Which messages follow from an event, to whom, and which a resend would repeat.

Source: FACTS 7.
"""

from typing import Final, NamedTuple

from sandbox.channels.templates import template_name
from sandbox.domain.events import NOTIFIABLE, OPERATION_EVENTS, Channel, Event
from sandbox.domain.money import format_amount
from sandbox.domain.settings import ChannelSettings, TemplateStatus
from sandbox.domain.transactions import PaymentTerms, PaymentTransaction, TransactionType

# The order in which the messages of one event go out.
CHANNEL_ORDER: Final = (Channel.EMAIL, Channel.SMS, Channel.WHATSAPP)


class Recipients(NamedTuple):
    """Who gets one message: the payer, and by email those who get copies."""

    to: str
    cc: tuple[str, ...] = ()


def recipients(payment: PaymentTransaction, channel: Channel) -> Recipients | None:
    """Return who gets a message by this channel, or None when the payer's contact is missing."""
    terms = payment.terms
    if channel is not Channel.EMAIL:
        return Recipients(terms.customer_phone) if terms.customer_phone else None
    if not terms.customer_email:
        return None
    if not terms.email_recipients:
        return Recipients(terms.customer_email)
    others = dict.fromkeys(each for each in terms.email_recipients if each != terms.customer_email)
    return Recipients(terms.customer_email, tuple(others))


def can_tell(kind: TransactionType, channel: Channel, event: Event) -> bool:
    """Tell whether a channel can send a message of this event at all, for a type of transaction."""
    if kind is TransactionType.E_COMMERCE and event is Event.CREATED:
        return False  # the payer is in the shop already
    return event in NOTIFIABLE[channel]


def is_enabled(terms: PaymentTerms, channel: Channel, event: Event) -> bool:
    """Tell whether the merchant wants a message of this event by a channel that can send it."""
    return event in terms.notified_events(channel) and can_tell(terms.type, channel, event)


def automatic_channels(payment: PaymentTransaction, event: Event) -> tuple[Channel, ...]:
    """Return the channels that send a message by themselves when the event happens.

    A channel whose contact is missing sends nothing; only a resend calls that an error.
    """
    return tuple(
        channel
        for channel in CHANNEL_ORDER
        if is_enabled(payment.terms, channel, event) and recipients(payment, channel)
    )


def newest_sendable_event(payment: PaymentTransaction, channel: Channel) -> Event | None:
    """Return the event that a resend by this channel tells of, or None if there is none.

    It is the newest event reached that is enabled for the channel and that the channel can send:
    after a refund, `refunded` by email and SMS but `paid` by WhatsApp.
    """
    terms = payment.terms
    wanted = terms.notified_events(channel)
    for event in reversed(payment.events):
        if event in wanted and can_tell(terms.type, channel, event):
            return event
    return None


def amount_of_event(payment: PaymentTransaction, event: Event) -> str:
    """Return the amount of the newest child transaction of this event, such as `4.000`.

    Empty for an event of the payment itself, which concerns all of it.
    """
    if event not in OPERATION_EVENTS:
        return ""
    amounts = [child.amount for child in payment.children if child.event is event]
    return format_amount(amounts[-1], payment.terms.currency_code) if amounts else ""


def template_status(
    settings: ChannelSettings, channel: Channel, event: Event, language: str
) -> TemplateStatus:
    """Return how the template of an event stands; what settings do not name is approved.

    Settings name a template by its event, or by its own name, which counts for more.
    """
    if not settings.templates:
        return TemplateStatus.APPROVED
    by_name = settings.templates.get(template_name(channel, event, language))
    return by_name or settings.templates.get(event, TemplateStatus.APPROVED)
