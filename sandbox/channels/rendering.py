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
from sandbox.domain.events import Channel, Event
from sandbox.domain.messages import Message
from sandbox.domain.money import format_amount
from sandbox.domain.transactions import PaymentTransaction

SUMMARY_PATH: Final = "/b/checkout/redirect/summary/"

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
        return Rendered(subject=message.subject, text=message.text, links=_links(message.text))
    language = spoken_language(message.language)
    template = templates.of(message.channel, message.event, language)
    link = link_of(message.payment, message.event)
    values = {name: _tamed(value) for name, value in _values(message, message.payment).items()}
    plain = {
        **{name: _isolated(value, language) for name, value in values.items()},
        "link": link,
    }
    text = template.text.substitute(plain).rstrip("\n")
    if message.channel is not Channel.EMAIL:
        return Rendered(text=text, links=_links(text))
    subject = _tamed(template.subject.substitute(plain), keep_isolates=True).strip()
    escaped = {name: html.escape(value) for name, value in {**values, "link": link}.items()}
    page = template.layout.substitute(
        escaped,
        subject=html.escape(subject),
        content=template.html.substitute(escaped).rstrip("\n"),
    )
    return Rendered(subject=subject, text=text, html=page, links=_links(text))


def summary_url(payment: PaymentTransaction) -> str:
    """Return where the payer sees how the payment stands (the path is ours)."""
    return f"{payment.origin}{SUMMARY_PATH}?session_id={payment.session_id}"


def link_of(payment: PaymentTransaction, event: Event) -> str:
    """Return the link of a message: to pay while that is asked for, else to the summary."""
    return payment.checkout_url if event is Event.CREATED else summary_url(payment)


def _links(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_URL.findall(text)))


def _values(message: Message, payment: PaymentTransaction) -> Mapping[str, str]:
    terms = payment.terms
    digits = message.amount or format_amount(terms.amount, terms.currency_code)
    return {
        "amount": f"{digits} {terms.currency_code}",
        "order": terms.order_no or payment.reference_number,
        "reference": payment.reference_number,
    }


def _tamed(value: str, *, keep_isolates: bool = False) -> str:
    """Return the value as one line that cannot turn around what stands next to it."""
    if not keep_isolates:
        value = value.translate(_DIRECTION_SIGNS)
    return "".join(_tamed_sign(sign) for sign in value)


def _tamed_sign(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in _BREAKS:
        return " "  # a line break in a subject would begin another header
    return "\N{REPLACEMENT CHARACTER}" if category == _SURROGATE else sign


def _isolated(value: str, language: str) -> str:
    # Not always: the signs are not in the alphabet of an SMS, and would more than halve its room.
    mixes = language in RIGHT_TO_LEFT or any(
        unicodedata.bidirectional(sign) in _STRONG_RIGHT_TO_LEFT for sign in value
    )
    if not mixes:
        return value
    return f"{_FIRST_STRONG_ISOLATE}{value}{_POP_ISOLATE}"
