"""The rules that a document cannot say, as a table from operation to rules.

A rule speaks only of fields that are there and have passed the document's own checks, so nobody is
told twice of one mistake. Its violations go into the same answer as the document's.

Source: FACTS 4 (amounts), 6, 7 (contacts), 8 (addresses), 9, 10 (payment types, invoices).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from types import MappingProxyType
from typing import Any, Final

from sandbox.contract.explaining import BLANK, EMPTY_LIST, REQUIRED
from sandbox.contract.formats import is_decimal
from sandbox.contract.invoice_rules import INVOICE_RULES
from sandbox.contract.outline import Outline
from sandbox.contract.tolerances import (
    CHECKOUT,
    FULL_UPDATE,
    INVOICE,
    PARTIAL_UPDATE,
)
from sandbox.contract.violations import MOST_TOLD, Location, Violation
from sandbox.domain.durations import LONGEST_DURATION, NotADuration, parse_duration
from sandbox.domain.money import UnknownCurrency, digits_beyond, fraction_digits, is_currency
from sandbox.domain.web_addresses import is_refused_address, is_web_address

MAX_AMOUNT_DIGITS: Final = 15
# As many as any currency has.
_MOST_PLACES: Final = 3
MAX_ADDRESS: Final = 2000

_ADDRESS_FIELDS: Final = ("redirect_url", "webhook_url")
_CONTACTS: Final = {
    "email": "customer_email",
    "sms": "customer_phone",
    "whatsapp": "customer_phone",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """A body under judgement: what the caller sent and what is wrong with it already.

    `currency` is that of the transaction, for calls whose body need not name one.
    """

    body: Mapping[str, Any]
    faulty: frozenset[Location]
    currency: str | None

    def text(self, name: str) -> str | None:
        """Return a text field that is there and has no fault."""
        value = self.body.get(name)
        return value if isinstance(value, str) and (name,) not in self.faulty else None

    def has(self, name: str) -> bool:
        """Tell whether a field is there with anything in it, faulty or not."""
        return self.body.get(name) not in (None, "", [], {})


Rule = Callable[[Facts], Iterator[Violation]]


def rules_of(operation_key: str, outline: Outline) -> tuple[Rule, ...]:
    """Return the rules of an operation, without those that its document states itself."""
    rules = RULES.get(operation_key, ())
    addresses = [outline.fields[name] for name in _ADDRESS_FIELDS if name in outline.fields]
    if all("uri" in place.formats and place.limits_length for place in addresses):
        return tuple(rule for rule in rules if rule is not sound_addresses)
    return rules


def check_fields(
    rules: tuple[Rule, ...],
    body: object,
    violations: list[Violation],
    *,
    currency: str | None,
) -> list[Violation]:
    """Return what the rules find, beside the violations that are known already."""
    if not rules or not isinstance(body, dict):
        return []
    facts = Facts(body, frozenset(one.location for one in violations), currency)
    return list(islice((found for rule in rules for found in rule(facts)), MOST_TOLD + 1))


def _found(rule: str, message: str, *location: str | int) -> Violation:
    return Violation(location=location, rule=rule, message=message)


def known_currency(facts: Facts) -> Iterator[Violation]:
    """`currency_code` is one of ISO 4217."""
    code = facts.text("currency_code")
    if code is not None and not is_currency(code):
        yield _found("not_a_choice", f'"{code[:10]}" is not a known currency.', "currency_code")


def known_currencies(facts: Facts) -> Iterator[Violation]:
    """`currencies` names none but those of ISO 4217."""
    codes = facts.body.get("currencies")
    for index, code in enumerate(codes if isinstance(codes, list) else ()):
        if ("currencies", index) not in facts.faulty and not is_currency(str(code)):
            message = f'"{str(code)[:10]}" is not a known currency.'
            yield _found("not_a_choice", message, "currencies", index)


def sound_amount(facts: Facts) -> Iterator[Violation]:
    """`amount` is exact, not too long, in the digits of its currency, and positive.

    Zero saves a card and pays nothing; for anything else it is refused.
    """
    text = facts.text("amount")
    if text is None:
        return
    if not is_decimal(text):
        yield _found("format", "A valid number is required.", "amount")
        return
    amount = Decimal(text)
    _, digits, power = amount.as_tuple()
    exponent = int(power)
    if max(len(digits), -exponent) > MAX_AMOUNT_DIGITS:
        message = f"Ensure that there are no more than {MAX_AMOUNT_DIGITS} digits in total."
        yield _found("max_digits", message, "amount")
        return
    saves_card = facts.body.get("payment_type") == "save_card"
    if saves_card and amount != 0:
        yield _found("maximum", "The amount must be 0 where a card is only saved.", "amount")
    elif amount < 0 or (amount == 0 and not saves_card):
        yield _found("minimum", "The amount must be greater than zero.", "amount")
    code = facts.text("currency_code") or facts.currency
    try:
        allowed = fraction_digits(code) if code is not None else None
    except UnknownCurrency:
        return
    # Zeros at the end change nothing: a published checkout is of `100.000` SAR.
    beyond = allowed is not None and digits_beyond(amount, code or "")
    if beyond or (allowed is not None and -exponent > max(allowed, _MOST_PLACES)):
        message = f"{code} takes no more than {allowed} decimal places."
        yield _found("max_decimal_places", message, "amount")


def payment_gateways(facts: Facts) -> Iterator[Violation]:
    """`pg_codes` names at least one gateway, and no empty one."""
    codes = facts.body.get("pg_codes")
    if not isinstance(codes, list):
        return
    if not codes and ("pg_codes",) not in facts.faulty:
        yield _found("min_items", EMPTY_LIST, "pg_codes")
    for index, code in enumerate(codes):
        is_blank = isinstance(code, str) and not code.strip()
        if is_blank and ("pg_codes", index) not in facts.faulty:
            yield _found("min_length", BLANK, "pg_codes", index)


def sound_addresses(facts: Facts) -> Iterator[Violation]:
    """`redirect_url` and `webhook_url` are web addresses that may stand in a header."""
    for name in _ADDRESS_FIELDS:
        url = facts.text(name)
        if url is None:
            continue
        if not is_web_address(url):
            message = "Enter a valid URL, beginning with http:// or https://."
            yield _found("format", message, name)
        elif len(url) > MAX_ADDRESS:
            message = f"Ensure this field has no more than {MAX_ADDRESS} characters."
            yield _found("max_length", message, name)


def callable_webhook(facts: Facts) -> Iterator[Violation]:
    """`webhook_url` is no link-local address and no metadata service."""
    url = facts.text("webhook_url")
    if url is not None and is_refused_address(url):
        message = "Webhooks are not sent to link-local or metadata addresses."
        yield _found("not_allowed", message, "webhook_url")


def sound_expiry(facts: Facts) -> Iterator[Violation]:
    """`expiration_time` is a duration longer than nothing, and one that ends some day."""
    text = facts.text("expiration_time")
    if text is None:
        return
    try:
        span = parse_duration(text)
    except (NotADuration, OverflowError):
        message = "Duration has wrong format. Use [DD] HH:MM:SS, PT30M or 30m."
        yield _found("format", message, "expiration_time")
        return
    if not span:
        yield _found("minimum", "The duration must be longer than zero.", "expiration_time")
    elif span > LONGEST_DURATION:
        yield _found("maximum", "The duration must be at most ten years.", "expiration_time")


def payment_type_needs(facts: Facts) -> Iterator[Violation]:
    """Saved cards belong to a customer, and automatic debits follow an agreement."""
    kind = facts.text("payment_type")
    if kind in {"auto_debit", "save_card"} and not facts.has("customer_id"):
        yield _found("required", f"{REQUIRED[:-1]} for {kind} payments.", "customer_id")
    if kind == "auto_debit" and not facts.has("agreement"):
        yield _found("required", f"{REQUIRED[:-1]} for auto_debit payments.", "agreement")


def one_gateway_for_instrument(facts: Facts) -> Iterator[Violation]:
    """A `payment_instrument` pays through the one gateway of `pg_codes`."""
    codes = facts.body.get("pg_codes")
    if facts.has("payment_instrument") and isinstance(codes, list) and len(codes) > 1:
        message = "Exactly one gateway is needed to pay with a `payment_instrument`."
        yield _found("max_items", message, "pg_codes")


def known_channels(facts: Facts) -> Iterator[Violation]:
    """`notifications` names the channels that there are."""
    wanted = facts.body.get("notifications")
    for name in wanted if isinstance(wanted, dict) else ():
        if name not in _CONTACTS and ("notifications", name) not in facts.faulty:
            message = f"There is no such channel. Choose of: {', '.join(_CONTACTS)}."
            yield _found("unknown", message, "notifications", name)


def contacts_of_notifications(facts: Facts) -> Iterator[Violation]:
    """A channel that is to send needs somewhere to send to."""
    wanted = facts.body.get("notifications")
    if not isinstance(wanted, dict):
        return
    for channel, contact in _CONTACTS.items():
        if wanted.get(channel) and not facts.has(contact):
            message = f"To use {channel} notifications provide the `{contact}` field."
            yield _found("required", message, "notifications", channel)


def names_a_transaction(facts: Facts) -> Iterator[Violation]:
    """`session_id` or `order_no` says which transaction is meant."""
    if not facts.has("session_id") and not facts.has("order_no"):
        yield _found("required", "Provide the `session_id` or the `order_no` of the transaction.")


def some_channels(facts: Facts) -> Iterator[Violation]:
    """`channels` names at least one."""
    if facts.body.get("channels") == [] and ("channels",) not in facts.faulty:
        yield _found("min_items", EMPTY_LIST, "channels")


_MONEY: Final = (known_currency, sound_amount)
_ADDRESSES: Final = (sound_addresses, callable_webhook)
_NOTIFICATIONS: Final = (known_channels, contacts_of_notifications)
_NEW_PAYMENT: Final = (*_MONEY, payment_gateways, *_ADDRESSES, sound_expiry, payment_type_needs)
RULES: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {
        CHECKOUT: (*_NEW_PAYMENT, one_gateway_for_instrument, *_NOTIFICATIONS),
        FULL_UPDATE: (*_NEW_PAYMENT, known_channels),
        PARTIAL_UPDATE: (*_MONEY, payment_gateways, *_ADDRESSES, sound_expiry, known_channels),
        INVOICE: (
            *(known_currency, payment_gateways, *_ADDRESSES, sound_expiry, payment_type_needs),
            *(*_NOTIFICATIONS, *INVOICE_RULES),
        ),
        "POST /b/pbl/v2/payment-methods/": (known_currencies,),
        "POST /b/pbl/v2/operation/": (names_a_transaction, sound_amount),
        "POST /b/pbl/v2/inquiry/": (names_a_transaction, *_ADDRESSES),
        "POST /b/pbl/v2/message-notification/": (names_a_transaction, some_channels),
    }
)
