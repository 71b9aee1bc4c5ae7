"""What the engine cannot do without: judged in every mode, and with `off` nothing else is.

Each rule asks only whether a value can be understood at all, not whether the platform would take it.

Source: DESIGN (validation modes).
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sandbox.contract.explaining import BLANK, EMPTY_LIST, REQUIRED
from sandbox.contract.field_rules import (
    MAX_AMOUNT_DIGITS,
    Facts,
    Rule,
    known_currency,
    sound_expiry,
)
from sandbox.contract.formats import is_decimal
from sandbox.contract.tolerances import CHECKOUT, FULL_UPDATE, PARTIAL_UPDATE
from sandbox.contract.violations import Location, Violation
from sandbox.domain.events import Channel
from sandbox.domain.operations import Operation
from sandbox.domain.transactions import PaymentType, TransactionType

_CHANNELS: Final = tuple(each.value for each in Channel)
_NOT_A_TEXT: Final = "Not a valid string."


def _given(*names: str) -> Rule:
    def rule(facts: Facts) -> Iterator[Violation]:
        for name in names:
            if facts.body.get(name) in (None, ""):
                yield from _unless_known(facts, "required", REQUIRED, name)

    return rule


def _texts(*names: str) -> Rule:
    def rule(facts: Facts) -> Iterator[Violation]:
        for name in names:
            if not isinstance(facts.body.get(name), str | None):
                yield from _unless_known(facts, "type", _NOT_A_TEXT, name)

    return rule


def _lists_of_texts(*names: str) -> Rule:
    def rule(facts: Facts) -> Iterator[Violation]:
        for name in names:
            value = facts.body.get(name)
            if value is None:
                continue
            if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
                yield from _unless_known(facts, "type", "Expected a list of texts.", name)

    return rule


def _choice(name: str, choices: type[StrEnum]) -> Rule:
    known = [each.value for each in choices]
    told = f"This is not a valid choice. Choose one of: {', '.join(known)}."

    def rule(facts: Facts) -> Iterator[Violation]:
        value = facts.body.get(name)
        if value not in (None, "") and value not in known:
            yield from _unless_known(facts, "not_a_choice", told, name)

    return rule


def _exact_amount(facts: Facts) -> Iterator[Violation]:
    """`amount` is a number that can be written down."""
    value = facts.body.get("amount")
    if value in (None, ""):
        return
    if not isinstance(value, str) or not is_decimal(value):
        yield from _unless_known(facts, "format", "A valid number is required.", "amount")
        return
    _, digits, power = Decimal(value).as_tuple()
    if max(len(digits), -int(power)) > MAX_AMOUNT_DIGITS:
        told = f"Ensure that there are no more than {MAX_AMOUNT_DIGITS} digits in total."
        yield from _unless_known(facts, "max_digits", told, "amount")


def _some_gateway(facts: Facts) -> Iterator[Violation]:
    """`pg_codes` names a gateway."""
    codes = facts.body.get("pg_codes")
    if codes == []:
        yield from _unless_known(facts, "min_items", EMPTY_LIST, "pg_codes")
    elif isinstance(codes, list) and "" in codes:
        yield from _unless_known(facts, "min_length", BLANK, "pg_codes", codes.index(""))


def _readable_notifications(facts: Facts) -> Iterator[Violation]:
    """`notifications` has lists of events; what is in them beyond those known says nothing."""
    wanted = facts.body.get("notifications")
    if not wanted:
        return
    if not isinstance(wanted, dict):
        told = "Invalid data. Expected a dictionary."
        yield from _unless_known(facts, "not_an_object", told, "notifications")
        return
    for channel in Channel:
        events = wanted.get(channel.value) or []
        if not isinstance(events, list) or not all(isinstance(each, str) for each in events):
            told = "Expected a list of texts."
            yield from _unless_known(facts, "type", told, "notifications", channel.value)


def _known_channels(facts: Facts) -> Iterator[Violation]:
    """`channels` names channels."""
    channels = facts.body.get("channels")
    for index, name in enumerate(channels if isinstance(channels, list) else ()):
        if name not in _CHANNELS:
            told = f"This is not a valid choice. Choose one of: {', '.join(_CHANNELS)}."
            yield from _unless_known(facts, "not_a_choice", told, "channels", index)


def _unless_known(
    facts: Facts, rule: str, message: str, *location: str | int
) -> Iterator[Violation]:
    """Yield a violation unless something is said already of that value or of one inside it."""
    place: Location = location
    if not any(known[: len(place)] == place for known in facts.faulty):
        yield Violation(location=place, rule=rule, message=message)


_NAMES: Final = _texts("session_id", "order_no")
_TERMS: Final = (
    *(_choice("type", TransactionType), _exact_amount, known_currency, _some_gateway),
    *(_lists_of_texts("pg_codes", "email_recipients"), _choice("payment_type", PaymentType)),
    _texts(
        *("order_no", "customer_id", "customer_email", "customer_phone", "currency_code"),
        *("language", "webhook_url", "redirect_url", "expiration_time"),
    ),
    *(_readable_notifications, sound_expiry),
)
_NEW: Final = (_given("type", "amount", "currency_code", "pg_codes"), *_TERMS)
NEEDS: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {
        CHECKOUT: _NEW,
        FULL_UPDATE: _NEW,
        PARTIAL_UPDATE: _TERMS,
        "POST /b/pbl/v2/operation/": (
            *(_given("operation"), _choice("operation", Operation), _exact_amount, _NAMES),
        ),
        "POST /b/pbl/v2/message-notification/": (
            *(_given("channels"), _lists_of_texts("channels"), _known_channels, _NAMES),
        ),
    }
)
