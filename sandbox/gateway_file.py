"""Reads `specs/gateways.yaml`; a wrong entry is told with its line."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, TypeVar

import yaml

from sandbox.domain.errors import SandboxError
from sandbox.domain.gateways import (
    DeviceWallet,
    Gateway,
    GatewayCatalog,
    GatewayMode,
    RefundMode,
    TestCard,
)
from sandbox.domain.money import ZERO, is_currency
from sandbox.domain.operations import EXTERNAL
from sandbox.domain.pay_later import PayLater
from sandbox.domain.pricing import ExchangeRates, Fee
from sandbox.scenarios.model import Outcome

_Place = tuple[str | int, ...]
_Choice = TypeVar("_Choice", bound=StrEnum)

# Of these only capture, void and refund are called after a payment; `auth` and `purchase` are what
# an account may be opened for, and `mode` says for which it was.
_ABILITIES: Final = EXTERNAL | {"auth", "autodebit", "purchase", "tokenization"}
_ENTRY_KEYS: Final = frozenset(
    {
        "code",
        "currencies",
        "fee",
        "flow",
        "inquiry_minutes",
        "like",
        "mode",
        "name",
        "operations",
        "pay_later",
        "refunds",
        "reports_operations",
        "tags",
        "test_cards",
        "title",
        "wallets",
    }
)
_FEE_KEYS: Final = frozenset({"amount", "ar", "currency", "en", "percent"})
_PAY_LATER_KEYS: Final = frozenset({"currency", "from", "instalments", "to"})
_CARD_KEYS: Final = frozenset({"brand", "gateway_code", "message", "number", "outcome"})
_CARD_LENGTHS: Final = range(12, 20)
# What is paid in at a gateway that takes every currency, unless another is asked for.
_USUAL_CURRENCY: Final = "KWD"


class InvalidGatewayFile(SandboxError):
    """The file of gateways has a mistake."""

    def __init__(self, source: str, line: int, message: str) -> None:
        super().__init__(f"{source}:{line}: {message}")
        self.source = source
        self.line = line


class _Wrong(Exception):
    """A value of the file is wrong; the place is a path of keys and positions."""

    def __init__(self, place: _Place, message: str) -> None:
        super().__init__(message)
        self.place = place


def read_gateways(text: str, *, source: str = "gateways.yaml") -> GatewayCatalog:
    """Return the gateways of a YAML text, in its order; `source` names it in errors.

    Raises:
        InvalidGatewayFile: not YAML, or a wrong entry: the first one, with its line.

    Source: FACTS 6 and 10, DESIGN (gateways).
    """
    try:
        keys = frozenset({"exchange_rates", "gateways"})
        document = _mapping(yaml.load(text, Loader=yaml.CSafeLoader), (), keys)
        return GatewayCatalog(_gateways(document), _rates(document.get("exchange_rates", {})))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = 1 if mark is None else mark.line + 1
        raise InvalidGatewayFile(source, line, f"not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise InvalidGatewayFile(source, 1, f"not YAML: {error}") from None
    except _Wrong as wrong:
        raise InvalidGatewayFile(source, _line(text, wrong.place), str(wrong)) from None


def _rates(value: object) -> ExchangeRates:
    place: _Place = ("exchange_rates",)
    if not isinstance(value, dict):
        raise _Wrong(place, "an object is wanted here, from currency to what one unit is worth")
    worth: dict[str, Decimal] = {}
    for code, rate in value.items():
        worth[_currency(code, (*place, code))] = amount = _amount(rate, (*place, code))
        if not amount:
            raise _Wrong((*place, code), f"{code} is worth nothing")
    return ExchangeRates(worth)


def _gateways(document: Mapping[str, object]) -> list[Gateway]:
    found = document.get("gateways")
    entries: dict[str, tuple[_Place, Mapping[str, object]]] = {}
    for position, each in enumerate(_list(found, ("gateways",))):
        place: _Place = ("gateways", position)
        entry = _mapping(each, place, _ENTRY_KEYS)
        code = _text(entry.get("code"), (*place, "code"))
        if code in entries:
            raise _Wrong((*place, "code"), f"a second gateway `{code}`")
        entries[code] = place, entry
    # Those that others are like come first, so that a mistake is told where it stands.
    built = {
        code: _gateway(*_completed(place, entry, entries))
        for code, (place, entry) in sorted(entries.items(), key=lambda each: "like" in each[1][1])
    }
    return [built[code] for code in entries]


def _completed(
    place: _Place,
    entry: Mapping[str, object],
    entries: Mapping[str, tuple[_Place, Mapping[str, object]]],
) -> tuple[_Place, Mapping[str, object]]:
    """Return the entry with the keys of the one that it is `like`."""
    if "like" not in entry:
        return place, entry
    code = _text(entry["like"], (*place, "like"))
    if code not in entries:
        raise _Wrong((*place, "like"), f"no gateway `{code}`")
    _, other = entries[code]
    if "like" in other:
        raise _Wrong((*place, "like"), f"`{code}` is itself like another one")
    return place, {"name": code, **other, **entry}


def _gateway(place: _Place, entry: Mapping[str, object]) -> Gateway:
    code = _text(entry["code"], (*place, "code"))
    name = _text(entry.get("name", code), (*place, "name"))
    abilities = _each(entry.get("operations", []), (*place, "operations"), _ability)
    currencies = _each(entry.get("currencies", []), (*place, "currencies"), _currency)
    return Gateway(
        code=code,
        name=name,
        title=_text(entry.get("title", name), (*place, "title")),
        mode=_choice(entry.get("mode", "purchase"), (*place, "mode"), GatewayMode),
        currencies=frozenset(currencies),
        default_currency=currencies[0] if currencies else _USUAL_CURRENCY,
        operations=EXTERNAL.intersection(abilities),
        refunds=_choice(entry.get("refunds", "realtime"), (*place, "refunds"), RefundMode),
        tokenization="tokenization" in abilities,
        auto_debit="autodebit" in abilities,
        reports_operations=_switch(
            entry.get("reports_operations", True), (*place, "reports_operations")
        ),
        inquiry_minutes=_minutes(entry.get("inquiry_minutes"), (*place, "inquiry_minutes")),
        flow=_text(entry.get("flow", "redirect"), (*place, "flow")),
        test_cards=_cards(entry.get("test_cards", []), (*place, "test_cards")),
        fee=_fee(entry.get("fee"), (*place, "fee")),
        pay_later=_pay_later(entry.get("pay_later"), (*place, "pay_later")),
        wallets=tuple(_each(entry.get("wallets", []), (*place, "wallets"), _wallet)),
        tags=tuple(_each(entry.get("tags", []), (*place, "tags"), _text)),
    )


def _fee(value: object, place: _Place) -> Fee | None:
    if value is None:
        return None
    fee = _mapping(value, place, _FEE_KEYS)
    if "amount" not in fee and "percent" not in fee:
        raise _Wrong(place, "a fee has an `amount` with its `currency`, a `percent`, or both")
    amount = _amount(fee.get("amount", "0"), (*place, "amount"))
    descriptions = {"en": _text(fee.get("en"), (*place, "en"))}
    if "ar" in fee:
        descriptions["ar"] = _text(fee["ar"], (*place, "ar"))
    return Fee(
        amount=amount,
        currency_code=_currency(fee.get("currency"), (*place, "currency")) if amount else "",
        percent=_amount(fee.get("percent", "0"), (*place, "percent")),
        descriptions=descriptions,
    )


def _pay_later(value: object, place: _Place) -> PayLater | None:
    if value is None:
        return None
    terms = _mapping(value, place, _PAY_LATER_KEYS)
    return PayLater(
        least=_amount(terms.get("from"), (*place, "from")),
        most=_amount(terms.get("to"), (*place, "to")),
        currency_code=_currency(terms.get("currency"), (*place, "currency")),
        instalments=tuple(
            _each(terms.get("instalments", []), (*place, "instalments"), _instalments)
        ),
    )


def _cards(value: object, place: _Place) -> tuple[TestCard, ...]:
    cards = tuple(_each(value, place, _card))
    seen: set[str] = set()
    for position, card in enumerate(cards):
        if card.number in seen:
            raise _Wrong((*place, position, "number"), f"a second card {card.number}")
        seen.add(card.number)
    return cards


def _card(value: object, place: _Place) -> TestCard:
    card = _mapping(value, place, _CARD_KEYS)
    number = _text(card.get("number"), (*place, "number"))
    if not (number.isascii() and number.isdigit() and len(number) in _CARD_LENGTHS):
        raise _Wrong((*place, "number"), "a card number is 12 to 19 digits without spaces")
    return TestCard(
        number=number,
        outcome=_choice(card.get("outcome"), (*place, "outcome"), Outcome),
        brand=_text(card.get("brand", ""), (*place, "brand"), empty=True),
        gateway_code=_optional(card.get("gateway_code"), (*place, "gateway_code")),
        message=_optional(card.get("message"), (*place, "message")),
    )


def _mapping(value: object, place: _Place, keys: frozenset[str]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _Wrong(place, f"an object is wanted here, with {_listed(keys)}")
    for key in value:
        if key not in keys:
            raise _Wrong((*place, key), f"unknown key `{key}`; known are {_listed(keys)}")
    return value


def _list(value: object, place: _Place) -> Sequence[object]:
    if not isinstance(value, list):
        raise _Wrong(place, "a list is wanted here")
    return value


_Item = TypeVar("_Item")


def _each(value: object, place: _Place, read: Callable[[object, _Place], _Item]) -> list[_Item]:
    return [read(each, (*place, position)) for position, each in enumerate(_list(value, place))]


def _text(value: object, place: _Place, *, empty: bool = False) -> str:
    if isinstance(value, str) and (value or empty):
        return value
    if isinstance(value, (int, float)):
        raise _Wrong(place, f"a text is wanted here; write {value} in quotes")
    raise _Wrong(place, f"{_name(place)} is missing or no text")


def _optional(value: object, place: _Place) -> str | None:
    return None if value is None else _text(value, place)


def _choice(value: object, place: _Place, choices: type[_Choice]) -> _Choice:
    try:
        return choices(str(value))
    except ValueError:
        raise _Wrong(place, f"{_name(place)} is one of {_listed(choices)}") from None


def _currency(value: object, place: _Place) -> str:
    code = _text(value, place)
    if not is_currency(code):
        raise _Wrong(place, f"no currency `{code}`")
    return code


def _ability(value: object, place: _Place) -> str:
    ability = _text(value, place)
    if ability not in _ABILITIES:
        raise _Wrong(place, f"no operation `{ability}`; known are {_listed(_ABILITIES)}")
    return ability


def _wallet(value: object, place: _Place) -> DeviceWallet:
    return _choice(value, place, DeviceWallet)


def _amount(value: object, place: _Place) -> Decimal:
    try:
        amount = Decimal(_text(value, place))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < ZERO:
        raise _Wrong(place, f'{_name(place)} is an amount in quotes, such as "2.5"')
    return amount


def _instalments(value: object, place: _Place) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _Wrong(place, "a number of instalments is a whole number from 1")
    return value


def _switch(value: object, place: _Place) -> bool:
    if isinstance(value, bool):
        return value
    raise _Wrong(place, f"{_name(place)} is true or false")


def _minutes(value: object, place: _Place) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _Wrong(place, "inquiry_minutes is a whole number, 0 for never, null for unknown")
    return value


def _name(place: _Place) -> str:
    return f"`{place[-1]}`"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _line(text: str, place: _Place) -> int:
    """Return the line, from 1, of a place or of the nearest one around it that exists."""
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    line = 1
    for step in place:
        match node:
            case yaml.MappingNode():
                pairs = [pair for pair in node.value if pair[0].value == step]
                if not pairs:
                    return line
                key, node = pairs[-1]
                line = key.start_mark.line + 1
            case yaml.SequenceNode() if isinstance(step, int):
                node = node.value[step]
                line = node.start_mark.line + 1
            case _:
                return line
    return line
