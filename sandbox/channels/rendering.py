"""The words of one message, from its template and the transaction as it stood at the event.

Texts for people who read from right to left hold amounts and numbers, which run the other way; each
is isolated, so that neither mixes up the other's order. A link in a plain text stands on a line of
its own and needs nothing: an invisible sign behind it would become part of the address.

Source: DESIGN (control API, message); Unicode Standard Annex 9, isolates.
"""

import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.channels.templates import RIGHT_TO_LEFT, MessageTemplates, spoken_language
from sandbox.domain.attachments import AttachedFile
from sandbox.domain.events import Channel, Event
from sandbox.domain.messages import Message
from sandbox.domain.money import format_amount
from sandbox.domain.transactions import PaymentTransaction

SUMMARY_PATH: Final = "/b/checkout/redirect/summary/"
INVOICE_PATH: Final = "/b/invoice/page/"

_FIRST_STRONG_ISOLATE: Final = "\u2068"
_POP_ISOLATE: Final = "\u2069"
_STRONG_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
# Signs that turn text around, or end what an isolate holds.
_DIRECTION_SIGNS: Final = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_BREAKS: Final = frozenset({"Cc", "Zl", "Zp"})
_SURROGATE: Final = "Cs"
# What ends the sentence is no part of the address.
_URL: Final = re.compile(
    r"https?://[^\s<>\"'\u2068\u2069]*[^\s<>\"'\u2068\u2069.,;:!?)\]]",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    """What the payer reads. Only email has a subject and HTML; `links` are those of the text."""

    text: str
    links: tuple[str, ...]
    subject: str = ""
    html: str = ""


def render(message: Message, templates: MessageTemplates) -> Rendered:
    """Fill in the message's template; a message that has no transaction has its text already.

    Raises:
        KeyError: the channel never tells of this event.
    """
    if message.payment is None or message.event is None:
        return Rendered(
            subject=message.subject,
            text=message.text,
            html=message.html,
            links=links_of(message.text),
        )
    language = spoken_language(message.language)
    template = templates.of(message.channel, message.event, language)
    link = link_of(message.payment, message.event)
    values = {name: tamed(value) for name, value in _values(message, message.payment).items()}
    plain = {
        **{name: isolated(value, language) for name, value in values.items()},
        "link": link,
    }
    text = template.text.substitute(plain).rstrip("\n")
    file = message.payment.terms.attachment
    if file is not None:
        # without words of ours, so that it reads the same in every language
        text += f"\n\n{file.short_url or file.url}"
    if _shows_invoice(message.payment, message.event):
        text += f"\n\n{invoice_url(message.payment)}"
    if message.channel is not Channel.EMAIL:
        return Rendered(text=text, links=links_of(text))
    subject = tamed(template.subject.substitute(plain), keep_isolates=True).strip()
    escaped = {name: html.escape(value) for name, value in {**values, "link": link}.items()}
    page = template.layout.substitute(
        escaped,
        subject=html.escape(subject),
        content=template.html.substitute(escaped).rstrip("\n")
        + _file_link(file)
        + _invoice_link(message.payment, message.event),
    )
    return Rendered(subject=subject, text=text, html=page, links=links_of(text))


def summary_url(payment: PaymentTransaction) -> str:
    """Return where the payer sees how the payment stands (the path is ours)."""
    return f"{payment.origin}{SUMMARY_PATH}?session_id={payment.session_id}"


def link_of(payment: PaymentTransaction, event: Event) -> str:
    """Return the link of a message: to pay while that is asked for, else to the summary."""
    return payment.checkout_url if event is Event.CREATED else summary_url(payment)


def invoice_url(payment: PaymentTransaction) -> str:
    """Return where the invoice that a payment collects can be read (the path is ours)."""
    return f"{payment.origin}{INVOICE_PATH}?session_id={payment.session_id}"


def _shows_invoice(payment: PaymentTransaction, event: Event) -> bool:
    return payment.terms.invoice_number is not None and event is Event.CREATED


def _invoice_link(payment: PaymentTransaction, event: Event) -> str:
    if not _shows_invoice(payment, event):
        return ""
    number = html.escape(tamed(payment.terms.invoice_number or ""))
    return f'\n<p><a href="{html.escape(invoice_url(payment))}"><bdi>{number}</bdi></a></p>'


def _file_link(file: AttachedFile | None) -> str:
    if file is None:
        return ""
    name = html.escape(tamed(file.name))
    return f'\n<p><a href="{html.escape(file.url)}"><bdi>{name}</bdi></a></p>'


def links_of(text: str) -> tuple[str, ...]:
    """Return the web addresses in a text, each once."""
    return tuple(dict.fromkeys(_URL.findall(text)))


def _values(message: Message, payment: PaymentTransaction) -> Mapping[str, str]:
    terms = payment.terms
    digits = message.amount or format_amount(terms.amount, terms.currency_code)
    return {
        "amount": f"{digits} {terms.currency_code}",
        "order": terms.order_no or payment.reference_number,
        "reference": payment.reference_number,
    }


def tamed(value: str, *, keep_isolates: bool = False) -> str:
    """Return the value as one line that cannot turn around what stands next to it."""
    if not keep_isolates:
        value = value.translate(_DIRECTION_SIGNS)
    return "".join(_tamed_sign(sign) for sign in value)


def _tamed_sign(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in _BREAKS:
        return " "  # a line break in a subject would begin another header
    return "\N{REPLACEMENT CHARACTER}" if category == _SURROGATE else sign


def isolated(value: str, language: str) -> str:
    """Return the value so that it and the text around it each keep their own direction."""
    # Not always: the signs are not in the alphabet of an SMS, and would more than halve its room.
    mixes = language in RIGHT_TO_LEFT or any(
        unicodedata.bidirectional(sign) in _STRONG_RIGHT_TO_LEFT for sign in value
    )
    if not mixes:
        return value
    return f"{_FIRST_STRONG_ISOLATE}{value}{_POP_ISOLATE}"
