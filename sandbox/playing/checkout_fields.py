"""The checkout that a play makes when it says nothing else: one that the scenario's `match` takes.

Source: DESIGN (scenario language, `play`).
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Final

from sandbox.domain.events import NOTIFIABLE, Channel
from sandbox.domain.gateways import GatewayCatalog
from sandbox.domain.money import format_amount, fraction_digits, is_currency
from sandbox.domain.transactions import PaymentType, TransactionType
from sandbox.scenarios.matching import matches
from sandbox.scenarios.model import Match

_AMOUNT: Final = Decimal(10)
_GATEWAY: Final = "credit-card"
_DEFAULTS: Final = {
    "type": TransactionType.PAYMENT_REQUEST.value,
    "currency_code": "KWD",
    "customer_email": "payer@example.com",
    "customer_phone": "+96550000000",
}
# What a field that has few values is tried with.
_KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "type": tuple(TransactionType),
    "payment_type": tuple(PaymentType),
    "currency_code": ("SAR", "AED", "USD", "BHD", "OMR", "QAR", "EGP", "EUR", "JPY"),
}
_CLASS: Final = re.compile(r"\[!?\]?[^\]]*\]")
_LETTERS: Final = "1aA-_.x0Zz"


def checkout_fields(
    match: Match | None, fields: Mapping[str, object], gateways: GatewayCatalog, number: int
) -> dict[str, object]:
    """Return the body of the play's checkout of this number, with its own `fields` on top.

    A field that is null is left out. All notifications are on for which there is a contact.
    """
    wanted = match or Match()
    default: dict[str, object] = {
        **_DEFAULTS,
        "order_no": f"order-{number}",
    }
    for name, glob in wanted.texts.items():
        default[name] = _text(name, glob, default.get(name))
    default["pg_codes"] = [_code(wanted.pg_codes, gateways)]
    if wanted.extra:
        default["extra"] = {name: _sample(glob) for name, glob in wanted.extra.items()}
    currency = str(fields.get("currency_code") or default["currency_code"])
    default["amount"] = _amount(wanted, currency)
    body = {name: value for name, value in {**default, **fields}.items() if value is not None}
    # The platform refuses notifications without the contact that they need.
    on = {
        channel.value: sorted(event.value for event in events)
        for channel, events in NOTIFIABLE.items()
        if ("customer_email" if channel is Channel.EMAIL else "customer_phone") in body
    }
    return body if "notifications" in fields else {**body, "notifications": on}


def _text(name: str, glob: str, default: object) -> str:
    tried = (str(default or ""), *_KNOWN.get(name, ()))
    return _first((text for text in tried if text), (glob,)) or _sample(glob)


def _code(globs: tuple[str, ...], gateways: GatewayCatalog) -> str:
    if not globs:
        return _GATEWAY
    return _first((_GATEWAY, *gateways.codes()), globs) or _sample(globs[0])


def _first(texts: Iterable[str], globs: tuple[str, ...]) -> str | None:
    return next((text for text in texts for glob in globs if fnmatchcase(text, glob)), None)


def _sample(glob: str) -> str:
    """Return a text that a glob takes."""
    text, at = "", 0
    while at < len(glob):
        matched = _CLASS.match(glob, at)
        if matched:
            text += next((each for each in _members(matched[0])), "")
            at = matched.end()
        else:
            text += "1" if glob[at] in "*?" else glob[at]
            at += 1
    return text


def _members(character_class: str) -> Iterable[str]:
    return (each for each in f"{_LETTERS}{character_class}" if fnmatchcase(each, character_class))


def _amount(match: Match, currency: str) -> str:
    if not is_currency(currency):
        return str(_AMOUNT)
    step = Decimal(1).scaleb(-fraction_digits(currency))
    bounds = [each.amount for each in match.amount]
    tried = (_AMOUNT, *bounds, *(each + step for each in bounds), *(each - step for each in bounds))
    only = Match(amount=match.amount)
    fitting = (amount for amount in tried if matches(only, {"amount": amount}))
    return format_amount(next(fitting, _AMOUNT), currency)
